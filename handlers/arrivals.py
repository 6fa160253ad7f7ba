"""The morning's push for the warehouse: parcels that may arrive today and those overdue, by carrier."""

from datetime import datetime

from aiogram import Router

from bot.screens import Button, Screen, home_row, screen
from bot.texts import Reader, bold, lines
from handlers.running_card import arrivals_text
from purchasing.cards import Address
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.receive import arrivals
from purchasing.receiving import Arrivals

router = Router(name="arrivals")


def load_arrivals(store: Store, _address: Address, _viewer: Person, now: datetime) -> Arrivals:
    return arrivals(store, now)


@screen("arrivals", load=load_arrivals)
def arrivals_screen(state: Arrivals, reader: Reader) -> Screen:
    start = Button(reader.text("📥 Start receiving"), Address.of("receive"), "success")
    text = lines(bold(reader.text("Arrivals")), *arrivals_text(state, reader))
    return Screen(text, ((start,), home_row(reader)))
