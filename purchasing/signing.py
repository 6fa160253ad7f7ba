"""Signatures between shops and the desk, both ways, as Standard Webhooks (standardwebhooks.com) defines them:
HMAC-SHA256 over id, time and body, so that a shop can use any of that specification's libraries."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

ID, TIME, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
WINDOW = timedelta(minutes=5)
"""How far a request's time may be from ours."""
OURS = "evt_"
"""How ids of what we send begin: what we have signed is never taken for a shop's request."""

_PREFIX, _VERSION = "whsec_", "v1,"
_BYTES = 32


def new_secret() -> str:
    return _PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def sign(secret: str, key: str, at: datetime, body: bytes) -> str:
    """Raises ValueError for a secret that isn't one."""
    signed = b".".join((key.encode(), str(_seconds(at)).encode(), body))
    return _VERSION + base64.b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest()).decode()


def headers(secret: str, key: str, at: datetime, body: bytes) -> dict[str, str]:
    return {ID: key, TIME: str(_seconds(at)), SIGNATURE: sign(secret, key, at, body)}


def authentic(secret: str, given: Mapping[str, str], body: bytes, now: datetime, *, ours: bool = False) -> bool:
    """Whether the headers were made with the secret for this body, within the window; by us only when `ours`."""
    key, time = given.get(ID, ""), given.get(TIME, "")
    if not (1 <= len(key) <= 100 and key.isascii() and time.isdecimal() and len(time) <= 12):
        return False
    at = datetime.fromtimestamp(int(time), UTC)
    if abs(now - at) > WINDOW or key.startswith(OURS) is not ours:
        return False
    expected = sign(secret, key, at, body).encode()
    tries = given.get(SIGNATURE, "")[:1000].split()
    return any(hmac.compare_digest(expected, one.encode()) for one in tries)


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("a shop's secret is whsec_ and base64") from None


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
