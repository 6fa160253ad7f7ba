"""What a preview and a create have in common: the basket, the recipient and the rules both must meet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from sandbox.alibaba1688.market import Call, Manners, bad_argument
from sandbox.market.model import Address, BuyerAccount, Goods, Wanted
from sandbox.market.world import World

FLOWS = ("general", "fenxiao", "saleproxy", "paired", "repurchase", "boutiquefenxiao", "boutiquepifa", "proxy")
SKU_LIMIT = 50


class Unfit(Exception):
    """A business refusal: HTTP 200 with a code that the documents list, or an inferred one where said so."""

    def __init__(self, code: str, text: str, cargo: "Cargo | None" = None) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.cargo = cargo


@dataclass(frozen=True, slots=True)
class Cargo:
    """One entry of cargoParamList; `spec_id` is empty for goods without skus."""

    offer_id: str
    spec_id: str
    quantity: int

    @property
    def label(self) -> str:
        """How refusals point at the line."""
        return f"[{self.offer_id}_{self.spec_id}]" if self.spec_id else f"[{self.offer_id}]"


@dataclass(frozen=True, slots=True)
class Basket:
    """Checked lines of one supplier, ready for `World.place`."""

    cargo: tuple[Cargo, ...]
    wanted: tuple[Wanted, ...]


def read_cargo(call: Call) -> list[Cargo]:
    """cargoParamList as it came. Quantities are doubles on the wire; pieces must be whole (inferred code)."""
    entries = call.json("cargoParamList")
    if not isinstance(entries, list) or not entries:
        raise bad_argument("cargoParamList")
    return [_cargo(entry) for entry in entries]


def _cargo(entry: object) -> Cargo:
    if not isinstance(entry, Mapping) or not str(entry.get("offerId", "")).isdigit():
        raise bad_argument("cargoParamList")
    try:
        quantity = Decimal(str(entry.get("quantity")))
    except InvalidOperation:
        raise bad_argument("quantity") from None
    if quantity <= 0 or quantity % 1:
        raise bad_argument("quantity")
    return Cargo(str(entry["offerId"]), str(entry.get("specId") or ""), int(quantity))


def check_basket(call: Call, cargo: Sequence[Cargo]) -> Basket:
    """Every rule but stock, which `check_stock` looks at; raises `Unfit` with the documented preview codes."""
    _check_form(cargo)
    for one in cargo:
        goods = call.world.goods.get(one.offer_id)
        if goods is None or not goods.online_trade:
            raise Unfit("500_001", f"商品[{one.offer_id}]不支持在线交易", one)
    _check_one_supplier(call.world, cargo)
    basket = Basket(tuple(cargo), tuple(_wanted(call.world.item(one.offer_id), one) for one in cargo))
    _check_flow(call.text("flow"), basket)
    _check_minimum(call, basket)
    return basket


def check_stock(call: Call, basket: Basket) -> list[Unfit]:
    """A refusal for each line of which there is not enough."""
    forced = call.take("sold_out")
    short = call.world.short(basket.wanted)
    pairs = zip(basket.cargo, basket.wanted, strict=True)
    lines = [cargo for index, (cargo, wanted) in enumerate(pairs) if wanted in short or (forced and index == 0)]
    return [Unfit("500_004", f"商品{one.label}库存不足", one) for one in lines]


def _check_form(cargo: Sequence[Cargo]) -> None:
    """The limit of 50 and that repeated lines must be merged are documented, their codes are inferred."""
    if len(cargo) > SKU_LIMIT:
        raise Unfit("500_010", f"商品规格数量不能超过{SKU_LIMIT}个")
    seen: set[tuple[str, str]] = set()
    for one in cargo:
        if (one.offer_id, one.spec_id) in seen:
            raise Unfit("500_011", f"商品{one.label}重复, 请合并数量后下单", one)
        seen.add((one.offer_id, one.spec_id))


def _check_one_supplier(world: World, cargo: Sequence[Cargo]) -> None:
    """Both codes speak of different sellers; which comes when is inferred: 500_002 if a spec is missing too."""
    if len({world.item(one.offer_id).seller.seller_id for one in cargo}) > 1:
        code = "500_003" if all(one.spec_id for one in cargo) else "500_002"
        raise Unfit(code, "商品不属于同一个卖家, 请分开下单")


def _wanted(goods: Goods, one: Cargo) -> Wanted:
    if goods.skus and not one.spec_id:
        raise Unfit("500_002", f"商品[{one.offer_id}]缺少规格specId", one)
    sku = next((sku for sku in goods.skus if sku.spec_id == one.spec_id), None)
    if one.spec_id and sku is None:
        raise Unfit("500_003", f"规格{one.label}不存在于商品中", one)
    return Wanted(goods.item_id, sku.sku_id if sku else "", one.quantity)


def _check_flow(flow: str, basket: Basket) -> None:
    """An unknown flow's code is inferred; no goods here have a consign relation."""
    first = basket.cargo[0]
    if flow and flow not in FLOWS:
        raise Unfit("400", f"flow invalid:{flow}")
    if flow == "saleproxy":
        raise Unfit("500_007", f"商品[{first.offer_id}]没有代销关系", first)
    if flow == "boutiquepifa" and any(one.quantity <= 2 for one in basket.cargo):
        raise Unfit("500_009", f"商品[{first.offer_id}]低于批发起批量", first)


def _check_minimum(call: Call, basket: Basket) -> None:
    """The minimum counts the whole offer over its skus; a seller's mixed batch lets a basket pass below it."""
    if call.take("below_minimum"):
        raise Unfit("500_005", f"商品[{basket.cargo[0].offer_id}]低于最小起订量", basket.cargo[0])
    lines = call.world.price_lines(basket.wanted)
    for cargo, line in zip(basket.cargo, lines, strict=True):
        if line.unit_price == 0:
            raise Unfit("500_008", f"商品{cargo.label}价格为0", cargo)
    for cargo in basket.cargo:
        goods = call.world.item(cargo.offer_id)
        if _pieces(basket, cargo.offer_id) >= goods.minimum:
            continue
        if goods.seller.mix_amount is None and goods.seller.mix_number is None:
            raise Unfit("500_005", f"商品[{cargo.offer_id}]低于最小起订量{goods.minimum}", cargo)
        if not _mixed(call.world, basket, goods):
            raise Unfit("500_006", f"商品[{cargo.offer_id}]不满足混批规则", cargo)


def _pieces(basket: Basket, offer_id: str) -> int:
    return sum(one.quantity for one in basket.cargo if one.offer_id == offer_id)


def _mixed(world: World, basket: Basket, goods: Goods) -> bool:
    amount = sum(line.amount_fen for line in world.price_lines(basket.wanted))
    pieces = sum(one.quantity for one in basket.cargo)
    by_amount = goods.seller.mix_amount is not None and amount >= goods.seller.mix_amount * 100
    by_number = goods.seller.mix_number is not None and pieces >= goods.seller.mix_number
    return by_amount or by_number


def read_address(call: Call, account: BuyerAccount) -> Address:
    """addressParam: an addressId wins over everything else in it, a districtCode over the region's texts."""
    entry = call.json("addressParam")
    if not isinstance(entry, Mapping):
        raise bad_argument("addressParam")
    given = {key: str(value) for key, value in entry.items() if value is not None}
    if given.get("addressId"):
        return _known(account, given["addressId"])
    address = Address(
        address_id="",
        name=given.get("fullName", ""),
        mobile=given.get("mobile", ""),
        phone=given.get("phone", ""),
        post=given.get("postCode", ""),
        province=given.get("provinceText", ""),
        city=given.get("cityText", ""),
        area=given.get("areaText", ""),
        town=given.get("townText", ""),
        detail=given.get("address", ""),
        region_code=given.get("districtCode", ""),
    )
    _check_address(address)
    return address


def _known(account: BuyerAccount, address_id: str) -> Address:
    for address in account.addresses:
        if address.address_id == address_id:
            return address
    raise Unfit("400", "AddressId invalid:AddressId invalid")


def _check_address(address: Address) -> None:
    """That these parts are needed and the limits are documented, the texts of the refusals are inferred."""
    region = address.region_code or (address.province and address.city)
    if not (address.name and (address.mobile or address.phone) and region and address.detail):
        raise Unfit("400", "address invalid:收货地址不完整")
    if len(address.detail) > 200:
        raise Unfit("400", "address invalid:详细地址不能超过200个字")
    if address.phone and not address.phone.replace("-", "").isdigit():
        raise Unfit("400", "address invalid:phone")


def split(basket: Basket, manners: Manners) -> list[Basket]:
    """The baskets that 1688 makes of this one: one, or one for each offer when it splits."""
    if not manners.split_offers:
        return [basket]
    offers = dict.fromkeys(one.offer_id for one in basket.cargo)
    return [_part(basket, offer) for offer in offers]


def _part(basket: Basket, offer_id: str) -> Basket:
    return Basket(
        tuple(one for one in basket.cargo if one.offer_id == offer_id),
        tuple(one for one in basket.wanted if one.item_id == offer_id),
    )
