"""Going from screen to screen, old buttons, and what nobody understands."""

from bot.screens import Go
from purchasing.errors import BadInput, Conflict, NotAllowed, Stale
from purchasing.words import Role
from tests.support.desk import Desk


async def test_a_button_shows_its_screen_in_place(desk: Desk) -> None:
    await desk.owner.send("/start")
    first = desk.owner.screen.id
    await desk.owner.press("Settings")
    await desk.owner.press("Home")
    assert desk.owner.screen.id == first
    assert "Nothing is waiting" in desk.owner.screen.text


async def test_an_address_without_a_screen_is_polite(desk: Desk) -> None:
    await desk.owner.send("/start")
    await desk.owner.press_stale(desk.owner.screen.id, Go(address="no_such_thing:1:2").pack())
    assert "doesn't exist here yet" in desk.owner.screen.text
    assert "Home" in desk.owner.screen.labels[0]


async def test_a_button_of_an_older_version_is_explained(desk: Desk) -> None:
    await desk.owner.send("/start")
    await desk.owner.press_stale(desk.owner.screen.id, "ancient:5")
    assert "older version" in desk.owner.answer
    assert "Nothing is waiting" in desk.owner.screen.text


async def test_a_command_that_nobody_knows_gets_a_hint(desk: Desk) -> None:
    await desk.owner.send("/nonsense")
    assert "I don't know what to do with this" in desk.owner.screen.text


async def test_a_stranger_gets_nothing(desk: Desk) -> None:
    stranger = await desk.person(6666, None)
    await stranger.send("/start")
    assert [message for message in await stranger.messages() if message.from_bot] == []
    calls = [call for call in desk.server.calls if call.params.get("chat_id") in (6666, "6666")]
    assert calls == []


async def test_blocking_is_noticed_and_coming_back_too(desk: Desk) -> None:
    buyer = await desk.person(1002, Role.BUYER)
    await buyer.send("/start")
    await buyer.block()
    await desk.settle()
    assert (await desk.somebody(1002)).blocked_at is not None
    await buyer.unblock()
    await buyer.send("/start")
    assert (await desk.somebody(1002)).blocked_at is None


async def test_an_owner_known_by_number_gets_a_name(desk: Desk) -> None:
    assert (await desk.somebody()).name == "1001"
    await desk.owner.send("/start")
    assert (await desk.somebody()).name == "Owner"


def test_every_error_of_the_domain_has_words() -> None:
    from bot.explain import excuse, excuse_screen, explain
    from bot.texts import LANGUAGES, Reader

    for error in (NotAllowed(), Stale(), Conflict("x"), Conflict("x", "Buyer"), BadInput("zip", "zip_6_digits", "1")):
        for language in LANGUAGES:
            reader = Reader(language)
            assert len(explain(error, reader)) > 10
            assert excuse_screen(error, reader).rows
        assert len(str(excuse(error)).encode()) <= 48
