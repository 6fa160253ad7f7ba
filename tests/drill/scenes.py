"""What people do, and what goes wrong, so that a crash point is reached. Judges nothing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from tests.drill import past_the_bot
from tests.drill.figures import SLOW
from tests.drill.staff import Person
from tests.drill.world import STAFF, STRANGER, World

CALLS = {
    "alibaba1688": {
        "order": "alibaba.trade.fastCreateOrder",
        "cancel": "alibaba.trade.cancel",
        "preview": "alibaba.createOrder.preview",
    },
    "taobao": {"order": "submit", "cancel": "cancel", "preview": "confirm", "address": "address_save", "gate": "gate"},
}
"""What faults are ordered for."""
READS, READ_TRIES = frozenset({"preview", "gate"}), 3

CUT, EXPIRED = "drop_connection", "expire_access"
UNANSWERED = {"taobao": "http_500"}
"""Where a browser would quietly ask again over a connection that was cut."""


@dataclass(frozen=True)
class Wrong:
    """A fault, ordered for one of CALLS; `seconds` is how long it takes."""

    name: str
    at: str = "order"
    seconds: str = ""


LATER_SEEN = Wrong("drop_after")
"""The order is there, but in no list until the looks are over: found again only before it is sent again."""

Scene = Callable[["Scenes"], Awaitable[None]]


class Scenes:
    """What people do so that a point is reached."""

    def __init__(self, world: World, person: Person, other: Person) -> None:
        self.world, self.person, self.other = world, person, other
        self._lags = cycle((3, 4))
        """The bot's own looks; in every other try a background sync may have one more."""

    async def before(self, wrong: Wrong) -> None:
        """Has this go wrong in the scene that comes."""
        part = self.world.providers[0]
        if wrong.name == EXPIRED:
            for nick in self.world.nicks:
                await self.world.control(part, "expire_access", account=nick.name)
            return
        await self.world.calm()
        await self.world.control(part, "list_lag", looks=next(self._lags) if wrong == LATER_SEEN else 0)
        name = UNANSWERED.get(part, wrong.name) if wrong.name == CUT else wrong.name
        times = READ_TRIES if wrong.at in READS else 1
        await self.world.fault(part, CALLS[part][wrong.at], name, seconds=wrong.seconds, times=times)

    async def after(self) -> None:
        await self.world.control(self.world.providers[0], "list_lag", seconds=0)
        past_the_bot.set_option(self.world, "reserve.delay", "0")
        past_the_bot.clear_backups(self.world)
        if self._stopped():
            await self.other.send("/resume_buying")
            await self.world.until(lambda: not self._stopped(), 60, "buying to go on")
        await self._see_guests_off()

    async def _see_guests_off(self) -> None:
        """A buyer on duty whom nobody plays would be asked in place of the others, and never answer."""
        guests = "SELECT telegram_id FROM person WHERE role = 'buyer' AND removed_at IS NULL"
        for row in self.world.rows(guests):
            await self.other.remove(row.telegram_id)
        await self.world.until(lambda: not self.world.rows(guests), 60, "the leaving of guests")

    def _stopped(self) -> int:
        return self.world.count("SELECT count(*) FROM setting WHERE key = 'buying.stopped' AND value = 'yes'")

    async def job(self) -> None:
        await self.person.bring_orders(self.world.providers[0], 1)
        await self.person.reserve()
        await self.person.done()

    async def double_tap(self) -> None:
        await self.person.bring_orders(self.world.providers[0], 1)
        await self.person.reserve(double_tap=True)
        await self.person.done()

    async def unbind(self) -> None:
        while not self.person.unpaid_order():
            await self.job()
        await self.person.unbind(self.person.unpaid_order())
        await self.person.done()

    async def login(self) -> None:
        await self.person.log_in(self.world.nicks[-1])

    async def wait(self) -> None:
        """Reached by the start, or by the next background sync."""

    async def poison(self) -> None:
        """An update that nobody can read."""
        bot = self.world.server.newest_bot()
        assert bot is not None
        chat = {"id": STAFF[2], "type": "private"}
        broken: dict[str, Any] = {"message_id": 1, "from": {"id": STAFF[2]}, "chat": chat, "text": 5}
        self.world.server.push(bot, "message", broken)
        self.world.poison.add(bot.next_update_id)

    async def gone(self) -> None:
        """A message that was deleted in the chat is pressed."""
        sent = await self.other.send("/buy")
        card = await self.other.wait_for("To buy", after=sent)
        bot = self.world.server.newest_bot()
        assert bot is not None
        self.world.deleted.add((self.other.user_id, card.id))
        self.world.server.delete(bot, bot.chats[self.other.user_id], card.id)
        await self.other.press_stale(card.id, "go|activities")
        await self.other.press_stale(card.id, "go|orders")

    async def blocked(self) -> None:
        chat = self.other.user_id
        self.world.may_be_buried.add(chat)
        await self.world.fault("telegram", "sendMessage", "blocked", chat_id=chat)
        await self.other.send("/buy")

    async def back(self) -> None:
        """Somebody blocks the bot, then writes to it again."""
        await self.blocked()
        lost = "SELECT count(*) FROM person WHERE telegram_id = :me AND blocked_at IS NOT NULL"
        await self.world.until(lambda: self.world.count(lost, me=self.other.user_id), 30, "a chat that is given up")
        await self.other.send("/buy")

    async def photo(self) -> None:
        await self.other.send_photo(await self._picture())

    async def _picture(self) -> bytes:
        """Another one each time: the same photo counts once."""
        from sandbox.pictures import label  # heavy, and wanted by few scenes

        return await asyncio.to_thread(label, f"YT{1234567890000 + self.world.next_number()}", "EXPRESS")

    async def stopped(self) -> None:
        await self.after()
        await self.person.bring_orders(self.world.providers[0], 1)
        await self._stopped_after_preview()

    async def _stopped_after_preview(self) -> None:
        card = await self.person.preview()
        await self._stop_buying()
        await self.person.press_decision(card)
        await self.person.done()

    async def _stop_buying(self) -> None:
        await self.other.send("/stop_buying")
        await self.world.until(self._stopped, 60, "the stop of buying")

    async def delayed(self) -> None:
        """There is time to take the reservation back, and nobody does."""
        past_the_bot.set_option(self.world, "reserve.delay", "2")
        await self.job()

    async def cancel_stopped(self) -> None:
        """Buying is stopped while an unbinding waits for an answer."""
        await self.after()
        await self._unbinding()
        await self._stop_buying()
        await self.person.done()

    async def paid_meanwhile(self) -> None:
        """An order is paid while an unbinding waits for an answer: it can't be cancelled any more."""
        for number in await self._unbinding():
            await self.world.control(self.world.providers[0], "pay", order_id=number)
        await self.person.done()

    async def _unbinding(self) -> list[str]:
        """Begins one and waits for its question; numbers of the orders that it is about."""
        while not self.person.unpaid_order():
            await self.job()
        order_id = self.person.unpaid_order()
        numbers = self.person.numbers_of(order_id)
        await self.person.unbind(order_id)
        await self.world.until(lambda: self.person.is_asked(kind="unbind"), 60, "the question of an unbinding")
        return numbers

    async def linked(self) -> None:
        """An order that was made by hand on the marketplace is linked by its number."""
        (row,) = await self.person.bring_orders(self.world.providers[0], 1, 1)
        await self.person.link(row.order, past_the_bot.order_by_hand(self.world, row))
        await self.person.done()

    async def linked_wrongly(self) -> None:
        (row,) = await self.person.bring_orders(self.world.providers[0], 1, 1)
        await self.person.link(row.order, "9" * 19)
        await self.person.done()

    async def dearer(self) -> None:
        """The seller asks more for what is reserved: the next background sync sees it and asks."""
        while not self.person.unpaid_order():
            await self.job()
        for number in self.person.numbers_of(self.person.unpaid_order()):
            await self.world.control(self.world.providers[0], "set_order_price", order_id=number, goods_fen=99_900)
        await self.world.until(self._checks, 60, "the question about a price")
        async with asyncio.timeout(60 * SLOW):
            while self._checks():
                await self.person.answer_questions()
                await asyncio.sleep(0.2)

    def _checks(self) -> int:
        return self.world.count("SELECT count(*) FROM activity WHERE kind = 'reprice' AND state = 'waiting'")

    async def joined(self) -> None:
        """Somebody new comes by an invitation."""
        async with self._guest():
            pass

    async def left(self) -> None:
        """Somebody new leaves the staff while a message to them has to wait."""
        async with self._guest() as guest:
            self.world.may_be_buried.add(guest.user_id)
            await self.world.fault("telegram", "sendMessage", "http_429", chat_id=guest.user_id, retry_after=15)
            await guest.send("/buy")
            await self.world.until(guest.messages_wait, 30, "a message that waits")
            await self.other.remove(guest.user_id)
            await self.world.until(lambda: not guest.messages_wait(), 40, "the end of what waited")

    async def left_before_an_answer(self) -> None:
        """Somebody new leaves the staff when a message of theirs is taken in, but waits for its turn."""
        async with self._guest() as guest:
            self.world.may_be_buried.add(guest.user_id)
            sent = await guest.send("/buy")
            card = await guest.wait_for("To buy", after=sent)
            await self.world.fault("telegram", "answerCallbackQuery", "slow", seconds=6 * SLOW)
            done = guest.updates(done=True)
            await guest.press_stale(card.id, "go|buy")
            await self.world.until(lambda: guest.updates(done=True) > done, 30, "a press that waits for its answer")
            await guest.send("/buy")
            await self.world.until(lambda: guest.updates(done=False), 30, "a message that waits")
            await self.other.remove(guest.user_id)
            await self.world.until(lambda: not guest.updates(done=False), 60, "the end of what waited")

    @asynccontextmanager
    async def _guest(self) -> AsyncIterator[Person]:
        link = await self.other.invite()
        async with Person(self.world, STRANGER + 1000 + self.world.next_number()) as guest:
            await guest.start(link)
            await self.world.until(lambda: self.world.knows(guest.user_id), 60, "somebody new")
            yield guest

    async def browser_tried(self) -> None:
        """An owner tries whether the account's browser opens."""
        await self.other.try_browser(self.world.nicks[0].name)
        query = "SELECT count(*) FROM activity WHERE kind = 'browser' AND state IN ('queued', 'running')"
        await self.world.until(lambda: not self.world.count(query), 60, "the end of a browser's test")

    async def photographed(self) -> None:
        """Goods are photographed; photos are kept as files, for which a start looks, too."""
        past_the_bot.set_option(self.world, "photos.files", "yes")
        if not self.person.rows:
            await self.person.bring_orders(self.world.providers[0], 1, 1)
        await self.person.photograph(await self._picture())
        await self.world.start_again()

    async def refused_card(self) -> None:
        """Telegram refuses a message, again and again, as it does what can't be shown."""
        chat = self.other.user_id
        self.world.may_be_buried.add(chat)
        await self.world.fault("telegram", "sendMessage", "bad_request", chat_id=chat, times=3)
        await self.other.send("/buy")

    async def new_customer(self) -> None:
        """Whose name isn't in the account's address book yet."""
        past_the_bot.trim_address_book(self.world)
        await self.person.bring_orders("taobao", 1, 1, customer=self._stranger())
        await self.person.reserve()
        await self.person.done()

    async def new_customer_stopped(self) -> None:
        await self.after()
        past_the_bot.trim_address_book(self.world)
        await self.person.bring_orders("taobao", 1, 1, customer=self._stranger())
        await self._stopped_after_preview()

    async def full_book(self) -> None:
        """The address book fills up after the preview."""
        past_the_bot.trim_address_book(self.world)
        await self.person.bring_orders("taobao", 1, 1, customer=self._stranger())
        card = await self.person.preview()
        past_the_bot.fill_address_book(self.world)
        await self.person.press_decision(card)
        await self.world.until(
            lambda: self.person.is_asked(question="address%"), 60, "the question about a book that takes no more"
        )
        past_the_bot.trim_address_book(self.world)
        await self.person.done()

    async def pushed(self) -> None:
        """A shop pushes an order over HTTP and is told of it."""
        await self.world.shop.set_up(self.other)
        await self.world.shop.push(self.world.http)
        await self.world.until(self._told, 60, "what a shop is told")

    def _told(self) -> bool:
        return not self.world.count("SELECT count(*) FROM callback WHERE waiting_since IS NOT NULL")

    def _stranger(self) -> str:
        return f"Guest {chr(65 + self.world.next_number() % 26)}{self.world.next_number()}"
