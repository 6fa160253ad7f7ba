"""The owner's settings of alerts: when news is gathered, when a question goes on to others, when a thing is stuck."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from aiogram import Router

from bot.screens import Button, Row, Screen, back_row, screen
from bot.texts import Html, Reader, add_rules, bold, lazy_text, lines
from handlers.forms import Ask
from purchasing.cards import Address
from purchasing.options import option
from purchasing.people import Person, Right, check
from purchasing.ports import Store
from purchasing.set_options import ALERTS

router = Router(name="alert_settings")

add_rules(
    {
        "minutes_0_1440": lazy_text("Whole minutes from 0 (at once) to 1440, like 15."),
        "minutes_5_1440": lazy_text("Whole minutes from 5 to 1440, like 30."),
        "days_0_90": lazy_text("Whole days from 0 (never) to 90, like 3."),
        "hours_0_168": lazy_text("Whole hours from 0 (never) to 168, like 6."),
        "yuan_or_none": lazy_text("Yuan from 0 (no approval needed) to 10,000,000, like 3000."),
    }
)

LABELS: Mapping[str, str] = {
    "digest.minutes": lazy_text("Routine news gathered for"),
    "escalate.minutes": lazy_text("A question goes on to others after"),
    "approval.above.fen": lazy_text("Payments need an approval above"),
    "stuck.closing.hours": lazy_text("Closes unpaid within"),
    "stuck.not_shipped.days": lazy_text("Paid, not shipped for"),
    "stuck.no_movement.days": lazy_text("Shipped, not signed for"),
    "stuck.confirm.days": lazy_text("Marketplaces confirm receipts after"),
    "stuck.confirm_warn.days": lazy_text("Told before a receipt confirms itself"),
    "stuck.not_scanned.days": lazy_text("Signed, not scanned for"),
    "stuck.session.hours": lazy_text("A session ends within"),
    "stuck.ready.days": lazy_text("Ready, not bought for"),
}
ALERTS_EXPLAINED: Mapping[str, str] = {
    "digest.minutes": lazy_text(
        "News of orders, parcels and stuck things is gathered for so long and told by one quiet message. Each person "
        "may choose otherwise for themselves."
    ),
    "escalate.minutes": lazy_text(
        "A question or login that nobody answers is shown to the buyers on duty after so long, and to the owners after "
        "twice as long."
    ),
    "approval.above.fen": lazy_text(
        "A provider order above this sum waits for an owner's approval: payers see it, without the way to pay it."
    ),
    "stuck.closing.hours": lazy_text("Payers are reminded so long before the marketplace closes an unpaid order."),
    "stuck.not_shipped.days": lazy_text("A paid order that no seller has shipped for so long is stuck."),
    "stuck.no_movement.days": lazy_text("A shipped order of which nothing new is seen for so long is stuck."),
    "stuck.confirm.days": lazy_text(
        "So long after the shipping a marketplace takes the goods for received by itself. It differs by marketplace "
        "and delivery: look at one of your orders."
    ),
    "stuck.confirm_warn.days": lazy_text(
        "So long before that it is told, when nothing of the order has reached the warehouse: the receipt can be put "
        "off on the marketplace."
    ),
    "stuck.not_scanned.days": lazy_text("Somebody has signed for it, and the warehouse hasn't scanned it for so long."),
    "stuck.session.hours": lazy_text("The keeper is asked for a new login so long before a session ends."),
    "stuck.ready.days": lazy_text("An order with ready lines that nobody has bought for so long is stuck."),
}


@dataclass(frozen=True)
class Alerts:
    """`numbers` by key, as stored."""

    numbers: Mapping[str, str]
    saved: bool


def load_alerts(store: Store, address: Address, viewer: Person, _now: datetime) -> Alerts:
    check(viewer, Right.MANAGE)
    return Alerts({key: option(store, key) for key in ALERTS}, "saved" in address.args)


@screen("settings_alerts", load=load_alerts)
def alerts_screen(state: Alerts, reader: Reader) -> Screen:
    labels = alert_labels(reader)
    text = lines(
        bold(reader.text("Alerts and stuck things")),
        *[Html(f"{labels[key]}: {shown_alert(key, stored, reader)}") for key, stored in state.numbers.items()],
        *(["", reader.text("✅ Saved.")] if state.saved else []),
    )
    return Screen(text, tuple(_rows(labels, reader)))


def _rows(labels: Mapping[str, Html], reader: Reader) -> Iterator[Row]:
    yield from ((Button(label, Ask.of("set_number", key)),) for key, label in labels.items())
    yield back_row(reader, Address.of("settings"))


def alert_labels(reader: Reader) -> Mapping[str, Html]:
    return {key: reader.text(LABELS[key]) for key in ALERTS}


def shown_alert(key: str, stored: str, reader: Reader) -> Html:
    number = int(stored)
    if key.endswith(".minutes"):
        return reader.text("{n} min", n=number)
    if number == 0:
        return reader.text("off")
    if key.endswith(".fen"):
        return reader.yuan(number)
    if key.endswith(".hours"):
        return reader.plural("{n} hour", "{n} hours", number)
    return reader.plural("{n} day", "{n} days", number)
