"""The people at the desk: they log in, import files, preview, reserve, answer. They act through the chat alone; only
to know when to go on do they look into the database."""

import asyncio
import json
import re
import time
from typing import Any

from sandbox.telegram.operator import NotSeen, Operator, Seen
from tests.drill.figures import SLOW, say
from tests.drill.goods import Row, as_csv, make_orders
from tests.drill.world import Nick, World

PATIENCE = 60.0


class Person(Operator):
    """One of the staff at their chat; `prefix` begins the numbers of the orders they bring in."""

    def __init__(self, world: World, user_id: int) -> None:
        super().__init__(world.urls["telegram"], user_id, patience=PATIENCE * SLOW)
        self.world, self.user_id = world, user_id
        self.prefix = f"D{user_id}"
        self.files = self.starts = self.ticks = 0
        self.tick_line = 0
        self.rows: list[Row] = []
        self._answered: dict[int, float] = {}
        self._number = self._tick_card = 0

    async def begin(self) -> None:
        await self.start_again()
        await self.wait_for("Vykup")
        await self._search_for_own_orders()

    async def _search_for_own_orders(self) -> None:
        card = await self._to_buy()
        await self.press("Search", card)
        await self.wait_for("Type a part", within=PATIENCE)
        sent = await self.send(self.prefix)
        await self.wait_for(lambda m: f"Only: {self.prefix}" in m.text, after=sent)

    async def _to_buy(self) -> Seen:
        sent = await self.send("/buy")
        return await self.wait_for("To buy", after=sent)

    async def start_again(self) -> None:
        await self.start()
        self.starts += 1

    async def begin_ticking(self) -> None:
        """One line of this person's own is ticked and unticked again and again: an odd count must leave it ticked."""
        await self.bring_orders(self.world.providers[0], 1, 1)
        query = """SELECT l.id FROM order_line l JOIN customer_order o ON o.id = l.order_id
            WHERE o.number LIKE :mine ORDER BY l.id LIMIT 1"""
        self.tick_line = self.world.rows(query, mine=f"{self.prefix}-%")[0][0]
        self._tick_card = (await self._to_buy()).id

    async def tick(self) -> None:
        await self.press_stale(self._tick_card, f"tick:{self.tick_line}:0")
        self.ticks += 1

    # logging in

    async def log_in(self, nick: Nick) -> None:
        sent = await self.send("/sessions")
        card = await self.wait_for("Sessions", after=sent)
        if nick.provider == "taobao":
            await self._log_in_to_taobao(card, nick.name)
        else:
            await self._log_in_to_1688(card, nick.name)
        await self.world.until(lambda: self._has(nick), PATIENCE, f"a session of {nick.name}")

    def _has(self, nick: Nick) -> bool:
        query = "SELECT count(*) FROM account WHERE nick = :nick AND session = 'active'"
        return bool(self.world.count(query, nick=nick.name))

    async def _log_in_to_taobao(self, card: Seen, nick: str) -> None:
        await self.press("➕ Taobao", card)
        from sandbox.pictures import read_qr  # heavy, and wanted by one world of several

        qr = await self.wait_for(lambda m: "photo" in m.raw and "Scan this code" in m.text)
        content = read_qr(await self.download(qr))
        try:
            for deed in ("scan", "confirm"):
                await self.world.control("taobao", deed, account=nick, content=content)
        except RuntimeError as refused:
            raise NotSeen(f"the code was one of a dead browser's: {refused}") from None

    async def _log_in_to_1688(self, card: Seen, nick: str) -> None:
        await self.press("➕ 1688", card)
        seen = await self.wait_for(lambda m: m.id >= card.id and _link(m) is not None)
        await self.send(await self._authorise(str(_link(seen)), nick))

    async def _authorise(self, link: str, nick: str) -> str:
        async with self.world.http.get(link) as page:
            form = await page.text()
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
        async with self.world.http.post(link, data={**hidden, "account": nick}, allow_redirects=False) as answer:
            said = answer.headers.get("Location", "") or await answer.text()
        found = re.search(r"code=([\w-]+)", said) or re.search(r'id="code"[^>]*>([\w-]+)', said)
        assert found, said[:200]
        return found.group(1)

    # orders

    async def bring_orders(self, provider: str, orders: int, most_lines: int = 2, customer: str = "") -> list[Row]:
        """Sends a file with new orders and waits until its lines are there."""
        numbers = [f"{self.prefix}-{self._number + n}" for n in range(orders)]
        self._number += orders
        rows = make_orders(self.world.dice, provider, numbers, most_lines, customer)
        self.rows += rows
        self.files += 1
        await self.send_document(f"{numbers[0]}.csv", as_csv(rows))
        await self.world.until(lambda: self._lines() >= len(self.rows), PATIENCE, f"the lines of {numbers[0]}")
        return rows

    def _lines(self) -> int:
        query = "SELECT count(*) FROM order_line l JOIN customer_order o ON o.id = l.order_id WHERE o.number LIKE :mine"
        return self.world.count(query, mine=f"{self.prefix}-%")

    def ready_lines(self) -> int:
        query = """SELECT count(*) FROM order_line l JOIN customer_order o ON o.id = l.order_id
            WHERE o.number LIKE :mine AND l.status = 'ready'"""
        return self.world.count(query, mine=f"{self.prefix}-%")

    async def reserve(self, *, double_tap: bool = False) -> Seen:
        """Previews all own ready lines and confirms; returns the card once the reservation is under way."""
        for _ in range(3):
            card = await self.preview()
            await self.press_decision(card, double_tap=double_tap)
            if await self._confirmed(card):
                return card
        raise NotSeen(f"no preview could be confirmed\n{self.transcript()}")

    async def preview(self) -> Seen:
        card = await self._to_buy()
        await self.press("☑ All", card)
        await self.press("Preview ·", card)
        seen = await self.wait_for(lambda m: m.id == card.id and (_decision(m) or _accounts(m)) is not None)
        if (labels := _accounts(seen)) is not None:  # a world has one marketplace: one choice goes straight on
            await self.press(self.world.dice.choice(labels), card)
            seen = await self.wait_for(lambda m: m.id == card.id and _decision(m) is not None)
        return seen

    async def press_decision(self, card: Seen, *, double_tap: bool = False) -> None:
        await self.press(str(_decision(card)), card)
        if double_tap:
            await self._press_again(card)

    async def _press_again(self, card: Seen) -> None:
        button = card.button(str(_decision(card)))
        assert button is not None
        await self.press_stale(card.id, button["callback_data"])

    async def _confirmed(self, card: Seen) -> bool:
        """The preview's card turns into the reservation's, or the bot says that it is too late. A press in the moment
        in which the card changed is refused, and made once more."""
        number = self._preview_of(card.id)
        query = "SELECT count(*) FROM preview WHERE id = :id AND confirmed_at IS NOT NULL"
        for _ in range(4):
            try:
                await self.world.until(lambda: self.world.count(query, id=number), 8, "the confirmation")
            except TimeoutError as error:
                say(str(error))
                await self._press_again(card)
            else:
                return True
        return False

    def _preview_of(self, message_id: int) -> int:
        query = "SELECT address FROM card WHERE chat_id = :chat AND message_id = :message"
        return int(self.world.rows(query, chat=self.user_id, message=message_id)[0][0].split(":")[1])

    def unpaid_order(self) -> int:
        """One of this person's orders with something reserved and nobody else's goods in the same provider order,
        which could not be cancelled then; 0 when there is none."""
        query = """SELECT DISTINCT o.id FROM order_line l JOIN customer_order o ON o.id = l.order_id
            WHERE o.number LIKE :mine AND l.status = 'reserved' AND NOT EXISTS (
                SELECT 1 FROM binding b JOIN provider_line p ON p.id = b.provider_line_id
                JOIN provider_line beside ON beside.provider_order_id = p.provider_order_id
                JOIN binding other ON other.provider_line_id = beside.id AND other.ended_at IS NULL
                JOIN order_line theirs ON theirs.id = other.line_id AND theirs.order_id <> o.id
                WHERE b.line_id = l.id AND b.ended_at IS NULL)"""
        found = self.world.rows(query, mine=f"{self.prefix}-%")
        return int(self.world.dice.choice(found)[0]) if found else 0

    def numbers_of(self, order_id: int) -> list[str]:
        """Of the provider orders to which its lines are tied."""
        query = """SELECT DISTINCT p.number FROM provider_order p JOIN provider_line q ON q.provider_order_id = p.id
            JOIN binding b ON b.provider_line_id = q.id AND b.ended_at IS NULL
            JOIN order_line l ON l.id = b.line_id WHERE l.order_id = :order"""
        return [str(row.number) for row in self.world.rows(query, order=order_id)]

    async def unbind(self, order_id: int) -> None:
        """Takes the ties off one order; what hangs on it is asked, and cancelled where nothing else does."""
        card = await self._to_buy()
        await self.press_stale(card.id, f"go|order:{order_id}:bought")
        await self.wait_for(lambda m: m.id == card.id and m.button("Bought") is not None)
        await self.press("☑ All", card)
        await self.press("Unbind ·", card)
        await self.press("Yes, unbind", card)
        await self.world.until(self.busy, PATIENCE, "an unbinding")

    async def link(self, order: str, number: str) -> None:
        """Types the number of an order that is to be linked, on the first of several accounts."""
        before = self._linkings()
        query = "SELECT id FROM customer_order WHERE number = :number"
        order_id = self.world.rows(query, number=order)[0][0]
        card = await self._to_buy()
        await self.press_stale(card.id, f"go|order:{order_id}:ready")
        await self.press("Link with a provider order", card)
        if len(self.world.nicks) > 1:
            await self.press(self.world.nicks[0].name, card)
        await self.wait_for(lambda m: m.id == card.id and "digits" in m.text)
        await self.send(number)
        await self.world.until(lambda: self._linkings() > before, PATIENCE, "a linking")

    def _linkings(self) -> int:
        return self.world.count("SELECT count(*) FROM activity WHERE kind = 'link'")

    async def invite(self) -> str:
        """What a new buyer's link starts the bot with."""
        sent = await self.send("/settings")
        card = await self.wait_for("Settings", after=sent)
        for label in ("Staff", "➕ Invite"):
            await self.press(label, card)
        await self.wait_for(lambda m: m.id == card.id and "buyer" in m.labels)  # not a buyer among the staff
        await self.press("buyer", card)
        seen = await self.wait_for(lambda m: m.id >= card.id and "?start=" in m.text)
        found = re.search(r"\?start=([\w-]+)", seen.text)
        assert found
        return found[1]

    async def remove(self, user_id: int) -> None:
        """Takes somebody off the staff."""
        person_id = self.world.rows("SELECT id FROM person WHERE telegram_id = :id", id=user_id)[0][0]
        card = await self._to_buy()
        await self.press_stale(card.id, f"go|person:{person_id}:remove")
        await self.press("Yes, remove", card)

    def updates(self, *, done: bool) -> int:
        """How many of this person's are carried out, or are taken in and wait."""
        state = "IS NOT NULL" if done else "IS NULL"
        return self.world.count(f"SELECT count(*) FROM inbox WHERE key = :me AND done_at {state}", me=str(self.user_id))  # noqa: S608 - our own words

    async def photograph(self, picture: bytes) -> None:
        """Adds a photo to the first of this person's lines."""
        query = """SELECT l.id FROM order_line l JOIN customer_order o ON o.id = l.order_id
            WHERE o.number LIKE :mine ORDER BY l.id LIMIT 1"""
        line_id = self.world.rows(query, mine=f"{self.prefix}-%")[0][0]
        photos = "SELECT count(*) FROM line_photo WHERE line_id = :line"
        before = self.world.count(photos, line=line_id)
        card = await self._to_buy()
        await self.press_stale(card.id, f"go|line_photos:{line_id}")
        await self.press("📷 Add photos")
        await self.wait_for(lambda m: m.id >= card.id and "Send photos of the goods now" in m.text)
        await self.send_photo(picture)
        await self.world.until(lambda: self.world.count(photos, line=line_id) > before, PATIENCE, "a photo of goods")

    def messages_wait(self) -> bool:
        """Whether messages to this person aren't sent yet."""
        query = """SELECT count(*) FROM outbox o JOIN card c ON c.id = o.card_id
            WHERE c.chat_id = :me AND o.buried_at IS NULL"""
        return bool(self.world.count(query, me=self.user_id))

    async def try_browser(self, nick: str) -> None:
        sent = await self.send("/sessions")
        card = await self.wait_for("Sessions", after=sent)
        await self.press(nick, card)
        for label in ("Browser and proxy", "Try it"):
            await self.press(label, card)
        await self.wait_for(lambda m: m.id >= card.id and ("Being tried" in m.text or "Tried " in m.text))

    def is_asked(self, *, question: str = "%", kind: str = "%") -> bool:
        """Whether such a question is open, of an activity of this kind."""
        query = """SELECT count(*) FROM question q JOIN activity a ON a.id = q.activity_id
            WHERE q.state = 'open' AND q.kind LIKE :question AND a.kind LIKE :kind"""
        return bool(self.world.count(query, question=question, kind=kind))

    def busy(self) -> bool:
        """Something that this person started isn't over."""
        query = """SELECT count(*) FROM activity a JOIN person p ON p.id = a.started_by
            WHERE a.state IN ('queued', 'running', 'waiting') AND p.telegram_id = :me"""
        return bool(self.world.count(query, me=self.user_id))

    async def done(self, within: float = 120) -> None:
        """Answers whatever is asked until nothing of this person's is under way."""
        async with asyncio.timeout(within * SLOW):
            while self.busy():
                await self.answer_questions()
                await asyncio.sleep(0.2)

    # questions

    async def answer_questions(self) -> None:
        query = """SELECT q.id, q.kind, q.params, q.answers, c.message_id FROM question q
            JOIN card c ON c.subject = 'question:' || q.id AND c.chat_id = :me
            WHERE q.state = 'open' AND c.message_id IS NOT NULL"""
        for row in self.world.rows(query, me=self.user_id):
            if time.monotonic() - self._answered.get(row.id, -99) > 6:
                self._answered[row.id] = time.monotonic()
                await self._answer(row)

    async def _answer(self, row: Any) -> None:
        number = await Judgement(self.world).answer(row)
        found = [m for m in await self.messages() if m.id == row.message_id]
        if not found:
            return
        sure = next((b for b in found[0].labels if b.startswith("Yes: ")), None)
        try:
            if sure is None:
                label = found[0].buttons[number][0]["text"]
                await self._post("press", {"message_id": row.message_id, "label": label})
                if "It isn't there" not in label and "Cancel" not in label:
                    return
            await self._until(lambda: _button(self, row.message_id, "Yes: "), 8, "the second question")
            await self.press("Yes: ", row.message_id)
        except (NotSeen, IndexError) as error:
            say(f"{self.world.name}: an answer is tried again: {str(error).splitlines()[0]}")


class Judgement:
    """What a careful person would answer: about an unknown outcome only after a look into the account."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def answer(self, row: Any) -> int:
        """The number of the answer among those offered."""
        answers: list[str] = _json(row.answers)
        params: dict[str, str] = dict(_json(row.params))
        if row.kind == "outcome_unknown":
            return answers.index(await self._outcome(answers, params))
        wanted = ("accept", "buy", "cancel", "skip", "keep", "cancel_order", "leave_bound")
        return next(answers.index(word) for word in wanted if word in answers)

    async def _outcome(self, answers: list[str], params: dict[str, str]) -> str:
        known = {str(row[0]) for row in self._world.rows("SELECT number FROM placed_order")}
        for part in self._world.providers:
            for order in await self._world.orders(part):
                mine = order["out_order_id"] == params["key"] if part == "alibaba1688" else order["id"] not in known
                if mine and f"is:{order['id']}" in answers:
                    return f"is:{order['id']}"
                if mine:
                    return self._careless(part, answers)
        return self._absent(answers)

    def _absent(self, answers: list[str]) -> str:
        return next(answer for answer in answers if answer in ("send_again", "not_there"))

    def _careless(self, part: str, answers: list[str]) -> str:
        """It is there, but the bot didn't find it. On 1688 even the wrong answer must do no harm: the bot looks once
        more, and an intent that is sent again keeps its key. Of a stopped reservation nothing is sent again, and nobody
        may be wrong."""
        careless = part == "alibaba1688" and self._world.dice.random() < 0.9
        return "send_again" if careless and "send_again" in answers else "leave"


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _button(person: Operator, message_id: int, label: str) -> Seen | None:
    return next((m for m in person._seen() if m.id == message_id and m.button(label)), None)  # noqa: SLF001 - of its base


def _link(message: Seen) -> str | None:
    return next((b["url"] for row in message.buttons for b in row if "url" in b), None)


def _decision(message: Seen) -> str | None:
    return next((label for label in message.labels if label.startswith(("Reserve ", "Decide about"))), None)


def _accounts(message: Seen) -> list[str] | None:
    """Accounts among which to choose."""
    return [label for label in message.labels if label.startswith("⚪")] or None
