"""What a marketplace's raw status is called on screens: the owner's name, else the built-in one, else the raw word."""

from bot.texts import Html, Reader, esc
from purchasing.status_names import DEFAULTS, NO_CUSTOM_NAMES, CustomNames
from purchasing.words import ProviderName


def status_name(reader: Reader, provider: ProviderName, raw: str, custom: CustomNames = NO_CUSTOM_NAMES) -> Html:
    """`custom` as `purchasing.status_names.custom_names(store)` gave it when the screen was loaded."""
    raw = raw.strip()
    return esc(custom.get(provider, raw) or built_in_name(reader, provider, raw))


def built_in_name(reader: Reader, provider: ProviderName, raw: str) -> str:
    names = DEFAULTS[provider].get(raw)
    if names is None:
        return raw
    return names.ru if reader.language == "ru" else names.en
