"""What an owner types about a shop: its name, and the address at which it is told of changes."""

from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.types import Message

from bot.screens import Screen, back_row, screen
from bot.texts import Reader, add_rules, bold, code, lazy_text, lines
from bot.turn import AwaitsText, Turn
from handlers.forms import asking_screen, mistake, submit
from purchasing.cards import Address
from purchasing.errors import BadInput
from purchasing.manage_shops import add_shop, set_callback, shop_of
from purchasing.people import Person, Right, check
from purchasing.ports import Store
from purchasing.shops import Shop

router = Router(name="shop_forms")

add_rules(
    {
        "shop_code": lazy_text("2 to 31 small Latin letters, digits and dashes, like main-shop; not “files”."),
        "shop_there": lazy_text("There is a shop of this name already."),
        "shops_50": lazy_text("There may be 50 shops at most."),
        "https_address": lazy_text(
            "An address that begins with https://, without a name and password in it, like https://shop.example.org/hook."
        ),
    }
)


def load_new(store: Store, address: Address, viewer: Person, _now: datetime) -> BadInput | None:
    check(viewer, Right.MANAGE)
    return mistake(store, viewer, address)


@screen("shop_new", load=load_new)
def new_screen(wrong: BadInput | None, reader: Reader) -> Screen:
    text = lines(
        bold(reader.text("A new shop")),
        reader.text("Type a short name for it: small Latin letters, digits and dashes, like main-shop."),
    )
    return asking_screen(text, wrong, reader, back_row(reader, Address.of("shops")))


@router.message(F.text, ~F.text.startswith("/"), AwaitsText("shop_new"))
async def take_new(message: Message, turn: Turn) -> None:
    def change(store: Store) -> None:
        def save() -> Address:
            return Address.of("shop_secret", add_shop(store, turn.person, message.text or "", turn.clock()).id)

        submit(store, turn, save)

    await turn.act(change)


@dataclass(frozen=True)
class UrlForm:
    shop: Shop
    wrong: BadInput | None


def load_url(store: Store, address: Address, viewer: Person, _now: datetime) -> UrlForm:
    return UrlForm(shop_of(store, viewer, int(address.args[0])), mistake(store, viewer, address))


@screen("shop_url", load=load_url)
def url_screen(state: UrlForm, reader: Reader) -> Screen:
    shop = state.shop
    text = lines(
        bold(reader.text("Where {name} is told of changes", name=shop.code)),
        reader.text("Now: {value}", value=code(shop.callback_url or "—")),
        reader.text("Type an address that begins with https://, or - to tell it nothing."),
    )
    return asking_screen(text, state.wrong, reader, back_row(reader, Address.of("shop", shop.id)))


@router.message(F.text, ~F.text.startswith("/"), AwaitsText("shop_url"))
async def take_url(message: Message, turn: Turn) -> None:
    def change(store: Store) -> None:
        shop_id = int(turn.form.args[0]) if turn.form else 0

        def save() -> Address:
            set_callback(store, turn.person, shop_id, message.text or "", turn.clock())
            return Address.of("shop", shop_id)

        submit(store, turn, save)

    await turn.act(change)
