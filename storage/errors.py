"""What storage raises beside the domain's errors. A message here never holds a secret or a row's content."""

from purchasing.errors import VykupError


class KeyRefused(VykupError):
    """The secret key is missing, malformed or not the one that sealed the data; the message is one sentence."""
