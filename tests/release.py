"""What a release is checked by and made of: `python3 tests/release.py`. Stops at the first step that fails.

All is built from what git has at HEAD, in a folder of its own: wheel, sdist and VS Code's extension. Each is
looked into and, unless `--offline` is given, installed. They are put into `dist` only when everything holds.
The suite is not run: `python3 tests --editors` is what comes before. 0: made; 1: a step failed; 2: could not
begin.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

TESTS = Path(__file__).resolve().parent
PATIENCE = 600
"""Seconds that one program may take."""

LARGEST = {".whl": 2 << 20, ".gz": 3 << 20, ".vsix": 2 << 20}
"""Bytes of a package, by its suffix."""

VERSION = re.compile(r'^__version__ = "(\d+\.\d+\.\d+)"$', re.MULTILINE)

METADATA = {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"}
"""What a wheel holds beside the package."""

OF_EXTENSION = {
    *("[Content_Types].xml", "extension.vsixmanifest"),
    *("LICENSE.txt", "readme.md", "package.json", "out", "media", "bundled"),
}
"""What stands at the top of VS Code's package."""


class Stop(Exception):
    """A step does not hold; the message says why and what to do."""


class Release(NamedTuple):
    """What is released: the checkout, its sources as git has them, and where packages are put at first."""

    checkout: Path
    source: Path
    made: Path
    offline: bool

    @property
    def package(self) -> Path:
        return self.source / "server" / "auto_enforcer"

    @property
    def version(self) -> str:
        found = VERSION.search((self.package / "__init__.py").read_text(encoding="utf-8"))
        if found is None:
            raise Stop("server/auto_enforcer/__init__.py has no `__version__` of three numbers")
        return found[1]

    def files(self) -> set[str]:
        """The files of the package, from `auto_enforcer/` on."""
        names = (path.relative_to(self.package.parent) for path in self.package.rglob("*") if path.is_file())
        return {name.as_posix() for name in names}

    def one(self, pattern: str) -> Path:
        """The package that was made."""
        found = [*self.made.glob(pattern)]
        if len(found) != 1:
            raise Stop(f"{len(found)} packages are `{pattern}`")
        return found[0]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="Check a release and make its packages.")
    parser.add_argument("-o", "--output", type=Path, help="where the packages go (default: dist)")
    parser.add_argument("--checkout", type=Path, default=TESTS.parent, help="what is released")
    parser.add_argument("--offline", action="store_true", help="install nothing, and build no extension")
    chosen = parser.parse_args(arguments)
    output = chosen.output or chosen.checkout / "dist"
    if output.exists() and any(output.iterdir()):
        say(f"`{output}` is not empty: move away what is there")
        return 2
    with tempfile.TemporaryDirectory(prefix="auto-enforcer-") as folder:
        release = Release(
            chosen.checkout.resolve(), Path(folder, "source"), Path(folder, "made"), chosen.offline
        )
        release.made.mkdir()
        for step in STEPS:
            try:
                said = step(release)
            except (
                Stop,
                subprocess.TimeoutExpired,
                OSError,
                ValueError,
                KeyError,
                zipfile.BadZipFile,
            ) as error:
                say(f"FAILED  {title(step)}: {error}")
                return 1
            say(f"ok      {title(step)}: {said}")
        output.mkdir(parents=True, exist_ok=True)
        for made in sorted(release.made.iterdir()):
            digest = hashlib.sha256(made.read_bytes()).hexdigest()
            say(f"{made.stat().st_size:9,} bytes  sha256 {digest}  {made.name}")
            shutil.copy2(made, output)
    say(f"made in `{output}`; next: tag the commit, and publish what is there")
    return 0


def tree(release: Release) -> str:
    """clean tree"""
    changed = git(release, "status", "--porcelain").splitlines()
    if changed:
        raise Stop(f"{len(changed)} paths differ from HEAD, first `{changed[0][3:]}`: commit or remove them")
    commit = git(release, "rev-parse", "HEAD").strip()
    archive = git_bytes(release, "archive", "--format=tar", "HEAD")
    release.source.mkdir()
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        # The filter came with Python 3.11.4; what is unpacked is our own.
        packed.extractall(release.source, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    return commit


def versions(release: Release) -> str:
    """versions agree"""
    version = release.version
    editors = release.source / "editors"
    extension = json.loads((editors / "vscode" / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((editors / "vscode" / "package-lock.json").read_text(encoding="utf-8"))
    others = {
        "editors/vscode/package.json": extension["version"],
        "editors/vscode/package-lock.json": lock["packages"][""]["version"],
    }
    for name in ("zed/extension.toml", "lapce/volt.toml"):
        others[f"editors/{name}"] = tomllib.loads((editors / name).read_text(encoding="utf-8"))["version"]
    for name, other in others.items():
        if other != version:
            raise Stop(f"{name} has {other}, server/auto_enforcer/__init__.py has {version}")
    return version


def tag(release: Release) -> str:
    """the tag is free"""
    name = f"v{release.version}"
    tagged = git(release, "tag", "--list", name, "--format=%(objectname) %(*objectname)").split()
    if tagged and git(release, "rev-parse", "HEAD").strip() not in tagged:
        raise Stop(f"{name} is another commit: raise the version")
    return name


def built(release: Release) -> str:
    """wheel and sdist are built"""
    for kind in ("wheel", "sdist"):
        build(release, kind, release.source, release.made)
    for path in release.made.iterdir():
        weigh(path)
    return ", ".join(sorted(path.name for path in release.made.iterdir()))


def wheel(release: Release) -> str:
    """the wheel holds the package"""
    path = release.one("*.whl")
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    about = f"auto_enforcer-{release.version}.dist-info/"
    wanted = release.files() | {about + name for name in METADATA}
    if entries.keys() != wanted:
        raise Stop(f"differs in {sorted(entries.keys() ^ wanted)[:3]}")
    for line in entries[f"{about}RECORD"].decode().splitlines():
        name, said, _ = line.rsplit(",", 2)
        digest = base64.urlsafe_b64encode(hashlib.sha256(entries[name]).digest()).rstrip(b"=").decode()
        if said and said != f"sha256={digest}":
            raise Stop(f"RECORD has another hash of {name}")
    return f"{len(entries)} files"


def sdist(release: Release) -> str:
    """the sdist makes the same wheel"""
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(release.one("*.tar.gz")) as packed:
            packed.extractall(folder, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
        [source] = Path(folder).iterdir()
        again = Path(folder, "again")
        build(release, "wheel", source, again)
        [other] = again.iterdir()
        if other.read_bytes() != release.one("*.whl").read_bytes():
            raise Stop("its wheel has other bytes")
    return "to the byte"


def installed(release: Release) -> str:
    """the wheel is installed"""
    if release.offline:
        return "left out (--offline)"
    with tempfile.TemporaryDirectory() as folder:
        run([sys.executable, "-m", "venv", folder], release.made)
        programs = Path(folder, "Scripts" if os.name == "nt" else "bin")
        run([str(programs / "python"), "-m", "pip", "install", "-q", str(release.one("*.whl"))], release.made)
        said = run([str(programs / "auto-enforcer"), "--version"], release.made).strip()
        if release.version not in said:
            raise Stop(f"`auto-enforcer --version` says {said}")
    return said


def extension(release: Release) -> str:
    """VS Code's extension"""
    if release.offline:
        return "left out (--offline)"
    npm = shutil.which("npm")
    if npm is None:
        raise Stop("there is no npm on the PATH: install Node.js 20 or later")
    place = release.source / "editors" / "vscode"
    run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], place)
    run([npm, "run", "--silent", "package"], place)
    [made] = place.glob("*.vsix")
    with zipfile.ZipFile(made) as archive:
        names = {name.removeprefix("extension/") for name in archive.namelist()}
        manifest = json.loads(archive.read("extension/package.json"))
    prefix = "bundled/"
    ours = {name.removeprefix(prefix) for name in names if name.startswith(f"{prefix}auto_enforcer/")}
    if ours != release.files():
        raise Stop(f"differs in {sorted(ours ^ release.files())[:3]}")
    if {name.partition("/")[0] for name in names} != OF_EXTENSION or manifest["version"] != release.version:
        raise Stop("holds something else than it is to hold")
    weigh(made)
    shutil.copy2(made, release.made)
    return f"{len(names)} files, {len(ours)} of the server"


def weigh(path: Path) -> None:
    """Stop where a package is larger than it may be."""
    size, most = path.stat().st_size, LARGEST[path.suffix]
    if size > most:
        raise Stop(f"{path.name} has {size:,} bytes, at most {most:,}")


STEPS: tuple[Callable[[Release], str], ...] = (
    *(tree, versions, tag),
    *(built, wheel, sdist, installed, extension),
)


def title(step: Callable[[Release], str]) -> str:
    return str(step.__doc__)


def build(release: Release, kind: str, source: Path, folder: Path) -> None:
    """Build a package into a folder; the time in it is the commit's."""
    moment = {"SOURCE_DATE_EPOCH": git(release, "log", "-1", "--format=%ct").strip()}
    run(
        [sys.executable, "-m", "hatchling", "build", "--target", kind, "--directory", str(folder)],
        source,
        moment,
    )


def run(command: list[str], folder: Path, more: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **(more or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=PATIENCE,
        check=False,
    )
    said = done.stdout.decode("utf-8", "replace")
    if done.returncode != 0:
        last = said.strip().splitlines()[-1:] or ["it said nothing"]
        raise Stop(
            f"`{Path(command[0]).name} {' '.join(command[1:4])}` ended with {done.returncode}: {last[0]}"
        )
    return said


def git(release: Release, *arguments: str) -> str:
    return git_bytes(release, *arguments).decode("utf-8", "replace")


def git_bytes(release: Release, *arguments: str) -> bytes:
    command = ["git", "-c", f"safe.directory={release.checkout}", *arguments]
    done = subprocess.run(command, cwd=release.checkout, capture_output=True, timeout=PATIENCE, check=False)
    if done.returncode != 0:
        raise Stop(
            f"git {arguments[0]} ended with {done.returncode}: {done.stderr.decode('utf-8', 'replace')}"
        )
    return done.stdout


def say(text: str) -> None:
    print(text, flush=True)


def enter() -> None:
    """Go on in the suite's environment, which has what builds packages."""
    try:
        import hatchling  # noqa: F401
    except ImportError:
        sys.path[:0] = [str(TESTS), str(TESTS.parent / "server")]
        from runner import suite_python

        python = suite_python()
        os.execv(python, [python, *sys.argv])


if __name__ == "__main__":
    enter()
    sys.exit(main(sys.argv[1:]))
