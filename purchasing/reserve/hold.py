"""How a preview keeps its lines from other people for a while; it never lets go of what a newer one holds."""

from collections.abc import Collection
from datetime import datetime, timedelta

from purchasing.ports import Store
from purchasing.previews import Preview

HELD = timedelta(minutes=15)
"""How long a preview can be confirmed, and keeps its lines from other people."""


def hold(store: Store, preview: Preview, line_ids: Collection[int]) -> None:
    store.lines.hold(line_ids, preview.person_id, preview.created_at + HELD)


def let_go(store: Store, preview_id: int, line_ids: Collection[int]) -> None:
    preview = store.previews.get(preview_id)
    if preview:
        store.lines.release(line_ids, preview.created_at + HELD)


def over(preview: Preview, now: datetime) -> bool:
    return now - preview.created_at > HELD
