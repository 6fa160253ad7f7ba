"""What the site remembers: sessions, carts, confirm pages, modes. All in memory, gone with the process."""

import secrets
from dataclasses import asdict, dataclass, field
from typing import Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from sandbox.market.faults import Faults
from sandbox.market.model import BuyerAccount
from sandbox.market.world import World


class Modes(BaseModel):
    """Which of its shapes the site shows; set by the verb `mode`.

    `charset` is the older list's, its call's and the order page's. `item_data` says where an item's tree stands:
    in the page, in the call's answer, or in both. `detail_logistics` false puts even a single parcel under
    `packageInfos`. `limit_per_order` is 限购 in pieces (0: none). `pseudo_lines` adds 保险服务 to every order.
    `no_delivery_to` is an address id at which a submit says 商品在收货地址内不可售.
    """

    model_config = ConfigDict(extra="forbid")

    confirm_page: Literal["new", "old"] = "new"
    submit_label: Literal["提交订单", "确认订单", "立即支付", "免密支付"] = "提交订单"
    confirm_new_tab: bool = False
    bought_list: Literal["old", "v2", "dom"] = "old"
    charset: Literal["utf-8", "gb18030"] = "utf-8"
    item_data: Literal["both", "ssr", "xhr"] = "both"
    detail_logistics: bool = True
    qr_seconds: float = 120
    quick_login: bool = True
    limit_per_order: int = 0
    pseudo_lines: bool = False
    shop_discount_fen: int = 0
    platform_discount_fen: int = 0
    no_delivery_to: str = ""


@dataclass(slots=True)
class Session:
    """One cookie jar's session. `challenge` is an unsolved slider; until it is solved every page leads to it."""

    sid: str
    token: str
    account: str = ""
    epoch: int = -1
    challenge: bool = False
    mtop_token: str = ""


@dataclass(slots=True)
class CartLine:
    cart_id: str
    item_id: str
    sku_id: str
    quantity: int
    checked: bool = False


@dataclass(frozen=True, slots=True)
class PayingPress:
    """A press of a control that pays, made in a browser signed in as the buyer."""

    where: str
    label: str
    account: str
    order_ids: tuple[str, ...]


@dataclass(slots=True)
class Site:
    world: World
    faults: Faults
    modes: Modes = field(default_factory=Modes)
    sessions: dict[str, Session] = field(default_factory=dict)
    carts: dict[str, list[CartLine]] = field(default_factory=dict)
    off_shelf: set[str] = field(default_factory=set)
    cashier: dict[str, tuple[str, ...]] = field(default_factory=dict)
    paying_presses: list[PayingPress] = field(default_factory=list)

    def open_session(self, account: str = "") -> Session:
        """A new session; of a guest when no account is named."""
        epoch = self.world.account(account).session_epoch if account else -1
        session = Session(secrets.token_hex(16), secrets.token_hex(7), account, epoch)
        self.sessions[session.sid] = session
        return session

    def signed_in(self, session: Session) -> BuyerAccount | None:
        """The account whose session this still is."""
        buyer = self.world.accounts.get(session.account)
        return buyer if buyer and buyer.session_epoch == session.epoch else None

    def told_presses(self) -> list[dict[str, object]]:
        return [asdict(press) for press in self.paying_presses]

    def cart(self, login: str) -> list[CartLine]:
        return self.carts.setdefault(login, [])


SITE: web.AppKey[Site] = web.AppKey("site", Site)
SESSION: web.RequestKey[Session] = web.RequestKey("session", Session)
OLD_SIGN: web.RequestKey[bool] = web.RequestKey("old_sign", bool)
TURNED_AWAY: web.RequestKey[bool] = web.RequestKey("turned_away", bool)
TOO_OFTEN: web.RequestKey[bool] = web.RequestKey("too_often", bool)


def site_of(request: web.Request) -> Site:
    return request.app[SITE]
