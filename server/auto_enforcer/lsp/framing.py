"""Cuts the client's stream of bytes into message bodies."""

from __future__ import annotations

from collections.abc import Iterator

LONGEST_HEADER = 4_096
"""Bytes of one message's header at most; more is no header."""

LONGEST_BODY = 1 << 30
"""Bytes of one message's body at most."""


class FramingError(Exception):
    """The stream is not made of `Content-Length` frames; where the next one begins is unknown."""


class Frames:
    """Bytes in, bodies out. Holds at most one message that is not whole yet."""

    __slots__ = ("_buffer", "_length")

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._length = -1

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Add what was read and give each body that is whole now. Raises FramingError."""
        buffer = self._buffer
        buffer += data
        while True:
            if self._length < 0:
                end = buffer.find(b"\r\n\r\n", 0, LONGEST_HEADER)
                if end < 0:
                    if len(buffer) >= LONGEST_HEADER:
                        raise FramingError("no end of the header")
                    return
                self._length = _content_length(bytes(buffer[:end]))
                del buffer[: end + 4]
            if len(buffer) < self._length:
                return
            with memoryview(buffer) as view:
                body = bytes(view[: self._length])
            del buffer[: self._length]
            self._length = -1
            yield body


def frame(body: bytes) -> bytes:
    """A body with its header."""
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def _content_length(header: bytes) -> int:
    for field in header.split(b"\r\n"):
        name, _, value = field.partition(b":")
        if name.strip().lower() == b"content-length":
            digits = value.strip()
            if digits.isdigit() and int(digits) <= LONGEST_BODY:
                return int(digits)
            raise FramingError("a `Content-Length` that is no length")
    raise FramingError("a header without `Content-Length`")
