"""Literals that choose their own delimiter: Ruby's `%w[…]`, Elixir's `~r/…/`, Perl's `qq{…}`."""

from __future__ import annotations

import re

from auto_enforcer.grammars.modes import CLOSE, CODE, ESCAPES, NOTHING, OPEN, POP, PUSH, STRING, Mode, Rule

BRACKETS = {"(": ")", "[": "]", "{": "}", "<": ">"}
SYMBOLS = "|/!\"'`^-~.,:;@#$%&*+=?\\"


def is_delimiter(character: str) -> bool:
    """Whether `literal_modes` has a mode for the opener."""
    return character in BRACKETS or character in SYMBOLS


def literal_modes(
    name: str, interpolation: str = "", flags: str = "", *, nested: bool = True
) -> dict[str, Mode]:
    """A mode `name` + opener for each delimiter; brackets count where they are `nested`. `interpolation`
    (`#{`) opens code inside; `flags` is an expression for what may stand behind the closer and belongs to the
    literal."""
    made: dict[str, Mode] = {}
    opener = interpolation
    code = (Rule(opener[0], re.escape(opener), PUSH, CODE, f"inside{opener[-1]}"),) if opener else ()
    for left, right in BRACKETS.items():
        counted = (
            Rule(left, re.escape(left), OPEN, STRING),
            Rule(right, re.escape(right) + flags, CLOSE, STRING, 1),
        )
        first = (Rule(right, re.escape(right) + flags, POP, STRING),)
        made[name + left] = Mode(STRING, (*code, *(counted if nested else first)), passed=ESCAPES)
    for symbol in SYMBOLS:
        close = Rule(symbol, re.escape(symbol) + flags, POP, STRING)
        escape = NOTHING if symbol == "\\" else ESCAPES
        made[name + symbol] = Mode(STRING, (close, *code), passed=escape)
    return made
