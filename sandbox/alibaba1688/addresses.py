"""The account's address book and the parser of address texts."""

from sandbox.alibaba1688.market import Call, Json
from sandbox.market.model import Address, BuyerAccount


def receive_addresses(call: Call) -> Json:
    """alibaba.trade.receiveAddress.get: the names differ from those of a create's addressParam."""
    account = call.world.account(call.login)
    items = [_item(account, one) for one in account.addresses]
    return {"success": True, "code": "200", "message": "", "result": {"receiveAddressItems": items}}


def _item(account: BuyerAccount, address: Address) -> Json:
    return {
        "id": int(address.address_id),
        "fullName": address.name,
        "address": address.detail,
        "post": address.post,
        "phone": address.phone,
        "mobilePhone": address.mobile,
        "addressCode": address.region_code,
        "addressCodeText": f"{address.province} {address.city} {address.area}",
        "isDefault": address.address_id == account.default_address_id,
        "townCode": "",
        "townName": address.town,
    }


def parse_code(call: Call) -> Json:
    """alibaba.trade.addresscode.parse: knows the regions of the address books, nothing else."""
    text = call.text("addressInfo").replace(" ", "")
    for account in call.world.accounts.values():
        for one in account.addresses:
            region = one.province + one.city + one.area
            if text.startswith(region):
                result = {"address": text.removeprefix(region), "addressCode": one.region_code}
                more = {"postCode": one.post, "isDefault": False, "latest": False}
                return {"result": result | more, "errorCode": "", "errorMessage": ""}
    return {"errorCode": "400_1", "errorMessage": "地址解析失败"}
