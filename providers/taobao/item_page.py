"""Opens an item's page and reads its data, wherever this build of it keeps them. It presses nothing."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from providers.taobao.caught import Caught
from providers.taobao.item import ItemSeen, read_item
from providers.taobao.signs import judge_answer
from providers.taobao.site import Site
from providers.taobao.tab import changed, look_at, read, until, visit, with_picture
from purchasing.refusals import Refusal

if TYPE_CHECKING:
    from playwright.async_api import Page

_PAGE_DATA = """() => {
  const res = window.__ICE_APP_CONTEXT__?.loaderData?.home?.data?.res;
  return res ? JSON.parse(JSON.stringify(res)) : null;
}"""


async def open_item(page: "Page", site: Site, item_id: str, sku_id: str = "") -> ItemSeen:
    """Opens the item and reads it. Raises ProviderError."""
    caught = Caught(page, site.item.call.lower())
    await visit(
        page, site, site.url("item_sku", item=item_id, sku=sku_id) if sku_id else site.url("item", item=item_id)
    )
    data = await until(lambda: _data_or_end(page, site, caught), site.pace.drawn_timeout)
    item = read_item(data) if isinstance(data, dict) else None
    text = (await look_at(page, site)).text
    refusal = None if item else _from_text(site, text)
    if item is None and refusal is None:
        raise await changed(page, site, "the item page")
    return replace(
        item or ItemSeen(item_id, refusal=refusal),
        tmall=site.host(page.url) in site.item.tmall_hosts,
        limit=_limit(site, text),
    )


async def _data_or_end(page: "Page", site: Site, caught: Caught) -> object:
    """The page's data, from its call or its script; True when its text already says that there will be none."""
    answer = await caught.json()
    if isinstance(answer, dict):
        trouble = judge_answer(answer)
        data = answer.get("data")
        if isinstance(data, dict) and "skuCore" in data:
            return data
        if trouble is not None:
            raise await with_picture(page, trouble)
    found = await read(page, _PAGE_DATA)
    if found:
        return found
    text = (await look_at(page, site)).text
    return any(word in text for word in site.item.gone_texts) or None


def _from_text(site: Site, text: str) -> Refusal | None:
    """Why a page without data sells nothing; None when it does not say."""
    if any(word in text for word in site.item.gone_texts):
        return Refusal.ITEM_GONE
    if any(word in text for word in (*site.item.sold_texts, *site.item.soon_texts)):
        return Refusal.SOLD_OUT
    return None


def _limit(site: Site, text: str) -> int | None:
    """限购N件 in the page's text [the wording is inferred]."""
    found = [int(one[1]) for words in site.item.limits if (one := re.search(words, text))]
    return min(found) if found else None
