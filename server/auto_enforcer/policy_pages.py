"""The pages of a team's own rules, made of what their tables say."""

from __future__ import annotations

from collections.abc import Iterator

from auto_enforcer.policy_values import TeamRule, TeamTest


def page(rule: TeamRule) -> str:
    """What there is to say of a team's rule, in Markdown, as our own have their sections."""
    lines = [f"# `{rule.id}`", ""]
    if rule.rule is not None:
        lines += [rule.rule.message.replace("{{", "{").replace("}}", "}"), ""]
    if rule.note:
        lines += [rule.note.strip(), ""]
    where = ", ".join(rule.languages) or "every language"
    lines += [f"A rule of this policy ({rule.place}), {rule.severity.value}, for {where}."]
    if rule.rule is not None and rule.triggers is None:
        lines += ["Nothing in it is certain to be on a line, so that it looks at each: it is slow."]
    if rule.url:
        lines += ["", f"See {rule.url}"]
    if rule.words:
        lines += ["", f"Tags: {', '.join(rule.words)}"]
    for problem in rule.problems:
        lines += ["", f"It does not run: {problem.message}"]
    for heading, finds in (("Finds", True), ("Silent on", False)):
        tests = [test for test in rule.tests if test.finds is finds]
        if tests:
            lines += ["", f"**{heading}**", *(line for test in tests for line in _block(test))]
    return "\n".join(lines) + "\n"


def _block(test: TeamTest) -> Iterator[str]:
    fence = "````" if "```" in test.text else "```"
    yield ""
    yield f"{fence}{test.language}"
    yield from test.text.rstrip("\n").split("\n")
    yield fence
