"""What the modules of the security rules of Python share."""

from __future__ import annotations

from auto_enforcer.rules._common import regex
from auto_enforcer.rules.security._imports import IMPORTED
from auto_enforcer.rules.security._shared import Argument, Called, constant_name

PYTHON = ("python",)


def call_of(names: str, bare: str = "") -> str:
    """A call of a name, dotted or not; `bare` are names that count without a module before them only."""
    dotless = rf"|(?<![\w.])(?:{bare})" if bare else ""
    return rf"(?P<call>(?<![\w.])(?:[A-Za-z_]\w*\.)*(?:{names}){dotless})[ \t]*\("


def harmless(called: Called, argument: Argument | None) -> str:
    """Why an argument does no harm: `none` where it is not given, `constant`; else an empty text."""
    if argument is None:
        return "none"
    return "constant" if argument.constant or constant_name(called.line, argument.code) else ""


def is_built(argument: Argument) -> bool:
    """Whether a text is put together in an argument."""
    if regex(r"(?<![\w.])[rRbB]?[fF][rR]?[\"']").search(argument.text) and "{" in argument.text:
        return not argument.constant
    return regex(r"\+|%|\.[ \t]*(?:format|join)[ \t]*\(").search(argument.code) is not None


FACTS = (IMPORTED,)
"""What the rules ask of the lines above."""
