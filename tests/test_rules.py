"""What must hold of every rule of the catalogue: its form, its speed on hostile lines, its triggers."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from itertools import pairwise
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import page_engines
import pages
import reference
from auto_enforcer.languages import LANGUAGES
from auto_enforcer.model import LONGEST_PIECE, NO_NEIGHBOURS, WIDEST_WINDOW, Candidate, File, Line, Rule, Zone
from auto_enforcer.policy_filling import TABLE_FORMS
from effort import THOROUGH, slowness, spread

LONGEST = 10_000
"""Characters that a pattern is run over."""

BOUND = 0.12
"""Seconds of CPU that one look may take on the longest piece, and one pattern on LONGEST characters: some
times what a linear one needs, and far less than a quadratic one."""

MUTATIONS = 20
"""Mutated texts of each block."""

OTHERS = 10
"""Rules of the family that look at a mutated text beside those that its section speaks of."""

MANY = 100
"""Hostile lines that a rule is given, about."""


def _rules() -> list[tuple[str, Rule]]:
    """Every rule with the module it stands in."""
    return [(key, rule) for family in pages.families() for key, rule in pages.rules_of(family).items()]


@pytest.mark.parametrize(("key", "rule"), _rules())
def test_a_rule_has_its_form(key: str, rule: Rule) -> None:
    """Known languages, one way to find, a message in form, excuses and options with names of their own."""
    assert re.fullmatch(r"[a-z]+/[a-z0-9]+(-[a-z0-9]+)*", rule.id), key
    assert set(rule.languages) <= set(LANGUAGES)
    assert bool(rule.pattern) != bool(rule.check)
    assert rule.pattern or rule.triggers
    assert rule.zones
    assert rule.message == rule.message.strip()
    assert not rule.message.endswith(".")
    assert not re.match("[A-Z][a-z]", rule.message)
    assert 0 <= rule.before <= WIDEST_WINDOW
    assert 0 <= rule.after <= WIDEST_WINDOW
    for named in (rule.excuses, rule.options):
        names = [one.name for one in named]
        assert len(set(names)) == len(names)
        assert not set(names) & {"zone", "path"}
    for option in rule.options:
        assert isinstance(option.default, (bool, int, str, tuple)) or option.form in TABLE_FORMS, option.name
    if rule.pattern:
        assert not re.search(rule.pattern, "\n\n\n", re.ASCII)


@pytest.mark.parametrize(("key", "rule"), _rules())
def test_the_patterns_of_a_rule_take_linear_time(key: str, rule: Rule) -> None:
    """Over long runs of each character that they speak of, by itself and after what they begin with."""
    del key
    patterns = [rule.pattern, *(fact.pattern for fact in rule.facts)]
    for pattern in filter(None, patterns):
        compiled = reference.compiled(pattern)
        for line in _hostile(pattern, LONGEST):
            assert _seconds(partial(_exhaust, compiled, line)) < BOUND, f"{pattern}: {line[:80]!r}"


@pytest.mark.parametrize(("key", "rule"), _rules())
def test_a_look_at_a_hostile_line_is_short(key: str, rule: Rule) -> None:
    """Check and excuses together, on the longest piece, taken for one zone after the other; by default each
    line for one of the zones, and of many lines some."""
    del key
    options = {option.name: option.default for option in rule.options}
    sources = [rule.pattern] if rule.pattern else list(rule.triggers)
    lines = [line for source in sources for line in _hostile(source, LONGEST_PIECE)]
    lines += [(piece * LONGEST_PIECE)[:LONGEST_PIECE] for piece in _PIECES]
    zones = [zone for zone in (Zone.CODE, Zone.STRING, Zone.COMMENT, Zone.TEXT) if rule.zones & zone]
    texts = list(dict.fromkeys(lines))
    for number, text in enumerate(spread(texts, len(texts) // MANY + 1)):
        for zone in zones if THOROUGH else (zones[number % len(zones)],):
            line = _line(text, int(zone), rule)
            assert _seconds(partial(_look, line, rule, options)) < BOUND, repr(text[:80])


@pytest.mark.parametrize("family", pages.families())
def test_every_violation_lies_on_a_line_that_a_trigger_hits(family: str) -> None:
    """In the pages' blocks and in what comes of them by chance edits. Of a rule that follows what it has
    seen, a trigger hits the line or one above."""
    chance = random.Random(family)
    rules = list(pages.rules_of(family).values())
    found = 0
    for section, block, language in _blocks(family):
        path = block.keys.get("path", "")
        options = {section: pages.filled(rules, section, pages.options_of(block), path)}
        text = pages.prepare(block, language).text
        own = [rule for rule in rules if not rule.languages or language in rule.languages]
        for _ in range(max(1, MUTATIONS // len(block.languages) // max(1, len(own) // 10))):
            text_now = _mutated(text, chance)
            lines = reference.split_lines(text_now)
            looking = [rule for rule in own if rule.id == section]
            looking += chance.sample(own, len(own) if THOROUGH else min(OTHERS, len(own)))
            for row in reference.check(text_now, language, looking, options, facts=_FACTS).rows:
                found += 1
                assert any(
                    page_engines.triggered(rule, line)
                    for rule in own
                    if rule.id == row.violation.rule
                    for line in (lines[: row.number + 1] if rule.follows else (lines[row.number],))
                ), f"no trigger of {row.violation.rule} hits {lines[row.number]!r} ({language})"
    assert found >= 100


_FACTS = ("differs-from-base",)

_PIECES = (
    *(
        "a",
        "A",
        "0",
        " ",
        "\t",
        "_",
        "-",
        "=",
        ".",
        ",",
        ":",
        ";",
        "/",
        "\\",
        "'",
        '"',
        "`",
        "(",
        ")",
        "[",
        "{",
    ),
    *(
        "# ",
        "// ",
        "/* ",
        "a ",
        "a.",
        "a(",
        "a=",
        "a = ",
        "0-",
        "0.",
        "a,",
        '"a"',
        "'a',",
        "a:",
        "TODO ",
        "é",
        "中",
    ),
    *(
        "2026-01-01 ",
        "а",
        "\u200b",
        "\u202e",
        "\xa0",
        "</a>",
        "x=1;",
        "${a}",
        "%s",
        "a b, ",
        "://",
        "@",
        "\x1b",
    ),
)


def _line(text: str, zone: int, rule: Rule) -> Line:
    language = rule.languages[0] if rule.languages else "python"
    runs = ((0, zone),)
    return Line(text, 0, language, File(language, reference.TODAY), lambda: runs, NO_NEIGHBOURS)


def _look(line: Line, rule: Rule, options: dict[str, Any]) -> None:
    found: Sequence[Candidate] = reference.candidates(line, rule, options, rule.carry)[0]
    for candidate in found:
        reference.silencer(line, rule, candidate, options)
        reference.violation(rule, candidate)


def seconds_of_a_look(text: str, zone: int, rule: Rule, options: dict[str, Any]) -> float:
    """The time that a look at a line, all of it in one zone, takes under options."""
    line = _line(text, zone, rule)
    return _seconds(partial(_look, line, rule, options))


def _exhaust(pattern: re.Pattern[str], line: str) -> None:
    for _ in pattern.finditer(line):
        pass


def _seconds(run: Callable[[], object]) -> float:
    """The time that a call takes, the least of several where the first is too long, by the machine that the
    bound was set on."""
    best = float("inf")
    for _ in range(5):
        start = time.thread_time()
        run()
        taken = time.thread_time() - start
        best = min(best, taken if taken < BOUND else taken / slowness())
        if best < BOUND:
            break
    return best


@cache
def _hostile(pattern: str, length: int) -> tuple[str, ...]:
    """Lines of what the pattern speaks of: each class's character over and over, alone and after the shortest
    match; that match over and over; two characters in turn."""
    tree = parser.parse(pattern, re.ASCII)
    sample = "".join(_sample(list(tree)))
    characters = list(dict.fromkeys(_characters(list(tree))))[:24]
    lines = [sample * (length // max(1, len(sample)))]
    for character in characters:
        lines += [character * length, sample + character * (length - len(sample) - 1) + "!"]
        lines.append(sample[:-1] + character * (length - len(sample) - 1) + "!")
    lines += [(one + other) * (length // 2) for one, other in pairwise(characters)]
    return tuple(line[:length] for line in lines)


def _sample(nodes: Sequence[tuple[Any, Any]]) -> Iterator[str]:
    """The characters of a shortest match, look-arounds left aside."""
    for code, argument in nodes:
        if code in (codes.LITERAL, codes.IN, codes.NOT_LITERAL, codes.ANY):
            yield _representative(code, argument)
        elif code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            for _ in range(min(argument[0], 80)):
                yield from _sample(list(argument[2]))
        elif code is codes.SUBPATTERN:
            yield from _sample(list(argument[3]))
        elif code is codes.ATOMIC_GROUP:
            yield from _sample(list(argument))
        elif code is codes.BRANCH:
            yield from _sample(list(argument[1][0]))


def _characters(nodes: Sequence[tuple[Any, Any]]) -> Iterator[str]:
    """A character of each class that is repeated in a pattern, then of each other one."""
    later: list[str] = []
    for code, argument in nodes:
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            yield from _characters(list(argument[2]))
        elif code in (codes.LITERAL, codes.IN, codes.NOT_LITERAL, codes.ANY):
            later.append(_representative(code, argument))
        elif code is codes.SUBPATTERN:
            yield from _characters(list(argument[3]))
        elif code is codes.ATOMIC_GROUP:
            yield from _characters(list(argument))
        elif code is codes.BRANCH:
            for branch in argument[1]:
                yield from _characters(list(branch))
        elif code in (codes.ASSERT, codes.ASSERT_NOT):
            yield from _characters(list(argument[1]))
    yield from later


def _representative(code: Any, argument: Any) -> str:
    """A character that the node matches."""
    if code is codes.LITERAL:
        return chr(argument)
    if code is codes.ANY:
        return "x"
    if code is codes.NOT_LITERAL:
        return "y" if chr(argument) == "x" else "x"
    negated = argument[0][0] is codes.NEGATE
    pattern = re.compile("[" + "".join(_written(item) for item in argument) + "]", re.ASCII)
    probes = "xX0_ -.=/:;,'\"`()[]{}#@+%&!?<>|\\~^$\t" + "".join(map(chr, range(33, 0x250)))
    found = next((probe for probe in probes if pattern.match(probe)), "")
    if found or negated:
        return found or "x"
    code, argument = argument[0]
    return chr(argument[0] if code is codes.RANGE else argument)


def _written(item: tuple[Any, Any]) -> str:
    code, argument = item
    if code is codes.NEGATE:
        return "^"
    if code is codes.RANGE:
        return f"{re.escape(chr(argument[0]))}-{re.escape(chr(argument[1]))}"
    if code is codes.CATEGORY:
        return _CATEGORIES[argument]
    return re.escape(chr(argument))


_CATEGORIES = {
    codes.CATEGORY_DIGIT: r"\d",
    codes.CATEGORY_NOT_DIGIT: r"\D",
    codes.CATEGORY_SPACE: r"\s",
    codes.CATEGORY_NOT_SPACE: r"\S",
    codes.CATEGORY_WORD: r"\w",
    codes.CATEGORY_NOT_WORD: r"\W",
}


def _blocks(family: str) -> Iterator[tuple[str, pages.Block, str]]:
    for section in pages.read(family).sections:
        for block in section.blocks:
            for language in block.languages:
                yield section.rule, block, language


def _mutated(text: str, chance: random.Random) -> str:
    """The text after one to four chance edits: characters put in, taken out, doubled, lines joined."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text))
        upto = min(len(text), at + chance.randint(0, 3))
        kind = chance.randrange(5)
        if kind == 0:
            text = text[:at] + chance.choice(_INSERTED) + text[at:]
        elif kind == 1:
            text = text[:at] + text[upto:]
        elif kind == 2:
            text = text[:at] + chance.choice(_INSERTED) + text[upto:]
        elif kind == 3:
            text = text[:at] + text[at:upto] * 2 + text[upto:]
        else:
            text = text[:at] + text[at:].replace("\n", chance.choice((" ", "\r", "\r\n")), 1)
        text = text or "\n"
    return text


_INSERTED = (
    *(
        " ",
        "  ",
        "\t",
        "(",
        ")",
        '"',
        "'",
        "`",
        "#",
        "//",
        "/*",
        "*/",
        "-",
        "_",
        ":",
        "=",
        ",",
        ".",
        "0",
        "9",
        "a",
    ),
    *(
        "A",
        "é",
        "\xa0",
        "\u212a",
        "\u017f",
        "中",
        "\u200b",
        "\u202e",
        "а",
        "\r",
        "\x0b",
        "\u2028",
        "\\",
        "{",
        "}",
    ),
)
