"""How tests steer a marketplace part and read its truth. No page of the marketplace may depend on it."""

import asyncio
import json
from collections.abc import Callable
from typing import Annotated

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from pydantic import BaseModel, ConfigDict, Field, ValidationError, validate_call

from sandbox.market.faults import COMMON, SPECIFIC, Fault, Faults, fault_middleware
from sandbox.market.model import MarketOrder, MarketOrderLine, Refused
from sandbox.market.world import World
from sandbox.options import PartOptions

WORLD: web.AppKey[World] = web.AppKey("world", World)
FAULTS: web.AppKey[Faults] = web.AppKey("faults", Faults)
Knobs = dict[str, Callable[..., object]]
"""Verbs of one marketplace only, beside the world's; arguments are checked by their annotations."""
KNOBS: web.AppKey[Knobs] = web.AppKey("knobs", dict)
TRUTHS: web.AppKey[dict[str, Callable[[], object]]] = web.AppKey("truths", dict)
"""What one marketplace tells beside its orders in `GET /_truth/orders`, by key."""


class FaultEntry(BaseModel):
    """Body of `POST /_control`; other keys go to the fault's details."""

    model_config = ConfigDict(extra="allow")
    at: str = "*"
    fault: str
    times: Annotated[int, Field(ge=1)] = 1


def make_market_app(
    world: World, options: PartOptions, name_of: Callable[[web.Request], str], knobs: Knobs | None = None
) -> web.Application:
    """An application with latency, faults, control and truth; the marketplace adds its own routes, and its
    verbs to `app[KNOBS]` when they need what is made here."""
    faults = Faults()
    app = web.Application(
        middlewares=[_latency(options.latency_ms), fault_middleware(faults, name_of)],
        client_max_size=16 * 2**20,
    )
    app[WORLD], app[FAULTS] = world, faults
    control = _Control(world, faults, knobs or {})
    app[KNOBS], app[TRUTHS] = control.verbs, {}
    app.router.add_post("/_control", control.add_fault)
    app.router.add_get("/_control", control.list_faults)
    app.router.add_delete("/_control", control.clear_faults)
    app.router.add_post("/_control/world", control.move_world)
    app.router.add_get("/_truth/orders", control.orders)
    app.router.add_get("/_truth/visits", control.visits)

    async def stop(_: web.Application) -> None:
        faults.stopping.set()

    app.on_shutdown.append(stop)
    return app


def _latency(latency_ms: int) -> Middleware:
    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if latency_ms and not request.path.startswith("/_"):
            await asyncio.sleep(latency_ms / 1000)
        return await handler(request)

    return middleware


class _Control:
    def __init__(self, world: World, faults: Faults, knobs: Knobs) -> None:
        self.world = world
        self.faults = faults
        self.verbs: Knobs = {name: getattr(world, name) for name in World.VERBS} | knobs

    async def add_fault(self, request: web.Request) -> web.Response:
        try:
            entry = FaultEntry.model_validate_json(await request.text())
        except ValidationError as error:
            return _bad(str(error))
        if entry.fault not in COMMON + SPECIFIC:
            return _bad(f"no fault {entry.fault}; known: {', '.join(COMMON + SPECIFIC)}")
        details = {key: str(value) for key, value in (entry.model_extra or {}).items()}
        self.faults.add(Fault(entry.at, entry.fault, entry.times, details))
        return web.json_response({"ok": True})

    async def list_faults(self, _: web.Request) -> web.Response:
        waiting = [{"at": one.at, "fault": one.name, "times": one.times} for one in self.faults.waiting]
        return web.json_response({"waiting": waiting})

    async def clear_faults(self, _: web.Request) -> web.Response:
        self.faults.clear()
        return web.json_response({"ok": True})

    async def move_world(self, request: web.Request) -> web.Response:
        """`{"verb": "pay", "order_id": "…"}`: the other keys are the verb's arguments by name."""
        body = await request.json()
        verb = self.verbs.get(str(body.pop("verb", "")))
        if verb is None:
            return _bad(f"known verbs: {', '.join(sorted(self.verbs))}")
        try:
            validate_call(verb)(**body)
        except (ValidationError, Refused) as error:
            return _bad(str(error))
        return web.json_response({"ok": True})

    async def orders(self, request: web.Request) -> web.Response:
        orders = [order_truth(one) for one in self.world.orders.values()]
        more = {key: tell() for key, tell in request.app[TRUTHS].items()}
        return _json({"orders": orders, "paying_calls": self.world.paying_calls} | more)

    async def visits(self, _: web.Request) -> web.Response:
        """Every page or call that was asked for, oldest first."""
        seen = [{"at": one.at, "method": one.method, "fault": one.fault} for one in self.faults.visits]
        return _json({"visits": seen})


def order_truth(order: MarketOrder) -> dict[str, object]:
    """One order as `GET /_truth/orders` tells it: totals in fen, unit prices as yuan text, ISO times."""
    return {
        "id": order.id,
        "provider": order.provider,
        "account": order.account,
        "seller": order.seller.login,
        "status": order.status,
        "created_at": order.created_at.isoformat(),
        "paid_at": order.paid_at.isoformat() if order.paid_at else None,
        "total_fen": order.total_fen,
        "freight_fen": order.freight_fen,
        "out_order_id": order.out_order_id,
        "remark": order.remark,
        "address": {
            key: getattr(order.address, key)
            for key in ("name", "mobile", "phone", "post", "province", "city", "area", "town", "detail")
        },
        "details": dict(order.details),
        "lines": [_line_truth(line) for line in order.lines],
        "shipments": [
            {
                "waybill": one.waybill,
                "carrier": one.carrier,
                "delivered_at": one.delivered_at.isoformat() if one.delivered_at else None,
                "lines": [{"sub_id": piece.sub_id, "quantity": piece.quantity} for piece in one.lines],
            }
            for one in order.shipments
        ],
        "refunds": [
            {"id": one.refund_id, "sub_id": one.sub_id, "state": one.state, "amount_fen": one.amount_fen}
            for one in order.refunds
        ],
    }


def _line_truth(line: MarketOrderLine) -> dict[str, object]:
    return {
        "sub_id": line.sub_id,
        "item_id": line.item_id,
        "sku_id": line.sku_id,
        "title": line.title,
        "choice": line.choice,
        "quantity": line.quantity,
        "unit_price": str(line.unit_price),
        "amount_fen": line.amount_fen,
    }


def _json(value: object) -> web.Response:
    return web.json_response(value, dumps=lambda one: json.dumps(one, ensure_ascii=False))


def _bad(text: str) -> web.Response:
    return web.json_response({"ok": False, "error": text}, status=400)
