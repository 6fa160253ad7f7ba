"""The old confirm page's data tree ("Ultron", 2019-20 sample; the facts call it stale). Shape only, no rules."""

from sandbox.taobao.confirmation import Checkout, Row
from sandbox.taobao.pages import yuan


def order_data(checkout: Checkout, endpoint: str) -> dict[str, object]:
    """`var orderData`: components by name and number, `linkage.input` absent when nothing can be ordered."""
    data: dict[str, object] = {
        "addressPC_1": {"id": "1", "tag": "addressPC", "fields": _addresses(checkout)},
        "confirmOrder_1": {"id": "1", "tag": "confirmOrder", "fields": {}},
        "realPayPC_1": {
            "id": "1",
            "tag": "realPayPC",
            "fields": {"price": yuan(checkout.payable_fen), "currencySymbol": "￥"},
        },
        "submitOrderPC_1": {"id": "1", "tag": "submitOrderPC", "fields": {"show": bool(checkout.groups)}},
    }
    number = 0
    for group in checkout.groups:
        seller = group.seller.seller_id
        data[f"orderInfoPC_{seller}"] = {
            "tag": "orderInfoPC",
            "fields": {"title": group.seller.shop, "nick": group.seller.login},
        }
        data[f"deliveryMethodPC_{seller}"] = {"tag": "deliveryMethodPC", "fields": {"price": yuan(group.freight_fen)}}
        for row in group.rows:
            number += 1
            data[f"itemInfoPC_{number}"] = {"tag": "itemInfoPC", "fields": _item(row)}
    if checkout.invalid:
        data["invalidGroup_2"] = {"tag": "invalidGroup", "fields": {"title": [row.invalid for row in checkout.invalid]}}
    linkage: dict[str, object] = {"common": {"compress": True}, "signature": "sandbox"}
    if checkout.groups:
        linkage["input"] = [key for key in data if key.startswith(("addressPC", "itemInfoPC"))]
    return {
        "endpoint": endpoint,
        "data": data,
        "linkage": linkage,
        "hierarchy": {"root": "confirmOrder_1", "structure": {"confirmOrder_1": list(data)}},
    }


def _addresses(checkout: Checkout) -> dict[str, object]:
    options = [
        {
            "deliveryAddressId": one.address_id,
            "fullName": one.name,
            "mobile": one.mobile,
            "provinceName": one.province,
            "cityName": one.city,
            "areaName": one.area,
            "addressDetail": one.detail,
            "postCode": one.post,
        }
        for one in checkout.addresses
    ]
    return {"selectedId": checkout.selected, "options": options}


def _item(row: Row) -> dict[str, object]:
    sku = row.sku.choice if row.sku else ()
    return {
        "itemId": row.goods.item_id,
        "skuId": row.wanted.sku_id or "0",
        "title": row.goods.title,
        "skuInfo": [{"name": name, "value": value} for name, value in sku],
        "price": yuan(row.unit_fen),
        "quantity": {"quantity": str(row.quantity), "min": "1", "max": "200", "step": "1"},
    }
