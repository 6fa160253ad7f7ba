"""How full an account is, in words; shared by the screens on which one is chosen, watched and reserved with."""

from collections.abc import Iterator

from bot.texts import Html, Reader
from purchasing.limits import Usage


def used(one: Usage, reader: Reader) -> Html:
    """`7 of 20 unpaid`, or the number alone where no limit is known."""
    if one.limit is None:
        orders = reader.plural("{n} unpaid order", "{n} unpaid orders", one.unpaid)
    else:
        orders = reader.text("{n} of {limit} unpaid", n=one.unpaid, limit=one.limit)
    if one.coming:
        return reader.text("{orders} and {coming} to come", orders=orders, coming=one.coming)
    return orders


def refused(one: Usage, reader: Reader) -> Iterator[Html]:
    """When the marketplace last said that it was enough."""
    account = one.account
    if account.refused_at is not None:
        yield reader.text(
            "the marketplace refused {nick} another order on {when}: it had {n} unpaid and {day} placed in 24 hours",
            nick=account.nick,
            when=reader.when(account.refused_at),
            n=account.refused_unpaid or 0,
            day=account.refused_in_day or 0,
        )
