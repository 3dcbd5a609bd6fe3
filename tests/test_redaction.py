"""What is masked in what is said of a text, and when all is. `test_no_secret.py` looks at every front end."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import found
from auto_enforcer import catalog
from auto_enforcer.redaction import Mask
from command import PATIENCE, environment, fill
from planted_secrets import few, leaked, program
from tokens import token

BYPASSED = "from auto_enforcer.redaction import Mask; Mask.of = lambda self, words: words"
"""The negative control: nothing is masked."""

RAISING = """
from auto_enforcer import catalog
real = catalog.load
def boom(line, options, *carry):
    raise ValueError(line.text)
def load(module):
    return {id: rule._replace(check=boom) if id.startswith("debt/") else rule
            for id, rule in real(module).items()}
catalog.load = load
"""
"""Every rule of a family raises, and the exception quotes the line."""

Run = Callable[..., bytes]


@pytest.fixture
def said(workspace: Path, cache: Path) -> Run:
    """All that a run of the command writes, after some code of the test's own."""

    def said(*arguments: str, first: str = "") -> bytes:
        code = f"import sys\n{first}\nfrom auto_enforcer.cli import main\nsys.exit(main(sys.argv[1:]))"
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=workspace,
            env=environment(cache),
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        return done.stdout + done.stderr

    return said


def test_text_would_repeat_them_without_the_mask(said: Run, workspace: Path) -> None:
    fill(workspace, {"app/service.py": program(few())})
    assert leaked(said("check", "--rule", "unicode", first=BYPASSED))
    masked = said("check", "--rule", "unicode")
    assert leaked(masked) == []
    assert b"<github-token>" in masked


def test_a_rule_that_raises_says_its_exceptions_type_alone(said: Run, workspace: Path) -> None:
    fill(workspace, {"app/service.py": program(few())})
    output = said("check", "-v", first=RAISING)
    assert b"could not run here (ValueError)" in output
    assert leaked(output) == []


def test_rules_of_secrets_that_raise_withhold_what_others_say(said: Run, workspace: Path) -> None:
    fill(workspace, {"app/service.py": program(few())})
    output = said("check", "-v", "--format", "sarif", first=RAISING.replace("debt/", "secrets/"))
    assert b"<withheld>" in output
    assert leaked(output) == []


def test_a_reason_for_a_whole_file_is_masked(said: Run, workspace: Path) -> None:
    secret = token("github-token")
    text = f"# enforcer: allow-file[logging]: see {secret}\nprint(1)\n"
    fill(workspace, {"app/a.py": text})
    output = said("check", "--format", "sarif", "--rule", "logging")
    assert b"see <github-token>" in output
    assert leaked(output) == []


def test_a_line_of_a_keys_body_is_masked(said: Run, workspace: Path) -> None:
    header, footer = token("private-key-header"), token("private-key-footer")
    bodies = [(token("private-key-body", str(number)) or "").replace("+", "a") for number in range(3)]
    below = "\n".join(f"logger.info(f'{{name}} {body}')" for body in bodies)
    text = f"import logging\nlogger = logging.getLogger()\n# {header}\n{below}\n# {footer}\n"
    fill(workspace, {"a.py": text})
    for rules in ((), ("--rule", "logging")):
        output = said("check", "--format", "sarif", *rules)
        assert b"logging/" in output
        assert not [body for body in bodies if body.encode() in output]
    bypassed = said("check", "--format", "sarif", first=BYPASSED)
    assert all(body.encode() in bypassed for body in bodies)


def test_the_rules_of_secrets_are_for_every_language_and_have_no_options() -> None:
    """The mask asks them with the policy's options, and by the scanner for every language alone."""
    for rule in catalog.families()["secrets"]:
        entry = catalog.entries()[rule]
        assert (entry.languages, entry.options) == ((), ()), rule


def test_parts_of_a_secret_are_hidden_and_short_ones_whole() -> None:
    mask = Mask([("q8Zr5TnW2vLx9", "key"), ("x7pw", "password")])
    assert mask.of("see q8Zr5TnW2vLx9, x7pw!") == "see <key>, <password>!"
    assert mask.of("cut: q8Zr5TnW…") == "cut: <key>…"
    assert mask.of("Q8ZR5TNW2VLX9") == "<key>"
    assert mask.of("x7p") == "x7p"
    assert Mask(None).of("anything") == "<withheld>"
    assert not Mask([])


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('password = "password1x"', "password"),
        ('userPassword = "k8Password!99x"', "userPassword"),
        ('ADMIN_PASSWORD = "admin"', "<hardcoded-password>_PASSWORD"),
        ('tr0ub4dorPassword = "tr0ub4dor"', "<hardcoded-password>Password"),
        ('passwordTr0ub4dor = "password!tr0ub4dor"', "<hardcoded-password>"),
    ],
)
def test_the_word_password_in_a_name_is_no_part_of_a_secret(line: str, name: str) -> None:
    (row,) = (row for row in found.rows(f"{line}\n") if row.violation.rule == "secrets/hardcoded-password")
    assert row.violation.message.startswith(f"`{name}` is given a password as a literal")
