"""Rows that tests about other things need to be there."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from purchasing.accounts import Account
from purchasing.activities import Activity
from purchasing.ledger import Effect, Intent, IntentLine
from purchasing.orders import LineData, OrderLine
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.provider import ProviderLineSeen, ProviderOrderSeen, WaybillSeen
from purchasing.words import (
    ActivityKind,
    ActivityState,
    IntentState,
    LineStatus,
    Priority,
    ProviderName,
    Role,
    Stage,
)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def person(store: Store, telegram_id: int = 7, role: Role = Role.BUYER) -> Person:
    return store.people.ensure(telegram_id, role, role.value, "ru", "Europe/Moscow")


def account(store: Store, nick: str = "shop1", provider: ProviderName = ProviderName.TAOBAO) -> Account:
    return store.accounts.ensure(provider, nick, None, NOW)


def line(
    store: Store, number: str = "A-1", key: str = "1", status: LineStatus = LineStatus.READY, **data: object
) -> OrderLine:
    order = store.orders.ensure(number, "files", NOW)
    given = {"provider": ProviderName.TAOBAO, "item_id": "600000000000000001", "price": Decimal("10.50")} | data
    return store.lines.add(order.id, LineData(key=key, **given), status)  # type: ignore[arg-type]  # any field of it


def seen(
    number: str = "4001",
    stage: Stage | None = Stage.UNPAID,
    subs: Sequence[str] = ("1",),
    waybills: Sequence[WaybillSeen] | None = None,
    **more: object,
) -> ProviderOrderSeen:
    lines = tuple(ProviderLineSeen(sub, "60001", "s1", "red", "Cup", 2, Decimal("10.505")) for sub in subs)
    told = None if waybills is None else tuple(waybills)
    given = {"raw_status": "WAIT", "total": 2101, "freight": 0, "seller": "seller", "created_at": NOW} | more
    return ProviderOrderSeen(number=number, stage=stage, lines=lines, waybills=told, **given)  # type: ignore[arg-type]  # any field of it


def activity(
    store: Store,
    account_id: int | None = None,
    kind: ActivityKind = ActivityKind.RESERVE,
    priority: Priority = Priority.RESERVE,
    at: datetime = NOW,
    **more: object,
) -> Activity:
    state = ActivityState.QUEUED
    draft = Activity(0, kind, state, "{}", priority, account_id, **more)  # type: ignore[arg-type]  # any field of it
    return store.activities.add(draft, at)


def intent(key: str, activity_id: int, account_id: int, line_ids: Sequence[int], total: int = 1000) -> Intent:
    lines = tuple(IntentLine(line_id, 1, "60001", "s1") for line_id in line_ids)
    return Intent(0, key, Effect.PLACE, activity_id, account_id, IntentState.PREPARED, "{}", total, lines=lines)
