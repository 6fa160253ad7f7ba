"""Who is told and when: digests, quiet hours, duty, and questions that go on to others. Each thing once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from purchasing.activities import Activity, Question
from purchasing.cards import Address
from purchasing.digests import send_digests
from purchasing.escalate import escalate
from purchasing.orders import LineData
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.quiet_hours import quiet_since
from purchasing.reserve.plan import ReservePlan
from purchasing.tell import tell, tell_question
from purchasing.words import ActivityKind, ActivityState, Lane, LineStatus, Priority, ProviderName, Role
from tests.support.desk import OWNER_ID, Chatter, Desk

BUYER, OTHER = 2002, 2003


async def news(desk: Desk, user_id: int, number: str) -> None:
    """Something happened to an order, of which this person is to be told."""
    now = desk.clock()

    def unit(store: Store) -> None:
        person = store.people.by_telegram(user_id)
        assert person
        order = store.orders.ensure(number, "files", now)
        tell(store, [person], Address.of("order_news", order.id), Lane.RESULT, now, f"news:{number}")

    await desk.write(unit)
    await desk.settle()


async def tick(desk: Desk) -> None:
    """What the scheduler does every few seconds."""
    await desk.write(lambda store: escalate(store, desk.clock()))
    await desk.write(lambda store: send_digests(store, desk.clock()))
    await desk.settle()


async def from_bot(person: Chatter) -> list[str]:
    return [message.text for message in await person.messages() if message.from_bot]


async def quiet_now(desk: Desk, person: Chatter) -> None:
    """Quiet hours from an hour ago for eight hours, typed by the person."""
    start = (desk.clock() - timedelta(hours=1)).hour
    await person.send("/me")
    await person.press("What I am told of")
    await person.press("Quiet hours")
    await person.send(f"{start}-{(start + 8) % 24}")


async def test_everybody_sets_their_own(desk: Desk) -> None:
    viewer = await desk.person(BUYER, Role.VIEWER)
    await viewer.send("/start")
    await viewer.press("My settings")
    assert "Your role: viewer" in viewer.screen.text
    await viewer.press("Time zone")
    await viewer.send("Asia/Shanghai")
    await viewer.press("What I am told of")
    await viewer.press("parcels and the warehouse")
    await viewer.press("Routine news")
    await viewer.press("a digest every 30 minutes")
    await viewer.press("Quiet hours")
    await viewer.send("25-8")
    assert "written like 22:30-8:00" in viewer.screen.text
    assert "You typed: 25-8" in viewer.screen.text
    await viewer.send("22:30-8")
    assert "Quiet hours: 22:30–08:00" in viewer.screen.text
    await viewer.press("Go off duty")
    stored = await desk.somebody(BUYER)
    assert (stored.zone, stored.muted, stored.digest, stored.quiet, stored.on_duty) == (
        "Asia/Shanghai",
        ("parcels",),
        30,
        (22 * 60 + 30, 8 * 60),
        False,
    )
    await viewer.press("Back")
    assert "Routine news: a digest every 30 minutes" in viewer.screen.text


async def test_nobody_sets_it_for_others_but_an_owner(desk: Desk) -> None:
    viewer = await desk.person(BUYER, Role.VIEWER)
    await viewer.send("/start")
    owner = await desk.somebody()
    for data in (f"pduty:{owner.id}:0", f"pdigest:{owner.id}:60", f"pquiet|{owner.id}|22-8", f"plang:{owner.id}:ru"):
        await viewer.press_stale(viewer.screen.id, data)
        assert "role doesn't allow" in viewer.answer
    assert await desk.somebody() == owner
    await desk.owner.send("/settings")
    await desk.owner.press("Staff")
    await desk.owner.press("Person 2002")
    await desk.owner.press("What they are told of")
    await desk.owner.press("Go off duty")
    assert not (await desk.somebody(BUYER)).on_duty


async def test_news_is_gathered_into_one_quiet_digest(desk: Desk) -> None:
    buyer = await desk.person(BUYER, Role.BUYER)
    await buyer.send("/me")
    await buyer.press("What I am told of")
    await buyer.press("Routine news")
    await buyer.press("a digest every 15 minutes")
    before = len(await from_bot(buyer))
    await news(desk, BUYER, "1001")
    await news(desk, BUYER, "1002")
    await news(desk, BUYER, "1002")
    await tick(desk)
    assert len(await from_bot(buyer)) == before, "it is gathered first"
    desk.clock.advance(timedelta(minutes=16))
    await tick(desk)
    await tick(desk)
    await buyer.look()
    assert len(await from_bot(buyer)) == before + 1
    assert "2 things for you" in buyer.screen.text
    assert "1001" in buyer.screen.text
    assert "1002" in buyer.screen.text
    await buyer.press("Open 2")
    assert "Order 1002" in buyer.screen.text


async def test_nothing_waits_for_who_wants_it_at_once(desk: Desk) -> None:
    await desk.owner.send("/start")
    await news(desk, OWNER_ID, "1001")
    await desk.owner.look()
    assert "Order 1001" in desk.owner.screen.text


async def test_quiet_hours_hold_back_and_end_in_one_digest(desk: Desk) -> None:
    buyer = await desk.person(BUYER, Role.BUYER)
    await quiet_now(desk, buyer)
    before = len(await from_bot(buyer))
    await news(desk, BUYER, "1001")
    await asked(desk, BUYER, started=desk.clock() - timedelta(hours=3))
    await tick(desk)
    assert len(await from_bot(buyer)) == before
    desk.clock.advance(timedelta(hours=8))
    await tick(desk)
    await buyer.look()
    texts = await from_bot(buyer)
    assert "2 things for you" in texts[-1]
    assert "1 item" in texts[-1], "the question, as it is now"


async def test_what_was_started_in_quiet_hours_is_asked_at_once(desk: Desk) -> None:
    buyer = await desk.person(BUYER, Role.BUYER)
    await quiet_now(desk, buyer)
    await asked(desk, BUYER, started=desk.clock())
    await buyer.look()
    assert "❓" in buyer.screen.text


async def asked(desk: Desk, starter: int, started: datetime) -> tuple[Activity, Question]:
    """A reservation that this person started asks about a line."""

    def unit(store: Store) -> tuple[Activity, Question]:
        person = store.people.by_telegram(starter)
        assert person
        order = store.orders.ensure("2001", "files", desk.clock())
        line = store.lines.add(order.id, LineData("1", ProviderName.TAOBAO, "700", title="Cup"), LineStatus.READY)
        account = store.accounts.ensure(ProviderName.TAOBAO, "nick", None, desk.clock())
        plan = ReservePlan(preview_id=store.previews.add(person.id, [], desk.clock()).id, line_ids=[line.id])
        draft = Activity(
            0,
            ActivityKind.RESERVE,
            ActivityState.WAITING,
            plan.model_dump_json(),
            Priority.RESERVE,
            account_id=account.id,
            provider=ProviderName.TAOBAO,
            started_by=person.id,
        )
        activity = store.activities.add(draft, started)
        question = store.questions.ask(activity.id, "sold_out", ("skip", "stop"), {}, [line.id], desk.clock())
        tell_question(store, activity, question, desk.clock())
        return activity, question

    made = await desk.write(unit)
    await desk.settle()
    return made


async def test_an_unanswered_question_goes_on_and_the_first_answer_wins(desk: Desk) -> None:
    starter, other = await desk.person(BUYER, Role.BUYER), await desk.person(OTHER, Role.BUYER)
    resting = await desk.person(2004, Role.BUYER)
    limited = await desk.person(2005, Role.BUYER)
    for person in (starter, other, resting, limited, desk.owner):
        await person.send("/me")
    await resting.press("What I am told of")
    await resting.press("Go off duty")
    await desk.write(lambda store: store.people.save(_without_accounts(store)))
    await asked(desk, BUYER, started=desk.clock())
    asked_people = (starter, other, resting, limited, desk.owner)
    assert await _asked_of(asked_people) == [True, False, False, False, False]
    desk.clock.advance(timedelta(minutes=31))
    await tick(desk)
    assert await _asked_of(asked_people) == [True, True, False, False, False]
    desk.clock.advance(timedelta(minutes=31))
    await tick(desk)
    await tick(desk)
    assert await _asked_of(asked_people) == [True, True, False, False, True]
    await other.look()
    await other.press("Skip this item")
    for person in (starter, desk.owner):
        await person.look()
        assert "✓ Person 2003" in person.screen.text
        assert "Skip this item" in person.screen.text
    data = "ans:1:0:0:1"
    await desk.owner.press_stale(desk.owner.screen.id, data)
    assert "Person 2003" in desk.owner.answer


async def test_a_question_of_a_stopped_activity_needs_no_answer_any_more(desk: Desk) -> None:
    await desk.owner.send("/start")
    await asked(desk, OWNER_ID, started=desk.clock())
    await desk.owner.look()
    question = desk.owner.screen
    await desk.owner.send("/activities")
    await desk.owner.press("Reservation")
    await desk.owner.press("Stop")
    await desk.owner.press("Yes, stop")
    shown = next(one for one in await desk.owner.messages() if one.id == question.id)
    assert "No answer is needed any more" in shown.text
    assert "Skip this item" in question.labels
    assert "Skip this item" not in shown.labels


def _without_accounts(store: Store) -> Person:
    person = store.people.by_telegram(2005)
    assert person
    return replace(person, accounts=())


async def _asked_of(people: tuple[Chatter, ...]) -> list[bool]:
    return [sum("❓ 1 item" in text for text in await from_bot(person)) == 1 for person in people]


async def test_a_question_goes_to_the_assignee_too(desk: Desk) -> None:
    starter, assignee = await desk.person(BUYER, Role.BUYER), await desk.person(OTHER, Role.BUYER)
    for person in (starter, assignee):
        await person.send("/start")

    def assign(store: Store) -> None:
        order = store.orders.ensure("2001", "files", desk.clock())
        person = store.people.by_telegram(OTHER)
        store.orders.save(replace(order, assignee_id=person.id if person else None))

    await desk.write(assign)
    await asked(desk, BUYER, started=desk.clock())
    assert await _asked_of((starter, assignee)) == [True, True]


@pytest.mark.parametrize(
    ("zone", "now", "quiet"),
    [
        ("UTC", "21:59", False),
        ("UTC", "22:00", True),
        ("UTC", "07:59", True),
        ("UTC", "08:00", False),
        ("Asia/Shanghai", "14:30", True),
        ("Asia/Shanghai", "23:30", True),
        ("Asia/Shanghai", "00:30", False),
    ],
)
def test_quiet_hours_follow_the_persons_clock(zone: str, now: str, quiet: bool) -> None:
    person = Person(1, 1, "", Role.BUYER, "en", zone, quiet=(22 * 60, 8 * 60))
    moment = datetime.strptime(f"2026-03-29 {now}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    since = quiet_since(person, moment)
    assert (since is not None) is quiet
    assert since is None or timedelta() <= moment - since < timedelta(hours=10)
