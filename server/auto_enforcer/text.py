"""Text as the engine takes it: UTF-8 blocks of whole lines with `\\n` ends, and the columns of other
encodings."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterable, Iterator

from auto_enforcer.model import NamedTuple

BLOCK = 65_536
"""Bytes in a block of whole lines, about; a line longer than this comes in segments and is never lexed."""

STEP = 3_584
"""Bytes from one piece of a long line to the next. The pieces begin at its multiples, so they do not depend
on how the line was read."""

PIECE = 4_096
"""Bytes in a piece; what exceeds STEP overlaps with the next."""

MARGIN = 256
"""Bytes at a piece's start whose matches belong to the piece before, which saw what stands to their left."""

SEGMENT = 18 * STEP
"""Bytes from one segment of a line longer than BLOCK to the next."""

HEAD = 60_000
"""Bytes of a text in which its head must lie: less than a segment, so that no line is cut before them."""

_SEGMENT_END = SEGMENT + (PIECE - STEP) + 3
"""A segment's last piece reaches this far: the overlap, and the rest of a character cut by it."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Block(NamedTuple):
    """A run of whole lines (`offset` -1), or a segment of one line longer than BLOCK.

    `data` is UTF-8 with `\\n` as the only line end; bytes that are not UTF-8 stay as they are. A segment
    begins
    `offset` bytes into its line, has no line end, and repeats the start of the next one, save the `last`.
    """

    data: bytes
    offset: int = -1
    last: bool = True


def encoding_of(head: bytes) -> str:
    """The encoding that a byte order mark declares, else `utf-8`."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    return "utf-8"


def begins_marked(head: bytes) -> bool:
    """Whether a file begins with the byte order mark of UTF-8, which says nothing; reading takes it away."""
    return head.startswith(codecs.BOM_UTF8)


def blocks(chunks: Iterable[bytes]) -> Iterator[Block]:
    """Cut raw chunks of a file into blocks, decoding by byte order mark. Holds a block or two at a time."""
    rest, offset = b"", -1
    for chunk in normalised(chunks):
        data = rest + chunk if rest else chunk
        while True:
            if offset >= 0:
                end = data.find(b"\n")
                if len(data if end < 0 else data[:end]) > _SEGMENT_END:
                    yield Block(data[:_SEGMENT_END], offset, last=False)
                    data, offset = data[SEGMENT:], offset + SEGMENT
                    continue
                if end < 0:
                    break
                yield Block(data[:end], offset)
                data, offset = data[end + 1 :], -1
            first = data.find(b"\n")
            if first > BLOCK or (first < 0 and len(data) > BLOCK):
                offset = 0
                continue
            cut = data.rfind(b"\n") + 1
            if cut:
                yield Block(data[:cut])
                data = data[cut:]
            break
        rest = data
    if offset >= 0:
        yield Block(rest, offset)
    elif rest:
        yield Block(rest)


def head(data: bytes, count: int) -> list[str]:
    """The first `count` lines of a text that begins with `data`, as far as they lie within HEAD bytes."""
    data = data[: _boundary(data, HEAD)] if len(data) > HEAD else data
    return [decode(line) for line in data.split(b"\n", count)[:count]]


def segments(line: bytes) -> Iterator[Block]:
    """The segments of one line longer than BLOCK, as `blocks` would cut it."""
    offset = 0
    while len(line) - offset > _SEGMENT_END:
        yield Block(line[offset : offset + _SEGMENT_END], offset, last=False)
        offset += SEGMENT
    yield Block(line[offset:], offset)


def normalised(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks as UTF-8 without a byte order mark, with `\\n` line ends, at most BLOCK bytes each."""
    held, encoding = b"", ""
    decoder: codecs.IncrementalDecoder | None = None
    for chunk in chunks:
        if not encoding:
            held += chunk
            if len(held) < 4:
                continue
            chunk, held = held, b""
            encoding, chunk = _without_mark(chunk)
            if encoding != "utf-8":
                decoder = codecs.getincrementaldecoder(encoding)("replace")
        if decoder is not None:
            chunk = _recoded(decoder.decode(chunk))
        if held:
            chunk, held = held + chunk, b""
        if b"\r" in chunk:
            if chunk.endswith(b"\r"):
                chunk, held = chunk[:-1], b"\r"
            chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        yield from _at_most(chunk)
    if not encoding:
        encoding, held = _without_mark(held)
        if encoding != "utf-8":
            held = _recoded(held.decode(encoding, "replace"))
    elif decoder is not None:
        held += _recoded(decoder.decode(b"", True))
    yield from _at_most(held.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))


def _without_mark(head: bytes) -> tuple[str, bytes]:
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name, head[len(mark) :]
    return "utf-8", head


def _recoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _at_most(chunk: bytes) -> Iterator[bytes]:
    if len(chunk) <= BLOCK:
        if chunk:
            yield chunk
        return
    for start in range(0, len(chunk), BLOCK):
        yield chunk[start : start + BLOCK]


def decode(data: bytes) -> str:
    """A line, or a piece of one, as text. What is not valid UTF-8 becomes U+FFFD as editors have it: one for
    as many bytes as begin a character."""
    return data.decode("utf-8", "replace")


def encode(text: str) -> bytes:
    """Text of an editor as the engine scans it: UTF-8, `\\n` line ends."""
    data = text.encode()
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data


def well_formed(text: str) -> str:
    """The text with each lone surrogate, which no file can hold, replaced by U+FFFD. Lengths stay."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in text)
    return text


def split_lines(text: str) -> list[str]:
    """The lines with their ends, cut at `\\r\\n`, `\\n` and `\\r` only. Never empty: the last has no end."""
    lines = list(io.StringIO(text, newline=""))
    if not lines or lines[-1].endswith(("\n", "\r")):
        lines.append("")
    return lines


class Piece(NamedTuple):
    """A part of a long line that rules see at once. It owns the matches that start in [own_start, own_end),
    in characters of `text`; `column` is where its text begins in the line, in characters."""

    text: str
    column: int
    own_start: int
    own_end: int


def pieces(data: bytes, hits: Iterable[int], column: int, *, first: bool, last: bool) -> Iterator[Piece]:
    """The pieces of a long line, or of a segment of one, in which an offset of `hits` lies.

    `data` begins at a multiple of STEP in its line and `column` characters into it; `first` and `last` tell
    whether it begins and ends the line. A segment that is not the last leaves its overlap to the next.
    """
    size = len(data)
    count = max(1, -(-(size - (PIECE - STEP)) // STEP)) if last else SEGMENT // STEP
    wanted: set[int] = set()
    for hit in hits:
        wanted.update(range(max(0, -(-(hit + 1 - PIECE) // STEP)), min(count - 1, hit // STEP) + 1))
    position = _begins(data, first=first)
    for index in sorted(wanted):
        start = _boundary(data, index * STEP) if index else _begins(data, first=first)
        end = size if last and index == count - 1 else _boundary(data, index * STEP + PIECE)
        column += characters(data[position:start])
        position = start
        text = decode(data[start:end])
        own_start, own_end = 0, len(text)
        if not (first and index == 0):
            own_start = characters(data[start : _boundary(data, index * STEP + MARGIN)])
        if not (last and index == count - 1):
            own_end = characters(data[start : _boundary(data, (index + 1) * STEP + MARGIN)])
        yield Piece(text, column, own_start, own_end)


def characters(data: bytes) -> int:
    """How many characters a part of a line has as text."""
    return len(data) if data.isascii() else len(decode(data))


def characters_of(segment: Block) -> int:
    """How many characters of its line lie before the next segment."""
    data = segment.data
    start = _begins(data, first=segment.offset == 0)
    return characters(data[start : len(data) if segment.last else _boundary(data, SEGMENT)])


def _begins(data: bytes, *, first: bool) -> int:
    """Where the first character of a segment begins: the one before it has what is left of a cut one."""
    return 0 if first else _boundary(data, 0)


def _boundary(data: bytes, offset: int) -> int:
    """The first offset from `offset` on that does not cut a character."""
    end = min(len(data), offset + 3)
    while offset < end and data[offset] & 0xC0 == 0x80:
        offset += 1
    return min(offset, len(data))


def code_points(line: str, column: int, encoding: str) -> int:
    """A column in units of `encoding` (utf-8, utf-16 or utf-32) as code points; past the end is the end. A
    column within a character is its start."""
    if column <= 0:
        return 0
    if encoding == "utf-32" or line.isascii():
        return min(column, len(line))
    # What is cut within a character is ignored, so that its start is found.
    if encoding == "utf-8":
        return len(line.encode("utf-8", "replace")[:column].decode("utf-8", "ignore"))
    return len(line.encode("utf-16-le", "replace")[: 2 * column].decode("utf-16-le", "ignore"))


def units(line: str, column: int, encoding: str) -> int:
    """A column in code points as units of `encoding`; past the end is the end."""
    if encoding == "utf-32" or line.isascii():
        return min(column, len(line))
    head = line[:column]
    if encoding == "utf-8":
        return len(head.encode("utf-8", "surrogatepass"))
    return len(head.encode("utf-16-le", "surrogatepass")) // 2
