"""What is kept of a workspace between runs: what it says, who adds to it, what harms it and what does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from auto_enforcer import engine, history
from auto_enforcer.history import Failed, History, Point
from auto_enforcer.lsp.scan_worker import Job, Jobs, Worker
from command import TODAY, Command, environment, fill, take_patterns
from lsp.stdio import Client
from lsp.test_scan import scanned
from test_results import RAISING

FILES = {"a.py": "print(1)\nprint(2)\n", "b.py": "breakpoint()\n"}


@pytest.fixture
def own(tmp_path: Path, cache: Path) -> dict[str, str]:
    """A place for what is kept, with nothing in it but compiled patterns."""
    take_patterns(cache / "auto-enforcer", tmp_path / "kept")
    return {"AUTO_ENFORCER_CACHE_DIR": str(tmp_path / "kept")}


def days(ae: Command, own: dict[str, str]) -> list[tuple[str, int, int, int]]:
    told = json.loads(ae("session", "--format", "json", **own).out)["history"]["days"]
    return [tuple(one.values()) for one in told]


def test_a_day_has_the_counts_of_its_last_run_over_the_whole_workspace(
    ae: Command, workspace: Path, own: dict[str, str]
) -> None:
    fill(workspace, FILES)
    assert ae("check", **own).code == 1
    ae("check", **own, AUTO_ENFORCER_TODAY="2026-11-20")
    assert days(ae, own) == [("2026-11-20", 1, 2, 0), ("2026-11-22", 1, 2, 0)]
    (workspace / "b.py").write_text("x = 1\n")
    ae("baseline", **own)
    ae("check", **own)
    expected = [("2026-11-20", 1, 2, 0), ("2026-11-22", 0, 2, 2)]
    assert days(ae, own) == expected
    for less in (["a.py"], ["--rule", "debt"], ["."] * 2 + ["a.py"], ["--staged"], ["--new"]):
        ae("check", *less, **own)
    ae("check", "-", "--stdin-path", "a.py", given=b"breakpoint()\n", **own)
    assert days(ae, own) == expected


def test_what_is_kept_is_shown_and_removed(ae: Command, workspace: Path, own: dict[str, str]) -> None:
    fill(workspace, FILES | {f"filler/f{number}.txt": f"{number}\n" for number in range(40)})
    assert ae("session", **own).out.splitlines() == [
        f"workspace {workspace}",
        "history   none yet; `auto-enforcer check` of the whole workspace begins one",
        "results   none yet; `auto-enforcer check` keeps those of many files",
    ]
    ae("check", **own)
    first, kept, results, *table = ae("session", "filler/f1.txt", **own).out.splitlines()
    place = os.path.join(own["AUTO_ENFORCER_CACHE_DIR"], "")
    assert first == f"workspace {workspace}"
    assert kept.startswith(f"history   {place}")
    assert kept.endswith(", 1 day)")
    assert results.startswith(f"results   {place}")
    assert results.endswith(", of 42 files)")
    assert table == ["", "day            blocked  warnings  historical", f"2026-11-22  {1:10}  {2:8}  {0:10}"]
    gone = ae("session", "--forget", **own).out.splitlines()
    assert [line.rpartition(".")[2] for line in gone] == ["history", "results"]
    assert not list(Path(place).glob("*.history*")) + list(Path(place).glob("*.results*"))
    assert ae("session", "--forget", **own).out == "there was nothing to remove\n"


def test_a_path_that_is_not_there_is_told(ae: Command) -> None:
    done = ae("session", "nowhere")
    assert (done.code, done.out) == (2, "")
    assert done.err == "auto-enforcer: nowhere: there is no such file or folder\n"


def test_the_report_shows_the_days_up_to_its_own(ae: Command, workspace: Path, own: dict[str, str]) -> None:
    fill(workspace, FILES)
    for day in ("2026-11-20", "2026-11-22", "2026-12-24"):
        ae("check", **own, AUTO_ENFORCER_TODAY=day)
    (workspace / "b.py").write_text("x = 1\n")
    page = ae("check", "--format", "html", **own).out
    assert "From 2026-11-20 to 2026-11-22: blocked from 1 to 0, warnings from 2 to 2" in page
    assert "2026-12-24" not in page
    assert "<h3>Trend</h3>" not in ae("check", "--format", "html", "a.py", **own).out


def test_a_rule_that_could_not_run_is_kept_and_the_day_is_not(
    ae: Command, workspace: Path, own: dict[str, str]
) -> None:
    fill(workspace, {"a.py": "# TODO: x\n", "b.py": "# TODO: y\n"})
    program = f"import sys\n{RAISING}\nfrom auto_enforcer.cli import main\nsys.exit(main(['check']))"
    kept = Path(own["AUTO_ENFORCER_CACHE_DIR"])
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=workspace, env=environment(kept, own), check=False
    )
    assert ran.returncode == 2
    assert days(ae, own) == []
    *_, title, one = ae("session", **own).out.splitlines()
    assert title == "rules that could not run, and when that was last so"
    assert one == "2026-11-22  `debt/todo-without-reference` in 2 files"


def test_a_scan_counts_what_a_check_counts(
    ae: Command, workspace: Path, own: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(workspace, FILES)
    ae("check", **own, AUTO_ENFORCER_TODAY="2026-11-20")
    variables = environment(Path(own["AUTO_ENFORCER_CACHE_DIR"]), own)
    with Client(env=variables) as client:
        client.initialize(workspace)
        scanned(client)
    (_, *command), (_, *scan) = days(ae, own)
    assert command == scan == [1, 2, 0]


def test_a_scan_looks_at_no_file_again_that_is_as_it_was(
    ae: Command, workspace: Path, own: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether a scan or the command has looked at it before, and whatever server that was in."""
    checked: list[int] = []
    real = engine.check
    monkeypatch.setattr(engine, "check", lambda *one, **named: checked.append(1) or real(*one, **named))
    for name, value in own.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AUTO_ENFORCER_TODAY", TODAY)
    fill(workspace, FILES | {f"filler/f{number}.txt": f"{number}\n" for number in range(40)})

    def scan(number: int) -> tuple[int, list[str]]:
        """How many files are checked, and what is told of them."""
        told: list[str] = []
        options = {"encoding": "utf-16", "most": 100, "relates": True}
        worker = Worker(options, Jobs(), lambda head, body: told.append(f"{head['kind']} {body}"))
        checked.clear()
        worker.do(Job(number, str(workspace), ("",), ()))
        return len(checked), [one for one in told if not one.startswith("count")]

    count, told = scan(1)
    assert count == 42
    assert scan(2) == (0, told)
    fill(workspace, {"a.py": "print(3)\n"})
    assert scan(3)[0] == 1
    fill(workspace, {"a.py": FILES["a.py"]})
    assert scan(4) == (0, told)
    ae("session", "--forget", **own)
    ae("check", **own)
    assert scan(5) == (0, told)


# The file


def test_days_and_rules_are_bounded_and_the_last_ones_stay(tmp_path: Path) -> None:
    path = str(tmp_path / "a.history")
    first = date(2024, 1, 1)
    names = [f"family/{number}" for number in range(history.MOST_RULES + 5)]
    for number in range(history.MOST_DAYS - 2, history.MOST_DAYS + 2):
        # As if each day had been noted: what was noted before is read again.
        some = tuple(Point(str(first + timedelta(days=one)), one, 2, 1) for one in range(number))
        (tmp_path / "a.history").write_bytes(history._written(History(some)))
        assert history.note(path, str(first + timedelta(days=number)), (number, 2, 1), {}) == ""
    assert history.note(path, "2020-01-01", (1, 1, 1), dict.fromkeys(names, 1)) == ""
    points, failed = history.read(path)
    assert len(points) == history.MOST_DAYS
    assert points[-1].blocked == history.MOST_DAYS + 1
    assert len(failed) == history.MOST_RULES
    assert os.path.getsize(path) < history.LARGEST


def test_damage_of_any_sort_is_as_if_there_were_none_and_is_mended(tmp_path: Path) -> None:
    file = tmp_path / "a.history"
    history.note(str(file), "2026-11-22", (1, 2, 0), {"debt/x": 3})
    whole = file.read_bytes()
    assert history.read(str(file)) == History(
        (Point("2026-11-22", 1, 2, 0),), (Failed("debt/x", "2026-11-22", 3),)
    )
    flipped = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(len(whole))]
    cut = [whole[:at] for at in range(len(whole))]
    other = whole.replace(b"history 1", b"history 2")
    for damaged in (*flipped, *cut, whole + b"found 2026-11-23 1 2 0\n", other, b"\xff" * 100):
        file.write_bytes(damaged)
        assert history.read(str(file)) == History(), damaged
    history.note(str(file), "2026-11-22", (1, 2, 0), {"debt/x": 3})
    assert file.read_bytes() == whole
    file.unlink()
    file.mkdir()
    assert history.read(str(file)) == History()
    assert history.note(str(file), "2026-11-22", (1, 2, 0), {}) != ""
    assert list(tmp_path.iterdir()) == [file]


def test_what_others_could_have_written_does_not_count(tmp_path: Path) -> None:
    file = tmp_path / "a.history"
    history.note(str(file), "2026-11-22", (1, 2, 0), {})
    os.chmod(file, 0o666)
    assert history.read(str(file)) == History()


NOTING = """
import sys
from auto_enforcer import engine, history
for number in range(25):
    assert history.note(sys.argv[1], f"20{number:02}-01-{int(sys.argv[2]):02}", (number, 0, 0), {}) == ""
"""


def test_several_processes_lose_nothing_of_each_other(tmp_path: Path) -> None:
    path = str(tmp_path / "a.history")
    children = [
        subprocess.Popen([sys.executable, "-c", NOTING, path, str(one)], env=environment(tmp_path))
        for one in range(1, 5)
    ]
    assert [child.wait() for child in children] == [0] * 4
    assert len(history.read(path).points) == 100
    assert [one.name for one in tmp_path.iterdir()] == ["a.history"]


def test_processes_that_are_killed_leave_what_they_had_kept(tmp_path: Path) -> None:
    path = str(tmp_path / "a.history")
    endless = NOTING.replace("range(25)", "range(99)").replace(
        "    assert", "    print(number, flush=True)\n    assert"
    )
    for turn in range(8):
        child = subprocess.Popen(
            [sys.executable, "-c", endless, path, "1"], env=environment(tmp_path), stdout=subprocess.PIPE
        )
        assert child.stdout is not None
        for _ in range(turn * 3 + 2):
            child.stdout.readline()
        child.kill()
        child.communicate()
        kept = history.read(path).points
        assert [point.blocked for point in kept] == list(range(len(kept)))
        assert len(kept) > turn * 3, "what was kept before"
    assert history.note(path, "2200-01-01", (1, 0, 0), {}) == ""
    assert history.read(path).points[-1].day == "2200-01-01"


def test_histories_are_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MOST_FILES", 3)
    for number in range(5):
        path = tmp_path / f"{number}.history"
        history.note(str(path), "2026-11-22", (1, 2, 0), {})
        os.utime(path, (number, number))
    left = {one.name for one in tmp_path.iterdir()}
    assert left == {"2.history", "3.history", "4.history"}
