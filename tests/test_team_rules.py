"""The rules that a team writes itself: `[[rule]]` tables in a configuration file."""

from __future__ import annotations

import json
import re
import sys
import time
import tomllib
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auto_enforcer import catalog, policy_matching, policy_rules, policy_schema
from auto_enforcer.model import Edit, Row, Severity, Zone
from auto_enforcer.pattern_cache import CacheDirectory
from auto_enforcer.policy import load
from auto_enforcer.policy_looking import entropy
from auto_enforcer.policy_values import InvalidPolicyError
from auto_enforcer.scanner import PatternSet, Scanner, open_scanner
from auto_enforcer.session import Session, scanners
from command import Command, fill
from effort import is_within
from tokens import token

pytest.importorskip("re2")

TODAY = date(2026, 11, 22)

LEGACY = r"""
[[rule]]
id = "acme/legacy-client"
severity = "blocked"
languages = ["python"]
zones = ["code"]
pattern = '\bLegacyClient\('
message = "`LegacyClient` is retired; use `Client`"
fix = { replace = "Client(", safe = true }
match = ["c = LegacyClient()"]
no_match = ["# LegacyClient() was here"]
"""


def rule(more: str, *, message: bool = True) -> str:
    """A rule's table with the usual id."""
    said = 'message = "no"\n' if message else ""
    return f'[[rule]]\nid = "acme/x"\n{said}{more}'


Policies = Callable[..., Session]


@pytest.fixture
def team(tmp_path: Path) -> Policies:
    """Writes a policy (and other files) and opens a session there."""

    def write(text: str, **others: str) -> Session:
        (tmp_path / "enforcer.toml").write_text(text)
        for name, content in others.items():
            (tmp_path / name.replace("__", ".")).write_text(content)
        return Session(str(tmp_path), today=TODAY)

    return write


def rows(session: Session, content: str, path: str = "a.py") -> list[Row]:
    data = content.encode()
    checked = session.check_chunks(path, [data], lambda: [data])
    assert checked.report is not None
    found = [row for row, _ in checked.report.rows if row.violation.rule.startswith("acme/")]
    return sorted(found, key=lambda row: (row.number, row.violation.start))


def spans(session: Session, content: str, path: str = "a.py") -> list[str]:
    """`line:start-end` of what the team's rules find, from 0."""
    return [f"{r.number}:{r.violation.start}-{r.violation.end}" for r in rows(session, content, path)]


def found(session: Session, content: str, path: str = "a.py") -> list[str]:
    """The texts that are marked."""
    lines = content.split("\n")
    return [lines[r.number][r.violation.start : r.violation.end] for r in rows(session, content, path)]


def problems(session: Session, path: str = "a.py") -> list[str]:
    session.resolver.policy(path)
    return [str(problem) for problem in session.problems()]


def fixed(content: str, found: list[Row], which: int = 0) -> str:
    lines = content.split("\n")
    for row in reversed(found):
        (edit,) = row.violation.fixes[which].edits
        line = lines[row.number]
        lines[row.number] = line[: edit.start] + edit.text + line[edit.end :]
    return "\n".join(lines)


# The rule of the documentation


def test_a_team_s_rule_is_a_rule_like_ours(team: Policies) -> None:
    session = team(LEGACY)
    content = "c = LegacyClient()\n# LegacyClient()\nx = 'LegacyClient('\n"
    (row,) = rows(session, content)
    assert row.number == 0
    assert row.violation.message == "`LegacyClient` is retired; use `Client`"
    (fix,) = row.violation.fixes
    assert (fix.title, fix.safe, fix.edits) == (
        "replace with `Client(`",
        True,
        (Edit(0, 4, 0, 17, "Client("),),
    )
    setting = session.resolver.policy("a.py").select("a.py").setting("acme/legacy-client")
    assert setting.severity is Severity.BLOCKED
    assert str(setting.place) == "enforcer.toml:3:1"
    assert not problems(session)
    assert not spans(session, content, "a.js")


def test_it_is_named_as_ours_are(team: Policies) -> None:
    session = team(LEGACY + '[rules]\n"acme/legacy-client" = "warning"\n')
    content = "c = LegacyClient()  # enforcer: allow[acme/legacy-client]\nLegacyClient()\n"
    first, second = rows(session, content)
    assert first.suppression is not None
    assert second.suppression is None
    session = team(LEGACY + 'rules.acme = "off"\n'.replace("rules.acme", "[rules]\nacme"))
    assert not rows(session, content)
    session = team(LEGACY + '[[overrides]]\npaths = ["old/**"]\nrules = { "acme/legacy-client" = "off" }\n')
    assert not rows(session, content, "old/a.py")
    assert rows(session, content, "new/a.py")


def test_a_suppression_of_it_is_known_and_checked_for_its_use(team: Policies) -> None:
    session = team(LEGACY)
    data = b"x = 1  # enforcer: allow[acme/legacy-client]: why\n"
    data += b"y = 1  # enforcer: allow[acme/legacy-clent]: why\n"
    checked = session.check_chunks("a.py", [data], lambda: [data])
    assert checked.report is not None
    said = {row.violation.rule: row.violation.message for row, _ in checked.report.rows}
    assert "took nothing of `acme/legacy-client` out" in said["enforcer/unused-suppression"]
    assert "did you mean `acme/legacy-client`?" in said["enforcer/unknown-rule"]
    data = b"let x = 1  // enforcer: allow[acme/legacy-client]: why\n"
    checked = session.check_chunks("a.js", [data], lambda: [data])
    assert checked.report is not None
    assert not list(checked.report.rows)


def test_only_the_rules_that_are_asked_for_look(team: Policies, tmp_path: Path) -> None:
    team(LEGACY + rule("literal = 'LegacyClient'"))
    session = Session(str(tmp_path), today=TODAY, only=["acme/x"])
    assert [row.violation.rule for row in rows(session, "LegacyClient()")] == ["acme/x"]


def test_a_policy_s_own_file_is_left_alone(team: Policies) -> None:
    assert not spans(team(rule("literal = 'retired'")), 'x = "retired"', "enforcer.toml")


# What is looked for


@pytest.mark.parametrize(
    ("said", "content", "expected"),
    [
        ("pattern = 'ab+'", "xabb ab", ["abb", "ab"]),
        ("pattern = 'a(?P<span>b+)c'", "abbc", ["bb"]),
        ("pattern = 'AB'\nignore_case = true", "ab Ab", ["ab", "Ab"]),
        ("pattern = '(?i)kiss'", "\u212aI\u017fs KISS", ["\u212aI\u017fs", "KISS"]),
        ("pattern = '(?i)é1x'", "É1X", ["É1X"]),
        ("pattern = 'x{,3}y'", "x{,3}y xxy", ["x{,3}y"]),
        ("pattern = '[[:alpha:]]{4}'", "12abcd", ["abcd"]),
        ("pattern = '\\pL{3}'", "éàü", ["éàü"]),
        ("literal = 'a.b('", "a.b( axb(", ["a.b("]),
        ("literal = 'é.b'\nignore_case = true", "É.b é.B", ["é.B"]),
        ("literals = ['foo', 'foobar']", "foobar foo", ["foobar", "foo"]),
        ("words = ['foo', '@bar']", "foo foo2 _foo fooé (foo) @bar", ["foo", "foo", "@bar"]),
        ("any = ['a1', {words = ['b1']}]", "a1b1 b1", ["a1", "b1"]),
        ("any = [{literal = 'a1'}, {literal = 'xa1'}]", "xa1", ["xa1"]),
        ("ignore_case = true\nany = ['a1', {literal = 'B1'}]", "A1 b1", ["A1", "b1"]),
        ("all = ['a1', {literal = 'b1'}]", "a1 b1\na1\nb1", ["a1"]),
        ("literal = 'a1'\nall = ['b1']", "b1 a1\na1", ["a1"]),
        ("literal = 'a1'\nnone = ['b1', {words = ['c']}]", "a1 b1\na1 c\na1 cc", ["a1"]),
        ("literal = 'a1'\nnone = [{literal = 'ok', zones = ['comment']}]", "a1 ok\na1 # ok", ["a1"]),
        ("literal = 'a1'\nzones = ['string']", "a1 = 'a1' # a1", ["a1"]),
        ("literal = 'a1'\nzones = ['code', 'comment']", "a1 = 'a1' # a1", ["a1", "a1"]),
        ("literal = 'a b'\nzones = ['code']", "a b\n'a b'", ["a b"]),
        ("literal = 'e'", "tree", ["e", "e"]),
        ("pattern = '\\d'", "a1", ["1"]),
        ("literal = 'a1'\nlanguages = ['javascript']", "a1", []),
    ],
)
def test_what_is_looked_for_is_found(team: Policies, said: str, content: str, expected: list[str]) -> None:
    session = team(rule(said))
    assert not problems(session)
    assert found(session, content) == expected


def test_of_an_embedded_language_only_its_part_is_seen(team: Policies) -> None:
    session = team(rule("literal = 'a1'\nlanguages = ['javascript']"))
    assert spans(session, "a1\n<script>\na1\n</script>\n", "a.html") == ["2:0-2"]


@pytest.mark.parametrize(
    ("said", "content", "expected"),
    [
        ("before = {lines = 2, literal = 'b1'}", "b1\n\na1\na1", ["2:0-2"]),
        ("before = {lines = 2, literal = 'b1', not = true}", "b1\n\na1\na1", ["3:0-2"]),
        ("after = {lines = 1, literal = 'b1'}", "a1\na1\nb1", ["1:0-2"]),
        ("after = {lines = 1, literal = 'b1', not = true}", "a1\na1\nb1", ["0:0-2"]),
        ("after = {lines = 1, literal = 'b1', zones = ['code']}", "a1\n# b1\na1\nb1", ["2:0-2"]),
        ("after = [{lines = 1, literal = 'b1'}, {lines = 2, words = ['c']}]", "a1\nb1\na1\nb1\nc", ["2:0-2"]),
        ("same_line = {literal = 'b1'}", "a1 b1\na1", ["0:0-2"]),
        ("same_line = {pattern = 'B1', ignore_case = true, not = true}", "a1 b1\na1", ["1:0-2"]),
        ("file_seen = {literal = 'b1'}", "a1\nb1", ["0:0-2"]),
        ("file_seen = {literal = 'b1'}", "a1", []),
        ("file_seen = {pattern = 'b\\d', not = true}", "a1\nb1", []),
        ("file_seen = {pattern = '\\d\\d', not = true}", "a1", ["0:0-2"]),
        ("file_seen = [{literal = 'b1'}, {literal = 'c1'}]", "a1\nb1", []),
        ("file_seen = [{literal = 'b1'}, {literal = 'c1'}]", "a1\nb1\nc1", ["0:0-2"]),
        ("near = {before = 1, literal = 'b1'}", "b1\na1\na1\na1 b1", ["1:0-2", "3:0-2"]),
        ("near = {after = 1, literal = 'b1'}", "b1\na1\na1\nb1 a1", ["2:0-2", "3:3-5"]),
        (
            "near = {before = 1, after = 2, literal = 'b1', not = true}",
            "b1\na1\na1\na1\n\n\nb1",
            ["2:0-2", "3:0-2"],
        ),
        ("near = {before = 1, literal = 'b1', zones = ['code']}", "# b1\na1\nb1\na1", ["3:0-2"]),
    ],
)
def test_what_is_around_decides(team: Policies, said: str, content: str, expected: list[str]) -> None:
    session = team(rule(f"literal = 'a1'\n{said}"))
    assert not problems(session)
    assert spans(session, content) == expected
    # As a document too.
    document = session.open(str(Path(session.root) / "a.py"), "python", content)
    document.finish()

    def shown() -> list[str]:
        own = [row for row, _ in session.rows(document) if row.violation.rule == "acme/x"]
        return [f"{row.number}:{row.violation.start}-{row.violation.end}" for row in own]

    assert shown() == expected


def _checked(body: str) -> str:
    number, digits = zlib.crc32(body.encode()), ""
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = letters[digit] + digits
    return body + digits


@pytest.mark.parametrize(
    ("said", "holds", "fails"),
    [
        ("min_entropy = 3.0", "q7Xz9LpR", "aaaaaaab"),
        ("min_length = 4", "abcd", "abc"),
        ("max_length = 4", "abcd", "abcde"),
        ("alphabet = 'hex'", "09afAF", "09ag"),
        ("alphabet = 'base64url'", "a-_Z", "a+Z"),
        ("date = 'past'", "2026-11-21", "2026-11-22"),
        ("date = 'future'", "20261123", "20261122"),
        ("date = 'valid'", "2024.02.29", "2023.02.29"),
        ("date = 'impossible'", "2023/02/29", "2024/02/29"),
        ("checksum = 'luhn'", "4539578763621486", "4539578763621487"),
        ("checksum = 'mod97'", "GB82WEST12345698765432", "GB83WEST12345698765432"),
        ("checksum = 'crc32-base62'", _checked("abcdefgh"), _checked("abcdefgh")[:-1] + "!"),
        ("checksum = 'crc32-hex'", f"abc{zlib.crc32(b'abc'):08x}", f"abd{zlib.crc32(b'abc'):08x}"),
        ("alphabet = 'digits', not = true", "12a", "123"),
        ("pattern = '[0-9]$'", "ab1", "1ab"),
        ("contains = ['OK', 'ya']", "xoK1", "xo"),
        ("contains = ['ok'], pattern = '^a', not = true", "bok", "aok"),
    ],
)
def test_a_group_s_value_is_tested(team: Policies, said: str, holds: str, fails: str) -> None:
    session = team(rule(f"pattern = 'k=(?P<v>\\S+)'\nvalue = {{ group = 'v', {said} }}"))
    assert not problems(session)
    assert found(session, f"k={holds}\nk={fails}", "a.txt") == [f"k={holds}"]


def test_entropy_is_of_the_letters() -> None:
    assert entropy("") == entropy("aaaa") == 0
    assert entropy("abab") == 1
    assert entropy("abcd") == 2


def test_what_is_allowed_is_excused_with_its_reason(team: Policies) -> None:
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # of `abc`
    session = team(
        rule(
            f"pattern = 'k=(?P<v>\\w+)'\nvalue = {{ group = 'v', min_length = 1 }}\n"
            f"allow = [{{ value = 'demo', reason = 'a sample' }}, {{ sha256 = '{digest}', reason = 'old' }},"
            " { path = 'docs/**', reason = 'examples' }]"
        )
    )
    assert not problems(session)
    assert found(session, "k=demo\nk=abc\nk=real") == ["k=real"]
    assert found(session, "k=real", "docs/a.py") == []
    seen = []
    data = b"k=demo\n"
    (Path(session.root) / "a.py").write_bytes(data)
    checked = session.check_file(
        str(Path(session.root) / "a.py"), observer=lambda *one: seen.append((one[0].id, one[3]))
    )
    assert checked.report is not None
    assert not list(checked.report.rows)
    assert ("acme/x", "a sample") in seen


@pytest.mark.parametrize(
    ("allow", "left"),
    [
        ("pattern = '^de'", ["real", "nod"]),
        ("pattern = 'd$'", ["demo", "real"]),
        ("contains = ['RE', 'no']", ["demo"]),
        ("pattern = 'm', contains = ['d']", ["real", "nod"]),
        ("pattern = '^k=d', in = 'match'", ["real", "nod"]),
        ("contains = ['k=n'], in = 'match'", ["demo", "real"]),
        ("pattern = 'sample', in = 'line'", ["real", "nod"]),
        ("contains = ['SAMPLE'], in = 'line'", ["real", "nod"]),
    ],
)
def test_what_has_something_in_it_is_allowed(team: Policies, allow: str, left: list[str]) -> None:
    session = team(rule(f"pattern = 'k=(?P<span>\\w+)'\nallow = [{{ {allow}, reason = 'a sample' }}]"))
    assert not problems(session)
    assert found(session, "k=demo  # sample\nk=real\nk=nod") == left


def test_a_list_that_many_rules_have_counts_once(team: Policies) -> None:
    """Its expression is held once, too."""
    allow = "allow = [{ pattern = '^(?:a|b)$', reason = 'r' }]"
    rules = "".join(
        f"[[rule]]\nid = 'acme/r{n}'\nmessage = 'm'\nliteral = 'zz{n}'\n{allow}\n"
        f"none = [{', '.join(repr(f'n{n}x{m}') for m in range(2))}]\n"
        for n in range(300)
    )
    assert not problems(team(rules))


def test_paths_and_excludes_bound_a_rule(team: Policies) -> None:
    session = team(
        rule("literal = 'a1'\npaths = ['src/**']\nexclude = ['src/gen/**']")
        + '\n[rules]\n"acme/x" = "blocked"'
    )
    assert found(session, "a1", "src/a.py") == ["a1"]
    assert found(session, "a1", "src/gen/a.py") == []
    assert found(session, "a1", "lib/a.py") == []
    setting = session.resolver.policy("lib/a.py").select("lib/a.py").setting("acme/x")
    assert not setting.on
    assert "`paths`" in setting.reason


def test_generated_files_are_left_alone_unless_asked_for(team: Policies) -> None:
    generated = "# @generated\na1\n"
    assert found(team(rule("literal = 'a1'")), generated) == []
    assert found(team(rule("literal = 'a1'\ngenerated = true")), generated) == ["a1"]


# Messages and fixes


def test_a_message_repeats_groups_and_what_is_marked(team: Policies) -> None:
    session = team(
        rule("pattern = 'old_(?P<name>\\w+)'\nmessage = '`{match}` {{is}} `{name}`'", message=False)
    )
    assert [row.violation.message for row in rows(session, "old_thing")] == ["`old_thing` {is} `thing`"]
    (row,) = rows(session, "old_" + "x" * 300)
    assert len(row.violation.message) < 250


@pytest.mark.parametrize(
    ("said", "content", "expected", "titles"),
    [
        ("literal = 'a1'\nfix = { replace = 'b1' }", "a1 a1", "b1 b1", ["replace with `b1`"]),
        ("literal = 'a1;'\nfix = { replace = '', safe = true }", "x a1; y", "x  y", ["remove it"]),
        (
            "pattern = 'f\\((?P<a>\\w+), (?P<b>\\w+)\\)'\n"
            "fixes = [{ title = 'turn {round}', replace = 'f({b}, {a})' }, { replace = '{{{a}}}' }]",
            "f(x, y)",
            "f(y, x)",
            ["turn {round}", "replace with `{x}`"],
        ),
        (
            "swap = { blacklist = 'denylist', colour = 'color' }",
            "Blacklist BLACKLIST blacklist blacklists Colour",
            "Denylist DENYLIST denylist blacklists Color",
            ["replace with `Denylist`"],
        ),
        ("swap = { a1 = 'b1' }\nfix = { safe = true }", "a1", "b1", ["replace with `b1`"]),
    ],
)
def test_fixes_give_the_expected_text(
    team: Policies, said: str, content: str, expected: str, titles: list[str]
) -> None:
    session = team(rule(said))
    assert not problems(session)
    got = rows(session, content, "a.txt")
    assert fixed(content, got) == expected
    assert [fix.title for fix in got[0].violation.fixes] == titles
    safe = "safe = true" in said
    assert all(fix.safe is safe for fix in got[0].violation.fixes)


def test_a_fix_on_a_long_line_is_at_its_place(team: Policies) -> None:
    session = team(rule("literal = 'a1'\nfix = { replace = 'b1' }"))
    content = "x " * 5_000 + "a1"
    got = rows(session, content, "a.txt")
    assert [row.violation.start for row in got] == [10_000]
    assert fixed(content, got) == "x " * 5_000 + "b1"


@pytest.mark.parametrize("said", ["pattern = '\\d'", "literal = 'a1'"])
def test_all_of_a_long_line_is_looked_at(team: Policies, said: str) -> None:
    """Also where nothing leads to its pieces but that there are some."""
    session = team(rule(said))
    for size in (5_000, 12_000, 70_000, 150_000):
        places = [0, 3_600, 4_100, size // 2, size - 2]
        line = [" "] * size
        for place in places:
            line[place : place + 2] = "a1"
        starts = [row.violation.start for row in rows(session, f"x\n{''.join(line)}\ny", "a.txt")]
        assert starts == [place + ("\\d" in said) for place in sorted(places)]


def test_without_re2_only_patterns_are_refused(team: Policies, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "re2", None)
    session = team(LEGACY + rule("literal = 'a1'"))
    (problem,) = problems(session)
    assert "install `auto-enforcer[team-rules]`, or write `literals` or `words`" in problem
    assert found(session, "a1 LegacyClient()") == ["a1"]


def test_a_secret_is_not_repeated(team: Policies) -> None:
    token = "ghp_" + _checked("a8Kd0Qz3nVx7Lw2RmT5yBc9HjF4sGe")
    session = team(
        rule(
            "pattern = 'token = (?P<v>\\S+)'\nmessage = 'found {v}'\nfix = { replace = '{v}' }", message=False
        )
    )
    (row,) = rows(session, f"token = {token}")
    assert token not in repr(row)
    assert row.violation.message.startswith("found <")
    assert not row.violation.fixes


def test_a_secret_of_the_policy_is_not_repeated(ae: Command, workspace: Path) -> None:
    token = "ghp_" + _checked("a8Kd0Qz3nVx7Lw2RmT5yBc9HjF4sGe")
    policy = rule(
        f"message = 'not {token}'\nliteral = 'a1'\nnote = 'as {token}'\nmatch = ['{token}']\n"
        f"allow = [{{ value = 'a1', reason = '{token}' }}]",
        message=False,
    )
    fill(workspace, {"enforcer.toml": policy, "a.py": "a1\n"})
    for arguments in (["check"], ["rules", "test"], ["explain", "acme/x"], ["config"], ["why", "a.py:1"]):
        done = ae(*arguments)
        assert token not in done.out + done.err, arguments
    fill(
        workspace, {"enforcer.toml": policy.replace("match = ", "no_match = ").replace("'a1', r", "'b1', r")}
    )
    assert "acme/x  not <" in ae("check").out
    for arguments in (["check"], ["explain", "acme/x"], ["why", "a.py:1"], ["check", "--format", "sarif"]):
        done = ae(*arguments)
        assert token not in done.out + done.err, arguments


def test_a_secret_of_the_policy_is_in_no_fix(team: Policies) -> None:
    token = "ghp_" + _checked("a8Kd0Qz3nVx7Lw2RmT5yBc9HjF4sGe")
    session = team(
        rule(
            f"literal = 'a1'\nfixes = [{{ title = 'use {token}', replace = 'b1' }},"
            f" {{ replace = '{token}' }},"
            f" {{ title = 'x', replace = 'y = {token}' }}, {{ title = 'fine', replace = 'c1' }}]"
        )
        + f"\n[[rule]]\nid = 'acme/y'\nswap = {{ a2 = '{token}', a3 = 'b3' }}\n"
    )
    assert not problems(session)
    first, second, third = rows(session, "a1\na2\na3")
    assert token not in repr((first, second, third))
    assert [fix.title for fix in first.violation.fixes] == ["use <github-token>", "fine"]
    assert (second.violation.message, second.violation.fixes) == (
        "`a2` should be `<github-token>`; replace it",
        (),
    )
    assert [fix.title for fix in third.violation.fixes] == ["replace with `b3`"]
    document = session.open(str(Path(session.root) / "a.py"), "python", "a1\na2\n")
    document.finish()
    assert token not in repr([row for row, _ in session.rows(document)])


# Tests of rules


@pytest.mark.parametrize(
    ("tests", "said"),
    [
        ("match = ['b']", "this test fails: nothing is found"),
        ("no_match = ['x a1']", "this test fails: something is found at 1:3-4"),
        ("match = [{ text = 'x\\na1', range = '1:1-2' }]", "what is found is at 2:1-2, not at 1:1-2"),
        ("match = [{ text = 'a1', fixed = 'b1' }]", "the rule has no fix"),
        ("fix = { replace = 'c1' }\nmatch = [{ text = 'a1', fixed = 'b1' }]", "fixed, the text is `c1`"),
        ("zones = ['comment']\nmatch = [{ text = '// a1' }]", "nothing is found"),
    ],
)
def test_a_rule_that_fails_its_tests_does_not_run(team: Policies, tests: str, said: str) -> None:
    session = team(
        rule("literal = 'a1'\n" + tests.replace("'x\\n", '"x\\n').replace("a1', range", 'a1", range'))
        + LEGACY
    )
    (problem,) = problems(session)
    assert said in problem
    assert "until it is mended, `acme/x` does not run" in problem
    line = int(problem.split(":")[1])
    assert "match" in (Path(session.root) / "enforcer.toml").read_text().splitlines()[line - 1]
    assert [row.violation.rule for row in rows(session, "a1\nLegacyClient()")] == ["acme/legacy-client"]


def test_a_rule_that_passes_its_tests_runs(team: Policies) -> None:
    session = team(
        rule(
            r"""
pattern = 'a(?P<n>\d)'
fix = { replace = "b{n}" }
zones = ["code"]
before = { lines = 1, literal = "go" }
match = [
  { text = "go\n a1 a2", range = "2:5-6", fixed = "go\n b1 b2" },
  { text = "go\r\na1", fixed = "go\r\nb1" },
  { text = "// go\na1", path = "x.js" },
  { text = "-- go\na1", language = "sql" },
]
no_match = ["# a1", "a1", { text = "go\n-- a1", language = "sql" }]
"""
        )
    )
    assert not problems(session)


def test_a_test_of_several_lines_is_read_as_a_file_is(team: Policies) -> None:
    """What turns the state on a line without a hit counts on those below it."""
    session = team(
        rule(
            r"""
literal = "a1"
zones = ["code"]
match = [{ text = "<?php\n$x = a1();", language = "php" }, { text = "/*\n*/\na1", language = "c" }]
no_match = [{ text = "/*\na1\n*/", language = "c" }, { text = "x = \"\"\"\na1\n\"\"\"", language = "python" }]
"""
        )
    )
    assert not problems(session)


def test_the_day_of_a_test_is_its_own(team: Policies) -> None:
    said = "pattern = '\\d{4}-\\d\\d-\\d\\d'\nvalue = { date = 'past' }\n"
    session = team(
        rule(
            said
            + "match = ['2025-12-31', { text = '2027-01-01', today = 2027-01-02 }]\nno_match = ['2026-01-01']"
        )
    )
    assert not problems(session)


# Mistakes


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("[[rule]]\nmessage = 'x'", "1:3", "rule[0]: there is no `id`; add one"),
        ("[[rule]]\nid = 1", "2:1", "rule[0].id: must be a string, not a number"),
        ("[[rule]]\nid = 'Acme/X'", "2:1", "`Acme/X` is not a rule's id; write `team/name`"),
        ("[[rule]]\nid = 'acme'", "2:1", "is not a rule's id"),
        ("[[rule]]\nid = 'logging/mine'", "2:1", "the family `logging` is taken; use the team's name"),
        (
            "[[rule]]\nid = 'logging/print-call'",
            "2:1",
            "`logging/print-call` is taken; give this rule another",
        ),
        ("[[rule]]\nid = 'enforcer/mine'", "2:1", "the family `enforcer` is taken"),
        (rule("literal = 'aa'") + "\n" + rule("literal = 'bb'"), "6:1", "`acme/x` is taken"),
        ("rule = 1", "1:1", "must be `[[rule]]` tables, not a number"),
        ("rule = [1]", "1:9", "must be `[[rule]]` tables, not a list with a number"),
        (rule("patern = 'x'"), "4:1", "unknown key `patern`; did you mean `pattern`?"),
        (rule("literal = 'x'", message=False), "1:3", "there is no `message`"),
        (rule(""), "1:3", "says nothing to look for; add one of `pattern`, `literal`"),
        (rule("none = ['x']"), "1:3", "says nothing to look for"),
        (rule("pattern = '(?=x)'"), "4:1", "is refused by RE2 (invalid perl operator: (?=); write `none`"),
        (rule("pattern = '(a)\\1'"), "4:1", "it has no back-references"),
        (rule("pattern = 'a++'"), "4:1", "has no possessive repeats"),
        (rule("pattern = '('"), "4:1", "it must be in the syntax of RE2"),
        (rule("pattern = 'a*'"), "4:1", "matches where there is nothing"),
        (rule("pattern = '((a{100}){10}b){2,3}'"), "4:1", "is refused by RE2"),
        (rule("pattern = '(\\pL{10}){5}'"), "4:1", "is too large when its repeats are written out"),
        (rule(f"pattern = '{'a' * 2001}'"), "4:1", "has 2001 characters; write at most 2000"),
        (rule("pattern = 1"), "4:1", "must be a string, not a number"),
        (rule("literal = ''"), "4:1", "is empty"),
        (rule('literal = "a\\nb"'), "4:1", "must be one line: rules look at one line at a time"),
        (rule("literals = []"), "4:1", "is empty; leave it out"),
        (rule("literals = 'x'"), "4:1", "must be a list, not a string"),
        (rule("words = ['x', 1]"), "4:15", "must be a string, not a number"),
        (rule("literal = 'x'\npattern = 'y'"), "5:1", "`pattern` cannot stand beside `literal`"),
        (rule("swap = { a = 1 }"), "4:10", "must be a string, not a number"),
        (rule("swap = { ab = 'x', AB = 'y' }"), "4:20", "`AB` is here twice"),
        (rule("swap = { ab = 'x' }\nignore_case = true"), "5:1", "has no meaning beside `swap`"),
        (rule("swap = 'x'"), "4:1", "must be a table of words, not a string"),
        (rule("any = ['(']"), "4:8", "is refused by RE2"),
        (rule("any = [{ literal = 'x', words = ['y'] }]"), "4:25", "`words` cannot stand beside `literal`"),
        (rule("any = [{ ignore_case = true }]"), "4:8", "says nothing to look for"),
        (rule("any = [{ literl = 'x' }]"), "4:10", "unknown key `literl`; did you mean `literal`?"),
        (
            rule("any = ['x']\nzones = ['code']\nnone = [1]"),
            "6:9",
            "must be a string or a table, not a number",
        ),
        (rule("any = 'x'"), "4:1", "must be a list, not a string"),
        (rule("any = [{ literal = 'x', zones = ['code'] }]"), "4:25", "lies in the zones of the rule"),
        (rule("zones = ['codes']\nliteral = 'x'"), "4:10", "unknown zone `codes`; did you mean `code`?"),
        (
            rule("languages = ['pyton']\nliteral = 'x'"),
            "4:14",
            "unknown language `pyton`; did you mean `python`?",
        ),
        (
            rule("severity = 'error'\nliteral = 'x'"),
            "4:1",
            "must be `blocked` or `warning`, not `error`; did you",
        ),
        (rule("literal = 'x'\nbefore = { literal = 'y' }"), "5:1", "there is no `lines`; say how many"),
        (rule("literal = 'x'\nbefore = { lines = 51, literal = 'y' }"), "5:12", "from 1 to 50, not `51`"),
        (
            rule("literal = 'x'\nafter = { lines = 1, literal = 'y', not = 1 }"),
            "5:37",
            "must be `true` or `false`",
        ),
        (rule("literal = 'x'\nsame_line = { lines = 1, literal = 'y' }"), "5:15", "unknown key `lines`"),
        (
            rule("literal = 'x'\nvalue = { group = 'v', min_length = 1 }"),
            "5:11",
            "the pattern has no group `v`",
        ),
        (rule("literal = 'x'\nvalue = { not = true }"), "5:1", "tests nothing; add one of"),
        (rule("literal = 'x'\nvalue = { alphabet = 'hexa' }"), "5:11", "did you mean `hex`?"),
        (
            rule("literal = 'x'\nvalue = { min_length = 3, max_length = 2 }"),
            "5:27",
            "is less than `min_length`",
        ),
        (rule("literal = 'x'\nvalue = { min_length = true }"), "5:11", "must be a number, not true or false"),
        (rule("literal = 'x'\nallow = [{ value = 'y' }]"), "5:10", "there is no `reason`"),
        (rule("literal = 'x'\nallow = [{ reason = 'y' }]"), "5:10", "must have one of `value`, `sha256`"),
        (
            rule("literal = 'x'\nallow = [{ sha256 = 'y', reason = 'z' }]"),
            "5:12",
            "must be 64 hexadecimal digits",
        ),
        (
            rule("literal = 'x'\nallow = [{ value = 'y', contains = ['z'], reason = 'z' }]"),
            "5:10",
            "must have one",
        ),
        (rule("literal = 'x'\nallow = [{ pattern = '(', reason = 'z' }]"), "5:12", "is refused by RE2"),
        (rule("literal = 'x'\nvalue = { pattern = '(?=x)' }"), "5:11", "is refused by RE2"),
        (rule("literal = 'x'\nnear = { literal = 'y' }"), "5:1", "there is no `before` or `after`"),
        (rule("literal = 'x'\nnear = { before = 51, literal = 'y' }"), "5:10", "from 1 to 50, not `51`"),
        (rule("literal = 'x'\npaths = ['']"), "5:10", ""),
        (rule("literal = 'x'\nfix = { safe = true }"), "5:1", "there is no `replace`"),
        (
            rule("literal = 'x'\nfix = { replace = '{y}' }"),
            "5:9",
            "`{y}` is nothing that can be written here",
        ),
        (rule("literal = 'x'\nfix = { replace = '}' }"), "5:9", "has a brace without its other half"),
        (rule("literal = 'x'\nfix = { replace = 'y' }\nfixes = []"), "6:1", "cannot stand beside `fix`"),
        (rule("literal = 'x'\nfixes = {}"), "5:1", "must be a list, not a table"),
        (
            rule("literal = 'x'\nmessage = '{match:>99999999}'", message=False),
            "4:1",
            "is nothing that can be",
        ),
        (
            rule("literal = 'x'\nmessage = '{match.x}'", message=False),
            "4:1",
            "is nothing that can be written",
        ),
        (
            rule("literal = 'x'\nurl = 'javascript:x'"),
            "5:1",
            "must be an address that begins with `https://`",
        ),
        (rule("literal = 'x'\ncwe = ['79']"), "5:8", "must be a number, not `79`"),
        (rule("literal = 'x'\nmatch = [{ range = '1:1-2' }]"), "5:10", "there is no `text` to test"),
        (rule("literal = 'x'\nmatch = [{ text = 'x', range = '1-2' }]"), "5:24", "must be `LINE:FIRST-LAST`"),
        (
            rule("literal = 'x'\nmatch = [{ text = 'x', language = 'pyton' }]"),
            "5:24",
            "did you mean `python`?",
        ),
        (rule("literal = 'x'\nno_match = [{ text = 'y', fixed = 'z' }]"), "5:27", "unknown key `fixed`"),
        (rule("literal = 'x'\nmatch = [{ text = 'x', today = '2027' }]"), "5:24", "must be a date such as"),
    ],
)
def test_a_mistake_is_told_at_its_place_and_stops_that_rule_alone(
    team: Policies, text: str, place: str, said: str
) -> None:
    session = team(text + LEGACY if text.startswith("[[") else text)
    told = problems(session)
    assert any(one.startswith(f"enforcer.toml:{place}: ") and said in one for one in told), told
    if text.startswith("[["):
        assert len(told) == 1, told
        assert [row.violation.rule for row in rows(session, "LegacyClient()")][-1] == "acme/legacy-client"


def test_a_rule_that_cannot_run_can_still_be_named(team: Policies) -> None:
    session = team(rule("pattern = '('") + '\n[rules]\n"acme/x" = "blocked"\nacme = "warning"')
    (problem,) = problems(session)
    assert "refused" in problem
    assert not rows(session, "(  # enforcer: allow[acme/x]: why")


def test_what_is_wrong_elsewhere_makes_the_whole_file_invalid(tmp_path: Path) -> None:
    (tmp_path / "enforcer.toml").write_text(LEGACY + '[rules]\n"acme/legacy-clint" = "off"\n')
    with pytest.raises(InvalidPolicyError, match=r"did you mean `acme/legacy-client`\?"):
        load(str(tmp_path), "enforcer.toml", catalog.entries())


def test_rules_are_shared_by_a_file_that_is_extended(team: Policies, tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "rules.toml").write_text(
        LEGACY + rule("literal = 'a1'\npaths = ['src/**']") + '\n[rules]\n"acme/x" = "blocked"\n'
    )
    session = team(
        'extends = ["recommended", "shared/rules.toml"]\n[rules]\n"acme/legacy-client" = "warning"'
    )
    assert not problems(session)
    assert [row.violation.rule for row in rows(session, "LegacyClient(a1)")] == ["acme/legacy-client"]
    # Its globs are relative to the file that they stand in.
    assert found(session, "a1", "shared/src/a.py") == ["a1"]
    session = team('extends = ["shared/rules.toml"]\n' + LEGACY)
    (problem,) = problems(session)
    assert "`acme/legacy-client` is taken" in problem


def test_rules_are_shared_by_an_installed_package(
    team: Policies, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is found, not imported, and never in the workspace."""
    site = tmp_path / "site-packages"
    package = site / "acme_rules"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise SystemExit('imported')")
    (package / "rules.toml").write_text(
        'extends = ["package:acme_rules/more.toml"]\n' + rule("literal = 'a1'\npaths = ['src/**']")
    )
    (package / "more.toml").write_text(LEGACY)
    (package / "looking.toml").write_text('extends = ["rules.toml"]')
    (tmp_path / "acme_planted").mkdir()
    (tmp_path / "acme_planted" / "rules.toml").write_text(LEGACY)
    (package / "out.toml").symlink_to(tmp_path / "acme_planted" / "rules.toml")
    monkeypatch.setattr("sysconfig.get_path", lambda kind: str(site))
    monkeypatch.chdir(tmp_path)
    session = team('extends = ["recommended", "package:acme_rules/rules.toml"]')
    assert not problems(session)
    assert found(session, "LegacyClient(a1)", "src/a.py") == ["LegacyClient(", "a1"]
    assert found(session, "LegacyClient(a1)", "lib/a.py") == ["LegacyClient("]
    setting = session.resolver.policy("a.py").select("a.py").setting("acme/legacy-client")
    assert str(setting.place) == "package:acme_rules/more.toml:3:1"
    for name, said in (
        ("package:acme_planted/rules.toml", "is not installed beside auto-enforcer"),
        ("package:acme_rules/out.toml", "is not installed beside auto-enforcer"),
        ("package:acme_rules/../x.toml", "names no file of a package"),
        ("package:acme_rules", "names no file of a package"),
        ("package:acme_rules/looking.toml", "extends sets of rules and files of packages alone"),
    ):
        (problem,) = problems(team(f'extends = ["{name}"]'))
        assert said in problem


# Bounds


def test_a_policy_has_a_bounded_number_of_rules_conditions_and_tests(team: Policies) -> None:
    many = "".join(f"[[rule]]\nid = 'acme/r{n}'\nmessage = 'm'\nliteral = 'zz'\n" for n in range(502))
    (problem,) = problems(team(many))
    assert f"at most {policy_rules.MOST_RULES} rules" in problem
    conditions = ", ".join(["'zz'"] * 190)
    lists = "".join(f"[[rule]]\nid = 'acme/r{n}'\nmessage = 'm'\nany = [{conditions}]\n" for n in range(6))
    told = problems(team(lists))
    assert told
    assert all(f"at most {policy_rules.MOST_CONDITIONS} conditions" in one for one in told)
    tests = ", ".join(["'zz'"] * 190)
    lists = "".join(
        f"[[rule]]\nid = 'acme/r{n}'\nmessage = 'm'\nliteral = 'zz'\nmatch = [{tests}]\n" for n in range(11)
    )
    (problem,) = problems(team(lists))
    assert f"at most {policy_rules.MOST_TESTS} tests" in problem


def test_a_policy_made_to_be_slow_to_read_is_read(team: Policies) -> None:
    """Ninety thousand characters of patterns: triggers are derived from as many as take no long."""
    dear, plain = "[à-ÿ]" * 75, "(?:ab|cd)" * 100
    rules = "".join(
        f"[[rule]]\nid = 'acme/{letter}{n}'\nmessage = 'm'\npattern = '{pattern}{n}'\n"
        for n in range(75)
        for letter, pattern in (("d", dear), ("p", plain))
    )
    began = time.thread_time()
    session = team(rules)
    assert not problems(session)
    assert is_within(time.thread_time() - began, 10)
    own = {rule.id: rule for rule in session.resolver.policy("a.py").content.rules}
    assert {own[f"acme/d{n}"].triggers is None for n in range(75)} == {True}
    assert [own[f"acme/p{n}"].triggers is None for n in (0, 74)] == [False, True]
    content = "à" * 75 + "7\n" + "ab" * 100 + "74"
    assert {row.violation.rule for row in rows(session, content)} == {"acme/d7", "acme/p7", "acme/p74"}


def test_a_policy_that_is_read_again_derives_nothing_anew(team: Policies) -> None:
    rules = rule("pattern = 'again[0-9]+'")
    assert not problems(team(rules))
    derived = policy_matching._of_pattern.cache_info().misses
    assert found(team(rules), "again7") == ["again7"]
    assert policy_matching._of_pattern.cache_info().misses == derived


@pytest.mark.parametrize(
    "pattern",
    [
        "(?:.*a[ab]{900})z|b",
        "(?P<x>a)(?:.*z)?",
        "(a+)+$",
        "(a|a)*b",
        "(a|aa)+$",
        "([a-z]+)*1",
        "a.*a.*a.*a.*a.*b",
        "(x+x+)+y",
        "(?i)(k+)+s",
        "(.*a){20}",
    ],
)
def test_no_pattern_stalls_us(team: Policies, pattern: str) -> None:
    """Also what is derived from one, which another engine runs."""
    session = team(rule(f"pattern = '{pattern}'"))
    text = "\n".join([("a" * 4_000) + "!", "x" * 4_000, "k" * 4_000, "abbab" * 800, "aabab" * 800] * 3)
    began = time.thread_time()
    rows(session, text, "a.txt")
    assert is_within(time.thread_time() - began, 10)


# Scanners


_PATTERNS = (
    r"\bLegacyClient\(",
    "(?i)kiss",
    "foo|ba[rz]qux",
    r"x\s+=\s+y",
    r"\d{4}-\d\d",
    "é+à",
    "(?i)straße",
    r"a{,2}b",
    r"[^a]\d",
    "(ab){2,3}c",
    "^go",
    "go$",
    r"\w+@\w+",
)


def _document() -> st.SearchStrategy[str]:
    pieces = st.one_of(
        st.sampled_from(
            [
                *("LegacyClient(", "KI\u017fS", "\u212aiss", "kiss", "bazqux", "x = y", "2026-11", "éà"),
                *(
                    "STRASSE",
                    "Straße",
                    "a{,2}b",
                    "ababc",
                    "go",
                    "q@r",
                    "\n",
                    "\n",
                    " ",
                    "é",
                    "x " * 3_000,
                    "1",
                ),
            ]
        ),
        st.text(max_size=3),
    )
    return st.lists(pieces, max_size=15).map("".join)


@pytest.mark.parametrize("zones", [Zone.EVERYWHERE, Zone.CODE])
@settings(max_examples=60)
@given(content=_document())
def test_every_match_lies_on_a_line_that_a_trigger_hits(zones: Zone, content: str) -> None:
    content = content.encode("utf-8", "replace").decode()
    for pattern in _PATTERNS:
        matcher = policy_matching.of_pattern(pattern, int(zones))
        for line in re.split("[\r\n]", content):
            if matcher.triggers is not None and matcher.is_in(line):
                data = line.encode()
                assert any(re.search(one.encode(), data, re.MULTILINE) for one, _, _ in matcher.triggers)


@pytest.fixture(scope="module")
def accelerated(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A session with a rule a pattern, whose databases are there."""
    pytest.importorskip("hyperscan")
    root = tmp_path_factory.mktemp("team")
    (root / "enforcer.toml").write_text(_policy_of_patterns())
    cache = CacheDirectory(str(tmp_path_factory.mktemp("patterns")))
    opened: list[Scanner] = []
    give = scanners(cache)

    def opening(language: str | None, kind: str, own: PatternSet | None = None) -> Scanner:
        opened.append(give(language, kind, own))
        return opened[-1] if own is not None else open_scanner(catalog.pattern_set(language, kind)[0], None)

    session = Session(str(root), today=TODAY, open_scanner=opening)
    rows(session, "x")
    assert any(scanner.settle(300) and scanner.accelerated for scanner in opened)
    return session


def _policy_of_patterns() -> str:
    return "".join(
        f"[[rule]]\nid = 'acme/r{number}'\nmessage = 'm'\npattern = '{pattern}'\n"
        for number, pattern in enumerate(_PATTERNS)
    )


@settings(max_examples=40)
@given(content=_document())
def test_both_scanners_and_a_look_at_every_line_agree(
    accelerated: Session, tmp_path_factory: pytest.TempPathFactory, content: str
) -> None:
    content = content.encode("utf-8", "replace").decode().replace("\r", "\n")
    policy = accelerated.resolver.policy("a.txt")
    plain = Session(accelerated.root, today=TODAY, open_scanner=_plainly)
    by_engine = [(row.violation.rule, row.number) for row in rows(accelerated, content, "a.txt")]
    assert by_engine == [(row.violation.rule, row.number) for row in rows(plain, content, "a.txt")]
    assert policy.content.rules
    expected = set()
    for number, line in enumerate(content.split("\n")):
        if len(line.encode()) > 4_096:
            continue
        for index, pattern in enumerate(_PATTERNS):
            if policy_matching.of_pattern(pattern, 15).found(line):
                expected.add((f"acme/r{index}", number))
    long = {number for number, line in enumerate(content.split("\n")) if len(line.encode()) > 4_096}
    assert {one for one in by_engine if one[1] not in long} == expected


def _plainly(language: str | None, kind: str, own: PatternSet | None = None) -> Scanner:
    return open_scanner(own or catalog.pattern_set(language, kind)[0], None)


# The command


def test_the_command_knows_a_team_s_rules(ae: Command, workspace: Path) -> None:
    note = 'note = "It is gone since 2.0."\nurl = "https://acme.example/x"\ntags = ["client"]\ncwe = [477]\n'
    fill(workspace, {"enforcer.toml": LEGACY + note, "a.py": "x = 1\nLegacyClient()\n"})
    done = ae("check")
    assert done.code == 1
    assert "a.py:2:1: blocked acme/legacy-client  `LegacyClient` is retired; use `Client`" in done.out
    assert "acme/legacy-client" in ae("check", "--rule", "acme/legacy-client").out
    assert ae("check", "--rule", "acme", "a.py").code == 1
    assert ae("check", "--rule", "dates").code == 0
    done = ae("check", "--rule", "acme/legacy-clint")
    assert (done.code, "did you mean `acme/legacy-client`?" in done.err) == (2, True)
    assert ae("rules", "acme").out.split() == ["acme/legacy-client", "blocked", "python"]
    assert "acme/legacy-client" in ae("rules").out
    explained = ae("explain", "acme/legacy-client").out
    assert explained.startswith(
        "# `acme/legacy-client`\n\n`LegacyClient` is retired; use `Client`\n\nIt is gone"
    )
    assert "```python\nc = LegacyClient()\n```" in explained
    assert "name one of its rules: acme/legacy-client" in ae("explain", "acme").err
    assert (
        "acme/legacy-client: blocked (enforcer.toml:3:1); column 1, code: a violation"
        in ae("why", "a.py:2").out
    )
    assert '[rules."acme/legacy-client"]\nseverity = "blocked"  # enforcer.toml:3:1' in ae("config").out
    (run,) = json.loads(ae("check", "--format", "sarif").out)["runs"]
    (described,) = [one for one in run["tool"]["driver"]["rules"] if one["id"] == "acme/legacy-client"]
    assert described["helpUri"] == "https://acme.example/x"
    assert described["properties"]["tags"] == ["acme", "client", "CWE-477"]
    assert "It is gone since 2.0." in described["help"]["markdown"]


@pytest.mark.parametrize("format", ["sarif", "html", "rdjson"])
def test_a_secret_in_what_a_rule_says_of_itself_is_in_no_report(
    ae: Command, workspace: Path, format: str
) -> None:
    secret = token("github-token")
    said = f"url = 'https://acme.example/?key={secret}'\ntags = ['{secret}']\n"
    fill(workspace, {"enforcer.toml": LEGACY + said, "a.py": "LegacyClient()\n"})
    done = ae("check", "--format", format)
    assert (done.code, done.err) == (1, "")
    assert "acme/legacy-client" in done.out
    assert secret not in done.out


def test_a_broken_rule_makes_the_command_fail_and_the_rest_run(ae: Command, workspace: Path) -> None:
    fill(workspace, {"enforcer.toml": LEGACY + rule("pattern = '(?=a)'"), "a.py": "LegacyClient()\n"})
    for more in ((), ("--jobs", "2")):
        done = ae("check", *more)
        assert done.code == 2
        assert "a.py:1:1: blocked acme/legacy-client" in done.out
        assert "enforcer.toml:15:1: rule[1].pattern: is refused by RE2" in done.out
    assert "cannot run: see enforcer.toml:13:1" in ae("why", "a.py:1", "acme/x").out


def test_the_tests_of_rules_are_run(ae: Command, workspace: Path) -> None:
    fill(workspace, {"enforcer.toml": LEGACY})
    done = ae("rules", "test")
    assert (done.code, done.out) == (0, "1 rule, 2 tests: 0 failed, 0 mistakes\n")
    fill(workspace, {"team/rules.toml": LEGACY + rule("pattern = '[a-z]{3}'\nmatch = ['abc',\n 'ab']")})
    done = ae("rules", "test", "team/rules.toml")
    assert done.code == 1
    assert done.out.startswith("team/rules.toml:17:2: rule[1].match[1]: this test fails: nothing is found")
    assert done.out.endswith("2 rules, 4 tests: 1 failed, 0 mistakes\n")
    fill(workspace, {"team/rules.toml": rule("pattern = '[a-z]{3}'\nmatch = ['abc']")})
    done = ae("rules", "test", "team/rules.toml")
    assert done.code == 0
    assert "acme/x: is slow: nothing in it is certain to be on a line" in done.out
    for broken in (rule("pattern = '('"), "rule = 1", "[rules]\nx = 1", "["):
        fill(workspace, {"team/rules.toml": broken})
        done = ae("rules", "test", "team/rules.toml")
        assert done.code == 2
        assert "team/rules.toml:" in done.out
    fill(workspace, {"team/rules.toml": ""})
    assert ae("rules", "test", "team/rules.toml").code == 2
    assert ae("rules", "dates", "team/rules.toml").code == 2


def test_results_are_kept_only_for_the_rules_that_found_them(ae: Command, workspace: Path) -> None:
    files = {f"f{number}.py": "LegacyClient()\n" for number in range(40)}
    fill(workspace, {"enforcer.toml": LEGACY, **files})
    first = ae("check")
    assert first.out.count("use `Client`") == 40
    assert ae("check").out == first.out
    fill(workspace, {"enforcer.toml": LEGACY.replace("use `Client`", "use `Other`")})
    assert ae("check").out.count("use `Other`") == 40
    fill(
        workspace,
        {"enforcer.toml": LEGACY.replace(r"\bLegacy", r"\bAncient").replace("c = Legacy", "c = Ancient")},
    )
    assert ae("check").out.count("acme/legacy-client") == 0


def test_an_open_document_follows_its_policy(team: Policies, tmp_path: Path) -> None:
    session = team(LEGACY)
    document = session.open(str(tmp_path / "a.py"), "python", "LegacyClient()\nAncientClient()\n")
    document.finish()
    assert [row.number for row, _ in session.rows(document)] == [0]
    assert not session.reload()
    (tmp_path / "enforcer.toml").write_text(LEGACY.replace("LegacyClient", "AncientClient"))
    assert session.reload()
    document.finish()
    assert [row.number for row, _ in session.rows(document)] == [1]


# The schema


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        (LEGACY, True),
        (rule("any = ['x', { literal = 'y', ignore_case = true }]\nnone = [{ words = ['z'] }]"), True),
        (rule("swap = { a = 'b' }\nfix = { safe = true }", message=False), True),
        (
            rule(
                "literal = 'x'\nbefore = [{ lines = 3, literal = 'y' }]\nafter = { lines = 1, pattern = 'z' }"
            ),
            True,
        ),
        (
            rule("literal = 'x'\nmatch = [{ text = 'x', range = '1:1-1' }]\ncwe = [79, 'CWE-80']"),
            True,
        ),
        (rule("literal = 'x'\nallow = [{ value = 'y', reason = 'z' }]\nvalue = { min_length = 1 }"), True),
        (rule("literal = 'x'\nnear = [{ before = 2, after = 1, pattern = 'y' }]"), True),
        (
            rule("literal = 'x'\nallow = [{ pattern = 'y', contains = ['z'], in = 'line', reason = 'z' }]"),
            True,
        ),
        ("[rules]\n'acme/x' = 'off'\n" + rule("literal = 'x'"), True),
        ("[rules]\nacme = 'off'\n" + rule("literal = 'x'"), True),
        ("[rules]\nacme = { severity = 'blocked', stage = 'warn' }\n" + rule("literal = 'x'"), True),
        ("[[overrides]]\npaths = ['a/**']\nrules = { acme = 'off' }\n" + rule("literal = 'x'"), True),
        ("[rules]\nacme = 'of'\n" + rule("literal = 'x'"), False),
        ("[rules]\nacme = { tags = ['x'] }\n" + rule("literal = 'x'"), False),
        ("[rules]\n'logging/x' = 'off'", False),
        (rule("literl = 'x'"), False),
        (rule("literal = 1"), False),
        (rule("literal = 'x'\nbefore = { lines = 51, literal = 'y' }"), False),
        (rule("literal = 'x'\nfix = [{ replace = 'y' }]"), False),
        (rule("literal = 'x'\nzones = ['codes']"), False),
        (rule("literal = 'x'\nlanguages = ['pyton']"), False),
        (rule(""), False),
        ("[[rule]]\nliteral = 'x'", False),
    ],
)
def test_the_schema_accepts_what_the_policy_accepts(team: Policies, text: str, accepted: bool) -> None:
    schema = json.loads(policy_schema.schema_text(catalog.entries()))
    assert jsonschema.Draft7Validator(schema).is_valid(tomllib.loads(text)) == accepted
    assert (not problems(team(text))) == accepted
