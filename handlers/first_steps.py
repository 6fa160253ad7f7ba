"""What a new desk still needs before its first order can be bought; shown on the start screen, and only until then."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.texts import Html, Reader
from handlers import names
from purchasing.options import enabled, recipient_or_none
from purchasing.people import Person, Right, has
from purchasing.ports import Store
from purchasing.words import ProviderName


@dataclass(frozen=True)
class FirstSteps:
    """Marketplaces without a complete recipient, and whether there is an account to buy with."""

    incomplete: tuple[ProviderName, ...]
    account: bool


def first_steps(store: Store, viewer: Person) -> FirstSteps | None:
    """None once there are orders, and for who doesn't buy."""
    if not has(viewer, Right.BUY) or store.orders.page("", "", 0, 1)[1]:
        return None
    incomplete = (p for p in ProviderName if enabled(store, p) and recipient_or_none(store, p) is None)
    return FirstSteps(tuple(incomplete), any(account.usable for account in store.accounts.all()))


def steps_text(steps: FirstSteps, reader: Reader) -> Iterator[Html]:
    yield Html("")
    yield reader.text("How to begin:")
    where = ", ".join(names.provider(provider) for provider in steps.incomplete)
    if where:
        yield reader.text("▫️ Settings: the recipient, your warehouse in China ({where})", where=where)
    else:
        yield reader.text("✅ Settings: the recipient, your warehouse in China")
    if steps.account:
        yield reader.text("✅ Sessions: an account to buy with")
    else:
        yield reader.text("▫️ Sessions: add an account to buy with")
    yield reader.text("▫️ Send an order file here: XLSX, CSV or JSON")
