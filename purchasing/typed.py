"""What people type, made clean before it is judged: nothing invisible may get into a name, an address or a login."""

import re
import unicodedata
from decimal import Decimal

MOST_MONEY = Decimal(1_000_000_000)


def one_line(text: str) -> str:
    """Without control characters and direction marks; every run of white space is one space."""
    visible = "".join(c if unicodedata.category(c) not in ("Cc", "Cf") else " " if c.isspace() else "" for c in text)
    return " ".join(visible.split())


def money(text: str) -> Decimal | None:
    """A sum above 0 in a currency's units, its sign left out; None for what is none."""
    plain = re.sub(r"[^\d.,\-]", "", one_line(text)).replace(",", ".")
    if not re.fullmatch(r"[0-9]{1,12}(?:\.[0-9]{1,2})?", plain):
        return None
    return Decimal(plain) if 0 < Decimal(plain) <= MOST_MONEY else None
