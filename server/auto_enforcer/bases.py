"""Which text a file is compared with: what its repository's base commit has at its path, or had at the path
that it was moved from."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from auto_enforcer import git, reading, text
from auto_enforcer.git import CheckedOut, EndedError, Entry, GitError, Repository
from auto_enforcer.model import NamedTuple

AUTO = "auto"
SESSION = "session"

MOST_COMPARED = git.LARGEST
"""Bytes of a text that is compared with its base line by line. In a larger one that differs all is new."""

MOST_MISSING = 20_000
"""Files of the base that are no more, of which one may have been moved, at most."""

MOST_TRIES = 4
"""How often it is tried to tell the base while nothing else moves."""

MOST_CANDIDATES = 24
"""Of those, how many are compared with a new file."""

SIMILAR = 0.5
"""Share of its lines that a file must have kept to count as moved, as git has it."""

MOST_FOLDERS = 4_096
"""Folders of which it is remembered whether git may convert files in them, at most."""

MOST_ATTRIBUTES = 1 << 20
"""Bytes of a `.gitattributes` that are read, at most."""

_CONVERTING = re.compile(rb"(?:^|\s)(?:ident\b|(?:filter|working-tree-encoding)=)")
"""What tells git to convert a file by more than its line ends."""

_POINTER = b"version https://git-lfs.github.com/spec/v1\n"
_BRANCHES = ("HEAD", "main", "master")


class Commit(NamedTuple):
    """What files are compared with. `id` is "" where there is no commit yet: then nothing stood before."""

    id: str
    name: str
    """As people know it: the beginning of the id, or what was asked for."""
    is_own: bool
    """Whether it is the revision that is checked out."""


class Stood(NamedTuple):
    """What the base has of a file. `data` is None where it cannot be compared line by line."""

    path: str
    """In the base, relative to the top of the work tree: another one where the file was moved."""
    entry: Entry
    data: bytes | None
    is_same: bool
    """Whether the file is as it was there."""


class Bases:
    """The base of one repository's files. Asks git when it is first asked."""

    __slots__ = (
        "_around",
        "_checked_out",
        "_commit",
        "_converted",
        "_converting",
        "_missing",
        "_moved",
        "_stamp",
        "_tries",
        "_word",
        "differs",
        "ends_differ",
        "repository",
    )

    def __init__(self, repository: Repository, word: str = AUTO) -> None:
        """`word` is "auto", a revision (git.NOTHING: none), or `A...B` as git writes it: the commit that two
        have in common; one that is left out is HEAD."""
        self.repository = repository
        self._word = word
        self._commit: Commit | None = None
        self._stamp: tuple[object, ...] = ()
        self._tries: tuple[tuple[object, ...], int] = (), 0
        """The stamp at which no base could be told, and how often that was tried."""
        self._around: Bases | None = None
        """Where this may be a submodule, the base of the repository around it."""
        self._converting: bool | None = None
        self._converted: dict[str, bool] = {}
        """Folders, and whether git may be told there to convert files."""
        self._checked_out: tuple[object, Mapping[str, CheckedOut]] = None, {}
        """When it was asked what the index remembers, and that."""
        self._missing: dict[str, Entry] | None = None
        self._moved: dict[str, str] = {}
        """Which files of the base were found to be where now."""
        self.differs = False
        """Whether a file was met that is not as the base has it."""
        self.ends_differ = False
        """Whether one was met that is, but for its line ends."""
        outer = _outer(repository)
        if outer:
            self._around = Bases(Repository(outer), word)

    def commit(self) -> Commit:
        """The base commit. Raises GitError where the word names none."""
        if self._commit is None:
            self._stamp = self.stamp()
            self._commit = self._resolved()
        return self._commit

    def stamp(self) -> tuple[object, ...]:
        """Something that is another when the base may be another one, told without a process."""
        own = self.repository.stamp("" if self._word == AUTO else self._word)
        return own if self._around is None else (own, self._around.stamp())

    def has_moved(self) -> bool:
        """Whether the base is another commit now; where HEAD and refs are as they were, no process is
        asked."""
        if self._commit is None:
            return False
        stamp = self.stamp()
        tried, times = self._tries
        if stamp == self._stamp or (stamp == tried and times >= MOST_TRIES):
            return False
        self._converting = None
        try:
            now = self._resolved()
        except GitError:
            # It is under way, or the repository is another one: what was goes on till it can be told.
            self.repository.rest()
            self._tries = stamp, times + 1 if stamp == tried else 1
            return False
        self._stamp = stamp
        before, self._commit = self._commit, now
        if (now.id, now.name) == (before.id, before.name):
            return False
        self._missing = None
        self._moved.clear()
        self._converted.clear()
        return True

    def entry(self, path: str) -> Entry | None:
        """What the base has at a path relative to the top."""
        commit = self.commit()
        found = self.repository.entry(commit.id, path) if commit.id else None
        return found if found is not None and found.mode & 0o170000 == 0o100000 else None

    def stood(self, path: str, data: bytes | None, own_id: str = "") -> Stood | None:
        """What the base has of a file with this content; None where it is new. `path` is relative to the top.
        Of one too large to be compared `data` is None, and its name as git has it is given. Raises
        GitError."""
        stood = self._stood(path, data, own_id)
        self.differs = self.differs or stood is None or not stood.is_same
        return stood

    def _stood(self, path: str, data: bytes | None, own_id: str) -> Stood | None:
        entry, was = self.entry(path), path
        if entry is None:
            linked = self._linked(path)
            entry, was = (self.entry(linked), linked) if linked else (None, path)
        if entry is None:
            if data is None or not data or not self.commit().id:
                return None
            was, entry = self._moved_from(path, data)
            if entry is None:
                return None
        mine = own_id or (git.blob_id(data, entry.id) if data is not None else "")
        if mine == entry.id:
            return Stood(was, entry, data, is_same=True)
        if data is None:
            return Stood(was, entry, None, is_same=False)
        stood = self._content(entry, data)
        if stood is not None and _plain(stood) == _plain(data):
            self.ends_differ = self.ends_differ or b"\r" in data or b"\r" in stood
            return Stood(was, entry, data, is_same=True)
        if was == path and self._is_converted(path) and self._is_unmodified(path, entry, data):
            return Stood(was, entry, data, is_same=True)
        if stood is not None and is_all_crlf(data) and b"\r" not in stood and self._converts():
            stood = stood.replace(b"\n", b"\r\n")
        return Stood(was, entry, stood, is_same=False)

    def changed(self, present: Iterable[str]) -> list[str]:
        """The paths, relative to the top, that differ from the base, sorted. `present` are those of the work
        tree's files."""
        found = list(self._gone())
        for path in present:
            entry = self.entry(path)
            if entry is None or not self._is_as(path, entry):
                found.append(path)
        return sorted(found)

    def listing(self, folder: str) -> tuple[list[str], list[str]]:
        """The names of the files and of the folders that the base has in a folder relative to the top."""
        commit = self.commit()
        if not commit.id:
            return [], []
        tree = self.repository.tree(f"{commit.id}^{{tree}}")
        for part in folder.split("/") if folder else ():
            entry = tree.get(os.fsencode(part))
            if entry is None or entry.mode != git.FOLDER:
                return [], []
            tree = self.repository.tree(entry.id)
        names = [(os.fsdecode(name), entry.mode == git.FOLDER) for name, entry in tree.items()]
        return sorted(n for n, inner in names if not inner), sorted(n for n, inner in names if inner)

    def has(self, path: str) -> bool:
        """Whether the base has anything at a path relative to the top."""
        commit = self.commit()
        return bool(commit.id) and self.repository.entry(commit.id, path) is not None

    def is_clean(self) -> bool:
        """Whether every file of the base is in the work tree as it is there: nothing can be new."""
        commit = self.commit()
        return not commit.id or self._is_clean(f"{commit.id}^{{tree}}", "")

    def _is_clean(self, tree: str, folder: str) -> bool:
        for name, entry in self.repository.tree(tree).items():
            path = folder + os.fsdecode(name)
            if entry.mode == git.FOLDER:
                if not self._is_clean(entry.id, f"{path}/"):
                    return False
            elif entry.mode & 0o170000 == 0o100000 and not self._is_as(path, entry):
                return False
        return True

    def _is_as(self, path: str, entry: Entry) -> bool:
        """Whether a file of the work tree is as the base has it, line ends aside. One that is too large to be
        compared counts as such."""
        data = self._held(path)
        if data is None:
            return self._is_left_out(path, entry)
        ids = git.blob_id(data, entry.id), git.blob_id(_plain(data), entry.id)
        if entry.id in ids or len(data) > MOST_COMPARED or self._is_content(data, entry):
            self.ends_differ = self.ends_differ or (entry.id == ids[1] != ids[0])
            return True
        return self._is_converted(path) and self._is_unmodified(path, entry, data)

    def _held(self, path: str) -> bytes | None:
        """What a file of the work tree holds, a byte more than MOST_COMPARED at most; None where it cannot be
        read."""
        try:
            with reading.open_regular(os.path.join(self.repository.top, path)) as file:
                return reading.read_block(file, MOST_COMPARED + 1)
        except OSError:
            return None

    # -- What git makes of files as it checks them out (gitattributes(5)), which is never done here

    def _is_converted(self, path: str) -> bool:
        """Whether git may be told to convert a file, by what it holds when it is checked out."""
        folder = os.path.dirname(path)
        known = self._converted.get(folder)
        if known is None:
            known = _says_convert(os.path.join(self.repository.top, folder, ".gitattributes"))
            above = os.path.join(self.repository.common, "info", "attributes")
            known = known or (self._is_converted(folder) if folder else _says_convert(above))
            if len(self._converted) >= MOST_FOLDERS:
                self._converted.clear()
            self._converted[folder] = known
        return known

    def _is_unmodified(self, path: str, entry: Entry, data: bytes) -> bool:
        """Whether git takes a file, which holds this, for what the base has: it is as long and as old as it
        was when git made it of that."""
        known = self._remembered().get(path)
        if known is None or known.id != entry.id or known.size != len(data):
            return False
        try:
            status = os.stat(os.path.join(self.repository.top, path))
            written = os.stat(os.path.join(self.repository.folder, "index")).st_mtime_ns
        except OSError:
            return False
        seconds, nanoseconds = divmod(status.st_mtime_ns, 1_000_000_000)
        is_of_then = seconds == known.seconds and known.nanoseconds in (nanoseconds, 0)
        # What was written as the index was may have been written again since, in the same moment.
        return is_of_then and status.st_mtime_ns < written and self._held(path) == data

    def _is_left_out(self, path: str, entry: Entry) -> bool:
        """Whether a file of the base is not there because a sparse checkout leaves it out."""
        known = self._remembered().get(path)
        return known is not None and known.is_left_out and known.id == entry.id

    def _remembered(self) -> Mapping[str, CheckedOut]:
        """What the index remembers of its files; nothing where git cannot tell."""
        try:
            status = os.stat(os.path.join(self.repository.folder, "index"))
            stamp = status.st_mtime_ns, status.st_size, status.st_ino
            if self._checked_out[0] != stamp:
                self._checked_out = stamp, self.repository.checked_out()
        except (OSError, GitError):
            return {}
        return self._checked_out[1]

    def _is_content(self, data: bytes, entry: Entry) -> bool:
        """Whether a file holds what the base only points to."""
        try:
            found = self.repository.read(entry.id)
            is_pointer = found is not None and (found.data or b"").startswith(_POINTER)
            return is_pointer and self._content(entry, data) == data
        except GitError:
            return False

    def gone(self) -> Mapping[str, Entry]:
        """The files of the base that are no more, by path relative to the top; MOST_MISSING at most."""
        return self._gone()

    def look_again(self) -> None:
        """Files may have come and gone in the work tree since this was last asked for one that was moved."""
        self._missing = None
        self._converted.clear()
        top = self.repository.top
        for was, path in list(self._moved.items()):
            if not os.path.lexists(os.path.join(top, path)):
                del self._moved[was]

    def missing(self, gone: Mapping[str, Entry]) -> None:
        """Tell which files of the base are no more, where the work tree is not what is checked."""
        self._missing = dict(gone)

    def _linked(self, path: str) -> str:
        """The file of the work tree, relative to the top, that a link leads to; "" for none. git keeps
        only where a link leads."""
        top = os.path.realpath(self.repository.top)
        absolute = os.path.join(top, path)
        if not os.path.islink(absolute):
            return ""
        real = os.path.realpath(absolute)
        return os.path.relpath(real, top).replace(os.sep, "/") if real.startswith(top + os.sep) else ""

    def _content(self, entry: Entry, data: bytes) -> bytes | None:
        """The base's text. That of a file that git only points to is looked for where it is kept."""
        found = self.repository.read(entry.id)
        if found is None:
            raise GitError(
                f"the base's text is not in the repository (`{entry.id[:12]}`); fetch it with"
                " `git fetch --refetch --no-filter`"
            )
        stood = found.data
        if stood is None or not stood.startswith(_POINTER) or data.startswith(_POINTER):
            return stood
        return self._pointed_to(stood, data)

    def _pointed_to(self, pointer: bytes, data: bytes) -> bytes | None:
        """The content that a pointer of Git LFS stands for (its specification, version 1)."""
        lines = dict(line.partition(b" ")[::2] for line in pointer.splitlines())
        kind, _, name = lines.get(b"oid", b"").decode("ascii", "replace").partition(":")
        if kind != "sha256" or len(name) != 64 or not name.isalnum():
            return pointer
        import hashlib

        if hashlib.sha256(data).hexdigest() == name:
            return data
        path = os.path.join(self.repository.common, "lfs", "objects", name[:2], name[2:4], name)
        try:
            with reading.open_regular(path) as file:
                kept = reading.read_block(file, MOST_COMPARED + 1)
        except OSError:
            raise GitError(
                f"the base's text is not here, only what Git LFS calls it (`{name[:12]}`); fetch it with"
                " `git lfs fetch`"
            ) from None
        return kept if len(kept) <= MOST_COMPARED else None

    def _converts(self) -> bool:
        """Whether git makes line ends of the system when it checks files out. Asked once, until refs or the
        configuration change."""
        if self._converting is None:
            said = self.repository.settings()
            converts = said.get("core.autocrlf", "").lower() in ("true", "input")
            self._converting = converts or said.get("core.eol") == "crlf"
        return self._converting

    # -- The commit

    def _resolved(self) -> Commit:
        repository = self.repository
        head = repository.commit("HEAD")
        if self._word != AUTO:
            if self._word == git.NOTHING:
                return Commit("", "no commit", is_own=False)
            if _is_whole_id(self._word) and repository.commit(self._word) == self._word:
                return Commit(self._word, self._word[:12], is_own=self._word == head)
            outer = self._of_outer(head)
            if outer is not None:
                return outer
            if "..." in self._word:
                found = self._in_common(*self._word.split("...", 1))
                return Commit(found, found[:12], is_own=found == head)
            if self._word == "HEAD" and not head:
                return self._none()
            found = self._known(self._word)
            return Commit(found, self._word, is_own=found == head)
        if not head:
            return self._none()
        outer = self._of_outer(head)
        if outer is not None:
            return outer
        upstream = self.upstream()
        if upstream and upstream != head:
            found = repository.merge_base(head, upstream)
            if not found and repository.is_shallow:
                raise GitError(
                    "the history is cut off before the commit that HEAD and its upstream have in common;"
                    f" {self._fetching()}"
                )
            if found:
                return Commit(found, found[:12], is_own=found == head)
        return Commit(head, head[:12], is_own=True)

    def _known(self, revision: str) -> str:
        try:
            found = self.repository.commit(revision)
        except EndedError:
            found = ""  # git ends over some that name nothing
        if not found:
            raise GitError(f"there is no revision `{revision}` to compare with; {self._fetching()}")
        return found

    def _in_common(self, one: str, other: str) -> str:
        one, other = one or "HEAD", other or "HEAD"
        found = self.repository.merge_base(self._known(one), self._known(other))
        if not found:
            cut = ", for its history is cut off" if self.repository.is_shallow else ""
            what = f"no commit is here that `{one}` and `{other}` have in common{cut}"
            raise GitError(f"{what}; {self._fetching()}")
        return found

    def _none(self) -> Commit:
        """Where HEAD is no commit: there is none yet, or it is not here."""
        said = self.repository.question("rev-parse", "--verify", "-q", "HEAD", accepted=(0, 1, 128)).decode()
        if said.strip():
            raise GitError(f"the commit of HEAD, `{said[:12]}`, is not in the repository; {self._fetching()}")
        return Commit("", "no commit", is_own=False)

    def _fetching(self) -> str:
        deepen = "`git fetch --unshallow`" if self.repository.is_shallow else "`git fetch`"
        return f"fetch it ({deepen}) or name another one with `--base`"

    def upstream(self) -> str:
        """The commit of the default branch of the remote that HEAD's branch follows; "" for none."""
        said = self.repository.settings()
        head = self.repository.head_name()
        remotes = [key[len("remote.") : -len(".url")] for key in said if key.startswith("remote.")]
        remote = said.get(f"branch.{head}.remote", "")
        if remote not in remotes:
            remote = "origin" if "origin" in remotes or len(remotes) != 1 else remotes[0]
        for branch in _BRANCHES:
            found = self.repository.commit(f"refs/remotes/{remote}/{branch}")
            if found:
                return found
        return ""

    def _of_outer(self, head: str) -> Commit | None:
        """Of a submodule the commit that the base of the repository around it names."""
        if self._around is None:
            return None
        around, outer = self._around.repository, self._around.repository.top
        try:
            path = os.path.relpath(self.repository.top, outer).replace(os.sep, "/")
            commit = self._around._resolved()
            entry = around.entry(commit.id, path) if commit.id else None
        finally:
            around.rest()
        if entry is None or entry.mode != git.GITLINK:
            return None
        if not self.repository.commit(entry.id):
            raise GitError(f"the submodule's base commit `{entry.id[:12]}` is not here; {self._fetching()}")
        return Commit(entry.id, entry.id[:12], is_own=entry.id == head)

    # -- Files that were moved

    def _moved_from(self, path: str, data: bytes) -> tuple[str, Entry | None]:
        """Where a file that the base does not have stood there: a file that is no more, with the same text or
        one of which half the lines are still there. Each makes one file old."""
        free = {was: entry for was, entry in self._gone().items() if self._moved.get(was, path) == path}
        if not free:
            return path, None
        mine = git.blob_id(data, next(iter(free.values())).id)
        same = sorted(was for was, entry in free.items() if entry.id == mine)
        if not same and len(data) <= MOST_COMPARED:
            same = self._most_similar(path, data, free)
        if not same:
            return path, None
        was = next((one for one in same if _name(one) == _name(path)), same[0])
        self._moved[was] = path
        return was, free[was]

    def _most_similar(self, path: str, data: bytes, free: Mapping[str, Entry]) -> list[str]:
        ending = os.path.splitext(path)[1]
        near = sorted(
            (was for was in free if os.path.splitext(was)[1] == ending),
            key=lambda was: (_name(was) != _name(path), os.path.dirname(was) != os.path.dirname(path), was),
        )
        ours = Counter(_lines(data))
        best, found = SIMILAR, list[str]()
        for was in near[:MOST_CANDIDATES]:
            other = self.repository.read(free[was].id)
            if other is None or other.data is None:
                continue
            theirs = Counter(_lines(other.data))
            whole = max(ours.total(), theirs.total())
            share = (ours & theirs).total() / whole if whole else 0.0
            if share > best or (share == best and not found):
                best, found = share, [was]
        return found

    def _gone(self) -> Mapping[str, Entry]:
        if self._missing is None:
            self._missing = {}
            commit = self.commit()
            for path, entry in self._absent(f"{commit.id}^{{tree}}", b"") if commit.id else ():
                if len(self._missing) >= MOST_MISSING:
                    break
                self._missing[path] = entry
        return self._missing

    def _absent(self, tree: str, folder: bytes) -> Iterator[tuple[str, Entry]]:
        """The files of a base's tree that are not in the work tree."""
        here = os.path.join(self.repository.top, os.fsdecode(folder))
        try:
            with os.scandir(here) as entries:
                present = {os.fsencode(entry.name) for entry in entries}
        except OSError:
            present = set()
        for name, entry in self.repository.tree(tree).items():
            path = folder + name
            if entry.mode == git.FOLDER:
                yield from self._absent(entry.id, path + b"/")
            elif name not in present and entry.mode & 0o170000 == 0o100000:
                yield os.fsdecode(path), entry


def _is_whole_id(word: str) -> bool:
    """Whether a word is a whole object id: it names the same in every repository, or nothing."""
    return len(word) in (40, 64) and all(letter in "0123456789abcdef" for letter in word)


def _outer(repository: Repository) -> str:
    """The top of the work tree around a repository's, where that may have it as a submodule; "" else."""
    top = repository.top
    if os.path.isdir(os.path.join(top, ".git")) or repository.folder != repository.common:
        return ""
    return git.top_of(os.path.dirname(top))


def _says_convert(path: str) -> bool:
    """Whether a file of attributes tells git to convert files."""
    try:
        with reading.open_regular(path) as file:
            return bool(_CONVERTING.search(reading.read_block(file, MOST_ATTRIBUTES)))
    except OSError:
        return False


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _lines(data: bytes) -> list[bytes]:
    return [b" ".join(line.split()) for line in data.splitlines() if not line.isspace() and line]


def _plain(data: bytes) -> bytes:
    """A text as git has it: in UTF-8, with `\\n` line ends."""
    if text.encoding_of(data[:4]) not in ("utf-8", "utf-8-sig"):
        return b"".join(text.normalised((data,)))
    return data.replace(b"\r\n", b"\n") if b"\r" in data else data


def is_all_crlf(data: bytes) -> bool:
    """Whether all lines of a text that has line ends end so."""
    return b"\r\n" in data and data.count(b"\r\n") == data.count(b"\n")
