"""What a policy's own rules say beside their violations: their page, their note, their tags."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from auto_enforcer.lsp.positions import uri_of
from auto_enforcer.model import NamedTuple

if TYPE_CHECKING:
    from auto_enforcer.policy import Policy
    from auto_enforcer.policy_values import TeamRule
    from auto_enforcer.session import Session

LONGEST_NOTE = 500
"""Characters of a note that stand beside a violation; the rule's page has all of it."""


class Told(NamedTuple):
    """What is said of a rule. `page` is a URI, "" for none; `related` is the JSON value of the diagnostic's
    related information."""

    page: str
    tags: Sequence[str]
    related: Sequence[Mapping[str, Any]] = ()


class Asked(Protocol):
    """What is asked about: an open document, or a file."""

    @property
    def session(self) -> Session:
        """The session that it is of."""

    @property
    def path(self) -> str:
        """Where it is, absolute."""


class Teller:
    """Tells of the rules of a document's policy."""

    __slots__ = ("_known", "_opened", "_policy", "_related", "_rules")

    def __init__(self, opened: Asked, *, related: bool) -> None:
        """`related`: whether the client shows related information."""
        self._opened = opened
        self._related = related
        self._policy: Policy | None = None
        self._rules: Mapping[str, TeamRule] = {}
        self._known: dict[str, Told] = {}
        """What was said of rules that were met: what is secret in it takes a look at the policy's files."""

    def __call__(self, rule: str) -> Told | None:
        """What is said of a rule; None where it is none of the policy's own."""
        policy = self._opened.session.policy(self._opened.path)
        if policy is not self._policy:
            self._policy = policy
            self._rules = {one.id: one for one in policy.content.rules}
            self._known = {}
        told, team = self._known.get(rule), self._rules.get(rule)
        if told is None and team is not None:
            told = self._known[rule] = self._told(team, policy)
        return told

    def _told(self, team: TeamRule, policy: Policy) -> Told:
        session, place = self._opened.session, team.place
        path = os.path.join(session.root, place.file)
        # A package's file lies elsewhere.
        file = uri_of(path) if ":" not in place.file and os.path.isfile(path) else ""
        mask = session.mask_of(policy.files) if team.url or team.note else str
        page = mask(team.url)
        if page != team.url or not page:
            page = f"{file}#L{place.line + 1}" if file else ""
        related: list[dict[str, Any]] = []
        if self._related and team.note.strip() and file:
            # The columns are those of a key, which is of ASCII, at the start of its line.
            start = {"line": place.line, "character": place.column}
            span = {"start": start, "end": {"line": place.line, "character": place.end}}
            note = " ".join(mask(" ".join(team.note.split())).split())
            note = note if len(note) <= LONGEST_NOTE else f"{note[: LONGEST_NOTE - 1]}…"
            related.append({"location": {"uri": file, "range": span}, "message": note})
        return Told(page, team.words, related)
