"""Goods as the product calls show them. Prices are yuan: texts in the cross-border call, numbers in the old one."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sandbox.alibaba1688.market import Call, Json, bad_argument
from sandbox.market.model import Goods, Sku, Wanted


def query_detail(call: Call) -> Json:
    """product.search.queryProductDetail: double wrapped. The code for a missing offer is inferred."""
    argument = call.json("offerDetailParam")
    if not isinstance(argument, Mapping):
        raise bad_argument("offerDetailParam")
    goods = call.world.goods.get(str(argument.get("offerId", "")))
    if goods is None:
        return {"result": {"success": False, "code": "404", "message": "商品不存在", "result": None}}
    return {"result": {"success": True, "code": "200", "message": "成功", "result": _detail(call, goods)}}


def _detail(call: Call, goods: Goods) -> Json:
    mix = goods.seller.mix_amount is not None or goods.seller.mix_number is not None
    return {
        "offerId": int(goods.item_id),
        "subject": goods.title,
        "subjectTrans": goods.title,
        "categoryId": 1031910,
        "status": "published" if goods.online_trade else "expired",
        "minOrderQuantity": goods.minimum,
        "batchNumber": 1,
        "sellerOpenId": f"BBB{goods.seller.seller_id[-10:]}",
        "companyName": goods.seller.shop,
        "sellerMixSetting": {
            "generalHunpi": mix,
            "mixAmount": int(goods.seller.mix_amount or 0),
            "mixNumber": goods.seller.mix_number or 0,
        },
        "tagInfoList": [{"key": "isOnePsale", "value": False}, {"key": "select", "value": False}],
        "productImage": {"images": [picture_url(call, goods)], "whiteImage": ""},
        "productSkuInfos": [_sku(call, goods, one) for one in goods.skus],
        "productSaleInfo": _sale(goods),
        "productShippingInfo": _shipping(goods),
        "promotionModel": {"hasPromotion": False},
    }


def _sku(call: Call, goods: Goods, sku: Sku) -> Json:
    """A price that goes by quantity is not the sku's: then the sku has none."""
    price = {"price": str(sku.price)} if goods.quote_type == 1 else {}
    return price | {
        "skuId": int(sku.sku_id),
        "specId": sku.spec_id,
        "amountOnSale": sku.stock,
        "cargoNumber": f"HH-{sku.sku_id[-4:]}",
        "skuAttributes": [
            {
                "attributeId": 3000 + index,
                "attributeName": name,
                "attributeNameTrans": name,
                "value": value,
                "valueTrans": value,
                "skuImageUrl": picture_url(call, goods) if index == 0 else "",
            }
            for index, (name, value) in enumerate(sku.choice)
        ],
    }


def _sale(goods: Goods) -> Json:
    tiers = [{"startQuantity": tier.start, "price": str(tier.price)} for tier in goods.tiers]
    if not tiers:
        lowest = min((sku.price for sku in goods.skus), default=goods.price)
        tiers = [{"startQuantity": goods.minimum, "price": str(lowest)}]
    return {
        "amountOnSale": sum(sku.stock for sku in goods.skus) if goods.skus else goods.stock,
        "quoteType": goods.quote_type if goods.skus else 0,
        "priceRangeList": tiers,
        "unitInfo": {"unit": goods.unit, "transUnit": goods.unit},
    }


def _shipping(goods: Goods) -> Json:
    """Kilograms, but grams in skuShippingInfoList."""
    kilograms = float(Decimal(goods.weight_g) / 1000)
    return {
        "sendGoodsAddressText": "浙江省金华市",
        "weight": kilograms,
        "shippingTimeGuarantee": "shipIn48Hours",
        "skuShippingInfoList": [
            {"skuId": int(one.sku_id), "specId": one.spec_id, "weight": goods.weight_g} for one in goods.skus
        ],
        "skuShippingDetails": [{"skuId": one.sku_id, "weight": kilograms} for one in goods.skus],
    }


def simple_get(call: Call) -> Json:
    """alibaba.product.simple.get: goods of suppliers bought from already; here of all."""
    goods = call.world.goods.get(call.text("productID"))
    if goods is None:
        return {"errMsg": f"商品[{call.text('productID')}]不存在"}
    sale = _sale(goods)
    ranges = goods.tiers or ()
    return {
        "productInfo": {
            "productID": int(goods.item_id),
            "subject": goods.title,
            "status": "published" if goods.online_trade else "expired",
            "supplierLoginId": goods.seller.login,
            "supplierUserId": goods.seller.seller_id,
            "image": {"images": [f"img/ibank/{goods.item_id}.png"]},
            "skuInfos": [_simple_sku(one) for one in goods.skus],
            "saleInfo": {
                "supportOnlineTrade": goods.online_trade,
                "mixWholeSale": goods.seller.mix_amount is not None or goods.seller.mix_number is not None,
                "priceRanges": [{"startQuantity": one.start, "price": float(one.price)} for one in ranges],
                "amountOnSale": sale["amountOnSale"],
                "unit": goods.unit,
                "minOrderQuantity": goods.minimum,
                "batchNumber": 1,
                "sellunit": goods.unit,
                "quoteType": sale["quoteType"],
                "invReduceType": 1,
            },
            "shippingInfo": {"unitWeight": float(Decimal(goods.weight_g) / 1000)},
        },
        "bizGroupInfos": [],
    }


def _simple_sku(sku: Sku) -> Json:
    return {
        "skuId": int(sku.sku_id),
        "specId": sku.spec_id,
        "price": float(sku.price),
        "amountOnSale": sku.stock,
        "attributes": [{"attributeName": name, "attributeValue": value} for name, value in sku.choice],
    }


def freight_estimate(call: Call) -> Json:
    """product.freight.estimate: yuan texts, an inner code S0000, and skuId instead of specId."""
    argument = call.json("productFreightQueryParamsNew")
    if not isinstance(argument, Mapping):
        raise bad_argument("productFreightQueryParamsNew")
    goods = call.world.goods.get(str(argument.get("offerId", "")))
    if goods is None:
        return {"result": {"success": False, "code": "404", "message": "商品不存在"}}
    freight_fen = call.world.freight(_freight_lines(goods, argument))
    freight = f"{Decimal(freight_fen) / 100:f}"
    inner = {
        "offerId": int(goods.item_id),
        "freight": freight,
        "freePostage": freight_fen == 0 and not goods.freight_by_description,
        "firstFee": freight,
        "nextFee": "0",
        "firstUnit": "1",
        "nextUnit": "1",
    }
    return {"result": {"success": True, "code": "S0000", "message": "成功", "result": inner}}


def _freight_lines(goods: Goods, argument: Mapping[str, object]) -> Sequence[Wanted]:
    entries = argument.get("logisticsSkuNumModels") or []
    if not isinstance(entries, list):
        raise bad_argument("logisticsSkuNumModels")
    for entry in entries:
        if not isinstance(entry, Mapping) or (goods.skus and not goods.sku(str(entry.get("skuId")))):
            raise bad_argument("logisticsSkuNumModels")
    return [Wanted(goods.item_id, "", 1)]


def mix_config(call: Call) -> Json:
    """alibaba.trade.OpQueryMarketingMixConfig by sellerMemberId or sellerLoginId."""
    ids = {call.text("sellerMemberId"), call.text("sellerLoginId")} - {""}
    if not ids:
        return {"success": False, "errorCode": "500_1", "errorMessage": "sellerMemberId和sellerLoginId不能同时为空"}
    sellers = {goods.seller for goods in call.world.goods.values()}
    seller = next((one for one in sellers if {one.seller_id, one.login} & ids), None)
    config = {
        "generalHunpi": bool(seller and (seller.mix_amount is not None or seller.mix_number is not None)),
        "mixAmount": int(seller.mix_amount or 0) if seller else 0,
        "mixNumber": (seller.mix_number or 0) if seller else 0,
    }
    return {"result": config, "success": True, "errorCode": "", "errorMessage": ""}


def picture_url(call: Call, goods: Goods) -> str:
    return f"{call.origin}/img/ibank/{goods.item_id}.png"
