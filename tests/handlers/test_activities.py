"""The list of activities narrowed by kind, account, person and errors; errors with what to do; what is cleared away."""

from dataclasses import replace
from datetime import timedelta

import pytest

from purchasing.activities import Activity, Step
from purchasing.ports import Store
from purchasing.sessions import session_restored
from purchasing.words import ActivityKind, ActivityState, Priority, ProviderName, Role
from scheduler.housekeeping import Housekeeping
from tests.support.desk import Desk


async def ended(
    desk: Desk,
    kind: ActivityKind,
    title: str,
    *,
    account_id: int | None = None,
    mine: bool = True,
    errors: int = 0,
    days_ago: int = 0,
) -> Activity:
    owner = await desk.somebody()

    def unit(store: Store) -> Activity:
        other = store.people.ensure(1002, Role.BUYER, "Other", "en", "UTC")
        starter = owner if mine else other
        at = desk.clock() - timedelta(days=days_ago)
        state = ActivityState.FAILED if errors else ActivityState.DONE
        draft = Activity(0, kind, ActivityState.QUEUED, "{}", Priority.PERSON, account_id=account_id, title=title)
        made = store.activities.add(replace(draft, provider=ProviderName.TAOBAO, started_by=starter.id), at)
        over = replace(made, state=state, errors=errors, ended_at=at)
        store.activities.save(over)
        return over

    return await desk.write(unit)


def titles(desk: Desk) -> list[str]:
    known = ("first", "second", "third")
    return [one for label in desk.owner.screen.labels for one in known if one in label]


async def test_the_list_is_narrowed_and_stays_so(desk: Desk) -> None:
    await ended(desk, ActivityKind.SYNC, "first", errors=1)
    await ended(desk, ActivityKind.IMPORT, "second", mine=False)
    await ended(desk, ActivityKind.IMPORT, "third")
    owner = desk.owner
    await owner.send("/activities")
    await owner.press("Past")
    assert titles(desk) == ["third", "second", "first"]
    await owner.press("Started by me")
    assert titles(desk) == ["third", "first"]
    await owner.press("With errors")
    assert titles(desk) == ["first"]
    assert "Past · 1" in owner.screen.labels
    await owner.press("Kind: all")
    assert titles(desk) == []
    assert "Nothing here fits the filter" in owner.screen.text
    await owner.send("/activities")
    assert "Kind: Reservation" in owner.screen.labels, "the filter is kept"
    await owner.press("Without a filter")
    await owner.press("Past")
    assert titles(desk) == ["third", "second", "first"]


async def test_the_list_of_one_account(desk: Desk) -> None:
    keeper = await desk.somebody()
    name = ProviderName.TAOBAO
    account = await desk.write(lambda s: session_restored(s, name, "tb_01", b"{}", None, keeper.id, desk.clock()))
    await ended(desk, ActivityKind.SYNC, "tb_01", account_id=account.id)
    await ended(desk, ActivityKind.IMPORT, "second")
    owner = desk.owner
    await owner.send("/activities")
    await owner.press("Past")
    await owner.press("Account: all")
    assert "Account: tb_01" in owner.screen.labels
    assert titles(desk) == []
    assert any("Sync · tb_01" in label for label in owner.screen.labels)
    await owner.press("Account: tb_01")
    assert titles(desk) == ["second"]


@pytest.mark.parametrize(
    ("why", "advice", "button"),
    [
        ("recipient_missing", "Fill in the recipient", "Set the recipient"),
        ("limit_reached", "Use another account", "To pay at this account"),
        ("tmall", "Order it on Tmall by hand", "By hand"),
    ],
)
async def test_errors_stand_apart_with_what_to_do(desk: Desk, why: str, advice: str, button: str) -> None:
    keeper, name = await desk.somebody(), ProviderName.TAOBAO
    account = await desk.write(lambda s: session_restored(s, name, "tb_01", b"{}", None, keeper.id, desk.clock()))
    made = await ended(desk, ActivityKind.SYNC, "first", account_id=account.id, errors=1)
    step = Step(made.id, desk.clock(), "error", "refused", (("why", why), ("detail", "")))
    await desk.write(lambda store: store.activities.add_step(step))
    owner = desk.owner
    await owner.send("/activities")
    await owner.press("Past")
    await owner.press("Sync")
    assert "1 error" in owner.screen.text
    assert "💡 " in owner.screen.text
    assert advice in owner.screen.text
    await owner.press(button)
    assert "1 error" not in owner.screen.text


async def test_old_ones_are_cleared_away_as_the_settings_say(desk: Desk) -> None:
    await ended(desk, ActivityKind.IMPORT, "first", days_ago=40)
    asking = await ended(desk, ActivityKind.IMPORT, "second", days_ago=40)
    await desk.write(lambda s: s.questions.ask(asking.id, "import_changed", ("keep",), {}, [], desk.clock()))
    await ended(desk, ActivityKind.IMPORT, "third", days_ago=5)
    owner = desk.owner
    for label, value in (("Past activities kept, days", "10"), ("Past activities kept, at least", "0")):
        await owner.send("/settings")
        await owner.press(label)
        await owner.send("many")
        assert "You typed: many" in owner.screen.text
        await owner.send(value)
    await Housekeeping(desk.app.db, desk.clock, [])()
    await owner.send("/activities")
    await owner.press("Past")
    assert titles(desk) == ["third", "second"], "one with an open question stays"
