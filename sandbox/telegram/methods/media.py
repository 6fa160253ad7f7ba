"""Photos, documents and albums from a bot, and the way back to their bytes; no upload may be lost or mixed up."""

import asyncio
from typing import Any

from sandbox.telegram.call import Call, Method
from sandbox.telegram.files import MAX_DOWNLOAD_BYTES
from sandbox.telegram.methods.messages import post
from sandbox.telegram.model import Content, Json, Media, MediaKind
from sandbox.telegram.params import Params
from sandbox.telegram.refusals import Refusal, Refused
from sandbox.telegram.wire import file_id

ATTACH = "attach://"
ALBUM_KINDS: dict[str, MediaKind] = {
    "photo": "photo", "video": "video", "document": "document", "audio": "audio",
}  # fmt: skip
ALONE = frozenset({"document", "audio"})


async def send_photo(call: Call) -> Json:
    return await _send(call, "photo")


async def send_document(call: Call) -> Json:
    return await _send(call, "document")


async def _send(call: Call, kind: MediaKind) -> Json:
    chat = call.chat()
    text, entities = call.caption()
    media = await resolve(call, kind, kind, call.params.text(kind))
    above = call.params.flag("show_caption_above_media")
    spoiler = call.params.flag("has_spoiler")
    content = Content(text, entities, media, caption_above=above, spoiler=spoiler)
    return call.answer(post(call, chat, content))


async def resolve(call: Call, kind: MediaKind, field: str, given: str) -> Media:
    """The media of an upload (a part of that name or ``attach://part``) or of a file_id that the bot got before."""
    part = given.removeprefix(ATTACH) if given.startswith(ATTACH) else field
    upload = call.params.uploads.get(part)
    if upload and (given.startswith(ATTACH) or not given):
        return await asyncio.to_thread(call.server.files.keep, kind, upload.data, upload.name, upload.mime_type)
    if not given or given.startswith(ATTACH):
        raise Refused(Refusal.NO_FILE, kind=kind)
    if given.startswith(("http://", "https://")):  # the sandbox reaches no network
        raise Refused(Refusal.NO_URL_CONTENT)
    media = call.server.files.media_of(call.bot, given)
    if media is None:
        raise Refused(Refusal.WRONG_FILE_ID)
    if media.kind != kind:
        raise Refused(Refusal.WRONG_FILE_KIND, found=media.kind.title(), wanted=kind.title())
    return media


async def input_media(call: Call, given: Any) -> Content:
    """One InputMedia object as content; raises Refused."""
    if not isinstance(given, dict):
        raise Refused(Refusal.BAD_MEDIA, why="expected an Object")
    kind = ALBUM_KINDS.get(str(given.get("type")))
    if kind is None:
        raise Refused(Refusal.BAD_MEDIA, why="type must be one of photo, video, document, audio")
    source = Params(given)
    text, entities = call.caption(given)
    media = await resolve(call, kind, "", source.text("media"))
    return Content(
        text,
        entities,
        media,
        caption_above=source.flag("show_caption_above_media"),
        spoiler=source.flag("has_spoiler"),
    )


async def send_media_group(call: Call) -> list[Json]:
    chat = call.chat()
    items = call.params.array("media") or []
    if not 2 <= len(items) <= 10:
        raise Refused(Refusal.ALBUM_SIZE)
    kinds = {str(item.get("type")) for item in items if isinstance(item, dict)}
    if len(kinds) > 1 and kinds & ALONE:
        raise Refused(Refusal.ALBUM_MIX)
    contents = [await input_media(call, item) for item in items]
    album_id = str(call.server.random.randrange(10**16, 10**17))
    return [call.answer(post(call, chat, content, album_id)) for content in contents]


async def get_file(call: Call) -> Json:
    given = call.params.text("file_id")
    file = call.server.files.file_of(call.bot, given)
    if file is None:
        raise Refused(Refusal.INVALID_FILE_ID)
    if len(file.data) > MAX_DOWNLOAD_BYTES:
        raise Refused(Refusal.FILE_TOO_BIG)
    return {
        "file_id": file_id(call.bot, file),
        "file_unique_id": file.unique_id,
        "file_size": len(file.data),
        "file_path": file.path,
    }


METHODS: dict[str, Method] = {
    "sendphoto": send_photo,
    "senddocument": send_document,
    "sendmediagroup": send_media_group,
    "getfile": get_file,
}
