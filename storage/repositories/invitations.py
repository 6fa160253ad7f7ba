"""Invitations: found by a token's digest, the token itself sealed until it is used."""

import hashlib
from datetime import datetime

from sqlalchemy import select, update

from purchasing.invitations import Invitation
from storage.repositories.base import Repository, columns_of, record
from storage.tables import invitation


class SqlInvitations(Repository):
    def add(self, draft: Invitation, token: str) -> Invitation:
        values = columns_of(draft, invitation, "id") | {"digest": _digest(token)}
        row = self._rows(self._insert(invitation).values(values).returning(invitation))[0]
        sealed = self._seal(invitation.c.token, token.encode(), row["id"])
        self._run(update(invitation).where(invitation.c.id == row["id"]).values(token=sealed))
        return record(Invitation, row)

    def get(self, invitation_id: int) -> Invitation | None:
        row = self._row(select(invitation).where(invitation.c.id == invitation_id))
        return record(Invitation, row) if row else None

    def by_token(self, token: str) -> Invitation | None:
        row = self._row(select(invitation).where(invitation.c.digest == _digest(token)))
        return record(Invitation, row) if row else None

    def token(self, invitation_id: int) -> str | None:
        sealed = self._value(select(invitation.c.token).where(invitation.c.id == invitation_id))
        return None if sealed is None else self._open(invitation.c.token, sealed, invitation_id).decode()

    def open(self, now: datetime) -> list[Invitation]:
        holds = invitation.c.used_at.is_(None), invitation.c.expires_at > now
        rows = self._rows(select(invitation).where(*holds).order_by(invitation.c.id.desc()))
        return [record(Invitation, row) for row in rows]

    def use(self, invitation_id: int, person_id: int | None, now: datetime) -> bool:
        waits = invitation.c.id == invitation_id, invitation.c.used_at.is_(None)
        taken = {"used_at": now, "used_by": person_id, "token": None}
        return self._run(update(invitation).where(*waits).values(taken)) == 1


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
