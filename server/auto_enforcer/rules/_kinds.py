"""How a family says once what the variants of its rules in every language have in common."""

from __future__ import annotations

from collections.abc import Mapping

from auto_enforcer.model import (
    Candidate,
    Check,
    Excuse,
    Fact,
    Line,
    NamedTuple,
    Option,
    Options,
    Rule,
    Severity,
    Zone,
)


class Kind(NamedTuple):
    """What the variants of a rule have in common."""

    message: str
    blocked: bool = False
    optional: bool = False
    options: tuple[Option, ...] = ()


class Family(NamedTuple):
    """The kinds of a family's rules by the second part of their ids, and the lines around their own, above
    and below, that their checks may ask for."""

    name: str
    kinds: Mapping[str, Kind]
    before: int = 0
    after: int = 0

    def rule(
        self,
        name: str,
        languages: tuple[str, ...],
        check: Check,
        triggers: tuple[str, ...],
        excuses: tuple[Excuse, ...] = (),
        facts: tuple[Fact, ...] = (),
        zones: Zone = Zone.CODE | Zone.STRING,
    ) -> Rule:
        """A language's variant of the rule `name`."""
        kind = self.kinds[name]
        return Rule(
            id=f"{self.name}/{name}",
            severity=Severity.BLOCKED if kind.blocked else Severity.WARNING,
            message=kind.message,
            languages=languages,
            zones=zones,
            check=check,
            triggers=triggers,
            excuses=excuses,
            options=kind.options,
            facts=facts,
            before=self.before,
            after=self.after,
            optional=kind.optional,
        )


def said(name: str) -> Excuse:
    """The excuse that the check itself has seen, and says in the candidate's value."""

    def speaks(line: Line, candidate: Candidate, options: Options) -> bool:
        return candidate.value == name

    return Excuse(name, speaks)
