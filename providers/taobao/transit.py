"""The small answer about an order's parcel: used only when its page tells no number. It knows one parcel at most."""

from typing import TYPE_CHECKING

from pydantic import Field

from providers.taobao.caught import loads
from providers.taobao.detail.common import waybill
from providers.taobao.lenient import Lenient
from providers.taobao.signs import judge_answer
from providers.taobao.site import Site
from providers.taobao.tab import visit, with_picture
from providers.taobao.texts import decode
from purchasing.errors import Transient
from purchasing.provider import WaybillSeen

if TYPE_CHECKING:
    from playwright.async_api import Page


class _Transit(Lenient):
    """`isSuccess` is a text, and false means only that there is no entry; a refunded order answers {}."""

    success: str = Field("", alias="isSuccess")
    number: str = Field("", alias="expressId")
    name: str = Field("", alias="expressName")


def read_transit(data: object) -> WaybillSeen | None:
    seen = _Transit.model_validate(data if isinstance(data, dict) else {})
    return waybill(seen.number, seen.name) if seen.success == "true" else None


async def open_transit(page: "Page", site: Site, number: str) -> WaybillSeen | None:
    """Raises ProviderError."""
    from playwright.async_api import Error

    response = await visit(page, site, site.url("transit", number=number))
    try:
        data = loads(decode(await response.body())) if response else None
    except Error as error:
        raise Transient("the answer about a parcel broke off") from error
    trouble = judge_answer(data)
    if trouble is not None:
        raise await with_picture(page, trouble)
    if data is None:
        raise Transient("no answer about a parcel")
    return read_transit(data)
