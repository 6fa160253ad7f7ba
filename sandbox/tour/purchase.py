"""The tour's main part at the buyer's chat: from an order file to everything reserved, through a kill of the bot."""

import re
from dataclasses import dataclass, field

from sandbox.demo import EXAMPLE, World
from sandbox.pictures import read_qr
from sandbox.telegram.operator import Operator, Seen
from sandbox.tour.steps import ALIBABA_NICK, KEEN, TAOBAO_NICK, Shift, answered, check_truth, expect, until


@dataclass
class PurchaseTour:
    world: World
    owner: Operator
    seen: dict[str, Seen] = field(default_factory=dict)

    def to_preview(self) -> Shift:
        return [
            ("start: the home screen", self.start),
            ("import an order file with a bad row", self.import_file),
            ("log in to Taobao by QR code", self.log_in_to_taobao),
            ("log in to 1688 by its authorisation page", self.log_in_to_1688),
            ("preview every ready line on both marketplaces", self.preview),
        ]

    def to_kill(self) -> Shift:
        return [("reserve, and the bot is killed in the middle", self.reserve_and_kill)]

    def to_reserved(self) -> Shift:
        return [
            ("started again: it goes on by itself", self.reserved_after_all),
            ("answer the questions", self.answer_questions),
            ("everything is reserved, nothing twice", self.done),
        ]

    def at_last(self) -> Shift:
        return [
            ("a file that is no order file", self.not_an_order_file),
            ("a stranger gets nothing", self.stranger),
            ("the same file again changes nothing", self.import_again),
        ]

    async def start(self) -> None:
        await self.owner.start()
        await self.owner.wait_for("Выкуп")

    async def import_file(self) -> None:
        await self.owner.send_document("orders.xlsx", EXAMPLE.read_bytes())
        card = await self.owner.wait_for("новых: 23")
        expect("строка 23" in card.text and "две" in card.text, f"the bad row isn't named: {card.text}")

    async def log_in_to_taobao(self) -> None:
        await self._open("/sessions", "Сессии")
        await self.owner.press("Taobao")
        qr = await self.owner.wait_for(lambda m: "photo" in m.raw)
        content = read_qr(await self.owner.download(qr))
        await self.world.control("taobao", "scan", account=TAOBAO_NICK, content=content)
        await self.owner.wait_for("подтвердите", after=qr.id - 1)
        await self.world.control("taobao", "confirm", account=TAOBAO_NICK, content=content)
        await self.owner.wait_for(lambda m: TAOBAO_NICK in m.text and "photo" not in m.raw, after=qr.id - 1)

    async def log_in_to_1688(self) -> None:
        await self._open("/sessions", "Сессии")
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
        await self._open("/buy", "К закупке")
        await self.owner.press("☑ Все")
        await self.owner.press("Предпросмотр ·")
        card = await self.owner.wait_for(lambda m: m.button("Забронировать") is not None, KEEN)
        for reason in ("распродан", "цена выросла", "конфигурация товара устарела", "меньше минимальной"):
            expect(reason in card.text, f"the preview doesn't say {reason!r}:\n{card.text}")
        self.seen["preview"] = card

    async def reserve_and_kill(self) -> None:
        """Killed after the marketplace has the order and before the bot knows."""
        await self.world.fault("alibaba1688", "alibaba.trade.fastCreateOrder", "timeout_after")
        await self.owner.press("Забронировать", self.seen["preview"])
        await until(self._ordered_on_1688)
        await self.world.bot.kill()
        await self.world.bot.start()

    async def reserved_after_all(self) -> None:
        card: Seen = self.seen["preview"]
        await self.owner.wait_for(
            lambda m: m.id == card.id and (m.text.count("100 %") == 2 or "ждёт ответа" in m.text), KEEN
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
            await self.owner.wait_for(answered(card.id))

    async def done(self) -> None:
        card: Seen = self.seen["preview"]
        await self.owner.wait_for(lambda m: m.id == card.id and m.text.count("✅") == 2, KEEN)
        await check_truth(self.world)

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
        await check_truth(self.world)

    async def _open(self, command: str, title: str) -> None:
        sent = await self.owner.send(command)
        await self.owner.wait_for(title, after=sent)

    async def _ordered_on_1688(self) -> bool:
        return bool((await self.world.truth("alibaba1688"))["orders"])


def _open_question(message: Seen) -> bool:
    return "❓" in message.text and message.button("данный товар") is not None
