"""The index says of the rules what their modules say, and imports none of them."""

from __future__ import annotations

import os
import re
from itertools import product

import pytest

from auto_enforcer import catalog, catalog_generator, triggers
from auto_enforcer.languages import LANGUAGES
from auto_enforcer.model import (
    FileRule,
    FileTrigger,
    FileView,
    Finding,
    Option,
    Options,
    Rule,
    Severity,
    Zone,
)
from auto_enforcer.scanner import open_scanner

KINDS = (catalog.COMMON, catalog.OPTIONAL, catalog.ANYWHERE)


def test_the_index_is_what_the_rule_modules_give() -> None:
    """If this fails, run `python -m auto_enforcer.catalog_generator` in `server`."""
    with open(catalog_generator.INDEX, encoding="utf-8") as file:
        assert file.read() == catalog_generator.index_text()


def test_every_module_of_the_index_has_its_rules_and_no_others() -> None:
    indexed: dict[str, set[str]] = {}
    for variant in catalog.variants():
        indexed.setdefault(variant.module, set()).add(variant.id)
    assert sorted(indexed) == list(catalog_generator.modules())
    for module, ids in indexed.items():
        assert {*catalog.load(module), *catalog.load_whole(module)} == ids
        assert not catalog.load(module).keys() & catalog.load_whole(module).keys()


def test_an_entry_says_what_the_rule_says() -> None:
    for variant in _about_lines():
        rule = catalog.load(variant.module)[variant.id]
        for name in (
            *("severity", "optional", "everywhere", "languages", "before", "after"),
            *("tags", "options", "facts", "family"),
        ):
            assert getattr(variant, name) == getattr(rule, name), (variant.id, name)
        assert variant.zones == int(rule.zones)
        assert len(variant.fact_triggers) == len(variant.facts)
        assert bool(variant.triggers) != any(option.sought for option in variant.options)


def test_an_entry_of_a_rule_about_files_or_the_workspace_says_what_the_rule_says() -> None:
    wholes = [variant for variant in catalog.variants() if variant.whole is not None]
    assert {one.family for one in wholes} == {"files", "docs"}
    assert wholes == sorted((*catalog.whole("file"), *catalog.whole("workspace")), key=lambda one: one.id)
    for variant in wholes:
        rule, whole = catalog.load_whole(variant.module)[variant.id], variant.whole
        assert whole is not None
        for name in ("severity", "optional", "tags", "options", "family"):
            assert getattr(variant, name) == getattr(rule, name), (variant.id, name)
        assert whole.trigger is rule.trigger
        assert whole.subject == ("file" if isinstance(rule, FileRule) else "workspace")
        if isinstance(rule, FileRule):
            assert (variant.everywhere, variant.languages) == (rule.everywhere, rule.languages)
            assert (whole.reads, whole.binaries) == (rule.reads, rule.binaries)
            assert whole.named == any(excuse.beforehand for excuse in rule.excuses)
        assert not variant.triggers
        assert not variant.facts


def _about_lines() -> list[catalog.Entry]:
    return [variant for variant in catalog.variants() if variant.whole is None]


def test_a_rule_of_several_modules_is_one_entry() -> None:
    for rule, entry in catalog.entries().items():
        variants = [variant for variant in catalog.variants() if variant.id == rule]
        assert {variant.severity for variant in variants} == {entry.severity}
        languages = {language for variant in variants for language in variant.languages}
        assert set(entry.languages) == (languages if all(v.languages for v in variants) else set())
        for variant in variants:
            for language in variant.languages or (None,):
                assert catalog.module_of(rule, language) == variant.module


def test_families_hold_every_rule_once() -> None:
    rules = [rule for family in catalog.families().values() for rule in family]
    assert sorted(rules) == sorted(catalog.entries())


def test_a_language_s_modules_are_those_that_look_at_it() -> None:
    modules = catalog.modules("python")
    assert "enforcer/every" in modules
    for module in modules:
        rules = catalog.load(module).values()
        assert any(not rule.languages or "python" in rule.languages for rule in rules)
    assert [module for module, _ in catalog.activation("python")] == list(modules)
    reasons = dict(catalog.activation("python"))
    assert reasons["enforcer/every"] == "first document"
    assert "first python document" in reasons.values()


@pytest.mark.parametrize(
    "name", ["os/path", "../x", "a.b/c", "logging", "", "/", "enforcer/every.x", "a/b/c"]
)
def test_only_rule_modules_can_be_loaded(name: str) -> None:
    with pytest.raises((ValueError, ModuleNotFoundError)):
        catalog.load(name)


def test_a_set_has_a_meaning_and_needles_for_each_pattern_and_a_key_of_its_own() -> None:
    keys = []
    for language, kind in product((None, *LANGUAGES), KINDS):
        patterns, meanings = catalog.pattern_set(language, kind)
        assert len(patterns.patterns) == len(meanings) == len(patterns.needles)
        assert patterns.numbers == tuple(map(meanings.index, meanings))
        assert bool(patterns.key) == bool(patterns.patterns)
        for kind, name in meanings:
            assert (
                (kind, name) == ("mark", "")
                or (kind == "rule" and name in catalog.entries())
                or kind == "fact"
            )
        if patterns.patterns:
            keys.append((patterns.name, patterns.key))
    assert len(set(keys)) == len(keys)


def test_optional_rules_stand_in_sets_of_their_own() -> None:
    for language in (None, *LANGUAGES):
        common, aside, facts = (
            [
                catalog.entries()[name]
                for sort, name in catalog.pattern_set(language, kind)[1]
                if sort == "rule"
            ]
            for kind in KINDS
        )
        assert all(entry.optional for entry in aside)
        assert all(not entry.optional or entry.family == "secrets" for entry in common)
        assert not facts
    assert ("rule", "debt/commented-out-code") in catalog.pattern_set("python", catalog.OPTIONAL)[1]


def test_the_facts_for_which_a_file_is_read_beforehand_are_sought_alone() -> None:
    _, meanings = catalog.pattern_set("python", catalog.ANYWHERE)
    names = ("own-breakpoint", "tried-breakpoint", "main-guard", "argument-parser", "credentials", "language")
    assert set(meanings) == {("fact", name) for name in names}
    assert set(meanings) < set(catalog.pattern_set("python")[1])


def test_a_language_without_a_row_has_an_empty_set() -> None:
    patterns, meanings = catalog.pattern_set("klingon")
    assert patterns.patterns == meanings == ()


def test_a_rule_s_page_is_its_section_alone() -> None:
    for rule in catalog.entries():
        page = catalog.page(rule)
        if page:
            assert page.startswith("## ")
            assert rule in page.split("\n", 1)[0]
            unfenced = re.sub(r"(?ms)^```.*?^```", "", page)
            assert len(re.findall(r"(?m)^## ", unfenced)) == 1
    assert catalog.page("enforcer/rule-failed")
    with pytest.raises(KeyError):
        catalog.page("enforcer/no-such-rule")


def rule(**changes: object) -> Rule:
    fields: dict[str, object] = {
        "id": "debt/made-up",
        "severity": Severity.WARNING,
        "message": "no",
        "pattern": "madeup",
    }
    return Rule(**{**fields, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (rule(id="other/made-up"), "the id must be `debt/`"),
        (rule(id="debt/Made_Up"), "small letters"),
        (rule(languages=("klingon",)), "no such language: klingon"),
        (rule(after=51), "50 at most"),
        (rule(pattern=r"\w+"), "give the rule `triggers`"),
        (rule(pattern="", check=lambda line, options: ()), "must give `triggers`"),
        (rule(triggers=("x*",)), "`x*`"),
        (rule(pattern="("), "missing"),
    ],
)
def test_a_bad_rule_is_refused_with_the_reason(bad: Rule, why: str) -> None:
    with pytest.raises(catalog_generator.BadRule, match=re.escape(why)):
        catalog_generator.row_of(bad, "debt/python")


def _none(view: FileView, options: Options) -> list[Finding]:
    del view, options
    return []


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ({"id": "other/made-up"}, "the id must be `files/`"),
        ({"languages": ("klingon",)}, "no such language: klingon"),
        ({"reads": True, "binaries": True}, "a binary file has no text"),
        ({"trigger": FileTrigger.UNFINISHED}, "only a rule that `reads`"),
    ],
)
def test_a_bad_rule_about_files_is_refused_with_the_reason(bad: dict[str, object], why: str) -> None:
    fields = {"id": "files/made-up", "severity": Severity.WARNING, "message": "no", "check": _none}
    with pytest.raises(catalog_generator.BadRule, match=re.escape(why)):
        catalog_generator.row_of_whole(FileRule(**{**fields, **bad}), "files/every")  # type: ignore[arg-type]


def test_variants_that_disagree_are_refused() -> None:
    one = catalog.read_row(catalog_generator.row_of(rule(languages=("go",)), "debt/go"))
    other = rule(languages=("go", "rust"), severity=Severity.BLOCKED, options=(Option("a", 1, "A"),))
    two = catalog.read_row(catalog_generator.row_of(other, "debt/rust"))
    problems = list(catalog_generator._disagreements([one, two]))
    assert [problem.rpartition(" ")[2] for problem in problems] == ["`severity`", "`options`", "go"]


def test_no_trigger_of_a_rule_floods() -> None:
    """Three hits in a thousand bytes would make the engine look at every line. On the standard library."""
    folder = os.path.dirname(os.__file__)
    text = b"".join(
        _text(os.path.join(folder, file)) for file in sorted(os.listdir(folder)) if file.endswith(".py")
    )[: 2 << 20]
    for language in (None, "python"):
        patterns, meanings = catalog.pattern_set(language)
        each = patterns._replace(numbers=tuple(range(len(meanings))))
        counts = [0] * len(meanings)
        for _, index in open_scanner(each, None).scan(text):
            counts[index] += 1
        for count, meaning, pattern in zip(counts, meanings, patterns.patterns, strict=True):
            if meaning[0] != "mark":
                assert count * 1000 / len(text) < catalog_generator.MOST_HITS, (meaning, pattern)


def _text(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read().replace(b"\r\n", b"\n")


def test_a_trigger_that_is_derived_is_the_one_in_the_index() -> None:
    for variant in _about_lines():
        found = catalog.load(variant.module)[variant.id]
        if found.pattern and not found.triggers:
            assert tuple(t[0] for t in variant.triggers) == triggers.derive(
                found.pattern, Zone(variant.zones)
            )
