"""Keeps the reader's helper process: started at need, ended when idle, killed when it hangs. Never more than one."""

import asyncio
import contextlib
import json
import logging
import sys
from dataclasses import dataclass

from labels.frames import PAGES, TEXT, framed, receive_frame
from purchasing.errors import BadInput

log = logging.getLogger(__name__)

IDLE = 60.0
"""Seconds without work after which it ends: the text models take 400 MB."""
PATIENCE = 60.0
"""Seconds for one picture; the first also loads the models."""

Quad = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Print:
    """A line of print in a picture. `box`: its corners as parts of width and height."""

    text: str
    box: Quad


class Helper:
    def __init__(self, idle: float = IDLE, patience: float = PATIENCE) -> None:
        self._idle, self._patience = idle, patience
        self._lock = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def text(self, picture: bytes) -> list[Print]:
        """[] when nothing is printed there, and when the helper fails: print only supports codes."""
        parts = await self._ask(TEXT, picture)
        if parts[:1] != [b"ok"]:
            log.warning("no text could be read in a picture")
            return []
        lines = [json.loads(part) for part in parts[1:]]
        return [Print(text, tuple((x, y) for x, y in box)) for text, box in lines]

    async def pages(self, content: bytes) -> list[bytes]:
        """The first pages of a PDF file as PNG. Raises BadInput("picture", "not_a_picture")."""
        parts = await self._ask(PAGES, content)
        if parts[:1] != [b"ok"] or len(parts) < 2:
            raise BadInput("picture", "not_a_picture")
        return parts[1:]

    @property
    def pid(self) -> int | None:
        """Of the process while it runs."""
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if running and self._process else None

    def end(self) -> None:
        """It ends by itself when its input does."""
        self._keep_no_timer()
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None

    async def close(self) -> None:
        process = self._process
        self.end()
        if process is not None:
            await self._gone(process)

    async def _ask(self, job: bytes, content: bytes) -> list[bytes]:
        async with self._lock:
            self._keep_no_timer()
            process = await self._running()
            try:
                async with asyncio.timeout(self._patience):
                    return await self._exchange(process, framed(job, content))
            except (TimeoutError, OSError, EOFError, ValueError):
                log.warning("the label reader's helper failed and was ended")
                await self._kill(process)
                return []
            except asyncio.CancelledError:
                await self._kill(process)  # half an answer must not be taken for the next one's
                raise
            finally:
                self._timer = asyncio.get_running_loop().call_later(self._idle, self.end)

    @staticmethod
    async def _exchange(process: asyncio.subprocess.Process, frame: bytes) -> list[bytes]:
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018  # both are pipes
        process.stdin.write(frame)
        await process.stdin.drain()
        return await receive_frame(process.stdout)

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "labels.helper"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=_plain_environment(),
            )
        return self._process

    async def _kill(self, process: asyncio.subprocess.Process) -> None:
        self._process = None
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()

    async def _gone(self, process: asyncio.subprocess.Process) -> None:
        try:
            async with asyncio.timeout(2):
                await process.wait()
        except TimeoutError:
            await self._kill(process)

    def _keep_no_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _plain_environment() -> dict[str, str]:
    """Without the bot's secrets: only what Python needs to find us."""
    import os
    from pathlib import Path

    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV") if name in os.environ}
    return kept | {"PYTHONPATH": str(Path(__file__).parent.parent), "OMP_NUM_THREADS": "2"}
