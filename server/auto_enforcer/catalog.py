"""What rules there are, known without importing one; and the one import of a rule module, when it is needed.

The index is generated from the rule modules by `catalog_generator`. Modules are named by it alone: no folder
is listed, nothing of a workspace is ever imported.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

from auto_enforcer.model import (
    Fact,
    FileRule,
    FileTrigger,
    FolderTrigger,
    NamedTuple,
    Option,
    Rule,
    Severity,
    WorkspaceRule,
)
from auto_enforcer.scanner import Needles, PatternSet, numbers_of

EVERY = "every"
"""The name of the pattern set of the rules for every language."""

COMMON, OPTIONAL, ANYWHERE = "", "optional", "anywhere"
"""The kinds of a language's pattern sets; see `pattern_set`."""

MOST_PAGES = 4
"""Pages of which the sections are held: a report asks for those of many rules, family by family or mixed."""

Meaning = tuple[str, str]
"""What a hit of a pattern says: ("mark", ""), ("rule", the rule's id) or ("fact", the fact's name)."""

Trigger = tuple[str, bool, tuple[bytes, ...]]
"""A pattern of a set, and its needles."""


class Whole(NamedTuple):
    """What is known of a rule about files or the workspace, which no pattern of a set belongs to."""

    subject: str
    """`file` or `workspace`."""
    trigger: FileTrigger | FolderTrigger
    reads: bool
    binaries: bool
    named: bool
    """Whether an excuse wants to see the path before the rule looks."""


class Entry(NamedTuple):
    """What is known of a rule before its module is imported; see `model.Rule` for what is not said here."""

    id: str
    module: str
    """`family/module`, for `load`."""
    severity: Severity
    optional: bool
    everywhere: bool
    languages: tuple[str, ...]
    zones: int
    before: int
    after: int
    tags: tuple[str, ...]
    options: tuple[Option, ...]
    facts: tuple[Fact, ...]
    triggers: tuple[Trigger, ...]
    """As they are sought: derived, or given by the rule."""
    fact_triggers: tuple[tuple[Trigger, ...], ...]
    """One item a fact."""
    whole: Whole | None = None
    """None for a rule about lines."""

    @property
    def family(self) -> str:
        """The part of the id before the slash."""
        return self.id.partition("/")[0]


@cache
def variants() -> tuple[Entry, ...]:
    """Every rule as each module has it, by id and module: a rule may stand in several, one a language."""
    return tuple([read_row(row) for row in _index().ENTRIES])


@cache
def whole(subject: str) -> tuple[Entry, ...]:
    """The rules about files, or those about the workspace."""
    return tuple([one for one in variants() if one.whole is not None and one.whole.subject == subject])


@cache
def entries() -> Mapping[str, Entry]:
    """Every rule by its id, in the ids' order; what its variants do not agree in is put together."""
    return {
        rule: found[0] if len(found) == 1 else _joined(found) for rule, found in _variants_by_id().items()
    }


def module_of(rule: str, language: str | None) -> str:
    """The module that has the rule for a language, or for every language for None. Raises KeyError."""
    for variant in _variants_by_id()[rule]:
        if language in variant.languages if variant.languages else language is None:
            return variant.module
    raise KeyError(rule)


@cache
def sought() -> tuple[Entry, ...]:
    """The rules that look at lines with the words which a policy says."""
    return tuple([one for one in variants() if any(option.sought for option in one.options)])


@cache
def families() -> Mapping[str, tuple[str, ...]]:
    """The ids of each family's rules."""
    found: dict[str, list[str]] = {}
    for entry in entries().values():
        found.setdefault(entry.family, []).append(entry.id)
    return {family: tuple(ids) for family, ids in found.items()}


@cache
def modules(language: str) -> tuple[str, ...]:
    """The modules that have rules for a language, those with rules for every language included. Rules about
    files and the workspace are not counted."""
    rules = (entry for entry in variants() if entry.whole is None)
    wanted = (e.module for e in rules if not e.languages or language in e.languages)
    return tuple(dict.fromkeys(wanted))


def activation(language: str) -> tuple[tuple[str, str], ...]:
    """Each of the language's modules, and which documents it is for: `first python document` of a session
    activates it, or `first document`."""
    own = {entry.module for entry in variants() if language in entry.languages}
    return tuple(
        (module, f"first {language} document" if module in own else "first document")
        for module in modules(language)
    )


@cache
def load(module: str) -> Mapping[str, Rule]:
    """The rules of a module by id. Imports it on the first call. Raises ValueError for what names none."""
    return {rule.id: rule for rule in getattr(_imported(module), "RULES", ())}


@cache
def load_whole(module: str) -> Mapping[str, FileRule | WorkspaceRule]:
    """The rules of a module about files and the workspace by id. As `load`."""
    found = _imported(module)
    rules = (*getattr(found, "FILE_RULES", ()), *getattr(found, "WORKSPACE_RULES", ()))
    return {rule.id: rule for rule in rules}


def _imported(module: str) -> Any:
    family, _, name = module.partition("/")
    if not (family.isidentifier() and name.isidentifier() and module.isascii()):
        raise ValueError(f"`{module}` is no rule module")
    return import_module(f"auto_enforcer.rules.{family}.{name}")


@cache
def pattern_set(language: str | None, kind: str = COMMON) -> tuple[PatternSet, tuple[Meaning, ...]]:
    """The patterns of a language, and what each means; of the rules for every language for None.

    COMMON holds the language's turning marks, and triggers and facts of the rules that name it; OPTIONAL
    those of rules that are off until a policy turns them on, so that nobody else pays for them; ANYWHERE the
    facts for which a file is read beforehand, and nothing else. Each is a constant of a release: which rules
    are on is not its matter. Of a language without a row it holds no patterns.
    """
    index = _index()
    name = set_name(language, kind)
    marks = index.MARKS.get(language, ()) if kind == COMMON else ()
    rules = [entry for entry in variants() if _is_for(entry, language)]
    patterns, meanings = assemble(of_kind(rules, kind), marks, language)
    return make_set(name, index.KEYS.get(name, ""), patterns, meanings), meanings


def set_name(language: str | None, kind: str) -> str:
    """The name of a pattern set, by which the index has its key."""
    name = EVERY if language is None else language
    return f"{name}-{kind}" if kind else name


def of_kind(rules: Iterable[Entry], kind: str) -> Iterator[Entry]:
    """The rules with what a set of that kind holds of them."""
    for entry in rules:
        if kind == ANYWHERE:
            held = [index for index, fact in enumerate(entry.facts) if fact.anywhere]
            if held:
                yield entry._replace(
                    triggers=(),
                    facts=tuple([entry.facts[index] for index in held]),
                    fact_triggers=tuple([entry.fact_triggers[index] for index in held]),
                )
        elif (entry.optional and entry.family != "secrets") == (kind == OPTIONAL):
            # What the rules of secrets find is not repeated even where they are off: none stands aside.
            yield entry


def page(rule: str) -> str:
    """The section of the rule's page, in Markdown, its heading included; "" where the page has none.

    Raises KeyError for an unknown rule.
    """
    return sections(entries()[rule].family).get(rule, "")


@lru_cache(maxsize=MOST_PAGES)
def sections(family: str) -> Mapping[str, str]:
    """The sections of a family's page by what their headings name; empty where there is no page."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "rules", family, f"{family}.md")
    try:
        text = package_data(path)
    except OSError:
        return {}
    kept: dict[str, list[str]] = {}
    section: list[str] = []
    fenced = False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced and line.startswith(("# ", "## ")):
            section = kept.setdefault(line[2:].strip(" `"), [])
        section.append(line)
    return {name: "\n".join(lines).strip() + "\n" for name, lines in kept.items()}


def package_data(path: str) -> str:
    """A file of this package, also where the package is in an archive. Raises OSError."""
    loader = __spec__.loader if __spec__ is not None else None
    data: bytes = loader.get_data(path)  # type: ignore[union-attr]
    return data.decode("utf-8")


def assemble(
    rules: Iterable[Entry], marks: Iterable[Trigger], language: str | None
) -> tuple[tuple[Trigger, ...], tuple[Meaning, ...]]:
    """The patterns of one set and their meanings: its marks, then by rule its triggers and its facts'."""
    patterns: list[Trigger] = list(marks)
    meanings: list[Meaning] = [("mark", "")] * len(patterns)
    facts: set[tuple[str, str]] = set()
    for entry in rules:
        if not _is_for(entry, language):
            continue
        for trigger in entry.triggers:
            patterns.append(trigger)
            meanings.append(("rule", entry.id))
        for fact, triggers in zip(entry.facts, entry.fact_triggers, strict=True):
            if (fact.name, fact.pattern) in facts:
                continue
            facts.add((fact.name, fact.pattern))
            for trigger in triggers:
                patterns.append(trigger)
                meanings.append(("fact", fact.name))
    return tuple(patterns), tuple(meanings)


def _is_for(entry: Entry, language: str | None) -> bool:
    """Whether a variant names the language; for None, whether it is for every language."""
    return language in entry.languages if entry.languages else language is None


def make_set(name: str, key: str, patterns: Sequence[Trigger], meanings: Iterable[Meaning]) -> PatternSet:
    """The set of these patterns."""
    needles: tuple[Needles, ...] = tuple((lower, literals) for _, lower, literals in patterns)
    return PatternSet(name, key, tuple(pattern for pattern, _, _ in patterns), needles, numbers_of(meanings))


def read_row(row: tuple[Any, ...]) -> Entry:
    """The entry of a row of the index; `catalog_generator.row_of` writes them."""
    (
        rule,
        module,
        blocked,
        optional,
        everywhere,
        languages,
        zones,
        before,
        after,
        tags,
        options,
        facts,
        triggers,
        *whole,
    ) = row
    return Entry(
        rule,
        module,
        _BLOCKED if blocked else _WARNING,
        optional,
        everywhere,
        languages,
        zones,
        before,
        after,
        tags,
        tuple([_read_option(*option) for option in options]) if options else (),
        tuple([Fact(*fact[:3]) for fact in facts]) if facts else (),
        triggers,
        tuple([fact[3] for fact in facts]) if facts else (),
        _read_whole(*whole) if whole else None,
    )


def _read_whole(subject: str, trigger: str, reads: bool, binaries: bool, named: bool) -> Whole:
    kind = FileTrigger if subject == "file" else FolderTrigger
    return Whole(subject, kind(trigger), reads, binaries, named)


def _read_option(name: str, default: Any, title: str, form: str = "", *further: bool) -> Option:
    return Option(name, dict(default) if form in TABLES else default, title, form, *further)


TABLES = ("words", "boundaries", "places")
"""The forms of options that are tables; the index has their defaults as pairs."""

_BLOCKED, _WARNING = Severity.BLOCKED, Severity.WARNING


@cache
def _variants_by_id() -> Mapping[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for variant in variants():
        found.setdefault(variant.id, []).append(variant)
    return found


def _joined(found: Sequence[Entry]) -> Entry:
    """The variants of a rule as one entry."""
    languages = dict.fromkeys([language for one in found for language in one.languages])
    return found[0]._replace(
        languages=tuple(languages) if all(one.languages for one in found) else (),
        before=max([one.before for one in found]),
        after=max([one.after for one in found]),
        facts=tuple([fact for one in found for fact in one.facts]),
        triggers=tuple([trigger for one in found for trigger in one.triggers]),
        fact_triggers=tuple([triggers for one in found for triggers in one.fact_triggers]),
    )


def _index() -> Any:
    # Not imported above, so that the generator can make it anew where it is missing or broken.
    from auto_enforcer import catalog_index

    return catalog_index
