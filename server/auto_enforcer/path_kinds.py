"""What a workspace-relative path says a file is for: tests, documents, examples, …; one table."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from auto_enforcer.languages import LANGUAGES
from auto_enforcer.model import NamedTuple


class PathKind(NamedTuple):
    """A kind of file. `folders` are names of a folder anywhere above the file, `names` of the file itself.

    A `*` stands for anything; it may stand once in a pattern. A pattern in lower case holds for any case, one
    with capitals just as it is written (`*Test.java` is not `latest.java`).
    """

    title: str
    folders: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def _each(stem: str, endings: str) -> tuple[str, ...]:
    """The stem with each of the endings, which blanks divide."""
    return tuple(stem + ending for ending in endings.split())


_SCRIPTS = "js jsx ts tsx mjs cjs mts cts vue svelte"
_SETTINGS = "env json yml yaml toml ini cfg conf config properties xml py js ts php rb sh tf tfvars"
_DOCUMENTS = "md markdown mdx mdc rst adoc txt"

_PROSE = (*LANGUAGES["markdown"].suffixes, *LANGUAGES["restructuredtext"].suffixes)

KINDS: Mapping[str, PathKind] = {
    "tests": PathKind(
        "tests",
        (
            "test",
            "tests",
            "__tests__",
            "spec",
            "specs",
            "e2e",
            "cypress",
            "*.test",
            "*.tests",
            "*-test",
            "*-tests",
            "*_test",
            "*_tests",
            "*Tests",
            "testsuite",
            "test-suite",
            "androidtest",
            "commontest",
            "jvmtest",
            "iostest",
            "nativetest",
            "jstest",
            "integrationtest",
            "bench",
            "benches",
            "benchmark",
            "benchmarks",
            "*-benchmarks",
            "test_files",
            "test_helpers",
            "*-test-app",
            "*-testing-support",
        ),
        (
            *_each("*.test.", _SCRIPTS),
            *_each("*.spec.", _SCRIPTS),
            *_each("*.e2e.", _SCRIPTS),
            *_each("*.cy.", _SCRIPTS),
            *_each("*.test-d.", "ts tsx mts cts"),
            *_each("*.tst.", "ts tsx mts cts"),
            *_each("*-test.", _SCRIPTS),
            *_each("*-spec.", _SCRIPTS),
            *_each("*_test.", "py go rb rs c cc cpp cxx m mm dart exs lua jl ml ts js"),
            *_each("*_tests.", "py rs c cc cpp cxx jl"),
            *_each("*_unittest.", "cc cpp py"),
            *_each("*_spec.", "rb lua"),
            *_each("test_*.", "py rb c cc cpp cxx m jl lua"),
            *_each("test-*.", "r sh"),
            *_each("*Test.", "java kt kts scala groovy php cs swift hs m cpp"),
            *_each("*Tests.", "java kt kts scala groovy php cs swift m cpp"),
            *_each("*TestCase.", "java kt groovy php cs swift"),
            *_each("*IT.", "java kt groovy"),
            *_each("*Spec.", "scala groovy hs"),
            *_each("*Suite.", "scala"),
            "conftest.py",
            "tests.py",
            "tests.rs",
            "runtests.jl",
            "test_helper.*",
            "spec_helper.rb",
            "rails_helper.rb",
            "jest.setup.*",
            "*.t",
            "*.bats",
            "*.feature",
        ),
    ),
    "fixtures": PathKind(
        "fixtures and recorded data of tests",
        (
            "fixtures",
            "fixture",
            "__fixtures__",
            "testdata",
            "test-data",
            "test_data",
            "test-fixtures",
            "testFixtures",
            "__snapshots__",
            "snapshots",
            "__mocks__",
            "mocks",
            "cassettes",
            "golden",
            "seeds",
        ),
        ("*.snap", "*.golden", *_each("seed.", "js ts mjs cjs mts py rb sql")),
    ),
    "documents": PathKind(
        "documents",
        ("docs", "doc", "documentation"),
        tuple(f"*{suffix}" for suffix in (*_PROSE, ".adoc", ".asciidoc")),
    ),
    "examples": PathKind(
        "examples and templates to fill in",
        (
            *(
                "example",
                "examples",
                "_examples",
                "sample",
                "samples",
                "demo",
                "demos",
                "tutorial",
                "tutorials",
            ),
            "snippets",
        ),
        (
            *("*.example", "*.sample", "*.template", "*.dist", "*.tmpl", "example.*", "sample.*"),
            *_each("*.example.", _SETTINGS),
            *_each("*.sample.", _SETTINGS),
            *_each("*.template.", _SETTINGS),
            *_each("*.dist.", _SETTINGS),
        ),
    ),
    "migrations": PathKind("migrations of a database", ("migrations", "migration", "migrate", "alembic")),
    "programs": PathKind(
        "command-line programs",
        ("bin", "scripts", "script", "cli", "cmd", "commands", "tools", "buildSrc"),
        (
            *_each("cli.", "py js ts mjs cjs mts go rb php java kt rs"),
            *_each("*_cli.", "py rb go rs php"),
            *_each("*-cli.", "js ts mjs cjs mts"),
            *("__main__.py", "main.swift", "manage.py", "setup.py", "noxfile.py", "fabfile.py", "artisan"),
            *("Rakefile", "build.rs", "gulpfile.*", "Gruntfile.*", "*.gradle", "*.gradle.kts"),
            *_each("*.config.", "js mjs cjs ts mts cts"),
        ),
    ),
    "packages": PathKind("what a package shows of its modules", (), ("__init__.py",)),
    "stubs": PathKind("stubs that only say types", (), ("*.pyi",)),
    "built": PathKind(
        "what a compiler, bundler or minifier wrote",
        ("dist",),
        ("*.min.js", "*.min.mjs", "*.min.cjs", "*.min.css", "*.bundle.js"),
    ),
    "translations": PathKind(
        "texts in other languages",
        ("locale", "locales", "translations", "i18n", "l10n"),
        ("*.po", "*.pot", "*.xlf", "*.xliff", "*.arb", "*.strings"),
    ),
    "notebooks": PathKind("notebooks", ("notebooks",), ("*.ipynb",)),
    "changelogs": PathKind(
        "changelogs",
        (
            "changelog",
            "changelogs",
            "changelog.d",
            "changes.d",
            "newsfragments",
            "release-notes",
            "release_notes",
        ),
        (
            *(
                "changelog",
                "changes",
                "history",
                "news",
                "releases",
                "changelog-*",
                "changelog.*",
                "releasenotes*",
            ),
            *("release-notes*", "release_notes*"),
            *_each("changes.", _DOCUMENTS),
            *_each("history.", _DOCUMENTS),
            *_each("news.", _DOCUMENTS),
            *_each("releases.", _DOCUMENTS),
        ),
    ),
    "archives": PathKind(
        "logs and archives",
        (
            "log",
            "logs",
            "archive",
            "archives",
            "archived",
            "attic",
            "backup",
            "backups",
        ),
        ("*.log",),
    ),
}
"""The kinds by name. Every path of a policy's own defaults is one of these."""


def kinds_of(path: str) -> frozenset[str]:
    """The names of the kinds that a workspace-relative path with forward slashes has."""
    folder, _, name = path.rpartition("/")
    return _kinds_of_folder(folder) | _matching("names", name)


@lru_cache(maxsize=1024)
def _kinds_of_folder(folder: str) -> frozenset[str]:
    return frozenset().union(*(_matching("folders", segment) for segment in folder.split("/") if segment))


def _matching(what: str, name: str) -> frozenset[str]:
    """The kinds with a pattern that a name matches."""
    table = _tables()[what]
    lowered = name.lower()
    kinds = table.exact.get(lowered, _NO_KINDS)
    if lowered != name:
        kinds |= table.exact.get(name, _NO_KINDS)
    for folded, kind, suffixes in table.suffixes:
        if (lowered if folded else name).endswith(suffixes):
            kinds |= {kind}
    for folded, kind, prefix, suffix in table.affixes if lowered.startswith(table.prefixes) else ():
        text = lowered if folded else name
        if text.startswith(prefix) and text.endswith(suffix) and len(text) >= len(prefix) + len(suffix):
            kinds |= {kind}
    return kinds


_NO_KINDS: frozenset[str] = frozenset()


class _Table(NamedTuple):
    """Patterns by how they are matched; `folded` ones against the name in lower case."""

    exact: Mapping[str, frozenset[str]]
    suffixes: tuple[tuple[bool, str, tuple[str, ...]], ...]
    """(folded, kind, what may come after a leading star)."""
    affixes: tuple[tuple[bool, str, str, str], ...]
    """(folded, kind, before the star, after it)."""
    prefixes: tuple[str, ...]
    """What stands before a star anywhere, in lower case: most names begin with none of these."""


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, _Table]:
    """The patterns of all kinds, for "folders" and for "names"."""
    return {
        "folders": _table({kind: row.folders for kind, row in KINDS.items()}),
        "names": _table({kind: row.names for kind, row in KINDS.items()}),
    }


def _table(patterns: Mapping[str, tuple[str, ...]]) -> _Table:
    exact: dict[str, frozenset[str]] = {}
    suffixes: dict[tuple[bool, str], tuple[str, ...]] = {}
    affixes: list[tuple[bool, str, str, str]] = []
    for kind, of_kind in patterns.items():
        for pattern in of_kind:
            prefix, star, suffix = pattern.partition("*")
            folded = pattern.islower()
            if not star:
                exact[pattern] = exact.get(pattern, _NO_KINDS) | {kind}
            elif not prefix:
                suffixes[folded, kind] = (*suffixes.get((folded, kind), ()), suffix)
            else:
                affixes.append((folded, kind, prefix, suffix))
    return _Table(
        exact,
        tuple((*key, of_key) for key, of_key in suffixes.items()),
        tuple(affixes),
        tuple({prefix.lower() for _, _, prefix, _ in affixes}),
    )
