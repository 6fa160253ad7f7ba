"""Recognises what stands in the way on a page or in an answer: login, slider, identity, soft block, trouble.

It only says what is there: nothing here drags, solves or closes anything."""

import json
from dataclasses import dataclass
from datetime import timedelta

from providers.taobao.site import Signs, Site, pattern
from purchasing.errors import NeedsHuman, ProviderError, SessionExpired, Transient

SOFT_BLOCK_PAUSE = timedelta(minutes=5)
BUSY_PAUSE = timedelta(seconds=60)
SHORT_PAGE = 1500
"""Texts count as a sign only in a dialog or on a page with little else: goods may be titled with anything."""

_TOKEN_WORDS = ("FAIL_SYS_TOKEN_EXOIRED", "FAIL_SYS_TOKEN_EXPIRED", "FAIL_SYS_TOKEN_EMPTY", "FAIL_SYS_ILLEGAL_ACCESS")
_RISK_WORDS = ("RGV587", "FAIL_SYS_USER_VALIDATE")


@dataclass(frozen=True)
class Look:
    """What is visible now; `text` is all of the page's text, cut; `dialog` that of a risk control's dialog."""

    url: str
    slider: bool = False
    dialog: str = ""
    text: str = ""


def judge(site: Site, look: Look) -> ProviderError | None:
    """The error that the look means, most serious first; None when nothing is in the way."""
    signs, place = site.signs, site.place(look.url)
    if pattern(*signs.identity).search(place):
        return NeedsHuman("identity")
    if pattern(*signs.punish).search(place):
        return NeedsHuman("punish")
    trouble = _in_texts(signs, look)
    if trouble is not None:
        return trouble
    if pattern(*signs.login).search(place):
        return SessionExpired("the site asks to log in")
    return Transient("the site is busy", BUSY_PAUSE) if pattern(*signs.busy).search(place) else None


def _in_texts(signs: Signs, look: Look) -> ProviderError | None:
    words = look.dialog or (look.text if len(look.text) <= SHORT_PAGE else "")
    if look.slider or _any(signs.slider_texts, words):
        return NeedsHuman("slider")
    if _any(signs.often_texts, look.dialog):
        return Transient("asked too often", SOFT_BLOCK_PAUSE)
    return Transient("the site is busy", BUSY_PAUSE) if _any(signs.busy_texts, words) else None


def _any(words: tuple[str, ...], text: str) -> bool:
    return any(word in text for word in words)


def judge_answer(data: object) -> ProviderError | None:
    """The same for a JSON answer of the site (mtop or older)."""
    if not isinstance(data, dict):
        return None
    ret = data.get("ret")
    words = json.dumps(ret, ensure_ascii=False) if ret else ""
    if "rgv587_flag" in data or _any(_RISK_WORDS, words):
        return NeedsHuman("punish")
    if "FAIL_SYS_SESSION_EXPIRED" in words:
        return SessionExpired("the site says that the session is over")
    return Transient("the site's token rotated") if _any(_TOKEN_WORDS, words) else None


def token_rotated(data: object) -> bool:
    """An answer that only makes the page ask again with a new token."""
    return isinstance(data, dict) and _any(_TOKEN_WORDS, json.dumps(data.get("ret"), ensure_ascii=False))
