"""What both shapes of an order's page need: parcels without a number, and what a closed order's text hides."""

import re
from datetime import datetime

from providers.taobao.statuses import CLOSED_TEXT, stage_of
from purchasing.provider import WaybillSeen
from purchasing.words import Stage

NO_WAYBILL = frozenset({"", "-", "—", "--", "暂无单号", "无需物流", "虚拟发货"})


def waybill(number: str, company: str, subs: tuple[str, ...] = ()) -> WaybillSeen | None:
    """None for the placeholders that the site shows while there is no number."""
    number = re.sub(r"\s", "", number).upper()
    return None if number in NO_WAYBILL else WaybillSeen(number, carrier_name=company, sub_numbers=subs)


def order_stage(raw: str, paid: datetime | None) -> Stage | None:
    """A closed order's text is the same before and after payment: the time of payment decides."""
    if raw == CLOSED_TEXT:
        return Stage.CLOSED_REFUNDED if paid else Stage.CLOSED_UNPAID
    return stage_of(raw)
