"""Regular expressions with possessive repeats, read right by every Python.

Python before 3.11.5 goes on at a wrong place behind a possessive repeat of a group whose last try failed
after its first character (https://github.com/python/cpython/issues/106052). There a way that never matches is
put behind the others of each such group: trying it takes the reader back to where the group began.
"""

from __future__ import annotations

import re
import sys
from importlib import import_module
from typing import Any

_REPEATED = (")*+", ")++", ")?+", "}+")
"""One of these stands behind each group that is repeated possessively: most patterns have none."""

RIGHT = (3, 11, 5)
"""The first Python that needs no help."""


def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """`re.compile`, for patterns in which a group is repeated possessively; none may capture in one. What
    comes back does not know its `pattern` where Python had to be helped. Raises re.error."""
    if sys.version_info >= RIGHT or not any(sign in pattern for sign in _REPEATED):
        return re.compile(pattern, flags)
    return helped(pattern, flags)


def helped(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """What `compiled` does on a Python before RIGHT; works on the later ones of 3.11 too."""
    parser, compiler = import_module("re._parser"), import_module("re._compiler")
    tree = parser.parse(pattern, flags)
    _help(tree, parser, compiler)
    helped: re.Pattern[str] = compiler.compile(tree, flags)
    return helped


def _help(tree: Any, parser: Any, compiler: Any) -> None:
    for position, (code, argument) in enumerate(tree):
        for part in _parts(argument, parser):
            _help(part, parser, compiler)
        if code is parser.POSSESSIVE_REPEAT and not compiler._simple(argument[2]):
            low, high, group = argument
            never = parser.SubPattern(group.state, [(parser.ASSERT_NOT, (1, parser.SubPattern(group.state)))])
            ways = parser.SubPattern(group.state, [(parser.BRANCH, (None, [group, never]))])
            tree[position] = (code, (low, high, ways))


def _parts(argument: Any, parser: Any) -> list[Any]:
    """The expressions in what belongs to a part of one."""
    if isinstance(argument, parser.SubPattern):
        return [argument]
    if isinstance(argument, (tuple, list)):
        return [part for inner in argument for part in _parts(inner, parser)]
    return []
