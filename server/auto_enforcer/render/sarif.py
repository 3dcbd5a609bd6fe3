"""SARIF 2.1.0, the exchange format of code scanners: results as they come, the rules they name after them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from auto_enforcer.model import Edit, Fix, Report, Row, Severity, Stage, Suppression, Verdict
from auto_enforcer.render.items import CouldNotRun, Item, RuleInfo, Tally, is_historical

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

_LEVELS = {"error": "error", "warning": "warning", "information": "note"}
_BASE = "%SRCROOT%"
_FINGERPRINT = "autoEnforcer/v1"


def render(
    items: Iterable[Item],
    tally: Tally,
    *,
    version: str,
    rules: Mapping[str, RuleInfo],
    fingerprint: Callable[[Report, Row], str],
    root: str = "",
    url: str = "",
) -> Iterator[str]:
    """A log with one run. Only rules that have results are looked up in `rules`, after the last result.

    Suppressed violations are in it, marked as such; those that are not shown for another reason are not.
    `fingerprint` is asked once for each result, in order, and must not depend on line numbers. `root` is
    the absolute path that the reports' paths are relative to, `url` the tool's own page; each may be empty.
    """
    from json import dumps

    used: dict[str, int] = {}
    yield f'{{\n"$schema": "{SCHEMA}",\n"version": "2.1.0",\n"runs": [{{\n'
    yield '"columnKind": "unicodeCodePoints",\n'
    if root:
        yield f'"originalUriBaseIds": {dumps({_BASE: {"uri": _uri(root.rstrip("/") + "/")}})},\n'
    yield '"results": ['
    separator = "\n"
    for item in tally.counting(items):
        if isinstance(item, Report):
            location = dumps(_artifact_location(item.path))
            for row, verdict in item.rows:
                if verdict.shown is None and row.suppression is None:
                    continue
                index = used.setdefault(row.violation.rule, len(used))
                yield separator + _result(location, row, verdict, index, fingerprint(item, row))
                separator = ",\n"
    yield f'\n],\n"invocations": [{dumps(_invocation(tally))}],\n'
    yield '"tool": {"driver": ' + dumps(_driver(version, url))[:-1] + ', "rules": ['
    separator = "\n"
    for rule in used:
        yield separator + dumps(_descriptor(rules.get(rule) or RuleInfo(rule, rule, Severity.BLOCKED)))
        separator = ",\n"
    yield f'\n]}}}},\n"properties": {dumps(_properties(tally))}\n}}]\n}}\n'


def _result(location: str, row: Row, verdict: Verdict, index: int, fingerprint: str) -> str:
    from json.encoder import encode_basestring_ascii as encode

    violation, line = row.violation, row.number + 1
    level = _LEVELS[verdict.shown] if verdict.shown else _level(verdict.severity)
    scope = "historical" if is_historical(verdict) else "new"
    stage = "" if verdict.stage is Stage.BLOCK else f', "stage": "{verdict.stage.value}"'
    # Put together by hand: a `json.dumps` of each result takes four times as long.
    result = (
        f'{{"ruleId": {encode(violation.rule)}, "ruleIndex": {index}, "level": "{level}", '
        f'"message": {{"text": {encode(violation.message)}}}, '
        f'"locations": [{{"physicalLocation": {{"artifactLocation": {location}, '
        f'"region": {{"startLine": {line}, "startColumn": {violation.start + 1}, '
        f'"endLine": {line}, "endColumn": {violation.end + 1}}}}}}}], '
        f'"partialFingerprints": {{"{_FINGERPRINT}": {encode(fingerprint)}}}, '
        f'"properties": {{"scope": "{scope}"{stage}{_cell(row)}}}'
    )
    if row.suppression is not None:
        result += f', "suppressions": [{_suppression(row.suppression)}]'
    if violation.fixes:
        fixes = ", ".join(_fix(location, row.number, fix) for fix in violation.fixes)
        result += f', "fixes": [{fixes}]'
    return result + "}"


def _cell(row: Row) -> str:
    """Of a notebook, the number of the cell, and the line of its source."""
    if row.cell is None:
        return ""
    line = "" if row.cell.line is None else f', "cellLine": {row.cell.line + 1}'
    return f', "cell": {row.cell.number}{line}'


def _suppression(suppression: Suppression) -> str:
    from json import dumps

    kind = "external" if suppression.source else "inSource"
    stated = {"kind": kind, "status": "accepted", "justification": suppression.reason}
    return dumps({name: value for name, value in stated.items() if value})


def _fix(location: str, line: int, fix: Fix) -> str:
    from json import dumps

    replacements = dumps([_replacement(line, edit) for edit in fix.edits])
    change = f'{{"artifactLocation": {location}, "replacements": {replacements}}}'
    return f'{{"description": {dumps({"text": fix.title})}, "artifactChanges": [{change}]}}'


def _replacement(line: int, edit: Edit) -> dict[str, Any]:
    region = {
        "startLine": line + edit.start_line + 1,
        "startColumn": edit.start + 1,
        "endLine": line + edit.end_line + 1,
        "endColumn": edit.end + 1,
    }
    return {"deletedRegion": region, "insertedContent": {"text": edit.text}}


def _artifact_location(path: str) -> dict[str, str]:
    uri = _uri(path)
    return {"uri": uri} if uri.startswith("file:") else {"uri": uri, "uriBaseId": _BASE}


def _uri(path: str) -> str:
    """A relative path as a relative reference, an absolute one (also `C:/…`) as a `file` URI. Bytes of a name
    that are not UTF-8 come as surrogates and leave as the bytes they were."""
    from urllib.parse import quote

    drive = path[1:3] == ":/" and path[0].isalpha()
    text = path[2:] if drive else path
    try:
        encoded = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a half of a surrogate pair, which Windows allows in names
        encoded = text.encode("utf-8", "surrogatepass")
    if drive:
        return f"file:///{path[:2]}{quote(encoded)}"
    return f"file://{quote(encoded)}" if path.startswith("/") else quote(encoded)


def _invocation(tally: Tally) -> dict[str, Any]:
    return {
        "executionSuccessful": tally.failures == 0,
        "toolExecutionNotifications": [_notification(failure) for failure in tally.could_not_run],
    }


def _properties(tally: Tally) -> dict[str, Any]:
    """What is only observed, and what would be blocked if its stage were `block`, by rule."""
    would = [{"ruleId": rule, "count": count} for rule, count in sorted(tally.would_block_rules.items())]
    return {"observed": tally.observed, "wouldBlock": would}


def _notification(failure: CouldNotRun) -> dict[str, Any]:
    return {"level": "error", "message": {"text": f"{failure.what}: {failure.why}"}}


def _driver(version: str, url: str) -> dict[str, Any]:
    driver = {"name": "auto-enforcer", "version": version, "semanticVersion": version, "informationUri": url}
    return {name: value for name, value in driver.items() if value}


def _descriptor(rule: RuleInfo) -> dict[str, Any]:
    descriptor: dict[str, Any] = {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": _first_paragraph(rule.markdown) or rule.title},
        "help": {"text": rule.markdown or rule.title, "markdown": rule.markdown or rule.title},
        "defaultConfiguration": {"level": _level(rule.severity)},
        "properties": {"tags": [rule.id.partition("/")[0], *rule.tags]},
    }
    if rule.url:
        descriptor["helpUri"] = rule.url
    return descriptor


def _level(severity: Severity) -> str:
    return "error" if severity is Severity.BLOCKED else "warning"


def _first_paragraph(markdown: str) -> str:
    """The first paragraph that is no heading, on one line."""
    for paragraph in markdown.split("\n\n"):
        lines = [line.strip() for line in paragraph.splitlines() if line.strip() and line[:1] != "#"]
        if lines:
            return " ".join(lines)
    return ""
