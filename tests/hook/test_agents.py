"""Each agent's hook: the payloads that its document describes, exit code and channel of each answer."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from auto_enforcer.hook import command, judging
from auto_enforcer.hook.agents import AGENTS
from auto_enforcer.weakened_hooks import holds_hooks
from command import Command, fill
from hook.asked import Answered, ask, payload
from tokens import token

OLD = "def settle():\n    print('was here')\n    return 1\n"
BAD = "    try:\n        pay()\n    except Exception:\n        pass\n    return 1\n"
BLOCKED = "errors/swallowed-exception"
WARNED = "logging/print-call"
PATCH = """*** Begin Patch
*** Update File: app.py
@@ def settle():
     print('was here')
-    return 1
{lines}
*** End Patch
"""

SNIPPET = re.compile(r'```json title="([^"]+)"\n(.*?)```', re.DOTALL)
SAYS = re.compile("auto-enforcer hook [a-z-]+")

PARITY = pytest.mark.parametrize("agent", AGENTS)


@pytest.fixture(autouse=True)
def folder(workspace: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the agent works: a file with an old warning in it."""
    monkeypatch.setenv("AUTO_ENFORCER_CACHE_DIR", str(cache / "auto-enforcer"))
    monkeypatch.setenv("AUTO_ENFORCER_TODAY", "2026-11-22")
    monkeypatch.chdir(workspace)
    fill(workspace, {"app.py": OLD})
    return workspace


def edits(agent: str, folder: Path, new: str) -> dict[str, Any]:
    """The agent's own edit that puts a text in the place of the file's last line."""
    old, path = "    return 1\n", str(folder / "app.py")
    if agent == "codex":
        lines = "\n".join(f"+{line}" for line in new.splitlines())
        return payload(agent, "apply_patch", folder, command=PATCH.format(lines=lines))
    if agent == "gemini":
        return payload(agent, "replace", folder, file_path="app.py", old_string=old, new_string=new)
    if agent == "copilot":
        return payload(agent, "edit", folder, path=path, old_str=old, new_str=new)
    tool = "Edit" if agent == "claude-code" else "Write"
    return payload(agent, tool, folder, file_path=path, old_string=old, new_string=new)


def text_of(agent: str, answered: Answered) -> str:
    """What the agent is told where a write is denied; asserts that code and channel are its own."""
    if agent == "cursor":
        assert (answered.code, answered.err) == (0, "")
        assert set(answered.out) == {"permission", "user_message", "agent_message"}
        assert answered.out["permission"] == "deny"
        return str(answered.out["agent_message"])
    if agent == "copilot":
        assert (answered.code, answered.err) == (0, "")
        assert set(answered.out) == {"permissionDecision", "permissionDecisionReason"}
        assert answered.out["permissionDecision"] == "deny"
        return str(answered.out["permissionDecisionReason"])
    assert (answered.code, answered.out) == (2, None)
    return answered.err


@PARITY
def test_what_an_edit_brings_is_blocked(agent: str, folder: Path) -> None:
    """The warning that stood there is none of it."""
    told = text_of(agent, ask(agent, edits(agent, folder, BAD)))
    assert f"app.py:5:5: blocked {BLOCKED}" in told
    assert "write again (1 new violation)" in told
    assert WARNED not in told
    assert (folder / "app.py").read_text() == OLD


@PARITY
def test_a_clean_edit_is_let_through_without_a_word(agent: str, folder: Path) -> None:
    nothing = {} if agent == "cursor" else None
    assert ask(agent, edits(agent, folder, "    return 2\n")) == (0, nothing, "")


@PARITY
def test_a_warning_blocks_nothing_and_goes_where_the_agent_has_a_channel(agent: str, folder: Path) -> None:
    code, out, err = ask(agent, edits(agent, folder, "    print('new')\n    return 1\n"))
    assert code == 0
    told = f"app.py:3:5: warning {WARNED}"
    if agent in ("claude-code", "codex"):
        assert set(out) == {"hookSpecificOutput"}
        assert out["hookSpecificOutput"]["hookEventName"] == "PreToolUse"
        assert told in out["hookSpecificOutput"]["additionalContext"]
        assert "permissionDecision" not in out["hookSpecificOutput"]
    elif agent == "gemini":
        assert told in out["systemMessage"]
    else:
        assert not out
        assert told in err


@PARITY
def test_what_cannot_be_read_is_blocked_or_let_through_as_the_policy_says_never_silently(
    agent: str, folder: Path
) -> None:
    told = text_of(agent, ask(agent, b'{"hook_event_name": '))
    assert "could not judge this write, so it is blocked" in told
    assert "the payload is no JSON" in told
    fill(folder, {"enforcer.toml": 'on_error = "warn"\n'})
    code, out, err = ask(agent, b"[]")
    assert code == 0
    said = "so it is let through unjudged"
    if agent == "cursor":
        assert out == {}
        assert said in err
    elif agent == "copilot":
        assert out["type"] == "progress"
        assert said in out["message"]
    else:
        assert said in out["systemMessage"]
        assert set(out) == {"systemMessage"}
    assert "deny" not in f"{out}"


@PARITY
def test_what_cannot_be_judged_is_said_to_agent_and_person(agent: str, folder: Path) -> None:
    """Each where it has a channel: to an agent that nothing is denied to, two of them have none."""
    fill(folder, {"enforcer.toml": 'on_error = "warn"\n'})
    (folder / "b").mkdir()
    asked = edits(agent, folder, "    return 2\n")
    if agent == "codex":
        asked["tool_input"]["command"] = asked["tool_input"]["command"].replace("app.py", "b")
    else:
        arguments = asked["toolArgs" if agent == "copilot" else "tool_input"]
        arguments["path" if agent == "copilot" else "file_path"] = "b"
    code, out, err = ask(agent, asked)
    assert code == 0
    if agent in ("claude-code", "codex"):
        assert "b: folder" in out["hookSpecificOutput"]["additionalContext"]
    person = {"cursor": err, "copilot": (out or {}).get("message")}.get(agent) or out["systemMessage"]
    assert "let through unjudged (`on_error` in the policy):\n- b: folder\n" in person


@pytest.mark.parametrize("on_error", ["block", "warn"])
def test_a_defect_is_no_verdict(on_error: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> None:
        raise RuntimeError(BAD)

    fill(folder, {"enforcer.toml": f'on_error = "{on_error}"\n'})
    monkeypatch.setattr(judging, "judged", broken)
    answered = ask("gemini", edits("gemini", folder, BAD))
    assert answered.code == (2 if on_error == "block" else 0)
    assert "RuntimeError: a defect of auto-enforcer" in f"{answered}"
    assert "pay()" not in f"{answered}"


@PARITY
def test_a_tool_that_writes_no_file_is_not_judged(agent: str, folder: Path) -> None:
    """What a shell writes is judged at the end of the turn."""
    answered = ask(agent, payload(agent, "Bash", folder, command="echo 'except: pass' > app.py"))
    assert answered == (0, {} if agent == "cursor" else None, "")


@PARITY
def test_an_event_that_is_not_judged_is_let_through_with_a_word(agent: str, folder: Path) -> None:
    event = {"hook_event_name": "SessionStart", "cwd": str(folder)}
    code, out, err = ask(agent, event)
    assert (code, out) == (0, None)
    assert "`SessionStart`" in err
    assert "is not judged" in err


@PARITY
def test_no_answer_holds_a_secret(agent: str, folder: Path) -> None:
    """Of the new text, of the file's name it is in, or of the payload."""
    secret = str(token("github-token"))
    line = f'    key = "{secret}"; print(key); eval(key)\n    return 1\n'
    answered = ask(agent, edits(agent, folder, line))
    assert "secrets/" in text_of(agent, answered)
    assert secret not in f"{answered}"
    assert secret not in f"{ask(agent, secret.encode())}"


def test_claude_code_writes_whole_files_several_edits_and_cells(folder: Path) -> None:
    path = str(folder / "new.py")
    told = ask("claude-code", payload("claude-code", "Write", folder, file_path=path, content=OLD + BAD))
    assert told.code == 2
    assert "new.py:6:5: blocked" in told.err
    several = [
        {"old_string": "return 1", "new_string": "return two"},
        {"old_string": "return two", "new_string": "return 2", "replace_all": True},
    ]
    path = str(folder / "app.py")
    assert (
        ask("claude-code", payload("claude-code", "MultiEdit", folder, file_path=path, edits=several)).code
        == 0
    )
    several[1]["new_string"] = "exec(two)\n    try:\n        pay()\n    except Exception:\n        pass"
    assert (
        ask("claude-code", payload("claude-code", "MultiEdit", folder, file_path=path, edits=several)).code
        == 2
    )
    cell = {"cell_type": "code", "id": "a1", "metadata": {}, "source": ["x = 1\n"], "outputs": []}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    fill(folder, {"n.ipynb": json.dumps(notebook)})
    told = ask(
        "claude-code",
        payload(
            "claude-code",
            "NotebookEdit",
            folder,
            notebook_path=str(folder / "n.ipynb"),
            cell_id="a1",
            new_source="try:\n    pay()\nexcept Exception:\n    pass\n",
        ),
    )
    assert told.code == 2
    assert BLOCKED in told.err


def test_codex_patches_add_move_and_remove_files(folder: Path) -> None:
    """What moves with its file is not new; a patch that does not fit is left to the agent's own tool."""
    moved = "*** Begin Patch\n*** Update File: app.py\n*** Move to: lib/core.py\n"
    moved += "@@\n-    return 1\n+    return 2\n*** Delete File: gone.py\n*** End Patch\n"
    assert ask("codex", payload("codex", "apply_patch", folder, command=moved)) == (0, None, "")
    added = "*** Begin Patch\n*** Add File: b.py\n" + "".join(
        f"+{line}\n" for line in (OLD + BAD).splitlines()
    )
    answered = ask("codex", payload("codex", "apply_patch", folder, command=added + "*** End Patch"))
    assert answered.code == 2
    assert "b.py:6:5: blocked" in answered.err
    unfit = "*** Begin Patch\n*** Update File: app.py\n@@\n-    return 7\n+    eval(x)\n*** End Patch\n"
    assert ask("codex", payload("codex", "apply_patch", folder, command=unfit)) == (0, None, "")


def test_a_hunk_is_below_the_lines_that_it_names(folder: Path) -> None:
    """Of two places that are alike the one that is meant: here it changes what is blocked already."""
    bad = "    try:\n        pay()\n    except Exception:\n        pass\n"
    fill(folder, {"app.py": f"def one():\n    go()\n\n\ndef two():\n    go()\n{bad}"})
    patch = "*** Begin Patch\n*** Update File: app.py\n@@ def NAME():\n-    go()\n{new}*** End Patch\n"
    new = "".join(f"+{line}\n" for line in bad.splitlines())
    for name, line in (("one", 4), ("two", 8)):
        command_of = patch.replace("NAME", name).replace("{new}", new)
        told = ask("codex", payload("codex", "apply_patch", folder, command=command_of)).err
        assert f"app.py:{line}:5: blocked" in told
        assert told.count("blocked errors/") == 1


@PARITY
def test_an_agent_may_not_silence_what_it_is_told(agent: str, folder: Path) -> None:
    """By a suppression, in the policy, or by taking out the hook that tells it."""
    told = text_of(agent, ask(agent, edits(agent, folder, "    return 1  # enforcer: allow[sql]: fast\n")))
    assert "app.py:3:17: blocked enforcer/weakened-policy  this `allow` is new" in told
    assert "a person's to change: ask for it" in told
    fill(folder, {"enforcer.toml": 'agents = "may-suppress"\n'})
    answered = ask(agent, edits(agent, folder, "    return 1  # enforcer: allow[sql]: fast\n"))
    assert "weakened" not in f"{answered}"


def test_the_hook_itself_is_not_taken_out(folder: Path) -> None:
    """Nor is it where git ignores the file."""
    settings = json.dumps({"hooks": {"Stop": [{"hooks": [{"command": "auto-enforcer hook claude-code"}]}]}})
    fill(folder, {".claude/settings.local.json": settings, ".gitignore": "settings.local.json\n"})
    path = str(folder / ".claude" / "settings.local.json")
    answered = ask("claude-code", payload("claude-code", "Write", folder, file_path=path, content="{}"))
    assert answered.code == 2
    assert "is taken out here" in answered.err


def test_what_one_patch_moves_between_files_is_not_new(folder: Path) -> None:
    line = "x = 1  # enforcer: allow[sql]: fast\n"
    fill(folder, {"a.py": line, "b.py": "y = 2\n"})
    patch = "*** Begin Patch\n*** Update File: a.py\n@@\n-{0}+z = 3\n*** Update File: b.py\n@@\n y = 2\n+{0}"
    moved = payload("codex", "apply_patch", folder, command=patch.format(line) + "*** End Patch\n")
    assert "weakened" not in f"{ask('codex', moved)}"


def test_copilot_speaks_two_forms(folder: Path) -> None:
    """The one without an event's name, with arguments as text too, and the one that others have."""
    asked = edits("copilot", folder, BAD)
    as_text = {**asked, "toolArgs": json.dumps(asked["toolArgs"])}
    assert text_of("copilot", ask("copilot", as_text))
    patch = "*** Begin Patch\n*** Add File: b.py\n" + "".join(
        f"+{line}\n" for line in (OLD + BAD).splitlines()
    )
    assert "b.py:6:5" in text_of(
        "copilot", ask("copilot", {**asked, "toolName": "apply_patch", "toolArgs": patch})
    )
    other = {
        "hook_event_name": "PreToolUse",
        "session_id": "s-1",
        "timestamp": "2026-11-23T10:00:00Z",
        "cwd": str(folder),
        "tool_name": "Write",
        "tool_input": {"path": str(folder / "n.py"), "file_text": OLD + BAD},
    }
    code, out, err = ask("copilot", other)
    assert (code, err) == (0, "")
    assert out["permissionDecision"] == out["hookSpecificOutput"]["permissionDecision"] == "deny"
    assert "n.py:6:5" in out["permissionDecisionReason"]


def test_cursor_leaves_tools_names_out_at_times(folder: Path) -> None:
    asked = edits("cursor", folder, BAD)
    del asked["tool_name"]
    assert BLOCKED in text_of("cursor", ask("cursor", asked))


@PARITY
def test_what_lies_outside_of_the_workspace_is_not_judged(agent: str, folder: Path, tmp_path: Path) -> None:
    """Nor what git ignores: `check` does not come to it."""
    outside = str(tmp_path / "elsewhere.py")
    fill(folder, {".gitignore": "build/\n"})
    for path in (outside, str(folder / "build" / "made.py"), str(folder / "node_modules" / "x" / "index.py")):
        asked = edits(agent, folder, BAD)
        if agent == "codex":
            lines = "".join(f"+{line}\n" for line in (OLD + BAD).splitlines())
            asked["tool_input"] = {
                "command": f"*** Begin Patch\n*** Add File: {path}\n{lines}*** End Patch\n"
            }
        elif agent == "copilot":
            asked |= {"toolName": "create", "toolArgs": {"path": path, "file_text": OLD + BAD}}
        else:
            name = "write_file" if agent == "gemini" else "Write"
            asked |= {"tool_name": name, "tool_input": {"file_path": path, "content": OLD + BAD}}
        assert ask(agent, asked) == (0, {} if agent == "cursor" else None, "")


def test_a_link_into_the_workspace_is_judged_as_the_file_it_leads_to(folder: Path, tmp_path: Path) -> None:
    os.symlink(folder, tmp_path / "link")
    path = str(tmp_path / "link" / "app.py")
    asked = payload(
        "claude-code", "Edit", folder, file_path=path, old_string="    return 1\n", new_string=BAD
    )
    answered = ask("claude-code", asked)
    assert answered.code == 2
    assert "\napp.py:5:5:" in answered.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"file_path": "app.py", "old_string": "nowhere", "new_string": BAD}, ""),
        ({"file_path": "app.py", "old_string": " ", "new_string": BAD}, ""),
        ({"file_path": "missing.py", "old_string": "x", "new_string": BAD}, ""),
        ({"file_path": "a\0b.py", "old_string": "x", "new_string": BAD}, ""),
        ({"file_path": "app.py", "old_string": 7, "new_string": BAD}, "does not say what is replaced"),
        ({"old_string": "x", "new_string": BAD}, "name no file"),
        ({"file_path": "app.py", "edits": [{}] * 201}, "more than 200 edits"),
        ({"file_path": ".", "old_string": "x", "new_string": BAD}, ""),
        ({"file_path": "folder", "old_string": "x", "new_string": BAD}, "folder"),
        (
            {"file_path": "app.py", "old_string": "e", "new_string": "b" * 3_000_000, "replace_all": True},
            "too large",
        ),
        ({"file_path": "\ud800.py", "content": "\ud800"}, ""),
    ],
)
def test_what_does_not_fit_is_the_agents_own_failure_and_what_is_unclear_is_said(
    folder: Path, arguments: dict[str, Any], told: str
) -> None:
    (folder / "folder").mkdir()
    answered = ask("claude-code", payload("claude-code", "Edit", folder, **arguments))
    assert answered.code == (2 if told else 0)
    assert told in answered.err
    assert bool(told) == bool(answered.err)


def test_at_most_so_many_are_told_blocked_ones_first_and_always_the_same(folder: Path) -> None:
    lines = "".join(f"    print({index})\n    eval(x{index})\n" for index in range(30))
    asked = edits("claude-code", folder, lines + BAD)
    answered = ask("claude-code", asked, most=7)
    told = answered.err.splitlines()
    assert len(told) == 9
    assert told[-1].startswith("and ")
    words = [line.split()[1] for line in told[1:-1]]
    assert words == ["blocked"] + ["warning"] * 6
    every = ask("claude-code", asked, most=1_000).err.splitlines()[1:]
    places = [(line.split()[1], int(line.split(":")[1])) for line in every]
    assert places == sorted(places)
    assert {word for word, _ in places} == {"blocked", "warning"}
    assert answered == ask("claude-code", asked, most=7)


@pytest.mark.parametrize(
    "written",
    [
        OLD.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + OLD.encode(),
        OLD.encode() + b"# caf\xe9\n",
        b"\xff\xfe" + OLD.encode("utf-16-le"),
    ],
    ids=["CRLF", "a mark", "no UTF-8", "UTF-16"],
)
def test_how_the_file_is_written_is_no_obstacle(folder: Path, written: bytes) -> None:
    fill(folder, {"app.py": written})
    told = ask("claude-code", edits("claude-code", folder, BAD + "# \ud800\n")).err
    assert f"blocked {BLOCKED}" in told
    assert WARNED not in told


def test_a_policy_that_cannot_be_read_is_said_and_can_be_mended(folder: Path) -> None:
    fill(folder, {"enforcer.toml": "stage = 7\n"})
    answered = ask("claude-code", edits("claude-code", folder, "    return 2\n"))
    assert answered.code == 2
    assert "the policy has a mistake at enforcer.toml:1:1" in answered.err
    path = str(folder / "enforcer.toml")
    mended = payload("claude-code", "Write", folder, file_path=path, content='stage = "block"\n')
    assert ask("claude-code", mended) == (0, None, "")


def test_the_command_answers_through_its_own_streams(ae: Command, folder: Path) -> None:
    """One process; the rest is asked in this one."""
    done = ae("hook", "claude-code", given=json.dumps(edits("claude-code", folder, BAD)).encode())
    assert (done.code, done.out) == (2, "")
    assert BLOCKED in done.err
    done = ae("hook", "clade-code")
    assert (done.code, done.out) == (2, "")
    assert "did you mean `claude-code`?" in done.err
    done = ae("hook", "--help")
    assert all(f"  {name}" in done.out and about.document in done.out for name, about in AGENTS.items())


def test_the_settings_that_the_page_shows_hook_what_is_judged() -> None:
    """And are themselves files out of which an agent cannot take a hook."""
    page = (Path(__file__).parents[2] / "editors" / "README.md").read_text(encoding="utf-8")
    shown = {name: json.loads(text) for name, text in SNIPPET.findall(page)}
    asked = set()
    for name, settings in shown.items():
        if "hooks" not in settings:
            continue
        [agent] = {word.split()[-1] for word in SAYS.findall(json.dumps(settings))}
        asked.add(agent)
        assert set(settings["hooks"]) <= set(command.adapter_of(agent).judged)
        assert holds_hooks(name)
    assert asked == set(AGENTS)
