"""The VS Code extension says of the server what is so: settings, commands, versions, what it brings along."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

import bootstrap
from auto_enforcer import __version__
from auto_enforcer.lsp import settings
from command import Command
from editors.vscode import building, workbench
from lsp.stdio import ROOT, Client

EXTENSION = ROOT / "editors" / "vscode"
MANIFEST: dict[str, Any] = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))
CONTRIBUTED: dict[str, Any] = MANIFEST["contributes"]
PROPERTIES: dict[str, dict[str, Any]] = {
    name.removeprefix("autoEnforcer."): about
    for name, about in CONTRIBUTED["configuration"]["properties"].items()
}
COMMANDS = {one["command"] for one in CONTRIBUTED["commands"]}
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in sorted((EXTENSION / "src").glob("*.ts")))

SMALL = 60_000
"""Bytes of a picture."""

AT_START = {"scan"}
"""Settings that the server is told in `initializationOptions`."""


class Asked(dict[str, Any]):
    """A section of settings that notes what it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return default


def test_the_settings_are_those_that_the_server_reads() -> None:
    asked = Asked()
    settings.parsed(asked, settings.Settings())
    own = {name for name in PROPERTIES if name.partition(".")[0] in ("server", "trace")}
    assert set(PROPERTIES) - own - AT_START == asked.names
    assert {PROPERTIES[name]["scope"] for name in asked.names} == {"resource"}
    assert {about["scope"] for name, about in PROPERTIES.items() if name.startswith("server.")} == {"machine"}


def test_the_server_takes_each_value_that_is_offered() -> None:
    plain = settings.Settings()
    defaults = {name: about["default"] for name, about in PROPERTIES.items()}
    assert settings.parsed(defaults, plain) == (plain, ())
    assert PROPERTIES["run"]["enum"] == list(settings.RUNS)
    of_language = PROPERTIES["languages"]["additionalProperties"]["properties"]
    assert of_language["run"]["enum"] == list(settings.RUNS)
    assert PROPERTIES["historical"]["enum"] == [None, *settings.HISTORICAL]
    assert PROPERTIES["maximumDiagnostics"]["minimum"] == 1


def test_each_setting_and_command_is_described() -> None:
    page = (EXTENSION / "README.md").read_text(encoding="utf-8")
    for name, about in PROPERTIES.items():
        assert f"| `autoEnforcer.{name}` |" in page
        assert about["markdownDescription"].endswith(".")
        assert len(about.get("enum", ())) == len(about.get("enumDescriptions", about.get("enum", ())))
    of_all_clients = (ROOT / "editors" / "README.md").read_text(encoding="utf-8")
    for name in PROPERTIES.keys() - AT_START:
        assert "." in name or f"  | `{name}` |" in of_all_clients
    titles = [one["title"] for one in CONTRIBUTED["commands"]]
    assert len(set(titles)) == len(titles)


def test_its_pictures_are_there_and_small() -> None:
    page = (EXTENSION / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"^!\[[^\]]{20,}\]\(pictures/([a-z]+\.png)\)$", page, re.MULTILINE)
    assert set(named) == {path.name for path in (EXTENSION / "pictures").iterdir()}
    taken = (Path(__file__).parent / "test_workbench.py").read_text(encoding="utf-8")
    for name in named:
        picture = (EXTENSION / "pictures" / name).read_bytes()
        assert picture.startswith(b"\x89PNG\r\n")
        assert len(picture) < SMALL
        assert f'"shot": "{name.removesuffix(".png")}"' in taken


def test_the_commands_exist_on_both_sides(tmp_path: Path) -> None:
    with Client() as client:
        capabilities = client.initialize(tmp_path)["capabilities"]
    of_server = set(capabilities["executeCommandProvider"]["commands"])
    registered = re.search(r"const commands: Record.*?= \{(.*?)\n  \};", SOURCES, re.DOTALL)
    assert registered is not None
    own = set(re.findall(r'^    "(autoEnforcer\.\w+)":', registered[1], re.MULTILINE))
    assert of_server | own == COMMANDS
    assert not of_server & own, "both register it"
    spoken = set(re.findall(r'"(autoEnforcer\.\w+)"', SOURCES)) - {"autoEnforcer.running"}
    assert {name for name in spoken if name in COMMANDS} >= of_server - {
        "autoEnforcer.pause",
        "autoEnforcer.resume",
    }
    walked = re.findall(r"command:(autoEnforcer\.\w+)", json.dumps(CONTRIBUTED["walkthroughs"]))
    assert set(walked) <= COMMANDS
    needs_server = {
        one["command"] for one in CONTRIBUTED["commands"] if "running" in one.get("enablement", "")
    }
    assert of_server <= needs_server


def test_the_versions_agree() -> None:
    lock = json.loads((EXTENSION / "package-lock.json").read_text(encoding="utf-8"))
    assert MANIFEST["version"] == lock["version"] == lock["packages"][""]["version"] == __version__
    assert lock["packages"][""]["dependencies"] == MANIFEST["dependencies"]
    assert not [name for name, one in lock["packages"].items() if "resolved" in one], "names a registry"
    assert building.first_minute()[-1] == f"code --install-extension auto-enforcer-{__version__}.vsix"


def test_what_comes_along_is_what_the_lock_has_for_every_machine() -> None:
    text = (EXTENSION / "bundle_server.py").read_text(encoding="utf-8")
    named = re.search(r"^PACKAGES = \((.*)\)$", text, re.MULTILINE)
    assert named is not None
    locked = set(re.findall(r"^([a-z0-9-]+)==", Path(bootstrap.LOCK_FILE).read_text(), re.MULTILINE))
    assert set(re.findall(r'"([^"]+)"', named[1])) == locked - set(bootstrap.OPTIONAL)


def test_it_runs_nothing_of_a_workspace_that_is_not_trusted() -> None:
    trust = MANIFEST["capabilities"]["untrustedWorkspaces"]
    assert trust["supported"] == "limited"
    assert "Nothing from the workspace runs" in trust["description"]
    assert MANIFEST["extensionKind"] == ["workspace"]
    launch = (EXTENSION / "src" / "launch.ts").read_text(encoding="utf-8")
    [_, of_environment] = launch.split("async function inEnvironment")
    assert of_environment.index("isTrusted") < of_environment.index("workspaceFolders")


def test_the_walkthrough_is_there() -> None:
    for step in CONTRIBUTED["walkthroughs"][0]["steps"]:
        assert (EXTENSION / step["media"]["markdown"]).is_file()


PROBLEMS = {
    "blocked": "try:\n    x()\nexcept Exception:\n    pass\n",
    "warning": "try:\n    x()\nexcept:\n    log()\n",
}


def test_the_problem_matcher_reads_what_the_command_prints(ae: Command, workspace: Path) -> None:
    [matcher] = CONTRIBUTED["problemMatchers"]
    pattern = matcher["pattern"]
    for severity, text in PROBLEMS.items():
        (workspace / f"{severity}.py").write_text(text, encoding="utf-8")
    lines = ae("check").out.splitlines()
    parts = ("file", "line", "severity", "code")
    found = [
        tuple(match[pattern[part]] for part in parts)
        for line in lines
        if (match := re.match(pattern["regexp"], line))
    ]
    # VS Code takes no severity for the matcher's own, which is an error.
    assert found == [
        ("blocked.py", "3", None, "errors/swallowed-exception"),
        ("warning.py", "3", "warning", "errors/bare-except"),
    ]
    assert matcher["severity"] == "error"


def a_python(folder: Path, name: str, version: str) -> None:
    """A program that says to be a Python of this version."""
    program = folder / name
    program.write_text(f"#!/bin/sh\nprintf '{version}'\n", encoding="utf-8")
    program.chmod(0o755)


NONE_FOUND = "install it from python.org or with the system's packages, or name one in the setting"


@pytest.mark.skipif(
    not building.ESBUILD.is_file(), reason="`python3 tests --editors` brings what it is built with"
)
def test_it_says_what_to_do_where_there_is_no_python(tmp_path: Path) -> None:
    module = tmp_path / "python.cjs"
    bundle = [str(EXTENSION / "src" / "python.ts"), "--bundle", "--platform=node", f"--outfile={module}"]
    subprocess.run([str(building.ESBUILD), *bundle, "--log-level=error"], check=True, timeout=60)
    empty, old, new = (tmp_path / name for name in ("empty", "old", "new"))
    for folder in (empty, old, new):
        folder.mkdir()
    a_python(old, "python3", "3 9")
    a_python(new, "python3", "3 9")
    a_python(new, "python3.12", "3 12")
    ask = "require(process.argv[1]).findPython(process.argv[2], '/').then(JSON.stringify).then(console.log)"

    def found(path: Path, named: str = "") -> dict[str, str]:
        command = [str(workbench.NODE), "-e", ask, str(module), named]
        said = subprocess.run(command, env={"PATH": str(path)}, capture_output=True, check=True, timeout=60)
        answer: dict[str, str] = json.loads(said.stdout)
        return answer

    assert found(new) == {"command": "python3.12"}
    assert NONE_FOUND in found(empty)["reason"]
    assert "none is on the PATH (`python3` is 3.9): install it" in found(old)["reason"]
    named = found(new, str(old / "python3"))["reason"]
    assert named.endswith("is 3.9: mend the setting `autoEnforcer.server.python`.")
    assert "`/nowhere/it` does not start: mend" in found(new, "/nowhere/it")["reason"]
