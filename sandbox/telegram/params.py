"""Reads the parameters of a call however a client sends them: query, form, multipart or JSON, by GET or POST."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from sandbox.telegram.model import Json
from sandbox.telegram.refusals import Refusal, Refused

TRUE_WORDS = frozenset({"true", "yes", "1"})


@dataclass(frozen=True)
class Upload:
    name: str
    data: bytes
    mime_type: str


@dataclass(frozen=True)
class Params:
    """Values as they came: texts from forms, any JSON from JSON bodies; each reader accepts both."""

    values: Json = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def integer(self, name: str, default: int = 0) -> int:
        value = self.values.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            raise Refused(Refusal.BAD_PARAMETER, why=f"invalid {name} specified") from None

    def flag(self, name: str) -> bool:
        return str(self.values.get(name, "")).lower() in TRUE_WORDS

    def json(self, name: str) -> Any:
        """The parsed value, None when absent; forms carry objects and lists as JSON texts."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise Refused(Refusal.BAD_PARAMETER, why=f"can't parse {name} JSON object") from None

    def object(self, name: str) -> Json | None:
        value = self.json(name)
        if value is None or isinstance(value, dict):
            return value
        raise Refused(Refusal.BAD_PARAMETER, why=f"{name} must be an Object")

    def array(self, name: str) -> list[Any] | None:
        value = self.json(name)
        if value is None or isinstance(value, list):
            return value
        raise Refused(Refusal.BAD_PARAMETER, why=f"{name} must be an Array")

    def recorded(self) -> Json:
        """What the record of calls keeps: everything but the bytes."""
        files = {key: {"file": up.name, "size": len(up.data)} for key, up in self.uploads.items()}
        return {**self.values, **files}


async def read_params(request: web.Request) -> Params:
    values: Json = dict(request.query)
    if request.content_type == "multipart/form-data":
        return await _multipart(request, values)
    body = await request.read()  # not post(): some clients send a form with GET, and post() ignores it there
    if not body:
        return Params(values)
    if request.content_type == "application/json":
        values.update(_json_object(body))
    else:
        values.update(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    return Params(values)


def _json_object(body: bytes) -> Json:
    try:
        parsed = json.loads(body)
    except ValueError:
        raise Refused(Refusal.BAD_PARAMETER, why="can't parse JSON object") from None
    if not isinstance(parsed, dict):
        raise Refused(Refusal.BAD_PARAMETER, why="can't parse JSON object")
    return parsed


async def _multipart(request: web.Request, values: Json) -> Params:
    uploads: dict[str, Upload] = {}
    for key, part in (await request.post()).items():
        if isinstance(part, web.FileField):
            uploads[key] = Upload(part.filename, part.file.read(), part.content_type)
        else:
            values[key] = part
    return Params(values, uploads)
