"""Reads a Jupyter notebook as it streams by: what its cells and its other texts say, and where that stands in
the file. Memory does not grow with the notebook, nor with one text of it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Generator, Iterable, Iterator
from itertools import accumulate
from json.decoder import scanstring  # type: ignore[attr-defined]

from auto_enforcer import text
from auto_enforcer.languages import language_named
from auto_enforcer.model import NamedTuple

LIMIT = 1 << 18
"""Bytes of a text, as it is written in the file, from which it comes in several parts. More than two blocks,
so that how a text is cut does not depend on how the file was read."""

OVERLAP = 4_096
"""Bytes before a cut within a text that are seen again behind it."""

DEEPEST = 200
"""Levels of a notebook; what goes deeper is none."""

_STEP = 1 << 14
"""Bytes that are read at once: between two of them whoever waits for other things has its turn."""

_LONGEST_WORD = 1_000
"""Bytes of a key, a name of a language or a kind of cell that are kept."""

_LIST = b"\0"
"""Stands for a list on the way to a value: no key can be called so."""

_CELLS, _CELL = [b"cells"], [b"cells", _LIST]
_SOURCE, _KIND = [b"cells", _LIST, b"source"], [b"cells", _LIST, b"cell_type"]
_OF_CELL = [b"cells", _LIST, b"metadata", b"vscode", b"languageId"]
_KERNEL, _LANGUAGE = [b"metadata", b"kernelspec", b"language"], [b"metadata", b"language_info", b"name"]

_BODY = rb'[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*'
_TOKEN = re.compile(
    rb"([ \t\n]*+)(?:([{}\[\],:])|\"(" + _BODY + rb")\"([:,]?)|"
    rb"((?:-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?|true|false|null|NaN|-?Infinity)(?![\w.+-])))"
)
_STRING = re.compile(_BODY)
_BLANK = re.compile(rb"[ \t\n]*+")
_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.")
_ENCODED = re.compile(rb"(?:image|audio|video|font)/(?!svg)|application/(?:pdf|octet-stream|zip)")
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/=_-]++|\\r|\\n)*")
_LONGEST_NUMBER = 400
"""Bytes of a number."""

_LONGEST_ESCAPE = 6
_QUOTE, _BACKSLASH = b'"\\'

_VALUE, _VALUE_OR_END, _KEY, _KEY_OR_END, _COLON, _NEXT, _NOTHING = range(7)
"""What may come next."""


class NoNotebookError(ValueError):
    """What is read is no JSON, or is nested too deeply."""


class Text(NamedTuple):
    """A text of the notebook, or a part of a long one, without its quotes and as it is written: `raw` is
    UTF-8 with JSON's escapes. It stands on a 0-based line from a 0-based column on, in code points."""

    line: int
    column: int
    raw: bytes
    repeated: int = 0
    """Bytes at its beginning that stood in the part before as well."""
    cell: int = 0
    """The number of the cell that it is in, from 1 on; 0 outside of all."""


class Part(NamedTuple):
    """Texts that are checked as one: the source of a cell, or as much of it as is held at once; or what else
    the notebook says: outputs, attachments, metadata."""

    texts: list[Text]
    is_source: bool
    cell: int = 0
    language: str = "plaintext"
    first: int = 0
    """The line of the cell that it begins with."""

    def content(self) -> str:
        """What the texts say, one behind the other; what is no source has a line end behind each."""
        return decoded((b"" if self.is_source else b"\\n").join([one.raw for one in self.texts]))


class Opened(NamedTuple):
    """A list or an object begins: the one that `_Reader.path` leads to."""

    sign: bytes


class Closed(NamedTuple):
    """It ends."""

    sign: bytes


def survey(chunks: Iterable[bytes]) -> str | None:
    """The language of a notebook's kernel, which mostly stands at its end; None where this is no notebook: no
    JSON, or without a list of cells."""
    turns = survey_in_turns(chunks)
    while True:
        try:
            next(turns)
        except StopIteration as ended:
            kernel: str | None = ended.value
            return kernel


def survey_in_turns(chunks: Iterable[bytes]) -> Generator[None, None, str | None]:
    """The same, with a turn after each few KiB."""
    names: dict[bytes, str] = {}
    has_cells = False
    reader = _Reader(chunks)
    try:
        for event in reader.events():
            if event is None:
                yield
                continue
            path = reader.path
            if isinstance(event, Opened):
                has_cells = has_cells or (path == _CELLS and event.sign == b"[")
            elif isinstance(event, Text) and path in (_KERNEL, _LANGUAGE):
                names[path[1]] = _word(event)
    except NoNotebookError:
        return None
    if not has_cells:
        return None
    known = (language_named(names.get(key, "")) for key in (b"language_info", b"kernelspec"))
    return next(filter(None, known), "plaintext" if names else "python")


def parts(chunks: Iterable[bytes], kernel: str) -> Iterator[Part]:
    """What a notebook says, part by part; `kernel` is the language of its code. Raises NoNotebookError where
    it is none."""
    return (part for part in parts_in_turns(chunks, kernel) if part is not None)


def parts_in_turns(chunks: Iterable[bytes], kernel: str) -> Iterator[Part | None]:
    """The same, with None after each few KiB."""
    reader = _Reader(chunks)
    source, others = list[Text](), list[Text]()
    cell = first = held = size = 0
    kind = language = ""

    def begun() -> Part:
        """The source that is held."""
        of_cell = (language_named(language) or kernel) if kind in ("", "code") else ""
        return Part(source, True, cell, of_cell or ("markdown" if kind == "markdown" else "plaintext"), first)

    for event in reader.events():
        if event is None:
            yield None
            continue
        path = reader.path
        if not isinstance(event, Text):
            if path == _CELL and event.sign in b"{}":
                if source:
                    yield begun()
                cell += isinstance(event, Opened)
                source, kind, language, first, held = [], "", "", 0, 0
            continue
        if path[:3] == _SOURCE and len(path) <= 4:
            if source and (event.repeated or held >= LIMIT):
                yield begun()
                again = source[-1].raw[-event.repeated :] if event.repeated else b""
                first += _line_ends(b"".join([one.raw for one in source])) - _line_ends(again)
                source, held = [], 0
            source.append(Text(event.line, event.column, event.raw, event.repeated, cell))
            held += len(event.raw)
            continue
        if path == _KIND:
            kind = _word(event)
            continue
        if path == _OF_CELL:
            language = _word(event)
        if _is_encoded(path, event.raw):
            continue
        if others and (event.repeated or size >= LIMIT):
            yield Part(others, False)
            others, size = [], 0
        inside = cell if path[:2] == _CELL else 0
        others.append(Text(event.line, event.column, event.raw, event.repeated, inside))
        # A text costs more than its bytes.
        size += len(event.raw) + 64
    if others:
        yield Part(others, False)


class Places:
    """Where in the file stands what a part says."""

    __slots__ = ("_escapes", "_lines", "_part", "_starts", "is_source")

    def __init__(self, part: Part) -> None:
        self._part = part
        self.is_source = part.is_source
        content = part.content()
        self._lines = [0, *accumulate(map(len, text.split_lines(content)))]
        glue = 0 if part.is_source else 1
        sizes = [len(decoded(one.raw)) + glue for one in part.texts]
        self._starts = [0, *accumulate(sizes)]
        self._escapes: dict[int, tuple[list[int], list[int]]] = {}

    def of(self, number: int, start: int, end: int) -> tuple[Text, int, int, int]:
        """The text that a span begins in, by its 0-based line of the part and its columns; the line of the
        file, and the columns there. What goes beyond the text ends with it."""
        number = min(number, len(self._lines) - 2)
        begin = min(self._lines[number] + start, self._lines[-1])
        index = min(bisect_right(self._starts, begin), len(self._part.texts)) - 1
        one = self._part.texts[index]
        inner = begin - self._starts[index]
        first = one.column + self._raw_column(index, inner)
        last = one.column + self._raw_column(index, inner + max(0, end - start))
        return one, one.line, first, last

    def within(self, number: int, start: int, end: int) -> bool:
        """Whether a span of one line is within one text."""
        begin = self._lines[min(number, len(self._lines) - 2)] + start
        index = min(bisect_right(self._starts, begin), len(self._part.texts)) - 1
        return begin + end - start <= self._starts[index + 1]

    def _raw_column(self, index: int, inner: int) -> int:
        """How many characters of a text as it is written come before one as it is read."""
        held = self._escapes.get(index)
        if held is None:
            raw = text.decode(self._part.texts[index].raw)
            held = self._escapes[index] = [0], [0]
            surplus = 0
            for match in _ESCAPE.finditer(raw):
                held[0].append(match.start() - surplus + 1)
                surplus += match.end() - match.start() - 1
                held[1].append(surplus)
            held[0].append(len(raw) - surplus)
            held[1].append(surplus)
        reads, surpluses = held
        inner = min(inner, reads[-1])
        return inner + surpluses[bisect_right(reads, inner) - 1]


def decoded(raw: bytes) -> str:
    """What a text says that is written so, its escapes being right. A half of a surrogate pair is U+FFFD."""
    if b"\\" not in raw:
        return text.decode(raw)
    return text.well_formed(str(scanstring(text.decode(raw) + '"', 0, True)[0]))


def _line_ends(raw: bytes) -> int:
    return len(text.split_lines(decoded(raw))) - 1


def _is_encoded(path: list[bytes], raw: bytes) -> bool:
    """Whether a text is an image or the like, in letters that mean nothing: some of them look like a key."""
    kind = path[-2] if path[-1] == _LIST else path[-1]
    return b"/" in kind and _ENCODED.match(kind) is not None and _BASE64.fullmatch(raw) is not None


def _word(value: Text) -> str:
    return decoded(value.raw) if len(value.raw) <= _LONGEST_WORD else ""


class _Reader:
    """Reads JSON, and knows the way to where it is."""

    __slots__ = ("_at", "_column", "_data", "_line", "_mark", "_steps", "path")

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._steps = _steps(chunks)
        self._data = b""
        self._at = 0
        self._line = 0
        self._column = self._mark = 0
        """How many characters of the line stand before a place in the data, and that place."""
        self.path: list[bytes] = []
        """Of each object the key that it is at, of each list `_LIST`; an event is about what is there."""

    def events(self) -> Iterator[Text | Opened | Closed | None]:
        """The texts that are values, and where lists and objects begin and end; None where more was read.
        Raises NoNotebookError."""
        wanted, path = _VALUE, self.path
        while True:
            match = _TOKEN.match(self._data, self._at)
            if match is None or (match.end() == len(self._data) and match[5] is not None):
                # What is there may go on behind what has been read; a text may be too long to be held.
                match = None
                if self._blank_then_quote():
                    if wanted in (_KEY, _KEY_OR_END):
                        match = self._held()
                    elif wanted in (_VALUE, _VALUE_OR_END):
                        yield from self._long()
                        wanted = _NEXT if path else _NOTHING
                        continue
                    if match is None:
                        raise NoNotebookError
                elif len(self._data) - self._at > _LONGEST_NUMBER:
                    raise NoNotebookError
                elif self._more():
                    yield None
                    continue
                else:
                    match = _TOKEN.match(self._data, self._at)
            if match is None:
                if self._at < len(self._data) or wanted != _NOTHING:
                    raise NoNotebookError
                return
            blank, sign, body = match[1], match[2], match[3]
            if blank and b"\n" in blank:
                self._line += blank.count(b"\n")
                self._mark, self._column = self._at + blank.rfind(b"\n") + 1, 0
            self._at = match.end()
            if body is not None:
                if wanted in (_KEY, _KEY_OR_END):
                    path[-1] = decoded(body).encode() if b"\\" in body else body
                    wanted = _VALUE if match[4] else _COLON
                    if match[4] == b",":
                        raise NoNotebookError
                    continue
                if wanted not in (_VALUE, _VALUE_OR_END):
                    raise NoNotebookError
                yield Text(self._line, self._column_at(match.start(3)), body)
                wanted = _NEXT if path else _NOTHING
                if match[4]:
                    # The comma behind it, which needs no turn of its own.
                    if match[4] == b":" or not path:
                        raise NoNotebookError
                    wanted = _VALUE if path[-1] == _LIST else _KEY
            elif sign is None:
                if wanted not in (_VALUE, _VALUE_OR_END):
                    raise NoNotebookError
                wanted = _NEXT if path else _NOTHING
            elif sign == b":":
                if wanted != _COLON:
                    raise NoNotebookError
                wanted = _VALUE
            elif sign == b",":
                if wanted != _NEXT:
                    raise NoNotebookError
                wanted = _VALUE if path[-1] == _LIST else _KEY
            elif sign in b"[{":
                if wanted not in (_VALUE, _VALUE_OR_END) or len(path) >= DEEPEST:
                    raise NoNotebookError
                yield Opened(sign)
                path.append(_LIST if sign == b"[" else b"")
                wanted = _VALUE_OR_END if sign == b"[" else _KEY_OR_END
            else:
                ends = (_NEXT, _VALUE_OR_END) if sign == b"]" else (_NEXT, _KEY_OR_END)
                if wanted not in ends or (path[-1] == _LIST) != (sign == b"]"):
                    raise NoNotebookError
                path.pop()
                yield Closed(sign)
                wanted = _NEXT if path else _NOTHING

    def _column_at(self, at: int) -> int:
        """The column of a place in the data. Places are asked for in their order."""
        self._column += text.characters(self._data[self._mark : at])
        self._mark = at
        return self._column

    def _more(self) -> bool:
        """Read on; False at the end."""
        data = next(self._steps, None)
        if data is None:
            return False
        self._column_at(self._at)
        self._data = self._data[self._at :] + data
        self._at = self._mark = 0
        return True

    def _blank_then_quote(self) -> bool:
        """Pass over blanks, and say whether a text begins behind them."""
        blank = _BLANK.match(self._data, self._at)
        if blank is not None and blank[0]:
            if b"\n" in blank[0]:
                self._line += blank[0].count(b"\n")
                self._mark, self._column = self._at + blank[0].rfind(b"\n") + 1, 0
            self._at = blank.end()
        return self._data[self._at : self._at + 1] == b'"'

    def _held(self) -> re.Match[bytes] | None:
        """A key that goes on behind what has been read; None where it is too long, or none."""
        while (match := _TOKEN.match(self._data, self._at)) is None:
            if len(self._data) - self._at > LIMIT or not self._more():
                return None
        return match

    def _long(self) -> Iterator[Text | None]:
        """A text that goes on behind what has been read, in parts if it is long; None where more was read."""
        self._at += 1
        column, repeated, seen = self._column_at(self._at), 0, 0
        while True:
            data, at = self._data, self._at
            found = _STRING.match(data, at + seen, at + LIMIT)
            assert found is not None
            end = found.end()
            if end < len(data) and data[end] == _QUOTE:
                self._column_at(end)
                self._at = end + 1
                yield Text(self._line, column, data[at:end], repeated)
                return
            if len(data) - at < LIMIT + _LONGEST_ESCAPE:
                # A part of an escape may stand at the end.
                if end < len(data) - _LONGEST_ESCAPE or (end < len(data) and data[end] != _BACKSLASH):
                    raise NoNotebookError
                seen = end - at
                if not self._more():
                    raise NoNotebookError
                yield None
                continue
            if end <= at + LIMIT - _LONGEST_ESCAPE:
                raise NoNotebookError
            end = _whole(data, end)
            raw = data[at:end]
            yield Text(self._line, column, raw, repeated)
            begin = end - OVERLAP
            if b"\\" in raw:
                behind = _STRING.match(data, at, begin)
                assert behind is not None
                begin = behind.end()
            begin = _whole(data, begin)
            column = self._column_at(begin)
            self._at, repeated, seen = begin, end - begin, end - begin


def _steps(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """What chunks hold, a step at a time, with `\\n` for every line end."""
    for block in text.blocks(chunks):
        data = block.data if block.last else block.data[: text.SEGMENT]
        if block.offset >= 0 and block.last:
            data += b"\n"
        for at in range(0, len(data), _STEP):
            yield data[at : at + _STEP]


def _whole(data: bytes, end: int) -> int:
    """A place before `end` that is not within a character of UTF-8."""
    for back in range(4):
        if data[end - back] & 0xC0 != 0x80:
            return end - back
    return end
