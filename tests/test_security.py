"""What the pages cannot say of the security rules: bounds on long lines, and who speaks of what."""

from __future__ import annotations

from pathlib import Path

import pytest

from auto_enforcer.session import Session
from labelled.score import TODAY


def _found(root: Path, name: str, text: str) -> list[str]:
    """The rules that find something in a file, once for each place."""
    (root / "enforcer.toml").write_text('extends = "all"\n', encoding="utf-8")
    session = Session(str(root), today=TODAY)
    checked = session.check_chunks(name, [text.encode()], lambda: [text.encode()])
    assert checked.report is not None
    assert not session.failures
    return [row.violation.rule for row, _ in checked.report.rows]


def test_calls_that_lie_in_each_other_are_read_in_bounds(tmp_path: Path) -> None:
    """Each of them goes on to the line's end: only the first few are read."""
    text = "eval(a, " * 500
    assert 1 <= _found(tmp_path, "shop.py", f"{text}\n").count("security/eval-call") <= 4


def test_calls_side_by_side_are_all_read(tmp_path: Path) -> None:
    """Up to the bound of a line."""
    found = _found(tmp_path, "shop.py", "eval(a); " * 12 + "\n")
    assert found.count("security/eval-call") == 12


@pytest.mark.parametrize("name", ["shop.js", "shop.ts"])
def test_one_rule_speaks_of_timers_with_text(tmp_path: Path, name: str) -> None:
    """Not the one of `eval` too."""
    found = _found(tmp_path, name, 'setTimeout("run(" + name + ")", 100);\n')
    assert [rule for rule in found if rule.rpartition("/")[2] in ("eval-call", "eval-like-timeout")] == [
        "typescript/eval-like-timeout"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "#define run(command) system(command)",
        "#define tell(text) { printf(text); }",
        "    snprintf(line, sizeof(line), __VA_ARGS__);",
        "int system(const char *command);",
    ],
)
def test_what_c_defines_and_declares_is_no_call(tmp_path: Path, text: str) -> None:
    """The macro's use is judged, where its values are known."""
    assert [rule for rule in _found(tmp_path, "shop.c", f"{text}\n") if rule.startswith("security/")] == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "views.py",
            """def leave(request):
    target = request.GET["next"]
    if not is_safe(target):
        return None
    return redirect(target)
""",
        ),
        (
            "views.py",
            """def first(request):
    target = request.GET["next"]
    return target


def second(target):
    return redirect(target)
""",
        ),
        (
            "views.py",
            """def leave(request):
    target = request.GET["next"]
    target = reverse("home")
    return redirect(target)
""",
        ),
        ("shop.ts", "const url = `/shops/${id}`;\nres.redirect(url);\n"),
    ],
    ids=["asked", "another function", "given again", "a path"],
)
def test_a_redirect_to_what_no_request_says_is_none(tmp_path: Path, name: str, text: str) -> None:
    """A name is followed to what it was given last, in its own function, and not past a question."""
    assert "security/open-redirect" not in _found(tmp_path, name, text)


def test_what_is_put_behind_another_text_than_a_statement_is_none(tmp_path: Path) -> None:
    """The name must hold a statement's beginning."""
    text = 'line = "Orders"\nline += " WHERE name = \'" + name + "\'"\n'
    assert "security/sql-built-from-text" not in _found(tmp_path, "shop.py", text)
    begun = text.replace("Orders", "SELECT * FROM orders")
    assert "security/sql-built-from-text" in _found(tmp_path, "shop.py", begun)


def test_a_port_that_is_free_is_asked_for_at_all_interfaces(tmp_path: Path) -> None:
    """It is the idiom by which one is found."""
    assert "security/bind-all-interfaces" not in _found(tmp_path, "shop.py", 'probe.bind(("", 0))\n')
