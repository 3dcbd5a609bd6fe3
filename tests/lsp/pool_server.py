"""A server, ours or pygls', whose pool has one thread and a request that keeps it."""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[2] / "server"), str(Path(__file__).parents[1])]

from pygls.lsp.server import LanguageServer  # noqa: E402

from auto_enforcer.lsp.channel import StdioChannel, take_standard_streams  # noqa: E402
from auto_enforcer.lsp.language_server import Server  # noqa: E402

released = threading.Event()


def equip(server: LanguageServer) -> LanguageServer:
    server._max_workers = 1

    @server.feature("test/wait")
    @server.thread()
    def wait(params: Any) -> str:
        released.wait(600)
        return "released"

    @server.feature("test/release")
    def release(params: Any) -> None:
        released.set()

    return server


async def serve() -> None:
    channel = StdioChannel(*take_standard_streams())
    serving = asyncio.ensure_future(equip(Server(lambda root: None, lambda rule: ())).serve(channel))
    asyncio.get_running_loop().call_soon(channel.open)
    await serving


if __name__ == "__main__":
    if sys.argv[1] == "plain":
        equip(LanguageServer("plain", "1")).start_io()
    else:
        asyncio.run(serve())
