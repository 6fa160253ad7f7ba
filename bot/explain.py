"""Says what went wrong in a person's words; must never show an exception's own text or a secret."""

from bot.screens import Screen, notice, screen
from bot.texts import RULES, Html, Reader, add_rules, lazy_text
from purchasing.cards import Address
from purchasing.errors import BadInput, Conflict, NotAllowed, Stale
from purchasing.people import Person
from purchasing.ports import Store

MAX_ARGUMENT = 16

Excusable = NotAllowed | Stale | Conflict | BadInput

add_rules(
    {
        "mobile_11_digits": lazy_text("A mainland mobile number has 11 digits and begins with 1, like 13800000000."),
        "zip_6_digits": lazy_text("A Chinese postal code has 6 digits, like 510000."),
        "name_2_14_or_empty": lazy_text("The recipient's name has 2 to 14 characters, or stays empty."),
        "region_code_6_digits": lazy_text("The region is given by its 6-digit code, like 440106."),
        "address_1_200": lazy_text("The address has 1 to 200 characters and doesn't repeat the region."),
        "chinese_required": lazy_text("1688 wants this in Chinese characters, and not too long."),
        "phone_digits": lazy_text("A phone number has an area code and 7-8 digits, or is a mobile of 11 digits."),
        "gone": lazy_text("Telegram does not have this file any more. Please send it again."),
        "too_big": lazy_text("The file is over 20 MB; Telegram gives bots no bigger ones. Send it in parts."),
    }
)


def explain(error: Excusable, reader: Reader) -> Html:
    """One sentence of what happened and what to do."""
    match error:
        case NotAllowed():
            return reader.text("Your role doesn't allow this. Nothing was changed.")
        case Stale():
            return reader.text("This button is out of date: things have moved on. Nothing was changed.")
        case Conflict(holder=""):
            return reader.text("Somebody else is at this right now. Nothing was changed; try again in a moment.")
        case Conflict(holder=holder):
            return reader.text("{holder} is at this right now. Nothing was changed.", holder=holder)
        case BadInput(field, rule, value):
            return _broken_rule(reader, field, rule, value)


def _broken_rule(reader: Reader, field: str, rule: str, value: str) -> Html:
    if rule in RULES:
        return reader.text(RULES[rule], field=field, value=value)
    return reader.text(
        "“{value}” doesn't fit here ({field}: {rule}). Type it again.", value=value, field=field, rule=rule
    )


def excuse(error: Excusable) -> Address:
    """The address of a message that says the same; long words are cut to fit an address."""
    match error:
        case BadInput(field, rule, _):
            return Address.of("excuse", "input", _argument(field), rule[:24])
        case Conflict(holder=holder):
            return Address.of("excuse", "conflict", _argument(holder))
        case NotAllowed():
            return Address.of("excuse", "right")
        case _:
            return Address.of("excuse", "stale")


def _argument(text: str) -> str:
    short = text.replace(":", " ")
    while len(short.encode()) > MAX_ARGUMENT:
        short = short[:-1]
    return short


def _load(_store: Store, address: Address, _viewer: Person, _now: object) -> Excusable:
    match address.args:
        case ("input", field, rule):
            return BadInput(field, rule)
        case ("conflict", holder):
            return Conflict("", holder)
        case ("right",):
            return NotAllowed()
        case _:
            return Stale()


@screen("excuse", load=_load)
def excuse_screen(error: Excusable, reader: Reader) -> Screen:
    return notice(reader, explain(error, reader))
