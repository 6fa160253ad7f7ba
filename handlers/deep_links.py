"""Links that open the bot at one order, line or activity: `t.me/<bot>?start=o_12`. They open nothing for strangers,
whose messages are heard by nobody; what is behind a link is shown by the screen's own rules."""

import re

from bot.screens import HOME, Button, Copy, Row
from bot.texts import Reader
from purchasing.cards import Address
from purchasing.ports import Store

BOT_NAME = "bot.username"
"""The setting that holds the bot's own name, learnt when it starts (`bot.own_name`)."""

_SCREENS = {"o": "order", "l": "line", "a": "activity"}
_LETTERS = {screen: letter for letter, screen in _SCREENS.items()}
_PAYLOAD = re.compile(r"([ola])_([1-9][0-9]{0,17})")


def opened(payload: str) -> Address:
    """What a link's payload shows: home for one that is none."""
    found = _PAYLOAD.fullmatch(payload)
    return Address.of(_SCREENS[found[1]], found[2]) if found else HOME


def link_to(store: Store, screen: str, number: int) -> str:
    """ "" while the bot's name isn't known yet."""
    name = store.settings.get(BOT_NAME)
    return f"https://t.me/{name}?start={_LETTERS[screen]}_{number}" if name else ""


def copy_row(reader: Reader, link: str) -> Row:
    return (Button(reader.text("🔗 Copy the link to this"), Copy(link)),) if link else ()
