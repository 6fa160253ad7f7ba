"""Logging in: QR, quick re-login, password, further checks, and how a session ends."""

import io

import zxingcpp
from PIL import Image

from sandbox.taobao.login import PASSWORD
from tests.sandbox.taobao.conftest import BUYER, Visitor

GATE = "/i.taobao.com/my_itaobao"
LOGIN_PAGE = "/login.taobao.com/havanaone/login/login.htm"


async def test_guest_has_cookies_but_no_account_and_is_sent_to_log_in(visitor: Visitor) -> None:
    answer = await visitor.get(GATE)
    assert answer.path == LOGIN_PAGE
    assert answer.query["redirectURL"] == visitor.url + GATE
    assert {"cookie2", "_tb_token_"} <= visitor.cookies().keys()
    assert "unb" not in visitor.cookies()
    assert '"_csrf"' in answer.text


async def test_addresses_are_published_by_host(visitor: Visitor) -> None:
    hosts = (await visitor.get("/_site")).json["hosts"]
    assert hosts["login.taobao.com"] == f"{visitor.url}/login.taobao.com"
    assert {"item.taobao.com", "trade.tmall.com", "cashierstm.alipay.com"} <= hosts.keys()


async def test_picture_says_the_codes_content(visitor: Visitor) -> None:
    code = await visitor.qr()
    answer = await visitor.get(f"/login.taobao.com/havanaone/loginLegacy/qrCode/picture.png?t={code['t']}")
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(answer.body)))
    assert [one.text for one in found] == [code["codeContent"]]


async def test_qr_goes_from_new_to_confirmed_and_only_then_gives_cookies(visitor: Visitor) -> None:
    code = await visitor.qr()
    assert (await visitor.qr_state(code))["qrCodeStatus"] == "NEW"
    await visitor.verb("scan", account=BUYER, content=code["codeContent"])
    assert (await visitor.qr_state(code))["qrCodeStatus"] == "SCANED"
    await visitor.verb("confirm", account=BUYER, content=code["codeContent"])
    state = await visitor.qr_state(code)
    assert state["qrCodeStatus"] == "CONFIRMED"
    assert "unb" not in visitor.cookies()
    assert (await visitor.qr_state(code))["qrCodeStatus"] == "EXPIRED"
    for url in state["asyncUrls"]:
        await visitor.get("/" + url.split("/", 3)[3])
    assert {"unb", "tracknick", "lgc", "_nk_"} <= visitor.cookies().keys()
    assert BUYER in (await visitor.get(GATE)).text


async def test_codes_expire_and_a_person_may_cancel(visitor: Visitor) -> None:
    old = await visitor.qr()
    await visitor.verb("expire_qr")
    assert (await visitor.qr_state(old))["qrCodeStatus"] == "EXPIRED"
    fresh = await visitor.qr()
    await visitor.verb("scan", account=BUYER)
    await visitor.verb("cancel_login", account=BUYER)
    assert (await visitor.qr_state(fresh))["qrCodeStatus"] == "CANCELED"


async def test_a_code_lives_as_long_as_its_mode_says(visitor: Visitor) -> None:
    await visitor.verb("mode", qr_seconds=0)
    assert (await visitor.qr_state(await visitor.qr()))["qrCodeStatus"] == "EXPIRED"


async def test_person_uses_the_phone_page(visitor: Visitor) -> None:
    code = await visitor.qr()
    chooser = await visitor.get(code["codeContent"].removeprefix(visitor.url))
    assert f"/phone/{BUYER}?lgToken={code['t']}" in chooser.text
    assert "扫描 Scan" in (await visitor.get(f"/phone/{BUYER}")).text
    page = await visitor.post(f"/phone/{BUYER}/scan", {"content": code["t"]})
    assert "确认登录 Confirm" in page.text
    await visitor.post(f"/phone/{BUYER}/confirm", {"content": code["t"]})
    assert (await visitor.qr_state(code))["qrCodeStatus"] == "CONFIRMED"


async def test_a_scanned_code_belongs_to_one_phone(visitor: Visitor) -> None:
    code = await visitor.qr()
    await visitor.verb("scan", account=BUYER)
    answer = await visitor.post("/phone/vykup_buyer_02/confirm", {"content": code["t"]})
    assert answer.status == 409
    assert (await visitor.qr_state(code))["qrCodeStatus"] == "SCANED"


async def test_expired_session_keeps_its_cookies_and_offers_the_quick_way(buyer: Visitor) -> None:
    await buyer.verb("expire_session", account=BUYER)
    answer = await buyer.get(GATE)
    assert answer.path == LOGIN_PAGE
    assert "快速进入" in answer.text
    assert {"unb", "cookie2"} <= buyer.cookies().keys()
    answer = await buyer.post("/login.taobao.com/havanaone/login/autoLogin/choose.do", {"returnUrl": buyer.url + GATE})
    assert answer.path == GATE


async def test_quick_way_can_be_switched_off(buyer: Visitor) -> None:
    await buyer.verb("mode", quick_login=False)
    await buyer.verb("expire_session", account=BUYER)
    assert "快速进入" not in (await buyer.get(GATE)).text


async def test_password(visitor: Visitor) -> None:
    path = "/login.taobao.com/newlogin/login.do?appName=taobao&fromSite=0"
    wrong = await visitor.post(path, {"loginId": BUYER, "password": "x"})
    assert wrong.json["content"]["data"]["titleMsg"] == "账号名或登录密码不正确"
    right = await visitor.post(path, {"loginId": BUYER, "password": PASSWORD})
    assert right.json["content"]["data"]["asyncUrls"]


async def test_sms_code_after_a_proven_login(visitor: Visitor) -> None:
    await visitor.fault("login_check", "captcha", kind="sms")
    code = await visitor.qr()
    await visitor.verb("scan", account=BUYER)
    await visitor.verb("confirm", account=BUYER)
    unusual = (await visitor.qr_state(code))["redirectUrl"].removeprefix(visitor.url)
    assert "login_unusual.htm" in unusual
    assert "校验码错误" in (await visitor.post(unusual, {"code": "x"})).text
    assert "unb" not in visitor.cookies()
    [sms] = (await visitor.get("/_truth/site")).json["sms"][BUYER]
    assert sms in (await visitor.get(f"/phone/{BUYER}")).text
    assert (await visitor.post(unusual, {"code": sms})).path == GATE


async def test_identity_check_after_a_proven_login(visitor: Visitor) -> None:
    await visitor.fault("login_check", "captcha", kind="identity")
    code = await visitor.qr()
    await visitor.verb("scan", account=BUYER)
    await visitor.verb("confirm", account=BUYER)
    page = await visitor.get((await visitor.qr_state(code))["redirectUrl"].removeprefix(visitor.url))
    assert page.path == "/passport.taobao.com/iv/identity_verify.htm"
    done = f"/passport.taobao.com/iv/identity_verify/done.do?st={page.query['st']}"
    assert (await visitor.get(done)).path == page.path
    await visitor.verb("approve", account=BUYER)
    assert (await visitor.get(done)).path == GATE


async def test_captcha_stays_until_the_slider_is_dragged(buyer: Visitor) -> None:
    await buyer.fault("gate", "captcha")
    for _ in range(2):
        assert "/_____tmd_____/punish" in (await buyer.get(GATE)).url
    verify = f"{buyer.url}/i.taobao.com/_____tmd_____/verify"
    async with buyer.http.post(verify, json={"reached": True, "moves": [[1, 1]]}) as answer:
        assert await answer.json() == {"passed": False}
    async with buyer.http.post(verify, json={"reached": True, "moves": [[n, 1] for n in range(9)]}) as answer:
        assert await answer.json() == {"passed": True}
    assert (await buyer.get(GATE)).path == GATE
    assert "x5sec" in buyer.cookies()


async def test_dialog_shows_once(buyer: Visitor) -> None:
    await buyer.fault("gate", "captcha", kind="dialog")
    assert "访问太频繁" in (await buyer.get(GATE)).text
    assert "访问太频繁" not in (await buyer.get(GATE)).text
