"""The gates of GitHub and GitLab: what their files say is run as they run it, in real repositories."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

import bootstrap
from command import PATIENCE, SERVER, environment
from repositories import Repository
from repositories import environment as of_git

if shutil.which("git") is None:
    pytest.skip("git is not installed", allow_module_level=True)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the services run the lines on Linux")

EDITORS = Path(bootstrap.CHECKOUT) / "editors"
ACTION = EDITORS / "github" / "action.yml"
TEMPLATE = EDITORS / "gitlab" / "auto-enforcer.yml"

CLEAN = "import os\n\n\ndef first(one):\n    return one\n"
OLD = "def old():\n    breakpoint()\n"
POLICY = 'extends = ["recommended"]\n'
RULE = "logging/breakpoint-call"
STUB = f"""\
import sys
sys.path.insert(0, {str(SERVER)!r})
from auto_enforcer.__main__ import main
sys.exit(main())
"""
"""Stands for what a start from a checkout makes first: an environment with what the lock file names."""


class Ended(NamedTuple):
    code: int
    out: str


class Service:
    """A service's machine: a repository with a target branch and a change, and what runs the gate."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder, self.cache = folder, cache
        self.remote = Repository(folder / "remote")
        self.remote.commit({"app.py": CLEAN, "old.py": OLD, "mended.py": OLD, "enforcer.toml": POLICY})
        self.remote.git("checkout", "-q", "-b", "topic")
        self.tool = Repository(folder / "tool")
        self.commit = self.tool.commit({"server/__main__.py": STUB, "editors/github/action.yml": ""})
        self.work = folder / "work"
        programs = folder / "bin"
        programs.mkdir()
        python = programs / "python3"
        python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        python.chmod(0o755)
        self.programs = str(programs)

    def change(self, files: Mapping[str, str]) -> None:
        """Commit to the change."""
        self.remote.commit(dict(files))

    def change_target(self, files: Mapping[str, str]) -> None:
        """Commit to the target branch."""
        self.remote.git("checkout", "-q", "main")
        self.remote.commit(dict(files))
        self.remote.git("checkout", "-q", "topic")

    def check_out(self, *, merged: bool = False, depth: int = 0) -> None:
        """What a service checks out: the change, or what it is when it is merged."""
        if merged:
            self.remote.git("checkout", "-q", "-b", "merged", "main")
            self.remote.git("merge", "-q", "--no-edit", "topic")
            self.remote.git("checkout", "-q", "topic")
        self.work.mkdir()
        work = Repository.__new__(Repository)
        work.folder = self.work
        work.git("init", "-q")
        work.git("remote", "add", "origin", f"file://{self.remote.folder}")
        wanted = "merged" if merged else "topic"
        if depth:
            work.git("fetch", "-q", f"--depth={depth}", "origin", wanted)
            work.git("checkout", "-q", "--detach", "FETCH_HEAD")
        else:
            work.git("fetch", "-q", "origin", "+refs/heads/*:refs/remotes/origin/*")
            work.git("checkout", "-q", "--detach", f"origin/{wanted}")

    def run(self, lines: str, more: Mapping[str, str]) -> Ended:
        """Lines as a service's runner runs them."""
        said = environment(self.cache) | of_git() | more
        del said["PYTHONPATH"]
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", lines],
            cwd=self.work,
            env=said | {"PATH": f"{self.programs}{os.pathsep}{os.environ['PATH']}"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=PATIENCE,
            check=False,
        )
        return Ended(done.returncode, done.stdout.decode())

    def github(
        self, target: str = "main", inputs: Mapping[str, str] | None = None, before: str = ""
    ) -> Ended:
        """What the action's own step does."""
        action = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
        step = action["runs"]["steps"][-1]
        known = {f"inputs.{name}": one["default"] for name, one in action["inputs"].items()}
        known |= {f"inputs.{name}": value for name, value in (inputs or {}).items()}
        known |= {"github.event.merge_group.base_sha": "", "github.event.before": before}
        known |= {"steps.python.outputs.python-path": sys.executable}
        more = {name: known[expression(value)] for name, value in step["env"].items()}
        more["GITHUB_ACTION_PATH"] = str(self.tool.folder / "editors" / "github")
        return self.run(step["run"], {**more, "GITHUB_BASE_REF": target})

    def gitlab(self, target: str = "main", more: Mapping[str, str] | None = None) -> Ended:
        """What the template's job does."""
        job = yaml.safe_load(TEMPLATE.read_text(encoding="utf-8"))["auto-enforcer"]
        said = {"AUTO_ENFORCER_SOURCE": str(self.tool.folder), "AUTO_ENFORCER_COMMIT": self.commit}
        said |= {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": target, **job["variables"], **(more or {})}
        return self.run("\n".join(job["script"]), said)


def expression(value: str) -> str:
    found = re.fullmatch(r"\$\{\{ ([\w.-]+) \}\}", value)
    assert found, value
    return found[1]


Gate = Callable[..., Ended]


@pytest.fixture
def service(tmp_path: Path, cache: Path) -> Service:
    return Service(tmp_path, cache)


@pytest.fixture(params=["github", "gitlab"])
def gate(request: pytest.FixtureRequest, service: Service) -> Gate:
    found: Gate = getattr(service, request.param)
    return found


@pytest.mark.parametrize("merged", [False, True], ids=["the change", "merged"])
def test_what_a_change_brings_is_blocked(service: Service, gate: Gate, *, merged: bool) -> None:
    """Not what was there before, nor what the target branch has got or got rid of since."""
    service.change({"app.py": CLEAN + "breakpoint()\n", "old.py": OLD + "# more\n"})
    service.change_target({"theirs.py": "breakpoint()\n", "mended.py": "def old():\n    return\n"})
    service.check_out(merged=merged)
    ended = gate()
    assert ended.code == 1, ended
    assert ended.out.count(RULE) == 1, ended.out
    assert re.search(r"app\.py(,line=|:)6\b", ended.out), ended.out


def test_what_the_target_branch_has_already_is_not_blocked(service: Service, gate: Gate) -> None:
    service.change({"old.py": "# more\n" + OLD})
    service.check_out(merged=True)
    ended = gate()
    assert ended.code == 0, ended


def test_nothing_to_compare_is_not_green(service: Service, gate: Gate) -> None:
    service.check_out()
    ended = gate()
    assert ended.code == 2, ended
    assert "there is nothing to compare" in ended.out
    ended = gate("")
    assert ended.code == 2, ended
    assert "there is nothing to compare" in ended.out


def test_a_history_that_is_cut_off_is_an_error_that_says_what_to_do(service: Service, gate: Gate) -> None:
    service.change({"app.py": CLEAN + "# more\n"})
    service.change({"app.py": CLEAN + "# yet more\n"})
    service.check_out(depth=1)
    ended = gate()
    assert ended.code == 2, ended
    assert "the history is cut off; " in ended.out


def test_what_others_name_is_not_run(service: Service, gate: Gate) -> None:
    service.check_out()
    for name in ("$(touch planted)", "`touch planted`", '"; touch planted; "', "--exit-zero"):
        assert gate(name).code == 2
    assert not (service.work / "planted").exists()


def test_githubs_base_may_be_given_or_is_what_was_there_before_a_push(service: Service) -> None:
    before = service.remote.git("rev-parse", "HEAD")
    service.change({"app.py": CLEAN + "breakpoint()\n"})
    service.check_out()
    assert service.github("", before=before).code == 1
    assert service.github("", before="0" * 40).code == 2, "a new branch has nothing before it"
    assert service.github(inputs={"base": "HEAD~1"}).code == 1
    ended = service.github(inputs={"sarif": "found.sarif"})
    assert ended.code == 1
    [run] = json.loads((service.work / "found.sarif").read_text())["runs"]
    assert [(one["ruleId"], one.get("baselineState")) for one in run["results"]] == [(RULE, None)]


def test_gitlabs_report_and_its_base(service: Service) -> None:
    base = service.remote.git("rev-parse", "HEAD")
    service.change({"app.py": CLEAN + "breakpoint()\n"})
    service.check_out()
    ended = service.gitlab(more={"AUTO_ENFORCER_SARIF": "true"})
    assert ended.code == 1, ended
    [found] = json.loads((service.work / "gl-code-quality-report.json").read_text())
    assert (found["check_name"], found["location"]["path"]) == (RULE, "app.py")
    assert (service.work / "auto-enforcer.sarif").is_file()
    ended = service.gitlab("gone", {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base})
    assert ended.code == 1, "the branch has gone; its commit has not"
    assert service.gitlab(more={"AUTO_ENFORCER_COMMIT": "main"}).code == 2, "a branch is no pin"
    assert service.gitlab(more={"AUTO_ENFORCER_COMMIT": "1" * 40}).code == 2


def test_all_that_is_used_is_pinned_and_no_expression_reaches_a_shell() -> None:
    action: dict[str, Any] = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
    assert action["runs"]["using"] == "composite"
    for step in action["runs"]["steps"]:
        if "uses" in step:
            assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", step["uses"])
        else:
            assert step["shell"] == "bash"
            assert "${{" not in step["run"]
    for text in (ACTION.read_text(encoding="utf-8"), TEMPLATE.read_text(encoding="utf-8")):
        assert not re.search(r"\b(curl|wget|pip3? install|npx|eval)\b", text)


def test_what_the_page_shows_names_what_is_there() -> None:
    page = (EDITORS / "README.md").read_text(encoding="utf-8")
    shown = dict(re.findall(r'```yaml title="([^"]+)"\n(.*?)```', page, re.DOTALL))
    [framework, workflow, pipeline] = [yaml.safe_load(text) for text in shown.values()]
    shipped = yaml.safe_load((EDITORS.parent / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    [repository] = framework["repos"]
    assert [one["id"] for one in repository["hooks"]] == [one["id"] for one in shipped]
    stages = {stage for one in shipped for stage in one["stages"]}
    assert set(framework["default_install_hook_types"]) == stages
    *_, step = workflow["jobs"]["auto-enforcer"]["steps"]
    assert "/editors/github@" in step["uses"]
    inputs = yaml.safe_load(ACTION.read_text(encoding="utf-8"))["inputs"]
    assert set(step["with"]) <= set(inputs)
    assert (EDITORS.parent / pipeline["include"][0]["file"]) == TEMPLATE
    template = TEMPLATE.read_text(encoding="utf-8")
    assert all(f"#   {name} " in template for name in pipeline["variables"])
