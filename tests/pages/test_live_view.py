"""A person at a phone passes what a login needs on the marketplace's own page, through the bot's live view."""

import pytest

from purchasing.log_in import LoginPlan
from purchasing.words import ActivityKind, SessionState
from sandbox.taobao.login import PASSWORD
from tests.pages.conftest import BUYER, Live
from tests.pages.phone import Phone

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PUNISH = "/login.taobao.com/_____tmd_____/punish?x5step=2"
LOGIN = "/login.taobao.com/havanaone/login/login.htm"


async def start(live: Live) -> None:
    await live.desk.owner.send("/sessions")
    await live.desk.owner.press("➕ Taobao")


async def pass_slider(live: Live, phone: Phone) -> None:
    knob, _ = await live.place(PUNISH, "#nc_1_n1z")
    _, end = await live.place(PUNISH, "#nc_1_n1t")
    await phone.drag(knob, end)


async def test_a_login_by_slider_and_password(live: Live) -> None:
    await live.fault("login", "captcha")
    await start(live)
    await live.see("shows a check")

    phone = await Phone.open(live.browser, await live.link("🖥 Link to its page"))
    await phone.sees_page()
    await live.see("has its page open")
    await phone.remember()
    await pass_slider(live, phone)
    await phone.sees_another_page()

    for selector, text in (("#fm-login-id", BUYER), ("#fm-login-password", PASSWORD)):
        field, _ = await live.place(LOGIN, selector)
        await phone.tap(field)
        await phone.type(text)
    await phone.press("⏎")
    await phone.press("Done")
    await phone.sees(f"Logged in as {BUYER}")
    await live.see(f"Logged in as {BUYER}")
    accounts = await live.desk.read(lambda store: store.accounts.all())
    assert [account.nick for account in accounts] == [BUYER]


async def test_a_session_that_wants_a_person_goes_on(live: Live) -> None:
    owner = live.desk.owner
    await log_in_by_code(live)
    await live.fault("bought", "captcha")
    await owner.press("Start sync")
    await live.see("Open its page from here")
    await owner.press("Open its page")
    await live.see("shows a check")

    phone = await Phone.open(live.browser, await live.link("🖥 Link to its page"))
    await phone.sees_page()
    await phone.press("Done")
    await phone.sees("wants something more of a person")  # nothing was passed yet
    await phone.leave()

    phone = await Phone.open(live.browser, await live.link("🖥 Link to its page"))
    await phone.sees_page()
    await pass_slider(live, phone)
    await phone.press("Done")
    await phone.sees(f"Logged in as {BUYER}")
    await owner.wait_for("orders looked at")  # the sync that waited went on by itself
    (account,) = await live.desk.read(lambda store: store.accounts.all())
    assert account.session is SessionState.ACTIVE


async def log_in_by_code(live: Live) -> None:
    await start(live)
    await live.see("Scan this code")
    (login,) = await live.desk.read(lambda store: store.activities.unfinished(ActivityKind.LOGIN, None))
    code = LoginPlan.model_validate_json(login.plan).link
    for verb in ("scan", "confirm"):
        await live.verb(verb, account=BUYER, content=code)
    await live.see(f"Logged in as {BUYER}")
