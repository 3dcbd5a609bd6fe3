"""Opens files for reading and nothing else: a FIFO, a device or a socket is refused, not waited for."""

from __future__ import annotations

import os
import stat
from typing import BinaryIO

LONGEST_NAME = 4_096
"""Bytes of a file that holds little more than a name."""

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOINHERIT", 0)
)


class NotRegularError(OSError):
    """What was to be read is a folder, FIFO, socket or device; `strerror` says which."""


def open_regular(path: str) -> BinaryIO:
    """Opens a regular file without a buffer, following symlinks. Raises OSError, NotRegularError among them,
    at once: a FIFO without a writer does not make it wait. So does a path that no file can have (a NUL)."""
    try:
        descriptor = os.open(path, _FLAGS)
    except ValueError as error:
        raise OSError(f"no file can have this name: {error}") from None
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise NotRegularError(0, kind(mode), path)
        return open(descriptor, "rb", buffering=0)
    except BaseException:
        os.close(descriptor)
        raise


def read_block(file: BinaryIO, size: int) -> bytes:
    """The next `size` bytes; fewer only at the end of the file. A single read may give fewer before it, as
    files that the kernel makes up and network file systems do. Raises OSError."""
    data = file.read(size)
    while 0 < len(data) < size and (more := file.read(size - len(data))):
        data += more
    return data


def beginning(path: str) -> str:
    """The beginning of a small text file, such as one in which git names a place; "" where there is none."""
    try:
        with open_regular(path) as file:
            return file.read(LONGEST_NAME).decode("utf-8", "surrogateescape").replace("\0", "")
    except OSError:
        return ""


def kind(mode: int) -> str:
    """What a file of this mode is, in words: "FIFO", "socket", "device", "folder", …"""
    for test, name in (
        (stat.S_ISREG, "file"),
        (stat.S_ISDIR, "folder"),
        (stat.S_ISFIFO, "FIFO"),
        (stat.S_ISSOCK, "socket"),
        (stat.S_ISCHR, "device"),
        (stat.S_ISBLK, "device"),
        (stat.S_ISLNK, "symlink"),
    ):
        if test(mode):
            return name
    return "no regular file"
