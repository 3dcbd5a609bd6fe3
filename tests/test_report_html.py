"""The HTML report: what it tells, that it stays one page which fetches nothing, and that text stays text."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from auto_enforcer.model import Report, Row, Scope, Severity, Stage, Violation
from auto_enforcer.render import html
from auto_enforcer.render.html_charts import Point, trend
from auto_enforcer.render.html_pages import page
from auto_enforcer.render.html_style import SCRIPT, STYLE
from auto_enforcer.render.items import CouldNotRun, Item, Quote, RuleInfo, Tally
from auto_enforcer.render.text import printable
from auto_enforcer.verdict import judge
from command import PATIENCE
from test_render import HIDDEN, OLD, PRINT, RULES, run
from test_report_formats import ANY_TEXT, TRICKY, tricky

VOID = {"meta", "input", "rect", "line", "polyline", "br"}
ABOUT = html.About("orders", "2026-11-22", "1.2.3")


class Page(HTMLParser):
    """A page as a reader takes it: its elements, its text, and what is wrong with it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.problems: list[str] = []
        self.feed(text)
        self.close()
        self.problems += [f"`{tag}` stays open" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("td", "th", "tr", "li", "p", "h2", "summary"):
            self.words.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"`{tag}` ends what it did not begin")

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("script", "style"):
            self.words.append(data)

    @property
    def text(self) -> str:
        """All that is read."""
        return re.sub(r"\s+", " ", "".join(self.words))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of the elements of a name."""
        return [attributes for name, attributes in self.elements if name == tag]


def quote(path: str, row: Row) -> Quote:
    return Quote("if ", f"line {row.number + 1}", " :")


def report(items: Iterable[Item], history: tuple[Point, ...] = (), **more: Any) -> str:
    given: dict[str, Any] = {"about": ABOUT, "rules": RULES, "quote": quote, **more}
    return "".join(html.render(items, Tally(), history=history, **given))


def everything() -> Iterator[Item]:
    yield from run()
    yield Report("b.py", [(Row(1, OLD), judge(Severity.BLOCKED, baselined=True))])
    yield Report("b.py", [(Row(2, OLD), judge(Severity.BLOCKED, stage=Stage.WARN))])


HISTORY = (("2026-11-20", 3, 30, 20), ("2026-11-21", 2, 25, 20), ("2026-11-22", 1, 1_200, 19))


def test_where_nothing_was_compared_nothing_is_called_new() -> None:
    page = report([Report("b.py", [(Row(1, OLD), judge(Severity.BLOCKED))])])
    text = Page(page).text
    assert "Nothing was compared with a base" in text
    assert ", new" not in text
    assert "are new" not in text


def test_what_a_run_found_is_told() -> None:
    text = Page(report(everything())).text
    for words in (
        "Incomplete: 1 thing could not run, and something is blocked",
        "logging/print-call ValueError in app/other.py:3",
        "5 of 7 are new (71 %)",
        "print in program text; use a logger",
        "1:5 warning logging/print-call",
        "9:1 blocked dates/hardcoded-date historical",
        "2:1 blocked dates/hardcoded-date historical, in the baseline",
        "would be blocked at stage block",
        "if line 7 :",
        "the file may be gone",
        "app/service.py:10",
        "3 files: 1 binary, 2 unreadable",
        "Output that nobody can switch off.",
    ):
        assert words in text, words


def test_what_must_not_go_in_stands_first() -> None:
    """In its file too, and beside its rule, where a policy says something else of other paths."""
    rows = [(Row(number, PRINT), judge(Severity.WARNING)) for number in range(3)]
    rows += [
        (Row(3, PRINT), judge(Severity.BLOCKED, Scope.HISTORICAL)),
        (Row(4, PRINT), judge(Severity.BLOCKED)),
    ]
    text = Page(report([Report("a.py", rows)])).text
    places = re.findall(r"(\d):5 (blocked|warning)", text)
    assert [number for number, _ in places] == ["5", "1", "2", "3", "4"]
    assert "logging/print-call blocked warning 4 1 0 0 0" in text
    assert "There is no trend yet" in text


def test_each_rule_has_its_counts() -> None:
    """Found and new, historical, in the baseline, suppressed, would block."""
    text = Page(report(everything())).text
    assert "dates/hardcoded-date blocked 2 2 1 0 3" in text
    assert "errors/swallowed-exception blocked 0 0 0 1 0" in text
    assert "logging/print-call warning 1 0 0 0 0" in text


@pytest.mark.parametrize("items", [everything, tricky, tuple])
def test_the_page_is_well_formed_and_leads_nowhere(items: Any) -> None:
    written = report(items(), HISTORY)
    read = Page(written)
    assert written.isascii()
    assert read.problems == []
    assert [name for name, _ in read.elements].count("script") == 1
    ids = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for tag, attributes in read.elements:
        assert not {"src", "style", "action"} & attributes.keys(), tag
        assert not [name for name in attributes if name.startswith("on")], tag
        href = attributes.get("href") or "#"
        assert href.startswith("#") or href == RULES["logging/print-call"].url
        assert href == "#" or not href.startswith("#") or href[1:] in ids, href
    for table_head in read.of("th"):
        assert table_head["scope"] in ("col", "row")


def test_the_page_lets_only_its_own_style_and_script_in() -> None:
    written = report(everything())
    (policy,) = (
        meta["content"] or ""
        for meta in Page(written).of("meta")
        if meta.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules.keys() == {"default-src", "style-src", "script-src", "base-uri", "form-action"}
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    for tag, kind in (("style", "style-src"), ("script", "script-src")):
        (inline,) = re.findall(f"<{tag}>(.*?)</{tag}>", written, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert rules[kind] == f"'sha256-{digest}'"
    assert not re.search(r"https?:|url\(|@import|fetch|XMLHttp|eval|innerHTML", STYLE + SCRIPT)


def test_text_of_the_workspace_stays_text() -> None:
    def tricky_quote(path: str, row: Row) -> Quote:
        return Quote(TRICKY, TRICKY, TRICKY)

    info = RuleInfo("debt/todo-comment", TRICKY, Severity.BLOCKED, "javascript:alert(1)", f"# x\n\n{TRICKY}")
    about = html.About(TRICKY, TRICKY, TRICKY)
    written = report(tricky(), quote=tricky_quote, about=about, rules={"debt/todo-comment": info})
    read = Page(written)
    assert read.problems == []
    assert "<script>alert" not in written
    assert "javascript:" not in written
    words = re.sub(r"\s+", " ", printable(TRICKY))
    assert read.text.count(words.replace("\\t", "    ")) + read.text.count(words) >= 8


@given(text=ANY_TEXT)
@settings(max_examples=40)
def test_any_text_is_told_by_the_page(text: str) -> None:
    info = RuleInfo("a/b", text, Severity.BLOCKED, text, f"## a/b\n\n{text}")
    items: list[Item] = [
        Report(text, [(Row(0, Violation("a/b", text, 0, 1)), judge(Severity.BLOCKED))]),
        CouldNotRun(text, text),
    ]
    read = Page(report(items, rules={"a/b": info}, quote=lambda path, row: Quote(text, text, text)))
    assert read.problems == []
    assert [name for name, _ in read.elements].count("script") == 1
    told = printable(text).replace("`", "") if text.count("`") % 2 == 0 else printable(text)
    assert re.sub(r"\s+", " ", told).strip() in re.sub("`", "" if "`" not in told else "`", read.text)


def test_many_violations_are_counted_and_the_worst_are_listed() -> None:
    asked = 0

    def counting(path: str, row: Row) -> Quote:
        nonlocal asked
        asked += 1
        return quote(path, row)

    def rows() -> Iterator[Any]:
        for number in range(19_000):
            yield Row(number, PRINT), judge(Severity.WARNING)
        for number in range(990):
            yield Row(number, OLD), judge(Severity.BLOCKED, Scope.HISTORICAL)
        for number in range(10):
            yield Row(number, HIDDEN), judge(Severity.BLOCKED)

    written = report([Report("a.py", rows())], quote=counting)
    read = Page(written)
    assert asked == written.count("<li data-family=") == html.MOST_SHOWN
    assert "3,000 worst of 20,000 are listed" in read.text
    assert "17,000 are left out here" in read.text
    assert written.count("unicode/bidirectional-control</a></p>") == 10
    assert len(written) < 3_000_000
    assert "logging 0 19,000 0" in read.text


def test_a_run_that_failed_does_not_look_clean() -> None:
    failed = Page(report([CouldNotRun("a.py", "cannot be read")])).text
    assert "Incomplete: 1 thing could not run" in failed
    assert "a.py cannot be read" in failed
    clean = Page(report([Report("a.py", ())])).text
    assert "Passed: nothing is blocked" in clean
    many = Page(report([CouldNotRun("a.py", "cannot be read")] * 1_200)).text
    assert "and 200 more" in many


def test_the_trend_is_drawn_where_there_are_days() -> None:
    assert "Trend" not in Page(report(everything())).text
    assert "Trend" not in Page(report(everything(), HISTORY[:1])).text
    read = Page(report(everything(), HISTORY))
    assert "2026-11-21 2 25 20" in read.text
    (label,) = (svg["aria-label"] for svg in read.of("svg") if "aria-label" in svg)
    assert label is not None
    assert label.startswith("From 2026-11-20 to 2026-11-22: blocked from 3 to 1")
    for points in (HISTORY[:1], (("a", 0, 0, 0), ("b", 0, 0, 0)), HISTORY * 100):
        drawn = Page(trend(points))
        places = [place for line in drawn.of("polyline") for place in (line["points"] or "").split()]
        assert places
        assert all(0 <= float(part) <= 480 for place in places for part in place.split(","))


def test_the_page_of_a_rule_is_drawn_from_its_markdown() -> None:
    drawn = page(
        "## logging/x\n\nWhat it\nsays of `<b>` and **bold `code`**.\n\n- one\n  more\n- two\n\n"
        "| a | b |\n|---|--:|\n| `c` | [in](x.md) [out](https://e.org/?a&b) |\n\n"
        '```python path=a.py\n# no heading\n\tif "<x>":\n```\n'
    )
    assert drawn == (
        "<p>What it says of <code>&lt;b&gt;</code> and <strong>bold <code>code</code></strong>.</p>"
        "<ul><li>one more</li><li>two</li></ul>"
        '<div class="wide"><table><thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead><tbody>'
        "<tr><td><code>c</code></td><td>in "
        '<a href="https://e.org/?a&amp;b" rel="noreferrer">out</a></td></tr>'
        "</tbody></table></div>"
        "<pre><code># no heading\n    if &quot;&lt;x&gt;&quot;:</code></pre>"
    )
    for odd in ("", "#", "```", "|", "- ", "| a\n|", "[" * 30_000, "**" * 30_000, "`" * 30_001):
        assert Page(page(odd)).problems == []


def colours(of: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+):(#[0-9a-f]{3,6})", of))


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("part", [0, 1], ids=["light", "dark"])
def test_every_word_can_be_read_on_its_ground(part: int) -> None:
    """4.5 to 1 is what the guidelines for accessible content ask for of text, 3 to 1 of graphics."""
    palette = colours(STYLE.split("@media", 2)[part])

    def contrast(one: str, other: str) -> float:
        high, low = sorted((luminance(palette[one]), luminance(palette[other])), reverse=True)
        return (high + 0.05) / (low + 0.05)

    for ground in ("paper", "card", "code"):
        for ink in ("ink", "soft", "blocked", "warning", "old", "good", "link"):
            assert contrast(ink, ground) >= 4.5, (ink, ground)
    assert contrast("ink", "mark") >= 4.5
    assert contrast("fill-blocked", "card") >= 3


CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.mark.editors
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH")
def test_a_browser_runs_the_page(tmp_path: Path) -> None:
    """It shows the filters, which the page hides from those who have no script."""
    (tmp_path / "report.html").write_text(report(everything(), HISTORY), encoding="ascii")
    done = subprocess.run(
        [
            CHROMIUM or "",
            *("--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"),
            *("--virtual-time-budget=2000", "--dump-dom", (tmp_path / "report.html").as_uri()),
        ],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    (form,) = Page(done.stdout).of("form")
    assert "hidden" not in form
    assert "Showing all 7 that are listed" in done.stdout
