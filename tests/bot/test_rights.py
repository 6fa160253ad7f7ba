"""Rights hold in the use cases: whoever lacks one changes nothing, whatever data they press and whatever they type."""

import enum
import importlib
import inspect
import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from aiogram.filters.callback_data import CallbackData
from sqlalchemy import select

import handlers
from bot.screens import Go, load
from bot.texts import Reader
from handlers.forms import Ask
from purchasing.activities import Activity
from purchasing.cards import Address
from purchasing.log_in import LoginPlan
from purchasing.orders import LineData
from purchasing.ports import Store
from purchasing.previews import PreviewLine
from purchasing.provider import ProviderLineSeen, ProviderOrderSeen, WaybillSeen
from purchasing.reserve.plan import ReservePlan
from purchasing.sync_account import SyncPlan
from purchasing.words import ActivityKind, ActivityState, LineStatus, Priority, ProviderName, Role, SessionState, Stage
from sandbox.telegram.operator import Operator
from storage.tables import metadata
from tests.support.desk import Chatter, Desk

OWN = {"card", "outbox", "inbox", "note", "selection", "slot", "schedule", "vault_check"}
"""Tables of chats, of screens and of time; everybody may change what their own messages show."""
MAY: dict[Role, tuple[str, ...]] = {
    Role.VIEWER: ("lang", "export"),
    Role.PAYER: ("lang", "export", "paid"),
    Role.WAREHOUSE: (
        "lang",
        "export",
        "recv",
        "rcv",
        "bad",
        "badsend",
        "pcs",
        "pcl",
        "pack",
        "pput",
        "pmov",
        "rmphoto",
        "fsync",
    ),
}
"""Prefixes of what a role may press: its own language, a table taken away, what was paid, the warehouse's own work."""


def pressable() -> Iterator[type[CallbackData]]:
    found = CallbackData.__subclasses__()
    return (kind for kind in found if kind.__module__.startswith(("handlers.", "bot.")) and kind not in (Go, Ask))


def values(kind: type[CallbackData], name: str, annotation: Any) -> list[Any]:
    """Values that a field may take, those with an effect among them: ids of what is there, words of the module."""
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return list(annotation)
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    if annotation is bool:
        return [True, False]
    if annotation is int:
        return [1, 0] if name in {"on", "stop"} else [1]
    told = re.findall(r"\b[a-z_]{3,}\b", (kind.__doc__ or "").partition("`what`:")[2])
    return sorted({*told, *_words(kind.__module__)}) if annotation is str else [None, 1]


@cache
def _words(module: str) -> list[str]:
    """What a handler of this module compares its words with."""
    source = inspect.getsource(importlib.import_module(module))
    near = re.findall(r"(?:==|in_?\(|case|what=)[^\n]*", source)
    return sorted(
        {word for part in near for word in re.findall(r'"([a-z_]+)"', part)} | {"1", "sync", "remove", "news"}
    )


def forged() -> list[str]:
    """Callback data of every button that acts, on things that are there."""
    packed: list[str] = []
    for kind in pressable():
        fields = [(name, values(kind, name, field.annotation)) for name, field in kind.model_fields.items()]
        names = [name for name, _ in fields]
        chosen = itertools.islice(itertools.product(*(v for _, v in fields)), 24)
        packed += [kind(**dict(zip(names, one, strict=True))).pack() for one in chosen]
    return packed


def forms() -> set[str]:
    """Every form that takes a typed text."""
    sources = (path.read_text() for path in Path(handlers.__file__).parent.glob("*.py"))
    return {name for source in sources for name in re.findall(r'AwaitsText\("(\w+)"\)', source)}


def world(store: Store, desk: Desk) -> None:
    """One of everything that a press may be about, all with the id 1."""
    now = desk.clock()
    order = store.orders.ensure("A-1", "files", now)
    for number, status in enumerate((LineStatus.READY, LineStatus.BOUGHT, LineStatus.BY_HAND), start=1):
        data = LineData(str(number), ProviderName.TAOBAO, "700", price=Decimal(5), quantity=2)
        store.lines.add(order.id, data, status)
    for provider in ProviderName:
        account = store.accounts.ensure(provider, f"nick-{provider}", None, now)
        store.accounts.set_secret(account.id, b"secret", None)
    first = store.accounts.get(1)
    assert first
    store.accounts.save(replace(first, session=SessionState.ACTIVE))
    plans = {
        ActivityKind.RESERVE: ReservePlan(preview_id=1, line_ids=[1]),
        ActivityKind.LOGIN: LoginPlan(provider=ProviderName.TAOBAO),
        ActivityKind.SYNC: SyncPlan(),
    }
    for kind, plan in plans.items():
        draft = Activity(0, kind, ActivityState.WAITING, plan.model_dump_json(), Priority.PERSON, account_id=1)
        store.activities.add(draft, now)
    store.questions.ask(1, "sold_out", ["cancel", "buy", "send_again"], {}, [1], now)
    store.previews.add(1, [PreviewLine(1, 1)], now)
    seen = ProviderOrderSeen(
        number="4001",
        raw_status="WAIT",
        stage=Stage.UNPAID,
        total=1000,
        freight=0,
        seller="seller",
        created_at=now,
        lines=(ProviderLineSeen("1", "700", "", "", "Cup", 2, Decimal(5)),),
        waybills=(WaybillSeen("YT1234567890123"),),
    )
    made = store.provider_orders.upsert(1, ProviderName.TAOBAO, seen, "placed", now)
    store.bindings.bind(2, made.lines[0].id, 2, now)


def rows(desk: Desk) -> dict[str, list[Any]]:
    """All of the database but what is everybody's own."""
    with desk.app.db.reader.connect() as connection:
        return {
            name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for name, table in metadata.tables.items()
            if name not in OWN
        }


async def press_all(desk: Desk, person: Chatter, data: list[str]) -> set[str]:
    """Presses all of it on one message; the tables that it changed."""
    before = rows(desk)
    for number, one in enumerate(data, start=1):
        await Operator.press_stale(person, person.screen.id, one)
        if number % 20 == 0:
            await desk.settle()
    await desk.settle()
    now = rows(desk)
    return {name for name in now if now[name] != before[name]}


def role_of(person: Role, data: list[str]) -> list[str]:
    return [one for one in data if re.split(r"[:|]", one)[0] not in MAY[person]]


async def test_no_forged_press_changes_anything(desk: Desk) -> None:
    await desk.write(lambda store: world(store, desk))
    data = forged()
    assert len({re.split(r"[:|]", one)[0] for one in data}) > 30
    for number, role in enumerate((Role.VIEWER, Role.PAYER, Role.WAREHOUSE), start=2002):
        person = await desk.person(number, role)
        await person.send("/start")
        assert await press_all(desk, person, role_of(role, data)) == set(), role
    await desk.owner.send("/start")
    settings = {"buying", "switch", "acc", "invite", "ses"}
    harmless = [one for one in data if re.split(r"[:|]", one)[0] in settings]
    changed = await press_all(desk, desk.owner, harmless)
    assert changed >= {"setting", "audit", "invitation", "account"}, "who may, does change them"


async def test_no_forged_form_changes_anything(desk: Desk) -> None:
    await desk.write(lambda store: world(store, desk))
    before = rows(desk)
    arguments = {"set_number": ":limit.day.fen", "set_field": ":taobao:name"}
    person = await desk.person(2002, Role.VIEWER)
    await person.send("/start")
    for name in sorted(forms()):
        await Operator.press_stale(person, person.screen.id, Ask(form=name + arguments.get(name, ":1")).pack())
        await Operator.send(person, "1")
        await desk.settle()
    now = rows(desk)
    looked_up = {"activity", "activity_step", "blob", "person"}
    assert {name for name in now if now[name] != before[name]} <= looked_up, "only what was typed is looked up"
    kinds = await desk.read(lambda store: [a.kind for a in store.activities.page("past", 0, 99)[0]])
    assert not kinds


@pytest.mark.parametrize("role", [Role.VIEWER, Role.PAYER, Role.WAREHOUSE, Role.BUYER])
@pytest.mark.parametrize("screen", ["settings", "staff", "audit", "person:1", "invite", "restored:20260101T0000"])
async def test_what_is_the_owners_is_shown_to_nobody_else(desk: Desk, role: Role, screen: str) -> None:
    await desk.person(2002, role)
    person = await desk.somebody(2002)
    loaded = await desk.read(lambda store: load(store, Address.parse(screen), person, desk.clock()))
    assert "Your role doesn't allow this" in loaded.rendered(Reader("en", "UTC", desk.clock())).text
