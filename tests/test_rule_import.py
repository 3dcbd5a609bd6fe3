"""`rules import`: the rule files of other tools as `[[rule]]` tables that load and find what they say."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auto_enforcer import globs, json_places, rule_import
from auto_enforcer import rule_import_filters as filters
from auto_enforcer import rule_import_patterns as patterns
from auto_enforcer.rule_import import Imported
from auto_enforcer.rule_import_values import MalformedError
from auto_enforcer.session import Session
from command import Command, fill
from effort import examples
from tokens import token

re2 = pytest.importorskip("re2")

TODAY = date(2026, 11, 22)

ACME = r"""
title = "ours"
[[rules]]
id = "Acme_Token"
description = "a token of {acme}"
regex = '''(?i)acme[_-]?key\s*=\s*"(ak_[a-z0-9]{12})"'''
entropy = 3
keywords = ["acme"]
tags = ["token", "acme"]
"""


def brought(tmp_path: Path, text: str, name: str = "rules.toml", form: str = "gitleaks") -> Imported:
    (tmp_path / name).write_text(text)
    return rule_import.imported(str(tmp_path / name), form)


def notes(found: Imported) -> list[str]:
    return [note for rule in found.carried for note in rule.notes]


def marked(tmp_path: Path, found: Imported, content: str, path: str = "a.txt") -> list[str]:
    """What the imported rules mark in a text, with nothing wrong in their policy."""
    (tmp_path / "enforcer.toml").write_text(found.text)
    session = Session(str(tmp_path), today=TODAY)
    data = content.encode()
    checked = session.check_chunks(path, [data], lambda: [data])
    assert checked.report is not None
    assert not list(session.problems())
    lines = content.split("\n")
    rows = [row for row, _ in checked.report.rows if row.violation.rule.startswith(("gitleaks/", "devskim/"))]
    rows.sort(key=lambda row: (row.number, row.violation.start))
    return [lines[row.number][row.violation.start : row.violation.end] for row in rows]


# gitleaks


def test_a_rule_comes_over_whole(tmp_path: Path) -> None:
    found = brought(tmp_path, ACME)
    (rule,) = found.carried
    assert (rule.name, rule.notes, found.left_out, found.remarks) == ("Acme_Token", (), (), ())
    (table,) = tomllib.loads(found.text)["rule"]
    assert table["id"] == "gitleaks/acme-token"
    assert (table["severity"], table["message"]) == ("blocked", "a token of {{acme}}")
    assert (table["value"], table["tags"]) == ([{"min_entropy": 3.0}], ["token", "acme"])
    content = 'Acme_Key = "ak_q7xz9lprw2mv"\nacme-key = "ak_aaaaaaaaaaaa"\nkey = "ak_q7xz9lprw2mv"'
    assert marked(tmp_path, found, content) == ["ak_q7xz9lprw2mv"]


@pytest.mark.parametrize(
    ("keywords", "content", "expected"),
    [
        ('["zeta"]', "t-0a1b2c", []),
        ('["zeta"]', "t-0a1b2c\n\nZETA", ["t-0a1b2c"]),
        ('["zeta", "omega"]', "omega t-0a1b2c", ["t-0a1b2c"]),
        ("[]", "t-0a1b2c", ["t-0a1b2c"]),
        ('["T-"]', "t-0a1b2c", ["t-0a1b2c"]),
    ],
)
def test_one_of_the_keywords_must_be_in_the_file(
    tmp_path: Path, keywords: str, content: str, expected: list[str]
) -> None:
    found = brought(tmp_path, f"[[rules]]\nid = 'a'\nregex = 't-[0-9a-f]{{6}}'\nkeywords = {keywords}")
    assert notes(found) == []
    assert marked(tmp_path, found, content) == expected


def test_keywords_spare_a_look_at_each_line(tmp_path: Path) -> None:
    found = brought(tmp_path, "[[rules]]\nid = 'a'\nregex = '(?i)omega[0-9]'\nkeywords = ['mega']")
    (table,) = tomllib.loads(found.text)["rule"]
    assert ("same_line" in table, "file_seen" in table) == (False, False)
    found = brought(tmp_path, "[[rules]]\nid = 'a'\nregex = '(?i)kis{2}[0-9]'\nkeywords = ['kis']")
    (table,) = tomllib.loads(found.text)["rule"]
    assert table["same_line"] == [{"literals": ["kis"], "ignore_case": True}]
    assert marked(tmp_path, found, "KISS1") == ["KISS1"]


@pytest.mark.parametrize(
    ("regex", "group", "content", "expected", "note"),
    [
        ("k=[0-9]{4}", 0, "k=1234", ["k=1234"], ""),
        ("k=([0-9]{4})", 0, "k=1234", ["1234"], ""),
        ("(?P<name>k)=([0-9]{4})", 2, "k=1234", ["1234"], ""),
        ("(?P<name>k)=([0-9]{4})", 1, "k=1234", ["k"], ""),
        (r"\((?:x)([(]|\Q(\E)(k)", 2, "(x(k", ["k"], ""),
        ("(ka)|(kb)", 0, "ka kb", ["ka", "kb"], "any of several groups"),
        ("(k)(a)?", 0, "ka", ["k"], ""),
    ],
)
def test_the_secret_s_group_is_marked(
    tmp_path: Path, regex: str, group: int, content: str, expected: list[str], note: str
) -> None:
    found = brought(tmp_path, f"[[rules]]\nid = 'a'\nregex = '''{regex}'''\nsecretGroup = {group}")
    assert [note in one for one in notes(found)] == ([True] if note else [])
    assert marked(tmp_path, found, content) == expected


@pytest.mark.parametrize(
    ("allow", "dropped"),
    [
        ("regexes = ['^00']", "k=00aa"),
        ("regexes = ['^zz', 'ff$']", "k=11ff"),
        ("regexTarget = 'match'\nregexes = ['^k=11']", "k=11aa"),
        ("regexTarget = 'line'\nregexes = ['# sample']", "k=11aa # sample"),
        ("stopwords = ['ABC', 'xyz']", "k=aBcd"),
        ("condition = 'AND'\nregexes = ['^a']\nstopwords = ['bc']", "k=abcd"),
        ("paths = ['(?:^|/)tests/']", "k=abcd"),
        ("paths = ['^a\\.txt$']\nregexes = ['^zz']", "k=abcd"),
    ],
)
@pytest.mark.parametrize(
    "form", ["[[rules.allowlists]]", "[rules.allowlist]", "[[allowlists]]", "[allowlist]"]
)
def test_allow_lists_come_over(tmp_path: Path, form: str, allow: str, dropped: str) -> None:
    found = brought(tmp_path, f"[[rules]]\nid = 'a'\nregex = 'k=(\\w{{4}})'\n{form}\n{allow}\n")
    assert (notes(found), found.remarks) == ([], ())
    path = "tests/a.txt" if "tests" in allow else "a.txt"
    assert marked(tmp_path, found, dropped, path) == []
    # Without what the list says.
    assert marked(tmp_path, found, "k=1bcd", "b.txt") == ["1bcd"]


def test_an_allow_list_says_why(tmp_path: Path) -> None:
    found = brought(
        tmp_path,
        "[[rules]]\nid = 'a'\nregex = 'k=\\w{4}'\n"
        "[[rules.allowlists]]\ndescription = 'a sample'\nregexes = ['0']",
    )
    (table,) = tomllib.loads(found.text)["rule"]
    assert table["allow"] == [{"pattern": "0", "reason": "a sample"}]


def test_a_list_for_some_rules_is_for_these_alone(tmp_path: Path) -> None:
    text = "[[rules]]\nid = 'a'\nregex = 'a=\\w'\n[[rules]]\nid = 'b'\nregex = 'b=\\w'\n"
    found = brought(
        tmp_path, text + "[[allowlists]]\ntargetRules = ['b']\nregexes = ['=x$']\npaths = ['^t/']"
    )
    assert marked(tmp_path, found, "a=x b=x") == ["a=x"]
    assert marked(tmp_path, found, "a=y b=y", "t/a.txt") == ["a=y"]


@pytest.mark.parametrize(
    ("more", "note"),
    [
        ("[[rules.allowlists]]\ncommits = ['abc']", "its allow-list of commits is left out"),
        (
            "[[rules.allowlists]]\ncondition = 'AND'\npaths = ['x']\nregexes = ['y']",
            "an allow-list that asks for paths and more is left out",
        ),
        ("[[rules.allowlists]]\npaths = ['(a.b)+$']", "the path `(a.b)+$` repeats what no glob can repeat"),
        ("path = '(?!x)'", "is left out"),
        ("randomKey = 1", "its `randomKey` is not known here"),
        (
            "[[rules.allowlists]]\nregexes = ['(?=x)', 'y']",
            "a part of it (`allow`) is left out: it is refused",
        ),
        ("[[rules.allowlists]]\nstopwords = ['']", "1 of the words that it leaves alone are left out"),
        ("[[rules.required]]\nid = 'zz'", "that `zz` must be near is left out"),
        ("filter = 'odd(finding)'", "its filter `odd(finding)` is left out"),
    ],
)
def test_what_does_not_come_over_is_told(tmp_path: Path, more: str, note: str) -> None:
    found = brought(tmp_path, f"[[rules]]\nid = 'a'\nregex = 'k=\\w{{4}}'\n{more}\n")
    assert any(note in one for one in notes(found)), notes(found)
    assert f"# {notes(found)[0]}" in found.text
    assert marked(tmp_path, found, "k=1234") == ["k=1234"]


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("path = 'x'", "it is about names of files alone"),
        ("regex = '(?=x)'", "its pattern is refused by RE2"),
        ("regex = 'a*'", "its pattern matches where there is nothing"),
        ("regex = 'ab'\nsecretGroup = 1", "its regex has no group 1"),
        ("regex = 'ab'\nskipReport = true", "it reports nothing by itself"),
    ],
)
def test_a_rule_that_cannot_come_over_is_left_out(tmp_path: Path, rule: str, reason: str) -> None:
    found = brought(tmp_path, f"{ACME}\n[[rules]]\nid = 'lost'\n{rule}\n")
    ((name, why),) = found.left_out
    assert (name, reason in why) == ("lost", True), why
    assert f"# lost: {why}" in found.text
    assert len(found.carried) == 1


def test_a_pattern_over_lines_and_a_large_one_are_told(tmp_path: Path) -> None:
    found = brought(tmp_path, "[[rules]]\nid = 'a'\nregex = 'begin[\\s\\S]{2,}end'")
    assert notes(found) == ["what it finds over several lines is not found; a rule looks at one line"]
    found = brought(tmp_path, "[[rules]]\nid = 'a'\nregex = 'pk-[\\w-]{50,1000}'")
    (note,) = notes(found)
    assert "no upper bound" in note
    assert marked(tmp_path, found, "pk-" + "ab" * 60)


def test_clashing_ids_are_told(tmp_path: Path) -> None:
    text = "[[rules]]\nid = 'a_b'\nregex = 'ab1'\n[[rules]]\nid = 'a.b'\nregex = 'ab2'\n"
    found = brought(tmp_path, text + "[[rules]]\nid = 'c'\nregex = 'c1'\n[[rules]]\nid = 'c'\nregex = 'c2'")
    assert [rule.table["id"] for rule in found.carried] == ["gitleaks/a-b", "gitleaks/a-b-2", "gitleaks/c"]
    assert any("`c` is here twice" in one for one in found.remarks)
    assert any("`a.b` is `gitleaks/a-b-2` here" in one for one in found.remarks)
    assert marked(tmp_path, found, "ab1 ab2 c1 c2") == ["ab1", "ab2", "c2"]


def test_files_that_are_extended_are_read(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text(
        "[[rules]]\nid = 'a'\nregex = 'a=(\\w+)'\nentropy = 1\n[[rules]]\nid = 'b'\nregex = 'b=\\w+'\n"
        "[[rules]]\nid = 'c'\nregex = 'c=\\w+'\n[allowlist]\nstopwords = ['zz']"
    )
    found = brought(
        tmp_path,
        "[extend]\npath = 'base.toml'\nuseDefault = true\ndisabledRules = ['b']\n"
        "[[rules]]\nid = 'a'\nkeywords = ['seen']\n[[rules]]\nid = 'd'\nregex = 'd=\\w+'",
    )
    assert [rule.name for rule in found.carried] == ["a", "c", "d"]
    assert found.remarks == ("it extends its tool's own rules, which are not in it; import their file too",)
    assert marked(tmp_path, found, "a=xyz b=xyz c=xyz c=zz d=x") == ["c=xyz", "d=x"]
    assert marked(tmp_path, found, "a=xyz a=xxx seen") == ["xyz"]
    (tmp_path / "base.toml").write_text("[extend]\npath = 'rules.toml'")
    with pytest.raises(MalformedError, match="extend each other"):
        rule_import.imported(str(tmp_path / "rules.toml"), "gitleaks")


def test_what_betterleaks_adds_comes_over(tmp_path: Path) -> None:
    found = brought(
        tmp_path,
        r"""
prefilter = '''matchesAny(get(attributes, "path", ""), [
  `(?i)\.png$`,
])'''
filter = '''(matchesAny(finding["secret"], [`^false$`])
|| containsAny(finding["secret"], ["dummy", "te\"st"]))'''
[[rules]]
id = "a"
regex = 'k=(\w+)'
filter = '''filter.entropy(finding["secret"]) < 2.5
|| !matchesAny(finding["secret"], ["[0-9]"])
|| matchesAny((attributes["path"] ?? ""), [`(?:^|/)docs/`])'''
[[rules]]
id = "b"
regex = 'id=\d+'
skipReport = true
[[rules]]
id = "c"
regex = 'c=\w+'
required = [{ id = "b", withinLines = 1 }]
[[rules]]
id = "d"
regex = 'dd=\w+'
required = [{ id = "b" }]
""",
    )
    assert (notes(found), found.remarks) == ([], ())
    assert [left.name for left in found.left_out] == ["b"]
    assert marked(tmp_path, found, "k=abc123 k=aaa1 k=abcdef k=dummy12\nk=te1sx9") == ["abc123", "te1sx9"]
    assert (
        marked(tmp_path, found, "k=abc123", "docs/a.txt") == marked(tmp_path, found, "k=abc1", "a.PNG") == []
    )
    assert marked(tmp_path, found, "c=x\n\nid=1\nc=y\n\nc=z") == ["c=y"]
    assert marked(tmp_path, found, "dd=x\n\n\n\nid=1") == ["dd=x"]
    assert marked(tmp_path, found, "dd=x") == []


def test_a_filter_is_taken_apart_at_its_top() -> None:
    understood, others = filters.terms(
        'entropy(finding["secret"]) <= 3\n|| containsAny(finding["secret"], ["a||b", "c)"]) || f(a || b)'
    )
    assert [(term.call, term.bits, term.texts) for term in understood] == [
        ("entropy", 3.0, ()),
        ("containsAny", 0.0, ("a||b", "c)")),
    ]
    assert others == ["f(a || b)"]
    assert filters.terms("") == ([], [])


# Patterns and paths

_PATHS = (
    *("go.mod", "src/go.mod", "xgo.mod", "go.modx", "vendor/modules.txt", "a/vendor/x/y.js", "node_modules"),
    *(
        "node_modules/x.js",
        "a/node_modules/b/c.js",
        "my_node_modules/x",
        "a.png",
        "A.PNG",
        "a.png.txt",
        "a.gz",
    ),
    *(
        "tests/a.py",
        "a/tests/b",
        "mytests/a",
        "lib/x.py",
        "lib64/x.py",
        "lib32/x",
        "x.gem",
        "x.gem/y",
        "ab/cd",
    ),
    *("v1.js", "v12.js", "v.js", "abc", "dir/abc", "dir/xabcx", ".git", "a/.git", "a.git"),
)


@pytest.mark.parametrize(
    "regex",
    [
        r"go\.mod$",
        r"(?:^|/)go\.(?:mod|sum)$",
        r"(?i)\.(?:bmp|png|jpe?g)$",
        r"(?:^|/)node_modules(?:/.*)?$",
        r"(^|/)tests/",
        r"\/tests\/",
        r"^lib(?:64)?/.*$",
        r"^tests/.*",
        r"\.gem",
        r"(?:^|/)v\d{0,2}\.js$",
        r"(?:^|/)[^/]+\.mod$",
        r"(?:^|/)[a-z]+bc$|^ab/",
        r"vendor/[^/]*/y",
        r".*\.mod$",
        r"(?:^|/)\.git$",
        r"[A-Z]\.PNG$",
        r"a.g",
    ],
)
def test_a_glob_says_what_the_expression_of_a_path_says(regex: str) -> None:
    if "+bc" in regex:
        with pytest.raises(ValueError, match="repeats"):
            patterns.globs_of(regex)
        return
    translated = globs.compile_globs(globs.translate(glob) for glob in patterns.globs_of(regex))
    for path in _PATHS:
        # A glob that names a folder holds for all in it, which is no path of a file in its own right.
        parents = [path[: end.start()] for end in re.finditer("/", path)]
        expected = any(re.search(regex, one) for one in (path, *parents))
        assert (translated.fullmatch(path) is not None) == expected, (path, patterns.globs_of(regex))


@pytest.mark.parametrize("regex", ["(a.b)+", r"\bx", "(?=x)", "[a-z]*", r"a\Sb", "(", "", "x{9}{2,}", "$"])
def test_what_no_glob_says_is_refused(regex: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        patterns.globs_of(regex)


_REGEXES = (
    r"a(?i)b|c",
    r"(?i)ab",
    r"(x(?i)y|z)w",
    r"[[:alnum:]_]{2}|[[:digit:]]",
    r"a(?i)b(?-i)c",
    r"(?:(?i)a|b)c|d(?i)e|f",
    r"\[(?i)a\]",
    r"[(?i)]a",
    r"(?P<n>a(?i)b)",
    r"[^[:upper:]]x",
)


@pytest.mark.parametrize("regex", _REGEXES)
@settings(max_examples=60)
@given(text=st.text(alphabet="aAbBcCdDeEfFxXyYzZwW1_[](?i)", max_size=8))
def test_a_pattern_that_is_spelled_anew_finds_the_same(regex: str, text: str) -> None:
    spelled = patterns.spelled(regex)
    re.compile(spelled)
    assert [m.span() for m in re2.finditer(spelled, text)] == [m.span() for m in re2.finditer(regex, text)]


def test_the_groups_of_a_pattern_are_those_of_re2() -> None:
    for regex in (*_REGEXES, r"(a)(?:b)(?P<x>c(d))", r"\((a)[()]\Q(\E(?i:(b))", r"[]()](a)", "(a)|(b)(c)?"):
        assert len(patterns.shape(regex).groups) == re2.compile(regex).groups, regex
    certain = [group.certain for group in patterns.shape("(a)(b)?(?:(c)|d)((e)f){0,2}(g)+").groups]
    assert certain == [True, False, False, False, False, True]
    assert patterns.named("(a)(?P<x>b)", {2: "span"}) == "(a)(?P<span>b)"


# DevSkim


def skim(**more: object) -> str:
    rule: dict[str, object] = {
        "name": "no old client",
        "id": "AC100",
        "description": "It is gone.",
        "recommendation": "Use the new one.",
        "severity": "important",
        "tags": ["Acme.Client"],
        "rule_info": "AC100.md",
        "applies_to": ["python"],
        "patterns": [{"pattern": "OldClient", "type": "string", "scopes": ["code"]}],
    }
    return json.dumps([{key: value for key, value in (rule | more).items() if value is not None}], indent=1)


def skimmed(tmp_path: Path, **more: object) -> Imported:
    return brought(tmp_path, skim(**more), "rules.json", "devskim")


def pattern(text: str, form: str = "regex", **more: object) -> dict[str, object]:
    return {"pattern": text, "type": form, "scopes": ["code"], **more}


def test_a_rule_of_devskim_comes_over_whole(tmp_path: Path) -> None:
    tests = {"must-match": ["x = OldClient()"], "must-not-match": ["x = OlderClient()", "# OldClient"]}
    found = skimmed(tmp_path, **tests)
    (rule,) = found.carried
    assert rule.notes == ()
    (table,) = tomllib.loads(found.text)["rule"]
    assert table["id"] == "devskim/ac100"
    assert (table["severity"], table["message"]) == ("blocked", "no old client")
    assert table["note"] == "It is gone.\n\nUse the new one."
    assert table["url"].endswith("/guidance/AC100.md")
    assert (table["match"], table["no_match"]) == (tests["must-match"], tests["must-not-match"])
    content = "OldClient()\n# OldClient\ns = 'OldClient'\nOldClients"
    assert marked(tmp_path, found, content, "a.py") == ["OldClient", "OldClient"]
    assert marked(tmp_path, found, content, "a.js") == []


@pytest.mark.parametrize(
    ("given", "content", "expected"),
    [
        (pattern("a.b(", "substring"), "xa.b( axb(", ["a.b("]),
        (pattern("a.b", "string"), "a.b xa.b", ["a.b"]),
        (pattern("AB", "string", modifiers=["i"]), "ab", ["ab"]),
        (pattern(r"a\d+", "regex"), "xa12", ["a12"]),
        (pattern(r"a\d|bc", "regex-word"), "a1 a12 bcd bc", ["a1", "bc"]),
        (pattern(r"a\d", "RegexWord"), "a1 a12", ["a1"]),
        (pattern("ab", scopes=["comment"]), "ab # ab", ["ab"]),
        (pattern("ab", scopes=["all"]), "ab # ab", ["ab", "ab"]),
        (pattern("ab", scopes=["code", "comment"]), "ab # ab", ["ab", "ab"]),
    ],
)
def test_each_type_of_pattern_finds_what_it_should(
    tmp_path: Path, given: dict[str, object], content: str, expected: list[str]
) -> None:
    given["type"] = "regexword" if given["type"] == "regex-word" else given["type"]
    found = skimmed(tmp_path, patterns=[given])
    assert notes(found) == []
    assert marked(tmp_path, found, content, "a.py") == expected


@pytest.mark.parametrize(
    ("where", "negated", "content", "expected"),
    [
        ("same-line", False, "ab cd\nab", 1),
        ("same-line", True, "ab cd\nab", 1),
        ("same-file", False, "ab\n\n\ncd", 1),
        ("same-file", True, "ab\n\n\ncd", 0),
        ("finding-region(-1, 0)", False, "cd\nab\nab\nab cd", 2),
        ("finding-region(-1,0)", True, "cd\nab\nab\nab cd", 1),
        ("finding-region(0, 1)", False, "ab\nab\ncd\nab", 1),
        ("finding-region(-2, 2)", True, "ab\nab\nab\nab\ncd", 2),
        ("finding-region(0, 0)", True, "ab cd\nab", 1),
    ],
)
def test_a_condition_is_asked_where_it_says(
    tmp_path: Path, where: str, negated: bool, content: str, expected: int
) -> None:
    condition = {"pattern": pattern("cd"), "search_in": where, "negate_finding": negated}
    found = skimmed(tmp_path, patterns=[pattern("ab")], conditions=[condition])
    assert notes(found) == []
    assert len(marked(tmp_path, found, content, "a.py")) == expected


def test_a_condition_may_ask_for_what_is_found_itself(tmp_path: Path) -> None:
    condition = {"pattern": pattern("LOCAL", modifiers=["i"]), "search_in": "finding-only"}
    given = [pattern(r"http://\w+")]
    found = skimmed(tmp_path, patterns=given, conditions=[condition | {"negate_finding": True}])
    assert marked(tmp_path, found, "http://local http://far local", "a.py") == ["http://far"]
    found = skimmed(tmp_path, patterns=given, conditions=[condition])
    assert marked(tmp_path, found, "http://local http://far", "a.py") == ["http://local"]


@pytest.mark.parametrize(
    ("applies", "path", "expected"),
    [
        (["csharp", "vb"], "a.cs", True),
        (["csharp", "vb"], "a.vb", True),
        (["csharp", "vb"], "a.py", False),
        (["CSharp Project"], "x/a.csproj", True),
        ([".config"], "web.config", True),
        (["batch"], "a.bat", True),
        ([], "a.rb", True),
    ],
)
def test_languages_that_are_none_here_are_told_by_names(
    tmp_path: Path, applies: list[str], path: str, expected: bool
) -> None:
    tests = {"must-match": ["ab"]}
    found = skimmed(tmp_path, patterns=[pattern("ab")], applies_to=applies, **tests)
    assert notes(found) == []
    assert bool(marked(tmp_path, found, "ab", path)) == expected


def test_languages_and_paths_may_be_left_out(tmp_path: Path) -> None:
    found = skimmed(tmp_path, patterns=[pattern("ab")], applies_to=None, does_not_apply_to=["python"])
    assert marked(tmp_path, found, "ab", "a.py") == []
    assert marked(tmp_path, found, "ab", "a.rb") == ["ab"]
    regex = ["(?i)settings\\.ini$"]
    found = skimmed(tmp_path, patterns=[pattern("ab")], applies_to=None, applies_to_file_regex=regex)
    assert marked(tmp_path, found, "ab", "Settings.ini") == ["ab"]
    assert marked(tmp_path, found, "ab", "a.ini") == []


def test_a_fix_that_writes_all_anew_comes_over(tmp_path: Path) -> None:
    fix = {"name": "turn {round}", "type": "RegexReplace", "replacement": "f($2, ${1}) { $$ }"}
    given = pattern(r"f\((\w+), (\w+)\)")
    found = skimmed(tmp_path, patterns=[given], fix_its=[fix | {"pattern": given}])
    assert notes(found) == []
    (table,) = tomllib.loads(found.text)["rule"]
    assert table["fix"] == {"title": "turn {round}", "replace": "f({g2}, {g1}) {{ $ }}"}
    assert marked(tmp_path, found, "f(a, b)", "a.py") == ["f(a, b)"]
    found = skimmed(tmp_path, patterns=[given], fix_its=[fix | {"pattern": pattern("f")}])
    assert notes(found) == ["a fix is left out: it writes a part of what is found anew"]
    found = skimmed(tmp_path, patterns=[given], fix_its=[fix | {"pattern": given, "replacement": "$3"}])
    assert notes(found) == ["a fix is left out: it repeats what the pattern has no group for"]


@pytest.mark.parametrize(
    ("more", "note"),
    [
        ({"patterns": [pattern("ab"), pattern("c(?!d)")]}, "a part of it (`any`) is left out: it is refused"),
        ({"patterns": [pattern("ab"), pattern("x", xpaths=["//y"])]}, "for places in a tree (`xpaths`)"),
        (
            {"patterns": [pattern("ab")], "must-match": ["ab", "zz"]},
            "a sample that must be found is left out: nothing is found",
        ),
        (
            {"patterns": [pattern("ab")], "must-not-match": ["cab"]},
            "a sample that must not be found is left out: something is found at 1:2-3",
        ),
        ({"patterns": [pattern("ab")], "overrides": ["X"]}, "takes the place of"),
        ({"patterns": [pattern("ab")], "depends_on": ["X"]}, "other rules must find something first"),
        (
            {"patterns": [pattern("ab")], "conditions": [{"pattern": pattern("ab"), "search_in": "moon"}]},
            "a condition that looks in `moon` is left out",
        ),
        (
            {
                "patterns": [pattern("ab")],
                "conditions": [{"pattern": pattern("a"), "search_in": "only-before"}],
            },
            "a condition asks for it before the place",
        ),
        ({"patterns": [pattern("ab"), pattern("cd", scopes=["comment"])]}, "look in several zones"),
        ({"patterns": [pattern("ab")], "applies_to": ["python", "klingon"]}, "`klingon` is no language here"),
        ({"patterns": [pattern("ab")], "mood": "good"}, "its `mood` is not known here"),
        ({"patterns": [pattern("ab|a\\nb")]}, "over several lines"),
    ],
)
def test_what_does_not_come_over_of_devskim_is_told(
    tmp_path: Path, more: dict[str, object], note: str
) -> None:
    found = skimmed(tmp_path, **more)
    assert any(note in one for one in notes(found)), notes(found)
    assert marked(tmp_path, found, "ab", "a.py") == ["ab"]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"patterns": []}, "it looks for nothing"),
        ({"patterns": [pattern("a(?!b)")]}, "its pattern is refused by RE2"),
        ({"patterns": [pattern("a(?!b)"), pattern("c(?!d)")]}, "refused by RE2"),
        ({"patterns": [pattern("x", jsonpaths=["$.y"])]}, "for places in a tree (`jsonpaths`)"),
        ({"patterns": [pattern("ab")], "must-match": ["cd"]}, "finds none of its own samples"),
    ],
)
def test_a_rule_of_devskim_that_cannot_come_over_is_left_out(
    tmp_path: Path, more: dict[str, object], reason: str
) -> None:
    found = skimmed(tmp_path, **more)
    ((name, why),) = found.left_out
    assert (name, reason in why, found.carried) == ("AC100", True, ()), why


def test_a_folder_and_comments_are_read(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.json").write_text("\ufeff// ours\n" + skim() + "/* end */")
    (tmp_path / "b.json").write_text(
        skim(id="AC200").replace('"tags"', '/* // */ "tags"').replace("]\n", "],\n")
    )
    found = rule_import.imported(str(tmp_path), "devskim")
    assert [rule.name for rule in found.carried] == ["AC200", "AC100"]


# Malformed files


@pytest.mark.parametrize(
    ("name", "text", "place", "said"),
    [
        ("r.toml", "[[rules]]\nid = 'a'\nregex = 1", "3:1", "rules[0].regex: must be a string, not a number"),
        ("r.toml", "[[rules]]\nregex = 'a'", "1:3", "rules[0]: there is no `id`"),
        ("r.toml", "[[rules]]\nid = 'a'", "1:3", "`a` has neither `regex` nor `path`"),
        (
            "r.toml",
            "[[rules]]\nid = 'a'\nregex = 'a'\nentropy = '3'",
            "4:1",
            "must be a number, not a string",
        ),
        ("r.toml", "[[rules]]\nid = 'a'\nregex = 'a'\nkeywords = ['a',\n 1]", "5:2", "must be a string"),
        ("r.toml", "[[rules]]\nid = 'a'\nregex = 'a'\nsecretGroup = -1", "4:1", "the number of a group"),
        ("r.toml", "rules = 1", "1:1", "must be a list of tables, not a number"),
        ("r.toml", "rules = [1]", "1:10", "must be a table, not a number"),
        ("r.toml", "x = 1", "1:1", "has no `[[rules]]`"),
        ("r.toml", "a = 1\nb = [", "2:6", "not valid TOML"),
        ("r.toml", "[extend]\npath = 'gone.toml'", "2:1", "`gone.toml` cannot be read"),
        ("r.toml", "[allowlist]\nregexTarget = 'moon'\n[[rules]]", "1:5", ""),
        ("r.json", "[{]", "1:3", "not valid JSON: there is no key in quotes here"),
        ("r.json", '[\n {"id": }]', "2:9", "there is no value here"),
        ("r.json", '[{"id": nul}]', "1:9", "there is no value here; put text in quotes"),
        ("r.json", '[{"id": "a"', "1:12", "there is no `,` here"),
        ("r.json", '[{"id": "a', "1:9", "unterminated string"),
        ("r.json", "[] 1", "1:4", "there is something after the end"),
        ("r.json", '{"id": 1}', "1:1", "must be a list of rules"),
        ("r.json", '[\n {"id": 1}]', "2:3", "[0].id: must be a string, not a number"),
        ("r.json", '[{"id": "a"}]', "1:2", "`a` has no `patterns`"),
        ("r.json", '[{"id": "a", "patterns": [{"pattern": "x"}]}]', "1:27", "there is no `type`"),
        (
            "r.json",
            '[{"id": "a", "patterns": [{"pattern": "x", "type": "odd"}]}]',
            "1:44",
            "there is no type of pattern `odd`",
        ),
        (
            "r.json",
            '[{"id": "a", "patterns": [{"pattern": "x", "type": "regex", "scopes": ["x"]}]}]',
            "1:61",
            "there is no scope `x`",
        ),
        ("r.json", "[" * 80, "1:1", "nested too deeply"),
    ],
)
def test_a_malformed_file_is_told_at_its_place(
    ae: Command, workspace: Path, name: str, text: str, place: str, said: str
) -> None:
    fill(workspace, {name: text})
    done = ae("rules", "import", name)
    assert (done.code, done.out) == (2, "")
    if said:
        assert done.err.startswith(f"auto-enforcer: {name}:{place}: "), done.err
    assert said in done.err


def test_a_file_that_is_no_text_is_told(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.toml": b"\n\xff", "b.json": b"\n\n\xff"})
    assert "a.toml:2:1: not valid UTF-8" in ae("rules", "import", "a.toml").err
    assert "b.json:3:1: not valid UTF-8" in ae("rules", "import", "b.json").err


# The command


def test_the_command_imports(ae: Command, workspace: Path) -> None:
    text = ACME + "[[rules]]\nid = 'gone'\npath = 'x'\n[[rules]]\nid = 'part'\nregex = 'pp'\nodd = 1"
    fill(workspace, {"theirs.toml": text, "folder/x.json": skim()})
    done = ae("rules", "import", "theirs.toml")
    assert done.code == 0
    assert tomllib.loads(done.out)["rule"][0]["id"] == "gitleaks/acme-token"
    assert done.err.splitlines() == [
        "gitleaks/part: its `odd` is not known here",
        "gone: left out: it is about names of files alone; a rule here looks at lines",
        "3 rules: 1 whole, 1 in part, 1 left out",
    ]
    written = ae("rules", "import", "theirs.toml", "-o", "team.toml")
    assert (written.code, written.out, written.err) == (0, "", done.err)
    assert (workspace / "team.toml").read_text() == done.out
    assert ae("rules", "test", "team.toml").code == 0
    assert {path.name for path in workspace.iterdir()} == {".git", "folder", "team.toml", "theirs.toml"}
    fill(workspace, {"enforcer.toml": 'extends = ["recommended", "team.toml"]\n', "a.txt": "x pp x"})
    assert "a.txt:1:3: blocked gitleaks/part" in ae("check").out
    assert ae("rules", "import", "folder", "--format", "devskim").code == 0


def test_samples_that_are_left_alone_do_not_block_the_file(ae: Command, workspace: Path) -> None:
    sample = token("github-token")
    allow = f"[[rules.allowlists]]\nregexes = ['{sample}']\n"
    fill(workspace, {"theirs.toml": ACME + allow})
    assert ae("rules", "import", "theirs.toml", "-o", "enforcer.toml").code == 0
    text = (workspace / "enforcer.toml").read_text()
    assert "\n# enforcer: allow-file[secrets/github-token]: values" in text
    (workspace / "theirs.toml").unlink()
    done = ae("check")
    assert (done.code, "1 suppressed" in done.out) == (0, True), done.out
    fill(workspace, {"theirs.toml": ACME})
    assert "allow-file" not in ae("rules", "import", "theirs.toml").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name the file to import"),
        (("gone.toml",), "gone.toml: cannot be read: no such file"),
        (("rules.txt",), "does not say whose rules it has; add `--format gitleaks`"),
        (("a.toml", "--format", "gitleak"), "did you mean `gitleaks`?"),
        (("a.toml", "-o", "no/where.toml"), "no/where.toml: cannot be written: no such file"),
        (("none.toml",), "has no rule that can be carried over"),
    ],
)
def test_what_cannot_be_imported_is_told(
    ae: Command, workspace: Path, arguments: tuple[str, ...], said: str
) -> None:
    fill(workspace, {"a.toml": ACME, "none.toml": "[[rules]]\nid = 'a'\npath = 'x'", "rules.txt": ACME})
    done = ae("rules", "import", *arguments)
    assert done.code == 2
    assert said in done.err
    assert not (workspace / "no").exists()


def test_other_commands_have_no_output_option(ae: Command) -> None:
    assert "goes with `rules import`" in ae("rules", "-o", "x").err


# Reading and writing


@settings(max_examples=100)
@given(
    value=st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=10,
    )
)
def test_json_is_read_as_json_reads_it(value: object) -> None:
    for text in (json.dumps(value), json.dumps(value, indent=2, ensure_ascii=False)):
        assert json_places.parsed(text)[0] == value


def test_the_places_of_json_are_known() -> None:
    value, spans = json_places.parsed('{"a": [1,\n  {"b": 2}], // c\n "d": {}}')
    assert value == {"a": [1, {"b": 2}], "d": {}}
    at = {path: (span.line, span.column) for path, span in spans.items()}
    assert at == {
        ("a",): (0, 1),
        ("a", 0): (0, 7),
        ("a", 1): (1, 2),
        ("a", 1, "b"): (1, 3),
        ("d",): (2, 1),
    }


@settings(max_examples=examples(80))
@given(text=st.text() | st.text(alphabet="'\"\\\n\x7fa", max_size=8))
def test_a_string_is_written_so_that_it_is_read_back(text: str) -> None:
    assert tomllib.loads(f"x = {rule_import._quoted(text)}")["x"] == text
