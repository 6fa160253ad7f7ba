"""Shops, their secrets (sealed) and requests; and for each order what its shop is still to be told."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, delete, func, insert, literal, or_, select, update

from purchasing.errors import Conflict
from purchasing.shops import Callback, CallbackCounts, Pushed, Shop, ShopDay, ShopRequest
from storage.repositories.base import Repository, columns_of, record
from storage.tables import callback, customer_order, shop, shop_request

_SHOP = [column for column in shop.c if column.name != "secret"]
_MADE = ("id", "code", "source", "created_at")
_WANTS = shop.c.callback_url != ""
_WAITS = and_(callback.c.waiting_since.is_not(None), callback.c.buried_at.is_(None))


class SqlShops(Repository):
    def get(self, shop_id: int) -> Shop | None:
        return self._one(shop.c.id == shop_id)

    def by_code(self, code: str) -> Shop | None:
        return self._one(shop.c.code == code)

    def by_source(self, source: str) -> Shop | None:
        return self._one(shop.c.source == source)

    def all(self) -> list[Shop]:
        return [record(Shop, row) for row in self._rows(select(*_SHOP).order_by(shop.c.id))]

    def add(self, code: str, source: str, now: datetime) -> Shop:
        values = {"code": code, "source": source, "created_at": now}
        row = self._row(self._insert(shop).values(values).on_conflict_do_nothing().returning(*_SHOP))
        if row is None:
            raise Conflict("shop_there")
        return record(Shop, row)

    def save(self, changed: Shop) -> None:
        self._run(update(shop).where(shop.c.id == changed.id).values(columns_of(changed, shop, *_MADE)))

    def secret(self, shop_id: int) -> str | None:
        sealed = self._value(select(shop.c.secret).where(shop.c.id == shop_id))
        return None if sealed is None else self._open(shop.c.secret, sealed, shop_id).decode()

    def set_secret(self, shop_id: int, secret: str) -> None:
        sealed = self._seal(shop.c.secret, secret.encode(), shop_id)
        self._run(update(shop).where(shop.c.id == shop_id).values(secret=sealed))

    def add_request(
        self, shop_id: int, key: str, digest: str, kind: Pushed, activity_id: int, now: datetime
    ) -> ShopRequest:
        values = {"shop_id": shop_id, "key": key, "digest": digest, "kind": kind, "activity_id": activity_id}
        return record(
            ShopRequest, self._rows(insert(shop_request).values(values | {"at": now}).returning(shop_request))[0]
        )

    def request(self, shop_id: int, key: str) -> ShopRequest | None:
        row = self._row(select(shop_request).where(shop_request.c.shop_id == shop_id, shop_request.c.key == key))
        return record(ShopRequest, row) if row else None

    def request_of(self, activity_id: int) -> ShopRequest | None:
        row = self._row(select(shop_request).where(shop_request.c.activity_id == activity_id))
        return record(ShopRequest, row) if row else None

    def save_request(self, request: ShopRequest) -> None:
        values = columns_of(request, shop_request, "id", "shop_id", "key", "digest", "kind", "activity_id", "at")
        self._run(update(shop_request).where(shop_request.c.id == request.id).values(values))

    def day(self, shop_id: int, since: datetime, until: datetime) -> ShopDay:
        sums = [func.coalesce(func.sum(shop_request.c[name]), 0) for name in ("taken", "updated", "refused")]
        during = shop_request.c.shop_id == shop_id, shop_request.c.at >= since, shop_request.c.at < until
        return ShopDay(*map(int, self._tuples(select(func.count(), *sums).where(*during))[0]))

    def requests(self, shop_id: int, offset: int, limit: int) -> tuple[list[ShopRequest], int]:
        wanted = select(shop_request).where(shop_request.c.shop_id == shop_id).order_by(shop_request.c.id.desc())
        rows = self._rows(wanted.offset(offset).limit(limit))
        return [record(ShopRequest, row) for row in rows], self._count(wanted)

    def purge_requests(self, before: datetime) -> int:
        return self._run(delete(shop_request).where(shop_request.c.at < before))

    def _one(self, where: Any) -> Shop | None:
        row = self._row(select(*_SHOP).where(where))
        return record(Shop, row) if row else None


class SqlCallbacks(Repository):
    def mark(self, order_id: int, now: datetime) -> None:
        changed = (
            select(customer_order.c.id, shop.c.id, literal(1), literal(now, callback.c.waiting_since.type))
            .join_from(customer_order, shop, shop.c.source == customer_order.c.shop)
            .where(customer_order.c.id == order_id, _WANTS)
        )
        added = self._insert(callback).from_select(["order_id", "shop_id", "version", "waiting_since"], changed)
        since = func.coalesce(callback.c.waiting_since, added.excluded.waiting_since)
        revived = {
            "buried_at": None,
            "attempts": case((callback.c.buried_at.is_(None), callback.c.attempts), else_=0),
            "not_before": case((callback.c.buried_at.is_(None), callback.c.not_before), else_=None),
        }
        set_ = {"version": callback.c.version + 1, "waiting_since": since} | revived
        self._run(added.on_conflict_do_update(index_elements=[callback.c.order_id], set_=set_))

    def get(self, order_id: int) -> Callback | None:
        row = self._row(select(callback).where(callback.c.order_id == order_id))
        return record(Callback, row) if row else None

    def due(self, now: datetime, limit: int) -> list[Callback]:
        order = callback.c.waiting_since, callback.c.order_id
        rank = func.row_number().over(partition_by=callback.c.shop_id, order_by=order).label("rank")
        may = (
            _passed(callback.c.not_before, now),
            _passed(shop.c.paused_until, now),
        )
        ranked = select(callback.c.order_id, rank).join(shop).where(_WAITS, _WANTS, *may).subquery()
        first = select(ranked.c.order_id).where(ranked.c.rank == 1)
        rows = self._rows(select(callback).where(callback.c.order_id.in_(first)).order_by(*order).limit(limit))
        return [record(Callback, row) for row in rows]

    def next_due(self, now: datetime) -> datetime | None:
        times = select(callback.c.not_before, shop.c.paused_until).join_from(callback, shop).where(_WAITS, _WANTS)
        rows = self._rows(times.limit(1000))
        moments = [max(row["not_before"] or now, row["paused_until"] or now) for row in rows]
        return min(moments, default=None)

    def save(self, changed: Callback) -> None:
        values = columns_of(changed, callback, "order_id", "shop_id", "version")
        self._run(update(callback).where(callback.c.order_id == changed.order_id).values(values))

    def told(self, sent: Callback) -> None:
        values = {
            "digest": sent.event_digest,
            "waiting_since": case((callback.c.version == sent.version, None), else_=callback.c.waiting_since),
            "attempts": 0,
            "not_before": None,
            "error": "",
            "buried_at": None,
        }
        self._run(update(callback).where(callback.c.order_id == sent.order_id).values(values))

    def counts(self, shop_id: int) -> CallbackCounts:
        mine = callback.c.shop_id == shop_id
        waiting = self._count(select(callback.c.order_id).where(mine, _WAITS))
        return CallbackCounts(waiting, self._count(select(callback.c.order_id).where(mine, _buried())))

    def revive(self, shop_id: int, now: datetime) -> int:
        values = {"buried_at": None, "attempts": 0, "not_before": None}
        return self._run(update(callback).where(callback.c.shop_id == shop_id, _buried()).values(values))


def _passed(column: Any, now: datetime) -> Any:
    return or_(column.is_(None), column <= now)


def _buried() -> Any:
    return callback.c.buried_at.is_not(None)
