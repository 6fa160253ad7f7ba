"""A line's goods, while nothing is bought for it: another product or configuration, pieces split and put together."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message

from bot.explain import STALE
from bot.screens import Button, Row, Screen, Url, back_row, screen
from bot.texts import Html, Reader, add_rules, bold, code, esc, lazy_text, lines, link
from bot.turn import AwaitsText, Turn
from handlers import names
from handlers.forms import Ask, asking_screen, mistake, submit
from handlers.lines import url_of
from purchasing.cards import Address
from purchasing.change_goods import (
    join_line,
    product_of,
    replace_choice,
    replace_product,
    same_goods,
    split_line,
    unbought,
    with_product,
)
from purchasing.errors import BadInput
from purchasing.links import ProductLink
from purchasing.orders import OrderLine
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.words import LineStatus, ProviderName

router = Router(name="line_goods")

add_rules(
    {
        "product_short_link": lazy_text(
            "A short link doesn't say which product it is: open it and copy the full address."
        ),
        "product_unknown_provider": lazy_text("Send the address of a product page on Taobao, Tmall or 1688."),
        "product_item_missing": lazy_text(
            "This address names no product: open the product's own page and copy its address."
        ),
        "product_same": lazy_text("The line is this very product already."),
        "choice_200": lazy_text("At most 200 characters."),
        "split_pieces": lazy_text("A whole number, at least 1 and less than the line has."),
    }
)
STALE.update(
    {
        "line_being_bought": lazy_text(
            "Something is bought for this line already, or is being bought. Unbind it first."
        ),
        "line_not_split": lazy_text("This line was not split off another one."),
        "parts_differ": lazy_text("The two parts are different goods, or of different status, by now."),
    }
)
_CODES = {ProviderName.TAOBAO: "t", ProviderName.ALIBABA1688: "a"}


class Replace(CallbackData, prefix="lrep"):
    """Carries what the asking message shows, whatever is typed elsewhere meanwhile."""

    line_id: int
    provider: str
    item_id: str
    sku: str
    tmall: bool

    @property
    def product(self) -> ProductLink:
        provider = next(name for name, code in _CODES.items() if code == self.provider)
        return ProductLink(provider, self.item_id, self.sku, self.tmall)


class Join(CallbackData, prefix="ljoin"):
    line_id: int


@dataclass(frozen=True)
class Goods:
    """`whole`: the line that this one was split off and can be put back into."""

    line: OrderLine
    holder: str
    whole: OrderLine | None
    wrong: BadInput | None


def load_goods(store: Store, address: Address, viewer: Person, now: datetime) -> Goods:
    line = unbought(store, viewer, int(address.args[0]))
    holder = store.people.get(store.lines.holders([line.id], now).get(line.id, 0))
    whole = store.lines.get(line.split_from) if line.split_from else None
    if whole is not None and not same_goods(whole, line):
        whole = None
    return Goods(line, holder.name if holder else "", whole, mistake(store, viewer, address))


@screen("line_goods", load=load_goods)
def goods_screen(state: Goods, reader: Reader) -> Screen:
    line = state.line
    what = reader.text("Nothing is bought for this line yet: what is to be changed?")
    held = reader.text("🔒 {holder} has it in a preview now: first that must be over.", holder=state.holder)
    text = lines(*_about(line, reader), "", held if state.holder else what)
    return Screen(text, tuple(_rows(state, reader)))


def _about(line: OrderLine, reader: Reader) -> Iterator[object]:
    yield bold(line.title or line.item_id)
    yield Html(f"{esc(names.provider(line.provider))} · {link(line.item_id, url_of(line))} · {esc(line.sku or '—')}")
    yield reader.text("Order {number}, pieces: {n}", number=code(line.order_number), n=line.quantity)


def _rows(state: Goods, reader: Reader) -> Iterator[Row]:
    line = state.line
    if state.holder:
        yield back_row(reader, Address.of("line", line.id))
        return
    yield (Button(reader.text("🔁 Another product"), Ask.of("line_product", line.id)),)
    yield (Button(reader.text("🎨 Another configuration"), Ask.of("line_choice", line.id)),)
    if line.quantity > 1:
        yield (Button(reader.text("✂️ Split the pieces"), Ask.of("line_split", line.id)),)
    if state.whole is not None:
        n = line.quantity
        label = reader.plural("🧩 Put {n} piece back together", "🧩 Put {n} pieces back together", n)
        yield (Button(label, Join(line_id=line.id)),)
    yield back_row(reader, Address.of("line", line.id))


def _form(state: Goods, reader: Reader, *parts: object) -> Screen:
    text = lines(*_about(state.line, reader), "", *parts)
    return asking_screen(text, state.wrong, reader, back_row(reader, Address.of("line_goods", state.line.id)))


# -- another product


@screen("line_product", load=load_goods)
def product_screen(state: Goods, reader: Reader) -> Screen:
    return _form(state, reader, reader.text("Send the address of the product page to buy instead: Taobao or 1688."))


@router.message(F.text, ~F.text.startswith("/"), AwaitsText("line_product"))
async def take_product(message: Message, turn: Turn) -> None:
    def change(store: Store) -> None:
        line_id = int(turn.form.args[0]) if turn.form else 0

        def save() -> Address:
            product = product_of(message.text or "")
            where = (_CODES[product.provider], product.item_id, product.sku or "-", int(product.tmall))
            return Address.of("line_replace", line_id, *where)

        submit(store, turn, save)

    await turn.act(change)


@dataclass(frozen=True)
class Replacing:
    line: OrderLine
    product: ProductLink
    press: Replace


def load_replacing(store: Store, address: Address, viewer: Person, _now: datetime) -> Replacing:
    line = unbought(store, viewer, int(address.args[0]))
    provider, item_id, sku, tmall = address.args[1:]
    sku = "" if sku == "-" else sku
    press = Replace(line_id=line.id, provider=provider, item_id=item_id, sku=sku, tmall=tmall == "1")
    return Replacing(line, press.product, press)


@screen("line_replace", load=load_replacing)
def replacing_screen(state: Replacing, reader: Reader) -> Screen:
    line, product = state.line, state.product
    text = lines(
        bold(reader.text("Buy another product for this line?")),
        *_about(line, reader),
        "",
        reader.text("Instead: {product}", product=_named(product)),
        *_means(state, reader),
    )
    yes = Button(reader.text("Buy this one instead"), state.press, "success")
    open_it = Button(reader.text("Open the product"), Url(product.url))
    return Screen(text, ((yes,), (open_it,), back_row(reader, Address.of("line_goods", line.id))))


def _named(product: ProductLink) -> Html:
    parts = (esc(names.provider(product.provider)), link(product.item_id, product.url), esc(product.sku))
    return Html(" · ".join(part for part in parts if part))


def _means(state: Replacing, reader: Reader) -> Iterator[Html]:
    line, product = state.line, state.product
    if product.provider is not line.provider:
        where = names.provider(product.provider)
        yield reader.text(
            "⚠️ It is another marketplace: it will be bought on {where}, from an account there.", where=where
        )
    sku = str(with_product(line, product)["sku"])
    if product.sku:
        yield reader.text("The link names the configuration {sku}.", sku=sku)
    elif sku:
        yield reader.text("The link names no configuration: “{sku}” is looked for on the new page.", sku=sku)
    else:
        yield reader.text("The link names no configuration: if the product has some, choose one afterwards.")
    if product.tmall:
        yield reader.text("✋ A Tmall product can't be reserved: the line goes to the list of what is bought by hand.")
    elif line.status is LineStatus.BY_HAND:
        yield reader.text("The line stays among those bought by hand until you make it ready there.")
    yield reader.text("Price and stock are checked by the next preview. The shop's same file won't undo it.")


@router.callback_query(Replace.filter())
async def replace_it(_query: CallbackQuery, callback_data: Replace, turn: Turn) -> None:
    def change(store: Store) -> None:
        replace_product(store, turn.person, callback_data.line_id, callback_data.product, turn.clock())
        turn.show(store, Address.of("line", callback_data.line_id))

    await turn.act(change, turn.reader.text("The line is bought as this product from now on."))


# -- another configuration


@screen("line_choice", load=load_goods)
def choice_screen(state: Goods, reader: Reader) -> Screen:
    return _form(
        state,
        reader,
        reader.text("Now: {value}", value=code(state.line.sku or "—")),
        reader.text("Type the configuration as the product page has it, or the sku's number; - when it has none."),
    )


@router.message(F.text, ~F.text.startswith("/"), AwaitsText("line_choice"))
async def take_choice(message: Message, turn: Turn) -> None:
    def change(store: Store) -> None:
        line_id = int(turn.form.args[0]) if turn.form else 0

        def save() -> Address:
            replace_choice(store, turn.person, line_id, message.text or "", turn.clock())
            return Address.of("line", line_id)

        submit(store, turn, save)

    await turn.act(change)


# -- pieces


@screen("line_split", load=load_goods)
def split_screen(state: Goods, reader: Reader) -> Screen:
    most = state.line.quantity - 1
    return _form(state, reader, reader.text("How many pieces become a line of their own? 1 to {most}.", most=most))


@router.message(F.text, ~F.text.startswith("/"), AwaitsText("line_split"))
async def take_split(message: Message, turn: Turn) -> None:
    def change(store: Store) -> None:
        line_id = int(turn.form.args[0]) if turn.form else 0

        def save() -> Address:
            made = split_line(store, turn.person, line_id, pieces_of(message.text or ""), turn.clock())
            return Address.of("line", made.id)

        submit(store, turn, save)

    await turn.act(change)


def pieces_of(typed: str) -> int:
    text = typed.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise BadInput("pieces", "split_pieces", typed)
    return int(text)


@router.callback_query(Join.filter())
async def join(_query: CallbackQuery, callback_data: Join, turn: Turn) -> None:
    def change(store: Store) -> None:
        whole = join_line(store, turn.person, callback_data.line_id, turn.clock())
        turn.show(store, Address.of("line", whole.id))

    await turn.act(change, turn.reader.text("Put back together."))
