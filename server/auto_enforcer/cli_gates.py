"""What the gates of git have in common: how they print what they found, and what they end with."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from auto_enforcer.cli_exit import BLOCKED, CLEAN, FAILED
from auto_enforcer.cli_terminal import wants_colour
from auto_enforcer.render import text
from auto_enforcer.render.items import CouldNotRun, Item, Tally
from auto_enforcer.workspaces import Workspaces


def told(items: Iterable[Item], tally: Tally, workspaces: Workspaces | None, head: str = "") -> int:
    """Print what was found, and what is wrong with the policies of the workspaces, if any; the exit code.
    Where there is nothing to say nothing is said, as git's hooks do, `head` neither."""

    def all_items() -> Iterable[Item]:
        yield from items
        for place, message in workspaces.policy_problems() if workspaces is not None else ():
            yield CouldNotRun(place, message)

    for chunk in text.render(all_items(), tally, colour=wants_colour(sys.stdout)):
        if tally.families or tally.would_block or tally.failures:
            sys.stdout.write(head + chunk)
            head = ""
    if tally.failures:
        return FAILED
    return BLOCKED if tally.gates else CLEAN
