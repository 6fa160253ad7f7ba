"""What use cases ask of storage about one-time links. See `purchasing.ports` for what holds for all ports."""

from datetime import datetime
from typing import Protocol

from purchasing.page_links import PageKind, PageLink


class PageLinks(Protocol):
    def add(self, draft: PageLink, token: str) -> PageLink:
        """`draft` has id 0. The token is kept sealed until it is used, and found by its digest."""
        ...

    def by_token(self, token: str) -> PageLink | None: ...
    def waiting(self, activity_id: int, person_id: int, now: datetime) -> dict[PageKind, tuple[PageLink, str]]:
        """The person's links that can still be opened, with their tokens."""
        ...

    def looking(self, activity_id: int, kind: PageKind, opened_after: datetime) -> int | None:
        """Whose link of this kind is open: the person, None when nobody's is."""
        ...

    def open(self, link_id: int, now: datetime) -> bool:
        """Takes the link and erases its token; False when it was taken or ended before."""
        ...

    def end(self, link_id: int, now: datetime) -> None: ...
    def end_waiting(self, activity_id: int, kind: PageKind, person_id: int, now: datetime) -> None:
        """Ends the person's links of this kind that nobody has opened."""
        ...

    def purge(self, made_before: datetime) -> int: ...
