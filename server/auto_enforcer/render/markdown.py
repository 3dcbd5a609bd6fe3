"""Markdown for a comment on a change or a job's summary: what it adds up to, then the worst violations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from auto_enforcer.model import Report
from auto_enforcer.render.items import Item, Tally, with_remark
from auto_enforcer.render.text import counted, printable, sentence
from auto_enforcer.render.worst import Kept, Worst

LONGEST = 60_000
"""Characters of a report, about: a comment may have 65,536 on GitHub."""

MOST_SHOWN = 200
"""Violations in the table, at most."""

MOST_NAMED = 20
"""Things that could not run that are named, at most."""

LONGEST_MESSAGE = 500
"""Characters of a message that are told, at most."""

# A zero-width space keeps names, numbers and addresses from becoming links or calling people.
_APART = "&#8203;"
_PUNCTUATION = re.compile(r"[\\`*_{}\[\]|~!$]")
_LINKING = re.compile(r"@|#(?=[0-9])|:(?=//)|(?i:www)(?=\.)")


def render(items: Iterable[Item], tally: Tally) -> Iterator[str]:
    """Nothing is written before the last item, for the counts come first; what is held is bounded."""
    worst = Worst(MOST_SHOWN)
    for item in tally.counting(items):
        if isinstance(item, Report):
            for row, verdict in item.rows:
                if verdict.shown is not None:
                    worst.add(item.path, row, verdict)
    head = "".join(_head(tally))
    yield head
    room = LONGEST - len(head)
    shown = 0
    for kept in worst.ranked():
        line = _line(kept)
        room -= len(line)
        if room < 0:
            break
        if not shown:
            yield "\n| severity | place | rule | message |\n|---|---|---|---|\n"
        shown += 1
        yield line
    if worst.count > shown:
        yield f"\n{counted(worst.count - shown, 'more violation')}: see the whole report.\n"


def _head(tally: Tally) -> Iterator[str]:
    yield f"## auto-enforcer: {_outcome(tally)}\n\n{_prose(sentence(tally))}\n"
    if tally.observed:
        yield f"\nonly observed: {counted(tally.observed, 'violation')}\n"
    if tally.failures:
        yield "\n### Could not run\n\n"
        for failure in tally.could_not_run[:MOST_NAMED]:
            yield f"- {_code(_cut(failure.what))}: {_prose(failure.why)}\n"
        rest = tally.failures - min(MOST_NAMED, len(tally.could_not_run))
        if rest:
            yield f"- and {rest} more\n"
    if tally.families:
        yield "\n| family | blocked | warnings |\n|---|---:|---:|\n"
        for family, (blocked, warnings) in sorted(
            tally.families.items(), key=lambda one: (-one[1][0], -one[1][1], one[0])
        ):
            yield f"| {_prose(family)} | {blocked} | {warnings} |\n"


def _outcome(tally: Tally) -> str:
    if tally.failures:
        return "could not do all of its work"
    if tally.gates:
        return "blocked"
    return "nothing new is blocked" if tally.historical else "nothing is blocked"


def _line(kept: Kept) -> str:
    violation = kept.row.violation
    place = _code(_cut(f"{kept.path}:{kept.row.number + 1}:{violation.start + 1}"))
    word = kept.verdict.severity.value
    if kept.verdict.shown == "error":
        word = f"**{word}**"
    message = _prose(with_remark(kept.row, kept.verdict))
    return f"| {word} | {place} | {_code(violation.rule)} | {message} |\n"


def _prose(text: str) -> str:
    """A message of one line, its code marked as code."""
    parts = _cut(text).split("`")
    if len(parts) % 2 == 0:  # a mark that nothing answers
        return _plain("`".join(parts))
    return "".join(_code(part) if index % 2 else _plain(part) for index, part in enumerate(parts))


def _plain(text: str) -> str:
    """Text in which nothing is marked up."""
    marked = _PUNCTUATION.sub(r"\\\g<0>", _entities(text))
    return _LINKING.sub(rf"\g<0>{_APART}", marked)


def _code(text: str) -> str:
    """Text as code, also in a table, where a bar would end the cell."""
    if not text or "|" in text or text.isspace():
        # A bar in code is read in one way inside of tables, and in another outside.
        return f"<code>{_plain_in_code(_entities(text))}</code>" if text else ""
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _plain_in_code(text: str) -> str:
    return re.sub(r"[\\`*_{}\[\]()|~!$@:]|#(?=[0-9])", lambda found: f"&#{ord(found[0])};", text)


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _cut(text: str) -> str:
    """Printable, and not too long."""
    text = printable(text)
    return text if len(text) <= LONGEST_MESSAGE else f"{text[: LONGEST_MESSAGE - 1]}…"
