"""An order that got no answer: the card shows what was sent and what the list shows; a person may name the order."""

from purchasing.options import set_defaults
from purchasing.words import LineStatus
from tests.flows.conftest import RECIPIENT
from tests.handlers.gateway import RED, Gateway

CREATE = "alibaba.trade.fastCreateOrder"
SETTINGS = {"reconcile.looks": "0,0,0", "effect.deadline": "1"}


async def unanswered(gateway: Gateway) -> int:
    """A reservation whose order never arrived; the line's id."""
    recipient = {f"alibaba1688.recipient.{field}": value for field, value in RECIPIENT.items()}
    await gateway.desk.write(lambda s: set_defaults(s, recipient | SETTINGS, gateway.desk.clock()))
    line = (await gateway.lines((*RED, 10)))[0]
    async with gateway.http.post(f"{gateway.url}/_control", json={"at": CREATE, "fault": "drop_connection"}) as done:
        assert done.ok
    owner = gateway.desk.owner
    await owner.send("/buy")
    await owner.press("☑ All")
    await owner.press("Preview ·")
    await gateway.rest()
    await owner.press("Reserve 1 line")
    await gateway.rest()
    return line.id


async def test_the_card_shows_what_was_sent_and_what_the_list_shows(gateway: Gateway) -> None:
    await unanswered(gateway)
    text = gateway.desk.owner.screen.text
    assert "Was it ordered?" in text
    assert "Sent" in text
    assert "×10 · ¥2.60" in text
    assert "The account's list showed no such order" in text


async def test_the_order_that_a_person_found_is_read_before_it_counts(gateway: Gateway) -> None:
    line_id = await unanswered(gateway)
    owner = gateway.desk.owner
    await owner.press("It is there: type its number")
    await owner.send("12345")
    assert "10 to 19 digits" in owner.screen.text
    await owner.send("2200000000000000099")
    await gateway.rest()
    assert "Was it ordered?" in owner.screen.text, "there is no such order: asked once more"
    other = await gateway.order((*RED, 6))
    await owner.press("It is there: type its number")
    await owner.send(other)
    await gateway.rest()
    assert "Was it ordered?" in owner.screen.text, "it holds fewer pieces than were sent"
    right = await gateway.order((*RED, 10))
    await owner.press("It is there: type its number")
    await owner.send(right)
    await gateway.rest()
    line = await gateway.desk.read(lambda store: store.lines.get(line_id))
    assert line
    assert line.status is LineStatus.RESERVED
    assert len(await gateway.on_provider()) == 2, "nothing was sent a second time"
