"""The secret rules: the labelled lines, the checksums, what a message says, and what a look costs."""

from __future__ import annotations

import re
import time
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import reference
import secrets_cases
import tokens
from auto_enforcer import triggers
from auto_enforcer.model import LONGEST_PIECE, Rule
from auto_enforcer.rules.secrets import _names, _shared, _values
from auto_enforcer.rules.secrets.every import RULES
from effort import is_within

GENERIC = [rule for rule in RULES if rule.id.endswith(("password", "value", "credentials", "header"))]


def test_the_labelled_lines_are_told_apart() -> None:
    """Every planted secret is found by the rule that the line names, and no near miss is reported."""
    true, missed, false, sentences = secrets_cases.judged()
    wrong = [sentence for sentence in sentences if not sentence.startswith("twice")]
    assert (missed, false) == (0, 0), "\n".join(wrong)
    assert true >= 150


def test_one_value_has_one_violation() -> None:
    """Whatever rules look at a value, one of them reports it."""
    for case in secrets_cases.read("finds"):
        for number, outcomes in secrets_cases.outcomes(case).items():
            spans = sorted(
                (found.candidate.start, found.candidate.end, found.rule)
                for found in outcomes
                if not found.excuse
            )
            for (_, end, rule), (start, _, other) in pairwise(spans):
                assert end <= start, f"{case.place}: line {number} is reported by {rule} and {other}"


def test_a_message_never_holds_the_value() -> None:
    """It names the kind, the name, and nothing of what was found."""
    for case in secrets_cases.read("finds"):
        lines = case.text.split("\n")
        for row in reference.check(case.text, case.language, RULES).rows:
            violation = row.violation
            assert lines[row.number][violation.start : violation.end] not in violation.message


def test_a_name_begins_behind_an_escape() -> None:
    line = r"""write("user = shop\npassword = 'hF9-2kx.Wq7'\n")""" + "\n"
    [row] = reference.check(line, "python", RULES).rows
    assert row.violation.message.startswith("`password` is given")


def test_code_that_was_pressed_into_one_line_is_no_sentence() -> None:
    """A parser's `token` and what stands behind it, where the lexer takes a minified line for a text."""
    code = "a.equalsToken=b}else{j(59"
    long = code + ";c" * 1_000
    found = [
        reference.check(f"let text = `\n{line}\n`;\n", "javascript", RULES).rows for line in (code, long)
    ]
    assert [[row.violation.rule for row in rows] for rows in found] == [["secrets/hardcoded-password"], []]


@pytest.mark.parametrize("name", ["finds", "misses"])
def test_every_candidate_stands_on_a_line_that_a_trigger_hits(name: str) -> None:
    """Also the excused ones: a trigger is necessary, so that nothing is overlooked."""
    for case in secrets_cases.read(name):
        lines = case.text.split("\n")
        for number, outcomes in secrets_cases.outcomes(case).items():
            for found in outcomes:
                assert _triggered(found.rule, lines[number]), f"{case.place}: {found.rule}: {lines[number]}"


def _words(text: str) -> list[str]:
    return text.split()


WORDS = st.sampled_from(
    _words(
        "password passwd PASSWORD dbPassword api_key apiKey secret clientSecret token AUTH_TOKEN"
        " pass pwd key salt session userpwd credentials SmtpPassword is was to or user login name"
        " value machine host server https://u: @h Server=a; export set ENV ARG -- --password mysql"
        " -p sshpass IDENTIFIED BY Bearer Basic curl -u Authorization X-Api-Key string String( f b $"
        " ${ } < > </ /> key= value="
    )
)
SIGNS = st.sampled_from(
    [
        "=",
        ":",
        ":=",
        "=>",
        "==",
        "!=",
        "===",
        "??",
        "||",
        "?:",
        "<-",
        ",",
        "(",
        ")",
        "[",
        "]",
        "|",
        "+=",
        ";",
        "&",
    ]
)
QUOTES = st.sampled_from(['"', "'", "`", '\\"', ""])
SPACES = st.sampled_from(["", " ", "  ", "\t", "\u00a0"])
VALUES = st.sampled_from(
    _words(
        "tr0ub4dor hunter2-x 9fKw2mQpZz71Lq0aBc8D 550e8400-e29b changeme admin Passwort ${X} a1"
        " m0nk3yWrench99 K\u212aey \u017fecret1 f3b1c9d07a5e42c8aa91"
    )
)


@given(
    st.lists(st.one_of(WORDS, SIGNS, QUOTES, SPACES, VALUES), min_size=3, max_size=16),
    st.sampled_from(["python", "yaml", "shellscript", "plaintext", "xml", "dockerfile", "sql", "markdown"]),
)
def test_no_candidate_without_a_trigger(pieces: list[str], language: str) -> None:
    """Whatever names, signs, quotes and values are put together."""
    line = "".join(pieces)
    for found in reference.check(line, language, GENERIC).outcomes:
        assert _triggered(found.rule, line), (found.rule, line)


@example("___\n")
@example("123456789abc")
@given(st.from_regex(_values._PLACEHOLDER_PART.pattern, alphabet=st.characters(max_codepoint=127)))
def test_no_placeholder_is_without_its_piece(value: str) -> None:
    """What is sought first is in all that the pattern is found in."""
    assert _values.says_placeholder(value)


def test_the_checksum_is_the_one_of_github_and_npm() -> None:
    """With the pair that is shown where the form is explained."""
    assert _shared.base62_crc32("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ") == "0mLq17"
    assert _shared.has_base62_crc32(tokens.token("github-token") or "")
    assert not _shared.has_base62_crc32(tokens.token("github-bad-checksum") or "")
    assert _shared.has_hexadecimal_crc32(tokens.token("atlassian-token") or "")
    assert not _shared.has_hexadecimal_crc32(tokens.token("atlassian-bad-checksum") or "")


@pytest.mark.parametrize(
    ("name", "means"),
    [
        ("password", "password"),
        ("DB_PASSWORD", "password"),
        ("dbPassword2", "password"),
        ("spring.datasource.password", "password"),
        ("PGPASSWORD", "password"),
        ("requirepass", "password"),
        ("userPwd", "password"),
        ("clientSecret", "secret"),
        ("X-Api-Key", "secret"),
        ("APIKey", "secret"),
        ("secret_access_key", "secret"),
        ("_authToken", "secret"),
        ("NONCE_SALT", "secret"),
        ("privKey", "secret"),
        ("decryptionKey", "secret"),
        ("config.pepper", "secret"),
        ("wpa_psk", "password"),
        ("profile::db::auth_token", "secret"),
        ("primaryAccessKey", "secret"),
        ("primary_key", ""),
        ("key", "doubtful"),
        ("salt", "doubtful"),
        ("cache_key", ""),
        ("publicKey", ""),
        ("csrf_token", ""),
        ("passwordField", ""),
        ("is_password", ""),
        ("secretName", ""),
        ("token_type", ""),
        ("tokenizer", ""),
        ("bypass", ""),
        ("compass", ""),
        ("error.password.short", ""),
        ("AWS::IAM::AccessKey", ""),
    ],
)
def test_what_a_name_means(name: str, means: str) -> None:
    """Words before and after may turn it into something else."""
    assert _names.meaning(name)[0] == means


@pytest.mark.parametrize(
    ("value", "made"),
    [
        ("f3b1c9d07a5e42c8", True),
        ("x7Kp29Lm3Qz8", True),
        ("rosenstolz-2291-kx", True),
        ("linux-node-modules-cache-20", False),
        ("my_app.settings.production", False),
        ("v1.24.3-alpine", False),
        ("sk_test_1234567890", False),
        ("production", False),
        ("user123", False),
    ],
)
def test_what_looks_made(value: str, made: bool) -> None:
    """Mixed kinds of characters that make no words."""
    assert _values.looks_made(value) is made


NASTY = [
    "htpasswd -b " + "a " * 2_000,
    "mongosh -u a " + "-p " * 1_300,
    "echo " + "a" * 4_000 + "|" * 90,
    "createUser('a', '" + "a@" * 2_000,
    "aws configure set token=" * 170,
    "password=" * 500,
    "password" * 500,
    "a" * 4096,
    '"password": "' * 300,
    "key-" + "0" * 4000,
    "https://u:" + "p" * 4000,
    "https://u:p@" * 340,
    "eyJ" + "A" * 4000,
    "eyJAAAAAAAAAAAAA.eyJ" * 200,
    "Authorization: Basic " * 190,
    "curl -u " * 500,
    "secret " + "A" * 4000,
    "-----BEGIN RSA PRIVATE KEY-----" * 130,
    'login("a", ' * 370,
    "x" * 2000 + "password" + " " * 2000,
    "<password " * 400,
    "password is " * 340,
    "password: String | " * 210,
    '\\"password\\": \\"' * 250,
    "Password=a;" * 370,
]


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_a_look_is_linear(text: str) -> None:
    """No rule needs long for the longest piece, whatever stands in it."""
    text = text[:LONGEST_PIECE]
    for rule in RULES:
        assert is_within(_seconds(rule, text), 0.25), rule.id


def _seconds(rule: Rule, text: str) -> float:
    started = time.thread_time()
    reference.check(text, "plaintext", [rule])
    return time.thread_time() - started


def _triggered(rule: str, line: str) -> bool:
    return any(trigger.search(line.encode()) for trigger in _triggers(rule))


@cache
def _triggers(rule: str) -> list[re.Pattern[bytes]]:
    [own] = [one for one in RULES if one.id == rule]
    return [re.compile(triggers.given(trigger).encode(), re.MULTILINE) for trigger in own.triggers]


def test_the_table_of_other_scanners_names_rules_that_stand() -> None:
    """Each of their ids once, with a rule of ours or a reason."""
    path = Path(__file__).parent / "labelled" / "peers" / "gitleaks.md"
    rows = [
        line.strip("| ").split(" | ") for line in path.read_text("utf-8").splitlines() if line[:2] == "| "
    ]
    theirs = [row[0] for row in rows[1:]]
    assert len(theirs) == len(set(theirs)) >= 400
    ours = {rule.id for rule in RULES}
    for row in rows[1:]:
        rule, note = row[2], row[3].strip(" |") if len(row) > 3 else ""
        assert rule.strip("`") in ours or (rule == "—" and note), row
