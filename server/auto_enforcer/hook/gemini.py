"""Gemini CLI, as its hooks reference (docs/hooks/reference.md of google-gemini/gemini-cli) has it at 0.56
of August 2026.

- `BeforeTool` is asked before a tool runs, `AfterTool` after it, `AfterAgent` when the agent has answered.
  Standard input is an object with `hook_event_name`, `cwd`, and for tools `tool_name` and `tool_input`.
- `write_file` has `file_path` and `content`; `replace` has `file_path`, `old_string`, `new_string` and
  `allow_multiple`. Where the old text does not stand in the file word for word, the tool also tries looser
  readings of it: these are seen after the tool and at the end of the turn.
- Exit code 2 denies the tool, or lets the agent try again instead of stopping, and standard error is what
  it is told. After a tool it would hide what the tool answered, so there the words go into
  `hookSpecificOutput.additionalContext`, with 0. `systemMessage` goes to the person. Code 1 is a warning.
- `GEMINI_PROJECT_DIR` names the project's folder.
- `stop_hook_active` says that the agent goes on because of a hook.
"""

from __future__ import annotations

from auto_enforcer.hook import edits, events
from auto_enforcer.hook.events import Adapter, Answer, Call, Event, Outcome, Payload, Reply

_WRITING = frozenset(("write_file", "replace"))
_EVENTS = {"BeforeTool": Event.BEFORE, "AfterTool": Event.AFTER, "AfterAgent": Event.STOP}


def read(payload: Payload) -> Call:
    """What is asked."""
    return edits.called(payload, _EVENTS, _WRITING)


def answer(call: Call, reply: Reply) -> Answer:
    """What is answered."""
    if reply.outcome is Outcome.CLEAN:
        return Answer(0)
    if call.event is Event.AFTER:
        said: dict[str, object] = {"systemMessage": reply.person} if reply.person else {}
        said["hookSpecificOutput"] = {"hookEventName": call.name, "additionalContext": reply.text}
        return Answer(0, events.as_json(said))
    if reply.outcome is Outcome.BLOCKED:
        return Answer(2, err=reply.text)
    return Answer(0, events.as_json({"systemMessage": reply.person or reply.text}))


ADAPTER = Adapter(tuple(_EVENTS), read, answer, "GEMINI_PROJECT_DIR")
