"""`rules`, `explain`, `why` and `config`: what there is, what holds, and why."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from auto_enforcer import catalog
from command import Command, fill, run

BLOCKED = 'when = "2026-02-31"\n'
WARNED = "# TODO(by 2020-01-31): mend\n"

# rules


def test_all_rules_are_listed_by_family(ae: Command) -> None:
    done = ae("rules")
    assert done.code == 0
    assert all(rule in done.out for rule in catalog.entries())
    assert "debt/commented-out-code                  warning (off until a policy turns it on)" in done.out


def test_what_a_file_activates_is_told_with_the_reason(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": BLOCKED, "enforcer.toml": 'rules.errors = "off"'})
    done = ae("rules", "--active", "a.py")
    assert done.code == 0
    assert done.out.splitlines()[0] == "a.py: python"
    assert "  activated rules/dates/python for python: a trigger of its rules was met\n" in done.out
    assert "  left rules/debt/python alone: no trigger of its rules was met\n" in done.out
    assert "  left rules/errors/python alone: its rules are off\n" in done.out
    assert "javascript" not in done.out


# explain


def test_a_rule_is_explained_by_its_section_of_the_page(ae: Command) -> None:
    done = ae("explain", "dates/impossible-date")
    assert done.code == 0
    assert done.out.startswith("## dates/impossible-date\n")
    assert "**Finds**" in done.out
    assert "## dates/passed-deadline" not in done.out
    assert "\x1b" not in done.out


@pytest.mark.parametrize("rule", sorted(catalog.entries()))
def test_every_rule_has_a_section(rule: str) -> None:
    assert len(catalog.page(rule).splitlines()) > 2


# why


def _why(ae: Command, place: str, rule: str = "dates/impossible-date") -> str:
    done = ae("why", place, rule)
    assert (done.code, done.err) == (0, "")
    return done.out


def test_why_tells_a_violation_with_the_place_that_set_its_rule(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": BLOCKED, "b/a.py": BLOCKED, "b/enforcer.toml": '\n[rules]\ndates = "warning"'})
    told = "column 8, string: a violation\n"
    assert _why(ae, "a.py:1") == f"dates/impossible-date: blocked (recommended); {told}"
    assert _why(ae, "b/a.py:1") == f"dates/impossible-date: warning (b/enforcer.toml:3:1); {told}"


def test_why_tells_what_kept_a_rule_silent(ae: Command, workspace: Path) -> None:
    fill(
        workspace,
        {
            "a.py": 'x = 1\nwhen = "2026-02-28"  # enforcer: allow[dates/hardcoded-date]: a test\ny = 1\n',
            "tests/a.py": 'when = "2026-02-28"\n',
            "off/a.py": BLOCKED,
            "enforcer.toml": '[[overrides]]\npaths = ["off/"]\nrules.dates = "off"\n',
        },
    )
    assert "its trigger is not on the line" in _why(ae, "a.py:1")
    suppressed = _why(ae, "a.py:2", "dates/hardcoded-date")
    assert "column 8: taken out by a suppression: a test" in suppressed
    assert _why(ae, "off/a.py:1") == "dates/impossible-date: off (enforcer.toml:3:7)\n"
    capped = "off (recommended: tests, fixtures, migrations and documents name days on purpose)\n"
    assert _why(ae, "tests/a.py:1", "dates/hardcoded-date") == f"dates/hardcoded-date: {capped}"


def test_why_names_the_excuse_and_the_zone(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": 'EPOCH = "1970-01-01"\nRELEASED = "2024-01-31"\n'})
    assert "excused: " in _why(ae, "a.py:2", "dates/hardcoded-date")


def test_why_tells_every_rule_of_the_language_when_none_is_named(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": WARNED})
    done = ae("why", "a.py:1")
    told = {line.partition(":")[0] for line in done.out.splitlines()}
    own = {
        rule
        for rule, entry in catalog.entries().items()
        if not entry.languages or "python" in entry.languages
    }
    assert {rule for rule in own if not rule.startswith("enforcer/")} <= told


# config


def test_the_policy_is_printed_as_toml_with_the_place_of_every_word(ae: Command, workspace: Path) -> None:
    fill(
        workspace,
        {
            "base.toml": 'historical = "same"\nexclude = ["out/"]\n',
            "enforcer.toml": 'extends = ["recommended", "base.toml"]\nstage = "warn"\n[rules]\n'
            '"dates/stale-last-updated" = { fields = ["revised"], severity = "blocked" }\n'
            'dates = { stage = "block", from = 2027-01-31 }\n',
        },
    )
    done = ae("config", "out/src/a.py")
    assert (done.code, done.err) == (0, "")
    told = tomllib.loads(done.out)
    assert told["historical"] == "same"
    assert told["rules"]["dates/stale-last-updated"] == {
        "severity": "blocked",
        "stage": "block",
        "from": told["rules"]["dates/stale-last-updated"]["from"],
        "fields": ["revised"],
    }
    assert told["rules"]["dates/hardcoded-date"]["severity"] == "warning"
    assert told["rules"]["debt/commented-out-code"] == {"severity": "off"}
    for line in (
        "# what holds for out/src/a.py: enforcer.toml",
        "# which extends base.toml",
        "# excluded: base.toml:2:12",
        'historical = "same"  # base.toml:1:1',
        'stage = "warn"  # enforcer.toml:2:1',
        'severity = "blocked"  # enforcer.toml:4:54',
        'fields = ["revised"]  # enforcer.toml:4:32',
        'base = "auto"  # default',
    ):
        assert f"{line}\n" in done.out


def test_without_a_file_the_policy_is_the_recommended_one(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": ""})
    done = ae("config", "a.py")
    assert done.code == 0
    assert "# what holds for a.py: the defaults, for there is no configuration file\n" in done.out
    told = tomllib.loads(done.out)["rules"]
    assert told["dates/impossible-date"]["severity"] == "blocked"
    assert set(told) == set(catalog.entries())


def test_an_invalid_policy_is_told_and_exits_with_2(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": "", "enforcer.toml": "excludes = []\n"})
    done = ae("config", "a.py")
    assert done.code == 2
    assert done.err == "enforcer.toml:1:1: excludes: unknown key `excludes`; did you mean `exclude`?\n"


def test_it_answers_outside_of_any_workspace(tmp_path: Path, cache: Path) -> None:
    fill(tmp_path, {"a.py": BLOCKED})
    assert run(["why", str(tmp_path / "a.py") + ":1", "dates/impossible-date"], Path("/"), cache).code == 0
