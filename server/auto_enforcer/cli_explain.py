"""`auto-enforcer rules`, `explain`, `why` and `config`: what there is, what holds, and why."""

from __future__ import annotations

import argparse
import os
import re
import sys
import textwrap
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

from auto_enforcer import allowing, catalog, catalog_pages, cli_team
from auto_enforcer.cli_exit import CLEAN, FAILED, UserError
from auto_enforcer.cli_files import real_path, shown_path, today, told
from auto_enforcer.cli_terminal import columns, wants_colour
from auto_enforcer.file_checks import Checked
from auto_enforcer.languages import LANGUAGES, language_of
from auto_enforcer.looks import Look
from auto_enforcer.model import Candidate, Line, Row, Severity, Zone
from auto_enforcer.policy import Selection
from auto_enforcer.policy_values import Setting, TeamRule
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


WIDEST = 100
"""Columns that prose is filled to, at most."""

LONGEST_TRIGGER = 60
"""Characters of a trigger that are shown, at most."""

NARROWEST = 20
"""Columns that a list of languages needs beside a rule's id and severity."""


def rules(options: argparse.Namespace) -> int:
    """List the rules, or the modules that a file activates."""
    form = options.format or ""
    if options.rule == "import":
        return _import(options.file, form, options.output or "")
    if options.output is not None:
        raise UserError("`--output` goes with `rules import`; elsewhere write `> FILE`")
    known_forms = ("text", "json") if options.rule == "test" else ("text", "json", "markdown")
    if form not in ("", *known_forms):
        raise UserError(_no_format(form, known_forms))
    if options.rule == "test":
        return cli_team.run_tests(options.file, as_json=form == "json")
    if options.file is not None:
        raise UserError(f"`{options.file}` is one argument too many; see `auto-enforcer rules --help`")
    if options.active is not None:
        return _active(options.active)
    workspaces = Workspaces(today=today())
    if options.rule is not None:
        cli_team.refuse_unknown([options.rule], workspaces, ["."])
    width = columns(sys.stdout)
    session, policy = cli_team.session_of(workspaces, ".")
    known = cli_team.entries(policy).values()
    chosen = [one for one in known if options.rule in (None, one.id, one.family)]
    if form in ("json", "markdown"):
        from auto_enforcer import cli_listing

        mask = session.mask_of(policy.files) if policy.content.rules else str
        written = cli_listing.as_json if form == "json" else cli_listing.as_markdown
        sys.stdout.write(written(chosen, mask))
        return CLEAN
    for line in _lists(chosen, width):
        sys.stdout.write(f"{line}\n")
    if width:
        hint = "off: until a policy turns the rule on; `auto-enforcer explain RULE` says what a rule finds"
        sys.stdout.write(f"\n{textwrap.fill(hint, width - 1)}\n")
    return CLEAN


def _import(path: str | None, form: str, out: str) -> int:
    from auto_enforcer import cli_import
    from auto_enforcer.rule_import import FORMATS

    if path is None:
        raise UserError("name the file to import, as in `auto-enforcer rules import gitleaks.toml`")
    if form and form not in FORMATS:
        raise UserError(_no_format(form, FORMATS))
    return cli_import.run(path, form, out)


def _no_format(word: str, words: Iterable[str]) -> str:
    from auto_enforcer.policy_words import listed, meant

    return f"`--format` must be {listed(words)}, not `{word}`{meant(word, words, listing=False)}"


def _lists(entries: Collection[cli_team.Entry], width: int) -> Iterator[str]:
    """A line a rule: its id, its severity, the languages it looks at. What does not fit into `width` columns
    is left out; 0 for all of it."""
    longest = max(len(entry.id) for entry in entries)
    for entry in entries:
        word = f"{entry.severity.value}, off" if entry.optional else entry.severity.value
        start = f"{entry.id:{longest}}  {word:12}  "
        room = width - 1 - len(start)
        if width and room < NARROWEST:
            yield entry.id
            start = f"  {word}, "
            room = width - 1 - len(start)
        yield start + _shortened(
            sorted(entry.languages) or ["every language"], room if width else sys.maxsize
        )


def _shortened(names: Sequence[str], room: int) -> str:
    """As many of the names as there is room for, at least the first."""
    for count in range(len(names), 0, -1):
        left = len(names) - count
        text = ", ".join(names[:count]) + (f" and {left} more" if left else "")
        if len(text) <= room:
            break
    return text


def _active(path: str) -> int:
    """Check the file and say which modules that activated, and why."""
    workspace, absolute = _session(path)
    said: list[str] = []
    session = Session(workspace.root, today=today(), log=said.append)
    first: dict[str, str] = {}

    def observe(look: Look, line: Line, candidate: Candidate | None, outcome: str, column: int) -> None:
        del candidate, outcome, column
        try:
            module = catalog.module_of(look.id, look.language)
        except KeyError:
            return  # a team's own rule
        if module not in first:
            first[module] = f"line {line.number + 1} met {_trigger(look.id, module, line)}of `{look.id}`"

    checked = session.check_file(absolute, observer=observe)
    if checked.report is None:
        raise UserError(f"{path}: {_unchecked(checked)}")
    for _ in checked.report.rows:
        pass
    relative = session.relative(absolute)
    language = language_of(relative, _first_line(absolute))
    kind = f", {checked.skipped.reason}: only few rules look at it" if checked.skipped else ""
    sys.stdout.write(f"{printable(shown_path(absolute))}: {language}{kind}\n")
    for text, module in zip(said, session.modules, strict=False):
        sys.stdout.write(f"  {text}: {first.get(module, 'a trigger of its rules was met')}\n")
    selection = session.policy(absolute).select(relative)
    for module in catalog.modules(language):
        if module not in session.modules:
            rules = {variant.id for variant in catalog.variants() if variant.module == module}
            why = "no trigger of its rules was met" if rules & selection.active() else "its rules are off"
            sys.stdout.write(f"  left rules/{module} alone: {why}\n")
    return ended(session)


def _trigger(rule: str, module: str, line: Line) -> str:
    """The trigger of a rule that a line met, as it is sought, with a blank behind it."""
    data = line.text.encode()
    for variant in catalog.variants():
        if (variant.id, variant.module) == (rule, module):
            for pattern, _, _ in variant.triggers:
                if re.search(pattern.encode(), data, re.MULTILINE):
                    shown = pattern if len(pattern) <= LONGEST_TRIGGER else pattern[:LONGEST_TRIGGER] + "…"
                    return f"the trigger `{shown}` "
    return "a trigger "


def explain(options: argparse.Namespace) -> int:
    """Print a rule's section of its page."""
    name = options.rule
    if name in catalog.entries():
        page = told_page(name)
    else:
        workspaces = Workspaces(today=today())
        cli_team.refuse_unknown([name], workspaces, ["."])
        session, policy = cli_team.session_of(workspaces, ".")
        known = cli_team.entries(policy)
        team = known.get(name)
        if not isinstance(team, TeamRule):
            ids = ", ".join(rule for rule in known if rule.startswith(name + "/"))
            raise UserError(f"`{name}` is a family; name one of its rules: {ids}")
        page = _printable(cli_team.masked_page(team, session, policy))
    width = columns(sys.stdout)
    sys.stdout.write(_rendered(page, width, colour=wants_colour(sys.stdout)) if width else page)
    return CLEAN


def told_page(rule: str) -> str:
    """The page of one of our rules, with what the rule is by default below its heading."""
    entry = catalog.entries()[rule]
    word = "Blocked" if entry.severity is Severity.BLOCKED else "A warning"
    state = f"{word} where a policy turns it on" if entry.optional else f"{word} by default"
    heading, _, rest = catalog_pages.page(rule).partition("\n")
    where = ", ".join(sorted(entry.languages)) or "every language"
    return f"{heading}\n\n{state}; looks at {where}.\n{rest}"


def _printable(page: str) -> str:
    """A page of a workspace's words, line by line as a terminal may show them."""
    return "\n".join(printable(line) for line in page.split("\n"))


def _rendered(markdown: str, width: int, *, colour: bool) -> str:
    """Markdown for a terminal so many columns wide: prose filled, headings and bold words bold, code dim."""
    lines: list[str] = []
    prose: list[str] = []
    fence = ""

    def fill() -> None:
        if prose:
            text = " ".join(prose)
            indent = "  " if text.startswith("- ") else ""
            filled = textwrap.wrap(text, max(20, min(width, WIDEST) - 1), subsequent_indent=indent)
            lines.extend(_emphasised("\n".join(filled), colour=colour).split("\n"))
            prose.clear()

    for line in markdown.split("\n"):
        marks = line[: len(line) - len(line.lstrip("`"))]
        is_fence = line == fence if fence else len(marks) >= 3
        if not fence and not is_fence and line and line[0] not in "#|":
            if line.startswith("- "):
                fill()
            prose.append(line.strip())
            continue
        fill()
        if is_fence:
            fence = "" if fence else marks
        elif fence:
            lines.append(f"\x1b[2m    {line}\x1b[0m" if colour else f"    {line}")
        elif line.startswith("#"):
            heading = line.lstrip("# ")
            lines.append(f"\x1b[1m{heading}\x1b[0m" if colour else heading)
        else:
            lines.append(_emphasised(line, colour=colour))
    fill()
    return "\n".join(lines)


def _emphasised(text: str, *, colour: bool) -> str:
    """Bold words and code as a terminal shows them; emphasis may go on over a line's end."""
    text = re.sub(r"\*\*(.+?)\*\*", "\x1b[1m\\1\x1b[22m" if colour else "\\1", text, flags=re.DOTALL)
    return re.sub(r"`([^`]+)`", "\x1b[36m\\1\x1b[39m", text) if colour else text


def why(options: argparse.Namespace) -> int:
    """Say for each rule what became of it on a line."""
    path, number = _path_and_line(options.place)
    line_number = int(number) - 1
    if options.rule is not None:
        cli_team.refuse_unknown([options.rule], Workspaces(today=today()), [path])
    session, absolute = _session(path)
    _refuse_unread(absolute, path)
    looks: dict[str, list[str]] = {}
    seen: list[Line] = []

    def observe(look: Look, line: Line, candidate: Candidate | None, outcome: str, column: int) -> None:
        if line.number != line_number:
            return
        seen.append(line)
        told = looks.setdefault(look.id, [])
        if candidate is not None and outcome:
            zone = ZONES.get(line.zone_at(candidate.start), "")
            said = {"violation": "a violation", "zone": f"not in a zone of the rule ({_zones(look)})"}
            place = f"column {column + candidate.start + 1}, {zone}"
            told.append(f"{place}: {said.get(outcome) or f'excused: {outcome}'}")

    checked = session.check_file(absolute, observer=observe)
    is_of_folders = options.rule is not None and allowing.is_of_folders(options.rule)
    rows = []
    if is_of_folders:
        rows = [row for row in _found_in_folder(session, absolute, options.rule) if row.number == line_number]
    if checked.report is not None:
        rows += [row for row, _ in checked.report.rows if row.number == line_number]
    elif not rows:
        raise UserError(f"{path}: {_unchecked(checked)}")
    if line_number > _line_ends(absolute):
        raise UserError(f"{path} has no line {number}")
    kind = checked.skipped.reason if checked.skipped is not None else ""
    if kind:
        sys.stdout.write(
            f"{printable(path)} is a {kind.removesuffix(' file')} file: only few rules look at it\n"
        )
    policy = session.policy(absolute)
    selection = policy.select(session.relative(absolute))
    language = seen[0].language if seen else language_of(session.relative(absolute), _first_line(absolute))
    # An excuse of a team's rule is a word of the policy.
    mask = session.mask_of(policy.files) if policy.content.rules else str
    met = {*looks, *(row.violation.rule for row in rows)}
    unnamed: dict[str, int] = {}
    for entry in cli_team.entries(policy).values():
        if options.rule not in (None, entry.id, entry.family):
            continue
        if entry.languages and language not in entry.languages and entry.id not in met:
            if options.rule == entry.id:
                sys.stdout.write(f"{entry.id}: does not look at {language}\n")
            continue
        reason = "" if entry.id in met else _why_not(entry, selection, kind)
        if reason and options.rule != entry.id and not options.all:
            if entry.family != "enforcer":
                unnamed[reason] = unnamed.get(reason, 0) + 1
            continue
        for text in _told(entry.id, selection, looks, rows, reason, session.today):
            sys.stdout.write(f"{entry.id}: {printable(mask(text))}\n")
    if unnamed:
        off = unnamed.pop("off", 0)
        counted = [f"{count} did not look ({reason})" for reason, count in unnamed.items()]
        counted += [f"{off} {'is' if off == 1 else 'are'} off"] if off else []
        asked = options.place if options.rule is None else f"{options.place} {options.rule}"
        whole = f"`auto-enforcer why {printable(asked)} --all` names them"
        sys.stdout.write(f"the other rules: {', '.join(counted)}; {whole}\n")
    own = [row for row in rows if row.violation.rule == options.rule and row.suppression is None]
    if own and not _takes_comments(own[0], absolute, language, checked):
        for text in _tables(session, absolute, own):
            sys.stdout.write(text)
    return ended(session)


def _found_in_folder(session: Session, path: str, rule: str) -> list[Row]:
    """What a rule about the workspace finds of a file in its folder."""
    with os.scandir(os.path.dirname(path)) as found:
        entries = {one.name: one.is_dir(follow_symlinks=False) for one in found}
    names = [name for name, is_folder in entries.items() if not is_folder]
    session.look_into(
        os.path.dirname(path), names, [name for name, is_folder in entries.items() if is_folder]
    )
    reports = [one for one in session.folder_reports(str) if os.path.normpath(one.path) == path]
    return [row for report in reports for row, _ in report.rows if row.violation.rule == rule]


def _takes_comments(row: Row, path: str, language: str, checked: Checked) -> bool:
    """Whether a comment can stand where a violation is, to say that it stays."""
    if row.violation.rule.startswith("enforcer/"):
        return True
    if checked.report is None or (checked.skipped is not None and checked.skipped.reason == "binary"):
        return False
    if path.endswith(".ipynb"):
        return row.cell is not None and row.cell.line is not None
    known = LANGUAGES.get(language)
    return known is not None and bool(known.line_comment or known.block_comment)


def _tables(session: Session, path: str, rows: Iterable[Row]) -> Iterator[str]:
    """The `[[allow]]` tables that allow some violations of a file, and where they go."""
    said: dict[str, None] = {}
    for row in rows:
        file, table = session.table_of(path, row)
        if table and table not in said:
            if not said:
                shown = printable(shown_path(os.path.join(session.root, *file.split("/"))))
                yield f"no comment can stand here; to allow it, add this to {shown} and write the reason:\n"
            said[table] = None
            yield f"\n{table}"


def ended(session: Session) -> int:
    """The exit code of what was told under a session's policies, whose mistakes are said."""
    problems = list(session.problems(with_consequences=True))
    for problem in problems:
        sys.stderr.write(f"{printable(str(problem))}\n")
    return FAILED if problems else CLEAN


def _path_and_line(place: str) -> tuple[str, str]:
    """The path and the number of `PATH:LINE`, or of a whole `PATH:LINE:COLUMN:` of a violation. Raises
    UserError."""
    path, _, number = place.removesuffix(":").rpartition(":")
    before, _, line = path.rpartition(":")
    if before and line.isdecimal() and not os.path.lexists(path):
        path, number = before, line
    if not path or not number.isdecimal() or len(number) > 18 or int(number) < 1:
        raise UserError("give the line as `PATH:LINE`, where the first line is 1")
    return path, number


def _why_not(entry: cli_team.Entry, selection: Selection, kind: str) -> str:
    """Why a rule did not look at a line, in a file of a kind that few rules look at, if `kind` names one."""
    if not selection.setting(entry.id).on:
        return "off"
    if isinstance(entry, TeamRule) and entry.rule is None:
        return f"cannot run: see {entry.place}"
    if entry.family == "enforcer":
        return "nothing wrong with suppressions here"
    if kind and not entry.everywhere:
        return f"does not look at {kind} files"
    if not isinstance(entry, TeamRule) and entry.whole is not None:
        if entry.whole.subject == "file":
            return "looks at the file as a whole, and has nothing to say of this line"
        return "looks at the workspace, where a folder is checked"
    return "its trigger is not on the line"


def _told(
    rule: str,
    selection: Selection,
    looks: dict[str, list[str]],
    rows: list[Row],
    reason: str,
    today: date,
) -> Iterator[str]:
    """What became of one rule on the line; `reason` says why it did not look."""
    setting = selection.setting(rule)
    place = place_of(setting)
    if not setting.on:
        yield f"off ({place})"
        return
    state = f"{setting.severity.value} ({place}){setting.rollout.words(today)}"
    own = [row for row in rows if row.violation.rule == rule]
    if reason:
        yield f"{state}; {reason}"
    elif rule not in looks:
        for row in own:
            yield f"{state}; column {row.violation.start + 1}: a violation"
    elif not looks[rule]:
        yield f"{state}; its trigger is on the line, and the rule finds nothing"
    else:
        for text in looks[rule]:
            yield f"{state}; {text}"
    for row in own:
        if row.suppression is not None:
            given = row.suppression.reason or "no reason given"
            yield f"column {row.violation.start + 1}: taken out by a suppression: {given}"


def _zones(look: Look) -> str:
    return ", ".join(name for zone, name in ZONES.items() if zone & look.zones)


def place_of(setting: Setting) -> str:
    """Where a rule was set as it is, and why where it is not the policy's own word."""
    return f"{setting.place}: {setting.reason}" if setting.reason else str(setting.place)


def _unchecked(checked: Checked) -> str:
    """Why a file that was asked for was not checked."""
    return told(checked.skipped.reason) if checked.skipped is not None else "not checked"


def _session(path: str) -> tuple[Session, str]:
    absolute = real_path(path)
    workspaces = Workspaces(today=today())
    is_folder = os.path.isdir(absolute)
    return workspaces.of_folder(absolute) if is_folder else workspaces.of(absolute), absolute


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
