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
    assert client.diagnostics(name) == []
    python = client.open(workspace / "a.py", f'key = "{SECRET}"\n')
    client.diagnostics(python)
    assert offered(client, python, 0) == []
    assert uri(workspace / "a.py") == python
