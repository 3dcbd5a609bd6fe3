"""Code, comment, string and text zones of a line, with the state that the next line needs."""

from __future__ import annotations

import re
from collections.abc import Hashable
from functools import cache
from typing import cast

from auto_enforcer.grammars.modes import (
    CALL,
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
from auto_enforcer.model import NamedTuple, Part, Run

State = tuple[Hashable, ...]
"""What is open before a line. Opaque, small, hashable; two are equal when the same things are open."""

LONGEST_LINE = 65_536
"""Characters of a line that is still lexed."""

BUSIEST_LINE = 10_000
"""Delimiters of a line that are still looked at; behind them all is in the zone of where the last one led."""

LONGEST_TURN = 4_096
"""Characters of a line that `turn` takes the short way with: it cannot have too many delimiters."""


_GOES_ON = ((CONTINUED, CONTINUED), ("options", "block"))
"""Modes that take the place of others at each line, or at one, while the same thing is open."""


class Lexed(NamedTuple):
    """A lexed line: zones and languages as runs that cover it from column 0, and the next line's state."""

    runs: tuple[Run, ...]
    parts: tuple[Part, ...]
    state: State


_new = tuple.__new__  # half the price of the named tuple's own


@cache
def start(language: str) -> State:
    """The state before the first line of a file. Raises KeyError for a language that is no row's id."""
    row = LANGUAGES[language]
    inner = ((row.outside, "start", 0),) if row.outside else ()
    return ((row.id, "start", 0), *inner)


def lex(text: str, state: State) -> Lexed:
    """The zones of one line, given without its end. Pure; never raises on any text.

    A line of more than LONGEST_LINE characters is one run of the zone it begins in, and leaves the state as
    it is. Behind BUSIEST_LINE delimiters all stays as the last one left it. What opens inside of
    `modes.DEEPEST` other things is passed over, and is in the zone of where it stands.
    """
    frames: Frames = state  # type: ignore[assignment]  # a cast is a call, and this is the hottest way
    language, name, _ = frames[-1]
    mode = machine(language, name)
    length = len(text)
    if length > LONGEST_LINE:
        return Lexed(((0, zone(state)),), ((0, language),), state)
    match = mode.match
    if match is None or not mode.plain or (len(frames) > 1 and _embedded(frames)):
        return _lex(Cursor(text, frames))
    # Most lines have nothing but tokens, and need no more than this.
    zone_here, rules, position = mode.zone, mode.rules, 0
    runs: list[Run] = [(0, zone_here)]
    for _ in range(BUSIEST_LINE):
        found = match(text, position, length)
        group = found.lastindex  # type: ignore[union-attr]  # every mode's expression matches anywhere
        if group is None:
            break
        kind, token_zone, _, prefix = rules[group]
        if kind == TOKEN and not prefix:
            begin, position = found.span(group)  # type: ignore[union-attr]
            if runs[-1][0] == begin:
                runs.pop()
            if not runs or runs[-1][1] != token_zone:
                runs.append((begin, token_zone))
            if position < length and token_zone != zone_here:
                runs.append((position, zone_here))
        elif kind == SKIP:
            position = found.end()  # type: ignore[union-attr]
        else:
            return _lex(Cursor(text, frames), position, runs)
    return _new(Lexed, (tuple(runs) if position else mode.runs, mode.parts, state))


def turn(text: str, state: State) -> State | None:
    """`lex(text, state).state`, for less, as no zones are told; None where a part of the line is written in
    another language than the state's innermost."""
    frames = cast(Frames, state)
    language, name, _ = frames[-1]
    mode = machine(language, name)
    length = len(text)
    short = length <= LONGEST_TURN and mode.plain and name != CONTINUED
    if short and not (len(frames) > 1 and _embedded(frames)):
        if mode.is_quiet(text):
            return state
        for match, frame in mode.turns:
            if match(text):
                return (*frames, frame) if frame is not None else frames[:-1]
        cursor = Cursor(text, frames)
        cursor.steps = iter(range(BUSIEST_LINE))
        _run(cursor, length)
        if not cursor.restart:
            _end(cursor, frames)
            return cursor.frames
    lexed = lex(text, state)
    if len(lexed.parts) > 1 or lexed.parts[0][1] != language:
        return None
    return lexed.state


def languages(state: State) -> tuple[str, ...]:
    """The languages that are open, outermost first; the last is the one the next line begins in."""
    found: list[str] = []
    for frame in cast(Frames, state):
        if not found or found[-1] != frame[0]:
            found.append(frame[0])
    return tuple(found)


def settled(state: State) -> bool:
    """Whether every line without a turning mark of any of `languages(state)`, and without `closer(state)`,
    leaves the state as it is."""
    return all(machine(frame[0], frame[1]).settled for frame in cast(Frames, state))


def closer(state: State) -> bytes:
    """What closes the innermost thing that is open, in UTF-8, where it is a turning mark only there; b"" for
    other states. A line of code that opens such a thing and closes it again need have no mark."""
    language, name, _ = cast(Frames, state)[-1]
    return machine(language, name).closer


def uniform(state: State) -> int:
    """The zone that a line without a turning mark (see `settled`) is in from end to end; 0 where it may have
    several."""
    frames = cast(Frames, state)
    mode = machine(frames[-1][0], frames[-1][1])
    alone = mode.uniform and not (len(frames) > 1 and _embedded(frames)) and settled(state)
    return mode.zone if alone else 0


def depth(state: State) -> int:
    """How many things that span lines are open: string, comment, heredoc, block scalar, fence, spliced line.

    Brackets, tags and elements do not count: plain code and markup are 0.
    """
    return sum(machine(frame[0], frame[1]).depth for frame in cast(Frames, state))


def kept(before: State, after: State) -> int:
    """How many of the things that `depth` counts were open before a line and are so still after it, for
    `after` that `lex` made of `before`: what closed and opened again on the line is another."""
    count = 0
    for old, new in zip(cast(Frames, before), cast(Frames, after), strict=False):
        deep = machine(new[0], new[1]).depth
        # A frame that is never taken off stays the same object.
        if deep and old is not new and (old[1], new[1]) not in _GOES_ON:
            break
        count += deep
    return count


def begins_at(text: str, state: State) -> int:
    """The depth that a line begins at: that of the state before it, less what the line shows to have ended
    above it."""
    frames = cast(Frames, state)
    cursor = Cursor(text, frames[:-1] if frames[-1][1] == CONTINUED else frames)
    opened, index = depth(cursor.frames), 0
    cursor.steps = iter(range(BUSIEST_LINE))
    cursor.speak(0)
    while index < len(cursor.frames):
        frame = cursor.frames[index]
        hook = machine(frame[0], frame[1]).line
        if hook is not None and hook(cursor, index):
            return depth(state)
        index += 1
    return depth(state) - max(0, opened - depth(cursor.frames))


def zone(state: State) -> int:
    """The zone that the next line begins in."""
    language, name, _ = cast(Frames, state)[-1]
    return machine(language, name).zone


def marks(language: str) -> tuple[str, ...]:
    """The language's turning marks: regular expressions over UTF-8 bytes, for multi-line ASCII matching."""
    return LANGUAGES[language].marks


def _embedded(frames: Frames) -> bool:
    for language, name, _ in frames[:-1]:
        mode = machine(language, name)
        if mode.line is not None or mode.boundary is not None:
            return True
    return False


def _lex(cursor: Cursor, position: int = 0, runs: list[Run] | None = None) -> Lexed:
    """The whole way. `runs`: what is known of the line up to `position`, where only tokens stood."""
    before = frames = cursor.frames
    cursor.steps = iter(range(BUSIEST_LINE))
    length = len(cursor.text)
    if frames[-1][1] == CONTINUED:
        cursor.pending = cast(tuple[Frames, ...], frames[-1][2] or ())
        cursor.frames = frames[:-1]
        cursor.opened = True
    cursor.speak(0)
    if runs is not None:
        cursor.position, cursor.runs = position, runs
        _run(cursor, length)
        if not cursor.restart:
            _end(cursor, before)
            return _lexed(cursor)
        cursor.restart = False
    else:
        index = 0
        while index < len(cursor.frames):
            frame = cursor.frames[index]
            hook = machine(frame[0], frame[1]).line
            if hook is not None and hook(cursor, index):
                return _lexed(cursor)
            index += 1
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
    _end(cursor, before)
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
    text, position, frames, runs = cursor.text, cursor.position, cursor.frames, cursor.runs
    steps = cursor.steps
    while True:
        # Entered anew whenever the innermost frame changes.
        frame = frames[-1]
        language = frame[0]
        mode = machine(language, frame[1])
        zone_here = mode.zone
        runs.append((position, zone_here))
        match = mode.match
        if match is None:
            closer = frame[2]
            end = text.find(closer, position, limit) if isinstance(closer, str) else -1
            if end < 0:
                break
            position = end + len(str(closer))
            frames = frames[:-1]
            continue
        rules = mode.rules
        for _ in steps:
            found = match(text, position, limit)
            group = found.lastindex  # type: ignore[union-attr]  # every mode's expression matches anywhere
            if group is None:
                cursor.position, cursor.frames = limit, frames
                return
            kind, token_zone, argument, prefix = rules[group]
            begin, position = found.span(group)  # type: ignore[union-attr]
            if kind == TOKEN:
                runs.append((cursor.with_prefix(begin, prefix) if prefix else begin, token_zone))
                runs.append((position, zone_here))
                continue
            if kind == SKIP:
                continue
            if kind == SPLICE:
                cursor.spliced = True
                continue
            if kind == CALL:
                cursor.position, cursor.frames = position, frames
                argument(cursor, found, group)
                position = cursor.position
                if cursor.restart:
                    return
                if cursor.frames is frames:
                    continue
                frames = cursor.frames
                break
            runs.append((cursor.with_prefix(begin, prefix) if prefix else begin, token_zone))
            if kind == PUSH:
                if len(frames) < DEEPEST:
                    frames += ((language, argument, 0),)
                    break
            elif kind == POP:
                frames = frames[:-1]
                if frames[-1][0] != language:
                    cursor.position, cursor.frames = position, frames
                    cursor.speak(position)
                    cursor.restart = True
                    return
                break
            elif kind == UNTIL:
                if len(frames) < DEEPEST:
                    label = found[group + 1]  # type: ignore[index]
                    frames += ((language, argument[0], argument[1] % label),)
                    break
            else:
                # A run of single brackets is one match.
                count, times = cast(int, frame[2]), argument or position - begin
                frames = frames[:-1]
                if kind == OPEN:
                    count += times
                elif times > count:
                    position -= 0 if argument else times - count - 1
                    break
                else:
                    count -= times
                frame = (language, frame[1], count)
                frames += (frame,)
            runs.append((position, zone_here))
        else:
            break
    cursor.position, cursor.frames = limit, frames


def _end(cursor: Cursor, before: Frames) -> None:
    """The end of the line: what ends with it, what goes on."""
    frames = cursor.frames
    mode = machine(frames[-1][0], frames[-1][1])
    if mode.end is not None:
        mode.end(cursor)
        frames = cursor.frames
        mode = machine(frames[-1][0], frames[-1][1])
    if cursor.spliced and not mode.single_line:
        cursor.frames = (*frames, (frames[-1][0], CONTINUED, cursor.pending))
        return
    if not cursor.spliced:
        while mode.single_line:
            frames = frames[:-1]
            mode = machine(frames[-1][0], frames[-1][1])
        if len(frames) > 1:
            frames = _unwrapped(cursor.text, frames, before)
            mode = machine(frames[-1][0], frames[-1][1])
    # The first heredoc's body comes first, so it is the innermost.
    for opened in reversed(cursor.pending):
        if len(frames) + len(opened) <= DEEPEST:
            frames += opened
    cursor.frames = frames


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
    """The cursor's finds without empty runs, and with neighbours of the same zone made one."""
    length, last, runs = len(cursor.text), 0, []
    start, zone = cursor.runs[0]
    for next_start, next_zone in cursor.runs:
        if next_start > start:
            if zone != last:
                runs.append((start, zone))
                last = zone
            start = next_start
        zone = next_zone
    if (start < length or not runs) and zone != last:
        runs.append((start, zone))
    if len(cursor.parts) > 1 and cursor.parts[-1][0] >= length:
        cursor.parts.pop()
    return Lexed(tuple(runs), tuple(cursor.parts), cursor.frames)
