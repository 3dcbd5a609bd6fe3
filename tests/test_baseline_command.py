"""The baseline in the command: `auto-enforcer baseline` writes and prunes it, `check` goes by it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from auto_enforcer.baseline import Baseline, Digests, Identity
from auto_enforcer.baseline_rows import identity
from auto_enforcer.files import BASELINE
from auto_enforcer.session import Session
from command import Command, Files, fill
from test_baseline import git
from tokens import token

BAD = "print(1)\nprint(2)\ntry:\n    due()\nexcept:\n    pass\n"
SECRET = f'key = "{token("github-token")}"\n'
CLEAN = "total = 1\n"


def found(ae: Command, *arguments: str, **more: Any) -> tuple[int, list[str], Mapping[str, Any]]:
    """The exit code of a check, `path:line rule scope` of each violation, and the summary."""
    done = ae("check", "--format", "json", *arguments, **more)
    told = json.loads(done.out)
    rows = [f"{one['path']}:{one['line']} {one['rule']} {one['scope']}" for one in told["violations"]]
    return done.code, rows, told["summary"]


def new(ae: Command, *arguments: str) -> list[str]:
    """What a check calls new."""
    return [row.removesuffix(" new") for row in found(ae, *arguments)[1] if row.endswith(" new")]


def entries(workspace: Path) -> list[str]:
    """The entries' paths and rules."""
    lines = (workspace / BASELINE).read_text().splitlines()
    return [" ".join(line.split()[:2]) for line in lines if len(line.split()) == 5]


@pytest.fixture
def written(workspace: Path, ae: Command) -> Path:
    """A workspace with a baseline of all that is found in it."""
    fill(workspace, {"a.py": BAD, "b/c d.py": SECRET + BAD, "clean.py": CLEAN})
    done = ae("baseline")
    assert done.code == 0, done.err
    assert done.out.startswith(f"wrote {BASELINE}: 9 entries (9 added, 0 dropped); 1 secret still readable")
    return workspace


def test_what_is_in_the_baseline_is_old_and_gates_nothing(written: Path, ae: Command) -> None:
    code, rows, summary = found(ae)
    assert code == 0
    assert {row.rpartition(" ")[2] for row in rows} == {"historical"}
    assert (summary["historical"], summary["baselined"], summary["unused_baseline_entries"]) == (9, 9, 0)
    shown = ae("check")
    assert "a.py:5:1: blocked (historical) errors/swallowed-exception" in shown.out
    assert "; 9 of them historical, in the baseline; nothing new is blocked\n" in shown.out
    assert "unused" not in shown.out
    fill(written, {"new.py": BAD})
    assert "; 9 of them historical, in the baseline; 1 new is blocked\n" in ae("check").out


def test_the_file_is_sorted_and_finds_nothing_in_itself(written: Path, ae: Command) -> None:
    fill(written, {"enforcer.toml": 'extends = ["all"]\n'})
    ae("baseline")
    lines = (written / BASELINE).read_bytes().split(b"\n")[2:-1]
    assert lines == sorted(lines)
    assert not [row for row in found(ae)[1] if row.startswith(BASELINE)]
    assert Baseline((written / BASELINE).read_bytes()).mistakes == ()


def test_a_second_copy_and_another_secret_are_new(written: Path, ae: Command) -> None:
    """Wherever old ones went meanwhile."""
    other = SECRET.replace(token("github-token"), token("github-token", 7))
    assert other != SECRET
    fill(written, {"a.py": f"import a\n\n    # moved\n{BAD}print(3)\n", "b/c d.py": other + BAD})
    code, *_ = found(ae)
    assert code == 1
    assert new(ae) == ["a.py:10 logging/print-call", "b/c d.py:1 secrets/github-token"]
    fill(written, {"a.py": f"print(3)\n{BAD}", "b/c d.py": f"{BAD}{BAD}"})
    assert new(ae, "a.py") == ["a.py:1 logging/print-call"]
    assert len(new(ae, "b")) == 4


def test_a_new_place_is_new(written: Path, ae: Command) -> None:
    """What stands in a file of another name was not there."""
    os.rename(written / "a.py", written / "moved.py")
    assert len(new(ae)) == 4
    assert found(ae)[2]["unused_baseline_entries"] == 4


@pytest.mark.parametrize("historical", ["stdin", "processes"])
def test_every_way_to_check_goes_by_it(written: Path, ae: Command, historical: str) -> None:
    if historical == "stdin":
        code, rows, _ = found(ae, "-", "--stdin-path", "a.py", given=BAD.encode())
        assert (code, len(rows)) == (0, 4)
        assert {row.rpartition(" ")[2] for row in rows} == {"historical"}
        assert (
            found(ae, "-", "--stdin-path", "a.py", given=(BAD + "print(3)\n").encode())[2]["historical"] == 4
        )
    else:
        code, rows, summary = found(ae, "--jobs", "2")
        assert (code, summary["baselined"]) == (0, 9)


def test_kept_results_go_by_the_baseline_as_it_is_now(written: Path, ae: Command) -> None:
    """What earlier runs found is found again; what of it is old is not kept."""
    fill(written, {f"more/{number}.py": BAD for number in range(40)})
    assert len(new(ae)) == 160
    assert ae("baseline", "more/7.py").code == 0
    again = new(ae)
    assert len(again) == 156
    assert not [row for row in again if "more/7.py" in row]
    assert again == new(ae, "--no-cache") == new(ae, "--jobs", "2")
    (written / BASELINE).unlink()
    assert len(new(ae)) == 169


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("above", ["a.py:2"]),
        ("below", ["a.py:4"]),
        ("edited", []),
        ("replaced", []),
        ("moved", []),
        ("another file", ["b.py:1"]),
    ],
)
def test_compared_with_a_base_a_copy_is_new_wherever_it_is_put(
    workspace: Path, ae: Command, change: str, expected: list[str]
) -> None:
    """What stood in the base has the entries first: else a copy would take one, and what it takes it from
    would be old by the base."""
    line = "breakpoint()\n"
    text = f"{line}x = 1\n{line}"
    os.rmdir(workspace / ".git")
    git(workspace, "init", "-q")
    fill(workspace, {"a.py": text, "z.py": "y = 1\n"})
    assert ae("baseline").code == 0
    git(workspace, "add", "-A")
    git(workspace, "commit", "-qm", "base")
    changed = {
        "above": {"a.py": line + text},
        "below": {"a.py": text + line},
        "edited": {"a.py": text.replace("1", "2").replace(line, "if x: breakpoint()\n", 1)},
        "replaced": {"a.py": f"y = 2\n\nx = 1\n{line}z = 3\n{line}"},
        "moved": {"a.py": f"import a\n\ndef b():\n    {line}x = 1\n    {line}"},
        "another file": {"b.py": line},
    }
    fill(workspace, {**changed[change], "z.py": "y = 2\n"})
    code, rows, _ = found(ae, "--new")
    assert [row.split()[0] for row in rows if row.endswith(" new")] == expected
    assert code == bool(expected)


def test_what_is_staged_or_committed_is_judged_by_the_baseline_beside_it(
    workspace: Path, ae: Command
) -> None:
    """Entries on the disk that are not staged open no gate, nor do those of a later commit."""
    os.rmdir(workspace / ".git")
    git(workspace, "init", "-q")
    fill(workspace, {"a.py": "x = 1\n"})
    git(workspace, "add", "-A")
    git(workspace, "commit", "-qm", "base")
    fill(workspace, {"a.py": "x = 1\nbreakpoint()\n"})
    git(workspace, "add", "-A")
    assert ae("baseline").code == 0
    assert ae("check").code == 0
    assert ae("check", "--staged").code == 1
    git(workspace, "commit", "-qm", "change")
    git(workspace, "add", BASELINE)
    assert ae("check", "--staged", "--base", "HEAD~1").code == 0
    assert ae("check", "--commit", "HEAD", "--base", "HEAD~1").code == 1
    git(workspace, "commit", "-qm", "baseline")
    (workspace / BASELINE).unlink()
    assert ae("check", "--commit", "HEAD", "--base", "HEAD~2").code == 0
    assert ae("check").code == 1


def test_entries_that_nothing_needs_are_told_and_pruned(written: Path, ae: Command) -> None:
    """Those of files that were looked at, and of those that are gone; the others stay as they are."""
    fill(written, {"a.py": BAD.replace("print(2)\n", ""), "e.py": BAD})
    before = (written / BASELINE).read_bytes()
    os.remove(written / "b/c d.py")
    assert "unused in the baseline: 6 entries (`auto-enforcer baseline --prune`" in ae("check").out
    assert found(ae, "a.py")[2]["unused_baseline_entries"] == 1
    assert found(ae, "--rule", "debt")[2]["unused_baseline_entries"] == 0
    dry = ae("baseline", "--prune", "--dry-run")
    assert dry.out == f"would write {BASELINE}: 3 entries (0 added, 6 dropped)\n"
    assert (written / BASELINE).read_bytes() == before
    assert "8 entries (0 added, 1 dropped)" in ae("baseline", "--prune", "a.py").out
    assert "3 entries (0 added, 5 dropped)" in ae("baseline", "--prune").out
    assert ae("baseline", "--prune").out.startswith("unchanged")
    after = (written / BASELINE).read_bytes()
    assert set(after.split(b"\n")) < set(before.split(b"\n"))
    assert len(new(ae)) == 4


def test_a_part_is_taken_in_and_the_rest_stays(written: Path, ae: Command) -> None:
    fill(written, {"a.py": f"{BAD}print(3)\n", "e.py": BAD})
    assert "(4 added, 0 dropped)" in ae("baseline", "e.py").out
    assert new(ae) == ["a.py:7 logging/print-call"]
    fill(written, {"b/c d.py": CLEAN})
    assert "(1 added, 0 dropped)" in ae("baseline", "a.py").out
    assert "(0 added, 5 dropped)" in ae("baseline").out
    assert new(ae) == []


def test_what_is_allowed_or_says_that_something_is_wrong_is_not_taken_in(
    workspace: Path, ae: Command
) -> None:
    text = "print(1)  # enforcer: allow[logging/print-call]: here\nx = 1  # enforcer: allow[logging]: why\n"
    fill(workspace, {"a.py": text, "b.py": "print(2)\n"})
    assert "1 entry (1 added" in ae("baseline").out
    assert entries(workspace) == ["b.py logging/print-call"]
    assert new(ae) == ["a.py:2 enforcer/unused-suppression"]


def test_nothing_is_made_of_nothing(workspace: Path, ae: Command) -> None:
    fill(workspace, {"a.py": CLEAN})
    assert ae("baseline") == (0, "nothing is found that a baseline takes in\n", "")
    assert ae("baseline", "--prune") == (0, "nothing to drop: there is no entry\n", "")
    assert not (workspace / BASELINE).exists()


def test_a_bad_line_is_told_at_its_place_and_nothing_is_lost(written: Path, ae: Command) -> None:
    """The other lines count; what a merge left must be mended before the file is written."""
    path = written / BASELINE
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines[:3], "<<<<<<< HEAD\n", *lines[3:], "password=hunter2\n"]))
    done = ae("check")
    assert done.code == 2
    assert f"error: {BASELINE}:4:1: a merge left this mark" in done.out
    assert f"error: {BASELINE}:13:1: this is no entry" in done.out
    assert "9 of them historical, in the baseline" in done.out
    assert "hunter2" not in done.out
    before = path.read_bytes()
    for arguments in ((), ("--prune",)):
        refused = ae("baseline", *arguments)
        assert refused.code == 2
        assert f"{BASELINE}:4: a merge left this mark" in refused.err
        assert "nothing was written" in refused.err
    assert path.read_bytes() == before


def test_with_a_broken_policy_nothing_is_written(workspace: Path, ae: Command) -> None:
    fill(workspace, {"a.py": BAD, "enforcer.toml": "[rules]\nlogging = 'of'\n"})
    done = ae("baseline")
    assert done.code == 2
    assert "nothing was written" in done.err
    assert not (workspace / BASELINE).exists()


def test_what_is_switched_off_once_it_is_old_stays_in(workspace: Path, ae: Command) -> None:
    """A generated file and one that cannot be read say nothing of what they do not have."""
    fill(workspace, {"a.py": BAD, "b.py": BAD})
    ae("baseline")
    fill(workspace, {"a.py": f"# @generated\n{BAD}", "b.py": b"\0"})
    assert found(ae)[2]["unused_baseline_entries"] == 0
    assert ae("baseline", "--prune").out.startswith("unchanged")
    assert "(0 added, 0 dropped)" in ae("baseline").out
    assert len(entries(workspace)) == 8


NAMES = ["a b.py", "#.py", "é😀.py", "a%20b.py", "tab\there.py", "-x.py"]


def test_names_may_have_any_characters(workspace: Path, ae: Command) -> None:
    names = [name for name in NAMES if os.name != "nt" or name.isprintable()]
    fill(workspace, dict.fromkeys(names, BAD))
    if os.name != "nt":
        path = os.fsencode(workspace) + b"/\xff\n.py"
        with open(path, "wb") as file:
            file.write(BAD.encode())
    assert ae("baseline").code == 0
    assert new(ae) == []
    assert found(ae)[2]["unused_baseline_entries"] == 0


def test_a_notebook_and_a_path_can_be_taken_in(workspace: Path, ae: Command) -> None:
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**cell, "source": ["# TODO: mend\n", "x = 1\n"]}, {**cell, "source": ['# TODO: "tell"']}]
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "cells": cells,
        "metadata": {"language_info": {"name": "python"}},
    }
    files: Files = {"a.ipynb": json.dumps(notebook), "READme.md": "x\n", "readme.md": "x\n"}
    fill(workspace, files)
    both = "READme.md" in os.listdir(workspace) and "readme.md" in os.listdir(workspace)
    assert len(new(ae)) == 2 + both
    assert ae("baseline").code == 0
    assert new(ae) == []
    cells.insert(0, {**cell, "source": ["# TODO: new\n"]})
    (workspace / "a.ipynb").write_text(json.dumps(notebook))
    assert len(new(ae)) == 1
    assert found(ae, "a.ipynb", "readme.md")[2]["unused_baseline_entries"] == 0


@pytest.mark.skipif(os.name == "nt", reason="modes mean nothing there")
def test_the_file_keeps_its_mode_and_is_written_whole(written: Path, ae: Command) -> None:
    path = written / BASELINE
    path.chmod(0o640)
    fill(written, {"e.py": BAD})
    assert ae("baseline").code == 0
    assert path.stat().st_mode & 0o777 == 0o640
    assert sorted(one.name for one in written.iterdir()) == [
        ".enforcer-baseline",
        ".git",
        "a.py",
        "b",
        "clean.py",
        "e.py",
    ]


def test_a_large_file_is_read_a_block_at_a_time(workspace: Path, ae: Command) -> None:
    """More violations than are held at once: each is known by its own line."""
    text = "".join(f"print({number})\nx = {number}\n" for number in range(2_200))
    fill(workspace, {"a.py": text})
    assert ae("baseline").code == 0
    assert found(ae)[2]["baselined"] == 2_200
    fill(workspace, {"a.py": text + "print('more')\n"})
    assert new(ae) == ["a.py:4401 logging/print-call"]


def test_a_session_reads_it_anew_when_it_has_changed(written: Path) -> None:
    session = Session(str(written))
    report = session.check_file(str(written / "a.py")).report
    assert report is not None
    assert all(verdict.baselined for _, verdict in report.rows)
    assert not session.reload()
    (written / BASELINE).unlink()
    assert session.reload()
    report = session.check_file(str(written / "a.py")).report
    assert report is not None
    assert not any(verdict.baselined for _, verdict in report.rows)


def identities(workspace: Path, text: str) -> dict[str, list[Identity]]:
    """What is found in a text is known by, by rule."""
    session = Session(str(workspace))
    report = session.check_chunks("a.py", [text.encode()], lambda: [text.encode()]).report
    assert report is not None
    applied, digests = session.empty_baseline(), Digests((bytes(16),))
    known: dict[str, list[Identity]] = {}
    for row, _ in report.rows:
        made = identity(row, text.split("\n").__getitem__, applied.every, digests)
        assert made is not None
        known.setdefault(row.violation.rule, []).append(made)
    return known


def test_what_stands_in_the_text_of_others_is_known_without_its_secrets(workspace: Path) -> None:
    """A digest that is quick to make says nothing of a secret, whose own one tells it from others."""
    one, other = (
        identities(workspace, f'except_ = 1\nlogging.info("%s" % "{token("github-token", which)}")\n')
        for which in ("", "2")
    )
    assert one["secrets/github-token"] != other["secrets/github-token"]
    others = one.keys() - {"secrets/github-token"}
    assert others
    assert all(one[rule] == other[rule] for rule in others)
    assert [known.nears for known in one["secrets/github-token"]] == [
        known.nears for known in other["secrets/github-token"]
    ]


def test_a_key_is_known_by_what_it_begins_with(workspace: Path) -> None:
    """The line that is marked is that of every key."""
    begins, ends = (f"-----{word} RSA PRIVATE KEY-----" for word in ("BEGIN", "END"))
    bodies = [token("github-token", which)[4:].ljust(64, "A") for which in ("", "2")]
    one, other = (identities(workspace, f"{begins}\n{body}\n{ends}\n") for body in bodies)
    assert one["secrets/private-key"] != other["secrets/private-key"]
    assert one == identities(workspace, f"x = 1\n{begins}\n{bodies[0]}\n{ends}\n")


def test_a_cell_in_an_editor_goes_by_the_baseline_of_its_notebook(workspace: Path, ae: Command) -> None:
    source = ['x = "a"\n', '# TODO: "tell"\n']
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "cells": [cell]}
    metadata = {"language_info": {"name": "python"}}
    fill(workspace, {"a.ipynb": json.dumps({**notebook, "metadata": metadata})})
    assert ae("baseline").code == 0
    session = Session(str(workspace))
    document = session.open(str(workspace / "a.ipynb"), "python", "".join(source), is_cell=True)
    document.finish()
    assert [verdict.baselined for _, verdict in session.rows(document)] == [True]
    document.change(0, 0, 0, 0, "# TODO: more\n")
    document.finish()
    # What stands around them is told otherwise in the file: which of the two is new nobody knows.
    assert sorted(verdict.baselined for _, verdict in session.rows(document)) == [False, True]


def test_a_merge_of_two_files_is_made_one_again(written: Path, ae: Command) -> None:
    """Each branch has made its own: all lines together cover what one did; half of them nothing needs."""
    path = written / BASELINE
    ours = path.read_bytes()
    path.unlink()
    assert ae("baseline").code == 0
    path.write_bytes(path.read_bytes() + ours)
    assert len(Baseline(path.read_bytes()).salts) == 2
    assert new(ae) == []
    fill(written, {"a.py": f"{BAD}print(3)\n"})
    assert new(ae) == ["a.py:7 logging/print-call"]
    assert found(ae)[2]["unused_baseline_entries"] == 9
    assert f"{BASELINE}: 9 entries (0 added, 9 dropped)" in ae("baseline", "--prune").out
    assert new(ae) == ["a.py:7 logging/print-call"]
    assert f"{BASELINE}: 10 entries" in ae("baseline").out
    read = Baseline(path.read_bytes())
    assert (len(read.salts), read.count) == (1, 10)
    assert new(ae) == []


def test_what_is_old_stays_in_though_it_is_not_shown(written: Path, ae: Command) -> None:
    fill(written, {"enforcer.toml": 'historical = "off"\n'})
    assert found(ae)[:2] == (0, [])
    assert ae("baseline").out.startswith("unchanged")
    assert found(ae)[2]["unused_baseline_entries"] == 0


@pytest.mark.parametrize("kind", ["folder", "link to nothing"])
def test_a_baseline_that_cannot_be_read_counts_for_nothing_and_is_said(
    workspace: Path, ae: Command, kind: str
) -> None:
    fill(workspace, {"a.py": BAD})
    if kind == "folder":
        (workspace / BASELINE).mkdir()
    else:
        (workspace / BASELINE).symlink_to("nowhere")
    done = ae("check", "a.py")
    assert done.code == 2
    assert f"error: {BASELINE}:1:1: the baseline cannot be read" in done.out
    assert "1 blocked" in done.out
    refused = ae("baseline")
    assert refused.code == 2
    assert "nothing was written" in refused.err
