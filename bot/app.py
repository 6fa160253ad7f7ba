"""Puts the program together: the only place that knows everything. Starts and stops parts, does no work itself."""

import asyncio
import logging
from contextlib import AsyncExitStack
from dataclasses import dataclass

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiohttp import web

from bot.clock import utc_now
from bot.dispatch import Dispatch
from bot.files import TelegramFiles
from bot.flood import Flood
from bot.intake import Intake
from bot.menu import Menus
from bot.outbox import Outbox
from bot.own_name import learn_name
from bot.pages.routes import page_routes
from bot.pages.viewing import Viewing
from bot.parts import Part, run_parts
from bot.photo_files import PhotoFolder
from bot.poller import Poller
from bot.settings import Settings
from bot.shop_routes import ShopRoutes
from bot.tasks import Nursery
from bot.watch import Watch
from bot.web import serve
from bot.webhook import announce, webhook_route
from bot.work import build_work, make_providers
from purchasing.crash import crash_point, write
from purchasing.options import set_defaults
from purchasing.people import Person
from purchasing.ports import Clock, Store
from purchasing.words import IntentState, Role
from scheduler.backups import Backups
from shops.http.callbacks import Callbacks
from storage.backup import check_whole, copy_database
from storage.engine import SqlDatabase, open_database
from storage.migrate import upgrade
from storage.sealed import has_sealed
from storage.urls import sqlite_file
from storage.vault import load_vault

log = logging.getLogger(__name__)

HANDLERS_SECONDS = 5.0
MESSAGES_SECONDS = 2.0


@dataclass
class App:
    """The program, put together and not yet running. `parts` are started in order and stopped in reverse."""

    settings: Settings
    db: SqlDatabase
    bot: Bot
    clock: Clock
    intake: Intake
    outbox: Outbox
    parts: list[Part]

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; ends within 15 s after that. Raises VykupError when a part can't go on."""
        await run_parts(self.parts, stop)


async def build_app(
    settings: Settings,
    stack: AsyncExitStack,
    *,
    clock: Clock = utc_now,
    bot: Bot | None = None,
    flood: Flood | None = None,
) -> App:
    """Opens storage and clients; they are closed by `stack`. Raises VykupError with one sentence."""
    db = await open_storage(settings)
    stack.push_async_callback(db.close)
    bot = bot or make_bot(settings)
    stack.push_async_callback(bot.session.close)
    nursery = Nursery()
    stack.push_async_callback(nursery.close)
    staff = await write(db, "start.staff", lambda store: _first_rows(store, settings, clock))
    if left := await db.read(_left_from_before):
        log.info("going on with what an earlier life has left: %s", left)

    photos = PhotoFolder(settings.data_dir)
    menus = Menus(bot, nursery)
    files = TelegramFiles(bot)
    dispatch = Dispatch(bot, db, clock, files, menus.ensure, settings.timezone)
    intake = Intake(db, clock, bot.id, dispatch.handle)
    outbox = Outbox(bot, db, clock, flood or Flood())
    db.after_write(outbox.wake)
    work = build_work(settings, db, clock, files, photos, make_providers(settings, db))
    db.after_write(work.wake)
    viewing = Viewing(db, clock, work.logins, settings.language)
    db.after_write(viewing.wake)
    watch = Watch(db, bot, clock, settings.data_dir / "owners-know-of-the-database")
    parts = [
        Part("outbox", outbox.run, close=lambda: outbox.stop(MESSAGES_SECONDS)),
        Part("inbox", intake.replay, finish=lambda: intake.stop(HANDLERS_SECONDS)),
        *work.parts,
        *_backups(settings, db, clock),
        Part("watch", watch.run),
        Part("name", lambda: learn_name(bot, db, clock)),
        *_web(settings, db, clock, intake, viewing),
        Part("pages", close=viewing.close),
        *_callbacks(settings, db, clock),
        *_updates(settings, bot, intake, watch),
    ]
    for person in staff:
        menus.ensure(person)
    return App(settings, db, bot, clock, intake, outbox, parts)


async def open_storage(settings: Settings) -> SqlDatabase:
    """The database, looked over and migrated. Raises KeyRefused, StorageUnavailable."""
    await asyncio.to_thread(check_whole, settings.database)
    await asyncio.to_thread(upgrade, settings.database)
    crash_point("start.migrated")
    sealed = await asyncio.to_thread(has_sealed, settings.database)
    vault, made = load_vault(settings.secret_key.get_secret_value(), settings.key_file, sealed)
    if made:
        log.warning("a new secret key was made in %s; keep a copy of it elsewhere", settings.key_file)
    return await open_database(settings.database, vault)


def make_bot(settings: Settings) -> Bot:
    session = AiohttpSession(api=TelegramAPIServer.from_base(settings.bot_api_url))
    defaults = DefaultBotProperties(parse_mode=ParseMode.HTML, link_preview_is_disabled=True)
    return Bot(settings.bot_token.get_secret_value(), session, defaults)


def _backups(settings: Settings, db: SqlDatabase, clock: Clock) -> list[Part]:
    """The nightly copies of a SQLite file; a Postgres server has its own."""
    file = sqlite_file(settings.database)
    if file is None:
        return []
    folder = settings.data_dir / "backups"
    backups = Backups(db, clock, folder, settings.timezone, lambda target, now: copy_database(file, target, now))
    return [Part("backups", backups.run)]


def _updates(settings: Settings, bot: Bot, intake: Intake, watch: Watch) -> list[Part]:
    """The way in: polling, or a webhook on the bot's own web server."""
    if not settings.webhook_url:
        return [Part("poller", Poller(bot, intake.take, told=watch.telegram).run)]
    secret = settings.webhook_secret.get_secret_value()
    return [Part("webhook", lambda: announce(bot, settings.webhook_url, secret))]


def _web(settings: Settings, db: SqlDatabase, clock: Clock, intake: Intake, viewing: Viewing) -> list[Part]:
    """The web server, when WEB_LISTEN is set: it serves the routes that stand here."""
    if not settings.web_listen:
        return []
    routes: list[web.AbstractRouteDef] = [
        *_webhook(settings, intake),
        *(page_routes(settings.web_url, viewing) if settings.web_url else ()),
        *_shops(db, clock),
    ]
    return [Part("web", lambda: serve(settings.web_listen, routes))]


def _shops(db: SqlDatabase, clock: Clock) -> list[web.RouteDef]:
    shops = ShopRoutes(db, clock)
    db.after_write(shops.committed)
    return shops.routes()


def _callbacks(settings: Settings, db: SqlDatabase, clock: Clock) -> list[Part]:
    """What shops are told at addresses of their own."""
    callbacks = Callbacks(db, clock, settings.callback_hosts)
    db.after_write(callbacks.wake)
    return [Part("callbacks", callbacks.run)]


def _webhook(settings: Settings, intake: Intake) -> list[web.RouteDef]:
    secret = settings.webhook_secret.get_secret_value()
    return [webhook_route(settings.webhook_url, secret, intake.take)] if settings.webhook_url else []


def _left_from_before(store: Store) -> str:
    """What is taken up by itself; "" for nothing. Updates and messages that wait say so when their turn comes."""
    activities = store.activities.page("running", 0, 1)[1]
    sending = [intent for intent in store.ledger.live() if intent.state is IntentState.SENDING]
    found = {
        "activities under way": activities,
        "orders, cancellations and addresses that were being sent, which are looked for first": len(sending),
    }
    return "; ".join(f"{count} {what}" for what, count in found.items() if count)


def _first_rows(store: Store, settings: Settings, clock: Clock) -> list[Person]:
    """Owners and first defaults, as the settings say; all people who are there."""
    set_defaults(store, settings.option_defaults(), clock())
    for telegram_id in settings.owner_ids:
        known = store.people.by_telegram(telegram_id)
        owner = store.people.ensure(telegram_id, Role.OWNER, str(telegram_id), settings.language, settings.timezone)
        if known is None:  # nobody can be written to before they have pressed Start
            store.people.set_blocked(owner.id, clock())
    return store.people.all()
