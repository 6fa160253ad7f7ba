"""What is new or changed in an account, page by page. Cost follows the open and the changed orders, not the history."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from providers.alibaba1688 import dates, orders
from providers.alibaba1688.client import Client, Declined
from purchasing.errors import PageChanged, Refused
from purchasing.provider import ChangesPage, ProviderOrderSeen
from purchasing.words import Stage

PAGE = 20
FIRST_LOOK = timedelta(days=30)
OVERLAP = timedelta(minutes=5)
SWEEP_EVERY = timedelta(hours=6)
"""How often open orders are read again although no list shows a change: a track number may be replaced silently."""

_SENT = {Stage.PART_SHIPPED, Stage.SHIPPED, Stage.SIGNED}
_log = structlog.get_logger(__name__)


class Cursor(BaseModel):
    """Opaque to everybody else; when a sync is done, only the first three remain."""

    model_config = ConfigDict(frozen=True)

    since: datetime
    swept: datetime | None = None
    awaiting: tuple[str, ...] = ()
    """Sent orders without a track number: read again in every sync."""
    started: datetime | None = None
    page: int = 1
    done: tuple[str, ...] = ()
    """Numbers that this sync has read."""
    short: bool = False
    """The list showed fewer orders than it counted."""
    rest: tuple[str, ...] | None = None
    """Numbers still to be read one by one; None while the list isn't through."""


async def changes(client: Client, account_id: int, cursor: str, open_numbers: Sequence[str]) -> ChangesPage:
    """First the list by modify time, then one by one what it can't show: at most 20 orders a call."""
    now = datetime.now(UTC)
    at = _cursor(cursor, now)
    if at.rest is None:
        return await _list_page(client, account_id, at, open_numbers)
    return await _rest_page(client, account_id, at, at.rest)


def _cursor(text: str, now: datetime) -> Cursor:
    """A text that isn't ours (of another version) starts from the beginning: orders read twice do no harm."""
    try:
        at = Cursor.model_validate_json(text)
    except ValidationError:
        at = Cursor(since=now - FIRST_LOOK)
    return at if at.started else at.model_copy(update={"started": now})


async def _list_page(client: Client, account_id: int, at: Cursor, open_numbers: Sequence[str]) -> ChangesPage:
    """Without an end of the window: an order that changes meanwhile must not leave it and shift the pages."""
    start = dates.write(at.since - OVERLAP)
    params = {"modifyStartTime": start, "page": str(at.page), "pageSize": str(PAGE)}
    answer = await orders.listed(client, account_id, params)
    fresh = [info for info in answer.result if info.number not in at.done]
    seen = [order for info in fresh if (order := await _read(client, account_id, info.number, info))]
    at = _noted(at, [info.number for info in fresh], seen)
    # Counted, not computed from pageSize: 1688 may give fewer orders a page than asked for.
    more = answer.total_record is None or len(at.done) < answer.total_record
    if answer.result and more:
        return _page(seen, at.model_copy(update={"page": at.page + 1}), answer.total_record)
    at = at.model_copy(update={"short": more and answer.total_record is not None})
    return _page(seen, _list_through(at, open_numbers), answer.total_record)


def _list_through(at: Cursor, open_numbers: Sequence[str]) -> Cursor:
    now = at.started or at.since
    sweep = at.short or at.swept is None or now - at.swept >= SWEEP_EVERY
    wanted = dict.fromkeys([*at.awaiting, *(open_numbers if sweep else ())])
    rest = tuple(number for number in wanted if number not in at.done)
    return at.model_copy(update={"rest": rest, "swept": now if sweep else at.swept})


async def _rest_page(client: Client, account_id: int, at: Cursor, rest: Sequence[str]) -> ChangesPage:
    numbers = rest[:PAGE]
    seen = [order for number in numbers if (order := await _read(client, account_id, number))]
    at = _noted(at, numbers, seen).model_copy(update={"rest": tuple(rest[PAGE:])})
    return _page(seen, at, None)


async def _read(
    client: Client, account_id: int, number: str, info: orders.TradeInfo | None = None
) -> ProviderOrderSeen | None:
    """One order that can't be read must not stop the others: what the list says of it is taken, or it stays as it
    was last seen."""
    try:
        return await orders.whole_order(client, account_id, number)
    except Declined:
        raise
    except (Refused, PageChanged) as error:
        _log.warning("1688 order could not be read", number=number, reason=str(error))
    try:
        return orders.seen(info) if info else None
    except PageChanged:
        return None


def _noted(at: Cursor, numbers: Sequence[str], seen: Sequence[ProviderOrderSeen]) -> Cursor:
    awaiting = set(at.awaiting) - set(numbers)
    awaiting |= {order.number for order in seen if order.stage in _SENT and not order.waybills}
    return at.model_copy(update={"done": (*at.done, *numbers), "awaiting": tuple(sorted(awaiting))})


def _page(seen: Sequence[ProviderOrderSeen], at: Cursor, total: int | None) -> ChangesPage:
    if at.rest is not None and not at.rest:
        watermark = Cursor(since=_watermark(at), swept=at.swept, awaiting=at.awaiting)
        return ChangesPage(tuple(seen), watermark.model_dump_json(exclude_defaults=True), done=True, total_hint=total)
    return ChangesPage(tuple(seen), at.model_dump_json(exclude_defaults=True), done=False, total_hint=total)


def _watermark(at: Cursor) -> datetime:
    """After a list with gaps the same window is read again next time, for a day at most."""
    started = at.started or at.since
    return at.since if at.short and started - at.since < timedelta(days=1) else started
