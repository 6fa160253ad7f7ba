"""A shop pushes orders or parcels by HTTP: kept with the request's id, and read by an import activity as a file is."""

import hashlib
from datetime import datetime, timedelta

from purchasing.activities import Activity
from purchasing.errors import Conflict
from purchasing.import_plan import ImportPlan
from purchasing.ports import Store
from purchasing.shops import Pushed, Shop, ShopRequest
from purchasing.words import ActivityKind, ActivityState, Priority

KEPT = timedelta(hours=12)
REQUESTS_KEPT = timedelta(days=7)
"""How long a request is known again by its id."""


def take_push(store: Store, shop: Shop, kind: Pushed, key: str, body: bytes, now: datetime) -> ShopRequest:
    """The same id again starts nothing. Raises Conflict when it was used for another body."""
    digest = hashlib.sha256(kind.encode() + b"\n" + body).hexdigest()
    known = store.shops.request(shop.id, key)
    if known is not None:
        if known.digest != digest:
            raise Conflict("request_id_used")
        return known
    blob = store.blobs.put(body, "application/json", now + KEPT)
    plan = ImportPlan(file_id="", name=shop.code, sent=blob, shop=shop.source, wanted=kind)
    draft = Activity(
        0,
        ActivityKind.IMPORT,
        ActivityState.QUEUED,
        plan.model_dump_json(),
        Priority.PERSON,
        title=shop.code,
    )
    activity = store.activities.add(draft, now)
    return store.shops.add_request(shop.id, key, digest, kind, activity.id, now)
