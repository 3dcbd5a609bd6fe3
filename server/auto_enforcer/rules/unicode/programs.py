"""Characters that pose as others in the code of programs."""

from __future__ import annotations

from collections.abc import Iterator

from auto_enforcer.model import Candidate, Edit, Excuse, Fix, Line, Options, Rule, Severity, Zone
from auto_enforcer.rules._common import PROGRAMS, regex
from auto_enforcer.rules.unicode._characters import LOOK_ALIKES, latin_look, name_of, script_of

_CODE = int(Zone.CODE)

_LANGUAGES = (*PROGRAMS, "terraform", "dockerfile", "makefile", "prisma", "proto", "graphql")

# Identifiers


def _identifiers(line: Line) -> Iterator[tuple[int, str]]:
    """(column, name) of each name in the code that is not all ASCII."""
    start = -1
    code = line.only(_CODE)
    for column, character in enumerate(code + " "):
        if character.isalnum() or character == "_":
            start = column if start < 0 else start
        elif start >= 0:
            name = code[start:column]
            if not name.isascii():
                yield start, name
            start = -1


def _runs(name: str) -> Iterator[list[str]]:
    """A name's words, each as its runs of letters of one script."""
    word: list[str] = []
    last = ""
    for character in name + "_":
        script = script_of(character)
        if not script:
            if word:
                yield word
            word = []
        elif script == last:
            word[-1] += character
        else:
            word.append(character)
        last = script


def _mixed(line: Line, options: Options) -> Iterator[Candidate]:
    for column, name in _identifiers(line):
        letter, run = min(_posing(name), key=_is_symbol, default=("", ""))
        if letter:
            yield _named(column, name, letter, run)


def _posing(name: str) -> Iterator[tuple[str, str]]:
    """Letters that look Latin and stand beside an ASCII one, each with its run."""
    for word in _runs(name):
        for before, run, after in zip(["", *word], word, [*word[1:], ""], strict=False):
            if script_of(run[0]) not in _POSERS:
                continue
            for letter, beside in ((run[0], before[-1:]), (run[-1], after[:1])):
                if beside.isascii() and beside:
                    yield letter, run


def _confusable(line: Line, options: Options) -> Iterator[Candidate]:
    for column, name in _identifiers(line):
        words = list(_runs(name))
        beyond = [word[0] for word in words if not word[0].isascii()]
        is_lone = len(name) == 1 and beyond == [name] and script_of(name) == "CYRILLIC"
        if any(len(word) > 1 for word in words) or not (is_lone or any(len(word) > 1 for word in beyond)):
            continue
        scripts = {script_of(word[0]) for word in beyond}
        if len(scripts) == 1 and scripts <= _POSERS and all(latin_look(one) for one in "".join(beyond)):
            yield _named(column, name, beyond[0][0], beyond[0])


_POSERS = frozenset((*LOOK_ALIKES, "COMPATIBILITY"))


def _named(column: int, name: str, letter: str, run: str) -> Candidate:
    latin = "".join(latin_look(one) or one for one in name)
    look = latin_look(letter)
    details = {"name": name, "letter": name_of(letter), "latin": f"`{look}`" if look else "Latin letter"}
    fix = Fix(f"Write {latin} in Latin letters", False, (Edit(0, column, 0, column + len(name), latin),))
    return Candidate(column, column + len(name), details, (fix,) if latin.isascii() else (), value=run)


def _is_among_its_own(line: Line, candidate: Candidate, options: Options) -> bool:
    """Other names of the line are written in the same script, with letters that look like no Latin ones."""
    script = script_of(candidate.value[0])
    others = (name for column, name in _identifiers(line) if column != candidate.start)
    return any(
        script_of(letter) == script and not latin_look(letter)
        for name in others
        for letter in name
        if not any(letter.isascii() and letter.isalpha() for letter in name)
    )


def _is_a_word(line: Line, candidate: Candidate, options: Options) -> bool:
    """The letters are a word of their script, such as `getсвойство`."""
    return len(candidate.value) > 2 and not all(latin_look(letter) for letter in candidate.value)


def _is_formula(line: Line, candidate: Candidate, options: Options) -> bool:
    """A Greek or mathematical letter beside few others, as in `Τmax` or `𝐱y`; not so in `Αdmin`."""
    name = line.text[candidate.start : candidate.end]
    beside = max(sum(map(len, word)) - 1 for word in _runs(name) if candidate.value in word)
    return _is_symbol((name, candidate.value)) and beside <= _MOST_BESIDE


_MOST_BESIDE = 3


def _is_symbol(found: tuple[str, str]) -> bool:
    """Whether a run (the second of the two) is one letter of the scripts that formulas use."""
    _, run = found
    return len(run) == 1 and script_of(run) in ("GREEK", "COMPATIBILITY")


# Blanks that are none

_BLANKS = "[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+"


def _blanks(line: Line, options: Options) -> Iterator[Candidate]:
    for match in regex(_BLANKS).finditer(line.text):
        spaces = " " * len(match.group())
        if line.language == "yaml" and not _is_mark_before(line, match.start()):
            continue
        fix = Fix("Write a plain space", False, (Edit(0, match.start(), 0, match.end(), spaces),))
        yield Candidate(*match.span(), {"name": name_of(match.group()[0])}, (fix,))


def _is_mark_before(line: Line, column: int) -> bool:
    """In YAML words need no quotes, and a no-break space may stand in them; after a key's colon, a dash or at
    the line's start it breaks the structure."""
    before = line.text[:column]
    return bool(regex(r"[ \t]*(?:-|[\w.-]+:)?[ \t]*").fullmatch(before)) and (
        column == 0 or before[-1] in ":- \t"
    )


_FIRST_BYTES = r"(?:[\xcd-\xd6]|\xe1[\x8e\x8f]|\xef[\xbc\xbd]|\xf0\x9d)"

RULES = (
    Rule(
        id="unicode/confusable-identifier",
        severity=Severity.WARNING,
        message="`{name}` only looks Latin: {letter} is no {latin}; write it as it looks",
        languages=_LANGUAGES,
        check=_confusable,
        triggers=(
            # Two letters in a row that look like Latin ones.
            r"(?:\xd0[\x85\x86\x88\x90\x92\x95\x9a\x9c-\x9e\xa0-\xa3\xa5\xb0\xb5\xbe]"
            r"|\xd1[\x80\x81\x83\x85\x8c\x95\x96\x98]|\xd2[\xba\xbb]|\xd4[\x81\x8c\x9a-\x9d]|\xd1\xb4){2}",
            # One Cyrillic letter that does, by itself.
            r"(?:^|[\x00-\x09\x0b-/:-@\[-\^`{-\x7f])(?:\xd0[\x85\x86\x88\x90\x92\x95\x9a\x9c-\x9e\xa0-\xa3\xa5"
            r"\xb0\xb5\xbe]|\xd1[\x80\x81\x83\x85\x95\x96\x98])(?:[\x00-\x09\x0b-/:-@\[-\^`{-\x7f]|$)",
            r"(?:\xce[\x91\x92\x95-\x97\x99\x9a\x9c\x9d\x9f\xa1\xa4\xa5\xa7\xbf]){2}",
            r"(?:\xd4\xbc|\xd5[\x8d\x95\xb8\xbd]|\xd6\x85){2}",
            r"(?:\xe1\x8e[\xa0-\xbf]|\xe1\x8f[\x80-\xa6]){2}",
            r"(?:\xef\xbc[\xa1-\xba]|\xef\xbd[\x81-\x9a]){2}",
            r"(?:\xf0\x9d[\x90-\x9f][\x80-\xbf]){2}",
        ),
        excuses=(Excuse("among-its-own", _is_among_its_own),),
    ),
    Rule(
        id="unicode/mixed-script-identifier",
        severity=Severity.WARNING,
        message="`{name}` mixes scripts: {letter} is no {latin}; write the name in one script",
        languages=_LANGUAGES,
        check=_mixed,
        triggers=(
            # The letters in two halves: a class of all of them would be left out as telling nothing.
            rf"[A-Ma-m]{_FIRST_BYTES}",
            rf"[N-Zn-z]{_FIRST_BYTES}",
            rf"{_FIRST_BYTES}[\x80-\xbf]{{1,2}}[A-Ma-m]",
            rf"{_FIRST_BYTES}[\x80-\xbf]{{1,2}}[N-Zn-z]",
        ),
        excuses=(Excuse("word", _is_a_word), Excuse("formula", _is_formula)),
    ),
    Rule(
        id="unicode/no-break-space-in-code",
        severity=Severity.WARNING,
        message="{name} is not the blank that it looks like; write a plain space",
        languages=(*_LANGUAGES, "css", "scss", "less", "json", "jsonc", "yaml"),
        check=_blanks,
        triggers=(r"\xc2\xa0|\xe1\x9a\x80", r"\xe2\x80[\x80-\x8a\xaf]|\xe2\x81\x9f", r"\xe3\x80\x80"),
    ),
)
