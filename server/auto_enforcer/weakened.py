"""What a change makes weaker: suppressions, the baseline, marks of generated files, the policy, agents'
hooks.

Old and new are compared as they hold, not as they are written: a policy by what it says of paths,
suppressions by what they allow. What was moved is not new.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from auto_enforcer import catalog, files, lexer, suppressions, text
from auto_enforcer.activation import known_language
from auto_enforcer.languages import language_of
from auto_enforcer.model import File, Line, NamedTuple, Row, Stage, Suppression, Violation, Zone
from auto_enforcer.policy import FILE_NAMES, Policy, load_text
from auto_enforcer.policy_values import DEFAULT_CONTENT, InvalidPolicyError, Place

if TYPE_CHECKING:
    from auto_enforcer.policy import Selection
    from auto_enforcer.policy_values import PlacedGlob, Setting
    from auto_enforcer.session import Session

RULE = "enforcer/weakened-policy"

LARGEST_LEXED = 1 << 20
"""Characters of a text whose comments are told from its strings; in a longer one any line may be one."""

MOST_MATCHED = 500
"""Suppressions that are not as they were of which it is asked whether they allow less than before."""

MOST_SAMPLES = 400
"""Paths that two policies are compared by, at most."""

MOST_TOLD = 50
"""Lowered things of one file that are told one by one."""


class Change(NamedTuple):
    """What becomes of a file: its text before and after, line ends of any kind; None: there is none. `path`
    is relative to the workspace, with forward slashes."""

    path: str
    before: str | None
    after: str | None
    also: tuple[str, ...] = ()
    """Further old texts: what one of them has is not new. Those of a merge's other parents."""


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
        *_configured(session, changes),
        *_baselined(changes),
        *_unhooked(changes),
    ]
    if not rows:
        return []
    before = Policies(session, {change.path: change.before for change in changes})
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


def _olds(change: Change) -> list[str]:
    """The old texts that there are."""
    return [one for one in (change.before, *change.also) if one is not None]


def _row(message: str, number: int = 0, start: int = 0, end: int = 0) -> Row:
    return Row(number, Violation(RULE, message, start, end))


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
        yield placed.path, _row(message, placed.number, start, end)


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
    notebook = _json(content)
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
        if line < 0 or any(_generated_line(change.path, one) >= 0 for one in _olds(change)):
            continue
        if session.resolver.policy(change.path).generated(change.path) is None:
            message = (
                "this marks the file as generated, so that few rules look at it; take the mark out, or let a"
                " person name the file under `generated` in the policy"
            )
            yield change.path, _row(message, line)


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
    old = Counter(" ".join(line.split()) for one in _olds(change) for line in one.splitlines())
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
                yield change.path, _row(message, number, 0, len(line))


# The baseline


def _baselined(changes: Sequence[Change]) -> Iterator[tuple[str, Row]]:
    """The entries that a baseline has more than before. One that stands in another place than it did is none:
    only how many there are of a path, a rule and a digest counts."""
    for change in changes:
        if change.path.rpartition("/")[2] != files.BASELINE or change.after is None:
            continue
        old = Counter(known for one in _olds(change) for _, known in _entries(one))
        added = []
        for number, known in _entries(change.after):
            if old[known]:
                old[known] -= 1
            else:
                added.append(number)
        if added:
            count = "an entry" if len(added) == 1 else f"{len(added)} entries"
            message = f"the baseline has {count} more; mend what is new, or let a person add to it"
            yield change.path, _row(message, added[0])


def _entries(content: str) -> Iterator[tuple[int, str]]:
    """The entries: the line of each, and its path, rule and digest. The same line twice is one."""
    seen = set()
    for number, line in enumerate(content.splitlines()):
        if line.strip() and not line.startswith(("#", "enforcer-baseline ")) and line not in seen:
            seen.add(line)
            yield number, line.strip().rsplit(" ", 2)[0]


# The policy


class Policies:
    """The policies that hold where some files have other texts than those on the disk; None: they are not
    there. `problem` says why a file has none."""

    __slots__ = ("_held", "_session", "_texts")

    def __init__(self, session: Session, texts: Mapping[str, str | None]) -> None:
        self._session = session
        self._texts = texts
        self._held: dict[str, Policy | InvalidPolicyError] = {}

    def of(self, path: str) -> Policy:
        """The policy of a path; the defaults where its file cannot be read."""
        file = self.file_of(path)
        held = self.load(file) if file else None
        return held if isinstance(held, Policy) else Policy(DEFAULT_CONTENT, catalog.entries())

    def file_of(self, path: str) -> str:
        """The nearest configuration file above a path; "" where there is none."""
        folder = path.rpartition("/")[0]
        while True:
            for name in FILE_NAMES:
                file = f"{folder}/{name}" if folder else name
                if self._speaks(file):
                    return file
            if not folder:
                return ""
            folder = folder.rpartition("/")[0]

    def _speaks(self, file: str) -> bool:
        content = self._texts.get(file, "")
        if file in self._texts:
            return content is not None and (not _is_project(file) or _has_our_table(content))
        # The resolver knows of the disk; a file that stands there is its nearest.
        return self._session.resolver.configuration_file(file) == file

    def load(self, file: str) -> Policy | InvalidPolicyError:
        """The policy of a configuration file, or what is wrong with it."""
        held = self._held.get(file)
        if held is None:
            try:
                held = load_text(self._session.root, file, catalog.entries(), self._texts.get(file))
            except InvalidPolicyError as error:
                held = error
            self._held[file] = held
        return held


def _is_project(file: str) -> bool:
    return file.rpartition("/")[2] == "pyproject.toml"


def _has_our_table(content: str) -> bool:
    if "auto-enforcer" not in content:
        return False
    from auto_enforcer import policy_file

    return policy_file.has_our_table(content.encode("utf-8", "replace"))


def _configured(session: Session, changes: Sequence[Change]) -> Iterator[tuple[str, Row]]:
    """What changed configuration files, and the files that they extend, say less strictly."""
    # What another parent of a merge says, somebody has decided there.
    changed = [one for one in changes if one.after not in one.also and _is_policy(session, one)]
    if not changed:
        return
    before = Policies(session, {change.path: change.before for change in changes})
    after = Policies(session, {change.path: change.after for change in changes})
    for change in changed:
        # One line of a policy may lower many rules.
        alike: dict[tuple[int, str], dict[str, Row]] = {}
        for row in _lowered(session, change, before, after):
            kind = re.sub("`[^`]*/[^`]*`", "", row.violation.message)
            alike.setdefault((row.number, kind), {}).setdefault(row.violation.message, row)
        for rows in list(alike.values())[:MOST_TOLD]:
            first = rows[min(rows)]
            if len(rows) > 1:
                message = f"{first.violation.message} (and {len(rows) - 1} more like it)"
                first = first._replace(violation=first.violation._replace(message=message))
            yield change.path, first


def _is_policy(session: Session, change: Change) -> bool:
    """Whether a file is a configuration file of ours, or one that such a file extends."""
    name = change.path.rpartition("/")[2]
    if name == "enforcer.toml":
        return True
    if name == "pyproject.toml":
        return any(one is not None and _has_our_table(one) for one in (change.before, change.after))
    if not name.endswith(".toml"):
        return False
    resolver = session.resolver
    return any(change.path in resolver.policy(one).files for one in (change.path, "enforcer.toml"))


def _lowered(session: Session, change: Change, before: Policies, after: Policies) -> Iterator[Row]:
    path, folder = change.path, change.path.rpartition("/")[0]
    inside = f"{folder}/zqzq" if folder else "zqzq"
    old_file, new_file = before.file_of(inside), after.file_of(inside)
    if path.rpartition("/")[2] not in FILE_NAMES:
        old_file = path if change.before is not None else ""
        new_file = path if change.after is not None else ""
    new = after.load(new_file) if new_file else Policy(DEFAULT_CONTENT, catalog.entries())
    if isinstance(new, InvalidPolicyError):
        old = before.load(old_file) if old_file else None
        if isinstance(old, InvalidPolicyError):
            return
        place = new.problems[0].place if new.problems else Place(path)
        number = place.line if place.file == path else 0
        yield _row(
            "the policy cannot be read as it is here, so that nobody knows what holds; mend it", number
        )
        return
    old = before.load(old_file) if old_file else Policy(DEFAULT_CONTENT, catalog.entries())
    if isinstance(old, InvalidPolicyError):
        old = Policy(DEFAULT_CONTENT, catalog.entries())
    yield from _compared(old, new, path, folder, session.today)


_ORDERS = {
    "historical": ("off", "lower", "same"),
    "on_error": ("warn", "block"),
    "agents": ("may-suppress", "may-not-suppress"),
}
"""The words of a key, the most lenient first."""

_STAGES = (Stage.OBSERVE, Stage.WARN, Stage.BLOCK)


def _compared(old: Policy, new: Policy, path: str, folder: str, today: date) -> Iterator[Row]:
    """What the new policy enforces less than the old one."""

    def row(message: str, place: Place) -> Row:
        if place.file != path:
            return _row(f"{message}; let a person decide that")
        return _row(f"{message}; let a person decide that", place.line, place.column, place.end)

    for key, order in _ORDERS.items():
        if order.index(new.said(key).value) < order.index(old.said(key).value):
            yield row(f"`{key}` is less strict than it was", new.said(key).place)
    if new.base != old.base:
        yield row("`base` is another than it was", new.said("base").place)
    for glob, what in _widened(old, new):
        yield row(f"`{what}` holds for more paths than it did", glob.place)
    selections: set[tuple[int, int]] = set()
    for sample in _samples(old, new, folder):
        for what, one in (
            ("exclude", (old.excluded(sample), new.excluded(sample))),
            ("generated", (old.generated(sample), new.generated(sample))),
        ):
            if one[0] is None and one[1] is not None:
                yield row(f"`{what}` holds for more paths than it did", one[1])
        pair = old.select(sample), new.select(sample)
        if (id(pair[0]), id(pair[1])) not in selections:
            selections.add((id(pair[0]), id(pair[1])))
            for message, place in _less(*pair, old, new, today):
                yield row(message, place)


def _less(
    old: Selection, new: Selection, old_policy: Policy, new_policy: Policy, today: date
) -> Iterator[tuple[str, Place]]:
    """What one selection enforces less than another, and where that is said."""
    team = {rule.id: rule for rule in new_policy.content.rules}
    for rule in sorted(old.active()):
        was = old.setting(rule)
        if rule not in new_policy.entries:
            yield f"the rule `{rule}` is gone", Place(new_policy.file)
            continue
        now = new.setting(rule)
        message = _lower(rule, was, now, today)
        if message:
            yield message, now.place
        elif now.options != was.options:
            place = next(iter(now.option_places.values()), now.place)
            yield f"options of `{rule}` are others than they were", place
        elif rule in team:
            before = next((one for one in old_policy.content.rules if one.id == rule), None)
            if before is not None and before.digest != team[rule].digest:
                yield f"`{rule}` looks for something else than it did", team[rule].place


def _lower(rule: str, was: Setting, now: Setting, today: date) -> str:
    """How a rule that was on is lower now; "" where it is not."""
    if not now.on:
        return f"`{rule}` is off, and was on"
    if now.severity is not was.severity and was.severity.value == "blocked":
        return f"`{rule}` is a warning, and was blocked"
    for day in (today, date.max):
        if _STAGES.index(now.stage(day)) < _STAGES.index(was.stage(day)):
            return f"`{rule}` is rolled out less far than it was"
    if now.rollout.since is not None and now.rollout.since > max(today, was.rollout.since or today):
        return f"`{rule}` is rolled out later than it was"
    return ""


def _widened(old: Policy, new: Policy) -> Iterator[tuple[PlacedGlob, str]]:
    """Globs that the old policy has not, of which no path can be made up that stands for all they match."""
    for what, before, after in (
        ("exclude", old.content.exclusions, new.content.exclusions),
        ("generated", old.content.generated, new.content.generated),
    ):
        known = Counter((glob.folder, glob.written) for glob in before)
        for glob in after:
            if known[glob.folder, glob.written]:
                known[glob.folder, glob.written] -= 1
            elif any(character in glob.written for character in "[?\\"):
                yield glob, what


def _samples(old: Policy, new: Policy, folder: str) -> Iterator[str]:
    """Paths that tell two policies apart: one for each choice of each glob that either has, and some that no
    glob is likely to be meant for."""
    given: dict[str, None] = dict.fromkeys(
        [
            os.path.join(folder, name).replace(os.sep, "/")
            for name in ("zqzq.zq", "zqzq/zqzq.zq", "tests/zqzq.zq")
        ]
    )
    for policy in (new, old):
        content = policy.content
        placed = [*content.exclusions, *content.generated]
        placed += [glob for layer in content.layers for glob in layer.paths]
        placed += [glob for rule in content.rules for glob in (*rule.paths, *rule.exclude)]
        for glob in placed:
            for one in _paths_of(glob.written):
                given[f"{glob.folder}/{one}" if glob.folder else one] = None
                if len(given) >= MOST_SAMPLES:
                    yield from given
                    return
    yield from given


def _paths_of(glob: str) -> Iterator[str]:
    """A path for each choice of the braces of a glob."""
    from auto_enforcer.globs import expanded

    try:
        choices = list(expanded(glob))
    except ValueError:
        return
    for choice in choices:
        path = re.sub(r"\*\*+", "zqzq/zqzq", choice.strip("/"))
        path = re.sub(r"\[[!^]?(.)[^\]]*\]", r"\1", path).replace("*", "zqzq").replace("?", "z")
        yield path.replace("\\", "")
        yield path.replace("\\", "") + "/zqzq.zq"


# The hooks of agents

_SETTINGS = re.compile(
    r"(?:\A|/)(?:\.claude/settings(?:\.local)?\.json|\.cursor/hooks\.json|\.codex/(?:hooks\.json|config\.toml)"
    r"|\.gemini/settings\.json|\.github/(?:hooks/[^/]+\.json|copilot/settings(?:\.local)?\.json))\Z"
)


def holds_hooks(path: str) -> bool:
    """Whether an agent's hooks may be set in a file, by path with forward slashes."""
    return _SETTINGS.search(path) is not None


def _unhooked(changes: Sequence[Change]) -> Iterator[tuple[str, Row]]:
    """The hooks of ours that an agent's settings have no more, and what turns hooks off that another file may
    set."""
    for change in changes:
        if not holds_hooks(change.path):
            continue
        before, after = change.before or "", change.after or ""
        if _hooks(before) - _hooks(after):
            message = "a hook of `auto-enforcer` is taken out here; put it back, or let a person decide that"
            yield change.path, _row(message)
        elif _turned_off(after) - _turned_off(before):
            message = "hooks are turned off here, which others may set; turn them on, or let a person decide"
            yield change.path, _row(message)


def _hooks(content: str) -> Counter[str]:
    """The hooks of ours in an agent's settings, with the event and the matcher that each stands under."""
    found: Counter[str] = Counter()
    if "auto-enforcer" not in content:
        return found
    settings = _json(content)
    if settings is None:
        # TOML, or JSON with comments: the lines that name us tell enough.
        return Counter(" ".join(line.split()) for line in content.splitlines() if "auto-enforcer" in line)

    def look(value: Any, above: str, depth: int) -> None:
        if depth > 12:
            return
        if isinstance(value, list):
            for item in value:
                look(item, above, depth + 1)
        elif isinstance(value, dict):
            matcher = value.get("matcher")
            above += f"/{matcher}" if isinstance(matcher, str) else ""
            for name, item in value.items():
                if isinstance(item, str) and "auto-enforcer" in item:
                    found[f"{above} {name} {item}"] += 1
                else:
                    look(item, f"{above}/{name}", depth + 1)

    look(settings, "", 0)
    return found


def _turned_off(content: str) -> frozenset[str]:
    """What an agent's settings turn off: all hooks, or one of ours by its name."""
    settings = _json(content)
    if not isinstance(settings, dict):
        is_off = re.search(r"(?m)^\s*(?:codex_)?hooks\s*=\s*false", content) is not None
        return frozenset(("all",) if is_off else ())
    config = settings.get("hooksConfig")
    config = config if isinstance(config, dict) else {}
    disabled = config.get("disabled")
    names = disabled if isinstance(disabled, list) else ()
    off = {name for name in names if isinstance(name, str) and "auto-enforcer" in name}
    if settings.get("disableAllHooks") is True or config.get("enabled") is False:
        off.add("all")
    return frozenset(off)


def _json(content: str) -> Any:
    import json

    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
