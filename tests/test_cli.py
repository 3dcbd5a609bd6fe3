"""The command, each run a process of its own: what it prints, how it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from auto_enforcer import cli_jobs
from auto_enforcer.cli_check import progress_line
from auto_enforcer.files import Found
from auto_enforcer.model import Report
from command import PATIENCE, SERVER, Command, Done, command, environment, fill, on_terminal, shown

BLOCKED = 'when = "2026-02-31"\n'
WARNED = "# TODO(by 2020-01-31): mend\n"


def lines(done: Done) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.out.splitlines()]


# What is found and how it ends


def test_what_is_blocked_exits_with_1_and_is_told_at_a_place_to_click(ae: Command, workspace: Path) -> None:
    fill(workspace, {"src/a.py": "import os\n" + BLOCKED, "src/b.py": "x = 1\n"})
    done = ae("check")
    assert done.code == 1
    assert done.out.startswith("src/a.py:2:8: blocked dates/impossible-date  ")
    assert "1 blocked, 0 warnings in 1 of 2 files" in done.out
    assert done.err == ""


def test_warnings_alone_exit_with_0(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": WARNED})
    done = ae("check", "a.py")
    assert done.code == 0
    assert done.out.startswith("a.py:1:")
    assert "warning dates/passed-deadline" in done.out


def test_nothing_found_exits_with_0_and_says_how_much_was_read(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": "x = 1\n"})
    assert ae("check") == Done(0, "nothing found in 1 file\n", "")


def test_exit_zero_hides_what_is_blocked_but_not_what_could_not_run(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": BLOCKED})
    assert ae("check", "--exit-zero").code == 0
    assert ae("check", "--exit-zero", "a.py", "none.py").code == 2


def test_a_path_is_shown_relative_to_the_working_folder(ae: Command, workspace: Path) -> None:
    fill(workspace, {"src/a.py": BLOCKED, "b.py": BLOCKED})
    assert ae("check", folder=workspace / "src").out.startswith("a.py:1:8:")
    assert ae("check", str(workspace / "src" / "a.py")).out.startswith("src/a.py:1:8:")
    assert ae("check", "../b.py", folder=workspace / "src").out.startswith(f"{workspace}/b.py:1:8:")


def test_the_answer_does_not_depend_on_the_folder_it_is_asked_in(ae: Command, workspace: Path) -> None:
    fill(
        workspace,
        {
            "enforcer.toml": '[[overrides]]\npaths = ["src/**"]\nrules.dates = "warning"',
            "src/in/a.py": BLOCKED,
            "tests/a.py": BLOCKED,
        },
    )
    for folder in (
        workspace,
        workspace / "src",
        workspace / "src" / "in",
        workspace / "tests",
        workspace.parent,
    ):
        done = ae("check", "--format", "jsonl", str(workspace), folder=folder)
        assert [line["severity"] for line in lines(done)] == ["warning", "warning"]


def test_a_file_that_is_named_twice_is_checked_once(ae: Command, workspace: Path) -> None:
    fill(workspace, {"src/a.py": BLOCKED})
    assert len(lines(ae("check", "--format", "jsonl", "src", "src/a.py", ".", str(workspace)))) == 1


def test_one_rule_or_family_can_be_asked_for(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": BLOCKED + WARNED + "<<<<<<< a\n=======\n>>>>>>> b\n"})

    def found(*rules: str) -> set[str]:
        asked = [argument for rule in rules for argument in ("--rule", rule)]
        return {line["rule"] for line in lines(ae("check", "--format", "jsonl", *asked))}

    assert found("dates/passed-deadline") == {"dates/passed-deadline"}
    assert found("dates") == {"dates/passed-deadline", "dates/impossible-date"}
    assert found("debt", "dates/passed-deadline") >= {"debt/conflict-marker", "dates/passed-deadline"}
    assert found("debt,dates/passed-deadline") == found("debt", "dates/passed-deadline")
    assert "dates/impossible-date" not in found("debt", "dates/passed-deadline")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "--rule", "dats"], "there is no rule or family `dats`; did you mean `dates`?"),
        (["check", "--rule", "dates/imposible-date"], "did you mean `dates/impossible-date`?"),
        (["explain", "dates/imposible-date"], "did you mean `dates/impossible-date`?"),
        (["explain", "dates"], "`dates` is a family; name one of its rules: dates/hardcoded-date, "),
        (
            ["explain", "dates/impossible-date", "b"],
            "`b` is one argument too many; see `auto-enforcer explain",
        ),
        (["explain"], "nothing is given for RULE; see `auto-enforcer explain --help`"),
        (["why", "a.py"], "give the line as `PATH:LINE`"),
        (["why", "a.py:0"], "give the line as `PATH:LINE`"),
        (["why", "a.py:99"], "a.py has no line 99"),
        (["why", "a.py:1", "dats"], "did you mean `dates`?"),
        (["why", "none.py:1"], "none.py: there is no such file or folder"),
        (["rules", "--active", "none.py"], "none.py: there is no such file or folder"),
        (["check", "-", "a.py"], "`-` stands for standard input and goes alone"),
        (["check", "a.py", "--stdin-path", "b.py"], "give `-` for the path"),
        (["check", "--jobs", "0"], "`--jobs` must be a number from 1 to 256, not `0`; see"),
        (["check", "--format", "jso"], "`html`, not `jso`; did you mean `json`?\n"),
        (["check", "--format"], "`--format` needs a value; see `auto-enforcer check --help`"),
        (["check", "--formt", "json"], "`check` has no option `--formt`; did you mean `--format`?\n"),
        (["check", "--formt=json"], "`check` has no option `--formt`; did you mean `--format`?\n"),
        (["check", "--colour", "never"], "`check` has no option `--colour`; did you mean `--color`?\n"),
        (["check", "--frobnicate"], "`check` has no option `--frobnicate`; see `auto-enforcer check --help`"),
        (["check", "--exit-zero=1"], "`--exit-zero` takes no value; see `auto-enforcer check --help`"),
        (["check", "--format", "--jobs", "1"], "`--format` needs a value; see"),
        (["why", "--al", "a.py:1"], "`why` has no option `--al`; did you mean `--all`?\n"),
        (["check", ""], "the path is empty; write `.` for the working folder"),
        (["check", "a.py", ""], "the path is empty; write `.` for the working folder"),
        (["config", ""], "the path is empty"),
        (["rules", "--active", ""], "the path is empty"),
        (["check", "-", "--stdin-path", ""], "`--stdin-path` is empty; give the path of the file"),
        (["chekc"], "there is no command `chekc`; did you mean `check`?\n"),
        (["a.py"], "there is no command `a.py`; to check this path, write `auto-enforcer check a.py`\n"),
        (["frobnicate"], "`frobnicate`; use one of `check`, `init`, "),
        (["--versio"], "there is no option `--versio`; did you mean `--version`?\n"),
        (["--format", "json"], "there is no option `--format`; options go after the command\n"),
        ([], "usage: auto-enforcer "),
    ],
)
def test_what_cannot_be_asked_exits_with_2_and_one_reason(
    ae: Command, workspace: Path, arguments: list[str], said: str
) -> None:
    fill(workspace, {"a.py": "x = 1\n"})
    done = ae(*arguments)
    assert done.code == 2
    assert said in done.err
    assert done.out == ""
    assert "Traceback" not in done.err


def test_the_version_is_told(ae: Command) -> None:
    done = ae("--version")
    assert (done.code, done.out.split()[0]) == (0, "auto-enforcer")


def test_options_stand_before_between_and_after_paths(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": BLOCKED, "b.py": BLOCKED, "-c.py": BLOCKED})
    done = ae("check", "-v", "a.py", "--format=jsonl", "b.py", "--exit-zero", "--", "-c.py")
    assert [line["path"] for line in lines(done)] == ["a.py", "b.py", "-c.py"]
    assert done.code == 0


@pytest.mark.parametrize("asked", [["--help"], ["-h"], ["check", "-h"], ["why", "a.py:1", "--help"]])
def test_help_names_all_there_is_to_ask_for(ae: Command, asked: list[str]) -> None:
    done = ae(*asked)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("usage: auto-enforcer ")
    assert max(map(len, done.out.split("\n"))) <= 80
    wanted = {"check": "--stdin-path PATH", "why": "PATH:LINE"}
    assert wanted.get(asked[0], "print the policy for a path") in done.out


# Files of all sorts


def test_a_named_path_that_cannot_be_read_exits_with_2_and_the_rest_is_checked(
    ae: Command, workspace: Path
) -> None:
    fill(workspace, {"a.py": BLOCKED})
    os.mkfifo(workspace / "fifo.py")
    done = ae("check", "none.py", "a.py", "fifo.py")
    assert done.code == 2
    assert "a.py:1:8: blocked" in done.out
    assert done.out.endswith(
        "1 blocked, 0 warnings in 1 of 1 file\n"
        "error: none.py: there is no such file or folder\n"
        "error: fifo.py: it is a FIFO, not a file\n"
    )


def test_where_no_path_can_be_read_only_that_is_said(ae: Command) -> None:
    assert ae("check", "none.py") == Done(2, "error: none.py: there is no such file or folder\n", "")
    jsonl = ae("check", "none.py", "--format", "jsonl")
    assert jsonl == Done(2, "", "error: none.py: there is no such file or folder\n")


def test_a_folder_without_files_is_not_called_clean(ae: Command, workspace: Path) -> None:
    assert ae("check") == Done(0, "no files to check\n", "")
    fill(workspace, {"a.bin": b"\0"})
    assert ae("check").out == "no files to check\nskipped 1 file: 1 binary (`-v` names them)\n"


def test_files_of_all_sorts_in_a_folder_are_skipped_each_with_its_reason(
    ae: Command, workspace: Path
) -> None:
    fill(
        workspace,
        {
            "a.py": "x = 1\n",
            "binary.py": b"x\0" + BLOCKED.encode(),
            "generated.py": "# @generated\n" + BLOCKED,
            "app.min.js": "var when = '2026-02-31'\n",
            "package-lock.json": '{"when": "2026-02-31"}\n',
            "ignored.py": BLOCKED,
            "vendor/a.py": BLOCKED,
            ".gitignore": "ignored.py\n",
            "enforcer.toml": 'exclude = ["vendor/"]\n',
        },
    )
    os.mkfifo(workspace / "fifo.py")
    (workspace / "loop").symlink_to(workspace)
    done = ae("check", "-v")
    assert done.code == 0
    told = sorted(line for line in done.out.splitlines() if ": skipped " in line)
    assert told == [
        "app.min.js: skipped minified",
        "binary.py: skipped binary",
        "fifo.py: skipped a FIFO, not a file",
        "generated.py: skipped generated",
        "loop: skipped a link to a folder",
        "package-lock.json: skipped lock file",
    ]
    quiet = ae("check")
    assert ": skipped " not in quiet.out
    assert "skipped 6 files: " in quiet.out


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="whoever reads everything cannot try")
def test_an_unreadable_file_in_a_folder_is_skipped(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": BLOCKED})
    (workspace / "a.py").chmod(0)
    done = ae("check", "-v")
    assert done.code == 0
    assert "a.py: skipped unreadable: Permission denied" in done.out
    assert ae("check", "a.py").code == 2


def test_what_is_ignored_is_checked_when_it_is_named(ae: Command, workspace: Path) -> None:
    fill(workspace, {".gitignore": "*.py\n", "a.py": BLOCKED, "node_modules/b.js": BLOCKED})
    assert ae("check", ".").code == 0
    assert ae("check", "a.py").code == 1
    assert ae("check", "node_modules").code == 1


@pytest.mark.parametrize("glob", ["vendor/", "vendor/**", "**/a.py"])
def test_what_the_policy_excludes_is_not_checked_however_it_is_named(
    ae: Command, workspace: Path, glob: str
) -> None:
    """A hook names the files that it was given, whatever they are."""
    fill(workspace, {"vendor/in/a.py": BLOCKED, "enforcer.toml": f'exclude = ["{glob}"]'})
    nothing = "no files to check\nskipped 1 file: 1 excluded (`-v` names them)\n"
    for named in ("vendor/in/a.py", "vendor/in", "vendor"):
        done = ae("check", named)
        assert (done.code, done.err) == (0, "")
        assert done.out == (nothing if glob != "**/a.py" or named.endswith(".py") else "no files to check\n")
    done = ae("check", "-v", "vendor/in/a.py")
    assert done.out.startswith("vendor/in/a.py: skipped excluded: enforcer.toml:1:12\n")
    assert ae("check", "-", "--stdin-path", "vendor/in/a.py", stdin=BLOCKED).out == nothing
    done = ae("why", "vendor/in/a.py:1")
    assert (done.code, done.out) == (2, "")
    assert done.err == "auto-enforcer: vendor/in/a.py: excluded: enforcer.toml:1:12\n"


def test_what_others_wrote_is_left_out_without_git_too(ae: Command, workspace: Path) -> None:
    fill(workspace, {"web/node_modules/b.js": BLOCKED, "tools/lib/a.py": BLOCKED, "tools/pyvenv.cfg": ""})
    assert ae("check").out == "no files to check\n"
    assert ae("check", "tools/lib").code == 1


def test_behind_two_hyphens_all_are_paths(ae: Command, workspace: Path) -> None:
    fill(workspace, {"-x.py": BLOCKED, "--": BLOCKED, "a.py": BLOCKED})
    done = ae("check", "--format", "jsonl", "a.py", "--", "-x.py", "--", "a.py")
    assert done.code == 1
    assert [line["path"] for line in lines(done)] == ["a.py", "-x.py"]


def test_a_name_of_any_bytes_is_checked_and_shown(ae: Command, workspace: Path) -> None:
    fill(workspace, {os.fsdecode(b"a\xff\x1b.py"): BLOCKED})
    done = ae("check")
    assert done.code == 1
    assert "\x1b" not in done.out
    assert lines(ae("check", "--format", "jsonl"))[0]["path"].startswith("a")


# Standard input


def test_standard_input_is_checked_as_the_path_that_is_given(ae: Command, workspace: Path) -> None:
    fill(workspace, {"enforcer.toml": '[[overrides]]\npaths = ["lib/**"]\nrules.dates = "off"'})
    given = BLOCKED.encode()
    assert ae("check", "-", "--stdin-path", "src/a.py", given=given).out.startswith("src/a.py:1:8: blocked")
    assert ae("check", "-", "--stdin-path", "lib/a.py", given=given).code == 0
    assert ae("check", "-", "--stdin-path", "tests/a.py", given=given).code == 0


def test_standard_input_without_a_path_is_plain_text_and_says_what_to_add(ae: Command) -> None:
    """As ESLint's `<text>`: rules for every language look at it."""
    token = "-----BEGIN RSA PRIVATE " + "KEY-----\n"
    done = ae("check", "-", given=(BLOCKED + token + "MIIEpAIBAAKCAQEA" * 4 + "\n").encode())
    assert done.code == 1
    assert [line.partition(": ")[0] for line in done.out.splitlines()[:1]] == ["stdin:2:1"]
    assert done.err == (
        "auto-enforcer: checking standard input as plain text; "
        "add `--stdin-path FILE` to say which file it stands for\n"
    )
    assert ae("check", "-", "--stdin-path", "a.py", given=b"x = 1\n").err == ""


@pytest.mark.parametrize("size", [0, 1_000, 65_535, 65_536, 65_537, 500_000])
def test_standard_input_of_any_length_is_checked(ae: Command, size: int) -> None:
    filling = b"x = 1\n" * (size // 6)
    done = ae("check", "-", "--stdin-path", "a.py", "--format", "jsonl", given=filling + BLOCKED.encode())
    assert [line["line"] for line in lines(done)] == [size // 6 + 1]


# The policy


def test_an_invalid_policy_exits_with_2_and_is_told_at_its_place(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": "x = 1\n", "sub/enforcer.toml": 'rules.dats = "off"\n', "sub/b.py": BLOCKED})
    done = ae("check")
    assert done.code == 2
    assert "sub/enforcer.toml:1:7" in done.out
    assert "unknown rule or family `dats`; did you mean `dates`?" in done.out
    assert "sub/b.py:1:8: blocked" in done.out
    assert ae("check", "a.py").code == 0
    assert ae("check", "--jobs", "2").code == 2


def test_a_policy_for_another_version_exits_with_2(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": "x = 1\n", "enforcer.toml": 'required-version = ">=99"\nwhatever = 1'})
    done = ae("check")
    assert done.code == 2
    assert "install a version that matches `>=99`" in done.out
    assert "whatever" not in done.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "-", "--stdin-path", "a.py"],
        ["config", "a.py"],
        ["why", "a.py:1"],
        ["rules", "--active", "a.py"],
        ["rules", "test"],
        ["suppressions"],
        ["baseline"],
    ],
    ids=lambda words: words[0],
)
def test_no_command_passes_for_a_policy_of_another_version(
    ae: Command, workspace: Path, arguments: list[str]
) -> None:
    fill(workspace, {"a.py": "print(1)\n", "enforcer.toml": 'required-version = ">=99"\n'})
    done = ae(*arguments)
    assert done.code == 2
    assert "this is auto-enforcer " in done.out + done.err


def test_a_stage_says_what_would_be_blocked(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": BLOCKED, "enforcer.toml": 'stage = "observe"\n'})
    done = ae("check")
    assert done.code == 0
    assert "a.py:" not in done.out
    said = (
        "; 1 would be blocked at stage `block`\nwould be blocked: dates/impossible-date (1)\n"
        "only observed: 1 violation (`-v` names what)\n"
    )
    assert said in done.out
    assert "a.py:1:8: blocked (stage observe) dates/impossible-date" in ae("check", "-v").out
    assert said in ae("check", "--jobs", "2").out
    fill(workspace, {"enforcer.toml": 'stage = "block"\nfrom = 2026-11-23\n'})
    done = ae("check")
    assert done.code == 0
    assert "a.py:1:8: blocked (stage warn) dates/impossible-date" in done.out
    assert done.out.endswith("would be blocked: dates/impossible-date (1)\n")
    done = ae("check", AUTO_ENFORCER_TODAY="2026-11-23")
    assert done.code == 1
    assert "would be blocked" not in done.out


@pytest.mark.parametrize(
    ("policy", "codes"),
    [
        ('[rules]\ndates = { stage = "block", from = 2026-11-23 }\n', (0, 1)),
        ('[rules]\n"dates/impossible-date" = { stage = "block", from = 2026-11-23 }\n', (0, 1)),
        ('[rules]\n"dates/impossible-date" = { stage = "warn", from = 2026-11-23 }\n', (0, 0)),
        ('[[overrides]]\npaths = ["a.py"]\nstage = "block"\nfrom = 2026-11-23\n', (0, 1)),
        ('[[overrides]]\npaths = ["b.py"]\nstage = "block"\nfrom = 2026-11-23\n', (1, 1)),
    ],
)
def test_a_stage_stands_on_a_family_a_rule_or_an_override(
    ae: Command, workspace: Path, policy: str, codes: tuple[int, int]
) -> None:
    fill(workspace, {"a.py": BLOCKED, "enforcer.toml": policy})
    assert (ae("check").code, ae("check", AUTO_ENFORCER_TODAY="2026-11-23").code) == codes


def test_a_suppression_takes_a_violation_out_and_is_counted(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": 'when = "2026-02-28"  # enforcer: allow[dates/hardcoded-date]: a test\n'})
    assert ae("check").out == "nothing found in 1 file; 1 suppressed\n"


# Formats


def test_json_lines_have_places_from_1(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": "\n" + BLOCKED})
    (line,) = lines(ae("check", "--format", "jsonl"))
    assert {key: line[key] for key in ("path", "line", "column", "end_line", "end_column")} == {
        "path": "a.py",
        "line": 2,
        "column": 8,
        "end_line": 2,
        "end_column": 20,
    }
    assert (line["rule"], line["severity"], line["scope"]) == ("dates/impossible-date", "blocked", "new")
    assert line["message"]


@pytest.mark.parametrize("format", ["json", "sarif"])
def test_json_and_sarif_are_whole_documents_also_without_violations(
    ae: Command, workspace: Path, format: str
) -> None:
    fill(workspace, {"a.py": "x = 1\n"})
    assert json.loads(ae("check", "--format", format).out)
    fill(workspace, {"a.py": BLOCKED, "b.py": b"\0"})
    done = ae("check", "--format", format, ".", "none.py")
    assert done.code == 2
    assert "dates/impossible-date" in json.dumps(json.loads(done.out))
    assert "none.py" in done.out


def test_colours_are_for_terminals_or_on_demand(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": BLOCKED})
    assert "\x1b[" not in ae("check").out
    assert "\x1b[" in ae("check", "--color", "always").out
    assert "\x1b[" not in ae("check", "--color", "never").out


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_terminal_gets_the_same_lines_in_colour(
    ae: Command, workspace: Path, cache: Path, width: int
) -> None:
    """Whole: a terminal folds them itself, and a place stays one to click."""
    fill(workspace, {"a.py": BLOCKED, "b.py": WARNED})
    plain = ae("check").out
    done = on_terminal(["check"], workspace, cache, width)
    done = done._replace(out=shown(done.out))
    assert "\x1b[31mblocked\x1b[0m" in done.out
    assert "\x1b[33mwarning\x1b[0m" in done.out
    assert re.sub(r"\x1b\[\d*m", "", done.out) == plain
    for quiet in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        done = on_terminal(["check"], workspace, cache, width, quiet)
        assert (done.code, shown(done.out)) == (1, plain)
    assert "\x1b[" in on_terminal(["check", "--color", "always"], workspace, cache, width, quiet).out


def test_how_far_a_long_run_is_is_shown_while_it_runs(ae: Command, workspace: Path, cache: Path) -> None:
    """A clock that goes a thousand times as fast makes it one."""
    fill(workspace, {"a.py": BLOCKED, "b.py": WARNED})
    plain = ae("check").out
    code = "import time\nclock = time.monotonic\ntime.monotonic = lambda: clock() * 1_000\n"
    fill(workspace.parent, {"code/sitecustomize.py": code})
    path = os.pathsep.join((str(workspace.parent / "code"), str(SERVER)))
    done = on_terminal(["check"], workspace, cache, 80, {"NO_COLOR": "1", "PYTHONPATH": path})
    assert "checked 1 of 2 files, at a.py\r" in done.out
    assert (done.code, shown(done.out)) == (1, plain)


@pytest.mark.parametrize("path", ["a.py", "src/" * 40 + "a.py", "src/ä/" * 20, "\x1b[2J"])
def test_how_far_a_run_is_fits_on_one_line_of_the_terminal(path: str) -> None:
    for width in (1, 10, 20, 40, 80, 200):
        for count in (1, 12_345_678):
            said = progress_line(count, path, width)
            assert len(said) < width
            assert said.isprintable()
            assert len(progress_line(count, path, width, 12_345_679)) < width
    assert progress_line(1, "a.py", 80) == "checked 1 file, at a.py"
    assert progress_line(5, "a.py", 80, 20) == f"[#####{'-' * 15}] checked 5 of 20 files, at a.py"
    assert progress_line(21, "a.py", 80, 20) == f"[{'#' * 20}] checked 20 of 20 files, at a.py"
    assert progress_line(20, "src/" * 40 + "a.py", 40) == "checked 20 files, at …/src/src/src/a.py"
    assert progress_line(20, "src/ä/a.py", 40) == "checked 20 files"


def test_timings_name_the_rules_that_looked(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": BLOCKED})
    done = ae("check", "--timings")
    assert done.code == 1
    assert "dates/impossible-date" in done.err


# Several processes


def test_several_processes_give_the_same_answers_in_the_same_order(ae: Command, workspace: Path) -> None:
    fill(workspace, {f"f{number:03}/a.py": "\n" * number + BLOCKED for number in range(200)})
    one = ae("check", "--jobs", "1", "--format", "jsonl")
    assert len(lines(one)) == 200
    assert ae("check", "--jobs", "3", "--format", "jsonl") == one
    assert ae("check", "--jobs", "3") == ae("check", "--jobs", "1")


def test_processes_agree_on_the_workspace_of_a_folder_outside(ae: Command, tmp_path: Path) -> None:
    """Asked from inside a repository for what is in none: the first folder that is met is the workspace, and
    a process may be handed files of one below it."""
    here, tree = tmp_path / "here", tmp_path / "tree"
    (here / ".git").mkdir(parents=True)
    for folder in ("a", "test/unit", "test/unit/more", "z"):
        for number in range(cli_jobs.BATCH):
            path = tree / folder / f"m{number:03}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("print(1)\ntry:\n    pass\nexcept:\n    pass\n")
    one = ae("check", "--no-cache", "--format", "jsonl", "--jobs", "1", str(tree), folder=here)
    assert one.code == 1
    assert len(set(re.findall(r'"severity": ?"(\w+)"', one.out))) == 2
    for _ in range(3):
        two = ae("check", "--no-cache", "--format", "jsonl", "--jobs", "4", str(tree), folder=here)
        assert two == one


def test_rows_go_from_process_to_process_some_at_a_time(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many a file has, nobody holds them all: not whoever finds them, not whoever prints them."""
    fill(workspace, {"a.py": BLOCKED * 1_000, "b.py": "x = 1\n", "c.py": BLOCKED})
    monkeypatch.chdir(workspace)
    monkeypatch.setattr(cli_jobs._Worker, "workspaces", None)
    cli_jobs._begin((), str(workspace), b"", None)
    packets = list(cli_jobs._check(([Found(str(workspace / f"{name}.py")) for name in "abc"], {})))
    sizes = [sum(len(part.rows) for part in packet if isinstance(part, cli_jobs._More)) for packet in packets]
    assert sizes == [256, 256, 256, 233]
    taken = 0

    def parts() -> Iterator[Any]:
        nonlocal taken
        for packet in packets:
            taken += 1
            yield from packet

    handed_over = parts()
    items = cli_jobs._handed_over(handed_over, None)
    report = next(items)
    assert isinstance(report, Report)
    rows = iter(report.rows)
    seen = [taken for _ in zip(range(300), rows, strict=False)]
    assert (seen[0], seen[255], seen[256]) == (1, 1, 2)
    assert len(list(rows)) == 700
    assert list(items) == []
    counts = {}
    for _ in "bc":
        for item in cli_jobs._handed_over(handed_over, None):
            assert isinstance(item, Report)
            counts[item.path] = len(list(item.rows))
    assert counts == {"b.py": 0, "c.py": 1}
    # A report whose rows nobody asks for keeps no one from the next.
    handed_over = parts()
    paths = [
        item.path
        for _ in "abc"
        for item in cli_jobs._handed_over(handed_over, None)
        if isinstance(item, Report)
    ]
    assert paths == ["a.py", "b.py", "c.py"]


# How it ends before its end


def _many(workspace: Path) -> None:
    fill(workspace, {"a.py": BLOCKED * 20_000})


@pytest.mark.parametrize("more", [[], ["--jobs", "2"], ["--format", "sarif"]])
def test_a_reader_that_goes_away_ends_it_without_a_word(
    workspace: Path, cache: Path, more: list[str]
) -> None:
    _many(workspace)
    process = subprocess.Popen(
        command("check", *more),
        cwd=workspace,
        env=environment(cache),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait(PATIENCE) == 2
    assert said == b""


@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
@pytest.mark.skipif(signal.getsignal(signal.SIGINT) == signal.SIG_IGN, reason="who started this ignores it")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt_ends_it_with_one_line(workspace: Path, cache: Path, jobs: str) -> None:
    _many(workspace)
    process = subprocess.Popen(
        command("check", "--jobs", jobs, "--format", "jsonl"),
        cwd=workspace,
        env=environment(cache),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    process.stdout.read(10)  # it is under way, and stands still at the full pipe
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert said == b"interrupted\n"


def test_a_file_that_goes_away_under_way_does_not_stop_the_run(workspace: Path, cache: Path) -> None:
    fill(workspace, {"a.py": BLOCKED * 5_000, "b.py": BLOCKED, "c.py": BLOCKED})
    process = subprocess.Popen(
        command("check", "--format", "jsonl", "--jobs", "1"),
        cwd=workspace,
        env=environment(cache),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.read(10)
    (workspace / "b.py").unlink()
    rest = process.stdout.read()
    process.stdout.close()
    assert process.wait(PATIENCE) in (1, 2)
    assert '"c.py"' in rest
    assert '"b.py"' not in rest


# What it loads


def test_it_starts_without_what_it_does_not_need(workspace: Path, cache: Path) -> None:
    fill(workspace, {"a.py": WARNED})
    compile_patterns = (
        "from auto_enforcer.session import scanners\n"
        "for one in map(scanners(), (None, 'python')):\n"
        "    assert one.settle(300)"
    )
    check = (
        "import sys; from auto_enforcer.cli import main; main(['check', 'a.py']);"
        "sys.stderr.write(' '.join(sys.modules))"
    )
    # The first run of all on a machine compiles the patterns in a child process; every later one is as here.
    _, done = (
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=workspace,
            env=environment(cache),
            capture_output=True,
            check=True,
            text=True,
        )
        for program in (compile_patterns, check)
    )
    loaded = set(done.stderr.split())
    unwanted = {
        "pygls",
        "lsprotocol",
        "asyncio",
        "hashlib",
        "tomllib",
        "subprocess",
        "multiprocessing",
        "pathspec",
    }
    assert not loaded & unwanted


def test_reading_a_policy_is_for_workspaces_that_have_one(ae: Command, workspace: Path) -> None:
    fill(workspace, {"pyproject.toml": "[project]\nname = 'x'\n", "a.py": "x = 1\n"})
    first = "import atexit, sys; atexit.register(lambda: print('modules:', *sys.modules))\n"
    (workspace / "code").mkdir()
    (workspace / "code" / "sitecustomize.py").write_text(first)
    path = os.pathsep.join((str(workspace / "code"), str(SERVER)))

    def loaded() -> set[str]:
        return set(ae("check", "a.py", PYTHONPATH=path).out.partition("modules: ")[2].split())

    readers = {"auto_enforcer.policy_file", "tomllib"}
    assert not loaded() & readers
    fill(workspace, {"pyproject.toml": "[tool.auto-enforcer]\n"})
    assert readers <= loaded()


BROKEN = 'excludes = []\nstag = "warn"\n[rules]\n"logging/print-call" = "off"\n'
OF_A_RULE = '[rules]\n"logging/print-call" = "off"\n[[rule]]\nid = "acme/x"\nmessage = "m"\n'


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "markdown", "html", "github", "sarif", "junit"])
def test_a_run_says_what_holds_in_spite_of_a_mistake_in_the_policy(
    ae: Command, workspace: Path, form: str
) -> None:
    fill(workspace, {"enforcer.toml": "", "sub/enforcer.toml": BROKEN, "sub/a.py": "print(1)\n"})
    done = ae("check", "--format", form)
    told = unescape(re.sub("</?code>", "`", done.out + done.err))
    assert done.code == 2
    assert "unknown key `excludes`" in told
    assert "(nothing of `sub/enforcer.toml` is used; the defaults are used in its place)" in told
    assert "logging/print-call" in done.out
    assert "nothing of `enforcer.toml`" not in told


def test_of_several_mistakes_the_last_says_what_holds(ae: Command, workspace: Path) -> None:
    fill(workspace, {"enforcer.toml": BROKEN, "a.py": "print(1)\n"})
    for done in (ae("check"), ae("check", "-", "--stdin-path", "a.py", stdin="print(1)\n")):
        assert done.code == 2
        told = done.out.splitlines()[-2:]
        assert told[0].startswith("error: enforcer.toml:1:1: excludes: unknown key `excludes`")
        assert [line.count("is used; the defaults are used") for line in told] == [0, 1]


def test_a_rule_with_a_mistake_leaves_the_rest_of_the_policy_in_force(ae: Command, workspace: Path) -> None:
    fill(workspace, {"enforcer.toml": OF_A_RULE, "a.py": "print(1)\n"})
    done = ae("check")
    assert done.code == 2
    assert done.out.endswith("(the rest of `enforcer.toml` is used)\n")
    assert "logging/print-call" not in done.out


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@pytest.mark.parametrize("paths", [[], ["a", "b"], ["b", "a"]])
def test_a_file_and_the_links_to_it_are_checked_once(ae: Command, workspace: Path, paths: list[str]) -> None:
    fill(workspace, {"a/own.py": BLOCKED, "b/own.py": "x = 1\n"})
    (workspace / "b" / "link.py").symlink_to("../a/own.py")
    (workspace / "b" / "further.py").symlink_to("link.py")
    done = ae("check", *paths)
    assert done.out.count("blocked dates/impossible-date") == 1
    assert "1 blocked, 0 warnings in 1 of 2 files\n" in done.out
    named = ae("check", "b/link.py", "b/own.py")
    assert named.out.startswith("b/link.py:1:8: blocked")
