"""Both scanners hit the same lines, whatever becomes of the library, the cache and the processes beside."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auto_enforcer import catalog, pattern_cache, pattern_compiler, triggers
from auto_enforcer.lexer import LANGUAGES
from auto_enforcer.pattern_cache import CacheDirectory
from auto_enforcer.scanner import PatternSet, Scanner, numbers_of, open_scanner
from effort import examples

needs_library = pytest.mark.skipif(
    not any(os.path.isdir(os.path.join(folder, "hyperscan")) for folder in sys.path),
    reason="there is no wheel of the library here",
)

PATTERNS = (
    *(r"\bprint\(", "(?i)password", '"""', r"\\$", "^<<<<<<<", "[0-9]{4}-[0-9]{2}", r"\xe2\x80[\x8b-\x8f]"),
    *("==.*None", "(?i)k(?:ey|i)s", "[\xa0-\xff]{2}x".encode("unicode_escape").decode(), r"foo\b"),
)
ODD = (
    "",
    "\n",
    "\n\n",
    " ",
    "\t",
    "\x0b",
    "\u00a0",
    "\u212aeys",
    "\u017f",
    "語",
    "🙂",
    "\u200b",
    "é",
    "\x00",
)


def made(patterns: Iterable[str], name: str = "test") -> PatternSet:
    patterns = tuple(patterns)
    return PatternSet(name, "key", patterns, tuple(map(triggers.needles, patterns)), numbers_of(patterns))


def lines_hit(scanner: Scanner, block: bytes) -> set[tuple[int, int]]:
    """(line number, pattern's number) of each hit."""
    return {(block.count(b"\n", 0, end - 1), index) for end, index in scanner.scan(block)}


def lines_matched(patterns: PatternSet, block: bytes) -> set[tuple[int, int]]:
    compiled = [re.compile(pattern.encode()) for pattern in patterns.patterns]
    return {
        (number, borne)
        for number, line in enumerate(block.split(b"\n"))
        for borne, pattern in zip(patterns.numbers, compiled, strict=True)
        if pattern.search(line)
    }


def accelerated(patterns: PatternSet, cache: CacheDirectory) -> Scanner:
    scanner = open_scanner(patterns, cache)
    assert scanner.settle(300)
    assert scanner.accelerated
    return scanner


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> CacheDirectory:
    return CacheDirectory(str(tmp_path_factory.mktemp("patterns")))


def blocks_for(patterns: PatternSet) -> st.SearchStrategy[bytes]:
    """Texts made of what the patterns match, their literals, and characters that trip scanners up."""
    literals = sorted({literal for _, literals in patterns.needles for literal in literals})
    pieces = st.one_of(
        st.sampled_from(ODD).map(str.encode),
        st.sampled_from(literals or [b"x"]),
        st.sampled_from(patterns.patterns).flatmap(
            lambda pattern: st.from_regex(re.compile(pattern.encode(), re.MULTILINE))
        ),
        st.text(max_size=3).map(lambda text: text.encode("utf-8", "surrogatepass")),
    )
    return st.lists(pieces, max_size=12).map(lambda found: b"".join(found).replace(b"\r", b"\n"))


def check_equal_lines(patterns: PatternSet, scanners: Iterable[Scanner], count: int) -> None:
    scanners = list(scanners)

    @settings(max_examples=count)
    @given(blocks_for(patterns))
    def holds(block: bytes) -> None:
        expected = lines_matched(patterns, block)
        for scanner in scanners:
            hits = scanner.scan(block)
            assert hits == sorted(hits)
            assert all(0 < end <= len(block) for end, _ in hits)
            assert lines_hit(scanner, block) == expected

    holds()


def test_the_plain_scanner_hits_the_lines_that_the_patterns_match() -> None:
    patterns = made(PATTERNS)
    check_equal_lines(patterns, [open_scanner(patterns, None)], examples(150))


@needs_library
@pytest.mark.parametrize("language", [None, "python", "typescript", "markdown", "shellscript"])
def test_both_scanners_hit_the_lines_that_the_release_s_patterns_match(
    language: str | None, cache: CacheDirectory
) -> None:
    patterns, _ = catalog.pattern_set(language)
    check_equal_lines(patterns, [open_scanner(patterns, None), accelerated(patterns, cache)], examples(40))


def test_no_pattern_is_of_the_form_that_the_library_misses() -> None:
    """Blanks that may be there at a line's start and then one character, `^[ \\t]*x`: Hyperscan 5.4 does not
    find every such line behind another one of some length. `^x` and `^[ \\t]+x` find them."""
    patterns = {
        pattern
        for language in (None, *LANGUAGES)
        for kind in (catalog.COMMON, catalog.OPTIONAL, catalog.ANYWHERE)
        for pattern in catalog.pattern_set(language, kind)[0].patterns
    }
    missed = re.compile(r"\^(?:\[[^]]*\]|\\s| )(?:\*|\{0?,\d+\})(?:\\x..|\\.|[^\\\[(.])")
    assert not [pattern for pattern in patterns if missed.fullmatch(pattern)]


@needs_library
def test_every_pattern_of_every_set_is_taken_by_the_library(cache: CacheDirectory) -> None:
    kinds = (catalog.COMMON, catalog.OPTIONAL, catalog.ANYWHERE)
    sets = [catalog.pattern_set(language, kind)[0] for language in (None, *LANGUAGES) for kind in kinds]
    accelerated(made(sorted({pattern for one in sets for pattern in one.patterns}), "all"), cache)


def test_a_line_too_long_for_patterns_is_hit_by_its_literals() -> None:
    patterns = made(("foobar[0-9]",))
    line = b"x" * 5000 + b"foobar" + b"x" * 5000
    assert lines_hit(open_scanner(patterns, None), b"\n" + line + b"\n") == {(1, 0)}


def test_an_empty_set_finds_nothing_and_needs_no_library(cache: CacheDirectory) -> None:
    scanner = open_scanner(made(()), cache)
    assert scanner.scan(b"anything\n") == []
    assert scanner.settle(0)


def test_the_environment_can_ask_for_the_plain_scanner(
    monkeypatch: pytest.MonkeyPatch, cache: CacheDirectory
) -> None:
    monkeypatch.setenv("AUTO_ENFORCER_SCANNER", "plain")
    scanner = open_scanner(made(PATTERNS), cache)
    assert scanner.settle(0)
    assert not scanner.accelerated


@needs_library
def test_the_first_scan_answers_before_the_patterns_are_compiled(tmp_path: object) -> None:
    patterns, _ = catalog.pattern_set(None)
    scanner = open_scanner(patterns, CacheDirectory(str(tmp_path)))
    block = b"# enforcer: allow[a/b]\n" * 3
    first = lines_hit(scanner, block)
    assert not scanner.accelerated
    assert scanner.settle(300)
    assert scanner.accelerated
    assert lines_hit(scanner, block) == first != set()


@needs_library
def test_threads_share_a_scanner(cache: CacheDirectory) -> None:
    scanner = accelerated(made(PATTERNS), cache)
    block = b'print(password)\n"""\n2026-11-22\n' * 500
    expected = scanner.scan(block)
    with ThreadPoolExecutor(8) as pool:
        assert all(hits == expected for hits in pool.map(scanner.scan, [block] * 64))


def kept_files(cache: CacheDirectory) -> list[str]:
    return sorted(os.path.join(cache.path, name) for name in os.listdir(cache.path))


def damages(content: bytes) -> Iterator[bytes]:
    for place in (0, 5, 30, 36, 40, 60, 100, len(content) // 2, len(content) - 1):
        flipped = bytearray(content)
        flipped[place] ^= 0x40
        yield bytes(flipped)
    for length in (0, 1, 24, 37, 38, len(content) // 2, len(content) - 1):
        yield content[:length]
    yield content + b"\x00"


@needs_library
def test_a_damaged_file_is_noticed_and_made_anew(tmp_path: object) -> None:
    cache = CacheDirectory(str(tmp_path))
    patterns = made(PATTERNS)
    block = b'print(1)\nx == None\n"""\nPassword\n\xe2\x80\x8b\n'
    expected = lines_hit(accelerated(patterns, cache), block)
    (path,) = kept_files(cache)
    with open(path, "rb") as file:
        content = file.read()
    for number, damaged in enumerate(damages(content)):
        with open(path, "wb") as file:
            file.write(damaged)
        assert pattern_cache.read(path) is None
        if number % 6 == 0:
            assert lines_hit(open_scanner(patterns, cache), block) == expected
            assert lines_hit(accelerated(patterns, cache), block) == expected
            with open(path, "rb") as file:
                assert file.read() == content


@needs_library
def test_a_database_that_the_library_refuses_is_made_anew(tmp_path: object) -> None:
    """Whole by our own count, but not by the library's: as from another machine."""
    cache = CacheDirectory(str(tmp_path))
    patterns = made(PATTERNS)
    accelerated(patterns, cache)
    (path,) = kept_files(cache)
    pattern_compiler.write(path, pattern_compiler.packed(b"not a database", os.path.basename(path)))
    scanner = open_scanner(patterns, cache)
    assert lines_hit(scanner, b"print(\n") == {(0, 0)}
    assert scanner.settle(300)
    assert scanner.accelerated
    assert lines_hit(scanner, b"print(\n") == {(0, 0)}


@needs_library
def test_a_file_of_another_name_or_that_others_may_write_is_not_trusted(tmp_path: object) -> None:
    cache = CacheDirectory(str(tmp_path))
    accelerated(made(PATTERNS), cache)
    (path,) = kept_files(cache)
    other = path + ".copy"
    os.rename(path, other)
    assert pattern_cache.read(other) is None
    os.rename(other, path)
    assert pattern_cache.read(path) is not None
    if os.name == "posix":
        assert os.stat(path).st_mode & 0o077 == 0
        os.chmod(path, 0o666)
        assert pattern_cache.read(path) is None


@needs_library
def test_where_nothing_can_be_kept_the_patterns_are_compiled_for_this_process(tmp_path: object) -> None:
    """Below a file no folder can be made, whoever one is; and there may be no place at all."""
    file = os.path.join(str(tmp_path), "file")
    with open(file, "w", encoding="utf-8"):
        pass
    for place in (os.path.join(file, "cache"), ""):
        scanner = accelerated(made(PATTERNS), CacheDirectory(place))
        assert lines_hit(scanner, b"\nprint(\n") == {(1, 0)}
    assert os.listdir(str(tmp_path)) == ["file"]


@needs_library
def test_what_the_library_cannot_compile_stays_plain_and_is_not_tried_at_every_start(
    tmp_path: object,
) -> None:
    cache = CacheDirectory(str(tmp_path))
    patterns = PatternSet("test", "key", (r"(ab)\1",), ((False, (b"ab",)),), (0,))
    for _ in range(2):
        scanner = open_scanner(patterns, cache)
        assert lines_hit(scanner, b"x\nabab\nab\n") == {(1, 0)}
        assert scanner.settle(300)
        assert not scanner.accelerated
        (path,) = kept_files(cache)
        assert pattern_cache.was_refused(path)
    os.utime(path, (1, 1))
    assert not pattern_cache.was_refused(path)


@needs_library
@pytest.mark.skipif(os.name != "posix", reason="nobody is killed by a signal")
def test_who_was_killed_is_tried_again_in_a_minute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was no fault of the patterns: the machine was short of memory, or shut down."""
    killed = tmp_path / "python"
    killed.write_text("#!/bin/sh\nkill -9 $$\n", encoding="utf-8")
    killed.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(killed))
    told: list[str] = []
    cache = CacheDirectory(str(tmp_path / "cache"), told.append)
    assert open_scanner(made(PATTERNS), cache).settle(300)
    (path,) = kept_files(cache)
    assert pattern_cache.was_refused(path)
    assert 3_300 < time.time() - os.stat(path).st_mtime < 3_600
    assert len(told) == 1
    assert "could not be compiled" in told[0]


@needs_library
def test_that_patterns_cannot_be_kept_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for place in (str(tmp_path / "file" / "cache"), "", str(tmp_path / "cache")):
        told: list[str] = []
        accelerated(made(PATTERNS), CacheDirectory(place, told.append))
        assert [" cannot be kept " in one for one in told] == [True] * (place != str(tmp_path / "cache"))


@needs_library
def test_an_interpreter_that_cannot_start_leaves_the_plain_scanner(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", os.path.join(str(tmp_path), "no-python"))
    scanner = open_scanner(made(PATTERNS), CacheDirectory(os.path.join(str(tmp_path), "cache")))
    assert lines_hit(scanner, b"print(\n") == {(0, 0)}
    assert scanner.settle(300)
    assert not scanner.accelerated


@needs_library
def test_processes_that_compile_at_once_both_end_well(tmp_path: object) -> None:
    program = (
        "from auto_enforcer import catalog\n"
        "from auto_enforcer.scanner import CacheDirectory, open_scanner\n"
        f"scanner = open_scanner(catalog.pattern_set('python')[0], CacheDirectory({str(tmp_path)!r}))\n"
        "scanner.scan(b'x')\n"
        'print(scanner.settle(300), scanner.accelerated, len(scanner.scan(b\'"""\\n\' * 9)))\n'
    )
    started = [start(program) for _ in range(4)]
    outputs = [process.communicate(timeout=300)[0].strip() for process in started]
    assert outputs == ["True True 9"] * 4
    assert [name.endswith(pattern_cache.SUFFIX) for name in os.listdir(str(tmp_path))] == [True]


def test_old_files_are_swept_away_when_a_new_one_is_made(tmp_path: object) -> None:
    folder = str(tmp_path)
    for name, age in (("old.patterns", 1), ("old.patterns.1-2.tmp", 1), ("new.patterns", None), ("mine", 1)):
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8"):
            pass
        if age is not None:
            os.utime(path, (age, age))
    pattern_cache._sweep(folder, "kept.patterns")
    assert sorted(os.listdir(folder)) == ["mine", "new.patterns"]


def test_the_user_s_folder_is_never_relative() -> None:
    """A relative one would lie in whatever folder is being checked."""
    absolute = os.path.abspath("somewhere")
    assert pattern_cache.user_cache_path({"AUTO_ENFORCER_CACHE_DIR": absolute}) == absolute
    for environment in (
        {"AUTO_ENFORCER_CACHE_DIR": "here"},
        {"XDG_CACHE_HOME": "here"},
        {"LOCALAPPDATA": "x"},
    ):
        path = pattern_cache.user_cache_path(environment)
        assert path == "" or os.path.isabs(path)
    if sys.platform == "linux":
        found = pattern_cache.user_cache_path({"XDG_CACHE_HOME": absolute})
        assert found == os.path.join(absolute, "auto-enforcer")


def test_sets_libraries_and_patterns_have_files_of_their_own(tmp_path: object) -> None:
    cache = CacheDirectory(str(tmp_path))
    paths = [
        cache.path_of("python-1", ("a",), "1"),
        cache.path_of("python-2", ("a",), "1"),
        cache.path_of("python-1", ("b",), "1"),
        cache.path_of("python-1", ("a",), "2"),
    ]
    assert len(set(paths)) == len(paths)


PROBE = """
import sys
from auto_enforcer import catalog
from auto_enforcer.scanner import CacheDirectory, open_scanner
def loaded(*names):
    return [name for name in names if any(one == name or one.startswith(name + '.') for one in sys.modules)]
heavy = ('hyperscan', 'hashlib', 'json', 'subprocess', 'threading', 'tomllib')
assert catalog.entries()
rules = [name for name in sys.modules if name.startswith('auto_enforcer.rules.')]
assert not rules, rules
assert not loaded(*heavy, 'auto_enforcer.lexer', 'auto_enforcer.triggers'), loaded(*heavy)
cache = CacheDirectory(FOLDER)
sets = [open_scanner(catalog.pattern_set(language)[0], cache) for language in (None, 'python')]
assert not loaded(*heavy), loaded(*heavy)
for scanner in sets:
    scanner.scan(b'x')
    assert scanner.accelerated
assert loaded(*heavy) == ['hyperscan'], loaded(*heavy)
assert 'auto_enforcer.plain_scanner' not in sys.modules
"""


@needs_library
def test_nothing_is_loaded_before_it_is_needed(tmp_path: object) -> None:
    """With a warm cache: no rule module for the index, no library before the first scan, then only it."""
    folder = str(tmp_path)
    for language in (None, "python"):
        accelerated(catalog.pattern_set(language)[0], CacheDirectory(folder))
    process = start(f"FOLDER = {folder!r}\n{PROBE}")
    output, _ = process.communicate(timeout=300)
    assert process.returncode == 0, output
    assert sorted(name.partition("-")[0] for name in os.listdir(folder)) == ["every", "python"]


def start(program: str) -> subprocess.Popen[str]:
    server = os.path.dirname(os.path.dirname(catalog.__file__))
    return subprocess.Popen(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {server!r})\n{program}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@needs_library
def test_the_child_takes_no_module_from_the_working_folder(tmp_path: object) -> None:
    folder = str(tmp_path)
    for name in ("zlib.py", "hyperscan.py", "sitecustomize.py"):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(f"open({os.path.join(folder, 'planted')!r}, 'w')\n")
    place = os.getcwd()
    os.chdir(folder)
    try:
        accelerated(made(PATTERNS), CacheDirectory(os.path.join(folder, "cache")))
    finally:
        os.chdir(place)
    assert not os.path.exists(os.path.join(folder, "planted"))
