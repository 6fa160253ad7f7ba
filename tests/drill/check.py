"""Compares what the bot believes with what really happened, once all has come to rest. Finds, repairs nothing."""

import json
import re
from collections import Counter
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import bot.dispatch  # noqa: F401 - its handlers bring their screens
from bot.screens import load
from bot.texts import Reader
from purchasing.cards import Address
from sandbox.telegram.html import parse_html
from storage.store import SqlStore
from storage.vault import load_vault
from tests.drill.goods import CANARY_PASSPORT, CANARY_PHONE
from tests.drill.past_the_bot import judge_address_book
from tests.drill.staff import Person
from tests.drill.world import APP_SECRET, STAFF, STRANGER, TOKEN, World

BOUGHT = ("reserved", "bought", "shipped", "received", "packed")
RESTING = (*BOUGHT, "ready", "cancelled", "by_hand")


class Check:
    def __init__(self, world: World, people: list[Person]) -> None:
        self._world, self._people, self._figures = world, people, world.figures

    async def all(self) -> None:
        self._activities()
        for part in self._world.providers:
            truth = await self._world.truth(part)
            self._orders(part, truth["orders"])
            if truth["paying_calls"] or truth.get("paying_presses"):
                self._breach("paid_by_the_bot", f"{part}: {truth['paying_calls']} {truth.get('paying_presses')}")
        if "taobao" in self._world.providers:
            judge_address_book(self._world)
        self._lines()
        self._updates()
        self._applied_once()
        self._notifications()
        self._shop()
        self._photos()
        self._stranger()
        self._secrets()
        self._database()

    def _breach(self, promise: str, sentence: str, count: int = 1) -> None:
        self._figures.breach(promise, f"{self._world.name}: {sentence}", count)

    def _activities(self) -> None:
        stuck = self._world.rows(
            "SELECT id, kind, state, failure, attempts FROM activity WHERE state IN ('queued', 'running', 'waiting')"
            " AND started_by IS NOT NULL"
        )
        for row in stuck:
            self._breach("stuck_activities", f"activity {row.id} {row.kind} is {row.state} ({row.failure})")
        for row in self._world.rows("SELECT id, state FROM intent WHERE state IN ('prepared', 'sending', 'unknown')"):
            self._breach("stuck_activities", f"intent {row.id} is still {row.state}")

    # orders

    def _orders(self, part: str, orders: list[dict[str, Any]]) -> None:
        """Each order of the marketplace belongs to one intent, and no intent has more than it placed."""
        intents = self._world.rows(
            "SELECT i.id, i.key, i.state, p.number FROM intent i JOIN account a ON a.id = i.account_id"
            " LEFT JOIN placed_order p ON p.intent_id = i.id WHERE a.provider = :part AND i.effect = 'place'",
            part=part,
        )
        self._figures.counts["intents"] += len({row.id for row in intents})
        owners: dict[str, list[int]] = {}
        for row in intents:
            if row.number and row.state in ("placed", "partly"):
                owners.setdefault(row.number, []).append(row.id)
        there = {order["id"] for order in orders}
        for number, ids in owners.items():
            if number not in there:
                self._breach("lost_lines", f"{part}: intent {ids} has order {number}, which doesn't exist")
            if len(ids) > 1:
                self._breach("duplicate_orders", f"{part}: order {number} belongs to intents {ids}")
        known = owners.keys() | self._world.hand_made | self._left_to_people(part, orders)
        for order in orders:
            if order["id"] not in known:
                self._breach("duplicate_orders", f"{part}: nobody knows order {order['id']} ({order['out_order_id']})")
        for key, count in Counter(order["out_order_id"] for order in orders if order["out_order_id"]).items():
            if count > 1:
                self._breach("duplicate_orders", f"{part}: {count} orders for {key}", count - 1)
        self._pieces(part, orders)

    def _left_to_people(self, part: str, orders: list[dict[str, Any]]) -> set[str]:
        """Numbers of orders about which a person said: leave it to me. Taobao's carry no key: the goods tell them."""
        rows = self._world.rows("SELECT params FROM question WHERE kind = 'outcome_unknown' AND answer = 'leave'")
        keys = {str(dict(json.loads(row.params))["key"]) for row in rows}
        if part != "taobao":
            return {order["id"] for order in orders if order["out_order_id"] in keys}
        taken = {str(row.number) for row in self._world.rows("SELECT number FROM placed_order")}
        left: set[str] = set()
        for wanted in map(self._goods_of_intent, sorted(keys)):
            free = (str(order["id"]) for order in orders if order["id"] not in taken | left and _goods(order) == wanted)
            left |= set(islice(free, 1))
        return left

    def _goods_of_intent(self, key: str) -> Counter[tuple[str, str]]:
        rows = self._world.rows(
            "SELECT l.item_id, l.sku, t.quantity FROM intent i JOIN intent_line t ON t.intent_id = i.id"
            " JOIN order_line l ON l.id = t.line_id WHERE i.key = :key",
            key=key,
        )
        goods: Counter[tuple[str, str]] = Counter()
        for row in rows:
            goods[row.item_id, row.sku] += row.quantity
        return goods

    def _pieces(self, part: str, orders: list[dict[str, Any]]) -> None:
        """So many pieces were ordered as lines say that they are."""
        left = self._left_to_people(part, orders)
        real: Counter[tuple[str, str]] = Counter()
        for order in orders:
            if order["status"] != "closed" and order["id"] not in left:
                real += _goods(order)
        books: Counter[tuple[str, str]] = Counter()
        for row in self._bought(part):
            books[row.item_id, row.sku] += row.quantity
        for key in real | books:
            if real[key] > books[key]:
                self._breach("duplicate_orders", f"{part}: {real[key]} pieces of {key} ordered, {books[key]} booked")
            elif real[key] < books[key]:
                self._breach("lost_lines", f"{part}: {books[key]} pieces of {key} booked, {real[key]} ordered")

    def _bought(self, part: str) -> list[Any]:
        states = ", ".join(f"'{state}'" for state in BOUGHT)
        return self._world.rows(
            f"SELECT id, item_id, sku, quantity FROM order_line WHERE provider = :part AND status IN ({states})",  # noqa: S608 - our own words
            part=part,
        )

    def _lines(self) -> None:
        """Every line that was brought in is there, in a state that is true."""
        for person in self._people:
            known = self._world.count(
                "SELECT count(*) FROM order_line l JOIN customer_order o ON o.id = l.order_id"
                " WHERE o.number LIKE :mine",
                mine=f"{person.prefix}-%",
            )
            if known != len(person.rows):
                self._breach("lost_lines", f"{person.prefix}: {len(person.rows)} lines sent, {known} there")
        for row in self._world.rows("SELECT id, status FROM order_line"):
            if row.status not in RESTING:
                self._breach("lost_lines", f"line {row.id} is {row.status} though nothing is under way")
        tied = dict(
            tuple(row)
            for row in self._world.rows(
                "SELECT b.line_id, sum(b.quantity) FROM binding b WHERE b.ended_at IS NULL GROUP BY b.line_id"
            )
        )
        for part in self._world.providers:
            for row in self._bought(part):
                if tied.get(row.id, 0) != row.quantity:
                    self._breach("lost_lines", f"line {row.id}: {row.quantity} pieces, {tied.get(row.id, 0)} tied")

    # updates

    def _updates(self) -> None:
        """What Telegram handed out and was told to forget is in the inbox and done; parked is only poison."""
        delivered = self._delivered()
        self._figures.counts["updates"] += len(delivered)
        rows = {
            row.update_id: row for row in self._world.rows("SELECT update_id, done_at, parked_at, error FROM inbox")
        }
        for number, sender in delivered.items():
            if sender not in STAFF:
                continue
            row = rows.get(number)
            if row is None and number in self._world.below_offset:
                self._figures.counts["forgotten_by_telegram"] += 1
            elif row is None or (row.done_at is None and number not in self._world.poison):
                self._breach("updates_lost", f"update {number} was handed out and is {row}")

    def _delivered(self) -> dict[int, int]:
        """Update ids of all answers to getUpdates, with who sent them."""
        found = {}
        for number, update in self._world.handed_out.items():
            body = next(value for key, value in update.items() if key != "update_id")
            found[number] = int(body["from"]["id"])
        return found

    def _applied_once(self) -> None:
        """Each /start made one card, each file one import, each preview button at most one preview."""
        for person in self._people:
            starts = self._world.count(
                "SELECT count(*) FROM card WHERE chat_id = :me AND address = 'home'", me=person.user_id
            )
            self._compare("start screens", person.starts, starts)
            files = self._world.count(
                "SELECT count(*) FROM activity a JOIN person p ON p.id = a.started_by"
                " WHERE a.kind = 'import' AND p.telegram_id = :me",
                me=person.user_id,
            )
            self._compare("imports", person.files, files)
            if not self._figures.counts["forgotten_by_telegram"]:
                what = f"{person.ticks} ticks, {self._ticks_handed_out(person)} handed out; odd"
                self._compare(what, person.ticks % 2, self._ticked(person))

    def _ticks_handed_out(self, person: Person) -> int:
        presses = [update.get("callback_query", {}) for update in self._world.handed_out.values()]
        data = f"tick:{person.tick_line}:0"
        return sum(press.get("data") == data and press["from"]["id"] == person.user_id for press in presses)

    def _ticked(self, person: Person) -> int:
        """1 when the line that this person ticks and unticks all the time is ticked now."""
        return self._world.count(
            "SELECT count(*) FROM selection s JOIN person p ON p.id = s.person_id"
            " WHERE p.telegram_id = :me AND s.line_id = :line",
            me=person.user_id,
            line=person.tick_line,
        )

    def _compare(self, what: str, sent: int, applied: int) -> None:
        if applied > sent:
            self._breach("updates_applied_twice", f"{what}: {sent} sent, {applied} applied", applied - sent)
        elif applied < sent:
            self._breach("updates_lost", f"{what}: {sent} sent, {applied} applied", sent - applied)

    # notifications

    def _notifications(self) -> None:
        """Every card stands in its chat and shows what holds now; repeats are no more than crashes and cut lines."""
        waiting = self._world.count("SELECT count(*) FROM outbox WHERE buried_at IS NULL")
        if waiting:
            self._breach("notifications_lost", f"{waiting} messages were never sent", waiting)
        cards = self._world.rows("SELECT id, chat_id, address, message_id FROM card ORDER BY id")
        self._figures.counts["notifications"] += len(cards)
        buried = {row[0] for row in self._world.rows("SELECT card_id FROM outbox WHERE buried_at IS NOT NULL")}
        bot = self._world.server.newest_bot()
        assert bot is not None
        shown: dict[int, set[int]] = {}
        for card in cards:
            messages = bot.chats[card.chat_id].messages
            if card.id in buried and card.chat_id not in self._world.may_be_buried:
                self._breach("notifications_lost", f"card {card.id} {card.address} was given up")
            elif card.message_id is None or card.message_id not in messages:
                if card.id not in buried and (card.chat_id, card.message_id) not in self._world.deleted:
                    self._breach("notifications_lost", f"card {card.id} {card.address} isn't in its chat")
            else:
                shown.setdefault(card.chat_id, set()).add(card.message_id)
        self._repeats(shown)
        self._newest_state(cards)

    def _repeats(self, shown: dict[int, set[int]]) -> None:
        bot = self._world.server.newest_bot()
        assert bot is not None
        allowed = self._world.deaths + self._world.cut_lines
        for chat_id, chat in bot.chats.items():
            orphans = [
                m for m in chat.messages.values() if m.sender_id == bot.id and m.id not in shown.get(chat_id, ())
            ]
            self._figures.counts["repeats"] += len(orphans)
            if len(orphans) > allowed:
                self._breach(
                    "other_breaches",
                    f"{len(orphans)} messages in chat {chat_id} are repeats of {allowed} deaths:"
                    f" {[message.content.text[:60] for message in orphans]}",
                )

    def _shop(self) -> None:
        """Every order that a shop pushed is there once, and the shop has heard the newest of it."""
        shop = self._world.shop
        found = self._world.rows(
            "SELECT o.number, c.sequence, c.waiting_since, count(l.id) AS lines FROM customer_order o"
            " JOIN order_line l ON l.order_id = o.id LEFT JOIN callback c ON c.order_id = o.id"
            " WHERE o.number LIKE 'S-%' GROUP BY o.number, c.sequence, c.waiting_since"
        )
        known = {row.number: row for row in found}
        for number in shop.orders:
            row = known.get(number)
            if row is None or row.lines != 1:
                self._breach("lost_lines", f"the shop's order {number} is {row}")
            elif row.waiting_since is not None or row.sequence not in shop.heard[number]:
                self._breach("notifications_lost", f"the shop heard {shop.heard[number]} of {row}")

    def _photos(self) -> None:
        """Photos of goods that count as kept are files, each with its thumbnail."""
        kept = self._world.rows("SELECT value FROM setting WHERE key = 'photos.kept_to'")
        for row in self._world.rows("SELECT id, line_id FROM line_photo"):
            if kept and row.id <= int(kept[0].value):
                folder = self._world.data_dir / "photos" / str(row.line_id)
                if not all((folder / f"{row.id}{suffix}").is_file() for suffix in (".jpg", ".thumb.jpg")):
                    self._breach("other_breaches", f"photo {row.id} of line {row.line_id} counts as kept and isn't")

    def _newest_state(self, cards: list[Any]) -> None:
        """What a chat shows of questions, reservations and imports is what holds."""
        bot = self._world.server.newest_bot()
        assert bot is not None
        vault, _ = load_vault("", self._world.data_dir / "secret.key", True)
        with self._world.engine.connect() as connection:
            store = SqlStore(connection, vault)
            for card in cards:
                address = Address.parse(card.address)
                message = bot.chats[card.chat_id].messages.get(card.message_id)
                viewer = store.people.by_telegram(card.chat_id)
                if message is None or viewer is None or address.screen not in ("question", "preview", "import"):
                    continue
                now = datetime.now(UTC)
                screen = load(store, address, viewer, now).rendered(Reader(viewer.language, viewer.zone, now))
                wanted, _ = parse_html(screen.text)
                if _plain(wanted) != _plain(message.content.text):
                    self._breach(
                        "notifications_lost",
                        f"card {card.id} {address} is stale: {message.content.text[:300]!r}, not {wanted[:300]!r}",
                    )

    # strangers, secrets, the database itself

    def _stranger(self) -> None:
        bot = self._world.server.newest_bot()
        assert bot is not None
        chat = bot.chats.get(STRANGER)
        answers = [m for m in chat.messages.values() if m.sender_id == bot.id] if chat else []
        if answers:
            self._breach("intruder_effects", f"a stranger got {len(answers)} answers", len(answers))
        kept = self._world.count("SELECT count(*) FROM inbox WHERE key = :key", key=str(STRANGER))
        if kept:
            self._breach("intruder_effects", f"{kept} updates of a stranger were kept", kept)

    def _secrets(self) -> None:
        """Neither in the log nor in the database's files."""
        key = (self._world.data_dir / "secret.key").read_text(encoding="ascii").split()
        secrets = [TOKEN, APP_SECRET, CANARY_PASSPORT, CANARY_PHONE, *key, *filter(None, [self._world.shop.secret])]
        files = [self._world.log, *(p for p in self._world.data_dir.glob("vykup.db*") if p.is_file())]
        for file in files:
            content = file.read_bytes()
            for secret in secrets:
                if secret.encode() in content:
                    self._breach("secrets_leaked", f"{secret[:6]}… is in {file.name}")

    def _database(self) -> None:
        if self._world.engine.dialect.name != "sqlite":
            return
        for check in ("PRAGMA integrity_check", "PRAGMA foreign_key_check"):
            found = [tuple(row) for row in self._world.rows(check)]
            if found not in ([], [("ok",)]):
                self._breach("other_breaches", f"{check}: {found[:3]}")


def _goods(order: dict[str, Any]) -> Counter[tuple[str, str]]:
    goods: Counter[tuple[str, str]] = Counter()
    for line in order["lines"]:
        goods[line["item_id"], line["sku_id"]] += line["quantity"]
    return goods


def _plain(text: str) -> str:
    """Without the details beside a price: a question doesn't keep them, and the line may have others by now."""
    return re.sub(r"(¥[\d.,]+) \(.*\)$", r"\1", text, flags=re.MULTILINE).strip()
