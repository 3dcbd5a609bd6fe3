"""The lines that a report quotes: which they are, what of them is told, and that no secret is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from auto_enforcer.cli_lines import MOST_TEXT, Lines
from auto_enforcer.model import Row, Violation
from auto_enforcer.render.items import Quote
from auto_enforcer.workspaces import Workspaces
from command import TODAY, fill
from planted_secrets import few, leaked, program, script, settings
from tokens import token

Quoted = Callable[..., Quote | None]

BYPASSED = lambda self, words: words  # noqa: E731


@pytest.fixture
def lines(workspace: Path, monkeypatch: pytest.MonkeyPatch, cache: Path) -> Lines:
    monkeypatch.chdir(workspace)
    monkeypatch.setenv("AUTO_ENFORCER_CACHE_DIR", str(cache / "auto-enforcer"))
    day = date.fromisoformat(TODAY)
    return Lines(Workspaces(today=day), day)


def at(number: int, start: int, end: int, rule: str = "debt/x") -> Row:
    return Row(number, Violation(rule, "m", start, end))


def test_a_violation_is_quoted_with_what_stands_around_it(lines: Lines, workspace: Path) -> None:
    fill(workspace, {"a.py": "x = 1\n\tif x == None:  \n"})
    assert lines.quoted("a.py", at(1, 6, 13)) == Quote("if x ", "== None", ":")
    assert lines.text("a.py", 1) == "\tif x == None:  "
    assert lines.is_harmless("a.py", 1)


@pytest.mark.parametrize(
    "content",
    [
        b"a\r\n\xe4\xf6 = b\r\n",
        "\ufeffa\nä = b".encode(),
        "a\r\nä = b\r\n".encode("utf-16"),
        b"a\r\xc3\xa4 = b",
        b"\n" + b"x" * 200_000 + b"\n\xc3\xa4 = b\n",
    ],
)
def test_lines_are_numbered_and_decoded_as_the_engine_does(
    lines: Lines, workspace: Path, content: bytes
) -> None:
    fill(workspace, {"a.py": content})
    number = 2 if len(content) > 99 else 1
    text = lines.text("a.py", number)
    assert text is not None
    assert text.endswith(" = b")
    assert lines.text("a.py", number + 5) is None
    assert lines.text("a.py", -1) is None


def test_what_cannot_be_had_is_not_quoted(lines: Lines, workspace: Path) -> None:
    fill(
        workspace,
        {"long.js": "x" * 100_000, "b.bin": b"\0\1\n", "large.py": b"y = 1\n" * (MOST_TEXT // 6 + 1)},
    )
    for path in ("long.js", "b.bin", "large.py", "gone.py", "nul\0.py", "."):
        assert lines.text(path, 0) is None, path
        assert lines.quoted(path, at(0, 1, 2)) is None, path
        assert not lines.is_harmless(path, 0), path
    fill(workspace, {"a.py": "x = 1\n"})
    assert lines.quoted("a.py", at(0, 0, 0)) is None, "the violation is about the file as such"


def test_what_was_checked_in_the_place_of_a_file_is_quoted(workspace: Path) -> None:
    fill(workspace, {"a.py": "of the disk\n"})
    workspaces = Workspaces(today=date.fromisoformat(TODAY))
    lines = Lines(workspaces, date.fromisoformat(TODAY))
    workspaces.given |= {"a.py": lambda: b"given\n", "stdin": lambda: None}
    assert lines.text("a.py", 0) == "given"
    assert lines.text("stdin", 0) is None


def test_a_long_line_is_cut_around_the_violation(lines: Lines, workspace: Path) -> None:
    fill(workspace, {"a.js": f"{'a' * 5_000}HERE{'b' * 5_000}\n"})
    quote = lines.quoted("a.js", at(0, 5_000, 5_004))
    assert quote == Quote(f"…{'a' * 80}", "HERE", f"{'b' * 156}…")
    whole = lines.quoted("a.js", at(0, 5_000, 10_004))
    assert whole is not None
    assert sum(map(len, whole)) < 300


def test_secrets_in_quoted_lines_are_replaced(lines: Lines, workspace: Path) -> None:
    secret = token("github-token") or ""
    fill(
        workspace, {"a.py": f'key = "{secret}"  # TODO {secret}\n', "long.js": f"{'a ' * 3_000}'{secret}'\n"}
    )
    assert lines.quoted("a.py", at(0, 0, 3)) == Quote("", "key", ' = "<github-token>"  # TODO <github-token>')
    assert lines.quoted("a.py", at(0, 7, 47, "secrets/github-token")) == Quote(
        'key = "', "<github-token>", '"  # TODO <github-token>'
    )
    assert not lines.is_harmless("a.py", 0)
    # What is marked is a part of the secret.
    for start in (8, 20, 40):
        quote = lines.quoted("a.py", at(0, start, start + 3))
        assert quote is not None
        assert not leaked("".join(quote).encode())
        assert secret[:6] not in "".join(quote)
    long = lines.quoted("long.js", at(0, 5_950, 5_951))
    assert long is not None
    assert "<github-token>" in long.after
    assert secret[:6] not in "".join(long)


def test_what_a_rule_of_secrets_has_found_is_replaced_whatever_the_mask_finds(
    lines: Lines, workspace: Path
) -> None:
    fill(workspace, {"a.py": "x = 'Zq81-aa'\n"})
    quote = lines.quoted("a.py", at(0, 5, 12, "secrets/hardcoded-password"))
    assert quote == Quote("x = '", "<hardcoded-password>", "'")


def test_a_keys_body_is_replaced(lines: Lines, workspace: Path) -> None:
    header, footer = token("private-key-header"), token("private-key-footer")
    body = token("private-key-body") or ""
    fill(workspace, {"a.py": f"{header}\n{body}\n{footer}\nprint(1)\n{body}\n"})
    assert lines.quoted("a.py", at(1, 0, 4)) == Quote("", "", "<private-key>")
    assert not lines.is_harmless("a.py", 1)
    assert lines.quoted("a.py", at(3, 0, 5)) == Quote("", "print", "(1)")


@pytest.mark.parametrize(
    ("made", "name"),
    [(program, "a.py"), (script, "a.ts"), (settings, "a.yaml"), (program, "a.md"), (script, "a.java")],
)
def test_no_secret_of_any_rule_is_quoted(
    lines: Lines, workspace: Path, made: Callable[..., str], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = made(few())
    fill(workspace, {name: text})
    count = text.count("\n")

    def said() -> bytes:
        quotes = (lines.quoted(name, at(number, 1, 4)) for number in range(count))
        return "\n".join("".join(quote) for quote in quotes if quote is not None).encode()

    assert leaked(said()) == []
    if name == "a.py":
        monkeypatch.setattr("auto_enforcer.redaction.Mask.of", BYPASSED)
        assert len(leaked(said())) > 20
