"""Preview and create. Sums are fen here but `cargoList.amount` and `finalUnitPrice`, which are yuan."""

from collections.abc import Sequence
from decimal import Decimal

from sandbox.alibaba1688.basket import Basket, Cargo, Unfit, check_basket, check_stock, read_address, read_cargo, split
from sandbox.alibaba1688.market import Call, Json
from sandbox.market.model import Address, MarketOrder, MarketOrderLine, Refused

TRADE_TYPES = ("assureTrade", "alipay", "period", "assure", "creditBuy", "bank", "631staged", "37staged", "nzassure")


def preview(call: Call) -> Json:
    """alibaba.createOrder.preview"""
    try:
        cargo = read_cargo(call)
        read_address(call, call.world.account(call.login))
        _change_prices(call, cargo)
        basket = check_basket(call, cargo)
        for unfit in check_stock(call, basket):
            raise unfit
    except Unfit as unfit:
        return {"orderPreviewResuslt": [], "success": False, "errorCode": unfit.code, "errorMsg": unfit.text}
    by_description = [int(one.offer_id) for one in cargo if call.world.item(one.offer_id).freight_by_description]
    return {
        "orderPreviewResuslt": [_preview_entry(call, part) for part in split(basket, call.market.manners)],
        "success": True,
        "errorCode": "",
        "errorMsg": "",
        "postFeeByDescOfferList": list(dict.fromkeys(by_description)),
        "consignOfferList": [],
        "unsupportedCrossBorderPayOfferList": [],
        "extPairList": [],
    }


def _preview_entry(call: Call, basket: Basket) -> Json:
    manners = call.market.manners
    lines = call.world.price_lines(basket.wanted)
    goods_fen = sum(line.amount_fen for line in lines)
    freight_fen = call.world.freight(basket.wanted)
    modes = [mode for mode in manners.trade_modes if mode != "creditBuy" or manners.credit_enabled]
    return {
        "sumPayment": goods_fen + freight_fen,
        "sumCarriage": freight_fen,
        "sumPaymentNoCarriage": goods_fen,
        "discountFee": 0,
        "additionalFee": 0,
        "totalFundUsageAmount": 0,
        "totalPostFundUsageAmount": 0,
        "flowFlag": call.text("flow") or manners.cheapest_flow,
        "tradeModeNameList": modes,
        "tradeModelList": [{"tradeType": mode, "name": mode, "description": mode, "opSupport": True} for mode in modes],
        "payChannelInfos": [{"name": "alipay", "amountLimit": 10_000_000}],
        "shopPromotionList": [],
        "status": True,
        "resultCode": "200",
        "message": "",
        "orderGroup": 0,
        "canUseOfficialSolution": False,
        "cargoList": [_preview_cargo(*pair) for pair in zip(basket.cargo, lines, strict=True)],
    }


def _preview_cargo(cargo: Cargo, line: MarketOrderLine) -> Json:
    """No quantity is echoed."""
    return {
        "amount": float(Decimal(line.amount_fen) / 100),
        "finalUnitPrice": float(line.unit_price),
        "specId": cargo.spec_id,
        "skuId": int(line.sku_id) if line.sku_id else None,
        "offerId": int(cargo.offer_id),
        "openOfferId": None,
        "resultCode": "200",
        "message": "",
        "cargoPromotionList": [],
    }


def create(call: Call) -> Json:
    """alibaba.trade.fastCreateOrder and alibaba.trade.createCrossOrder: the same but for ignored arguments.

    What a repeated outOrderId does is not documented: the world's repeat policy decides.
    """
    try:
        known = call.world.repeated(call.login, call.text("outOrderId"))
        if known and call.world.repeat_policy == "same_order":
            return _created(call, known, [])
        if known and call.world.repeat_policy == "refuse":
            raise Unfit("OUT_ORDER_ID_REPEAT", "outOrderId已存在")
        return _create(call)
    except Unfit as unfit:
        return _refused(call, unfit, [unfit] if unfit.cargo else [])


def _create(call: Call) -> Json:
    cargo = read_cargo(call)
    address = read_address(call, call.world.account(call.login))
    if len(call.text("message")) > 500:
        raise Unfit("400", "message invalid:留言不能超过500个字")
    trade_type = _trade_type(call)
    _change_prices(call, cargo)
    basket = check_basket(call, cargo)
    failed = check_stock(call, basket)
    forced = call.take("partial")
    if forced and not failed:
        failed = [Unfit("500_004", f"商品{basket.cargo[-1].label}库存不足", basket.cargo[-1])]
    basket = _without(basket, failed)
    if failed and not (basket.cargo and (forced or call.market.manners.partial_create)):
        return _refused(call, failed[0], failed)
    return _created(call, _place(call, basket, address, trade_type), failed)


def _trade_type(call: Call) -> str:
    """Blank: the system picks, and it picks credit when that is enabled."""
    manners, given = call.market.manners, call.text("tradeType")
    if not given:
        return "creditBuy" if manners.credit_enabled else "assureTrade"
    if given not in TRADE_TYPES or given not in manners.trade_modes:
        raise Unfit("400", f"not support tradeType:【{given}】")
    return given


def _change_prices(call: Call, cargo: Sequence[Cargo]) -> None:
    """The fault `price_changed`: the first offer is a tenth dearer from now on."""
    goods = call.world.goods.get(cargo[0].offer_id)
    if goods is None or not call.take("price_changed"):
        return
    for sku in goods.skus:
        sku.price *= Decimal("1.1")
    goods.price *= Decimal("1.1")
    goods.tiers = tuple(type(tier)(tier.start, tier.price * Decimal("1.1")) for tier in goods.tiers)


def _without(basket: Basket, failed: Sequence[Unfit]) -> Basket:
    lost = {unfit.cargo for unfit in failed}
    kept = [pair for pair in zip(basket.cargo, basket.wanted, strict=True) if pair[0] not in lost]
    return Basket(tuple(cargo for cargo, _ in kept), tuple(wanted for _, wanted in kept))


def _place(call: Call, basket: Basket, address: Address, trade_type: str) -> list[MarketOrder]:
    """The code of a reached limit is inferred."""
    parts = split(basket, call.market.manners)
    left = call.world.account(call.login).orders_left
    if call.take("booking_limit") or (left is not None and left < len(parts)):
        raise Unfit("BUYER_ORDER_LIMIT", "今日下单数量已达上限")
    details = {"trade_type": trade_type, "flow": call.text("flow"), "api": call.name}
    try:
        return [
            call.world.place(
                call.login,
                part.wanted,
                address,
                out_order_id=call.text("outOrderId"),
                remark=call.text("message"),
                details=details,
            )
            for part in parts
        ]
    except Refused as refused:
        raise Unfit("500", refused.text) from refused


def _created(call: Call, orders: Sequence[MarketOrder], failed: Sequence[Unfit]) -> Json:
    """One order fills orderId and sums; several leave them empty and fill orderList. All sums are fen."""
    one = orders[0] if len(orders) == 1 else None
    success = call.market.manners.create_success
    result: Json = {
        "success": success,
        "code": "200",
        "message": "",
        "totalSuccessAmount": one.total_fen if one else None,
        "orderId": one.id if one else "",
        "postFee": one.freight_fen if one else None,
        "accountPeriod": None,
        "failedOfferList": _failed(failed),
        "orderList": [] if one else [_listed(order) for order in orders],
    }
    if not call.market.manners.create_wrapped:
        return result
    return {"result": result, "success": success, "code": "200", "message": ""}


def _listed(order: MarketOrder) -> Json:
    return {
        "orderId": order.id,
        "postFee": order.freight_fen,
        "orderAmmount": order.total_fen,
        "sumPaymentNoCarriageFromClient": order.goods_fen,
        "success": True,
        "resultCode": "200",
        "message": "",
        "payChannel": "alipay",
        "discount": 0,
    }


def _refused(call: Call, unfit: Unfit, failed: Sequence[Unfit]) -> Json:
    """Inferred: a create refuses with the codes of the preview and names the lines in failedOfferList."""
    flat: Json = {"success": False, "code": unfit.code, "message": unfit.text}
    result = flat | {"failedOfferList": _failed(failed), "orderId": "", "orderList": []}
    return flat | {"result": result} if call.market.manners.create_wrapped else result


def _failed(failed: Sequence[Unfit]) -> list[Json]:
    return [
        {
            "offerId": unfit.cargo.offer_id,
            "specId": unfit.cargo.spec_id,
            "errorCode": unfit.code,
            "errorMessage": unfit.text,
        }
        for unfit in failed
        if unfit.cargo
    ]
