"""What leads out of the site is stopped: where a request begins as well as where it is redirected to."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, Page, async_playwright

from providers.taobao.fence import Fence
from providers.taobao.site import Site, load_site
from providers.taobao.tab import visit
from purchasing.errors import PageChanged
from tests.providers.taobao.conftest import CHROMIUM, QUICK
from tests.support.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


@dataclass
class Web:
    """Two servers: the site, whose `/to-…` redirect to the other, and that one, by a public and a private name."""

    site: str = ""
    elsewhere: str = ""
    inside: str = ""
    visits: list[str] = field(default_factory=list)
    """Paths that the other one was asked for."""

    async def answer(self, request: web.BaseRequest) -> web.Response:
        if f"http://{request.host}" != self.site:
            self.visits.append(request.path)
        elif request.path.startswith("/to-"):
            to = self.inside if "inside" in request.path else self.elsewhere
            return web.Response(status=302, headers={"Location": f"{to}{request.path}"})
        return web.Response(text="<body>", content_type="text/html")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def servers() -> AsyncIterator[Web]:
    made = Web()
    runner = web.ServerRunner(web.Server(made.answer), shutdown_timeout=0.1)
    await runner.setup()
    for _ in range(2):
        await web.TCPSite(runner, "127.0.0.1", 0).start()
    site, other = (port for _, port in runner.addresses)
    made.site = f"http://127.0.0.1:{site}"
    made.elsewhere, made.inside = f"http://elsewhere.example:{other}", f"http://localhost:{other}"
    yield made
    await runner.cleanup()


@pytest.fixture(scope="module")
def site(servers: Web, tmp_path_factory: pytest.TempPathFactory) -> Site:
    file = tmp_path_factory.mktemp("site") / "site.json"
    file.write_text(json.dumps({"hosts": {"www.taobao.com": servers.site}, "pace": QUICK}))
    return load_site(file)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    args = ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP elsewhere.example 127.0.0.1"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=args)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, servers: Web, site: Site) -> AsyncIterator[Page]:
    fence = Fence(site)
    async with await browser.new_context() as context:
        await fence.around(context)
        page = await fence.new_page(context)
        await visit(page, site, f"{servers.site}/start")
        servers.visits.clear()
        yield page


ELSEWHERE = pytest.mark.parametrize("address", ["{site}/to-elsewhere", "{elsewhere}/", "{inside}/"])


@ELSEWHERE
async def test_the_page_stays_within_the_site(servers: Web, site: Site, page: Page, address: str) -> None:
    with pytest.raises(PageChanged, match="led away"):
        await visit(page, site, address.format_map(vars(servers)))
    await page.wait_for_url("chrome-error:**")  # or it would break off the next visit
    assert await visit(page, site, f"{servers.site}/again")
    assert servers.visits == []


async def test_nothing_is_loaded_from_inside_our_network(servers: Web, page: Page) -> None:
    for address in ("/to-inside-fetch", f"{servers.inside}/fetch"):
        await page.evaluate("(url) => fetch(url, {mode: 'no-cors'}).catch(() => 0)", address)
    for address in ("/to-inside-frame", "/to-public-frame", "/to-public-picture"):
        await page.evaluate(
            """([tag, src]) => new Promise((done) => {
                 const node = Object.assign(document.createElement(tag), {src, onload: done, onerror: done});
                 document.body.append(node);
               })""",
            ["img" if "picture" in address else "iframe", address],
        )
    assert sorted(servers.visits) == ["/to-public-frame", "/to-public-picture"]


@ELSEWHERE
async def test_a_page_that_opens_by_itself_does_not_stay_elsewhere(servers: Web, page: Page, address: str) -> None:
    async with page.expect_popup() as opening:
        await page.evaluate("(url) => void window.open(url)", address.format_map(vars(servers)))
    popup = await opening.value
    await until(lambda: popup.is_closed() or popup.url.startswith("chrome-error:"))
    assert "/" not in servers.visits
