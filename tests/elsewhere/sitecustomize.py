"""Lets the package find what Windows has and miss what only POSIX has, as far as that goes on another system.

Python loads it at its start where its folder is on PYTHONPATH, in the processes that a process starts too.
What the standard library itself sees stays as it is, and so do paths.

- `sys.platform` is `win32`; `os`, `signal` and `select` lack what is not there; `fcntl`, `resource` and the
  like cannot be imported; `msvcrt` and `ctypes.WinDLL` are there.
- Loops of asyncio watch no descriptors, and `select` takes sockets only.
- A file that any process has open cannot be replaced, moved or removed.
- Writing to a pipe that nobody reads is an invalid argument.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import select
import signal
import socket
import sys
from types import ModuleType
from typing import Any

PACKAGE = "auto_enforcer"

HERE = os.path.dirname(os.path.abspath(__file__))

HOLDER = "AUTO_ENFORCER_TEST_HOLDER"
"""Names the number of one more process whose open files cannot be taken away."""

MISSING_MODULES = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}

MISSING = {
    "os": {
        *("O_CLOEXEC", "O_DIRECTORY", "O_NOCTTY", "O_NOFOLLOW", "O_NONBLOCK", "O_SYNC", "chown", "chroot"),
        *("fchmod", "fchown", "fork", "forkpty", "getegid", "geteuid", "getgid", "getpgid", "getuid", "kill"),
        *(
            "killpg",
            "lchown",
            "mkfifo",
            "mknod",
            "nice",
            "pidfd_open",
            "posix_spawn",
            "sendfile",
            "set_blocking",
        ),
        *("setpgid", "setsid", "sync", "uname", "wait", "waitid"),
    },
    "signal": {
        "SIGALRM",
        "SIGHUP",
        "SIGKILL",
        "SIGPIPE",
        "alarm",
        "pthread_kill",
        "pthread_sigmask",
        "SIG_BLOCK",
    },
    "select": {"epoll", "poll", "kqueue"},
}

_import = builtins.__import__


class Foreign(ModuleType):
    """A module as the package finds it: with some names of its own, without others, and else as it is."""

    def __init__(self, real: ModuleType, missing: set[str], own: dict[str, Any]) -> None:
        self.__dict__.update(own)
        self.__dict__["_real"], self.__dict__["_missing"] = real, missing

    def __getattr__(self, name: str) -> Any:
        if name in self._missing:
            raise AttributeError(f"module {self._real.__name__!r} has no attribute {name!r}")
        return getattr(self._real, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._real, name, value)


def holder(path: Any) -> str:
    """The process of those that run elsewhere which has a file open, as its number and its command line; ""
    for none. A process that is told of in `HOLDER` counts as well. One that is not yet its own program does
    not: what it has open is its parent's, and Windows has none of that kind."""
    try:
        wanted = os.stat(path)
    except OSError:
        return ""
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            if process != os.environ.get(HOLDER) and not _is_elsewhere(process):
                continue
            for number in os.listdir(f"/proc/{process}/fd"):
                if _is_same(wanted, f"/proc/{process}/fd/{number}"):
                    return f"{process}: {_content(process, 'cmdline').replace(chr(0), ' ')}"
        except OSError:
            continue
    return ""


def _is_elsewhere(process: str) -> bool:
    """Whether this file was loaded there, by the environment that it was started with. One that is about to
    become its own program has no command line for a moment, and its parent's files still. Raises OSError."""
    if f"{HERE}{os.pathsep}" not in _content(process, "environ"):
        return False
    parent = _content(process, "status").partition("PPid:")[2].split()[0]
    own = _content(process, "cmdline")
    return own != "" and (parent == "0" or own != _content(parent, "cmdline"))


def _content(process: str, name: str) -> str:
    with open(f"/proc/{process}/{name}", encoding="utf-8", errors="surrogateescape") as file:
        return file.read()


def _is_same(wanted: os.stat_result, path: str) -> bool:
    try:
        return os.path.samestat(wanted, os.stat(path))
    except OSError:
        return False


def refusing(change: Any) -> Any:
    """The function, which fails where a file that it would take away is open."""

    def changed(*paths: Any, **named: Any) -> Any:
        for path in paths:
            if isinstance(path, str) and (by := holder(path)):
                raise PermissionError(errno.EACCES, f"The process cannot access the file, open in {by}", path)
        return change(*paths, **named)

    return changed


def select_sockets(*lists: Any) -> Any:
    """`select` as Windows has it."""
    for one in (one for part in lists[:3] for one in part):
        if not isinstance(one, socket.socket):
            raise OSError(10038, "An operation was attempted on something that is not a socket")
    return select.select(*lists)


def msvcrt() -> ModuleType:
    """What is used of it, done by what this system has."""
    module: Any = ModuleType("msvcrt")
    module.LK_LOCK, module.LK_NBLCK = 1, 2

    def locking(descriptor: int, mode: int, size: int) -> None:
        fcntl = _import("fcntl")
        fcntl.flock(descriptor, fcntl.LOCK_EX | (fcntl.LOCK_NB if mode == module.LK_NBLCK else 0))

    module.locking = locking
    module.setmode = lambda descriptor, mode: 0
    return module


class Kernel:
    """Of kernel32 what is used of it. A handle is the process's number."""

    class OpenProcess:
        restype: Any = None

        def __new__(cls, access: int, inherits: bool, process: int) -> Any:
            return process if os.path.exists(f"/proc/{process}") else 0

    class WaitForSingleObject:
        argtypes: Any = None

        def __new__(cls, handle: int, milliseconds: int) -> Any:
            try:
                with open(f"/proc/{handle}/stat", encoding="ascii") as file:
                    return 0 if file.read().rpartition(")")[2].split()[0] == "Z" else 0x102
            except OSError:
                return 0


def refuse_to_watch(asyncio: Any) -> None:
    """Let loops watch no descriptors, as those of Windows."""

    def refuse(*arguments: Any) -> Any:
        raise NotImplementedError

    for name in ("add_reader", "add_writer", "remove_reader", "remove_writer", "add_signal_handler"):
        setattr(asyncio.SelectorEventLoop, name, refuse)


FOREIGN: dict[str, ModuleType] = {
    "os": Foreign(
        os,
        MISSING["os"],
        {
            "O_BINARY": 0,
            "replace": refusing(os.replace),
            "rename": refusing(os.rename),
            "remove": refusing(os.remove),
            "unlink": refusing(os.unlink),
        },
    ),
    "signal": Foreign(signal, MISSING["signal"], {}),
    "select": Foreign(select, MISSING["select"], {"select": select_sockets}),
    "sys": Foreign(sys, set(), {"platform": "win32"}),
    "msvcrt": msvcrt(),
}


def imported(name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
    """`import` for the package: the foreign modules."""
    if level or not str((globals or {}).get("__package__")).startswith(PACKAGE):
        return _import(name, globals, locals, fromlist, level)
    if name in MISSING_MODULES:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    if name in FOREIGN:
        return FOREIGN[name]
    module = _import(name, globals, locals, fromlist, level)
    if name == "asyncio":
        refuse_to_watch(module)
    if name == "ctypes":
        return Foreign(module, set(), {"WinDLL": lambda *arguments, **named: Kernel()})
    return module


class Pipe(io.FileIO):
    """Standard output as it is on Windows where nobody reads it."""

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            raise OSError(errno.EINVAL, "Invalid argument") from None


if sys.stdout is not None:
    sys.stdout = io.TextIOWrapper(io.BufferedWriter(Pipe(1, "w", closefd=False)), encoding="utf-8")
builtins.__import__ = imported
