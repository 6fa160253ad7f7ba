"""Owners invite, limit and remove people in the chat; strangers get nothing unless they bring a good invitation."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from purchasing.errors import NotAllowed
from purchasing.manage_accounts import account_of
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.words import ProviderName, Role, SessionState
from tests.support.desk import OWNER_ID, Chatter, Desk

GUEST = 2002


async def invited(desk: Desk, role: str = "buyer") -> str:
    """The token of a fresh invitation's link."""
    await desk.owner.send("/settings")
    await desk.owner.press("Staff")
    await desk.owner.press("➕ Invite")
    await desk.owner.press(role)
    found = re.search(r"t\.me/vykup_424242_bot\?start=([\w-]+)", desk.owner.screen.text)
    assert found
    return found[1]


async def stored(desk: Desk, user_id: int) -> Person | None:
    return await desk.read(lambda store: store.people.by_telegram(user_id))


async def silent(guest: Chatter) -> bool:
    return not [message for message in await guest.messages() if message.from_bot]


async def audit(desk: Desk) -> list[tuple[str, str, str]]:
    entries, _ = await desk.read(lambda store: store.audit.page("", 0, 50))
    return [(entry.action, entry.before, entry.after) for entry in entries]


async def test_a_stranger_joins_by_a_link_once(desk: Desk) -> None:
    token = await invited(desk)
    guest, late = await desk.person(GUEST, None), await desk.person(GUEST + 1, None)
    await guest.send("/start")
    assert await silent(guest)
    await guest.send(f"/start {token}")
    assert "Vykup" in guest.screen.text
    joined = await stored(desk, GUEST)
    assert joined
    assert (joined.role, joined.language, joined.accounts) == (Role.BUYER, "en", None)
    await desk.owner.look()
    assert "Role: buyer" in desk.owner.screen.text, "the owner is told who joined"
    assert ("join", "", "buyer") in await audit(desk)
    await late.send(f"/start {token}")
    assert await silent(late)
    assert await stored(desk, GUEST + 1) is None


async def test_a_link_ends_after_a_day_and_when_it_is_withdrawn(desk: Desk) -> None:
    old = await invited(desk)
    desk.clock.advance(timedelta(hours=25))
    withdrawn = await invited(desk, "viewer")
    await desk.owner.press("Withdraw")
    guest = await desk.person(GUEST, None)
    for token in (old, withdrawn, "x" * 32):
        await guest.send(f"/start {token}")
    assert await silent(guest)
    assert await stored(desk, GUEST) is None


async def test_wrong_tokens_are_limited_and_write_nothing(desk: Desk) -> None:
    token, guest = await invited(desk), await desk.person(GUEST, None)

    def rows(store: Store) -> int:
        return len(store.people.all()) + len(store.inbox.pending())

    before = await desk.read(rows)
    for number in range(5):
        await guest.send(f"/start {number:x>32}")
    await guest.send(f"/start {token}")
    assert await silent(guest), "who guessed so often isn't believed any more"
    assert await desk.read(rows) == before


async def test_the_link_stands_sealed_in_the_database(desk: Desk) -> None:
    token = await invited(desk)
    await desk.settle()
    files = desk.app.settings.data_dir.glob("vykup.db*")
    assert token.encode() not in b"".join(path.read_bytes() for path in files)


async def test_a_person_is_given_role_language_zone_and_topics(desk: Desk) -> None:
    guest = await desk.person(GUEST, Role.VIEWER)
    owner = desk.owner
    await owner.send("/settings")
    await owner.press("Staff")
    await owner.press("Person 2002")
    assert "see everything, change nothing" in owner.screen.text
    await owner.press("Role")
    await owner.press("warehouse")
    await owner.press("Language")
    await owner.press("Русский")
    await owner.press("Time zone")
    await owner.send("Mars/Olympus")
    assert "written like Europe/Moscow" in owner.screen.text
    await owner.send("Asia/Shanghai")
    await owner.press("What they are told of")
    await owner.press("news of orders")
    person = await stored(desk, GUEST)
    assert person
    assert (person.role, person.language, person.zone, person.muted) == (
        Role.WAREHOUSE,
        "ru",
        "Asia/Shanghai",
        ("news",),
    )
    await guest.send("/start")
    assert "Выкуп" in guest.screen.text, "and reads Russian now"
    assert ("person.role", "viewer", "warehouse") in await audit(desk)


async def test_only_chosen_accounts_may_be_used(desk: Desk) -> None:
    await desk.person(GUEST, Role.BUYER)

    def accounts(store: Store) -> list[int]:
        made = [store.accounts.ensure(ProviderName.TAOBAO, nick, None, desk.clock()) for nick in ("one", "two")]
        for account in made:
            store.accounts.set_secret(account.id, b"x", None)
            store.accounts.save(replace(account, session=SessionState.ACTIVE))
        return [account.id for account in made]

    first, second = await desk.write(accounts)
    owner = desk.owner
    await owner.send("/settings")
    await owner.press("Staff")
    await owner.press("Person 2002")
    await owner.press("Accounts")
    await owner.press("Only chosen")
    await owner.press("▫️ one")
    limited = await desk.somebody(GUEST)
    assert limited.accounts == (first,)
    assert (await desk.read(lambda store: account_of(store, limited, first))).nick == "one"
    with pytest.raises(NotAllowed):
        await desk.read(lambda store: account_of(store, limited, second))
    guest = await desk.person(GUEST, Role.BUYER)
    await guest.send("/sessions")
    assert "one" in guest.screen.text
    assert "two" not in guest.screen.text
    await owner.press("All")
    person = await stored(desk, GUEST)
    assert person
    assert person.accounts is None


async def test_a_removed_person_gets_no_answer_and_may_come_back(desk: Desk) -> None:
    guest = await desk.person(GUEST, Role.BUYER)
    await guest.send("/start")
    seen = len(await guest.messages())
    owner = desk.owner
    await owner.send("/settings")
    await owner.press("Staff")
    await owner.press("Person 2002")
    await owner.press("Remove from the staff")
    assert await stored(desk, GUEST), "nothing happens before the confirmation"
    await owner.press("Yes, remove")
    assert await stored(desk, GUEST) is None
    await guest.send("/start")
    assert len(await guest.messages()) == seen + 1, "only their own message"
    token = await invited(desk, "viewer")
    await guest.send(f"/start {token}")
    back = await stored(desk, GUEST)
    assert back
    assert back.role is Role.VIEWER


async def test_the_last_owner_stays(desk: Desk) -> None:
    owner = desk.owner
    await owner.send("/settings")
    await owner.press("Staff")
    await owner.press("owner")
    assert owner.screen.button("Remove from the staff") is None
    await owner.press("Role")
    await owner.press("viewer")
    assert "only owner" in owner.answer
    person = await stored(desk, OWNER_ID)
    assert person
    assert person.role is Role.OWNER


async def test_a_confirmation_belongs_to_one_message_and_works_once(desk: Desk) -> None:
    await desk.person(GUEST, Role.BUYER)
    owner = desk.owner
    guest = await stored(desk, GUEST)
    assert guest
    await owner.send("/start")
    await owner.press_stale(owner.screen.id, f"premove:{guest.id}")
    assert "out of date" in owner.answer
    assert await stored(desk, GUEST), "no question, no effect"


async def test_a_confirmation_holds_only_for_what_was_seen(desk: Desk) -> None:
    await desk.person(GUEST, Role.BUYER)
    owner = desk.owner
    await owner.send("/settings")
    await owner.press("Staff")
    await owner.press("Person 2002")
    await owner.press("Remove from the staff")
    guest = await stored(desk, GUEST)
    assert guest
    await desk.write(lambda store: store.people.rename(guest.id, "Somebody else"))
    await owner.press("Yes, remove")
    assert "just changed" in owner.answer
    assert await stored(desk, GUEST), "the question was about another name"
    await owner.press("Yes, remove")
    assert await stored(desk, GUEST) is None
