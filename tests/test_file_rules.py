"""The rules about files and the workspace: their pages, and how they run in every front end."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

import page_checks
import pages
import whole_pages
from auto_enforcer.document import Document
from auto_enforcer.model import MOST_TEXT, FileRule, FileView
from auto_enforcer.rules.files._yaml import first_fault
from auto_enforcer.session import Session
from command import Command, environment, fill
from effort import is_within
from lsp.stdio import Client, edit

SECTIONS = [
    (family, section.rule) for family in whole_pages.families() for section in pages.read(family).sections
]

FEWER = {
    "files/stale-companion": (0, 0),
    "files/required-file": (3, 1),
    "files/case-collision": (2, 0),
    "files/missing-final-newline": (2, 1),
    "docs/missing-file": (1, 1),
}
"""Finds and near misses of sections that have fewer than two: no base is known, or nothing can be taken
away."""


@pytest.mark.parametrize("family", whole_pages.families())
def test_the_page_has_its_form(family: str) -> None:
    page = pages.read(family)
    rules = whole_pages.rules_of(family)
    assert page.lines[0] == f"# {family}"
    assert sorted(section.rule for section in page.sections) == sorted(rules)
    for section in page.sections:
        positions = [page.lines.index(line, section.number) for line in section.body if line.startswith("**")]
        assert positions == sorted(positions)
        for head in pages.HEADS:
            assert section.part(head), (section.rule, head)
        for option in rules[section.rule].options:
            assert f"`{option.name}`" in section.part("**Options**"), option.name
        assert f"](#{section.rule.replace('/', '')})" in "\n".join(page.head)
    for rule in rules.values():
        assert not page_checks.re.match(r"[A-Z][a-z]", rule.message)
        assert not rule.message.endswith(".")


@pytest.mark.skipif(not whole_pages.is_posix(), reason="modes mean nothing here")
@pytest.mark.parametrize(("family", "rule"), SECTIONS)
def test_the_blocks_of_the_section_are_true(family: str, rule: str, tmp_path: Path) -> None:
    """What is marked is found, the rest is silent, and each silence is one for the reason that it names."""
    section = next(one for one in pages.read(family).sections if one.rule == rule)
    finds, silences = whole_pages.check_section(section, tmp_path / "workspace")
    least_finds, least_silences = FEWER.get(rule, (2, 2))
    assert finds >= least_finds
    assert silences >= least_silences


# Where and how they are told

POLICY = 'extends = "recommended"\n[rules]\n"files/forbidden-path" = {paths = ["*.pem", "legacy/**"]}\n'
BROKEN_YAML = "name: a\ntitle: Rules: a page\n"


def said(ae: Command, *arguments: str) -> list[str]:
    """`path:line:column rule` of each violation that is shown."""
    lines = [json.loads(line) for line in ae("check", "--format", "jsonl", *arguments).out.splitlines()]
    return sorted(f"{one['path']}:{one['line']}:{one['column']} {one['rule']}" for one in lines)


def test_a_file_may_allow_what_is_found_in_it(ae: Command, workspace: Path) -> None:
    fill(
        workspace,
        {
            "enforcer.toml": POLICY,
            "legacy/a.py": "total = 1\n",
            "legacy/b.py": "# enforcer: allow-file[files/forbidden-path]: moved next month\ntotal = 1\n",
            "legacy/c.py": "# enforcer: allow-file[files]\ntotal = 1\n",
            "one.yaml": BROKEN_YAML,
            "two.yaml": "name: a\ntitle: Rules: a page  # enforcer: allow[files/broken-yaml]\n",
            "three.yaml": "name: a\n# enforcer: allow[files]: later\ntitle: Rules: a page\n",
            "four.yaml": "# enforcer: allow[files/broken-yaml]\nname: a\ntitle: Rules: a page\n",
        },
    )
    assert said(ae, ".") == [
        "four.yaml:3:13 files/broken-yaml",
        "legacy/a.py:1:1 files/forbidden-path",
        "legacy/c.py:1:1 files/forbidden-path",
        "legacy/c.py:1:3 enforcer/missing-reason",
        "one.yaml:2:13 files/broken-yaml",
    ]


def test_a_blocked_path_gates_also_where_the_file_is_binary_empty_or_generated(
    ae: Command, workspace: Path
) -> None:
    for name, data in (("a.pem", b"\0\1"), ("b.pem", b""), ("c.pem", b"# Code generated. DO NOT EDIT.\n")):
        fill(workspace, {"enforcer.toml": POLICY, name: data})
        assert said(ae, name) == [f"{name}:1:1 files/forbidden-path"], name
        assert ae("check", name).code == 1


def test_the_policy_turns_them_off_by_path_and_says_how_severe_they_are(ae: Command, workspace: Path) -> None:
    policy = (
        POLICY
        + '"files/broken-yaml" = "blocked"\n'
        + '[[overrides]]\npaths = ["old/**"]\nrules = {files = "off"}\n'
    )
    fill(workspace, {"enforcer.toml": policy, "a.yaml": BROKEN_YAML, "old/a.yaml": BROKEN_YAML})
    assert said(ae, ".") == ["a.yaml:2:13 files/broken-yaml"]
    assert ae("check", "a.yaml").code == 1
    assert said(ae, "--rule", "logging", ".") == []
    assert said(ae, "--rule", "files", ".") == ["a.yaml:2:13 files/broken-yaml"]


def test_a_long_line_is_marked_once_at_its_beginning(ae: Command, workspace: Path) -> None:
    """Also where other rules look at several of its pieces, and where it comes in segments."""
    filler = "".join(f'"k{number}": "2026-02-31",' for number in range(400))
    fill(workspace, {"a.yaml": f"name: {{{filler}}} b\n", "b.yaml": f"name: {{{filler * 9}}} b\n"})
    broken = [one for one in said(ae, ".") if one.endswith("files/broken-yaml")]
    assert broken == ["a.yaml:1:1 files/broken-yaml", "b.yaml:1:1 files/broken-yaml"]


def test_standard_input_says_what_the_file_says(ae: Command, workspace: Path) -> None:
    text = '{\n"name": 1,\n}\r\n' + " \n" * 100_000
    fill(workspace, {"data.json": text, "tool.py": "total = 1\n"})
    (workspace / "tool.py").chmod(0o755)
    arguments = ("check", "--format", "jsonl", "-", "--stdin-path")
    for name in ("data.json", "tool.py"):
        given = ae(*arguments, name, given=(workspace / name).read_bytes())
        assert given.out == ae("check", "--format", "jsonl", name).out != ""


def test_a_text_of_two_bytes_a_character_ends_as_it_is_read(ae: Command, workspace: Path) -> None:
    """Its last byte may be that of a line end, and its last character none."""
    data = "total = 1\n".encode("utf-16")
    policy = 'extends = "recommended"\n[rules]\n"files/missing-final-newline" = "warning"\n'
    fill(
        workspace, {"enforcer.toml": policy, "whole.py": data, "cut.py": data[:-1], "odd.py": data + b"\n\n"}
    )
    assert said(ae, "--rule", "files", ".") == [
        "cut.py:1:10 files/missing-final-newline",
        "odd.py:2:1 files/missing-final-newline",
    ]


def test_a_text_above_a_megabyte_is_not_read_as_a_whole(ae: Command, workspace: Path) -> None:
    fill(workspace, {"data.json": '{"a": 1,}\n' + " \n" * (1 << 20)})
    assert said(ae, ".") == ["data.json:1:1 files/oversized-file"]


def test_modes_mean_nothing_where_git_says_so(ae: Command, workspace: Path) -> None:
    fill(workspace, {"tool.py": "total = 1\n"})
    (workspace / "tool.py").chmod(0o755)
    assert said(ae, ".") == ["tool.py:1:1 files/executable-without-shebang"]
    fill(workspace, {".git/config": "[core]\n\tfileMode = false\n"})
    assert said(ae, ".") == []


def test_names_that_collide_are_told_once_and_may_be_allowed(ae: Command, workspace: Path) -> None:
    allowed = "# enforcer: allow-file[files/case-collision]: both are needed\n"
    fill(workspace, {"a/Makefile": "all:\n", "a/makefile": "all:\n", "b/Run.py": "", "b/run.py": allowed})
    if len(list((workspace / "a").iterdir())) < 2:
        pytest.skip("the file system does not tell the names apart")
    fill(workspace, {"vendor/.gitignore": "Run\n", "vendor/Run": "", "vendor/run": ""})
    assert said(ae, ".") == ["a/makefile:1:1 files/case-collision"]
    assert said(ae, "a/makefile", "a/Makefile") == []
    assert said(ae, "b") == []
    one, two = ae("check", "--jobs", "1", "."), ae("check", "--jobs", "2", "--no-cache", ".")
    assert one == two


def test_a_rule_that_raises_is_told_and_fails_the_run(workspace: Path, cache: Path) -> None:
    fill(workspace, {"a.yaml": BROKEN_YAML + "# TODO: x\n", "b.py": "print(1)\n"})
    broken = (
        "import sys\n"
        "from auto_enforcer.rules.files import broken, workspace\n"
        "def fails(*_):\n    raise KeyError('secret')\n"
        "def failing(rule):\n    return rule._replace(check=fails)\n"
        "broken.FILE_RULES = tuple(map(failing, broken.FILE_RULES))\n"
        "workspace.WORKSPACE_RULES = tuple(map(failing, workspace.WORKSPACE_RULES))\n"
        "from auto_enforcer.cli import main\nsys.exit(main(sys.argv[1:]))\n"
    )
    policy = 'extends = "recommended"\n[rules]\n"files/required-file" = {paths = ["LICENSE"]}\n'
    fill(workspace, {"enforcer.toml": policy})
    done = subprocess.run(
        [sys.executable, "-c", broken, "check", "."],
        cwd=workspace,
        env=environment(cache),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "a.yaml:1:1" in done.stdout
    assert "`files/broken-yaml` could not run here (KeyError)" in done.stdout
    assert "`files/required-file` could not run (KeyError)" in done.stdout
    assert "b.py:1:1" in done.stdout
    assert "secret" not in done.stdout + done.stderr


# What is kept of earlier runs


def test_what_decides_beside_the_text_is_never_taken_from_an_earlier_run(
    ae: Command, workspace: Path
) -> None:
    """Mode, path, and the paths that a policy forbids; a file that only moved is found again."""
    filler = {f"filler/f{number}.txt": f"{number}\n" for number in range(40)}
    fill(workspace, {**filler, "enforcer.toml": POLICY, "a/tool.py": "total = 1\n", "a/x.json": "{"})
    assert said(ae, ".") == ["a/x.json:1:1 files/broken-json"]
    assert said(ae, ".") == ["a/x.json:1:1 files/broken-json"]
    (workspace / "a/tool.py").chmod(0o755)
    assert said(ae, ".") == [
        "a/tool.py:1:1 files/executable-without-shebang",
        "a/x.json:1:1 files/broken-json",
    ]
    (workspace / "a/tool.py").chmod(0o644)
    assert said(ae, ".") == ["a/x.json:1:1 files/broken-json"]
    (workspace / "a").rename(workspace / "legacy")
    assert said(ae, ".") == [
        "legacy/tool.py:1:1 files/forbidden-path",
        "legacy/x.json:1:1 files/broken-json",
        "legacy/x.json:1:1 files/forbidden-path",
    ]
    (workspace / "legacy").rename(workspace / "tests")
    assert said(ae, ".") == [], "in tests a broken file is there on purpose"
    (workspace / "tests/x.json").rename(workspace / "settings.json")
    assert said(ae, ".") == [], "this name stands for JSON with comments"


# What explains them


def test_why_says_what_became_of_them(ae: Command, workspace: Path) -> None:
    fill(workspace, {"one.yaml": BROKEN_YAML, "two.yaml": BROKEN_YAML + "name: {{ x }}\n", "a.py": "x = 1\n"})
    assert "files/broken-yaml: warning" in ae("why", "one.yaml:2").out
    assert "column 13" in ae("why", "one.yaml:2").out
    assert "excused: template" in ae("why", "two.yaml:2", "files/broken-yaml").out
    assert "looks at the file as a whole" in ae("why", "a.py:1", "files/oversized-file").out
    assert "looks at the workspace" in ae("why", "a.py:1", "files/case-collision").out


def test_rules_lists_them_and_says_which_modules_a_file_activates(ae: Command, workspace: Path) -> None:
    fill(workspace, {"one.yaml": BROKEN_YAML, "two.yaml": "name: a\n", "a.py": "x = 1\n"})
    listed = ae("rules", "files").out
    assert len(listed.splitlines()) == len(whole_pages.rules_of("files"))
    assert "rules/files/broken" in ae("rules", "--active", "one.yaml").out
    assert "files/" not in ae("rules", "--active", "a.py").out
    assert ae("explain", "files/case-collision").out.startswith("## files/case-collision")


# An open document


def rows(session: Session, document: Document) -> list[tuple[int, int, str]]:
    document.finish()
    found = [(row.number, row.violation.start, row.violation.rule) for row, _ in session.rows(document)]
    return [one for one in found if one[2].startswith("files/")]


BROKEN = [(1, 12, "files/broken-yaml")]


def opened(root: Path, name: str, text: str) -> tuple[Session, Document]:
    session = Session(str(root), today=whole_pages.TODAY)
    return session, session.open(str(root / name), "", text)


def test_what_was_found_moves_with_its_line_and_goes_when_that_is_edited(tmp_path: Path) -> None:
    session, document = opened(tmp_path, "a.yaml", BROKEN_YAML + "x: 1\n")
    assert rows(session, document) == BROKEN
    document.change(0, 0, 0, 0, "# a\n# b\n")
    assert rows(session, document) == [(3, 12, "files/broken-yaml")]
    document.change(3, 0, 3, 0, "# just above\n")
    assert rows(session, document) == [(4, 12, "files/broken-yaml")]
    document.change(0, 0, 3, 0, "")
    document.change(2, 0, 2, 0, "y: 2\n")
    assert rows(session, document) == BROKEN
    document.change(1, 0, 1, 1, "T")
    assert rows(session, document) == []
    assert session.saved(document)
    assert rows(session, document) == [(1, 12, "files/broken-yaml")]
    document.change(1, 12, 1, 13, "")
    assert rows(session, document) == []
    assert not session.saved(document)


def test_what_is_about_the_file_stays_until_it_is_saved(tmp_path: Path) -> None:
    (tmp_path / "tool.py").write_text("total = 1\n")
    (tmp_path / "tool.py").chmod(0o755)
    session, document = opened(tmp_path, "tool.py", "total = 1\n")
    told = [(0, 0, "files/executable-without-shebang")]
    assert rows(session, document) == told
    document.change(0, 0, 0, 0, "#!/usr/bin/env python3\n")
    assert rows(session, document) == told
    document.change(0, 0, 2, 0, "")
    assert rows(session, document) == told
    document.replace("#!/usr/bin/env python3\n")
    assert rows(session, document) == told
    assert session.saved(document)
    assert rows(session, document) == []


@pytest.mark.parametrize(
    ("name", "text", "directive", "at", "expected"),
    [
        ("a.yaml", BROKEN_YAML, "# enforcer: allow-file[files]\n", 0, (2, 12, "files/broken-yaml")),
        (
            "a.ipynb",
            '{"cells": [{"cell_type": "code", "source": [\n"x = 1"\n]}]}\r\n',
            '"# enforcer: allow-file[files]: as it came\\n",\n',
            1,
            (3, 3, "files/crlf-mixed"),
        ),
    ],
)
def test_an_edit_asks_no_rule_about_files(
    name: str,
    text: str,
    directive: str,
    at: int,
    expected: tuple[int, int, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session, document = opened(tmp_path, name, text)
    document.finish()
    asked: list[str] = []
    ask = session._given_of
    monkeypatch.setattr(
        Session, "_given_of", lambda self, path, *rest: asked.append(path) or ask(path, *rest)
    )
    document.change(at, 0, at, 0, directive)
    assert rows(session, document) == [expected]
    assert [row.suppression is not None for row, _ in session.rows(document)] == [True]
    assert asked == []
    session.saved(document)
    document.finish()
    assert len(asked) == 1


def test_a_changed_policy_counts_in_an_open_document(tmp_path: Path) -> None:
    session, document = opened(tmp_path, "a.yaml", BROKEN_YAML)
    assert rows(session, document) == BROKEN
    (tmp_path / "enforcer.toml").write_text('extends = "recommended"\n[rules]\nfiles = "off"\n')
    assert session.reload()
    assert rows(session, document) == []
    (tmp_path / "enforcer.toml").write_text('extends = "recommended"\n')
    assert session.reload()
    assert rows(session, document) == BROKEN


@pytest.mark.parametrize("seed", range(40))
def test_a_document_that_is_saved_says_what_a_check_says(seed: int, tmp_path: Path) -> None:
    """After any edits."""
    source = random.Random(seed)
    pieces = [
        "a: b: c\n",
        "x: 1\r\n",
        "- y\n",
        "",
        "\n",
        "\t",
        ' "',
        "k: [\n",
        "# enforcer: allow[files]\n",
        "é: 1",
    ]
    session, document = opened(tmp_path, "a.yaml", "".join(source.choices(pieces, k=12)))
    changed = 0
    for _ in range(12):
        lines = document.line_count
        first = source.randrange(lines)
        last = min(lines - 1, first + source.randrange(3))
        document.change(first, source.randrange(4), last, source.randrange(9), source.choice(pieces))
        document.finish()
        if source.random() < 0.5:
            continue
        session.saved(document)
        document.finish()
        data = document.text().encode()
        report = session.check_chunks("a.yaml", [data], lambda data=data: [data]).report
        assert report is not None
        expected = sorted((row.number, row.violation.start, row.violation.rule) for row, _ in report.rows)
        found = sorted(
            (row.number, row.violation.start, row.violation.rule) for row, _ in session.rows(document)
        )
        assert found == expected, document.text()
        changed += 1
    assert changed


def test_the_server_looks_when_a_document_is_opened_and_saved(tmp_path: Path) -> None:
    with Client() as client:
        client.initialize(tmp_path)
        name = client.open(tmp_path / "a.yaml", BROKEN_YAML)
        assert [one["code"] for one in client.diagnostics(name)] == ["files/broken-yaml"]
        client.change(name, 2, edit((1, 0), (1, 1), "T"))
        assert client.diagnostics(name, 2) == []
        client.save(name)
        [one] = client.diagnostics(name, 2)
        assert (one["code"], one["range"]["start"]) == ("files/broken-yaml", {"line": 1, "character": 12})
        assert client.stop() == 0


# Whatever they read


PIECES = (
    *("- ", "&a ", "a: ", "[", "{", '"', "'", "a: b\n", " a:\n", "- \n", '"\\', "''", "key: |\n x\n", "\r"),
    *("a.", "[a]\n", "a=1\n", "[[a]]\n", '{"a":', "1,", '"""', "<!--", "===\n", "# ", "\t", "é", "{{"),
)


@pytest.mark.parametrize("rule", ["files/broken-json", "files/broken-toml", "files/broken-yaml"])
def test_a_hostile_text_is_read_in_bounded_time(rule: str) -> None:
    """Of any size, and whatever is repeated in it; the limits are those of the rules."""
    own = whole_pages.rules_of("files")[rule]
    assert isinstance(own, FileRule)
    for piece in PIECES:
        for start in ("", "a = ", "x: "):
            text = (start + piece * (MOST_TEXT // len(piece)))[: 128 * 1024]
            for content in (text, text * 8):
                began = time.thread_time()
                view = FileView("a", own.languages[0], len(content), text=content)
                findings = list(own.check(view, {}))
                for finding in findings:
                    for excuse in own.excuses:
                        assert isinstance(excuse.speaks(view, finding, {}), bool)
                assert is_within(time.thread_time() - began, 3), (start, piece)


def test_yaml_is_silent_on_what_a_reader_takes() -> None:
    """Of the sorts of text that look wrong at first sight."""
    for text in TAKEN:
        assert first_fault(text) is None, text


TAKEN = (
    "",
    "a: b:c\n",
    "a: http://b\n",
    "a:\n- b\n- c\nd: 1\n",
    "a:\n  - - b\n    - c\n  - d\n",
    "- a: 1\n  b: 2\n-\n  c: 3\n",
    "a: 'it''s: b'\nb: \"x\\\": y\"\n",
    "a: [b, 'c: d', {e: f}]  # g: h\n",
    "a: [\n  b,\n  c\n]\nd: e\n",
    "a: |2\n    b: c: d\n  e\nf: g\n",
    "a: >-\n\n  b\n\n  c: d: e\nf: g\n",
    "a: b\n  c\n\n  d\ne: f\n",
    "? a\n: b\n",
    "&a b: c\n*a : d\n",
    "a: !Sub\n  b: c\nd: !x [1]\n",
    "a: #b\n  c: d\n",
    "a: {b: c:'d, e}\n",
    'a: {"b":"c: d", e: "f"}\n',
    "a: -1\nb: -\n",
    "%YAML 1.2\n---\na: b\n...\n---\nc: d\n",
    "--- |\na: b: c\n",
    "a:\r\n  b: c\r\n",
    "a:\tb\n",
    "\"a\": b\n'c: d': e\n",
    "a: ?b\n?c: d\n",
    "just text\nand more: of it\n",
    "{a: b}\n",
)


@pytest.mark.parametrize(
    ("text", "line", "start"),
    [
        ("a: b: c\n", 0, 4),
        ("a:\n\tb: c\n", 1, 0),
        ("a:\n    b: c\n  d: e\n", 2, 2),
        ("a: b\nc\nd: e\n", 1, 0),
        ("a: b\n- c\n", 1, 0),
        ("- a\nb: c\n", 1, 0),
        ("a: 'b' c\n", 0, 7),
        ("a: [b\nc: d\n", 0, 3),
        ("a: {b]\n", 0, 5),
        ('a: "b\nc: d\n', 0, 3),
        ("a: @b\n", 0, 3),
        ("a: %b\n", 0, 3),
        ("a: - b\n", 0, 3),
        ("a: > b\n  c\n", 0, 3),
        ("a: b\n  c: d\n", 1, 3),
        ('a: "b"\n  c: d\n', 1, 2),
    ],
)
def test_yaml_says_where_it_breaks(text: str, line: int, start: int) -> None:
    fault = first_fault(text)
    assert fault is not None
    assert (fault.line, fault.start) == (line, start)
    assert fault.start < fault.end <= max(len(text.split("\n")[line]), fault.start + 1)
