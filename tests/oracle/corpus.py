"""The files of others that the oracle reads: which they are, and how they are brought here.

They come from npm, PyPI and Debian by the clients of these, by name and version, into a folder of the user's
cache (`AUTO_ENFORCER_ORACLE`, else `~/.cache/auto-enforcer-oracle`). Nothing of them is run.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from auto_enforcer import text

SMALLEST, LARGEST = 50, 150_000
"""Bytes of a file that is read."""

HERE = ("python", "installed")
"""The sources that every machine has: the library of this Python, and the packages beside it."""


class Source(NamedTuple):
    """Files of one package. `registry` is `npm`, `pypi`, `debian` (a source package) or one of HERE.

    `pattern` is searched in a file's path in the package, with `/`. Of the files that it finds, in order,
    `most` are taken at most, evenly spread.
    """

    registry: str
    package: str
    pattern: str
    most: int

    def __str__(self) -> str:
        return f"{self.registry}:{self.package}"


class NotToBeHad(Exception):
    """A package that its client does not give, and what the client says."""


def texts(source: Source) -> Iterator[tuple[str, str]]:
    """Path and text of the files of a source, fetched where they are not here yet. Where a file cannot be
    read the one after it is taken."""
    root = folder(source)
    paths = sorted(path for path in _files(root) if re.search(source.pattern, path))
    step = max(1.0, len(paths) / source.most)
    taken = -1
    for turn in range(min(source.most, len(paths))):
        for index in range(max(taken + 1, int(turn * step)), len(paths)):
            content = readable(root / paths[index])
            if content is not None:
                yield f"{source.package}/{paths[index]}", content
                taken = index
                break


def _files(root: Path) -> Iterator[str]:
    """The paths of what may be read, with `/`."""
    for at, folders, names in os.walk(root):
        folders[:] = sorted(set(folders) - {"__pycache__", "site-packages"})
        for name in names:
            path = Path(at, name)
            if not path.is_symlink() and SMALLEST <= path.stat().st_size <= LARGEST:
                yield path.relative_to(root).as_posix()


def readable(path: Path) -> str | None:
    """A file's text with `\\n` line ends; None where it is no UTF-8 or has a line so long that nobody
    lexes it."""
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in content or max(map(len, content.encode().split(b"\n"))) > text.BLOCK:
        return None
    return content if content.endswith("\n") else content + "\n"


def folder(source: Source) -> Path:
    """Where a source's files are; brings them there first. Raises NotToBeHad."""
    if source.registry == "python":
        return Path(sysconfig.get_path("stdlib"))
    if source.registry == "installed":
        return Path(sysconfig.get_path("purelib"))
    place = cache() / source.registry / source.package.replace("/", "+").replace("=", "-")
    if not place.is_dir():
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent) as made:
            archives, unpacked = Path(made, "archives"), Path(made, "unpacked")
            archives.mkdir()
            unpacked.mkdir()
            CLIENTS[source.registry](source.package, archives)
            for archive in sorted(archives.iterdir()):
                _unpack(archive, unpacked)
            shutil.rmtree(place, ignore_errors=True)
            unpacked.rename(place)
    return place


def cache() -> Path:
    """The folder of all that was fetched."""
    own = os.environ.get("AUTO_ENFORCER_ORACLE")
    return Path(own) if own else Path.home() / ".cache" / "auto-enforcer-oracle"


def _from_npm(package: str, archives: Path) -> None:
    # Packing a package of a registry runs none of its scripts.
    _run(["npm", "pack", "--silent", "--ignore-scripts", package], archives)


def _from_pypi(package: str, archives: Path) -> None:
    # Only wheels: to be told its name, a source distribution would be built.
    _run([*pip(), "download", "--quiet", "--no-deps", "--only-binary", ":all:", package], archives)


def pip() -> list[str]:
    """The command of pip: of this Python, or of the one that the suite's environment, which may have none,
    was made from."""
    has_it = importlib.util.find_spec("pip") is not None
    return [sys.executable if has_it else getattr(sys, "_base_executable", sys.executable), "-m", "pip"]


def _from_debian(package: str, archives: Path) -> None:
    state = cache() / "debian-state"
    options = ["-o", f"Dir::Etc::SourceList={state / 'own.sources'}", "-o", "Dir::Etc::SourceParts=/dev/null"]
    options += ["-o", f"Dir::State::Lists={state / 'lists'}", "-o", "APT::Sandbox::User=root", "--quiet"]
    if not state.is_dir():
        entries = _sources_of_the_machine()
        (state / "lists" / "partial").mkdir(parents=True)
        (state / "own.sources").write_text(entries)
        _run(["apt-get", *options, "update"], archives)
    _run(["apt-get", *options, "source", "--tar-only", "--download-only", "--only-source", package], archives)


def _sources_of_the_machine() -> str:
    """The machine's own entry for Debian, turned to source packages."""
    entry = Path("/etc/apt/sources.list.d/debian.sources")
    if not entry.is_file():
        raise NotToBeHad("no Debian, or one without `debian.sources`")
    return entry.read_text().replace("Types: deb\n", "Types: deb-src\n")


CLIENTS = {"npm": _from_npm, "pypi": _from_pypi, "debian": _from_debian}


def _run(command: list[str], where: Path) -> None:
    program = shutil.which(command[0])
    if program is None:
        raise NotToBeHad(f"there is no `{command[0]}`")
    done = subprocess.run([program, *command[1:]], cwd=where, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise NotToBeHad(f"`{command[0]}`: {lines[-1] if lines else done.returncode}")


def _unpack(archive: Path, into: Path) -> None:
    """The files of an archive; of a Debian package those of its authors, not Debian's own."""
    if archive.suffix in (".whl", ".zip"):
        with zipfile.ZipFile(archive) as zipped:
            zipped.extractall(into)
    elif tarfile.is_tarfile(archive) and ".debian.tar" not in archive.name:
        with tarfile.open(archive) as tar:
            for member in tar:
                if member.isfile():
                    try:
                        tar.extract(member, into, filter="data")
                    except (OSError, tarfile.FilterError):
                        continue  # A name that this machine cannot write.
