"""Starts and ends the one Chromium of this process and attaches to people's own ones. No page is touched here.

Its process is marked and written down, so that a browser that outlived its bot is found and killed."""

import asyncio
import json
import logging
import os
import shutil
import signal
import uuid
from collections.abc import Awaitable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from purchasing.errors import NotInstalled, Transient

if TYPE_CHECKING:
    from playwright.async_api import Browser, Playwright

log = logging.getLogger(__name__)

ARGS = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
MARK = "--vykup-run="
"""An unknown switch, which Chromium ignores: it tells our browsers from everybody else's."""
ATTACH_TIMEOUT_MS = 4000
"""An attach either answers at once or hangs (measured with a Chrome that shows its new-tab page; started with
about:blank it never did), so it is cut short and tried once more."""


class ChromiumMissing(NotInstalled):
    """No browser to drive; the message says what to install or set."""

    def __init__(self) -> None:
        super().__init__(
            "browser_missing",
            "No Chromium found: install chromium or google-chrome, run `playwright install chromium`, "
            "or set CHROMIUM_PATH.",
        )


def find_chromium(path: str = "", playwright_own: str = "") -> str:
    """The executable: the given one, else Playwright's own, else chromium or Chrome on PATH. Raises ChromiumMissing."""
    if path:
        found = shutil.which(path)
        if not found:
            raise ChromiumMissing
        return found
    candidates = (playwright_own, *NAMES)
    found = next((one for name in candidates if name and (one := shutil.which(name))), None)
    if not found:
        raise ChromiumMissing
    return found


class BrowserAway(Transient):
    """A person's own Chrome can't be reached."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the browser at its CDP address does not answer: {why}", code="browser_away")


class Chromium:
    """Starts at the first need. `cdp_url` names a Chromium elsewhere that stands in for our own."""

    def __init__(self, data_dir: Path, path: str = "", cdp_url: str = "") -> None:
        self._pid_file = data_dir / "chromium.pid"
        self._path = path
        self._cdp_url = cdp_url
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._mark = ""
        self._starting = asyncio.Lock()

    @property
    def running(self) -> bool:
        return self._browser is not None and self._browser.is_connected()

    async def browser(self) -> "Browser":
        async with self._starting:
            if self._browser is None or not self._browser.is_connected():
                self._browser = await (self._attach(self._cdp_url) if self._cdp_url else self._launch())
            return self._browser

    async def attach(self, url: str) -> "Browser":
        """A person's Chrome. Closing what this gives only detaches from it. Raises Transient."""
        async with self._starting:
            return await self._attach(url)

    async def _attach(self, url: str) -> "Browser":
        from playwright.async_api import Error

        playwright = await self._start_playwright()
        for last in (False, True):
            try:
                return await playwright.chromium.connect_over_cdp(url, timeout=ATTACH_TIMEOUT_MS)
            except Error as error:
                if last:
                    raise BrowserAway(_first_line(error)) from error
        raise AssertionError

    async def _start_playwright(self) -> "Playwright":
        if self._playwright is None:
            from playwright.async_api import async_playwright

            self._playwright = await async_playwright().start()
        return self._playwright

    async def _launch(self) -> "Browser":
        self.kill_stray()
        playwright = await self._start_playwright()
        root = os.geteuid() == 0
        mark = f"{MARK}{uuid.uuid4().hex}"
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(self._path, playwright.chromium.executable_path),
            args=[*ARGS, mark],
            chromium_sandbox=not root,
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
        )
        self._mark = mark
        self._write_down(mark)
        return browser

    def _write_down(self, mark: str) -> None:
        process = next((one for one in psutil.Process().children(recursive=True) if mark in _words(one)), None)
        if process is None:
            return
        self._pid_file.parent.mkdir(parents=True, exist_ok=True)
        self._pid_file.write_text(json.dumps({"pid": process.pid, "mark": mark}), encoding="ascii")

    def kill_stray(self) -> None:
        """Kills the browser of an earlier life, if one is left; never our own living one."""
        pid, mark = self._written()
        if pid and not (self.running and mark == self._mark):
            _kill(pid, mark)
            self._pid_file.unlink(missing_ok=True)

    def kill(self) -> None:
        """Kills our own browser with all it runs, when it no longer obeys."""
        pid, mark = self._written()
        if pid and mark == self._mark:
            _kill(pid, mark)
            self._pid_file.unlink(missing_ok=True)
        self._browser = None

    def _written(self) -> tuple[int, str]:
        with suppress(OSError, ValueError, KeyError, TypeError):
            data = json.loads(self._pid_file.read_text(encoding="ascii"))
            return int(data["pid"]), str(data["mark"])
        return 0, ""

    async def stop(self) -> None:
        browser, playwright = self._browser, self._playwright
        self._browser = self._playwright = None
        if browser is not None:
            await quietly(browser.close())
            self.kill()  # what did not close by itself
        if playwright is not None:
            await quietly(playwright.stop())


def _kill(pid: int, mark: str) -> None:
    """The process group of a browser that still carries our mark (the number alone may be somebody else's by now)."""
    with suppress(psutil.Error):
        if mark not in _words(psutil.Process(pid)):
            return
        log.warning("killing a browser left running: pid %d", pid)
        children = psutil.Process(pid).children(recursive=True)
        with suppress(ProcessLookupError, PermissionError):
            if os.getpgid(pid) == pid:
                os.killpg(pid, signal.SIGKILL)
        for child in children:
            with suppress(psutil.Error):
                child.kill()


def _words(process: psutil.Process) -> list[str]:
    """Its command line; empty for the browser's own helpers, which are ended with it."""
    try:
        words = process.cmdline()
    except psutil.Error:
        return []
    return [] if any(word.startswith("--type=") for word in words) else words


async def quietly(ending: Awaitable[object], seconds: float = 5) -> bool:
    """Awaits an ending that may fail or hang; tells whether it went well."""
    from playwright.async_api import Error

    try:
        await asyncio.wait_for(ending, seconds)
    except (Error, TimeoutError):
        return False
    return True


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
