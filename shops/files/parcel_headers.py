"""Headers of a shop's list of parcels; what it shares with an order file is named as there."""

from shops.files.headers import HEADERS

_SHARED = ("order", "weight", "recipient", "phone", "address", "passport", "tax_number", "delivery_mode")

PARCEL_HEADERS: dict[str, tuple[str, ...]] = {name: HEADERS[name] for name in _SHARED} | {
    "parcel": (
        "parcel", "parcel number", "parcel no", "parcel id", "package", "package number", "посылка", "номер посылки",
        "id посылки", "包裹", "包裹号",
    ),
    "external_id": (
        "external id", "external number", "external package id", "shipment id", "delivery service number",
        "внешний номер", "внешний id", "номер службы доставки", "номер в службе доставки",
        "номер у службы доставки", "id службы доставки",
    ),
    "track": (
        "track", "tracking", "track number", "tracking number", "track no", "tracking no", "international track",
        "international track number", "international tracking number", "delivery tracking number", "трек",
        "трек номер", "трекинг", "трекинг номер", "трек номер посылки", "трекинг номер посылки",
        "международный трек", "международный трек номер", "номер отслеживания", "номер отправления", "国际单号",
        "国际运单号",
    ),
    "size": ("size", "dimensions", "габариты", "размер", "размеры", "размер посылки", "尺寸"),
    "price": (
        "delivery price", "delivery cost", "shipping price", "shipping cost", "price", "стоимость доставки",
        "цена доставки", "цена", "стоимость",
    ),
    "country": ("country", "страна"),
    "region": ("region", "state", "province", "регион", "область", "край"),
    "city": ("city", "town", "город", "населенный пункт"),
    "zip": ("zip", "zip code", "postal code", "postcode", "индекс", "почтовый индекс"),
    "registration_address": ("registration address", "адрес регистрации", "адрес прописки", "прописка"),
    "info": ("info", "more", "additional info", "additional information", "comment", "note", "дополнительно",
             "дополнительная информация", "комментарий", "примечание"),
}  # fmt: skip
