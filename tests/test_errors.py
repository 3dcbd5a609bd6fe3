"""The error rules against oracles of their own: Python's parser, and windows full of hostile lines."""

from __future__ import annotations

import ast
import os
import time
import warnings
from collections.abc import Iterator

import pytest

import pages
import reference
from auto_enforcer.model import File, Line, Neighbours, Rule, Zone
from effort import is_within

LIBRARY = os.path.dirname(os.__file__)

NOT_READ = frozenset(("test", "tests", "idle_test", "lib2to3", "site-packages", "__pycache__"))
"""Folders of tests, with source text in strings, and of other people's packages."""

RULES = pages.rules_of("errors")

SWALLOWED = (RULES["errors/swallowed-exception@python"], RULES["errors/swallowed-narrow-exception@python"])

LONGEST_LOOK = 2.0
"""Seconds that a look with all of its excuses may take where every line of its window is the longest."""


class _Around(Neighbours):
    """The lines around one, all of them given."""

    def __init__(self, above: list[Line], below: list[Line]) -> None:
        self.above = above
        self.below = below

    def before(self, line: Line, count: int) -> list[Line]:
        return self.above[:count]

    def after(self, line: Line, count: int) -> list[Line]:
        return self.below[:count]


def _modules() -> Iterator[str]:
    for folder, folders, names in os.walk(LIBRARY):
        folders[:] = sorted(set(folders) - NOT_READ)
        yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith(".py"))


def _empty_handlers(source: str) -> set[tuple[int, bool]]:
    """(line, whether it takes everything) of each handler that does nothing, by Python's own parser."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(source)
    found = set()
    for handler in ast.walk(tree):
        if isinstance(handler, ast.ExceptHandler) and len(handler.body) == 1:
            types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
            names = [None if one is None else ast.unparse(one) for one in types]
            broad = any(name in (None, "Exception", "BaseException") for name in names)
            if _is_nothing(handler.body[0], broad=broad):
                found.add((handler.lineno - 1, broad))
    return found


def _is_nothing(statement: ast.stmt, *, broad: bool) -> bool:
    if broad and isinstance(statement, ast.Continue):
        return True
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return statement.value.value is ...
    return isinstance(statement, ast.Pass)


def test_every_empty_handler_of_the_standard_library_is_proposed_and_no_other() -> None:
    """Before any excuse, the two rules find in every third module what the parser finds."""
    count = 0
    for path in list(_modules())[::3]:
        with open(path, encoding="utf-8", errors="replace") as file:
            source = file.read()
        if "except" not in source or "\x0c" in source:
            continue
        try:
            expected = _empty_handlers(source)
        except SyntaxError:
            continue
        outcomes = reference.check(source, "python", SWALLOWED).outcomes
        found = {(one.number, one.rule == SWALLOWED[0].id) for one in outcomes if one.excuse != "zone"}
        assert found == expected, path
        count += len(expected)
    assert count >= 100


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n\n\n"])
def test_a_handler_at_the_end_of_a_file_is_found(end: str) -> None:
    """Whatever line end comes last, and none."""
    text = "try:\n    save(order)\nexcept OSError:\n    pass" + end
    assert [row.number for row in reference.check(text, "python", SWALLOWED).rows] == [2]


def test_a_tried_block_out_of_sight_explains_nothing_and_excuses_nothing() -> None:
    """A `try` further up than the window is not read, so its clean-up is not known."""
    tried = "".join(f"    close({number})\n" for number in range(2))
    near = f"try:\n{tried}except OSError:\n    pass\n"
    far = f"try:\n{tried}" + "\n" * 60 + "except OSError:\n    pass\n"
    lenient = {rule.id: {"lenient": True} for rule in SWALLOWED}
    assert not reference.check(near, "python", SWALLOWED, lenient).rows
    assert len(reference.check(far, "python", SWALLOWED, lenient).rows) == 1


_HOSTILE = (
    *("{", "}", "(", ")", "{}", "(){", "catch(", "catch (a) {", "} catch (a) {", "# ", "//", "/*", "*/", ";"),
    *(
        "a.close();",
        "close(",
        "if (",
        "a ",
        "try {",
        "= ",
        "return ",
        "--",
        "\\",
        "<",
        "a.b(c).",
        "function(",
    ),
    *("raise ", "throw ", "\t", "é", "except ", ": ", "=> ", "closeQuietly(", "ignore error", "drop ", "&&"),
)


@pytest.mark.parametrize(("key", "rule"), list(RULES.items()))
def test_a_look_takes_bounded_time_in_the_midst_of_the_longest_lines(key: str, rule: Rule) -> None:
    """The check and every excuse, for each line that the page shows, with hostile lines above and below."""
    del key
    options = {option.name: option.default for option in rule.options}
    language = rule.languages[0]
    file = File(language, reference.TODAY)
    slowest = 0.0
    for text in _lines_found(rule.id, language)[:2]:
        for piece in _HOSTILE:
            hostile = (piece * 4096)[:4096]
            around = [_line(hostile, file, _Around([], [])) for _ in range(50)]
            line = _line(text, file, _Around(around, around))
            start = time.thread_time()
            for candidate in reference.candidates(line, rule, options, None)[0]:
                for excuse in rule.excuses:
                    excuse.speaks(line, candidate, options)
            slowest = max(slowest, time.thread_time() - start)
    assert is_within(slowest, LONGEST_LOOK)


def _line(text: str, file: File, around: Neighbours) -> Line:
    return Line(text, 0, file.language, file, lambda: ((0, int(Zone.CODE)),), around)


def _lines_found(rule: str, language: str) -> list[str]:
    """The lines in which the page's blocks show a violation of the rule."""
    section = next(section for section in pages.read("errors").sections if section.rule == rule)
    blocks = [block for block in section.blocks if language in block.languages]
    return [block.lines[found[0]] for block in blocks for found, _ in block.expected if found[3] == rule]
