"""The baseline file as such: what its lines say, which violations they cover, and how git merges it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from time import thread_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auto_enforcer import baseline
from auto_enforcer.baseline import Baseline, Cover, Digests, Entry, Identity, Mistake, entries_of, written
from auto_enforcer.files import BASELINE
from effort import is_within

SALT, OTHER = bytes(range(16)), bytes(range(16, 32))
PRINT = "logging/print-call"


def known(words: str, around: str = "", rule: str = PRINT, salts: Sequence[bytes] = (SALT,)) -> Identity:
    """What a violation is known by."""
    made = Digests(salts).of(rule, words, around or words, secret=rule.startswith("secrets/"))
    assert made is not None
    return made


def file_of(found: Sequence[Identity], path: str = "a.py", salts: Sequence[bytes] = (SALT,)) -> bytes:
    """The baseline of one file's violations."""
    return written(None, salts, entries_of(path, found))


def covered(data: bytes, found: Sequence[Identity], old: Sequence[bool] | None = None) -> str:
    """Which of the violations of `a.py` are covered: `o` for those, `N` for others."""
    held = Baseline(data).of("a.py")
    assert held is not None
    marks = Cover(held).first(list(zip(found, old or [False] * len(found), strict=True)))
    return "".join("o" if mark else "N" for mark in marks)


def test_a_file_says_what_was_written_and_stays_as_it_is() -> None:
    entries = [
        *entries_of("b/a b#1.py", [known("print", "print(1)"), known("print", "print(1)")]),
        *entries_of("a.py", [known("print"), known("x", rule="debt/to-do")]),
    ]
    data = written(None, (SALT,), entries)
    lines = data.split(b"\n")
    assert lines[0] == b"enforcer-baseline 1 " + SALT.hex().encode()
    assert lines[1].startswith(b"# ")
    assert [line.split()[0] for line in lines[2:-1]] == [b"a.py", b"a.py", *2 * [b"b/a%20b%231.py"]]
    assert lines[2:-1] == sorted(lines[2:-1])
    read = Baseline(data)
    assert (read.count, read.salts, read.mistakes, set(read.paths())) == (
        4,
        (SALT,),
        (),
        {"a.py", "b/a b#1.py"},
    )
    assert [one for path in read.paths() for one in read.entries(path)] == sorted(entries, key=Entry.line)
    assert written(read, read.salts, entries) == data
    assert read.of("c.py") is None


@given(st.binary(min_size=1, max_size=12).filter(lambda path: b"\0" not in path))
def test_a_path_may_have_any_bytes(path: bytes) -> None:
    name = path.decode("utf-8", "surrogateescape")
    data = file_of([known("print")], name)
    assert data.count(b"\n") == 3
    assert len(data.decode().splitlines()) == 3
    assert len(data.decode().splitlines()[2].split()) == 5
    read = Baseline(data)
    assert read.mistakes == ()
    assert list(read.paths()) == [name]
    assert name in read
    assert len(read.entries(name)) == 1


def test_what_somebody_else_has_written_in_percent_is_the_same_path() -> None:
    data = file_of([known("print")], "a.py").replace(b"a.py", b"%61.p%79")
    assert Baseline(data).of("a.py") is not None


def test_a_bad_line_is_told_at_its_place_and_all_others_count() -> None:
    good = file_of([known("print"), known("x")]).split(b"\n")
    bad = [b"<<<<<<< HEAD", b"a.py logging/print-call", b"x" * 100, b"\xff\xfe", b"enforcer-baseline 2 a b"]
    never = entries_of("a.py", [known("y", rule="enforcer/rule-failed")])[0].line().strip()
    data = b"\r\n".join([*good[:2], *bad, good[2], b"", b"# why", never, *good[3:]])
    read = Baseline(data)
    assert [mistake.line for mistake in read.mistakes] == [2, 3, 4, 5, 6, 10]
    assert "merge" in read.mistakes[0].message
    assert "newer" in read.mistakes[4].message
    assert "never" in read.mistakes[5].message
    assert read.count == 2
    assert covered(data, [known("print"), known("x"), known("y", rule="enforcer/rule-failed")]) == "ooN"


@pytest.mark.parametrize("head", [b"", b"enforcer-baseline 1\n", b"enforcer-baseline 1 abc\n"])
def test_without_the_salt_nothing_counts_and_it_is_said(head: bytes) -> None:
    data = head + b"\n".join(file_of([known("print")]).split(b"\n")[1:])
    read = Baseline(data)
    assert [mistake.line for mistake in read.mistakes] == [0]
    assert read.of("a.py") is None
    assert Baseline(b"").mistakes == ()


def test_the_mistakes_that_are_told_are_bounded_and_quote_nothing() -> None:
    read = Baseline(b"hunter2\n" * 1_000)
    assert len(read.mistakes) == baseline.MOST_MISTAKES
    assert not any("hunter" in mistake.message for mistake in read.mistakes)


def test_each_entry_covers_one() -> None:
    data = file_of([known("print", "print(1)"), known("print", "print(2)")])
    assert covered(data, [known("print", "print(1)"), known("print", "print(2)")]) == "oo"
    assert covered(data, 3 * [known("print", "print(1)")]) == "ooN"
    assert covered(data, [known("print", "print(1)", rule="debt/to-do")]) == "N"
    assert covered(data, [known("print"), known("printf")]) == "oN"


def test_white_space_and_surroundings_do_not_decide_alone() -> None:
    data = file_of([known("a  b", "  if a  b:")])
    assert covered(data, [known("a\tb", "if a b:")]) == "o"
    assert covered(data, [known("a b", "else")]) == "o"
    assert covered(data, [known("a b\xa0")]) == "N"


@pytest.mark.parametrize(
    ("around", "old", "marks"),
    [
        (("new(1)", "print(1)", "print(2)"), None, "Noo"),
        (("print(1)", "print(2)", "new(1)"), None, "ooN"),
        (("print(1)", "print(1)", "print(2)"), None, "oNo"),
        (("print(1)", "print(1)", "print(2)"), (False, True, True), "Noo"),
        (("print(1)", "edited", "edited"), (False, True, True), "Noo"),
        (("new(1)", "edited"), (False, True), "oo"),
        (("new(1)", "edited", "print(1)"), None, "oNo"),
    ],
)
def test_which_of_more_than_there_are_entries_is_new(
    around: Sequence[str], old: Sequence[bool] | None, marks: str
) -> None:
    """What stood in the base goes first, then what stands in the same place, then what comes first."""
    data = file_of([known("print", "print(1)"), known("print", "print(2)")])
    assert covered(data, [known("print", one) for one in around], old) == marks


def test_further_violations_take_what_is_left() -> None:
    held = Baseline(file_of([known("print", f"print({n})") for n in range(4)])).of("a.py")
    assert held is not None
    cover = Cover(held)
    assert cover.first([(known("print", "x"), False), (None, False)]) == [True, False]
    assert [cover.next(known("print")) for _ in range(5)] == [1, 1, 1, 0, 0]
    assert not cover.next(None)
    assert not cover.next(known("x"))


def test_entries_that_nothing_needs_are_those_in_other_places_first() -> None:
    entries = entries_of("a.py", [known("print", f"print({n})") for n in range(3)] + [known("x")])
    by_place = {one.near: one for one in entries}
    assert (
        baseline.unused(entries, [known("print", f"print({n})") for n in range(3)] + 2 * [known("x")]) == []
    )
    left = baseline.unused(entries, [known("print", "print(2)"), known("print", "print(7)")])
    assert len(left) == 2
    assert by_place[known("x").nears[0]] in left
    assert by_place[known("print", "print(2)").nears[0]] not in left


# -- Comments


def test_a_comment_goes_where_its_entry_goes() -> None:
    data = file_of([known("a"), known("b"), known("c")])
    head, told, *lines = data.split(b"\n")[:-1]
    said = b"\n".join([head, told, b"#top", lines[0], b"", b"# of one", b"#more", *lines[1:], b"# end", b""])
    read = Baseline(said)
    entries = read.entries("a.py")
    assert written(read, read.salts, entries) == said.replace(b"\n\n", b"\n")
    assert written(read, read.salts, entries[1:]).split(b"\n")[1:5] == [told, b"#top", b"# of one", b"#more"]
    assert written(read, read.salts, entries[::2]).split(b"\n")[1:-1] == [
        told,
        b"#top",
        *lines[::2],
        b"# end",
    ]
    moved = [one._replace(near="0000") for one in entries]
    assert b"# of one\n#more\n" + moved[1].line() in written(read, read.salts, moved)


# -- Secrets


def test_of_a_secret_there_is_nothing_but_a_slow_salted_digest() -> None:
    """It is another under another salt, none of the quick ones, and that of another secret is another."""
    from hashlib import scrypt, sha256

    rule, value = "secrets/password", "hunter2"
    data = file_of([known(value, "password = <password>", rule)])
    assert value.encode() not in data
    (digest,) = known(value, "x", rule).digests
    assert digest != known(value, "x", rule, (OTHER,)).digests[0]
    assert digest == scrypt(value.encode(), salt=SALT, n=4_096, r=8, p=1, dklen=12).hex()
    for quick in (b"", SALT, b"text", SALT + b"text"):
        assert sha256(quick + value.encode()).hexdigest()[:24] != digest
    assert covered(data, [known(value, "x", rule), known("hunter3", "x", rule)]) == "oN"


def test_no_more_secrets_are_compared_than_there_is_time_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baseline, "MOST_SLOW", 2)
    digests = Digests((SALT,))
    assert digests.allowance == 2
    values = ["a", "b", "a", "c", "b"]
    made = [digests.of("secrets/password", value, "", secret=True) is not None for value in values]
    assert made == [True, True, True, False, True]
    assert digests.left_out
    digests.allowance = 2
    assert digests.of("secrets/password", "c", "", secret=True) is not None
    assert digests.of("secrets/password", "b", "", secret=True) is not None
    assert digests.allowance == 1


# -- Merges


def git(folder: Path, *arguments: str, fails: bool = False) -> str:
    """Runs git; what it prints."""
    settings = ("user.name=a", "user.email=a@b", "init.defaultBranch=main", "core.autocrlf=false")
    named = [word for one in settings for word in ("-c", one)]
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(
        ["git", *named, *arguments], cwd=folder, capture_output=True, text=True, env=environment, check=False
    )
    assert bool(done.returncode) is fails, done.stdout + done.stderr
    return done.stdout


def merged(folder: Path, ours: bytes, theirs: bytes, base: bytes | None, attributes: str = "") -> bytes:
    """What git makes of a baseline that two branches have changed, or both have made."""
    path = folder / BASELINE
    git(folder, "init", "-q")
    (folder / ".gitattributes").write_text(attributes)
    if base is not None:
        path.write_bytes(base)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "base")
    git(folder, "checkout", "-qb", "theirs")
    path.write_bytes(theirs)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "theirs")
    git(folder, "checkout", "-q", "main")
    path.write_bytes(ours)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "ours")
    git(folder, "merge", "-q", "theirs", fails=base is None and not attributes)
    return path.read_bytes()


def test_git_merges_what_two_branches_add_and_drop(tmp_path: Path) -> None:
    """Each branch adds and drops entries, one of them the same: both are in, each once, and nothing else."""

    def entries(*names: str) -> list[Entry]:
        return [one for name in names for one in entries_of(f"{name}.py", [known("print", name)])]

    before = written(None, (SALT,), entries(*"bdfhjlnp"))
    read = Baseline(before)
    ours = written(read, read.salts, entries(*"adfhjlnps"))
    theirs = written(read, read.salts, entries(*"bdfhjklnps"))
    assert merged(tmp_path, ours, theirs, before) == written(None, (SALT,), entries(*"adfhjklnps"))


@pytest.mark.parametrize("attributes", ["", f"{BASELINE} merge=union\n"], ids=["by hand", "union"])
def test_two_branches_may_both_make_the_file(tmp_path: Path, attributes: str) -> None:
    """Either's entries hold after both sides were kept, and what both have covers no more than in one."""
    both = (SALT, OTHER)
    ours = file_of([known("print", "1"), known("print", "2"), known("ours")])
    theirs = file_of([known("print", "1", salts=(OTHER,)), known("theirs", salts=(OTHER,))], salts=(OTHER,))
    after = merged(tmp_path, ours, theirs, None, attributes)
    if not attributes:
        marks = [mistake.line for mistake in Baseline(after).mistakes]
        lines = after.split(b"\n")
        assert [lines[line][:7] for line in marks] == [b"<<<<<<<", b"=======", b">>>>>>>"]
        after = b"\n".join(line for number, line in enumerate(lines) if number not in marks)
    read = Baseline(after)
    assert read.mistakes == ()
    assert set(read.salts) == set(both)
    salts = read.salts
    found = [known(words, salts=salts) for words in ("print", "print", "print", "ours", "theirs", "theirs")]
    assert covered(after, found) == "ooNooN"
    assert written(read, salts, read.entries("a.py")).count(b"#") == 1


def test_more_salts_than_can_be_are_a_mistake() -> None:
    heads = b"".join(b"enforcer-baseline 1 %032x\n" % number for number in range(6))
    read = Baseline(heads + heads)
    assert len(read.salts) == baseline.MOST_SALTS
    assert [mistake.line for mistake in read.mistakes] == [4, 5, 10, 11]


# -- Bounds


def test_a_hostile_file_takes_no_longer_than_its_length() -> None:
    """Lines of two paths in turn, which make a run each."""
    lines = entries_of("a.py", [known("print")]) + entries_of("b%.py", [known("print")])
    data = (
        b"enforcer-baseline 1 " + SALT.hex().encode() + b"\n" + b"".join(one.line() for one in lines) * 20_000
    )
    begun = thread_time()
    read = Baseline(data)
    assert read.count == 40_000
    assert len(read.entries("b%.py")) == 1
    assert is_within(thread_time() - begun, 5)


@settings(max_examples=200)
@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_can_be_read(data: bytes, headed: bool) -> None:
    read = Baseline((b"enforcer-baseline 1 " + SALT.hex().encode() + b"\n" if headed else b"") + data)
    assert all(isinstance(one, Mistake) for one in read.mistakes)
    for path in read.paths():
        read.of(path)
        assert read.entries(path)
    assert isinstance(written(read, (SALT,), []), bytes)
