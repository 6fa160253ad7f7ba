"""Inviting somebody: a role, then a link that works once and for a day. The link is shown to owners only."""

from dataclasses import dataclass
from datetime import datetime

from aiogram import Bot, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery

from bot.screens import Button, Copy, Screen, back_row, screen
from bot.texts import Html, Reader, bold, code, lines
from bot.turn import Turn
from handlers.deep_links import BOT_NAME
from handlers.staff import MAY, ROLES, role_name
from purchasing.cards import Address
from purchasing.errors import Stale
from purchasing.invitations import Invitation
from purchasing.people import Person, Right, check
from purchasing.ports import Store
from purchasing.staff import invite, withdraw_invitation
from purchasing.words import Role

router = Router(name="invitations")


class Invite(CallbackData, prefix="invite"):
    role: Role


class Withdraw(CallbackData, prefix="uninvite"):
    invitation_id: int


def load_nothing(_store: Store, _address: Address, viewer: Person, _now: datetime) -> None:
    check(viewer, Right.MANAGE)


@screen("invite", load=load_nothing)
def invite_screen(_state: None, reader: Reader) -> Screen:
    text = lines(
        bold(reader.text("Whom do you invite?")),
        *[Html(f"{bold(reader.text(ROLES[role]))}: {reader.text(MAY[role])}") for role in Role],
    )
    rows = [(Button(role_name(role, reader), Invite(role=role)),) for role in Role]
    return Screen(text, (*rows, back_row(reader, Address.of("staff"))))


@dataclass(frozen=True)
class Shown:
    """`link` "" once it doesn't work any more; `joined` is who used it."""

    invitation: Invitation
    link: str
    joined: str


def load_invitation(store: Store, address: Address, viewer: Person, now: datetime) -> Shown:
    check(viewer, Right.MANAGE)
    found = store.invitations.get(int(address.args[0]))
    if found is None:
        raise Stale("invitation_gone")
    token = store.invitations.token(found.id) if found.holds(now) else None
    person = store.people.get(found.used_by) if found.used_by else None
    link = f"https://t.me/{store.settings.get(BOT_NAME)}?start={token}" if token else ""
    return Shown(found, link, person.name if person else "")


@screen("invitation", load=load_invitation)
def invitation_screen(state: Shown, reader: Reader) -> Screen:
    found, back = state.invitation, back_row(reader, Address.of("staff"))
    title = bold(reader.text("Invitation: {role}", role=role_name(found.role, reader)))
    if state.joined:
        return Screen(lines(title, reader.text("✅ {name} has joined by it.", name=state.joined)), (back,))
    if not state.link:
        return Screen(lines(title, reader.text("It doesn't work any more.")), (back,))
    text = lines(
        title,
        reader.text(
            "Send this link to one person. It works once, until {when}; whoever opens it first gets the role.",
            when=reader.when(found.expires_at),
        ),
        code(state.link),
    )
    withdraw = Button(reader.text("Withdraw"), Withdraw(invitation_id=found.id), "danger")
    return Screen(text, ((Button(reader.text("Copy the link"), Copy(state.link)),), (withdraw,), back))


@router.callback_query(Invite.filter())
async def make(_query: CallbackQuery, callback_data: Invite, turn: Turn, bot: Bot) -> None:
    me = await bot.me()

    def change(store: Store) -> None:
        made = invite(store, turn.person, callback_data.role, turn.clock())
        if store.settings.get(BOT_NAME) != me.username:
            store.settings.put(BOT_NAME, me.username or "", None, turn.clock())
        turn.show(store, Address.of("invitation", made.id))

    await turn.act(change)


@router.callback_query(Withdraw.filter())
async def withdraw(_query: CallbackQuery, callback_data: Withdraw, turn: Turn) -> None:
    def change(store: Store) -> None:
        withdraw_invitation(store, turn.person, callback_data.invitation_id, turn.clock())
        turn.show(store, Address.of("staff"))

    await turn.act(change)
