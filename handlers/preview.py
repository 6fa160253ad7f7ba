"""The preview before the consent: what each provider order would hold and cost, and what can't be bought and why."""

from collections.abc import Iterator

from bot.screens import Button, Row, Screen, home_row, pages
from bot.texts import Html, Reader, bold, esc, lines
from handlers import names, refusals, remedies
from handlers.limits import refused, used
from handlers.preview_state import Decide, PreviewState, tries, troubles
from handlers.progress import bar
from purchasing.cards import Address
from purchasing.orders import OrderLine
from purchasing.previews import PreviewGroup, PreviewLine
from purchasing.reserve.plan import PlannedCheckout

SHOWN = 12
"""Refused lines written out in a preview; the rest is counted."""
NAMED = 6
"""New entries of an address book that are named; the rest is counted."""
PAGE = 20
"""Lines written out on one page of a preview; a page ends with a whole provider order."""


def gathering(state: PreviewState, reader: Reader) -> Screen:
    asked = sum(len(plan.quoted) for plan in state.plans)
    whole = sum(len(plan.line_ids) for plan in state.plans)
    return Screen(
        lines(
            bold(reader.text("Preview")),
            reader.text("Asking the marketplaces for prices: {done} of {whole}", done=asked, whole=whole),
            bar(100 * asked // whole if whole else 0),
            *troubles(state, reader),
        ),
        (
            *tries(state, reader),
            (Button(reader.text("Cancel"), Decide(what="drop", preview_id=state.preview.id)),),
            home_row(reader),
        ),
    )


def ready(state: PreviewState, reader: Reader) -> Screen:
    pages_of = _paged(state)
    shown = pages_of[min(state.page, len(pages_of) - 1)] if pages_of else []
    whole = sum(group.total for group in state.preview.groups)
    text = lines(
        bold(reader.text("Preview")),
        *[part for group in shown for part in _group(state, group, reader)],
        *(_refused(state, reader) if state.page == 0 else ()),
        "",
        reader.text("<b>Together</b>: {sum}", sum=_both(state, whole, reader)) if state.good else None,
        reader.text("Nothing is paid: the orders wait unpaid on the marketplace.") if state.good else None,
        *_new_addresses(state, reader),
        *_limits(state, reader),
        *troubles(state, reader),
    )
    preview_id = state.preview.id
    pager = pages(reader, lambda n: Address.of("preview", preview_id, n), state.page, len(pages_of), 1)
    return Screen(text, (*pager, *_decisions(state, reader)))


def _both(state: PreviewState, whole: int, reader: Reader) -> Html:
    """In yuan and in the customers' currencies."""
    return Html(" · ".join([reader.yuan(whole), *(reader.money(sum_, name) for sum_, name in state.customer_sums)]))


def _paged(state: PreviewState) -> list[list[PreviewGroup]]:
    """Future provider orders by pages, so that no page outgrows a message."""
    found: list[list[PreviewGroup]] = []
    room = 0
    for group in state.preview.groups:
        size = len(_rows_of(state, group))
        if not found or size > room:
            found.append([])
            room = PAGE
        found[-1].append(group)
        room -= size + 2  # its head and its sum take place too
    return found


def _rows_of(state: PreviewState, group: PreviewGroup) -> list[PreviewLine]:
    return [r for r in state.good if r.account_id == group.account_id and r.group == group.number]


def _decisions(state: PreviewState, reader: Reader) -> Iterator[Row]:
    count = len(state.good)
    if state.mine and any(not activity.over for activity in state.activities):
        label = reader.plural("Reserve {n} line", "Reserve {n} lines", count)
        if not count:
            label = reader.text("Decide about the lines")
        yield (Button(label, Decide(what="reserve", preview_id=state.preview.id), "success"),)
    yield from remedies.rows(reader, _refusals(state), state.viewer, without=("line", "to_buy"))
    if state.mine:
        yield (Button(reader.text("Cancel"), Decide(what="drop", preview_id=state.preview.id)),)
    yield home_row(reader)


def _refusals(state: PreviewState) -> list[tuple[str, remedies.About]]:
    found = [(row, state.lines[row.line_id].provider) for row in state.bad]
    return [(row.refusal, remedies.About(provider, row.account_id, row.line_id)) for row, provider in found]


def _group(state: PreviewState, group: PreviewGroup, reader: Reader) -> Iterator[object]:
    """One future provider order: seller, lines, freight, sum."""
    whole = _rows_of(state, group)
    rows = whole[:PAGE]
    lines_of = [state.lines[row.line_id] for row in rows]
    nick = state.nicks.get(group.account_id, "")
    yield ""
    provider = names.provider(lines_of[0].provider) if lines_of else ""
    yield Html(f"🏪 {bold(group.seller or '—')} · {esc(provider)}, {esc(nick)}")
    planned = _planned(state, group)
    if planned and planned.recipient:
        yield reader.text("recipient: {name}", name=planned.recipient)
    for row, line in zip(rows, lines_of, strict=True):
        price = reader.money(row.unit_price, "CNY") if row.unit_price is not None else Html("—")
        yield reader.text("{order} · {title} ×{quantity} · {price}", **_words(line, row), price=price)
        if line.seller_note:
            yield Html(f"  ✉️ {esc(refusals.shortened(line.seller_note))}")
    if len(whole) > len(rows):
        yield reader.text("…and {n} more", n=len(whole) - len(rows))
    freight = reader.yuan(group.freight) if group.freight_final else reader.text("the seller sets it later")
    yield reader.text("freight {freight}, sum {total}", freight=freight, total=reader.yuan(group.total))


def _planned(state: PreviewState, group: PreviewGroup) -> PlannedCheckout | None:
    for activity, plan in zip(state.activities, state.plans, strict=True):
        if activity.account_id == group.account_id:
            return next((one for one in plan.checkouts if one.number == group.number), None)
    return None


def _limits(state: PreviewState, reader: Reader) -> Iterator[Html]:
    """How far each account's limit is used up by this."""
    for one in state.usages:
        more = sum(group.account_id == one.account.id for group in state.preview.groups)
        if one.limit is None or not more:
            continue
        have = reader.text("{nick}: {used}, and {more} more", nick=one.account.nick, used=used(one, reader), more=more)
        over = one.room is not None and more > one.room
        yield Html(f"⚠️ {have}") if over else have
        if over:
            yield from refused(one, reader)


def _new_addresses(state: PreviewState, reader: Reader) -> Iterator[Html]:
    """What a confirmation does beside ordering."""
    for activity, plan in zip(state.activities, state.plans, strict=True):
        wanted = dict.fromkeys(one.recipient for one in plan.checkouts if one.new_address and not one.done)
        if wanted:
            nick = state.nicks.get(activity.account_id or 0, "")
            listed = ", ".join(list(wanted)[:NAMED]) + (", …" if len(wanted) > NAMED else "")
            yield reader.plural(
                "📒 First the address book of {nick} gets {n} entry: {names}",
                "📒 First the address book of {nick} gets {n} entries: {names}",
                len(wanted),
                nick=nick,
                names=listed,
            )


def _words(line: OrderLine, row: PreviewLine) -> dict[str, object]:
    title = (line.title or row.title or line.item_id)[:28]
    return {"order": line.order_number, "title": title, "quantity": line.quantity}


def _refused(state: PreviewState, reader: Reader) -> Iterator[object]:
    if not state.bad:
        return
    yield ""
    yield bold(
        reader.plural(
            "{n} line can't be bought as it stands", "{n} lines can't be bought as they stand", len(state.bad)
        )
    )
    for row in state.bad[:SHOWN]:
        line = state.lines[row.line_id]
        why = refusals.happened(reader, row.refusal)
        detail = refusals.aside(reader, row.refusal, row.detail)
        yield reader.text("{order} · {title} ×{quantity}: {why}{detail}", **_words(line, row), why=why, detail=detail)
    if len(state.bad) > SHOWN:
        yield reader.text("…and {n} more", n=len(state.bad) - SHOWN)
    yield from remedies.advice(reader, [row.refusal for row in state.bad])
