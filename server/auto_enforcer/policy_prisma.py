"""A Prisma schema as far as the rules of tenancy need it: which models carry the key of a tenant."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Collection, Iterator
from itertools import islice

from auto_enforcer import reading
from auto_enforcer.model import NamedTuple
from auto_enforcer.policy_values import Place, Problem

NAMES = ("schema.prisma", "prisma/schema.prisma")
"""Where a schema is, below a package's folder."""

PARENTS = ("", "apps/", "libs/", "packages/", "services/")
"""Where the folders of packages are, below that of the policy."""

MOST_FOLDERS = 256
"""Entries of such a parent that are looked at."""

LARGEST = 4 << 20
"""Bytes that a schema may have."""

MOST_MODELS = 2_000

_LONGEST_LINE = 4_096

_MOST_HELD = 128
"""Folders whose packages are kept."""

_TICK = 2_000_000_000
"""Nanoseconds: what the coarsest file system that is in use gives two changes the same time within."""


class Schema(NamedTuple):
    """What a schema says. A model that is stored under another name has both."""

    file: str
    """Relative to the workspace, with forward slashes."""
    models: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    """The names of the key's fields and columns."""
    place: Place = Place("")
    """The first of these fields."""
    problems: tuple[Problem, ...] = ()


class Packages:
    """Names of packages by the folder that they are in. One is listed again once its time of change is
    another; one that changed a moment ago may change again within the same tick, so it is not kept."""

    __slots__ = ("_held",)

    def __init__(self) -> None:
        self._held: dict[str, tuple[int, list[str]]] = {}

    def below(self, folder: str) -> list[str]:
        """The first `MOST_FOLDERS`, sorted; none where the folder cannot be read."""
        try:
            changed = os.stat(folder).st_mtime_ns
        except OSError:
            return []
        held = self._held.get(folder)
        if held is not None and held[0] == changed:
            return held[1]
        names = _packages(folder)
        if time.time_ns() - changed > _TICK:
            if len(self._held) >= _MOST_HELD:
                self._held.clear()
            self._held[folder] = changed, names
        return names


def find(root: str, folder: str, packages: Packages | None = None) -> str:
    """The schema beside or below a folder of the workspace, relative to the workspace; "" where none is. A
    few places are looked at, no tree."""
    prefix = f"{folder}/" if folder else ""
    for name in NAMES:
        if _is_there(root, prefix + name):
            return prefix + name
    listed = packages or Packages()
    for parent in PARENTS:
        for package in listed.below(os.path.join(root, prefix + parent)):
            for name in NAMES:
                file = f"{prefix}{parent}{package}/{name}"
                if _is_there(root, file):
                    return file
    return ""


def _packages(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            first = list(islice(entries, MOST_FOLDERS))
    except OSError:
        return []
    return sorted(
        one.name
        for one in first
        if one.name[0] not in "._" and one.name != "node_modules" and _is_folder(one)
    )


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _is_there(root: str, file: str) -> bool:
    """Whether there is such a file, and no link leads out of the workspace to it."""
    path = os.path.join(root, file)
    if not os.path.isfile(path):
        return False
    return os.path.realpath(path).startswith(os.path.join(os.path.realpath(root), ""))


def read(root: str, file: str, keys: Collection[str]) -> Schema:
    """Read a schema line by line. `keys` are the names that a tenant's key has."""
    reader = _Reader(file, keys)
    try:
        with reading.open_regular(os.path.join(root, file)) as opened:
            if os.fstat(opened.fileno()).st_size > LARGEST:
                reader.problem(0, 1, f"is larger than {LARGEST >> 20} MiB, so its models are not known")
            else:
                for number, line in enumerate(iter(lambda: opened.readline(_LONGEST_LINE), b"")):
                    reader.take(number, line.decode("utf-8", "replace").rstrip("\r\n"))
                reader.end()
    except OSError as error:
        reader.problem(0, 1, f"cannot be read: {error.strerror or error}")
    return reader.schema()


class _Reader:
    """Goes over the lines of a schema: outside of blocks, in a model, in another block."""

    __slots__ = ("_block", "_brackets", "_file", "_keys", "_mapped", "_models", "_names", "_own", "_problems")

    def __init__(self, file: str, keys: Collection[str]) -> None:
        self._file = file
        self._names = frozenset(keys)
        self._models: dict[str, None] = {}
        self._keys: dict[str, Place] = {}
        self._block: tuple[str, str, int] | None = None
        """The kind of the open block, its name and line."""
        self._brackets = 0
        self._own = False
        """Whether the model has the key."""
        self._mapped = ""
        self._problems: list[Problem] = []

    def take(self, number: int, line: str) -> None:
        """Read the next line."""
        code = _without_comment(line).strip()
        if not code or code.startswith(("/*", "*")):
            return
        if self._brackets > 0:
            self._count(code)
            return
        opened = re.match(r"(model|view|enum|type|datasource|generator)\s+(\w+)\s*\{(.*)", code)
        if opened is not None:
            if self._block is not None:
                self._unclosed(number, line)
            self._block, self._own, self._mapped = (opened[1], opened[2], number), False, ""
            code = opened[3].strip()
            if not code:
                return
        if self._block is None:
            self.problem(number, len(line), "is neither a block nor a comment, so it was passed over", line)
        elif code.startswith("}"):
            self._close()
        elif self._block[0] in ("model", "view", "type"):
            self._field(number, line, code)
        elif code.endswith("}"):
            self._close()

    def _field(self, number: int, line: str, code: str) -> None:
        mapped = re.match(r"@@map\(\s*(?:name:\s*)?\"([^\"]{1,200})\"", code)
        field = re.match(r"(\w+)\s+[A-Za-z]\w*(?:\(\"[^\"]*\"\))?(?:\[\]|\?)?(?=\s|$|@|\})", code)
        if mapped is not None:
            self._mapped = mapped[1]
        elif not code.startswith("@@") and field is None:
            self.problem(number, len(line), "is no field of a model: a field is a name and a type", line)
        elif field is not None:
            column = re.search(r"(?<!@)@map\(\s*(?:name:\s*)?\"([^\"]{1,200})\"", code)
            names = [field[1], *([column[1]] if column is not None else [])]
            if self._names.intersection(names):
                self._own = True
                start = line.index(field[1])
                place = Place(self._file, number, start, start + len(field[1]))
                for name in names:
                    self._keys.setdefault(name, place)
        self._count(code)
        if self._brackets <= 0 and code.endswith("}"):
            self._close()

    def _count(self, code: str) -> None:
        bare = re.sub(r'"(?:[^"\\]|\\.)*"', "", code)
        self._brackets += bare.count("(") + bare.count("[") - bare.count(")") - bare.count("]")

    def _close(self) -> None:
        kind, name, _ = self._block or ("", "", 0)
        if self._own and kind in ("model", "view") and len(self._models) < MOST_MODELS:
            for one in (name, self._mapped):
                if one:
                    self._models.setdefault(one)
        self._block, self._brackets = None, 0

    def _unclosed(self, number: int, line: str) -> None:
        kind, name, first = self._block or ("", "", 0)
        message = f"`{kind} {name}`, which begins in line {first + 1}, is not closed by a `}}` before this"
        self.problem(number, len(line), message, line)
        self._close()

    def end(self) -> None:
        """All lines are read."""
        if self._block is not None:
            kind, name, number = self._block
            self.problem(number, len(kind) + 1 + len(name), f"`{kind} {name}` is not closed by a `}}`")
            self._close()

    def problem(self, number: int, end: int, message: str, line: str = "") -> None:
        """Note what is wrong in a line; few are told."""
        if len(self._problems) < 20:
            start = len(line) - len(line.lstrip())
            self._problems.append(Problem(Place(self._file, number, start, max(end, start + 1)), message))

    def schema(self) -> Schema:
        """What was read."""
        place = next(iter(self._keys.values()), Place(self._file))
        return Schema(self._file, tuple(self._models), tuple(self._keys), place, tuple(self._problems))


def _without_comment(line: str) -> str:
    """The line up to a `//` that is in no string."""
    at = 0
    for piece in _pieces(line):
        if piece == "//":
            return line[:at]
        at += len(piece)
    return line


def _pieces(line: str) -> Iterator[str]:
    for match in re.finditer(r'"(?:[^"\\]|\\.)*"?|//|[^"/]+|.', line, re.DOTALL):
        yield match[0]
