"""What the owners are told of troubles that last: once, with what still works, and once more when they are over."""

from dataclasses import dataclass
from datetime import datetime

from aiogram import Router

from bot.screens import Button, Screen, home_row, notice, screen
from bot.texts import Html, Reader, bold, lines
from handlers import names
from purchasing.cards import Address
from purchasing.people import Person, Right, check
from purchasing.ports import Store
from purchasing.troubles import BACKUP, DATABASE, TELEGRAM, moment
from purchasing.words import ProviderName

router = Router(name="troubles")


@dataclass(frozen=True)
class Trouble:
    """`until` None while it lasts."""

    what: str
    since: datetime
    until: datetime | None = None


def load_away(_store: Store, address: Address, _viewer: Person, _now: datetime) -> Trouble:
    what, since = address.args
    return Trouble(what, moment(since))


def load_over(_store: Store, address: Address, _viewer: Person, _now: datetime) -> Trouble:
    what, since, until = address.args
    return Trouble(what, moment(since), moment(until))


@screen("away", load=load_away)
def away_screen(trouble: Trouble, reader: Reader) -> Screen:
    return notice(reader, away_text(trouble, reader))


def away_text(trouble: Trouble, reader: Reader) -> Html:
    since = reader.when(trouble.since)
    if trouble.what == BACKUP:
        return reader.text(
            "⚠️ The nightly backup could not be made (since {since}). Everything else works. Look at the free space of "
            "the disk; the reason is in the log, and it is tried again every minute.",
            since=since,
        )
    if trouble.what == DATABASE:
        return reader.text(
            "⚠️ The database can't be written since {since}. Nothing is ordered, changed or answered until it can; "
            "what is sent here waits at Telegram for up to a day and is worked off then. Orders that were just being "
            "sent are looked for first. Look at the free space of the disk, or at the database's server.",
            since=since,
        )
    return reader.text(
        "⚠️ {provider} has not answered since {since}. Nothing is lost: what waits for it goes on by itself or can be "
        "started again. Orders, search, imports and the other marketplace work as always.",
        provider=names.provider(ProviderName(trouble.what)),
        since=since,
    )


@screen("over", load=load_over)
def over_screen(trouble: Trouble, reader: Reader) -> Screen:
    return notice(reader, over_text(trouble, reader))


def over_text(trouble: Trouble, reader: Reader) -> Html:
    since, until = reader.when(trouble.since), reader.when(trouble.until)
    if trouble.what == BACKUP:
        return reader.text("✅ The nightly backup is made again. It had failed since {since}.", since=since)
    if trouble.what == DATABASE:
        return reader.text(
            "✅ The database can be written again. It could not be from {since} to {until}.", since=since, until=until
        )
    if trouble.what == TELEGRAM:
        return reader.text(
            "✅ Telegram could not be reached from {since} to {until}. Syncs and reservations went on meanwhile; what "
            "waited was sent now, and what you sent is being worked off.",
            since=since,
            until=until,
        )
    return reader.text(
        "✅ {provider} answers again. It did not from {since} to {until}.",
        provider=names.provider(ProviderName(trouble.what)),
        since=since,
        until=until,
    )


def load_restored(_store: Store, address: Address, viewer: Person, _now: datetime) -> datetime:
    check(viewer, Right.MANAGE)
    return moment(address.args[0])


@screen("restored", load=load_restored)
def restored_screen(made_at: datetime, reader: Reader) -> Screen:
    text = lines(
        bold(reader.text("⚠️ The database was set back to a backup")),
        reader.text(
            "It is as of {when}. What was ordered on the marketplaces after that isn't known here, and its lines look "
            "as if they were still to buy. Therefore buying is stopped.",
            when=reader.when(made_at),
        ),
        "",
        reader.text(
            "1. Every account is being synced now; log in where a session is lost. 2. Link the orders that turn up "
            "as not linked. 3. Import the order files since then again. 4. Then resume buying in the settings."
        ),
    )
    ways = (
        Button(reader.text("Sessions"), Address.of("sessions")),
        Button(reader.text("Settings"), Address.of("settings")),
    )
    return Screen(text, (ways, home_row(reader)))
