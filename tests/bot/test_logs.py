"""Planted secrets must not come out of the log, whatever way they went in."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import Mask, set_up_logs

TOKEN = "123456789:AAEcanarycanarycanarycanarycanary"
CANARIES = {
    "token": TOKEN,
    "file address": f"https://api.telegram.org/file/bot{TOKEN}/photos/file_1.jpg",
    "cookie header": "Cookie: _m_h5_tk=canary-h5; cookie2=canary-cookie2",
    "set-cookie": "'Set-Cookie': 'sid=canary-sid; Path=/'",
    "app secret": "app_secret=canary-app-secret&x=1",
    "json token": '{"access_token": "canary-access", "refresh_token": "canary-refresh"}',
    "signature": "_aop_signature=canaryAOP",
    "bearer": "Authorization: Bearer canary-bearer",
    "mainland mobile": "call 13800013800 now",
    "with country": "+7 916 123-45-67 or +8613800013800",
    "russian mobile": "89161234567",
    "known secret": "the key is planted-known-secret!",
}
LEAKS = ("canary", "13800013800", "916 123", "89161234567", "planted-known-secret")


@pytest.fixture(params=["text", "json"])
def lines(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    set_up_logs("DEBUG", request.param, ["planted-known-secret"], stream)
    yield stream
    root.handlers, root.level = before, level
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize("name", CANARIES)
def test_nothing_planted_gets_out(lines: io.StringIO, name: str) -> None:
    planted = CANARIES[name]
    log = logging.getLogger("anything")
    log.info("message %s", planted)
    log.warning(planted)
    structlog.get_logger("other").info("event", value=planted)
    try:
        raise ValueError(planted)
    except ValueError:
        log.exception("it failed")
    written = lines.getvalue()
    assert "it failed" in written
    assert not [leak for leak in LEAKS if leak in written]


def test_what_is_no_secret_stays() -> None:
    text = "order 4512345678901234567 of 2026-11-24T03:10:00.123456Z, item 640000000001, SF1234567890123, chat 1001"
    assert Mask()(text) == text


def test_json_lines_are_json(lines: io.StringIO) -> None:
    logging.getLogger("anything").error("something %s", "happened")
    last = lines.getvalue().splitlines()[-1]
    if last.startswith("{"):
        assert json.loads(last)["event"] == "something happened"
    else:
        assert "something happened" in last


def test_chatty_libraries_are_quiet(lines: io.StringIO) -> None:
    for name in ("aiogram.event", "aiohttp.access", "apscheduler.executors.default"):
        logging.getLogger(name).info("chatter")
    assert "chatter" not in lines.getvalue()
