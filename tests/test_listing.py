"""`rules` in its formats: the catalogue as JSON and as a table, with a team's own rules and their tests."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

import bootstrap
from auto_enforcer import catalog, cli_listing
from auto_enforcer.model import Severity
from command import Command, fill
from tokens import token

TEAM = """
[[rule]]
id = "acme/legacy-client"
severity = "blocked"
languages = ["python"]
literal = "LegacyClient("
message = "a {{client}} | that is retired"
url = "https://acme.example/x"
match = ["LegacyClient()"]
"""


def test_json_has_all_that_is_known_of_each_rule(ae: Command) -> None:
    done = ae("rules", "--format", "json")
    assert (done.code, done.err) == (0, "")
    listed = {rule["id"]: rule for rule in json.loads(done.out)["rules"]}
    assert list(listed) == list(catalog.entries())
    for entry in catalog.entries().values():
        rule = listed[entry.id]
        assert rule["severity"] == ("blocked" if entry.severity is Severity.BLOCKED else "warning")
        assert rule["on"] is not entry.optional
        assert rule["languages"] == sorted(entry.languages)
        assert set(rule["options"]) == {option.name for option in entry.options}
        assert rule["title"], entry.id
        assert rule["page"].startswith(f"server/auto_enforcer/rules/{entry.family}/{entry.family}.md#")
    options = listed["debt/todo-without-reference"]["options"]
    assert options["markers"]["default"] == ["TODO", "FIXME", "HACK", "XXX"]


def test_a_family_or_a_rule_can_be_chosen(ae: Command) -> None:
    rules = json.loads(ae("rules", "dates", "--format", "json").out)["rules"]
    assert {rule["family"] for rule in rules} == {"dates"}
    (rule,) = json.loads(ae("rules", "logging/print-call", "--format", "json").out)["rules"]
    assert (rule["id"], rule["languages"]) == ("logging/print-call", ["python"])


def test_the_table_has_a_row_a_rule(ae: Command) -> None:
    rows = ae("rules", "--format", "markdown").out.splitlines()[2:]
    assert len(rows) == len(catalog.entries())
    assert {row.count("|") - row.count(r"\|") for row in rows} == {6}
    (row,) = (row for row in rows if row.startswith("| [logging/print-call]"))
    assert "(server/auto_enforcer/rules/logging/logging.md#loggingprint-call)" in row
    assert "| warning | python |" in row


def test_the_sections_that_pages_are_linked_to_are_there() -> None:
    for entry in catalog.entries().values():
        assert catalog.page(entry.id).startswith("## "), entry.id


def test_titles_are_one_sentence() -> None:
    titles = {
        rule["id"]: rule["title"]
        for rule in json.loads(cli_listing.as_json(catalog.entries().values()))["rules"]
    }
    assert not {rule: title for rule, title in titles.items() if "\n" in title or len(title) > 400}


def test_a_team_s_rules_are_listed_with_ours(ae: Command, workspace: Path) -> None:
    secret = token("github-token")
    fill(workspace, {"enforcer.toml": TEAM + TEAM.replace("legacy-", "other-").replace("retired", secret)})
    done = ae("rules", "acme", "--format", "json")
    first, second = json.loads(done.out)["rules"]
    assert (first["title"], first["page"], first["own"]) == (
        "a {client} | that is retired",
        "https://acme.example/x",
        True,
    )
    assert (first["severity"], first["on"], first["languages"]) == ("blocked", True, ["python"])
    assert "<" in second["title"]
    done_too = ae("rules", "acme", "--format", "markdown")
    assert r"| [acme/legacy-client](https://acme.example/x) | a {client} \| that is retired |" in done_too.out
    assert secret not in done.out + done_too.out


def test_tests_are_told_in_json(ae: Command, workspace: Path) -> None:
    fill(workspace, {"enforcer.toml": TEAM})
    done = ae("rules", "test", "--format", "json")
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out) == {
        "rules": [{"id": "acme/legacy-client", "tests": 1, "runs": True, "slow": False}],
        "problems": [],
    }
    wrong = TEAM.replace('["LegacyClient()"]', '["x"]')
    fill(workspace, {"enforcer.toml": wrong + TEAM.replace("legacy-", "other-").replace("literal", "litral")})
    done = ae("rules", "test", "--format", "json")
    assert done.code == 2
    told = json.loads(done.out)
    assert [rule["runs"] for rule in told["rules"]] == [False, False]
    assert [(one["kind"], one["path"], one["line"]) for one in told["problems"]] == [
        ("failed", "enforcer.toml", 9),
        ("mistake", "enforcer.toml", 15),
    ]
    assert "nothing is found" in told["problems"][0]["message"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--format", "xml"), "must be `text`, `json` or `markdown`, not `xml`"),
        (("--format", "jsn"), "did you mean `json`?"),
        (("test", "--format", "markdown"), "must be `text` or `json`, not `markdown`"),
    ],
)
def test_other_formats_are_refused(ae: Command, arguments: tuple[str, ...], said: str) -> None:
    done = ae("rules", *arguments)
    assert (done.code, said in done.err) == (2, True), done.err


README = Path(bootstrap.CHECKOUT) / "README.md"
MARKS = re.compile(r"(?<=<!-- rules -->\n\n).*?(?=\n<!-- /rules -->\n)", re.DOTALL)


def test_the_readme_has_the_table() -> None:
    """As `AUTO_ENFORCER_REWRITE_README=1` has it written anew."""
    text = README.read_text(encoding="utf-8")
    table = cli_listing.as_markdown(catalog.entries().values())
    [shown] = MARKS.findall(text)
    if shown != table and os.environ.get("AUTO_ENFORCER_REWRITE_README"):
        README.write_text(MARKS.sub(lambda match: table, text), encoding="utf-8")
    if shown != table:
        again = "AUTO_ENFORCER_REWRITE_README=1 python -m pytest tests/test_listing.py -k readme"
        pytest.fail(f"README.md has another table than the rules are; write it anew by `{again}`")
