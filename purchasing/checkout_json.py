"""Checkouts as JSON text for the ledger, so that a later life can look for what an earlier one sent."""

from pydantic import TypeAdapter

from purchasing.provider import Checkout

_ADAPTER = TypeAdapter(Checkout)


def dump(checkout: Checkout) -> str:
    return _ADAPTER.dump_json(checkout).decode()


def load(text: str) -> Checkout:
    return _ADAPTER.validate_json(text)
