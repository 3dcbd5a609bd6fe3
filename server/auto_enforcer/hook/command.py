"""`auto-enforcer hook AGENT`: reads what an agent asks, judges it, and answers as the agent wants it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from auto_enforcer.cli_exit import UserError
from auto_enforcer.hook.agents import AGENTS, described
from auto_enforcer.hook.events import Adapter, Answer, Call, Event, Outcome, Payload, Reply, not_judged

if TYPE_CHECKING:
    from auto_enforcer.workspaces import Workspaces

LARGEST_PAYLOAD = 32 << 20
"""Bytes that an agent may hand over; with more it cannot be judged."""

MOST_SHOWN = 20
"""Findings that are told, at most, where nobody says how many."""

MOST_REASONS = 3
"""Reasons that are told why something could not be judged."""


def add(hook: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    hook.formatter_class = _as_written
    hook.epilog = described()
    hook.add_argument(
        "agent", nargs="?", metavar="AGENT", help="who asks; the list below says for what each was written"
    )
    hook.add_argument(
        "--most",
        type=_count,
        default=MOST_SHOWN,
        metavar="N",
        help=f"how many findings to tell, at most (default: {MOST_SHOWN})",
    )


def _as_written(prog: str) -> argparse.HelpFormatter:
    return argparse.RawDescriptionHelpFormatter(prog, width=110)


def _count(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if not 0 < number <= 1_000:
        raise argparse.ArgumentTypeError(f"must be a number from 1 to 1000, not `{text}`")
    return number


def adapter_of(name: str) -> Adapter:
    """An agent's adapter, the only one that is loaded. Raises UserError."""
    if name not in AGENTS:
        from auto_enforcer.policy_words import listed, meant

        near = meant(name, tuple(AGENTS), listing=False)
        raise UserError(f"there is no agent `{name}`{near or '; write ' + listed(tuple(AGENTS))}")
    adapter: Adapter = import_module(f"auto_enforcer.hook.{name.replace('-', '_')}").ADAPTER
    return adapter


def run(options: argparse.Namespace) -> int:
    """Answer one call of an agent; the exit code is the agent's own."""
    if not options.agent:
        raise UserError("nothing is given for `AGENT`; see `auto-enforcer hook --help`")
    adapter = adapter_of(options.agent)
    payload, problem = payload_of(sys.stdin.buffer.read(LARGEST_PAYLOAD + 1))
    call = adapter.read(payload) if not problem else Call(Event.BEFORE, "", "", problem=problem)
    project = os.environ.get(adapter.project, "") if adapter.project else ""
    if os.path.isabs(project):
        call = call._replace(roots=(*call.roots, project))
    answer = answered(options.agent, adapter, call, options.most)
    sys.stdout.write(answer.out)
    sys.stdout.flush()
    sys.stderr.write(answer.err)
    return answer.code


def payload_of(data: bytes) -> tuple[Payload, str]:
    """What the agent says, or why that cannot be read."""
    if len(data) > LARGEST_PAYLOAD:
        return {}, f"the payload has more than {LARGEST_PAYLOAD >> 20} MiB"
    import json

    try:
        payload = json.loads(data)
    except (ValueError, RecursionError):
        return {}, "the payload is no JSON"
    if not isinstance(payload, dict):
        return {}, "the payload is no object"
    return payload, ""


def answered(name: str, adapter: Adapter, call: Call, most: int) -> Answer:
    """The answer to a call. What goes wrong while it is judged is answered too, and never passed over."""
    if call.event is Event.OTHER and not call.problem:
        known = call.name in adapter.judged
        return Answer(0) if known else Answer(0, err=not_judged(name, call.name, adapter.judged))
    if not call.writes and not call.problem and call.event is not Event.STOP:
        return adapter.answer(call, Reply(Outcome.CLEAN))
    on_error = "block"
    try:
        call, workspaces, on_error = _begun(call)
        reply = _reply(call, workspaces, on_error, most)
    except UserError as error:
        reply = _unjudged(call, [str(error)], on_error)
    except Exception as error:  # noqa: BLE001 — an agent would go on: a defect must not look like a verdict
        import traceback

        # The places alone: the error's own words may repeat a secret of the file.
        traceback.print_tb(error.__traceback__)
        reply = _unjudged(call, [f"{type(error).__name__}: a defect of auto-enforcer"], on_error)
    return adapter.answer(call, reply)


def _begun(call: Call) -> tuple[Call, Workspaces, str]:
    """The call with the folder that the agent works in, and what the policy there says of what cannot be
    judged."""
    from auto_enforcer.cli_files import today
    from auto_enforcer.workspaces import Workspaces

    workspaces = Workspaces(today=today())
    folder = os.path.normpath(call.folder) if os.path.isabs(call.folder) else os.getcwd()
    policy = workspaces.of_folder(folder).policy(os.path.join(folder, ""))
    return call._replace(folder=folder), workspaces, policy.on_error


def _reply(call: Call, workspaces: Workspaces, on_error: str, most: int) -> Reply:
    if call.problem:
        return _unjudged(call, [call.problem], on_error)
    from auto_enforcer.hook import judging, wording

    judged = judging.judged(workspaces, call)
    blocked = any(one.is_blocked for one in judged.found)
    notes = "".join([f"auto-enforcer: {note}\n" for note in judged.notes])
    reply = Reply(Outcome.TOLD, notes, notes) if notes else Reply(Outcome.CLEAN)
    if judged.found:
        told = wording.told(call, judged.found, most)
        reply = Reply(Outcome.BLOCKED if blocked else Outcome.TOLD, told, notes)
        if blocked and call.event is Event.STOP and call.again:
            # It was asked once to mend them. Asked for ever it could never stop.
            reply = Reply(Outcome.TOLD, told, wording.left(judged.found) + notes)
    if not judged.unjudged:
        return reply
    unjudged = _unjudged(call, judged.unjudged, on_error)
    outcome = Outcome.BLOCKED if Outcome.BLOCKED in (reply.outcome, unjudged.outcome) else Outcome.TOLD
    return Reply(outcome, unjudged.text + reply.text, unjudged.person + reply.person)


def _unjudged(call: Call, reasons: Sequence[str], on_error: str) -> Reply:
    """What to say where it could not be judged what an agent does, to the agent and to the person."""
    from auto_enforcer.render.text import printable

    shown = [printable(reason)[:300] for reason in reasons[:MOST_REASONS]]
    if len(reasons) > MOST_REASONS:
        shown.append(f"and {len(reasons) - MOST_REASONS} more")
    what = "this turn" if call.event is Event.STOP else "this write"
    blocks = on_error == "block" and not (call.event is Event.STOP and call.again)
    word = "so it is blocked" if blocks else "so it is let through unjudged"
    lines = "".join([f"- {reason}\n" for reason in shown])
    text = f"auto-enforcer could not judge {what}, {word} (`on_error` in the policy):\n{lines}"
    return Reply(Outcome.BLOCKED if blocks else Outcome.TOLD, text, text)
