"""Reads the bought list through a page of the account: what the page itself loaded, then its own calls for more.

Reads only. Whichever shape the site shows (older data, newer components, bare page) is found out each time."""

import json
import logging
from typing import TYPE_CHECKING, Any, Literal

from providers.taobao.bought.dom import Card, read_cards
from providers.taobao.bought.old import is_old, read_old
from providers.taobao.bought.page import BoughtPage
from providers.taobao.bought.v2 import read_v2
from providers.taobao.caught import Caught, loads
from providers.taobao.mtop import ask
from providers.taobao.signs import judge_answer
from providers.taobao.site import Site
from providers.taobao.tab import changed, gate_nick, look_at, read, until, visit, with_picture
from providers.taobao.texts import decode, script_data
from purchasing.errors import PageChanged, ProviderError, SessionExpired, Transient
from purchasing.provider import ProviderOrderSeen

if TYPE_CHECKING:
    from playwright.async_api import Page, Response

log = logging.getLogger(__name__)

Tab = Literal["all", "waitPay", "waitSend", "waitConfirm"]
TABS: tuple[Tab, ...] = ("all", "waitPay", "waitSend", "waitConfirm")
Shape = Literal["old", "v2", "dom"]

_CARDS = """(selector) => [...document.querySelectorAll(selector)]
  .filter((node) => node.getClientRects().length > 0)
  .map((node) => ({text: node.innerText, links: [...node.querySelectorAll("a[href]")].map((one) => one.href)}))"""

_FETCH = """async ([url, form]) => {
  const options = form ? {method: "POST", body: new URLSearchParams(form), credentials: "include"}
                       : {credentials: "include"};
  const response = await fetch(url, options);
  const bytes = await response.arrayBuffer();
  let text;
  try { text = new TextDecoder("utf-8", {fatal: true}).decode(bytes); }
  catch { text = new TextDecoder("gb18030").decode(bytes); }
  return {url: response.url, status: response.status, text};
}"""


class BoughtList:
    """The list on one page. `open` first; `more` and `search` then ask in the shape that was found."""

    def __init__(self, page: "Page", site: Site) -> None:
        self._page = page
        self._site = site
        self._shape: Shape | None = None

    async def open(self, tab: Tab = "all") -> BoughtPage:
        """The first page of a tab. Raises ProviderError."""
        site, page = self._site, self._page
        caught = Caught(page, *site.bought.calls)
        url = site.url("bought") if tab == "all" else site.url("bought_tab", tab=tab)
        data = await _script(await visit(page, site, url))
        if is_old(data):
            self._shape = "old"
            return read_old(data)
        await self._away_with_overlay()
        answer = await until(lambda: self._answer(caught), self._site.pace.drawn_timeout)
        if answer is None:
            raise await changed(page, site, "the bought list")
        return await self._read(answer)

    async def _away_with_overlay(self) -> None:
        """A guide lies over the newer page until it is acknowledged."""
        button = self._page.locator(self._site.bought.overlay).filter(visible=True)
        if await button.count():
            await button.first.click(timeout=3000)

    async def _answer(self, caught: Caught) -> object:
        """The page's own call's answer, else its cards; an empty list is an empty tuple of cards, wrapped."""
        answer = await caught.json()
        if answer is not None:
            return answer
        cards = await read(self._page, _CARDS, self._site.bought.card)
        if cards:
            late = await until(caught.json, 0.5)  # drawn from an answer that is still being read
            return late or {"cards": cards}
        text = (await look_at(self._page, self._site)).text
        return {"cards": []} if any(word in text for word in self._site.bought.empty_texts) else None

    async def _read(self, answer: object) -> BoughtPage:
        if isinstance(answer, dict) and "cards" in answer:
            self._shape = "dom"
            return read_cards(tuple(Card(one["text"], tuple(one["links"])) for one in answer["cards"]))
        await self._no_trouble(answer)
        self._shape = "old" if is_old(answer) else "v2"
        return read_old(answer) if is_old(answer) else read_v2(answer)

    async def more(self, tab: Tab, number: int) -> BoughtPage:
        """A further page of a tab, counted from 1."""
        if self._shape == "v2":
            return await self._ask_v2(tab, number, "")
        return await self._ask_old(tab, number, "")

    async def search(self, order_number: str) -> ProviderOrderSeen | None:
        """The order of this number, wherever it is in the list."""
        ask = self._ask_v2 if self._shape == "v2" else self._ask_old
        found = await ask("all", 1, order_number)
        return next((order for order in found.orders if order.number == order_number), None)

    async def _ask_old(self, tab: Tab, number: int, word: str) -> BoughtPage:
        form = {
            "pageNum": str(number),
            "pageSize": str(self._site.bought.page_size),
            "prePageNo": str(max(1, number - 1)),
            "tabCode": tab,
            "queryOrder": "desc",
            "options": "0",
            "dateBegin": "0",
            "dateEnd": "0",
            "itemTitle": word,
            "auctionTitle": word,
            "scene": "pcBaseBought",
        }
        answer = await self.fetch(self._site.url("bought_call"), form)
        return read_old(answer)

    async def _ask_v2(self, tab: Tab, number: int, word: str) -> BoughtPage:
        """As the newer page asks itself (parameters of a page of 2026-05)."""
        kind = "OrderSearch" if word else "OrderList"
        condition = {"directRouteToTm2Scene": "1"}
        if word:
            condition |= {"wordType": "3", "wordTerm": word, "showText": word, "itemTitle": word}
        params = {"ttid": self._site.bought.ttid, "ecode": "1", "needLogin": "true", "type": "originaljson"}
        params |= {"valueType": "original", "__customTag__": f"boughtList_{tab}_{kind}"}
        data = {"tabCode": tab, "page": number, "OrderType": kind, "appName": "tborder", "appVersion": "3.0"}
        call = {
            "api": "mtop.taobao.order.queryboughtlistV2",
            "v": "1.0",
            "params": params,
            "data": data | {"condition": json.dumps(condition)},
        }
        return read_v2(await self.mtop(call))

    async def fetch(self, url: str, form: dict[str, str] | None = None) -> object:
        """JSON of an address of the page's own site, asked by the page."""
        got = await read(self._page, _FETCH, [url, form], seconds=self._site.pace.page_timeout)
        data = loads(str(got["text"]))
        if got["status"] >= 500 or got["status"] == 429:
            raise Transient(f"the site answers {got['status']}")
        if data is None:
            raise await self._no_json(str(got["url"]), str(got["text"]))
        await self._no_trouble(data)
        return data

    async def mtop(self, call: dict[str, Any]) -> object:
        answer = await ask(self._page, call, self._site.pace.page_timeout, only_reads=True)
        if answer is None:
            raise PageChanged("the page's mtop", self._site.place(self._page.url))
        await self._no_trouble(answer)
        return answer

    async def _no_json(self, url: str, text: str) -> ProviderError:
        """HTML in place of data: the login page, a punish page, or a trouble of the moment."""
        if "<" in text[:200]:
            await self._still_signed_in()
        return Transient(f"no data from {self._site.host(url)}")

    async def _no_trouble(self, answer: object) -> None:
        trouble = judge_answer(answer)
        if isinstance(trouble, SessionExpired):
            await self._still_signed_in()
            raise Transient("a call was refused though the session is good")
        if trouble is not None:
            raise await with_picture(self._page, trouble)

    async def _still_signed_in(self) -> None:
        """Risk control may send a call to the login page though the session is good: only a real visit proves it."""
        await gate_nick(self._page, self._site)


async def _script(response: "Response | None") -> object:
    from playwright.async_api import Error

    if response is None:
        return None
    try:
        return script_data(decode(await response.body()))
    except Error as error:
        raise Transient("the bought list broke off") from error
