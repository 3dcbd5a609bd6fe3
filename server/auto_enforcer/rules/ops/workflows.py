"""What goes wrong in workflows of GitHub and in its settings of updates, each seen on a line or two."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from auto_enforcer.model import Candidate, Fact, Line, Options
from auto_enforcer.rules._common import indent_of, regex
from auto_enforcer.rules._kinds import said
from auto_enforcer.rules.ops._shared import ABOVE, MOST, rule

_KEY = r"[ \t]*(?:-[ \t]+)?[\"']?"

_TRUSTING = Fact(
    "ops-trusting-trigger",
    r"^(?:[ \t]*(?:-[ \t]+)?|on[ \t]*:[^\n#]{0,100}?)\b(?:pull_request_target|workflow_run|issue_comment)\b",
)
"""The workflow runs with the repository's rights for whoever starts it."""


def _commands(line: Line, options: Options) -> Iterator[Candidate]:
    match = regex(
        _KEY + r"(?P<span>ACTIONS_ALLOW_UNSECURE_COMMANDS[\"']?[ \t]*:[ \t]*[\"']?(?P<value>\w{1,20}))"
    ).match(line.text)
    if match is not None:
        yield Candidate(*match.span("span"), value="" if match["value"].lower() == "true" else "off")


def _all_secrets(line: Line, options: Options) -> Iterator[Candidate]:
    found = regex(
        r"(?i)(?P<span>\btoJSON\([ \t]*(?P<what>[\w.\-]{1,80})(?P<part>\[[^\]\n]{0,80}\])?[ \t]*\))"
    ).finditer(line.text)
    for match in islice(found, MOST):
        is_all = match["what"].lower() == "secrets" and match["part"] is None
        yield Candidate(*match.span("span"), value="" if is_all else "part")


def _unmasked(line: Line, options: Options) -> Iterator[Candidate]:
    found = regex(r"(?i)(?P<span>\bfromJSON\([ \t]*(?P<what>[\w.\-]{1,120})[ \t]*\))").finditer(line.text)
    for match in islice(found, MOST):
        value = "" if match["what"].lower().startswith("secrets.") else "no-secret"
        yield Candidate(*match.span("span"), {"name": match["what"]}, value=value)


def _bots(line: Line, options: Options) -> Iterator[Candidate]:
    actor, bot = r"\bgithub\.(?:triggering_)?actor", r"'[\w.\-]{1,60}\[bot\]'"
    found = regex(rf"(?P<span>{actor}[ \t]*==[ \t]*{bot}|{bot}[ \t]*==[ \t]*{actor}\b)").finditer(line.text)
    for match in islice(found, MOST):
        yield Candidate(*match.span("span"), value="" if line.facts(_TRUSTING.name) else "own-rights")


def _lists(line: Line, options: Options) -> Iterator[Candidate]:
    found = regex(
        r"(?P<span>\bcontains\([ \t]*'(?P<list>[^'\n]{0,200})'[ \t]*,[ \t]*(?P<what>[\w.\-]{1,120})[ \t]*\))"
    ).finditer(line.text)
    for match in islice(found, MOST):
        is_of_others = regex(r"(?:github|inputs|env|needs|steps|matrix)\.").match(match["what"])
        yield Candidate(*match.span("span"), {"name": match["what"]}, value="" if is_of_others else "own")


def _conditions(line: Line, options: Options) -> Iterator[Candidate]:
    match = regex(_KEY + r"(?P<span>if[\"']?[ \t]*:[ \t]+(?P<value>\S[^\n]{0,1000}))").match(line.text)
    if match is None:
        return
    value = regex(r"[ \t]+#.*$").sub("", match["value"]).rstrip()
    start = match.start("span")
    if regex(r"[|>]").match(value):
        if regex(r"[|>][+0-9]*$").match(value):
            yield Candidate(start, match.start("value") + len(value), value=_of_block(line))
    elif "${{" in value:
        bare = value.strip("\"'").strip()
        is_one = regex(r"\$\{\{[^{}]*(?:\}(?!\})[^{}]*|\{[^{}]*)*\}\}$").match(bare)
        yield Candidate(start, match.start("value") + len(value), value="whole" if is_one else "")


def _of_block(line: Line) -> str:
    """Why the block below a condition can be false; "" where a line end stands behind its `${{ … }}`."""
    indent = indent_of(line.text)
    for below in line.after(ABOVE):
        if below.text.strip() and indent_of(below.text) <= indent:
            break
        if "${{" in below.text:
            return ""
    return "whole"


def _updates(line: Line, options: Options) -> Iterator[Candidate]:
    match = regex(
        _KEY + r"(?P<span>insecure-external-code-execution[\"']?[ \t]*:[ \t]*[\"']?(?P<value>\w{1,20}))"
    ).match(line.text)
    if match is not None:
        yield Candidate(*match.span("span"), value="" if match["value"] == "allow" else "off")


_FILES = ("yaml",)

RULES = (
    rule(
        "unsecure-workflow-commands",
        _FILES,
        _commands,
        ("ACTIONS_ALLOW_UNSECURE_COMMANDS",),
        (said("off"),),
    ),
    rule("all-secrets-exposed", _FILES, _all_secrets, (r"(?i)\btoJSON\(",), (said("part"),)),
    rule("unmasked-secret", _FILES, _unmasked, (r"(?i)\bfromJSON\(",), (said("no-secret"),)),
    rule(
        "spoofable-bot-check",
        _FILES,
        _bots,
        (r"\bgithub\.(?:triggering_)?actor\b",),
        (said("own-rights"),),
        (_TRUSTING,),
    ),
    rule("substring-for-list", _FILES, _lists, (r"\bcontains\([ \t]*'",), (said("own"),)),
    rule("always-true-condition", _FILES, _conditions, (r"\bif[\"']?[ \t]*:[ \t]",), (said("whole"),)),
    rule("external-code-in-updates", _FILES, _updates, ("insecure-external-code-execution",), (said("off"),)),
)
