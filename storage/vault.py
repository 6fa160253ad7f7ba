"""Seals what must not lie readable in the database. A key is never guessed or shown; a wrong one is refused."""

import base64
import binascii
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.errors import KeyRefused

_FORMAT = b"\x01"
_ID_BYTES = 4
_NONCE_BYTES = 12  # NIST SP 800-38D: 96 random bits
_HEAD = len(_FORMAT) + _ID_BYTES


class Vault:
    """AES-256-GCM. A sealed value is format, key id, nonce, ciphertext; the tag also covers table, row and column, so
    that a value moved to another row doesn't open. The first key seals, all of them open (rotation)."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        """`keys` of 32 bytes each. Raises KeyRefused when one isn't."""
        if not keys or any(len(key) != 32 for key in keys):
            raise KeyRefused(
                "The secret key must be 32 bytes in base64 (`vykup` makes one when the key file is missing)."
            )
        self._ciphers = {_key_id(key): AESGCM(key) for key in keys}
        self._current = _key_id(keys[0])

    def seal(self, content: bytes, table: str, row: object, column: str) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ciphers[self._current].encrypt(nonce, content, _place(table, row, column))
        return _FORMAT + self._current + nonce + sealed

    def open(self, sealed: bytes, table: str, row: object, column: str) -> bytes:
        """Raises KeyRefused when none of the keys sealed this value in this place."""
        cipher = self._ciphers.get(sealed[len(_FORMAT) : _HEAD])
        if cipher is None or not sealed.startswith(_FORMAT):
            raise KeyRefused(f"The secret key is not the one that sealed {table}.{column}.")
        nonce, content = sealed[_HEAD : _HEAD + _NONCE_BYTES], sealed[_HEAD + _NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, content, _place(table, row, column))
        except InvalidTag:
            raise KeyRefused(f"A sealed value in {table}.{column} was changed or moved.") from None

    def is_current(self, sealed: bytes) -> bool:
        """False when an older key sealed it."""
        return sealed[len(_FORMAT) : _HEAD] == self._current


def load_vault(secret_key: str, key_file: Path, database_has_sealed: bool) -> tuple[Vault, bool]:
    """The vault, and whether a new key file was made (tell it once).

    `secret_key` (or the file's text) is one or more keys of 32 bytes in base64, parted by spaces, the current first;
    empty means the file. A missing file is made (mode 0600) only while the database holds nothing sealed.
    Raises KeyRefused with one sentence."""
    if secret_key.strip():
        return Vault(parse_keys(secret_key)), False
    try:
        return Vault(parse_keys(key_file.read_text(encoding="ascii"))), False
    except FileNotFoundError:
        if database_has_sealed:
            raise KeyRefused(
                f"The key file {key_file} is missing while the database holds sealed data: put the key back."
            ) from None
    except (OSError, UnicodeError) as error:
        raise KeyRefused(f"The key file {key_file} can't be read ({type(error).__name__}).") from None
    key = new_key()
    write_keys(key_file, [key])
    return Vault(parse_keys(key)), True


def new_key() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def write_keys(path: Path, keys: Sequence[str]) -> None:
    """Replaces the file in one step, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write("\n".join(keys) + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def parse_keys(text: str) -> list[bytes]:
    """Keys in base64 parted by space; an empty list, which no Vault takes, when one is malformed."""
    try:
        return [base64.b64decode(part.replace("-", "+").replace("_", "/"), validate=True) for part in text.split()]
    except (binascii.Error, ValueError):
        return []


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"vykup key id" + key).digest()[:_ID_BYTES]


def _place(table: str, row: object, column: str) -> bytes:
    return f"{table}:{row}:{column}".encode()
