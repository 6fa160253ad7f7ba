"""The regions that the address form offers: codes of GB/T 2260, a handful of places that agencies ship to."""

REGIONS: dict[tuple[str, str], dict[tuple[str, str], tuple[tuple[str, str], ...]]] = {
    ("440000", "广东省"): {
        ("440100", "广州市"): (("440104", "越秀区"), ("440106", "天河区"), ("440111", "白云区")),
        ("440300", "深圳市"): (("440304", "福田区"), ("440305", "南山区"), ("440307", "龙岗区")),
    },
    ("330000", "浙江省"): {
        ("330100", "杭州市"): (("330106", "西湖区"), ("330110", "余杭区")),
        ("330700", "金华市"): (("330702", "婺城区"), ("330782", "义乌市")),
    },
    ("230000", "黑龙江省"): {
        ("230100", "哈尔滨市"): (("230103", "南岗区"), ("230108", "平房区")),
        ("231000", "牡丹江市"): (("231002", "东安区"), ("231081", "绥芬河市")),
        ("231100", "黑河市"): (("231102", "爱辉区"),),
    },
    ("110000", "北京市"): {("110100", "北京市"): (("110105", "朝阳区"), ("110106", "丰台区"))},
    ("310000", "上海市"): {("310100", "上海市"): (("310113", "宝山区"), ("310115", "浦东新区"))},
}


def place_of(code: str) -> tuple[str, str, str] | None:
    """Province, city and district of a district's code."""
    for (_, province), cities in REGIONS.items():
        for (_, city), areas in cities.items():
            for area_code, area in areas:
                if area_code == code:
                    return province, city, area
    return None


def tree() -> list[dict[str, object]]:
    """The same for the page's three selects."""
    return [
        {
            "code": code,
            "name": name,
            "cities": [
                {"code": c, "name": n, "areas": [{"code": a, "name": m} for a, m in areas]}
                for (c, n), areas in cities.items()
            ],
        }
        for (code, name), cities in REGIONS.items()
    ]
