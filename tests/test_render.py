"""The renderers: what each format says of the same run, and that it says it in bounded memory."""

from __future__ import annotations

import copy
import json
import os
import tracemalloc
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import jsonschema
import pytest

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
    Verdict,
    Violation,
)
from auto_enforcer.render import json as json_document
from auto_enforcer.render import jsonl, sarif, text
from auto_enforcer.render.items import CouldNotRun, Item, RuleInfo, Tally
from auto_enforcer.verdict import judge
from effort import THOROUGH
from sarif_schema import SARIF

PRINT = Violation("logging/print-call", "`print` in program text; use a logger", 4, 9)
OLD = Violation("dates/hardcoded-date", "a date in program text", 0, 12)
FIXED = Violation(
    "dates/stale-last-updated",
    "older than today in a changed file",
    14,
    24,
    (Fix("write today's date", True, (Edit(0, 14, 0, 24, "2026-11-22"), Edit(1, 0, 2, 0, ""))),),
)
HIDDEN = Violation("unicode/bidirectional-control", "`\u202e` turns the text around", 3, 4)
SUPPRESSED = Violation("errors/swallowed-exception", "the failure vanishes", 8, 14)
ALLOWED = Suppression(("errors",), "the file may be gone", date(2027, 1, 31), 20, 60)


def row(number: int, violation: Violation, severity: Severity, **verdict: Any) -> tuple[Row, Verdict]:
    suppression = ALLOWED if violation is SUPPRESSED else None
    return Row(number, violation, suppression), judge(severity, suppressed=suppression is not None, **verdict)


def run() -> Iterator[Item]:
    """A run with one of each thing that a renderer may meet."""
    yield Report(
        "app/service.py", iter([row(0, PRINT, Severity.WARNING), row(9, SUPPRESSED, Severity.BLOCKED)])
    )
    yield Skipped("logo.png", "binary")
    yield Report("empty.py", ())
    yield Report(
        "docs/the page #1 \x1b[2J\udcff.md",
        iter(
            [
                row(6, FIXED, Severity.WARNING),
                row(7, HIDDEN, Severity.BLOCKED),
                row(8, OLD, Severity.BLOCKED, scope=Scope.HISTORICAL),
                row(9, OLD, Severity.BLOCKED, scope=Scope.HISTORICAL, historical="off"),
                row(10, OLD, Severity.BLOCKED, stage=Stage.WARN),
                row(11, OLD, Severity.BLOCKED, stage=Stage.OBSERVE),
            ]
        ),
    )
    yield Skipped("closed", "unreadable: Permission denied")
    yield Skipped("shut", "unreadable: Is a directory")
    yield CouldNotRun("logging/print-call", "ValueError in `app/other.py:3`")


RULES = {
    "logging/print-call": RuleInfo(
        "logging/print-call",
        "a print in program text",
        Severity.WARNING,
        "https://example.org/logging.md#print-call",
        "## logging/print-call\n\nOutput that nobody can\nswitch off.\n\n**Finds** more.\n",
    )
}


def sarif_of(items: Iterable[Item], **arguments: Any) -> str:
    given = {
        "version": "1.2.3",
        "rules": RULES,
        "fingerprint": lambda report, row: f"{report.path}:{row.violation.rule}",
    }
    return "".join(sarif.render(items, Tally(), **{**given, **arguments}))


def test_text() -> None:
    assert (
        "".join(text.render(run(), Tally(), verbose=True))
        == r"""app/service.py:1:5: warning logging/print-call  `print` in program text; use a logger
logo.png: skipped binary
docs/the page #1 \x1b[2J\udcff.md:7:15: warning dates/stale-last-updated  older than today in a changed file
docs/the page #1 \x1b[2J\udcff.md:8:4: blocked unicode/bidirectional-control  `\u202e` turns the text around
docs/the page #1 \x1b[2J\udcff.md:9:1: blocked (historical) dates/hardcoded-date  a date in program text
docs/the page #1 \x1b[2J\udcff.md:11:1: blocked (stage warn) dates/hardcoded-date  a date in program text
docs/the page #1 \x1b[2J\udcff.md:12:1: blocked (stage observe) dates/hardcoded-date  a date in program text
closed: skipped unreadable: Permission denied
shut: skipped unreadable: Is a directory

blocked  warnings  family
      2         1  dates
      1         0  unicode
      0         1  logging

3 blocked, 2 warnings in 2 of 3 files; 1 of them historical; 1 new is blocked; 1 suppressed; """
        r"""2 would be blocked at stage `block`
would be blocked: dates/hardcoded-date (2)
only observed: 1 violation
skipped 3 files: 1 binary, 2 unreadable
error: logging/print-call: ValueError in `app/other.py:3`
"""
    )


def test_text_of_a_clean_run_is_one_line() -> None:
    assert "".join(text.render([Report("a.py", ())], Tally())) == "nothing found in 1 file\n"


def test_text_names_the_rules_of_most_violations_where_there_are_many() -> None:
    """They are those that a new user turns off first."""

    def said(count: int) -> str:
        rows = [row(1, PRINT, Severity.WARNING)] * (count - 3)
        rows += [row(2, FIXED, Severity.WARNING)] * 2 + [row(3, HIDDEN, Severity.BLOCKED)]
        return "".join(text.render([Report("a.py", rows)], Tally()))

    assert "most often" not in said(49)
    assert said(50).endswith(
        "\n\nmost often: logging/print-call (47), dates/stale-last-updated (2), "
        "unicode/bidirectional-control (1)\n"
        "1 blocked, 49 warnings in 1 of 1 file\n"
    )
    alone = [Report("a.py", [row(1, PRINT, Severity.WARNING)] * 60)]
    assert "most often" not in "".join(text.render(alone, Tally()))


def test_a_file_is_counted_once_however_often_something_is_told_of_it() -> None:
    """What is told beside the rows of checked files may be about one of these, or about another file."""
    of_file = [row(0, PRINT, Severity.WARNING)]
    beside = [Report("enforcer.toml", of_file, beside=True) for _ in range(4)]
    for items, said in (
        ([Report("enforcer.toml", ()), *beside], "4 warnings in 1 of 1 file"),
        ([Report("enforcer.toml", of_file), *beside], "5 warnings in 1 of 1 file"),
        ([Report("a.py", ()), *beside], "4 warnings in 1 of 2 files"),
        ([Report("a.py", of_file), Report("b.py", ()), *beside], "5 warnings in 2 of 3 files"),
        ([Report("a.py", ()), Report("b.py", (), beside=True)], "nothing found in 1 file"),
    ):
        assert said in "".join(text.render(items, Tally()))


def test_text_names_skipped_files_only_when_asked() -> None:
    said = "".join(text.render([Skipped("logo.png", "binary")], Tally()))
    assert said == "no files to check\nskipped 1 file: 1 binary (`-v` names them)\n"


def test_colours_change_nothing_but_colour() -> None:
    painted = "".join(text.render(run(), Tally(), colour=True, verbose=True))
    for code in ("\x1b[31m", "\x1b[33m", "\x1b[1m", "\x1b[2m", "\x1b[0m"):
        assert code in painted
        painted = painted.replace(code, "")
    assert painted == "".join(text.render(run(), Tally(), verbose=True))


def test_jsonl() -> None:
    lines = "".join(jsonl.render(run(), Tally())).splitlines()
    assert lines[0] == (
        '{"path": "app/service.py", "line": 1, "column": 5, "end_line": 1, "end_column": 10, '
        '"rule": "logging/print-call", "severity": "warning", "scope": "new", '
        '"message": "`print` in program text; use a logger"}'
    )
    objects = [json.loads(line) for line in lines]
    assert [(found["line"], found["severity"], found["scope"]) for found in objects] == [
        (1, "warning", "new"),
        (7, "warning", "new"),
        (8, "blocked", "new"),
        (9, "blocked", "historical"),
        (11, "blocked", "new"),
    ]
    assert [found.get("stage") for found in objects] == [None, None, None, None, "warn"]
    assert objects[1]["path"] == "docs/the page #1 \x1b[2J\udcff.md"


def test_json() -> None:
    document = json.loads("".join(json_document.render(run(), Tally(), version="1.2.3", verbose=True)))
    assert document["version"] == "1.2.3"
    assert document["violations"] == [json.loads(line) for line in jsonl.render(run(), Tally())]
    assert document["summary"] == {
        "blocked": 3,
        "warnings": 2,
        "historical": 1,
        "baselined": 0,
        "unused_baseline_entries": 0,
        "suppressed": 1,
        "observed": 1,
        "would_block": 2,
        "would_block_rules": {"dates/hardcoded-date": 2},
        "families": {
            "dates": {"blocked": 2, "warnings": 1},
            "logging": {"blocked": 0, "warnings": 1},
            "unicode": {"blocked": 1, "warnings": 0},
        },
        "files": 3,
        "files_with_violations": 2,
        "skipped": {"binary": 1, "unreadable": 2},
        "failures": 1,
        "could_not_run": [{"what": "logging/print-call", "why": "ValueError in `app/other.py:3`"}],
    }
    assert document["skipped"][0] == {"path": "logo.png", "reason": "binary"}


def test_json_of_a_clean_run() -> None:
    document = json.loads("".join(json_document.render([], Tally(), version="1")))
    assert document["violations"] == []
    assert "skipped" not in document


def test_sarif_results() -> None:
    results = json.loads(sarif_of(run()))["runs"][0]["results"]
    page = "docs/the%20page%20%231%20%1B%5B2J%FF.md"
    assert results[0] == {
        "ruleId": "logging/print-call",
        "ruleIndex": 0,
        "level": "warning",
        "message": {"text": "`print` in program text; use a logger"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "app/service.py", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 1, "startColumn": 5, "endLine": 1, "endColumn": 10},
                }
            }
        ],
        "partialFingerprints": {"autoEnforcer/v1": "app/service.py:logging/print-call"},
        "properties": {"scope": "new"},
    }
    assert results[1]["suppressions"] == [
        {"kind": "inSource", "status": "accepted", "justification": "the file may be gone"}
    ]
    assert results[2]["fixes"] == [
        {
            "description": {"text": "write today's date"},
            "artifactChanges": [
                {
                    "artifactLocation": {"uri": page, "uriBaseId": "%SRCROOT%"},
                    "replacements": [
                        {
                            "deletedRegion": {
                                "startLine": 7,
                                "startColumn": 15,
                                "endLine": 7,
                                "endColumn": 25,
                            },
                            "insertedContent": {"text": "2026-11-22"},
                        },
                        {
                            "deletedRegion": {"startLine": 8, "startColumn": 1, "endLine": 9, "endColumn": 1},
                            "insertedContent": {"text": ""},
                        },
                    ],
                }
            ],
        }
    ]
    assert [result["level"] for result in results] == [
        "warning",
        "error",
        "warning",
        "error",
        "warning",
        "warning",
    ]
    assert [result["ruleIndex"] for result in results] == [0, 1, 2, 3, 4, 4]
    assert [result["properties"].get("stage") for result in results] == [*[None] * 5, "warn"]


def test_sarif_says_what_the_rules_are_and_what_could_not_run() -> None:
    [log] = json.loads(sarif_of(run(), root="/home/a b", url="https://example.org/"))["runs"]
    assert log["tool"]["driver"] == {
        "name": "auto-enforcer",
        "version": "1.2.3",
        "semanticVersion": "1.2.3",
        "informationUri": "https://example.org/",
        "rules": log["tool"]["driver"]["rules"],
    }
    known, *unknown = log["tool"]["driver"]["rules"]
    assert known == {
        "id": "logging/print-call",
        "shortDescription": {"text": "a print in program text"},
        "fullDescription": {"text": "Output that nobody can switch off."},
        "help": {
            "text": RULES["logging/print-call"].markdown,
            "markdown": RULES["logging/print-call"].markdown,
        },
        "defaultConfiguration": {"level": "warning"},
        "helpUri": "https://example.org/logging.md#print-call",
        "properties": {"tags": ["logging"]},
    }
    assert [rule["id"] for rule in unknown][:2] == ["errors/swallowed-exception", "dates/stale-last-updated"]
    assert log["properties"] == {
        "observed": 1,
        "wouldBlock": [{"ruleId": "dates/hardcoded-date", "count": 2}],
    }
    assert log["originalUriBaseIds"] == {"%SRCROOT%": {"uri": "file:///home/a%20b/"}}
    assert log["invocations"] == [
        {
            "executionSuccessful": False,
            "toolExecutionNotifications": [
                {
                    "level": "error",
                    "message": {"text": "logging/print-call: ValueError in `app/other.py:3`"},
                }
            ],
        }
    ]


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("a.py", {"uri": "a.py", "uriBaseId": "%SRCROOT%"}),
        ("../a:b.py", {"uri": "../a%3Ab.py", "uriBaseId": "%SRCROOT%"}),
        ("päth/日.py", {"uri": "p%C3%A4th/%E6%97%A5.py", "uriBaseId": "%SRCROOT%"}),
        ("/tmp/a b.py", {"uri": "file:///tmp/a%20b.py"}),
        ("C:/a b.py", {"uri": "file:///C:/a%20b.py"}),
        ("half\ud800.py", {"uri": "half%ED%A0%80.py", "uriBaseId": "%SRCROOT%"}),
    ],
)
def test_sarif_paths_are_references(path: str, location: dict[str, str]) -> None:
    [log] = json.loads(sarif_of([Report(path, [row(0, PRINT, Severity.WARNING)])]))["runs"]
    assert log["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"] == location


def test_sarif_looks_up_only_rules_that_have_results() -> None:
    class Pages(dict[str, RuleInfo]):
        def get(self, name: str, default: Any = None) -> Any:
            asked.append(name)
            return default

    asked: list[str] = []
    sarif_of([Report("a.py", [row(0, PRINT, Severity.WARNING)] * 3)], rules=Pages())
    assert asked == ["logging/print-call"]


def logs() -> list[Any]:
    return [
        json.loads(sarif_of(run(), root="/home/a b", url="https://example.org/")),
        json.loads(sarif_of(run(), root="C:/a b")),
        json.loads(sarif_of([])),
    ]


def test_sarif_is_valid() -> None:
    for log in logs():
        jsonschema.validate(log, SARIF)


def test_the_schema_refuses_what_is_wrong() -> None:
    validator = jsonschema.Draft202012Validator(SARIF)
    wrong = list(wrong_logs())
    assert len(wrong) > 200
    accepted = {place.rpartition("/")[2] for place, log in wrong if validator.is_valid(log)}
    assert accepted == {"partialFingerprints"}, "any name may stand there, and nothing else is free"


@pytest.mark.skipif("AUTO_ENFORCER_SARIF_SCHEMA" not in os.environ, reason="no standard schema")
def test_the_standards_own_schema_agrees() -> None:
    with open(os.environ["AUTO_ENFORCER_SARIF_SCHEMA"], encoding="utf-8") as file:
        standard = json.load(file)
    validator = jsonschema.validators.validator_for(standard)(standard)
    for log in logs():
        validator.validate(log)
    assert sum(not validator.is_valid(log) for _, log in wrong_logs()) > 150


def wrong_logs() -> Iterator[tuple[str, Any]]:
    """A log with one value of another type or out of bounds, for each of its values, and the place."""
    log = json.loads(sarif_of(run(), root="/home/a b", url="https://example.org/"))
    del log["runs"][0]["results"][3:], log["runs"][0]["tool"]["driver"]["rules"][1:]
    for path in places(log):
        for wrong in (None, -1, {"nobody": "knows"}):
            mutant = copy.deepcopy(log)
            inner = mutant
            for key in path[:-1]:
                inner = inner[key]
            inner[path[-1]] = wrong
            yield "/".join(map(str, path)), mutant


def places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield (*above, key)
        yield from places(inner, (*above, key))


MANY = 100_000 if THOROUGH else 20_000


def many() -> Iterator[Item]:
    yield Report("big.py", (row(number, PRINT, Severity.BLOCKED) for number in range(MANY)))


@pytest.mark.parametrize("kind", ["text", "jsonl", "json", "sarif"])
def test_ever_so_many_violations_in_one_file_stream_through(kind: str) -> None:
    tally = Tally()
    about_rules = {"rules": RULES, "fingerprint": lambda report, row: "f"}
    module, given = {
        "text": (text, {}),
        "jsonl": (jsonl, {}),
        "json": (json_document, {"version": "1"}),
        "sarif": (sarif, {"version": "1", **about_rules}),
    }[kind]
    list(module.render(run(), Tally(), **given))  # imports what it needs
    tracemalloc.start()
    try:
        written = sum(len(chunk) for chunk in module.render(many(), tally, **given))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert tally.blocked == MANY
    assert written > 50 * MANY
    assert peak < 200_000


def test_the_tally_says_what_the_exit_code_must_be() -> None:
    clean, blocked, failed = Tally(), Tally(), Tally()
    list(text.render([Report("a", [row(0, PRINT, Severity.WARNING)])], clean))
    list(text.render([Report("a", [row(0, PRINT, Severity.BLOCKED)])], blocked))
    list(text.render([CouldNotRun("rule", "why")] * 2000, failed))
    assert (clean.gates, clean.failures) == (False, 0)
    assert (blocked.gates, blocked.failures) == (True, 0)
    assert (failed.gates, failed.failures, len(failed.could_not_run)) == (False, 2000, 1000)
