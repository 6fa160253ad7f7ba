"""The pages on which a person pays and a seller ships, the same on both marketplaces.

They stand in for the marketplace's own cashier and seller centre; the product has no business here.
"""

from collections.abc import Callable
from datetime import timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import ParamSpec
from urllib.parse import quote

import jinja2
from aiohttp import web

from sandbox.market.control import WORLD
from sandbox.market.model import MarketOrder, Parcel, Piece, Refused, fen
from sandbox.market.world import World

P = ParamSpec("P")
SHANGHAI = timezone(timedelta(hours=8))
CARRIERS = ("中通快递", "圆通速递", "申通快递", "韵达快递", "顺丰速运", "极兔速递")
_PAGES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
)
_PAGES.filters["local"] = lambda moment: f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
_PAGES.filters["yuan"] = lambda amount_fen: f"¥{amount_fen / 100:.2f}"


def page(name: str, *, status: int = 200, **values: object) -> web.Response:
    """Render one of the shared templates (`base.html` underneath)."""
    return web.Response(text=_PAGES.get_template(name).render(**values), content_type="text/html", status=status)


def is_person_path(path: str) -> bool:
    """Paths of this module and of control: no fault and no latency of calls applies to them."""
    return path == "/" or path.startswith(("/_", "/person/", "/seller"))


def add_person_pages(app: web.Application, market: str) -> None:
    """Routes `/person/{account}/orders`, `/person/{account}/cashier?orderId=a;b` and `/seller`."""
    pages = _PersonPages(market)
    app.router.add_get("/person/{account}/orders", pages.orders)
    app.router.add_get("/person/{account}/cashier", pages.cashier)
    app.router.add_post("/person/{account}/pay", pages.pay)
    app.router.add_post("/person/{account}/orders/{order}/{deed:close|finish}", pages.move)
    app.router.add_get("/seller", pages.desk)
    app.router.add_post("/seller/orders/{order}/{deed:ship|price|close|refund|deliver}", pages.sell)


class _PersonPages:
    def __init__(self, market: str) -> None:
        self.market = market

    async def orders(self, request: web.Request) -> web.Response:
        world, login = request.app[WORLD], request.match_info["account"]
        if login not in world.accounts:
            raise web.HTTPNotFound
        return page(
            "orders.html",
            market=self.market,
            account=login,
            orders=world.orders_of(login),
            note=request.query.get("note", ""),
        )

    async def cashier(self, request: web.Request) -> web.Response:
        """Orders to pay are in `orderId`, separated by semicolons."""
        world, login = request.app[WORLD], request.match_info["account"]
        ids = [one for one in request.query.get("orderId", "").split(";") if one]
        orders = [world.orders[one] for one in ids if one in world.orders]
        orders = [one for one in orders if one.account == login]
        total = sum(one.total_fen for one in orders if one.status == "unpaid")
        return page("cashier.html", market=self.market, account=login, orders=orders, total=total)

    async def pay(self, request: web.Request) -> web.Response:
        world, login = request.app[WORLD], request.match_info["account"]
        form = await request.post()
        chosen = (world.orders.get(str(one)) for one in form.getall("order", []))
        notes = [_try(world.pay, one.id) for one in chosen if one and one.account == login]
        raise _back(f"/person/{quote(login)}/orders", " ".join(filter(None, notes)) or "已付款 Paid")

    async def move(self, request: web.Request) -> web.Response:
        world, login = request.app[WORLD], request.match_info["account"]
        deed = world.close if request.match_info["deed"] == "close" else world.finish
        note = _try(deed, request.match_info["order"])
        raise _back(f"/person/{quote(login)}/orders", note)

    async def desk(self, request: web.Request) -> web.Response:
        world = request.app[WORLD]
        return page(
            "seller.html",
            market=self.market,
            orders=list(reversed(world.orders.values())),
            carriers=CARRIERS,
            note=request.query.get("note", ""),
        )

    async def sell(self, request: web.Request) -> web.Response:
        world, order_id = request.app[WORLD], request.match_info["order"]
        form = {key: str(value) for key, value in (await request.post()).items()}
        note = _try(_sell, world, request.match_info["deed"], order_id, form)
        raise _back("/seller", note)


def _sell(world: World, deed: str, order_id: str, form: dict[str, str]) -> None:
    match deed:
        case "ship":
            world.ship(order_id, _parcels(world.order(order_id), form))
        case "price":
            _reprice(world, order_id, form)
        case "close":
            world.close(order_id, "sellerGoodsLack")
        case "deliver":
            world.deliver(order_id)
        case "refund":
            line = world.order(order_id).line(form["line"])
            world.refund(order_id, line.sub_id, line.amount_fen, line.quantity)


def _parcels(order: MarketOrder, form: dict[str, str]) -> tuple[Parcel, ...]:
    """One parcel a waybill (lines or commas part them). Several waybills without chosen pieces: the first
    order line goes into the first parcel and so on, the last takes the rest."""
    waybills = form.get("waybills", "").replace(",", " ").replace(",", " ").split()
    if not waybills:
        raise Refused("lines", "write at least one track number")
    carrier = form.get("carrier", CARRIERS[0])
    chosen = [Piece(line.sub_id, int(form.get(f"pieces-{line.sub_id}") or 0)) for line in order.lines]
    pieces = [one for one in chosen if one.quantity]
    if not pieces:
        raise Refused("lines", "choose at least one piece")
    if len(waybills) > len(pieces):
        pieces = _split(pieces, len(waybills))
    shares = [pieces[i : i + 1] for i in range(len(waybills) - 1)] + [pieces[len(waybills) - 1 :]]
    return tuple(Parcel(waybill, carrier, tuple(share)) for waybill, share in zip(waybills, shares, strict=True))


def _split(pieces: list[Piece], wanted: int) -> list[Piece]:
    """Cut the biggest until there are enough for every parcel."""
    pieces = list(pieces)
    while len(pieces) < wanted:
        big = max(pieces, key=lambda one: one.quantity)
        if big.quantity == 1:
            raise Refused("lines", "more track numbers than pieces")
        at = pieces.index(big)
        half = big.quantity // 2
        pieces[at : at + 1] = [Piece(big.sub_id, big.quantity - half), Piece(big.sub_id, half)]
    return pieces


def _reprice(world: World, order_id: str, form: dict[str, str]) -> None:
    goods, freight = (fen(Decimal(form[key])) for key in ("goods", "freight"))
    if goods < 0 or freight < 0:
        raise Refused("lines", "a sum can't be below zero")
    world.set_order_price(order_id, goods, freight)


def _try(deed: Callable[P, object], *arguments: P.args, **named: P.kwargs) -> str:
    """Do it; an empty note when it went well, else why not."""
    try:
        deed(*arguments, **named)
    except (Refused, ValueError, ArithmeticError) as error:
        return str(error) or "not a number"
    return ""


def _back(path: str, note: str) -> web.HTTPSeeOther:
    return web.HTTPSeeOther(f"{path}?note={quote(note)}" if note else path)
