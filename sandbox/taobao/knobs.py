"""The site's own verbs of `POST /_control/world`, and what only tests read. No page depends on either."""

from dataclasses import asdict

from aiohttp import web

from sandbox.market.control import Knobs
from sandbox.taobao.login import LOGINS
from sandbox.taobao.phone import Phone
from sandbox.taobao.qr import Logins
from sandbox.taobao.state import Modes, Site, site_of


def verbs(site: Site, logins: Logins) -> Knobs:
    phone = Phone(site, logins)

    def mode(**values: str | int | float | bool) -> None:
        """Change modes by name; unknown names and values are refused."""
        site.modes = Modes.model_validate(site.modes.model_dump() | values)

    def off_shelf(item_id: str, off: bool = True) -> None:
        """Take goods off sale, or put them back."""
        site.world.item(item_id)
        (site.off_shelf.add if off else site.off_shelf.discard)(item_id)

    def pass_challenges() -> None:
        """Solve every slider that waits, as a person would."""
        for session in site.sessions.values():
            session.challenge = False

    def expire_qr() -> None:
        """Let every code that nobody confirmed expire now."""
        logins.age(0)

    return {
        "mode": mode,
        "off_shelf": off_shelf,
        "pass_challenges": pass_challenges,
        "expire_qr": expire_qr,
        "scan": phone.scan,
        "confirm": phone.confirm,
        "cancel_login": phone.cancel,
        "approve": phone.approve,
    }


async def show_truth(request: web.Request) -> web.Response:
    """`GET /_truth/site`: modes, carts, SMS codes that wait, and every press of a control that pays."""
    site, logins = site_of(request), request.app[LOGINS]
    codes = {login: [one.code for _, one in logins.pending(login) if one.code] for login in site.world.accounts}
    return web.json_response(
        {
            "modes": site.modes.model_dump(),
            "carts": {login: [asdict(line) for line in lines] for login, lines in site.carts.items()},
            "sms": codes,
            "paying_presses": site.told_presses(),
            "addresses": {
                login: [asdict(one) for one in buyer.addresses] for login, buyer in site.world.accounts.items()
            },
        }
    )
