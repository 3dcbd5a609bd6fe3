"""Possessive repeats: they mean on each Python what an atomic group means, which all of them read right."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auto_enforcer.expressions import compiled, helped
from auto_enforcer.grammars.modes import machine, modes_of
from auto_enforcer.languages import LANGUAGES

PACKAGE = Path(__file__).parents[1] / "server" / "auto_enforcer"
WAYS = pytest.mark.parametrize("compile", [compiled, helped])
_POSSESSIVE_GROUP = re.compile(r"\)(?:[*+?]|\{[0-9,]+\})\+")

pytestmark = pytest.mark.smoke


@WAYS
@pytest.mark.parametrize(
    ("pattern", "text", "end"),
    [
        (r'(?:[^"\\]++|\\.|"(?!""))*+', 'a b."""', 4),
        (r'(?:[^"\\]++|\\.|"(?!""))*+"""', 'a" b."""', 8),
        (r"(?:(?:[-*+]|\d{1,9}[.)])[ \t]++)*+", "12 apples", 0),
        (r"(?:(?:[-*+]|\d{1,9}[.)])[ \t]++)*+", "- 1. 12 apples", 5),
        (r"\((?:[^()]++|\((?:[^()]++|\([^()]*+\))*+\))*+\)", "(a(b(c)d)e)f", 11),
        (r"(?:ab?c)*+a", "abcacab", 6),
        (r"(?:ab){2,3}+a", "ababa", 5),
        (r"(?:a(?=bb)b|c)++", "abbc", 2),
    ],
)
def test_a_possessive_repeat_goes_on_where_its_last_round_ended(
    compile: Callable[[str], re.Pattern[str]], pattern: str, text: str, end: int
) -> None:
    found = compile(pattern).match(text)
    assert found is not None
    assert found.end() == end


_atoms = st.sampled_from(
    ["a", "b", "[ab]", "[^a]", ".", "a?", "b*", "a+?", "[^b]++", "(?=a)", "(?!ab)", "(?<=a)"]
)
_sequences = st.lists(_atoms, min_size=1, max_size=3).map("".join)
_groups = st.lists(_sequences, min_size=1, max_size=3).map(lambda ways: f"(?:{'|'.join(ways)})")
_nested = st.tuples(_groups, _sequences, _groups).map(lambda parts: f"(?:{parts[0]}*+{parts[1]}|{parts[2]}c)")


@given(st.one_of(_groups, _nested), st.sampled_from("*+?"), _sequences, st.text("abc", max_size=12))
def test_it_means_what_an_atomic_group_means(group: str, repeat: str, tail: str, text: str) -> None:
    if "*+" in group:  # the inner one is written the same way on both sides: as an atomic group
        inner, _, rest = group.removeprefix("(?:").partition("*+")
        atomic_group = f"(?:(?>{inner}*){rest}"
    else:
        atomic_group = group
    atomic = re.compile(f"(?>{atomic_group}{repeat}){tail}").match(text)
    for compile in (compiled, helped):
        found = compile(f"{group}{repeat}+{tail}").match(text)
        assert (found and found.span()) == (atomic and atomic.span())


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix()
)
def test_who_repeats_a_group_possessively_compiles_it_here(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    if path.name in ("expressions.py", "catalog_index.py") or not _POSSESSIVE_GROUP.search(source):
        return
    assert "re.compile(" not in source


def test_no_group_captures_inside_of_a_possessive_repeat() -> None:
    parser: Any = importlib.import_module("re._parser")
    seen = 0
    for language in LANGUAGES:
        for name in modes_of(language):
            match = machine(language, name).match
            pattern = match and match.__self__.pattern  # type: ignore[attr-defined]
            if pattern:
                seen += 1
                assert not list(_captures(parser.parse(pattern), parser)), (language, name)
    assert seen > 100 or compiled("(?:ab)*+").pattern is None


def _captures(tree: Any, parser: Any, *, inside: bool = False) -> Iterator[int]:
    if isinstance(tree, parser.SubPattern):
        for code, argument in tree:
            if code is parser.SUBPATTERN and inside and argument[0] is not None:
                yield argument[0]
            repeats = code in (parser.POSSESSIVE_REPEAT, parser.ATOMIC_GROUP)
            yield from _captures(argument, parser, inside=inside or repeats)
    elif isinstance(tree, (tuple, list)):
        for part in tree:
            yield from _captures(part, parser, inside=inside)
