"""Goods on their way to the warehouse: customers' lines, bought, shipped and with track numbers, for a desk's tests."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from purchasing.orders import LineData, Order, ParcelDetails
from purchasing.ports import Store
from purchasing.provider import ProviderLineSeen, ProviderOrderSeen, WaybillSeen
from purchasing.words import LineStatus, ProviderName, Stage

CARRIER = "圆通速递"


def ship(
    store: Store,
    waybills: Sequence[str],
    now: datetime,
    *,
    order: str = "1001",
    customer: str = "Клиент 101",
    quantities: Sequence[int] = (3,),
    number: str = "",
    status: LineStatus = LineStatus.SHIPPED,
    stage: Stage = Stage.SHIPPED,
    refund: str = "",
    titles: Sequence[str] = ("Футболка 棉 T恤", "Брюки", "Кружка"),
) -> list[int]:
    """The lines of a customer's order, bought as one provider order in these parcels; their ids."""
    made = store.orders.ensure(order, "files", now)
    parcel = ParcelDetails(recipient="Получатель", phone="+7 900 000-00-00", address="Улица, 1", delivery_mode="авиа")
    store.orders.save(Order(made.id, order, customer, "RUB", created_at=now, parcel=parcel))
    account = store.accounts.ensure(ProviderName.TAOBAO, "nick", None, now)
    number = number or f"5113222887354{order:0>6}"
    keys = [f"{number}-{n}" for n in range(len(quantities))]
    goods = [
        ProviderLineSeen(key, f"64000000000{n}", "s", "red", "T恤", quantity, Decimal("39.9"), refund_status=refund)
        for n, (key, quantity) in enumerate(zip(keys, quantities, strict=True))
    ]
    shown = tuple(WaybillSeen(w, "YTO", CARRIER) for w in waybills)
    seen = ProviderOrderSeen(number, "SHIPPED", stage, 9980, 0, "店", now, tuple(goods), shown)
    bought = store.provider_orders.upsert(account.id, ProviderName.TAOBAO, seen, "placed", now)
    ids = []
    for n, (key, quantity) in enumerate(zip(keys, quantities, strict=True)):
        data = LineData(key, ProviderName.TAOBAO, f"64000000000{n}", "red", title=titles[n], quantity=quantity)
        line = store.lines.add(made.id, data, status)
        store.bindings.bind(line.id, bought.lines[n].id, quantity, now)
        ids.append(line.id)
    return ids
