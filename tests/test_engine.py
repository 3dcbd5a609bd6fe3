"""The engine: the same rows however a text is read, windows across block borders, rules that raise,
travellers."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterable

import pytest

from auto_enforcer import engine, lexer, text
from auto_enforcer.looks import Look, Lookout, Plan
from auto_enforcer.model import Candidate, Excuse, Fact, File, Line, Options, Rule, Severity, Zone
from auto_enforcer.session import Session
from found import TODAY, PlainScanner, document, plan, rows, said
from reference import check as reference_check
from test_document import BLOCKS, DELIMITERS, FILES, content, full, key


def checked(
    content: str,
    rules: Iterable[Rule],
    language: str = "python",
    *,
    size: int = text.BLOCK,
    lex_all: bool = True,
) -> list[str]:
    """`line:start-end rule` of each row that these rules alone give, 1-based."""
    data = content.encode()
    made = plan(tuple(rules), lex_all=lex_all)
    blocks = list(text.blocks([data[i : i + size] for i in range(0, len(data), size)]))
    file = File(language, TODAY, engine.anywhere(made, language, blocks))
    found = engine.check(made, file, blocks)
    return [f"{r.number + 1}:{r.violation.start + 1}-{r.violation.end + 1} {r.violation.rule}" for r in found]


def word(name: str, zones: Zone = Zone.EVERYWHERE, **more: object) -> Rule:
    """A rule that finds a word."""
    return Rule(
        id=f"probe/{name}",
        severity=Severity.WARNING,
        message="found",
        pattern=rf"\b{name}\b",
        zones=zones,
        **more,
    )  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [1, 2, 7, 64, 4_096, text.BLOCK])
@pytest.mark.parametrize("seed", range(40))
def test_rows_do_not_depend_on_the_chunks_that_a_file_is_read_in(seed: int, size: int) -> None:
    """Texts of every language of the sequences, with all line ends."""
    source = random.Random(seed)
    language = source.choice(list(FILES))
    body = content(source, language)
    if len(body) > text.BLOCK and size < 64:
        pytest.skip("long texts are not read byte by byte")
    assert said(body, FILES[language], size=size) == said(body, FILES[language])


@pytest.mark.parametrize("language", sorted(FILES))
@pytest.mark.parametrize("shift", [0, 1, 17])
def test_a_block_border_changes_nothing(language: str, shift: int, tmp_path: str) -> None:
    """A text after filler that puts the border within it gives the rows that it gives alone, moved down."""
    blocks = [b for b in BLOCKS[language] if b.strip()] or DELIMITERS[language]
    body = "\n".join(blocks[:6]) + "\n"
    if "allow-file" in body or body.startswith(("#!", "---")):
        body = "x\n" + body
    session = Session("/workspace", today=TODAY)
    alone = full(session, FILES[language], "\n" * 11 + body)
    filler = {"yaml": "k: v\n", "markdown": "word\n", "html": "<p>a</p>\n"}.get(language, "x = y\n")
    for cut in range(0, len(body), max(1, len(body) // 12)):
        lines = (text.BLOCK - cut) // len(filler) + shift
        below = full(session, FILES[language], "\n" * 11 + filler * lines + body)
        moved = [(int(str(row[0])) - lines, *row[1:]) for row in below if int(str(row[0])) >= lines + 11]
        assert moved == alone


def test_a_window_crosses_block_borders() -> None:
    """A rule that looks 50 lines up and down sees them in another block."""

    def check(line: Line, options: Options) -> Iterable[Candidate]:
        del options
        if line.text.strip() == "here":
            above, below = line.before(50), line.after(50)
            yield Candidate(0, 4, {"seen": f"{above[-1].text.strip()}..{below[-1].text.strip()}"})

    rule = Rule(
        id="probe/window",
        severity=Severity.WARNING,
        message="{seen}",
        check=check,
        triggers=("here",),
        zones=Zone.EVERYWHERE,
        before=50,
        after=50,
    )
    for padding in range(text.BLOCK - 1200, text.BLOCK + 1200, 97):
        body = (
            "#" * padding
            + "\n"
            + "".join(f"a{i}\n" for i in range(50))
            + "here\n"
            + "".join(f"b{i}\n" for i in range(60))
        )
        data = body.encode()
        made = plan((rule,))
        found = list(engine.check(made, File("python", TODAY), text.blocks([data])))
        assert [row.violation.message for row in found] == ["a0..b49"]
        opened = document(body, (rule,))
        assert [row.violation.message for row in opened.rows()] == ["a0..b49"]


def test_a_window_ends_at_its_limit_of_bytes_alike_in_files_and_documents() -> None:
    """Lines are seen whole or not at all."""
    seen: list[tuple[int, int]] = []

    def check(line: Line, options: Options) -> Iterable[Candidate]:
        del options
        if line.text == "here":
            seen.append((len(line.before(50)), len(line.after(50))))
        return ()

    rule = Rule(
        id="probe/window",
        severity=Severity.WARNING,
        message="",
        check=check,
        triggers=("here",),
        zones=Zone.EVERYWHERE,
        before=50,
        after=50,
    )
    for width in (100, 3_000, 3_276, 3_277, 40_000, 70_000):
        body = ("é" * (width // 2) + "\n") * 20 + "here\n" + ("x" * width + "\n") * 20
        data = body.encode()
        list(engine.check(plan((rule,)), File("plaintext", TODAY), text.blocks([data])))
        document(body, (rule,), "plaintext")
        assert seen[0] == seen[1]
        assert seen[0][1] == min(20, 32_768 // (width + 1))
        seen.clear()


def test_a_rule_that_raises_is_reported_at_its_line_and_the_others_go_on() -> None:
    """It is not asked again in this file, and the walk says that it failed."""

    def raising(line: Line, options: Options) -> Iterable[Candidate]:
        del options
        if "boom" in line.text:
            raise ZeroDivisionError("a secret")
        return ()

    bad = Rule(
        id="probe/bad",
        severity=Severity.WARNING,
        message="",
        check=raising,
        triggers=("boom|word|fine",),
        zones=Zone.EVERYWHERE,
    )
    body = "fine\nboom word\nboom\nword\n"
    failed: set[str] = set()
    found = list(
        engine.check(
            plan((bad, word("word"))),
            File("plaintext", TODAY),
            text.blocks([body.encode()]),
            walked=lambda walk: failed.update(walk.failed),
        )
    )
    assert [(row.number, row.violation.rule) for row in found] == [
        (1, "enforcer/rule-failed"),
        (1, "probe/word"),
        (3, "probe/word"),
    ]
    assert failed == {"probe/bad"}
    assert "secret" not in found[0].violation.message


def test_a_rule_that_raised_is_tried_again_on_the_next_edit() -> None:
    """A document's failure holds for one version of it."""

    def raising(line: Line, options: Options) -> Iterable[Candidate]:
        del options
        if "boom" in line.text:
            raise ValueError
        if "word" in line.text:
            yield Candidate(0, 1)

    bad = Rule(
        id="probe/bad",
        severity=Severity.WARNING,
        message="found",
        check=raising,
        triggers=("boom|word|fine",),
        zones=Zone.EVERYWHERE,
    )
    opened = document("boom\nword\n", (bad,))
    assert [row.violation.rule for row in opened.rows()] == ["enforcer/rule-failed"]
    opened.change(0, 0, 0, 4, "fine")
    opened.finish()
    assert [(row.number, row.violation.rule) for row in opened.rows()] == [(1, "probe/bad")]


def test_a_match_counts_only_in_the_rules_zones() -> None:
    """Code, comment, string and text of one line."""
    body = 'word = "word"  # word\n'
    assert checked(body, [word("word", Zone.CODE)]) == ["1:1-5 probe/word"]
    assert checked(body, [word("word", Zone.STRING)]) == ["1:9-13 probe/word"]
    assert checked(body, [word("word", Zone.COMMENT)]) == ["1:18-22 probe/word"]


def test_a_part_of_a_line_in_another_language_is_looked_at_by_that_languages_rules() -> None:
    """A script on one line of HTML."""
    script = word("word", Zone.CODE, languages=("javascript",))
    markup = Rule(
        id="probe/text",
        severity=Severity.WARNING,
        message="",
        pattern="word",
        zones=Zone.EVERYWHERE,
        languages=("html",),
    )
    body = "<p>word</p><script>word</script> word\n"
    assert checked(body, [script, markup], "html") == [
        "1:4-8 probe/text",
        "1:20-24 probe/word",
        "1:34-38 probe/text",
    ]


def test_an_excuse_silences_and_is_told_to_the_observer() -> None:
    """The first that speaks, in the rule's order."""
    excuses = (
        Excuse("never", lambda line, candidate, options: False),
        Excuse("short", lambda line, candidate, options: len(line.text) < 6),
        Excuse("any", lambda line, candidate, options: True),
    )
    told: list[tuple[int, str]] = []
    rule = word("word", excuses=excuses)
    found = engine.check(
        plan((rule,)),
        File("plaintext", TODAY),
        text.blocks([b"word\nword word\nx\n"]),
        observer=lambda look, line, candidate, outcome, column: (
            told.append((line.number, outcome)) if candidate else None
        ),
    )
    assert list(found) == []
    assert told == [(0, "short"), (1, "any"), (1, "any")]


def test_facts_of_earlier_lines_hold_from_their_line_on_and_others_anywhere() -> None:
    """An alias is known below its import; `anywhere` facts everywhere, also past a block."""
    told: list[tuple[int, frozenset[str], bool]] = []

    def check(line: Line, options: Options) -> Iterable[Candidate]:
        del options
        if line.text.startswith("use"):
            told.append((line.number, line.facts("alias"), "main" in line.file.anywhere))
        return ()

    facts = (Fact("alias", r"^import pdb as (\w+)"), Fact("main", r"^if __name__", anywhere=True))
    rule = Rule(
        id="probe/facts",
        severity=Severity.WARNING,
        message="",
        check=check,
        triggers=("use",),
        zones=Zone.EVERYWHERE,
        languages=("python",),
        facts=facts,
    )
    body = "use\nimport pdb as p\nuse\n" + "x\n" * text.BLOCK + "use\nif __name__:\n"
    checked(body, [rule])
    assert told == [
        (0, frozenset(), True),
        (2, frozenset({"p"}), True),
        (text.BLOCK + 3, frozenset({"p"}), True),
    ]


def test_a_carry_travels_from_look_to_look() -> None:
    """The second word on, each says how many there were. Nothing looks at a line without one."""

    def check(line: Line, options: Options, carry: int) -> tuple[list[Candidate], int]:
        del options
        count = line.text.count("word")
        assert count
        return [Candidate(0, 1, {"count": str(carry)})] if count else [], carry + count

    rule = Rule(
        id="probe/carry",
        severity=Severity.WARNING,
        message="{count}",
        check=check,
        triggers=("word",),
        zones=Zone.EVERYWHERE,
        carry=0,
    )  # type: ignore[arg-type]
    body = "word\nx\nword word\nword\n"
    found = list(engine.check(plan((rule,)), File("plaintext", TODAY), text.blocks([body.encode()])))
    assert [row.violation.message for row in found] == ["0", "1", "3"]
    opened = document(body, (rule,), "plaintext")
    opened.change(1, 0, 1, 1, "word")
    opened.finish()
    assert [row.violation.message for row in opened.rows()] == ["0", "1", "2", "4"]


def _following(told: list[str], languages: tuple[str, ...] = ("python",)) -> Rule:
    """A rule that finds `b` between `begin` and `end` and tells which lines it looked at."""

    def check(line: Line, options: Options, carry: bool) -> tuple[list[Candidate], bool]:
        told.append(line.text)
        found = [Candidate(at, at + 1) for at, letter in enumerate(line.text) if letter == "b" and carry]
        return found, ("begin" in line.text or carry) and "end" not in line.text

    return Rule(
        id="probe/following",
        severity=Severity.WARNING,
        message="here",
        check=check,
        triggers=("^begin",),
        languages=languages,
        zones=Zone.EVERYWHERE,
        carry=False,
        follows=True,
    )  # type: ignore[arg-type]


def test_a_rule_that_follows_looks_at_each_line_until_it_has_seen_enough() -> None:
    """At no other, and the same in a document: also where it begins and ends by an edit."""
    told: list[str] = []
    rule = _following(told)
    body = "b\nbegin\na b\n\n'''b\nb'''; end\nb\nb\n"
    expected = ["3:3-4 probe/following", "5:4-5 probe/following", "6:1-2 probe/following"]
    assert checked(body, [rule], "python") == expected
    assert told == ["begin", "a b", "", "'''b", "b'''; end"]
    opened = document(body, (rule,), "python")

    def lines() -> list[int]:
        opened.finish()
        return [row.number + 1 for row in opened.rows()]

    assert lines() == [3, 5, 6]
    opened.change(5, 6, 5, 9, "on")
    assert lines() == [3, 5, 6, 7, 8]
    told.clear()
    opened.change(6, 1, 6, 1, "!")
    assert lines() == [3, 5, 6, 7, 8]
    assert told == ["b!"]
    opened.change(1, 0, 1, 1, "")
    assert lines() == []
    opened.change(0, 0, 0, 1, "begin")
    assert lines() == [3, 5, 6, 7, 8]
    opened.change(2, 0, 2, 3, "end")
    assert lines() == []


def test_a_rule_that_follows_sees_lines_of_its_language_alone() -> None:
    told: list[str] = []
    body = "```python\nbegin\n```\n\nb\n\n```python\nb\nend\nb\n```\n"
    assert checked(body, [_following(told)], "markdown") == ["8:1-2 probe/following"]
    assert told == ["begin", "b", "end"]
    told.clear()
    assert len(checked(body, [_following(told, ())], "markdown")) == 2
    assert told == body.split("\n")[1:9], "one for every language sees each"


@pytest.mark.parametrize("length", [4_000, 5_000, 60_000, 70_000, 200_000])
@pytest.mark.parametrize("letter", ["x", "é", "😀"])
def test_a_long_line_is_seen_whole_once(length: int, letter: str) -> None:
    """A word at any place of it is found once, at its own column, in a file as in a document."""
    width = len(letter.encode())
    places = sorted({0, length // 3, length // 2, length - 5, *range(3_500, min(length - 10, 4_200), 61)})
    columns, line = [], ""
    for place in places:
        line += letter * max(0, place // width - len(line)) + " "
        columns.append(len(line) + 1)
        line += "word "
    body = "first\n" + line + "\nword\n"
    expected = [f"2:{column}-{column + 4} probe/word" for column in columns] + ["3:1-5 probe/word"]
    assert checked(body, [word("word")], "plaintext") == expected
    opened = document(body, (word("word"),), "plaintext")
    assert [
        f"{r.number + 1}:{r.violation.start + 1}-{r.violation.end + 1} {r.violation.rule}"
        for r in opened.rows()
    ] == expected


def _languages_in(block: str, language: str) -> set[str]:
    """The languages that a text of one is written in."""
    state, found = lexer.start(language), {language}
    for line in block.split("\n"):
        lexed = lexer.lex(line, state)
        found.update(name for _, name in lexed.parts)
        state = lexed.state
    return found


def test_the_engine_equals_the_plain_reference_on_the_pages_blocks() -> None:
    """All real rules, every block, looked at through triggers and marks or everywhere alike."""
    from auto_enforcer import catalog

    session = Session(os.sep + "workspace", today=TODAY)
    compared = 0
    for language, path in FILES.items():
        rules = [rule for module in catalog.modules(language) for rule in catalog.load(module).values()]
        on = session.policy(os.path.join(session.root, path)).select(path).active()
        chosen = [
            r
            for r in rules
            if r.id in on and r.family != "enforcer" and (not r.languages or language in r.languages)
        ]
        for block in BLOCKS[language]:
            if (
                "enforcer:" in block
                or re.search("[Gg]enerated", block)
                or max(map(len, block.split("\n"))) > 4_000
                or _languages_in(block, language) != {language}
            ):
                continue  # the reference knows the rules of one language
            expected = [key(row) for row in reference_check(block, language, chosen, today=TODAY).rows]
            assert full(session, path, block) == sorted(expected, key=lambda row: row[:4]), block
            compared += 1
    assert compared >= 50


def test_bad_bytes_are_read_and_the_rest_of_the_file_is_checked() -> None:
    """Not UTF-8, NUL-free."""
    assert [row.number for row in rows(b"caf\xe9 = 1\nprint('x')\n")] == [1]


def test_a_rule_module_that_cannot_be_imported_is_reported_where_it_would_have_looked() -> None:
    """The others go on, and the run says that it failed."""

    def load() -> Rule:
        raise ImportError("no such name")

    good = word("word")
    look = Look("probe/broken", Severity.WARNING, {}, None, load)
    lookout = Lookout(
        PlainScanner(["word", "word"]), (look, Look(good.id, good.severity, {}, None, lambda: good))
    )
    made = Plan(
        lookout, lambda language: Lookout(PlainScanner([]), ()), {good.id: good.severity}, lambda name: ""
    )
    failed: set[str] = set()
    found = engine.check(
        made,
        File("plaintext", TODAY),
        text.blocks([b"x\nword\n"]),
        walked=lambda walk: failed.update(walk.failed),
    )
    assert [(row.number, row.violation.rule) for row in found] == [
        (1, "enforcer/rule-failed"),
        (1, "probe/word"),
    ]
    assert failed == {"probe/broken"}
