"""What came of a shop's push: kept with its request for the shop to ask and the owner to see, and told to the buyers –
one quiet card a shop and day that counts, and the import's own card where rows were refused."""

from dataclasses import replace
from datetime import UTC, datetime

from purchasing.activities import Activity
from purchasing.cards import Address
from purchasing.import_plan import ImportPlan
from purchasing.order_file import refused_rows
from purchasing.ports import Store
from purchasing.tell import on_duty, tell
from purchasing.words import Lane


def push_ended(store: Store, activity: Activity, plan: ImportPlan, now: datetime) -> None:
    """Nothing for a file that somebody sent."""
    request = store.shops.request_of(activity.id) if plan.wanted else None
    if request is None:
        return
    result = plan.result
    refused = refused_rows(result.refused)
    ended = replace(
        request,
        taken=result.taken,
        updated=result.updated,
        unchanged=result.unchanged,
        refused=refused,
        asked=len(result.asked),
        rule=plan.rule,
        ended_at=now,
    )
    store.shops.save_request(ended)
    store.cards.touch(f"shop:{request.shop_id}", Lane.PROGRESS, now)
    if result.taken or result.updated:
        day = f"{request.shop_id}-{request.at.astimezone(UTC):%Y%m%d}"
        tell(store, on_duty(store, None), Address.of("shop_day", day), Lane.PROGRESS, now, f"shop_day:{day}")
        store.cards.touch(f"shop_day:{day}", Lane.PROGRESS, now)
    if refused or plan.rule:
        tell(store, on_duty(store, None), Address.of("import", activity.id), Lane.RESULT, now, f"import:{activity.id}")
