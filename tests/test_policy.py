"""The policy, through the text of configuration files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from auto_enforcer import catalog, path_kinds, policy_keys, policy_schema, recommended
from auto_enforcer.model import Option, Severity, Stage
from auto_enforcer.policy import Policy, Resolver, load
from auto_enforcer.policy_values import RULESET, InvalidPolicyError, Setting
from auto_enforcer.session import Session
from command import fill

B, W = Severity.BLOCKED, Severity.WARNING


@dataclass(frozen=True)
class Entry:
    """A rule as the catalog knows it."""

    id: str
    severity: Severity = W
    optional: bool = False
    options: tuple[Option, ...] = ()


_FORMS = (
    Option("forms", ("#1",), "forms of a reference"),
    Option("owner", False, "whether an owner will do"),
    Option("longest", 3, "words"),
    Option("word", "by", "a word"),
)
ENTRIES: Mapping[str, Entry] = {
    entry.id: entry
    for entry in (
        Entry("logging/print-call"),
        Entry("logging/debugger-statement", B),
        Entry("dates/hardcoded-date"),
        Entry("dates/impossible-date", B),
        Entry("dates/stale-last-updated"),
        Entry("secrets/hardcoded-password", B),
        Entry("secrets/stripe-key", B),
        Entry("errors/lost-cause", W, optional=True, options=(Option("words", ("why",), "w"),)),
        Entry("errors/bare-except"),
        Entry("enforcer/rule-failed", B),
        Entry("enforcer/unused-suppression"),
        Entry("debt/todo-without-reference", options=_FORMS),
    )
}

OWN = {"enforcer/rule-failed", "enforcer/unused-suppression"}

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes files of a workspace, given as `name=text` with `__` for `/`; returns the workspace."""

    def write(files: Mapping[str, str] | str) -> Path:
        for name, text in ({"enforcer.toml": files} if isinstance(files, str) else files).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    return write


def _load(root: Path, file: str = "enforcer.toml", version: str = "1.2.3") -> Policy:
    return load(str(root), file, ENTRIES, version)


def _problems(root: Path, file: str = "enforcer.toml", version: str = "1.2.3") -> list[str]:
    with pytest.raises(InvalidPolicyError) as raised:
        _load(root, file, version)
    return [str(problem) for problem in raised.value.problems]


def _word(setting: Setting) -> str:
    return setting.severity.value if setting.on else "off"


# Defaults


def test_without_a_file_the_recommended_set_holds(tmp_path: Path) -> None:
    policy = Resolver(str(tmp_path), ENTRIES).policy("src/a.py")
    selection = policy.select("src/a.py")
    assert policy.file == ""
    assert selection.active() == {rule for rule, entry in ENTRIES.items() if not entry.optional}
    assert all(selection.setting(rule).severity is ENTRIES[rule].severity for rule in selection.active())
    assert str(selection.setting("errors/bare-except").place) == "recommended"
    assert (policy.historical, policy.base, policy.on_error) == ("lower", "auto", "block")
    assert policy.said("ruleset").value == RULESET


@pytest.mark.parametrize(
    ("path", "rule", "word"),
    [
        ("tests/a.py", "logging/print-call", "off"),
        ("a/test_b.py", "logging/print-call", "off"),
        ("a/b_test.go", "logging/debugger-statement", "warning"),
        ("bin/a.py", "logging/print-call", "off"),
        ("bin/a.py", "logging/debugger-statement", "blocked"),
        ("a/cli.py", "logging/print-call", "off"),
        ("a/client.py", "logging/print-call", "warning"),
        ("a/latest.py", "logging/print-call", "warning"),
        ("README.md", "secrets/hardcoded-password", "warning"),
        (".env.example", "secrets/hardcoded-password", "warning"),
        (".env", "secrets/hardcoded-password", "blocked"),
        ("tests/a.py", "secrets/stripe-key", "blocked"),
        ("app/migrations/0001.py", "dates/hardcoded-date", "off"),
        ("app/migrations/0001.py", "dates/impossible-date", "blocked"),
        ("tests/a.py", "dates/impossible-date", "warning"),
        ("CHANGELOG.md", "dates/stale-last-updated", "off"),
        ("README.md", "dates/stale-last-updated", "warning"),
        ("logs/a.md", "dates/stale-last-updated", "off"),
    ],
)
def test_the_recommended_set_says_less_in_some_paths(tmp_path: Path, path: str, rule: str, word: str) -> None:
    setting = Resolver(str(tmp_path), ENTRIES).policy(path).select(path).setting(rule)
    assert _word(setting) == word
    assert bool(setting.reason) == (word != (ENTRIES[rule].severity.value))


def test_reading_no_file_imports_no_toml() -> None:
    program = """
import sys
from auto_enforcer.policy import Resolver
assert Resolver(sys.argv[1], {}).policy("a/b.py").select("a/b.py").active() == frozenset()
assert not {"tomllib", "difflib", "json", "hashlib", "pathlib"} & set(sys.modules), sys.modules
"""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent / "server")}
    subprocess.run([sys.executable, "-c", program, "/nowhere"], check=True, env=environment)


# What a file says


def test_a_rule_and_a_family_are_set(write: Write) -> None:
    policy = _load(
        write(
            """
[rules]
dates = "warning"
"dates/hardcoded-date" = "blocked"
logging = "off"
errors = "blocked"
"""
        )
    )
    selection = policy.select("src/a.py")
    assert _word(selection.setting("dates/impossible-date")) == "warning"
    assert _word(selection.setting("dates/hardcoded-date")) == "blocked"
    assert _word(selection.setting("logging/print-call")) == "off"
    assert str(selection.setting("logging/print-call").place) == "enforcer.toml:5:1"
    assert str(selection.setting("dates/hardcoded-date").place) == "enforcer.toml:4:1"
    assert selection.setting("dates/hardcoded-date").place.key == 'rules."dates/hardcoded-date"'


def test_a_family_leaves_its_optional_rules_off_until_they_are_named(write: Write) -> None:
    assert "errors/lost-cause" not in _load(write('rules.errors = "blocked"')).select("a").active()
    named = _load(write('rules.errors = "blocked"\nrules."errors/lost-cause" = "warning"')).select("a")
    assert _word(named.setting("errors/lost-cause")) == "warning"
    given = _load(write('rules."errors/lost-cause" = { words = ["so"] }')).select("a")
    assert _word(given.setting("errors/lost-cause")) == "warning"
    off = _load(write('rules."errors/lost-cause" = { words = ["so"], severity = "off" }')).select("a")
    assert _word(off.setting("errors/lost-cause")) == "off"


def test_all_and_nothing_can_be_extended(write: Write) -> None:
    assert _load(write('extends = ["all"]')).select("a").active() == set(ENTRIES)
    assert _load(write('extends = "all"')).select("a").active() == set(ENTRIES)
    assert _load(write("extends = []")).select("a").active() == OWN
    some = _load(write('extends = []\n[rules]\nerrors = "warning"')).select("tests/a")
    assert some.active() == {"errors/bare-except", *OWN}


def test_no_policy_hides_that_a_rule_failed(write: Write) -> None:
    policy = _load(write('extends = []\nstage = "observe"\nrules.enforcer = "off"'))
    selection = policy.select("tests/a")
    failed = selection.setting("enforcer/rule-failed")
    assert (_word(failed), failed.stage(date.today())) == ("blocked", Stage.BLOCK)
    assert _word(selection.setting("enforcer/unused-suppression")) == "off"
    assert _problems(write('rules."enforcer/rule-failed" = "warning"'))[0].endswith(
        "this rule is always on; remove this line"
    )


def test_options_are_whole_and_typed(write: Write) -> None:
    policy = _load(
        write('[rules."debt/todo-without-reference"]\nforms = ["JIRA-1", "x"]\nowner = true\nlongest = 7\n')
    )
    setting = policy.select("a").setting("debt/todo-without-reference")
    assert setting.options == {"forms": ("JIRA-1", "x"), "owner": True, "longest": 7, "word": "by"}
    assert str(setting.option_places["owner"]) == "enforcer.toml:3:1"
    assert setting.severity is W
    assert setting.on


def test_overrides_hold_for_their_paths_and_the_last_has_the_word(write: Write) -> None:
    policy = _load(
        write(
            """
[[overrides]]
paths = ["lib/**", "*.gen.py"]
rules = { errors = "off" }
[[overrides]]
paths = ["lib/core/"]
rules = { errors = "blocked" }
"""
        )
    )
    assert _word(policy.select("a.py").setting("errors/bare-except")) == "warning"
    assert _word(policy.select("lib/a.py").setting("errors/bare-except")) == "off"
    assert _word(policy.select("x/y.gen.py").setting("errors/bare-except")) == "off"
    assert _word(policy.select("lib/core/a.py").setting("errors/bare-except")) == "blocked"


def test_equal_selections_are_shared(write: Write) -> None:
    policy = _load(write('[[overrides]]\npaths = ["lib/**"]\nrules = { errors = "off" }'))
    assert policy.select("a.py") is policy.select("b/c.py")
    assert policy.select("lib/a.py") is policy.select("lib/b/c.py")
    assert policy.select("lib/a.py") is not policy.select("a.py")


def test_a_word_for_all_paths_never_raises_what_the_recommended_set_lowers(write: Write) -> None:
    policy = _load(
        write(
            """
[rules]
logging = "blocked"
"secrets/hardcoded-password" = "off"
[[overrides]]
paths = ["tests/ui/**"]
rules = { logging = "warning" }
"""
        )
    )
    assert _word(policy.select("src/a.py").setting("logging/print-call")) == "blocked"
    assert _word(policy.select("tests/a.py").setting("logging/print-call")) == "off"
    assert _word(policy.select("tests/ui/a.py").setting("logging/print-call")) == "warning"
    assert _word(policy.select("tests/a.py").setting("secrets/hardcoded-password")) == "off"


def test_stages_roll_a_rule_out(write: Write) -> None:
    policy = _load(
        write(
            """
stage = "warn"
[rules]
secrets = { stage = "block", from = 2027-01-01 }
dates = { stage = "observe" }
[[overrides]]
paths = ["old/**"]
stage = "observe"
[[overrides]]
paths = ["old/core/**"]
rules = { secrets = { stage = "block" } }
"""
        )
    )
    before, after = date(2026, 12, 31), date(2027, 1, 1)

    def stages(path: str, rule: str) -> tuple[Stage, Stage]:
        setting = policy.select(path).setting(rule)
        return setting.stage(before), setting.stage(after)

    assert stages("a", "errors/bare-except") == (Stage.WARN, Stage.WARN)
    assert stages("a", "secrets/stripe-key") == (Stage.WARN, Stage.BLOCK)
    assert stages("a", "dates/hardcoded-date") == (Stage.OBSERVE, Stage.OBSERVE)
    assert stages("old/a", "secrets/stripe-key") == (Stage.OBSERVE, Stage.OBSERVE)
    assert stages("old/core/a", "secrets/stripe-key") == (Stage.BLOCK, Stage.BLOCK)
    assert policy.select("a").setting("secrets/stripe-key").rollout.place.key == "rules.secrets.stage"
    assert policy.select("a").setting("secrets/stripe-key").on


def test_excludes_have_a_place(write: Write) -> None:
    policy = _load(
        write({"sub/enforcer.toml": 'exclude = ["vendor/**",\n  "*.gen.py"]'}), "sub/enforcer.toml"
    )
    assert policy.excluded("sub/a.py") is None
    assert policy.excluded("vendor/a.py") is None
    assert str(policy.excluded("sub/vendor/")) == "sub/enforcer.toml:1:12"
    assert str(policy.excluded("sub/vendor/a")) == "sub/enforcer.toml:1:12"
    assert str(policy.excluded("sub/x/a.gen.py")) == "sub/enforcer.toml:2:3"


def test_the_policy_calls_files_generated(write: Write) -> None:
    policy = _load(
        write(
            {
                "base.toml": 'generated = ["*.g.ts"]',
                "enforcer.toml": 'extends = "base.toml"\ngenerated = ["gen/"]',
            }
        )
    )
    assert str(policy.generated("a/b.g.ts")) == "base.toml:1:14"
    assert str(policy.generated("gen/b.ts")) == "enforcer.toml:2:14"
    assert policy.generated("b.ts") is None


def test_values_of_the_whole_have_their_places(write: Write) -> None:
    policy = _load(
        write(
            'ruleset = "2026.1"\nhistorical = "same"\nbase = "origin/main"\n'
            'on_error = "warn"\nstage = "observe"'
        )
    )
    said = {key: policy.said(key) for key in ("ruleset", "historical", "base", "on_error", "stage")}
    assert [value.value for value in said.values()] == ["2026.1", "same", "origin/main", "warn", "observe"]
    assert [value.place.line for value in said.values()] == [0, 1, 2, 3, 4]


# The nearest file


def test_the_nearest_file_stands_alone(write: Write) -> None:
    root = write(
        {
            "enforcer.toml": 'rules.errors = "off"',
            "a/pyproject.toml": '[tool.auto-enforcer.rules]\ndates = "off"',
            "a/b/pyproject.toml": '[project]\nname = "auto-enforcer-user"',
            "a/c/enforcer.toml": "",
            "a/c/pyproject.toml": "[tool.auto-enforcer]",
        }
    )
    resolver = Resolver(str(root), ENTRIES)
    files = {
        path: resolver.configuration_file(path) for path in ("x", "x/y", "a/x", "a/b/x", "a/c/x", "a/c/d/e/x")
    }
    assert files == {
        "x": "enforcer.toml",
        "x/y": "enforcer.toml",
        "a/x": "a/pyproject.toml",
        "a/b/x": "a/pyproject.toml",
        "a/c/x": "a/c/enforcer.toml",
        "a/c/d/e/x": "a/c/enforcer.toml",
    }
    assert "errors/bare-except" in resolver.policy("a/x").select("a/x").active()
    assert "dates/impossible-date" not in resolver.policy("a/x").select("a/x").active()
    assert (
        str(resolver.policy("a/x").select("a/x").setting("dates/impossible-date").place)
        == "a/pyproject.toml:2:1"
    )
    assert list(resolver.problems()) == []


def test_a_file_above_the_workspace_is_not_seen(write: Write) -> None:
    root = write({"enforcer.toml": 'rules.errors = "off"', "inner/a.py": ""})
    assert Resolver(str(root / "inner"), ENTRIES).policy("a.py").file == ""


def test_an_invalid_file_keeps_the_last_good_policy(write: Write) -> None:
    resolver = Resolver(str(write('rules.errors = "off"')), ENTRIES)
    good = resolver.policy("a.py")
    resolver.refresh()
    assert resolver.policy("a.py") is good
    write('rules.errors = "offf"')
    resolver.refresh()
    assert resolver.policy("a.py") is good
    assert [problem.place.key for problem in resolver.problems()] == ["rules.errors"]
    root = write('rules.errors = "blocked"')
    resolver.refresh()
    assert list(resolver.problems()) == []
    assert _word(resolver.policy("a.py").select("a.py").setting("errors/bare-except")) == "blocked"
    (root / "enforcer.toml").unlink()
    resolver.refresh()
    assert resolver.policy("a.py").file == ""


def test_an_extended_file_is_watched_too(write: Write) -> None:
    resolver = Resolver(str(write({"enforcer.toml": 'extends = "base.toml"', "base.toml": ""})), ENTRIES)
    assert resolver.policy("a.py").files == ("enforcer.toml", "base.toml")
    write({"base.toml": 'rules.errors = "off"'})
    resolver.refresh()
    assert "errors/bare-except" not in resolver.policy("a.py").select("a.py").active()


# What it extends


def test_a_file_inherits_what_it_extends_and_has_the_later_word(write: Write) -> None:
    root = write(
        {
            "enforcer.toml": 'exclude = ["x/"]\nhistorical = "off"\n'
            'rules.errors = "off"\nrules.dates = "off"\n'
            '[[overrides]]\npaths = ["a/b/"]\nrules.logging = "off"',
            "a/enforcer.toml": 'extends = "../enforcer.toml"\nexclude = ["y/"]\nrules.dates = "blocked"',
        }
    )
    policy = _load(root, "a/enforcer.toml")
    selection = policy.select("a/b/c.py")
    assert _word(selection.setting("errors/bare-except")) == "off"
    assert _word(selection.setting("dates/hardcoded-date")) == "blocked"
    assert _word(selection.setting("logging/print-call")) == "off"
    assert policy.historical == "off"
    assert policy.excluded("a/x/")
    assert policy.excluded("a/y/")
    assert policy.excluded("y/") is None
    assert policy.files == ("a/enforcer.toml", "enforcer.toml")


def test_a_file_or_set_that_is_extended_twice_counts_once(write: Write) -> None:
    files = {"enforcer.toml": 'extends = ["f0.toml", "f0.toml"]'}
    for index in range(40):
        files[f"f{index}.toml"] = f'extends = ["recommended", "f{index + 1}.toml", "f{index + 1}.toml"]'
    files["f40.toml"] = 'extends = ["recommended"]\nrules.errors = "off"'
    policy = _load(write(files))
    assert "errors/bare-except" not in policy.select("a").active()
    assert len(policy.files) == 42


@pytest.mark.parametrize(
    ("extends", "said"),
    [
        (
            '"recomended"',
            "enforcer.toml:1:1: extends: unknown set of rules `recomended`; did you mean `recommended`?",
        ),
        (
            '["none.toml"]',
            "enforcer.toml:1:12: extends[0]: `none.toml` does not exist; paths are relative to this file",
        ),
        (
            '["../x.toml"]',
            "enforcer.toml:1:12: extends[0]: `../x.toml` is outside the workspace; name a file inside it",
        ),
        ('["a/../../x.toml"]', "enforcer.toml:1:12: extends[0]: `a/../../x.toml` is outside the workspace;"),
        (
            '["out.toml"]',
            "enforcer.toml:1:12: extends[0]: `out.toml` is outside the workspace; name a file inside it",
        ),
        ('["/etc/x.toml"]', "enforcer.toml:1:12: extends[0]: `/etc/x.toml` is not a relative path; write it"),
        ('["folder/"]', "enforcer.toml:1:12: extends[0]: `folder` is a folder; name a file in it"),
        ('["folder/fifo.toml"]', "folder/fifo.toml:1:1: cannot be read: it is a FIFO, not a file"),
        (
            '["enforcer.toml"]',
            "enforcer.toml:1:12: extends[0]: this file ends up extending itself (enforcer.toml -> e",
        ),
        (
            '["b.toml"]',
            "b.toml:1:11: extends: this file ends up extending itself (enforcer.toml -> b.toml -> e",
        ),
        ("7", "enforcer.toml:1:1: extends: must be a list of strings, not a number"),
        ("[7]", "enforcer.toml:1:12: extends[0]: must be a string, not a number"),
        (
            '["pyproject.toml"]',
            "pyproject.toml:1:1: there is no `[tool.auto-enforcer]` table in this file; add one",
        ),
    ],
)
def test_what_cannot_be_extended_is_told_at_its_place(write: Write, extends: str, said: str) -> None:
    root = write(
        {
            "ws/enforcer.toml": f"extends = {extends}",
            "ws/b.toml": '"extends"="./enforcer.toml"',
            "ws/pyproject.toml": "[project]",
            "ws/folder/x": "",
            "x.toml": "",
        }
    )
    (root / "ws/out.toml").symlink_to(root / "x.toml")
    os.mkfifo(root / "ws/folder/fifo.toml")
    assert _problems(root / "ws")[0].startswith(said.replace(":1:11:", ":1:1:"))


# What does not hold


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('excludes = ["a"]', "1:1: excludes: unknown key `excludes`; did you mean `exclude`?"),
        (
            "frobnicate = 1",
            "1:1: frobnicate: unknown key `frobnicate`; use one of `extends`, `exclude`, `gen",
        ),
        ('logging = "off"', "1:1: logging: unknown key `logging`; rules and families go under `[rules]`"),
        ('exclude = "a"', "1:1: exclude: must be a list of strings, not a string"),
        ('exclude = [\n"ok", "a["]', "2:7: exclude[1]: the glob has a `[` without its `]`"),
        ("rules = []", "1:1: rules: must be a table, not a list"),
        (
            'rules.loging = "off"',
            "1:7: rules.loging: unknown rule or family `loging`; did you mean `logging`?",
        ),
        (
            'rules.print-call = "off"',
            "1:7: rules.print-call: unknown rule or family `print-call`; did you mean `log",
        ),
        (
            '[rules]\n"logging/print-cal" = "off"',
            '2:1: rules."logging/print-cal": unknown rule `logging/print-cal`; did you mean `logging/print-',
        ),
        (
            '[rules.logging]\nprint-call = "off"',
            '2:1: rules.logging.print-call: `print-call` is a rule; write it as `"logging/print-c',
        ),
        (
            'rules.dates = "error"',
            "1:7: rules.dates: must be `blocked`, `warning` or `off`, not `error`; did you",
        ),
        (
            "rules.dates = true",
            "1:7: rules.dates: must be `blocked`, `warning`, `off` or a table, not true or false",
        ),
        (
            "rules.dates = { severity = 3 }",
            "1:17: rules.dates.severity: must be `blocked`, `warning` or `off`, not a n",
        ),
        (
            'rules.dates = { level = "off" }',
            "1:17: rules.dates.level: unknown key `level`; a family takes only `severity`",
        ),
        (
            '[rules."debt/todo-without-reference"]\nform = 1',
            '2:1: rules."debt/todo-without-reference".form: `debt/todo-without-reference` has no option',
        ),
        (
            '[rules."debt/todo-without-reference"]\nowner = 1',
            '2:1: rules."debt/todo-without-reference".owner: must be true or false, not a number',
        ),
        (
            '[rules."debt/todo-without-reference"]\nlongest = true',
            '2:1: rules."debt/todo-without-reference".longest: must be a number, not true or false',
        ),
        (
            '[rules."debt/todo-without-reference"]\nforms = ["a", 1]',
            '2:15: rules."debt/todo-without-reference".forms[1]: must be a string, not a number',
        ),
        (
            '[[overrides]]\nrules.dates = "off"',
            '1:3: overrides[0]: there are no paths for this to apply to; add `paths = ["…"]`',
        ),
        (
            "[[overrides]]\npaths = []",
            '2:1: overrides[0].paths: there are no paths for this to apply to; add `paths = ["…"]`',
        ),
        ("[overrides]\npaths = []", "1:2: overrides: must be `[[overrides]]` tables, not a table"),
        (
            '[[overrides]]\npaths = ["a"]\nexclude = ["b"]',
            "3:1: overrides[0].exclude: unknown key `exclude`; use one of",
        ),
        (
            '[[overrides]]\npaths = ["a"]\nrules = {}\n[[overrides]]\npaths = ["../b"]',
            "5:10: overrides[1].paths[0]: a glob cannot leave the folder of its file by `..`",
        ),
        (
            'stage = "blocked"',
            "1:1: stage: must be `observe`, `warn` or `block`, not `blocked`; did you mean `block`?",
        ),
        ("from = 2027-01-01", "1:1: from: there is no `stage` for this date to apply to; add one"),
        (
            'stage = "warn"\nfrom = "2027-01-01"',
            "2:1: from: must be a date such as `2027-01-31`, without quotes, not a s",
        ),
        (
            'stage = "warn"\nfrom = 2027-01-01T00:00:00',
            "2:1: from: must be a date such as `2027-01-31`, without quotes",
        ),
        ('stage = "observe"\nfrom = 2027-01-01', "2:1: from: `observe` is the first stage"),
        ('historical = "hidden"', "1:1: historical: must be `lower`, `same` or `off`, not `hidden`"),
        ('ruleset = "2020.1"', "1:1: ruleset: must be `2026.2` or `2026.1`, not `2020.1`"),
        ('ruleset = "2026.10"', "1:1: ruleset: `2026.10` is later than all that are known here; install"),
        ("ruleset = 2026.1", '1:1: ruleset: must be a text; put it in quotes: `"2026.1"`'),
        ('[[overrides]]\npaths = ["a"]', "1:3: overrides[0]: this says nothing; add `rules"),
        (
            'base = "--output=x"',
            "1:1: base: `--output=x` is not a git revision; write `auto`, `session` or a",
        ),
        ("base = 1", "1:1: base: must be a string, not a number"),
        (
            'required-version = ">=2"\nfrobnicate = 1',
            "1:1: required-version: this is auto-enforcer 1.2.3; install a",
        ),
        (
            'required-version = "latest"',
            "1:1: required-version: `latest` is not a version; write one (`1.2.0`) or bounds",
        ),
        ("a = \n", "1:5: not valid TOML: there is no valid value here; put text in quotes"),
        ("[rules]\na = 'x", "2:7: not valid TOML: there is no closing quote"),
        ("[" * 5000, "1:1: n"),
        ("a = " + "[" * 5000, "1:1: n"),
        ("[rules]\n[rules]", "2:7: not valid TOML: cannot declare `rules` twice"),
        ("é = 1", "1:1: not valid TOML: this is neither `key = value` nor a `[table]`"),
    ],
)
def test_a_mistake_is_told_at_its_place(write: Write, text: str, said: str) -> None:
    first, *more = _problems(write(text))
    if said == "1:1: n":
        assert first.startswith("enforcer.toml:")
    else:
        assert first.startswith(f"enforcer.toml:{said}")
    assert more == []


def test_all_mistakes_are_told_in_their_order(write: Write) -> None:
    root = write(
        {
            "enforcer.toml": 'extends = "base.toml"\nstage = "no"\nexcludes = []\n'
            '[rules]\nlog = "off"\ndates = 1',
            "base.toml": "x = 1",
        }
    )
    assert [problem.partition(": ")[0] for problem in _problems(root)] == [
        "enforcer.toml:2:1",
        "enforcer.toml:3:1",
        "enforcer.toml:5:1",
        "enforcer.toml:6:1",
        "base.toml:1:1",
    ]


def test_a_mistake_in_pyproject_has_the_place_in_that_file(write: Write) -> None:
    root = write({"pyproject.toml": '[project]\nname = "x"\n[tool.auto-enforcer]\nstages = "warn"'})
    assert _problems(root, "pyproject.toml") == [
        "pyproject.toml:4:1: stages: unknown key `stages`; did you mean `stage`?"
    ]


def test_a_pyproject_that_is_no_toml_is_ours_only_with_our_header(write: Write) -> None:
    ours = "[tool.auto-enforcer]\nx = \n"
    theirs = 'dependencies = ["auto-enforcer"\n'
    for text, count in ((ours, 1), (theirs, 0)):
        resolver = Resolver(str(write({"pyproject.toml": text})), ENTRIES)
        resolver.policy("a.py")
        assert len(list(resolver.problems())) == count


def test_a_file_that_is_no_utf8_or_too_large_or_unreadable_is_told(write: Write) -> None:
    root = write("")
    (root / "enforcer.toml").write_bytes(b"# ok\n# caf\xe9\n")
    assert _problems(root) == ["enforcer.toml:2:6: not valid UTF-8; save the file as UTF-8"]
    (root / "enforcer.toml").write_bytes(b"#" * (1 << 21))
    assert _problems(root) == ["enforcer.toml:1:1: cannot be read: it is larger than 1 MiB"]
    (root / "enforcer.toml").unlink()
    (root / "enforcer.toml").mkdir()
    assert _problems(root) == ["enforcer.toml:1:1: cannot be read: it is a folder, not a file"]


def test_a_byte_order_mark_does_no_harm(write: Write) -> None:
    assert (
        _load(write('\ufeffrules.errors = "off"')).select("a").setting("errors/bare-except").place.column == 6
    )


@pytest.mark.parametrize(
    ("bounds", "fits"),
    [
        ("1.2.3", True),
        ("1.2", False),
        ("==1.2.3", True),
        (">=1.2, <2", True),
        (">=1.3", False),
        ("<1.2.3", False),
        ("<=1.2.3", True),
        ("~=1.2.0", True),
        ("~=1.2", True),
        ("~=1.1.0", False),
        ("!=1.2.3", False),
        (">1.2.2.9", True),
    ],
)
def test_another_version_is_refused(write: Write, bounds: str, fits: bool) -> None:
    root = write(f'required-version = "{bounds}"')
    if fits:
        _load(root)
    else:
        assert len(_problems(root)) == 1


def test_a_message_shows_no_long_value_and_no_control_character(write: Write) -> None:
    hostile: dict[str, Any] = {"x" * 10_000: 1}
    text = "\n".join(f'"{key}" = {value}' for key, value in hostile.items()) + '\n"\\u001b[31m" = 1'
    for problem in _problems(write(text)):
        assert len(problem) < 400
        assert problem.isprintable()


# What is shipped


def test_the_recommended_set_speaks_of_rules_that_there_are() -> None:
    families = {rule.partition("/")[0] for rule in catalog.entries()}
    spoken_of = {rule for cap in recommended.CAPS for rule in cap.rules}
    assert {kind for cap in recommended.CAPS for kind in cap.kinds} <= set(path_kinds.KINDS)
    assert spoken_of <= set(catalog.entries()) | families


def test_no_option_has_the_name_of_a_key_of_a_rule() -> None:
    reserved = {key.name for key in policy_keys.RULE_KEYS}
    options = {option.name for entry in catalog.entries().values() for option in entry.options}
    assert not options & reserved


def test_the_shipped_schema_is_that_of_the_keys_and_the_catalog() -> None:
    """`python -m auto_enforcer.policy_schema` in `server` writes it."""
    shipped = Path(policy_schema.SCHEMA_FILE).read_text(encoding="utf-8")
    assert shipped == policy_schema.schema_text(catalog.entries())


_ACCEPTED = """
extends = ["recommended", "x/base.toml"]
exclude = ["vendor/**"]
generated = ["*.g.ts"]
required-version = ">=0"
ruleset = "2026.1"
stage = "warn"
historical = "same"
base = "origin/main"
on_error = "warn"
[rules]
dates = "warning"
"logging/print-call" = { severity = "off" }
"dates/stale-last-updated" = { fields = ["updated"], stage = "observe" }
[[overrides]]
paths = ["a"]
rules = { logging = "off" }
stage = "block"
"""


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        (_ACCEPTED, True),
        ('extends = "all"', True),
        ('extends = "al"', False),
        ("excludes = []", False),
        ('exclude = "a"', False),
        ('rules.dates = "error"', False),
        ('rules.dats = "off"', False),
        ('rules.dates = { level = "off" }', False),
        ('rules."dates/stale-last-updated" = { fields = "updated" }', False),
        ('rules."dates/stale-last-updated" = { field = ["updated"] }', False),
        ('rules."enforcer/rule-failed" = "off"', False),
        ("overrides = [{ rules = {} }]", False),
        ('stage = "blocked"', False),
        ('from = "2027-01-01"', False),
        ('base = "--x"', False),
    ],
)
def test_the_schema_refuses_what_the_policy_refuses(write: Write, text: str, accepted: bool) -> None:
    """Editors that complete by the schema and the command agree."""
    root = write({"enforcer.toml": text, "x/base.toml": ""})
    schema = json.loads(policy_schema.schema_text(catalog.entries()))
    validator = jsonschema.Draft7Validator(schema)
    assert validator.is_valid(tomllib.loads(text)) == accepted
    try:
        load(str(root), "enforcer.toml", catalog.entries(), "1.0")
    except InvalidPolicyError:
        assert not accepted
    else:
        assert accepted


def test_folders_whose_policies_say_the_same_share_a_plan(tmp_path: Path) -> None:
    """It holds more than all that a policy says, and a workspace may have a policy a folder."""
    said = {
        "a": "extends = ['recommended']\n",
        "b": "# alike\nextends = ['recommended']\n",
        "c": "[rules]\n'debt/todo-without-reference' = 'blocked'\n",
    }
    for folder, text in said.items():
        fill(tmp_path, {f"{folder}/enforcer.toml": text, f"{folder}/x.py": "# TODO: settle\n"})
    session = Session(str(tmp_path), today=date(2026, 11, 20))
    found = {folder: session.check_file(str(tmp_path / folder / "x.py")).report for folder in said}
    severities = {
        folder: [verdict.severity for _, verdict in report.rows] for folder, report in found.items() if report
    }
    assert severities == {"a": [Severity.WARNING], "b": [Severity.WARNING], "c": [Severity.BLOCKED]}
    plans = {id(plan) for _, plan in session._activation._plans.values()}
    assert (len(session._activation._plans), len(plans)) == (3, 2)
