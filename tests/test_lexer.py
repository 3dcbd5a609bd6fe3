"""Rulers for every delimiter of every language, and what must hold of the lexer whatever the text."""

from __future__ import annotations

import io
import os
import random
import re
import sysconfig
import time
import tokenize
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from itertools import accumulate, pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auto_enforcer import lexer
from auto_enforcer.grammars.row import unless_alone
from auto_enforcer.languages import LANGUAGES
from auto_enforcer.model import Zone
from effort import examples, is_within, spread

RULERS = os.path.join(os.path.dirname(__file__), "lexer")
LETTERS = {Zone.CODE: "c", Zone.COMMENT: "#", Zone.STRING: "s", Zone.TEXT: "t"}
LANGUAGE_IDS = sorted(LANGUAGES)


def ruler_of(language: str) -> list[tuple[str, str]]:
    """The lines of a language's ruler, each with its zone letters and, behind them, its parts' languages."""
    with open(os.path.join(RULERS, f"{language}.txt"), encoding="utf-8", newline="\n") as file:
        lines = file.read().split("\n")[:-1]
    assert len(lines) % 2 == 0, "a ruler has a line of zone letters under every line of source"
    return list(zip(lines[::2], lines[1::2], strict=True))


def zones(language: str, lines: list[str]) -> Iterator[tuple[str, lexer.Lexed]]:
    """The zone letters of each line, and, where it is not all in the file's language, its languages."""
    state = lexer.start(language)
    for line in lines:
        lexed = lexer.lex(line, state)
        state = lexed.state
        ends = [start for start, _ in lexed.runs[1:]] + [len(line)]
        letters = "".join(
            LETTERS[Zone(zone)] * (end - start) for (start, zone), end in zip(lexed.runs, ends, strict=True)
        )
        parts = ",".join(part for _, part in lexed.parts)
        yield (letters if parts == language else f"{letters}  {parts}"), lexed


def full(language: str, lines: list[str]) -> list[lexer.Lexed]:
    return [lexed for _, lexed in zones(language, lines)]


@cache
def marks(language: str) -> re.Pattern[bytes]:
    expressions = lexer.marks(language)
    return re.compile(
        "|".join(f"(?:{one})" for one in expressions or ("(?!)",)).encode(), re.MULTILINE | re.ASCII
    )


def by_marks(
    language: str, lines: list[str], block: int
) -> tuple[list[lexer.State], list[tuple[int, lexer.State]]]:
    """The state after each line where only lines with a turning mark, found in blocks of `block` lines, or
    with the closer of what is open, and those in unsettled states are lexed; and the lines that were passed
    over, with the states there."""
    marked: dict[tuple[str, int], set[int]] = {}
    state, states = lexer.start(language), []
    passed: list[tuple[int, lexer.State]] = []
    for number, line in enumerate(lines):
        first = number - number % block
        hit = False
        for spoken in lexer.languages(state):
            if (spoken, first) not in marked:
                found = marked_lines(marks(spoken), lines[first : first + block])
                marked[spoken, first] = {first + index for index in found}
            hit = hit or number in marked[spoken, first]
        closer = lexer.closer(state)
        hit = hit or (closer != b"" and closer.decode() in line)
        if hit or not lexer.settled(state):
            state = lexer.lex(line, state).state
        else:
            passed.append((number, state))
        states.append(state)
    return states, passed


def marked_lines(pattern: re.Pattern[bytes], lines: list[str]) -> Iterator[int]:
    """The lines of a block on which the pattern hits: where the hit ends."""
    data = [line.encode("utf-8", "surrogatepass") for line in lines]
    starts = list(accumulate((len(line) + 1 for line in data), initial=0))
    block = b"\n".join(data)
    position = 0
    while found := pattern.search(block, position):
        index = bisect_right(starts, max(found.start(), found.end() - 1)) - 1
        yield index
        position = starts[index + 1]
        if position > len(block):
            return


@cache
def pieces(language: str) -> list[str]:
    """What the language's ruler is made of: its lines, its words and its runs of signs."""
    lines = [line for line, _ in ruler_of(language)]
    found = {*lines}
    for line in lines:
        found.update(re.findall(r"\w+|[^\w\s]+|[^\w\s]|\s+", line))
        found.update(re.findall(r"\w{0,2}[^\w\s]{1,4}", line))
    return [*sorted(found), "\\", '"', "'", "`", " ", "é", "\N{KELVIN SIGN}", "\U0001f600", "\u2028", "\x0c"]


def texts(language: str) -> st.SearchStrategy[list[str]]:
    piece = st.sampled_from(pieces(language))
    line = st.lists(piece, max_size=6).map("".join)
    own = st.sampled_from([source for source, _ in ruler_of(language)])
    return st.lists(st.one_of(line, own, piece), max_size=14)


@pytest.mark.parametrize("quotes", ['"""', "'''"])
def test_long_quotes_are_a_mark_unless_one_text_is_all_of_the_line(quotes: str) -> None:
    marks = [re.compile(one, re.MULTILINE | re.ASCII) for one in unless_alone(quotes, "rRuU")]
    alone = re.compile(rf"^[ \t]*[rRuU]?{quotes}[^{quotes[0]}\\]*{quotes}[ \t]*$")
    seen = 0
    for count in range(1, 7):
        for pieces_of_line in product((quotes, quotes[0], "a", "r", " ", "\\"), repeat=count):
            line = "".join(pieces_of_line)
            if quotes in line:
                assert any(mark.search(line) for mark in marks) == (alone.match(line) is None), line
                seen += alone.match(line) is not None
    assert seen > 400


@pytest.mark.parametrize("language", LANGUAGE_IDS)
def test_a_ruler_shows_the_zones_of_its_lines(language: str) -> None:
    ruler = ruler_of(language)
    found = zones(language, [line for line, _ in ruler])
    for number, ((line, expected), (actual, _)) in enumerate(zip(ruler, found, strict=True)):
        fits = len(expected) == len(actual) and all(
            want in (got, ".") for want, got in zip(expected, actual, strict=True)
        )
        assert fits, f"{language}.txt line {2 * number + 1}:\n{line}\n{expected} expected\n{actual} found"


@pytest.mark.parametrize("language", LANGUAGE_IDS)
def test_a_ruler_keeps_its_states_where_only_marked_lines_are_lexed(language: str) -> None:
    lines = [line for line, _ in ruler_of(language)]
    found, _ = by_marks(language, lines, 1000)
    for number, (lexed, state) in enumerate(zip(full(language, lines), found, strict=True)):
        assert lexed.state == state, f"{language}.txt line {2 * number + 1} turns the state without a mark"


@pytest.mark.parametrize("language", LANGUAGE_IDS)
def test_marked_lines_and_whole_texts_give_the_same_states(language: str) -> None:
    """Lexing only the marked lines, the marks found in blocks of any size, equals lexing every line."""
    reach = {"texts": 0, "turned": 0, "passed": 0}

    @settings(max_examples=examples(80))
    @given(texts(language), st.integers(1, 6))
    def check(lines: list[str], block: int) -> None:
        whole = full(language, lines)
        states = [lexed.state for lexed in whole]
        found, passed = by_marks(language, lines, block)
        assert found == states
        for number, state in passed:
            if (zone := lexer.uniform(state)) != 0:
                assert whole[number].runs == ((0, zone),), lines[number]
        reach["texts"] += bool(lines)
        reach["turned"] += len(set(states)) > 1
        reach["passed"] += bool(passed)

    check()
    can_turn = bool(lexer.marks(language))
    assert reach["turned"] >= reach["texts"] // 10 or not can_turn
    assert reach["passed"] >= reach["texts"] // 10


@pytest.mark.parametrize("language", LANGUAGE_IDS)
def test_turning_is_lexing_without_the_zones(language: str) -> None:
    """From every state that a text leads to, over every line of the language's ruler and many more."""

    @settings(max_examples=examples(25))
    @given(texts(language), st.sampled_from([line for line, _ in ruler_of(language)]))
    def check(lines: list[str], other: str) -> None:
        state = lexer.start(language)
        for line in lines:
            for one in (line, other, other + line):
                lexed = lexer.lex(one, state)
                speaks = [spoken for _, spoken in lexed.parts] == [lexer.languages(state)[-1]]
                assert lexer.turn(one, state) == (lexed.state if speaks else None)
            state = lexer.lex(line, state).state

    check()


@pytest.mark.parametrize("line", ["x = `${<b>}`", "`${(<b>)}`", "`${<>}` + `a`", "x = `${ f(`a`) }` + '`'"])
@pytest.mark.parametrize("language", ["javascript", "javascriptreact", "typescriptreact", "typescript"])
def test_what_opens_in_a_templates_field_is_seen(language: str, line: str) -> None:
    state = lexer.start(language)
    assert lexer.turn(line, state) == lexer.lex(line, state).state


@pytest.mark.parametrize("language", LANGUAGE_IDS)
def test_marks_are_found_in_linear_time_by_re_too(language: str) -> None:
    """In lines of any delimiter, and any two, again and again: the plain scanner searches whole lines."""
    pattern = marks(language)
    signs = sorted({sign for line, _ in ruler_of(language) for sign in re.findall(r"\w?[^\w\s]{1,3}", line)})
    chosen = random.Random(language).sample(signs, min(12, len(signs)))
    for sign in {*"\"'`/(<{[#$%\\-*", *chosen, 'f"{', '{f"""{', "`'", "\\`", '\\"', "`${"}:
        line = (sign * 1_000)[:1_000].encode()
        # A millisecond is usual; the cubic way took 0.7 s. The best of some: a collection may fall into one.
        assert is_within(min(seconds_for(4, pattern, line) for _ in range(3)), 0.3), sign


def seconds_for(times: int, pattern: re.Pattern[bytes], line: bytes) -> float:
    started = time.thread_time()
    for _ in range(times):
        list(pattern.finditer(line))
    return time.thread_time() - started


@pytest.mark.parametrize("language", LANGUAGE_IDS)
@given(data=st.data())
@settings(max_examples=examples(12))
def test_runs_and_parts_cover_any_line_and_states_are_values(language: str, data: st.DataObject) -> None:
    lines = data.draw(texts(language))
    for line, lexed in zip(lines, full(language, lines), strict=True):
        for spans in (lexed.runs, lexed.parts):
            assert spans[0][0] == 0
            assert all(left[0] < right[0] and left[1] != right[1] for left, right in pairwise(spans))
            assert spans[-1][0] < max(1, len(line))
        assert hash(lexed.state) == hash(lexed.state)
        assert lexer.languages(lexed.state)[0] == language
        assert lexer.zone(lexed.state) in LETTERS
        assert lexer.depth(lexed.state) >= 0
        assert lexer.lex(line, lexed.state) == lexer.lex(line, lexed.state)


@pytest.mark.parametrize("language", LANGUAGE_IDS)
def test_a_start_is_plain_and_settles(language: str) -> None:
    state = lexer.start(language)
    assert lexer.depth(state) == 0
    assert lexer.settled(lexer.lex("", state).state)


@pytest.mark.parametrize("language", LANGUAGE_IDS)
def test_a_hostile_line_takes_linear_time(language: str) -> None:
    """The longest line that is lexed, of any delimiter again and again, from plain code and from inside of
    anything that the ruler opens; by default each from one of these."""
    ruler = [line for line, _ in ruler_of(language)]
    states = list(dict.fromkeys([lexer.start(language), *(lexed.state for lexed in full(language, ruler))]))
    signs = sorted({sign for line in ruler for sign in re.findall(r"\w?[^\w\s]{1,3}", line)})
    chosen = random.Random(language).sample(signs, min(12, len(signs)))
    for number, sign in enumerate(sorted({*"\"'`/(<{[#$%\\-*", *chosen})):
        line = (sign * lexer.LONGEST_LINE)[: lexer.LONGEST_LINE]
        for state in {states[0], *spread(states[:6], len(states[:6]), number % len(states[:6]))}:
            started = time.thread_time()
            lexed = lexer.lex(line, state)
            # Fifty milliseconds are the aim; a busy machine is given more, and no quadratic way stays below.
            assert is_within(time.thread_time() - started, 0.5), f"{sign!r} from {state}"
            assert len(lexed.state) <= 130


@pytest.mark.parametrize("language", ["javascript", "typescript", "perl"])
@pytest.mark.parametrize(
    "pieces",
    [
        ("(''", ")/1"),  # brackets far back
        (")/[",),  # literals that nothing closes
        ("}/[", "]/ ;"),
        ("}/\\(",),
        ("}/(/.a",),  # and such as are none
        ("if(/**/", ")/1"),
        ("/**/ ", "/a"),
        ("{", "{''}/a/ "),
    ],
)
def test_looking_back_takes_linear_time(language: str, pieces: tuple[str, ...]) -> None:
    size = lexer.LONGEST_LINE // len(pieces)
    line = "".join((piece * size)[:size] for piece in pieces)
    started = time.thread_time()
    lexer.lex(line, lexer.start(language))
    assert is_within(time.thread_time() - started, 0.5)


def test_a_line_too_long_is_one_run_and_changes_nothing() -> None:
    state = lexer.lex('"""', lexer.start("python")).state
    lexed = lexer.lex('"""' + "x" * lexer.LONGEST_LINE, state)
    assert lexed == (((0, Zone.TEXT),), ((0, "python"),), state)


def test_nesting_is_bounded() -> None:
    """What opens past the bound is passed over; the state stays small."""
    state = lexer.start("javascript")
    for _ in range(500):
        state = lexer.lex("`${", state).state
    assert len(state) <= 65


def test_depth_counts_what_spans_lines() -> None:
    def depth(language: str, *lines: str) -> int:
        return lexer.depth(full(language, list(lines))[-1].state)

    assert depth("python", '"""') == 1
    assert depth("python", "x = 1 + \\") == 1
    assert depth("python", "x = [") == 0
    assert depth("rust", "/* /* /*") == 1
    assert depth("shellscript", "cat <<A <<B") == 2
    assert depth("markdown", "```python") == 1
    assert depth("markdown", "```python", '"""') == 2
    assert depth("yaml", "a: |") == 1
    assert depth("javascript", "x = (", "<b>") == 0
    assert depth("javascript", "x = `${") == 1


def test_languages_names_the_outermost_first() -> None:
    state = full("markdown", ["```vue", "<script lang='ts'>"])[-1].state
    assert lexer.languages(state) == ("markdown", "vue", "typescript")


def test_equal_situations_have_equal_states() -> None:
    ways = [["/* a /* b", "*/"], ["/*"], ["/* // ", "/* */"], ['"a" /* \' */ /* x']]
    assert len({full("rust", way)[-1].state for way in ways}) == 1


def library(each: int = 1) -> Iterator[tuple[str, list[str]]]:
    """Path and lines of the files of the standard library that this interpreter runs on, one of so many of
    each folder's."""
    root = sysconfig.get_path("stdlib")
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(set(folders) - {"site-packages", "__pycache__"})
        for name in spread(sorted(names), each):
            if name.endswith(".py"):
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8", errors="replace", newline=None) as file:
                    yield path, file.read().split("\n")


def test_marked_lines_are_rare_and_enough_in_the_standard_library() -> None:
    lines = lexed = 0
    for path, texts_of_file in library(4):
        states = [found.state for found in full("python", texts_of_file)]
        marked, passed = by_marks("python", texts_of_file, 1000)
        assert marked == states, path
        lines += len(texts_of_file)
        lexed += len(texts_of_file) - len(passed)
    print(f"{lexed} of {lines} lines lexed ({lexed / lines:.1%})")
    assert lexed < lines * 0.08


def rows_of_formats(tokens: list[tokenize.TokenInfo]) -> Iterator[int]:
    """The lines of format strings: in them the tokenizers of the supported versions differ."""
    opened: list[int] = []
    for token in tokens:
        name = tokenize.tok_name[token.type]
        if name.endswith("STRING_START"):
            opened.append(token.start[0])
        elif name.endswith("STRING_END"):
            yield from range(opened.pop() - 1, token.end[0])
        elif name == "STRING" and re.match("[a-zA-Z]*[fFtT]", token.string):
            yield from range(token.start[0] - 1, token.end[0])


def test_python_agrees_with_its_own_tokenizer() -> None:
    """Comments and strings of the standard library's modules, beside `tokenize`."""
    checked = 0
    for path, texts_of_file in library(2):
        if os.path.dirname(path) != sysconfig.get_path("stdlib"):
            continue
        source = "\n".join(texts_of_file)
        try:
            tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
        except (tokenize.TokenError, SyntaxError):
            continue
        expected = [["c"] * len(line) for line in texts_of_file]
        formats = set(rows_of_formats(tokens))
        for token in tokens:
            if token.type in (tokenize.COMMENT, tokenize.STRING):
                for row in range(token.start[0] - 1, token.end[0]):
                    start = token.start[1] if row == token.start[0] - 1 else 0
                    end = token.end[1] if row == token.end[0] - 1 else len(expected[row])
                    letter = "#" if token.type == tokenize.COMMENT else "s"
                    expected[row][start:end] = letter * (end - start)
        for number, (letters, _) in enumerate(zones("python", texts_of_file)):
            if number in formats:
                continue
            assert letters.replace("t", "s") == "".join(expected[number]), f"{path}:{number + 1}"
            checked += 1
    assert checked > 50_000
