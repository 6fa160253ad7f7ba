"""Approvals of payments: one row a provider order, decided once for its sum."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select, update

from purchasing.payment_ports import Approval
from storage.repositories.base import Repository, record, unique
from storage.tables import approval


class SqlApprovals(Repository):
    def of(self, provider_order_ids: Collection[int]) -> Mapping[int, Approval]:
        wanted = select(approval).where(approval.c.provider_order_id.in_(unique(provider_order_ids)))
        return {row["provider_order_id"]: record(Approval, row) for row in self._rows(wanted)}

    def ask(self, provider_order_id: int, total: int, now: datetime) -> None:
        asked = {
            "total": total,
            "asked_at": now,
            "approved": None,
            "decided_by": None,
            "decided_at": None,
            "reason": "",
        }
        new = self._insert(approval).values(provider_order_id=provider_order_id, **asked)
        self._run(new.on_conflict_do_update(index_elements=[approval.c.provider_order_id], set_=asked))

    def decide(self, provider_order_id: int, total: int, approved: bool, by: int, reason: str, now: datetime) -> bool:
        open_one = approval.c.provider_order_id == provider_order_id, approval.c.total == total
        values = {"approved": approved, "decided_by": by, "decided_at": now, "reason": reason}
        return self._run(update(approval).where(*open_one, approval.c.approved.is_(None)).values(values)) == 1
