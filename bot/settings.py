"""Settings from the environment and `settings.env`. A wrong one stops the start with one sentence that names it; a
secret's value is never shown."""

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from purchasing import recipient
from purchasing.errors import BadInput, VykupError
from purchasing.words import ProviderName

FILE = "settings.env"


class WrongSettings(VykupError):
    """The message has one sentence, on a line of its own, for each setting that is missing or wrong."""


class Settings(BaseSettings):
    """Every setting; `settings.env.example` explains each. Empty text is the same as not set."""

    model_config = SettingsConfigDict(
        env_file=FILE, env_file_encoding="utf-8", env_ignore_empty=True, hide_input_in_errors=True, extra="forbid"
    )

    bot_token: SecretStr
    bot_api_url: str = "https://api.telegram.org"
    owner_ids: Annotated[tuple[int, ...], NoDecode]
    database_url: str = ""
    data_dir: Path = Path("data")
    secret_key: SecretStr = SecretStr("")
    secret_key_file: Path | None = None
    timezone: str = "Europe/Moscow"
    language: Literal["ru", "en", "zh_CN"] = "ru"
    webhook_url: str = ""
    webhook_secret: SecretStr = SecretStr("")
    web_listen: str = ""
    web_url: str = ""
    callback_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    chromium_path: Path | None = None
    chromium_cdp_url: str = ""
    taobao_site_file: Path | None = None
    taobao_recipient: Annotated[dict[str, str], NoDecode] = Field(default_factory=dict)
    alibaba1688_gateway: str = "https://gw.open.1688.com"
    alibaba1688_app_key: str = ""
    alibaba1688_app_secret: SecretStr = SecretStr("")
    alibaba1688_redirect_uri: str = "http://localhost"
    alibaba1688_recipient: Annotated[dict[str, str], NoDecode] = Field(default_factory=dict)
    sync_every: int = Field(default=900, ge=1)
    background_sync: Literal["forbidden", "allowed"] = "forbidden"
    reconcile_looks: str = Field(default="0,40,120", pattern=r"^\d{1,4}(,\d{1,4}){0,9}$")
    effect_deadline: int = Field(default=8, ge=1, le=60)
    activity_lease: int = Field(default=60, ge=2, le=600)
    digest_minutes: int = Field(default=15, ge=0, le=1440)
    log_level: str = "INFO"
    log_format: Literal["text", "json"] = "text"

    @field_validator("bot_token")
    @classmethod
    def _token(cls, value: SecretStr) -> SecretStr:
        number, _, rest = value.get_secret_value().partition(":")
        if not number.isdigit() or len(rest) < 10:
            raise ValueError("must be the token that BotFather gave, like 123456789:AAE…")
        return value

    @field_validator("owner_ids", mode="before")
    @classmethod
    def _ids(cls, value: Any) -> Any:
        ids = tuple(part for part in str(value).replace(",", " ").split()) if isinstance(value, str | int) else value
        if not ids or not all(str(one).isdigit() and int(one) > 0 for one in ids):
            raise ValueError("must be Telegram user ids, parted by commas; @userinfobot tells yours")
        return tuple(int(one) for one in ids)

    @field_validator("callback_hosts", mode="before")
    @classmethod
    def _hosts(cls, value: Any) -> Any:
        hosts = tuple(str(value).replace(",", " ").lower().split()) if isinstance(value, str) else value
        if not all(re.fullmatch(r"[a-z0-9.:-]{1,253}", host) for host in hosts):
            raise ValueError("must be names of hosts, parted by commas, like shop.example.org")
        return hosts

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        known = [kind for kind in ("sqlite:///", "postgresql://", "postgres://") if value.startswith(kind)]
        if value and (not known or value in known or ":memory:" in value):
            raise ValueError("must be like sqlite:///path/vykup.db or postgresql://user:password@host/database")
        return value

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("must be a zone's name like Europe/Moscow") from None
        return value

    @field_validator(
        "bot_api_url", "webhook_url", "web_url", "chromium_cdp_url", "alibaba1688_gateway", "alibaba1688_redirect_uri"
    )
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not (urlsplit(value).scheme in {"http", "https", "ws", "wss"} and urlsplit(value).hostname):
            raise ValueError("must be an address like https://example.org")
        return value.rstrip("/")

    @field_validator("web_listen")
    @classmethod
    def _listen(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if value and not (host and port.isdigit() and int(port) < 65536):
            raise ValueError("must be a host and a port like 127.0.0.1:8080")
        return value

    @field_validator("chromium_path", "taobao_site_file")
    @classmethod
    def _existing(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError("must be the path of a file that exists")
        return value

    @field_validator("taobao_recipient", mode="before")
    @classmethod
    def _taobao(cls, value: Any) -> Any:
        return _recipient(ProviderName.TAOBAO, value)

    @field_validator("alibaba1688_recipient", mode="before")
    @classmethod
    def _alibaba1688(cls, value: Any) -> Any:
        return _recipient(ProviderName.ALIBABA1688, value)

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() not in logging.getLevelNamesMapping():
            raise ValueError("must be one of DEBUG, INFO, WARNING, ERROR")
        return value.upper()

    @model_validator(mode="after")
    def _together(self) -> Self:
        if self.webhook_url and not re.fullmatch(r"[A-Za-z0-9_-]{32,256}", self.webhook_secret.get_secret_value()):
            raise ValueError("WEBHOOK_SECRET must have 32 to 256 characters of A-Z a-z 0-9 _ - with a WEBHOOK_URL.")
        if self.webhook_url and not self.web_listen:
            raise ValueError("WEB_LISTEN must say where to listen, like 127.0.0.1:8080, when WEBHOOK_URL is set.")
        if bool(self.alibaba1688_app_key) != bool(self.alibaba1688_app_secret.get_secret_value()):
            raise ValueError("ALIBABA1688_APP_KEY and ALIBABA1688_APP_SECRET must be set both or not at all.")
        return self

    @property
    def database(self) -> str:
        """Where the database is, the default included."""
        return self.database_url or f"sqlite:///{self.data_dir / 'vykup.db'}"

    @property
    def key_file(self) -> Path:
        return self.secret_key_file or self.data_dir / "secret.key"

    def secrets(self) -> Iterator[str]:
        """What must never be shown anywhere."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, SecretStr) and value.get_secret_value():
                yield value.get_secret_value()

    def option_defaults(self) -> dict[str, str]:
        """First defaults of what can be changed in chat, by the keys of `purchasing.options`."""
        defaults = {
            "sync.every": str(self.sync_every),
            "sync.allowed": "yes" if self.background_sync == "allowed" else "no",
            "reconcile.looks": self.reconcile_looks,
            "effect.deadline": str(self.effect_deadline),
            "digest.minutes": str(self.digest_minutes),
            "web.url": self.web_url if self.web_listen else "",
        }
        for provider, values in (("taobao", self.taobao_recipient), ("alibaba1688", self.alibaba1688_recipient)):
            defaults |= {f"{provider}.recipient.{field}": value for field, value in values.items()}
        return defaults


def load_settings(**overrides: Any) -> Settings:
    """Raises WrongSettings."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise WrongSettings("\n".join(_sentence(dict(one)) for one in error.errors(include_input=False))) from None


def _sentence(error: dict[str, Any]) -> str:
    message = str(error["msg"]).removeprefix("Value error, ")
    if not error["loc"]:
        return message
    name = str(error["loc"][0]).upper()
    match error["type"]:
        case "missing":
            return f"{name} is missing: set it in {FILE} or in the environment ({FILE}.example explains it)."
        case "extra_forbidden":
            return f"{name} in {FILE} is no setting of Vykup: see {FILE}.example for the names."
        case "value_error":
            return f"{name} {message}."
        case _:
            return f"{name} is wrong: {message[:1].lower()}{message[1:]}."


_KINDS = {
    ProviderName.TAOBAO: recipient.TaobaoRecipient,
    ProviderName.ALIBABA1688: recipient.Alibaba1688Recipient,
}


def _recipient(provider: ProviderName, value: Any) -> dict[str, str]:
    """The fields given, each checked by the provider's rule."""
    names = [field.name for field in fields(_KINDS[provider])]
    wanted = f"must be JSON with the fields {', '.join(names)}"
    try:
        given = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        raise ValueError(wanted) from None
    if not isinstance(given, dict) or not set(given) <= set(names):
        raise ValueError(wanted)
    try:
        return {name: recipient.check_field(provider, name, str(text)) for name, text in given.items()}
    except BadInput as error:
        raise ValueError(f"breaks the rule {error.rule} in its field {error.field}") from None
