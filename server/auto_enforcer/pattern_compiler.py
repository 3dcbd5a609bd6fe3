"""Compiles patterns into a database, as the main program of a child process; also how the database is kept.

Run by its path, with `-I`: it imports the standard library and Hyperscan alone. Arguments: the folder that
Hyperscan's package is in, and the file to write ("" for none). Standard input: patterns in ASCII, one a line,
each behind the number that its hits are to bear and a space.
The database goes to the file; if that cannot be written, to standard output.
"""

from __future__ import annotations

import os
import sys
import zlib
from importlib import import_module
from typing import Any

MAGIC = b"auto-enforcer patterns 1\n"
HEADER = len(MAGIC) + 12
CPU_SECONDS = 120
MEMORY = 2 << 30
"""Bytes of address space that a compilation may take."""


def packed(database: bytes, name: str) -> bytes:
    """The content of the file `name` that holds the database."""
    return header(database, name) + database


def header(database: bytes, name: str) -> bytes:
    """What stands before the database there, HEADER bytes: by it damage and a wrong name are noticed."""
    seed = zlib.crc32(name.encode("utf-8", "surrogateescape"))
    return MAGIC + len(database).to_bytes(8, "little") + zlib.crc32(database, seed).to_bytes(4, "little")


def write(path: str, content: bytes) -> None:
    """Write a file as a whole or not at all, for this user's eyes. Raises OSError."""
    folder = os.path.dirname(path)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    temporary = f"{path}.{os.getpid()}-{os.urandom(4).hex()}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with open(os.open(temporary, flags, 0o600), "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except OSError:
        try:
            os.unlink(temporary)
        except OSError:
            pass
        raise


def main() -> int:
    """Read the patterns, compile them, hand the database over. The exit code is 0 when that worked."""
    library_folder, path = sys.argv[1:]
    sys.path.append(library_folder)
    _limit_ourselves()
    patterns = sys.stdin.buffer.read().splitlines()
    database = _compiled(patterns)
    try:
        if not path:
            raise OSError("nowhere to write")
        write(path, packed(database, os.path.basename(path)))
    except OSError:
        sys.stdout.buffer.write(database)
        sys.stdout.buffer.flush()
    return 0


def _compiled(numbered: list[bytes]) -> bytes:
    library: Any = import_module("hyperscan")
    database = library.Database(mode=library.HS_MODE_BLOCK)
    numbers, patterns = zip(*(line.split(b" ", 1) for line in numbered), strict=True)
    database.compile(
        expressions=list(patterns),
        ids=list(map(int, numbers)),
        elements=len(patterns),
        flags=[library.HS_FLAG_MULTILINE] * len(patterns),
    )
    serialised: bytes = library.dumpb(database)
    return serialised


def _limit_ourselves() -> None:
    """Set limits of time and memory, where the system knows such limits."""
    if sys.platform == "win32":
        return
    try:
        import resource
    except ImportError:
        return
    for kind, most in ((resource.RLIMIT_CPU, CPU_SECONDS), (resource.RLIMIT_AS, MEMORY)):
        try:
            hard = resource.getrlimit(kind)[1]
            if hard != resource.RLIM_INFINITY:
                most = min(most, hard)
            resource.setrlimit(kind, (most, hard))
        except (OSError, ValueError):
            continue


if __name__ == "__main__":
    sys.exit(main())
