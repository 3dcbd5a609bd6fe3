"""The grammar of PowerShell: its row's delimiters, here-strings, and the backtick that escapes."""

from __future__ import annotations

from auto_enforcer.grammars.delimited import build
from auto_enforcer.grammars.modes import CODE, POP, PUSH, STRING, Mode, Passed, Rule
from auto_enforcer.grammars.row import Language

BACKTICKS = Passed("`.", "`")


def modes(row: Language) -> dict[str, Mode]:
    """The modes of PowerShell. A here-string ends only at a line's start."""
    here = tuple(Rule("@", rf"@{quote}[ \t]*$", PUSH, STRING, f"here{quote}") for quote in "\"'")
    command = Rule("$", r"\$\(", PUSH, CODE, "inside(")
    return {
        **build(row, here, passed=BACKTICKS),
        'here"': Mode(STRING, (Rule('"', '^"@', POP, STRING), command), passed=BACKTICKS),
        "here'": Mode(STRING, (Rule("'", "^'@", POP, STRING),)),
    }
