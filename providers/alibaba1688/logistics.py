"""The parcels of an order. "Nothing shipped yet" comes as an error of 1688 and is none."""

import re
from dataclasses import dataclass

from pydantic import Field

from providers.alibaba1688 import apis
from providers.alibaba1688.client import Client
from providers.alibaba1688.refusals import looks_temporary, meaning
from providers.alibaba1688.wire import Wire
from purchasing.errors import PageChanged, Refused, Transient
from purchasing.provider import WaybillSeen
from purchasing.refusals import Refusal

NOT_SHIPPED = "500_2"
_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{4,}")
_BETWEEN = re.compile(r"[\s,;/，；、]+")


@dataclass(frozen=True)
class Parcels:
    """`signed`: every parcel is said to be signed for."""

    waybills: tuple[WaybillSeen, ...] = ()
    signed: bool = False


class _Parcel(Wire):
    logistics_bill_no: str = ""
    logistics_company_no: str = ""
    logistics_company_name: str = ""
    order_entry_ids: str = ""
    status: str = ""


class _Answer(Wire):
    result: list[_Parcel] = Field(default_factory=list)
    error_code: str = ""
    error_message: str = ""


async def parcels(client: Client, account_id: int, number: str) -> Parcels:
    """Raises Refused(ORDER_NOT_FOUND) beside what every reading raises."""
    params = {"orderId": number, "webSite": "1688"}
    answer = await client.read(account_id, apis.LOGISTICS, params, _Answer)
    code, message = answer.error_code, answer.error_message
    if code == NOT_SHIPPED:
        return Parcels()
    if meaning(code, message) is Refusal.ORDER_NOT_FOUND:
        raise Refused(Refusal.ORDER_NOT_FOUND, detail=number)
    if looks_temporary(code, message):
        raise Transient(f"1688 could not read parcels: {code} {message}")
    if code:
        raise PageChanged(f"{apis.LOGISTICS.name} refuses: {code} {message}", code)
    signed = bool(answer.result) and all(one.status == "SIGN" for one in answer.result)
    return Parcels(_waybills(answer.result), signed)


def _waybills(parcels: list[_Parcel]) -> tuple[WaybillSeen, ...]:
    """One a number; a number named for several lines apart is one shipment of all of them."""
    found: dict[str, WaybillSeen] = {}
    for parcel in parcels:
        subs = tuple(one for one in _BETWEEN.split(parcel.order_entry_ids) if one)
        for number in track_numbers(parcel.logistics_bill_no):
            before = found[number].sub_numbers if number in found else subs
            together = tuple(dict.fromkeys((*before, *subs))) if before and subs else ()
            found[number] = WaybillSeen(number, parcel.logistics_company_no, parcel.logistics_company_name, together)
    return tuple(found.values())


def track_numbers(text: str) -> list[str]:
    """Numbers in a field where sellers without a courier write Chinese words, dashes or zeros."""
    return [one for one in _BETWEEN.split(text) if _NUMBER.fullmatch(one) and len(set(one)) > 2]
