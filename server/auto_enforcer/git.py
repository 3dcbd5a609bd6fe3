"""The only place that talks to git: one long-lived reader of objects a repository, and few short questions.

Nothing of a repository's is executed. git runs by an absolute path outside the work tree, without hooks, file
system monitors, filters, text conversion, pagers or prompts, and reaches for no remote: a partial clone's
missing object is missing. `protocol.allow` alone would not do, for a repository's `protocol.ext.allow` goes
before it; `GIT_ALLOW_PROTOCOL` goes before both (git-config(1), git(1)).

Objects come from `git cat-file --batch`, which every git of the last ten years has. Paths are looked up in
trees, so a name may hold any bytes, line ends among them.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import IO, TYPE_CHECKING

from auto_enforcer import reading
from auto_enforcer.model import NamedTuple

if TYPE_CHECKING:
    import subprocess

LARGEST = 16 << 20
"""Bytes of an object that is read whole, at most; of a larger one only its size is known."""

MOST_TREES = 512
"""Trees that are remembered of a repository."""

LONGEST_QUESTION = 60.0
"""Seconds that a short question may take."""

MOST_RANGES = 500
"""Lines of a file that are asked for one by one."""

MOST_EDGES = 100
"""Commits that a branch grew on that are compared with each other, at most."""

MOST_REMEMBERED = 200_000
"""Files of the index that are remembered, at most."""

GITLINK = 0o160000
"""The mode of a submodule's entry, which names a commit of it."""

FOLDER = 0o40000
SYMLINK = 0o120000

_PIECE = 1 << 16

_CHECKED_OUT = re.compile(
    rb"\d{6} ([0-9a-f]+) 0\t([^\0]*)\0\s+ctime: [^\n]*\n\s+mtime: (\d+):(\d+)\n\s+dev: [^\n]*\n"
    rb"\s+uid: [^\n]*\n\s+size: (\d+)\tflags: ([0-9a-f]+)\n"
)
"""What `ls-files -s --debug -z` says of a file."""

_LEFT_OUT = 0x40000000
"""The flag of what a sparse checkout leaves out (`CE_SKIP_WORKTREE` of git)."""

_NO_PROTOCOL = "none"
_CLOSED = "nothing is compared any more"

_REFTABLE = os.path.join("reftable", "tables.list")
_NAMESPACES = ("", "refs", "refs/heads", "refs/tags", "refs/remotes")
_REFERENCE = re.compile(r"[\w.][^\s~^:?*\[\\@]*")
"""What may be the name of a branch or tag at the beginning of a revision."""

_SETTINGS = (
    "protocol.allow=never",
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.pager=cat",
    "log.showSignature=false",
)


NOTHING = "0" * 40
"""The id that stands where there is no object."""


class GitError(Exception):
    """What was asked of git has no answer; the message says why and what to do."""


class EndedError(GitError):
    """git ended over what it was asked, twice."""


class Entry(NamedTuple):
    """What a tree or the index says of a path."""

    mode: int
    id: str


class Object(NamedTuple):
    """An object of a repository. `data` is None where it is larger than LARGEST."""

    id: str
    kind: str
    size: int
    data: bytes | None


class Staged(NamedTuple):
    """A path where the index differs from a commit. `entry` is None where it was removed."""

    path: str
    entry: Entry | None
    base: Entry | None
    is_unmerged: bool = False
    """Whether a merge left the path to be resolved, so that nothing is staged of it."""


class CheckedOut(NamedTuple):
    """What the index remembers of a file: its object, and what the file was like when git last knew that it
    holds that object."""

    id: str
    size: int
    seconds: int
    nanoseconds: int
    """When it was changed last, since the epoch. Some gits keep whole seconds: then these are 0."""
    is_left_out: bool
    """Whether a sparse checkout leaves it out."""


class Blamed(NamedTuple):
    """Who wrote a line of a commit, and when, in seconds since the epoch. A line of no commit is unknown."""

    author: str
    time: int


def top_of(folder: str) -> str:
    """The innermost work tree that an absolute path is or lies in; "" outside of all. As git has it, a folder
    `.git` that is no repository makes no work tree."""
    inside = folder
    while not _may_be_repository(os.path.join(inside, ".git")):
        parent = os.path.dirname(inside)
        if parent == inside:
            return ""
        inside = parent
    return inside


def _may_be_repository(path: str) -> bool:
    """Whether a `.git` holds a repository, or is a file that should name one."""
    return os.path.isfile(path) or os.path.lexists(os.path.join(path, "HEAD"))


def is_repository(top: str) -> bool:
    """Whether what is at a work tree's `.git` looks like a repository: told without a process."""
    try:
        return os.path.lexists(os.path.join(_git_folder(top), "HEAD"))
    except GitError:
        return False


def executable(outside: str) -> str:
    """git's absolute path, the first of PATH that does not lie in the folder `outside`. Raises GitError."""
    name = "git.exe" if sys.platform == "win32" else "git"
    forbidden = os.path.realpath(outside)
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder, name)
        if not os.path.isabs(folder) or not os.access(path, os.X_OK) or not os.path.isfile(path):
            continue
        real = os.path.realpath(path)
        if real.startswith(forbidden.rstrip(os.sep) + os.sep):
            continue
        return path
    raise GitError("there is no git on PATH; install it")


class Repository:
    """The repository of a work tree, by the tree's absolute path. Raises GitError where it cannot be read."""

    __slots__ = (
        *("_asked", "_git", "_is_closed", "_last_folder", "_reader", "_trees"),
        *("common", "folder", "started", "top"),
    )

    def __init__(self, top: str) -> None:
        self.top = top
        self.folder = _git_folder(top)
        """Where HEAD and the index are."""
        self.common = _common_folder(self.folder)
        """Where refs, objects and the configuration are: another one in a linked work tree."""
        self.started = 0
        """Processes started so far."""
        self._git = ""
        self._is_closed = False
        self._asked: subprocess.Popen[bytes] | None = None
        self._reader: subprocess.Popen[bytes] | None = None
        self._trees: dict[str, Mapping[bytes, Entry]] = {}
        self._last_folder: tuple[str, bytes, Mapping[bytes, Entry]] = "", b"", {}
        """A commit, a folder that was looked into last, and what the commit has there."""

    def close(self) -> None:
        """End what runs, and begin nothing. Another thread may wait for what git says: it waits no longer."""
        self._is_closed = True
        for process in (self._reader, self._asked):
            if process is not None:
                process.kill()
        self.rest()

    def rest(self) -> None:
        """End the reader until something is asked again."""
        reader, self._reader = self._reader, None
        if reader is not None:
            _end(reader)

    # -- Objects

    def read(self, name: str) -> Object | None:
        """An object by its id or any name that git knows it by; None where there is none, or several."""
        if "\n" in name or "\0" in name or not name:
            return None
        for _ in range(2):
            reader = self._reading()
            try:
                return self._answer(reader, name)
            except (OSError, EOFError, ValueError):
                self.rest()  # It was killed, closed, or never could begin.
        self.question("rev-parse", "--git-dir")  # raises what is wrong, if git knows
        raise EndedError("git ended while it was read from; try again")

    def commit(self, name: str) -> str:
        """The id of the commit that a revision names; "" where it names none."""
        # What follows `:/` is an expression to the end.
        found = self.read(name if name.startswith(":/") else f"{name}^{{commit}}")
        return "" if found is None or found.kind != "commit" else found.id

    def parents(self, commit: str) -> list[str]:
        """The ids of the commits that one, by its id, was made on; they need not be here."""
        found = self.read(commit)
        head = (found.data if found is not None and found.data else b"").partition(b"\n\n")[0]
        return [line[7:].decode() for line in head.split(b"\n") if line.startswith(b"parent ")]

    def entry(self, commit: str, path: str) -> Entry | None:
        """What a commit has at a path relative to the top, with forward slashes; None for nothing."""
        folder, _, name = os.fsencode(path).rpartition(b"/")
        if self._last_folder[:2] != (commit, folder):
            # Of a folder's files one after the other is asked for.
            self._last_folder = commit, folder, self._folder(commit, folder)
        return self._last_folder[2].get(name)

    def _folder(self, commit: str, folder: bytes) -> Mapping[bytes, Entry]:
        """What a commit has in a folder, by name."""
        tree = self.tree(f"{commit}^{{tree}}")
        for part in folder.split(b"/") if folder else ():
            entry = tree.get(part)
            if entry is None or entry.mode != FOLDER:
                return {}
            tree = self.tree(entry.id)
        return tree

    def tree(self, name: str) -> Mapping[bytes, Entry]:
        """What a tree holds, by name."""
        known = self._trees.pop(name, None)
        if known is None:
            found = self.read(name)
            if found is None or found.kind != "tree" or found.data is None:
                raise GitError(f"an object of `{self.top}` is missing; fetch it (`git fetch --refetch`)")
            known = _entries(found.data, len(found.id) // 2)
            if len(self._trees) >= MOST_TREES:
                del self._trees[next(iter(self._trees))]
        self._trees[name] = known
        return known

    def _reading(self) -> subprocess.Popen[bytes]:
        if self._is_closed:
            raise GitError(_CLOSED)
        if self._reader is None or self._reader.poll() is not None:
            import subprocess

            try:
                self._reader = subprocess.Popen(
                    self._command("cat-file", "--batch"),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=_environment(self.top),
                    cwd=self.folder,
                )
            except OSError as error:
                raise GitError(f"git could not be run: {error.strerror or type(error).__name__}") from None
            self.started += 1
            if self._is_closed:  # while it was begun
                self._reader.kill()
        return self._reader

    def _answer(self, reader: subprocess.Popen[bytes], name: str) -> Object | None:
        asking, answer = reader.stdin, reader.stdout
        assert asking is not None
        assert answer is not None
        asking.write(os.fsencode(name) + b"\n")
        asking.flush()
        head = answer.readline()
        if not head.endswith(b"\n"):
            raise EOFError
        words = head.split()
        if len(words) != 3 or not words[2].isdigit():
            return None  # missing or ambiguous
        size = int(words[2])
        data = b"".join(_read(answer, size)) if size <= LARGEST else None
        if data is None:
            for _ in _read(answer, size):
                pass
        answer.read(1)
        return Object(words[0].decode(), words[1].decode(), size, data)

    # -- Short questions

    def question(
        self, *arguments: str, accepted: tuple[int, ...] = (0,), index: str = "", given: bytes = b""
    ) -> bytes:
        """What git prints that is given something to read. `index` is the path of another index than the
        repository's own."""
        import subprocess

        if self._is_closed:
            raise GitError(_CLOSED)
        self.started += 1
        environment = _environment(self.top)
        if index:
            environment["GIT_INDEX_FILE"] = index
        try:
            with subprocess.Popen(
                self._command(*arguments),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment,
                cwd=self.folder,
            ) as asked:
                self._asked = asked
                if self._is_closed:
                    asked.kill()
                try:
                    output, errors = asked.communicate(given, timeout=LONGEST_QUESTION)
                finally:
                    asked.kill()
                    self._asked = None
        except (OSError, subprocess.TimeoutExpired) as error:
            raise GitError(f"git could not be run: {type(error).__name__}") from None
        if asked.returncode not in accepted:
            said = errors.decode("utf-8", "replace").strip().partition("\n")[0]
            raise GitError(f"git cannot read `{self.top}`: {said.removeprefix('fatal: ')}")
        return output

    def settings(self) -> Mapping[str, str]:
        """What the configuration says of line ends, commit messages, remotes and the remotes of branches, by
        key in small letters but for what stands between two dots."""
        keys = r"core\.(autocrlf|eol|comment(char|string))", r"commit\.cleanup", r"remote\..*\.url"
        wanted = f"^({'|'.join(keys)}|branch\\..*\\.remote)$"
        found = self.question("config", "-z", "--get-regexp", wanted, accepted=(0, 1))
        said = (one.partition(b"\n") for one in found.split(b"\0") if one)
        return {os.fsdecode(key): os.fsdecode(value) for key, _, value in said}

    def merge_base(self, commit: str, other: str) -> str:
        """The id of the best common ancestor of two commits; "" where there is none."""
        found = self.question("merge-base", commit, other, accepted=(0, 1))
        return found.decode().strip()

    def beyond(self, commit: str, known: Iterable[str], remote: str) -> tuple[list[str], list[str]]:
        """The commits that one brings and that neither the commits `known` nor what is known of a remote, by
        its name, have, the newest first; and of what they have, the commits that those were made on, none of
        which another has."""
        said = self.question(
            *("rev-list", "--boundary", "--stdin", commit, "--not"),
            f"--remotes={remote}" if remote else "--remotes",
            given="".join([f"^{one}\n" for one in known]).encode(),
        )
        lines = said.decode().split()
        edge = [line[1:] for line in lines if line.startswith("-")]
        brought = [line for line in lines if not line.startswith("-")]
        if len(edge) > 1:
            edge = self.question("merge-base", "--independent", *edge[:MOST_EDGES]).decode().split()
        return brought, edge

    def staged(self, commit: str, index: str = "") -> Iterator[Staged]:
        """Where the index differs from a commit. For no commit "" stands: then everything does."""
        against = commit or self._empty_tree()
        said = self.question(
            "diff-index", "--cached", "--raw", "-z", "--no-renames", "--abbrev=64", against, "--", index=index
        )
        return _differences(said)

    def differing(self, commit: str, other: str) -> Iterator[Staged]:
        """Where `other`, a commit, differs from a commit, for which "" may stand."""
        against = commit or self._empty_tree()
        said = self.question(
            "diff-tree", "-r", "--raw", "-z", "--no-renames", "--abbrev=64", against, other, "--"
        )
        return _differences(said)

    def indexed(self, pattern: str, index: str = "") -> Mapping[str, Entry]:
        """What the index has whose path matches a pattern of git's."""
        said = self.question("ls-files", "-s", "-z", "--", pattern, index=index)
        found: dict[str, Entry] = {}
        for one in said.split(b"\0"):
            about, _, path = one.partition(b"\t")
            words = about.split(b" ")
            if len(words) == 3:
                found[os.fsdecode(path)] = Entry(int(words[0], 8), words[1].decode())
        return found

    def tracked_though_ignored(self) -> list[str]:
        """The files that ignore files name and that are tracked all the same, relative to the top."""
        said = self.question("ls-files", "-z", "--cached", "--ignored", "--exclude-standard")
        return [os.fsdecode(path) for path in said.split(b"\0") if path]

    def checked_out(self) -> Mapping[str, CheckedOut]:
        """What the index remembers of its files, MOST_REMEMBERED of them at most. No file is looked at."""
        said = self.question("ls-files", "-s", "--debug", "-z")
        found: dict[str, CheckedOut] = {}
        for one in _CHECKED_OUT.finditer(said):
            if len(found) >= MOST_REMEMBERED:
                break
            seconds, nanoseconds, size, flags = one[3], one[4], one[5], int(one[6], 16)
            about = int(size), int(seconds), int(nanoseconds), bool(flags & _LEFT_OUT)
            found[os.fsdecode(one[2])] = CheckedOut(one[1].decode(), *about)
        return found

    def blame(self, commit: str, path: str, numbers: Collection[int]) -> Mapping[int, Blamed]:
        """Who wrote some lines of a file as a commit has it, by 0-based number. Of more than MOST_RANGES it
        is asked for all lines of the file."""
        ranges = [f"-L{number + 1},{number + 1}" for number in sorted(numbers)]
        # As if there were no work tree: nothing in it is read, its `.mailmap` neither.
        said = self.question(
            *("-C", self.folder, "--bare", "blame", "--line-porcelain", "--no-textconv"),
            *(ranges if len(ranges) <= MOST_RANGES else ()),
            *(commit, "--", path),
        )
        lines: dict[int, Blamed] = {}
        number, author, time = -1, "", 0
        for line in said.split(b"\n"):
            if line.startswith(b"\t"):
                lines[number] = Blamed(author, time)
            elif line.startswith(b"author "):
                author = line[len(b"author ") :].decode("utf-8", "replace")
            elif line.startswith(b"author-time "):
                time = int(line[len(b"author-time ") :])
            elif (words := line.split(b" ")) and len(words[0]) >= 40 and len(words) >= 3:
                number = int(words[2]) - 1
        return lines

    def _empty_tree(self) -> str:
        return self.question("hash-object", "-t", "tree", "--stdin").decode().strip()

    def _command(self, *arguments: str) -> list[str]:
        if not self._git:
            self._git = executable(self.top)
        settings = [word for setting in _SETTINGS for word in ("-c", setting)]
        return [self._git, "--no-pager", *settings, "-C", self.top, *arguments]

    # -- What tells that something has moved

    def stamp(self, word: str = "") -> tuple[object, ...]:
        """Something that is another when HEAD, its branch, a remote's default branch or what the revision
        `word` begins with has moved, or more was fetched: told without a process."""
        head = reading.beginning(os.path.join(self.folder, "HEAD"))
        places = [os.path.join(self.folder, name) for name in ("HEAD", "FETCH_HEAD", _REFTABLE)]
        places += [
            os.path.join(self.common, name) for name in ("config", "packed-refs", _REFTABLE, "shallow")
        ]
        if head.startswith("ref: "):
            places.append(os.path.join(self.common, head[5:].strip()))
        begins = _REFERENCE.match(word)
        if begins is not None and ".." not in begins[0]:
            places += [os.path.join(self.common, before, begins[0]) for before in _NAMESPACES]
        remotes = os.path.join(self.common, "refs", "remotes")
        try:
            names = sorted(os.listdir(remotes))[:16]
        except OSError:
            names = []
        for name in names:
            of_default = os.path.join(remotes, name, "HEAD")
            places += [of_default, *(os.path.join(remotes, name, branch) for branch in ("main", "master"))]
            default = reading.beginning(of_default)
            if default.startswith("ref: "):
                places.append(os.path.join(self.common, default[5:].strip()))
        return head, *map(_stamp, places)

    def head_name(self) -> str:
        """The name of the branch that is checked out; "" where HEAD is on none."""
        said = reading.beginning(os.path.join(self.folder, "HEAD")).strip()
        return said.removeprefix("ref: refs/heads/") if said.startswith("ref: refs/heads/") else ""

    def merge_heads(self) -> list[str]:
        """What the branch that is checked out is being merged with."""
        return reading.beginning(os.path.join(self.folder, "MERGE_HEAD")).split()

    @property
    def is_shallow(self) -> bool:
        """Whether its history was cut off."""
        return os.path.exists(os.path.join(self.common, "shallow"))


def blob_id(data: bytes, like: str = "") -> str:
    """The name that git gives to a content, by the hash that made the id `like` (default: SHA-1)."""
    import hashlib

    made = hashlib.sha256() if len(like) == 64 else hashlib.sha1(usedforsecurity=False)
    made.update(b"blob %d\0" % len(data))
    made.update(data)
    return made.hexdigest()


def _environment(top: str) -> dict[str, str]:
    """What git may know of the user's environment: nothing that names a repository or a command to run."""
    kept = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM")
    of_user = {
        name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in kept
    }
    return {
        **of_user,
        "GIT_ALLOW_PROTOCOL": _NO_PROTOCOL,
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "",
        "GIT_CEILING_DIRECTORIES": os.path.dirname(top),
        "LC_ALL": "C",
    }


def _git_folder(top: str) -> str:
    path = os.path.join(top, ".git")
    if os.path.isdir(path):
        return path
    said = reading.beginning(path)
    if not said.startswith("gitdir:"):
        raise GitError(f"`{path}` is no repository, and names none")
    return os.path.normpath(os.path.join(top, said.removeprefix("gitdir:").strip()))


def _common_folder(folder: str) -> str:
    said = reading.beginning(os.path.join(folder, "commondir")).strip()
    return os.path.normpath(os.path.join(folder, said)) if said else folder


def _stamp(path: str) -> tuple[int, int, int] | None:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _entries(data: bytes, width: int) -> Mapping[bytes, Entry]:
    """What a tree object holds; its ids have so many bytes."""
    entries: dict[bytes, Entry] = {}
    at = 0
    while at < len(data):
        space = data.index(b" ", at)
        end = data.index(b"\0", space)
        entries[data[space + 1 : end]] = Entry(int(data[at:space], 8), data[end + 1 : end + 1 + width].hex())
        at = end + 1 + width
    return entries


def _differences(said: bytes) -> Iterator[Staged]:
    """What a raw difference says: `:mode mode id id status`, then the path, each ended by NUL."""
    parts = said.split(b"\0")
    for about, path in zip(parts[::2], parts[1::2], strict=False):
        old_mode, mode, old_id, new_id, status = about[1:].split(b" ")
        base = Entry(int(old_mode, 8), old_id.decode())
        entry = Entry(int(mode, 8), new_id.decode())
        kept = entry if entry.mode else None, base if base.mode else None
        yield Staged(os.fsdecode(path), *kept, is_unmerged=status == b"U")


def _read(source: IO[bytes], size: int) -> Iterator[bytes]:
    """So many bytes, in pieces. Raises EOFError where they end before."""
    left = size
    while left > 0:
        piece = source.read(min(_PIECE, left))
        if not piece:
            raise EOFError
        left -= len(piece)
        yield piece


def _end(reader: subprocess.Popen[bytes]) -> None:
    for pipe in (reader.stdin, reader.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:
                pass
    import subprocess

    try:
        reader.wait(1.0)
    except subprocess.TimeoutExpired:
        reader.kill()
        reader.wait()
