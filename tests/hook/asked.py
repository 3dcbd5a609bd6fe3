"""A hook, asked as an agent asks it, in this process: what it answers, and through which channel."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from auto_enforcer.hook import command
from auto_enforcer.hook.events import Call, Event

Payload = Mapping[str, Any]


class Answered(NamedTuple):
    """The exit code, standard output as JSON (None: empty), and standard error."""

    code: int
    out: Any
    err: str


def ask(agent: str, payload: Payload | bytes, most: int = 20) -> Answered:
    """Ask the hook of an agent. The working folder is the agent's."""
    adapter = command.adapter_of(agent)
    data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    read, problem = command.payload_of(data)
    call = Call(Event.BEFORE, "", "", problem=problem) if problem else adapter.read(read)
    code, out, err = command.answered(agent, adapter, call, most)
    return Answered(code, json.loads(out) if out else None, err)


def payload(agent: str, tool: str, folder: Path, **arguments: Any) -> dict[str, Any]:
    """What an agent hands over before a tool runs, in the form that its document describes."""
    common: dict[str, Any] = {"cwd": str(folder)}
    if agent == "copilot":
        return {
            **common,
            "sessionId": "s-1",
            "timestamp": 1787000000000,
            "toolName": tool,
            "toolArgs": arguments,
        }
    common |= {"tool_name": tool, "tool_input": arguments}
    if agent == "cursor":
        return common | {
            "conversation_id": "c-1",
            "generation_id": "g-1",
            "model": "some-model",
            "hook_event_name": "preToolUse",
            "cursor_version": "2.4.1",
            "workspace_roots": [str(folder)],
            "user_email": None,
            "transcript_path": None,
            "tool_use_id": "t-1",
        }
    common |= {"session_id": "s-1", "transcript_path": os.devnull}
    if agent == "gemini":
        return common | {"hook_event_name": "BeforeTool", "timestamp": "2026-11-23T10:00:00Z"}
    common |= {"hook_event_name": "PreToolUse", "permission_mode": "default", "tool_use_id": "t-1"}
    return common | ({"turn_id": "u-1", "model": "some-model"} if agent == "codex" else {})
