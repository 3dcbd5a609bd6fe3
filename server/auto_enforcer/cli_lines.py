"""The lines of the files that a report names, for the formats that quote them or count in their bytes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import date

from auto_enforcer import files, lexer, reading, redaction, text
from auto_enforcer.activation import known_language
from auto_enforcer.languages import language_of
from auto_enforcer.looks import Lookout
from auto_enforcer.model import File, Line, Neighbours, Row, Run, Zone
from auto_enforcer.render.items import Quote
from auto_enforcer.workspaces import Workspaces

MOST_TEXT = 4 << 20
"""Bytes of a file whose lines are read, at most; of larger ones none is known."""

BEFORE, AFTER = 80, 160
"""Characters that are quoted before a violation, and from its beginning on."""

_AROUND = 512
"""Characters to either side that are masked with what is quoted, so that no part of a secret is left."""


class Lines:
    """Reads the files of reports, one at a time, as they are asked for; best in their order."""

    __slots__ = ("_every", "_file", "_lines", "_secrets", "_shown", "_today", "_workspaces")

    def __init__(self, workspaces: Workspaces, today: date) -> None:
        self._workspaces = workspaces
        self._today = today
        self._every: Lookout | None = None
        self._shown: str | None = None
        self._lines: Sequence[bytes | None] = ()
        self._file = File("plaintext", today)
        self._secrets: tuple[int, list[redaction.Secret] | None] = -1, None
        """What is secret on the line that was asked for last."""

    def text(self, shown: str, number: int) -> str | None:
        """A line by its 0-based number, without its end, as it is: to count in, not to be told. None where it
        cannot be had, as it is too long, or in a file that is too large, or has gone."""
        self._open(shown)
        line = self._lines[number] if 0 <= number < len(self._lines) else None
        return None if line is None else text.decode(line)

    def is_harmless(self, shown: str, number: int) -> bool:
        """Whether a line may be told as it is."""
        words = self.text(shown, number)
        if words is None:
            return False
        mask = self._mask(words, number)
        return mask is not None and not mask.hides(words)

    def quoted(self, shown: str, row: Row) -> Quote | None:
        """What may be told of the line of a violation. None where nothing can be told, or the violation is
        about the file as such."""
        number, violation = row.number, row.violation
        start, end, kind = violation.start, violation.end, violation.rule.partition("/")
        if start == end == 0:
            return None
        words = self.text(shown, number)
        if words is None:
            return None
        mask = self._mask(words, number, (words[start:end], kind[2]) if kind[0] == "secrets" else None)
        if mask is None:
            return None
        first, last = max(0, start - BEFORE - _AROUND), start + AFTER + _AROUND
        end = min(max(start, end), start + AFTER)
        parts = words[first:start], words[start:end], words[end:last]
        masked = [mask.of(part) for part in parts]
        whole = mask.of("".join(parts))
        if "".join(masked) != whole:
            masked = [mask.of(whole[: len(masked[0])]), "", mask.of(whole[len(masked[0]) :])]
            if "".join(masked) != whole:
                masked = ["", "", whole]
        before, marked, after = masked
        room = max(0, AFTER - len(marked))
        return Quote(
            f"…{before[-BEFORE:]}" if first or len(before) > BEFORE else before.lstrip(),
            marked,
            f"{after[:room]}…" if last < len(words) or len(after) > room else after.rstrip(),
        )

    def _open(self, shown: str) -> None:
        if shown == self._shown:
            return
        self._shown, self._lines, self._secrets = shown, (), (-1, None)
        given = self._workspaces.given
        data = given[shown]() if shown in given else _read(os.path.abspath(shown))
        if data is None or files.is_binary(data):
            return
        self._lines = list(_lines(data))
        first = text.decode(self._lines[0] or b"") if self._lines else ""
        self._file = File(known_language(language_of(shown, first)), self._today)

    def _mask(self, words: str, number: int, more: redaction.Secret | None = None) -> redaction.Mask | None:
        """What hides the secrets on a line, and another; None where that cannot be told."""
        if self._secrets[0] != number:
            self._secrets = number, self._secrets_of(words, number)
        secrets = self._secrets[1]
        if secrets is None:
            return None
        return redaction.Mask(secrets if more is None else [more, *secrets])

    def _secrets_of(self, words: str, number: int) -> list[redaction.Secret] | None:
        """What is secret on a line. Who reads it in another zone than the one that it is in finds too much at
        most, so it is read in each."""
        every = self._every
        if every is None:
            every = self._every = self._workspaces.concealing()
        line = self._line(words, number, self._file.language, ((0, int(Zone.CODE)),))
        if redaction.looks_like_key(line):
            above = [one.text for one in line.before(redaction.KEY_WINDOW)]
            if any(redaction.key_lines(line, above)):
                return [(words, "private-key")]
        data = text.encode(words)
        if not any(redaction.of_secrets(every.actions[index]) for _, index in every.scanner.scan(data)):
            return []
        secrets: list[redaction.Secret] = []
        for language, runs in self._readings(words):
            found = redaction.secrets_in(every, self._line(words, number, language, runs))
            if found is None:
                return None
            secrets += found
        return list(dict.fromkeys(secrets))

    def _readings(self, words: str) -> Iterator[tuple[str, tuple[Run, ...]]]:
        language = self._file.language
        yield language, lexer.lex(words, lexer.start(language)).runs
        for zone in (Zone.CODE, Zone.STRING, Zone.COMMENT):
            yield language, ((0, int(zone)),)
        yield "plaintext", ((0, int(Zone.TEXT)),)

    def _line(self, words: str, number: int, language: str, runs: tuple[Run, ...]) -> Line:
        file = self._file if language == self._file.language else File(language, self._today)
        return Line(words, number, language, file, lambda: runs, Around(self._lines))


class Around(Neighbours):
    """The lines around a line, as far as they are short."""

    __slots__ = ("_lines",)

    def __init__(self, lines: Sequence[bytes | None]) -> None:
        self._lines = lines

    def before(self, line: Line, count: int) -> Sequence[Line]:
        """The nearest first."""
        first = max(0, line.number - count)
        return [self._like(line, at) for at in range(line.number - 1, first - 1, -1)]

    def after(self, line: Line, count: int) -> Sequence[Line]:
        """The nearest first."""
        end = min(len(self._lines), line.number + 1 + count)
        return [self._like(line, at) for at in range(line.number + 1, end)]

    def _like(self, line: Line, number: int) -> Line:
        words = text.decode((self._lines[number] or b"")[: text.PIECE])
        return Line(words, number, line.language, line.file, lambda: ((0, int(Zone.CODE)),), self)


def _read(path: str) -> bytes | None:
    """What a file holds; None for one that cannot be read, or is too large."""
    try:
        with reading.open_regular(path) as file:
            data = reading.read_block(file, MOST_TEXT + 1)
    except OSError:
        return None
    return data if len(data) <= MOST_TEXT else None


def _lines(data: bytes) -> Iterator[bytes | None]:
    """The lines of a file as the engine numbers them; None for one that is too long."""
    for block in text.blocks([data]):
        if block.offset < 0:
            lines = block.data.split(b"\n")
            yield from lines[:-1] if block.data.endswith(b"\n") else lines
        elif block.last:
            yield None
