"""Courier names and the codes that the site's JSON gives them."""

CODES = {
    "中通快递": "ZTO", "圆通速递": "YTO", "申通快递": "STO", "韵达快递": "YUNDA", "顺丰速运": "SF", "极兔速递": "HTKY",
    "京东快递": "JD", "邮政快递包裹": "POSTB", "EMS": "EMS",
}  # fmt: skip


def code_of(carrier: str) -> str:
    return CODES.get(carrier, "OTHER")
