"""The gateway's state beside the world: its manners, which tests change, and what a call carries."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Annotated, Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from sandbox.market.faults import Fault, Faults
from sandbox.market.world import World

APP_KEY = "1234567"
APP_SECRET = "exampleSecret"
Json = dict[str, object]
"""A JSON object of the gateway's wire."""


class Manners(BaseModel):
    """What the documents leave open or show in several ways; `{"verb": "set_manners", …}` changes any."""

    model_config = ConfigDict(extra="forbid")

    create_wrapped: bool = True
    """False: a create answers without `result`, as two official samples do."""
    create_success: bool = True
    """False: a create says `"success": false` although it gives an order id, as the same samples do."""
    partial_create: bool = False
    """True: a create leaves out the lines it can't take and names them in failedOfferList."""
    split_offers: bool = False
    """True: 1688 splits a basket, one order for each offer."""
    credit_enabled: bool = True
    """True: a create with a blank tradeType is bought on credit (creditBuy)."""
    trade_modes: tuple[str, ...] = ("assureTrade", "alipay", "creditBuy")
    """What a preview offers as tradeType; empty: the goods can't be ordered by API."""
    cheapest_flow: str = "general"
    """`flowFlag` of a preview with a blank flow."""
    rate_calls: Annotated[int, Field(ge=1)] = 10
    rate_seconds: Annotated[float, Field(gt=0)] = 1
    error_status: Annotated[int, Field(ge=200, le=599)] = 400
    """HTTP status of gateway errors: measured 400, seen as 200 in others' mocks."""
    zone_hours: Annotated[float, Field(ge=-12, le=14)] = 8
    """The offset that dates carry: +0800 mostly, -0700 in one official sample."""
    close_after: Annotated[float, Field(ge=0)] = 10
    """Seconds of age under which an order can't be cancelled."""
    ids_as_numbers: bool = False
    """True: the list gives `idOfStr` as a bare number, as its sample does."""
    new_refresh_token: Literal["always", "sometimes", "never"] = "sometimes"
    """Whether a refresh gives a new refresh token; `sometimes`: every second time."""
    denied: tuple[str, ...] = ()
    """Names of calls that the app has no permission for."""
    page_limit: Annotated[int, Field(ge=1)] = 50
    """The most orders on a page of the list, whatever pageSize says."""


class GatewayError(Exception):
    """An answer of the gateway itself, before any business code ran."""

    def __init__(self, code: str, text: str, status: int | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.status = status


@dataclass(slots=True)
class Market:
    """Everything one gateway holds."""

    world: World
    faults: Faults
    manners: Manners = field(default_factory=Manners)

    def set_manners(self, **changes: object) -> None:
        """Change any of the manners by name."""
        self.manners = Manners.model_validate(self.manners.model_dump() | changes)

    def stamp(self, moment: datetime) -> str:
        """`yyyyMMddHHmmssSSS+0800`, the java.util.Date of the Open Platform."""
        local = moment.astimezone(timezone(timedelta(hours=self.manners.zone_hours)))
        return f"{local:%Y%m%d%H%M%S}{local.microsecond // 1000:03d}{local:%z}"


MARKET: web.AppKey[Market] = web.AppKey("market", Market)


def read_stamp(text: str) -> datetime:
    """A date argument: `yyyyMMddHHmmssSSS+0800`."""
    try:
        moment = datetime.strptime(text[:14] + text[17:], "%Y%m%d%H%M%S%z")
        return (moment + timedelta(milliseconds=int(text[14:17]))).astimezone(UTC)
    except ValueError:
        raise bad_argument(text) from None


def bad_argument(text: str) -> GatewayError:
    """Inferred: no source says what the gateway answers to an argument of a wrong form."""
    return GatewayError("gw.ParamInvalid", f"Invalid argument {text[:80]}")


@dataclass(frozen=True, slots=True)
class Call:
    """One call that passed the gateway's checks; `login` is empty when it needs no authorization."""

    name: str
    params: Mapping[str, str]
    login: str
    market: Market
    origin: str

    @property
    def world(self) -> World:
        return self.market.world

    def take(self, *faults: str) -> Fault | None:
        return self.market.faults.take(self.name, *faults)

    def text(self, key: str) -> str:
        return self.params.get(key, "")

    def flag(self, key: str) -> bool:
        """Only lower-case `true` and `false` are booleans here."""
        value = self.params.get(key, "false")
        if value not in {"true", "false"}:
            raise bad_argument(f"{key}={value}")
        return value == "true"

    def number(self, key: str, default: int) -> int:
        value = self.params.get(key, "")
        if value and not value.isdigit():
            raise bad_argument(f"{key}={value}")
        return int(value) if value else default

    def moment(self, key: str) -> datetime | None:
        value = self.params.get(key, "")
        return read_stamp(value) if value else None

    def json(self, key: str) -> object:
        """An object or array argument, which travels as one JSON text."""
        try:
            value: object = json.loads(self.params[key], parse_float=Decimal)
        except ValueError:
            raise bad_argument(key) from None
        return value
