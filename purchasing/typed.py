"""What people type, made clean before it is judged: nothing invisible may get into a name, an address or a login."""

import unicodedata


def one_line(text: str) -> str:
    """Without control characters and direction marks; every run of white space is one space."""
    visible = "".join(c if unicodedata.category(c) not in ("Cc", "Cf") else " " if c.isspace() else "" for c in text)
    return " ".join(visible.split())
