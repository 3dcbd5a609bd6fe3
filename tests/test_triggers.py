"""A trigger is necessary: whatever a pattern finds stands on a line that its trigger hits."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auto_enforcer import catalog, lexer, triggers
from auto_enforcer.model import Rule, Zone
from auto_enforcer.triggers import WeakTrigger
from effort import examples

ODD = " \t\u00a0\u212a\u017f\u0131é語🙂\u200b\x0b\x0c\x1c\u2028()[]{}'\"`#/*\\=:.-_kKsSaz09"

DERIVED = (
    (r"\bprint\s*\(", Zone.CODE, r"\bprint"),
    (r"\bprint\s*\(", Zone.EVERYWHERE, r"\bprint[\x09\x0b\x0c\x20]*\("),
    (r"(?<![\w.])print\(", Zone.CODE, r"\bprint\("),
    (r"(?<!\.)print\(", Zone.CODE, r"print\("),
    (r"console\.log(?!\w)", Zone.CODE, r"console\.log\b"),
    (r"foo(?=bar\()", Zone.CODE, r"foobar\("),
    (r"ghp_[A-Za-z0-9]{36,}", Zone.STRING, r"ghp_[0-9A-Za-z]{36}"),
    (r"\w+Exception\w*", Zone.CODE, r"Exception"),
    (r"except\s+(?:Exception|BaseException)\s*:", Zone.CODE, r"(?:Exception|BaseException)"),
    (r"==\s*None", Zone.CODE, r"==.*None"),
    (r"import\s+\*", Zone.CODE, r"import.*\*"),
    (r"(?i)\bapikey", Zone.CODE, r"(?i)\bapikey"),
    (r"(?i:api)KEY", Zone.CODE, r"[Aa][Pp][Ii]KEY"),
    (r"“quoted”", Zone.TEXT, r"\xe2\x80\x9cquoted\xe2\x80\x9d"),
    (r"[“”]quoted", Zone.TEXT, r"(?:\xe2\x80\x9c|\xe2\x80\x9d)quoted"),
    (r"^<<<<<<< ", Zone.CODE, r"^<<<<<<<"),
    (r"^[ \t]*\w+\(\)", Zone.EVERYWHERE, r"^[\x09\x20]*[0-9A-Z_a-z]+\(\)"),
    (r"^[ \t]*exit\(\)", Zone.CODE, r"exit\(\)"),
    (r"fixme\w*[ \t]*$", Zone.EVERYWHERE, r"fixme[0-9A-Z_a-z]*[\x09\x20]*$"),
    (r"(?:lorem|ipsum)(?:\s+\w+)?$", Zone.CODE, r"(?:lorem|ipsum)"),
    (r"(?P<a>[ab])secret(?P=a)", Zone.CODE, r"[ab]secret"),
    (r"(?:foo|\n)bar", Zone.CODE, r"foobar"),
)


@pytest.mark.parametrize(("pattern", "zones", "trigger"), DERIVED, ids=lambda value: str(value))
def test_a_trigger_is_the_most_telling_part_that_is_certain(pattern: str, zones: Zone, trigger: str) -> None:
    assert triggers.derive(pattern, zones) == (trigger,)


@pytest.mark.parametrize("pattern", [r"\w{3,}", r".*", r"", r"x?", r"\n", r"x\s+y", r"^", r"\b", r"(?!)"])
def test_a_pattern_that_tells_nothing_is_refused(pattern: str) -> None:
    with pytest.raises(WeakTrigger):
        triggers.derive(pattern, Zone.CODE)


def test_a_broken_pattern_is_refused_as_such() -> None:
    with pytest.raises(re.error):
        triggers.derive("(", Zone.CODE)


def test_given_triggers_are_written_in_the_common_subset() -> None:
    assert triggers.given(r"\s*except\s*:") == r"except[\x09\x0b\x0c\x20]*:"
    assert triggers.given(r"\xe2\x80[\x8b-\x8f]") == r"\xe2\x80[\x8b-\x8f]"
    assert triggers.given("\u200b") == triggers.given(r"\u200b") == r"\xe2\x80\x8b"
    assert triggers.given(r"(?<!\w)todo[0-9]{3,}") == r"\btodo[0-9]{3}"


def test_letters_beyond_ascii_that_fold_to_ascii_do_not_match() -> None:
    """U+212A folds to k and U+017F to s, but not under re.ASCII, so no trigger need hit them."""
    for pattern in (r"(?i)ask", r"(?i)[k]as[s]", r"(?i)[a-z]{3}key"):
        compiled = re.compile(pattern, re.ASCII)
        (trigger,) = triggers.derive(pattern, Zone.CODE) if "{" in pattern else (triggers.given(pattern),)
        for text in ("as\u212a", "a\u017fk", "\u212aass", "ka\u017fs", "aaa\u212aey", "\u017faakey"):
            assert compiled.search(text) is None
            assert re.search(trigger.encode(), text.encode()) is None


def test_needles_occur_in_all_that_the_trigger_hits() -> None:
    assert triggers.needles(r"(?i)\bpassw(?:or)?d") == (True, (b"passw",))
    assert triggers.needles(r"ghp_[0-9A-Za-z]{36}") == (False, (b"ghp_",))
    assert triggers.needles(r"gh[opsu]_[0-9]{36}") == (False, (b"gho_", b"ghp_", b"ghs_", b"ghu_"))
    assert triggers.needles(r"(?:foobar|barfoo|foo)\(") == (False, (b"foo(", b"foobar("))
    assert triggers.needles(r"[0-9]{4}") == (False, ())


def every_trigger() -> list[str]:
    kinds = (catalog.COMMON, catalog.OPTIONAL, catalog.ANYWHERE)
    sets = [catalog.pattern_set(name, kind)[0] for name in (None, *lexer_languages()) for kind in kinds]
    return sorted({pattern for one in sets for pattern in one.patterns})


def lexer_languages() -> tuple[str, ...]:
    return tuple(lexer.LANGUAGES)


def test_no_trigger_leaves_its_end_open_or_matches_nothing_or_a_line_end() -> None:
    for trigger in every_trigger():
        assert trigger.isascii()
        assert re.search(r"(?<!\\)(?:[*+?]|,\d*\})$", trigger) is None, trigger
        compiled = re.compile(trigger.encode(), re.MULTILINE)
        assert compiled.search(b"") is None, trigger
        assert compiled.search(b"\n\n") is None, trigger


@settings(max_examples=examples(150))
@given(st.data())
def test_what_a_needle_is_missing_from_is_not_hit(data: st.DataObject) -> None:
    trigger = data.draw(st.sampled_from(every_trigger()))
    text = data.draw(st.from_regex(re.compile(trigger.encode(), re.MULTILINE)))
    folded, literals = triggers.needles(trigger)
    if literals:
        sought = text.lower() if folded else text
        assert any(literal in sought for literal in literals)


def rules_with_derived_triggers() -> list[Rule]:
    """Variants share what they have in common, so one of a kind is enough."""
    found: dict[tuple[str, int], Rule] = {}
    for module in sorted({variant.module for variant in catalog.variants()}):
        for rule in catalog.load(module).values():
            if rule.pattern and not rule.triggers:
                found.setdefault((rule.pattern, int(rule.zones)), rule)
    return list(found.values())


SHAPES = (
    *((pattern, zones) for pattern, zones, _ in DERIVED if r"\n" not in pattern),
    (r"(?i)\bpassword\w*\s*[:=]\s*[\"'][^\"']{3,}[\"']", Zone.CODE | Zone.STRING),
    (r"(?:async\s+)?def\s+\w+\(.*=\s*\[\]", Zone.CODE),
    (r"\d{4}-\d\d-\d\d[T ]\d\d", Zone.STRING),
    (r"[^\w]token[^a-z]{1,3}key", Zone.EVERYWHERE),
    (r"(?:\bTODO|FIXME)\b[^\w]*$", Zone.COMMENT),
    (r"é+clair|naïve{2,}", Zone.TEXT),
    (r"(?i)(?:[kK]elvin|[sſ]ecret)[ -]?key", Zone.STRING),
)


def rule_patterns() -> list[tuple[str, Zone]]:
    return [*((rule.pattern, rule.zones) for rule in rules_with_derived_triggers()), *SHAPES]


@pytest.mark.parametrize(("pattern", "zones"), rule_patterns(), ids=lambda value: str(value)[:60])
def test_every_match_lies_on_a_line_that_its_trigger_hits(pattern: str, zones: Zone) -> None:
    """The text that the rule sees is made from its pattern; what the rule does not see is made up."""
    compiled = re.compile(pattern, re.ASCII)
    found = [re.compile(trigger.encode(), re.MULTILINE) for trigger in triggers.derive(pattern, zones)]

    @settings(max_examples=examples(20), suppress_health_check=list(HealthCheck))
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        seen = data.draw(st.from_regex(compiled).filter(lambda text: not re.search(r"[\r\n]", text)))
        seen = data.draw(st.text(ODD, max_size=5)) + seen + data.draw(st.text(ODD, max_size=5))
        if compiled.search(seen) is None:
            return
        raw = seen if zones == Zone.EVERYWHERE else unblanked(seen, data)
        assert any(trigger.search(raw.encode("utf-8", "surrogatepass")) for trigger in found), raw

    holds()


def unblanked(seen: str, data: st.DataObject) -> str:
    """A raw line of which `seen` is what remains in a rule's zones. No zone ends between word characters."""
    drawn = data.draw(st.text(ODD, min_size=len(seen), max_size=len(seen)))
    raw = []
    for index, character in enumerate(seen):
        if character != " ":
            raw.append(character)
            continue
        beside = seen[max(0, index - 1) : index + 2].strip(" ")
        odd = drawn[index]
        raw.append(" " if re.search(r"\w", beside, re.ASCII) and re.match(r"\w", odd, re.ASCII) else odd)
    return "".join(raw)


def test_no_zone_begins_or_ends_between_two_word_characters() -> None:
    """What the triggers' `\\b` takes for granted, on our own code and pages."""
    import os

    import auto_enforcer

    texts: list[tuple[str, str]] = []
    for folder, _, files in os.walk(os.path.dirname(auto_enforcer.__file__)):
        for file in files:
            language = {".py": "python", ".md": "markdown"}.get(os.path.splitext(file)[1])
            if language:
                with open(os.path.join(folder, file), encoding="utf-8") as opened:
                    texts.append((language, opened.read()))
    for language, text in texts:
        state = lexer.start(language)
        for line in text.split("\n"):
            lexed = lexer.lex(line, state)
            state = lexed.state
            for start, _ in lexed.runs[1:]:
                assert re.fullmatch(r"\w\w", line[start - 1 : start + 1], re.ASCII) is None, (start, line)
