"""`auto-enforcer suppressions`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from command import Command, fill
from tokens import token

ALL = """\
# enforcer: allow-file[logging/print-call]: a program
print(1)  # enforcer: allow[debt] until=2026-12-01: waits for the API
print(2)  # enforcer: allow[debt]: as above
breakpoint()  # enforcer: allow[logging/breakpoint-call] until=2026-11-01: gone
# enforcer: allow[dates/hardcoded-date, debt, nosuch/rule]: a sample
when = "2026-02-28"
# enforcer: allow[secrets]: made up
text = \"\"\"
postgres://admin:Tr0ub4dor-and-3@db.internal.corp/app
\"\"\"
x = 1  # enforcer: allow[logging/console-call]: for the browser
breakpoint()  # enforcer: allow[logging/breakpoint-call]
# enforcer: allow
"""


def listed(ae: Command, *arguments: str, code: int = 0, **more: str) -> Any:
    done = ae("suppressions", "--format", "json", *arguments, **more)
    assert done.code == code, done.err
    return json.loads(done.out)


def test_each_suppression_is_told_with_what_becomes_of_it(ae: Command, workspace: Path) -> None:
    fill(workspace, {"app/a.py": ALL, "app/b.py": "x = 1\n"})
    done = ae("suppressions")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "app/a.py:1:3: logging/print-call: a program\n"
        "    takes out 2; for the whole file\n"
        "app/a.py:2:13: debt: waits for the API\n"
        "    until 2026-12-01, 9 days left; unused\n"
        "app/a.py:3:13: debt: as above\n"
        "    unused\n"
        "app/a.py:4:17: logging/breakpoint-call: gone\n"
        "    expired on 2026-11-01, 21 days ago\n"
        "app/a.py:5:3: dates/hardcoded-date, debt and 1 unknown name: a sample\n"
        "    takes out 1\n"
        "app/a.py:7:3: secrets: made up\n"
        "    takes out 1\n"
        "app/a.py:11:10: logging/console-call: for the browser\n"
        "    takes nothing out: not all of its rules look here\n"
        "app/a.py:12:17: logging/breakpoint-call: no reason given\n"
        "    not heard: a blocked rule wants a reason\n"
        "8 suppressions in 1 file: 3 used, 3 not used, 1 expired, 1 of which nobody can tell\n"
    )


def test_json_says_it_all(ae: Command, workspace: Path) -> None:
    fill(workspace, {"app/a.py": ALL, "c.ts": "// enforcer: allow[debt]: known\n// TODO: mend\n"})
    told = listed(ae)
    assert told["day"] == "2026-11-22"
    assert told["summary"] == {
        "suppressions": 9,
        "files": 2,
        "used": 4,
        "unused": 3,
        "expired": 1,
        "unknown": 1,
        "could_not_run": [],
    }
    first, second, *_ = told["suppressions"]
    assert {key: first[key] for key in ("scope", "until", "days_left", "used")} == {
        "scope": "file",
        "until": None,
        "days_left": None,
        "used": True,
    }
    assert second == {
        "path": "app/a.py",
        "line": 2,
        "column": 13,
        "end_column": 70,
        "scope": "line",
        "rules": ["debt"],
        "unknown_rules": 0,
        "reason": "waits for the API",
        "until": "2026-12-01",
        "days_left": 9,
        "expired": False,
        "used": False,
        "takes_out": 0,
        "unused_rules": ["debt"],
        "problems": ["enforcer/expiring-suppression", "enforcer/unused-suppression"],
    }
    assert [one["used"] for one in told["suppressions"][3:]] == [False, True, True, None, False, True]
    assert [one["scope"] for one in told["suppressions"][3:6]] == ["line", "below", "below"]


def test_equal_suppressions_are_told_apart(ae: Command, workspace: Path) -> None:
    """Each has the violations of its own line, and of two that stand over one line the first."""
    allow = "# enforcer: allow[logging/print-call]: shown"
    fill(workspace, {"a.py": f"print(1)  {allow}\nx = 123  {allow}\n{allow}\n{allow}\nprint(2), print(3)\n"})
    assert [one["takes_out"] for one in listed(ae)["suppressions"]] == [1, 0, 2, 0]


def test_the_day_decides_what_is_expired(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": 'print("x")  # enforcer: allow[logging/print-call] until=2026-11-22: shown\n'})
    assert "until 2026-11-22, today; takes out 1\n" in ae("suppressions", "a.py").out
    done = ae("suppressions", "a.py", AUTO_ENFORCER_TODAY="2026-11-23")
    assert "    expired on 2026-11-22, 1 day ago\n" in done.out


def test_in_a_notebook_the_cell_is_told(ae: Command, workspace: Path) -> None:
    cell = {"cell_type": "code", "source": ["x = 1\n", "d = '2026-02-31'  # enforcer: allow[dates]: shown\n"]}
    notebook = {"cells": [cell], "metadata": {"kernelspec": {"language": "python"}}, "nbformat": 4}
    written = json.dumps(notebook, indent=1)
    fill(workspace, {"a.ipynb": written})
    [one] = listed(ae)["suppressions"]
    place = next(n for n, line in enumerate(written.splitlines(), 1) if "allow" in line)
    assert (one["line"], one["cell"], one["cell_line"], one["used"]) == (place, 1, 2, True)


def test_no_secret_is_told(ae: Command, workspace: Path) -> None:
    """Not of a reason, and not of what stands in the place of a rule's name."""
    secret = token("github-token")
    text = (
        f"print(1)  # enforcer: allow[logging]: see {secret}\nx = 1  # enforcer: allow[{secret.lower()}]: y\n"
    )
    fill(workspace, {"a.py": text})
    for format in ("text", "json"):
        done = ae("suppressions", "--format", format)
        assert "<github-token>" in done.out
        assert secret.lower() not in (done.out + done.err).lower()


def test_what_is_left_out_of_a_check_is_left_out_here(ae: Command, workspace: Path) -> None:
    text = "print(1)  # enforcer: allow[logging]: shown\n"
    files = dict.fromkeys(("a.py", "out/b.py", "gone/c.py", "node_modules/d.py"), text)
    fill(workspace, {**files, "enforcer.toml": 'exclude = ["out/"]\n', "x.bin": b"\0" + text.encode()})
    fill(workspace, {".gitignore": "gone/\n"})
    assert [one["path"] for one in listed(ae)["suppressions"]] == ["a.py"]
    assert [one["path"] for one in listed(ae, "gone/c.py", "a.py")["suppressions"]] == ["gone/c.py", "a.py"]


def test_where_the_rule_of_unused_ones_is_off_nothing_is_said_of_them(ae: Command, workspace: Path) -> None:
    policy = '[rules]\n"enforcer/unused-suppression" = "off"\n'
    fill(workspace, {"a.py": "x = 1  # enforcer: allow[debt]: y\n", "enforcer.toml": policy})
    assert ae("suppressions").out.splitlines()[1] == "    takes nothing out"


@pytest.mark.parametrize("format", ["text", "json"])
def test_what_cannot_be_read_exits_with_2(ae: Command, workspace: Path, format: str) -> None:
    fill(workspace, {"a.py": "x = 1\n", "enforcer.toml": "rules = 1\n"})
    done = ae("suppressions", "--format", format, ".", "none.py")
    assert done.code == 2
    assert "none.py" in done.out + done.err
    assert "must be a table" in done.out + done.err


def test_nothing_to_tell_is_said(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": "x = 1\n"})
    assert ae("suppressions").out == "no suppressions\n"
    assert listed(ae)["suppressions"] == []
