"""Whatever moves between two runs, the second one says from what is kept what it would say without: the
clock, HEAD, a schema, a companion, a mode, the policy, what git is told of files, the baseline."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from command import environment, take_patterns
from repositories import Files, Repository

if shutil.which("git") is None:
    pytest.skip("git is not installed", allow_module_level=True)

MANY_RUNS = """
import contextlib, io, json, os, sys
from auto_enforcer import cli_check, engine
from auto_enforcer.cli import main
cli_check.FEWEST_REUSED = 8
real, checked = engine.check, []
def check(*arguments, **named):
    checked.append(1)
    return real(*arguments, **named)
engine.check = check
for line in sys.stdin:
    arguments, os.environ["AUTO_ENFORCER_TODAY"] = json.loads(line)
    out, err = io.StringIO(), io.StringIO()
    del checked[:]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    print(json.dumps([code, out.getvalue(), err.getvalue(), len(checked)]), flush=True)
"""
"""The command, run over and over, and how many texts each run checked. A few files are worth it here."""

FIRST, NEXT, LAST = "2026-11-22", "2026-11-23", "2027-02-01"

POLICY = """
extends = ["all"]
base = "HEAD"
[rules."files/stale-companion"]
pairs = ["app/model.py -> docs/model.md"]
[rules."files/required-file"]
paths = ["docs/model.md"]
"""
OWN = """
[[rule]]
id = "acme/legacy"
severity = "blocked"
languages = ["python"]
pattern = 'legacy\\('
message = "`legacy` is retired"
"""
FEW_RULES = 'extends = []\n[rules]\n"dates/passed-deadline" = "warning"\n'
SCHEMA = "model Order {\n  id String @id\n  tenantId String\n}\n"
NOTEBOOK = {
    "cells": [
        {
            "cell_type": "code",
            "execution_count": None,
            "metadata": {},
            "outputs": [],
            "source": [
                "# TODO(by 2026-11-22): settle\n",
                "print(1)  # enforcer: allow[logging] until=2026-11-22: x\n",
                "breakpoint()\n",
            ],
        }
    ],
    "metadata": {"language_info": {"name": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}

DATES = "# TODO(by 2026-11-22): settle\nprint(1)  # enforcer: allow[logging] until=2026-11-22: x\n"
MODEL = "print('model')\nprint('worked on')\n"

FILES: Files = {
    "enforcer.toml": POLICY,
    "app/dates.py": DATES,
    "app/whole.py": "# enforcer: allow-file[logging] until=2026-11-22: x\nprint(1)\n",
    "app/own.py": "legacy()  # enforcer: allow[acme/legacy]: it stays\nprint(2)\n",
    "app/model.py": "print('model')\n",
    "app/orders.ts": "export const all = () => prisma.order.findMany();\n",
    "app/tool.sh": "echo done\n",
    "docs/model.md": "# Model\n\nLast updated: 2026-11-20\n\n```python\n# TODO(by 2026-11-22): settle\n```\n",
    "docs/notes.md": "Last updated: 2026-11-20\n",
    "prisma/schema.prisma": SCHEMA,
    "page.html": "<script>\n// TODO(by 2026-11-22): settle\ndebugger\n</script>\n",
    "book.json": json.dumps(NOTEBOOK, indent=1) + "\n",
}


Said = tuple[int, str, str]
"""The exit code and both outputs."""

ARGUMENTS = (("-v", "--format", "json"), ("-v", "--new", "--format", "json"))


class Run:
    """Runs the command in a repository, from what is kept and without."""

    def __init__(self, repository: Repository, cache: Path) -> None:
        self.repository = repository
        self.day = FIRST
        self.baseline = ""
        self.checked = 0
        """How many texts the last run checked."""
        self._usual: list[Said] = []
        take_patterns(cache / "auto-enforcer", cache / "moves")
        self._process = subprocess.Popen(
            [sys.executable, "-c", MANY_RUNS],
            cwd=repository.folder,
            env=environment(cache, {"AUTO_ENFORCER_CACHE_DIR": str(cache / "moves")}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *arguments: str) -> Said:
        """The exit code and both outputs."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([["check", "--jobs", "1", *arguments], self.day]) + "\n")
        self._process.stdin.flush()
        code, out, err, self.checked = json.loads(self._process.stdout.readline())
        return code, out, err

    def said(self) -> list[Said]:
        """What runs say from what is kept, with a base and without."""
        return [self(*arguments) for arguments in ARGUMENTS]

    def says(self) -> list[Said]:
        """The same, which is what they say without."""
        anew = [self(*arguments, "--no-cache") for arguments in ARGUMENTS]
        assert self.said() == anew
        assert self.said() == anew, "and again, now that it is kept"
        return anew

    @property
    def usual(self) -> list[Said]:
        """What is said where nothing has moved."""
        self._usual = self._usual or self.says()
        return self._usual

    def stop(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[Run]:
    repository = Repository(tmp_path_factory.mktemp("moves") / "repository")
    repository.commit(FILES)
    repository.commit({"app/work.py": "print(1)\n", "docs/notes.md": "Last updated: 2026-11-20\n\nmore\n"})
    repository.write({"app/work.py": "print(1)\nbreakpoint()\n", "app/model.py": MODEL})
    made = Run(repository, cache)
    yield made
    made.stop()


class Move(NamedTuple):
    """Something that is other than it was, and again as it was."""

    there: Callable[[Run], object]
    back: Callable[[Run], object]
    plain: bool = True
    """Whether a run that compares nothing says other things then."""


def day(said: str) -> Move:
    return Move(lambda run: setattr(run, "day", said), lambda run: setattr(run, "day", FIRST))


def text(name: str, content: str) -> Move:
    """Another text, or none."""
    before = FILES.get(name)

    def put(run: Run, content: str | bytes | None) -> None:
        if content:
            run.repository.write({name: content})
        else:
            (run.repository.folder / name).unlink()

    return Move(lambda run: put(run, content), lambda run: put(run, before))


def policy(more: str) -> Move:
    return text("enforcer.toml", POLICY + more)


def copied(name: str, other: str) -> Move:
    """A file under another name, where it was not before."""
    content = FILES[name]
    return text(other, content if isinstance(content, str) else content.decode())


def mode(name: str) -> Move:
    def put(run: Run, bits: int) -> None:
        os.chmod(run.repository.folder / name, bits)

    return Move(lambda run: put(run, 0o755), lambda run: put(run, 0o644))


def head(revision: str) -> Move:
    """HEAD alone moves: the files stay."""
    return Move(
        lambda run: run.repository.git("reset", "-q", "--soft", revision),
        lambda run: run.repository.git("reset", "-q", "--soft", "ORIG_HEAD"),
        plain=False,
    )


def committed(run: Run) -> None:
    run.repository.git("commit", "-qam", "work")


BASELINE = Move(
    lambda run: run.repository.write({".enforcer-baseline": run.baseline}),
    lambda run: (run.repository.folder / ".enforcer-baseline").unlink(),
)

MOVES = {
    "the next day": day(NEXT),
    "months later": day(LAST),
    "years before": day("2020-01-01"),
    "the commit before": head("HEAD~1"),
    "what was worked on is committed": Move(
        committed, lambda run: run.repository.git("reset", "-q", "--soft", "HEAD~1"), plain=False
    ),
    "a schema with no tenant": text("prisma/schema.prisma", "model Order {\n  id String @id\n}\n"),
    "no schema": text("prisma/schema.prisma", ""),
    "the companion": text("docs/model.md", "# Model\n\nLast updated: 2026-11-20\n\n<<<<<<< ours\n"),
    "no companion": text("docs/model.md", ""),
    "a file with a companion": Move(
        lambda run: run.repository.write({"app/model.py": FILES["app/model.py"]}),
        lambda run: run.repository.write({"app/model.py": MODEL}),
    ),
    "a file's mode": mode("app/tool.sh"),
    "a rule that is off": policy('[rules.logging]\nseverity = "off"\n'),
    "a rule that is blocked": policy('[rules.logging]\nseverity = "blocked"\n'),
    "a rule of the team's": policy(OWN),
    "a rule of the team's that is for other files": policy(
        OWN.replace("pattern", 'paths = ["lib/**"]\npattern')
    ),
    "a stage": policy('[rules.logging]\nstage = "observe"\n'),
    "an exclusion": Move(
        lambda run: run.repository.write({"enforcer.toml": 'exclude = ["app/**"]\n' + POLICY}),
        lambda run: run.repository.write({"enforcer.toml": POLICY}),
    ),
    "another base": Move(
        lambda run: run.repository.write({"enforcer.toml": POLICY.replace('"HEAD"', '"HEAD~1"')}),
        lambda run: run.repository.write({"enforcer.toml": POLICY}),
        plain=False,
    ),
    "no policy": text("enforcer.toml", ""),
    "an attribute": text(".gitattributes", "app/* linguist-generated\n"),
    "a notebook that was no notebook": copied("book.json", "book.ipynb"),
    "a notebook that the policy takes for any file": Move(
        lambda run: run.repository.write({"enforcer.toml": FEW_RULES, "book.ipynb": FILES["book.json"]}),
        lambda run: (
            run.repository.write({"enforcer.toml": POLICY}),
            (run.repository.folder / "book.ipynb").unlink(),
        ),
    ),
    "a copy in a folder of tests": copied("app/dates.py", "tests/dates.py"),
    "a copy in another language": copied("app/dates.py", "app/dates.rb"),
    "a baseline": BASELINE,
}


@pytest.mark.parametrize("name", MOVES)
def test_what_is_kept_says_what_a_run_without_says(run: Run, name: str) -> None:
    move, usual = MOVES[name], run.usual
    if move is BASELINE:
        run.baseline = baseline(run)
    move.there(run)
    try:
        there = run.says()
    finally:
        move.back(run)
    assert run.said() == usual
    assert run.checked < 3, "what is kept is used"
    assert there[1] != usual[1], "the move moves nothing"
    assert (there[0] != usual[0]) is move.plain


def baseline(run: Run) -> str:
    """A baseline of what there is."""
    done = subprocess.run(
        [sys.executable, "-m", "auto_enforcer", "baseline", "--dry-run"],
        cwd=run.repository.folder,
        env=environment(run.repository.folder.parent),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def test_several_processes_say_what_one_says(run: Run) -> None:
    """Also of what hangs on the base."""
    run.repository.write({f"docs/n{number}.md": "Last updated: 2026-11-20\n" for number in range(20)})
    said = run(*ARGUMENTS[1], "--no-cache")
    assert said[1].count("dates/stale-last-updated") >= 20
    assert run(*ARGUMENTS[1], "--no-cache", "--jobs", "2") == said
    assert run(*ARGUMENTS[1], "--jobs", "2") == run(*ARGUMENTS[1]) == said
