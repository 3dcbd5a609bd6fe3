"""What an escape looks like, and the two rules that a language's escapes make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from auto_enforcer.model import (
    Candidate,
    Check,
    Excuse,
    Line,
    NamedTuple,
    Option,
    Options,
    Rule,
    Severity,
    Zone,
)
from auto_enforcer.rules._common import regex

_COMMENT = int(Zone.COMMENT)
_WRITTEN = int(Zone.CODE | Zone.STRING)

_MOST = 8
"""Escapes of one kind on a line that are read: what stands behind each is read to the line's end."""

HASH = r"#!?[ \t]*"
SLASHES = r"(?:/[/*]!?|\*|^)[ \t]*"
DASHES = r"--[ \t]*"
MARKUP = r"(?:<!--)[ \t]*"
STYLE = r"(?:/[/*]|\*|^)[ \t]*"
"""How a comment opens. Some go on over lines, so that what they say may stand at the start of one."""


class Escape(NamedTuple):
    """A way to switch a checker off. The patterns follow one another and have no groups."""

    opener: str
    """What stands before it in a comment; "" for one that is no comment but code."""
    directive: str
    names: str = ""
    """What names rules, right behind; "" where the checker has no names for its rules."""
    every: str = ""
    """A name, or names, that mean all rules."""
    advice: str = ""
    """How to name a rule, in code; "" where words must do."""
    words_do: bool = False
    """Whether words for people behind it are enough."""
    trigger: str = ""
    """Where the directive is none by itself."""


def everywhere(opener: str) -> tuple[Escape, ...]:
    """Those of the scanners that read any language."""
    return (
        Escape(opener, r"NOSONAR\b", r"[ \t]*\([\w:, ]+\)", advice="NOSONAR(S1234)", words_do=True),
        Escape(opener, r"nosemgrep\b", r"[ \t]*:[ \t]*[\w.-]+", advice="nosemgrep: rule-id"),
    )


def escape_rules(
    languages: tuple[str, ...], escapes: tuple[Escape, ...] | Mapping[str, tuple[Escape, ...]]
) -> tuple[Rule, Rule]:
    """The rules for languages, all of which have the same escapes, or each its own."""
    known = escapes if isinstance(escapes, Mapping) else dict.fromkeys(languages, escapes)
    ways = list(dict.fromkeys(way for ways in known.values() for way in ways))
    zones = Zone.COMMENT | (Zone(0) if all(way.opener for way in ways) else Zone.CODE)
    triggers = tuple(dict.fromkeys(way.trigger or way.directive for way in ways))
    return (
        Rule(
            id="escapes/blanket-ignore",
            severity=Severity.WARNING,
            message="`{directive}` {what}",
            languages=languages,
            zones=zones,
            check=_blanket(known),
            triggers=triggers,
            excuses=(NAMED, EXPLAINED, MENTIONED, CONTINUED),
            options=(_ALLOWED,),
            after=1,
        ),
        Rule(
            id="escapes/unexplained-ignore",
            severity=Severity.WARNING,
            message="`{directive}` does not say why; give the reason in the comment",
            languages=languages,
            zones=zones,
            check=_named(known),
            triggers=triggers,
            excuses=(MENTIONED, REASON),
            before=1,
            optional=True,
        ),
    )


_ALLOWED = Option("allowed", (), "words with which an escape may begin all the same, such as `NOSONAR`")


def _blanket(known: Mapping[str, tuple[Escape, ...]]) -> Check:
    def check(line: Line, options: Options) -> Iterator[Candidate]:
        for way, start, end, names_end in _found(line, known):
            value = ""
            if names_end > end and not _means_all(way, line.text[end:names_end]):
                value = _NAMED
            elif way.words_do and _says(_rest(line, way, names_end)):
                value = _EXPLAINED
            directive = " ".join(line.text[start:names_end].split())
            if not directive.startswith(tuple(options["allowed"])):
                yield Candidate(start, names_end, {"directive": directive, "what": _what(way)}, value=value)

    return check


_NAMED, _EXPLAINED = "named", "explained"


def _what(way: Escape) -> str:
    if not way.advice:
        return "switches a checker off and says nothing; say what it is wrong about, and why"
    words = " or say what it is wrong about" if way.words_do else ""
    return f"switches off every rule; name the one that is meant, as in `{way.advice}`,{words}".rstrip(",")


def _named(known: Mapping[str, tuple[Escape, ...]]) -> Check:
    def check(line: Line, options: Options) -> Iterator[Candidate]:
        for way, start, end, names_end in _found(line, known):
            if names_end == end or _means_all(way, line.text[end:names_end]):
                continue
            directive = " ".join(line.text[start:names_end].split())
            reason = _rest(line, way, names_end) + "\n" + _above(line, known)
            yield Candidate(start, names_end, {"directive": directive}, value=reason)

    return check


def _above(line: Line, known: Mapping[str, tuple[Escape, ...]]) -> str:
    """The comment that stands alone on the line above, unless it is an escape itself."""
    above = next(iter(line.before(1)), None)
    if above is None or above.text.startswith("#!"):
        return ""
    if above.only(_WRITTEN).strip() or any(_found(above, known)):
        return ""
    return above.only(_COMMENT)


def _found(line: Line, known: Mapping[str, tuple[Escape, ...]]) -> Iterator[tuple[Escape, int, int, int]]:
    """The escapes of a line: where each starts, where its directive and the names behind it end."""
    text = line.text
    for way in known.get(line.language, ()):
        if regex(way.trigger or way.directive).search(text) is None:
            continue
        read = line.only(_COMMENT if way.opener else _WRITTEN)
        for match in islice(regex(way.opener + f"(?P<span>{way.directive})").finditer(read), _MOST):
            end = match.end()
            names = regex(way.names).match(read, end) if way.names else None
            yield way, match.start("span"), end, names.end() if names is not None else end


def _means_all(way: Escape, names: str) -> bool:
    return bool(way.every) and regex(rf"(?:{way.every})").search(names) is not None


def _rest(line: Line, way: Escape, end: int) -> str:
    """What the comment says behind an escape; for one in code, the line's comment."""
    return line.only(_COMMENT)[end if way.opener else 0 :]


def _says(comment: str) -> bool:
    words = regex(_NO_WORDS).sub(" ", comment)
    return sum(character.isalpha() for character in words) >= 3


_NO_WORDS = (
    r"(?i)[#/*-][ \t]{0,4}(?:noqa|type:|pylint:|pyright:|mypy:|nosec|nolint|eslint-|nosonar|nosemgrep"
    r"|enforcer:|todo|fixme)[^#]*"
)
"""What a comment says to other programs, or puts off."""


def _is_mentioned(line: Line, candidate: Candidate, options: Options) -> bool:
    """The comment speaks of escapes: this one is quoted, or stands in a sentence."""
    comment = line.only(_COMMENT)
    before, after = comment[: candidate.start].rstrip("#/*-<! \t"), comment[candidate.end :]
    if before.endswith(("`", "'", '"')) or after.startswith(("`", "'", '"')):
        return True
    spoken = regex(r"[A-Za-z]{2,}[,;]?[ \t]*$").search(before) is not None
    return spoken and regex(r"[,;]?[ \t]+[a-z]{2,}\b").match(after) is not None


def _is_continued(line: Line, candidate: Candidate, options: Options) -> bool:
    """The comment, or the brackets, are still open: what is meant stands on the next line."""
    rest = line.text[candidate.end :]
    if rest.strip():
        return False
    opened = line.text[: candidate.start]
    below = next(iter(line.after(1)), None)
    if below is None or line.zone_at(candidate.start) != _COMMENT:
        return False
    inside = opened.rfind("/*") > opened.rfind("*/") or opened.rfind("<!--") > opened.rfind("-->")
    return inside and regex(r"[ \t]*\*?[ \t]*[@\w]").match(below.only(_COMMENT)) is not None


def _has_reason(line: Line, candidate: Candidate, options: Options) -> bool:
    """Words behind it, or a comment alone on the line above."""
    return _says(candidate.value)


NAMED = Excuse("named", lambda line, candidate, options: candidate.value == _NAMED)
EXPLAINED = Excuse("explained", lambda line, candidate, options: candidate.value == _EXPLAINED)
MENTIONED = Excuse("mentioned", _is_mentioned)
CONTINUED = Excuse("continued", _is_continued)
REASON = Excuse("reason", _has_reason)
