"""What an editor shows and proposes at a position: hover, completion, links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

import pages
from auto_enforcer import catalog
from lsp.stdio import ROOT, Client, Message, uri

AT = "█"
"""Where the pointer or the cursor is; it is taken out of the text."""


@pytest.fixture
def client() -> Iterator[Client]:
    with Client() as started:
        yield started


def opened(client: Client, path: Path, marked: str, language: str = "python") -> tuple[str, Message]:
    """The URI of a document that holds the text, and the position of the mark in it, in utf-32."""
    before, _, after = marked.partition(AT)
    name = client.open(path, before + after, language)
    lines = before.split("\n")
    return name, {"line": len(lines) - 1, "character": len(lines[-1])}


def asked(client: Client, method: str, place: tuple[str, Message]) -> Any:
    params = {"textDocument": {"uri": place[0]}, "position": place[1]}
    return client.result(f"textDocument/{method}", params)


def start(client: Client, folder: Path, policy: str = "", **capabilities: Any) -> None:
    if policy:
        (folder / "enforcer.toml").write_text(policy)
    client.initialize(folder, encodings=["utf-32"], capabilities={"textDocument": capabilities})


# Hover


def test_a_violation_tells_what_its_rule_is_about(client: Client, tmp_path: Path) -> None:
    start(client, tmp_path, '[rules]\n"logging/print-call" = "blocked"\n')
    hover = asked(client, "hover", opened(client, tmp_path / "a.py", "x = '😀'; pri█nt(1)\n"))
    assert hover["range"] == {"start": {"line": 0, "character": 9}, "end": {"line": 0, "character": 14}}
    assert hover["contents"]["kind"] == "markdown"
    text = hover["contents"]["value"]
    assert text.startswith("**logging/print-call** · blocked by `enforcer.toml:2:1`\n\n")
    page = catalog.page("logging/print-call").split("\n\n")[1].split("\n")[0]
    assert page in text


def test_no_page_shows_what_is_its_tests(served: Client, corner: Path) -> None:
    for rule in catalog.entries():
        text = f"var x = 1 // enforcer: allow[█{rule}]: shown\n"
        told = asked(served, "hover", opened(served, corner / "a.go", text, "go"))["contents"]["value"]
        assert told.startswith(f"**{rule}** · ")
        assert "**Finds**" in told
        assert not pages.TEST_MARKUP.findall(told)


def test_a_rule_tells_how_far_it_is_rolled_out(client: Client, tmp_path: Path) -> None:
    start(
        client, tmp_path, '[rules]\nlogging = { severity = "blocked", stage = "block", from = 9999-12-31 }\n'
    )
    text = asked(client, "hover", opened(client, tmp_path / "a.py", "pri█nt(1)\n"))["contents"]["value"]
    place = "`enforcer.toml:2:13`, at stage `warn` until 9999-12-31, then `block` (enforcer.toml:2:35)"
    assert text.startswith(f"**logging/print-call** · blocked by {place}\n")


@pytest.mark.parametrize("text", ["pri█nt(1)  # enforcer: allow[logging]: shown\n", "x = █1\n", "\n\n█"])
def test_where_nothing_is_there_is_nothing_to_say(served: Client, corner: Path, text: str) -> None:
    assert asked(served, "hover", opened(served, corner / "a.py", text)) is None


def test_a_name_in_a_suppression_tells_its_page(served: Client, corner: Path) -> None:
    text = "print(1)  # enforcer: allow[errors, logging/pri█nt-call]: shown\n"
    hover = asked(served, "hover", opened(served, corner / "a.py", text))
    assert hover["contents"]["value"].startswith("**logging/print-call** · warning (recommended)")
    assert hover["range"]["start"]["character"] == text.index("logging/pri")
    hover = asked(
        served, "hover", opened(served, corner / "b.py", text.replace(AT, "").replace("err", "err█"))
    )
    assert hover["contents"]["value"].startswith("**errors**, a family of ")
    assert "- `errors/bare-except`" in hover["contents"]["value"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[rules]\n"logging/pri█nt-call" = "off"\n', "**logging/print-call** · "),
        ("[rules]\nlog█ging = 'off'\n", "**logging**, a family of "),
        ("exc█lude = []\n", "`exclude`: globs of what is not checked"),
        ("[[overrides]]\npa█ths = ['a']\nrules = {}\n", "`paths`: globs of the files that this holds for"),
        ("[[rule]]\nid = 'a/b'\nfi█x = { replace = 'x' }\n", "`fix`: a fix"),
        ("[[rule]]\nid = 'a/b'\nfix = { repl█ace = 'x' }\n", "`replace`: what to write in place"),
        ("[rules.logging]\nsever█ity = 'off'\n", "`severity`: how severe, or off"),
        ("# exc█lude\n", ""),
        ("exclude = ['exc█lude']\n", ""),
        ("[over█rides]\n", ""),
    ],
)
def test_a_key_of_the_policy_tells_what_it_is_for(served: Client, corner: Path, text: str, said: str) -> None:
    hover = asked(served, "hover", opened(served, corner / "enforcer.toml", text, "toml"))
    assert (hover["contents"]["value"] if hover else "").startswith(said)
    assert bool(hover) is bool(said)


def test_only_our_table_of_a_project_file_is_ours(served: Client, corner: Path) -> None:
    ours = "[tool.auto-enforcer]\nexc█lude = []\n"
    assert asked(served, "hover", opened(served, corner / "pyproject.toml", ours, "toml"))
    others = "[tool.other]\nexc█lude = []\n"
    assert not asked(served, "hover", opened(served, corner / "b" / "pyproject.toml", others, "toml"))


def test_a_teams_rule_tells_its_own_words(client: Client, tmp_path: Path) -> None:
    policy = "[[rule]]\nid = 'acme/no-shop'\nliteral = 'shop'\nmessage = 'no shop'\nnote = 'Because.'\n"
    start(client, tmp_path, policy)
    hover = asked(client, "hover", opened(client, tmp_path / "a.py", "sh█op()\n"))
    assert hover["contents"]["value"].startswith("**acme/no-shop** · warning by `enforcer.toml:2:")
    assert "Because." in hover["contents"]["value"]


def test_a_long_page_ends_with_a_link(served: Client, corner: Path) -> None:
    sizes = {rule: len(catalog.page(rule)) for rule in catalog.entries() if not rule.startswith("enforcer/")}
    rule = max(sizes, key=lambda one: sizes[one])
    text = f"x = 1  # enforcer: allow[█{rule}]: x\n"
    value = asked(served, "hover", opened(served, corner / "a.py", text))["contents"]["value"]
    assert len(value) < 5_000 < sizes[rule]
    assert value.count("```") % 2 == 0
    assert "[the whole page](file://" in value


def test_a_client_that_reads_no_markdown_is_told_so(client: Client, tmp_path: Path) -> None:
    start(client, tmp_path, hover={"contentFormat": ["plaintext"]})
    hover = asked(client, "hover", opened(client, tmp_path / "a.py", "pri█nt(1)\n"))
    assert hover["contents"]["kind"] == "plaintext"


# Completion


def labels(items: Sequence[Message]) -> list[str]:
    return [item["label"] for item in items]


def written(marked: str, item: Message) -> str:
    """The text with a proposal taken."""
    text = marked.replace(AT, "")
    span = item["textEdit"]["range"]
    lines = text.split("\n")
    line = lines[span["start"]["line"]]
    new = item["textEdit"]["newText"]
    lines[span["start"]["line"]] = line[: span["start"]["character"]] + new + line[span["end"]["character"] :]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("marked", "label", "expected"),
    [
        (
            "print(1)  # enforcer: allow[█",
            "logging/print-call",
            "print(1)  # enforcer: allow[logging/print-call",
        ),
        (
            "print(1)  # enforcer: allow[errors, log█]: x",
            "logging/print-call",
            "print(1)  # enforcer: allow[errors, logging/print-call]: x",
        ),
        ("print(1)  # enforcer: █", "allow[…]", "print(1)  # enforcer: allow["),
        ("# enforcer: all█", "allow-file[…]", "# enforcer: allow-file["),
        ("print(1)  # enforcer: allow[logging]█", ": reason", "print(1)  # enforcer: allow[logging]: "),
    ],
)
def test_a_suppression_is_completed(
    served: Client, corner: Path, marked: str, label: str, expected: str
) -> None:
    items = asked(served, "completion", opened(served, corner / "a.py", marked))
    [item] = [one for one in items if one["label"] == label]
    assert written(marked, item) == expected


def test_what_is_found_here_is_proposed_first(served: Client, corner: Path) -> None:
    items = asked(served, "completion", opened(served, corner / "a.py", "breakpoint()  # enforcer: allow[█"))
    assert labels(items)[0] == "logging/breakpoint-call"
    assert {"logging", "errors", "secrets/hardcoded-password"} <= set(labels(items))
    assert not [one for one in labels(items) if one.startswith("enforcer")]
    assert [one["sortText"] for one in items] == sorted(one["sortText"] for one in items)


def test_a_suppressions_end_is_a_date_to_come(served: Client, corner: Path) -> None:
    marked = "print(1)  # enforcer: allow[logging] un█"
    items = asked(served, "completion", opened(served, corner / "a.py", marked))
    [until] = [one for one in items if one["label"].startswith("until=")]
    text = written(marked, until)
    assert text.startswith("print(1)  # enforcer: allow[logging] until=")
    name = served.open(corner / "b.py", f"{text}shown\n")
    assert served.diagnostics(name) == []


@pytest.mark.parametrize("text", ["pri█nt(1)\n", "x = 'enforcer: allow[█'\n", "# allow[█\n"])
def test_elsewhere_nothing_is_proposed(served: Client, corner: Path, text: str) -> None:
    assert asked(served, "completion", opened(served, corner / "a.py", text)) == []


@pytest.mark.parametrize(
    ("marked", "label", "expected"),
    [
        ("exc█", "exclude", "exclude"),
        ("[rules]\nlogging/pr█", "logging/print-call", '[rules]\n"logging/print-call"'),
        ('[rules]\n"logging/pr█"', "logging/print-call", '[rules]\n"logging/print-call"'),
        ('[rules]\n"logging/print-call" = █', "warning", '[rules]\n"logging/print-call" = "warning"'),
        ('[rules]\nlogging = "bl█"', "blocked", '[rules]\nlogging = "blocked"'),
        ("[rules.logging]\nst█", "stage", "[rules.logging]\nstage"),
        ("[rules.logging]\nstage = '█'", "observe", "[rules.logging]\nstage = 'observe'"),
        ("[[overrides]]\npaths = ['a']\nru█", "rules", "[[overrides]]\npaths = ['a']\nrules"),
        (
            "[[overrides]]\nrules = { lo█",
            "logging",
            "[[overrides]]\nrules = { logging",
        ),
        (
            "[[overrides]]\nrules = { logging = 'off', err█ }",
            "errors",
            "[[overrides]]\nrules = { logging = 'off', errors }",
        ),
        ("[[rule]]\nlanguages = ['python', █]", "go", "[[rule]]\nlanguages = ['python', \"go\"]"),
        ("[[rule]]\nzones = ['co█']", "comment", "[[rule]]\nzones = ['comment']"),
        ("[[rule]]\nfix = { sa█", "safe", "[[rule]]\nfix = { safe"),
        ("[[rule]]\nfix = { safe = █", "true", "[[rule]]\nfix = { safe = true"),
        (
            '[rules."debt/todo-without-reference"]\nmar█',
            "markers",
            '[rules."debt/todo-without-reference"]\nmarkers',
        ),
        ("extends = ['█']", "recommended", "extends = ['recommended']"),
    ],
)
def test_the_policy_is_completed(
    served: Client, corner: Path, marked: str, label: str, expected: str
) -> None:
    items = asked(served, "completion", opened(served, corner / "enforcer.toml", marked, "toml"))
    [item] = [one for one in items if one["label"] == label]
    assert written(marked, item) == expected
    assert item["detail"] or item["kind"] == 12


# Links


def test_names_of_rules_lead_to_their_pages(served: Client, corner: Path) -> None:
    text = "x = 1\nprint(1)  # 😀 enforcer: allow[logging/print-call, errors]: shown\n"
    name = served.open(corner / "a.py", text)
    links = served.result("textDocument/documentLink", {"textDocument": {"uri": name}})
    page = (ROOT / "server" / "auto_enforcer" / "rules" / "logging" / "logging.md").as_uri()
    assert [(one["range"]["start"], one["target"].partition("#")[0]) for one in links] == [
        ({"line": 1, "character": text.split("\n")[1].index("logging/")}, page),
        ({"line": 1, "character": text.split("\n")[1].index("errors")}, page.replace("logging", "errors")),
    ]
    policy = served.open(corner / "enforcer.toml", '[rules]\n"logging/print-call" = "off"\n', "toml")
    [link] = served.result("textDocument/documentLink", {"textDocument": {"uri": policy}})
    assert link["target"].startswith(f"{page}#L")


def test_what_is_not_open_has_nothing_to_say(served: Client, corner: Path) -> None:
    place = uri(corner / "a.py"), {"line": 0, "character": 0}
    assert asked(served, "hover", place) is None
    assert asked(served, "completion", place) == []


# The policy as it is being written


def test_mistakes_are_told_before_the_file_is_saved(client: Client, tmp_path: Path) -> None:
    policy = tmp_path / "enforcer.toml"
    start(client, tmp_path, "[rules]\nlogging = 'off'\n")
    code = client.open(tmp_path / "a.py", "print(1)\n")
    assert client.diagnostics(code) == []
    name = client.open(policy, policy.read_text(), "toml")
    assert client.diagnostics(name) == []
    client.change(name, 2, {"text": "[rules]\nloging = 'off'\n"})
    [problem] = until(client, name, 1)
    assert problem["code"] == "enforcer/invalid-policy"
    assert problem["range"]["start"] == {"line": 1, "character": 0}
    client.change(name, 3, {"text": "[rules]\nlogging = 'warning'\n"})
    assert until(client, name, 0) == []
    client.change(code, 2, {"text": "print(2)\n"})
    assert client.diagnostics(code, 2) == [], "what is not saved does not count"
    policy.write_text("[rules]\nlogging = 'warning'\n")
    client.save(name)
    assert [one["code"] for one in until(client, code, 1)] == ["logging/print-call"]


def until(client: Client, name: str, count: int) -> list[Message]:
    """The next diagnostics of a document that are so many: what is wrong with a policy is told apart."""
    while True:
        found = client.diagnostics(name)
        if len(found) == count:
            return found


def test_a_teams_tests_run_while_they_are_written(client: Client, tmp_path: Path) -> None:
    start(client, tmp_path)
    text = "[[rule]]\nid = 'acme/no-shop'\nliteral = 'shop'\nmessage = 'no'\nmatch = ['a shop']\n"
    name = client.open(tmp_path / "enforcer.toml", text, "toml")
    assert client.diagnostics(name) == []
    client.change(name, 2, {"text": text.replace("a shop", "a store")})
    [problem] = until(client, name, 1)
    assert problem["range"]["start"]["line"] == 4
    assert "this test fails" in problem["message"]


def test_what_was_written_is_forgotten_with_its_document(client: Client, tmp_path: Path) -> None:
    start(client, tmp_path)
    name = client.open(tmp_path / "enforcer.toml", "", "toml")
    client.change(name, 2, {"text": "x = 1\n"})
    until(client, name, 1)
    client.close(name)
    assert until(client, name, 0) == []


def test_a_policy_that_is_open_under_two_names_says_the_same_under_both(
    client: Client, tmp_path: Path
) -> None:
    start(client, tmp_path)
    name = client.open(tmp_path / "enforcer.toml", "", "toml")
    other = uri(tmp_path / "enforcer.toml").replace("enforcer.toml", "%65nforcer.toml")
    item = {"uri": other, "languageId": "toml", "version": 1, "text": ""}
    client.notify("textDocument/didOpen", {"textDocument": item})
    client.change(name, 2, {"text": "x = 1\n"})
    assert [one["code"] for one in until(client, other, 1)] == ["enforcer/invalid-policy"]
    client.close(name)
    assert until(client, other, 0) == []


def test_a_policy_that_comes_into_another_folder_is_tried_there(client: Client, tmp_path: Path) -> None:
    start(client, tmp_path, "[rules]\nsecrets = 'off'\n")
    (tmp_path / "inner").mkdir()
    text = "password = 'hunter2-hunter2-A9'\n[tool.auto-enforcer]\n"
    name = client.open(tmp_path / "inner" / "pyproject.toml", text, "toml")
    client.change(name, 2, {"text": text + "x = 1\n"})
    event = {"added": [{"uri": uri(tmp_path / "inner"), "name": "inner"}], "removed": []}
    client.notify("workspace/didChangeWorkspaceFolders", {"event": event})
    while {one["code"] for one in client.diagnostics(name)} != {
        "secrets/hardcoded-password",
        "enforcer/invalid-policy",
    }:
        pass


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("[rules]\nloging = 'off'\n", 1, "[rules]\nlogging = 'off'\n"),
        ("[rules]\nlogging = 'blockd'\n", 1, "[rules]\nlogging = 'blocked'\n"),
        ("exclud = []\n", 0, "exclude = []\n"),
        ('[rules]\n"logging/print-cal" = "off"\n', 1, '[rules]\n"logging/print-call" = "off"\n'),
        (
            "[[rule]]\nid = 'a/b'\nliteral = 'x'\nmessage = 'x'\nlanguages = ['pyton', 'go']\n",
            4,
            "[[rule]]\nid = 'a/b'\nliteral = 'x'\nmessage = 'x'\nlanguages = ['python', 'go']\n",
        ),
    ],
)
def test_what_was_meant_can_be_written(
    served: Client, corner: Path, text: str, line: int, expected: str
) -> None:
    name = served.open(corner / "enforcer.toml", "", "toml")
    served.change(name, 2, {"text": text})
    until(served, name, 1)
    span = {"start": {"line": line, "character": 0}, "end": {"line": line, "character": 1}}
    context = {"diagnostics": [], "only": ["quickfix"]}
    params = {"textDocument": {"uri": name}, "range": span, "context": context}
    [action] = served.result("textDocument/codeAction", params)
    [change] = action["edit"]["changes"][name]
    assert written(text, {"textEdit": change}) == expected
    served.change(name, 3, {"text": expected})
    assert until(served, name, 0) == []
