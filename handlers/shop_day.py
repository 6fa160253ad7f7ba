"""What a shop pushed on one day, counted: one quiet card, rendered anew with every push."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aiogram import Router

from bot.screens import Button, Screen, home_row, screen
from bot.texts import Reader, bold, lines
from purchasing.cards import Address
from purchasing.errors import Stale
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.shops import ShopDay

router = Router(name="shop_day")


@dataclass(frozen=True)
class Day:
    code: str
    since: datetime
    sums: ShopDay


def load_day(store: Store, address: Address, _viewer: Person, _now: datetime) -> Day:
    shop_id, day = address.args[0].split("-")
    shop = store.shops.get(int(shop_id))
    if shop is None:
        raise Stale("shop_gone")
    since = datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC)
    return Day(shop.code, since, store.shops.day(shop.id, since, since + timedelta(days=1)))


@screen("shop_day", load=load_day)
def day_screen(state: Day, reader: Reader) -> Screen:
    sums = state.sums
    text = lines(
        bold(reader.text("🛍 Orders from the shop {name}", name=state.code)),
        reader.text(
            "{day}: new lines {taken}, updated {updated}",
            day=f"{state.since:%Y-%m-%d}",
            taken=sums.taken,
            updated=sums.updated,
        ),
        reader.plural("❗ {n} row was refused", "❗ {n} rows were refused", sums.refused) if sums.refused else None,
    )
    ways = (
        Button(reader.text("To buy"), Address.of("to_buy"), "success"),
        Button(reader.text("Orders"), Address.of("orders")),
    )
    return Screen(text, (ways, home_row(reader)))
