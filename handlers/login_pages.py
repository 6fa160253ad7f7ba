"""Buttons of a login's card that lead to the bot's own pages: the code for another screen, and the marketplace's page
under a person's hands. Each link opens once, within minutes."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery

from bot.screens import Button, Row, Url
from bot.texts import Reader, add_rules, lazy_text
from bot.turn import Turn
from purchasing.activities import Activity
from purchasing.cards import Address
from purchasing.log_in import LoginPlan
from purchasing.open_pages import WaitingLink, make_link, pages_address, waiting_links
from purchasing.page_links import PageKind
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.words import ProviderName

router = Router(name="login_pages")

add_rules(
    {
        "no_web": lazy_text(
            "The bot has no web address: WEB_LISTEN and WEB_URL aren't set in its settings file, or it wasn't started "
            "anew since."
        )
    }
)

Links = Mapping[PageKind, WaitingLink]

OPENS: Mapping[PageKind, str] = {
    PageKind.QR: lazy_text("Open the code's page, until {time}"),
    PageKind.LIVE: lazy_text("Open its page, until {time}"),
}


class MakeLink(CallbackData, prefix="page"):
    kind: PageKind
    activity_id: int


def load_links(store: Store, activity: Activity, viewer: Person, now: datetime) -> Links | None:
    """None where there are no pages: without an address of our own, for another marketplace, after the end."""
    if activity.over or activity.provider is not ProviderName.TAOBAO or not pages_address(store):
        return None
    return waiting_links(store, viewer, activity.id, now)


def link_rows(links: Links, activity: Activity, plan: LoginPlan, reader: Reader) -> Iterator[Row]:
    if plan.stage == "qr":
        yield _row(links, PageKind.QR, activity, reader, reader.text("🖥 The code on another screen"))
        yield _row(links, PageKind.LIVE, activity, reader, reader.text("🔑 With a password, on its own page"))
    elif plan.stage != "starting":
        yield _row(links, PageKind.LIVE, activity, reader, reader.text("🖥 Link to its page"))


def _row(links: Links, kind: PageKind, activity: Activity, reader: Reader, label: str) -> Row:
    make = MakeLink(kind=kind, activity_id=activity.id)
    link = links.get(kind)
    if link is None:
        return (Button(label, make),)
    opens = reader.text(OPENS[kind], time=reader.when(link.expires_at))
    return Button(opens, Url(link.url), "primary"), Button(reader.text("New link"), make)


@router.callback_query(MakeLink.filter())
async def make(_query: CallbackQuery, callback_data: MakeLink, turn: Turn) -> None:
    def change(store: Store) -> None:
        make_link(store, turn.person, callback_data.activity_id, callback_data.kind, turn.clock())
        turn.show(store, Address.of("login", callback_data.activity_id))

    await turn.act(change, turn.reader.text("The link works once, within five minutes. Give it to nobody else."))
