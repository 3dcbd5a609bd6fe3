"""The grammar of Terraform and other HCL: its row's delimiters, and heredocs."""

from __future__ import annotations

import re

from auto_enforcer.grammars.delimited import build
from auto_enforcer.grammars.heredocs import heredoc, heredoc_line
from auto_enforcer.grammars.modes import CALL, CODE, PUSH, STRING, Cursor, Mode, Passed, Rule
from auto_enforcer.grammars.row import Language


def modes(row: Language) -> dict[str, Mode]:
    """The modes of HCL. A heredoc's terminator may be indented in either form."""
    opener = Rule("<", r"<<-?([A-Za-z_][\w-]*+)[ \t]*$", CALL, STRING, _heredoc, groups=1)
    return {
        **build(row, (opener,)),
        "heredoc": Mode(
            STRING,
            tuple(Rule(sign, rf"\{sign}\{{", PUSH, CODE, "inside{") for sign in "$%"),
            line=heredoc_line,
            passed=Passed(r"\$\$\{|%%\{", "$%"),
        ),
    }


def _heredoc(cursor: Cursor, found: re.Match[str], group: int) -> None:
    heredoc(cursor, ("terraform", "heredoc", (found[group + 1], " \t")))
    cursor.token(found.start(group), found.end(group), STRING)
