"""The staff, for owners: who there is, a person's role, accounts, language and zone, and removing somebody."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message

from bot.screens import Button, Row, Screen, Style, back_row, pages, screen
from bot.texts import Html, Reader, add_rules, bold, lazy_text, lines
from bot.turn import AwaitsText, Turn
from handlers import names
from handlers.forms import Ask, asking_screen, mistake, submit
from handlers.language import NAMES as LANGUAGES
from handlers.told_of import told_text
from purchasing.accounts import Account
from purchasing.cards import Address
from purchasing.errors import BadInput
from purchasing.invitations import Invitation
from purchasing.options import option
from purchasing.people import Person, Right, check, may_use
from purchasing.ports import Store
from purchasing.staff import (
    own_or_managed,
    person_of,
    remove_person,
    set_accounts,
    set_language,
    set_role,
    set_zone,
)
from purchasing.words import Role, SessionState

router = Router(name="staff")

PAGE = 8
ZONES = ("Europe/Moscow", "Asia/Yekaterinburg", "Asia/Novosibirsk", "Asia/Vladivostok", "Asia/Almaty", "Asia/Shanghai")
ROLES = {
    Role.OWNER: lazy_text("owner"),
    Role.BUYER: lazy_text("buyer"),
    Role.PAYER: lazy_text("payer"),
    Role.WAREHOUSE: lazy_text("warehouse"),
    Role.VIEWER: lazy_text("viewer"),
}
MAY = {
    Role.OWNER: lazy_text("everything, settings and staff included"),
    Role.BUYER: lazy_text("buy, link, unbind, sync, log in, receive parcels"),
    Role.PAYER: lazy_text("see everything and tell what was paid"),
    Role.WAREHOUSE: lazy_text("see everything, receive and pack parcels"),
    Role.VIEWER: lazy_text("see everything, change nothing"),
}
add_rules(
    {
        "last_owner": lazy_text("{value} is the only owner. Make somebody else an owner first; nothing was changed."),
        "zone_name": lazy_text("A time zone is written like Europe/Moscow or Asia/Shanghai."),
    }
)


class SetRole(CallbackData, prefix="role"):
    person_id: int
    role: Role


class SetLanguage(CallbackData, prefix="plang"):
    person_id: int
    language: str


class SetZone(CallbackData, prefix="pzone", sep="|"):
    person_id: int
    zone: str


class UseAccount(CallbackData, prefix="pacc"):
    """`account_id` -1: all of them, 0: only chosen ones, else this one is switched."""

    person_id: int
    account_id: int


class Remove(CallbackData, prefix="premove"):
    person_id: int


@dataclass(frozen=True)
class Staff:
    people: list[Person]
    invitations: list[Invitation]
    page: int


def load_staff(store: Store, address: Address, viewer: Person, now: datetime) -> Staff:
    check(viewer, Right.MANAGE)
    return Staff(store.people.all(), store.invitations.open(now), int(address.args[0]) if address.args else 0)


@screen("staff", load=load_staff)
def staff_screen(state: Staff, reader: Reader) -> Screen:
    text = lines(
        bold(reader.text("Staff")),
        reader.text("Everybody else gets no answer from the bot. People join by an invitation."),
        reader.plural("{n} invitation is open", "{n} invitations are open", len(state.invitations))
        if state.invitations
        else None,
    )
    shown = state.people[state.page * PAGE : (state.page + 1) * PAGE]
    rows: list[Row] = [(Button(_label(person, reader), Address.of("person", person.id)),) for person in shown]
    rows += pages(reader, lambda page: Address.of("staff", page), state.page, len(state.people), PAGE)
    rows += [
        (Button(f"✉️ {role_name(one.role, reader)}", Address.of("invitation", one.id)),) for one in state.invitations[:5]
    ]
    rows.append((Button(reader.text("➕ Invite"), Address.of("invite"), "success"),))
    rows.append((Button(reader.text("Who did what"), Address.of("audit")),))
    return Screen(text, (*rows, back_row(reader, Address.of("settings"))))


def _label(person: Person, reader: Reader) -> str:
    blocked = " ⛔" if person.blocked_at else ""
    return f"{person.name} · {role_name(person.role, reader)}{blocked}"


def role_name(role: Role, reader: Reader) -> Html:
    return reader.text(ROLES[role])


@dataclass(frozen=True)
class PersonCard:
    """`accounts`: all that have or had a session."""

    person: Person
    viewer: Person
    accounts: list[Account]
    part: str
    wrong: BadInput | None
    default_digest: int
    """Minutes."""


def load_person(store: Store, address: Address, viewer: Person, _now: datetime) -> PersonCard:
    return _card(store, address, viewer, person_of(store, viewer, int(address.args[0])))


def load_own(store: Store, address: Address, viewer: Person, _now: datetime) -> PersonCard:
    """What everybody sets for themselves, and owners for others."""
    return _card(store, address, viewer, own_or_managed(store, viewer, int(address.args[0])))


def _card(store: Store, address: Address, viewer: Person, person: Person) -> PersonCard:
    accounts = [account for account in store.accounts.all() if account.session is not SessionState.OFF]
    part = address.args[1] if len(address.args) > 1 else ""
    minutes = int(option(store, "digest.minutes"))
    return PersonCard(person, viewer, accounts, part, mistake(store, viewer, address), minutes)


def settings_of(person: Person, viewer: Person) -> Address:
    """One's own settings, or somebody's card."""
    return Address.of("me") if person.id == viewer.id else Address.of("person", person.id)


@screen("person", load=load_person)
def person_screen(state: PersonCard, reader: Reader) -> Screen:
    if state.part == "remove":
        return _sure(state.person, reader)
    person = state.person
    text = lines(
        bold(person.name),
        reader.text("Role: {role} ({may})", role=role_name(person.role, reader), may=reader.text(MAY[person.role])),
        reader.text("Language: {language}", language=LANGUAGES.get(person.language, person.language)),
        reader.text("Time zone: {zone}", zone=person.zone),
        reader.text("Accounts: {accounts}", accounts=_accounts(state, reader)),
        *told_text(person, state.default_digest, reader),
        reader.text("⛔ Has blocked the bot, and learns nothing.") if person.blocked_at else None,
    )
    return Screen(text, tuple(_person_rows(state, reader)))


def _accounts(state: PersonCard, reader: Reader) -> Html | str:
    if state.person.accounts is None:
        return reader.text("all")
    nicks = [account.nick for account in state.accounts if may_use(state.person, account.id)]
    return ", ".join(nicks) or reader.text("none")


def _person_rows(state: PersonCard, reader: Reader) -> Iterator[Row]:
    person_id = state.person.id
    yield (
        Button(reader.text("Role"), Address.of("person_role", person_id)),
        Button(reader.text("Accounts"), Address.of("person_accounts", person_id)),
    )
    yield (
        Button(reader.text("Language"), Address.of("person_language", person_id)),
        Button(reader.text("Time zone"), Ask.of("person_zone", person_id)),
    )
    yield (Button(reader.text("What they are told of"), Address.of("told_of", person_id)),)
    yield (Button(reader.text("What they did"), Address.of("audit", "person", person_id, 0)),)
    if person_id != state.viewer.id:
        yield (Button(reader.text("Remove from the staff"), Address.of("person", person_id, "remove"), "danger"),)
    yield back_row(reader, Address.of("staff"))


def _sure(person: Person, reader: Reader) -> Screen:
    text = lines(
        bold(reader.text("Remove {name} from the staff?", name=person.name)),
        reader.text(
            "From now on the bot doesn't answer them. What they did and what they started stays. An owner named in "
            "OWNER_IDS is back at the next start."
        ),
    )
    yes = Button(reader.text("Yes, remove"), Remove(person_id=person.id), "danger")
    return Screen(text, ((yes, Button(reader.text("No"), Address.of("person", person.id))),))


@screen("person_role", load=load_person)
def role_screen(state: PersonCard, reader: Reader) -> Screen:
    person = state.person
    text = lines(
        bold(reader.text("Role of {name}", name=person.name)),
        *[Html(f"{bold(reader.text(ROLES[role]))}: {reader.text(MAY[role])}") for role in Role],
    )
    rows = [
        (Button(role_name(role, reader), SetRole(person_id=person.id, role=role), _chosen(role is person.role)),)
        for role in Role
    ]
    return Screen(text, (*rows, back_row(reader, Address.of("person", person.id))))


@screen("person_language", load=load_own)
def person_language_screen(state: PersonCard, reader: Reader) -> Screen:
    person = state.person
    text = bold(reader.text("Language of {name}", name=person.name))
    buttons = tuple(
        Button(name, SetLanguage(person_id=person.id, language=language), _chosen(language == person.language))
        for language, name in LANGUAGES.items()
    )
    return Screen(text, (buttons, back_row(reader, settings_of(person, state.viewer))))


@screen("person_zone", load=load_own)
def zone_screen(state: PersonCard, reader: Reader) -> Screen:
    person = state.person
    text = lines(
        bold(reader.text("Time zone of {name}", name=person.name)),
        reader.text("Press one, or type another one's name."),
    )
    rows = [(Button(zone, SetZone(person_id=person.id, zone=zone), _chosen(zone == person.zone)),) for zone in ZONES]
    back = back_row(reader, settings_of(person, state.viewer))
    return asking_screen(text, state.wrong, reader, *rows, back)


@screen("person_accounts", load=load_person)
def accounts_screen(state: PersonCard, reader: Reader) -> Screen:
    person = state.person
    text = lines(
        bold(reader.text("Accounts that {name} may use", name=person.name)),
        reader.text("Only with these may they reserve, sync, link and log in."),
    )
    everything = person.accounts is None
    rows: list[Row] = [
        (
            Button(reader.text("All"), UseAccount(person_id=person.id, account_id=-1), _chosen(everything)),
            Button(reader.text("Only chosen"), UseAccount(person_id=person.id, account_id=0), _chosen(not everything)),
        )
    ]
    if not everything:
        rows += [(_account_button(person, account),) for account in state.accounts[:20]]
    return Screen(text, (*rows, back_row(reader, Address.of("person", person.id))))


def _account_button(person: Person, account: Account) -> Button:
    sign = "✅" if may_use(person, account.id) else "▫️"
    label = f"{sign} {account.nick} · {names.provider(account.provider)}"
    return Button(label, UseAccount(person_id=person.id, account_id=account.id))


def _chosen(chosen: bool) -> Style | None:
    return "primary" if chosen else None


@router.callback_query(SetRole.filter())
async def choose_role(_query: CallbackQuery, callback_data: SetRole, turn: Turn) -> None:
    def change(store: Store) -> None:
        set_role(store, turn.person, callback_data.person_id, callback_data.role, turn.clock())
        turn.show(store, Address.of("person", callback_data.person_id))

    await turn.act(change)


def after(turn: Turn, person_id: int) -> Address:
    """Where a setting of this person leads back to."""
    return Address.of("me") if person_id == turn.person.id else Address.of("person", person_id)


@router.callback_query(SetLanguage.filter())
async def choose_language(_query: CallbackQuery, callback_data: SetLanguage, turn: Turn) -> None:
    def change(store: Store) -> None:
        set_language(store, turn.person, callback_data.person_id, callback_data.language, turn.clock())
        turn.show(store, after(turn, callback_data.person_id))

    await turn.act(change)


@router.callback_query(SetZone.filter())
async def choose_zone(_query: CallbackQuery, callback_data: SetZone, turn: Turn) -> None:
    def change(store: Store) -> None:
        set_zone(store, turn.person, callback_data.person_id, callback_data.zone, turn.clock())
        turn.end_form(store)
        turn.show(store, after(turn, callback_data.person_id))

    await turn.act(change)


@router.message(F.text, AwaitsText("person_zone"))
async def take_zone(message: Message, turn: Turn) -> None:
    person_id = int(turn.form.args[0]) if turn.form else 0

    def change(store: Store) -> None:
        def save() -> Address:
            set_zone(store, turn.person, person_id, message.text or "", turn.clock())
            return after(turn, person_id)

        submit(store, turn, save)

    await turn.act(change)


@router.callback_query(UseAccount.filter())
async def choose_account(_query: CallbackQuery, callback_data: UseAccount, turn: Turn) -> None:
    def change(store: Store) -> None:
        person_id, account_id = callback_data.person_id, callback_data.account_id
        now = set(person_of(store, turn.person, person_id).accounts or ())
        wanted = None if account_id < 0 else now ^ {account_id}
        set_accounts(store, turn.person, person_id, wanted, turn.clock())
        turn.show(store, Address.of("person_accounts", person_id))

    await turn.act(change)


@router.callback_query(Remove.filter())
async def remove(_query: CallbackQuery, callback_data: Remove, turn: Turn) -> None:
    def change(store: Store) -> None:
        turn.confirmed(store, Address.of("person", callback_data.person_id, "remove"))
        remove_person(store, turn.person, callback_data.person_id, turn.clock())
        turn.show(store, Address.of("staff"))

    await turn.act(change, turn.reader.text("Removed. The bot doesn't answer them any more."))
