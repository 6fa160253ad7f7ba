"""Logging for people (text) and machines (json). Every line passes one mask, so that no secret gets into a log, be it
in a message, an argument or an exception's text."""

import logging
import re
import sys
from collections.abc import Iterable
from typing import TextIO

import structlog
from structlog.stdlib import ProcessorFormatter

_HIDDEN = "***"

_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<!\d)\d{6,}:[\w-]{30,}"), _HIDDEN),  # a bot's token, also inside of /bot<token>/ addresses
    (re.compile(r"(?i)(\b(?:set-)?cookies?\b['\"]?\s*[:=]\s*)[^\n]+"), rf"\1{_HIDDEN}"),
    (
        re.compile(
            r"(?i)([\w-]*(?:token|secret|password|passwd|_tk|_tk_enc|cookie2|authorization|_aop_signature|session_key)"
            r"[\\'\"]*\s*[:=]\s*[\\'\"]*)(?:bearer\s+)?[^\s'\"\\&,;}]+"
        ),
        rf"\1{_HIDDEN}",
    ),
    (re.compile(r"(?<![\w.+-])\+\d[\d ()-]{8,16}\d(?!\d)"), _HIDDEN),  # phone numbers with a country's code
    (re.compile(r"(?<![\w.-])1[3-9]\d{9}(?![\w.])"), _HIDDEN),  # mainland mobiles
    (re.compile(r"(?<![\w.-])[78]9\d{9}(?![\w.])"), _HIDDEN),  # Russian mobiles
)

_QUIET = ("aiogram.event", "aiogram.dispatcher", "aiohttp.access", "apscheduler", "asyncio", "sqlalchemy", "alembic")


class Mask:
    """Hides known secrets wherever they stand, and what looks like one."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = sorted((s for s in secrets if len(s) >= 6), key=len, reverse=True)

    def __call__(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        for shape, shown in _SHAPES:
            text = shape.sub(shown, text)
        return text


class _MaskedFormatter(ProcessorFormatter):
    mask: Mask = Mask()

    def format(self, record: logging.LogRecord) -> str:
        return self.mask(super().format(record))


def set_up_logs(level: str, form: str, secrets: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """`level` as in logging, `form` text or json; `secrets` are never written. Lines go to stderr."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    formatter = _MaskedFormatter(
        foreign_pre_chain=shared,
        processors=[ProcessorFormatter.remove_processors_meta, *_renderers(form)],
    )
    formatter.mask = Mask(secrets)
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[*shared, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _renderers(form: str) -> list[structlog.typing.Processor]:
    if form == "json":
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    # plain tracebacks: rich ones print local variables, and those hold secrets
    return [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
