"""Globs: what they match, what they refuse, and that none is slow."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auto_enforcer import globs, wildmatch
from effort import is_within


def _matches(glob: str, path: str) -> bool:
    return globs.compile_globs([globs.translate(glob)]).fullmatch(path) is not None


@pytest.mark.parametrize(
    ("glob", "matching", "other"),
    [
        ("vendor/**", ["vendor/a", "vendor/a/b", "vendor/"], ["a/vendor/b", "vendors/a", "vendor"]),
        ("vendor", ["vendor/a", "a/vendor/b", "vendor", "vendor/"], ["vendors", "a/vendors/b"]),
        ("vendor/", ["vendor/a", "a/vendor/b/c", "vendor/"], ["vendor", "a/vendor"]),
        ("/vendor", ["vendor", "vendor/a"], ["a/vendor"]),
        ("*.md", ["a.md", "a/b.md", ".md", "x.md/y"], ["a.mdx", "amd"]),
        ("src/*.py", ["src/a.py"], ["src/a/b.py", "a/src/a.py", "src/a.pyi"]),
        ("./src/a", ["src/a"], ["b/src/a"]),
        ("src/**/a.py", ["src/a.py", "src/b/a.py", "src/b/c/a.py"], ["src/b/ba.py", "a.py"]),
        ("**/gen/**/x", ["gen/x", "a/gen/x", "gen/b/x", "a/b/gen/c/d/x"], ["gen", "gen/y", "agen/x"]),
        ("**", ["a", "a/b", "a/"], []),
        ("a?c", ["abc", "x/aéc"], ["ac", "a/c"]),
        ("a[bc]d", ["abd", "acd"], ["aad", "a/d"]),
        ("a[!bc]d", ["aad"], ["abd", "a/d"]),
        ("a[^b-d]e", ["aae"], ["ace"]),
        ("a[]]b", ["a]b"], ["ab"]),
        ("[[:digit:]]x", ["1x"], ["ax", ":x"]),
        ("*.{js,ts}", ["a.js", "b/a.ts"], ["a.jsx", "a.{js,ts}"]),
        ("{src,lib/**}/a", ["src/a", "lib/a", "lib/b/a"], ["a"]),
        ("{a,b{c,d}}", ["a", "bc", "bd"], ["b"]),
        (r"\*a\{b", ["*a{b"], ["xa{b"]),
        ("a*b*c", ["abc", "axbxc", "abcbc"], ["ab", "acb", "a/b/c"]),
        ("**/*a*/**/b", ["xax/b", "q/a/r/s/b"], ["b", "x/b"]),
        ("a.b+(c)", ["a.b+(c)"], ["axbb(c)"]),
        ("new\nline*", ["new\nline\n2"], ["newline"]),
    ],
)
def test_a_glob_matches(glob: str, matching: list[str], other: list[str]) -> None:
    assert [path for path in matching if not _matches(glob, path)] == []
    assert [path for path in other if _matches(glob, path)] == []


@pytest.mark.parametrize(
    ("glob", "said"),
    [
        ("", "empty"),
        ("/", "empty"),
        ("./", "empty"),
        ("../a", "cannot leave"),
        ("a/../b", "cannot leave"),
        ("!a", "begin with `!`"),
        ("a[b", "`[` without its `]`"),
        ("a{b", "`{` without its `}`"),
        ("a}b", "`}` without its `{`"),
        ("a\\", "backslash"),
        ("[[:nope:]]", "not known"),
        ("{a,b}" * 10, "more than 64"),
        ("{" * 400 + "}" * 400, ""),
        ("a" * 2000, "longer than"),
    ],
)
def test_a_glob_that_does_not_hold_is_refused_with_a_reason(glob: str, said: str) -> None:
    if not said:
        globs.translate(glob + "x")
        return
    with pytest.raises(ValueError, match=re.escape(said)):
        globs.translate(glob)


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("*a" * 400 + "b", "a" * 4000),
        ("**/a/" * 150 + "b", "a/" * 2000),
        ("**/*a*a*a/" * 60 + "b", ("a" * 30 + "/") * 130),
        ("[a-z]*" * 150 + "!", "a" * 4000),
        ("?*" * 400 + "b", "a" * 4000),
        ("**/" * 300 + "b", "a/" * 2000),
    ],
)
def test_no_glob_is_slow(glob: str, path: str) -> None:
    pattern = globs.compile_globs([globs.translate(glob)])
    started = time.thread_time()
    assert not pattern.fullmatch(path)
    assert is_within(time.thread_time() - started, 1)


@given(st.text("ab/*?[]{},!-.\\", max_size=12), st.text("ab/.", max_size=8))
def test_any_text_is_a_glob_or_refused(glob: str, path: str) -> None:
    try:
        source = globs.translate(glob)
    except ValueError:
        return
    globs.compile_globs([source]).fullmatch(path)


def test_of_many_globs_the_first_that_matches_is_known() -> None:
    """More than Python keeps compiled by itself; some with parts of their own to choose from."""
    given = [f"{{a,b}}{number}*/**/c[0-9]" for number in range(700)]
    pattern = globs.compile_globs(map(globs.translate, [*given, "**/*"]))
    for number in (0, 1, 42, 699):
        match = pattern.fullmatch(f"b{number}x/d/e/c7")
        assert match is not None
        first = next(index for index in range(700) if str(number).startswith(str(index)))
        assert match.lastindex == first + 1
    assert (match := pattern.fullmatch("z")) is not None
    assert match.lastindex == 701


def test_of_many_patterns_of_git_the_last_that_matches_decides() -> None:
    given = [(f"{number}?*" + "/" * (number % 2), number % 3 == 0) for number in range(700)]
    patterns = wildmatch.Patterns(given)
    for number, folder in ((5, False), (6, False), (6, True), (7, True), (699, True), (698, False)):
        assert patterns.said_of(f"a/{number}x", is_folder=folder) is (
            None if number % 2 and not folder else number % 3 == 0
        )
    assert patterns.said_of("a/1x", is_folder=True) is False
    assert patterns.said_of("a/69xx", is_folder=True) is True


def test_of_gits_patterns_as_many_count_as_can_be_matched() -> None:
    patterns = wildmatch.Patterns((f"*{number}*.x?", True) for number in range(50_000))
    assert patterns.said_of("a-17-b.xy", is_folder=False) is True
    assert patterns.said_of("a-49999-b.xy", is_folder=False) is True  # by `*4*`
    assert wildmatch.Patterns([("*a" * 60_000 + "?", True), ("*.c", True)]).said_of("a.c", is_folder=False)
