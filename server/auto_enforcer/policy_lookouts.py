"""What the engine looks for for a team's rules: a pattern set a language, and how it is sought."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from auto_enforcer.hashing import begin, digest
from auto_enforcer.looks import Action, BlockScanner, FactLook, Look, Lookout
from auto_enforcer.model import Fact, Rule, Severity
from auto_enforcer.policy_matching import Trigger
from auto_enforcer.policy_values import TeamFact, TeamRule
from auto_enforcer.scanner import PatternSet, numbers_of
from auto_enforcer.text import STEP

Open = Callable[[PatternSet], BlockScanner]
"""Gives the scanner of a set."""

Told = Callable[[Rule, Iterable[str]], Rule]
"""Gives a rule as it may speak; the texts are what its fixes say."""

Wanted = tuple[tuple[Trigger, ...] | None, Action | None]
"""The triggers of something that is looked for, None where each line must be looked at, and what a hit asks
for."""


class TeamFactLook(FactLook):
    """A fact that a team's rule wants: its pattern is not one of ours, so it is not for `re`."""

    __slots__ = ("_holds",)

    def __init__(self, fact: TeamFact) -> None:
        super().__init__(Fact(fact.name, "", anywhere=True), None)
        self._holds = fact.holds

    def value(self, text: str) -> str | None:
        """ "" where the fact holds, None where it does not."""
        return "" if self._holds(text) else None


def lookouts(
    rules: Iterable[TeamRule],
    language: str | None,
    severities: Mapping[str, Severity],
    opened: Open,
    told: Told = lambda rule, said: rule,
) -> tuple[Lookout | None, Lookout | None]:
    """The lookout of the rules for a language, or for every language for None, and that of the facts for
    which a file is read beforehand. Each None where there is nothing to look for. `told` gives a rule as it
    may speak, and is given what its fixes say; it is asked on the first hit.

    Which of the rules are on changes nothing in the sets, so that they are compiled once.
    """
    own = [rule for rule in rules if rule.rule is not None]
    mine = [rule for rule in own if (language in rule.languages if rule.languages else language is None)]
    # Facts are of the file, whatever it is written in.
    facts = [
        (fact.triggers, TeamFactLook(fact) if rule.id in severities else None)
        for rule in (own if language is None else ())
        for fact in rule.facts
    ]
    looks = [(rule.triggers, _look(rule, language, severities, told)) for rule in mine]
    return _lookout([*looks, *facts], language, opened), _lookout(facts, language, opened)


def by_words(
    wanted: Iterable[tuple[Iterable[str], Action]], language: str | None, opened: Open
) -> Lookout | None:
    """The lookout of what wants the lines with certain words, in small letters, in whatever case."""
    triggers = [
        (tuple(("(?i)" + word, True, (word.encode("ascii"),)) for word in words), action)
        for words, action in wanted
    ]
    return _lookout(triggers, language, opened, "words")


def _look(
    rule: TeamRule,
    language: str | None,
    severities: Mapping[str, Severity],
    told: Told,
) -> Look | None:
    found = rule.rule
    if found is None or rule.id not in severities:
        return None
    return Look(rule.id, severities[rule.id], {}, language, lambda: told(found, rule.said))


def _lookout(
    wanted: Iterable[Wanted],
    language: str | None,
    opened: Open,
    name: str = "team",
) -> Lookout | None:
    """The lookout of some triggers and what each asks for; where it is None, nothing is asked."""
    triggers, actions = list[Trigger](), list[Action | None]()
    always = list[Action]()
    for needed, action in wanted:
        if needed is not None:
            triggers += needed
            actions += [action] * len(needed)
        elif action is not None:
            always.append(action)
    every = Lookout(EveryLine(len(always)), tuple(always)) if always else None
    if not any(actions):
        return every
    patterns = tuple(pattern for pattern, _, _ in triggers)
    key = digest(begin("\n".join(patterns).encode()))[:12].hex()
    needles = tuple((folded, literals) for _, folded, literals in triggers)
    numbers = numbers_of(map(id, actions))
    team = PatternSet(f"{name}-{language or 'every'}", key, patterns, needles, numbers)
    return Lookout(opened(team), tuple(actions), every)


class EveryLine:
    """Hits each line that is not empty, and each piece of a long one, for so many rules."""

    __slots__ = ("_indexes",)

    def __init__(self, count: int) -> None:
        self._indexes = range(count)

    def scan(self, block: bytes) -> list[tuple[int, int]]:
        """(end offset, index) of each hit, ascending."""
        hits, start, size = [], 0, len(block)
        while start < size:
            end = block.find(b"\n", start)
            end = size if end < 0 else end
            for place in (*range(start + STEP, end, STEP), end):
                if place > start:
                    hits += [(place, index) for index in self._indexes]
            start = end + 1
        return hits
