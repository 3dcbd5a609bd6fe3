"""GitHub Copilot (its CLI and cloud agent), as its hooks reference (docs.github.com/en/copilot/reference/
hooks-reference, hooks of version 1) has it in the autumn of 2026.

- `preToolUse` is asked before a tool runs, `postToolUse` after it, `agentStop` and `subagentStop` when the
  agent (one of its agents) is done. An event that is set by such a name gives an object with `cwd`,
  `toolName` and `toolArgs` that does not name the event; one that is set by the name that others have for
  it (`PreToolUse`, `Stop`) gives `hook_event_name`, `tool_name` and `tool_input`, and calls the tools
  `Write` and `Edit`.
- `create` has `path` and `file_text`; `edit` has `path`, `old_str` and `new_str`; `str_replace_editor` has
  these and a `command`; `apply_patch` has the patch. `toolArgs` may be text that holds the object.
- `permissionDecision: "deny"` with a reason and exit code 0 blocks a tool, and the reason goes to the
  agent. Any other code denies the tool as well, without the reason. Where nothing is denied there is no way
  to say something to the agent before a tool: `additionalContext` says it after the tool. A line of
  standard output that is an object of the `type` progress is shown to the person.
- `decision: "block"` at the end lets the agent go on, with the reason as its prompt. Where nothing is
  blocked, exit code 2 shows standard error to the person. After eight times in a row the agent stops
  anyway; `stop_hook_active` says that it goes on because of a hook.
"""

from __future__ import annotations

from auto_enforcer.hook import edits, events
from auto_enforcer.hook.events import Adapter, Answer, Call, Event, Outcome, Payload, Reply

_WRITING = frozenset(
    ("create", "edit", "str_replace_editor", "apply_patch", "Write", "Edit", "create_file", "insert_edit")
)
_EVENTS = {
    "preToolUse": Event.BEFORE,
    "postToolUse": Event.AFTER,
    "agentStop": Event.STOP,
    "subagentStop": Event.STOP,
}
_OTHER_FORM = {
    "PreToolUse": Event.BEFORE,
    "PostToolUse": Event.AFTER,
    "Stop": Event.STOP,
    "SubagentStop": Event.STOP,
}


def read(payload: Payload) -> Call:
    """What is asked."""
    if "hook_event_name" in payload:
        call = edits.called(payload, _OTHER_FORM, _WRITING)
        return call._replace(is_other_form=True)
    name = _event(payload)
    named = {
        **payload,
        "hook_event_name": name,
        "tool_name": payload.get("toolName"),
        "tool_input": payload.get("toolArgs"),
    }
    return edits.called(named, _EVENTS, _WRITING)


def _event(payload: Payload) -> str:
    """The event, which only the fields tell."""
    if "toolName" in payload:
        if "error" in payload:
            return "postToolUseFailure"
        return "postToolUse" if "toolResult" in payload else "preToolUse"
    if "stopReason" in payload or "stop_hook_active" in payload:
        return "subagentStop" if "agentName" in payload else "agentStop"
    return ""


def answer(call: Call, reply: Reply) -> Answer:
    """What is answered."""
    if reply.outcome is Outcome.CLEAN:
        return Answer(0)
    blocked = reply.outcome is Outcome.BLOCKED
    if call.event is Event.AFTER:
        said: dict[str, object] = {"additionalContext": reply.text}
        if call.is_other_form:
            said["hookSpecificOutput"] = {"hookEventName": call.name, "additionalContext": reply.text}
        return Answer(0, events.as_json(said), reply.person)
    if call.event is Event.STOP:
        if blocked:
            return Answer(0, events.as_json({"decision": "block", "reason": reply.text}), reply.person)
        return Answer(2, err=reply.person or reply.text)
    if blocked:
        decision = {"permissionDecision": "deny", "permissionDecisionReason": reply.text}
        if call.is_other_form:
            decision["hookSpecificOutput"] = {"hookEventName": call.name, **decision}  # type: ignore[assignment]
        return Answer(0, events.as_json(decision))
    shown = events.as_json({"type": "progress", "message": reply.person}) if reply.person else ""
    return Answer(0, shown, reply.person or reply.text)


ADAPTER = Adapter((*_EVENTS, *_OTHER_FORM), read, answer)
