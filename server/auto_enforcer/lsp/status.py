"""`autoEnforcer/status`: what a status bar shows, told to clients that ask for it, when it has changed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from auto_enforcer.lsp.positions import uri_of
from auto_enforcer.lsp.workspace import OpenDocument, Workspace
from auto_enforcer.model import Stage

STATUS = "autoEnforcer/status"

PAUSE = 0.25
"""Seconds between two notifications, at least."""

MOST_NAMED = 50
"""Rules that could not run that are named of one session."""

Counts = Counter[tuple[str, str]]
"""How many violations are shown, by severity and scope."""


class Status:
    """What is found in the open documents, summed up by session as they are published one by one."""

    def __init__(
        self,
        workspace: Workspace,
        tell: Callable[[dict[str, Any]], None],
        is_paused: Callable[[str], bool],
        problems: Callable[[str], int],
        now: Callable[[], float],
    ) -> None:
        """`is_paused` and `problems`, how many there are with the policy, are asked of a session's root."""
        self._workspace = workspace
        self._tell = tell
        self._is_paused = is_paused
        self._problems = problems
        self._now = now
        self._of: dict[str, tuple[str, Counts, frozenset[str]]] = {}
        """By URI: the root, what was found there when it was last looked at, the rules that could not run."""
        self._sums: dict[str, Counts] = {}
        self._failed: dict[str, Counter[str]] = {}
        self._checked = 0.0
        self._told: list[dict[str, Any]] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def count(self, opened: OpenDocument) -> None:
        """Take over what is found in a document now."""
        found, failed = Counts(), frozenset[str]()
        if not opened.failed:
            found, failed = opened.session.counted(opened.document), opened.document.failed
        self._put(opened.uri, opened.root, found, failed)
        self._checked = self._now()
        self.touch()

    def forget(self, uri: str) -> None:
        """Take a document out that is closed."""
        self._take(uri)
        self.touch()

    def touch(self) -> None:
        """Something may have changed: tell it soon, all that changes until then at once."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(PAUSE, self.look)

    def look(self) -> None:
        """Tell what there is to tell if it is not what was told last."""
        self._timer = None
        roots = list(self._workspace.sessions)
        for gone in self._sums.keys() - roots:
            del self._sums[gone], self._failed[gone]
        opened, unknown = Counter[str](), Counter[str]()
        for one in self._workspace.open_documents.values():
            opened[one.root] += 1
            unknown[one.root] += bool(one.failed)
        sessions = [self._session(root, opened[root], unknown[root]) for root in roots]
        if sessions != self._told:
            self._told = sessions
            checked = datetime.fromtimestamp(self._checked, UTC).isoformat(timespec="seconds")
            self._tell({"sessions": sessions, "lastCheck": checked if self._checked else None})

    def _put(self, uri: str, root: str, found: Counts, failed: frozenset[str]) -> None:
        self._take(uri)
        self._of[uri] = root, found, failed
        self._sums.setdefault(root, Counts()).update(found)
        self._failed.setdefault(root, Counter()).update(failed)

    def _take(self, uri: str) -> None:
        root, found, failed = self._of.pop(uri, ("", Counts(), frozenset[str]()))
        if root:
            self._sums[root].subtract(found)
            self._failed[root].subtract(failed)

    def _session(self, root: str, opened: int, unknown: int) -> dict[str, Any]:
        found = self._sums.get(root, Counts())
        session = self._workspace.sessions[root]
        return {
            "root": uri_of(root),
            "paused": self._is_paused(root),
            "documents": opened,
            "modules": sorted(session.modules),
            "counts": {
                severity: {scope: found[severity, scope] for scope in ("new", "historical")}
                for severity in ("blocked", "warning")
            },
            "observed": found[Stage.OBSERVE.value, "new"],
            "couldNotRun": {
                "rules": _named(self._failed.get(root, Counter())),
                "documents": unknown,
                "policyMistakes": self._problems(root),
            },
        }


def _named(failed: Counter[str]) -> list[str]:
    names: Iterable[str] = (rule for rule, count in failed.items() if count > 0)
    return sorted(names)[:MOST_NAMED]
