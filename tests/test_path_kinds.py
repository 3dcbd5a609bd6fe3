"""Which kinds the paths of files have: whole segments and names, never a part of one."""

from __future__ import annotations

import pytest

from auto_enforcer.languages import LANGUAGES
from auto_enforcer.path_kinds import KINDS, kinds_of


@pytest.mark.parametrize(
    "path",
    [
        *(
            "test/a.py",
            "a/tests/b/c.py",
            "Tests/A.swift",
            "__tests__/a.js",
            "spec/a.rb",
            "e2e/a.ts",
            "T.Tests/A.cs",
        ),
        *(
            "a/test_b.py",
            "b_test.py",
            "conftest.py",
            "a_test.go",
            "a.test.ts",
            "a.spec.jsx",
            "a.cy.ts",
            "a_spec.rb",
        ),
        *(
            "ATest.java",
            "ATests.cs",
            "ASpec.scala",
            "src/test/java/A.java",
            "AppTests/A.swift",
            "a_unittest.cc",
        ),
        *(
            "android-test-app/src/main/A.kt",
            "app/src/androidTest/A.kt",
            "TEST_A.PY",
            "a.t",
            "run.bats",
            "tests.py",
        ),
    ],
)
def test_tests(path: str) -> None:
    assert "tests" in kinds_of(path)


@pytest.mark.parametrize(
    "path",
    [
        *(
            "latest.py",
            "contest/a.py",
            "attest.java",
            "latest.java",
            "Latest.java",
            "protest_a.py",
            "mytest.go",
        ),
        *(
            "testing/a.py",
            "unittest/case.py",
            "spectrum/a.py",
            "aspec.rb",
            "inspect.py",
            "test.py",
            "greatest.kt",
        ),
        *(
            "IvParameterSpec.java",
            "ConnectionSpec.kt",
            "a.tests.md.py",
            "testimony/a.js",
            "a.tsx",
            "EDIT.md",
            "test",
        ),
    ],
)
def test_no_tests(path: str) -> None:
    assert "tests" not in kinds_of(path)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("tests/fixtures/a.json", "fixtures"),
        ("pkg/testdata/a.go", "fixtures"),
        ("a/README.MD", "documents"),
        ("docs/conf.py", "documents"),
        (".env.example", "examples"),
        ("config.sample.yml", "examples"),
        ("examples/a.py", "examples"),
        ("db/migrate/1.rb", "migrations"),
        ("bin/run", "programs"),
        ("buildSrc/src/main/java/A.java", "programs"),
        ("compiler/test-fixtures/a.kt", "fixtures"),
        ("src/__main__.py", "programs"),
        ("pkg/cmd/a/main.go", "programs"),
        ("tool_cli.py", "programs"),
        ("a.ipynb", "notebooks"),
        ("CHANGELOG", "changelogs"),
        ("CHANGELOG.md", "changelogs"),
        ("docs/release-notes/1.md", "changelogs"),
        ("History.rst", "changelogs"),
        ("var/log/a.txt", "archives"),
        ("a.log", "archives"),
    ],
)
def test_other_kinds(path: str, kind: str) -> None:
    assert kind in kinds_of(path)


@pytest.mark.parametrize(
    "path", ["history.py", "changes.go", "robin/a.py", "cli/a.py".replace("cli", "client")]
)
def test_of_no_kind(path: str) -> None:
    assert kinds_of(path) == frozenset()


def test_a_pattern_has_at_most_one_star() -> None:
    patterns = [pattern for kind in KINDS.values() for pattern in (*kind.folders, *kind.names)]
    assert [pattern for pattern in patterns if pattern.count("*") > 1] == []


@pytest.mark.parametrize("language", ["markdown", "restructuredtext"])
def test_every_file_of_prose_is_a_document(language: str) -> None:
    for suffix in LANGUAGES[language].suffixes:
        assert "documents" in kinds_of(f"app/guide{suffix}"), suffix
