"""Rulesets: an upgrade changes no verdict of a policy that names one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from auto_enforcer import catalog, policy_rulesets, recommended
from auto_enforcer.catalog import Entry
from auto_enforcer.model import Severity
from auto_enforcer.policy import Selection, load
from auto_enforcer.policy_values import RULESET, RULESETS
from command import Command, fill

RELEASED = {"2026.1": "892e7daf5b6d35b8c484df01ea2e7384f1f07adaf50cd809c76c8dde516ac6e8"}
"""The digest of each ruleset but the newest: none changes any more."""

OLD = 'ruleset = "2026.1"\n'


def upgraded() -> Mapping[str, Entry]:
    """The rules of a release to come: one is blocked by default, one is off, one is on, one is new, and so is
    one of the enforcer's own."""
    known = dict(catalog.entries())
    known["logging/print-call"] = known["logging/print-call"]._replace(severity=Severity.BLOCKED)
    known["errors/bare-except"] = known["errors/bare-except"]._replace(optional=True)
    known["python/assert-in-code"] = known["typescript/any-type"]._replace(
        id="python/assert-in-code", severity=Severity.BLOCKED
    )
    known["typescript/require-import"] = known["typescript/require-import"]._replace(optional=False)
    known["enforcer/new"] = known["enforcer/unknown-rule"]._replace(id="enforcer/new")
    return known


def selected(folder: Path, policy: str, path: str = "app/a.py") -> Selection:
    """What holds for a file after the upgrade."""
    fill(folder, {"enforcer.toml": policy})
    return load(str(folder), "enforcer.toml", upgraded()).select(path)


def words(selection: Selection) -> dict[str, str]:
    """The rules of the upgrade: how severe each is, or off."""
    rules = ("logging/print-call", "errors/bare-except", "python/assert-in-code", "typescript/require-import")
    settings = {rule: selection.setting(rule) for rule in (*rules, "enforcer/new")}
    return {rule: one.severity.value if one.on else "off" for rule, one in settings.items()}


def test_the_newest_ruleset_is_what_the_catalog_says() -> None:
    """`python -m auto_enforcer.policy_schema` in `server` writes it."""
    shipped = Path(policy_rulesets.path_of(RULESET)).read_text(encoding="utf-8")
    assert shipped == policy_rulesets.text_of(catalog.entries().values())


def test_no_other_ruleset_changes_any_more() -> None:
    """Whoever needs another default makes another ruleset: `policy_values.RULESETS`."""
    assert RULESETS[0] == RULESET
    digests = {
        name: hashlib.sha256(Path(policy_rulesets.path_of(name)).read_bytes()).hexdigest()
        for name in RULESETS[1:]
    }
    assert digests == RELEASED


def test_an_earlier_ruleset_keeps_what_was_on_and_how_severe(tmp_path: Path) -> None:
    assert words(selected(tmp_path, "")) == {
        "logging/print-call": "blocked",
        "errors/bare-except": "off",
        "python/assert-in-code": "blocked",
        "typescript/require-import": "warning",
        "enforcer/new": "warning",
    }
    assert words(selected(tmp_path, OLD)) == {
        "logging/print-call": "warning",
        "errors/bare-except": "warning",
        "python/assert-in-code": "off",
        "typescript/require-import": "off",
        "enforcer/new": "off",
    }


def test_a_rule_that_came_later_is_on_only_where_a_policy_names_it(tmp_path: Path) -> None:
    for policy in ('extends = "all"\n', '[rules]\npython = "blocked"\nenforcer = "warning"\n'):
        found = words(selected(tmp_path, OLD + policy))
        assert (found["python/assert-in-code"], found["enforcer/new"]) == ("off", "off")
    assert words(selected(tmp_path, OLD + 'extends = "all"\n'))["typescript/require-import"] == "warning"
    named = '[rules]\n"python/assert-in-code" = "warning"\n"enforcer/new" = "blocked"\n'
    found = words(selected(tmp_path, OLD + named))
    assert (found["python/assert-in-code"], found["enforcer/new"]) == ("warning", "blocked")


def test_a_set_for_one_kind_of_project_is_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = policy_rulesets.ruleset("2026.1")
    rules = {**earlier.rules, "architecture/untyped-body": policy_rulesets.Default(Severity.BLOCKED, True)}
    del rules["architecture/query-in-controller"]
    monkeypatch.setattr(policy_rulesets, "ruleset", lambda name: earlier._replace(rules=rules))
    settings = selected(tmp_path, OLD + 'extends = ["recommended", "nestjs"]\n', "a.ts")
    assert settings.setting("architecture/untyped-body").severity is Severity.BLOCKED
    assert "architecture/query-in-controller" not in settings.active()
    assert "architecture/unguarded-mutation" in settings.active()


def test_what_the_recommended_set_says_of_paths_is_kept_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recommended, "CAPS", ())
    assert words(selected(tmp_path, "", "tests/a.py"))["logging/print-call"] == "blocked"
    setting = selected(tmp_path, OLD, "tests/a.py").setting("logging/print-call")
    assert (setting.on, setting.reason) == (False, "tests and examples speak to the person who runs them")


def test_the_words_of_a_policy_go_before_its_ruleset(tmp_path: Path) -> None:
    policy = OLD + '[rules]\n"logging/print-call" = "blocked"\n"errors/bare-except" = "off"\n'
    found = words(selected(tmp_path, policy))
    assert (found["logging/print-call"], found["errors/bare-except"]) == ("blocked", "off")


def test_the_last_file_that_names_a_ruleset_has_the_word(tmp_path: Path) -> None:
    fill(tmp_path, {"base.toml": OLD})
    assert words(selected(tmp_path, 'extends = "base.toml"\n'))["logging/print-call"] == "warning"
    newest = f'extends = "base.toml"\nruleset = "{RULESET}"\n'
    assert words(selected(tmp_path, newest))["logging/print-call"] == "blocked"


def test_the_ruleset_is_named_where_it_decides(tmp_path: Path) -> None:
    selection = selected(tmp_path, f"# the team's\n{OLD}")
    printing = selection.setting("logging/print-call")
    assert str(printing.place) == "recommended"
    assert printing.reason == "as the ruleset `2026.1` (enforcer.toml:2:1) has it"
    new = selection.setting("python/assert-in-code").reason
    assert new == "the ruleset `2026.1` (enforcer.toml:2:1) does not have it"
    assert not selection.setting("logging/console-call").reason


def test_who_names_the_newest_ruleset_reads_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy_rulesets, "ruleset", lambda name: pytest.fail(name))
    assert selected(tmp_path, f'ruleset = "{RULESET}"\n').active() == selected(tmp_path, "").active()


def test_today_s_rules_under_an_earlier_ruleset_are_those_of_then(ae: Command, workspace: Path) -> None:
    """The command says which they are, and since when one is off."""
    fill(workspace, {"a.py": "print(1)\n", "enforcer.toml": OLD})
    done = ae("config", "a.py", "--all")
    assert 'ruleset = "2026.1"  # enforcer.toml:1:1' in done.out
    then = json.loads(Path(policy_rulesets.path_of("2026.1")).read_text())["rules"]
    later = catalog.entries().keys() - then.keys()
    assert done.out.count("the ruleset `2026.1` (enforcer.toml:1:1) does not have it") == len(later)
