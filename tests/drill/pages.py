"""A person at the bot's own page: opens it by a one-time link, looks, and is through with it."""

import asyncio
import re

import aiohttp

from sandbox.telegram.operator import NotSeen, Seen
from tests.drill.figures import SLOW, say
from tests.drill.scenes import Scenes
from tests.drill.world import World

PATIENCE = 30.0
LINK = "🖥 Link to its page"


async def page_opened(scenes: Scenes) -> None:
    """The marketplace wants a check at a login, which somebody looks at on its own page; the login is given up."""
    world, person = scenes.world, scenes.other
    await world.fault("taobao", "login", "captcha")
    sent = await person.send("/sessions")
    card = await person.wait_for("Sessions", after=sent)
    await person.press("➕ Taobao", card)
    shown = await person.wait_for(lambda m: m.id >= card.id and m.button(LINK) is not None)
    try:
        await person.press(LINK, shown)
        token = _token(await person.wait_for(lambda m: m.id >= card.id and "/page#" in str(m.raw)))
        if await _live(world, token) and await _live(world, token):
            world.figures.breach("other_breaches", f"{world.name}: a link worked twice")
    except (NotSeen, TimeoutError) as error:
        say(f"{world.name}: no page: {str(error).splitlines()[0]}")
    await person.press("Cancel", await person.wait_for(lambda m: m.id >= card.id and m.button("Cancel") is not None))
    await person.wait_for(lambda m: m.id >= card.id and "The login was cancelled" in m.text)


def _token(card: Seen) -> str:
    found = re.search(r"/page#([\w-]+)", str(card.raw))
    assert found
    return found[1]


async def _live(world: World, token: str) -> bool:
    """Whether the link led to the page; who sees it says that they are through. Lives may come and go meanwhile."""
    async with asyncio.timeout(PATIENCE * SLOW):
        while True:
            try:
                return await _looked(world, token)
            except aiohttp.ClientError:
                await asyncio.sleep(0.3)


async def _looked(world: World, token: str) -> bool:
    async with world.http.ws_connect(f"{world.web}/page/ws", headers={"Origin": world.web}) as page:
        await page.send_json({"token": token})
        live = False
        async for message in page:
            if message.type is aiohttp.WSMsgType.TEXT and message.json().get("live"):
                live = True
                await page.send_json({"kind": "done"})
        return live
