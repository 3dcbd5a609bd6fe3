"""The way to the client: standard input and output, or one TCP connection."""

from __future__ import annotations

import asyncio
import os
import select
import stat
import sys
import threading
from collections.abc import Callable
from typing import Protocol

READ = 1 << 18
"""Bytes asked for at a time."""

MOST_WAITING = 16 << 20
"""Bytes that wait for the client to take them. While there are more nothing is read: answers to a client that
asks and does not listen would fill the memory."""

LAST_WORDS = 2.0
"""Seconds that a client has at the end to take what is still to be written."""


class Channel(Protocol):
    """Where bytes come from and go to."""

    received: Callable[[bytes], None]
    """Called with what was read."""
    ended: Callable[[], None]
    """Called once, when no more comes."""
    drained: Callable[[], None]
    """Called each time that everything written has left after it had to wait."""

    @property
    def idle(self) -> bool:
        """Whether everything written has left."""

    def write(self, data: bytes) -> None:
        """Send bytes, in order, without waiting. What a client that is gone does not take is lost."""

    def close(self) -> None:
        """Give the client a moment to take the rest, then let go."""


class StdioChannel:
    """Two file descriptors.

    Input is read when the loop sees it, never in the pool that handlers share: a full pool would stop all
    input, cancellation included. Where the loop cannot watch a descriptor (Windows, a file) a daemon thread
    of our own reads it.
    """

    received: Callable[[bytes], None]
    ended: Callable[[], None]
    drained: Callable[[], None]

    def __init__(self, input_descriptor: int, output_descriptor: int) -> None:
        self._input = input_descriptor
        self._output = output_descriptor
        self._waiting = bytearray()
        self._broken = False
        self._over = False
        self._in_thread = False
        self._may_read = threading.Event()
        self._may_read.set()
        self._loop = asyncio.get_running_loop()
        self._waits = _can_refuse(output_descriptor)
        if self._waits and sys.platform != "win32":
            os.set_blocking(output_descriptor, False)

    def open(self) -> None:
        """Begin to read."""
        try:
            self._loop.add_reader(self._input, self._read)
        except (NotImplementedError, OSError):
            self._in_thread = True
            threading.Thread(target=self._read_in_thread, name="standard input", daemon=True).start()

    @property
    def idle(self) -> bool:
        """Whether everything written has left."""
        return not self._waiting

    def write(self, data: bytes) -> None:
        """Write what the client takes at once; the rest when it reads again."""
        if self._broken:
            return
        waited = bool(self._waiting)
        self._waiting += data
        if not waited:
            self._write_some()
            if self._waiting:
                self._loop.add_writer(self._output, self._write_on)
        if len(self._waiting) > MOST_WAITING and self._may_read.is_set():
            self._may_read.clear()
            if not self._in_thread:
                self._loop.remove_reader(self._input)

    def close(self) -> None:
        """Wait a moment for the client to take the rest."""
        self._finish()
        if self._waiting:
            self._loop.remove_writer(self._output)
        while self._waiting:
            if not select.select([], [self._output], [], LAST_WORDS)[1]:
                return
            self._write_some()

    def _read(self) -> None:
        try:
            data = os.read(self._input, READ)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self.received(data)
        else:
            self._finish()

    def _finish(self) -> None:
        if self._over:
            return
        self._over = True
        try:
            self._loop.remove_reader(self._input)
        except NotImplementedError:
            pass
        self.ended()

    def _read_in_thread(self) -> None:
        while True:
            self._may_read.wait()
            try:
                data = os.read(self._input, READ)
            except OSError:
                data = b""
            try:
                self._loop.call_soon_threadsafe(*((self.received, data) if data else (self._finish,)))
            except RuntimeError:  # the loop is closed: the server has ended
                return
            if not data:
                return

    def _write_some(self) -> None:
        """Write until the descriptor takes no more."""
        done = 0
        with memoryview(self._waiting) as view:
            while done < len(view):
                try:
                    done += os.write(self._output, view[done:])
                except BlockingIOError:
                    break
                except OSError:
                    self._broken = True
                    done = len(view)
        del self._waiting[:done]

    def _write_on(self) -> None:
        self._write_some()
        if self._waiting:
            return
        self._loop.remove_writer(self._output)
        if not self._may_read.is_set():
            self._may_read.set()
            if not (self._in_thread or self._over):
                self._loop.add_reader(self._input, self._read)
        self.drained()


class TcpChannel(asyncio.Protocol):
    """One accepted connection."""

    received: Callable[[bytes], None]
    ended: Callable[[], None]
    drained: Callable[[], None]

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._full = False
        self._held = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The client is there."""
        assert isinstance(transport, asyncio.Transport)
        transport.set_write_buffer_limits(0)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """The client has sent something."""
        self.received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        self.ended()

    def pause_writing(self) -> None:
        """The client does not read as fast as we write."""
        self._full = True

    def resume_writing(self) -> None:
        """All that was written has left."""
        self._full = False
        if self._held and self._transport is not None:
            self._held = False
            self._transport.resume_reading()
        self.drained()

    @property
    def idle(self) -> bool:
        """Whether everything written has left."""
        return not self._full

    def write(self, data: bytes) -> None:
        """Hand over to the transport."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)
            if self._transport.get_write_buffer_size() > MOST_WAITING and not self._held:
                self._held = True
                self._transport.pause_reading()

    def close(self) -> None:
        """Let the transport send the rest, then close."""
        if self._transport is not None:
            self._transport.close()


def take_standard_streams() -> tuple[int, int]:
    """Descriptors of our own for standard input and output.

    Output belongs to the protocol: what anything else prints goes to standard error from here on, and no
    child process can read the client's messages.
    """
    input_descriptor, output_descriptor = os.dup(0), os.dup(1)
    empty = os.open(os.devnull, os.O_RDWR)
    os.dup2(empty, 0)
    try:
        os.dup2(2, 1)
    except OSError:  # started without a standard error
        os.dup2(empty, 1)
        os.dup2(empty, 2)
    os.close(empty)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(input_descriptor, os.O_BINARY)
        msvcrt.setmode(output_descriptor, os.O_BINARY)
    return input_descriptor, output_descriptor


def _can_refuse(descriptor: int) -> bool:
    """Whether writing to it may be made to give up instead of waiting: a pipe or socket that nothing else of
    ours writes to."""
    if sys.platform == "win32":
        return False
    mine = os.fstat(descriptor)
    if not (stat.S_ISFIFO(mine.st_mode) or stat.S_ISSOCK(mine.st_mode)):
        return False
    try:
        error = os.fstat(2)
    except OSError:
        return True
    return (mine.st_dev, mine.st_ino) != (error.st_dev, error.st_ino)
