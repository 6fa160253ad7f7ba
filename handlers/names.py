"""Words for the codes of the domain: statuses, providers, steps. One place, so that a thing has one name everywhere."""

from collections.abc import Mapping

from bot.texts import Html, Reader, lazy_text
from purchasing.words import ActivityKind, ActivityState, LineStatus, ProviderName, SessionState

PROVIDERS: Mapping[str, str] = {ProviderName.TAOBAO: "Taobao", ProviderName.ALIBABA1688: "1688"}

STATUSES: Mapping[str, str] = {
    LineStatus.NEW: lazy_text("not paid by the customer"),
    LineStatus.READY: lazy_text("ready to buy"),
    LineStatus.RESERVING: lazy_text("being reserved"),
    LineStatus.RESERVED: lazy_text("reserved, not paid"),
    LineStatus.BOUGHT: lazy_text("bought"),
    LineStatus.SHIPPED: lazy_text("shipped by the seller"),
    LineStatus.RECEIVED: lazy_text("in the warehouse"),
    LineStatus.PACKED: lazy_text("packed"),
    LineStatus.CANCELLED: lazy_text("cancelled"),
    LineStatus.BY_HAND: lazy_text("buy by hand"),
}

STATUS_SIGNS: Mapping[str, str] = {
    LineStatus.NEW: "▫️",
    LineStatus.READY: "🛒",
    LineStatus.RESERVING: "⏳",
    LineStatus.RESERVED: "💳",
    LineStatus.BOUGHT: "✅",
    LineStatus.SHIPPED: "🚚",
    LineStatus.RECEIVED: "📦",
    LineStatus.PACKED: "🎁",
    LineStatus.CANCELLED: "✖️",
    LineStatus.BY_HAND: "✋",
}

SESSIONS: Mapping[str, str] = {
    SessionState.ACTIVE: lazy_text("works"),
    SessionState.EXPIRING: lazy_text("works, expires soon"),
    SessionState.EXPIRED: lazy_text("expired: log in again"),
    SessionState.NEEDS_HUMAN: lazy_text("the marketplace wants a person"),
    SessionState.OFF: lazy_text("switched off"),
}

SESSION_SIGNS: Mapping[str, str] = {
    SessionState.ACTIVE: "🟢",
    SessionState.EXPIRING: "🟡",
    SessionState.EXPIRED: "🔴",
    SessionState.NEEDS_HUMAN: "🟠",
    SessionState.OFF: "⚪",
}

KINDS: Mapping[str, str] = {
    ActivityKind.RESERVE: lazy_text("Reservation"),
    ActivityKind.SYNC: lazy_text("Sync"),
    ActivityKind.LINK: lazy_text("Linking"),
    ActivityKind.UNBIND: lazy_text("Unbinding"),
    ActivityKind.REPRICE: lazy_text("Recalculation"),
    ActivityKind.LOGIN: lazy_text("Login"),
    ActivityKind.IMPORT: lazy_text("Import"),
    ActivityKind.LOOKUP: lazy_text("Lookup"),
    ActivityKind.BROWSER: lazy_text("Browser test"),
}

STATES: Mapping[str, str] = {
    ActivityState.QUEUED: lazy_text("in the queue"),
    ActivityState.RUNNING: lazy_text("running"),
    ActivityState.WAITING: lazy_text("waits for an answer"),
    ActivityState.DONE: lazy_text("done"),
    ActivityState.FAILED: lazy_text("failed"),
    ActivityState.CANCELLED: lazy_text("cancelled"),
}

STATE_SIGNS: Mapping[str, str] = {
    ActivityState.QUEUED: "⏳",
    ActivityState.RUNNING: "⏳",
    ActivityState.WAITING: "❓",
    ActivityState.DONE: "✅",
    ActivityState.FAILED: "❗",
    ActivityState.CANCELLED: "✖️",
}


def provider(name: str | None) -> str:
    return PROVIDERS.get(name or "", name or "—")


def status(reader: Reader, name: LineStatus) -> Html:
    return Html(f"{STATUS_SIGNS[name]} {reader.text(STATUSES[name])}")


def session(reader: Reader, state: SessionState) -> Html:
    return Html(f"{SESSION_SIGNS[state]} {reader.text(SESSIONS[state])}")


def kind(reader: Reader, name: ActivityKind) -> Html:
    return reader.text(KINDS[name])


def state(reader: Reader, name: ActivityState) -> Html:
    return Html(f"{STATE_SIGNS[name]} {reader.text(STATES[name])}")
