"""What the command's start loads and compiles, in counts: nothing here is timed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from auto_enforcer import catalog
from auto_enforcer.pattern_cache import CacheDirectory
from auto_enforcer.scanner import open_scanner
from command import SERVER, environment
from tokens import token

pytest.importorskip("hyperscan", reason="the plain scanner loads and compiles more")

COUNTED = """
import sys
from re import _compiler
before, compiled, compile_one = set(sys.modules), [], _compiler.compile
def counting(pattern, flags=0):
    compiled.append(str(pattern))
    return compile_one(pattern, flags)
_compiler.compile = counting
sys.path.insert(0, sys.argv.pop(1))
from auto_enforcer.cli import main
code = main(sys.argv[1:])
import json
loaded = sorted(set(sys.modules) - before - {"json"})
sys.stderr.write(json.dumps({"code": code, "modules": loaded, "patterns": compiled}))
"""

PRINTS = "total = 1\nprint(total)\n"
SECRET = f'key = "{token("github-token")}"\n'
REST = 'due = "2026-02-31"\n# TODO: settle this\nname = "\\u202etotal"\ntry:\n    due()\nexcept:\n    pass\n'
"""With the two above a violation of each family."""


@pytest.fixture(scope="module", autouse=True)
def compiled_databases(cache: Path) -> None:
    """The very first run compiles the databases; what a start loads is asked of the ones after it."""
    directory = CacheDirectory(str(cache / "auto-enforcer"))
    for language in (None, "python"):
        for kind in (catalog.COMMON, catalog.ANYWHERE):
            assert open_scanner(catalog.pattern_set(language, kind)[0], directory).settle(300)


def test_what_a_start_reads_of_patterns_is_small(cache: Path) -> None:
    """Each database is read whole, and held twice while it is loaded: repeats with bounds make it large."""
    sizes = {path.name: path.stat().st_size for path in (cache / "auto-enforcer").glob("*.patterns")}
    for name in (None, "python"):
        key = catalog.pattern_set(name)[0].key
        assert max(size for file, size in sizes.items() if key in file) < 1_800_000, sizes


@pytest.mark.parametrize(
    ("content", "modules", "patterns"),
    [("total = 1\n", 100, 25), (PRINTS, 108, 32), (SECRET, 114, 46), (PRINTS + SECRET + REST, 132, 85)],
    ids=["nothing", "a print", "a secret", "each family"],
)
def test_a_start_loads_and_compiles_little(
    tmp_path: Path, cache: Path, content: str, modules: int, patterns: int
) -> None:
    """The bounds have room for a tenth; what needs more must be worth the milliseconds."""
    (tmp_path / "small.py").write_text(content, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-c", COUNTED, str(SERVER), "check", "small.py"],
        cwd=tmp_path,
        env=environment(cache),
        capture_output=True,
        text=True,
        check=True,
    )
    counted = json.loads(done.stderr)
    assert counted["code"] == (1 if SECRET in content else 0)
    assert len(counted["modules"]) <= modules, counted["modules"]
    assert len(counted["patterns"]) <= patterns, counted["patterns"]
    assert not {"dataclasses", "inspect", "auto_enforcer.plain_scanner"} & set(counted["modules"])
    kept = {f"auto_enforcer.{name}" for name in ("history", "keeping", "results", "result_file", "hashing")}
    assert not kept & set(counted["modules"]), "one file is no cause to look at what is kept"
    assert not [name for name in counted["modules"] if "baseline" in name or name.endswith("cli_looked")]


@pytest.mark.parametrize(
    ("tool", "modules", "patterns"), [("Bash", 42, 20), ("Write", 114, 30)], ids=["no write", "a small file"]
)
def test_a_hook_loads_little(tmp_path: Path, cache: Path, tool: str, modules: int, patterns: int) -> None:
    """It is asked at every step of an agent."""
    (tmp_path / "small.py").write_text("total = 1\n", encoding="utf-8")
    arguments = {"file_path": "small.py", "content": "total = 2\n"}
    payload = {"hook_event_name": "PreToolUse", "cwd": str(tmp_path), "tool_name": tool}
    done = subprocess.run(
        [sys.executable, "-I", "-c", COUNTED, str(SERVER), "hook", "claude-code"],
        cwd=tmp_path,
        env=environment(cache),
        input=json.dumps(payload | {"tool_input": arguments}),
        capture_output=True,
        text=True,
        check=True,
    )
    counted = json.loads(done.stderr)
    assert counted["code"] == 0
    assert len(counted["modules"]) <= modules, counted["modules"]
    assert len(counted["patterns"]) <= patterns, counted["patterns"]
    assert not {"dataclasses", "inspect", "subprocess", "tomllib"} & set(counted["modules"])
