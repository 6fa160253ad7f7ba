"""Starts parts of the sandbox on loopback and keeps them until told to stop. Never listens elsewhere."""

import asyncio
import importlib
import json
import signal
import socket
from collections.abc import Mapping

from aiohttp import web

from sandbox.options import PartOptions

PARTS = ("telegram", "taobao", "alibaba1688")
HOST = "127.0.0.1"


def make_part(name: str, options: PartOptions) -> web.Application:
    """The application of one part; parts are imported only when asked for."""
    if name not in PARTS:
        raise ValueError(f"no part {name}; known: {', '.join(PARTS)}")
    app = importlib.import_module(f"sandbox.{name}.app").make_app(options)
    if not isinstance(app, web.Application):
        raise TypeError(f"sandbox.{name}.app.make_app gave no application")
    return app


async def start(app: web.Application, port: int = 0) -> tuple[web.AppRunner, str]:
    """Listen on a port (0: a free one); gives the runner, to clean up, and the address."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
    except OSError:
        await runner.cleanup()
        raise
    return runner, f"http://{HOST}:{runner.addresses[0][1]}"


def free_port() -> int:
    """On loopback, for what a bot of ours listens at."""
    with socket.socket() as one:
        one.bind((HOST, 0))
        return int(one.getsockname()[1])


async def serve(ports: Mapping[str, int], options: PartOptions) -> None:
    """Run the parts named by `ports`, print their addresses as one JSON line, end at SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    runners: list[web.AppRunner] = []
    try:
        urls = {}
        for name, port in ports.items():
            runner, urls[name] = await start(make_part(name, options), port)
            runners.append(runner)
        print(json.dumps(urls), flush=True)  # noqa: T201 - the command's one line of output
        await stop.wait()
    finally:
        for runner in runners:
            await runner.cleanup()
