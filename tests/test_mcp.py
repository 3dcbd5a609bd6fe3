"""`auto-enforcer mcp`: what its tools answer, and the SDK's own client with the real server."""

from __future__ import annotations

import gc
import importlib.util
import json
import os
import subprocess
import sys
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from auto_enforcer import mcp_tools
from auto_enforcer.cli import main
from command import PATIENCE, SERVER, Command, command, environment, fill
from tokens import token

BAD = "def settle():\n    try:\n        pay()\n    except Exception:\n        pass\n"
COMPARED = "def f(x, y):\n    return not x in y\n"
HAS_SDK = importlib.util.find_spec("mcp") is not None
NO_SDK = "the SDK of the Model Context Protocol is not installed: it is the extra `mcp`"


@pytest.fixture
def folder(workspace: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the server works in."""
    monkeypatch.setenv("AUTO_ENFORCER_CACHE_DIR", str(cache / "auto-enforcer"))
    monkeypatch.setenv("AUTO_ENFORCER_TODAY", "2026-11-22")
    monkeypatch.chdir(workspace)
    fill(workspace, {"app.py": BAD, "b/c.py": COMPARED})
    return workspace


CALLS = """
import json, sys
from auto_enforcer import mcp_tools
from auto_enforcer.cli import main
print(json.dumps([mcp_tools.call(*asked, main) for asked in json.load(sys.stdin)]))
"""


def calls(*asked: tuple[str, Mapping[str, Any]]) -> list[mcp_tools.Told]:
    """What the tools answer, one after another in a process of their own: after each the garbage is sought,
    of which the suite's process has much."""
    done = subprocess.run(
        [sys.executable, "-c", CALLS],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SERVER), "PYTHONUTF8": "1"},
        timeout=PATIENCE,
        check=True,
    )
    return [mcp_tools.Told(*told) for told in json.loads(done.stdout)]


def test_check_says_what_the_command_says_the_worst_first(folder: Path, ae: Command) -> None:
    told, few = calls(("check", {}), ("check", {"paths": ["app.py", "b"], "most": 1}))
    assert not told.failed
    assert told.values is not None
    assert told.text.splitlines()[0].startswith("app.py:4:5: blocked errors/swallowed-exception")
    of_command = json.loads(ae("check", "--format", "json").out)
    assert told.values["violations"] == of_command["violations"]
    assert told.values["exit_code"] == 1
    assert few.values is not None
    assert few.values["left_out"] == 1
    assert "and 1 more\n" in few.text


def test_explain_and_list_are_the_commands(folder: Path, ae: Command) -> None:
    explained, unknown, listed, everything = calls(
        ("explain", {"rule": "errors/bare-except"}),
        ("explain", {"rule": "errors/bare-exept"}),
        ("list", {"family": "dates"}),
        ("list", {}),
    )
    assert explained.text == ae("explain", "errors/bare-except").out
    assert "did you mean `errors/bare-except`?" in unknown.text
    assert listed.values is not None
    assert listed.text.count("\n") == len(listed.values["rules"])
    assert all(line.startswith("dates/") for line in listed.text.splitlines())
    assert everything.text.count("\n") > 100


def test_fix_tells_safe_edits_and_writes_nothing(folder: Path) -> None:
    told, other = calls(("fix", {"paths": ["b/c.py"]}), ("fix", {"paths": ["app.py"]}))
    assert told.values is not None
    [fix] = told.values["fixes"]
    assert (fix["path"], fix["line"], fix["rule"]) == ("b/c.py", 2, "python/negated-membership-test")
    [edit] = fix["edits"]
    line = COMPARED.splitlines()[edit["line"] - 1]
    mended = line[: edit["column"] - 1] + edit["new_text"] + line[edit["end_column"] - 1 :]
    assert mended == "    return x not in y"
    assert (folder / "b" / "c.py").read_text() == COMPARED
    assert "there is no safe fix" in other.text


class Knot:
    """What only the search for garbage finds."""

    def __init__(self) -> None:
        self.own = self


def test_nothing_of_a_call_stays(folder: Path) -> None:
    """A command leaves its garbage to its end, and is not looked through for it."""
    left: list[weakref.ref[Knot]] = []

    def command(arguments: Sequence[str]) -> int:
        left.append(weakref.ref(Knot()))
        gc.disable()
        gc.freeze()
        return main(arguments)

    mcp_tools.call("list", {"family": "dates"}, command)
    assert [one() for one in left] == [None]
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
    gc.freeze()  # as the suite has it


REFUSED: Sequence[tuple[str, Mapping[str, Any], str]] = (
    ("check", {"paths": ["../elsewhere"]}, "lies outside of the working folder"),
    ("check", {"paths": ["/etc/passwd"]}, "lies outside of the working folder"),
    ("check", {"paths": ["-"]}, "lies outside of the working folder"),
    ("fix", {"paths": ["a\0b"]}, "no file can have such a name"),
    ("check", {"paths": "app.py"}, "`paths` must be of the type array"),
    ("check", {"paths": [1]}, "must be a list of strings"),
    ("check", {"paths": ["app.py"] * 1_001}, "more than 1000 paths"),
    ("check", {"most": True}, "`most` must be of the type integer"),
    ("check", {"fast": True}, "takes no `fast`; it takes paths, new, base, most"),
    ("check", {"paths": ["missing.py"]}, "there is no such file"),
    ("check", {"base": "--upload-pack=x"}, "no git repository"),
    ("explain", {}, "`explain` needs `rule`"),
    ("explain", {"rule": "--help"}, "--help"),
    ("write", {}, "there is no tool `write`; there are check, explain, list, fix"),
)


def test_what_cannot_be_done_is_said(folder: Path) -> None:
    answers = calls(*((name, arguments) for name, arguments, _ in REFUSED))
    for (name, arguments, said), told in zip(REFUSED, answers, strict=True):
        assert told.failed, (name, arguments)
        assert said in told.text, (name, arguments)


def test_no_answer_holds_a_secret(folder: Path) -> None:
    secret = str(token("github-token"))
    fill(folder, {"app.py": f'key = "{secret}"  # enforcer: allow[logging]: {secret}\nprint(key)\n'})
    asked: list[tuple[str, dict[str, str]]] = [
        ("check", {}),
        ("fix", {}),
        ("check", {"base": secret}),
        ("explain", {"rule": secret}),
    ]
    for (_, arguments), told in zip(asked, calls(*asked), strict=True):
        assert told.text
        if "base" not in arguments and "rule" not in arguments:
            assert secret not in f"{told}"


@pytest.mark.skipif(HAS_SDK, reason="the SDK is installed")
def test_without_the_sdk_the_command_says_how_to_install_it(ae: Command) -> None:
    done = ae("mcp")
    assert (done.code, done.out) == (2, "")
    assert "install `auto-enforcer[mcp]`" in done.err


@pytest.mark.skipif(not HAS_SDK, reason=NO_SDK)
def test_the_client_of_the_sdk_talks_with_the_server(folder: Path, cache: Path) -> None:
    """In processes of their own: the SDK takes a second and 60 MiB to load."""
    env = environment(cache)
    done = subprocess.run(
        [sys.executable, "-c", CLIENT, json.dumps([*command("mcp"), env]), str(folder)],
        capture_output=True,
        text=True,
        env=env,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["tools"] == ["check", "explain", "list", "fix"]
    assert all(schema["type"] == "object" for schema in said["schemas"])
    assert said["check"]["text"].startswith("app.py:4:5: blocked errors/swallowed-exception")
    assert said["check"]["values"]["summary"]["blocked"] == 1
    assert said["explain"]["text"].startswith("## errors/bare-except")
    assert said["fix"]["values"]["fixes"][0]["rule"] == "python/negated-membership-test"
    assert (said["wrong"]["failed"], said["check"]["failed"]) == (True, False)


CLIENT = """
import asyncio, json, sys
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

*arguments, env = json.loads(sys.argv[1])
server = StdioServerParameters(command=arguments[0], args=arguments[1:], env=env, cwd=sys.argv[2])

def told(result):
    values = getattr(result, "structured_content", None)
    return {"text": result.content[0].text, "values": values, "failed": bool(result.is_error)}

async def main():
    async with stdio_client(server) as (incoming, outgoing):
        async with ClientSession(incoming, outgoing) as session:
            await session.initialize()
            tools = (await session.list_tools()).tools
            said = {"tools": [tool.name for tool in tools], "schemas": [tool.input_schema for tool in tools]}
            said["check"] = told(await session.call_tool("check", {}))
            said["explain"] = told(await session.call_tool("explain", {"rule": "errors/bare-except"}))
            said["fix"] = told(await session.call_tool("fix", {"paths": ["b/c.py"]}))
            said["wrong"] = told(await session.call_tool("check", {"paths": [".."]}))
            print(json.dumps(said))

asyncio.run(main())
"""
