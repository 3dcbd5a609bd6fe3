"""Wheel and sdist hold the package with its pages and nothing else, and what they install works."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest

import bootstrap
from auto_enforcer import __version__
from command import PATIENCE
from interpreters import Interpreter, supported
from lsp.stdio import Client

TOP = Path(bootstrap.CHECKOUT)
PACKAGE = TOP / "server" / "auto_enforcer"
METADATA = {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"}


def build(folder: Path, kind: str, source: Path = TOP) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "--target", kind, "--directory", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    [built] = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("wheel"), "wheel")


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("sdist"), "sdist")


def package_files() -> set[str]:
    names = (path.relative_to(PACKAGE.parent) for path in PACKAGE.rglob("*") if path.is_file())
    return {name.as_posix() for name in names if not any(map(is_left_behind, name.parts))}


def is_left_behind(part: str) -> bool:
    """Whether a tool leaves a folder of this name in a checkout."""
    return part == "__pycache__" or part.startswith(".")


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    about = f"auto_enforcer-{__version__}.dist-info/"
    assert names == package_files() | {about + name for name in METADATA}


def test_the_package_holds_modules_pages_and_tables_only() -> None:
    odd = {name for name in package_files() if not name.endswith((".py", ".md", ".json", "/py.typed"))}
    assert not odd


def test_every_family_of_rules_ships_its_page(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    families = {
        name.split("/")[2]
        for name in names
        if name.startswith("auto_enforcer/rules/") and name.count("/") == 3
    }
    assert families
    assert {f"auto_enforcer/rules/{family}/{family}.md" for family in families} <= names


def test_the_sdist_makes_the_same_wheel(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        # The filter came with Python 3.11.4; what is unpacked is our own.
        archive.extractall(tmp_path, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"LICENSE", "README.md", "requirements.lock", "server/__main__.py", "server/bootstrap.py"} <= names
    assert not [
        name for name in names if name.startswith(("tests/", ".", "editors/")) and name != ".gitignore"
    ]
    [source] = tmp_path.iterdir()
    again = build(tmp_path / "again", "wheel", source)
    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(again) as other:
        assert {entry.filename: entry.CRC for entry in one.infolist()} == {
            entry.filename: entry.CRC for entry in other.infolist()
        }


def test_the_version_stands_in_one_place(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        metadata = HeaderParser().parsestr(
            archive.read(f"auto_enforcer-{__version__}.dist-info/METADATA").decode()
        )
    assert metadata["Version"] == __version__
    assert metadata["Name"] == "auto-enforcer"
    project = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
    assert "version" not in project


def test_the_lock_holds_what_the_package_asks_for() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    for name, extra in (("requirements.lock", "team-rules"), ("mcp.lock", "mcp")):
        lock = (TOP / name).read_text()
        for requirement in (*project["dependencies"], *extras[extra]):
            package = requirement.partition(";")[0].partition("=")[0].rstrip("<>~! ")
            assert f"\n{package}==" in f"\n{lock}", package
    assert set(extras) == {"team-rules", "mcp"}


def test_no_lock_names_an_index() -> None:
    for lock in (*TOP.glob("*.lock"), *(TOP / "tests").glob("*.lock")):
        assert "://" not in lock.read_text()
        assert "--index" not in lock.read_text()


@pytest.fixture(scope="module", params=[interpreter.name for interpreter in supported()])
def installed(request: pytest.FixtureRequest, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a fresh environment into which the wheel was installed, for each Python."""
    [interpreter] = [interpreter for interpreter in supported() if interpreter.name == request.param]
    folder = tmp_path_factory.mktemp("installed") / "venv"
    make_environment(interpreter, folder)
    python = next(
        path for path in (folder / "bin" / "python", folder / "Scripts" / "python.exe") if path.exists()
    )
    pip = [interpreter.path, "-I", "-m", "pip", "--python", str(python), "install", "--no-index", "--no-deps"]
    done = subprocess.run([*pip, str(wheel)], capture_output=True, text=True, check=False)
    if "No module named pip" in done.stderr:
        pytest.skip(f"Python {interpreter.name} has no pip of its own to install with")
    assert done.returncode == 0, done.stderr
    # The lock has what the wheel asks for.
    checked = subprocess.run([*pip[:6], "check"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
    return python.parent


def make_environment(interpreter: Interpreter, folder: Path) -> None:
    """With the locked dependencies, but without a way to the checkout: the tests are about the wheel."""
    code = (
        "import sys; sys.path.insert(0, sys.argv.pop(1))\n"
        "import bootstrap; bootstrap.ensure(*eval(sys.argv[1]))"
    )
    places = repr(([str(folder)], [bootstrap.LOCK_FILE]))
    command = [interpreter.path, "-I", "-c", code, str(TOP / "server"), places]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    for link in folder.rglob("auto-enforcer.pth"):
        link.unlink()


def call(programs: Path, *arguments: str, cwd: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    command = [str(programs / "auto-enforcer"), *arguments]
    return subprocess.run(
        command,
        cwd=cwd,
        env={**kept, **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


@pytest.mark.skipif(not (PACKAGE / "cli.py").exists(), reason="there is no command yet")
def test_the_installed_command_works(installed: Path, tmp_path: Path) -> None:
    version = call(installed, "--version", cwd=tmp_path)
    assert (version.returncode, version.stderr) == (0, "")
    assert __version__ in version.stdout
    (tmp_path / "service.py").write_text("print('a')\n")
    found = call(installed, "check", "service.py", cwd=tmp_path)
    assert "service.py:1:1: warning logging/print-call" in found.stdout, found
    explained = call(installed, "explain", "logging/print-call", cwd=tmp_path)
    assert "print" in explained.stdout
    with Client([str(installed / "auto-enforcer"), "lsp"], cwd=tmp_path) as client:
        assert client.initialize(tmp_path)["serverInfo"]["version"] == __version__
        [diagnostic] = client.diagnostics(client.open(tmp_path / "service.py", "print('a')\n"))
        assert diagnostic["code"] == "logging/print-call"
        assert client.stop() == 0


@pytest.mark.skipif(not (PACKAGE / "cli.py").exists(), reason="there is no command yet")
def test_the_installed_command_trusts_neither_the_working_folder_nor_pythonpath(
    installed: Path, tmp_path: Path
) -> None:
    workspace, mark = tmp_path / "workspace", tmp_path / "mark"
    workspace.mkdir()
    # Not `re`: the launcher that some installers write imports it before we are asked.
    for name in [
        "json",
        "hashlib",
        "subprocess",
        "argparse",
        "hyperscan",
        "pathspec",
        "pygls",
        "dataclasses",
        "datetime",
    ]:
        (workspace / f"{name}.py").write_text(f"open({str(mark)!r}, 'w').write({name!r})\n")
    (workspace / "service.py").write_text("print('a')\n")
    for settings in ({}, {"PYTHONPATH": str(workspace)}, {"PYTHONPATH": os.pathsep + "."}):
        found = call(installed, "check", "service.py", cwd=workspace, **settings)
        assert "logging/print-call" in found.stdout, found
        assert not mark.exists(), f"imported {mark.read_text()}.py of the workspace with {settings}"


def test_no_module_but_its_own_is_imported_before_the_path_is_cleaned() -> None:
    """With PYTHONPATH, only what comes before the first line of ours could be taken from a workspace."""
    code = (
        "import sys; before = set(sys.modules); import auto_enforcer.__main__\n"
        "print(*set(sys.modules) - before)"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(done.stdout.split()) == {"auto_enforcer", "auto_enforcer.__main__", "__future__"}
