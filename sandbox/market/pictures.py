"""Pictures of goods, drawn from their ids. Nothing is ever loaded from outside."""

import hashlib
from functools import lru_cache
from io import BytesIO

from aiohttp import web
from PIL import Image, ImageDraw


@lru_cache(maxsize=64)
def picture(item_id: str) -> bytes:
    """A 400 × 400 PNG, always the same for the same id."""
    digest = hashlib.sha256(item_id.encode()).digest()
    image = Image.new("RGB", (400, 400), (200 + digest[0] % 50, 200 + digest[1] % 50, 200 + digest[2] % 50))
    draw = ImageDraw.Draw(image)
    for index in range(3):
        left, top, size = (digest[4 + index * 3 + part] for part in range(3))
        colour = tuple(digest[16 + index * 3 : 19 + index * 3])
        draw.ellipse((left, top, left + 60 + size // 2, top + 60 + size // 2), fill=colour)
    draw.text((20, 360), item_id, fill=(40, 40, 40), font_size=24)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


async def serve_picture(request: web.Request) -> web.Response:
    """Handler for a route with `{item}`; unknown ids get a picture too, as a content network would cache."""
    return web.Response(body=picture(request.match_info["item"]), content_type="image/png")
