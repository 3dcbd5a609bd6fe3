"""The file of answers: what is put is found, room is made, nothing damaged, cut or foreign is believed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from auto_enforcer import result_file
from auto_enforcer.result_file import Entry, ResultFile
from command import SERVER

RELEASE = b"r" * 24

Open = Callable[..., ResultFile]
"""Opens the file, after another run has put some answers into it."""


def entry(number: int, size: int = 100) -> Entry:
    """An answer, the same for the same number."""
    return Entry(number.to_bytes(4, "big") * 6, number, 0, bytes([number % 251]) * size)


def found(file: ResultFile, numbers: Sequence[int], size: int = 100) -> list[int]:
    """Those of the answers that are there; they must be right."""
    there = []
    for number in numbers:
        answer = file.get(entry(number).key, 1)
        assert answer in (None, entry(number, size).answer)
        if answer is not None:
            there.append(number)
    return there


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where answers are kept; the folder is not there yet."""
    return tmp_path / "cache" / "a.results"


@pytest.fixture
def opened(path: Path) -> Iterator[Open]:
    """All that are opened are closed in the end."""
    files: list[ResultFile] = []

    def opened(numbers: Sequence[int] = (), size: int = 100, release: bytes = RELEASE) -> ResultFile:
        files.append(ResultFile(str(path), release))
        if not numbers:
            return files[-1]
        for number in numbers:
            files[-1].put(entry(number, size))
        files[-1].save()
        assert files[-1].problem == ""
        return opened(release=release)

    yield opened
    for file in files:
        file.close()


def test_what_is_put_is_found_in_a_later_run_for_this_user_alone(opened: Open, path: Path) -> None:
    file = opened([5, 3, 9])
    assert found(file, range(12)) == [3, 5, 9]
    assert [file.may_have(size) for size in (3, 4)] == [True, False]
    if os.name == "posix":
        assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_an_answer_of_a_day_is_given_on_that_day_alone_and_replaced(opened: Open) -> None:
    file = opened()
    for day, answer in ((7, b"first"), (8, b"second")):
        file.put(Entry(b"k" * 24, 1, day, answer))
        file.save()
        file = opened()
        assert [file.get(b"k" * 24, asked) for asked in (day - 1, day, day + 1)] == [None, answer, None]
    assert len(file) == 1


def test_nothing_is_written_where_nothing_changed(opened: Open, path: Path) -> None:
    file = opened(range(3))
    before = path.stat()
    assert found(file, range(3)) == [0, 1, 2]
    file.save()
    file.save()
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_what_was_not_used_for_longest_makes_room(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_file, "MOST_ENTRIES", 10)
    file = opened(range(10))
    found(file, range(2, 10))
    file.put(entry(10))
    file.put(entry(11))
    file.save()
    assert found(opened(), range(20)) == list(range(2, 12))


def test_use_alone_is_noted_from_time_to_time(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_file, "MOST_ENTRIES", 40)
    opened([0])
    for number in range(1, 60):
        file = opened()
        assert found(file, [0]) == [0]
        file.save()
        opened([number])
    assert found(opened(), [0, 1, 59]) == [0, 59]


def test_a_run_over_more_files_than_there_is_room_for_finds_most_of_what_it_kept(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(result_file, "MOST_ENTRIES", 100)
    for turn in range(4):
        file = opened()
        there = found(file, range(120))
        assert len(there) >= (60 if turn else 0)
        for number in sorted(set(range(120)) - set(there)):
            file.put(entry(number))
        file.save()


@pytest.mark.parametrize("size", [0, 1, 1_000, 30_000, 70_000])
def test_bytes_are_bounded(opened: Open, path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(result_file, "MOST_BYTES", 100_000)
    for first in range(0, 5_000, 1_000):
        numbers = range(first, first + 1_000)
        file = opened(numbers, size)
        assert path.stat().st_size <= 100_000
        assert found(file, numbers, size)


def test_an_answer_that_is_too_large_is_not_kept(opened: Open) -> None:
    assert len(opened([1], result_file.LARGEST_ANSWER + 1)) == 0
    assert len(opened([1], result_file.LARGEST_ANSWER)) == 1


def test_many_answers_do_not_wait_in_memory(opened: Open, path: Path) -> None:
    file = opened()
    for number in range(2_000):
        file.put(entry(number, 1_000))
    assert [one.suffix for one in path.parent.iterdir()] == [".tmp"]
    file.save()
    file = opened()
    assert len(found(file, range(2_000), 1_000)) == 2_000
    file.put(entry(1, result_file.LARGEST_ANSWER))
    file.close()
    assert [one.name for one in path.parent.iterdir()] == ["a.results"]


def test_the_files_of_workspaces_long_gone_are_removed(
    opened: Open, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(result_file, "MOST_FILES", 3)
    path.parent.mkdir()
    now = time.time()
    others = {f"{number}.results": 10**6 - number for number in range(5)}
    others |= {"b.results.1-2.tmp": 10**6, "c.results.1-2.tmp": 10, "x.patterns": 10**6}
    for name, age in others.items():
        (path.parent / name).write_bytes(b"")
        os.utime(path.parent / name, (now - age, now - age))
    opened([1])
    left = {one.name for one in path.parent.iterdir()}
    assert left == {"3.results", "4.results", "a.results", "x.patterns", "c.results.1-2.tmp"}


# Whatever happens to it


def test_no_flipped_bit_is_believed(opened: Open, path: Path) -> None:
    """In the header and the index it is as if there were no file; in an answer, as if that one were not
    there."""
    numbers = range(6)
    opened(numbers, 20)
    whole = path.read_bytes()
    lost = []
    for position, byte in enumerate(whole):
        for bit in (0, 3, 7):
            path.write_bytes(whole[:position] + bytes([byte ^ (1 << bit)]) + whole[position + 1 :])
            file = opened()
            lost.append(len(numbers) - len(found(file, numbers, 20)))
            file.close()
    assert set(lost) == {1, 6}
    assert lost.count(1) == 3 * 20 * 6


def test_no_part_of_a_file_is_believed(opened: Open, path: Path) -> None:
    opened(range(6), 20)
    whole = path.read_bytes()
    for length in range(len(whole)):
        for content in (whole[:length], whole[length + 1 :], whole[:length] + bytes(len(whole) - length)):
            path.write_bytes(content)
            file = opened()
            assert len(file) == 0 or content == whole
            file.close()
    path.write_bytes(whole + b"more")
    assert len(opened()) == 0


def test_answers_that_changed_places_are_not_believed(opened: Open, path: Path) -> None:
    opened(range(2), 20)
    whole = path.read_bytes()
    first, second = entry(0, 20).answer, entry(1, 20).answer
    path.write_bytes(whole.replace(first + second, second + first))
    assert path.read_bytes() != whole
    assert found(opened(), range(2), 20) == []


def test_a_damaged_answer_is_put_anew(opened: Open, path: Path) -> None:
    opened(range(3), 20)
    path.write_bytes(path.read_bytes().replace(entry(1, 20).answer, bytes(20)))
    file = opened()
    assert found(file, range(3), 20) == [0, 2]
    assert found(opened([1], 20), range(3), 20) == [0, 1, 2]


def test_what_another_release_kept_is_neither_believed_nor_left(opened: Open) -> None:
    opened(range(3))
    assert found(opened(release=b"s" * 24), range(3)) == []
    assert found(opened([7], release=b"s" * 24), range(9)) == [7]
    assert found(opened(), range(9)) == []


@pytest.mark.skipif(os.name != "posix", reason="there are no owners to tell")
def test_what_others_could_have_written_is_not_believed(opened: Open, path: Path) -> None:
    opened(range(3))
    path.chmod(0o622)
    assert found(opened(), range(3)) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no FIFOs")
def test_a_fifo_in_its_place_is_not_waited_for(opened: Open, path: Path) -> None:
    path.parent.mkdir()
    os.mkfifo(path)
    assert len(opened([1])) == 1


def test_of_two_at_once_the_last_is_kept_and_whole(opened: Open, path: Path) -> None:
    opened([0], 1_000)
    files = [opened(), opened()]
    for number, file in enumerate(files):
        for further in range(300):
            file.put(entry(1_000 * (number + 1) + further, 1_000))
    files[0].save()
    assert found(files[1], [0], 1_000) == [0]
    files[1].save()
    there = opened()
    assert len(found(there, range(2_000, 2_300), 1_000)) == 300
    assert found(there, [0, 1_000], 1_000) == [0]
    assert [one.name for one in path.parent.iterdir()] == ["a.results"]


KILLED = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from auto_enforcer import result_file
left = int(sys.argv[3])
def dying(real):
    def call(*arguments, **named):
        global left
        left -= 1
        if left == 0:
            if real is write:
                real(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments, **named)
    return call
write = os.write
for name in ("open", "write", "lseek", "close", "replace", "scandir"):
    setattr(os, name, dying(getattr(os, name)))
file = result_file.ResultFile(sys.argv[2], b"r" * 24)
for number in range(100, 700):
    file.put(result_file.Entry(number.to_bytes(4, "big") * 6, number, 0, bytes([number % 251]) * 1000))
file.save()
"""
"""Puts 600 answers, and is killed at its n-th call, having written half of what it was to write."""


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGKILL")
def test_a_writer_may_be_killed_at_any_call(opened: Open, path: Path) -> None:
    """What was there is there, or all that is new as well; and what is left over is no file of answers."""
    kept = []
    for call in range(1, 60):
        path.unlink(missing_ok=True)
        opened(range(3), 1_000)
        done = subprocess.run([sys.executable, "-c", KILLED, str(SERVER), str(path), str(call)], check=False)
        file = opened()
        assert found(file, range(3), 1_000) == [0, 1, 2]
        kept.append(len(found(file, range(100, 700), 1_000)))
        file.close()
        if done.returncode == 0:
            break
    assert set(kept) == {0, 600}
    assert kept[-1] == 600
    assert len(kept) > 8
