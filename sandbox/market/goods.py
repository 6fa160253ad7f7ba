"""The seeded catalogues and accounts: the same ids always, so that an example order file can name them.

Taobao items are 6400000000xx with skus 54000000000xx; 1688 offers are 7300000000xx with skus 57000000000xx
and a spec id that is the md5 of the sku id. Prices are yuan.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from sandbox.market.model import Address, BuyerAccount, Goods, Provider, Seller, Sku, Tier
from sandbox.market.world import World, utc_now

COLOURS = ("黑色", "白色", "藏青")
SIZES = ("M", "L", "XL")


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of a catalogue; `choices` are (name, values) pairs, their product makes the skus."""

    number: int
    title: str
    seller: Seller
    price: str
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    freight_fen: int = 0
    minimum: int = 1
    quote_type: int = 1
    tiers: tuple[tuple[int, str], ...] = ()
    weight_g: int = 500
    unit: str = "件"
    step: str = "0"
    freight_by_description: bool = False
    online_trade: bool = True


def _taobao_seller(number: int, shop: str, *, tmall: bool = False) -> Seller:
    return Seller(f"22088{number:08d}", shop, shop, tmall)


def _supplier(number: int, login: str, shop: str, mix_amount: Decimal | None = None) -> Seller:
    return Seller(f"b2b-22120{number:08d}", login, shop, mix_amount=mix_amount)


_STREET = _taobao_seller(1, "潮流街头男装店")
_TAOBAO = (
    _Row(1, "纯棉短袖T恤男宽松百搭", _STREET, "39.90", (("颜色", COLOURS), ("尺码", SIZES)), 600),
    _Row(2, "工装休闲裤男直筒长裤", _STREET, "89.00", (("颜色", COLOURS[:2]), ("尺码", SIZES)), 600),
    _Row(3, "不锈钢保温杯500ml", _taobao_seller(2, "居家好物铺"), "59.00", freight_fen=800),
    _Row(4, "无线蓝牙耳机降噪", _taobao_seller(3, "数码先锋旗舰店", tmall=True), "199.00", (("颜色", COLOURS[:2]),)),
    # All pieces of its first colour are sold.
    _Row(5, "帆布双肩包学生书包", _taobao_seller(4, "背包客箱包店"), "79.00", (("颜色", COLOURS),), 1000),
    # Dearer than the example order file says (68.00).
    _Row(
        6, "女式针织开衫外套", _taobao_seller(5, "小鹿女装"), "88.00", (("颜色", ("米色", "粉色")), ("尺码", SIZES[:2]))
    ),
    # The configuration 5400000000071 that the example order file names is gone.
    _Row(
        7,
        "儿童运动鞋透气网面",
        _taobao_seller(6, "童鞋小铺"),
        "69.00",
        (("颜色", ("蓝色", "粉红")), ("尺码", ("28", "30"))),
        500,
    ),
    _Row(8, "手机壳硅胶防摔全包", _taobao_seller(7, "壳子铺"), "15.80", (("型号", ("P60", "Mate60", "通用")),), 500),
    _Row(9, "复古台灯LED护眼", _taobao_seller(8, "光影灯饰"), "128.00", freight_fen=1200, weight_g=1500),
    _Row(10, "陶瓷马克杯情侣对杯", _taobao_seller(9, "瓷韵生活馆"), "45.00", (("颜色", ("红色", "蓝色")),), 900),
    _Row(11, "钓鱼竿碳素超轻硬", _taobao_seller(10, "渔乐户外"), "238.00", (("长度", ("3.6米", "4.5米")),)),
)

_HARDWARE = _supplier(1, "义乌小五金", "义乌市小五金批发行", mix_amount=Decimal(50))
_WHOLESALE = (
    _Row(
        1,
        "圆领纯色T恤批发定制",
        _supplier(2, "广州衣路通", "广州衣路通服饰有限公司"),
        "18.00",
        (("颜色", COLOURS), ("尺码", SIZES)),
        800,
        10,
        1,
        step="0.50",
    ),
    # A price below one fen, two goods of one supplier.
    _Row(
        2,
        "不锈钢十字螺丝M3",
        _HARDWARE,
        "0.008",
        (("长度", ("6mm", "8mm", "10mm")),),
        600,
        1000,
        2,
        ((1000, "0.008"), (10000, "0.0065")),
        1,
        "个",
    ),
    _Row(
        3,
        "尼龙扎带自锁式捆绑带",
        _HARDWARE,
        "0.035",
        (("规格", ("3*100", "4*200")),),
        600,
        100,
        1,
        weight_g=2,
        unit="根",
        step="0.015",
    ),
    _Row(
        4,
        "加厚气泡袋快递包装",
        _supplier(3, "东莞包装厂", "东莞市诚意包装制品厂"),
        "0.45",
        (),
        1200,
        50,
        0,
        ((50, "0.45"), (500, "0.38"), (5000, "0.31")),
        8,
        "个",
    ),
    _Row(
        5,
        "硅胶厨具套装耐高温",
        _supplier(4, "阳江厨具", "阳江市厨味厨具有限公司"),
        "32.50",
        (("颜色", ("灰色", "绿色")),),
        1000,
        2,
        2,
        ((2, "32.50"), (20, "29.80"), (100, "26.00")),
        900,
        "套",
    ),
    # Sold out.
    _Row(
        6,
        "蓝牙音箱便携小音响",
        _supplier(5, "深圳声悦", "深圳市声悦电子有限公司"),
        "46.00",
        (("颜色", COLOURS[:2]),),
        1000,
        1,
    ),
    _Row(
        7,
        "加绒打底裤女秋冬",
        _supplier(6, "诸暨袜业", "诸暨市暖足袜业有限公司"),
        "12.80",
        (("颜色", ("黑色", "肤色")),),
        0,
        3,
    ),
    _Row(
        8,
        "宠物猫咪玩具逗猫棒",
        _supplier(7, "临沂宠物", "临沂市萌宠用品厂"),
        "2.60",
        (("颜色", ("红色", "蓝色", "混色")),),
        500,
        5,
        1,
        weight_g=40,
        unit="支",
    ),
    # Freight is agreed with the seller after the order.
    _Row(
        9,
        "实木置物架多层收纳",
        _supplier(8, "曹县木业", "曹县木艺家具有限公司"),
        "56.00",
        (("层数", ("三层", "四层")),),
        0,
        1,
        weight_g=4200,
        step="14.00",
        freight_by_description=True,
    ),
    _Row(10, "304不锈钢水龙头", _supplier(9, "南安水暖", "南安市水暖洁具厂"), "28.90", (), 900, 2, 0, ((2, "28.90"),)),
    # Can't be ordered online.
    _Row(11, "机械零件来图加工", _supplier(10, "苏州精工", "苏州精工机械有限公司"), "100.00", online_trade=False),
)

SOLD_OUT_SKUS = {"taobao": ("640000000005", "5400000000051"), "alibaba1688": ("730000000006", "")}
GONE_SKU = ("640000000007", "5400000000071")


def make_world(provider: Provider, seed: int, clock: Callable[[], datetime] = utc_now) -> World:
    """A marketplace with its whole catalogue and two buyers, who have no orders yet."""
    world = World(provider, _catalogue(provider), _accounts(provider), seed, clock)
    item_id, sku_id = SOLD_OUT_SKUS[provider]
    world.sell_out(item_id, sku_id)
    if provider == "taobao":
        world.remove_sku(*GONE_SKU)
    return world


def _catalogue(provider: Provider) -> list[Goods]:
    first_item, first_sku = (640000000000, 5400000000000) if provider == "taobao" else (730000000000, 5700000000000)
    rows = _TAOBAO if provider == "taobao" else _WHOLESALE
    return [_goods(row, first_item, first_sku) for row in rows]


def _goods(row: _Row, first_item: int, first_sku: int) -> Goods:
    return Goods(
        item_id=str(first_item + row.number),
        title=row.title,
        seller=row.seller,
        price=Decimal(row.price),
        stock=0 if row.choices else 100_000,
        skus=_skus(row, first_sku + row.number * 10),
        minimum=row.minimum,
        quote_type=row.quote_type,
        tiers=tuple(Tier(start, Decimal(price)) for start, price in row.tiers),
        freight_fen=row.freight_fen,
        freight_by_description=row.freight_by_description,
        weight_g=row.weight_g,
        unit=row.unit,
        online_trade=row.online_trade,
    )


def _skus(row: _Row, first: int) -> tuple[Sku, ...]:
    """Sku number n of item xx is …xx0 + n, counted from 1; each value of the last choice costs `step` more."""
    choices: list[tuple[tuple[str, str], ...]] = [()] if row.choices else []
    for name, values in row.choices:
        choices = [(*made, (name, value)) for made in choices for value in values]
    last = row.choices[-1][1] if row.choices else ()
    return tuple(
        Sku(
            sku_id=str(first + index),
            choice=choice,
            price=Decimal(row.price) + Decimal(row.step) * last.index(choice[-1][1]),
            stock=50_000,
            spec_id=hashlib.md5(str(first + index).encode(), usedforsecurity=False).hexdigest(),
        )
        for index, choice in enumerate(choices, 1)
    )


def _accounts(provider: Provider) -> list[BuyerAccount]:
    prefix = "vykup_buyer_" if provider == "taobao" else "vykup1688_"
    return [_account(f"{prefix}{number:02d}", number) for number in (1, 2)]


def _account(login: str, number: int) -> BuyerAccount:
    warehouse = Address(
        address_id=f"1688000{number:03d}",
        name="收货仓库",
        mobile="13800138001",
        province="广东省",
        city="广州市",
        area="白云区",
        town="太和镇",
        detail="大源北路1号仓库",
        post="510540",
        region_code="440111",
    )
    other = replace(warehouse, address_id=f"1688100{number:03d}", name="备用仓库", detail="夏茅东街6号")
    return BuyerAccount(
        login=login,
        member_id=f"b2b-22136{number:08d}",
        user_id=f"22136{number:08d}",
        addresses=[warehouse, other],
        default_address_id=warehouse.address_id,
    )
