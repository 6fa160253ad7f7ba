"""What is to be paid: shown with sums and the marketplace's own page; the bot looks again and never pays."""

from datetime import timedelta

from purchasing.link.start import start_link
from purchasing.ports import Store
from purchasing.sync_account import start_sync
from purchasing.words import LineStatus, Role
from tests.handlers.gateway import NICK, RED, Gateway
from tests.handlers.test_link import linked, statuses


async def sync(gateway: Gateway) -> None:
    person, now = await gateway.desk.somebody(), gateway.desk.clock()
    await gateway.desk.write(lambda s: start_sync(s, gateway.account.id, person, now))
    await gateway.rest()


def urls(gateway: Gateway) -> list[str]:
    return [button["url"] for row in gateway.desk.owner.screen.buttons for button in row if "url" in button]


async def test_unpaid_orders_with_sums_and_links(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    number = await linked(gateway, (*RED, 10))
    await owner.send("/start")
    assert "1 provider order to pay" in owner.screen.text
    await owner.press("To pay · 1")
    assert "¥31.00" in owner.screen.text
    await owner.press(NICK)
    assert number in owner.screen.text
    assert "for 1001" in owner.screen.text
    assert "made 1 minute ago" in owner.screen.text
    assert "closes" in owner.screen.text
    assert f"https://trade.1688.com/order/new_step_order_detail.htm?orderId={number}" in urls(gateway)
    assert f"https://trade.1688.com/order/cashier.htm?orderId={number}" in urls(gateway)


async def test_i_paid_reads_just_these_orders_anew(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    number = await linked(gateway, (*RED, 10))
    watermark = (await gateway.desk.read(lambda s: s.accounts.all()))[0].watermark
    await gateway.world("pay", order_id=number)
    await owner.send("/start")
    await owner.press("To pay · 1")
    await owner.press(NICK)
    await owner.press("I paid")
    await gateway.rest()
    assert await statuses(gateway) == [LineStatus.BOUGHT]
    after = (await gateway.desk.read(lambda s: s.accounts.all()))[0]
    assert after.watermark == watermark, "a later sync still sees everything else that changed"
    await owner.send("/start")
    assert "to pay" not in owner.screen.text


async def test_an_order_nobody_linked_is_marked(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await gateway.order((*RED, 10))
    await sync(gateway)
    await owner.send("/start")
    await owner.press("To pay · 1")
    await owner.press(NICK)
    assert "not linked with any order of ours" in owner.screen.text


async def test_a_long_list_is_paged_and_summed(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    for _ in range(6):
        await gateway.order((*RED, 10))
    await sync(gateway)
    await owner.send("/start")
    await owner.press("To pay · 6")
    assert "6 provider orders · ¥186.00" in owner.screen.text
    await owner.press(NICK)
    assert "5. " in owner.screen.text
    assert "6. " not in owner.screen.text
    await owner.press("Next ›")
    assert "6. " in owner.screen.text


async def test_an_order_about_to_close_is_flagged(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await linked(gateway, (*RED, 10))

    def closing(store: Store) -> str:
        return store.provider_orders.unpaid()[0].number

    await gateway.desk.read(closing)
    gateway.desk.clock.advance(timedelta(days=4, hours=20))
    await owner.send("/start")
    await owner.press("To pay · 1")
    await owner.press(NICK)
    assert "⏰" in owner.screen.text
    assert "made 4 days ago" in owner.screen.text


async def test_only_who_pays_may_say_so(gateway: Gateway) -> None:
    await linked(gateway, (*RED, 10))
    buyer = await gateway.desk.person(1002, Role.BUYER)
    await buyer.send("/start")
    await buyer.press("To pay · 1")
    await buyer.press(NICK)
    assert not any("I paid" in label for label in buyer.screen.labels)
    payer = await gateway.desk.person(1003, Role.PAYER, "ru")
    await payer.send("/start")
    await payer.press("К оплате · 1")
    await payer.press(NICK)
    assert "Оплачено: проверить" in payer.screen.labels


async def test_nothing_to_pay_says_what_comes_next(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    number = await linked(gateway, (*RED, 10))
    await owner.send("/start")
    await owner.press("To pay · 1")
    await owner.press(NICK)
    await gateway.world("close", order_id=number, reason="buyerCancel")
    await sync(gateway)
    await owner.send("/start")
    assert not any("To pay" in label for label in owner.screen.labels)


async def test_two_accounts_are_summed_apart(gateway: Gateway) -> None:
    lines = await gateway.lines((*RED, 10))
    number = await gateway.order((*RED, 10))
    person, now = await gateway.desk.somebody(), gateway.desk.clock()
    order_id, account_id = lines[0].order_id, gateway.account.id
    await gateway.desk.write(lambda s: start_link(s, person, order_id, account_id, number, now))
    await gateway.rest()
    await gateway.order((*RED, 20))
    await sync(gateway)
    await gateway.desk.owner.send("/start")
    await gateway.desk.owner.press("To pay · 2")
    assert f"1688 · {NICK} · 2 · ¥88.00" in gateway.desk.owner.screen.labels
