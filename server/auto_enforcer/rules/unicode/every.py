"""Characters that hide in text of any language."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from auto_enforcer.model import Candidate, Edit, Excuse, Fix, Line, Options, Rule, Severity, Zone
from auto_enforcer.rules._common import PROSE, regex
from auto_enforcer.rules.unicode._characters import (
    BIDIRECTIONAL,
    INVISIBLE,
    OPENERS,
    is_right_to_left,
    name_of,
)

_CODE, _STRING, _COMMENT, _TEXT = int(Zone.CODE), int(Zone.STRING), int(Zone.COMMENT), int(Zone.TEXT)


def _candidate(line: Line, start: int, end: int, safe: bool = False) -> Candidate:
    name = name_of(line.text[start])
    fix = Fix(f"Remove {name.partition(' ')[0]}", safe, (Edit(0, start, 0, end, ""),))
    return Candidate(start, end, {"name": name}, (fix,))


# Bidirectional controls


def _bidirectional(line: Line, options: Options) -> Iterator[Candidate]:
    ends = [*(start for start, _ in line.runs[1:]), len(line.text)]
    for (start, zone), end in zip(line.runs, ends, strict=True):
        text = line.text[start:end]
        closed = zone != _CODE and is_right_to_left(text) and _closes(text)
        for match in regex("[\u202a-\u202e\u2066-\u2069]+").finditer(text):
            found = _candidate(line, start + match.start(), start + match.end(), safe=zone == _COMMENT)
            yield Candidate(found.start, found.end, found.details, found.fixes, "closed" if closed else "")


def _closes(text: str) -> bool:
    """Whether each control in a text is closed in it, the last opened first."""
    opened: list[str] = []
    for character in text:
        if character in OPENERS:
            opened.append(OPENERS[character])
        elif character in BIDIRECTIONAL and (not opened or opened.pop() != character):
            return False
    return not opened


def _is_closed(line: Line, candidate: Candidate, options: Options) -> bool:
    """Text with right-to-left letters in one string, comment or sentence, all of whose controls are closed in
    it; in plain text, where a paragraph's end closes them, all that turn no letters around."""
    opened = line.text[candidate.start : candidate.end]
    turned = regex("[\u202d\u202e]").search(opened) is not None
    return candidate.value == "closed" or (line.file.language == "plaintext" and not turned)


# Invisible characters

_ZERO_WIDTH_JOINER, _NON_JOINER, _SOFT_HYPHEN = "\u200d", "\u200c", "\u00ad"


_HIDDEN = f"[{INVISIBLE}]+"


def _invisible(line: Line, options: Options) -> Iterator[Candidate]:
    for match in regex(_HIDDEN).finditer(line.text):
        in_comment = bool(line.zone_at(match.start()) & _COMMENT)
        yield _candidate(line, *match.span(), safe=in_comment)


def _is_emoji(line: Line, candidate: Candidate, options: Options) -> bool:
    """A selector or joiner after a sign that has such forms, and the tags of a flag."""
    hidden, before = line.text[candidate.start : candidate.end], line.text[: candidate.start][-1:]
    after = line.text[candidate.end :][:1]
    if hidden[0] == "\ufe0f" or hidden[0] == "\ufe0e":
        return _is_sign(before) and (
            len(hidden) == 1 or (hidden[1:] == _ZERO_WIDTH_JOINER and _is_sign(after))
        )
    if hidden == _ZERO_WIDTH_JOINER:
        return _is_sign(before) and _is_sign(after)
    if before == "\U0001f3f4":
        return (
            regex("[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f").fullmatch(hidden) is not None
        )
    return False


def _is_sign(character: str) -> bool:
    if not character:
        return False
    return character in "#*0123456789©®‼⁉™ℹ〰" or unicodedata.category(character) in (
        "So",
        "Sm",
        "Sk",
        "Po",
        "Mn",
    )


def _is_of_its_script(line: Line, candidate: Candidate, options: Options) -> bool:
    """Where a script needs it: joiners between the letters of Persian, Hindi and others, blanks without width
    in Khmer or Thai, variants of ideographs."""
    hidden = line.text[candidate.start : candidate.end]
    before, after = line.text[: candidate.start][-1:], line.text[candidate.end :][:1]
    if len(hidden) > 1:
        # A blank or joiner that was typed twice; runs of different ones may spell something.
        return (
            len(hidden) <= _MOST_ALIKE
            and len(set(hidden)) == 1
            and hidden[0] in "\u200b\u200c\u200d\u2060"
            and (_is_far_letter(before) or _is_far_letter(after))
        )
    if hidden == "\u034f" and before and unicodedata.category(before) == "Mn":
        return True
    if hidden in "\u200c\u200d\u200b\u2060\u180e\u061c\u034f\u17b4\u17b5\u115f\u1160":
        return _is_far_letter(before) or _is_far_letter(after)
    if "\ufe00" <= hidden <= "\ufe0d" or "\U000e0100" <= hidden <= "\U000e01ef":
        return bool(before) and unicodedata.category(before) in ("Lo", "Sm", "So", "Po", "Pe", "Ps")
    return False


_MOST_ALIKE = 3


def _is_far_letter(character: str) -> bool:
    """A letter or mark of a script other than Latin, Greek and Cyrillic, which need no such character."""
    return character >= "\u0590" and unicodedata.category(character) in ("Lo", "Mc", "Mn", "Nd", "Po")


def _is_in_range(line: Line, candidate: Candidate, options: Options) -> bool:
    """One end of a range of characters, as in a regular expression's `[x-y]`: no text but a list."""
    return line.text[candidate.end :][:1] == "-" or line.text[: candidate.start].endswith("-")


def _is_in_table(line: Line, candidate: Candidate, options: Options) -> bool:
    """One of many characters that stand in a row, each once: the table of an encoding."""
    before = line.text[max(candidate.start - 20, 0) : candidate.start]
    return len(before) == len(set(before)) >= 15 and not before.isascii() and " " not in before


def _is_in_words(line: Line, candidate: Candidate, options: Options) -> bool:
    """A place where a word or line may break, in text for people: soft hyphens, and what stands in prose.
    Tags and runs of selectors carry hidden text wherever they stand."""
    hidden = line.text[candidate.start : candidate.end]
    if line.zone_at(candidate.start) & _CODE and line.language not in PROSE:
        return False
    if hidden.strip(_SOFT_HYPHEN) == "":
        return True
    zone = line.zone_at(candidate.start)
    in_prose = bool(zone & _TEXT) or line.language in PROSE
    in_prose = in_prose or (bool(zone & _COMMENT) and hidden == "\ufeff")
    return (
        in_prose
        and len(hidden) <= 2
        and regex("[\u200b-\u200d\u2060-\u2064\ufeff\u034f\ufe00-\ufe0f]+").fullmatch(hidden) is not None
    )


def _is_at_start(line: Line, candidate: Candidate, options: Options) -> bool:
    """A byte order mark."""
    return line.number == 0 and candidate.start == 0 and line.text[: candidate.end] == "\ufeff"


# A byte order mark


def _byte_order_mark(line: Line, options: Options) -> Iterator[Candidate]:
    if line.number == 0 and "byte-order-mark" in line.file.anywhere:
        # It was taken away when the file was read: there is nothing here that an edit could remove.
        yield Candidate(0, 0)
    for match in regex("\ufeff").finditer(line.text):
        edit = Edit(0, match.start(), 0, match.end(), "")
        yield Candidate(*match.span(), fixes=(Fix("Remove the byte order mark", False, (edit,)),))


def _is_inside(line: Line, candidate: Candidate, options: Options) -> bool:
    """Further down it is an invisible character like others."""
    return line.number > 0 or candidate.start > 0


# Control characters

_CONTROL = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]"


def _controls(line: Line, options: Options) -> Iterator[Candidate]:
    for match in regex(f"{_CONTROL}+").finditer(line.text):
        character = match.group()[0]
        yield Candidate(*match.span(), {"name": _CONTROL_NAMES.get(character) or name_of(character)})


def _is_page_break(line: Line, candidate: Candidate, options: Options) -> bool:
    """A form feed at a line's start or end parts a file into pages."""
    around = line.text[: candidate.start] + line.text[candidate.end :]
    return line.text[candidate.start] in "\f\v" and (not around.strip() or candidate.start == 0)


def _is_end_of_file(line: Line, candidate: Candidate, options: Options) -> bool:
    """Control-Z as the last character, which DOS wrote."""
    return line.text[candidate.start :] == "\x1a" and not line.after(1)


def _is_plain_text(line: Line, candidate: Candidate, options: Options) -> bool:
    """A text of no known language: a terminal's output, a page for a printer, another encoding."""
    return line.language == "plaintext"


_CONTROL_NAMES = {
    "\x00": "U+0000 null",
    "\x07": "U+0007 bell",
    "\x08": "U+0008 backspace",
    "\x0b": "U+000B vertical tab",
    "\x0c": "U+000C form feed",
    "\x1a": "U+001A control-Z",
    "\x1b": "U+001B escape",
    "\x7f": "U+007F delete",
}

RULES = (
    Rule(
        id="unicode/bidirectional-control",
        severity=Severity.BLOCKED,
        message="{name} makes the text look other than it is; remove it or write it as an escape",
        zones=Zone.EVERYWHERE,
        check=_bidirectional,
        triggers=(r"\xe2\x80[\xaa-\xae]", r"\xe2\x81[\xa6-\xa9]"),
        excuses=(Excuse("closed-right-to-left-text", _is_closed),),
        everywhere=True,
    ),
    Rule(
        id="unicode/invisible-character",
        severity=Severity.BLOCKED,
        message="{name} cannot be seen; remove it or write it as an escape",
        zones=Zone.EVERYWHERE,
        check=_invisible,
        triggers=(
            r"\xc2\xad",
            r"\xcd\x8f|\xd8\x9c",
            r"\xe1\x85[\x9f\xa0]|\xe1\x9e[\xb4\xb5]|\xe1\xa0\x8e",
            r"\xe2\x80[\x8b-\x8d]|\xe2\x81[\xa0-\xa4\xaa-\xaf]",
            r"\xe3\x85\xa4|\xef\xb8[\x80-\x8f]|\xef\xbb\xbf|\xef\xbe\xa0|\xef\xbf[\xb9-\xbb]",
            r"\xf3\xa0[\x80-\x87][\x80-\xbf]",
        ),
        excuses=(
            Excuse("byte-order-mark", _is_at_start),
            Excuse("emoji", _is_emoji),
            Excuse("script", _is_of_its_script),
            Excuse("range", _is_in_range),
            Excuse("table", _is_in_table),
            Excuse("words", _is_in_words),
        ),
        everywhere=True,
    ),
    Rule(
        id="unicode/byte-order-mark",
        severity=Severity.WARNING,
        message="the file begins with a byte order mark; save it without",
        zones=Zone.EVERYWHERE,
        check=_byte_order_mark,
        triggers=(r"\xef\xbb\xbf",),
        excuses=(Excuse("inside", _is_inside),),
        optional=True,
        everywhere=True,
    ),
    Rule(
        id="unicode/control-character",
        severity=Severity.WARNING,
        message="{name} is a control character; write it as an escape or remove it",
        zones=Zone.EVERYWHERE,
        check=_controls,
        triggers=(
            r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]",
            r"\xc2[\x80-\x9f]",
            r"\xe2\x80[\xa8\xa9]",
        ),
        excuses=(
            Excuse("page-break", _is_page_break),
            Excuse("end-of-file", _is_end_of_file),
            Excuse("table", _is_in_table),
            Excuse("plain-text", _is_plain_text),
        ),
        after=1,
        everywhere=True,
    ),
)
