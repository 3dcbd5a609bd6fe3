"""What a change makes weaker: suppressions, the baseline, marks of generated files, the policy, agents'
hooks.

Old and new are compared as they hold, not as they are written: a policy by what it says of paths,
suppressions by what they allow. What was moved is not new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from auto_enforcer import files, lexer, suppressions, text, weakened_hooks, weakened_policy
from auto_enforcer.activation import known_language
from auto_enforcer.languages import language_of
from auto_enforcer.model import File, Line, NamedTuple, Row, Suppression, Zone
from auto_enforcer.policy import FILE_NAMES
from auto_enforcer.weakened_change import RULE, Change, json_of, olds, row_of
from auto_enforcer.weakened_hooks import holds_hooks

if TYPE_CHECKING:
    from auto_enforcer.session import Session

LARGEST_LEXED = 1 << 20
"""Characters of a text whose comments are told from its strings; in a longer one any line may be one."""

MOST_MATCHED = 500
"""Suppressions that are not as they were of which it is asked whether they allow less than before."""


def is_telling(path: str) -> bool:
    """Whether a file's name alone says that it decides what is enforced."""
    name = path.rpartition("/")[2]
    return name in (*FILE_NAMES, files.BASELINE, ".gitattributes") or holds_hooks(path)


def may_be(path: str, before: bytes | None, after: bytes | None) -> bool:
    """Whether a look at a changed file is worth while."""
    if is_telling(path) or path.endswith(".toml"):
        return True
    return any(
        b"enforcer:" in data or b"enerated" in data[:_HEAD].lower() for data in (before, after) if data
    )


_HEAD = 8_192
"""Bytes in which a mark of generated files is looked for before a file is taken for changed."""


def found(session: Session, changes: Sequence[Change]) -> list[tuple[str, Row]]:
    """What the changes, made together, make weaker: the path and the row, by path and line. Empty for paths
    where the policy that held before turns the rule off or lets agents do it."""
    rows = [
        *_suppressed(session, changes),
        *_marked(session, changes),
        *weakened_policy.lowered(session, changes),
        *_baselined(changes),
        *weakened_hooks.unhooked(changes),
    ]
    if not rows:
        return []
    before = weakened_policy.Policies(session, {change.path: change.before for change in changes})
    told = []
    for path, row in rows:
        policy = before.of(path)
        setting = policy.select(path).setting(RULE)
        # Where a policy names an earlier ruleset that has no such rule, agents have no more leave.
        is_off = not setting.on and not setting.reason
        if policy.agents != "may-suppress" and not is_off:
            told.append((path, row))
    told.sort(key=lambda one: (one[0], one[1].number, one[1].violation.start, one[1].violation.message))
    return told


# Suppressions


class _Placed(NamedTuple):
    path: str
    number: int
    suppression: Suppression


def _suppressed(session: Session, changes: Sequence[Change]) -> Iterator[tuple[str, Row]]:
    """The suppressions that allow what none of the old texts allowed."""
    new = [one for change in changes for one in _directives(change.path, change.after)]
    if not new:
        return
    old = [
        one
        for change in changes
        for content in (change.before, *change.also)
        for one in _directives(change.path, content)
    ]
    # What is as it was goes first, in its own file before others; then what allows less than it did.
    new, old = _without_equals(new, old, lambda one: (one.path, *_allows(one.suppression)))
    new, old = _without_equals(new, old, lambda one: _allows(one.suppression))
    for placed in list(new[:MOST_MATCHED]):
        wider = [one for one in old[:MOST_MATCHED] if _covers(one.suppression, placed.suppression)]
        if wider:
            old.remove(next((one for one in wider if one.path == placed.path), wider[0]))
            new.remove(placed)
    for placed in new:
        kind = "`allow-file`" if placed.suppression.whole_file else "`allow`"
        message = f"this {kind} is new; mend what it would hide, or let a person decide that it stays"
        start, end = placed.suppression.start, placed.suppression.end
        yield placed.path, row_of(message, placed.number, start, end)


def _without_equals(
    new: list[_Placed], old: list[_Placed], key: Callable[[_Placed], object]
) -> tuple[list[_Placed], list[_Placed]]:
    """Those of both for which no other one stands; each stands for one."""
    free: dict[object, list[_Placed]] = {}
    for one in old:
        free.setdefault(key(one), []).append(one)
    left = []
    for one in new:
        if same := free.get(key(one)):
            same.pop()
        else:
            left.append(one)
    return left, [one for same in free.values() for one in same]


def _allows(one: Suppression) -> tuple[frozenset[str], bool, date | None]:
    return frozenset(one.rules), one.whole_file, one.until


def _covers(old: Suppression, new: Suppression) -> bool:
    """Whether all that the new one allows was allowed by the old one."""
    return (
        all(name in old.rules or name.partition("/")[0] in old.rules for name in new.rules)
        and (old.whole_file or not new.whole_file)
        and (old.until is None or (new.until is not None and new.until <= old.until))
    )


def _directives(path: str, content: str | None) -> Iterator[_Placed]:
    """The suppressions in a text."""
    if content is None or "enforcer:" not in content:
        return
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    is_notebook = path.lower().endswith(".ipynb")
    if is_notebook:
        lines = list(_cells(content))
    else:
        lines = list(enumerate(content.split("\n")))
    first = lines[0][1] if lines else ""
    language = "python" if is_notebook else known_language(language_of(path, first, ""))
    file = File(language, date.min)
    state = lexer.start(language)
    is_lexed = len(content) <= LARGEST_LEXED
    last = max((at for at, (_, line) in enumerate(lines) if "enforcer:" in line), default=-1)
    for number, line_text in lines[: last + 1]:
        piece = line_text[: text.PIECE]
        runs: tuple[tuple[int, int], ...] = ((0, int(Zone.COMMENT)),)
        if is_lexed:
            lexed = lexer.lex(piece, state)
            runs, state = lexed.runs, lexed.state
        if "enforcer:" not in piece:
            continue
        line = Line(piece, number, language, file, lambda runs=runs: runs)  # type: ignore[misc]
        directive = suppressions.find(line)
        if directive is not None and directive.suppression is not None:
            yield _Placed(path, number, directive.suppression)


def _cells(content: str) -> Iterator[tuple[int, str]]:
    """The lines of a notebook's sources in which somebody may address the enforcer, each with a line of the
    file, and taken for comments: a `#` goes before them."""
    notebook = json_of(content)
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    places = [number for number, line in enumerate(content.split("\n")) if "enforcer:" in line]
    for cell in cells if isinstance(cells, list) else ():
        source = cell.get("source") if isinstance(cell, dict) else None
        parts = source if isinstance(source, list) else [source]
        for line in "".join([part for part in parts if isinstance(part, str)]).splitlines():
            begin = line.find("enforcer:")
            if begin >= 0:
                yield places[0] if places else 0, f"# {line[begin:]}"
                del places[:1]


# Marks of generated files


def _marked(session: Session, changes: Sequence[Change]) -> Iterator[tuple[str, Row]]:
    """The files that call themselves generated now, and those that `.gitattributes` does."""
    for change in changes:
        if change.after is None:
            continue
        if change.path.rpartition("/")[2] == ".gitattributes":
            yield from _attributed(change)
            continue
        line = _generated_line(change.path, change.after)
        if line < 0 or any(_generated_line(change.path, one) >= 0 for one in olds(change)):
            continue
        if session.resolver.policy(change.path).generated(change.path) is None:
            message = (
                "this marks the file as generated, so that few rules look at it; take the mark out, or let a"
                " person name the file under `generated` in the policy"
            )
            yield change.path, row_of(message, line)


def _generated_line(path: str, content: str) -> int:
    """The line of the head that calls a file generated; -1 where none does."""
    head = content.replace("\r\n", "\n").replace("\r", "\n").split("\n", files.HEAD_LINES)[: files.HEAD_LINES]
    if not files.may_be_generated(head):
        return -1
    language = known_language(language_of(path, head[0], ""))
    state = lexer.start(language)
    for number, line in enumerate(head):
        piece = line[: text.PIECE]
        lexed = lexer.lex(piece, state)
        state = lexed.state
        comments = Line(piece, number, language, File(language, date.min), lambda lexed=lexed: lexed.runs)  # type: ignore[misc]
        if files.kind_of("", (), (comments.only(Zone.COMMENT),), "") == "generated":
            return number
    return -1


def _attributed(change: Change) -> Iterator[tuple[str, Row]]:
    old = Counter(" ".join(line.split()) for one in olds(change) for line in one.splitlines())
    for number, line in enumerate((change.after or "").splitlines()):
        words = line.split()
        if "linguist-generated" not in line or words[0].startswith("#"):
            continue
        if any(word in ("linguist-generated", "linguist-generated=true") for word in words[1:]):
            known = " ".join(words)
            if old[known]:
                old[known] -= 1
            else:
                message = (
                    "this calls files generated, so that few rules look at them; take it out, or let a person"
                    " decide"
                )
                yield change.path, row_of(message, number, 0, len(line))


# The baseline


def _baselined(changes: Sequence[Change]) -> Iterator[tuple[str, Row]]:
    """The entries that a baseline has more than before. One that stands in another place than it did is none:
    only how many there are of a path, a rule and a digest counts."""
    for change in changes:
        if change.path.rpartition("/")[2] != files.BASELINE or change.after is None:
            continue
        old = Counter(known for one in olds(change) for _, known in _entries(one))
        added = []
        for number, known in _entries(change.after):
            if old[known]:
                old[known] -= 1
            else:
                added.append(number)
        if added:
            count = "an entry" if len(added) == 1 else f"{len(added)} entries"
            message = f"the baseline has {count} more; mend what is new, or let a person add to it"
            if not olds(change):
                message = (
                    f"this baseline is new: what it covers ({count}) gates no more; mend what it would hide,"
                    " or let a person decide that it stays"
                )
            yield change.path, row_of(message, added[0])


def _entries(content: str) -> Iterator[tuple[int, str]]:
    """The entries: the line of each, and its path, rule and digest. The same line twice is one."""
    seen = set()
    for number, line in enumerate(content.splitlines()):
        if line.strip() and not line.startswith(("#", "enforcer-baseline ")) and line not in seen:
            seen.add(line)
            yield number, line.strip().rsplit(" ", 2)[0]
