"""The outbox: nothing lost, nothing twice, newest state, urgent first."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from purchasing.cards import Address, Outgoing
from purchasing.ports import Store
from purchasing.words import Lane
from storage.engine import SqlDatabase

HOME, WORK = Address.of("home"), Address.of("activity", 12, "log")
SOON = timedelta(seconds=10)


def pending(store: Store, now: datetime, *skip: int) -> list[Outgoing]:
    return store.cards.next(now, skip, 10)


def send(store: Store, now: datetime, message_id: int) -> Outgoing:
    outgoing = pending(store, now)[0]
    store.cards.done(outgoing, message_id, "photo", "d", now)
    return outgoing


async def test_a_posted_card_is_sent_once(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        card_id = store.cards.post(5, WORK, Lane.RESULT, now)
        (outgoing,) = pending(store, now)
        assert (outgoing.card.id, outgoing.card.chat_id, outgoing.card.address) == (card_id, 5, WORK)
        assert (outgoing.card.message_id, outgoing.lane, outgoing.delete) == (None, Lane.RESULT, False)
        store.cards.done(outgoing, 100, "photo", "digest", now)
        assert pending(store, now) == []
        card = store.cards.by_message(5, 100)
        assert card is not None
        assert (card.id, card.media, card.digest) == (card_id, "photo", "digest")
        assert store.cards.by_message(6, 100) is None

    await db.write(unit)


async def test_a_dedupe_posts_once(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        first = store.cards.post(5, WORK, Lane.RESULT, now, "shipped:1")
        send(store, now, 100)
        assert store.cards.post(5, HOME, Lane.RESULT, now, "shipped:1") == first
        assert pending(store, now) == []
        assert store.cards.post(5, HOME, Lane.RESULT, now) != store.cards.post(5, HOME, Lane.RESULT, now)

    await db.write(unit)


async def test_touches_meet_in_one_row(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        for chat in (5, 6):
            store.cards.post(chat, WORK, Lane.RESULT, now)
            send(store, now, 100)
        assert store.cards.touch("activity:12", Lane.PROGRESS, now) == 2
        assert store.cards.touch("activity:12", Lane.PRESS, now + SOON) == 2
        assert store.cards.touch("activity:1", Lane.PRESS, now) == 0
        rows = pending(store, now + SOON)
        assert [(row.lane, row.created_at) for row in rows] == [(Lane.PRESS, now)] * 2
        store.cards.touch("activity:12", Lane.PROGRESS, now)
        assert {row.lane for row in pending(store, now)} == {Lane.PRESS}

    await db.write(unit)


async def test_a_touch_while_it_is_being_sent_keeps_it_waiting(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        store.cards.post(5, WORK, Lane.RESULT, now)
        (taken,) = pending(store, now)
        store.cards.touch("activity:12", Lane.PROGRESS, now)
        store.cards.done(taken, 100, "", "old", now)
        (again,) = pending(store, now)
        assert (again.id, again.card.message_id, again.card.digest) == (taken.id, 100, "old")
        store.cards.done(again, None, "", "new", now)
        assert pending(store, now) == []
        card = store.cards.by_message(5, 100)
        assert card is not None
        assert card.digest == "new"

    await db.write(unit)


async def test_what_a_frozen_life_shows_late_is_shown_anew(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        store.cards.post(5, WORK, Lane.RESULT, now)
        (taken,) = pending(store, now)
        store.cards.done(taken, 100, "", "new", now)
        store.cards.done(taken, 100, "", "old", now)
        (again,) = pending(store, now)
        assert (again.card.message_id, again.card.digest) == (100, "old"), "so that what holds now differs from it"

    await db.write(unit)


async def test_a_message_is_turned_in_place(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        card_id = store.cards.post(5, HOME, Lane.RESULT, now)
        send(store, now, 100)
        assert store.cards.show(5, 100, WORK, Lane.PRESS, now) == card_id
        (outgoing,) = pending(store, now)
        assert (outgoing.card.address, outgoing.card.message_id) == (WORK, 100)
        assert store.cards.touch("home", Lane.PRESS, now) == 0
        unknown = store.cards.show(5, 7, HOME, Lane.PRESS, now)
        found = store.cards.by_message(5, 7)
        assert found is not None
        assert found.id == unknown

    await db.write(unit)


async def test_a_press_before_the_sending_was_noted_is_shown(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        card_id = store.cards.post(5, HOME, Lane.RESULT, now, "hello")
        (sent,) = pending(store, now)
        store.cards.show(5, 100, WORK, Lane.PRESS, now)
        store.cards.done(sent, 100, "", "d", now)
        (again,) = pending(store, now)
        assert (again.card.id, again.card.message_id, again.card.address) == (card_id, 100, WORK)
        assert store.cards.post(5, HOME, Lane.RESULT, now, "hello") == card_id

    await db.write(unit)


async def test_of_a_chat_only_the_first_comes_by_lane_and_age(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        progress = store.cards.post(5, HOME, Lane.PROGRESS, now)
        question = store.cards.post(5, WORK, Lane.QUESTION, now + 2 * SOON)
        older, newer = (store.cards.post(chat, HOME, Lane.PRESS, now + n * SOON) for n, chat in enumerate((6, 7)))
        later = now + 3 * SOON
        assert [row.card.id for row in pending(store, later)] == [question, older, newer]
        assert [row.card.id for row in pending(store, later, 5, 6)] == [newer]
        assert [row.card.id for row in store.cards.next(later, [], 2)] == [question, older]
        store.cards.done(pending(store, later)[0], 1, "", "", now)
        assert [row.card.id for row in pending(store, later)] == [older, newer, progress]

    await db.write(unit)


async def test_a_retry_waits_and_does_not_hold_up_others(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        assert store.cards.next_due(now) is None
        store.cards.post(5, HOME, Lane.QUESTION, now)
        assert store.cards.next_due(now) == now
        store.cards.retry(pending(store, now)[0].id, now + SOON, "500")
        assert pending(store, now) == []
        assert store.cards.next_due(now) == now + SOON
        other = store.cards.post(5, WORK, Lane.PROGRESS, now)
        assert [row.card.id for row in pending(store, now)] == [other]
        (first,) = pending(store, now + SOON)
        assert first.attempts == 1

    await db.write(unit)


async def test_dead_letters_stay_dead(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        store.cards.post(5, WORK, Lane.RESULT, now)
        store.cards.bury(pending(store, now)[0].id, "refused", now)
        assert store.cards.touch("activity:12", Lane.PRESS, now) == 0
        for _ in range(2):
            store.cards.post(6, HOME, Lane.RESULT, now)
        store.cards.post(7, HOME, Lane.RESULT, now)
        assert store.cards.bury_chat(6, "blocked", now) == 2
        assert [row.card.chat_id for row in pending(store, now)] == [7]

    await db.write(unit)


async def test_a_buried_edit_may_be_tried_by_a_later_touch(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        store.cards.post(5, WORK, Lane.RESULT, now)
        send(store, now, 100)
        store.cards.touch("activity:12", Lane.PRESS, now)
        store.cards.bury(pending(store, now)[0].id, "refused", now)
        assert pending(store, now) == []
        assert store.cards.touch("activity:12", Lane.PRESS, now) == 1

    await db.write(unit)


async def test_a_message_is_deleted_even_if_touched_or_still_being_sent(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        card_id = store.cards.post(5, WORK, Lane.RESULT, now)
        (taken,) = pending(store, now)
        store.cards.remove(card_id, now)
        store.cards.touch("activity:12", Lane.PRESS, now)
        store.cards.done(taken, 100, "", "", now)
        (again,) = pending(store, now)
        assert (again.delete, again.card.message_id) == (True, 100)
        store.cards.done(again, None, "", "", now)
        assert pending(store, now) == []
        assert store.cards.by_message(5, 100) is None

    await db.write(unit)


async def test_a_message_that_is_gone_is_made_anew(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        card_id = store.cards.post(5, WORK, Lane.RESULT, now)
        send(store, now, 100)
        store.cards.touch("activity:12", Lane.PRESS, now)
        store.cards.forget_message(card_id)
        (outgoing,) = pending(store, now)
        assert (outgoing.card.message_id, outgoing.card.media, outgoing.card.digest) == (None, "", "")

    await db.write(unit)


async def test_a_card_has_one_pending_row_whatever_the_code_does(db: SqlDatabase, now: datetime) -> None:
    await db.write(lambda store: store.cards.post(5, WORK, Lane.RESULT, now))
    copy = text("INSERT INTO outbox (card_id, lane, created_at) SELECT card_id, lane, created_at FROM outbox")
    with pytest.raises(IntegrityError):
        await db.maintain(lambda connection: connection.execute(copy))


async def test_old_cards_and_dead_letters_are_cleared_but_nothing_that_waits(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        ids = [store.cards.post(7, Address.of("order", number), Lane.RESULT, now) for number in range(5)]
        dead, waiting, *sent = ids
        by_card = {}
        while found := [o for o in store.cards.next(now, (), 1) if o.card.id not in by_card]:
            by_card[found[0].card.id] = found[0]
            if found[0].card.id in sent:
                store.cards.done(found[0], 100 + found[0].card.id, "", "x", now)
            elif found[0].card.id == dead:
                store.cards.bury(found[0].id, "gone", now)
            else:
                store.cards.retry(found[0].id, now + timedelta(hours=1), "later")
        assert store.cards.purge(now, 1) == 2, "all but the newest that has nothing to send"
        assert store.cards.purge(now + timedelta(days=1), 1) == 1, "the dead letter's time is over"
        assert [o.card.id for o in store.cards.next(now + timedelta(hours=2), (), 9)] == [waiting]
        assert store.cards.by_message(7, 100 + sent[-1])

    await db.write(unit)
