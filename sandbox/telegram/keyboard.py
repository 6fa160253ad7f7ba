"""Checks of reply markup; a keyboard that Telegram would refuse must never reach a chat."""

from typing import Any

from sandbox.telegram.html import looks_like_url
from sandbox.telegram.model import Json
from sandbox.telegram.refusals import Refusal, Refused

ACTIONS = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay", "disabled",
)  # fmt: skip
OTHER_MARKUP = ("keyboard", "remove_keyboard", "force_reply")
STYLES = frozenset({"danger", "success", "primary"})
MAX_BUTTONS = 100


def checked_markup(markup: Json | None, *, inline_only: bool = False) -> Json | None:
    """The markup as Telegram would keep it (None when empty); raises Refused."""
    if not markup:
        return None
    if "inline_keyboard" not in markup:
        if inline_only or not any(key in markup for key in OTHER_MARKUP):
            raise Refused(Refusal.BAD_MARKUP)
        return markup
    rows = _rows(markup["inline_keyboard"])
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        raise Refused(Refusal.KEYBOARD_TOO_LONG)
    kept = [[_button(button) for button in row] for row in rows if row]
    if not kept:
        return None
    return {"inline_keyboard": kept, **({"force_reply": True} if markup.get("force_reply") else {})}


def _rows(value: Any) -> list[list[Any]]:
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        raise Refused(Refusal.BAD_BUTTON, why="Array of Array of InlineKeyboardButton expected")
    return value


def _button(given: Any) -> Json:
    if not isinstance(given, dict):
        raise Refused(Refusal.BAD_BUTTON, why="InlineKeyboardButton must be an Object")
    button: Json = {key: value for key, value in given.items() if value is not None}
    text = button.get("text")
    if not isinstance(text, str) or not text.strip():
        raise Refused(Refusal.BAD_BUTTON, why='field "text" must be a non-empty String')
    actions = [action for action in ACTIONS if action in button]
    if not actions:
        raise Refused(Refusal.TEXT_BUTTON)
    if len(actions) > 1:
        raise Refused(Refusal.BAD_BUTTON, why="exactly one action must be specified for the button")
    if "style" in button and button["style"] not in STYLES:
        raise Refused(Refusal.BUTTON_STYLE)
    _check_action(actions[0], button[actions[0]])
    return button


def _check_action(action: str, value: Any) -> None:
    if action == "callback_data" and not (isinstance(value, str) and 1 <= len(value.encode()) <= 64):
        raise Refused(Refusal.BUTTON_DATA)
    if action == "url" and not (isinstance(value, str) and looks_like_url(value)):
        raise Refused(Refusal.BUTTON_URL, url=value)
    if action == "web_app":
        url = value.get("url") if isinstance(value, dict) else value
        if not str(url).startswith("https://"):
            raise Refused(Refusal.BUTTON_URL, url=url)
    if action == "copy_text":
        text = value.get("text") if isinstance(value, dict) else None
        if not isinstance(text, str) or not 1 <= len(text) <= 256:
            raise Refused(Refusal.BUTTON_COPY)
