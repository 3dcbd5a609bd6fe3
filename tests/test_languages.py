"""Which language a file is in."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from auto_enforcer.languages import LANGUAGES, language_named, language_of

NEEDED = [
    "python",
    "javascript",
    "javascriptreact",
    "typescript",
    "typescriptreact",
    "vue",
    "svelte",
    "html",
    "css",
    "scss",
    "less",
    "java",
    "kotlin",
    "scala",
    "groovy",
    "c",
    "cpp",
    "csharp",
    "go",
    "rust",
    "swift",
    "objective-c",
    "dart",
    "php",
    "ruby",
    "perl",
    "lua",
    "r",
    "julia",
    "elixir",
    "haskell",
    "sql",
    "shellscript",
    "powershell",
    "bat",
    "dockerfile",
    "makefile",
    "terraform",
    "yaml",
    "toml",
    "json",
    "jsonc",
    "ini",
    "dotenv",
    "properties",
    "xml",
    "markdown",
    "restructuredtext",
    "prisma",
    "proto",
    "graphql",
    "plaintext",
    "erb",
    "ejs",
    "jsp",
    "razor",
    "blade",
    "handlebars",
    "jinja",
    "twig",
    "liquid",
]


def test_the_table_has_a_row_for_every_language_that_rules_name() -> None:
    assert set(NEEDED) <= set(LANGUAGES)


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("app/service.py", "python"),
        ("C:\\work\\Service.PY", "python"),
        ("types.d.ts", "typescript"),
        ("App.tsx", "typescriptreact"),
        ("tsconfig.json", "jsonc"),
        ("data.json", "json"),
        ("Dockerfile", "dockerfile"),
        ("docker/Dockerfile.dev", "dockerfile"),
        ("Containerfile", "dockerfile"),
        ("Makefile.am", "makefile"),
        (".env", "dotenv"),
        (".env.production.local", "dotenv"),
        ("environment.txt", "plaintext"),
        ("Gemfile", "ruby"),
        (".bashrc", "shellscript"),
        ("a.b/c", "plaintext"),
        (".py", "plaintext"),
        ("x.unknown", "plaintext"),
        ("schema.prisma", "prisma"),
        ("views/shop.html.erb", "erb"),
        ("views/shop.ejs", "ejs"),
        ("web/shop.jsp", "jsp"),
        ("Pages/Shop.cshtml", "razor"),
        ("Pages/Shop.razor", "razor"),
        ("views/shop.blade.php", "blade"),
        ("views/shop.php", "php"),
        ("views/shop.hbs", "handlebars"),
        ("views/shop.mustache", "handlebars"),
        ("templates/shop.html.j2", "jinja"),
        ("templates/shop.jinja2", "jinja"),
        ("templates/shop.html.twig", "twig"),
        ("snippets/shop.liquid", "liquid"),
        ("README.md", "markdown"),
        (".cursor/rules/style.mdc", "markdown"),
        (".cursorrules", "markdown"),
        ("docs/shop.mdx", "markdown"),
        ("shop.pyi", "python"),
        ("shop.pyw", "python"),
        ("Tiltfile", "python"),
        ("lib/BUILD", "python"),
        ("lib/BUILD.bazel", "python"),
        ("MODULE.bazel", "python"),
        ("shop.cts", "typescript"),
        ("shop.mts", "typescript"),
        ("Dangerfile", "ruby"),
        ("cpanfile", "perl"),
        ("theme.zsh-theme", "shellscript"),
        ("shop.zsh", "shellscript"),
        (".zlogout", "shellscript"),
        (".envrc", "dotenv"),
        ("ci/Jenkinsfile.release", "groovy"),
        ("nextflow.config", "groovy"),
        ("web.config", "xml"),
        ("shop.cake", "csharp"),
        ("terraform.tfstate.backup", "json"),
        ("prod.tfbackend", "terraform"),
        ("cluster.kubeconfig", "yaml"),
        ("bun.lock", "jsonc"),
        ("my.cnf", "ini"),
        ("", "plaintext"),
    ],
)
def test_a_path_tells_the_language(path: str, language: str) -> None:
    assert language_of(path) == language


@pytest.mark.parametrize(
    ("first_line", "language"),
    [
        ("#!/bin/sh", "shellscript"),
        ("#!/usr/bin/env python3", "python"),
        ("#!/usr/bin/env -S python3.12 -u", "python"),
        ("#! /usr/local/bin/node --harmony", "javascript"),
        ("#!/usr/bin/env FOO=1 ruby", "ruby"),
        ("#!/opt/unknown", "plaintext"),
        ("#!", "plaintext"),
        ("print()", "plaintext"),
    ],
)
def test_a_first_line_tells_the_language_of_a_file_without_suffix(first_line: str, language: str) -> None:
    assert language_of("bin/tool", first_line) == language
    assert language_of("bin/tool.sql", first_line) == "sql"


def test_an_editors_word_counts_where_name_and_first_line_tell_nothing() -> None:
    """The command hears no such word, and must find the same."""
    assert language_of("a.py", "", "rust") == "python"
    assert language_of("a.txt", "#!/bin/sh", "rust") == "plaintext"
    assert language_of("tool", "#!/bin/sh", "rust") == "shellscript"
    assert language_of("tool", "#!/opt/unknown", "rust") == "rust"
    assert language_of("a.unknown", "", "cuda-cpp") == "cpp"
    assert language_of("a.unknown", "", "some-language") == "plaintext"


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("py", "python"),
        ("JS", "javascript"),
        ("sh", "shellscript"),
        ("console", "shellscript"),
        ("ts", "typescript"),
        ("yml", "yaml"),
        ("C++", "cpp"),
        ("c#", "csharp"),
        ("objective-c", "objective-c"),
        ("hcl", "terraform"),
        ("klingon", None),
    ],
)
def test_names_behind_fences(name: str, language: str | None) -> None:
    assert language_named(name) == language


def test_rows_are_whole_and_do_not_contradict_each_other() -> None:
    for field in ("suffixes", "filenames", "interpreters", "aliases"):
        seen: dict[str, str] = {}
        for row in LANGUAGES.values():
            for value in getattr(row, field):
                assert seen.setdefault(value, row.id) == row.id, f"{field}: {value}"
    for row in LANGUAGES.values():
        assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in row.suffixes)
        assert not set(row.aliases) & set(LANGUAGES), row.id
        for mark in row.marks:
            # An open repeat at the end would hit at every byte behind the first.
            assert not re.search(r"(?<!\\)[*+]$", mark), f"{row.id}: {mark}"


def test_marks_compile_in_the_scanner_and_beside_it() -> None:
    hyperscan = pytest.importorskip("hyperscan")
    for row in LANGUAGES.values():
        for mark in row.marks:
            re.compile(mark.encode(), re.MULTILINE | re.ASCII)
        if row.marks:
            hyperscan.Database().compile(
                expressions=[mark.encode() for mark in row.marks], flags=hyperscan.HS_FLAG_MULTILINE
            )


def test_every_language_but_data_can_be_commented() -> None:
    silent = {row.id for row in LANGUAGES.values() if not row.line_comment and row.block_comment is None}
    assert silent == {"json", "plaintext"}
    assert LANGUAGES["python"].line_comment == "#"
    assert LANGUAGES["css"].line_comment == ""
    assert LANGUAGES["css"].block_comment == ("/*", "*/")


def test_only_the_grammars_that_are_met_are_imported() -> None:
    """Lexing Python loads Python's grammar and no other."""
    code = (
        "import sys; from auto_enforcer import lexer; lexer.lex('x', lexer.start('python'));"
        "print(*sorted(name.rpartition('.')[2] for name in sys.modules if '.grammars.' in name))"
    )
    root = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "server")
    found = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.split() == ["modes", "python", "row", "rows_braces", "rows_data", "rows_scripts"]
