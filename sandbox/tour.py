"""The demo without a person: a scripted operator goes through the main job by pressing buttons by their labels.

Every step says `ok` or `FAILED`. The operator sees only the chat; the marketplaces' truth is asked at the end."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.demo import EXAMPLE, OWNERS, World, make_world
from sandbox.pictures import label, read_qr
from sandbox.telegram.operator import Operator, Seen
from sandbox.tour_desk import DeskTour
from sandbox.tour_money import MoneyTour
from sandbox.tour_warehouse import WarehouseTour
from sandbox.tour_web import WebTour

PATIENCE = 30.0
"""A ceiling for every wait, in seconds; each ends as soon as what it waits for is there."""
GIVE_UP = 3
"""Failures in a row after which the rest makes no sense."""

TAOBAO_NICK, ALIBABA_NICK = "vykup_buyer_01", "vykup1688_01"
TRACKS = ("YT2600000000011", "SF2600000000012")


class Wrong(AssertionError):
    """A step saw something else than it must."""


def expect(condition: object, sentence: str) -> None:
    if not condition:
        raise Wrong(sentence)


@dataclass
class Tour:
    world: World
    owner: Operator
    shipped_order: str = ""
    seen: dict[str, Any] = field(default_factory=dict)

    async def start(self) -> None:
        await self._connected()
        await self.owner.start()
        await self.owner.wait_for("Выкуп")

    async def _connected(self) -> None:
        """The bot's first call tells the sandbox that it is there."""
        url = f"{self.world.urls['telegram']}/_user/{OWNERS[0]}/messages"
        async with asyncio.timeout(PATIENCE):
            while True:
                async with self.world.http.get(url) as response:
                    if response.ok:
                        return
                await asyncio.sleep(0.1)

    async def import_file(self) -> None:
        await self.owner.send_document("orders.xlsx", EXAMPLE.read_bytes())
        card = await self.owner.wait_for("новых: 23")
        expect("строка 23" in card.text and "две" in card.text, f"the bad row isn't named: {card.text}")

    async def log_in_to_taobao(self) -> None:
        await self._home("Сессии")
        await self.owner.press("Taobao")
        qr = await self.owner.wait_for(lambda m: "photo" in m.raw)
        content = read_qr(await self.owner.download(qr))
        await self.world.control("taobao", "scan", account=TAOBAO_NICK, content=content)
        await self.owner.wait_for("подтвердите", after=qr.id - 1)
        await self.world.control("taobao", "confirm", account=TAOBAO_NICK, content=content)
        await self.owner.wait_for(lambda m: TAOBAO_NICK in m.text and "photo" not in m.raw, after=qr.id - 1)

    async def log_in_to_1688(self) -> None:
        await self._home("Сессии")
        await self.owner.press("1688")
        card = await self.owner.wait_for(lambda m: any("url" in b for row in m.buttons for b in row))
        link = next(b["url"] for row in card.buttons for b in row if "url" in b)
        await self.owner.send(await self._authorise(link))
        await self.owner.wait_for(lambda m: ALIBABA_NICK in m.text)

    async def _authorise(self, link: str) -> str:
        """What a person does on 1688's page: picks the account, allows, copies the code."""
        async with self.world.http.get(link) as page:
            form = await page.text()
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
        data = {**hidden, "account": ALIBABA_NICK}
        async with self.world.http.post(link, data=data, allow_redirects=False) as answer:
            text = answer.headers.get("Location", "") or await answer.text()
        found = re.search(r"code=([\w-]+)", text) or re.search(r'id="code"[^>]*>([\w-]+)', text)
        expect(found, f"1688 gave no code: {text[:200]}")
        return found.group(1) if found else ""

    async def preview(self) -> None:
        await self._home("К закупке")
        await self.owner.press("☑ Все")
        await self.owner.press("Предпросмотр ·")
        card = await self.owner.wait_for(lambda m: m.button("Забронировать") is not None, within=90)
        for reason in ("распродан", "цена выросла", "конфигурация товара устарела", "меньше минимальной"):
            expect(reason in card.text, f"the preview doesn't say {reason!r}:\n{card.text}")
        self.seen["preview"] = card

    async def reserve_and_kill(self) -> None:
        """Killed after the marketplace has the order and before the bot knows."""
        await self.world.fault("alibaba1688", "alibaba.trade.fastCreateOrder", "timeout_after")
        await self.owner.press("Забронировать", self.seen["preview"])
        await self._until(self._ordered_on_1688)
        await self.world.bot.kill()
        await self.world.bot.start()

    async def reserved_after_all(self) -> None:
        card: Seen = self.seen["preview"]
        await self.owner.wait_for(
            lambda m: m.id == card.id and (m.text.count("100 %") == 2 or "ждёт ответа" in m.text), within=90
        )

    async def answer_questions(self) -> None:
        """Each of the manual's answers is used, the new price is taken once; a card per reason and marketplace."""
        answers = {
            "цена выросла": ("Купить по новой цене",),
            "распродан": ("Отменить", "Да: "),
            "меньше минимальной": ("Пропустить",),
            "конфигурация товара устарела": ("Отменить", "Да: "),
        }
        open_ones = [m for m in await self.owner.messages() if _open_question(m)]
        cards = list({m.text: m for m in open_ones}.values())  # a kill may have one message repeated: the later counts
        expect(len(cards) == 5, f"five questions were expected, {len(cards)} are there")
        for card in cards:
            for wanted in next(labels for reason, labels in answers.items() if reason in card.text):
                await self.owner.press(wanted, card)
            await self.owner.wait_for(_answered(card.id))

    async def done(self) -> None:
        card: Seen = self.seen["preview"]
        await self.owner.wait_for(lambda m: m.id == card.id and m.text.count("✅") == 2, within=90)
        await self._check_truth()

    async def pay(self) -> None:
        """A person pays on the marketplaces' own pages."""
        for part in ("taobao", "alibaba1688"):
            for order in (await self.world.truth(part))["orders"]:
                if order["status"] == "unpaid":
                    await self.world.control(part, "pay", order_id=order["id"])
        await self.owner.wait_for("выкуплен", within=60)

    async def ship(self) -> None:
        orders = (await self.world.truth("taobao"))["orders"]
        order = max(orders, key=lambda one: len(one["lines"]))  # type: ignore[arg-type]
        lines: list[dict[str, Any]] = order["lines"]  # type: ignore[assignment]
        parcels = [
            {"waybill": number, "lines": [{"sub_id": line["sub_id"], "quantity": line["quantity"]}]}
            for number, line in zip(TRACKS, lines, strict=False)
        ]
        await self.world.control("taobao", "ship", order_id=order["id"], parcels=parcels)
        for number in TRACKS:
            await self.owner.wait_for(number, within=60)

    async def look_up_by_text(self) -> None:
        await self.owner.send(f"что за посылка {TRACKS[0].lower()}?")
        card = await self.owner.wait_for(lambda m: TRACKS[0] in m.text and "Клиент 101" in m.text)
        expect("1001" in card.text, card.text)

    async def look_up_by_photo(self) -> None:
        sent = await self.owner.send_photo(label(TRACKS[1], "顺丰速运"))
        await self.owner.wait_for(lambda m: TRACKS[1] in m.text and "Клиент 101" in m.text, after=sent)

    async def unknown_track(self) -> None:
        sent = await self.owner.send("YT9999999999999")
        await self.owner.wait_for("YT9999999999999", after=sent)

    async def photo_without_a_code(self) -> None:
        sent = await self.owner.send_photo(label("", "без кода"))
        await self.owner.wait_for(lambda m: True, after=sent)

    async def not_an_order_file(self) -> None:
        sent = await self.owner.send_document("notes.txt", "просто текст".encode())
        await self.owner.wait_for("не файл заказов", after=sent)

    async def stranger(self) -> None:
        async with Operator(self.world.urls["telegram"], 999, patience=2) as stranger:
            await stranger.start()
            sent = await self.owner.send("/start")
            await self.owner.wait_for("Выкуп", after=sent)
            expect(not [m for m in await stranger.messages() if m.from_bot], "a stranger got an answer")

    async def import_again(self) -> None:
        sent = await self.owner.send_document("orders.xlsx", EXAMPLE.read_bytes())
        card = await self.owner.wait_for("без изменений: 23", after=sent)
        expect("новых: 0" in card.text and "обновлено: 0" in card.text, card.text)
        await self._check_truth()

    async def _home(self, button: str) -> None:
        sent = await self.owner.send("/start")
        home = await self.owner.wait_for("Выкуп", after=sent)
        await self.owner.press(button, home)

    async def _ordered_on_1688(self) -> bool:
        return bool((await self.world.truth("alibaba1688"))["orders"])

    async def _until(self, condition: Callable[[], Awaitable[bool]]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not await condition():  # noqa: ASYNC110 - the condition is in another process
                await asyncio.sleep(0.05)

    async def _check_truth(self) -> None:
        """Nothing doubled, nothing paid by the bot, escrow everywhere."""
        for part in ("taobao", "alibaba1688"):
            found = await self.world.truth(part)
            expect(not found.get("paying_calls") and not found.get("paying_presses"), f"{part}: the bot has paid")
            contents = Counter(_content(order) for order in found["orders"])
            doubled = [content for content, count in contents.items() if count > 1]
            expect(not doubled, f"{part}: ordered twice: {doubled}")


def _open_question(message: Seen) -> bool:
    return "❓" in message.text and message.button("данный товар") is not None


def _answered(message_id: int) -> Callable[[Seen], bool]:
    return lambda message: message.id == message_id and "✓" in message.text


def _content(order: dict[str, Any]) -> tuple[object, ...]:
    """What an order is about: the example file has no two equal ones."""
    return tuple(sorted((line["item_id"], line["sku_id"], line["quantity"]) for line in order["lines"]))


def steps(tour: Tour) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
    return [
        ("start: the home screen", tour.start),
        ("import an order file with a bad row", tour.import_file),
        ("log in to Taobao by QR code", tour.log_in_to_taobao),
        ("log in to 1688 by its authorisation page", tour.log_in_to_1688),
        ("preview every ready line on both marketplaces", tour.preview),
        ("reserve, and the bot is killed in the middle", tour.reserve_and_kill),
        ("started again: it goes on by itself", tour.reserved_after_all),
        ("answer the questions", tour.answer_questions),
        ("everything is reserved, nothing twice", tour.done),
        *MoneyTour(tour.world, tour.owner).steps(),
        *DeskTour(tour.world, tour.owner, (TAOBAO_NICK, ALIBABA_NICK)).steps(),
        ("a person pays; the bot tells what was bought", tour.pay),
        ("a seller ships in two parcels; track numbers come", tour.ship),
        ("find by a track number in a sentence", tour.look_up_by_text),
        ("find by a photo of a label", tour.look_up_by_photo),
        ("an unknown track number", tour.unknown_track),
        ("a photo without a code", tour.photo_without_a_code),
        *WarehouseTour(tour.owner, TRACKS, "Клиент 101").steps(),
        *WebTour(tour.world, tour.owner).steps(),
        ("a file that is no order file", tour.not_an_order_file),
        ("a stranger gets nothing", tour.stranger),
        ("the same file again changes nothing", tour.import_again),
    ]


async def run() -> int:
    """The number of failed steps; one line a step, and the count at the end."""
    began = time.monotonic()
    passed = failed = in_a_row = 0
    async with make_world() as world, Operator(world.urls["telegram"], OWNERS[0], patience=PATIENCE) as owner:
        for name, step in steps(Tour(world, owner)):
            if in_a_row == GIVE_UP:
                break
            at = time.monotonic()
            try:
                await step()
            except Exception as error:  # noqa: BLE001 - whatever went wrong is the step's failure
                failed, in_a_row = failed + 1, in_a_row + 1
                print(f"FAILED {name} ({_ms(at)} ms): {error!r:.2000}", flush=True)  # noqa: T201 - the command's output
            else:
                passed, in_a_row = passed + 1, 0
                print(f"ok     {name} ({_ms(at)} ms)", flush=True)  # noqa: T201 - the command's output
        if failed:
            print(_last_of_log(world), flush=True)  # noqa: T201 - what to look at first
    print(f"tour: {passed} ok, {failed} failed, {time.monotonic() - began:.1f} s", flush=True)  # noqa: T201
    return failed


def _ms(since: float) -> int:
    return round((time.monotonic() - since) * 1000)


def _last_of_log(world: World) -> str:
    return "the bot's log ends:\n" + world.bot.log.read_text(encoding="utf-8", errors="replace")[-4000:]
