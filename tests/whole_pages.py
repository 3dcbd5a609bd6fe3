r"""Checks the pages of the rules about files and the workspace: each block is a file of a workspace of its
own, which is checked as the command checks it.

A block is as `pages.py` has it. Further keys: `mode` (octal, 644 by default), `tree` (further paths, empty
files), `end=none` (the last line has no end), `size` (bytes: what is missing is filled), `binary=yes` (a NUL
stands first). The policy has the section's rule on, with the block's options, unless the block is the policy.

A violation of the file as a whole is marked on the first character of its first line. What may silence,
beside excuses, `path` and options: `mode` (the other one is taken), `tree` (nothing else is there), `size`
(the file is twice as large), `end` (it has none).
"""

from __future__ import annotations

import importlib
import os
import shutil
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import page_checks
import pages
from auto_enforcer import catalog, files
from auto_enforcer.languages import LANGUAGES
from auto_enforcer.model import FileRule, Row, Verdict, WorkspaceRule
from auto_enforcer.session import Session
from pages import Block, PageError, Section

TODAY = date(2026, 11, 22)

Marked = tuple[int, int, int, str, str]
"""Line, start, end, rule, severity; the end is at least one character behind the start."""

Told = tuple[str, Row, Verdict]
"""What was said of a path."""


def families() -> list[str]:
    """Those with a page whose rules are about files and the workspace."""
    return sorted({entry.family for entry in catalog.variants() if entry.whole is not None})


@cache
def rules_of(family: str) -> Mapping[str, FileRule | WorkspaceRule]:
    """A family's rules by id."""
    modules = {entry.module for entry in catalog.variants() if entry.family == family}
    return {rule.id: rule for module in modules for rule in catalog.load_whole(module).values()}


def path_of(block: Block) -> str:
    """Where the block's file is."""
    language = LANGUAGES.get(block.languages[0])
    suffix = language.suffixes[0] if language is not None and language.suffixes else ""
    return block.keys.get("path", f"app/file{suffix}")


def data_of(block: Block) -> bytes:
    """What the block's file holds."""
    text = pages.prepare(block, block.languages[0]).text
    data = text.removesuffix("\n").encode() if block.keys.get("end") == "none" else text.encode()
    if block.keys.get("binary"):
        data = b"\0" + data
    size = int(block.keys.get("size", len(data)))
    missing = max(0, size - len(data))
    return data[:size] + (b"x" * 63 + b"\n") * (missing // 64) + b"x" * (missing % 64)


def lay_out(root: Path, block: Block, rule: str) -> None:
    """Make the block's workspace."""
    shutil.rmtree(root, ignore_errors=True)
    (root / ".git").mkdir(parents=True)
    options = tomllib.loads(f"t = {block.keys.get('options', '{}')}")["t"]
    said = page_toml(options) if options else f'"{rules_of(rule.partition("/")[0])[rule].severity.value}"'
    (root / "enforcer.toml").write_text(f'extends = "recommended"\n[rules]\n"{rule}" = {said}\n')
    for name in block.keys.get("tree", '""').strip('"').split():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    path = root / path_of(block)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data_of(block))
    path.chmod(int(block.keys.get("mode", "644"), 8))


def page_toml(options: Mapping[str, object]) -> str:
    """Options as an inline table."""
    import json

    return "{" + ", ".join(f"{name} = {json.dumps(value)}" for name, value in options.items()) + "}"


def told(root: Path, session: Session | None = None) -> Iterator[Told]:
    """What a check of a workspace says, file by file and then of its folders."""
    session = session or Session(str(root), today=TODAY)
    for one in files.walk(str(root), str(root), listed=session.look_into):
        assert isinstance(one, files.Found), one
        report = session.check_file(one.path).report
        for row, verdict in report.rows if report is not None else ():
            yield session.relative(one.path), row, verdict
    for report in session.folder_reports(session.relative):
        for row, verdict in report.rows:
            yield report.path, row, verdict
    assert session.failures == []
    assert [str(problem) for problem in session.problems()] == []


def marks(root: Path, block: Block, rule: str, session: Session | None = None) -> list[Marked]:
    """What is found in the block's file by the family, as a page marks it."""
    family = rule.partition("/")[0] + "/"
    columns = pages.prepare(block, block.languages[0]).columns
    found = []
    for path, row, verdict in told(root, session):
        violation = row.violation
        if path != path_of(block) or not violation.rule.startswith(family) or verdict.shown is None:
            continue
        start, end = (
            columns[row.number][min(at, len(columns[row.number]) - 1)]
            for at in (violation.start, violation.end)
        )
        found.append((row.number, start, max(end, start + 1), violation.rule, verdict.severity.value))
    return sorted(found)


def check_section(section: Section, root: Path) -> tuple[int, int]:
    """Check each of a section's blocks. Gives how many finds and near misses there are."""
    finds = silences = 0
    previous: Block | None = None
    for block in section.blocks:
        try:
            if block.fixed:
                assert previous is not None
                _check_fixed(section.rule, previous, block, root)
                continue
            lay_out(root, block, section.rule)
            found = marks(root, block, section.rule)
            expected = sorted((*place, severity) for place, severity in block.expected)
            if found != expected:
                raise PageError(f"found {found}, not {expected}")
            if "silent" in block.keys:
                if not _found_without(section.rule, block, root):
                    raise PageError(f"silent without `{block.keys['silent']}` too, so not a near miss")
                silences += 1
            finds += len(found)
        except (PageError, AssertionError) as error:
            raise PageError(f"line {block.first + 1}: {error}") from None
        previous = block
    return finds, silences


def _found_without(rule: str, block: Block, root: Path) -> bool:
    """Whether the rule finds something once what silences it is taken away."""
    excuse = block.keys["silent"]
    keys = dict(block.keys)
    session: Session | None = None
    if excuse == "path":
        keys["path"] = "app/" + path_of(block).rpartition("/")[2].removeprefix("test_")
    elif excuse == "mode":
        keys["mode"] = "644" if int(keys.get("mode", "644"), 8) & 0o111 else "755"
    elif excuse == "tree":
        keys["tree"] = '""'
    elif excuse == "size":
        keys["size"] = str(2 * int(keys["size"]))
    elif excuse == "end":
        keys["end"] = "none"
    elif excuse.startswith("option:"):
        options = tomllib.loads(f"t = {keys['options']}")["t"]
        del options[excuse.removeprefix("option:")]
        keys["options"] = page_toml(options)
        keys.pop("options") if not options else None
    else:
        session = _session_without(rule, excuse, root)
    changed = replace(block, keys=keys)
    lay_out(root, changed, rule)
    return any(found[3] == rule for found in marks(root, changed, rule, session))


def _session_without(rule: str, excuse: str, root: Path) -> Session:
    """A session in which a rule lacks one of its excuses."""
    own = rules_of(rule.partition("/")[0])[rule]
    if not isinstance(own, FileRule) or excuse not in [one.name for one in own.excuses]:
        raise PageError(f"the rule has no excuse `{excuse}`")
    session = Session(str(root), today=TODAY)
    module = catalog.entries()[rule].module
    kept = tuple(one for one in own.excuses if one.name != excuse)
    session._activation._wholes[module] = {**catalog.load_whole(module), rule: own._replace(excuses=kept)}
    return session


def _check_fixed(rule: str, before: Block, block: Block, root: Path) -> None:
    lay_out(root, before, rule)
    rows = [row for path, row, _ in told(root) if path == path_of(before) and row.violation.rule == rule]
    text = data_of(before).decode()
    fixes = [(row.number, row.violation.fixes[0]) for row in rows]
    assert fixes
    fixed = apply(text, fixes)
    expected = pages.prepare(block, block.languages[0]).text
    if fixed != expected:
        raise PageError(f"the fixes give {fixed!r}")
    (root / path_of(before)).write_text(fixed, newline="")
    assert not [row for path, row, _ in told(root) if path == path_of(before) and row.violation.rule == rule]


def apply(text: str, fixes: Sequence[tuple[int, page_checks.Fix]]) -> str:
    """The text with each fix's edits made; `\\n` stands for the end that the first line has."""
    places = importlib.import_module("auto_enforcer.rules.files._places")
    lines = places.lines_of(text)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    edits = []
    for number, fix in fixes:
        for edit in fix.edits:
            begin = starts[number + edit.start_line] + edit.start
            new = edit.text.replace("\n", places.ends_of(lines[0]) or "\n")
            edits.append((begin, starts[number + edit.end_line] + edit.end, new))
    for begin, end, new in sorted(edits, reverse=True):
        text = text[:begin] + new + text[end:]
    return text


def is_posix() -> bool:
    """Whether files have modes that mean something."""
    return os.name == "posix"
