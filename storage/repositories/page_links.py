"""One-time links: found by a token's digest, the token itself sealed until it is used."""

import hashlib
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update

from purchasing.page_links import PageKind, PageLink
from storage.repositories.base import Repository, columns_of, record
from storage.tables import page_link


class SqlPageLinks(Repository):
    def add(self, draft: PageLink, token: str) -> PageLink:
        values = columns_of(draft, page_link, "id") | {"digest": _digest(token)}
        row = self._rows(self._insert(page_link).values(values).returning(page_link))[0]
        sealed = self._seal(page_link.c.token, token.encode(), row["id"])
        self._run(update(page_link).where(page_link.c.id == row["id"]).values(token=sealed))
        return record(PageLink, row)

    def by_token(self, token: str) -> PageLink | None:
        row = self._row(select(page_link).where(page_link.c.digest == _digest(token)))
        return record(PageLink, row) if row else None

    def waiting(self, activity_id: int, person_id: int, now: datetime) -> dict[PageKind, tuple[PageLink, str]]:
        mine = page_link.c.activity_id == activity_id, page_link.c.person_id == person_id
        rows = self._rows(select(page_link).where(*mine, *_unused(), page_link.c.expires_at > now))
        return {row["kind"]: (record(PageLink, row), self._token(row["id"], row["token"])) for row in rows}

    def _token(self, link_id: int, sealed: bytes) -> str:
        return self._open(page_link.c.token, sealed, link_id).decode()

    def looking(self, activity_id: int, kind: PageKind, opened_after: datetime) -> int | None:
        which = page_link.c.activity_id == activity_id, page_link.c.kind == kind
        now = page_link.c.opened_at > opened_after, page_link.c.ended_at.is_(None)
        found: int | None = self._value(select(page_link.c.person_id).where(*which, *now).limit(1))
        return found

    def open(self, link_id: int, now: datetime) -> bool:
        taken = {"opened_at": now, "token": None}
        return self._run(update(page_link).where(page_link.c.id == link_id, *_unused()).values(taken)) == 1

    def end(self, link_id: int, now: datetime) -> None:
        still = page_link.c.id == link_id, page_link.c.ended_at.is_(None)
        self._run(update(page_link).where(*still).values(ended_at=now, token=None))

    def end_waiting(self, activity_id: int, kind: PageKind, person_id: int, now: datetime) -> None:
        mine = page_link.c.activity_id == activity_id, page_link.c.person_id == person_id, page_link.c.kind == kind
        self._run(update(page_link).where(*mine, *_unused()).values(ended_at=now, token=None))

    def purge(self, made_before: datetime) -> int:
        return self._run(delete(page_link).where(page_link.c.made_at < made_before))


def _unused() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return page_link.c.opened_at.is_(None), page_link.c.ended_at.is_(None)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
