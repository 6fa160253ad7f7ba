"""What the sandbox remembers about people, chats, messages and files; plain records without any rule of Telegram's."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Json = dict[str, Any]
"""A JSON object exactly as it goes over the wire."""

MediaKind = Literal["photo", "document", "video", "audio"]


@dataclass(frozen=True)
class Person:
    id: int
    first_name: str
    username: str | None = None
    language_code: str = "ru"


@dataclass(frozen=True)
class StoredFile:
    """Bytes with a name that is stable for everybody; bots know a file by an id of their own."""

    unique_id: str
    kind: MediaKind
    data: bytes
    path: str
    name: str | None = None
    mime_type: str | None = None
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class Media:
    """One attachment: for a photo all its sizes, smallest first; otherwise the one file and perhaps a thumbnail."""

    kind: MediaKind
    files: tuple[StoredFile, ...]
    thumbnail: StoredFile | None = None

    @property
    def file(self) -> StoredFile:
        return self.files[-1]


@dataclass(frozen=True)
class Content:
    """What a message says; ``text`` is the caption when there is media. Compared whole to find 'not modified'."""

    text: str = ""
    entities: tuple[Json, ...] = ()
    media: Media | None = None
    link_preview: Json | None = None
    caption_above: bool = False
    spoiler: bool = False


@dataclass
class Message:
    id: int
    chat_id: int
    sender_id: int
    date: int
    content: Content
    markup: Json | None = None
    edit_date: int | None = None
    album_id: str | None = None
    reply_to: int | None = None
    protected: bool = False
    silent: bool = False
    service: Json | None = None
    reactions: dict[int, list[Json]] = field(default_factory=dict)


@dataclass
class Chat:
    """A chat as one bot sees it: private with a person (id > 0) or a group (id < 0)."""

    id: int
    title: str | None = None
    members: set[int] = field(default_factory=set)
    messages: dict[int, Message] = field(default_factory=dict)
    last_id: int = 0
    started: bool = False
    blocked: bool = False
    left: bool = False
    pinned: list[int] = field(default_factory=list)
    read_up_to: dict[int, int] = field(default_factory=dict)
    menu_button: Json | None = None

    @property
    def is_group(self) -> bool:
        return self.id < 0

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id


@dataclass
class Query:
    """A press of a callback button that waits for its answer; ``pressed_at`` is monotonic seconds."""

    id: str
    chat_id: int
    message_id: int
    user_id: int
    data: str
    pressed_at: float
    answer: Json | None = None


@dataclass
class Webhook:
    url: str
    secret: str | None = None
    max_connections: int = 40
    last_error: str | None = None
    last_error_date: int | None = None


@dataclass
class Bot:
    """One token is one bot."""

    token: str
    id: int
    username: str
    next_update_id: int
    name: str = "Vykup"
    chats: dict[int, Chat] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    updates: deque[Json] = field(default_factory=deque)
    again: list[Json] = field(default_factory=list)
    allowed_updates: tuple[str, ...] = ()
    webhook: Webhook | None = None
    poll: object | None = None
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    profile: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_button: Json | None = None

    def chat(self, chat_id: int) -> Chat:
        return self.chats.setdefault(chat_id, Chat(chat_id))


@dataclass(frozen=True)
class CallRecord:
    """One call of a bot and its answer as sent; ``params`` holds names and sizes of files, not bytes."""

    number: int
    at: datetime
    bot_id: int
    method: str
    params: Json
    status: int
    answer: str
