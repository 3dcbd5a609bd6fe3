"""No secret that the rules know leaves the process: every front end, each value, in each encoding."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import urllib.parse
from collections.abc import Callable, Iterator
from functools import cache as once
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import found
from auto_enforcer import catalog
from auto_enforcer.redaction import Mask
from command import SERVER, environment, fill
from lsp.stdio import Client
from secret_tokens import SECRETS
from tokens import token

CONTEXTS = (
    "{}",
    "password={}",
    'signing_key="{}"',
    "sid: {}",
    "signing_salt = '{}'",
    '"key": "{}"',
    "cloudflare_api_token={}",
    "DD_API_KEY={}",
    "datadog_api_key={}",
    "mailgun_api_key={}",
    "heroku_api_key={}",
    "aws_secret_access_key={}",
    '"private_key_id": "{}"',
    "twilio {}",
    "AccountKey={}",
    "https://a.blob.core.windows.net/c?sv=2020&sig={}",
    "Authorization: Basic {}",
    "Authorization: Bearer {}",
    "postgres://billing:{}@db1.internal/x",
    "postgres://{0}:{0}@db1.internal/x",
)
"""Words around a value that is a secret only among them."""

UNSEEN = {
    "secrets/default-url-credentials": "its secret is a word such as `postgres`, which stands everywhere",
}
"""Rules that no value is planted for, and why."""

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


class Planted(NamedTuple):
    """A secret, and the words around it that make it one."""

    kind: str
    rule: str
    value: str
    words: str


@once
def planted() -> tuple[Planted, ...]:
    """Secrets from every generator, in words in which a rule finds them: one for each such rule."""
    kinds = [kind for kind in SECRETS if "placeholder" not in kind]
    return tuple(one for kind in kinds for one in _planted(kind).values())


def _planted(kind: str) -> dict[str, Planted]:
    value = token(kind) or ""
    by_rule: dict[str, Planted] = {}
    for context in CONTEXTS:
        words = context.format(value)
        line = f'logger.info(f"""{{name}} {words} """)'
        for row in found.rows(f"{line}\n"):
            violation = row.violation
            marked = line[violation.start : violation.end]
            if violation.rule.startswith("secrets/") and (value in marked or marked in value):
                secret = marked if marked in value else value
                by_rule.setdefault(violation.rule, Planted(kind, violation.rule, secret, words))
    return by_rule


def program() -> str:
    """Lines with a secret each, on which other rules report too and say what stands there."""
    lines = ["import logging", "logger = logging.getLogger(__name__)", ""]
    for one in planted():
        lines.append(f'logger.info(f"""{{name}} {one.words} """)  # TODO: settle {one.words}')
        lines.append(f"print(name)  # enforcer: allow[logging/print-call]: see {one.words}")
        if one.value.isidentifier():
            lines.append(f"{one.value}\u0430 = name  # {one.words}")
    return "\n".join(lines) + "\n"


def configuration() -> str:
    """A configuration file whose mistakes are secrets."""
    bare = [one.value for one in planted() if one.words == one.value]
    return "extends = [\n" + "".join(f"  {json.dumps(value)},\n" for value in bare) + "]\n"


def forms(value: str) -> Iterator[bytes]:
    """How a value may be written."""
    yield value.encode()
    yield json.dumps(value)[1:-1].encode()
    yield urllib.parse.quote(value, safe="").encode()
    for shift in range(3):
        coded = base64.b64encode(b" " * shift + value.encode())
        yield coded[4 if shift else 0 : len(coded) // 4 * 4 - 4]


def leaked(output: bytes) -> list[str]:
    """The kinds whose value is in the output."""
    return [one.kind for one in planted() if any(form in output for form in forms(one.value) if form)]


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
            timeout=120,
            check=False,
        )
        return done.stdout + done.stderr

    return said


CHECKS = (
    ("check", "-v", "--timings"),
    ("check", "-v", "--format", "json"),
    ("check", "--format", "jsonl"),
    ("check", "-v", "--format", "sarif"),
    ("check", "-v", "--format", "sarif", "--rule", "logging", "--rule", "unicode"),
    ("check", "-v", "--format", "json", "--rule", "debt", "--rule", "unicode"),
)


def test_secrets_of_every_kind_are_planted() -> None:
    assert {one.rule for one in planted()} == set(catalog.families()["secrets"]) - UNSEEN.keys()


@pytest.mark.parametrize("arguments", CHECKS, ids=" ".join)
def test_a_check_repeats_no_secret(said: Run, workspace: Path, arguments: tuple[str, ...]) -> None:
    fill(workspace, {"app/service.py": program()})
    output = said(*arguments)
    assert b"app/service.py" in output
    assert leaked(output) == []


@pytest.mark.parametrize("off", ["", '[rules]\nsecrets = "off"\n'])
def test_sarif_would_repeat_them_without_the_mask(said: Run, workspace: Path, off: str) -> None:
    fill(workspace, {"app/service.py": program(), "enforcer.toml": off})
    arguments = ("check", "--format", "sarif")
    assert len(leaked(said(*arguments, first=BYPASSED))) == len(planted())
    masked = said(*arguments)
    assert leaked(masked) == []
    assert b"<github-token>" in masked


def test_text_would_repeat_them_without_the_mask(said: Run, workspace: Path) -> None:
    fill(workspace, {"app/service.py": program()})
    assert leaked(said("check", "--rule", "unicode", first=BYPASSED))
    masked = said("check", "--rule", "unicode")
    assert leaked(masked) == []
    assert b"<github-token>" in masked


def test_a_rule_that_raises_says_its_exceptions_type_alone(said: Run, workspace: Path) -> None:
    fill(workspace, {"app/service.py": program()})
    output = said("check", "-v", first=RAISING)
    assert b"could not run here (ValueError)" in output
    assert leaked(output) == []


def test_rules_of_secrets_that_raise_withhold_what_others_say(said: Run, workspace: Path) -> None:
    fill(workspace, {"app/service.py": program()})
    output = said("check", "-v", "--format", "sarif", first=RAISING.replace("debt/", "secrets/"))
    assert b"<withheld>" in output
    assert leaked(output) == []


def test_why_repeats_no_reason(said: Run, workspace: Path) -> None:
    fill(workspace, {"app/service.py": program()})
    assert leaked(said("why", "app/service.py:5", first=BYPASSED))
    output = said("why", "app/service.py:5")
    assert b"taken out by a suppression: see <" in output
    assert leaked(output) == []


def test_a_reason_for_a_whole_file_is_masked(said: Run, workspace: Path) -> None:
    secret = token("github-token")
    text = f"# enforcer: allow-file[logging]: see {secret}\nprint(1)\n"
    fill(workspace, {"app/a.py": text})
    output = said("check", "--format", "sarif", "--rule", "logging")
    assert b"see <github-token>" in output
    assert leaked(output) == []


@pytest.mark.parametrize("arguments", [("check",), ("check", "--format", "sarif"), ("config", "a.py")])
def test_what_is_wrong_with_a_policy_repeats_no_secret(
    said: Run, workspace: Path, arguments: tuple[str, ...]
) -> None:
    fill(workspace, {"a.py": "x = 1\n", "enforcer.toml": configuration()})
    assert leaked(said(*arguments, first=BYPASSED))
    output = said(*arguments)
    assert b"enforcer.toml" in output
    assert leaked(output) == []


def test_a_configuration_shows_no_secret_among_its_values(said: Run, workspace: Path) -> None:
    fill(workspace, {"a.py": "x = 1\n", "enforcer.toml": f'base = "{token("github-token")}"\n'})
    assert leaked(said("config", "a.py", first=BYPASSED)) != []
    assert leaked(said("config", "a.py")) == []


@pytest.mark.parametrize("bypassed", [False, True])
def test_an_editor_is_told_no_secret(workspace: Path, cache: Path, bypassed: bool) -> None:
    text = program()
    off = 'extends = ["recommended"]\n[rules]\nsecrets = "off"\n'
    fill(workspace, {"app/service.py": text, "enforcer.toml": off, "lib/enforcer.toml": configuration()})
    log = workspace / "server.log"
    code = (
        f"import sys; sys.path.insert(0, {str(SERVER)!r})\n{BYPASSED if bypassed else ''}\n"
        "from auto_enforcer.lsp.server import main; sys.exit(main(sys.argv[1:]))"
    )
    command = (sys.executable, "-c", code, "--log-level", "debug", "--log-file", str(log))
    written: list[Any] = []
    with Client(command, env=environment(cache)) as client:
        client.initialize(workspace)
        for path in ("app/service.py", "lib/service.py"):
            name = client.open(workspace / path, text)
            written.append(client.diagnostics(name))
            last = text.count("\n")
            for line in range(0, last, 50):
                start, end = {"line": line, "character": 0}, {"line": line + 50, "character": 0}
                span = {"start": start, "end": end}
                context: Any = {"diagnostics": []}
                params = {"textDocument": {"uri": name}, "range": span, "context": context}
                written.append(client.result("textDocument/codeAction", params))
        client.notify("textDocument/didChange", {"textDocument": {"uri": name}, "contentChanges": [text]})
        client.request("textDocument/codeAction", {"range": text})
        written.append(client.settle())
        client.stop()
        assert client.process.stderr is not None
        errors = client.process.stderr.read()
    output = json.dumps(written, ensure_ascii=False).encode() + errors + log.read_bytes()
    if bypassed:
        assert len(leaked(output)) > 10
    else:
        assert leaked(output) == []
        assert b"<github-token>" in output


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
