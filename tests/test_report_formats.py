"""The formats that other tools read: what each says of the same run, that its readers take it, and that no
text of a workspace gets out of the place where it stands."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auto_enforcer.model import (
    Edit,
    Fix,
    Report,
    Row,
    Scope,
    Severity,
    Skipped,
    Stage,
    Suppression,
    Violation,
)
from auto_enforcer.render import checkstyle, github, gitlab, html, junit, markdown, rdjson
from auto_enforcer.render.items import CouldNotRun, Item, Tally
from auto_enforcer.render.text import printable
from auto_enforcer.verdict import judge
from command import Command, Done, fill
from effort import examples
from report_schemas import (
    CODE_QUALITY,
    DIAGNOSTIC_RESULT,
    checkstyle_problems,
    junit_problems,
    workflow_commands,
)
from test_render import HIDDEN, OLD, PRINT, RULES, run

TRICKY = (
    "a\x00\x07\x1b[2J\r\n::error file=x::gone\n##[add-mask]b %0A%25,: ]]> --> &amp; <script>alert(1)</script>"
    " \"'`|*_~[x](http://x.example) @all #12 \udcff\ud800\ufffe\u202e\u2028\x85\t日本 😀 </testsuites>"
)
"""What a file's name or a message may hold."""


def tricky() -> Iterator[Item]:
    """A run in which everything that a workspace can name is tricky."""
    violation = Violation("debt/todo-comment", f"`{TRICKY}` is left", 3, 9)
    reason = Suppression(("debt",), TRICKY, None, 0, 9)
    yield Report(
        TRICKY,
        [
            (Row(0, violation), judge(Severity.BLOCKED)),
            (Row(1, violation), judge(Severity.WARNING, Scope.HISTORICAL)),
            (Row(2, violation, reason), judge(Severity.BLOCKED, suppressed=True)),
        ],
    )
    yield Skipped(TRICKY, f"excluded: {TRICKY}")
    yield CouldNotRun(TRICKY, TRICKY)
    yield CouldNotRun(f"{TRICKY}:7:2", TRICKY)


def marks() -> Callable[[Report, Row], str]:
    count = iter(range(1_000_000))
    return lambda report, row: f"{next(count):032x}"


RENDERERS: dict[str, Callable[..., Iterator[str]]] = {
    "github": github.render,
    "gitlab": lambda items, tally: gitlab.render(items, tally, fingerprint=marks()),
    "junit": lambda items, tally: junit.render(items, tally, version="1.2.3", at="2026-11-22T00:00:00"),
    "checkstyle": lambda items, tally: checkstyle.render(items, tally, version="1.2.3"),
}
RENDERERS["rdjson"] = lambda items, tally: rdjson.render(
    items, tally, rules=RULES, text=lambda path, number: "e" * 80, is_harmless=lambda path, number: True
)
RENDERERS["markdown"] = markdown.render
RENDERERS["html"] = lambda items, tally: html.render(
    items, tally, about=html.About("a", "2026-11-22", "1"), rules=RULES, quote=lambda path, row: None
)
STREAMED = ("github", "gitlab", "junit", "checkstyle", "rdjson")


def of(format: str, items: Any, tally: Tally | None = None) -> str:
    return "".join(RENDERERS[format](items, tally or Tally()))


def test_github() -> None:
    path = r"docs/the page #1 \x1b[2J\udcff.md"
    assert of("github", run()) == (
        "::warning file=app/service.py,line=1,endLine=1,col=5,endColumn=10,title=logging/print-call"
        "::`print` in program text; use a logger\n"
        f"::warning file={path},line=7,endLine=7,col=15,endColumn=25,title=dates/stale-last-updated"
        "::older than today in a changed file\n"
        f"::error file={path},line=8,endLine=8,col=4,endColumn=5,title=unicode/bidirectional-control"
        "::`\\u202e` turns the text around\n"
        f"::warning file={path},line=9,endLine=9,col=1,endColumn=13,title=dates/hardcoded-date"
        "::a date in program text (historical)\n"
        f"::warning file={path},line=11,endLine=11,col=1,endColumn=13,title=dates/hardcoded-date"
        "::a date in program text (would be blocked at stage `block`)\n"
        "::error title=auto-enforcer could not run::logging/print-call: ValueError in `app/other.py:3`\n"
        "auto-enforcer: 3 blocked, 2 warnings in 2 of 3 files; 1 of them historical; 1 new is blocked; "
        "1 suppressed; 2 would be blocked at stage `block`\n"
    )


def test_the_runner_of_github_reads_what_was_meant_and_nothing_else() -> None:
    commands = list(workflow_commands(of("github", tricky())))
    assert [command.name for command in commands] == ["error", "notice", "error", "error"]
    assert commands[0].properties == {
        "file": printable(TRICKY),
        "line": "1",
        "endLine": "1",
        "col": "4",
        "endColumn": "10",
        "title": "debt/todo-comment",
    }
    assert commands[0].message == printable(f"`{TRICKY}` is left")
    assert commands[1].message == printable(f"`{TRICKY}` is left (historical)")
    assert commands[2].message == printable(f"{TRICKY}: {TRICKY}")
    place = {"file": printable(TRICKY), "line": "7", "col": "2", "title": "auto-enforcer could not run"}
    assert commands[3].properties == place


def test_gitlab() -> None:
    found = json.loads(of("gitlab", run()))
    assert found[0] == {
        "type": "issue",
        "check_name": "logging/print-call",
        "description": "`print` in program text; use a logger",
        "severity": "minor",
        "fingerprint": "0" * 32,
        "location": {"path": "app/service.py", "lines": {"begin": 1}},
    }
    assert [one["severity"] for one in found] == ["minor", "minor", "critical", "minor", "minor", "blocker"]
    assert found[3]["description"] == "a date in program text (historical)"
    assert found[5]["check_name"] == "enforcer/could-not-run"
    assert found[5]["location"] == {"path": "logging/print-call", "lines": {"begin": 1}}


@pytest.mark.parametrize("items", [run, tricky, tuple])
def test_gitlab_takes_the_report(items: Callable[[], Any]) -> None:
    written = of("gitlab", items())
    found = json.loads(written)
    jsonschema.validate(found, CODE_QUALITY)
    assert written.isascii()
    assert all(one["description"].isprintable() for one in found), "a database refuses a NUL"


def test_gitlab_is_told_of_all_that_could_not_run() -> None:
    items = [CouldNotRun("enforcer.toml:3:5", "no such rule")] + [CouldNotRun("a", "b")] * 1_500
    found = json.loads(of("gitlab", items))
    assert len(found) == 1_001
    assert found[0]["location"] == {"path": "enforcer.toml", "lines": {"begin": 3}}
    assert found[-1]["description"] == "501 more could not run"


@pytest.mark.parametrize("items", [run, tricky, tuple])
def test_junit_is_of_its_form(items: Callable[[], Any]) -> None:
    assert junit_problems(of("junit", items())) == []


def test_junit_fails_for_what_blocks_alone() -> None:
    root = ElementTree.fromstring(of("junit", run()))
    told = [
        (suite.get("name"), case.get("name"), *((one.tag, one.get("message")) for one in case))
        for suite in root
        for case in suite.iter("testcase")
    ]
    path = r"docs/the page #1 \x1b[2J\udcff.md"
    assert told == [
        (
            "app/service.py",
            "logging/print-call at 1:5",
            ("skipped", "warning: `print` in program text; use a logger"),
        ),
        (
            "app/service.py",
            "errors/swallowed-exception at 10:9",
            ("skipped", "suppressed: the file may be gone"),
        ),
        (
            path,
            "dates/stale-last-updated at 7:15",
            ("skipped", "warning: older than today in a changed file"),
        ),
        (path, "unicode/bidirectional-control at 8:4", ("failure", r"`\u202e` turns the text around")),
        (
            path,
            "dates/hardcoded-date at 9:1",
            ("skipped", "blocked, historical: a date in program text"),
        ),
        (
            path,
            "dates/hardcoded-date at 11:1",
            ("skipped", "blocked, would be blocked at stage `block`: a date in program text"),
        ),
        ("auto-enforcer", "logging/print-call", ("error", "ValueError in `app/other.py:3`")),
    ]
    assert [suite.get("failures") for suite in root] == ["0", "1", "0"]
    counts = {one.get("name"): one.get("value") for one in root[-1].iter("property")}
    assert counts["historical"] == counts["suppressed"] == "1"
    assert counts["would-block"] == "2"


def test_junit_of_a_clean_run_has_a_case_that_passes() -> None:
    (suite,) = ElementTree.fromstring(of("junit", [Report("a.py", ())]))
    assert suite.get("tests") == "1"
    assert [len(case) for case in suite.iter("testcase")] == [0]


def test_junit_cuts_a_file_of_many_violations_into_suites() -> None:
    rows = [(Row(number, PRINT), judge(Severity.BLOCKED)) for number in range(1_200)]
    written = of("junit", [Report("a.py", rows)])
    assert junit_problems(written) == []
    assert [suite.get("tests") for suite in ElementTree.fromstring(written)] == ["500", "500", "200", "1"]


def test_checkstyle() -> None:
    root = ElementTree.fromstring(of("checkstyle", run()))
    assert [file.get("name") for file in root] == [
        "app/service.py",
        r"docs/the page #1 \x1b[2J\udcff.md",
        "logging/print-call",
    ]
    assert root[0][0].attrib == {
        "line": "1",
        "column": "5",
        "severity": "warning",
        "message": "`print` in program text; use a logger",
        "source": "logging/print-call",
    }
    assert [error.get("severity") for error in root[1]] == ["warning", "error", "warning", "warning"]
    assert root[1][2].get("message") == "a date in program text (historical)"
    assert root[2][0].attrib == {
        "line": "1",
        "severity": "error",
        "message": "logging/print-call: ValueError in `app/other.py:3`",
        "source": "enforcer/could-not-run",
    }


@pytest.mark.parametrize("items", [run, tricky, tuple])
def test_checkstyle_is_of_its_form(items: Callable[[], Any]) -> None:
    assert checkstyle_problems(of("checkstyle", items())) == []


@pytest.mark.parametrize("format", ["checkstyle", "junit"])
def test_what_is_tricky_is_read_back_from_xml(format: str) -> None:
    root = ElementTree.fromstring(of(format, tricky()))
    said = " ".join(value for one in root.iter() for value in one.attrib.values())
    assert said.count(printable(f"`{TRICKY}` is left")) == 2
    assert {one.tag for one in root.iter()} <= {
        *("checkstyle", "file", "error", "testsuites", "testsuite", "properties", "property", "testcase"),
        *("failure", "skipped", "system-out", "system-err"),
    }


TEXT = ("ä = sorted(list(x))", "  if é == None:", "    pass", "last")
LIST = Violation(
    "python/list-of-list",
    "a list of a list",
    4,
    19,
    (Fix("Keep one", True, (Edit(0, 4, 0, 11, ""), Edit(0, 18, 0, 19, ""))),),
)
SPREAD = Violation(
    "python/x", "over lines", 7, 14, (Fix("Move", True, (Edit(0, 7, 0, 9, "is"), Edit(1, 4, 2, 0, "\n"))),)
)


def diagnostics(*rows: tuple[int, Violation], secret: int = -1, **more: Any) -> Any:
    given: dict[str, Any] = {
        "rules": RULES,
        "text": lambda path, number: TEXT[number] if number < len(TEXT) else None,
        "is_harmless": lambda path, number: number != secret,
        **more,
    }
    items = [Report("a.py", [(Row(number, found), judge(Severity.BLOCKED)) for number, found in rows])]
    read = json.loads("".join(rdjson.render(items, Tally(), **given)))
    jsonschema.validate(read, DIAGNOSTIC_RESULT)
    return read["diagnostics"]


def span(line: int, column: int, end_line: int, end_column: int) -> Any:
    return {
        "start": {"line": line, "column": column},
        "end": {"line": end_line, "column": end_column},
    }


def test_rdjson_counts_in_bytes() -> None:
    (found,) = diagnostics((0, LIST))
    assert found["location"] == {"path": "a.py", "range": span(1, 6, 1, 21)}
    assert found["severity"] == "ERROR"
    assert found["code"] == {"value": "python/list-of-list"}
    print_call = diagnostics((3, PRINT._replace(start=0, end=4)))[0]
    assert print_call["code"]["url"] == RULES["logging/print-call"].url


def test_rdjson_suggests_fixes_of_several_edits_as_one_range() -> None:
    (found,) = diagnostics((0, LIST))
    assert found["suggestions"] == [{"range": span(1, 6, 1, 21), "text": "list(x)"}]
    (found,) = diagnostics((1, SPREAD))
    assert found["suggestions"] == [{"range": span(2, 9, 4, 1), "text": "is None:\n    \n"}]


def test_rdjson_repeats_no_line_with_a_secret_for_a_fix() -> None:
    assert "suggestions" not in diagnostics((0, LIST), secret=0)[0]
    assert "suggestions" not in diagnostics((1, SPREAD), secret=2)[0]
    one = Violation("a/b", "m", 0, 1, (Fix("Write", True, (Edit(0, 0, 0, 1, "x"),)),))
    assert diagnostics((0, one), secret=0)[0]["suggestions"], "one edit repeats nothing"


def test_rdjson_suggests_nothing_that_cannot_be_said() -> None:
    for edits in (
        (),
        (Edit(0, 0, 0, 5, "x"), Edit(0, 3, 0, 6, "y")),
        (Edit(0, 0, 0, 1, "\ud800"),),
        (Edit(0, 0, 0, 1, ""), Edit(30, 0, 30, 1, "")),
    ):
        found = Violation("a/b", "m", 0, 1, (Fix("t", True, edits),))
        assert "suggestions" not in diagnostics((0, found))[0], edits


def test_rdjson_of_lines_that_are_not_known_names_the_line_alone() -> None:
    (found,) = diagnostics((0, LIST), text=lambda path, number: None)
    assert found["location"]["range"] == {"start": {"line": 1}}
    assert "suggestions" not in found


@pytest.mark.parametrize("items", [run, tricky, tuple])
def test_reviewdog_takes_the_report(items: Callable[[], Any]) -> None:
    written = of("rdjson", items())
    found = json.loads(written)
    jsonschema.validate(found, DIAGNOSTIC_RESULT)
    assert written.isascii()
    assert all(one["message"].isprintable() for one in found["diagnostics"])


def test_markdown() -> None:
    written = of("markdown", run())
    assert written.splitlines() == [
        "## auto-enforcer: could not do all of its work",
        "",
        "3 blocked, 2 warnings in 2 of 3 files; 1 of them historical; 1 new is blocked; 1 suppressed; "
        "2 would be blocked at stage `block`",
        "",
        "only observed: 1 violation",
        "",
        "### Could not run",
        "",
        "- `logging/print-call`: ValueError in `app/other.py:3`",
        "",
        "| family | blocked | warnings |",
        "|---|---:|---:|",
        "| dates | 2 | 1 |",
        "| unicode | 1 | 0 |",
        "| logging | 0 | 1 |",
        "",
        "| severity | place | rule | message |",
        "|---|---|---|---|",
        r"| **blocked** | `docs/the page #1 \x1b[2J\udcff.md:8:4` | `unicode/bidirectional-control` "
        r"| `\u202e` turns the text around |",
        r"| blocked | `docs/the page #1 \x1b[2J\udcff.md:11:1` | `dates/hardcoded-date` "
        "| a date in program text (would be blocked at stage `block`) |",
        "| warning | `app/service.py:1:5` | `logging/print-call` | `print` in program text; use a logger |",
        r"| warning | `docs/the page #1 \x1b[2J\udcff.md:7:15` | `dates/stale-last-updated` "
        "| older than today in a changed file |",
        r"| blocked | `docs/the page #1 \x1b[2J\udcff.md:9:1` | `dates/hardcoded-date` "
        "| a date in program text (historical) |",
    ]


def test_what_is_old_is_told_from_what_gates(ae: Command, workspace: Any) -> None:
    """A page that has passed says what of its counts is old."""
    fill(workspace, {"a.py": BLOCKED})
    assert ae("baseline").code == 0
    done = ae("check", "--format", "markdown")
    assert done.code == 0
    assert done.out.startswith("## auto-enforcer: nothing new is blocked\n")
    assert "1 of them historical, in the baseline; nothing new is blocked\n" in done.out
    assert "Passed: nothing new is blocked" in ae("check", "--format", "html").out


def test_markdown_marks_up_nothing_of_a_workspace() -> None:
    written = of("markdown", tricky())
    rows = [line for line in written.splitlines() if line.startswith("| ")]
    assert {line.replace("\\|", "").count("|") for line in rows[1:2]} == {4}
    assert {line.replace("\\|", "").count("|") for line in rows[2:]} == {5}
    for mark in ("<script", "[x](http", "@all", "#12 ", "http://"):
        assert mark not in written, mark


def test_markdown_stays_short_enough_for_a_comment() -> None:
    long = Violation("a/b", "m" * 450, 0, 1)
    rows = [(Row(number, long), judge(Severity.WARNING)) for number in range(3_000)]
    rows += [(Row(9_999, HIDDEN), judge(Severity.BLOCKED))]
    rows += [(Row(5, OLD), judge(Severity.WARNING))]
    tally = Tally()
    written = of("markdown", [Report("a.py", rows)], tally)
    assert 50_000 < len(written) < 62_000
    shown = [line for line in written.splitlines() if "`a.py:" in line]
    assert "`a.py:10000:4`" in shown[0], "what blocks goes first"
    assert any("dates/hardcoded-date" in line for line in shown), "no rule has the report to itself"
    assert f"\n{3_002 - len(shown):} more violations: see the whole report.\n" in written
    assert tally.warnings == 3_001


@pytest.mark.parametrize("format", RENDERERS)
def test_what_could_not_run_is_in_every_format(format: str) -> None:
    """Also where nothing was found: no report of a run that failed looks clean."""
    tally = Tally()
    written = of(format, [CouldNotRun("lib/a.py", "cannot be read")], tally)
    assert "lib/a.py" in written
    assert "cannot be read" in written
    assert tally.failures == 1


@pytest.mark.parametrize("format", RENDERERS)
def test_the_tally_is_that_of_every_format(format: str) -> None:
    tally = Tally()
    of(format, run(), tally)
    assert (tally.blocked, tally.warnings, tally.historical, tally.suppressed) == (3, 2, 1, 1)
    assert tally.gates


ANY_TEXT = st.lists(
    st.characters(exclude_categories=())
    | st.sampled_from(["::", "##[", "%0A", "]]>", "-->", "`", "|", "<b ", "&#"]),
    min_size=1,
    max_size=12,
).map("".join)


@given(path=ANY_TEXT, message=ANY_TEXT, reason=ANY_TEXT)
@settings(max_examples=examples(30))
def test_any_text_is_told_and_read_back(path: str, message: str, reason: str) -> None:
    violation = Violation("a/b", message, 0, 1)
    allowed = Suppression(("a",), reason, None, 0, 1)

    def items() -> Iterator[Item]:
        row = Row(0, violation)
        yield Report(path, [(row, judge(Severity.BLOCKED))])
        yield Report(
            path, [(row._replace(suppression=allowed), judge(Severity.BLOCKED, suppressed=True))], beside=True
        )
        yield CouldNotRun(path, message)

    said = printable(message)
    command, failure = workflow_commands(of("github", items()))
    assert (command.properties["file"], command.message) == (printable(path), said)
    assert failure.message == f"{printable(path)}: {said}"
    for format, schema, name in (
        ("gitlab", CODE_QUALITY, "description"),
        ("rdjson", DIAGNOSTIC_RESULT, "message"),
    ):
        found = json.loads(of(format, items()))
        jsonschema.validate(found, schema)
        assert (found if format == "gitlab" else found["diagnostics"])[0][name] == said
    for format, problems in (("checkstyle", checkstyle_problems), ("junit", junit_problems)):
        written = of(format, items())
        assert problems(written) == []
        root = ElementTree.fromstring(written)
        assert said in [one.get("message") for one in root.iter()]
    assert printable(reason) in [one.get("message", "")[12:] for one in root.iter("skipped")]


@pytest.mark.parametrize("format", STREAMED)
def test_the_first_violation_is_written_before_the_last_is_found(format: str) -> None:
    asked = 0

    def rows() -> Iterator[Any]:
        nonlocal asked
        for number in range(5_000):
            asked += 1
            yield Row(number, HIDDEN if number % 2 else OLD), judge(Severity.BLOCKED)

    chunks = RENDERERS[format]([Report("a.py", rows())], Tally())
    while "unicode" not in next(chunks):
        pass
    assert asked < 600


def test_a_stage_that_does_not_block_yet_is_told() -> None:
    items = [Report("a.py", [(Row(0, PRINT), judge(Severity.BLOCKED, stage=Stage.WARN))])]
    for format in RENDERERS:
        assert "stage `block`" in of(format, items).replace("<code>block</code>", "`block`"), format


BLOCKED = 'due = "2026-02-31"\n'


def test_the_command_writes_a_report_to_a_file(ae: Command, workspace: Any) -> None:
    fill(workspace, {"a.py": BLOCKED, "reports/.gitkeep": ""})
    out = "reports/it is.xml"
    done = ae("check", "--format", "checkstyle", "-o", out, ".", "none.py")
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[0].endswith(f"; see {out}")
    assert "error: none.py: there is no such file or folder\n" in done.err
    assert checkstyle_problems((workspace / out).read_text("ascii")) == []
    assert sorted(path.name for path in (workspace / "reports").iterdir()) == [".gitkeep", "it is.xml"]


def test_a_report_is_not_checked_when_it_is_made_again(ae: Command, workspace: Any) -> None:
    fill(workspace, {"a.py": BLOCKED})
    for again in (False, True):
        assert ae("check", "-v", "-o", "plain.txt", "--color", "auto").code == 1
        written = (workspace / "plain.txt").read_text("utf-8")
        assert "dates/impossible-date" in written
        assert ("plain.txt: skipped report" in written) == again


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("", "`--output` is empty; give the file that the report goes to"),
        ("-", "`--output -`: leave it out for standard output; a file of that name is `./-`"),
        ("src", "src is a folder; give the file that the report goes to"),
        ("none/a.xml", "none/a.xml: there is no such folder; make it first"),
    ],
)
def test_a_report_that_cannot_be_written_is_told_before_the_run(
    ae: Command, workspace: Any, path: str, said: str
) -> None:
    fill(workspace, {"src/a.py": BLOCKED})
    done = ae("check", "--output", path)
    assert (done.code, done.out, done.err) == (2, "", f"auto-enforcer: {said}\n")


def test_a_fifo_is_not_replaced_by_a_report(ae: Command, workspace: Any) -> None:
    os.mkfifo(workspace / "pipe")
    done = ae("check", "--output", "pipe")
    assert done == Done(
        2, "", "auto-enforcer: pipe is no regular file; leave `--output` out and redirect instead\n"
    )


@pytest.mark.parametrize("format", ["rdjson", "html"])
def test_what_is_piped_or_staged_is_quoted_as_it_was_checked(
    ae: Command, workspace: Any, format: str
) -> None:
    """Not as the disk has it: `é` moves the columns in bytes, and the line is told."""
    (workspace / ".git").rmdir()
    text = "e = 'é' == None\n"
    fill(workspace, {"a.py": text})
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    for arguments in (
        ("init", "-q"),
        (*identity, "commit", "-q", "--allow-empty", "-m", "empty"),
        ("add", "a.py"),
    ):
        subprocess.run(["git", *arguments], cwd=workspace, check=True, capture_output=True)
    fill(workspace, {"a.py": "xx = 1\n"})
    for done in (
        ae("check", "--format", format, "-", "--stdin-path", "a.py", given=text.encode()),
        ae("check", "--format", format, "--staged"),
    ):
        assert done.code == 0, done.err
        if format == "html":
            assert "<pre><code>e = &#39;&#233;&#39; <mark>== None</mark></code></pre>" in done.out
        else:
            (found,) = json.loads(done.out)["diagnostics"]
            assert found["location"]["range"] == span(1, 10, 1, 17)
            assert found["suggestions"] == [{"range": span(1, 10, 1, 12), "text": "is"}]


SCHEMAS = os.environ.get("AUTO_ENFORCER_REPORT_SCHEMAS", "")


@pytest.mark.skipif(not SCHEMAS, reason="no folder with `DiagnosticResult.json`, `JUnit.xsd`, `junit-10.xsd`")
@pytest.mark.parametrize("items", [run, tricky, tuple])
def test_the_readers_own_schemas_agree(items: Callable[[], Any]) -> None:
    """Reviewdog's, Ant's as windyroad writes it, and that of Jenkins' xUnit plugin."""
    with open(os.path.join(SCHEMAS, "DiagnosticResult.json"), encoding="utf-8") as file:
        jsonschema.Draft4Validator(json.load(file)).validate(json.loads(of("rdjson", items())))
    xmlschema = pytest.importorskip("xmlschema")
    for name in ("JUnit.xsd", "junit-10.xsd"):
        xmlschema.XMLSchema(os.path.join(SCHEMAS, name)).validate(of("junit", items()))
