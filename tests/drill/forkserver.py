"""Starts lives of the bot by forking a process that has imported everything: imports cost three seconds, a fork none.

One JSON line in: `{"env": {…}, "cwd": "…", "log": "…"}`; out: `{"pid": n}`, and later `{"pid": n, "code": c}`."""

import gc
import json
import os
import selectors
import signal
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import time_machine

CLOCK = "clock"
"""The file, beside a life's log, that says by how many seconds its clock is to jump at SIGUSR1."""


def main() -> None:
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)  # a life that has only just been forked must not die of it
    _import_all()
    gc.freeze()
    _say({"ready": True})
    selector = selectors.DefaultSelector()
    selector.register(0, selectors.EVENT_READ)
    pending = b""
    while True:
        for key, _ in selector.select():
            if key.data is not None:
                _report(selector, key)
                continue
            read = os.read(0, 65536)
            if not read:
                _end_lives(selector)
                os._exit(0)  # without what libraries have to say at an orderly end
            *lines, pending = (pending + read).split(b"\n")
            for line in lines:
                _start(selector, json.loads(line))


def _end_lives(selector: selectors.BaseSelector) -> None:
    """No life outlives the drill, whatever became of it."""
    for key in selector.get_map().values():
        if key.data is not None:
            os.kill(key.data, signal.SIGKILL)


def _import_all() -> None:
    import bot.app
    import bot.commands.run
    import bot.dispatch

    bot.dispatch.dispatcher()


def _start(selector: selectors.BaseSelector, wanted: dict[str, Any]) -> None:
    pid = os.fork()
    if pid == 0:
        _live(wanted)
    selector.register(os.pidfd_open(pid), selectors.EVENT_READ, pid)
    _say({"pid": pid})


def _report(selector: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
    _, status = os.waitpid(key.data, 0)
    selector.unregister(key.fileobj)
    assert isinstance(key.fileobj, int)
    os.close(key.fileobj)
    _say({"pid": key.data, "code": os.waitstatus_to_exitcode(status)})


def _live(wanted: dict[str, Any]) -> None:
    """The child: what `python -m bot run` does, without its imports."""
    code = 1
    try:
        os.setsid()
        log = os.open(wanted["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.closerange(3, 256)
        os.chdir(wanted["cwd"])
        os.environ.clear()
        os.environ.update(wanted["env"])
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        sys.argv = ["vykup", "run"]
        _let_the_clock_jump()
        code = _run()
    finally:
        os._exit(code)


def _let_the_clock_jump() -> None:
    moved = time_machine.travel(datetime.now(UTC), tick=True).start()
    signal.signal(signal.SIGUSR1, lambda *_: moved.shift(float(Path(CLOCK).read_text(encoding="ascii"))))


def _run() -> int:
    from bot.cli import app

    try:
        return int(app(standalone_mode=False) or 0)
    except SystemExit as end:
        return int(end.code or 0)
    except BaseException:  # noqa: BLE001 - whatever it was, it ends this life with a traceback in its log
        traceback.print_exc()
        return 1


def _say(what: dict[str, Any]) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


if __name__ == "__main__":
    main()
