"""`auto-enforcer suppressions`."""

from __future__ import annotations

import argparse
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from auto_enforcer import cli_suppressions
from command import Command, fill, run
from repositories import Repository
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
    (workspace / ".git").rmdir()
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
        "8 suppressions in 1 file: 3 used, 3 not used, 1 expired, 1 to expire soon,"
        " 1 of which nobody can tell\n"
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
        "expiring": 1,
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
        "committed": None,
        "author": None,
        "authored": None,
        "age_days": None,
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


# Who wrote it


ALLOWED = "print({})  # enforcer: allow[logging/print-call]: {}\n"


def shown(one: Any) -> tuple[bool | None, str | None, str | None, int | None]:
    return one["committed"], one["author"], one["authored"], one["age_days"]


BY_US = True, "A. Author", "2026-01-02", 324
BY_NOBODY = False, None, None, None
UNKNOWN = None, None, None, None


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


def test_a_line_s_author_and_age_come_from_the_commit(
    repository: Repository, cache: Path, tmp_path: Path
) -> None:
    """Also of one that was moved since then; and one that is new, or changed, is in no commit."""
    lines = [ALLOWED.format(number, f"reason {number}") for number in range(4)]
    repository.commit({"app/a.py": "x = 1\n" + "".join(lines), "app/c.py": "y = 2\n" + lines[0]})
    repository.git("mv", "app/c.py", "app/d.py")
    changed = [lines[3], "y = 2\n", lines[0], lines[1].replace("reason", "another reason"), lines[2]]
    repository.write({"app/a.py": "x = 1\n" + "".join(changed), "app/b.py": ALLOWED.format(9, "new")})
    told = json.loads(run(["suppressions", "--format", "json"], repository.folder, cache).out)["suppressions"]
    assert [(one["path"], one["reason"], shown(one)) for one in told] == [
        ("app/a.py", "reason 3", BY_US),
        ("app/a.py", "reason 0", BY_US),
        ("app/a.py", "another reason 1", BY_NOBODY),
        ("app/a.py", "reason 2", BY_US),
        ("app/b.py", "new", BY_NOBODY),
        ("app/d.py", "reason 0", BY_US),
    ]
    done = run(["suppressions", "app/a.py"], repository.folder / "app", cache)
    assert done.code == 2
    done = run(["suppressions", "a.py"], repository.folder / "app", cache)
    assert "    takes out 1; by A. Author on 2026-01-02, 324 days ago\n" in done.out
    assert "    takes out 1; not committed\n" in done.out


def test_a_submodule_has_commits_of_its_own(tmp_path: Path, cache: Path) -> None:
    """Also those that the repository around it does not know yet."""
    inner = Repository(tmp_path / "inner")
    inner.commit({"a.py": ALLOWED.format(1, "old")})
    outer = Repository(tmp_path / "outer")
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.folder), "sub")
    outer.commit()
    (outer.folder / "sub" / "a.py").write_text(ALLOWED.format(1, "old") + ALLOWED.format(2, "newer"))
    outer.git("-C", "sub", "commit", "-q", "-a", "-m", "newer")
    with (outer.folder / "sub" / "a.py").open("a") as file:
        file.write(ALLOWED.format(3, "new"))
    told = json.loads(run(["suppressions", "--format", "json"], outer.folder, cache).out)["suppressions"]
    assert [shown(one) for one in told] == [BY_US, BY_US, BY_NOBODY]


def test_line_ends_that_git_converts_are_no_change(repository: Repository, cache: Path) -> None:
    repository.commit({".gitattributes": "* text=auto\n", "a.py": ALLOWED.format(1, "shown") * 2})
    repository.git("config", "core.autocrlf", "true")
    repository.write({"a.py": ALLOWED.format(1, "shown").replace("\n", "\r\n") * 2})
    told = json.loads(run(["suppressions", "--format", "json"], repository.folder, cache).out)["suppressions"]
    assert [shown(one) for one in told] == [BY_US, BY_US]


def test_before_the_first_commit_nothing_is_committed(repository: Repository, cache: Path) -> None:
    repository.write({"a.py": ALLOWED.format(1, "shown")})
    done = run(["suppressions"], repository.folder, cache)
    assert (done.code, done.err) == (0, "")
    assert "    takes out 1; not committed\n" in done.out


def test_git_is_asked_only_where_there_is_a_suppression(
    repository: Repository, cache: Path, tmp_path: Path
) -> None:
    """One reader of objects, and one question a file, however many stand in it."""
    files = {f"{number}.py": "x = 1\n" for number in range(8)}
    repository.commit({**files, "none.py": "print(1)\n"})
    assert processes(repository.folder, cache, tmp_path, ["suppressions"]) == []
    allowed = {f"{number}.py": ALLOWED.format(1, "a") + ALLOWED.format(2, "b") for number in range(3)}
    repository.commit(allowed)
    asked = processes(repository.folder, cache, tmp_path, ["suppressions"])
    assert sorted(asked) == ["blame", "blame", "blame", "cat-file"]


def processes(folder: Path, cache: Path, tmp_path: Path, arguments: list[str]) -> list[str]:
    """The commands of git that a run starts."""
    real = shutil.which("git")
    log, place = tmp_path / "started.txt", tmp_path / "bin"
    place.mkdir(exist_ok=True)
    wrapper = place / "git"
    wrapper.write_text(f'#!/bin/sh\nprintf \'%s \' "$@" >> {log}\necho >> {log}\nexec {real} "$@"\n')
    wrapper.chmod(0o755)
    log.write_text("")
    done = run(arguments, folder, cache, more={"PATH": f"{place}{os.pathsep}{os.environ['PATH']}"})
    assert done.code == 0, done.err
    started = log.read_text().splitlines()
    return [word for line in started for word in line.split() if word in ("blame", "cat-file", "config")]


def test_outside_of_git_nobody_is_named(tmp_path: Path, cache: Path) -> None:
    fill(tmp_path, {"a.py": ALLOWED.format(1, "shown")})
    done = run(["suppressions"], tmp_path, cache)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[1] == "    takes out 1"


def test_a_repository_that_cannot_be_read_is_said_once(ae: Command, workspace: Path) -> None:
    """The list is whole all the same."""
    (workspace / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    fill(workspace, {"a.py": ALLOWED.format(1, "shown"), "b.py": ALLOWED.format(1, "shown")})
    done = ae("suppressions")
    assert (done.code, done.err.count("not all authors are told: ")) == (0, 1)
    assert [shown(one) for one in listed(ae)["suppressions"]] == [UNKNOWN, UNKNOWN]


def test_what_a_repository_would_run_is_not_run(repository: Repository, cache: Path, tmp_path: Path) -> None:
    """Filters and text conversion of its attributes, its file system monitor; nor does a pipe hold it up."""
    repository.commit({"a.py": ALLOWED.format(1, "shown")})
    mark = tmp_path / "ran"
    command = f"touch {mark}; cat"
    repository.write({".gitattributes": "* filter=f diff=d\n", "a.py": ALLOWED.format(1, "shown") * 2})
    for name in ("filter.f.clean", "filter.f.smudge", "filter.f.process", "diff.d.textconv"):
        repository.git("config", name, command)
    repository.git("config", "core.fsmonitor", command)
    os.mkfifo(repository.folder / ".mailmap")
    done = run(["suppressions"], repository.folder, cache)
    assert (done.code, done.err) == (0, "")
    assert "by A. Author" in done.out
    assert not mark.exists()


def test_an_author_s_name_is_masked(repository: Repository, cache: Path) -> None:
    secret = token("github-token")
    repository.write({"a.py": ALLOWED.format(1, "shown")})
    repository.git("add", "-A")
    repository.git("commit", "-q", "-m", "x", "--author", f"{secret}\x1b[2J <a@example.invalid>")
    for format in ("text", "json"):
        done = run(["suppressions", "--format", format], repository.folder, cache)
        assert secret not in done.out + done.err
        assert "\x1b" not in done.out
        assert "<github-token>" in done.out


def test_what_is_not_listed_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli_suppressions, "MOST_LISTED", 3)
    fill(tmp_path, {"a.py": ALLOWED.format(1, "shown") * 5})
    options = argparse.Namespace(paths=[str(tmp_path / "a.py")], format="text")
    assert cli_suppressions.run(options) == 2
    told = capsys.readouterr()
    assert "3 suppressions in 1 file: 3 used" in told.out
    assert "2 more suppressions are not listed" in told.err
