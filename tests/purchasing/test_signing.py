"""Signatures: the documents' worked example is right, and nothing but the exact request of the exact secret passes."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from purchasing.signing import ID, SIGNATURE, TIME, authentic, headers, new_secret, sign

DOCUMENT = (Path(__file__).parents[2] / "docs" / "shop-api.md").read_text(encoding="utf-8")
NOW = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
SECRET, BODY = new_secret(), b'[{"order": "1"}]'


def told(name: str) -> str:
    found = re.search(rf"^{name} +(\S.*)$", DOCUMENT, re.MULTILINE)
    assert found
    return found[1]


def test_the_worked_example_is_right() -> None:
    at = datetime.fromtimestamp(int(told("timestamp")), UTC)
    assert sign(told("secret"), told("id"), at, told("body").encode()) == told("signature")
    asked = re.search(r"`GET (/shop/orders/\d+)` with the same id and time: `(v1,\S+)`", DOCUMENT)
    assert asked
    assert sign(told("secret"), told("id"), at, asked[1].encode()) == asked[2]


def test_one_of_several_signatures_is_enough() -> None:
    given = headers(SECRET, "msg_1", NOW, BODY)
    assert authentic(SECRET, given, BODY, NOW)
    assert authentic(SECRET, given | {SIGNATURE: f"v1,AAAA v2,BBBB {given[SIGNATURE]}"}, BODY, NOW)


@pytest.mark.parametrize("late", [timedelta(minutes=5, seconds=1), -timedelta(minutes=5, seconds=1)])
def test_the_window_is_five_minutes_either_way(late: timedelta) -> None:
    given = headers(SECRET, "msg_1", NOW, BODY)
    assert authentic(SECRET, given, BODY, NOW + late * 0.99)
    assert not authentic(SECRET, given, BODY, NOW + late)


@pytest.mark.parametrize(
    "wrong",
    [
        {ID: "msg_2"},
        {ID: ""},
        {ID: "ё"},
        {ID: "x" * 101},
        {TIME: "1778576401"},
        {TIME: "-1"},
        {TIME: "1e9"},
        {TIME: "٣"},
        {SIGNATURE: ""},
        {SIGNATURE: "v1,"},
        {SIGNATURE: "v1a,AAAA"},
        {SIGNATURE: "ё"},
    ],
)
def test_anything_else_is_refused(wrong: dict[str, str]) -> None:
    assert not authentic(SECRET, headers(SECRET, "msg_1", NOW, BODY) | wrong, BODY, NOW)


def test_body_secret_and_direction_count() -> None:
    given = headers(SECRET, "msg_1", NOW, BODY)
    assert not authentic(SECRET, given, BODY + b" ", NOW)
    assert not authentic(new_secret(), given, BODY, NOW)
    ours = headers(SECRET, "evt_1", NOW, BODY)
    assert not authentic(SECRET, ours, BODY, NOW), "what we sent ourselves is never taken for a request"
    assert authentic(SECRET, ours, BODY, NOW, ours=True)
