"""A session small enough to see through, for what the server itself does. `python standin.py` serves it.

Lines with `print(` are a warning, with `eval(` blocked, with `old(` historical; `boom(` lets the check raise.
After a `/*` and before a `*/` nothing is found, and how far that reaches is worked out 1,000 lines at a time.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2] / "server"))

from auto_enforcer import lexer, verdict
from auto_enforcer.model import Edit, Fix, Row, Scope, Severity, Stage, Verdict, Violation
from auto_enforcer.text import split_lines

BAD = re.compile(r"\b(print|eval|old|boom)\(")


class Document:
    def __init__(self, path: str, language: str, text: str) -> None:
        self.path, self.language, self.version = path, language, 0
        self.replace(text)

    @property
    def line_count(self) -> int:
        return len(self.lines)

    @property
    def pending(self) -> bool:
        return self._next < len(self.lines)

    def line(self, number: int) -> str:
        return self.lines[number].rstrip("\r\n") if number < len(self.lines) else ""

    def text(self) -> str:
        return "".join(self.lines)

    def replace(self, text: str) -> None:
        self.lines = split_lines(text)
        self._restart()

    def change(self, start_line: int, start: int, end_line: int, end: int, text: str) -> None:
        if start_line >= len(self.lines):
            start_line, start = len(self.lines) - 1, len(self.lines[-1])
        if end_line >= len(self.lines):
            end_line, end = len(self.lines) - 1, len(self.lines[-1])
        head = self.lines[start_line][: min(start, len(self.line(start_line)))]
        tail = self.lines[end_line][min(end, len(self.line(end_line))) :]
        new = split_lines(head + text + tail)
        if end_line + 1 < len(self.lines) and not new[-1]:
            new.pop()
        self.lines[start_line : end_line + 1] = new
        self._restart()

    def _restart(self) -> None:
        self._next, self._inside, self._found = 0, False, []

    def advance(self) -> bool:
        for number in range(self._next, min(self._next + 1_000, len(self.lines))):
            line = self.lines[number]
            if "boom(" in line:
                raise RuntimeError("a fault")
            self._inside = (self._inside or "/*" in line) and "*/" not in line
            if not self._inside:
                for match in BAD.finditer(line):
                    fix = Fix("remove it", True, (Edit(0, match.start(), 0, match.end(), ""),))
                    violation = Violation(
                        f"test/{match[1]}-call", f"{match[1]}!", match.start(), match.end(), (fix,)
                    )
                    self._found.append(Row(number, violation))
        self._next = min(self._next + 1_000, len(self.lines))
        return not self.pending

    def rows(self) -> Iterator[Row]:
        return iter(self._found)

    def state_above(self, line: int) -> Any:
        return lexer.start("plaintext")


class Session:
    comparing = None
    shows_old = ""

    def __init__(self, root: str, *, log: Any = None) -> None:
        self.root = root
        self.documents: list[Document] = []
        log(f"session {root}")

    def open(self, path: str, language_id: str, text: str, *, is_cell: bool = False) -> Document:
        self.documents.append(Document(path, language_id, text))
        return self.documents[-1]

    def close(self, document: Document) -> None:
        self.documents.remove(document)

    def rows(self, document: Document, first: int = 0, end: int = sys.maxsize) -> list[tuple[Row, Verdict]]:
        return [(row, _judge(row)) for row in document.rows() if first <= row.number < end]

    def foremost(self, document: Document, most: int) -> tuple[list[tuple[Row, Verdict]], int]:
        judged = [(row, _judge(row)) for row in document.rows()]
        if len(judged) <= most:
            return judged, 0
        first = sorted(judged, key=lambda pair: verdict.rank(pair[1]))[: most - 1]
        return sorted(first, key=lambda pair: pair[0].number), len(judged) - len(first)

    def policy(self, path: str) -> Any:
        return SimpleNamespace(content=SimpleNamespace(rules=()))

    def reload(self) -> bool:
        return False

    def saved(self, document: Document) -> bool:
        return False

    @property
    def resolver(self) -> Any:
        return self

    def problems(self) -> list[Any]:
        return []


def _judge(row: Row) -> Verdict:
    severity = Severity.BLOCKED if "eval" in row.violation.rule else Severity.WARNING
    scope = Scope.HISTORICAL if "old" in row.violation.rule else Scope.NEW
    shown = (
        "information" if scope is Scope.HISTORICAL else "error" if severity is Severity.BLOCKED else "warning"
    )
    return Verdict(severity, scope, Stage.BLOCK, shown, severity is Severity.BLOCKED)


if __name__ == "__main__":
    import logging

    from auto_enforcer.lsp import server

    server._begin = lambda root: Session(root, log=logging.getLogger("auto_enforcer").info)
    server._tags = lambda rule: ["unnecessary"] if "old" in rule else []
    sys.exit(server.main(sys.argv[1:]))
