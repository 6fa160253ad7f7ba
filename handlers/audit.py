"""Who did what: every change, newest first, searched by text and by person. For owners only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message

from bot.screens import Button, Row, Screen, back_row, pages, screen
from bot.texts import Html, Reader, bold, code, esc, lazy_text, lines
from bot.turn import AwaitsText, Turn
from handlers.exports import Export
from handlers.forms import Ask
from purchasing.cards import Address
from purchasing.people import Person, Right, check
from purchasing.ports import AuditEntry, Store

router = Router(name="audit")

PAGE = 10
SEARCH = "audit.search"
LONGEST_SEARCH = 60
ACTIONS: Mapping[str, str] = {
    "answer": lazy_text("answered"),
    "approval.no": lazy_text("refused a payment"),
    "approval.yes": lazy_text("approved a payment"),
    "assign": lazy_text("assigned an order"),
    "back_to_ready": lazy_text("made a line ready again"),
    "consent_agreed": lazy_text("customer agreed"),
    "consent_asked": lazy_text("asked for consent to a new price"),
    "consent_owes": lazy_text("customer agreed and owes"),
    "consent_refused": lazy_text("customer refused"),
    "consent_withdrawn": lazy_text("took a question to a customer back"),
    "export": lazy_text("took a table"),
    "import": lazy_text("imported"),
    "invite": lazy_text("invited"),
    "join": lazy_text("joined"),
    "line_cancelled": lazy_text("cancelled a line"),
    "line_customer_price": lazy_text("changed a line's customer price"),
    "line_price": lazy_text("changed a line's price"),
    "line_shipping": lazy_text("changed a line's delivery"),
    "line_comment": lazy_text("changed a line's comment"),
    "line_note": lazy_text("wrote or removed a note to a line"),
    "line_product": lazy_text("put another product into a line"),
    "line_purchase_price": lazy_text("changed a line's purchase price"),
    "line_purchase_shipping": lazy_text("changed a line's purchase delivery"),
    "line_quantity": lazy_text("split or joined a line's pieces"),
    "line_ready": lazy_text("made a line ready"),
    "line_seller_note": lazy_text("changed a note to the seller"),
    "line_sku": lazy_text("chose another configuration"),
    "line_waybill": lazy_text("changed a track number"),
    "line_weight": lazy_text("changed a line's weight"),
    "link": lazy_text("linked"),
    "page.live": lazy_text("asked for a link to a marketplace's page"),
    "page.live.opened": lazy_text("opened a marketplace's page"),
    "price_accepted": lazy_text("kept a dearer purchase"),
    "paid": lazy_text("said it is paid"),
    "person.role": lazy_text("changed a role"),
    "person.removed": lazy_text("removed a person"),
    "rate": lazy_text("changed a rate"),
    "refund": lazy_text("took a refund on"),
    "refund_opened": lazy_text("opened a refund"),
    "refund_owed": lazy_text("changed a refund's sum"),
    "refund_pieces": lazy_text("changed a refund's pieces"),
    "restored": lazy_text("database set back"),
    "setting": lazy_text("changed a setting"),
    "stop": lazy_text("stopped an activity"),
    "unbind": lazy_text("unbound"),
}
"""Those met often; the rest are shown by their codes."""


class ForgetSearch(CallbackData, prefix="auditall"):
    """Shows everything again."""


@dataclass(frozen=True)
class Audit:
    """`person` None: everybody."""

    entries: list[AuditEntry]
    names: dict[int, str]
    total: int
    page: int
    person: Person | None
    search: str


def load_audit(store: Store, address: Address, viewer: Person, _now: datetime) -> Audit:
    check(viewer, Right.MANAGE)
    which, number, page = (*address.args, "0", "0", "0")[:3]
    person = store.people.get(int(number)) if which == "person" else None
    search = store.notes.get(viewer.id, SEARCH) or ""
    only = person.id if person else None
    entries, total = store.audit.page(search, int(page) * PAGE, PAGE, only)
    names = {i: found.name for i in {e.person_id for e in entries if e.person_id} if (found := store.people.get(i))}
    return Audit(entries, names, total, int(page), person, search)


@screen("audit", load=load_audit)
def audit_screen(state: Audit, reader: Reader) -> Screen:
    whose = reader.text("What {name} did", name=state.person.name) if state.person else reader.text("Who did what")
    text = lines(
        bold(whose),
        reader.text("Found by “{search}”: {n}", search=state.search, n=state.total) if state.search else None,
        None if state.entries else reader.text("Nothing here yet."),
        *(_entry(state, entry, reader) for entry in state.entries),
    )
    at = ("person", state.person.id) if state.person else ("all", 0)
    rows: list[Row] = list(pages(reader, lambda page: Address.of("audit", *at, page), state.page, state.total, PAGE))
    find = Button(reader.text("🔎 Search"), Ask.of("audit_search", *at))
    rows.append((find, Button(reader.text("Show all"), ForgetSearch())) if state.search else (find,))
    rows.append((Button(reader.text("The whole log as a file"), Export(what="audit")),))
    return Screen(text, (*rows, back_row(reader, Address.of("staff"))))


def _entry(state: Audit, entry: AuditEntry, reader: Reader) -> Html:
    who = state.names.get(entry.person_id or 0) or reader.text("the bot")
    action = reader.text(ACTIONS[entry.action]) if entry.action in ACTIONS else esc(entry.action)
    changed = " → ".join(esc(part[:60]) for part in (entry.before, entry.after) if part)
    parts = (reader.when(entry.at), bold(who), action, code(entry.subject) if entry.subject else "", changed)
    return Html(" · ".join(part for part in parts if part))


def load_search(_store: Store, address: Address, viewer: Person, _now: datetime) -> Address:
    check(viewer, Right.MANAGE)
    return Address.of("audit", *address.args)


@screen("audit_search", load=load_search)
def search_screen(back: Address, reader: Reader) -> Screen:
    text = reader.text("Type what to look for: an action, an order's or account's number, an old or a new value.")
    return Screen(text, (back_row(reader, back),))


@router.message(F.text, AwaitsText("audit_search"))
async def search(message: Message, turn: Turn) -> None:
    args = turn.form.args if turn.form else ()

    def change(store: Store) -> None:
        check(turn.person, Right.MANAGE)
        store.notes.put(turn.person.id, SEARCH, (message.text or "").strip()[:LONGEST_SEARCH])
        turn.end_form(store)
        turn.show(store, Address.of("audit", *args))

    await turn.act(change)


@router.callback_query(ForgetSearch.filter())
async def forget(_query: CallbackQuery, turn: Turn) -> None:
    def change(store: Store) -> None:
        store.notes.remove(turn.person.id, SEARCH)
        turn.show(store, Address.of("audit"))

    await turn.act(change)
