"""What is decided of a file before its lines are looked at: by its path, its first lines and its mode."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from datetime import date

from auto_enforcer import beside, engine, files, lexer, reading, text
from auto_enforcer.activation import Activation, known_language
from auto_enforcer.document import Prepared
from auto_enforcer.given import FileLook, FileObserver
from auto_enforcer.languages import language_of
from auto_enforcer.lines import BINARY
from auto_enforcer.looks import Look, Plan
from auto_enforcer.model import Candidate, File, Finding, Line, Rule, Suppression, Zone
from auto_enforcer.policies import Policies
from auto_enforcer.walk import Observer

MARK, MARK_FACT, _MARK_RULE = codecs.BOM_UTF8, "byte-order-mark", "unicode/byte-order-mark"


class Preparing:
    """Decides which rules look at a file."""

    __slots__ = ("_activation", "_policies", "_trusts_modes")

    def __init__(self, activation: Activation, policies: Policies) -> None:
        self._activation = activation
        self._policies = policies
        self._trusts_modes: bool | None = None

    def prepare(
        self, relative: str, language_id: str, head: Sequence[str], *, marked: bool
    ) -> tuple[Prepared, str]:
        """What a file's head decides, and the kind of file that few rules look at, or none, if it is one.
        `marked`: whether a byte order mark stands before it."""
        policies, today = self._policies, self._policies.today
        first_line = head[0] if head else ""
        language = known_language(language_of(relative, first_line, language_id))
        if tuple(head) == BINARY:
            return Prepared(self._activation.nothing(), language, today, frozenset(), ()), "binary"
        place = policies.excluded(relative)
        if place is not None:
            kind = f"{files.EXCLUDED}: {place}"
            return Prepared(self._activation.nothing(), language, today, frozenset(), ()), kind
        comments = _comments(head[: files.HEAD_LINES], language) if files.may_be_generated(head) else ()
        kind = files.kind_of(relative, head, comments, language)
        if not kind and policies.is_generated(relative):
            kind = "generated"
        plan: Plan = self._activation.plan(policies.selection(relative), everywhere_only=bool(kind))
        facts = frozenset(("shebang",)) if first_line.startswith("#!") else frozenset[str]()
        if marked:
            facts |= {MARK_FACT}
        suppressed: tuple[tuple[Suppression, int], ...] = ()
        if any("enforcer:" in line for line in head):
            suppressed = engine.head_suppressions(head, language, File(language, today, facts), plan)
        return Prepared(plan, language, today, facts, suppressed), kind

    def prepare_cell(self, relative: str, language_id: str, head: Sequence[str]) -> Prepared:
        """What is decided of a cell by its notebook's path and by its first lines."""
        from auto_enforcer import notebooks

        prepared, _ = self.prepare(relative, "", (), marked=False)
        language = known_language(notebooks.language_of_cell(head, language_of("", "", language_id)))
        if tuple(head) == BINARY:
            return Prepared(self._activation.nothing(), language, self._policies.today, frozenset(), ())
        suppressed: tuple[tuple[Suppression, int], ...] = ()
        if any("enforcer:" in line for line in head):
            file = File(language, self._policies.today)
            suppressed = engine.head_suppressions(head, language, file, prepared.plan)
        return prepared._replace(language=language, facts=frozenset(), file_suppressions=suppressed)

    def begin(
        self,
        relative: str,
        first: bytes,
        mode: int | None,
        observer: Observer | None,
        size: int,
        language_id: str = "",
    ) -> beside.Begun | None:
        """Look at all of a file that begins so but its text."""
        executable = None if mode is None else beside.is_executable(mode)
        if executable:
            if self._trusts_modes is None:
                self._trusts_modes = beside.trusts_modes(self._policies.root)
            executable = True if self._trusts_modes else None
        return beside.begin(
            self._activation,
            self._policies.selection(relative),
            relative,
            size=size,
            executable=executable,
            first=first,
            binary=files.is_binary(first),
            language_id=language_id,
            told=None if observer is None else told_to(observer),
        )

    def begins_marked(self, path: str) -> bool:
        """Whether a file that is open begins with a byte order mark, if a rule wants to know: editors take it
        out of the text that they send."""
        active = self._policies.selection(self._policies.relative(path)).active()
        return _MARK_RULE in active and begins_marked(path)

    def forget(self) -> None:
        """Find out anew whether modes mean something here."""
        self._trusts_modes = None


def begins_marked(path: str) -> bool:
    """Whether a file begins with a byte order mark on the disk; one that cannot be read does not."""
    try:
        with reading.open_regular(path) as file:
            return text.begins_marked(reading.read_block(file, len(MARK)))
    except OSError:
        return False


def deciding(head: Sequence[str]) -> object:
    """What of a head decides on its file: where it is the same, `prepare` says the same."""
    if tuple(head) == BINARY:
        return BINARY
    first_line = head[0] if head and head[0].startswith("#!") else ""
    is_long = max(map(len, head[: files.HEAD_LINES]), default=0) > files.LONGEST_READABLE
    speaks = files.may_be_generated(head) or "enforcer:" in "\n".join(head)
    return first_line, is_long, tuple(head) if speaks else ()


def told_to(observer: Observer) -> FileObserver:
    """Lets the observer of looks hear what excuses silence of the findings about a file."""

    def told(look: FileLook, finding: Finding, excuse: str) -> None:
        number = finding.line or 0
        line = Line("", number, "plaintext", File("plaintext", date.min), lambda: ((0, int(Zone.TEXT)),))
        rule = Rule(look.id, look.severity, look.rule.message, zones=Zone.EVERYWHERE)
        candidate = Candidate(finding.start, finding.end)
        observer(Look(look.id, look.severity, look.options, None, lambda: rule), line, candidate, excuse, 0)

    return told


def _comments(head: Sequence[str], language: str) -> list[str]:
    """The head's lines with all but comments blanked."""
    found, state = [], lexer.start(language)
    for line in head:
        line = line[: text.PIECE]
        lexed = lexer.lex(line, state)
        state = lexed.state
        pieces = []
        for index, (start, zone) in enumerate(lexed.runs):
            end = lexed.runs[index + 1][0] if index + 1 < len(lexed.runs) else len(line)
            pieces.append(line[start:end] if zone == 2 else " " * (end - start))
        found.append("".join(pieces))
    return found
