"""An owner's settings in the chat: every value checked at once, kept when wrong, audited, and used where it counts."""

from decimal import Decimal

import pytest

from purchasing.activities import Activity
from purchasing.cards import Address
from purchasing.logins import listed_logins
from purchasing.options import option, recipient_or_none
from purchasing.orders import LineData
from purchasing.ports import Store
from purchasing.provider import ProviderLineSeen, ProviderOrderSeen
from purchasing.words import ActivityKind, ActivityState, Lane, LineStatus, Priority, ProviderName, Role, Stage
from tests.support.desk import OWNER_ID, Desk

TAOBAO = {"name": "收货仓库", "mobile": "13800138000", "region": "440106", "zip": "510540", "address": "大源北路1号"}


async def kept(desk: Desk, key: str) -> str:
    return await desk.read(lambda store: option(store, key))


async def audit(desk: Desk) -> list[tuple[str, str, str, str]]:
    entries, _ = await desk.read(lambda store: store.audit.page("", 0, 50))
    return [(entry.action, entry.subject, entry.before, entry.after) for entry in entries]


TURNING = "\u202e"
"""A direction mark, which no screen shows."""


async def provider_page(desk: Desk, name: str = "Taobao") -> None:
    await desk.owner.send("/settings")
    await desk.owner.press(name)


async def ready_line(desk: Desk, provider: ProviderName, order: str) -> int:
    def unit(store: Store) -> int:
        made = store.orders.ensure(order, "files", desk.clock())
        data = LineData(
            key=f"{order}-1", provider=provider, item_id="700", title=f"{order} goods", quantity=1, price=Decimal(5)
        )
        return store.lines.add(made.id, data, LineStatus.READY).id

    return await desk.write(unit)


async def reservation_under_way(desk: Desk) -> None:
    draft = Activity(0, ActivityKind.RESERVE, ActivityState.WAITING, "{}", Priority.RESERVE)
    await desk.write(lambda store: store.activities.add(draft, desk.clock()))


async def test_a_recipient_is_filled_field_by_field(desk: Desk) -> None:
    owner = desk.owner
    await provider_page(desk)
    assert "⚠️ not complete" in owner.screen.text
    await owner.press("Recipient")
    for field, label in (("mobile", "Mobile"), ("region", "Region"), ("zip", "Postal"), ("address", "Address")):
        await owner.press(label)
        assert "Example: " in owner.screen.text
        await owner.send(TAOBAO[field])
        assert "✅ Saved." in owner.screen.text
        assert TAOBAO[field] in owner.screen.text
    assert "Complete: orders can be placed" in owner.screen.text
    await owner.press("Recipient's name")
    await owner.press("Leave empty")
    assert await desk.read(lambda store: recipient_or_none(store, ProviderName.TAOBAO)) is not None
    assert ("setting", "taobao.recipient.zip", "", "510540") in await audit(desk)


@pytest.mark.parametrize("typed", ["13800", "+86 13800138000", "1380013800x", "🙂" * 11, "\u202e1380013800"])
async def test_a_wrong_field_names_the_rule_and_keeps_what_was_typed(desk: Desk, typed: str) -> None:
    await provider_page(desk)
    await desk.owner.press("Recipient")
    await desk.owner.press("Mobile")
    await desk.owner.send(typed)
    assert "has 11 digits and begins with 1" in desk.owner.screen.text
    assert f"You typed: {typed.removeprefix(TURNING)}" in desk.owner.screen.text
    copy = desk.owner.screen.button("Copy what I typed")
    assert copy
    assert copy["copy_text"]["text"] == typed
    assert await kept(desk, "taobao.recipient.mobile") == ""
    await desk.owner.send("13800138000")
    assert await kept(desk, "taobao.recipient.mobile") == "13800138000"


async def test_chinese_is_demanded_on_1688(desk: Desk) -> None:
    await provider_page(desk, "1688")
    await desk.owner.press("Recipient")
    assert "8 fields are missing" in desk.owner.screen.text
    await desk.owner.press("Province")
    await desk.owner.send("Guangdong")
    assert "Chinese characters" in desk.owner.screen.text
    await desk.owner.send("广东省")
    assert "7 fields are missing" in desk.owner.screen.text


async def test_invisible_characters_do_not_get_into_an_address(desk: Desk) -> None:
    await provider_page(desk)
    await desk.owner.press("Recipient")
    await desk.owner.press("Address")
    await desk.owner.send("大源\u202e北路\n1号")
    assert await kept(desk, "taobao.recipient.address") == "大源北路 1号"


@pytest.mark.parametrize(
    ("label", "wrong", "rule", "right", "key", "stored"),
    [
        ("Background sync every", "0", "Minutes from 1 to 1440", "20", "sync.every", "1200"),
        ("Price may differ by, ¥", "-1", "Yuan from 0 to 1000", "1,50", "tolerance.fen", "150"),
        ("Price may differ by, %", "99", "Per cent from 0 to 50", "2.5 %", "tolerance.percent", "2.5"),
        ("Limit for one order", "many", "Yuan from 1", "¥ 8 000", "limit.order.fen", "800000"),
        ("Limit for 24 hours", "1e9", "Yuan from 1", "60000", "limit.day.fen", "6000000"),
    ],
)
async def test_numbers(desk: Desk, label: str, wrong: str, rule: str, right: str, key: str, stored: str) -> None:
    before = await kept(desk, key)
    await desk.owner.send("/settings")
    await desk.owner.press(label)
    await desk.owner.send(wrong)
    assert rule in desk.owner.screen.text
    assert f"You typed: {wrong}" in desk.owner.screen.text
    assert await kept(desk, key) == before
    await desk.owner.send(right)
    assert "✅ Saved." in desk.owner.screen.text
    assert await kept(desk, key) == stored
    assert ("setting", key, before, stored) in await audit(desk)

    await desk.owner.press(label)
    await desk.owner.press("Back to the default")
    assert await kept(desk, key) == before


async def test_a_change_during_a_reservation_says_from_when_it_holds(desk: Desk) -> None:
    await reservation_under_way(desk)
    await desk.owner.send("/settings")
    await desk.owner.press("Limit for one order")
    await desk.owner.send("700")
    assert "the next one uses the new value" in desk.owner.screen.text
    await desk.owner.press("Taobao")
    await desk.owner.press("Switch buying off")
    assert "from the next preview on" in desk.owner.answer


async def test_logins_are_nicks_and_never_phone_numbers(desk: Desk) -> None:
    await provider_page(desk)
    await desk.owner.press("List of logins")
    await desk.owner.send("tb_one\n138 0013 8000\ntb_two")
    assert "A phone number is no login" in desk.owner.screen.text
    assert "138 0013 8000" in desk.owner.screen.text
    assert await desk.read(listed_logins) == []
    await desk.owner.send("tb_one\n\n  包子铺 \ntb_one\ntb1234567890")
    assert await desk.read(listed_logins) == ["tb_one", "包子铺", "tb1234567890"]
    assert "Logins: tb_one, 包子铺, tb1234567890" in desk.owner.screen.text
    await desk.owner.press("List of logins")
    await desk.owner.press("Empty the list")
    assert await desk.read(listed_logins) == []


async def test_a_marketplace_that_is_off_is_offered_nowhere(desk: Desk) -> None:
    owner = desk.owner
    on_taobao = await ready_line(desk, ProviderName.TAOBAO, "T-1")
    await ready_line(desk, ProviderName.ALIBABA1688, "A-1")
    await owner.send("/buy")
    before = owner.screen
    assert "T-1 goods" in " ".join(before.labels)
    await provider_page(desk)
    await owner.press("Switch buying off")
    assert "offered nowhere" in owner.screen.text
    await owner.press("T-1", before)
    assert "switched off" in owner.answer
    await owner.send("/buy")
    assert "1 line is ready" in owner.screen.text
    assert "T-1" not in " ".join(owner.screen.labels)
    await owner.press("☑ All")
    assert "1 line is ticked" in owner.screen.text
    await owner.send("/start")
    assert "1 line to buy" in owner.screen.text

    owner_id = (await desk.somebody()).id
    await desk.write(lambda store: store.selection.add(owner_id, [on_taobao]))
    await owner.send("/buy")
    await owner.press("Preview")
    assert "switched off in the settings" in owner.screen.text

    await provider_page(desk)
    await owner.press("Switch buying on")
    await owner.send("/buy")
    assert "2 lines are ready" in owner.screen.text


async def test_the_check_after_export_is_switched(desk: Desk) -> None:
    await provider_page(desk, "1688")
    assert "Check of an order after it is placed: ✅ on" in desk.owner.screen.text
    await desk.owner.press("Switch the check off")
    assert await kept(desk, "alibaba1688.check_after_export") == "no"
    assert await kept(desk, "taobao.check_after_export") == "yes"


async def test_background_sync_of_a_marketplace_holds_for_its_accounts(desk: Desk) -> None:
    now = desk.clock()
    mine = await desk.write(lambda s: s.accounts.ensure(ProviderName.TAOBAO, "tb_one", None, now))
    other = await desk.write(lambda s: s.accounts.ensure(ProviderName.ALIBABA1688, "one", None, now))
    await provider_page(desk)
    await desk.owner.press("Allow background sync")
    assert "Background sync: ✅ on" in desk.owner.screen.text
    accounts = await desk.read(lambda store: {a.id: a.sync_allowed for a in store.accounts.all()})
    assert accounts == {mine.id: True, other.id: False}


async def test_buying_is_stopped_and_resumed(desk: Desk) -> None:
    await desk.owner.send("/settings")
    await desk.owner.press("Stop buying")
    await desk.owner.press("Yes, stop buying")
    assert "Buying is stopped" in desk.owner.screen.text
    assert await kept(desk, "buying.stopped") == "yes"
    await desk.owner.press("Resume buying")
    assert await kept(desk, "buying.stopped") == "no"
    await desk.owner.send("/stop_buying")
    assert await kept(desk, "buying.stopped") == "yes"
    await desk.owner.press("Home")
    assert "Buying is stopped" in desk.owner.screen.text
    await desk.owner.send("/resume_buying")
    assert await kept(desk, "buying.stopped") == "no"
    assert [entry[2:] for entry in await audit(desk)] == [("yes", "no"), ("no", "yes"), ("yes", "no"), ("no", "yes")]


async def test_settings_are_the_owners_alone(desk: Desk) -> None:
    await desk.owner.send("/settings")
    resume = desk.owner.screen
    await desk.owner.press("Stop buying")
    data = desk.owner.screen.button("Yes, stop buying")
    assert data
    buyer = await desk.person(1002, Role.BUYER)
    await buyer.send("/settings")
    assert "Your role doesn't allow this" in buyer.screen.text
    await buyer.press_stale(buyer.screen.id, data["callback_data"])
    assert "role doesn't allow" in buyer.answer
    await buyer.send("/stop_buying")
    assert "role doesn't allow" in buyer.screen.text
    assert await kept(desk, "buying.stopped") == "no"

    form = resume.button("Limit for one order")
    assert form
    await buyer.send("/start")
    await buyer.press_stale(buyer.screen.id, form["callback_data"])
    assert "role doesn't allow" in buyer.screen.text
    await buyer.send("1")
    assert "don't know what to do with this" in buyer.screen.text  # no form was opened that could take it
    assert await kept(desk, "limit.order.fen") == "500000"


async def test_a_status_is_renamed_shown_and_reset(desk: Desk) -> None:
    line_id = await _bought_line(desk)
    await provider_page(desk)
    await desk.owner.press("Names of statuses")
    await desk.owner.press("WAIT_BUYER_PAY")
    await desk.owner.send("x" * 61)
    assert "1 to 60 characters" in desk.owner.screen.text
    await desk.owner.send("<b>Pay me</b>")
    assert "✏️ <b>Pay me</b> · WAIT_BUYER_PAY" in desk.owner.screen.labels
    assert "The marketplace says: <b>Pay me</b>" in await _line_text(desk, line_id)

    await provider_page(desk)
    await desk.owner.press("Names of statuses")
    await desk.owner.press("Pay me")
    await desk.owner.press("Back to the built-in name")
    assert "Waiting for payment · WAIT_BUYER_PAY" in desk.owner.screen.labels
    assert "The marketplace says: Waiting for payment" in await _line_text(desk, line_id)


async def test_every_status_can_be_opened(desk: Desk) -> None:
    """The longest address of all must fit its button."""
    for name in ("Taobao", "1688"):
        await provider_page(desk, name)
        await desk.owner.press("Names of statuses")
        while (later := desk.owner.screen.button("Next")) and "callback_data" in later:
            await desk.owner.press("Next")
        status = desk.owner.screen.labels[0].split(" · ")[1]
        await desk.owner.press(status)
        assert f"own word: {status}" in desk.owner.screen.text


async def test_everybody_chooses_a_language(desk: Desk) -> None:
    worker = await desk.person(1003, Role.WAREHOUSE)
    await worker.send("/language")
    await worker.press("Русский")
    assert "На каком языке" in worker.screen.text
    assert (await desk.somebody(1003)).language == "ru"


async def test_russian(desk: Desk) -> None:
    person = await desk.somebody()
    await desk.write(lambda store: store.people.set_language(person.id, "ru"))
    await desk.owner.send("/settings")
    await desk.owner.press("Taobao")
    await desk.owner.press("Список логинов")
    await desk.owner.send("13800138000")
    assert "Номер телефона не является логином" in desk.owner.screen.text
    await desk.owner.press("Назад")
    await desk.owner.press("Названия статусов")
    assert "Ждёт оплаты · WAIT_BUYER_PAY" in desk.owner.screen.labels


async def _line_text(desk: Desk, line_id: int) -> str:
    await desk.write(lambda s: s.cards.post(OWNER_ID, Address.of("line", line_id), Lane.PRESS, desk.clock()))
    await desk.owner.look()
    return desk.owner.screen.text


async def _bought_line(desk: Desk) -> int:
    line_id = await ready_line(desk, ProviderName.TAOBAO, "T-9")

    def unit(store: Store) -> None:
        now = desk.clock()
        account = store.accounts.ensure(ProviderName.TAOBAO, "tb_one", None, now)
        seen_line = ProviderLineSeen("1", "700", "", "", "goods", 1, Decimal(5))
        seen = ProviderOrderSeen(
            "4000000000000000001", "WAIT_BUYER_PAY", Stage.UNPAID, 500, 0, "shop", now, (seen_line,)
        )
        order = store.provider_orders.upsert(account.id, ProviderName.TAOBAO, seen, "placed", now)
        store.bindings.bind(line_id, order.lines[0].id, 1, now)

    await desk.write(unit)
    return line_id
