"""The house: imports go one way only, and nothing is imported before it is needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

PACKAGE = Path(__file__).parent.parent / "server" / "auto_enforcer"

LAYERS = (
    ("model", ""),
    ("expressions", "languages", "text", "grammars", "grammars.row", "grammars.rows_*"),
    ("lexer", "suppressions", "grammars.*"),
    ("scanner", "plain_scanner", "pattern_*", "triggers", "byte_patterns"),
    ("engine", "given", "looked", "looks", "quoting", "redaction", "standing", "walk", "windows"),
    (
        "clock",
        "document",
        "records",
        "lines",
        "notebook_reader",
        "files",
        "hashing",
        "history",
        "keeping",
        "result_file",
        "scope",
        "baseline",
        "baseline_rows",
        "git",
        "bases",
        "ignoring",
        "attributes",
        "wildmatch",
        "verdict",
        "reading",
    ),
    ("catalog", "catalog_*"),
    (
        *("policy", "policy_*", "recommended", "globs", "path_kinds", "toml_places", "activation", "results"),
        *("json_places", "rule_import", "rule_import_*"),
    ),
    ("authors", "beside", "comparing", "notebooks", "seen", "cell_bases"),
    ("policies", "failures"),
    ("concealing", "preparing", "allowing"),
    ("judging",),
    ("file_checks",),
    ("open_notebooks",),
    ("against_base", "folder_checks"),
    ("session",),
    ("weakened", "weakened_*", "changes"),
    ("workspaces",),
    ("lsp", "lsp.*", "cli", "cli_*", "hook", "hook.*", "mcp_*"),
    ("__main__",),
)
"""The lowest first. A module imports from its own layer, but never in circles, and from those below.
`""` is the package itself, which holds the version alone."""

ALONE = ("rules", "rules.*", "render", "render.*")
"""They import the model, the standard library and what is beside them, nothing else."""

THIRD_PARTY = {
    "pygls": ("lsp.*",),
    "lsprotocol": ("lsp.*",),
    "cattrs": ("lsp.*",),
    "attrs": ("lsp.*",),
    "hyperscan": ("scanner", "pattern_compiler"),
    "re2": ("scanner", "policy_*"),
    "mcp": ("mcp_server",),
    "mcp_types": ("mcp_server",),
    "anyio": ("mcp_server",),
}
"""Package: who may import it. Nothing else from outside the standard library is imported at all."""

PURE = (
    "model",
    "engine",
    "given",
    "looked",
    "looks",
    "quoting",
    "redaction",
    "standing",
    "walk",
    "windows",
    "lexer",
    "grammars.*",
    "languages",
    "expressions",
    "suppressions",
    "triggers",
)
PURE += ("baseline", "document", "lines", "records", "verdict", *ALONE)
"""No input or output and no clock: what they see is handed to them."""

WORLD = (
    "io",
    "os",
    "pathlib",
    "random",
    "select",
    "shutil",
    "socket",
    "subprocess",
    "tempfile",
    "time",
    "urllib.request",
)


class Import(NamedTuple):
    importer: str
    imported: str
    line: int
    for_types: bool

    def __str__(self) -> str:
        return f"{self.importer}.py:{self.line} imports `{self.imported}`"


def module_name(path: Path) -> str:
    """The name below the package: `lsp.server`; a package's own name for its `__init__`."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def trees() -> Mapping[str, ast.Module]:
    """The modules of the package, parsed."""
    return {module_name(path): ast.parse(path.read_bytes()) for path in sorted(PACKAGE.rglob("*.py"))}


@cache
def imports() -> Sequence[Import]:
    """All of them."""
    return tuple(_imports())


def _imports() -> Iterator[Import]:
    for importer, tree in trees().items():
        typing_only = {
            inner
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
            for inner in ast.walk(node)
        }
        for node in ast.walk(tree):
            for name in imported_names(importer, node):
                yield Import(importer, name, node.lineno, node in typing_only)  # type: ignore[attr-defined]


def imported_names(importer: str, node: ast.AST) -> Iterator[str]:
    """Absolute names; of `from auto_enforcer import a`, the module `auto_enforcer.a` where it is one."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, f"{importer}.py:{node.lineno}: imports are absolute here"
        for alias in node.names:
            inner = f"{node.module}.{alias.name}".removeprefix("auto_enforcer.")
            yield f"auto_enforcer.{inner}" if inner in trees() else str(node.module)


def own(name: str) -> str | None:
    """A module of ours by its name below the package, None for one of others."""
    top, _, rest = name.partition(".")
    return rest if top == "auto_enforcer" else None


def among(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def layer(name: str) -> int:
    """The layer whose row names the module: an exact name goes before a pattern."""
    for matches in (lambda row: name in row, lambda row: among(name, row)):
        for number, row in enumerate(LAYERS):
            if matches(row):
                return number
    raise AssertionError(f"`{name}` stands in no row of LAYERS: add it to the row it belongs to")


def test_every_module_has_its_place() -> None:
    for name in trees():
        assert among(name, ALONE) or layer(name) >= 0


def test_imports_go_one_way_only() -> None:
    wrong = []
    for found in imports():
        imported = own(found.imported)
        if imported is None or among(found.importer, ALONE) or among(imported, ALONE):
            continue
        if layer(imported) > layer(found.importer):
            wrong.append(str(found))
    assert not wrong, "\n".join(wrong)


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph: dict[str, set[str]] = {name: set() for name in trees()}
    for found in imports():
        imported = own(found.imported)
        if imported and not found.for_types:
            graph[found.importer].add(imported)
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, " -> ".join((*above[above.index(name) :], name))
        if name not in done:
            for imported in sorted(graph.get(name, ())):
                visit(imported, (*above, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_rules_and_renderers_stand_alone() -> None:
    wrong = []
    for found in imports():
        imported = own(found.imported)
        if imported is None or not among(found.importer, ALONE):
            continue
        kind, _, rest = found.importer.partition(".")
        family = rest.partition(".")[0]
        beside = (
            (kind, "rules._common", "rules._calls", "rules._kinds", f"rules.{family}", f"rules.{family}._*")
            if kind == "rules"
            else (f"{kind}*",)
        )
        if imported != "model" and not among(imported, beside):
            wrong.append(str(found))
    assert not wrong, "\n".join(wrong)


def test_only_the_catalogue_knows_rule_modules() -> None:
    wrong = [
        str(found)
        for found in imports()
        if among(own(found.imported) or "", ("rules*",)) and not among(found.importer, ("rules*", "catalog*"))
    ]
    for name, tree in trees().items():
        if not among(name, ("rules*", "catalog*")):
            wrong += [
                f"{name}.py:{node.lineno} names `{node.value}`"
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant) and str(node.value).startswith("auto_enforcer.rules")
            ]
    assert not wrong, "\n".join(wrong)


def test_only_the_commands_import_renderers() -> None:
    for found in imports():
        if among(own(found.imported) or "", ("render*",)):
            assert among(found.importer, ("render*", "cli*", "hook.*")), str(found)


def test_packages_of_others_are_imported_where_they_belong() -> None:
    for found in imports():
        top = found.imported.partition(".")[0]
        if top == "auto_enforcer" or top in sys.stdlib_module_names:
            continue
        assert among(found.importer, THIRD_PARTY.get(top, ())), str(found)


def test_the_pure_part_touches_no_world_and_no_clock() -> None:
    wrong = [str(found) for found in imports() if among(found.importer, PURE) and found.imported in WORLD]
    for name, tree in trees().items():
        if not among(name, PURE):
            continue
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            if called in ("open", "print", "input") or called.endswith((".now", ".today", ".utcnow")):
                wrong.append(f"{name}.py:{node.lineno} calls `{called}`")
    assert not wrong, "\n".join(wrong)


def test_the_bootstrap_needs_the_standard_library_only() -> None:
    for name in ("__main__.py", "bootstrap.py"):
        tree = ast.parse((PACKAGE.parent / name).read_bytes())
        for node in ast.walk(tree):
            for imported in imported_names(name, node):
                top = imported.partition(".")[0]
                assert top in {*sys.stdlib_module_names, "bootstrap", "auto_enforcer"}, imported


COMPILED = "import threading\nfor thread in threading.enumerate()[1:]: thread.join()"
"""Waits for the patterns that a run compiles beside its work."""


def modules_after(command: str, *arguments: str, last: str = "") -> set[str]:
    """What a fresh interpreter has imported after the command ran."""
    code = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); from auto_enforcer.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        f"{last}\n"
        "sys.stdout.write('\\nmodules: ' + ' '.join(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, str(PACKAGE.parent), command, *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.rpartition("modules: ")[2].split())


def test_a_server_holds_neither_openssl_nor_the_text_of_what_a_library_wrote() -> None:
    """They would take 8 MB of its memory."""
    code = (
        "import linecache, sys; sys.path.insert(0, sys.argv.pop(1))\n"
        "from auto_enforcer.lsp.server import main\n"
        "main([])\n"
        "import auto_enforcer.lsp.comparisons, auto_enforcer.lsp.scan_worker\n"
        "held = [name for name in ('_hashlib', 'hashlib', '_ssl', 'ssl') if sys.modules.get(name)]\n"
        "texts = [name for name in linecache.cache if name.startswith('<attrs generated')]\n"
        "sys.stderr.write(f'held: {held} {len(texts) < 50} {\"lsprotocol.types\" in sys.modules}')"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, str(PACKAGE.parent)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.rpartition("held: ")[2] == "[] True True"


@pytest.mark.skipif(not (PACKAGE / "cli.py").exists(), reason="there is no command yet")
def test_a_check_of_one_file_imports_what_it_needs(tmp_path: Path) -> None:
    file = tmp_path / "service.py"
    file.write_text("print('a')\n")
    modules_after("check", str(file), last=COMPILED)
    names = modules_after("check", str(file))
    rules = {name for name in names if name.startswith("auto_enforcer.rules.")}
    languages = {name.rpartition(".")[2] for name in rules if name.count(".") == 3}
    assert "auto_enforcer.rules.logging.python" in rules
    assert {name for name in languages if not name.startswith("_")} <= {"python", "every"}
    heavy = {
        "pygls",
        "lsprotocol",
        "attrs",
        "cattrs",
        "hashlib",
        "asyncio",
        "importlib.resources",
        "json",
        "pathlib",
    }
    assert not names & (heavy | {"subprocess", "logging", "tomllib", "re2", "multiprocessing", "sqlite3"})
