"""The tools that `auto-enforcer mcp` offers an agent: what each takes, does and answers, protocol aside.

`check`, `explain` and `list` are commands, and say what those say. `fix` writes nothing: it tells the edits
that are safe, and the agent makes them with its own tools, so that its person sees them and its hooks judge
them. No tool looks at a path outside of the working folder, and no answer holds a line of a file.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from auto_enforcer import files, reading
from auto_enforcer.cli_exit import UserError
from auto_enforcer.cli_files import shown_path, today
from auto_enforcer.model import Fix, NamedTuple, Row
from auto_enforcer.session import Session
from auto_enforcer.workspaces import Workspaces

MOST_FINDINGS = 50
"""Violations that are told where nobody says how many."""

MOST_PATHS = 1_000
"""Paths that one call may name."""

MOST_FIXES = 1_000
"""Fixes that one call tells."""

LARGEST = 4 << 20
"""Bytes of a file that fixes are told for."""

_ONE_AT_A_TIME = threading.Lock()
"""The commands write to the process's own streams."""


class Told(NamedTuple):
    """What a tool answers: text for the agent, and the same as values. `failed`: it could not be done."""

    text: str
    values: Mapping[str, Any] | None = None
    failed: bool = False


Command = Callable[[Sequence[str]], int]
"""The command, by its arguments; gives its exit code."""


class Tool(NamedTuple):
    """A tool. `takes` is the JSON Schema of each of its arguments, by name."""

    name: str
    title: str
    takes: Mapping[str, Mapping[str, Any]]
    needs: tuple[str, ...]
    do: Callable[[Mapping[str, Any], Command], Told]

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of all its arguments."""
        return {
            "type": "object",
            "properties": dict(self.takes),
            "required": list(self.needs),
            "additionalProperties": False,
        }


def call(name: str, arguments: Mapping[str, Any], command: Command) -> Told:
    """What a tool answers. Never raises for what an agent can do."""
    tool = next((tool for tool in TOOLS if tool.name == name), None)
    try:
        if tool is None:
            raise UserError(
                f"there is no tool `{name[:64]}`; there are {', '.join(one.name for one in TOOLS)}"
            )
        _refuse_wrong(tool, arguments)
        return tool.do(arguments, command)
    except UserError as error:
        return Told(f"auto-enforcer: {error}\n", failed=True)
    finally:
        # A command looks for no garbage among what it has loaded, for it ends; this process goes on.
        gc.unfreeze()
        gc.enable()
        gc.collect()


def _refuse_wrong(tool: Tool, arguments: Mapping[str, Any]) -> None:
    """Raise UserError for arguments that the tool does not take."""
    kinds: Mapping[str, type] = {"string": str, "boolean": bool, "integer": int, "array": list}
    for name in tool.needs:
        if name not in arguments:
            raise UserError(f"`{tool.name}` needs `{name}`")
    for name, value in arguments.items():
        schema = tool.takes.get(name)
        if schema is None:
            raise UserError(f"`{tool.name}` takes no `{name[:64]}`; it takes {', '.join(tool.takes)}")
        kind = kinds[schema["type"]]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise UserError(f"`{name}` must be of the type {schema['type']}")
        if isinstance(value, list) and not all(isinstance(item, str) for item in value):
            raise UserError(f"`{name}` must be a list of strings")


def _check(arguments: Mapping[str, Any], command: Command) -> Told:
    most = arguments.get("most", MOST_FINDINGS)
    asked = ["check", "--format", "json"]
    if arguments.get("new"):
        asked.append("--new")
    if "base" in arguments:
        asked.append(f"--base={arguments['base']}")
    code, out, err = _ran(command, [*asked, "--", *_inside(arguments.get("paths", ["."]))])
    if not out:
        return Told(err, failed=True)
    report = json.loads(out)
    found = sorted(report["violations"], key=_worst_first)
    shown = found[: max(0, most)]
    lines = [
        f"{one['path']}:{one['line']}:{one['column']}: {one['severity']}"
        f"{' (historical)' if one['scope'] == 'historical' else ''} {one['rule']}  {one['message']}"
        for one in shown
    ]
    if len(found) > len(shown):
        lines.append(f"and {len(found) - len(shown)} more")
    summary = report["summary"]
    lines.append(f"{summary['blocked']} blocked, {summary['warnings']} warnings in {summary['files']} files")
    lines += [f"could not run: {one['what']}: {one['why']}" for one in summary["could_not_run"]]
    values = {**report, "violations": shown, "left_out": len(found) - len(shown), "exit_code": code}
    return Told("\n".join(lines) + "\n", values, failed=code == 2)


def _worst_first(violation: Mapping[str, Any]) -> tuple[bool, bool, str, int, int]:
    return (
        violation["scope"] == "historical",
        violation["severity"] != "blocked",
        violation["path"],
        violation["line"],
        violation["column"],
    )


def _explain(arguments: Mapping[str, Any], command: Command) -> Told:
    code, out, err = _ran(command, ["explain", "--", arguments["rule"]])
    return Told(out or err, failed=code != 0)


def _list(arguments: Mapping[str, Any], command: Command) -> Told:
    named = ["--", arguments["family"]] if "family" in arguments else []
    code, out, err = _ran(command, ["rules", "--format", "json", *named])
    if code != 0:
        return Told(out or err, failed=True)
    rules = json.loads(out)["rules"]
    lines = [f"{one['id']}  {one['severity']}{'' if one['on'] else ', off'}  {one['title']}" for one in rules]
    return Told("\n".join(lines) + "\n", {"rules": rules} if named else None)


def _fix(arguments: Mapping[str, Any], command: Command) -> Told:
    del command
    workspaces = Workspaces(today=today())
    told: list[dict[str, Any]] = []
    for path in _inside(arguments.get("paths", ["."])):
        top = os.path.abspath(path)
        session = workspaces.of_folder(top if os.path.isdir(top) else os.path.dirname(top))
        for one in files.walk(top, session.root, _exclusion(session)):
            if isinstance(one, files.Found) and len(told) < MOST_FIXES:
                told += list(_fixes(workspaces.of(one.path), one.path))
    told = told[:MOST_FIXES]
    lines = []
    for fix in told:
        lines.append(f"{fix['path']}:{fix['line']}: {fix['rule']}: {fix['title']}")
        for edit in fix["edits"]:
            span = f"{edit['line']}:{edit['column']}-{edit['end_line']}:{edit['end_column']}"
            lines.append(f"  {span} becomes {json.dumps(edit['new_text'])}")
    if not told:
        lines.append("there is no safe fix")
    return Told("\n".join(lines) + "\n", {"fixes": told})


def _exclusion(session: Session) -> Callable[[str], bool]:
    return lambda relative: session.resolver.policy(relative).excluded(relative) is not None


def _fixes(session: Session, path: str) -> Iterator[dict[str, Any]]:
    """The first safe fix of each violation of a file, as far as they do not overlap; lines and columns from
    1, columns in code points, an end exclusive."""
    try:
        with reading.open_regular(path) as file:
            data = reading.read_block(file, LARGEST + 1)
    except OSError:
        return
    if len(data) > LARGEST or files.is_binary(data):
        return
    report = session.check_chunks(session.relative(path), [data], lambda: [data]).report
    last = (0, 0)
    for row, verdict in report.rows if report is not None else ():
        fix = next((fix for fix in row.violation.fixes if fix.safe), None)
        if fix is None or verdict.shown is None:
            continue
        edits = _edits(row, fix)
        first = min((edit["line"], edit["column"]) for edit in edits)
        if first >= last:
            last = max((edit["end_line"], edit["end_column"]) for edit in edits)
            place = {"path": shown_path(path), "line": row.number + 1, "rule": row.violation.rule}
            yield {**place, "title": fix.title, "edits": edits}


def _edits(row: Row, fix: Fix) -> list[dict[str, Any]]:
    return [
        {
            "line": row.number + edit.start_line + 1,
            "column": edit.start + 1,
            "end_line": row.number + edit.end_line + 1,
            "end_column": edit.end + 1,
            "new_text": edit.text,
        }
        for edit in fix.edits
    ]


def _inside(paths: Sequence[str]) -> list[str]:
    """The paths, each of which lies in the working folder. Raises UserError."""
    if len(paths) > MOST_PATHS:
        raise UserError(f"there are more than {MOST_PATHS} paths; name their folders")
    here = os.path.realpath(os.getcwd())
    for path in paths:
        try:
            real = os.path.realpath(path)
        except ValueError:
            raise UserError("no file can have such a name") from None
        if path == "-" or (real != here and not real.startswith(os.path.join(here, ""))):
            raise UserError("a path lies outside of the working folder")
    return list(paths)


def _ran(command: Command, arguments: Sequence[str]) -> tuple[int, str, str]:
    """The exit code of a command, and what it wrote."""
    out, err = io.StringIO(), io.StringIO()
    with _ONE_AT_A_TIME, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = command(arguments)
    return code, out.getvalue(), err.getvalue()


_PATHS = {
    "type": "array",
    "items": {"type": "string"},
    "description": "files and folders, relative to the working folder (default: all of it)",
}

TOOLS = (
    Tool(
        "check",
        "Find violations of the team's policy in files and folders.",
        {
            "paths": _PATHS,
            "new": {"type": "boolean", "description": "tell what the base has from what is new"},
            "base": {"type": "string", "description": "the git revision to compare with"},
            "most": {"type": "integer", "description": f"how many to tell (default: {MOST_FINDINGS})"},
        },
        (),
        _check,
    ),
    Tool(
        "explain",
        "Say what a rule finds, what it leaves alone, why, and how to mend it.",
        {"rule": {"type": "string", "description": "a rule's id, such as `logging/print-call`"}},
        ("rule",),
        _explain,
    ),
    Tool(
        "list",
        "List the rules, or those of a family with their options.",
        {"family": {"type": "string", "description": "a family, or a rule"}},
        (),
        _list,
    ),
    Tool(
        "fix",
        "Tell the edits that mend violations and cannot change what the program means. Nothing is written.",
        {"paths": _PATHS},
        (),
        _fix,
    ),
)
