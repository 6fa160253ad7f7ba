"""1688 behind the port: puts the parts together. It pays nothing and repeats no write."""

from collections.abc import Sequence

from providers.alibaba1688 import apis, finding, orders, preview, products, quoting, sync
from providers.alibaba1688.cancelling import cancel
from providers.alibaba1688.checkout import place
from providers.alibaba1688.client import App, Client
from providers.alibaba1688.login import AuthorisationLogin
from providers.alibaba1688.logistics import parcels
from providers.alibaba1688.oauth import OAuth, TokenKeeper
from providers.alibaba1688.orders import OrderList
from providers.alibaba1688.transport import Transport
from purchasing.errors import SessionExpired
from purchasing.provider import (
    AccountRef,
    ChangesPage,
    Checkout,
    CheckoutQuote,
    Gate,
    LoginAttempt,
    Placed,
    ProviderOrderSeen,
    Quote,
    SessionHealth,
    SessionSecrets,
    Sought,
    Want,
    WaybillSeen,
)
from purchasing.recipient import Recipient
from purchasing.words import ProviderName

GATEWAY = "https://gw.open.1688.com"
AUTH = "https://auth.1688.com"
REDIRECT_URI = "http://localhost"


class Alibaba1688Provider:
    """Implements purchasing.provider.Provider over the Open Platform.

    `gateway` is an address without a path; any other than 1688's own serves the authorize page as well.
    `redirect_uri` must be exactly what is registered for the app: nothing listens there, its address is pasted.
    `per_second` is the limit of calls for the whole app (no official number; reports speak of up to 10)."""

    name = ProviderName.ALIBABA1688

    def __init__(
        self,
        app_key: str,
        app_secret: str,
        secrets: SessionSecrets,
        *,
        gateway: str = GATEWAY,
        redirect_uri: str = REDIRECT_URI,
        per_second: int = 4,
    ) -> None:
        gateway = gateway.rstrip("/")
        self._transport = Transport()
        self._auth = AUTH if gateway == GATEWAY else gateway
        self._oauth = OAuth(self._transport, gateway, app_key, app_secret, redirect_uri)
        self._tokens = TokenKeeper(self._oauth, secrets)
        self._client = Client(App(gateway, app_key, app_secret), self._transport, self._tokens, per_second)

    def login(self, account: AccountRef | None, *, resume: bool = False) -> LoginAttempt:
        return AuthorisationLogin(self._oauth, self._client, self._auth, account.nick if account else "")

    async def try_browser(self, account: AccountRef) -> str:
        return ""

    async def check_session(self, account: AccountRef) -> SessionHealth:
        try:
            await self._client.read(account.id, apis.ORDER_LIST, {"page": "1", "pageSize": "1"}, OrderList)
            tokens = await self._tokens.load(account.id)
        except SessionExpired:
            return SessionHealth(alive=False)
        return SessionHealth(alive=True, nick=tokens.nick, expires_at=tokens.session_until)

    async def quote(self, account: AccountRef, wants: Sequence[Want]) -> list[Quote]:
        offer_ids = dict.fromkeys(want.item_id for want in wants)
        offers = {one: await products.offer(self._client, account.id, one) for one in offer_ids}
        return quoting.quotes(wants, offers)

    async def preview(self, account: AccountRef, checkout: Checkout) -> CheckoutQuote:
        return (await preview.preview(self._client, account.id, checkout)).quote

    async def place(self, account: AccountRef, checkout: Checkout, gate: Gate) -> Placed:
        async def read_back(number: str) -> ProviderOrderSeen:
            return orders.seen(await orders.detail(self._client, account.id, number))

        return await place(self._client, account.id, checkout, gate, read_back)

    async def find_placed(self, account: AccountRef, sought: Sought) -> list[ProviderOrderSeen]:
        return await finding.find_placed(self._client, account.id, sought)

    async def picture(self, account: AccountRef) -> bytes | None:
        return None

    async def changes(self, account: AccountRef, cursor: str, open_numbers: Sequence[str]) -> ChangesPage:
        return await sync.changes(self._client, account.id, cursor, open_numbers)

    async def order(self, account: AccountRef, number: str) -> ProviderOrderSeen:
        return await orders.whole_order(self._client, account.id, number)

    async def waybills(self, account: AccountRef, number: str) -> tuple[WaybillSeen, ...]:
        return (await parcels(self._client, account.id, number)).waybills

    async def cancel(self, account: AccountRef, number: str, gate: Gate) -> None:
        await cancel(self._client, account.id, number, gate)

    async def knows_address(self, account: AccountRef, recipient: Recipient) -> bool:
        """An order carries its address."""
        return True

    async def add_address(self, account: AccountRef, recipient: Recipient, gate: Gate) -> None:
        """There is nothing to add it to."""

    async def stop_hands(self, account: AccountRef) -> None:
        """A call lives in this process and never longer than its deadline: nothing is left to stop."""

    async def close_idle(self) -> None:
        """An idle connection costs next to nothing."""

    async def close(self) -> None:
        await self._transport.close()
