"""What storage raises beside the domain's errors. A message here never holds a secret or a row's content."""

from purchasing.errors import VykupError


class StorageUnavailable(VykupError):
    """The database can't be reached or written now (locked, disk full, server away); nothing of the unit was kept,
    but for a server lost while committing, when that can't be known."""


class KeyRefused(VykupError):
    """The secret key is missing, malformed or not the one that sealed the data; the message is one sentence."""
