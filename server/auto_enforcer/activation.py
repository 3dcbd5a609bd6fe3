"""Turns a policy's selection into what the engine looks for; activates rule modules on the first file that
needs them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Protocol, cast

from auto_enforcer import catalog, lexer
from auto_enforcer.given import FileLook
from auto_enforcer.looks import (
    DIRECTED,
    MARK,
    Action,
    BlockScanner,
    Concealed,
    FactLook,
    Look,
    Lookout,
    Plan,
)
from auto_enforcer.model import (
    LONGEST_PIECE,
    File,
    FileRule,
    FileTrigger,
    FolderTrigger,
    Line,
    NamedTuple,
    Options,
    Rule,
    Severity,
    WorkspaceRule,
    Zone,
)
from auto_enforcer.policy import Selection
from auto_enforcer.redaction import Mask, Secret, secrets_in
from auto_enforcer.scanner import PatternSet
from auto_enforcer.standing import EXPIRING

MOST_PLANS = 64
"""Plans kept at once, at most; the one made first makes room."""

DIRECTIVES = "enforcer/malformed-suppression"
"""The rule whose trigger is that of suppressions."""

GUESSED = frozenset(
    f"secrets/{name}"
    for name in (
        "authorization-header",
        "default-url-credentials",
        "hardcoded-password",
        "high-entropy-value",
        "jwt",
        "url-credentials",
    )
)
"""The rules of secrets that go by what stands around a value, or by a form that no provider has to itself."""

MOST_OF_TEAMS = 64
"""Scanners of policies' own rules kept at once, at most; the one made first makes room."""


class OpenScanner(Protocol):
    """Gives the scanner of a language's pattern set of a kind, for None of the set for every language; or of
    `own`, a set of a policy's own rules."""

    def __call__(self, language: str | None, kind: str, own: PatternSet | None = None, /) -> BlockScanner:
        """The scanner."""


class WorkspaceLook(NamedTuple):
    """A rule about the workspace as a policy has it."""

    rule: WorkspaceRule
    options: Options


class Activation:
    """The plans of a session, and which rule modules they have activated. One per session."""

    __slots__ = (
        "_concealed",
        "_file_looks",
        "_log",
        "_modules",
        "_nothing",
        "_of_teams",
        "_only",
        "_plans",
        "_scanner",
        "_scanners",
        "_wholes",
    )

    def __init__(
        self,
        open_scanner: OpenScanner,
        only: Iterable[str] = (),
        log: Callable[[str], None] | None = None,
    ) -> None:
        """`only` names the rules and families to run; none means all that the policy has on."""
        self._scanner = open_scanner
        self._only = frozenset(only)
        self._log = log
        self._scanners: dict[tuple[str | None, str], BlockScanner] = {}
        self._of_teams: dict[PatternSet, BlockScanner] = {}
        self._modules: dict[str, Mapping[str, Rule]] = {}
        self._concealed: dict[str, Concealed] = {}
        self._plans: dict[tuple[int, bool, bool], tuple[Selection, Plan]] = {}
        self._nothing: Plan | None = None
        self._file_looks: dict[int, tuple[Selection, tuple[FileLook, ...]]] = {}
        self._wholes: dict[str, Mapping[str, FileRule | WorkspaceRule]] = {}

    @property
    def modules(self) -> tuple[str, ...]:
        """The rule modules that are active, in the order of their activation."""
        return tuple(dict.fromkeys((*self._modules, *self._wholes)))

    def plan(self, selection: Selection, *, everywhere_only: bool = False, shapes_only: bool = False) -> Plan:
        """The plan for files under a selection; `everywhere_only` for generated, minified and lock files,
        `shapes_only` for what programs have put out: only secrets that their own shape tells are sought."""
        key = (id(selection), everywhere_only, shapes_only)
        held = self._plans.get(key)
        if held is not None:
            return held[1]
        alike = self._alike(selection, everywhere_only, shapes_only)
        if alike is not None:
            self._keep(key, selection, alike)
            return alike
        entries = catalog.entries()
        own = {rule.id: rule for rule in selection.team}
        severities = {
            rule: selection.setting(rule).severity
            for rule in selection.active()
            if self.asked_for(rule)
            and (not everywhere_only or (own.get(rule) or entries[rule]).everywhere)
            and (not shapes_only or (rule.startswith("secrets/") and rule not in GUESSED | own.keys()))
        }

        def make(language: str | None) -> Lookout:
            return self._lookout(language, selection, severities)

        suggest = _suggesting(frozenset(own)) if own else suggestion
        days = selection.setting(EXPIRING).options["days"] if EXPIRING in severities else 0
        plan = Plan(make(None), make, severities, suggest, days)
        self._keep(key, selection, plan)
        return plan

    def _keep(self, key: tuple[int, bool, bool], selection: Selection, plan: Plan) -> None:
        if len(self._plans) >= MOST_PLANS:
            del self._plans[next(iter(self._plans))]
        # The selection is kept beside its plan, so that its id stays its own.
        self._plans[key] = (selection, plan)

    def _alike(self, selection: Selection, everywhere_only: bool, shapes_only: bool) -> Plan | None:
        """The plan of a selection that says the same of every rule, as those of many folders' policies do: a
        plan holds more than a selection. None where there is none."""
        if selection.team:
            return None
        tried: set[int] = set()
        for (_, *kind), (other, plan) in self._plans.items():
            if kind == [everywhere_only, shapes_only] and not other.team and id(plan) not in tried:
                if other.asks_the_same(selection):
                    return plan
                tried.add(id(plan))
        return None

    def file_looks(self, selection: Selection) -> tuple[FileLook, ...]:
        """The rules about files that are on under a selection. The same object for the same selection."""
        held = self._file_looks.get(id(selection))
        if held is None:
            if len(self._file_looks) >= MOST_PLANS:
                del self._file_looks[next(iter(self._file_looks))]
            looks = [self._file_look(entry, selection) for entry in self._whole("file", selection)]
            held = self._file_looks[id(selection)] = selection, tuple(looks)
        return held[1]

    def workspace_looks(self, selection: Selection, *, colliding: bool) -> list[WorkspaceLook]:
        """The rules about the workspace that are on under a selection, their modules imported; `colliding`:
        also those about names that may collide."""
        return [
            WorkspaceLook(cast("WorkspaceRule", self._load_whole(entry)), selection.setting(entry.id).options)
            for entry in self._whole("workspace", selection)
            if colliding or (entry.whole and entry.whole.trigger is FolderTrigger.ALWAYS)
        ]

    def _whole(self, subject: str, selection: Selection) -> list[catalog.Entry]:
        active = selection.active()
        return [one for one in catalog.whole(subject) if one.id in active and self.asked_for(one.id)]

    def _file_look(self, entry: catalog.Entry, selection: Selection) -> FileLook:
        whole, setting = entry.whole, selection.setting(entry.id)
        assert whole is not None
        assert isinstance(whole.trigger, FileTrigger)
        return FileLook(
            entry.id,
            setting.severity,
            setting.options,
            lambda: cast("FileRule", self._load_whole(entry)),
            trigger=whole.trigger,
            languages=entry.languages,
            reads=whole.reads,
            binaries=whole.binaries,
            named=whole.named,
            everywhere=entry.everywhere,
        )

    def _load_whole(self, entry: catalog.Entry) -> FileRule | WorkspaceRule:
        module = entry.module
        rules = self._wholes.get(module)
        if rules is None:
            rules = self._wholes[module] = catalog.load_whole(module)
            if self._log is not None:
                self._log(f"activated rules/{module} for every language")
        return rules[entry.id]

    def nothing(self) -> Plan:
        """The plan for a text that no rule looks at. The same object each time."""
        if self._nothing is None:
            blind = Lookout(_Blind(), ())
            self._nothing = Plan(blind, lambda language: blind, {}, suggestion)
        return self._nothing

    def asked_for(self, rule: str) -> bool:
        """Whether a rule runs, where some were named that alone do."""
        only = self._only
        return not only or rule in only or rule.partition("/")[0] in only or rule.startswith("enforcer/")

    def _lookout(
        self, language: str | None, selection: Selection, severities: Mapping[str, Severity]
    ) -> Lookout:
        aside: list[Lookout | None] = []
        for kind in (catalog.OPTIONAL, catalog.ANYWHERE):
            actions = self._actions(language, kind, selection, severities)
            # Facts of the rules that are on by default are sought among the common patterns.
            wanted = any(isinstance(one, Look) if kind == catalog.OPTIONAL else one for one in actions)
            aside.append(Lookout(self._opened(language, kind), actions) if wanted else None)
        if selection.team:
            from auto_enforcer.policy_lookouts import lookouts

            own = lookouts(selection.team, language, severities, self._opened_of_team, self._discreet)
            aside = [_chained(one, other) for one, other in zip(aside, own, strict=True)]
        by_words = [entry for entry in catalog.sought() if entry.id in severities]
        if by_words:
            aside[0] = _chained(self._sought(by_words, language, selection), aside[0])
        actions = self._actions(language, catalog.COMMON, selection, severities)
        return Lookout(self._opened(language), actions, *aside)

    def _sought(
        self, entries: Iterable[catalog.Entry], language: str | None, selection: Selection
    ) -> Lookout | None:
        """The lookout of rules that look at lines with words that the policy says."""
        from auto_enforcer import policy_filling, policy_lookouts

        wanted = []
        for entry in entries:
            if language not in entry.languages if entry.languages else language is not None:
                continue
            setting = selection.setting(entry.id)
            words = [
                word
                for option in entry.options
                if option.sought
                for word in policy_filling.sought(option, setting.options[option.name])
            ]
            load = self._loading(entry.id, language)
            look = Look(entry.id, setting.severity, setting.options, language, load)
            wanted.append((tuple(dict.fromkeys(words)), look))
        return policy_lookouts.by_words(wanted, language, self._opened_of_team)

    def _actions(
        self, language: str | None, kind: str, selection: Selection, severities: Mapping[str, object]
    ) -> tuple[Action | None, ...]:
        """What the hits of a pattern set ask for, by pattern index."""
        _, meanings = catalog.pattern_set(language, kind)
        looks: dict[str, Look] = {}
        actions: list[Action | None] = []
        for meant, name in meanings:
            if meant == "mark":
                actions.append(MARK)
            elif meant == "fact":
                actions.append(self._fact(name, language, severities))
            elif name == DIRECTIVES:
                actions.append(DIRECTED)
            elif name.startswith("enforcer/"):
                actions.append(None)
            elif name not in severities:
                actions.append(self._conceal(name))
            else:
                look = looks.get(name)
                if look is None:
                    setting = selection.setting(name)
                    load = self._loading(name, language)
                    look = looks[name] = Look(name, setting.severity, setting.options, language, load)
                actions.append(look)
        return tuple(actions)

    def _opened(self, language: str | None, kind: str = catalog.COMMON) -> BlockScanner:
        key = language, kind
        scanner = self._scanners.get(key)
        if scanner is None:
            scanner = self._scanners[key] = self._scanner(language, kind)
        return scanner

    def _opened_of_team(self, patterns: PatternSet) -> BlockScanner:
        scanner = self._of_teams.get(patterns)
        if scanner is None:
            if len(self._of_teams) >= MOST_OF_TEAMS:
                del self._of_teams[next(iter(self._of_teams))]
            scanner = self._of_teams[patterns] = self._scanner(None, "", patterns)
        return scanner

    def _discreet(self, rule: Rule, said: Iterable[str]) -> Rule:
        """A policy's own rule, without the secrets that somebody wrote into its message, or into what else it
        says: the titles and new texts of its fixes."""
        file = File("plaintext", date.min)
        secrets: list[Secret] | None = []
        for words in dict.fromkeys((rule.message, *said)):
            line = Line(words[:LONGEST_PIECE], 0, file.language, file, lambda: ((0, int(Zone.TEXT)),))
            found = secrets_in(self.concealing(), line)
            secrets = None if secrets is None or found is None else secrets + found
        if secrets == []:
            return rule
        from auto_enforcer.policy_looking import masked

        return masked(rule, Mask(secrets))

    def concealing(self) -> Lookout:
        """What finds the secrets that must not be repeated, under no policy."""
        _, meanings = catalog.pattern_set(None)
        actions = [self._conceal(name) if kind == "rule" else None for kind, name in meanings]
        return Lookout(self._opened(None), tuple(actions))

    def _conceal(self, rule: str) -> Concealed | None:
        """The look, with the options' defaults, of a rule of secrets that is off; None for other rules."""
        if not rule.startswith("secrets/"):
            return None
        held = self._concealed.get(rule)
        if held is None:
            entry = catalog.entries()[rule]
            options = {option.name: option.default for option in entry.options}
            # Not by way of `_module`: what is asked so is not active.
            look = Look(rule, entry.severity, options, None, lambda: catalog.load(entry.module)[rule])
            held = self._concealed[rule] = Concealed(look)
        return held

    def _fact(self, name: str, language: str | None, severities: Mapping[str, object]) -> FactLook | None:
        """The fact's look, if a rule that is on has the fact."""
        for entry in catalog.variants():
            if entry.id not in severities:
                continue
            if language not in entry.languages if entry.languages else language is not None:
                continue
            for fact in entry.facts:
                if fact.name == name:
                    return FactLook(fact, language)
        return None

    def _loading(self, rule: str, language: str | None) -> Callable[[], Rule]:
        return lambda: self._module(catalog.module_of(rule, language), language)[rule]

    def _module(self, module: str, language: str | None) -> Mapping[str, Rule]:
        rules = self._modules.get(module)
        if rules is None:
            rules = self._modules[module] = catalog.load(module)
            if self._log is not None:
                self._log(f"activated rules/{module} for {language or 'every language'}")
        return rules


def _chained(one: Lookout | None, other: Lookout | None) -> Lookout | None:
    """The lookout that has the hits of both."""
    if one is None or other is None:
        return one or other
    return Lookout(one.scanner, one.actions, _chained(one.more, other))


class _Blind:
    """A scanner that finds nothing."""

    __slots__ = ()

    def scan(self, block: bytes) -> list[tuple[int, int]]:
        del block
        return []


@lru_cache(256)
def suggestion(name: str, further: tuple[str, ...] = ()) -> str:
    """ "" when a rule or family is so named, else what to write instead, which `further` may name too."""
    entries = catalog.entries()
    families = catalog.families()
    if name in entries or name in families:
        return ""
    from auto_enforcer.policy_words import nearest

    near = nearest(name, (*entries, *families, *further))
    hint = f"; did you mean `{near}`?" if near else "; `auto-enforcer rules` lists them all"
    return f"there is no rule or family `{name}`{hint}"


def _suggesting(team: frozenset[str]) -> Callable[[str], str]:
    """As `suggestion`, where there are also these rules."""
    families = {rule.partition("/")[0] for rule in team}

    def suggest(name: str) -> str:
        return "" if name in team or name in families else suggestion(name, tuple(sorted(team | families)))

    return suggest


def known_language(language: str) -> str:
    """The language, or plain text where the lexer has no row for it."""
    try:
        lexer.start(language)
    except KeyError:
        return "plaintext"
    return language
