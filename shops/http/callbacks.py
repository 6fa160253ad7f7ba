"""Sends shops what they are still to be told, one event a shop at a time. What failed is kept and tried again later;
a kill at any moment loses nothing and repeats at most the event under way, under its same id."""

import asyncio
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import aiohttp

from purchasing.crash import crash_point, write
from purchasing.ports import Clock, Database, Store
from purchasing.signing import headers
from purchasing.tell_shop import ToSend, delivered, failed, next_to_send, test_to_send
from shops.http.hosts import Forbidden, PublicResolver, check_address

log = logging.getLogger(__name__)

SECONDS = 10
AT_ONCE = 20
"""Shops that are sent to side by side."""
LONGEST_WAIT = 60.0


@dataclass(frozen=True)
class Outcome:
    """`result` is shown to owners: a status, or a code of the texts. `everything`: no other event would do better."""

    result: str
    well: bool = False
    everything: bool = False


class Callbacks:
    """`allowed` are the only hosts that may be sent to, private ones too; empty: any public host over https."""

    def __init__(self, db: Database, clock: Clock, allowed: Collection[str]) -> None:
        self._db, self._clock, self._allowed = db, clock, frozenset(allowed)
        self._awake = asyncio.Event()

    def wake(self) -> None:
        self._awake.set()

    async def run(self) -> None:
        connector = aiohttp.TCPConnector(resolver=PublicResolver(self._allowed), use_dns_cache=False)
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as http:
            while True:
                self._awake.clear()
                if not await self._round(http):
                    await self._rest()

    async def _round(self, http: aiohttp.ClientSession) -> bool:
        """Sends what is due now; whether there was anything."""
        due = await self._db.read(self._due)
        if due:
            async with asyncio.TaskGroup() as group:
                for sending in due:
                    group.create_task(self._one(http, sending))
        return bool(due)

    def _due(self, store: Store) -> list["Sending"]:
        now = self._clock()
        tests = [Sending(shop.id, None) for shop in store.shops.all() if shop.test_asked_at and shop.callback_url]
        return [*tests, *(Sending(row.shop_id, row.order_id) for row in store.callbacks.due(now, AT_ONCE))]

    async def _one(self, http: aiohttp.ClientSession, sending: "Sending") -> None:
        to_send = await write(self._db, "callback.prepare", lambda store: self._prepared(store, sending))
        if to_send is None:
            return
        crash_point("callback.send")
        outcome = await self._send(http, to_send)
        crash_point("callback.sent")
        await write(self._db, "callback.outcome", lambda store: self._keep(store, to_send, outcome))

    def _prepared(self, store: Store, sending: "Sending") -> ToSend | None:
        now = self._clock()
        if sending.order_id is None:
            shop = store.shops.get(sending.shop_id)
            return test_to_send(store, shop, now) if shop else None
        row = store.callbacks.get(sending.order_id)
        return next_to_send(store, row, now) if row else None

    async def _send(self, http: aiohttp.ClientSession, to_send: ToSend) -> Outcome:
        url, event = to_send.shop.callback_url, to_send.event
        body = event.model_dump_json(exclude_none=True).encode()
        signed = headers(to_send.secret, event.id, self._clock(), body) | {"content-type": "application/json"}
        try:
            check_address(url, self._allowed)
            async with http.post(url, data=body, headers=signed, allow_redirects=False) as answer:
                return _judged(answer.status)
        except Forbidden as error:
            return Outcome(error.rule, everything=True)
        except TimeoutError:
            return Outcome("timeout", everything=True)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            forbidden = _forbidden_in(error)
            log.info("a callback could not be sent (%s)", type(error).__name__)
            return Outcome(forbidden or "unreachable", everything=True)

    def _keep(self, store: Store, to_send: ToSend, outcome: Outcome) -> None:
        now = self._clock()
        if outcome.well:
            delivered(store, to_send, outcome.result, now)
        else:
            failed(store, to_send, outcome.result, now, everything=outcome.everything)

    async def _rest(self) -> None:
        """Until something is due, or a commit may have brought something."""
        until = await self._db.read(lambda store: store.callbacks.next_due(self._clock()))
        seconds = LONGEST_WAIT if until is None else max(0.05, (until - self._clock()).total_seconds())
        try:
            async with asyncio.timeout(min(seconds, LONGEST_WAIT)):
                await self._awake.wait()
        except TimeoutError:
            pass


@dataclass(frozen=True)
class Sending:
    """`order_id` None: the shop's test."""

    shop_id: int
    order_id: int | None


def _judged(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome(str(status), well=True)
    return Outcome("redirect" if 300 <= status < 400 else str(status), everything=status >= 500 or status == 429)


def _forbidden_in(error: BaseException) -> str:
    """aiohttp wraps what the resolver raises."""
    causes: Sequence[BaseException | None] = (error, error.__cause__, getattr(error, "os_error", None))
    return next((cause.rule for cause in causes if isinstance(cause, Forbidden)), "")
