"""Stuck things are found from the tables, told once, listed by kind, and can be put aside."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from purchasing.activities import Activity
from purchasing.look_for_stuck import look_for_stuck
from purchasing.orders import LineData
from purchasing.ports import Store
from purchasing.provider import ProviderLineSeen, ProviderOrderSeen, WaybillSeen
from purchasing.recur import keep_schedules, look_when_due
from purchasing.stuck_things import StuckKind
from purchasing.sync_account import SyncPlan
from purchasing.words import ActivityKind, ActivityState, LineStatus, Priority, ProviderName, Role, SessionState, Stage
from tests.support.desk import Chatter, Desk

BUYER, PAYER, WORKER = 2002, 2003, 2004
NUMBER, TRACK = "4001234567", "YT1234567890123"


async def order(desk: Desk, stage: Stage, *, number: str = NUMBER, paid: bool = True, closes_in: float = 0) -> None:
    """A provider order of ours on the account `nick`, as the marketplace shows it now; `closes_in` hours."""
    now = desk.clock()

    def unit(store: Store) -> None:
        account = store.accounts.ensure(ProviderName.TAOBAO, "nick", None, now)
        ours = store.orders.ensure(f"1{number[-3:]}", "files", now)
        known = store.lines.of_order(ours.id)
        data = LineData("1", ProviderName.TAOBAO, "700", title="Cup", quantity=2, price=Decimal(5))
        line = known[0] if known else store.lines.add(ours.id, data, LineStatus.BOUGHT)
        shipped = stage in (Stage.SHIPPED, Stage.SIGNED, Stage.DONE)
        seen = ProviderOrderSeen(
            number=number,
            raw_status=stage.value.upper(),
            stage=stage,
            total=400_00,
            freight=0,
            seller="seller",
            created_at=now,
            paid_at=now if paid and stage is not Stage.UNPAID else None,
            closes_at=now + timedelta(hours=closes_in) if closes_in else None,
            lines=(ProviderLineSeen("1", "700", "", "", "Cup", 2, Decimal(5)),),
            waybills=(WaybillSeen(TRACK),) if shipped else (),
        )
        made = store.provider_orders.upsert(account.id, ProviderName.TAOBAO, seen, "placed", now)
        store.bindings.bind(line.id, made.lines[0].id, 2, now)

    await desk.write(unit)


async def look(desk: Desk) -> None:
    await desk.write(lambda store: look_for_stuck(store, desk.clock()))
    await desk.settle()


async def kinds(desk: Desk) -> set[StuckKind]:
    await look(desk)
    return {thing.kind for thing in await desk.read(lambda store: store.stuck.all())}


async def texts(person: Chatter) -> list[str]:
    return [message.text for message in await person.messages() if message.from_bot]


@pytest.mark.parametrize(
    ("stage", "days", "kind"),
    [
        (Stage.PAID, 3, StuckKind.NOT_SHIPPED),
        (Stage.SHIPPED, 5, StuckKind.NO_MOVEMENT),
        (Stage.SHIPPED, 7, StuckKind.AUTO_CONFIRM),
        (Stage.SIGNED, 2, StuckKind.NOT_SCANNED),
        (Stage.DONE, 2, StuckKind.NOT_SCANNED),
    ],
)
async def test_an_order_is_stuck_after_its_days(desk: Desk, stage: Stage, days: int, kind: StuckKind) -> None:
    await order(desk, stage)
    desk.clock.advance(timedelta(days=days) - timedelta(minutes=5))
    assert kind not in await kinds(desk)
    desk.clock.advance(timedelta(minutes=10))
    assert kind in await kinds(desk)


@pytest.mark.parametrize("stage", [Stage.CLOSED_REFUNDED, Stage.CLOSED_UNPAID])
async def test_closed_after_the_payment_is_told_at_once(desk: Desk, stage: Stage) -> None:
    await order(desk, stage)
    assert await kinds(desk) == {StuckKind.CLOSED_PAID}


async def test_what_never_was_paid_may_close(desk: Desk) -> None:
    await order(desk, Stage.CLOSED_UNPAID, paid=False)
    assert await kinds(desk) == set()


async def test_a_kind_is_switched_off_by_zero(desk: Desk) -> None:
    await order(desk, Stage.PAID)
    desk.clock.advance(timedelta(days=4))
    await desk.owner.send("/settings")
    await desk.owner.press("Alerts and stuck things")
    assert "Paid, not shipped for: 3 days" in desk.owner.screen.text
    await desk.owner.press("Paid, not shipped for")
    await desk.owner.send("soon")
    assert "Whole days from 0 (never) to 90" in desk.owner.screen.text
    await desk.owner.send("0")
    assert "Paid, not shipped for: off" in desk.owner.screen.text
    assert await kinds(desk) == set()


async def test_the_card_helps_is_told_once_and_can_be_put_off(desk: Desk) -> None:
    buyer = await desk.person(BUYER, Role.BUYER)
    await buyer.send("/start")
    await order(desk, Stage.PAID)
    desk.clock.advance(timedelta(days=4))
    await look(desk)
    await look(desk)
    await buyer.look()
    assert "paid, not shipped" in buyer.screen.text
    assert "Order 1567" in buyer.screen.text
    assert sum("paid, not shipped" in text for text in await texts(buyer)) == 1
    await buyer.press("Remind tomorrow")
    assert "Put aside by Person 2002" in buyer.screen.text
    await buyer.send("/start")
    assert not any("Stuck" in label for label in buyer.screen.labels)
    desk.clock.advance(timedelta(days=1, hours=10))  # tomorrow is from nine in the morning on
    await look(desk)
    await buyer.look()
    assert "Remind tomorrow" in buyer.screen.labels, "reminded, by a new message"
    await buyer.press("Ignore")
    desk.clock.advance(timedelta(days=30))
    before = len(await texts(buyer))
    await look(desk)
    assert len(await texts(buyer)) == before
    await order(desk, Stage.SHIPPED)
    desk.clock.advance(timedelta(days=6))
    await look(desk)
    await buyer.look()
    assert "shipped, no movement" in buyer.screen.text


async def test_two_people_put_a_thing_aside_once(desk: Desk) -> None:
    first, second = await desk.person(BUYER, Role.BUYER), await desk.person(2005, Role.BUYER)
    for person in (first, second):
        await person.send("/start")
    await order(desk, Stage.PAID)
    desk.clock.advance(timedelta(days=4))
    await look(desk)
    await first.look()
    stale = await second.messages()
    await first.press("Ignore")
    await second.press_stale(stale[-1].id, "stk:ignore:1")
    assert "Person 2002" in second.answer
    await second.look()
    assert "Put aside by Person 2002" in second.screen.text
    await second.press("Bring back")
    await second.press("Back")
    assert "paid, not shipped: 1" in second.screen.text


async def test_the_list_filters_by_kind_and_pages(desk: Desk) -> None:
    for number in range(9):
        await order(desk, Stage.PAID, number=f"40012345{number:02d}")
    await order(desk, Stage.CLOSED_REFUNDED, number="4009999999")
    desk.clock.advance(timedelta(days=4))
    await desk.owner.send("/start")
    await look(desk)
    await desk.owner.send("/start")
    assert "10 things are stuck" in desk.owner.screen.text
    await desk.owner.press("Stuck · 10")
    await desk.owner.press("Next ›")
    assert "2/2" in desk.owner.screen.labels
    await desk.owner.press("💸 1")
    assert sum(label.startswith("💸 1999") for label in desk.owner.screen.labels) == 1
    await desk.owner.press("💸 1999")
    assert "closed after the payment" in desk.owner.screen.text
    await desk.owner.press("Order")
    assert "Order 1999" in desk.owner.screen.text


async def test_many_of_a_kind_are_one_message(desk: Desk) -> None:
    await desk.owner.send("/start")
    before = len(await texts(desk.owner))
    for number in range(5):
        await order(desk, Stage.PAID, number=f"40012345{number:02d}")
    desk.clock.advance(timedelta(days=4))
    await look(desk)
    assert len(await texts(desk.owner)) == before + 1


async def test_a_payment_about_to_close_breaks_quiet_hours(desk: Desk) -> None:
    payer = await desk.person(PAYER, Role.PAYER)
    start = (desk.clock() - timedelta(hours=1)).hour
    await payer.send("/me")
    await payer.press("What I am told of")
    await payer.press("Quiet hours")
    await payer.send(f"{start}-{(start + 12) % 24}")
    await order(desk, Stage.UNPAID, closes_in=7)
    await look(desk)
    before = len(await texts(payer))
    desk.clock.advance(timedelta(hours=2))
    await look(desk)
    await look(desk)
    await payer.look()
    assert len(await texts(payer)) == before + 1
    assert "Closes soon without a payment" in payer.screen.text
    assert NUMBER in payer.screen.text
    assert "I paid: look again" in payer.screen.labels


async def test_sessions_questions_failures_and_ready_lines(desk: Desk) -> None:
    now = desk.clock()

    def world(store: Store) -> None:
        account = store.accounts.ensure(ProviderName.TAOBAO, "nick", None, now)
        store.accounts.set_secret(account.id, b"x", now + timedelta(hours=100))
        account = replace(account, session=SessionState.ACTIVE, session_expires_at=now + timedelta(hours=100))
        store.accounts.save(account)
        ours = store.orders.ensure("1001", "files", now)
        line = store.lines.add(ours.id, LineData("1", ProviderName.TAOBAO, "700"), LineStatus.READY)
        owner = store.people.all()[0]
        draft = Activity(
            0,
            ActivityKind.SYNC,
            ActivityState.WAITING,
            SyncPlan().model_dump_json(),
            Priority.PERSON,
            account_id=account.id,
            provider=ProviderName.TAOBAO,
            started_by=owner.id,
        )
        asking = store.activities.add(draft, now)
        store.questions.ask(asking.id, "sold_out", ("skip", "stop"), {}, [line.id], now)
        failed = store.activities.add(replace(draft, state=ActivityState.FAILED), now)
        store.activities.save(replace(failed, failure="page_changed", ended_at=now))

    await desk.write(world)
    assert await kinds(desk) == {StuckKind.FAILED}
    desk.clock.advance(timedelta(minutes=31))
    assert await kinds(desk) == {StuckKind.FAILED, StuckKind.QUESTION}
    desk.clock.advance(timedelta(days=3, hours=6))
    assert await kinds(desk) == {StuckKind.SESSION, StuckKind.QUESTION, StuckKind.READY}
    ways = (("❓", "Answer", "❓ 1 item"), ("🔑", "Session", "nick"), ("🛒", "Order", "Order 1001"))
    for sign, label, expected in ways:
        await desk.owner.send("/start")
        await desk.owner.press("Stuck · 3")
        await desk.owner.press(f"{sign} ")
        await desk.owner.press(label)
        assert expected in desk.owner.screen.text


async def test_everybody_sees_what_is_theirs(desk: Desk) -> None:
    await order(desk, Stage.PAID)
    await order(desk, Stage.SIGNED, number="4002222222")
    desk.clock.advance(timedelta(days=4))
    await look(desk)
    seen = {}
    for user_id, role in ((BUYER, Role.BUYER), (PAYER, Role.PAYER), (WORKER, Role.WAREHOUSE), (2005, Role.VIEWER)):
        person = await desk.person(user_id, role)
        await person.send("/start")
        seen[role] = [label for label in person.screen.labels if label.startswith("Stuck")]
    assert seen == {Role.BUYER: ["Stuck · 2"], Role.PAYER: [], Role.WAREHOUSE: ["Stuck · 1"], Role.VIEWER: []}
    viewer = await desk.person(2005, Role.VIEWER)
    await viewer.send("/start")
    await viewer.press_stale(viewer.screen.id, "stk:ignore:1")
    assert "role doesn't allow" in viewer.answer


async def test_a_slot_is_looked_at_once(desk: Desk) -> None:
    await desk.owner.send("/start")
    await order(desk, Stage.CLOSED_REFUNDED)

    def rounds(now: datetime) -> Callable[[Store], None]:
        def unit(store: Store) -> None:
            keep_schedules(store, now)
            look_when_due(store, now)
            look_when_due(store, now)

        return unit

    desk.clock.advance(timedelta(minutes=6))
    await desk.write(rounds(desk.clock()))
    desk.clock.advance(timedelta(minutes=1))
    await order(desk, Stage.CLOSED_REFUNDED, number="4008888888")
    await desk.write(rounds(desk.clock()))
    assert len(await desk.read(lambda store: store.stuck.all())) == 1, "its time hasn't come"
    desk.clock.advance(timedelta(minutes=5))
    await desk.write(rounds(desk.clock()))
    assert len(await desk.read(lambda store: store.stuck.all())) == 2
