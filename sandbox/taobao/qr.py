"""QR logins and further checks that wait for a person's phone, and the pictures. Grants nothing by itself:
cookies appear only when the browser visits the address a confirmed login names."""

import io
import secrets
import time
from dataclasses import dataclass, field
from typing import Literal

import zxingcpp
from PIL import Image

Status = Literal["NEW", "SCANED", "CONFIRMED", "EXPIRED", "CANCELED"]
Check = Literal["sms", "identity"]


@dataclass(slots=True)
class QrLogin:
    """One QR code. `t` and `ck` are what the page polls with, `content` is what the picture says."""

    t: str
    ck: str
    content: str
    return_url: str
    born: float
    status: Status = "NEW"
    account: str = ""
    told: bool = False


@dataclass(slots=True)
class Ticket:
    """A proven login on its way to its cookies; `check` is what must still be passed."""

    account: str
    return_url: str
    check: Check | Literal[""] = ""
    code: str = ""
    passed: bool = False


@dataclass(slots=True)
class Logins:
    codes: dict[str, QrLogin] = field(default_factory=dict)
    tickets: dict[str, Ticket] = field(default_factory=dict)

    def make(self, content: str, return_url: str) -> QrLogin:
        """A new code; `{t}` in its content stands for its token."""
        t = secrets.token_hex(16)
        login = QrLogin(t, secrets.token_hex(8), content.replace("{t}", t), return_url, time.monotonic())
        self.codes[t] = login
        return login

    def age(self, seconds: float) -> None:
        """Unconfirmed codes older than `seconds` expire."""
        limit = time.monotonic() - seconds
        for login in self.codes.values():
            if login.status in {"NEW", "SCANED"} and login.born <= limit:
                login.status = "EXPIRED"

    def find(self, content: str) -> QrLogin | None:
        """By what the picture says, or the token alone."""
        return next((one for one in self.codes.values() if content in {one.content, one.t}), None)

    def newest(self, status: Status) -> QrLogin | None:
        return next((one for one in reversed(self.codes.values()) if one.status == status), None)

    def ticket(self, account: str, return_url: str, check: Check | Literal[""] = "") -> str:
        """The one-time word of a proven login."""
        word = secrets.token_urlsafe(18)
        code = f"{secrets.randbelow(10**6):06d}" if check == "sms" else ""
        self.tickets[word] = Ticket(account, return_url, check, code)
        return word

    def pending(self, account: str) -> list[tuple[str, Ticket]]:
        """Checks that wait for this account's phone."""
        waiting = self.tickets.items()
        return [(word, one) for word, one in waiting if one.account == account and one.check and not one.passed]


def qr_png(content: str) -> bytes:
    """A scannable picture."""
    code = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image = code.to_image(scale=6)
    height, width = image.shape
    pixels = memoryview(image)  # type: ignore[arg-type] # the stub leaves the buffer protocol out
    out = io.BytesIO()
    Image.frombytes("L", (width, height), pixels.tobytes()).save(out, "PNG")
    return out.getvalue()
