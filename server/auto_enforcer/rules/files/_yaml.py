"""Finds where a YAML text breaks a rule of its structure that no reader forgives. It knows the structure of
blocks, not the whole language: where it meets what it does not know, it finds nothing more."""

from __future__ import annotations

import re

from auto_enforcer.model import NamedTuple
from auto_enforcer.rules.files._places import lines_of

MOST_ITEMS = 16
"""Items of lists that begin on one line, at most; of more nothing is known."""


class Fault(NamedTuple):
    """A 0-based line, a span of it, and what is wrong there."""

    line: int
    start: int
    end: int
    why: str


class _UnknownError(Exception):
    """Something that is not known here."""


class _BrokenError(Exception):
    """A fault was found; `args` are a column, its end and why."""


_KEY_ENDS = r":(?=[ \t]|\Z)"
_COMMENT_BEGINS = r"(?:\A|[ \t])#"
_PROPERTY = r"[&!][^ \t,\[\]{}]*+(?:[ \t]++|\Z)"
_HEADER = r"[|>](?:[1-9][+-]?+|[+-][1-9]?+)?[ \t]*+(?:\Z|(?<=[ \t])#)"

_NO_KEY = "this line has no `:`, and does not belong to the value above"
_SECOND = "a second `: ` in one value, which only quotes allow"
_BEHIND = "something stands behind the end of the value"
_NO_LEVEL = "this line is indented as none above that it could belong to"


def first_fault(text: str) -> Fault | None:
    """The first fault of a text, None where none is found."""
    scan = _Scan()
    number = 0
    try:
        for number, line in enumerate(lines_of(text)):
            scan.line(number, line.rstrip("\r\n"))
    except _UnknownError:
        return None
    except _BrokenError as broken:
        start, end, why = broken.args
        return Fault(number, start, max(end, start + 1), why)
    return scan.at_end()


class _Scan:
    """Where the scan is: the collections that are open, and what the last line left open."""

    def __init__(self) -> None:
        self._number = 0
        self._line = ""
        self._levels: list[tuple[int, bool]] = []
        """The column of each open collection, and whether it is a sequence."""
        self._wants = True
        """Whether what stands above waits for a value."""
        self._plain = False
        """Whether the value above may go on on this line."""
        self._folded: int | None = None
        """The column of the collection that a block scalar is in, -1 for the document."""
        self._quote = ""
        self._flow: list[str] = []
        self._opened = (0, 0)
        """Where the quote or the outermost bracket was opened."""

    def at_end(self) -> Fault | None:
        """What is wrong with the text as a whole, once all lines were seen."""
        line, column = self._opened
        if self._flow:
            return Fault(line, column, column + 1, f"this `{self._flow[0]}` is not closed")
        if self._quote:
            return Fault(line, column, column + 1, f"this `{self._quote}` is not closed")
        return None

    def line(self, number: int, line: str) -> None:
        """Go on by a line. Raises _BrokenError for a fault, _UnknownError for what is not known."""
        self._number, self._line = number, line
        if self._quote or self._flow:
            self._go_on(0)
            return
        bare = line.lstrip(" ")
        indent = len(line) - len(bare)
        if self._folded is not None:
            if not bare.strip() or indent > self._folded:
                return
            if bare.startswith("\t"):
                raise _UnknownError
            self._folded = None
        if not bare.strip() or bare.startswith("#"):
            return
        if indent == 0 and self._is_marker(line):
            return
        top = self._levels[-1][0] if self._levels else -1
        if bare.startswith("\t"):
            if self._plain and indent > top:
                return
            if bare.lstrip().startswith("#"):
                return
            raise _BrokenError(indent, indent + 1, "a tab indents this line, where YAML takes blanks only")
        if self._plain and indent > top:
            text = _uncommented(bare)
            key = re.search(_KEY_ENDS, text)
            if key is not None:
                at = indent + key.start()
                raise _BrokenError(at, at + 1, _SECOND)
            return
        self._block(indent)

    def _is_marker(self, line: str) -> bool:
        """Take a line that begins or ends a document."""
        if line.startswith("%") and not self._levels and self._wants:
            return True
        if not re.match(r"(?:---|\.\.\.)(?:[ \t]|\Z)", line):
            return False
        rest = line[3:].strip()
        self._levels, self._wants, self._plain = [], True, False
        if rest and not rest.startswith("#"):
            if not re.match(_HEADER, rest):
                raise _UnknownError
            self._folded = -1
        return True

    def _block(self, column: int) -> None:
        """Take a line of the block structure, whose first character is at a column."""
        line, wanted = self._line, self._wants
        is_item = self._is_item(column)
        deepest = self._levels[-1][0] if self._levels else -1
        while self._levels and self._levels[-1][0] > column:
            self._levels.pop()
        if self._levels and self._levels[-1] == (column, True) and not is_item:
            self._levels.pop()
            if not self._levels or self._levels[-1] != (column, False):
                raise _BrokenError(column, len(line), _NO_KEY if ":" not in line else _NO_LEVEL)
        if deepest > column and (not self._levels or self._levels[-1][0] != column):
            raise _BrokenError(column, len(line), _NO_LEVEL)
        top = self._levels[-1][0] if self._levels else -1
        if column > top and not wanted:
            raise _BrokenError(column, len(line), _NO_LEVEL)
        for _ in range(MOST_ITEMS):
            if not self._is_item(column):
                break
            level = self._levels[-1] if self._levels else None
            if level != (column, True):
                if level == (column, False) and not (wanted and deepest <= column):
                    raise _BrokenError(column, column + 1, "an item of a list stands among keys")
                self._levels.append((column, True))
            after = line[column + 1 :]
            rest = after.lstrip(" ")
            if rest.startswith("\t"):
                raise _UnknownError
            column += 1 + len(after) - len(rest)
            self._wants, self._plain, wanted = True, False, True
            deepest = column
            if not rest or rest.startswith("#"):
                return
        else:
            raise _UnknownError
        self._entry(column)

    def _is_item(self, column: int) -> bool:
        return self._line.startswith("-", column) and self._line[column + 1 : column + 2] in ("", " ", "\t")

    def _entry(self, column: int) -> None:
        """Take a key with its value, or a value alone."""
        line = self._line
        text = line[column:]
        if text[0] in "?*" or re.match(_PROPERTY, text):
            if text[0] == "?" and text[1:2].strip():
                pass  # a word that begins with `?`
            else:
                self._unkeyed(column)
                return
        if text[0] in "\"'":
            end = _closed(line, column)
            colon = re.match(r"[ \t]*+:(?=[ \t]|\Z)", line[end:]) if end else None
            if end is None or colon is None:
                self._alone(column)
                return
            self._keyed(column, end + colon.end())
            return
        if text[0] in "[{|>@`%,]}":
            self._alone(column)
            return
        key = re.search(_KEY_ENDS, _uncommented(text))
        if key is None:
            self._alone(column)
        else:
            self._keyed(column, column + key.end())

    def _unkeyed(self, column: int) -> None:
        """Take what begins with an anchor, a tag, an alias or a `?`."""
        if self._line[column] in "?*":
            raise _UnknownError
        text = self._line[_behind_properties(self._line, column) :]
        if text and not text.startswith("#"):
            raise _UnknownError
        self._wants, self._plain = True, False

    def _keyed(self, column: int, after: int) -> None:
        """A key at a column; what follows its `:` begins at `after`."""
        if not self._levels or self._levels[-1] != (column, False):
            self._levels.append((column, False))
        rest = self._line[after:]
        bare = rest.lstrip(" \t")
        if not bare or bare.startswith("#"):
            self._wants, self._plain = True, False
            return
        self._value(after + len(rest) - len(bare), in_key=True)

    def _alone(self, column: int) -> None:
        """A value that stands without a key on its line."""
        if not self._levels:
            raise _UnknownError  # a document that is one value
        top, is_list = self._levels[-1]
        if not is_list and top == column:
            raise _BrokenError(column, len(self._line), _NO_KEY)
        self._value(column, in_key=False)

    def _value(self, column: int, *, in_key: bool) -> None:
        """A value that begins at a column."""
        line = self._line
        column = _behind_properties(line, column)
        text = line[column:]
        self._wants = self._plain = False
        if not text or text.startswith("#"):
            self._wants = True
        elif text[0] in "|>":
            if re.match(_HEADER, text) is None:
                raise _BrokenError(column, len(line), "text stands behind the mark of a block of text")
            self._folded = self._levels[-1][0] if self._levels else -1
        elif text[0] in "\"'":
            self._quote, self._opened = text[0], (self._number, column)
            self._go_on(column + 1)
        elif text[0] in "[{":
            self._opened = self._number, column
            self._go_on(column)
        elif text[0] in "@`%,]}":
            raise _BrokenError(column, column + 1, f"no value begins with `{text[0]}`; quote it")
        elif in_key and re.match(r"-[ \t]", text):
            raise _BrokenError(column, column + 1, "a list begins on the line of its key")
        elif text[0] in "*?":
            if text[0] == "?":
                raise _UnknownError
        else:
            plain = _uncommented(text)
            key = re.search(_KEY_ENDS, plain)
            if key is not None:
                raise _BrokenError(column + key.start(), column + key.end(), _SECOND)
            self._plain = plain == text.rstrip()

    def _go_on(self, column: int) -> None:
        """Go on in a quote or a bracket from a column of the line to its end, or the line's."""
        line = self._line
        begins = True
        while column < len(line) or self._quote:
            if self._quote:
                end = _quote_ends(line, column, self._quote)
                if end is None:
                    return
                column, self._quote, begins = end, "", False
                if not self._flow:
                    break
                continue
            character = line[column]
            if character in "[{":
                self._flow.append(character)
                begins = True
            elif character in "]}":
                if not self._flow or (self._flow[-1] == "[") != (character == "]"):
                    raise _BrokenError(column, column + 1, f"this `{character}` closes nothing")
                self._flow.pop()
                begins = False
                if not self._flow:
                    column += 1
                    break
            elif character in "\"'" and begins:
                self._quote = character
            elif character == "#" and (column == 0 or line[column - 1] in " \t"):
                return
            elif character == ",":
                begins = True
            elif character == ":":
                # A value begins behind it only where a blank or the key's own quote tells them apart.
                begins = line[column + 1 : column + 2].strip() == "" or line[max(0, column - 1)] in "\"'"
            elif character not in " \t":
                begins = False
            column += 1
        if self._flow:
            return
        rest = line[column:]
        bare = rest.lstrip(" \t")
        if bare and not bare.startswith("#"):
            at = column + len(rest) - len(bare)
            raise _BrokenError(at, len(line), _BEHIND)


def _behind_properties(line: str, column: int) -> int:
    """The column behind the anchor and the tag that may stand before a value."""
    for _ in range(2):
        found = re.compile(_PROPERTY).match(line, column)
        if found is not None:
            column = found.end()
    return column


def _uncommented(text: str) -> str:
    """The text up to a comment, without blanks at its end."""
    comment = re.search(_COMMENT_BEGINS, text)
    return (text if comment is None else text[: comment.start()]).rstrip(" \t")


def _closed(line: str, column: int) -> int | None:
    """Where the quote that opens at a column is closed on its line."""
    return _quote_ends(line, column + 1, line[column])


def _quote_ends(line: str, column: int, quote: str) -> int | None:
    """The column behind the closing quote; None where the line has none."""
    while True:
        if quote == "'":
            end = line.find("'", column)
            if end >= 0 and line.startswith("''", end):
                column = end + 2
                continue
            return end + 1 if end >= 0 else None
        match = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*"').match(line, column)
        return None if match is None else match.end()
