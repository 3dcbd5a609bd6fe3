"""`auto-enforcer rules`, `explain`, `why` and `config`: what there is, what holds, and why."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator

from auto_enforcer import catalog
from auto_enforcer.activation import suggestion
from auto_enforcer.cli_exit import CLEAN, FAILED, UserError
from auto_enforcer.cli_files import shown_path, today
from auto_enforcer.languages import language_of
from auto_enforcer.looks import Look
from auto_enforcer.model import Candidate, Line, Row, Zone
from auto_enforcer.policy import Policy, Selection
from auto_enforcer.policy_values import DEFAULTS, Setting
from auto_enforcer.render.text import printable
from auto_enforcer.session import Session
from auto_enforcer.workspaces import Workspaces

ZONES = {
    int(Zone.CODE): "code",
    int(Zone.COMMENT): "comment",
    int(Zone.STRING): "string",
    int(Zone.TEXT): "text",
    0: "another language",
}


def rules(options: argparse.Namespace) -> int:
    """List the rules, or the modules that a file activates."""
    if options.active is not None:
        return _active(options.active)
    family = ""
    for entry in catalog.entries().values():
        if entry.family != family:
            family = entry.family
            sys.stdout.write(f"{family}\n")
        off = " (off until a policy turns it on)" if entry.optional else ""
        where = ", ".join(entry.languages) if entry.languages else "every language"
        sys.stdout.write(f"  {entry.id:40} {entry.severity.value}{off}: {where}\n")
    return CLEAN


def _active(path: str) -> int:
    """Check the file and say which modules that activated, and why."""
    workspace, absolute = _session(path)
    said: list[str] = []
    session = Session(workspace.root, today=today(), log=said.append)
    checked = session.check_file(absolute)
    if checked.report is None:
        raise UserError(f"{path}: {checked.skipped.reason if checked.skipped else 'not checked'}")
    for _ in checked.report.rows:
        pass
    relative = session.relative(absolute)
    language = language_of(relative, _first_line(absolute))
    kind = f", {checked.skipped.reason}: only few rules look at it" if checked.skipped else ""
    sys.stdout.write(f"{printable(shown_path(absolute))}: {language}{kind}\n")
    for text in said:
        sys.stdout.write(f"  {text}: a trigger of its rules was met\n")
    selection = session.policy(absolute).select(relative)
    for module in catalog.modules(language):
        if module not in session.modules:
            rules = {variant.id for variant in catalog.variants() if variant.module == module}
            why = "no trigger of its rules was met" if rules & selection.active() else "its rules are off"
            sys.stdout.write(f"  left rules/{module} alone: {why}\n")
    return CLEAN


def explain(options: argparse.Namespace) -> int:
    """Print a rule's section of its page."""
    name = options.rule
    if name not in catalog.entries():
        problem = suggestion(name)
        if problem:
            raise UserError(problem)
        ids = ", ".join(rule for rule in catalog.entries() if rule.startswith(name + "/"))
        raise UserError(f"`{name}` is a family; name one of its rules: {ids}")
    page = catalog.page(name)
    styled = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    sys.stdout.write(_styled(page) if styled else page)
    return CLEAN


def _styled(markdown: str) -> str:
    """Markdown for a terminal: headings and bold words bold, code dim."""
    import re

    lines, fenced = [], False
    for line in markdown.split("\n"):
        if line.startswith("```"):
            fenced = not fenced
            continue
        if fenced:
            lines.append(f"\x1b[2m    {line}\x1b[0m")
        elif line.startswith("#"):
            lines.append(f"\x1b[1m{line.lstrip('# ')}\x1b[0m")
        else:
            line = re.sub(r"\*\*(.+?)\*\*", "\x1b[1m\\1\x1b[22m", line)
            lines.append(re.sub(r"`([^`]+)`", "\x1b[36m\\1\x1b[39m", line))
    return "\n".join(lines)


def why(options: argparse.Namespace) -> int:
    """Say for each rule what became of it on a line."""
    path, _, number = options.place.rpartition(":")
    if not path or not number.isdecimal() or len(number) > 18 or int(number) < 1:
        raise UserError("give the line as `PATH:LINE`, the first line is 1")
    if options.rule is not None and suggestion(options.rule):
        raise UserError(suggestion(options.rule))
    line_number = int(number) - 1
    session, absolute = _session(path)
    _refuse_unread(absolute, path)
    looks: dict[str, list[str]] = {}
    seen: list[Line] = []

    def observe(look: Look, line: Line, candidate: Candidate | None, outcome: str) -> None:
        if line.number != line_number:
            return
        seen.append(line)
        told = looks.setdefault(look.id, [])
        if candidate is not None:
            zone = ZONES.get(line.zone_at(candidate.start), "")
            said = {"violation": "a violation", "zone": f"not in a zone of the rule ({_zones(look)})"}
            told.append(f"column {candidate.start + 1}, {zone}: {said.get(outcome) or f'excused: {outcome}'}")

    checked = session.check_file(absolute, observer=observe)
    if checked.report is None:
        raise UserError(f"{path}: {checked.skipped.reason if checked.skipped else 'not checked'}")
    if line_number > _line_ends(absolute):
        raise UserError(f"{path} has no line {number}")
    rows = [row for row, _ in checked.report.rows if row.number == line_number]
    if checked.skipped is not None:
        sys.stdout.write(f"{path} is a {checked.skipped.reason} file: only few rules look at it\n")
    selection = session.policy(absolute).select(session.relative(absolute))
    language = seen[0].language if seen else language_of(session.relative(absolute), _first_line(absolute))
    for entry in catalog.entries().values():
        if options.rule not in (None, entry.id, entry.family):
            continue
        if entry.languages and language not in entry.languages:
            if options.rule == entry.id:
                sys.stdout.write(f"{entry.id}: does not look at {language}\n")
            continue
        for text in _told(entry.id, selection, looks, rows):
            sys.stdout.write(f"{entry.id}: {text}\n")
    return CLEAN


def _told(rule: str, selection: Selection, looks: dict[str, list[str]], rows: list[Row]) -> Iterator[str]:
    """What became of one rule on the line."""
    setting = selection.setting(rule)
    place = _place(setting)
    if not setting.on:
        yield f"off ({place})"
        return
    state = f"{setting.severity.value} ({place})"
    own = [row for row in rows if row.violation.rule == rule]
    if rule.startswith("enforcer/"):
        for row in own:
            yield f"{state}; column {row.violation.start + 1}: a violation"
        return
    if rule not in looks:
        yield f"{state}; its trigger is not on the line"
        return
    if not looks[rule]:
        yield f"{state}; its trigger is on the line, and the rule finds nothing"
    for text in looks[rule]:
        yield f"{state}; {text}"
    for row in own:
        if row.suppression is not None:
            reason = row.suppression.reason or "no reason given"
            yield f"column {row.violation.start + 1}: taken out by a suppression: {reason}"


def _zones(look: Look) -> str:
    return ", ".join(name for zone, name in ZONES.items() if zone & look.zones)


def config(options: argparse.Namespace) -> int:
    """Print the policy that holds for a path, as TOML, with the place of every word."""
    session, absolute = _session(options.path)
    relative = session.relative(absolute) + ("/" if os.path.isdir(absolute) else "")
    policy = session.policy(os.path.join(absolute, "") if os.path.isdir(absolute) else absolute)
    problems = list(session.problems())
    mask = session.mask_of(policy.files) if policy.files else str
    for line in _config(policy, relative):
        sys.stdout.write(f"{printable(mask(line))}\n")
    for problem in problems:
        sys.stderr.write(f"{printable(str(problem))}\n")
    return FAILED if problems else CLEAN


def _config(policy: Policy, relative: str) -> Iterator[str]:
    source = policy.file or "the defaults, for there is no configuration file"
    yield f"# what holds for {relative}: {source}"
    for file in policy.files[1:]:
        yield f"# which extends {file}"
    for what, place in (("excluded", policy.excluded(relative)), ("generated", policy.generated(relative))):
        if place is not None:
            yield f"# {what}: {place}"
    for key in DEFAULTS:
        said = policy.said(key)
        yield f"{key} = {_toml(said.value)}  # {said.place}"
    selection = policy.select(relative)
    for entry in catalog.entries().values():
        setting = selection.setting(entry.id)
        yield ""
        yield f'[rules."{entry.id}"]'
        word = setting.severity.value if setting.on else "off"
        yield f"severity = {_toml(word)}  # {_place(setting)}"
        if not setting.on:
            continue
        if setting.rollout.place.file:
            yield f"stage = {_toml(setting.rollout.stage.value)}  # {setting.rollout.place}"
            if setting.rollout.since is not None:
                yield f"from = {setting.rollout.since}  # {setting.rollout.place}"
        for name, value in setting.options.items():
            yield f"{name} = {_toml(value)}  # {setting.option_places.get(name, 'default')}"


def _toml(value: object) -> str:
    """A value as TOML writes it."""
    import json

    return json.dumps(list(value) if isinstance(value, tuple) else value)


def _place(setting: Setting) -> str:
    """Where a rule was set as it is, and why where it is not the policy's own word."""
    return f"{setting.place}: {setting.reason}" if setting.reason else str(setting.place)


def _session(path: str) -> tuple[Session, str]:
    absolute = os.path.abspath(path)
    return Workspaces(today=today()).of(absolute), absolute


def _refuse_unread(absolute: str, path: str) -> None:
    if os.path.isdir(absolute):
        raise UserError(f"{path} is a folder; name a file")


def _line_ends(path: str) -> int:
    """How many line ends a file has."""
    from auto_enforcer import reading, text

    ends = 0
    with reading.open_regular(path) as file:
        for block in text.blocks(iter(lambda: file.read(text.BLOCK), b"")):
            ends += block.data.count(b"\n") if block.offset < 0 else block.last
    return ends


def _first_line(path: str) -> str:
    from auto_enforcer import reading, text

    try:
        with reading.open_regular(path) as file:
            head = file.read(1_024)
    except OSError as error:
        raise UserError(f"{path}: {error.strerror or error}") from None
    return text.decode(head.split(b"\n", 1)[0].rstrip(b"\r"))
