"""Secrets planted everywhere in a run through the real bot, and looked for in its log, files, tables and chats."""

import io
import logging
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from bot.logs import set_up_logs
from purchasing.activities import Activity
from purchasing.log_in import LoginPlan
from purchasing.orders import Order, ParcelDetails
from purchasing.ports import Store
from purchasing.words import ActivityKind, ActivityState, Priority, ProviderName
from storage.tables import metadata
from tests.support.desk import TOKEN, Desk, open_desk

SESSION = "cookie2=canarysessioncanarysession"
APP_SECRET = "canaryAppSecretCanaryAppSecret"
PASSPORT, PHONE = "4510 998877", "+79161234567"
CODE = "canarycode739"
TYPED = "canary-typed-words"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything at DEBUG, as the real program writes it."""
    root, stream = logging.getLogger(), io.StringIO()
    before = root.handlers, root.level
    set_up_logs("DEBUG", "text", [TOKEN, APP_SECRET], stream)
    yield stream
    root.handlers, root.level = before


def plant(store: Store, desk: Desk) -> None:
    now = desk.clock()
    account = store.accounts.ensure(ProviderName.TAOBAO, "shop", None, now)
    store.accounts.set_secret(account.id, SESSION.encode(), None)
    order = store.orders.ensure("A-1", "files", now)
    parcel = ParcelDetails(recipient="R", phone=PHONE, passport=PASSPORT)
    store.orders.save(Order(order.id, "A-1", customer="customer", parcel=parcel))
    plan = LoginPlan(provider=ProviderName.TAOBAO, stage="code_wanted")
    plan.code_blob = store.blobs.put(CODE.encode(), "text/plain", now + timedelta(minutes=5))
    store.activities.add(
        Activity(0, ActivityKind.LOGIN, ActivityState.WAITING, plan.model_dump_json(), Priority.PERSON), now
    )


async def test_no_secret_gets_out(data_dir: Any, log: io.StringIO) -> None:
    secret = {"alibaba1688_app_key": "123", "alibaba1688_app_secret": SecretStr(APP_SECRET)}
    async with open_desk(data_dir, **secret) as desk:
        await desk.write(lambda store: plant(store, desk))
        owner, stranger = desk.owner, await desk.person(4004, None)
        for text in ("/start", "/orders", "/sessions", "/activities", "/settings", TYPED, f"password={TYPED}"):
            await owner.send(text)
        await stranger.send(TYPED)
        await owner.send("/orders")
        await owner.press("A-1")
        for table in ("Customers' orders", "Lines with", "Lines for the customer"):
            await owner.send("/orders")
            await owner.press("Tables")
            await owner.press(table)
        logging.getLogger("bot.test").warning("as in a trouble: %s %s", SESSION, f"https://x/bot{TOKEN}/getMe")
        chats = [str(message.raw) for message in await owner.messages() if message.from_bot]
        files = [await exported(desk, message.raw) for message in await owner.messages()]
        with desk.app.db.reader.connect() as connection:
            cells = [
                str(tuple(row)) for table in metadata.sorted_tables for row in connection.execute(select(table)).all()
            ]
            waiting = select(func.count()).where(metadata.tables["inbox"].c.payload.is_not(None))
            assert connection.execute(waiting).scalar() == 0, "what people wrote is erased when it is done"
    places = {
        "log": log.getvalue(),
        "chats": "\n".join(chats),
        "tables": "\n".join(cells),
        "exports": "\n".join(files),
        "files": b"".join(path.read_bytes() for path in data_dir.glob("vykup.db*")).decode("latin-1"),
    }
    assert "bot.test" in places["log"]
    planted = (SESSION.partition("=")[2], APP_SECRET, TOKEN, PASSPORT, PHONE, CODE)
    found = {(where, canary) for where, text in places.items() for canary in planted if canary in text}
    assert found == set()
    assert TYPED not in places["log"]


async def exported(desk: Desk, message: dict[str, Any]) -> str:
    """All that a document's parts say."""
    if "document" not in message:
        return ""
    content = await desk.app.bot.download(message["document"]["file_id"])
    assert content is not None
    with zipfile.ZipFile(content) as parts:
        return b"".join(parts.read(name) for name in parts.namelist()).decode("latin-1")


async def test_files_are_their_owners_only(desk: Desk) -> None:
    await desk.owner.send("/start")
    found = list(desk.app.settings.data_dir.glob("*"))
    assert {path.name for path in found} >= {"vykup.db", "vykup.db-wal", "secret.key"}
    assert [path.name for path in found if path.is_file() and path.stat().st_mode & 0o077] == []


UPDATES = (
    *("message", "edited_message", "channel_post", "edited_channel_post", "business_message", "guest_message"),
    *("callback_query", "inline_query", "chosen_inline_result", "my_chat_member", "chat_member", "poll_answer"),
    *("chat_join_request", "message_reaction", "shipping_query", "pre_checkout_query", "purchased_paid_media"),
    *("business_connection", "chat_boost", "something_new"),
)


async def test_a_strangers_update_of_any_kind_writes_nothing(desk: Desk) -> None:
    user, chat = {"id": 4004, "is_bot": False, "first_name": "S"}, {"id": 4004, "type": "private"}

    def event(kind: str) -> dict[str, Any]:
        about = {"id": "1", "from": user, "user": user, "chat": chat, "text": "/start", "data": "buying:1", "date": 1}
        return about | {"message": {"message_id": 1, "chat": chat, "date": 1}} if kind == "callback_query" else about

    with desk.app.db.reader.connect() as connection:
        before = connection.exec_driver_sql("PRAGMA data_version").scalar()
        updates = [{"update_id": 9000 + n, kind: event(kind)} for n, kind in enumerate(UPDATES)]
        await desk.app.intake.take(updates)
        await desk.app.intake.take([{"update_id": 9500, "message": event("message") | {"text": f"/start {'x' * 32}"}}])
        assert connection.exec_driver_sql("PRAGMA data_version").scalar() == before, "not one write"
    assert not desk.app.intake.working
