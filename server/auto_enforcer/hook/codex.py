"""Codex CLI, as the schemas of its hooks (codex-rs/hooks/schema/generated) and what reads their answers
have it at 0.145 of 2026.

- The events are `PreToolUse`, `PostToolUse`, `Stop` and `SubagentStop`, with the fields that Claude Code's
  have. Files are edited by `apply_patch` alone, whose `tool_input.command` is the patch; a matcher may also
  call it `Edit` or `Write`. Its paths are relative to `cwd`.
- Exit code 2 with words on standard error blocks the tool or the stop, and the words go to the agent and to
  the person; after a tool they go to the agent. With 0, standard output is empty or an object in which
  nothing else may stand than the schema has: `systemMessage` goes to the person, and of tools
  `hookSpecificOutput.additionalContext` to the agent. What is no such object, and any other code, is a
  failure that blocks nothing.
- `stop_hook_active` says that the agent goes on because of a hook.
"""

from __future__ import annotations

from auto_enforcer.hook import claude_code, edits
from auto_enforcer.hook.events import Adapter, Call, Payload

_WRITING = frozenset(("apply_patch",))


def read(payload: Payload) -> Call:
    """What is asked."""
    return edits.called(payload, claude_code.EVENTS, _WRITING)


ADAPTER = Adapter(tuple(claude_code.EVENTS), read, claude_code.answer)
