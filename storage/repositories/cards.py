"""The outbox. A card has at most one row waiting: the index `uq_outbox_pending` says so, and touches meet in it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, delete, exists, func, literal, or_, select, true, update

from purchasing.cards import Address, Card, Outgoing
from purchasing.words import Lane
from storage.repositories.base import Repository, any_of, record, unique
from storage.tables import card, outbox

_PENDING = outbox.c.buried_at.is_(None)
_DUE = or_(outbox.c.not_before.is_(None), outbox.c.not_before <= bindparam("now"))
_ORDER = outbox.c.lane, outbox.c.created_at, outbox.c.id
_RANKED = (
    select(outbox.c.id, func.row_number().over(partition_by=card.c.chat_id, order_by=_ORDER).label("rank"))
    .join(card)
    .where(_PENDING, _DUE, card.c.chat_id.not_in(any_of("skipped")))
    .subquery()
)
_NEXT = (
    select(outbox, *(column.label(f"card_{column.name}") for column in card.c if column.name != "id"))
    .join(card)
    .join(_RANKED, _RANKED.c.id == outbox.c.id)
    .where(_RANKED.c.rank == 1)
    .order_by(*_ORDER)
    .limit(bindparam("most"))
)
_ANY_DUE = select(outbox.c.id).where(_PENDING, _DUE).limit(1)
_SOONEST = select(func.min(outbox.c.not_before)).where(_PENDING)


class SqlCards(Repository):
    def post(self, chat_id: int, address: Address, lane: Lane, now: datetime, dedupe: str = "") -> int:
        values = {"chat_id": chat_id, "dedupe": dedupe or None} | _showing(address)
        added = self._insert(card).values(values).on_conflict_do_nothing(index_elements=[card.c.dedupe])
        card_id: int | None = self._value(added.returning(card.c.id))
        if card_id is None:
            return int(self._value(select(card.c.id).where(card.c.dedupe == dedupe)))
        self._push(_only(card_id), lane, now)
        return card_id

    def show(self, chat_id: int, message_id: int, address: Address, lane: Lane, now: datetime) -> int:
        values = {"chat_id": chat_id, "message_id": message_id} | _showing(address)
        turned = self._insert(card).values(values)
        turned = turned.on_conflict_do_update(
            index_elements=[card.c.chat_id, card.c.message_id], set_=_showing(address)
        )
        card_id = int(self._value(turned.returning(card.c.id)))
        self._push(_only(card_id), lane, now)
        return card_id

    def touch(self, subject: str, lane: Lane, now: datetime) -> int:
        waits = exists().where(outbox.c.card_id == card.c.id, _PENDING)
        shown = or_(card.c.message_id.is_not(None), waits)  # one never sent and buried stays dead
        return self._push(select(card.c.id).where(card.c.subject == subject, shown), lane, now)

    def remove(self, card_id: int, now: datetime) -> None:
        self._push(_only(card_id), Lane.RESULT, now)
        self._run(update(outbox).where(outbox.c.card_id == card_id, _PENDING).values(delete=True))

    def by_message(self, chat_id: int, message_id: int) -> Card | None:
        row = self._row(select(card).where(card.c.chat_id == chat_id, card.c.message_id == message_id))
        return _card(row) if row else None

    def next(self, now: datetime, skip_chats: Collection[int], limit: int) -> list[Outgoing]:
        return [_outgoing(row) for row in self._rows(_NEXT, now=now, skipped=unique(skip_chats), most=limit)]

    def next_due(self, now: datetime) -> datetime | None:
        if self._row(_ANY_DUE, now=now):
            return now
        soonest: datetime | None = self._value(_SOONEST)
        return soonest

    def done(self, sent: Outgoing, message_id: int | None, media: str, digest: str, now: datetime) -> None:
        if sent.delete:
            self._run(delete(card).where(card.c.id == sent.card.id))
            return
        values: dict[str, Any] = {"media": media, "digest": digest}
        if message_id is not None:
            self._take_message(sent.card, message_id, now)
            values["message_id"] = message_id
        self._run(update(card).where(card.c.id == sent.card.id).values(values))
        if self._run(delete(outbox).where(outbox.c.id == sent.id, outbox.c.version == sent.version)):
            return
        if not self._run(update(outbox).where(outbox.c.id == sent.id).values(attempts=0, not_before=None)):
            # frozen for a while, we may have sent an old state over what another life has shown since
            self._push(_only(sent.card.id), Lane.PRESS, now)

    def retry(self, outgoing_id: int, not_before: datetime, error: str) -> None:
        values = {"attempts": outbox.c.attempts + 1, "not_before": not_before, "error": error}
        self._run(update(outbox).where(outbox.c.id == outgoing_id).values(values))

    def bury(self, outgoing_id: int, error: str, now: datetime) -> None:
        self._run(update(outbox).where(outbox.c.id == outgoing_id).values(buried_at=now, error=error))

    def bury_chat(self, chat_id: int, error: str, now: datetime) -> int:
        in_chat = outbox.c.card_id.in_(select(card.c.id).where(card.c.chat_id == chat_id))
        return self._run(update(outbox).where(in_chat, _PENDING).values(buried_at=now, error=error))

    def forget_message(self, card_id: int) -> None:
        self._run(update(card).where(card.c.id == card_id).values(message_id=None, media="", digest=""))

    def purge(self, buried_before: datetime, keep: int) -> int:
        self._run(delete(outbox).where(outbox.c.buried_at < buried_before))
        oldest_kept = select(card.c.id).order_by(card.c.id.desc()).offset(keep).limit(1).scalar_subquery()
        waits = exists().where(outbox.c.card_id == card.c.id)
        return self._run(delete(card).where(card.c.id <= oldest_kept, ~waits))

    def _push(self, cards: Select[Any], lane: Lane, now: datetime) -> int:
        """A waiting row for each of the cards; one that waits already keeps its age and gets the more urgent lane."""
        values = select(
            cards.subquery().c.id, literal(lane, outbox.c.lane.type), literal(now, outbox.c.created_at.type)
        )
        # without a WHERE SQLite takes the ON of ON CONFLICT for a join's
        added = self._insert(outbox).from_select(["card_id", "lane", "created_at"], values.where(true()))
        urgent = func.min if self._connection.dialect.name == "sqlite" else func.least
        return self._run(
            added.on_conflict_do_update(
                index_elements=[outbox.c.card_id],
                index_where=_PENDING,
                set_={"version": outbox.c.version + 1, "lane": urgent(outbox.c.lane, added.excluded.lane)},
            )
        )

    def _take_message(self, sent: Card, message_id: int, now: datetime) -> None:
        """Somebody pressed a button of the message before we noted that it was sent: what they were shown then is
        what this card shows now."""
        same = and_(card.c.chat_id == sent.chat_id, card.c.message_id == message_id, card.c.id != sent.id)
        other = self._row(select(card).where(same))
        if other is None:
            return
        self._run(delete(card).where(card.c.id == other["id"]))
        turned = {"address": other["address"], "subject": other["subject"]}
        self._run(update(card).where(card.c.id == sent.id).values(turned))
        self._push(_only(sent.id), Lane.PRESS, now)


def _only(card_id: int) -> Select[Any]:
    return select(card.c.id).where(card.c.id == card_id)


def _showing(address: Address) -> dict[str, str]:
    return {"address": str(address), "subject": address.subject}


def _card(row: Any) -> Card:
    return record(Card, row, address=Address.parse(row["address"]))


def _outgoing(row: Any) -> Outgoing:
    fields = {name.removeprefix("card_"): value for name, value in row.items() if name.startswith("card_")}
    return record(Outgoing, row, card=_card(fields | {"id": row["card_id"]}))
