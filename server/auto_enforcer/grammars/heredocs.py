"""Heredocs, as the grammars that have them share them."""

from __future__ import annotations

from auto_enforcer.grammars.modes import DEEPEST, STRING, Cursor, Frame


def heredoc(cursor: Cursor, *frames: Frame) -> None:
    """The body of a heredoc begins on the next line, in `frames`. A line has DEEPEST at most."""
    if len(cursor.pending) < DEEPEST:
        cursor.pending += (frames,)


def heredoc_line(cursor: Cursor, index: int) -> bool:
    """A line hook for frames whose data is (terminator, characters that may stand before it).

    The terminator's line is consumed and closes the frame, and all that its body left open with it."""
    data = cursor.frames[index][2]
    assert isinstance(data, tuple)
    terminator, blanks = data
    if not is_terminator(cursor.text, terminator, blanks) or _covered(cursor, index):
        return False
    cursor.frames = cursor.frames[:index]
    cursor.parts.clear()
    cursor.speak(0)
    cursor.emit(0, STRING)
    return True


def is_terminator(text: str, terminator: str, blanks: str) -> bool:
    """Whether the line is the terminator, behind any of the characters `blanks`."""
    return text.endswith(terminator) and text.lstrip(blanks) == terminator if blanks else text == terminator


def _covered(cursor: Cursor, index: int) -> bool:
    # Of several heredocs that wait for their bodies only the innermost is being read.
    return any("heredoc" in frame[1] for frame in cursor.frames[index + 1 :])
