"""What an activity's steps say, by their codes; a code without words is shown as it is, never lost."""

from bot.texts import Html, Reader, esc, lazy_text
from handlers import refusals
from handlers.questions import answer_name
from purchasing.activities import Step

STEPS: dict[str, str] = {
    "previewed": lazy_text("prices asked: {lines} lines, {sellers} sellers"),
    "confirmed": lazy_text("confirmed: {lines} lines in {orders} orders"),
    "placed": lazy_text("order {number} placed, {total}, {seller}"),
    "address_added": lazy_text("the address book has the recipient {name} now"),
    "address_unknown": lazy_text("no answer to the new address of {name}: the book is looked at before anything else"),
    "dearer": lazy_text("placed for {total} instead of {agreed}: look at it before paying"),
    "found_again": lazy_text("order {number} was found on the marketplace"),
    "named_nothing": lazy_text("{number} was named, but the account has no such order"),
    "named_wrongly": lazy_text("{number} was named, but it doesn't hold what was sent"),
    "looked": lazy_text("looked for the order, look {look}: not there"),
    "refused": lazy_text("refused: {why} {detail}"),
    "not_sent": lazy_text("not sent: {why}"),
    "stopped": lazy_text("stopped: {why}"),
    "taken_back": lazy_text("taken back by {who} before anything was sent"),
    "stopped_by": lazy_text("stopped by {who}"),
    "answered": lazy_text("answered: {answer}, lines: {lines}"),
    "finished": lazy_text("finished, orders placed: {orders}"),
    "outcome_unknown": lazy_text("no answer to the order {key}: it is looked for before anything else"),
    "not_bound": lazy_text("placed, but the marketplace's order doesn't show this line"),
    "synced": lazy_text("synced: orders looked at: {seen}, changed: {changed}"),
    "logged_in": lazy_text("logged in as {nick}"),
    "other_nick": lazy_text("{wanted} was asked for, {got} has logged in"),
    "unbound": lazy_text("unbound from order {number}, lines: {lines}"),
    "still_tied": lazy_text("a line of order {order} is tied to another provider order too and stays as it is"),
    "others_hang": lazy_text("on order {number} hang other lines too: {others}"),
    "order_cancelled": lazy_text("order {number} is cancelled on the marketplace"),
    "cancel_no_answer": lazy_text("no answer to the cancellation of {number}: it is looked for before anything else"),
    "looked_cancel": lazy_text("looked at the order, look {look}: not cancelled yet"),
    "linked": lazy_text("{n} of {whole} pieces of a line of order {order} linked with {number}"),
    "pieces_used_up": lazy_text("not linked with {number}: its pieces are used up, or the line needs none"),
    "not_linked": lazy_text("{number} wasn't linked: {why}"),
    "not_of_order": lazy_text("left alone, not of this order: {title} ×{n}"),
    "doubtful": lazy_text("left alone in {number}, not certain: {title} ×{n}"),
    "goods_are_for": lazy_text("{title}: {line}"),
    "link_finished": lazy_text("finished, lines linked at once: {lines}"),
    "cost_differs": lazy_text("order {number} costs {total} for a line instead of {agreed}"),
    "quantity_differs": lazy_text("order {number} shows {shown} pieces instead of {was}"),
    "choice_differs": lazy_text("order {number} shows the configuration {shown} instead of {was}"),
    "title_differs": lazy_text("order {number} shows the name {shown} instead of {was}"),
    "address_differs": lazy_text("an order shows another address than the settings"),
    "paid_meanwhile": lazy_text("order {number} was paid meanwhile: nothing is asked any more"),
    "closed_meanwhile": lazy_text("order {number} was closed meanwhile: nothing is asked any more"),
    "fits_again": lazy_text("the sum of order {number} fits again: nothing is asked any more"),
    "session_expired": lazy_text("the session has expired: waiting for a login"),
    "needs_human": lazy_text("the marketplace wants a person"),
    "slider": lazy_text("the marketplace shows a slider: a person must pass it"),
    "identity": lazy_text("the marketplace asks who you are: a person must answer"),
    "password": lazy_text("the marketplace asks for the password"),
    "punish": lazy_text("the marketplace shows a check: a person must pass it"),
    "provider_away": lazy_text("the marketplace doesn't answer; trying again"),
    "limit_reached": lazy_text("the marketplace allows this account no more orders for now"),
    "browser_works": lazy_text("a page of the marketplace was opened by {what}"),
    "browser_away": lazy_text(
        "the account's own Chrome doesn't answer at its address: start it there, or set another address in the "
        "account's session"
    ),
    "proxy_away": lazy_text(
        "the account's proxy doesn't let us through: look at its address and password in the account's session"
    ),
    "browser_missing": lazy_text("there is no Chromium where the bot runs: install it, or set CHROMIUM_PATH"),
    "page_changed": lazy_text("the marketplace's page has changed: {what}"),
    "poison": lazy_text("failed three times and was put aside ({what})"),
    "imported": lazy_text("taken: {taken}, updated: {updated}, unchanged: {unchanged}, refused: {refused}"),
}


def step_text(reader: Reader, step: Step) -> Html:
    words: dict[str, object] = dict(step.params)
    for name in ("total", "agreed"):
        if name in words:
            words[name] = refusals.price(reader, str(words[name]))
    if "why" in words:
        words["why"] = refusals.happened(reader, str(words["why"]))
    if "answer" in words:
        words["answer"] = answer_name(reader, str(words["answer"]), one=False)
    if step.code not in STEPS:
        return esc(" ".join((step.code.replace("_", " "), *dict(step.params).values())))
    return reader.text(STEPS[step.code], **{"detail": "", "what": "", **words})
