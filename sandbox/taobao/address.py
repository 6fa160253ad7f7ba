"""The address book: a list and a form that adds. No address is ever changed behind a buyer's back."""

import re

from aiohttp import web

from sandbox.market.model import Address, BuyerAccount
from sandbox.taobao.access import enter
from sandbox.taobao.hosts import MEMBER, path
from sandbox.taobao.pages import page
from sandbox.taobao.regions import place_of, tree
from sandbox.taobao.state import site_of

TAIL = "/member/fresh/deliver_address.htm"
MOST = 20


async def book_page(request: web.Request) -> web.Response:
    buyer = enter(request, "address")
    return _book(request, buyer, "")


def _book(request: web.Request, buyer: BuyerAccount, error: str) -> web.Response:
    changed = site_of(request).faults.take("address", "page_changed") is not None
    return page(request, "address.html", buyer=buyer, regions=tree(), error=error, most=MOST, changed=changed)


async def add(request: web.Request) -> web.Response:
    """The form's save."""
    buyer = enter(request, "address")
    form = {key: str(value).strip() for key, value in (await request.post()).items()}
    error = _wrong(buyer, form)
    if error:
        return _book(request, buyer, error)
    place = place_of(form["divisionCode"]) or ("", "", "")
    address = Address(
        address_id=site_of(request).world.new_id()[-10:],
        name=form["fullName"],
        mobile=form["mobile"],
        province=place[0],
        city=place[1],
        area=place[2],
        detail=form["addressDetail"],
        town=form.get("town", ""),
        post=form.get("post") or "000000",
        region_code=form["divisionCode"],
    )
    buyer.addresses.append(address)
    if form.get("defaultAddress"):
        buyer.default_address_id = address.address_id
    raise web.HTTPSeeOther(path(MEMBER, TAIL))


def _wrong(buyer: BuyerAccount, form: dict[str, str]) -> str:
    """What the form says is wrong; empty when nothing is (limits as the form states them, inferred)."""
    if len(buyer.addresses) >= MOST:
        return f"最多保存{MOST}个收货地址"
    if place_of(form.get("divisionCode", "")) is None:
        return "请选择所在地区"
    if not 5 <= len(form.get("addressDetail", "")) <= 100:
        return "详细地址长度在5-100个字符之间"
    if form.get("post") and not re.fullmatch(r"\d{6}", form["post"]):
        return "邮政编码格式不正确"
    if not 2 <= len(form.get("fullName", "")) <= 25:
        return "收货人姓名长度在2-25个字符之间"
    return "" if re.fullmatch(r"1\d{10}", form.get("mobile", "")) else "手机号码格式不正确"


async def move(request: web.Request) -> web.Response:
    """`delete` an address or make it the `default` one."""
    buyer = enter(request, "address")
    address_id = str((await request.post()).get("addressId", ""))
    if request.match_info["deed"] == "default":
        if any(one.address_id == address_id for one in buyer.addresses):
            buyer.default_address_id = address_id
    else:
        buyer.addresses[:] = [one for one in buyer.addresses if one.address_id != address_id]
    raise web.HTTPSeeOther(path(MEMBER, TAIL))
