"""The file that answers are kept in between runs: found by their key, read one at a time, bounded, replaced
as a whole. Whatever is wrong with the file, it is as if there were none.

A header of fixed size, the answers one after another, then the index: a record for each answer, sorted by
key. The header holds the release, the index's place, and a digest of both; a record holds the digest of its
answer. So nothing is decoded that was not written so, and an answer that nobody asks for is never read.
"""

from __future__ import annotations

import os
import struct
from bisect import bisect_left
from collections.abc import Iterator
from typing import BinaryIO

from auto_enforcer import reading
from auto_enforcer.hashing import begin, digest
from auto_enforcer.keeping import sweep
from auto_enforcer.model import NamedTuple
from auto_enforcer.pattern_cache import is_ours

SUFFIX = ".results"

MOST_ENTRIES = 50_000
"""Answers in a file, at most. Those not used for longest are dropped."""

MOST_BYTES = 16 << 20
"""Bytes of a file, at most."""

MOST_FILES = 50
"""Files of answers that a user has, at most: one a workspace. Those not written for longest are removed."""

LARGEST_ANSWER = 1 << 20
"""Bytes of an answer that is kept."""

_MAGIC = b"auto-enforcer results 1\n"
_HEADER = struct.Struct("<24s24sIII24s")
"""The magic, the release, how often the file was written, the number of records, the index's offset; then the
digest of all that and of the index."""
_CHECKED = _HEADER.size - 24

_RECORD = struct.Struct("<24s8sIIIII")
_KEY = 24
_CHECK = 8

_HELD = 256 << 10
"""Bytes of new answers that wait in memory; more of them go to the file that is to be."""

_AGED = 16
"""Writings after which an answer that was used is noted as used, even where nothing else is to be written."""


class Record(NamedTuple):
    """An answer's place in the file, as the index has it."""

    key: bytes
    check: bytes
    size: int
    """Bytes of the text that the answer is for, modulo 2**32: what says beforehand that an answer is not
    there."""
    day: int
    """The day that the answer holds on, as an ordinal; 0: on all."""
    used: int
    """When it was last used, counted in writings of the file."""
    offset: int
    length: int


class Entry(NamedTuple):
    """An answer to be kept: its key, the size of the text it is for, the day it holds on, itself."""

    key: bytes
    size: int
    day: int
    answer: bytes


class ResultFile:
    """The answers of earlier runs, and those that this one adds. Not for several threads."""

    __slots__ = (
        "_count",
        "_file",
        "_fresh",
        "_held",
        "_index",
        "_path",
        "_release",
        "_sizes",
        "_used",
        "_writer",
        "_writings",
        "_written",
        "problem",
    )

    def __init__(self, path: str, release: bytes) -> None:
        """`release` is what an answer must have been found by: 24 bytes."""
        self._path = path
        self._release = release
        self._file: BinaryIO | None = None
        self._index = b""
        self._count = self._writings = 0
        self._sizes: frozenset[int] | None = None
        self._used = bytearray()
        self._fresh = bytearray()
        """The records of new answers; their offsets count from the first one."""
        self._held = bytearray()
        self._written = 0
        """Bytes of new answers that are no longer held."""
        self._writer: _Writer | None = None
        self.problem = ""
        """Why the answers cannot be kept; "" where nothing is wrong."""
        self._open()

    def __len__(self) -> int:
        """How many answers of earlier runs there are."""
        return self._count

    def may_have(self, size: int) -> bool:
        """False where no answer is for a text of so many bytes."""
        if self._sizes is None:
            self._sizes = frozenset(record.size for record in self._records())
        return size & 0xFFFFFFFF in self._sizes

    @property
    def changed(self) -> bool:
        """Whether there is anything to write."""
        if self._fresh:
            return True
        now = self._writings
        return any(
            used and record.used + _AGED <= now
            for used, record in zip(self._used, self._records(), strict=True)
        )

    def get(self, key: bytes, day: int) -> bytes | None:
        """The answer under a key that holds on a day."""
        position = self._position(key)
        if position < 0:
            return None
        record = self._record(position)
        if record.day not in (0, day):
            return None
        answer = b""
        if record.length:
            answer = self._read(record.offset, record.length)
        if record.check != _check(key, answer):
            return None
        self._used[position] = 1
        return answer

    def put(self, entry: Entry) -> None:
        """Keep an answer, if there is room. Nothing is where others see it before `save`."""
        key, size, day, answer = entry
        offset = self._written + len(self._held)
        room = MOST_BYTES - _HEADER.size - len(self._fresh) - _RECORD.size
        if self.problem or len(answer) > LARGEST_ANSWER or offset + len(answer) > room:
            return
        if len(self._fresh) >= MOST_ENTRIES * _RECORD.size:
            return
        record = Record(key, _check(key, answer), size & 0xFFFFFFFF, day, 0, offset, len(answer))
        self._fresh += _RECORD.pack(*record)
        self._held += answer
        if len(self._held) > _HELD:
            try:
                self._write_held()
            except OSError as error:
                self._give_up(error)

    def save(self) -> None:
        """Put the file in place, if anything changed, and be done with it."""
        try:
            if self.changed and not self.problem:
                self._save()
        except OSError as error:
            self._give_up(error)
        finally:
            self.close()

    def close(self) -> None:
        """Be done, and leave what is on the disk as it was."""
        if self._file is not None:
            self._file.close()
            self._file = None
        if self._writer is not None:
            self._writer.discard()
            self._writer = None
        self._index, self._count, self._sizes = b"", 0, None
        self._used, self._fresh, self._held = bytearray(), bytearray(), bytearray()

    def _open(self) -> None:
        try:
            file = reading.open_regular(self._path)
        except OSError:
            return
        try:
            status = os.fstat(file.fileno())
            if is_ours(status) and status.st_size <= MOST_BYTES:
                self._file = file
                self._load(status.st_size)
        except OSError:
            self._count = 0
        finally:
            if not self._count:
                self._file = None
                file.close()

    def _load(self, size: int) -> None:
        """Take the index over, if it is whole and of this release. Raises OSError."""
        header = self._read(0, _HEADER.size)
        if len(header) != _HEADER.size:
            return
        magic, release, writings, count, offset, check = _HEADER.unpack(header)
        if (magic, release) != (_MAGIC, self._release) or size != offset + count * _RECORD.size:
            return
        index = self._read(offset, size - offset)
        if count and check == _digest(header[:_CHECKED], index):
            self._index, self._count, self._writings = index, count, writings
            self._used = bytearray(count)

    def _read(self, offset: int, length: int) -> bytes:
        """Bytes of the file, b"" where it cannot be read."""
        if self._file is None:
            return b""
        try:
            self._file.seek(offset)
            return reading.read_block(self._file, length)
        except OSError:
            return b""

    def _record(self, position: int) -> Record:
        return Record(*_RECORD.unpack_from(self._index, position * _RECORD.size))

    def _records(self) -> Iterator[Record]:
        return map(Record._make, _RECORD.iter_unpack(self._index))

    def _position(self, key: bytes) -> int:
        """Where in the index a key is, -1 for nowhere."""
        index, size = self._index, _RECORD.size
        low, high = 0, self._count
        while low < high:
            middle = (low + high) // 2
            start = middle * size
            if index[start : start + _KEY] < key:
                low = middle + 1
            else:
                high = middle
        start = low * size
        return low if low < self._count and index[start : start + _KEY] == key else -1

    def _write_held(self) -> None:
        if self._writer is None:
            self._writer = _Writer(self._path)
        self._writer.append(self._held)
        self._written += len(self._held)
        self._held = bytearray()

    def _save(self) -> None:
        self._write_held()
        assert self._writer is not None
        writer, writings = self._writer, self._writings + 1
        records = self._fresh_records(writings)
        old = self._with_room(records, MOST_BYTES - writer.size, writings)
        for record in sorted(old, key=lambda record: record.offset):
            if record.length:
                answer = self._read(record.offset, record.length)
                if record.check != _check(record.key, answer):
                    continue
                record = record._replace(offset=writer.size)
                writer.append(answer)
            records.append(_RECORD.pack(*record))
        records.sort()
        index = b"".join(records)
        header = _HEADER.pack(_MAGIC, self._release, writings, len(records), writer.size, b"")[:_CHECKED]
        writer.append(index)
        if self._file is not None:
            # Windows replaces no file that is open.
            self._file.close()
            self._file = None
        writer.finish(header + _digest(header, index))
        self._writer = None
        sweep(self._path, SUFFIX, MOST_FILES)

    def _fresh_records(self, writings: int) -> list[bytes]:
        """The records of the new answers as the file is to have them, by key, one a key."""
        made = [
            _RECORD.pack(*record._replace(used=writings, offset=record.offset + _HEADER.size))
            for record in map(Record._make, _RECORD.iter_unpack(self._fresh))
        ]
        made.sort()
        return [one for at, one in enumerate(made) if not at or one[:_KEY] != made[at - 1][:_KEY]]

    def _with_room(self, fresh: list[bytes], room: int, writings: int) -> list[Record]:
        """The records of earlier answers for which there is room in so many bytes beside the new ones, by
        when they were used."""
        old = []
        for used, record in zip(self._used, self._records(), strict=True):
            at = bisect_left(fresh, record.key)
            if at == len(fresh) or fresh[at][:_KEY] != record.key:
                old.append(record._replace(used=writings) if used else record)
        # They are in the order of their keys. So of those used at the same time always the same are dropped,
        # and a run over more files than there is room for finds most of what it kept.
        old.sort(key=lambda record: -record.used)
        room -= len(fresh) * _RECORD.size
        for count, record in enumerate(old):
            room -= record.length + _RECORD.size
            if room < 0 or count + len(fresh) >= MOST_ENTRIES:
                return old[:count]
        return old

    def _give_up(self, error: OSError) -> None:
        self.problem = error.strerror or str(error)
        self._fresh, self._held = bytearray(), bytearray()


class _Writer:
    """A file that is to stand in the place of another once it is whole, for this user's eyes."""

    __slots__ = ("_descriptor", "_path", "_temporary", "size")

    def __init__(self, path: str) -> None:
        """Begins after the header. Raises OSError."""
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        self._path = path
        self._temporary = f"{path}.{os.getpid()}-{os.urandom(4).hex()}.tmp"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        flags |= getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOINHERIT", 0)
        self._descriptor = os.open(self._temporary, flags, 0o600)
        self.size = 0
        self.append(bytes(_HEADER.size))

    def append(self, data: bytes | bytearray) -> None:
        """Write all of the data. Raises OSError."""
        with memoryview(data) as view:
            done = 0
            while done < len(view):
                done += os.write(self._descriptor, view[done:])
        self.size += len(data)

    def finish(self, header: bytes) -> None:
        """Put the file in its place. Raises OSError."""
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        self.append(header)
        descriptor, self._descriptor = self._descriptor, -1
        os.close(descriptor)
        os.replace(self._temporary, self._path)

    def discard(self) -> None:
        """Leave no trace of it."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        try:
            os.unlink(self._temporary)
        except OSError:
            pass


def _check(key: bytes, answer: bytes) -> bytes:
    """What tells that an answer is the one of its key."""
    return _digest(key, answer)[:_CHECK]


def _digest(first: bytes, second: bytes) -> bytes:
    hasher = begin(first)
    hasher.update(second)
    return digest(hasher)
