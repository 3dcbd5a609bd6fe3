"""Servers in the test's own process, ours and one of bare pygls, spoken to in the same way."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from typing import Any

from pygls.lsp.server import LanguageServer

from auto_enforcer.lsp.framing import Frames, frame
from auto_enforcer.lsp.language_server import Server
from lsp import plain_server
from lsp.standin import Session

Message = dict[str, Any]


class Memory:
    """A channel that keeps what is written."""

    received: Callable[[bytes], None]
    ended: Callable[[], None]
    drained: Callable[[], None]

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.idle = True
        self._frames = Frames()

    def write(self, data: bytes) -> None:
        for body in self._frames.feed(data):
            self.sent.append(json.loads(body))

    def close(self) -> None:
        pass


def _standin(root: str) -> Session:
    return Session(root, log=lambda line: None)


class Ours:
    """Our server."""

    def __init__(
        self, begin: Callable[[str], Any] = _standin, now: Callable[[], float] | None = None
    ) -> None:
        def tags(rule: str) -> Sequence[str]:
            return ()

        self.server: LanguageServer = Server(begin, tags, now)
        self.channel = Memory()
        self._serving = asyncio.ensure_future(self.server.serve(self.channel))

    async def say(self, message: Message) -> None:
        await asyncio.sleep(0)
        self.channel.received(frame(json.dumps({"jsonrpc": "2.0", **message}).encode()))
        await turns()

    def stop(self) -> None:
        self._serving.cancel()


class Plain:
    """pygls as it is, told of messages the way its own loop does."""

    def __init__(self) -> None:
        logging.getLogger("pygls").setLevel(logging.CRITICAL + 1)
        self.server = plain_server.make()
        self.channel = Memory()
        self.server.protocol.set_writer(self.channel)

    async def say(self, message: Message) -> None:
        protocol = self.server.protocol
        body = json.dumps({"jsonrpc": "2.0", **message})
        try:
            protocol.handle_message(json.loads(body, object_hook=protocol.structure_message))
        except Exception as error:  # noqa: BLE001 - as its loop does
            self.server.report_server_error(error, Exception)
        await turns()

    def stop(self) -> None:
        pass


Talk = Ours | Plain


async def begun(kind: Callable[[], Talk], capabilities: Message | None = None) -> Talk:
    """A server that has answered `initialize`."""
    talk = kind()
    params = {"capabilities": capabilities or {}}
    await talk.say({"id": 0, "method": "initialize", "params": params})
    await talk.say({"method": "initialized", "params": {}})
    talk.channel.sent.clear()
    return talk


async def turns(count: int = 20) -> None:
    """Let the loop turn."""
    for _ in range(count):
        await asyncio.sleep(0)
