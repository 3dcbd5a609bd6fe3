"""The logging rules beyond their page: names of secrets, fixes, long lines."""

from __future__ import annotations

import time

import pytest

import page_engines
import pages
import reference
from auto_enforcer.model import Row
from auto_enforcer.rules.logging._secrets import means_secret


def found(text: str, language: str) -> list[Row]:
    """What the family finds in a text."""
    rules = pages.active("logging", "")
    return list(page_engines.with_reference(text, language, rules, {}, reference.TODAY, []))


def ids(text: str, language: str = "python") -> list[str]:
    """The names of the rules that a text breaks."""
    return [row.violation.rule.removeprefix("logging/") for row in found(text, language)]


@pytest.mark.parametrize(
    "name",
    [
        *("password", "DB_PASSWORD", "userPassword", "passphrase", "client_secret", "apiKey", "API_KEY"),
        *("access_token", "refreshToken", "secret_access_key", "privateKey", "password_value", "db_pwd"),
        *("getPassword", "credentials", "id_token", "token", "SECRET_KEY_BASE"),
    ],
)
def test_a_name_that_means_a_secret(name: str) -> None:
    """However it is written."""
    assert means_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        *("next_token", "csrf_token", "password_file", "passwordHash", "hashed_password", "old_pwd"),
        *("has_password", "public_key", "primary_key", "access_key_id", "secretName", "max_tokens"),
        *("masked_api_key", "token_count", "invalid_password", "passwordLength"),
    ],
)
def test_a_name_that_only_speaks_of_a_secret(name: str) -> None:
    """Its length, its place, its kind; and tokens of a page."""
    assert not means_secret(name)


@pytest.mark.parametrize(
    "statement",
    [
        'log.info("x %s", password)',
        'print(f"{user.password!r}")',
        'logger.debug("x", extra={"p": str(password)})',
        "print(os.environ['DB_PASSWORD'])",
        'print(config.get("api_key", ""))',
        'print("{}".format(access_token))',
        'print("%s" % (password,))',
        'print(json.dumps({"password": password}))',
        'log.info("x", password=password)',
    ],
)
def test_a_secret_is_found_on_its_way_into_a_log(statement: str) -> None:
    """As an argument, in a text, as an entry, through what hands it on."""
    assert "secret-in-log" in ids(statement + "\n")


@pytest.mark.parametrize(
    "statement",
    [
        'print("password")',
        "print(len(password), bool(password), password is None)",
        "print(mask(password), hash_of(api_key))",
        'print("set" if password else "not set")',
        "print(access_token[:4])",
        "login(password)",
        'password = input("password")',
        "dialog.info(password)",
        'print(labels["password"])',
        'log.info("x", password="***")',
        'log.info("reset"); change(password)',
        'log.info("reset")\nchange(password)',
        'store(\n    password,\n    log("x"),\n)',
    ],
)
def test_what_only_speaks_of_a_secret_is_left_alone(statement: str) -> None:
    """Measured, masked, compared, cut, or on its way to somewhere else."""
    assert "secret-in-log" not in ids(statement + "\n")


def test_a_breakpoint_that_is_all_of_a_block_becomes_pass() -> None:
    """Its removal would leave a block without a statement."""
    row = found("if x:\n    breakpoint()\ny = 1\n", "python")[0]
    assert [(edit.text, edit.start_line) for edit in row.violation.fixes[0].edits] == [("pass", 0)]


def test_a_debugger_under_a_header_without_braces_has_no_fix() -> None:
    """Its removal would put the next statement under the header."""
    row = found("if (x)\n  debugger;\ny();\n", "javascript")[0]
    assert row.violation.fixes == ()


@pytest.mark.parametrize("literal", ['f"{a:>10}"', 'f"{a + b}"', 'f"{a}" "b"', 'f"""{a}"""', r'f"\n{a}"'])
def test_an_f_string_that_is_not_simple_has_no_fix(literal: str) -> None:
    """Only names in one plain literal are made arguments."""
    row = found(f"log.info({literal})\n", "python")[0]
    assert row.violation.rule == "logging/interpolated-log-message"
    assert row.violation.fixes == ()


def test_a_file_for_a_library_that_formats_by_braces_has_no_fix() -> None:
    """Loguru does not know `%s`."""
    row = found('from loguru import logger\nlogger.info(f"{a}")\n', "python")[0]
    assert row.violation.fixes == ()


@pytest.mark.parametrize(
    "language", ["python", "javascript", "java", "kotlin", "csharp", "go", "ruby", "php"]
)
@pytest.mark.parametrize(
    "unit",
    [
        "print(",
        "log.info(",
        "a.",
        "password ",
        "(",
        "console.log(",
        '"a" + ',
        "logger.debug(x",
        "f({",
        "static ",
    ],
)
def test_a_long_line_is_looked_at_in_linear_time(language: str, unit: str) -> None:
    """Twice as long takes no more than some four times as long."""
    begins = "log.info(password, "
    short, long = (begins + unit * (count // len(unit)) for count in (1000, 4000))
    ids(short, language)
    started = time.thread_time()
    ids(short, language)
    middle = time.thread_time()
    ids(long, language)
    assert time.thread_time() - middle < 16 * (middle - started) + 0.5
