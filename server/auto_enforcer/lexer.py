"""Code, comment, string and text zones of a line, with the state that the next line needs."""

from __future__ import annotations

import re
from collections.abc import Hashable
from functools import cache
from typing import NamedTuple, cast

from auto_enforcer.grammars.modes import (
    CALL,
    CLOSE,
    CODE,
    CONTINUED,
    DEEPEST,
    OPEN,
    POP,
    PUSH,
    SKIP,
    SPLICE,
    TOKEN,
    UNTIL,
    Cursor,
    Frames,
    Machine,
    machine,
)
from auto_enforcer.grammars.row import WRAPPING
from auto_enforcer.languages import LANGUAGES
from auto_enforcer.model import Part, Run

State = tuple[Hashable, ...]
"""What is open before a line. Opaque, small, hashable; two are equal when the same things are open."""

LONGEST_LINE = 65_536
"""Characters of a line that is still lexed."""


class Lexed(NamedTuple):
    """A lexed line: zones and languages as runs that cover it from column 0, and the next line's state."""

    runs: tuple[Run, ...]
    parts: tuple[Part, ...]
    state: State


@cache
def start(language: str) -> State:
    """The state before the first line of a file. Raises KeyError for a language that is no row's id."""
    return ((LANGUAGES[language].id, "start", 0),)


def lex(text: str, state: State) -> Lexed:
    """The zones of one line, given without its end. Pure; never raises on any text.

    A line of more than LONGEST_LINE characters is one run of the zone it begins in, and leaves the state as it
    is. Things that open inside more than `modes.DEEPEST` others are passed over as text of where they stand.
    """
    frames = cast(Frames, state)
    language, name, _ = frames[-1]
    first = machine(language, name)
    if len(text) > LONGEST_LINE:
        return Lexed(((0, zone(state)),), ((0, language),), state)
    if first.plain and len(frames) == 1:
        found = first.match(text, 0, len(text)) if first.match is not None else None
        if found is None or found.lastindex is None:
            if first.opens and text.rstrip(" \t")[-1:] in first.opens:
                return Lexed(first.runs, first.parts, (*state, (language, "opened", 0)))
            return Lexed(first.runs, first.parts, state)
    return _lex(Cursor(text, frames))


def languages(state: State) -> tuple[str, ...]:
    """The languages that are open, outermost first; the last is the one the next line begins in."""
    found: list[str] = []
    for frame in cast(Frames, state):
        if not found or found[-1] != frame[0]:
            found.append(frame[0])
    return tuple(found)


def settled(state: State) -> bool:
    """Whether every line without a turning mark of any of `languages(state)` leaves the state as it is."""
    return all(machine(frame[0], frame[1]).settled for frame in cast(Frames, state))


def depth(state: State) -> int:
    """How many things that span lines are open: string, comment, heredoc, block scalar, fence, spliced line.

    Brackets, tags and elements do not count: plain code and markup are 0.
    """
    return sum(machine(frame[0], frame[1]).depth for frame in cast(Frames, state))


def zone(state: State) -> int:
    """The zone that the next line begins in."""
    language, name, _ = cast(Frames, state)[-1]
    return machine(language, name).zone


def marks(language: str) -> tuple[str, ...]:
    """The language's turning marks: regular expressions over UTF-8 bytes, for multi-line ASCII matching."""
    return LANGUAGES[language].marks


def _lex(cursor: Cursor) -> Lexed:
    frames = cursor.frames
    if frames[-1][1] == CONTINUED:
        cursor.pending = cast(Frames, frames[-1][2])
        cursor.frames = frames[:-1]
        cursor.opened = True
    cursor.speak(0)
    index = 0
    while index < len(cursor.frames):
        frame = cursor.frames[index]
        hook = machine(frame[0], frame[1]).line
        if hook is not None and hook(cursor, index):
            return _lexed(cursor)
        index += 1
    length = len(cursor.text)
    while True:
        limit, leaving = _limit(cursor, length)
        _run(cursor, limit)
        if cursor.restart:
            cursor.restart = False
        elif leaving is not None:
            index, outer, found = leaving
            assert outer.leave is not None
            outer.leave(cursor, index, found)
        else:
            break
    _end(cursor, frames)
    return _lexed(cursor)


def _limit(cursor: Cursor, length: int) -> tuple[int, tuple[int, Machine, re.Match[str]] | None]:
    """How far the innermost frames reach on this line, and the frame whose boundary ends them there."""
    limit, leaving = length, None
    for index, frame in enumerate(cursor.frames):
        mode = machine(frame[0], frame[1])
        if mode.shield:
            limit, leaving = length, None
        if mode.boundary is not None:
            found = mode.boundary(cursor.text, cursor.position, frame[2])
            if found is not None and found.start() < limit:
                limit, leaving = found.start(), (index, mode, found)
    return limit, leaving


def _run(cursor: Cursor, limit: int) -> None:
    """Reads up to `limit`, or to where an action asks for a restart."""
    text, position, frames = cursor.text, cursor.position, cursor.frames
    emit = cursor.emit
    while True:
        # Entered anew whenever the innermost frame changes.
        frame = frames[-1]
        language = frame[0]
        mode = machine(language, frame[1])
        emit(position, mode.zone)
        match = mode.match
        if match is None:
            closer = frame[2]
            found_at = text.find(closer, position, limit) if isinstance(closer, str) else -1
            if found_at < 0:
                break
            assert isinstance(closer, str)
            position = found_at + len(closer)
            frames = frames[:-1]
            continue
        rules, zone_here = mode.rules, mode.zone
        while True:
            found = match(text, position, limit)
            assert found is not None
            group = found.lastindex
            if group is None:
                cursor.position, cursor.frames = limit, frames
                return
            kind, token_zone, argument, prefix = rules[group]
            position = found.end()
            if kind == SKIP:
                continue
            start_at = found.start(group)
            if prefix:
                start_at = cursor.with_prefix(start_at, prefix)
            if kind == CALL:
                cursor.frames = frames
                cursor.position = position
                argument(cursor, found, group)
                position = cursor.position
                if cursor.restart:
                    return
                if cursor.frames is not frames:
                    frames = cursor.frames
                    break
                continue
            if kind != SPLICE or token_zone:
                emit(start_at, token_zone)
            if kind == TOKEN:
                emit(position, zone_here)
                continue
            if kind == PUSH:
                if len(frames) < DEEPEST:
                    frames += ((language, argument, 0),)
                    break
            elif kind == POP:
                frames = frames[:-1]
                if frames[-1][0] != language:
                    cursor.frames = frames
                    cursor.speak(position)
                    cursor.restart = True
                    cursor.position = position
                    return
                break
            elif kind == OPEN:
                frames = (*frames[:-1], (language, frame[1], cast(int, frame[2]) + 1))
                frame = frames[-1]
            elif kind == CLOSE:
                if not frame[2]:
                    frames = frames[:-1]
                    break
                frames = (*frames[:-1], (language, frame[1], cast(int, frame[2]) - 1))
                frame = frames[-1]
            elif kind == UNTIL:
                if len(frames) < DEEPEST:
                    frames += ((language, argument[0], argument[1] % found[group + 1]),)
                    break
            else:
                cursor.spliced = True
            emit(position, zone_here)
    cursor.position, cursor.frames = limit, frames


def _end(cursor: Cursor, before: Frames) -> None:
    """The end of the line: what ends with it, what goes on."""
    frames = cursor.frames
    mode = machine(frames[-1][0], frames[-1][1])
    if mode.end is not None:
        mode.end(cursor)
        frames = cursor.frames
        mode = machine(frames[-1][0], frames[-1][1])
    if not mode.single_line and len(frames) > 1:
        frames = _unwrapped(cursor.text, frames, before)
        mode = machine(frames[-1][0], frames[-1][1])
    if not cursor.spliced:
        while mode.single_line:
            frames = frames[:-1]
            mode = machine(frames[-1][0], frames[-1][1])
    elif not mode.single_line:
        cursor.frames = (*frames, (frames[-1][0], CONTINUED, cursor.pending))
        return
    if mode.opens:
        stripped, (start, zone_at_end) = cursor.text.rstrip(" \t"), cursor.runs[-1]
        if stripped[-1:] in mode.opens and start < len(stripped) and zone_at_end == CODE:
            frames = (*frames, (frames[-1][0], "opened", 0))
    cursor.frames = (*frames, *cursor.pending) if cursor.pending else frames


def _unwrapped(text: str, frames: Frames, before: Frames) -> Frames:
    """`frames` without the single-line strings opened on this line whose code the line's end cuts off.

    Code in them goes on in the next line only if the line ends as an unfinished expression does: half a line
    that is being typed must not turn the rest of the file.
    """
    for index, frame in enumerate(frames):
        mode = machine(frame[0], frame[1])
        if mode.single_line and frame not in before[index : index + 1]:
            opened = text.rfind(mode.wrap) if mode.wrap else -1
            if opened < 0 or "}" in text[opened:] or text.rstrip(" \t")[-1:] not in WRAPPING:
                return frames[:index]
    return frames


def _lexed(cursor: Cursor) -> Lexed:
    length, runs, parts = len(cursor.text), cursor.runs, cursor.parts
    if len(runs) > 1 and runs[-1][0] >= length:
        runs.pop()
    if len(parts) > 1 and parts[-1][0] >= length:
        parts.pop()
    return Lexed(tuple(runs), tuple(parts), cursor.frames)
