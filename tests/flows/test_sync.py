"""A sync over the real gateway: lines follow their provider orders, changes are told once, troubles are told apart."""

from typing import Any

from purchasing.activities import Activity
from purchasing.orders import OrderLine
from purchasing.ports import Store
from purchasing.provider_orders import LineChange
from purchasing.sync_account import start_sync
from purchasing.words import ActivityKind, ActivityState, LineStatus, SessionState
from tests.flows.conftest import NICK, Desk
from tests.flows.test_reserve import PLAIN, PRICE, reserved


async def placed(desk: Desk) -> tuple[list[OrderLine], str]:
    await desk.log_in()
    lines = await desk.lines((*PLAIN, 10, PRICE))
    await reserved(desk, lines)
    return lines, (await desk.truth())["orders"][0]["id"]


async def sync(desk: Desk) -> Activity:
    accounts = await desk.db.read(lambda store: store.accounts.all())
    await desk.db.write(lambda store: start_sync(store, accounts[0].id, desk.buyer, desk.clock()))
    await desk.work()
    return await desk.activity(ActivityKind.SYNC)


async def told(desk: Desk, order_id: int, activity_id: int) -> list[LineChange]:
    return await desk.db.read(lambda store: store.events.of_order(order_id, activity_id))


async def news_cards(desk: Desk) -> list[str]:
    def unit(store: Store) -> list[str]:
        waiting = store.cards.next(desk.clock(), [], 1000)
        return [str(row.card.address) for row in waiting if row.card.address.screen == "order_news"]

    return await desk.db.read(unit)


async def test_a_second_sync_tells_nothing_new(desk: Desk) -> None:
    lines, number = await placed(desk)
    await desk.world("pay", order_id=number)
    first = await sync(desk)
    assert [change.kind for change in await told(desk, lines[0].order_id, first.id)] == ["status"]
    again = await sync(desk)
    assert await told(desk, lines[0].order_id, again.id) == []
    assert again.state is ActivityState.DONE


async def test_one_message_per_order_with_all_that_changed(desk: Desk) -> None:
    lines, number = await placed(desk)
    await desk.world("pay", order_id=number)
    await desk.world("ship", order_id=number, parcels=[{"waybill": "YT1111111111111"}])
    activity = await sync(desk)
    kinds = {change.kind for change in await told(desk, lines[0].order_id, activity.id)}
    assert kinds == {"status", "waybill"}
    assert await news_cards(desk) == [f"order_news:{lines[0].order_id}:{activity.id}"]


async def test_a_changed_track_number_is_told_and_the_old_one_still_found(desk: Desk) -> None:
    _, number = await placed(desk)
    await desk.world("pay", order_id=number)
    await desk.world("ship", order_id=number, parcels=[{"waybill": "YT1111111111111"}])
    await sync(desk)
    await desk.world("change_waybill", order_id=number, old="YT1111111111111", new="YT2222222222222")
    await sync(desk)
    old, new = ("YT1111111111111", "YT2222222222222")
    found = await desk.db.read(lambda s: [s.provider_orders.by_waybill(old), s.provider_orders.by_waybill(new)])
    assert [[order.number for order in orders] for orders in found] == [[number], [number]]


async def test_an_order_that_was_closed_unpaid_gives_its_lines_back(desk: Desk) -> None:
    lines, number = await placed(desk)
    await desk.world("close", order_id=number)
    await sync(desk)
    assert await desk.statuses(lines) == [LineStatus.READY]
    assert await desk.db.read(lambda store: store.bindings.of_lines([lines[0].id])) == []


async def test_an_unknown_status_is_kept_as_it_is_and_moves_nothing(desk: Desk) -> None:
    lines, number = await placed(desk)
    await desk.world("set_raw_status", order_id=number, raw_status="waitmoonphase")
    activity = await sync(desk)
    assert activity.state is ActivityState.DONE
    assert await desk.statuses(lines) == [LineStatus.RESERVED]
    changes = await told(desk, lines[0].order_id, activity.id)
    assert [(c.kind, dict(c.params)["raw"]) for c in changes] == [("raw_status", "waitmoonphase")]


async def test_a_lost_session_stops_its_account_and_asks_its_keeper_once(desk: Desk) -> None:
    await placed(desk)
    await desk.world("expire_session", account=NICK)
    activity = await sync(desk)
    assert (activity.state, activity.failure) == (ActivityState.WAITING, "session_expired")

    def asked(store: Store) -> tuple[SessionState, int]:
        account = store.accounts.all()[0]
        waiting: list[Any] = store.cards.next(desk.clock(), [], 1000)
        return account.session, sum(row.card.address.screen == "session" for row in waiting)

    assert await desk.db.read(asked) == (SessionState.EXPIRED, 1)
    await desk.log_in()
    assert (await desk.activity(ActivityKind.SYNC)).state is ActivityState.DONE, "it goes on by itself"


async def test_a_marketplace_that_is_away_is_tried_again_and_then_given_up(desk: Desk) -> None:
    await placed(desk)
    await desk.control(at="alibaba.trade.getBuyerOrderList", fault="http_500", times=200)
    activity = await sync(desk)
    assert (activity.state, activity.failure) == (ActivityState.FAILED, "provider_away")
    account = (await desk.db.read(lambda store: store.accounts.all()))[0]
    assert account.session is SessionState.ACTIVE, "an outage is no lost session"
    assert account.last_sync_error
