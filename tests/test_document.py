"""An open document: what is found after any edits equals what a fresh engine finds in the file's bytes."""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

import pytest

from auto_enforcer import lexer, looked, text
from auto_enforcer.document import MOST_BREAKS, Document
from auto_enforcer.languages import LANGUAGES
from auto_enforcer.lines import Lines
from auto_enforcer.model import WIDEST_WINDOW, Candidate, Line, Options, Row, Rule, Severity
from auto_enforcer.scope import Pairs, marked
from auto_enforcer.session import Session
from auto_enforcer.text import split_lines
from effort import THOROUGH
from found import document as opened_with
from tokens import token

RULES = Path(__file__).parent.parent / "server" / "auto_enforcer" / "rules"
TODAY = date(2026, 11, 22)

FILES = {
    "python": "app/service.py",
    "typescript": "app/service.ts",
    "javascriptreact": "app/view.jsx",
    "markdown": "notes/page.md",
    "html": "site/index.html",
    "yaml": "deploy/values.yaml",
    "go": "app/service.go",
    "ruby": "app/service.rb",
    "shellscript": "deploy/run.sh",
    "rust": "src/lib.rs",
    "razor": "Pages/Shop.razor",
    "erb": "views/shop.html.erb",
    "jinja": "templates/shop.html.j2",
}
"""The languages that sequences are made in, each with a path that no policy treats specially."""

OPENERS = {
    "python": ['"""', "'''", "\\\n", 'x = """\n'],
    "typescript": ["`", "/*", "*/", "x = `\n"],
    "javascriptreact": ["`", "/*", "*/", "x = <div>\n"],
    "markdown": ["```python\n", "```\n", "<!--", "-->"],
    "html": ["<script>", "</script>", "<!--", "-->"],
    "yaml": ["key: |\n", "key: >\n  text\n", 'key: "', "key: '"],
    "go": ["`", "/*", "*/", "x := `\n"],
    "ruby": ["<<~EOS\n", "EOS\n", "=begin\n", "=end\n"],
    "shellscript": ["<<EOF\n", "EOF\n", '"', "'"],
    "rust": ['r#"', '"#', "/*", "*/"],
    "razor": ["@{\n", "}\n", "@code {\n", "@*", "*@"],
    "erb": ["<%", "%>", "<%#", "<%= x.map { |y|\n"],
    "jinja": ["{{", "}}", "{#", "#}", "{% raw %}"],
}
"""What turns the lines below it."""

DELIMITERS = {
    "python": ['"""', "'''", '"', "'", "#", "\\", 'f"{', "}", "(", ")", "r'", ":"],
    "typescript": ["`", "${", "}", "/*", "*/", "//", '"', "'", "/", "<a>", "</a>", "\\"],
    "javascriptreact": ["`", "${", "}", "/*", "*/", "//", "<div>", "</div>", "{", '"'],
    "markdown": ["```python\n", "```\n", "~~~js\n", "~~~\n", "<!--", "-->", "    ", "`", "---\n"],
    "html": ["<script>", "</script>", "<style>", "</style>", "<!--", "-->", '"', "<p>", "{{"],
    "yaml": ["key: |\n", "  text\n", "#", '"', "'", "- ", ">-\n", "---\n"],
    "go": ["`", '"', "/*", "*/", "//", "'", "{", "}"],
    "ruby": ["<<~EOS\n", "EOS\n", "=begin\n", "=end\n", '"', "#{", "}", "'", "#", "%w["],
    "shellscript": ["<<EOF\n", "EOF\n", '"', "'", "$(", ")", "#", "\\", "<<-'X'\n", "X\n"],
    "rust": ['r#"', '"#', "/*", "*/", "//", '"', "'a", "{", "}"],
    "razor": ["@{\n", "}\n", "  @{\n", "  }\n", "@code\n", "@*", "*@", '"', "<script>", "</script>"],
    "erb": ["<%", "%>", "<%=", "<%#", "<script>", "</script>", '"', "<p", ">", "#"],
    "jinja": ["{{", "}}", "{%", "%}", "{#", "#}", "{% raw %}", "{% endraw %}", "<p", ">", '"'],
}

ANY = [
    "\n",
    "\r\n",
    "\r",
    " ",
    "x",
    "é",
    "😀",
    "\u2028",
    "\x0c",
    "\u202e",
    "# enforcer: allow[logging]: here\n",
    "// enforcer: allow[logging/console-call, debt]: here\n",
    "# enforcer: allow-file[logging]: a program\n",
    "# TODO: later\n",
    "password = 'hunter2-hunter2'\n",
    "<<<<<<< a\n",
    "=======\n",
    ">>>>>>> b\n",
    "2026-02-31",
    'if __name__ == "__main__":\n',
    "#!/bin/sh\n",
]


def page_blocks() -> dict[str, list[str]]:
    """The code of the rule pages' fenced blocks by language, markers taken out."""
    found: dict[str, list[str]] = {language: [] for language in FILES}
    names = {
        "js": "typescript",
        "jsx": "javascriptreact",
        "sh": "shellscript",
        "ts": "typescript",
        "javascript": "typescript",
    }
    for page in sorted(RULES.glob("*/*.md")):
        for match in re.finditer(
            r"^```(\w+)[^\n]*\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
        ):
            language = names.get(match[1], match[1])
            lines = [line for line in match[2].split("\n") if not re.match(r"\s*\^+ ", line)]
            if language in found:
                found[language].append("\n".join(lines))
    return found


BLOCKS = page_blocks()


def plain(document: Document) -> list[tuple[object, ...]]:
    """A document's rows as comparable values."""
    return [key(row) for row in document.rows() if not _is_about_file(row)]


def _is_about_file(row: Row) -> bool:
    """Whether a rule about the file as a whole found it, which looks when a document is opened or saved."""
    return row.violation.rule.startswith("files/")


def key(row: Row) -> tuple[object, ...]:
    """All that a row says."""
    v = row.violation
    return (row.number, v.start, v.end, v.rule, v.message, v.fixes, row.suppression)


def full(session: Session, path: str, content: str) -> list[tuple[object, ...]]:
    """What a fresh engine finds in the bytes, as `check` reads them."""
    data = content.encode()
    chunks = [data[i : i + text.BLOCK] for i in range(0, len(data), text.BLOCK)]
    checked = session.check_chunks(path, chunks, lambda: chunks)
    assert checked.report is not None
    rows = [key(row) for row, _ in checked.report.rows if not _is_about_file(row)]
    return sorted(rows, key=lambda row: row[:4])


def states(document: Document) -> list[lexer.State]:
    """The lexer's state before each line, by lexing all."""
    found, state = [], lexer.start(document.language)
    for number in range(document.line_count):
        found.append(state)
        state = lexer.lex(document.line(number), state).state
    return found


class Model:
    """The plain reference of a text under edits: one string."""

    def __init__(self, content: str) -> None:
        self.content = content

    def offset(self, line: int, column: int) -> int:
        """The offset of a position; past an end is that end."""
        lines = text.split_lines(self.content)
        if line >= len(lines):
            return len(self.content)
        start = sum(map(len, lines[:line]))
        return start + min(column, len(lines[line].rstrip("\r\n")))

    def change(self, start_line: int, start: int, end_line: int, end: int, content: str) -> None:
        """The same edit."""
        first, last = self.offset(start_line, start), self.offset(end_line, end)
        self.content = self.content[:first] + content + self.content[max(first, last) :]


def piece(source: random.Random, language: str) -> str:
    """Something to put in: a page's block or line, a delimiter, or what any text may have."""
    kind = source.random()
    blocks = BLOCKS[language]
    if blocks and kind < 0.2:
        return source.choice(blocks)
    if blocks and kind < 0.4:
        return source.choice(source.choice(blocks).split("\n") or [""]) + "\n"
    if kind < 0.7:
        return source.choice(OPENERS[language])
    if kind < 0.85:
        return source.choice(DELIMITERS[language])
    return source.choice(ANY)


def content(source: random.Random, language: str) -> str:
    """A text to begin with; one in seven is longer than a block."""
    end = source.choice(["\n", "\n", "\n", "\r\n", "\r"])
    parts = [piece(source, language) for _ in range(source.randrange(3, 14))]
    if source.random() < 0.15:
        filler = source.choice(["total = other\n", "x" * 900 + "\n", "word " * 40 + "\n"])
        parts.insert(source.randrange(len(parts)), filler * (text.BLOCK // len(filler) + 2))
        parts += [piece(source, language) for _ in range(4)]
    return "".join(parts).replace("\n", end)


def edit(source: random.Random, language: str, document: Document) -> tuple[int, int, int, int, str]:
    """A random edit: mostly near something, now and then past an end."""
    line = source.randrange(document.line_count + 1)
    if source.random() < 0.5:
        line //= 2
    if source.random() < 0.3:
        line = min(source.randrange(12), line)
    column = source.randrange(len(document.line(line)) + 3)
    end_line = line + source.choice([0, 0, 0, 0, 1, 2, 6])
    end = (
        source.randrange(len(document.line(end_line)) + 2)
        if end_line > line
        else column + source.randrange(4)
    )
    return line, column, end_line, end, piece(source, language) if source.random() < 0.9 else ""


class Reach:
    """What a run of sequences went through, so that it cannot pass by doing nothing."""

    def __init__(self) -> None:
        self.sequences = self.violations_changed = self.zones_changed = self.crossed_border = 0
        self.rules: Counter[str] = Counter()


def run_sequence(seed: int, session: Session, reach: Reach) -> None:
    """One sequence of edits; after it, and now and then within it, all is compared."""
    source = random.Random(seed)
    language = source.choice(list(FILES))
    path = FILES[language]
    model = Model(content(source, language))
    document = session.open(os.path.join(session.root, path), language, model.content)
    if source.random() < 0.9:
        document.finish()
    before, changed_zone = plain(document) if not document.pending else [], False
    border = len(model.content.encode()) > text.BLOCK
    for _ in range(source.randrange(3, 9)):
        line, column, end_line, end, new = edit(source, language, document)
        old_lines, old_states = document.line_count, None
        if not border:
            old_states = states(document)
        document.change(line, column, end_line, end, new)
        model.change(line, column, end_line, end, new)
        assert document.text() == model.content, f"seed {seed}: the text is another"
        if old_states is not None and not changed_zone:
            now = states(document)
            below = end_line + 1
            delta = document.line_count - old_lines
            changed_zone = any(
                old_states[i] != now[i + delta] for i in range(below, old_lines) if 0 <= i + delta < len(now)
            )
        if source.random() < 0.6:
            document.finish()
        elif source.random() < 0.5:
            document.advance()
    document.finish()
    found, expected = plain(document), full(session, path, model.content)
    assert found == expected, f"seed {seed}, {language}: incremental differs from full"
    reach.sequences += 1
    reach.violations_changed += found != before
    reach.zones_changed += changed_zone
    reach.crossed_border += border
    reach.rules.update(str(row[3]) for row in found)


SEQUENCES = int(os.environ.get("AUTO_ENFORCER_SEQUENCES", "4000" if THOROUGH else "2000"))
PARTS = 4


@pytest.mark.parametrize("part", range(PARTS))
def test_incremental_equals_full(part: int, tmp_path: Path) -> None:
    """After any edits the rows equal those of a fresh engine over the bytes, and the text that of one
    string."""
    session, reach = Session(str(tmp_path), today=TODAY), Reach()
    for seed in range(part, SEQUENCES, PARTS):
        run_sequence(seed, session, reach)
    assert reach.violations_changed >= reach.sequences / 2
    assert reach.zones_changed >= reach.sequences / 3
    assert reach.crossed_border >= reach.sequences / 10
    assert len(reach.rules) >= 15


HEADS = [
    "#!/usr/bin/env python3\n",
    "#!/bin/sh\n",
    "# Code generated by a tool. DO NOT EDIT.\n",
    "# enforcer: allow-file[logging]: a program\n",
    "# enforcer: allow-file[debt]: a program\n",
    "# TODO: later\n",
    '"""\n',
    "#\n",
    "x = " + "1" * 6_000 + "\n",
    "x = 1\n",
    "print(1)\n",
    "",
]
"""What stands in the first lines and may decide on the whole file."""


@pytest.mark.parametrize("path", ["a.py", "run"])
def test_what_the_first_lines_decide_is_decided_anew_as_they_change(path: str, tmp_path: Path) -> None:
    """The language, the kind of file, what is suppressed in all of it."""
    session = Session(str(tmp_path), today=TODAY)
    decided: Counter[tuple[str, int]] = Counter()
    for seed in range(80):
        source = random.Random(seed)
        pieces = [HEADS[0], *source.sample(HEADS, 3)]
        head = "".join([HEADS[0], *source.choices(pieces, k=5)])
        document = session.open(os.path.join(str(tmp_path), path), "", head + "x = 1\n" * 9 + "print(1)\n")
        for _ in range(8):
            line = source.randrange(9)
            document.change(line, 0, line + source.randrange(2), 0, source.choice(pieces))
            document.finish()
            rows = plain(document)
            assert rows == full(session, path, document.text()), f"seed {seed}"
            decided[(str(rows[-1][3]) if rows else ""), sum(row[-1] is not None for row in rows)] += 1
    assert len(decided) >= 4


Foremost = tuple[list[tuple[object, ...]], int]

CROWD = [
    "print(1)\n",
    "print(2)  # enforcer: allow[logging/print-call]: shown to people\n",
    "total = 1  # enforcer: allow[logging]: nothing is here\n",
    "# enforcer: allow[logging]: the next line\n",
    "# enforcer: allow[debt, logging]: the next block\nif total:\n    print(3)\n    total = 2\n",
    "# enforcer: allow-file[debt]: old\n",
    "# enforcer: allow-file[logging, dates]\n",
    "# enforcer: allow[loging]: no such family\n",
    "# TODO: later\n",
    "try:\n    total()\nexcept:\n    total()\n",
    "breakpoint()\n",
    'due = "2026-02-31"\n',
    'text = """\n',
    '"""\n',
    "total = other\n" * 60,
    "",
]
"""What texts with many violations are made of: blocked ones, warnings, and each way to suppress them."""

CROWD_POLICY = """
[rules]
"logging/print-call" = "blocked"
"debt/todo-without-reference" = "warning"
[rules."errors/bare-except"]
stage = "observe"
"""


Rank = Callable[[str, bool], int | None]
"""How soon what a rule found is to be shown, by its name and whether it stood in the base."""


def plainly(document: Document, most: int, rank: Rank) -> Foremost:
    """What `foremost` gives, by going over all rows."""
    ranked = [
        (rank(row.violation.rule, row.base is not None), row)
        for row in document.rows()
        if row.suppression is None
    ]
    shown = [(at, index, row) for index, (at, row) in enumerate(ranked) if at is not None]
    if len(shown) > most:
        first = sorted(shown, key=lambda one: one[:2])[: most - 1]
        return [key(row) for _, _, row in sorted(first, key=lambda one: one[1])], len(shown) - most + 1
    return [key(row) for _, _, row in shown], 0


def foremost(document: Document, most: int, rank: Rank) -> Foremost:
    rows, left_out = document.foremost(most, rank)
    return [key(row) for row in rows], left_out


def scoped_anew(document: Document) -> list[Row]:
    """A document's rows, each compared with its base anew, by the pairs that the edits have left."""
    comparison = document._comparison
    rows = [row._replace(base=None) for row in document.rows()]
    return rows if comparison is None else marked(comparison.base, document.lines, rows, comparison.pairs)


def test_the_foremost_rows_equal_the_plain_choice_after_any_edits(tmp_path: Path) -> None:
    """Of texts with violations of several ranks, suppressions that are used, unused and for the whole file,
    with and without a base: which rows go first, in which order, how many are left out, which are old."""
    (tmp_path / "enforcer.toml").write_text(CROWD_POLICY)
    session = Session(str(tmp_path), today=TODAY)
    path = os.path.join(str(tmp_path), FILES["python"])
    chosen = cut = hidden = unused = 0
    scopes = Counter[bool]()
    for seed in range(SEQUENCES // 20):
        source = random.Random(seed)
        lines = source.choices(CROWD, k=source.randrange(1, 60))
        document = session.open(path, "python", "".join(lines))
        if seed % 4:
            kept = [line for line in lines if source.random() > 0.2]
            base = "".join(lines if seed % 4 == 1 else [*kept, *source.choices(CROWD, k=5)])
            pairs = Pairs(split_lines(base), document.lines) if seed % 3 else None
            document.compare(base, pairs=pairs)
        ranks: dict[tuple[str, bool], int | None] = {}

        def rank(
            rule: str,
            is_old: bool,
            ranks: dict[tuple[str, bool], int | None] = ranks,
            source: random.Random = source,
        ) -> int | None:
            return ranks.setdefault((rule, is_old), source.choice([0, 1, 1, 16, 9, None]))

        for _ in range(source.randrange(6)):
            document.finish()
            assert plain(document) == full(session, FILES["python"], document.text()), f"seed {seed}"
            assert document.rows() == scoped_anew(document), f"seed {seed}"
            for most in (1, 2, 5, source.randrange(1, 60), 500):
                found = foremost(document, most, rank)
                assert found == plainly(document, most, rank), f"seed {seed}"
                assert len(found[0]) + (found[1] > 0) <= most
                chosen, cut = chosen + 1, cut + (found[1] > 0)
                unused += any(row[3] == "enforcer/unused-suppression" for row in found[0])
            rows, left_out = session.foremost(document, 500)
            assert left_out == 0
            assert rows == [pair for pair in session.rows(document) if pair[1].shown is not None]
            hidden += len(rows) < len(document.rows())
            open_rows = [row for row in document.rows() if row.suppression is None]
            counts = Counter((row.violation.rule, row.base is not None) for row in open_rows)
            assert document.counts() == counts
            scopes += Counter(row.base is not None for row in open_rows if seed % 4)
            line = source.randrange(document.line_count)
            end = line + source.choice([0, 0, 1, 3])
            document.change(line, 0, end, 0, source.choice(CROWD))
            if source.random() < 0.1:
                document.replace("".join(source.choices(CROWD, k=40)))
    assert cut >= chosen / 3
    assert unused >= chosen / 10
    assert hidden >= chosen / 20
    assert min(scopes[True], scopes[False]) >= chosen / 4


def test_a_whole_new_text_is_compared_with_what_is_known_of_the_base(tmp_path: Path) -> None:
    """Some clients send the whole text with each key: the base is not gone through for each, and its lines
    are not held twice."""
    session = Session(str(tmp_path), today=TODAY)
    base = "".join(f"print({number})  # a line that is as long as most\n" for number in range(2_000))
    document = session.open(os.path.join(str(tmp_path), FILES["python"]), "python", base + "#\n")
    pairs = Pairs(split_lines("".join(base)), document.lines)
    document.compare(base, pairs=pairs)
    document.finish()
    assert {id(line) for line in document._base_lines or ()} <= {id(line) for line in document.lines}
    assert document._comparison is not None
    known = document._comparison.base
    document.replace("breakpoint()\n" + base)
    document.change(0, 0, 0, 0, "#!/usr/bin/env python\n")
    document.finish()
    assert document._comparison.base is known
    assert [row.number for row in document.rows() if row.base is None] == [1]
    document.prepare_anew()
    document.finish()
    assert document._comparison.base is not known, "the policy is another"


@pytest.mark.parametrize("columns", [100, 5_000, 66_000, 200_000])
def test_the_rows_of_a_long_line_are_in_order(columns: int, tmp_path: Path) -> None:
    session = Session(str(tmp_path), today=TODAY)
    part = f"key \u202e {token('github-token')} \u202e " + "word " * 10
    content = part * (columns // len(part) + 1) + "\n"
    document = session.open(os.path.join(str(tmp_path), "a.txt"), "plaintext", content)
    document.finish()
    rows = plain(document)
    assert len({row[3] for row in rows}) > 1
    assert rows == sorted(rows, key=lambda row: row[:4])
    assert rows == full(session, "a.txt", content)


def test_the_rows_of_some_lines_are_those_of_all_that_stand_there(tmp_path: Path) -> None:
    session = Session(str(tmp_path), today=TODAY)
    text = "".join(CROWD) * 3
    document = session.open(os.path.join(str(tmp_path), FILES["python"]), "python", text)
    document.finish()
    rows = document.rows()
    assert len(rows) > 20
    for first, end in ((0, 0), (0, 1), (5, 6), (3, 20), (0, 10_000), (40, 10_000), (9_999, 10_000)):
        assert document.rows(first, end) == [row for row in rows if first <= row.number < end]


@pytest.mark.parametrize("language", ["python", "typescript"])
def test_a_letter_typed_in_a_long_file_looks_at_no_more_than_a_window(language: str, tmp_path: Path) -> None:
    """Counted: lines walked over, lines lexed, looks taken, in a file of 100,000 lines."""
    line = {
        "python": "    value = compute(other)  # note\n",
        "typescript": "  const value = compute(other); // note\n",
    }
    session = Session(str(tmp_path), today=TODAY)
    path = os.path.join(str(tmp_path), FILES[language])
    document = session.open(path, language, line[language] * 100_000)
    document.finish()
    walked, lexed, looks = document.lines_walked, document.lines_lexed, document.looks_taken
    for number in (0, 11, 50_000, 99_999):
        document.change(number, 8, number, 8, "x")
        document.finish()
    assert document.lines_walked - walked <= 4 * 101
    assert document.lines_lexed - lexed <= 4 * 101
    assert document.looks_taken - looks <= 4 * 101


@pytest.mark.parametrize("reach", [1, 2, WIDEST_WINDOW])
@pytest.mark.parametrize("side", ["before", "after"])
def test_an_edit_of_the_farthest_line_that_a_rule_looks_at_is_seen(side: str, reach: int) -> None:
    here = WIDEST_WINDOW + 10
    far = here - reach if side == "before" else here + reach

    def check(line: Line, options: Options) -> Iterable[Candidate]:
        del options
        window = line.before(reach) if side == "before" else line.after(reach)
        return [Candidate(0, 4)] if window[-1].text == "bad" else []

    rule = Rule("probe/window", Severity.WARNING, "", check=check, triggers=("here",))
    rule = rule._replace(before=reach) if side == "before" else rule._replace(after=reach)
    document = opened_with("x\n" * here + "here\n" + "x\n" * here, (rule,))
    assert document.rows() == []
    document.change(far, 0, far, 1, "bad")
    document.finish()
    assert [row.number for row in document.rows()] == [here]
    document.change(far, 0, far, 3, "x")
    document.finish()
    assert document.rows() == []


@pytest.mark.parametrize("new", ['"""', "# enforcer: allow[logging]: shown\nx = '''\n"])
@pytest.mark.parametrize("upwards", [False, True])
def test_more_edits_than_are_remembered_each_one_are_all_carried_on(
    new: str, upwards: bool, tmp_path: Path
) -> None:
    """Each turns all below it, and nothing is looked at between them."""
    gap, count = 60, MOST_BREAKS + 8
    session = Session(str(tmp_path), today=TODAY)
    part = "x = 1\n" * (gap - 1) + "print(1)\n"
    document = session.open(os.path.join(str(tmp_path), "a.py"), "python", part * count)
    document.finish()
    places = range(0, gap * count, gap)
    for number in reversed(places) if upwards else places:
        document.change(number, 0, number, 0, new)
    document.finish()
    assert plain(document) == full(session, "a.py", document.text())


@pytest.mark.parametrize("letter", ["x", "é"])
def test_a_line_is_cut_into_segments_only_where_it_is_longer_than_a_block(letter: str) -> None:
    """As `text.blocks` cuts the same lines of a file."""
    width = len(letter.encode())
    for length in (text.BLOCK - 1, text.BLOCK, text.BLOCK + 1):
        line = letter * (length // width) + "y" * (length % width)
        for above in (0, 1, 900, 1_023, 1_024):
            for end in ("", "\n", "\n" + "x\n" * 2_000):
                lines = Lines("word\n" * above + line + end)
                segments = [block for block in lines.blocks() if block.offset >= 0]
                assert bool(segments) == (length > text.BLOCK)
                assert segments == [
                    block for block in text.blocks(["".join(lines.all).encode()]) if block.offset >= 0
                ]
                rest = "".join(one for one in lines.all if not segments or not one.startswith(line)).encode()
                assert b"".join(block.data for block in lines.blocks() if block.offset < 0) == rest


def test_the_engines_traveller_is_small_and_comparable() -> None:
    """What an edit compares is made of plain values."""
    for language in LANGUAGES:
        traveller = looked.Traveller(lexer.start(language))
        assert traveller == looked.Traveller(lexer.start(language))
        assert hash(traveller) == hash(looked.Traveller(lexer.start(language)))


PLAIN = {
    "python": '''\
def settle(account, amount, *, currency=None):
    """Settle what is open and say what is left."""
    # An account without lines has nothing to settle.
    if not account.lines or amount <= 0:
        raise ValueError(f"cannot settle {amount} of {account.name}")
    try:
        for line in sorted(account.lines, key=lambda line: line.date):
            part = min(line.amount, amount)
            line.amount, amount = line.amount - part, amount - part
    finally:
        account.close()
    return {"left": amount, "currency": currency or account.currency}


''',
    "typescript": """\
export async function settle(account: Account, amount: number): Promise<Left> {
  // An account without lines has nothing to settle.
  if (account.lines.length === 0 || amount <= 0) {
    throw new RangeError(`cannot settle ${amount} of ${account.name}`);
  }
  for (const line of account.lines.filter((line) => !line.settled)) {
    amount -= Math.min(line.amount, amount);
    await account.save(line);
  }
  return { left: amount, currency: account.currency ?? "EUR" };
}

""",
}


@pytest.mark.parametrize("language", PLAIN)
def test_rules_look_at_hardly_a_line_of_a_plain_program(tmp_path: Path, language: str) -> None:
    """A trigger that a usual statement hits costs more than all others together: every `return`, say."""
    session = Session(str(tmp_path), today=TODAY)
    path = os.path.join(str(tmp_path), FILES[language])
    document = session.open(path, language, PLAIN[language] * 200)
    document.finish()
    assert document.rows() == []
    assert document.looks_taken <= 200, "one line in a function, its `finally`"


def test_a_text_that_asks_no_more_whether_it_differs_comes_to_an_end(tmp_path: Path) -> None:
    """Whatever the last answer was."""
    session = Session(str(tmp_path), today=TODAY)
    base = "Last updated: 2020-01-01\nwords\n"
    document = session.open(os.path.join(str(tmp_path), "a.md"), "markdown", base)
    document.compare(base)
    document.finish()
    assert not document.rows()
    document.change(1, 0, 1, 0, "more ")
    document.finish()
    assert [row.violation.rule for row in document.rows()] == ["dates/stale-last-updated"]
    document.change(1, 0, 1, 5, "")
    document.finish()
    document.change(0, 0, 1, 0, "")
    assert any(document.advance() for _ in range(10))
    document.change(0, 0, 0, 0, "Last updated: 2020-01-01\n")
    document.finish()
    assert not document.rows()
    document.change(1, 0, 1, 0, "other ")
    document.finish()
    assert [row.violation.rule for row in document.rows()] == ["dates/stale-last-updated"]


def test_lines_that_nobody_has_edited_are_not_paired_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session(str(tmp_path), today=TODAY)
    document = session.open(os.path.join(str(tmp_path), "a.py"), "python", "x = 1\nprint(x)\n")
    document.compare("x = 1\n")
    made: list[int] = []

    class Counted(Pairs):
        def __init__(self, base: Sequence[str], lines: Sequence[str]) -> None:
            made.append(len(lines))
            super().__init__(base, lines)

    monkeypatch.setattr("auto_enforcer.document.Pairs", Counted)
    document.pair_anew()
    assert made == []
    document.change(0, 0, 0, 0, "y = 1\n")
    document.pair_anew()
    document.pair_anew()
    assert made == [4]
    document.replace("x = 2\n")
    assert made == [4, 2]
