"""Where a user's compiled patterns are kept between runs, and how they get there."""

from __future__ import annotations

import os
import stat
import sys
import time
import zlib
from _thread import allocate_lock
from collections.abc import Callable, Iterable, Mapping, Sequence

from auto_enforcer import pattern_compiler

SUFFIX = ".patterns"
_LARGEST = 256 << 20
_SECONDS_REFUSED = 3600.0
_SECONDS_KILLED = 60.0
"""Until the next try where somebody killed the child: who is short of memory now has some in a minute."""

_SECONDS_KEPT = 60 * 86400.0
_SECONDS_COMPILING = 300.0


class CacheDirectory:
    """A folder of compiled patterns, the user's own by default. It need not exist, nor be writable: then
    patterns are compiled once a process, and nothing is kept.

    At most one compilation runs at a time for each of its two turns, in whatever process, so that opening
    many languages at once does not take the machine over, and several processes do not compile the same.
    """

    __slots__ = ("_log", "_turns", "path")

    def __init__(self, path: str | None = None, log: Callable[[str], None] | None = None) -> None:
        """`log` is told, once a set, that its patterns cannot be kept, or cannot be compiled."""
        self.path = user_cache_path() if path is None else path
        self._log = log
        self._turns = (allocate_lock(), allocate_lock())

    def path_of(self, name: str, patterns: Sequence[str], library_version: str) -> str:
        """The file for these patterns, as `PatternSet.numbered` gives them, this library and this machine; ""
        for none. Sets differ in `name`."""
        if not self.path:
            return ""
        machine = f"{library_version} {sys.platform} {_machine()} {sys.byteorder} {sys.maxsize}"
        stamp = zlib.crc32("\n".join((machine, *patterns)).encode())
        return os.path.join(self.path, f"{name}-{stamp:08x}{SUFFIX}")

    def compile(
        self, patterns: Sequence[str], path: str, library_folder: str, refused: bytes | None = None
    ) -> bytes | None:
        """The database of numbered patterns, compiled in a child process, which also writes it to `path`.

        `refused` is one that was there, but that the library did not take. Waits for the child, or for that
        of another process; None when it fails, which is remembered for an hour.
        """
        number = zlib.crc32(path.encode("utf-8", "surrogateescape")) % len(self._turns)
        with self._turns[number], Turn(os.path.join(self.path, f"compiling-{number}.lock") if path else ""):
            database = read(path)
            if database is None or database == refused:
                if not was_refused(path):
                    database, killed = _compile_in_child(patterns, path, library_folder)
                    self._tell(path, database)
                    if database is None:
                        _note_refusal(path, _SECONDS_KILLED if killed else _SECONDS_REFUSED)
                else:
                    database = None
        if database is not None:
            _sweep(self.path, os.path.basename(path))
        return database

    def _tell(self, path: str, database: bytes | None) -> None:
        """Say what did not work."""
        if self._log is None:
            return
        if database is None:
            self._log(
                f"patterns could not be compiled, so files are scanned without: {os.path.basename(path)}"
            )
        elif not os.path.exists(path):
            place = f"in {self.path}" if path else "for want of a cache directory"
            self._log(f"compiled patterns cannot be kept {place}: each start compiles them anew")


class Turn:
    """A turn among processes, by a lock on a file, which ends with the process. Where files cannot be locked
    nobody waits."""

    __slots__ = ("_descriptor", "_path")

    def __init__(self, path: str) -> None:
        """`path` is the file, "" for none."""
        self._path = path
        self._descriptor = -1

    def __enter__(self) -> None:
        if not self._path:
            return
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
        try:
            os.makedirs(os.path.dirname(self._path), mode=0o700, exist_ok=True)
            while True:
                self._descriptor = os.open(self._path, flags, 0o600)
                _lock(self._descriptor)
                if _is_at(self._descriptor, self._path):
                    return
                os.close(self._descriptor)
                self._descriptor = -1
        except (ImportError, OSError):
            pass

    def __exit__(self, *_: object) -> None:
        if self._descriptor < 0:
            return
        try:
            os.unlink(self._path)
        except OSError:
            pass
        os.close(self._descriptor)


def _is_at(descriptor: int, path: str) -> bool:
    """Whether an open file is still the one at a path: whoever had it before takes it away."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False


def _lock(descriptor: int) -> None:
    """Wait for a lock on a file; closing it gives the lock back. Raises OSError and ImportError."""
    if sys.platform == "win32":
        import msvcrt

        # Each call waits for ten seconds.
        for _ in range(int(_SECONDS_COMPILING / 10)):
            try:
                msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
                return
            except OSError:
                continue
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX)


def user_cache_path(environment: Mapping[str, str] = os.environ) -> str:
    """`AUTO_ENFORCER_CACHE_DIR`, or `auto-enforcer` in the system's place for caches; "" where there is none.

    A relative path is none: it would lie in whatever folder is being checked.
    """
    own = environment.get("AUTO_ENFORCER_CACHE_DIR", "")
    if os.path.isabs(own):
        return own
    if sys.platform == "win32":
        base = environment.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = environment.get("XDG_CACHE_HOME", "")
        if not os.path.isabs(base):
            base = os.path.expanduser("~/.cache")
    return os.path.join(base, "auto-enforcer") if os.path.isabs(base) else ""


def read(path: str) -> bytes | None:
    """The database in a file; None if there is none, or it is damaged or could be someone else's."""
    return _content(path) or None


def was_refused(path: str) -> bool:
    """Whether these patterns could not be compiled on this machine a short while ago."""
    try:
        age = time.time() - os.stat(path).st_mtime
    except OSError:
        return False
    return 0 <= age < _SECONDS_REFUSED and _content(path) == b""


def _content(path: str) -> bytes | None:
    """The database in a file, empty where its patterns were refused; None where there is none to trust."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        with open(os.open(path, flags), "rb", buffering=0) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST or not is_ours(status):
                return None
            header = file.read(pattern_compiler.HEADER)
            database = file.readall()  # by itself: to cut it out of the whole would make it twice
    except OSError:
        return None
    return database if header == pattern_compiler.header(database, os.path.basename(path)) else None


def is_ours(status: os.stat_result) -> bool:
    """Whether nobody else could have written the file: the library trusts what it loads."""
    if sys.platform == "win32":
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _compile_in_child(patterns: Iterable[str], path: str, library_folder: str) -> tuple[bytes | None, bool]:
    """The database, None where there is none, and whether somebody killed the child: its own limits, of time
    and of memory, are not meant."""
    import signal
    import subprocess

    if not sys.executable:
        return None, False
    program = os.path.abspath(pattern_compiler.__file__)
    try:
        child = subprocess.run(
            [sys.executable, "-I", program, library_folder, path],
            input="\n".join(patterns).encode("ascii"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=os.path.dirname(program),
            timeout=_SECONDS_COMPILING,
            # A Ctrl-C that is meant for us does not reach it: what it has begun serves the next run.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None, False
    if child.returncode:
        own = -int(getattr(signal, "SIGXCPU", 0))
        return None, child.returncode < 0 and child.returncode != own
    return child.stdout or read(path), False


def _note_refusal(path: str, seconds: float) -> None:
    """Note that these patterns need not be tried for so long."""
    try:
        pattern_compiler.write(path, pattern_compiler.packed(b"", os.path.basename(path)))
        noted = time.time() - _SECONDS_REFUSED + seconds
        os.utime(path, (noted, noted))
    except OSError:
        pass


def _sweep(folder: str, kept: str) -> None:
    """Remove what other releases left here long ago."""
    oldest = time.time() - _SECONDS_KEPT
    try:
        with os.scandir(folder) as files:
            stale = [
                file.path
                for file in files
                if file.name != kept
                and file.name.endswith((SUFFIX, ".tmp"))
                and file.stat(follow_symlinks=False).st_mtime < oldest
            ]
        for path in stale:
            os.unlink(path)
    except OSError:
        pass


def _machine() -> str:
    """The processor, as far as a database depends on it."""
    if sys.platform == "win32":
        return os.environ.get("PROCESSOR_ARCHITECTURE", "")
    features: list[str] = []
    try:
        with open("/proc/cpuinfo", "rb") as file:
            words = set(file.read(8192).lower().split())
        features = [
            one for one in ("ssse3", "avx2", "avx512bw", "avx512vbmi", "sve", "sve2") if one.encode() in words
        ]
    except OSError:
        pass
    return " ".join((os.uname().machine, *features))
