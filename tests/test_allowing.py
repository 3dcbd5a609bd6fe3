"""`[[allow]]` tables of a policy: what stays in files that take no comment."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from auto_enforcer.allowing import hash_of
from auto_enforcer.model import Report
from auto_enforcer.session import Session
from command import Command, fill
from lsp.stdio import Client, uri
from repositories import Repository
from tokens import token

RULE = "secrets/github-token"
SECRET = token("github-token") or ""
TEXT = f'{{\n  "name": "sample",\n  "key": "{SECRET}"\n}}\n'
TODAY = date(2026, 11, 20)


def known_by(folder: Path, name: str = "a.json", salt: bytes = bytes(16)) -> str:
    """What the first violation of a file is known by."""
    session = Session(str(folder), today=TODAY)
    checked = session.check_file(str(folder / name))
    assert checked.report is not None
    row = next(row for row, _ in checked.report.rows if row.violation.rule == RULE)
    lines = (folder / name).read_text(encoding="utf-8").split("\n")
    return hash_of(row, lambda number: lines[number], session._concealing.lookout(), salt)


def table(**said: object) -> str:
    """An `[[allow]]` table."""
    written = {"rule": RULE, "path": "a.json", "reason": "the sample's own", **said}
    lines = [
        f"{name} = {value if isinstance(value, date) else json.dumps(value)}"
        for name, value in written.items()
    ]
    return "\n".join(["[[allow]]", *lines, ""])


def found(folder: Path, *, day: date = TODAY) -> list[tuple[str, bool]]:
    """What is found in the file, and whether it is taken out."""
    report = Session(str(folder), today=day).check_file(str(folder / "a.json")).report
    assert isinstance(report, Report)
    return [(row.violation.rule, row.suppression is not None) for row, _ in report.rows]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    fill(tmp_path, {"a.json": TEXT})
    return tmp_path


def test_a_table_takes_out_what_it_knows_wherever_it_stands(folder: Path) -> None:
    assert found(folder) == [(RULE, False)]
    fill(folder, {"enforcer.toml": table(hash=known_by(folder))})
    assert found(folder) == [(RULE, True)]
    fill(folder, {"a.json": "\n\n" + TEXT.replace('"key": ', '"key":   ')})
    assert found(folder) == [(RULE, True)]


def test_another_text_is_another_violation_and_the_table_is_unused(folder: Path) -> None:
    fill(folder, {"enforcer.toml": table(hash=known_by(folder))})
    fill(folder, {"a.json": TEXT.replace(SECRET, token("github-token", "other") or "")})
    assert found(folder) == [("enforcer/unused-suppression", False), (RULE, False)]
    fill(folder, {"enforcer.toml": table(hash=known_by(folder)) + "[rules]\nenforcer = 'off'\n"})
    fill(folder, {"a.json": "{}\n"})
    assert found(folder) == []


def test_a_table_holds_to_its_last_day(folder: Path) -> None:
    fill(folder, {"enforcer.toml": table(hash=known_by(folder), until=TODAY)})
    assert (RULE, True) in found(folder)
    assert found(folder, day=date(2026, 11, 6)) == [("enforcer/expiring-suppression", False), (RULE, True)]
    assert found(folder, day=date(2026, 11, 5)) == [(RULE, True)]
    expired = [("enforcer/expired-suppression", False), (RULE, False)]
    assert found(folder, day=date(2026, 11, 21)) == expired


def test_a_table_renews_one_that_has_expired(folder: Path) -> None:
    known = known_by(folder)
    fill(folder, {"enforcer.toml": table(hash=known, until=date(2026, 1, 1)) + table(hash=known)})
    assert found(folder) == [("enforcer/expired-suppression", False), (RULE, True)]


def test_the_salts_of_a_policy_are_few(folder: Path) -> None:
    """Each is tried with each secret, and each try takes long."""
    hashes = [f"{number:032x}-{'0' * 24}" for number in range(6)]
    fill(folder, {"enforcer.toml": "".join(table(hash=one) for one in hashes)})
    session = Session(str(folder), today=TODAY)
    session.policy(str(folder / "a.json"))
    assert len([one for one in session.problems() if "more than 4 ways" in one.message]) == 2


def test_a_secret_in_a_reason_is_told_nowhere(workspace: Path, ae: Command) -> None:
    other = token("github-token", "other") or ""
    fill(workspace, {"a.json": TEXT})
    fill(workspace, {"enforcer.toml": table(hash=known_by(workspace), reason=f"it is {other}")})
    for arguments in (("check", "--format", "sarif"), ("check", "--format", "html"), ("suppressions",)):
        done = ae(*arguments)
        assert other not in done.out + done.err
    assert "github-token" in done.out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("allow = 1", "must be `[[allow]]` tables"),
        ('[[allow]]\nrule = "x"', "there is no `path`"),
        (table(hash="123"), "this is no hash of a violation; let an editor's quick fix write it"),
        (table(hash=f"{'0' * 32}-{'0' * 24}", reason=" "), "must say why it stays"),
        (
            table(hash=f"{'0' * 32}-{'0' * 24}", rule="secrets/github-tokn"),
            "did you mean `secrets/github-token`",
        ),
        (table(hash=f"{'0' * 32}-{'0' * 24}", rule="secrets"), "`secrets` is no rule's id"),
        (table(hash=f"{'0' * 32}-{'0' * 24}", path="../a.json"), "must be a path relative to this file"),
        (table(hash=f"{'0' * 32}-{'0' * 24}", until="2027-01-31"), "must be a date such as `2027-01-31`"),
        (table(hash=f"{'0' * 32}-{'0' * 24}", reson="x"), "unknown key `reson`; did you mean `reason`"),
        (table(hash=1), "must be a string, not"),
    ],
)
def test_mistakes_are_told_at_their_place(folder: Path, text: str, message: str) -> None:
    fill(folder, {"enforcer.toml": text})
    session = Session(str(folder), today=TODAY)
    session.policy(str(folder / "a.json"))
    problems = list(session.problems())
    assert message in " ".join(problem.message for problem in problems)
    assert all(problem.place.file == "enforcer.toml" for problem in problems)


def test_the_path_is_relative_to_the_file(folder: Path) -> None:
    fill(folder, {"sub/a.json": TEXT, "sub/enforcer.toml": table(hash=known_by(folder))})
    report = Session(str(folder), today=TODAY).check_file(os.path.join(str(folder), "sub", "a.json")).report
    assert report is not None
    assert [row.suppression is not None for row, _ in report.rows] == [True]
    assert found(folder) == [(RULE, False)]


def test_reports_say_why_and_hold_no_secret(workspace: Path, ae: Command) -> None:
    fill(workspace, {"a.json": TEXT})
    fill(workspace, {"enforcer.toml": table(hash=known_by(workspace))})
    assert SECRET not in (workspace / "enforcer.toml").read_text(encoding="utf-8")
    for _ in range(2):  # the second time from what is kept
        done = ae("check", "--format", "sarif")
        (result,) = json.loads(done.out)["runs"][0]["results"]
        assert result["suppressions"] == [
            {"kind": "external", "status": "accepted", "justification": "the sample's own"}
        ]
        assert (done.code, SECRET in done.out) == (0, False)


def test_a_change_that_adds_one_weakens_the_policy(tmp_path: Path, ae: Command) -> None:
    repository = Repository(tmp_path / "made")
    repository.commit({"a.json": TEXT, "enforcer.toml": 'extends = ["recommended"]\n'})
    repository.write(
        {"enforcer.toml": 'extends = ["recommended"]\n' + table(hash=known_by(repository.folder))}
    )
    done = ae("check", "--new", "--format", "jsonl", str(repository.folder))
    (line,) = [json.loads(line) for line in done.out.splitlines()]
    assert (line["rule"], line["line"]) == ("enforcer/weakened-policy", 2)
    assert line["path"].endswith("enforcer.toml")


def test_they_are_listed_with_what_they_take_out(workspace: Path, ae: Command) -> None:
    fill(workspace, {"a.json": TEXT})
    used, unused = table(hash=known_by(workspace)), table(hash=f"{'0' * 32}-{'0' * 24}", reason="gone")
    fill(workspace, {"enforcer.toml": used + unused})
    listed = json.loads(ae("suppressions", "--format", "json").out)["suppressions"]
    assert [(one["path"], one["line"], one["scope"], one["reason"], one["used"]) for one in listed] == [
        ("enforcer.toml", 1, "policy", "the sample's own", True),
        ("enforcer.toml", 6, "policy", "gone", False),
    ]


def test_what_is_said_of_a_table_has_no_fix_in_the_file(workspace: Path) -> None:
    unused = table(hash=f"{'0' * 32}-{'0' * 24}", path="a.py")
    text = "breakpoint()  # enforcer: allow[logging/breakpoint-call]: wanted\n"
    fill(workspace, {"enforcer.toml": unused})
    with Client() as client:
        client.initialize(workspace, capabilities=WHOLE)
        name = client.open(workspace / "a.py", text)
        assert [one["code"] for one in client.diagnostics(name)] == ["enforcer/unused-suppression"]
        span = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}
        params = {"textDocument": {"uri": name}, "range": span, "context": {"diagnostics": []}}
        titles = [one["title"] for one in client.result("textDocument/codeAction", params)]
        assert not [title for title in titles if "Remove" in title or "Fix all" in title]


NOWHERE = f"{'0' * 32}-{'0' * 24}"


def told(ae: Command, *arguments: str) -> list[tuple[str, int, str, str]]:
    """Path, line, rule and scope of what is told."""
    done = ae("check", "--format", "json", *arguments)
    assert done.code in (0, 1), done.err
    return [
        (one["path"], one["line"], one["rule"], one["scope"]) for one in json.loads(done.out)["violations"]
    ]


def test_a_table_whose_file_is_not_checked_by_it_is_told_where_it_stands(
    workspace: Path, ae: Command
) -> None:
    tables = [
        table(hash=NOWHERE, path=path)
        for path in ("gone.json", "sub", "sub/a.json", "left/a.json", "fine.json", "sub/../fine.json")
    ]
    fill(workspace, {"enforcer.toml": 'exclude = ["left/"]\n' + "".join(tables)})
    fill(workspace, {"sub/enforcer.toml": "", "sub/a.json": "{}", "left/a.json": "{}", "fine.json": "{}"})
    done = ae("check")
    for line, why in (
        (2, "`gone.json`, which is not there"),
        (7, "`sub`, which is a folder"),
        (12, "`sub/a.json`, for which `sub/enforcer.toml` holds"),
        (17, "`left/a.json`, which is not checked (enforcer.toml:1:12)"),
    ):
        said = f"this `[[allow]]` table speaks of {why}; remove it"
        assert f"enforcer.toml:{line}:3: warning enforcer/unused-suppression  {said}\n" in done.out
    assert done.out.count("unused-suppression") == 6
    assert ae("check", "sub", "fine.json").out.count("speaks of") == 0
    listed = json.loads(ae("suppressions", "--format", "json").out)["suppressions"]
    assert sorted((one["line"], one["used"]) for one in listed) == [(at, False) for at in range(2, 28, 5)]
    assert json.loads(ae("suppressions", "--format", "json", "sub").out)["suppressions"] == []
    fill(workspace, {"enforcer.toml": "rules.enforcer = 'off'\n" + "".join(tables)})
    assert "speaks of" not in ae("check").out


def test_tables_of_a_file_that_others_extend_are_told_once(workspace: Path, ae: Command) -> None:
    fill(workspace, {"base.toml": table(hash=NOWHERE, path="gone.json")})
    for name in ("a", "b"):
        fill(workspace, {f"{name}/enforcer.toml": 'extends = ["../base.toml"]\n'})
    rules = [one for one in told(ae) if one[0] == "base.toml"]
    assert rules in ([], [("base.toml", 1, "enforcer/unused-suppression", "new")])


def test_of_a_rule_that_does_not_look_no_table_is_told(workspace: Path, ae: Command) -> None:
    fill(workspace, {"a.json": "{}", "enforcer.toml": table(hash=NOWHERE)})
    assert told(ae) == [("a.json", 1, "enforcer/unused-suppression", "new")]
    assert told(ae, "--rule", RULE) == told(ae)
    assert told(ae, "--rule", "debt") == []
    fill(workspace, {"enforcer.toml": f"rules.'{RULE}' = 'off'\n" + table(hash=NOWHERE)})
    assert told(ae) == []


COLLISION = "files/case-collision"


def pasted(ae: Command, place: str, rule: str) -> str:
    """The table that a command prints, with a reason."""
    head, _, said = ae("why", place, rule).out.partition("\n\n")
    assert "no comment can stand here; to allow it, add this to enforcer.toml and write the reason:" in head
    assert tomllib.loads(said)["allow"][0]["reason"] == "reason"
    return said.replace('"reason"', '"as it came"')


def test_what_is_found_in_folders_can_be_allowed(workspace: Path, ae: Command) -> None:
    fill(workspace, {"A.bin": b"\0", "a.bin": b"\0"})
    assert told(ae) == [("a.bin", 1, COLLISION, "new")]
    own = pasted(ae, "a.bin:1", COLLISION)
    fill(workspace, {"enforcer.toml": own})
    assert told(ae) == []
    (listed,) = json.loads(ae("suppressions", "--format", "json").out)["suppressions"]
    assert (listed["path"], listed["scope"], listed["used"]) == ("enforcer.toml", "policy", True)
    (listed,) = json.loads(ae("suppressions", "--format", "json", "enforcer.toml").out)["suppressions"]
    assert listed["used"] is None
    (workspace / "A.bin").unlink()
    (listed,) = json.loads(ae("suppressions", "--format", "json").out)["suppressions"]
    assert listed["used"] is False
    assert told(ae) == [("a.bin", 1, "enforcer/unused-suppression", "new")]
    assert told(ae, "a.bin") == []
    fill(workspace, {"A.bin": b"\0", "enforcer.toml": own + "until = 2020-01-31\n"})
    assert told(ae) == [
        ("a.bin", 1, "enforcer/expired-suppression", "new"),
        ("a.bin", 1, COLLISION, "new"),
    ]


def test_a_command_prints_the_table_for_what_takes_no_comment(workspace: Path, ae: Command) -> None:
    other = token("github-token", "other")
    output = {"output_type": "stream", "name": "stdout", "text": [SECRET]}
    cell = {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [output],
        "source": [f"key = '{other}'"],
    }
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    fill(workspace, {"a.json": TEXT, "b.txt": SECRET, "c.py": f"key = '{SECRET}'\n"})
    fill(workspace, {"n.ipynb": json.dumps(notebook, indent=1), "pyproject.toml": "[tool.auto-enforcer]\n"})
    found = told(ae)
    assert {path for path, *_ in found} == {"a.json", "b.txt", "c.py", "n.ipynb"}
    lines = [line for path, line, *_ in found if path == "n.ipynb"]
    assert len(lines) == 2
    whole, kinds = "[tool.auto-enforcer]\n", []
    for place in ("a.json:3", "b.txt:1", "c.py:1", *(f"n.ipynb:{line}" for line in lines)):
        done = ae("why", place, RULE)
        head, _, said = done.out.partition("\n\n")
        assert SECRET not in done.out
        assert ("add this to pyproject.toml and" in head) == bool(said)
        kinds.append((place.partition(":")[0], bool(said)))
        whole += said.replace('"reason"', '"the sample"')
    expected = [("a.json", True), ("b.txt", True), ("c.py", False), ("n.ipynb", False), ("n.ipynb", True)]
    assert sorted(kinds) == expected
    fill(workspace, {"pyproject.toml": whole})
    assert [(path, rule) for path, _, rule, _ in told(ae)] == [("c.py", RULE), ("n.ipynb", RULE)]


def test_the_word_that_stands_for_a_reason_is_none(folder: Path) -> None:
    """The table counts for nothing, and that is told."""
    for reason in ("reason", "Reason.", "<reason>", "..."):
        fill(folder, {"enforcer.toml": table(hash=known_by(folder), reason=reason)})
        assert found(folder) == [("enforcer/missing-reason", False), (RULE, False)]
    fill(folder, {"enforcer.toml": table(hash=known_by(folder), reason="a reason")})
    assert found(folder) == [(RULE, True)]


def test_what_was_wrong_with_a_table_before_is_old(tmp_path: Path, ae: Command) -> None:
    made = Repository(tmp_path / "made")
    made.commit({"a.json": TEXT, "b.json": TEXT})
    known = known_by(made.folder)
    own, ended = table(hash=known), table(hash=known, path="b.json", until=date(2020, 1, 31))
    idle, lost = table(hash=NOWHERE), table(hash=NOWHERE, path="gone.json")
    made.commit({"enforcer.toml": own + idle + ended + lost})

    def rows(scope: str) -> list[str]:
        found = told(ae, "--base", "HEAD", str(made.folder))
        rules = [rule for _, _, rule, one in found if one == scope and rule.startswith("enforcer/")]
        return sorted(rule.removeprefix("enforcer/") for rule in rules)

    stood = ["expired-suppression", "unused-suppression", "unused-suppression"]
    made.write({"a.json": "\n" + TEXT, "b.json": "\n" + TEXT, "b.py": "x = 1\n"})
    assert (rows("historical"), rows("new")) == (stood, [])
    # Further tables that do nothing are this change's, whether their file is or not.
    further = table(hash=NOWHERE.replace("0", "1")) + table(hash=NOWHERE, path="gone/too.json")
    made.write({"enforcer.toml": "# moved\n" + own + idle + ended + lost + further})
    brought = ["unused-suppression", "unused-suppression", "weakened-policy", "weakened-policy"]
    for text in ("\n" + TEXT, TEXT):
        made.write({"a.json": text})
        assert (rows("historical"), rows("new")) == (stood, brought)
    # One that did something until this change took that away.
    made.write({"enforcer.toml": own + idle + ended + lost, "a.json": TEXT.replace(SECRET, "")})
    assert (rows("historical"), rows("new")) == (stood, ["unused-suppression"])
    made.write({"enforcer.toml": own.replace("a.json", "b.json") + idle + ended + lost})
    (made.folder / "gone.json").unlink(missing_ok=True)
    (made.folder / "b.json").unlink()
    assert rows("historical") == ["unused-suppression", "unused-suppression"]
    assert set(rows("new")) == {"unused-suppression", "weakened-policy"}


WHOLE = {"workspace": {"workspaceEdit": {"documentChanges": True, "resourceOperations": ["create"]}}}


@pytest.fixture
def client(workspace: Path) -> Iterator[Client]:
    with Client() as made:
        made.initialize(workspace, capabilities=WHOLE)
        yield made
        assert made.stop() == 0


def offered(client: Client, name: str, line: int) -> list[dict[str, Any]]:
    span = {"start": {"line": line, "character": 0}, "end": {"line": line, "character": 40}}
    params = {"textDocument": {"uri": name}, "range": span, "context": {"diagnostics": []}}
    actions = client.result("textDocument/codeAction", params)
    return [one for one in actions if one["title"].startswith(f"Allow this `{RULE}` in ")]


@pytest.mark.parametrize("before", [None, "# why\n[rules]\ndebt = 'off'\r\n", "[rules]\ndebt = 'off'"])
def test_an_editor_writes_the_table(workspace: Path, client: Client, before: str | None) -> None:
    """And offers none where a comment can say it."""
    fill(workspace, {} if before is None else {"enforcer.toml": (before or "").encode()})
    name = client.open(workspace / "a.json", TEXT)
    client.diagnostics(name)
    actions = offered(client, name, 2)
    *_, change = actions[0]["edit"]["documentChanges"]
    (edit,) = change["edits"]
    after = (before or "") + edit["newText"]
    (said,) = tomllib.loads(after)["allow"]
    assert (said["rule"], said["path"], said["reason"]) == (RULE, "a.json", "reason")
    assert SECRET not in after
    (workspace / "enforcer.toml").write_bytes(after.encode())
    client.save(name)
    assert {one["code"] for one in client.diagnostics(name)} == {"enforcer/missing-reason", RULE}
    (workspace / "enforcer.toml").write_bytes(after.replace('"reason"', '"the sample"').encode())
    client.save(name)
    assert client.diagnostics(name) == []
    python = client.open(workspace / "a.py", f'key = "{SECRET}"\n')
    client.diagnostics(python)
    assert offered(client, python, 0) == []
    assert uri(workspace / "a.py") == python
