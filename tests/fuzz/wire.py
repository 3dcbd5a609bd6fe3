"""The two ways to the server that is fuzzed: a process and its pipes, or the same server in this process.

Both are held to the wire's own rules: nothing but frames with a `Content-Length`, nothing but JSON in them.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import select
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from auto_enforcer.lsp import server as command
from auto_enforcer.lsp.language_server import Server
from auto_enforcer.session import Session, Shared, scanners
from lsp.stdio import ROOT, SERVER
from reference import TODAY

Message = dict[str, Any]

WORDS_OF_A_FAULT = (
    "Traceback",
    "the loop:",
    "could not be shown",
    "could not be checked",
    "could not be tried",
    "a request failed",
    "an answer failed",
    "initialize failed",
)
"""What the log says only where the server itself is wrong, whatever it was sent."""


class Fault(Exception):
    """The server did what it must not. `kind` tells faults apart, so that shrinking keeps to one."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(f"{kind}: {text}")
        self.kind = kind
        self.text = text


class Wire(Protocol):
    """A way to one server."""

    def write(self, data: bytes) -> None:
        """Send bytes; what comes meanwhile is kept."""

    def read(self, seconds: float) -> list[Message]:
        """What has come; waits so long for the first, at most. Raises Fault."""

    def end_input(self) -> None:
        """Send nothing more."""

    def code(self) -> int | None:
        """The exit code, waited for; None if it does not end."""

    def log(self) -> str:
        """All that was logged so far."""

    def close(self) -> None:
        """Let go of everything."""


class Frames:
    """Cuts what a server says into messages, and finds fault with anything else."""

    def __init__(self) -> None:
        self._data = bytearray()

    def feed(self, data: bytes) -> list[Message]:
        """The messages that are whole now."""
        held, at, found = self._data, 0, list[Message]()
        held += data
        while (end := held.find(b"\r\n\r\n", at)) >= 0:
            name, _, digits = bytes(held[at:end]).partition(b": ")
            if name != b"Content-Length" or not digits.isdigit():
                raise Fault("no protocol", repr(bytes(held[at : at + 200])))
            begin = end + 4
            if len(held) < begin + int(digits):
                break
            at = begin + int(digits)
            try:
                message = json.loads(held[begin:at])
            except ValueError:
                raise Fault("no JSON", repr(bytes(held[begin : begin + 300]))) from None
            if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
                raise Fault("no message", repr(message)[:300])
            found.append(message)
        del held[:at]
        if len(held) > 200 and b"\r\n\r\n" not in held[:200]:
            raise Fault("no protocol", repr(bytes(held[:200])))
        return found

    @property
    def rest(self) -> bytes:
        """What is no whole message yet."""
        return bytes(self._data)


class Process:
    """A server process of this checkout."""

    patience = 200.0
    """Seconds in which it must take what it is sent, and end."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._error = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        env = {**os.environ, "AUTO_ENFORCER_TODAY": TODAY.isoformat(), **(environment or {})}
        self.process = subprocess.Popen(
            SERVER,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._error,
            bufsize=0,
            env=env,
            cwd=ROOT,
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._input, self._output = self.process.stdin, self.process.stdout
        os.set_blocking(self._input.fileno(), False)
        self._frames = Frames()
        self._come: list[Message] = []
        self._over = False

    def write(self, data: bytes) -> None:
        """Write without waiting for the server to read: what it writes meanwhile is read."""
        view = memoryview(data)
        output, descriptor = self._output.fileno(), self._input.fileno()
        while view:
            readable, writable, _ = select.select([output], [descriptor], [], self.patience)
            if not readable and not writable:
                raise Fault("stuck", "it takes no more input")
            if readable and not self._take():
                raise Fault("died", self.log()[-2_000:])
            if writable:
                try:
                    view = view[os.write(descriptor, view) :]
                except BlockingIOError:  # room for less than the system writes at once
                    continue
                except BrokenPipeError:
                    raise Fault("died", self.log()[-2_000:]) from None

    def read(self, seconds: float) -> list[Message]:
        """What has come."""
        deadline = time.monotonic() + seconds
        while not self._come:
            left = max(0.0, deadline - time.monotonic())
            if not select.select([self._output.fileno()], [], [], left)[0]:
                break
            if not self._take():
                if self._over:
                    break
                self._over = True
                raise Fault("died", self.log()[-2_000:])
        come, self._come = self._come, []
        return come

    def _take(self) -> bool:
        data = os.read(self._output.fileno(), 1 << 18)
        self._come += self._frames.feed(data)
        return bool(data)

    def end_input(self) -> None:
        """Close its standard input."""
        self._input.close()

    def code(self) -> int | None:
        """The exit code; None if it does not end. All that it still said is read."""
        self._over = True
        deadline = time.monotonic() + self.patience
        while select.select([self._output.fileno()], [], [], max(0.0, deadline - time.monotonic()))[0]:
            if not self._take():
                break
        if self._frames.rest:
            raise Fault("no protocol", repr(self._frames.rest[:200]))
        try:
            return self.process.wait(self.patience)
        except subprocess.TimeoutExpired:
            return None

    def log(self) -> str:
        """All of its standard error."""
        self._error.seek(0)
        return self._error.read().decode("utf-8", "replace")

    def close(self) -> None:
        """End it, however it is."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for stream in (self._input, self._output, self._error):
            try:
                stream.close()
            except BrokenPipeError:
                pass


class Memory:
    """A channel that hands over what is written at once."""

    received: Callable[[bytes], None]
    ended: Callable[[], None]
    drained: Callable[[], None]
    idle = True

    def __init__(self, take: Callable[[bytes], None]) -> None:
        self.write = take

    def close(self) -> None:
        """Nothing is held."""


class Inside:
    """The server without its process: the same conversation, without pipes and a start each."""

    TURNS = 12
    """Of the loop, between two looks of the client."""

    def __init__(
        self,
        begin: Callable[[str], Any] | None = None,
        *,
        loop: asyncio.AbstractEventLoop | None = None,
        now: Callable[[], float] | None = None,
    ) -> None:
        self._frames = Frames()
        self._come: list[Message] = []
        self._lines: list[str] = []
        self.loop = loop or asyncio.new_event_loop()
        self.loop.set_exception_handler(command._report)
        self._log = _Lines(self._lines)
        logger = logging.getLogger("auto_enforcer")
        logger.setLevel(logging.INFO)
        logger.propagate = False
        logger.addHandler(self._log)
        for name in ("pygls", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        self.channel = Memory(self._take)
        self.server = Server(begin or _beginning(), command._tags, now)
        self._serving = self.loop.create_task(self.server.serve(self.channel))
        self._turn(1)

    def _take(self, data: bytes) -> None:
        self._come += self._frames.feed(data)

    def _turn(self, count: int) -> None:
        async def turns() -> None:
            for _ in range(count):
                await asyncio.sleep(0)

        self.loop.run_until_complete(turns())

    def write(self, data: bytes) -> None:
        """Let the server read it, and turn its loop."""
        self.loop.call_soon(self.channel.received, data)
        self._turn(self.TURNS)

    def read(self, seconds: float) -> list[Message]:
        """What has come. Time does not help here, only turns."""
        if not self._come:
            self._turn(self.TURNS)
        if not self._come and seconds > 0:
            time.sleep(0.001)  # the publisher's own clock goes on
            self._turn(self.TURNS)
        come, self._come = self._come, []
        return come

    def end_input(self) -> None:
        """As when standard input ends."""
        self.loop.call_soon(self.channel.ended)
        self._turn(self.TURNS)

    def code(self) -> int | None:
        """The exit code."""
        self._turn(self.TURNS)
        return self._serving.result() if self._serving.done() else None

    def log(self) -> str:
        """What was logged."""
        return "\n".join(self._lines)

    def close(self) -> None:
        """Take the loop apart."""
        logging.getLogger("auto_enforcer").removeHandler(self._log)
        tasks = asyncio.all_tasks(self.loop)
        for task in tasks:
            task.cancel()
        for task in tasks:
            try:
                self.loop.run_until_complete(task)
            except asyncio.CancelledError:
                pass
        self.loop.close()


def _beginning() -> Callable[[str], Session]:
    shared = Shared(scanners(), log=logging.getLogger("auto_enforcer").info)
    return lambda root: Session(root, today=TODAY, shared=shared)


class _Lines(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(record.getMessage())
