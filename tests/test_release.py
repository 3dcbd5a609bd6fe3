"""The release's checklist stops where something does not hold, and says what."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest

import bootstrap
from auto_enforcer import __version__
from command import PATIENCE

TOP = Path(bootstrap.CHECKOUT)
SCRIPT = Path(__file__).parent / "release.py"

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None or not (TOP / ".git").exists(), reason="there is no git to clone with"
)

NAMED = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]


class Clone:
    """A clone of the checkout."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "clone"
        self.made = folder / "made"
        self.git("clone", "-q", "--shared", str(TOP), str(self.folder), cwd=folder)

    def git(self, *arguments: str, cwd: Path | None = None) -> None:
        safe = ["-c", f"safe.directory={TOP}", "-c", f"safe.directory={TOP / '.git'}"]
        command = ["git", *safe, *NAMED, *arguments]
        subprocess.run(command, cwd=cwd or self.folder, check=True, capture_output=True, timeout=PATIENCE)

    def commit(self) -> None:
        self.git("commit", "-qam", "changed")

    def release(self, *arguments: str) -> tuple[int, list[str]]:
        command = [sys.executable, str(SCRIPT), "--checkout", str(self.folder), "-o", str(self.made)]
        done = subprocess.run(
            [*command, "--offline", *arguments], capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        assert done.stderr == ""
        return done.returncode, done.stdout.splitlines()


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


def test_all_holds_and_is_listed(clone: Clone) -> None:
    """Of what git has alone: a file that it ignores is in no package, though it lies in the folder."""
    ignored = clone.folder / "server" / "auto_enforcer" / "__pycache__"
    ignored.mkdir()
    (ignored / "planted.py").write_text("")
    code, lines = clone.release()
    assert (code, [line.split(":")[0] for line in lines[:8]]) == (
        0,
        [
            *("ok      clean tree", "ok      versions agree", "ok      the tag is free"),
            *("ok      wheel and sdist are built", "ok      the wheel holds the package"),
            *("ok      the sdist makes the same wheel", "ok      the wheel is installed"),
            "ok      VS Code's extension",
        ],
    ), lines
    made = {path.name: path.stat().st_size for path in clone.made.iterdir()}
    assert {*made} == {
        f"auto_enforcer-{__version__}-py3-none-any.whl",
        f"auto_enforcer-{__version__}.tar.gz",
    }
    for line, name in zip(lines[8:10], sorted(made), strict=True):
        assert line.split()[0] == f"{made[name]:,}"
        assert line.endswith(name)
    [wheel], [sdist] = clone.made.glob("*.whl"), clone.made.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as archive, tarfile.open(sdist) as packed:
        assert not [name for name in (*archive.namelist(), *packed.getnames()) if "planted" in name]
    # What is there already is not written over.
    assert clone.release()[0] == 2


def leave(clone: Clone) -> None:
    (clone.folder / "server" / "auto_enforcer" / "left.py").write_text("")


def raise_version(clone: Clone) -> None:
    file = clone.folder / "server" / "auto_enforcer" / "__init__.py"
    file.write_text(file.read_text().replace(__version__, "99.0.0"))
    clone.commit()


def tag_another(clone: Clone) -> None:
    clone.git("tag", f"v{__version__}", "HEAD~1")


def leave_out_pages(clone: Clone) -> None:
    file = clone.folder / "pyproject.toml"
    wheel = "[tool.hatch.build.targets.wheel]\n"
    file.write_text(file.read_text().replace(wheel, f'{wheel}exclude = ["*.md"]\n'))
    clone.commit()


def leave_out_of_sdist(clone: Clone) -> None:
    file = clone.folder / "pyproject.toml"
    sdist = "[tool.hatch.build.targets.sdist]\n"
    file.write_text(file.read_text().replace(sdist, f'{sdist}exclude = ["policy.schema.json"]\n'))
    clone.commit()


def break_the_build(clone: Clone) -> None:
    file = clone.folder / "pyproject.toml"
    file.write_text(file.read_text().replace('path = "server/auto_enforcer/__init__.py"', 'path = "gone.py"'))
    clone.commit()


def grow(clone: Clone) -> None:
    text = b64encode(os.urandom(2_300_000)).decode()
    (clone.folder / "server" / "auto_enforcer" / "catalog_index.py").write_text(f"# {text}\n")
    clone.commit()


@pytest.mark.parametrize(
    ("spoil", "passed", "said"),
    [
        (leave, 0, "clean tree: 1 paths differ from HEAD, first `server/auto_enforcer/left.py`"),
        (raise_version, 1, f"versions agree: editors/vscode/package.json has {__version__}"),
        (tag_another, 2, f"the tag is free: v{__version__} is another commit"),
        (break_the_build, 3, "wheel and sdist are built: `python"),
        (leave_out_pages, 4, "the wheel holds the package: differs in ['auto_enforcer/rules/"),
        (leave_out_of_sdist, 5, "the sdist makes the same wheel: its wheel has other bytes"),
        (grow, 3, "wheel and sdist are built: auto_enforcer-"),
    ],
)
def test_it_stops_at_the_first_that_fails(
    clone: Clone, spoil: Callable[[Clone], None], passed: int, said: str
) -> None:
    spoil(clone)
    code, lines = clone.release()
    assert code == 1
    assert [line.split()[0] for line in lines] == [*passed * ["ok"], "FAILED"], lines
    assert lines[-1].startswith(f"FAILED  {said}")
    assert not clone.made.exists()
