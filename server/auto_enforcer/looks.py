"""What the engine looks for in a file: for each pattern of a scanner, what a hit of it means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any, Final, Protocol

from auto_enforcer.expressions import compiled
from auto_enforcer.model import Candidate, Fact, Line, Options, Rule, Severity, Zone


class BlockScanner(Protocol):
    """Finds all patterns of a set at once: `scanner.Scanner` is one."""

    def scan(self, block: bytes) -> list[tuple[int, int]]:
        """(end offset, the pattern's number) of each hit; the byte before the end lies on the line hit."""
        ...


class Mark:
    """A hit of a turning mark: the line must be lexed, for the next line's state may change on it."""

    __slots__ = ()


class Directed:
    """A hit of `enforcer:`: the line may hold a suppression."""

    __slots__ = ()


class Settled:
    """A line of which somebody who has looked at the whole text knows what there is to tell."""

    __slots__ = ()


MARK: Final = Mark()
DIRECTED: Final = Directed()
SETTLED: Final = Settled()


class Look:
    """A rule as a policy has it: what a trigger's hit asks for. Its module is imported, and its pattern
    compiled, on the first hit."""

    __slots__ = (
        "_details",
        "_load",
        "_span",
        "_text",
        "check",
        "id",
        "is_of_secrets",
        "known",
        "language",
        "options",
        "severity",
        "zones",
    )

    def __init__(
        self,
        rule: str,
        severity: Severity,
        options: Options,
        language: str | None,
        load: Callable[[], Rule],
    ) -> None:
        """`rule` is its id; `load` gives the rule itself, and is called on the first hit."""
        self.id = rule
        self.is_of_secrets = rule.startswith("secrets/")
        """Whether what it finds must not be repeated in words."""
        self.severity = severity
        self.options = options
        self.language = language
        """The language whose lines it looks at; None for every language."""
        self.check: Any = None
        """The rule's check; whether it takes a carry is the rule's to say. Known once `rule` is."""
        self.zones = 0
        """The rule's zones as a number. Known once `rule` is."""
        self.known: Rule | None = None
        """The rule, once it is loaded: what asks for it at each line looks here first."""
        self._load = load
        self._text: re.Pattern[str] | None = None
        self._span: int | str = 0
        self._details = False

    @property
    def family(self) -> str:
        """The part of the id before the slash."""
        return self.id.partition("/")[0]

    @property
    def rule(self) -> Rule:
        """The rule itself; the first call may import its module."""
        rule = self.known
        if rule is None:
            try:
                rule = self._load()
            except Exception as error:  # noqa: BLE001 — it is reported where the rule would have looked
                rule = _unloadable(self.id, self.severity, error)
            self.known = rule
            self.check, self.zones = rule.check, int(rule.zones)
        return rule

    def matches(self, line: Line) -> Iterator[Candidate]:
        """What the rule's pattern finds in its zones of the line."""
        pattern = self._text
        if pattern is None:
            pattern = self._text = compiled(self.rule.pattern, re.ASCII)
            if "span" in pattern.groupindex:
                self._span = "span"
            self._details = bool(pattern.groupindex.keys() - {"span"})
        text = line.text if self.zones == Zone.EVERYWHERE else line.only(self.zones)
        for match in pattern.finditer(text):
            start, end = match.span(self._span)
            details = {k: v or "" for k, v in match.groupdict().items()} if self._details else None
            yield Candidate(start, end, details, value=match[self._span])


class Concealed:
    """A hit of a rule of secrets that is off. Nobody looks for its sake, but where something is said of the
    line, what the rule would find must not be repeated."""

    __slots__ = ("look",)

    def __init__(self, look: Look) -> None:
        self.look = look


def _unloadable(rule: str, severity: Severity, error: Exception) -> Rule:
    """A rule that raises what its module raised when it was imported."""

    def check(line: Line, options: Options) -> Iterator[Candidate]:
        raise error

    return Rule(id=rule, severity=severity, message="", zones=Zone.EVERYWHERE, check=check)


class FactLook:
    """A fact to note where its pattern matches. Compiled on the first hit."""

    __slots__ = ("_text", "fact", "language")

    def __init__(self, fact: Fact, language: str | None) -> None:
        self.fact = fact
        self.language = language
        self._text: re.Pattern[str] | None = None

    def value(self, text: str) -> str | None:
        """What group 1 caught ("" without one), or None where the fact does not hold."""
        pattern = self._text
        if pattern is None:
            pattern = self._text = compiled(self.fact.pattern, re.ASCII)
        match = pattern.search(text)
        if match is None:
            return None
        return (match[1] or "") if pattern.groups else ""


Action = Mark | Directed | Settled | Look | Concealed | FactLook

Hit = tuple[int, Action]
"""Where in a block a pattern's match ends, and what that asks for."""

_BY_END = itemgetter(0)


class Lookout:
    """The scanner of one pattern set and, by a pattern's number, what a hit asks for (None: nothing, it is
    off)."""

    __slots__ = ("actions", "anywhere", "more", "scanner")

    def __init__(
        self,
        scanner: BlockScanner,
        actions: tuple[Action | None, ...],
        more: Lookout | None = None,
        anywhere: Lookout | None = None,
    ) -> None:
        """`more` leads to the lookouts of the optional rules, where one of them is on, and of the policy's
        own; `anywhere` is that of the facts for which the file is read beforehand, where one is wanted."""
        self.scanner = scanner
        self.actions = actions
        self.more = more
        self.anywhere = anywhere

    def hits(self, data: bytes, offset: int = 0) -> list[Hit]:
        """The hits in a block that ask for something, by their ends, which are moved on by `offset`."""
        actions = self.actions
        hits = [
            (end + offset, action)
            for end, index in self.scanner.scan(data)
            if (action := actions[index]) is not None
        ]
        if self.more is not None:
            hits += self.more.hits(data, offset)
            hits.sort(key=_BY_END)
        return hits

    @property
    def all_actions(self) -> tuple[Action | None, ...]:
        """What hits ask for, those of optional rules included."""
        return self.actions if self.more is None else self.actions + self.more.all_actions


class Plan:
    """All that the engine looks for in a file under one policy, whatever languages it meets there."""

    __slots__ = (
        "_blocked",
        "_following",
        "_lookouts",
        "_make",
        "_running",
        "days_ahead",
        "every",
        "looks",
        "suggest",
    )

    def __init__(
        self,
        every: Lookout,
        make: Callable[[str], Lookout],
        severities: Mapping[str, Severity],
        suggest: Callable[[str], str],
        days_ahead: int = 0,
    ) -> None:
        self.days_ahead = days_ahead
        """Days before its last one from which a suppression is said to expire."""
        self.every = every
        self.looks = severities
        """The rules that are on, whatever their language, and how severe each is."""
        self.suggest = suggest
        """For a name that a suppression gives: "" when there is such a rule or family, else what to write."""
        self._make = make
        self._lookouts: dict[str, Lookout] = {}
        self._following: dict[tuple[str, frozenset[str]], tuple[Look, ...]] = {}
        self._running: dict[str, frozenset[str]] = {}
        """By language: the names that mean a rule which looks at its lines."""
        blocked = [rule for rule, severity in severities.items() if severity is Severity.BLOCKED]
        self._blocked = frozenset((*blocked, *(rule.partition("/")[0] for rule in blocked)))

    def of(self, language: str) -> Lookout:
        """The lookout of a language; the first call activates its rule modules."""
        lookout = self._lookouts.get(language)
        if lookout is None:
            lookout = self._lookouts[language] = self._make(language)
        return lookout

    def following(self, language: str, rules: Iterable[str]) -> tuple[Look, ...]:
        """Those of some rules that look at a language's lines and have begun to follow them."""
        wanted = frozenset(rules)
        key = language, wanted
        found = self._following.get(key)
        if found is None:
            actions = (*self.every.all_actions, *self.of(language).all_actions)
            looks = (one for one in actions if type(one) is Look and one.id in wanted)
            found = tuple(look for look in dict.fromkeys(looks) if look.rule.follows)
            self._following[key] = found
        return found

    def on(self, rule: str) -> bool:
        """Whether a rule is on."""
        return rule in self.looks

    def ran(self, name: str, language: str) -> bool:
        """Whether the rule, or a rule of the family, that `name` means looks at lines of the language."""
        running = self._running.get(language)
        if running is None:
            actions = (*self.every.all_actions, *self.of(language).all_actions)
            looks = [action for action in actions if isinstance(action, Look)]
            names = (name for look in looks for name in (look.id, look.family))
            running = self._running[language] = frozenset(names)
        return name in running

    def blocks(self, name: str) -> bool:
        """Whether `name` means a rule, or a family with a rule, that is on and blocked."""
        return name in self._blocked
