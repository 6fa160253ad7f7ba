"""A person's phone: `/phone/{account}` shows pending QR logins and checks with the buttons of the phone app.
Stands in for the person; no page of the marketplace leads here but the QR code itself."""

from urllib.parse import quote

from aiohttp import web

from sandbox.market.model import Refused
from sandbox.taobao.login import LOGINS, state_of
from sandbox.taobao.pages import person_page
from sandbox.taobao.qr import Logins, QrLogin
from sandbox.taobao.state import Site, site_of


async def show_phone(request: web.Request) -> web.Response:
    site, logins = site_of(request), request.app[LOGINS]
    account = request.match_info["account"]
    if account not in site.world.accounts:
        raise web.HTTPNotFound
    logins.age(site.modes.qr_seconds)
    codes = [one for one in logins.codes.values() if one.status == "NEW" or one.account == account]
    shown = [(one, state_of(one)) for one in codes if one.status in {"NEW", "SCANED"}]
    return person_page(
        "phone.html",
        account=account,
        codes=list(reversed(shown)),
        checks=logins.pending(account),
        token=request.query.get("lgToken", ""),
    )


async def press(request: web.Request) -> web.Response:
    """`scan`, `confirm` or `cancel` a QR login, or `approve` an identity check."""
    account, deed = request.match_info["account"], request.match_info["deed"]
    form = await request.post()
    phone = Phone(site_of(request), request.app[LOGINS])
    deeds = {"scan": phone.scan, "confirm": phone.confirm, "cancel": phone.cancel, "approve": phone.approve}
    try:
        deeds[deed](account, str(form.get("content", "")))
    except Refused as refusal:
        raise web.HTTPConflict(text=refusal.text) from refusal
    raise web.HTTPSeeOther(f"/phone/{quote(account)}")


class Phone:
    """What a person does with the phone; also the verbs `scan`, `confirm`, `cancel_login`, `approve`."""

    def __init__(self, site: Site, logins: Logins) -> None:
        self.site = site
        self.logins = logins

    def scan(self, account: str, content: str = "") -> None:
        """Scan the code that says `content` (a token will do; none: the newest unscanned one)."""
        login = self._find(content, "NEW")
        self.site.world.account(account)
        login.status, login.account = "SCANED", account

    def confirm(self, account: str, content: str = "") -> None:
        """Confirm on the phone; a code not scanned yet is scanned first."""
        if content and self._find(content).status == "NEW":
            self.scan(account, content)
        login = self._find(content, "SCANED")
        if login.account != account:
            raise Refused("status", "another phone scanned this code")
        login.status = "CONFIRMED"

    def cancel(self, account: str, content: str = "") -> None:
        login = self._find(content, "SCANED")
        if login.account == account:
            login.status = "CANCELED"

    def approve(self, account: str, content: str = "") -> None:
        """Say yes to an identity check (the newest one when its word isn't given)."""
        for word, ticket in reversed(self.logins.pending(account)):
            if ticket.check == "identity" and content in {"", word}:
                ticket.passed = True
                return
        raise Refused("not_found", "no identity check waits")

    def _find(self, content: str, status: str = "") -> QrLogin:
        """By content, or the newest of that status; raises `Refused` when none fits."""
        self.logins.age(self.site.modes.qr_seconds)
        found = self.logins.find(content) if content else self.logins.newest(status)  # type: ignore[arg-type] # a status
        if found is None or (status and found.status != status):
            raise Refused("not_found", f"no {status or 'such'} QR login")
        return found
