"""Cards that tell people of what the bot itself could not do; a trouble card must never cause another one."""

from dataclasses import dataclass
from datetime import datetime

from bot.screens import Screen, notice, screen
from bot.texts import Html, Reader, code
from purchasing.cards import Address
from purchasing.people import Person
from purchasing.ports import Store


@dataclass(frozen=True)
class Trouble:
    """`what` is update, yours, chat or card; `subject` what it is about; `name` the person, where it is about one."""

    what: str
    subject: str
    name: str = ""


def about_update(update_id: int) -> Address:
    return Address.of("trouble", "update", update_id)


def about_yours(update_id: int) -> Address:
    """The same, for the person whose update it was."""
    return Address.of("trouble", "yours", update_id)


def about_chat(person: Person) -> Address:
    return Address.of("trouble", "chat", person.id)


def about_card(address: Address) -> Address:
    return Address.of("trouble", "card", address)


def load_trouble(store: Store, address: Address, _viewer: Person, _now: datetime) -> Trouble:
    what, subject = address.args[0], ":".join(address.args[1:])
    person = store.people.get(int(subject)) if what == "chat" else None
    return Trouble(what, subject, person.name if person else "")


@screen("trouble", load=load_trouble)
def trouble_screen(trouble: Trouble, reader: Reader) -> Screen:
    return notice(reader, _told(trouble, reader))


def _told(trouble: Trouble, reader: Reader) -> Html:
    match trouble.what:
        case "yours":
            return reader.text(
                "⚠️ What you sent or pressed could not be worked off, three times over (reference {number}). Nothing "
                "was changed by it, and the owners were told. Please try it once more.",
                number=code(trouble.subject),
            )
        case "update":
            return reader.text(
                "⚠️ A message or press of somebody could not be worked off, three times over. The reason is in the "
                "log under {number}.",
                number=code(trouble.subject),
            )
        case "chat":
            return reader.text(
                "⚠️ {name} can't be reached: the bot is blocked or the chat is gone. What was waiting for them was "
                "dropped. They have to open the bot and press Start.",
                name=trouble.name,
            )
        case _:
            return reader.text(
                "⚠️ A message could not be shown, three times over: {address}. The reason is in the log.",
                address=code(trouble.subject),
            )
