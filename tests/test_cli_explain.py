"""`rules`, `explain`, `why` and `config`: what there is, what holds, and why."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from auto_enforcer import catalog, catalog_pages
from command import Command, fill, on_terminal, run

BLOCKED = 'when = "2026-02-31"\n'
WARNED = "# TODO(by 2020-01-31): mend\n"

# rules


def test_all_rules_are_listed_by_family(ae: Command) -> None:
    done = ae("rules")
    assert done.code == 0
    assert all(rule in done.out for rule in catalog.entries())
    lines = done.out.splitlines()
    assert [line.split()[0] for line in lines] == list(catalog.entries())
    columns = [re.split(" {2,}", line) for line in lines]
    assert ["debt/commented-out-code", "warning, off"] in [line[:2] for line in columns]
    assert ["enforcer/rule-failed", "blocked", "every language"] in columns


@pytest.mark.parametrize("width", [30, 40, 80, 200])
def test_on_a_terminal_the_list_of_rules_is_no_wider_than_it(
    workspace: Path, cache: Path, width: int
) -> None:
    done = on_terminal(["rules"], workspace, cache, width)
    assert done.code == 0
    assert all(rule in done.out for rule in catalog.entries())
    assert max(map(len, done.out.splitlines())) < width or width < 40
    assert "auto-enforcer explain RULE" in " ".join(done.out.split())
    assert (" and 34 more" in done.out) == (width in (40, 80))


def test_what_a_file_activates_is_told_with_the_reason(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": BLOCKED, "enforcer.toml": 'rules.errors = "off"'})
    done = ae("rules", "--active", "a.py")
    assert done.code == 0
    assert done.out.splitlines()[0] == "a.py: python"
    told = "  activated rules/dates/python for python: line 1 met the trigger `"
    assert told in done.out
    assert "` of `dates/" in done.out
    assert "  left rules/debt/python alone: no trigger of its rules was met\n" in done.out
    assert "  left rules/errors/python alone: its rules are off\n" in done.out
    assert "javascript" not in done.out


def test_a_family_is_listed_alone(ae: Command) -> None:
    done = ae("rules", "dates")
    assert {line.split()[0] for line in done.out.splitlines()} == set(catalog.families()["dates"])
    assert len(ae("rules", "dates/impossible-date").out.splitlines()) == 1
    done = ae("rules", "date")
    assert (done.code, done.out) == (2, "")
    assert "did you mean `dates`?" in done.err


# explain


def test_a_rule_is_explained_by_its_section_of_the_page(ae: Command) -> None:
    done = ae("explain", "dates/impossible-date")
    assert done.code == 0
    assert done.out.startswith("## dates/impossible-date\n")
    assert "**Finds**" in done.out
    assert "## dates/passed-deadline" not in done.out
    assert "\x1b" not in done.out


def test_examples_for_every_language_are_shown_in_one(ae: Command) -> None:
    done = ae("explain", "secrets/hardcoded-password")
    assert "{{comment}}" not in done.out
    assert "```every" not in done.out
    marked = "# admin password: Vu4shai7\n                  ^^^^^^^^\n"
    assert marked in done.out


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_terminal_gets_the_section_filled_to_its_width(workspace: Path, cache: Path, width: int) -> None:
    rule = "errors/swallowed-exception"
    done = on_terminal(["explain", rule], workspace, cache, width)
    assert done.out.startswith(f"\x1b[1m{rule}\x1b[0m\n\nBlocked by default; looks at c")
    plain = on_terminal(["explain", rule], workspace, cache, width, {"NO_COLOR": "1"}).out
    assert re.sub(r"\x1b\[\d+m|`", "", done.out) == plain.replace("`", "")
    prose = [line for line in plain.splitlines() if not line.startswith("    ")]
    assert min(width, 100) - 20 < max(map(len, prose)) < width
    code = [line for line in catalog_pages.page(rule).splitlines() if line.endswith("^^")]
    assert len(code) > 20
    assert [f"    {line}" for line in code] == [line for line in plain.splitlines() if line.endswith("^^")]


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


def test_why_tells_of_the_rules_that_looked_when_none_is_named(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": "x = 1\n" + BLOCKED + "log.info(password)\n"})
    done = ae("why", "a.py:2")
    *looked, last = done.out.splitlines()
    seen = "its trigger is on the line, and the rule finds nothing"
    assert looked == [
        f"dates/hardcoded-date: warning (recommended); {seen}",
        "dates/impossible-date: blocked (recommended); column 8, string: a violation",
        f"dates/stale-last-updated: warning (recommended); {seen}",
    ]
    assert re.fullmatch(
        r"the other rules: \d+ did not look \(its trigger is not on the line\), "
        r"(?:\d+ did not look \([^()]+\), )*\d+ are off; "
        r"`auto-enforcer why a\.py:2 --all` names them",
        last,
    )
    assert ae("why", "a.py:1").out.splitlines()[0].startswith("the other rules: ")


def test_why_tells_every_rule_of_the_language_on_demand(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": WARNED})
    done = ae("why", "a.py:1", "--all")
    told = {line.partition(":")[0] for line in done.out.splitlines()}
    own = {
        rule
        for rule, entry in catalog.entries().items()
        if not entry.languages or "python" in entry.languages
    }
    assert own <= told


def test_why_of_a_family_is_as_short(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": 'password = "tr0ub4dor&3"\n'})
    first, last = ae("why", "a.py:1", "secrets").out.splitlines()
    assert first.startswith(
        "secrets/hardcoded-password: blocked (recommended); column 13, string: a violation"
    )
    assert last.endswith("`auto-enforcer why a.py:1 secrets --all` names them")
    every = ae("why", "a.py:1", "secrets", "--all").out.splitlines()
    assert [line.partition(":")[0] for line in every] == list(catalog.families()["secrets"])


@pytest.mark.parametrize("place", ["a.py:2:8", "a.py:2:8:", "a.py:2:", "./a.py:2"])
def test_why_takes_a_place_as_check_names_it(ae: Command, workspace: Path, place: str) -> None:
    fill(workspace, {"a.py": "x = 1\n" + BLOCKED, "b.py:2": BLOCKED})
    assert _why(ae, place) == _why(ae, "a.py:2")
    assert _why(ae, "b.py:2:1") == "dates/impossible-date: does not look at plaintext\n"


def test_why_says_that_a_kind_of_file_is_why_a_rule_did_not_look(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": "# @generated\n" + BLOCKED})
    told = "dates/impossible-date: blocked (recommended); does not look at generated files\n"
    assert _why(ae, "a.py:2") == "a.py is a generated file: only few rules look at it\n" + told


def test_why_tells_of_the_rules_of_a_language_within_the_line(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.html": "<p>\n<script>console.log(1)</script></p>\n"})
    told = ae("why", "a.html:2").out
    assert "logging/console-call: warning (recommended); column 9, code: a violation\n" in told


@pytest.mark.parametrize("filling", ["x = 1; ", "é = 1; "])
def test_why_has_the_columns_of_the_whole_of_a_long_line(ae: Command, workspace: Path, filling: str) -> None:
    line = filling * 2_000 + 'when = "2026-02-31"; RELEASED = "2024-01-31"; ' + filling * 2_000 + BLOCKED
    fill(workspace, {"a.py": line})
    columns = [match.start() + 1 for match in re.finditer('"2026', line)]
    assert _why(ae, "a.py:1") == "".join(
        f"dates/impossible-date: blocked (recommended); column {column}, string: a violation\n"
        for column in columns
    )
    excused = line.index('"2024') + 1
    assert f"column {excused}, string: excused: " in _why(ae, "a.py:1", "dates/hardcoded-date")


def test_why_says_how_far_a_rule_is_rolled_out(ae: Command, workspace: Path) -> None:
    policy = '[rules]\n"dates/impossible-date" = { stage = "block", from = 2026-11-23 }\n'
    fill(workspace, {"a.py": 'when = "2026-02-31"\n', "enforcer.toml": policy})
    soon = ", at stage `warn` until 2026-11-23, then `block` (enforcer.toml:2:29)"
    assert f"blocked (recommended){soon};" in _why(ae, "a.py:1")
    fill(workspace, {"enforcer.toml": '[rules]\ndates.stage = "observe"\n'})
    assert "blocked (recommended), at stage `observe` (enforcer.toml:2:7);" in _why(ae, "a.py:1")


# config


def test_the_policy_is_printed_as_toml_with_the_place_of_every_word(ae: Command, workspace: Path) -> None:
    fill(
        workspace,
        {
            "sub/base.toml": 'historical = "same"\nexclude = ["/src/out/"]\nrequired-version = ">=0"\n',
            "enforcer.toml": 'extends = ["recommended", "sub/base.toml"]\nstage = "warn"\n[rules]\n'
            '"dates/stale-last-updated" = { fields = ["revised"], severity = "blocked" }\n'
            'dates = { stage = "block", from = 2027-01-31 }\n'
            '[[overrides]]\npaths = ["src/**", "a b"]\nstage = "warn"\n'
            'rules = { errors = "off", "debt/todo-without-reference" = { markers = ["é\U0001f600"] } }\n'
            '[[overrides]]\npaths = ["*.md"]\nrules.debt = { severity = "warning", stage = "observe" }\n',
        },
    )
    done = ae("config", "sub/src/out/a.py", "--all")
    assert (done.code, done.err) == (0, "")
    told = tomllib.loads(done.out)
    assert told["historical"] == "same"
    assert told["extends"] == ["recommended", "sub/base.toml"]
    assert (told["exclude"], told["generated"]) == (["/src/out/"], [])
    assert told["rules"]["dates/stale-last-updated"] == {
        "severity": "blocked",
        "stage": "block",
        "from": told["rules"]["dates/stale-last-updated"]["from"],
        "fields": ["revised"],
    }
    assert told["rules"]["dates/hardcoded-date"]["severity"] == "warning"
    assert told["rules"]["debt/commented-out-code"]["severity"] == "off"
    first, second = told["overrides"]
    assert first == {
        "paths": ["src/**", "a b"],
        "stage": "warn",
        "rules": {"errors": {"severity": "off"}, "debt/todo-without-reference": {"markers": ["é\U0001f600"]}},
    }
    assert second == {"paths": ["*.md"], "rules": {"debt": {"severity": "warning", "stage": "observe"}}}
    for line in (
        "# what holds for sub/src/out/a.py: enforcer.toml",
        "# which extends sub/base.toml",
        "# excluded: sub/base.toml:2:12",
        '  "recommended",  # enforcer.toml:1:12',
        '  "sub/base.toml",  # enforcer.toml:1:27',
        '  "/src/out/",  # sub/base.toml:2:12, below sub/',
        "generated = []  # default",
        'required-version = ">=0"  # sub/base.toml:3:1',
        'historical = "same"  # sub/base.toml:1:1',
        'stage = "warn"  # enforcer.toml:2:1',
        "from = 2027-01-31  # enforcer.toml:5:11: before it `warn`",
        'severity = "blocked"  # enforcer.toml:4:54',
        'fields = ["revised"]  # enforcer.toml:4:32',
        'base = "auto"  # default',
        "[[overrides]]  # enforcer.toml:6:3: does not match sub/src/out/a.py",
        '  "a b",  # enforcer.toml:7:20',
    ):
        assert f"{line}\n" in done.out, line
    assert "[[overrides]]  # enforcer.toml:6:3: matches src/a.py\n" in ae("config", "src/a.py").out


def test_the_policy_of_a_folder_is_that_of_what_is_in_it(ae: Command, workspace: Path) -> None:
    fill(workspace, {"enforcer.toml": 'exclude = ["a/"]', "sub/enforcer.toml": 'exclude = ["b/"]'})
    for asked in ([], ["."], [str(workspace)]):
        assert ae("config", *asked).out.startswith("# what holds for ./: enforcer.toml\n")
    for asked in (["sub"], ["sub/"]):
        assert ae("config", *asked).out.startswith("# what holds for sub/: sub/enforcer.toml\n")
    assert '"b/",  # sub/enforcer.toml:1:12' in ae("config", folder=workspace / "sub").out


def test_what_lies_in_an_excluded_folder_is_excluded(ae: Command, workspace: Path) -> None:
    fill(workspace, {"enforcer.toml": 'exclude = ["a/"]', "a/b/enforcer.toml": "exclude = []"})
    for path in ("a/b/c.py", "a/b"):
        assert "# excluded: enforcer.toml:1:12\n" in ae("config", path).out


def test_a_policy_above_the_working_folder_that_does_not_count_is_told(ae: Command, tmp_path: Path) -> None:
    fill(tmp_path, {"up/enforcer.toml": 'rules.logging = "off"', "up/in/a.py": "print(1)\n"})
    said = f"auto-enforcer: `{tmp_path}/up/enforcer.toml` is not used: outside of git a workspace is"
    for arguments in (["check"], ["config", "a.py"]):
        assert ae(*arguments, folder=tmp_path / "up" / "in").err.startswith(said)
        assert ae(*arguments, folder=tmp_path / "up").err == ""
    fill(tmp_path, {"up/in/enforcer.toml": ""})
    assert ae("check", folder=tmp_path / "up" / "in").err == ""


def test_without_a_file_the_policy_is_the_recommended_one(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": ""})
    done = ae("config", "a.py", "--all")
    assert done.code == 0
    assert "# what holds for a.py: the defaults, for there is no configuration file\n" in done.out
    told = tomllib.loads(done.out)["rules"]
    assert told["dates/impossible-date"]["severity"] == "blocked"
    assert set(told) == set(catalog.entries())
    assert 'extends = [\n  "recommended",  # default\n]\nexclude = []  # default\n' in done.out


def test_what_is_not_as_by_default_is_printed(ae: Command, workspace: Path) -> None:
    policy = (
        'extends = "all"\nstage = "warn"\n[rules]\n"logging/print-call" = "off"\n'
        '"dates/impossible-date" = "blocked"\n"errors/bare-except" = { stage = "observe" }\n'
        '"debt/todo-without-reference" = { markers = ["TODO"] }\n'
    )
    fill(workspace, {"enforcer.toml": policy})
    done = ae("config", "a.py")
    told = tomllib.loads(done.out)
    optional = {rule for rule, entry in catalog.entries().items() if entry.optional}
    said = {
        *("logging/print-call", "dates/impossible-date", "debt/todo-without-reference", "errors/bare-except")
    }
    assert set(told.pop("rules")) == said | optional
    assert told == {"extends": ["all"], "stage": "warn"}
    left = len(catalog.entries()) - len(said | optional)
    assert done.out.splitlines()[-1] == (
        f"# {left} rules are as by default; `auto-enforcer config a.py --all` shows all keys and rules, "
        "`auto-enforcer config a.py NAME` a key, a rule or a family"
    )
    assert "NAME" not in ae("config", "a.py", "--all").out
    (workspace / "enforcer.toml").unlink()
    assert len(ae("config", "a.py").out.splitlines()) == 3


def test_what_a_policy_allows_in_a_file_is_printed(ae: Command, workspace: Path) -> None:
    known = f"{'0' * 32}-{'0' * 24}"
    table = f'[[allow]]\nrule = "debt/conflict-marker"\npath = "a/b.json"\nhash = "{known}"\nreason = "why"\n'
    fill(workspace, {"enforcer.toml": table + "until = 2027-01-31\n"})
    for path, count in (("a/b.json", 1), ("a", 1), (".", 1), ("a/c.json", 0), ("b", 0)):
        fill(workspace, {"a/b.json": "", "b/c.json": ""})
        for names in ([], ["allow"]):
            said = tomllib.loads(ae("config", path, *names).out)
            assert len(said.get("allow", [])) == count, path
    (said,) = tomllib.loads(ae("config", "a/b.json").out)["allow"]
    assert (said.pop("until").isoformat(), said) == ("2027-01-31", tomllib.loads(table)["allow"][0])


def test_what_an_earlier_ruleset_has_otherwise_is_not_as_by_default(ae: Command, workspace: Path) -> None:
    fill(workspace, {"enforcer.toml": 'ruleset = "2026.1"\n'})
    told = tomllib.loads(ae("config").out)["rules"]
    assert told["enforcer/weakened-policy"] == {"severity": "off"}
    assert len(told) < 20


@pytest.mark.parametrize("start", [["a.py"], []])
def test_a_key_a_rule_or_a_family_is_printed_alone(ae: Command, workspace: Path, start: list[str]) -> None:
    fill(
        workspace,
        {"enforcer.toml": '[rules]\nlogging = "off"\n[[overrides]]\npaths = ["b"]\nstage = "warn"\n'},
    )
    assert tomllib.loads(ae("config", *start, "stage").out) == {"stage": "block"}
    (only,) = tomllib.loads(ae("config", *start, "dates/impossible-date").out)["rules"].values()
    assert only["severity"] == "blocked"
    told = tomllib.loads(ae("config", *start, "dates", "historical").out)
    assert set(told) == {"historical", "rules"}
    assert set(told["rules"]) == set(catalog.families()["dates"])
    assert "overrides" in tomllib.loads(ae("config", *start, "overrides").out)
    assert tomllib.loads(ae("config", *start, "exclude").out) == {"exclude": []}
    assert "as by default;" not in ae("config", *start, "dates").out


@pytest.mark.parametrize(
    ("name", "near"), [("stge", "stage"), ("date", "dates"), ("logging/print-cal", "logging/print-call")]
)
def test_a_name_that_nothing_has_is_told(ae: Command, name: str, near: str) -> None:
    done = ae("config", "a.py", name)
    assert (done.code, done.out) == (2, "")
    assert done.err.endswith(f"`{name}`; did you mean `{near}`?\n")


def test_an_invalid_policy_is_told_and_exits_with_2(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": "", "enforcer.toml": "excludes = []\n"})
    done = ae("config", "a.py")
    assert done.code == 2
    assert done.err == (
        "enforcer.toml:1:1: excludes: unknown key `excludes`; did you mean `exclude`? "
        "(nothing of `enforcer.toml` is used; the defaults are used in its place)\n"
    )
    assert done.out.startswith(
        "# what holds for a.py: the defaults, for the configuration file has mistakes\n"
    )


def test_it_answers_outside_of_any_workspace(tmp_path: Path, cache: Path) -> None:
    fill(tmp_path, {"a.py": BLOCKED})
    assert run(["why", str(tmp_path / "a.py") + ":1", "dates/impossible-date"], Path("/"), cache).code == 0
