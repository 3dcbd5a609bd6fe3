"""What README.md says, done: its commands in a fresh clone, its policy, its example and its links.

With AUTO_ENFORCER_REWRITE_README=1 the output that it shows is written anew.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

import bootstrap
from auto_enforcer import catalog
from command import PATIENCE, TODAY, Done

TOP = Path(bootstrap.CHECKOUT)
README = TOP / "README.md"

NEEDS_NETWORK = {
    "pipx ": "installs the tool and what it needs",
    "uv ": "installs the tool and what it needs",
    "python3 -m pip ": "installs the tool and what it needs",
    "python3 tests": "installs what the suite or the benchmark needs",
}
"""What a command begins with that is not run here, and why."""

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the commands are for `sh`")


class Block(NamedTuple):
    """A fenced block: the line it begins at, its language, its text, and the text block right after it."""

    line: int
    language: str
    text: str
    shown: str | None

    @property
    def commands(self) -> list[str]:
        return self.text.splitlines()


def blocks() -> list[Block]:
    text = README.read_text(encoding="utf-8")
    fence = re.compile(r"^```(\w+)\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)
    return [Block(text.count("\n", 0, found.start()) + 2, *found.groups()) for found in fence.finditer(text)]


UNIX_ALONE = re.compile(r"^python3 |~/|\$XDG| < |\.\./|^git .*\|", re.MULTILINE)
"""What a command has that is written otherwise on Windows."""


def test_windows_has_its_command_beside_each() -> None:
    found = blocks()
    for block, after in zip(found, [*found[1:], None], strict=True):
        if block.language == "sh" and UNIX_ALONE.search(block.text) and "tests/bench" not in block.text:
            assert after is not None, block
            assert after.language == "powershell", f"README.md:{block.line}: {block.text}"
            assert len(after.commands) == len(block.commands), block
            assert not UNIX_ALONE.search("\n".join(line for line in after.commands if "cmd /c" not in line))


def of(language: str) -> list[Block]:
    return [block for block in blocks() if block.language == language]


class Machine:
    """A new user's: a fresh clone, a project beside it, an `auto-enforcer` on the PATH, a home of its own."""

    def __init__(self, folder: Path) -> None:
        self.clone, self.shop, self.home = folder / "clone", folder / "shop", folder / "home"
        programs = folder / "bin"
        for made in (self.shop, self.home, programs):
            made.mkdir()
        base = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
        (programs / "python3").symlink_to(base)
        tool = programs / "auto-enforcer"
        tool.write_text(f'#!/bin/sh\nexec python3 "{self.clone}/server" "$@"\n')
        tool.chmod(0o755)
        self.environment = {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.home),
            "AUTO_ENFORCER_TODAY": TODAY,
            "PYTHONUTF8": "1",
        }
        self.git("clone", "--quiet", "--no-hardlinks", str(TOP), str(self.clone))
        self.install(base)
        (self.shop / "orders.py").write_text(of("python")[0].text)
        self.git("init", "--quiet")
        self.git("add", "orders.py")

    def git(self, *arguments: str) -> None:
        command = ["git", "-c", f"safe.directory={TOP}", *arguments]
        subprocess.run(command, cwd=self.shop, env=self.environment, check=True, capture_output=True)

    def install(self, base: str) -> None:
        """What the first start does with a network: an environment, here with the suite's packages."""
        question = "import sys; sys.stdout.write('\\0'.join(sys.path))"
        asked = subprocess.run([sys.executable, "-I", "-c", question], check=True, capture_output=True)
        programs = self.clone / ".venv" / "bin"
        programs.mkdir(parents=True)
        (programs / "python").symlink_to(sys.executable)
        server = os.fsencode(self.clone / "server")
        identity = bootstrap._identity(base).encode()
        lock = (self.clone / "requirements.lock").read_bytes()
        stamp = [os.fsencode(base), identity, server, server, *asked.stdout.split(b"\0"), lock]
        (self.clone / ".venv" / bootstrap.STAMP).write_bytes(b"\0".join(stamp))

    def run(self, line: str, folder: Path) -> Done:
        done = subprocess.run(
            ["sh", "-c", line],
            cwd=folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    if shutil.which("git") is None:
        pytest.skip("there is no git to clone with")
    return Machine(tmp_path_factory.mktemp("user"))


@pytest.mark.parametrize("block", of("sh"), ids=lambda block: f"line {block.line}")
def test_the_commands_do_what_the_readme_says(block: Block, machine: Machine) -> None:
    for begins, reason in NEEDS_NETWORK.items():
        if block.text.startswith(begins):
            pytest.skip(f"needs a network: {reason}")
    in_project = "auto-enforcer check" in block.text or block.text.startswith("auto-enforcer ")
    outputs = []
    for line in block.commands:
        done = machine.run(line, machine.shop if in_project else machine.clone)
        blocked = " check " in line
        assert done.code == (1 if blocked else 0), f"`{line}` ended with {done.code}: {done.out}{done.err}"
        assert "--timings" in line or done.err == "", line
        outputs.append(done.out)
    if block.shown is not None and block.shown != outputs[-1]:
        if os.environ.get("AUTO_ENFORCER_REWRITE_README"):
            text = README.read_text(encoding="utf-8")
            shown = f"```sh\n{block.text}```\n\n```text\n"
            assert text.count(shown + block.shown) == 1
            README.write_text(text.replace(shown + block.shown, shown + outputs[-1]), encoding="utf-8")
        assert block.shown == outputs[-1]


def test_nothing_was_left_in_the_project_or_the_clone(machine: Machine) -> None:
    machine.run("auto-enforcer check", machine.shop)
    assert sorted(os.listdir(machine.shop)) == [".git", "orders.py"]
    assert machine.run("git status --short", machine.clone).out == ""


def test_the_policy_loads_and_says_what_the_readme_says(machine: Machine, tmp_path: Path) -> None:
    _, policy, _ = of("toml")
    (tmp_path / ".git").mkdir()
    (tmp_path / "enforcer.toml").write_text(policy.text)
    (tmp_path / "orders.py").write_text(of("python")[0].text)
    done = machine.run("auto-enforcer config orders.py", tmp_path)
    assert (done.code, done.err) == (0, "")
    assert '[rules."logging/print-call"]\nseverity = "off"  # enforcer.toml:' in done.out
    assert '[rules."dates/impossible-date"]\nseverity = "warning"  # enforcer.toml:' in done.out
    assert 'markers = ["TODO", "FIXME"]  # enforcer.toml:' in done.out
    assert re.search(r'"errors/swallowed-exception"\]\n.*\nstage = "warn"  # enforcer.toml:', done.out)
    assert (
        '"errors/bare-except"]\nseverity = "off"'
        in machine.run("auto-enforcer config tests/a.py", tmp_path).out
    )


def test_the_rules_of_a_team_hold(machine: Machine, tmp_path: Path) -> None:
    pytest.importorskip("re2")
    _, _, rules = of("toml")
    (tmp_path / "enforcer.toml").write_text(rules.text)
    done = machine.run("auto-enforcer rules test", tmp_path)
    assert (done.code, done.out) == (0, "2 rules, 6 tests: 0 failed, 0 mistakes\n"), done.err
    (tmp_path / "shop.py").write_text("import orders\nc = LegacyClient(1)\norder = fetch_order(c)\n")
    done = machine.run("auto-enforcer check shop.py", tmp_path)
    assert done.code == 1
    assert "shop.py:2:5: blocked shop/legacy-client  `LegacyClient` is retired; use `Client`\n" in done.out
    assert "shop.py:3:9: warning shop/order-without-timeout " in done.out


def test_the_suppression_takes_its_line_out(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "ok.py").write_text(of("python")[1].text)
    done = machine.run("auto-enforcer check ok.py", tmp_path)
    assert (done.code, done.out) == (0, "nothing found in 1 file; 1 suppressed\n")


def test_the_table_takes_its_violation_out(machine: Machine, tmp_path: Path) -> None:
    password = of("python")[1].text.split('"')[1]
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples" / "config.json").write_text(json.dumps({"password": password}) + "\n")
    (tmp_path / "enforcer.toml").write_text(of("toml")[0].text)
    done = machine.run("auto-enforcer check samples", tmp_path)
    assert (done.code, done.out) == (0, "nothing found in 1 file; 1 suppressed\n")


def test_the_links_lead_somewhere(machine: Machine) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", README.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (machine.clone / link).exists()] == []


def headings(page: Path) -> list[tuple[int, str]]:
    """The headings of a page, each with its level."""
    text = re.sub(r"(?ms)^(```+).*?^\1$", "", page.read_text(encoding="utf-8"))
    return [(len(marks), words) for marks, words in re.findall(r"^(#+) (.+)$", text, re.MULTILINE)]


def anchor(heading: str) -> str:
    """What a heading is linked by, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_every_anchor_is_a_heading_s() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]*)#([^)]+)\)", README.read_text(encoding="utf-8"))
    assert len(links) > 300
    known: dict[str, set[str]] = {}
    for name, wanted in links:
        page = TOP / name if name else README
        if name not in known:
            known[name] = {anchor(words) for _, words in headings(page)}
        assert wanted in known[name], f"{name}#{wanted}"


def test_the_contents_have_every_part_in_its_order() -> None:
    intro = README.read_text(encoding="utf-8").partition("\n## ")[0]
    contents = re.findall(r"\]\(#([^)]+)\)", intro)
    parts = [anchor(words) for level, words in headings(README) if level > 1]
    assert contents == parts


def test_every_family_has_its_row() -> None:
    rows = re.findall(
        r"^\| \[(\w+)\]\(server/auto_enforcer/rules/\1/\1\.md\)", README.read_text(), re.MULTILINE
    )
    assert sorted(rows) == sorted({entry.family for entry in catalog.entries().values()})
