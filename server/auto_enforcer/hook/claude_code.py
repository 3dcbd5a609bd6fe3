"""Claude Code, as its hooks reference (code.claude.com/docs/en/hooks) and changelog have it at 2.1.240 of
August 2026.

- `PreToolUse` is asked before a tool runs, `PostToolUse` after it, `Stop` and `SubagentStop` when the agent
  (one of its agents) is done. Standard input is an object with `hook_event_name`, `cwd`, and for tools
  `tool_name` and `tool_input`.
- `Write` has `file_path` and `content`; `Edit` has `file_path`, `old_string`, `new_string` and
  `replace_all`; `MultiEdit` of earlier versions a list `edits` of these, one after the other;
  `NotebookEdit` has `notebook_path`, `cell_id`, `new_source`, `cell_type` and `edit_mode`. Paths are
  absolute.
- Exit code 2 blocks the tool or the stop, and standard error goes to the agent and into the transcript that
  the person reads; after a tool it goes to the agent alone. With 0, standard output may be an object:
  `systemMessage` goes to the person, `hookSpecificOutput.additionalContext` to the agent. Any other code is
  an error that blocks nothing.
- `CLAUDE_PROJECT_DIR` names the project's folder: `cwd` is where the agent's shell has gone to.
- `stop_hook_active` says that the agent goes on because of a hook; after eight times in a row it stops
  anyway.
"""

from __future__ import annotations

from auto_enforcer.hook import edits, events
from auto_enforcer.hook.events import Adapter, Answer, Call, Event, Outcome, Payload, Reply

_WRITING = frozenset(("Write", "Edit", "MultiEdit", "NotebookEdit"))
EVENTS = {
    "PreToolUse": Event.BEFORE,
    "PostToolUse": Event.AFTER,
    "Stop": Event.STOP,
    "SubagentStop": Event.STOP,
}


def read(payload: Payload) -> Call:
    """What is asked."""
    return edits.called(payload, EVENTS, _WRITING)


def answer(call: Call, reply: Reply) -> Answer:
    """What is answered."""
    if reply.outcome is Outcome.CLEAN:
        return Answer(0)
    if reply.outcome is Outcome.BLOCKED:
        return Answer(2, err=reply.text)
    said: dict[str, object] = {}
    is_of_tool = call.event in (Event.BEFORE, Event.AFTER) and bool(call.name)
    if reply.person or not is_of_tool:
        said["systemMessage"] = reply.person or reply.text
    if is_of_tool:
        said["hookSpecificOutput"] = {"hookEventName": call.name, "additionalContext": reply.text}
    return Answer(0, events.as_json(said))


ADAPTER = Adapter(tuple(EVENTS), read, answer, "CLAUDE_PROJECT_DIR")
