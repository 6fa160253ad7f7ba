"""A page under a person's hands: what they do arrives, what they may not do doesn't, and nothing stays behind."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from providers.taobao.fence import Fence
from providers.taobao.live import ScreenCast, page_to_show
from providers.taobao.site import load_site
from purchasing.live import Deed, Go, Key, Pointer, Scroll, Typed
from tests.providers.taobao.conftest import CHROMIUM

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

SITE = load_site()
PAGE = """<!doctype html><body style="margin:0"><input id="field" style="width:100vw;height:20vh">
<div id="pad" style="height:40vh;background:#ddd"></div>
<a href="https://evil.example/" style="display:block;height:40vh">away</a>
<div style="height:300vh"></div><script>
const told = []; const tell = (what) => { told.push(what); document.title = told.join(" "); };
for (const name of ["mousedown", "mousemove", "mouseup", "touchstart", "touchmove", "touchend"])
  document.getElementById("pad").addEventListener(name, () => tell(name), { passive: true });
addEventListener("mouseup", () => { if (!told.includes("mouseup")) tell("mouseup"); });
</script>"""


def pointer(what: str, x: float, y: float, *, touch: bool = False) -> Deed:
    return Pointer.model_validate({"kind": "pointer", "what": what, "x": x, "y": y, "touch": touch})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        await browser.close()


async def shown(browser: Browser, *, touch: bool = False) -> tuple[Page, ScreenCast, AsyncIterator[bytes]]:
    context = await browser.new_context(viewport={"width": 1000, "height": 600}, has_touch=touch)
    page = await Fence(SITE).new_page(context)
    await page.set_content(PAGE)
    cast = await ScreenCast.of(page)
    frames = cast.frames()
    assert (await anext(frames)).startswith(b"\xff\xd8")  # JPEG
    return page, cast, frames


async def test_a_mouse_and_keys_arrive(browser: Browser) -> None:
    page, cast, frames = await shown(browser)
    for deed in (pointer("down", 0.1, 0.4), pointer("move", 0.5, 0.4), pointer("up", 0.5, 0.4)):
        await cast.act(deed)
    await expect(page).to_have_title("mousemove mousedown mousemove mousemove mouseup")
    for deed in (pointer("down", 0.5, 0.1), pointer("up", 0.5, 0.1)):
        await cast.act(deed)
    for text in ("p", "@", "密", "pasted whole"):
        await cast.act(Typed(kind="text", text=text))
    await cast.act(Key(kind="key", key="Backspace"))
    await expect(page.locator("#field")).to_have_value("p@密pasted whol")
    await cast.act(Scroll(kind="scroll", x=0.5, y=0.5, dx=0, dy=1))
    await page.wait_for_function("scrollY > 0")
    assert (await anext(frames)).startswith(b"\xff\xd8")
    await cast.close()
    assert [frame async for frame in frames] == []


async def test_a_finger_is_a_mouse_where_touch_is_not_known(browser: Browser) -> None:
    page, cast, _ = await shown(browser)
    await cast.act(pointer("down", 0.5, 0.4, touch=True))
    await cast.act(pointer("up", 0.5, 0.4, touch=True))
    await expect(page).to_have_title("mousemove mousedown mousemove mouseup")
    await cast.close()


async def test_a_finger_is_a_finger_where_it_is(browser: Browser) -> None:
    page, cast, _ = await shown(browser, touch=True)
    for what, x in (("down", 0.2), ("move", 0.4), ("up", 0.4)):
        await cast.act(pointer(what, x, 0.4, touch=True))
    await page.wait_for_function(
        "document.title.startsWith('touchstart touchmove') && document.title.includes('touchend')"
    )
    await cast.close()


async def test_who_leaves_in_the_middle_of_a_drag_lets_go(browser: Browser) -> None:
    page, cast, _ = await shown(browser)
    await cast.act(pointer("down", 0.5, 0.4))
    await cast.close()
    await expect(page).to_have_title("mousemove mousedown mouseup")


async def test_the_page_stays_within_the_site(browser: Browser) -> None:
    page, cast, _ = await shown(browser)
    await cast.act(pointer("down", 0.5, 0.8))
    await cast.act(pointer("up", 0.5, 0.8))
    await cast.act(Go(kind="go", where="reload"))
    assert "evil.example" not in page.url
    await cast.close()


async def test_a_page_that_is_closed_ends_the_view(browser: Browser) -> None:
    page, cast, frames = await shown(browser)
    await page.close()
    assert [frame async for frame in frames] == []
    await cast.act(pointer("down", 0.5, 0.5))  # nothing happens, nothing is raised
    await cast.close()


@pytest.mark.parametrize(
    ("asked_at", "opened"),
    [
        ("https://i.taobao.com/_____tmd_____/punish?x5step=2", "https://i.taobao.com/_____tmd_____/punish?x5step=2"),
        ("https://passport.taobao.com/iv/identity_verify.htm", "https://passport.taobao.com/iv/identity_verify.htm"),
        ("https://buy.taobao.com/order/confirm_order.htm?x=1", "https://i.taobao.com/my_itaobao"),
        ("https://cashierstm.alipay.com/standard/lightpay/pay.htm", "https://i.taobao.com/my_itaobao"),
        ("https://evil.example/punish", "https://i.taobao.com/my_itaobao"),
        ("about:blank", "https://i.taobao.com/my_itaobao"),
    ],
)
async def test_no_page_that_orders_or_pays_is_opened_again(asked_at: str, opened: str) -> None:
    assert page_to_show(SITE, asked_at) == opened
