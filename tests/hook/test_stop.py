"""At the end of an agent's turn all that differs from the base is judged, whoever wrote it; and files after
they were written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from auto_enforcer.hook.agents import AGENTS
from command import Command, fill
from hook.asked import Answered, ask
from repositories import Repository

if shutil.which("git") is None:
    pytest.skip("git is not installed", allow_module_level=True)

OLD = "def settle():\n    try:\n        pay()\n    except Exception:\n        pass\n"
NEW = "def other():\n    try:\n        give()\n    except Exception:\n        pass\n"
BLOCKED = "app.py:9:5: blocked errors/swallowed-exception"
STOPS = {
    "claude-code": "Stop",
    "cursor": "stop",
    "codex": "Stop",
    "copilot": "agentStop",
    "gemini": "AfterAgent",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with an old violation that is committed."""
    monkeypatch.setenv("AUTO_ENFORCER_CACHE_DIR", str(cache / "auto-enforcer"))
    monkeypatch.setenv("AUTO_ENFORCER_TODAY", "2026-11-22")
    monkeypatch.chdir(tmp_path)
    Repository(tmp_path).commit({"app.py": OLD, "enforcer.toml": 'historical = "same"\n'})
    return tmp_path


def commit(folder: Path) -> None:
    Repository(folder).commit()


def stop(agent: str, folder: Path, *, again: bool = False) -> Answered:
    """The agent is done; `again`: it went on because of a hook."""
    common: dict[str, Any] = {"cwd": str(folder)}
    if agent == "copilot":
        common |= {
            "sessionId": "s-1",
            "timestamp": 1787000000000,
            "transcriptPath": "t",
            "stopReason": "end_turn",
        }
        return ask(agent, common | {"stop_hook_active": again})
    common["hook_event_name"] = STOPS[agent]
    if agent == "cursor":
        common |= {"conversation_id": "c-1", "workspace_roots": [str(folder)], "status": "completed"}
        return ask(agent, common | {"loop_count": int(again)})
    if agent == "gemini":
        common |= {"prompt": "do it", "prompt_response": "done"}
    else:
        common |= {"permission_mode": "default", "last_assistant_message": "done"}
    return ask(agent, common | {"session_id": "s-1", "transcript_path": None, "stop_hook_active": again})


def goes_on(agent: str, answered: Answered) -> str:
    """What the agent is told that must not stop yet; asserts that code and channel are its own."""
    if agent == "cursor":
        assert (answered.code, set(answered.out), answered.err) == (0, {"followup_message"}, "")
        return str(answered.out["followup_message"])
    if agent == "copilot":
        assert (answered.code, answered.err) == (0, "")
        assert answered.out["decision"] == "block"
        return str(answered.out["reason"])
    assert (answered.code, answered.out) == (2, None)
    return answered.err


@pytest.mark.parametrize("agent", AGENTS)
def test_what_a_shell_wrote_keeps_the_agent_from_stopping_once(agent: str, folder: Path) -> None:
    nothing = {} if agent == "cursor" else None
    assert stop(agent, folder) == (0, nothing, "")
    (folder / "app.py").write_text(OLD + NEW)
    told = goes_on(agent, stop(agent, folder))
    assert BLOCKED in told
    assert "(1 new violation)" in told
    code, out, err = stop(agent, folder, again=True)
    assert code == (2 if agent == "copilot" else 0)
    assert "leaves 1 new violation that is blocked" in f"{out}{err}"
    (folder / "app.py").write_text(OLD + NEW + NEW)
    assert "leaves 2 new violations that are blocked" in "{1}{2}".format(*stop(agent, folder, again=True))


def test_new_files_moved_ones_and_the_policy_are_looked_at(folder: Path) -> None:
    fill(folder, {"new.py": NEW, ".gitignore": "made/\n", "made/x.py": NEW})
    (folder / "app.py").rename(folder / "moved.py")
    (folder / "enforcer.toml").unlink()
    told = stop("claude-code", folder).err
    assert "new.py:4:5: blocked errors/swallowed-exception" in told
    assert "enforcer.toml:1:1: blocked enforcer/weakened-policy  `historical` is less strict" in told
    assert "made" not in told
    assert "moved" not in told


def test_what_is_committed_somebody_has_decided(folder: Path) -> None:
    """A suppression is weaker until it is committed."""
    fill(folder, {"app.py": OLD + "x = 1  # enforcer: allow[logging]: for a while\n"})
    assert "weakened-policy" in stop("gemini", folder).err
    commit(folder)
    assert stop("gemini", folder) == (0, None, "")


def test_leave_that_an_agent_gives_itself_by_a_shell_is_none(folder: Path) -> None:
    may = {"enforcer.toml": 'historical = "same"\nagents = "may-suppress"\n'}
    fill(folder, may | {"app.py": OLD + "x = 1  # enforcer: allow[logging]: for a while\n"})
    told = stop("claude-code", folder).err
    assert "app.py:6:10: blocked enforcer/weakened-policy" in told
    assert "enforcer.toml:2:1: blocked enforcer/weakened-policy  `agents` is less strict" in told


def test_the_project_is_judged_where_the_agent_has_gone_elsewhere(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, ae: Command
) -> None:
    """The whole command, for it is told by the environment. Both before a write and at the end."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (folder / "app.py").write_text(OLD + NEW)
    arguments = {"file_path": str(folder / "b.py"), "content": NEW}
    for event in (
        {"hook_event_name": "Stop"},
        {"hook_event_name": "PreToolUse", "tool_name": "Write", "tool_input": arguments},
    ):
        given = json.dumps(event | {"cwd": str(elsewhere)}).encode()
        done = ae("hook", "claude-code", given=given, CLAUDE_PROJECT_DIR=str(folder))
        assert (done.code, done.out) == (2, "")
        assert "blocked errors/swallowed-exception" in done.err


def test_cursor_is_not_answered_where_the_person_stopped_it(folder: Path) -> None:
    (folder / "app.py").write_text(OLD + NEW)
    event = {"hook_event_name": "stop", "workspace_roots": [str(folder)], "loop_count": 0}
    assert ask("cursor", event | {"status": "aborted"}) == (0, None, "")
    assert ask("cursor", event | {"status": "completed"}).out["followup_message"]


def test_a_base_that_is_not_there_is_said(folder: Path) -> None:
    fill(folder, {"enforcer.toml": 'base = "origin/none"\n'})
    commit(folder)
    answered = stop("codex", folder)
    assert answered.code == 2
    assert "could not judge this turn, so it is blocked" in answered.err
    assert "there is no revision `origin/none`" in answered.err


def test_without_git_the_person_is_told_and_nothing_is_blocked(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("plain")
    fill(folder, {"app.py": NEW})
    code, out, err = stop("claude-code", folder)
    assert (code, err) == (0, "")
    assert "is in no git repository" in out["systemMessage"]


@pytest.mark.parametrize(
    ("agent", "event", "tool"),
    [
        ("claude-code", "PostToolUse", "Write"),
        ("codex", "PostToolUse", "apply_patch"),
        ("cursor", "postToolUse", "Write"),
        ("cursor", "afterFileEdit", ""),
        ("copilot", "", "create"),
        ("gemini", "AfterTool", "write_file"),
    ],
)
def test_a_file_that_was_written_is_compared_with_its_base(
    agent: str, event: str, tool: str, folder: Path
) -> None:
    """It is too late to block; the agent is told all the same."""
    (folder / "app.py").write_text(OLD + NEW)
    path = str(folder / "app.py")
    written: dict[str, Any] = {"file_path": path, "content": OLD + NEW}
    if agent == "codex":
        patch = "*** Begin Patch\n*** Update File: app.py\n@@\n-x\n+y\n*** End Patch\n"
        written = {"command": patch}
    payload: dict[str, Any] = {"cwd": str(folder), "tool_name": tool, "tool_input": written}
    if agent == "copilot":
        payload = {"cwd": str(folder), "toolName": tool, "toolArgs": {"path": path, "file_text": OLD + NEW}}
        payload["toolResult"] = {"resultType": "success", "textResultForLlm": "ok"}
    elif event == "afterFileEdit":
        edits = [{"old_string": "x", "new_string": "y"}]
        payload = {
            "hook_event_name": event,
            "workspace_roots": [str(folder)],
            "file_path": path,
            "edits": edits,
        }
    else:
        payload["hook_event_name"] = event
    code, out, err = ask(agent, payload)
    if agent in ("claude-code", "codex"):
        assert (code, out) == (2, None)
        assert BLOCKED in err
        return
    assert (code, err) == (0, "")
    said = out.get("additional_context") or out.get("additionalContext")
    assert BLOCKED in (said or out["hookSpecificOutput"]["additionalContext"])
    assert "decision" not in out


def test_the_baseline_is_not_added_to_by_a_shell(folder: Path) -> None:
    fill(folder, {".enforcer-baseline": "app.py errors/swallowed-exception 90ab 3f1d 1\n"})
    answered = stop("claude-code", folder)
    assert ".enforcer-baseline:1:1: blocked enforcer/weakened-policy" in answered.err
