"""Answers of the marketplaces in every shape: a driver says what it means for the work, and raises nothing else."""

import contextlib
import json
import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from providers.alibaba1688.driver import Alibaba1688Provider
from providers.alibaba1688.transport import Answer, Transport
from providers.taobao.bought.old import read_old
from providers.taobao.bought.v2 import read_v2
from providers.taobao.detail.taobao import read_taobao
from providers.taobao.item import quote_of, read_item
from purchasing.errors import ProviderError
from purchasing.provider import AboutToSend, Checkout, CheckoutLine, Sought, Want
from tests.fuzz.dice import bent, throws, told
from tests.handlers.gateway import KEYS, PRICE, RED, WAREHOUSE, Gateway, KeptSecrets
from tests.sandbox.taobao.conftest import CUP, SHIRT, SHIRT_NAVY_L, Visitor
from tests.sandbox.taobao.test_orders import V2, async_list, held

DETAIL = "/trade.taobao.com/trade/detail/trade_order_detail.htm?biz_order_id="


class Lying(Transport):
    """Bends what the gateway really answered, on its way to the driver."""

    dice: random.Random | None = None

    async def post(self, url: str, form: Mapping[str, str], seconds: float) -> Answer:
        answer = await super().post(url, form, seconds)
        if self.dice is None or self.dice.random() < 0.3:
            return answer
        if self.dice.random() < 0.1:
            return Answer(self.dice.choice([200, 302, 400, 404]), answer.text[: self.dice.randint(0, 40)])
        return Answer(answer.status, json.dumps(bent(json.loads(answer.text), self.dice)))


async def straight_on(_about: AboutToSend) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=8)


async def test_1688_may_answer_anything(gateway: Gateway) -> None:
    secrets = KeptSecrets()
    secrets.secret = await gateway.desk.read(lambda store: store.accounts.secret(gateway.account.id))
    driver = Alibaba1688Provider(*KEYS, secrets, gateway=gateway.url, per_second=1000)
    lying = Lying()
    driver._client._transport = lying  # noqa: SLF001 - the one place where its answers pass
    account, number = gateway.account.ref, await gateway.order((*RED, 10))
    quote = (await driver.quote(account, [Want(1, *RED, 10, PRICE)]))[0]
    line = CheckoutLine(1, RED[0], quote.sku_id, quote.choice, 10, quote.unit_price or PRICE)

    def calls(key: str) -> list[Callable[[], Awaitable[object]]]:
        checkout = Checkout(key, (line,), WAREHOUSE, quote.seller_id, expected_total=10**7)
        return [
            lambda: driver.check_session(account),
            lambda: driver.quote(account, [Want(1, *RED, 10, PRICE)]),
            lambda: driver.preview(account, checkout),
            lambda: driver.order(account, number),
            lambda: driver.waybills(account, number),
            lambda: driver.changes(account, "", [number]),
            lambda: driver.find_placed(account, Sought(checkout, datetime.now(UTC))),
            lambda: driver.place(account, checkout, straight_on),
            lambda: driver.cancel(account, number, straight_on),
        ]

    for count, dice in enumerate(throws(12)):
        lying.dice = dice
        with told(dice), contextlib.suppress(ProviderError):
            await dice.choice(calls(f"FUZZ-{count}"))()
    await lying.close()
    await driver.close()


async def test_taobao_may_answer_anything(buyer: Visitor) -> None:
    number = await buyer.order()
    item = await buyer.mtop("mtop.taobao.pcdetail.data.get", "1.0", {"id": SHIRT})
    listed = await buyer.mtop(*V2, {"tabCode": "all", "page": 1}, ttid="1@tbwang_windows_1.0.0#pc")
    readers: list[tuple[Callable[[Any], object], Any]] = [
        (read_old, await async_list(buyer)),
        (read_v2, listed),
        (read_taobao, held(await buyer.get(DETAIL + number))),
        (_quoted, item.get("data", item)),
    ]
    for read, sample in readers:
        read(sample)
    for dice in throws(8):
        read, sample = dice.choice(readers)
        with told(dice), contextlib.suppress(ProviderError):
            read(bent(sample, dice))


def _quoted(data: object) -> None:
    item = read_item(data)
    if item is not None:
        quote_of(Want(1, CUP, SHIRT_NAVY_L, 1, PRICE), item)
