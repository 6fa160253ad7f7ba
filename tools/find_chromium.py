"""Makes sure that there is a Chromium: finds one, else tries Playwright's download, else the system's packages.

Run by `make setup`. Never needs root when one is present; says in one sentence what to install when nothing helped."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SYSTEM_NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
DOWNLOAD_SECONDS = 180
INSTALL_SECONDS = 900


def present() -> str | None:
    wanted = os.environ.get("CHROMIUM_PATH")
    if wanted:
        return shutil.which(wanted)
    return _playwrights_own() or next(filter(None, map(shutil.which, SYSTEM_NAMES)), None)


def _playwrights_own() -> str | None:
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    found = sorted(folder.glob("chromium-*/chrome-linux*/chrome")) + sorted(
        folder.glob("chromium-*/chrome-mac*/**/Chromium")
    )
    return str(found[-1]) if found else None


def _run(command: list[str], seconds: int) -> bool:
    print("setup:", " ".join(command), file=sys.stderr)
    try:
        return subprocess.run(command, timeout=seconds, check=False, stdout=subprocess.DEVNULL).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _by_playwright() -> None:
    _run([sys.executable, "-m", "playwright", "install", "chromium"], DOWNLOAD_SECONDS)


def _by_system() -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _run(["apt-get", "update", "-q"], INSTALL_SECONDS)
        _run(["apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"], INSTALL_SECONDS)


def main() -> int:
    # a package of the system is quick and sure where it may be installed; the download is for everybody else
    steps = (_by_system, _by_playwright) if os.geteuid() == 0 else (_by_playwright, _by_system)
    for step in steps:
        if present():
            return 0
        step()
    if present():
        return 0
    print(
        "Vykup needs a Chromium: install the package `chromium` (or Google Chrome), or set CHROMIUM_PATH to one.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
