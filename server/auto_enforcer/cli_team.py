"""A team's own rules in the command: which there are, their pages, and `auto-enforcer rules test`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterable, Mapping

from auto_enforcer import catalog
from auto_enforcer.activation import suggestion
from auto_enforcer.cli_exit import BLOCKED, CLEAN, FAILED, UserError
from auto_enforcer.cli_files import real_path, shown_path, today
from auto_enforcer.policy import Policy, load
from auto_enforcer.policy_pages import page
from auto_enforcer.policy_values import InvalidPolicyError, Problem, TeamRule
from auto_enforcer.render.text import counted, printable
from auto_enforcer.session import Session
from auto_enforcer.workspaces import Workspaces

Entry = catalog.Entry | TeamRule
"""What is known of a rule, whoever wrote it."""


def entries(policy: Policy) -> Mapping[str, Entry]:
    """Every rule that can be had under a policy, by id."""
    return {**catalog.entries(), **{rule.id: rule for rule in policy.content.rules}}


def session_of(workspaces: Workspaces, path: str) -> tuple[Session, Policy]:
    """The session of a path's workspace, and the policy that holds there."""
    absolute = real_path(path)
    if os.path.isdir(absolute):
        session = workspaces.of_folder(absolute)
        return session, session.policy(os.path.join(absolute, ""))
    session = workspaces.of(absolute)
    return session, session.policy(absolute)


def refuse_unknown(names: Iterable[str], workspaces: Workspaces, paths: Iterable[str]) -> None:
    """Raise UserError for a name that is no rule or family, nor one of the policies for these paths."""
    own: list[str] | None = None
    for name in names:
        if not suggestion(name):
            continue
        if own is None:
            own = [rule.id for path in paths for rule in session_of(workspaces, path)[1].content.rules]
        if not any(name in (rule, rule.partition("/")[0]) for rule in own):
            raise UserError(suggestion(name, tuple(sorted({*own, *(one.partition("/")[0] for one in own)}))))


def masked_page(rule: TeamRule, session: Session, policy: Policy) -> str:
    """The page without the secrets that its policy holds."""
    mask = session.mask_of(policy.files)
    return "\n".join(mask(line) for line in page(rule).split("\n"))


def run_tests(path: str | None, *, as_json: bool = False) -> int:
    """Run the tests that the rules of a policy bring, and print each failure at its place."""
    workspaces = Workspaces(today=today())
    session, _ = session_of(workspaces, path or ".")
    top = real_path(path or ".")
    # Not by the policy that holds: that of a file with mistakes is another one.
    file = session.relative(top)
    if os.path.isdir(top):
        file = session.resolver.configuration_file(session.relative(os.path.join(top, "enforcer.toml")))
    if not file:
        raise UserError("there is no configuration file here; give the file that has the rules")
    if file.startswith("../"):
        raise UserError(f"{path} is outside of the workspace; go to the one that it is in")
    problems: tuple[Problem, ...]
    try:
        policy = load(session.root, file, catalog.entries())
        problems, rules, files = policy.content.problems, policy.content.rules, policy.files
    except InvalidPolicyError as error:
        problems, rules, files = error.problems, (), error.files
    mask = session.mask_of(files)
    failing = {problem for rule in rules if rule.is_failing for problem in rule.problems}
    broken = [problem for problem in problems if problem not in failing]
    if not rules and not broken:
        raise UserError(f"{printable(shown_path(os.path.join(session.root, file)))} has no rules of its own")
    code = FAILED if broken else BLOCKED if failing else CLEAN
    if as_json:
        sys.stdout.write(_tested(session, problems, rules, failing, mask))
        return code
    for problem in problems:
        shown = shown_path(os.path.join(session.root, problem.place.file))
        place = f"{shown}:{problem.place.line + 1}:{problem.place.column + 1}"
        key = f"{problem.place.key}: " if problem.place.key else ""
        sys.stdout.write(f"{printable(place)}: {printable(mask(key + problem.message))}\n")
    for rule in rules:
        if rule.rule is not None and rule.triggers is None:
            said = "is slow: nothing in it is certain to be on a line, so that it looks at each"
            sys.stdout.write(f"{printable(rule.id)}: {said}\n")
    tests = sum(len(rule.tests) for rule in rules)
    ran = f"{counted(len(rules), 'rule')}, {counted(tests, 'test')}"
    sys.stdout.write(f"{ran}: {len(failing)} failed, {len(broken)} mistakes\n")
    return code


def _tested(
    session: Session,
    problems: Iterable[Problem],
    rules: Collection[TeamRule],
    failing: Collection[Problem],
    mask: Callable[[str], str],
) -> str:
    """What came of the tests, as JSON; lines and columns from 1."""
    import json

    told = [
        {
            "path": shown_path(os.path.join(session.root, problem.place.file)),
            "line": problem.place.line + 1,
            "column": problem.place.column + 1,
            "key": mask(problem.place.key),
            "kind": "failed" if problem in failing else "mistake",
            "message": mask(problem.message),
        }
        for problem in problems
    ]
    described = [
        {
            "id": rule.id,
            "tests": len(rule.tests),
            "runs": rule.rule is not None,
            "slow": rule.rule is not None and rule.triggers is None,
        }
        for rule in rules
    ]
    return json.dumps({"rules": described, "problems": told}, indent=2, ensure_ascii=False) + "\n"
