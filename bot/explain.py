"""Says what went wrong in a person's words; must never show an exception's own text or a secret."""

from bot.screens import Screen, notice, screen
from bot.texts import RULES, Html, Reader, add_rules, lazy_text, lines
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

STALE: dict[str, str] = {
    "question_answered": lazy_text("Somebody was faster: the card shows the answer. Yours was not counted."),
    "question_over": lazy_text("No answer is needed any more: the activity was stopped or has ended."),
    "question_gone": lazy_text("This question is no longer there. What is open now is in Activities."),
    "answer_unknown": lazy_text("The answers have changed: choose one on the card as it is now."),
    "no_ready_lines": lazy_text("No ready line is ticked. Tick at least one, then press Preview."),
    "line_not_ready": lazy_text("This line is no longer ready to buy: it is being bought already, or was cancelled."),
    "line_gone": lazy_text("This line is no longer there."),
    "line_not_bound": lazy_text("This line isn't bound to a provider order any more."),
    "line_not_by_hand": lazy_text("This line can't be changed so any more: look at its status now."),
    "nothing_bound": lazy_text("No bound line is ticked. Tick at least one, then press Unbind."),
    "preview_not_ready": lazy_text("The prices aren't all there yet. Wait until the preview shows them."),
    "preview_over": lazy_text("This preview is over: it was confirmed, cancelled, or is too old. Make a new one."),
    "too_late_to_take_back": lazy_text(
        "It can't be taken back any more: orders are being placed. Details has a button that stops the rest."
    ),
    "order_gone": lazy_text("This order is no longer there."),
    "order_linked": lazy_text("This provider order is linked with a line by now."),
    "nothing_to_link": lazy_text("There is nothing left here to link."),
    "nothing_to_pay": lazy_text("Nothing is left to pay here: the orders are paid or closed."),
    "approval_decided": lazy_text("Another owner was faster: the card shows the decision. Yours was not counted."),
    "sum_changed": lazy_text("The sum has risen meanwhile. Look at it once more, then press."),
    "stuck_aside": lazy_text("Somebody has put this aside already: the card shows who."),
    "stuck_gone": lazy_text("This isn't stuck any more."),
    "digest_gone": lazy_text("This digest is no longer there."),
    "login_over": lazy_text("This login waits for nothing any more. Start a new one in Sessions."),
    "login_gone": lazy_text("This login is no longer there. Start a new one in Sessions."),
    "login_not_done": lazy_text("This login isn't finished yet."),
    "no_live_page": lazy_text("This marketplace has no page to open here."),
    "session_works": lazy_text("Nothing stands in this session's way any more."),
    "account_gone": lazy_text("This account is no longer there. The current ones are in Sessions."),
    "activity_over": lazy_text("This activity has ended already or can't be stopped any more."),
    "not_put_off": lazy_text("This activity isn't waiting for a next try any more."),
    "activity_gone": lazy_text("This activity is no longer there."),
    "asked_gone": lazy_text("This search is too old. Send the number once more."),
    "changed_meanwhile": lazy_text("What you were asked about has just changed. Look at it once more, then press."),
    "late": lazy_text("The bot was away when you pressed this, and things may have changed. Press once more."),
}
"""What is gone, and what to do. What isn't here is told in general."""

FASTER: dict[str, str] = {
    "question_answered": lazy_text("{who} was faster: the card shows the answer. Yours was not counted."),
    "approval_decided": lazy_text("{who} was faster: the card shows the decision. Yours was not counted."),
    "stuck_aside": lazy_text("{who} has put this aside already. Nothing was changed."),
}
"""The same, where it is known who came first."""


def explain(error: Excusable, reader: Reader) -> Html:
    """One sentence of what happened and what to do."""
    match error:
        case NotAllowed():
            return reader.text("Your role doesn't allow this. Nothing was changed.")
        case Stale(code=code, who=who):
            return _what_is_gone(reader, code, who)
        case Conflict(holder=""):
            return reader.text("Somebody else is at this right now. Nothing was changed; try again in a moment.")
        case Conflict(holder=holder):
            return reader.text("{holder} is at this right now. Nothing was changed.", holder=holder)
        case BadInput(field, rule, value):
            return _broken_rule(reader, field, rule, value)


def _what_is_gone(reader: Reader, code: str, who: str) -> Html:
    if code in FASTER and who:
        return reader.text(FASTER[code], who=who)
    if code in STALE:
        return lines(reader.text(STALE[code]), reader.text("Nothing was changed."))
    return reader.text("This button is out of date: things have moved on. Nothing was changed.")


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
        case Stale(code=code):
            return Address.of("excuse", "stale", code)


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
        case ("stale", code):
            return Stale(code)
        case _:
            return Stale()


@screen("excuse", load=_load)
def excuse_screen(error: Excusable, reader: Reader) -> Screen:
    return notice(reader, explain(error, reader))
