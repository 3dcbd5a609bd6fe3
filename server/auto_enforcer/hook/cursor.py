"""Cursor, as its page on hooks (cursor.com/docs/hooks, `hooks.json` of version 1) has it in the middle of
2026.

- `preToolUse` is asked before a tool runs, `postToolUse` after it, `stop` and `subagentStop` when the agent
  (one of its agents) is done. Standard input is an object with `hook_event_name`, `workspace_roots`, and
  for tools `tool_name`, `tool_input` and `cwd`.
- `Write` has `file_path` and `content`, or the text to replace and the new one; some versions call that
  `StrReplace` or leave the tool's name out, so what a tool writes is told by what it is given. `Delete`
  removes.
- `permission: "deny"` with exit code 0 blocks a tool; `user_message` goes to the person, `agent_message` to
  the agent. Where nothing is denied there is no way to say something before a tool: `additional_context`
  says it after the tool. Standard error goes to the output channel of hooks.
- `CURSOR_PROJECT_DIR` names the first of the workspace's folders.
- `followup_message` at the end is sent as the person's next message. `loop_count` says how often that was
  done, five times at most. It is not to be answered where `status` says that the person stopped the agent.
"""

from __future__ import annotations

from auto_enforcer.hook import edits, events
from auto_enforcer.hook.events import Adapter, Answer, Call, Event, Outcome, Payload, Reply

_WRITING = frozenset(("Write", "StrReplace", "Edit", "MultiEdit", "ApplyPatch", "Delete"))
_EVENTS = {
    "preToolUse": Event.BEFORE,
    "postToolUse": Event.AFTER,
    "afterFileEdit": Event.AFTER,
    "stop": Event.STOP,
    "subagentStop": Event.STOP,
}


def read(payload: Payload) -> Call:
    """What is asked."""
    if events.said(payload, "hook_event_name") == "afterFileEdit":
        payload = {**payload, "tool_name": "Edit", "tool_input": payload}
    call = edits.called(payload, _EVENTS, _WRITING)
    if call.event is not Event.STOP:
        return call
    if events.said(payload, "status") in ("aborted", "error"):
        return call._replace(event=Event.OTHER)
    count = payload.get("loop_count")
    return call._replace(again=isinstance(count, int) and count > 0)


def answer(call: Call, reply: Reply) -> Answer:
    """What is answered."""
    if reply.outcome is Outcome.CLEAN:
        return Answer(0, "{}\n")
    blocked = reply.outcome is Outcome.BLOCKED
    if call.event is Event.AFTER:
        return Answer(0, events.as_json({"additional_context": reply.text}), reply.person)
    if call.event is Event.STOP and blocked:
        return Answer(0, events.as_json({"followup_message": reply.text}), reply.person)
    if blocked:
        said = {
            "permission": "deny",
            "user_message": reply.person or reply.text,
            "agent_message": reply.text,
        }
        return Answer(0, events.as_json(said))
    return Answer(0, "{}\n", reply.person or reply.text)


ADAPTER = Adapter(tuple(_EVENTS), read, answer, "CURSOR_PROJECT_DIR")
