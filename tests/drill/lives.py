"""Lives of the bot's process: started by fork or cold, killed, stopped, frozen; each end is known by its exit code."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Life:
    """One process; `ended` has its exit code (negative: the signal's number)."""

    pid: int
    ended: asyncio.Future[int]
    point: str = ""
    """The crash point at which it is to die."""
    cold: bool = False
    """Started like an operator does; the clocks of the others can be moved."""

    @property
    def alive(self) -> bool:
        return not self.ended.done()

    def send(self, number: signal.Signals) -> None:
        """To the bot's own process only, as a crash does; what it started must find out by itself."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    @property
    def frozen(self) -> bool:
        with contextlib.suppress(OSError):
            return Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "T"
        return False


class Lives:
    """The fork server's other end."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._asked: asyncio.Queue[asyncio.Future[Life]] = asyncio.Queue()
        self._running: dict[int, asyncio.Future[int]] = {}
        self.cold = 0
        self.forked = 0

    async def fork(self, env: Mapping[str, str], cwd: Path, log: Path) -> Life:
        self.forked += 1
        started: asyncio.Future[Life] = asyncio.get_running_loop().create_future()
        self._asked.put_nowait(started)
        wanted = {"env": dict(env), "cwd": str(cwd), "log": str(log)}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(wanted).encode() + b"\n")
        return await started

    async def start_cold(self, env: Mapping[str, str], cwd: Path, log: Path, *command: str) -> Life:
        """As an operator starts it, the bot or another `command`: a new interpreter, imports and all."""
        self.cold += 1
        with log.open("ab") as file:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", *(command or ("run",)), cwd=cwd, env=dict(env), stdout=file, stderr=file,
                start_new_session=True,
            )  # fmt: skip
        return Life(process.pid, asyncio.ensure_future(process.wait()), cold=True)  # noqa: TID251 - held by the Life

    async def listen(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            said = json.loads(line)
            if "code" in said:
                self._running.pop(said["pid"]).set_result(said["code"])
            elif "pid" in said:
                ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
                self._running[said["pid"]] = ended
                self._asked.get_nowait().set_result(Life(said["pid"], ended))


@asynccontextmanager
async def fork_server() -> AsyncIterator[Lives]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.drill.forkserver", cwd=ROOT, stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE, limit=2**20,
    )  # fmt: skip
    assert process.stdout is not None
    await process.stdout.readline()
    lives = Lives(process)
    listening = asyncio.ensure_future(lives.listen())  # noqa: TID251 - held until the block ends
    try:
        yield lives
    finally:
        listening.cancel()
        if process.stdin:
            process.stdin.close()
        await process.wait()
