"""What the readers of the report formats take, in our words: a program that reads each, or a JSON schema.

Sources: for `github` the documentation of workflow commands and what the runner does with a line; for
`gitlab` the fields of its code quality reports; for `junit` the schemas of Ant's reports (windyroad) and of
Jenkins' xUnit plugin, the stricter word of the two; for `checkstyle` what Checkstyle's own XML logger writes;
for `rdjson` the message `DiagnosticResult` of reviewdog's format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from xml.etree import ElementTree

CODE_QUALITY: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "additionalProperties": False,
        "properties": {
            "type": {"const": "issue"},
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "pattern": "^[a-z0-9-]+/[a-z0-9-]+$"},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "additionalProperties": False,
                "properties": {
                    "path": {"type": "string", "minLength": 1, "not": {"pattern": r"^\./"}},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "additionalProperties": False,
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}

_POSITION = {
    "type": "object",
    "required": ["line"],
    "additionalProperties": False,
    "properties": {
        "line": {"type": "integer", "minimum": 1, "maximum": 2**31 - 1},
        "column": {"type": "integer", "minimum": 1, "maximum": 2**31 - 1},
    },
}
_RANGE = {
    "type": "object",
    "required": ["start"],
    "additionalProperties": False,
    "properties": {"start": _POSITION, "end": _POSITION},
}

DIAGNOSTIC_RESULT: dict[str, Any] = {
    "type": "object",
    "required": ["diagnostics", "source"],
    "additionalProperties": False,
    "properties": {
        "source": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"name": {"type": "string"}, "url": {"type": "string"}},
        },
        "diagnostics": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["message", "location", "severity"],
                "additionalProperties": False,
                "properties": {
                    "message": {"type": "string", "minLength": 1},
                    "severity": {"enum": ["ERROR", "WARNING", "INFO"]},
                    "location": {
                        "type": "object",
                        "required": ["path"],
                        "additionalProperties": False,
                        "properties": {"path": {"type": "string", "minLength": 1}, "range": _RANGE},
                    },
                    "code": {
                        "type": "object",
                        "required": ["value"],
                        "additionalProperties": False,
                        "properties": {"value": {"type": "string"}, "url": {"type": "string"}},
                    },
                    "suggestions": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["range", "text"],
                            "additionalProperties": False,
                            "properties": {"range": _RANGE, "text": {"type": "string"}},
                        },
                    },
                },
            },
        },
    },
}


class WorkflowCommand(NamedTuple):
    """What the runner of GitHub Actions reads in a line."""

    name: str
    properties: dict[str, str]
    message: str


def workflow_commands(output: str) -> Iterator[WorkflowCommand]:
    """The commands that the runner obeys in a step's output, old style ones too, which may begin anywhere."""
    for line in re.split(r"\r\n|\r|\n", output):
        found = re.match(r"\s*::([a-z-]+)(?: (.*?))?::(.*)", line)
        if found is not None:
            pairs = (pair.partition("=") for pair in (found[2] or "").strip().split(",") if pair)
            properties = {name: _unescaped(value, ":,") for name, _, value in pairs}
            yield WorkflowCommand(found[1], properties, _unescaped(found[3], ""))
        elif old := re.search(r"##\[([a-z-]+)[^\]]*\](.*)", line):
            yield WorkflowCommand(old[1], {}, old[2])


def _unescaped(text: str, more: str) -> str:
    for character in f"\r\n{more}%":
        text = text.replace(f"%{ord(character):02X}", character)
    return text


def junit_problems(report: str) -> list[str]:
    """What is wrong with a report of JUnit's form."""
    root = ElementTree.fromstring(report.encode("ascii"))
    problems = _unlike(root, "testsuites", (), ())
    for number, suite in enumerate(root):
        needed = ("name", "package", "id", "hostname", "timestamp", "time", "tests", "failures", "errors")
        problems += _unlike(suite, "testsuite", needed, ("skipped",))
        names = [child.tag for child in suite]
        if names != ["properties", *["testcase"] * (len(names) - 3), "system-out", "system-err"]:
            problems.append(f"suite {number} has its parts in another order: {names}")
        if suite.get("id") != str(number) or not suite.get("name"):
            problems.append(f"suite {number} is numbered {suite.get('id')!r}")
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.get("timestamp", "")):
            problems.append(f"suite {number} ran at {suite.get('timestamp')!r}")
        for one in suite.iterfind("properties/property"):
            problems += _unlike(one, "property", ("name", "value"), ())
        cases = suite.findall("testcase")
        for case in cases:
            problems += _unlike(case, "testcase", ("name", "classname", "time"), ())
            if len(case) > 1:
                problems.append(f"a case of suite {number} has several outcomes")
            for outcome in case:
                needed = () if outcome.tag == "skipped" else ("type",)
                problems += _unlike(outcome, outcome.tag, needed, ("message",))
                if outcome.tag not in ("failure", "error", "skipped"):
                    problems.append(f"there is no outcome {outcome.tag}")
        for count, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            if suite.get(count) != str(len(suite.findall(f"testcase/{tag}"))):
                problems.append(f"suite {number} says {count} {suite.get(count)}")
        if suite.get("tests") != str(len(cases)):
            problems.append(f"suite {number} says tests {suite.get('tests')}")
    return problems


def checkstyle_problems(report: str) -> list[str]:
    """What is wrong with a report of Checkstyle's form."""
    root = ElementTree.fromstring(report.encode("ascii"))
    problems = _unlike(root, "checkstyle", ("version",), ())
    for file in root:
        problems += _unlike(file, "file", ("name",), ())
        for error in file:
            problems += _unlike(error, "error", ("line", "severity", "message", "source"), ("column",))
            if error.get("severity") not in ("ignore", "info", "warning", "error"):
                problems.append(f"there is no severity {error.get('severity')!r}")
            if not all(re.fullmatch("[1-9][0-9]*", error.get(name, "1")) for name in ("line", "column")):
                problems.append(f"an error stands at {error.get('line')}:{error.get('column')}")
            if len(error) or error.text:
                problems.append("an error has content")
    return problems


def _unlike(
    element: ElementTree.Element, tag: str, needed: Sequence[str], allowed: Sequence[str]
) -> list[str]:
    problems = [] if element.tag == tag else [f"`{element.tag}` stands where `{tag}` must"]
    problems += [f"`{tag}` lacks `{name}`" for name in needed if name not in element.attrib]
    problems += [f"`{tag}` has `{name}`" for name in element.attrib if name not in (*needed, *allowed)]
    return problems
