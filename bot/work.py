"""Puts together what works in the background: drivers, activities, the pump and the ticks. Decides nothing itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.parts import Part
from bot.settings import Settings
from labels.reader import LabelReader
from providers.alibaba1688.driver import Alibaba1688Provider
from providers.taobao.driver import TaobaoProvider
from purchasing.activities import Activity
from purchasing.check.questions import Check
from purchasing.crash import write
from purchasing.import_activity import Import
from purchasing.keep_photos import PhotoFiles
from purchasing.link.advance import Link
from purchasing.log_in import LogIn
from purchasing.lookup_activity import Lookup
from purchasing.ports import Clock, Database, Files
from purchasing.provider import Provider
from purchasing.reserve.advance import Reserve
from purchasing.run_activities import Kind, RunActivities
from purchasing.sync_account import Sync
from purchasing.try_browser import TryBrowser
from purchasing.unbind.advance import Unbind
from purchasing.words import ActivityKind, ProviderName
from scheduler.arrivals import ArrivalsJob
from scheduler.consents import ConsentsJob
from scheduler.housekeeping import Housekeeping
from scheduler.photos import PhotosJob
from scheduler.previews import PreviewsJob
from scheduler.pump import Pump
from scheduler.ticks import Job, Ticks
from shops.files.read import read_shop_file

PIECES_SECONDS = 9.0
"""How long a stop waits for pieces under way: an effect has its deadline, by default 8 seconds, and is not cut."""


class StoredSecrets:
    """`purchasing.provider.SessionSecrets` over the database, where they are sealed."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def load(self, account_id: int) -> bytes | None:
        return await self._db.read(lambda store: store.accounts.secret(account_id))

    async def save(self, account_id: int, secret: bytes, expires_at: datetime | None = None) -> None:
        await write(self._db, "session.tokens", lambda store: store.accounts.set_secret(account_id, secret, expires_at))


@dataclass(frozen=True)
class Work:
    """`parts` run beside the bot's own; `wake` is to be called after every commit."""

    pump: Pump
    logins: LogIn
    parts: list[Part]

    def wake(self) -> None:
        self.pump.wake()


def make_providers(settings: Settings, db: Database) -> dict[ProviderName, Provider]:
    secrets = StoredSecrets(db)
    return {
        ProviderName.TAOBAO: TaobaoProvider(
            secrets,
            settings.data_dir,
            chromium_path=str(settings.chromium_path or ""),
            cdp_url=settings.chromium_cdp_url,
            site_file=settings.taobao_site_file,
        ),
        ProviderName.ALIBABA1688: Alibaba1688Provider(
            settings.alibaba1688_app_key,
            settings.alibaba1688_app_secret.get_secret_value(),
            secrets,
            gateway=settings.alibaba1688_gateway,
            redirect_uri=settings.alibaba1688_redirect_uri,
        ),
    }


def build_work(
    settings: Settings,
    db: Database,
    clock: Clock,
    files: Files,
    photos: PhotoFiles,
    providers: Mapping[ProviderName, Provider],
) -> Work:
    labels = LabelReader()
    logins = LogIn(db, clock, providers)
    kinds: dict[ActivityKind, Kind] = {
        ActivityKind.RESERVE: Reserve(db, clock, providers),
        ActivityKind.SYNC: Sync(db, clock, providers),
        ActivityKind.LOGIN: logins,
        ActivityKind.BROWSER: TryBrowser(db, clock, providers),
        ActivityKind.LINK: Link(db, clock, providers),
        ActivityKind.UNBIND: Unbind(db, clock, providers),
        ActivityKind.REPRICE: Check(db, clock),
        ActivityKind.IMPORT: Import(db, clock, files, read_shop_file),
        ActivityKind.LOOKUP: Lookup(db, clock, files, labels),
    }
    lease = timedelta(seconds=settings.activity_lease)
    pump = Pump(db, clock, RunActivities(db, clock, kinds, partial(_stop_hands, db, providers)), lease)
    jobs: list[Job] = [
        Housekeeping(db, clock, list(providers.values())),
        ArrivalsJob(db, clock),
        ConsentsJob(db, clock),
        PreviewsJob(db, clock),
        PhotosJob(db, clock, files, photos),
    ]
    ticks = Ticks(db, clock, jobs, tick_seconds=_tick(settings))
    return Work(
        pump,
        logins,
        [
            Part("providers", close=lambda: _close(providers)),
            Part("labels", close=labels.close),
            Part("pump", pump.run, finish=lambda: pump.drain(PIECES_SECONDS)),
            Part("ticks", ticks.run, close=ticks.stop),
        ],
    )


def _tick(settings: Settings) -> int:
    """Often enough for the shortest interval, at most every 20 seconds."""
    return max(1, min(20, settings.sync_every // 2))


async def _stop_hands(db: Database, providers: Mapping[ProviderName, Provider], activity: Activity) -> None:
    account = await db.read(lambda store: store.accounts.get(activity.account_id or 0))
    if account is not None:
        await providers[account.provider].stop_hands(account.ref)


async def _close(providers: Mapping[ProviderName, Provider]) -> None:
    for provider in providers.values():
        await provider.close()
