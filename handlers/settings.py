"""The owner's settings: the desk as a whole, each marketplace, and the switches. What is typed has its own modules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message

from bot.screens import Button, Row, Screen, back_row, home_row, screen
from bot.texts import Html, Reader, bold, lines
from bot.turn import Turn
from handlers import names
from handlers.forms import Ask
from purchasing.cards import Address
from purchasing.keep_photos import AS_FILES
from purchasing.logins import listed_logins
from purchasing.options import enabled, option, recipient_or_none, sync_default
from purchasing.people import Person, Right, check
from purchasing.ports import Store
from purchasing.set_options import ALERTS, NUMBERS, allow_sync_of, reservation_under_way, stop_buying, switch
from purchasing.words import ProviderName

router = Router(name="settings")


class Switch(CallbackData, prefix="switch"):
    """`what`: enabled, check_after_export, sync; `on` 1 or 0."""

    provider: ProviderName
    what: str
    on: int


class Buying(CallbackData, prefix="buying"):
    stop: int


class KeepPhotos(CallbackData, prefix="photofiles"):
    on: int


@dataclass(frozen=True)
class Settings:
    """`numbers` by key, as stored; `photos`: kept as files."""

    enabled: Mapping[ProviderName, bool]
    complete: Mapping[ProviderName, bool]
    stopped: bool
    numbers: Mapping[str, str]
    photos: bool
    saved: bool
    under_way: bool
    asking: bool


def load_settings(store: Store, address: Address, viewer: Person, _now: datetime) -> Settings:
    check(viewer, Right.MANAGE)
    return Settings(
        {p: enabled(store, p) for p in ProviderName},
        {p: recipient_or_none(store, p) is not None for p in ProviderName},
        option(store, "buying.stopped") == "yes",
        {key: option(store, key) for key in NUMBERS if key not in ALERTS},
        option(store, AS_FILES) == "yes",
        "saved" in address.args,
        reservation_under_way(store),
        "stop" in address.args,
    )


@screen("settings", load=load_settings)
def settings(state: Settings, reader: Reader) -> Screen:
    if state.asking:
        return _sure(reader)
    return Screen(lines(*_text(state, reader)), tuple(_rows(state, reader)))


def _text(state: Settings, reader: Reader) -> Iterator[object]:
    yield bold(reader.text("Settings"))
    if state.stopped:
        yield reader.text("⛔ Buying is stopped: no order is placed or cancelled until it is resumed.")
    yield ""
    for provider in ProviderName:
        yield Html(f"{bold(names.provider(provider))}: {_on(state.enabled[provider], reader)}")
        if not state.complete[provider]:
            yield reader.text("    ⚠️ the recipient isn't complete")
    yield ""
    for key, label in number_labels(reader).items():
        yield Html(f"{label}: {shown_number(key, state.numbers[key], reader)}")
    yield reader.text("Photos of goods kept as files: {on}", on=_on(state.photos, reader))
    yield from saved_text(reader, saved=state.saved, under_way=state.under_way)


def _on(on: bool, reader: Reader) -> Html:
    return reader.text("✅ on") if on else reader.text("▫️ off")


def number_labels(reader: Reader) -> Mapping[str, Html]:
    return {
        "sync.every": reader.text("Background sync every"),
        "tolerance.fen": reader.text("Price may differ by, ¥"),
        "tolerance.percent": reader.text("Price may differ by, %"),
        "limit.order.fen": reader.text("Limit for one order"),
        "limit.day.fen": reader.text("Limit for 24 hours"),
        "reserve.delay": reader.text("Time to take a reservation back"),
        "activities.days": reader.text("Past activities kept, days"),
        "activities.keep": reader.text("Past activities kept, at least"),
        "consent.days": reader.text("Days for a customer's answer"),
        "backup.keep": reader.text("Daily backups kept"),
    }


def shown_number(key: str, stored: str, reader: Reader) -> Html:
    if key == "sync.every":
        seconds = int(stored)
        if seconds % 60:
            return reader.text("{n} s", n=seconds)
        return reader.text("{n} min", n=seconds // 60)
    if key == "reserve.delay":
        return reader.text("{n} s", n=stored) if stored != "0" else reader.text("none: it begins at once")
    if key in ("activities.days", "activities.keep", "consent.days"):
        return Html(stored)
    if key == "backup.keep":
        return Html(stored) if stored != "0" else reader.text("no backups")
    return Html(f"{stored} %") if key == "tolerance.percent" else reader.yuan(int(stored))


def saved_text(reader: Reader, *, saved: bool, under_way: bool) -> Iterator[Html]:
    if saved:
        yield Html("")
        yield reader.text("✅ Saved.")
        if under_way:
            yield reader.text(
                "A reservation is under way: it goes on with what it began with, the next one uses the new value. "
                "Limits and the stop of buying hold at once."
            )


def _rows(state: Settings, reader: Reader) -> Iterator[Row]:
    yield tuple(Button(names.provider(p), Address.of("settings_provider", p), "primary") for p in ProviderName)
    labels = list(number_labels(reader).items())
    yield from ((Button(label, Ask.of("set_number", key)),) for key, label in labels)
    off, on = reader.text("Stop keeping photos as files"), reader.text("Keep photos of goods as files")
    yield (Button(off if state.photos else on, KeepPhotos(on=int(not state.photos))),)
    if state.stopped:
        yield (Button(reader.text("Resume buying"), Buying(stop=0), "success"),)
    else:
        yield (Button(reader.text("⛔ Stop buying"), Address.of("settings", "stop"), "danger"),)
    alerts = Button(reader.text("Alerts and stuck things"), Address.of("settings_alerts"))
    yield alerts, Button(reader.text("Rates"), Address.of("rates"))
    yield Button(reader.text("Staff"), Address.of("staff")), Button(reader.text("Shops"), Address.of("shops"))
    yield (Button(reader.text("Language / Язык / 语言"), Address.of("language")),)
    yield home_row(reader)


def _sure(reader: Reader) -> Screen:
    text = lines(
        bold(reader.text("Stop buying?")),
        reader.text(
            "From now on no order is placed and none is cancelled, in reservations under way too: their next order is "
            "refused and its lines become ready again. Syncs go on. It ends when an owner resumes buying."
        ),
        reader.text("The commands /stop_buying and /resume_buying do it at once."),
    )
    no = Button(reader.text("No"), Address.of("settings"))
    return Screen(text, ((Button(reader.text("Yes, stop buying"), Buying(stop=1), "danger"), no),))


@router.callback_query(KeepPhotos.filter())
async def keep_photos(_query: CallbackQuery, callback_data: KeepPhotos, turn: Turn) -> None:
    def change(store: Store) -> None:
        switch(store, turn.person, AS_FILES, bool(callback_data.on), turn.clock())
        turn.show(store, Address.of("settings"))

    await turn.act(change)


@router.callback_query(Buying.filter())
async def stop_or_resume(_query: CallbackQuery, callback_data: Buying, turn: Turn) -> None:
    await turn.act(lambda store: _stop(store, turn, stopped=bool(callback_data.stop)))


@router.message(Command("stop_buying", "resume_buying"))
async def stop_command(message: Message, turn: Turn) -> None:
    """At once, without asking: who types it is in a hurry."""
    stopped = (message.text or "").startswith("/stop_buying")
    await turn.act(lambda store: _stop(store, turn, stopped=stopped))


def _stop(store: Store, turn: Turn, *, stopped: bool) -> None:
    stop_buying(store, turn.person, stopped, turn.clock())
    turn.end_form(store)
    turn.show(store, Address.of("settings"))


@dataclass(frozen=True)
class ProviderSettings:
    provider: ProviderName
    enabled: bool
    check_after_export: bool
    sync: bool
    complete: bool
    logins: list[str]


def load_provider(store: Store, address: Address, viewer: Person, _now: datetime) -> ProviderSettings:
    check(viewer, Right.MANAGE)
    provider = ProviderName(address.args[0])
    return ProviderSettings(
        provider,
        enabled(store, provider),
        option(store, f"{provider}.check_after_export") == "yes",
        sync_default(store, provider),
        recipient_or_none(store, provider) is not None,
        listed_logins(store) if provider is ProviderName.TAOBAO else [],
    )


@screen("settings_provider", load=load_provider)
def provider_settings(state: ProviderSettings, reader: Reader) -> Screen:
    return Screen(lines(*_provider_text(state, reader)), tuple(_provider_rows(state, reader)))


def _provider_text(state: ProviderSettings, reader: Reader) -> Iterator[object]:
    yield bold(names.provider(state.provider))
    yield reader.text("Buying here: {on}", on=_on(state.enabled, reader))
    if not state.enabled:
        yield reader.text("Its lines are offered nowhere. Orders placed before are still watched.")
    yield reader.text("Check of an order after it is placed: {on}", on=_on(state.check_after_export, reader))
    yield reader.text("Background sync: {on}", on=_on(state.sync, reader))
    complete = reader.text("✅ complete") if state.complete else reader.text("⚠️ not complete")
    yield reader.text("Recipient: {complete}", complete=complete)
    if state.provider is ProviderName.TAOBAO:
        yield reader.text("Logins: {nicks}", nicks=", ".join(state.logins[:30]) or "—")


def _provider_rows(state: ProviderSettings, reader: Reader) -> Iterator[Row]:
    provider = state.provider
    off, on = reader.text("Switch buying off"), reader.text("Switch buying on")
    yield (Button(off if state.enabled else on, _turned(provider, "enabled", state.enabled)),)
    off, on = reader.text("Switch the check off"), reader.text("Switch the check on")
    checked = state.check_after_export
    yield (Button(off if checked else on, _turned(provider, "check_after_export", checked)),)
    off, on = reader.text("Forbid background sync"), reader.text("Allow background sync")
    yield (Button(off if state.sync else on, _turned(provider, "sync", state.sync)),)
    yield (Button(reader.text("Recipient"), Address.of("recipient", provider)),)
    if provider is ProviderName.TAOBAO:
        yield (Button(reader.text("List of logins"), Ask.of("set_logins")),)
    yield (Button(reader.text("Names of statuses"), Address.of("status_names", provider)),)
    yield back_row(reader, Address.of("settings"))


def _turned(provider: ProviderName, what: str, now_on: bool) -> Switch:
    return Switch(provider=provider, what=what, on=0 if now_on else 1)


@router.callback_query(Switch.filter(F.what == "sync"))
async def switch_sync(_query: CallbackQuery, callback_data: Switch, turn: Turn) -> None:
    def change(store: Store) -> None:
        allow_sync_of(store, turn.person, callback_data.provider, bool(callback_data.on), turn.clock())
        turn.show(store, Address.of("settings_provider", callback_data.provider))

    await turn.act(change, turn.reader.text("It holds for all accounts of the marketplace; each can be changed alone."))


@router.callback_query(Switch.filter())
async def turn_switch(_query: CallbackQuery, callback_data: Switch, turn: Turn) -> None:
    def change(store: Store) -> None:
        key = f"{callback_data.provider}.{callback_data.what}"
        switch(store, turn.person, key, bool(callback_data.on), turn.clock())
        turn.show(store, Address.of("settings_provider", callback_data.provider))
        if reservation_under_way(store):
            turn.notice(_when_it_counts(callback_data.what, turn.reader), alert=True)

    await turn.act(change)


def _when_it_counts(what: str, reader: Reader) -> Html:
    if what == "enabled":
        return reader.text("Saved. A reservation under way is finished; it counts from the next preview on.")
    return reader.text("Saved. A reservation under way uses it from its next order on.")
