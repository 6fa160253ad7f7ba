"""An account's limit of unpaid orders: set by a person it is kept, learnt from a refusal it warns; the account that is
used least is proposed."""

from dataclasses import asdict, replace
from decimal import Decimal

import pytest

from purchasing.accounts import Account
from purchasing.options import set_defaults
from purchasing.orders import LineData
from purchasing.ports import Store
from purchasing.provider import ProviderOrderSeen
from purchasing.sessions import session_restored
from purchasing.words import LineStatus, ProviderName, Stage
from tests.handlers.gateway import NICK, RED, WAREHOUSE, Gateway

COOKWARE = ("730000000005", "5700000000051")
"""Of another seller."""
SECOND = "vykup1688_02"


@pytest.fixture(autouse=True)
async def _warehouse(gateway: Gateway) -> None:
    values = {f"alibaba1688.recipient.{name}": value for name, value in asdict(WAREHOUSE).items()}
    await gateway.desk.write(lambda store: set_defaults(store, values, gateway.desk.clock()))


async def two_sellers(gateway: Gateway) -> None:
    """Ready lines that become two orders."""
    await gateway.lines((*RED, 10))
    name = ProviderName.ALIBABA1688
    data = LineData("2", name, *COOKWARE, title="cookware", quantity=2, price=Decimal("32.50"))

    def unit(store: Store) -> None:
        order = store.orders.by_number("1001")
        assert order is not None
        store.lines.add(order.id, data, LineStatus.READY)

    await gateway.desk.write(unit)


async def previewed(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await owner.send("/buy")
    await owner.press("☑ All")
    await owner.press("Preview")
    await gateway.rest()


async def second_account(gateway: Gateway, unpaid: int) -> Account:
    keeper, now, name = await gateway.desk.somebody(), gateway.desk.clock(), ProviderName.ALIBABA1688

    def unit(store: Store) -> Account:
        secret = store.accounts.secret(gateway.account.id)
        assert secret is not None
        made = session_restored(store, name, SECOND, secret, None, keeper.id, now)
        for number in range(unpaid):
            seen = ProviderOrderSeen(f"99{number}", "waitbuyerpay", Stage.UNPAID, 1000, 0, "seller", now, ())
            store.provider_orders.upsert(made.id, name, seen, "seen", now)
        return made

    return await gateway.desk.write(unit)


async def limited(gateway: Gateway, limit: int) -> None:
    owner = gateway.desk.owner
    await owner.send("/sessions")
    await owner.press(NICK)
    await owner.press("Change the limit")
    await owner.send(str(limit))


async def test_the_least_used_account_is_proposed_and_one_press_goes_on_with_it(gateway: Gateway) -> None:
    await gateway.lines((*RED, 10))
    await second_account(gateway, unpaid=3)
    owner = gateway.desk.owner
    await limited(gateway, 20)
    await previewed(gateway)
    choices = [label for label in owner.screen.labels if "1688 ·" in label]
    assert choices == [f"🔘 1688 · {NICK} · 0 of 20 unpaid · least used", f"⚪ 1688 · {SECOND} · 3 unpaid orders"]
    await owner.press("Preview")
    await gateway.rest()
    assert f"{NICK}: 0 of 20 unpaid, and 1 more" in owner.screen.text
    await owner.press("Reserve")
    await gateway.rest()
    assert await gateway.on_provider() == ["unpaid"]


async def test_another_account_can_be_chosen(gateway: Gateway) -> None:
    await gateway.lines((*RED, 10))
    second = await second_account(gateway, unpaid=3)
    await previewed(gateway)
    await gateway.desk.owner.press(SECOND)
    await gateway.rest()
    assert f"1688, {SECOND}" in gateway.desk.owner.screen.text
    assert second.id != gateway.account.id


async def test_orders_beyond_the_limit_are_no_part_of_the_good_one(gateway: Gateway) -> None:
    await two_sellers(gateway)
    await limited(gateway, 1)
    await previewed(gateway)
    owner = gateway.desk.owner
    assert "0 of 1 unpaid, and 1 more" in owner.screen.text
    assert "over the limit of unpaid orders that is set for this account (0/1)" in owner.screen.text
    await owner.press("Reserve 1 line")
    await gateway.rest()
    assert await gateway.on_provider() == ["unpaid"]
    counts = await gateway.desk.read(lambda store: store.lines.counts())
    assert (counts[LineStatus.RESERVED], counts[LineStatus.READY]) == (1, 1)
    assert await gateway.desk.read(lambda store: store.questions.open()) == []


async def test_a_limit_set_meanwhile_holds_before_every_order(gateway: Gateway) -> None:
    await two_sellers(gateway)
    await previewed(gateway)
    owner = gateway.desk.owner
    account = await gateway.desk.read(lambda store: store.accounts.get(gateway.account.id))
    assert account is not None
    await gateway.desk.write(lambda store: store.accounts.save(replace(account, order_limit=1)))
    await owner.press("Reserve 2 lines")
    assert "has just changed" in owner.answer
    assert "⚠️" in owner.screen.text
    await owner.press("Reserve 2 lines")
    await gateway.rest()
    assert await gateway.on_provider() == ["unpaid"]
    counts = await gateway.desk.read(lambda store: store.lines.counts())
    assert (counts[LineStatus.RESERVED], counts[LineStatus.READY]) == (1, 1)
    await owner.press("Details")
    assert "stopped: over the limit of unpaid orders" in owner.screen.text


async def test_a_refusal_of_the_marketplace_is_learnt_from_and_forgotten_when_it_takes_more(gateway: Gateway) -> None:
    await two_sellers(gateway)
    await gateway.world("reach_limit", account=NICK, orders_left=1)
    await previewed(gateway)
    owner = gateway.desk.owner
    await owner.press("Reserve 2 lines")
    await gateway.rest()
    assert await gateway.on_provider() == ["unpaid"]

    await owner.send("/sessions")
    assert "1 of 1 unpaid" in owner.screen.text
    await owner.press(NICK)
    assert "it had 1 unpaid and 1 placed in 24 hours" in owner.screen.text

    await gateway.world("reach_limit", account=NICK, orders_left=None)
    await previewed(gateway)
    assert "⚠️" in owner.screen.text
    assert "1 of 1 unpaid, and 1 more" in owner.screen.text
    await owner.press("Reserve 1 line")
    await gateway.rest()
    assert await gateway.on_provider() == ["unpaid", "unpaid"]
    await owner.send("/sessions")
    assert "2 unpaid orders" in owner.screen.text


async def test_a_missing_session_blocks_only_its_half(gateway: Gateway) -> None:
    """One activity for each marketplace; what can't be ordered stays ticked for the next time."""
    await gateway.lines((*RED, 10))
    cup = LineData("2", ProviderName.TAOBAO, "640000000003", title="cup", price=Decimal("59.00"))

    def unit(store: Store) -> None:
        order = store.orders.by_number("1001")
        assert order is not None
        store.lines.add(order.id, cup, LineStatus.READY)

    await gateway.desk.write(unit)
    await previewed(gateway)
    owner = gateway.desk.owner
    assert "1 line can't be bought as it stands" in owner.screen.text
    assert "Add a session" in owner.screen.labels
    await owner.press("Reserve 1 line")
    await gateway.rest()
    assert await gateway.on_provider() == ["unpaid"]
    await owner.send("/buy")
    assert "1 line is ticked" in owner.screen.text
    assert any("cup" in label and label.startswith("☑") for label in owner.screen.labels)
