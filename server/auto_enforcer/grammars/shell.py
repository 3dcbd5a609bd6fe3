"""The grammar of the shell, with heredocs and with commands and parameters inside of strings."""

from __future__ import annotations

import re

from auto_enforcer.grammars.heredocs import heredoc, heredoc_line
from auto_enforcer.grammars.modes import (
    CALL,
    CLOSE,
    CODE,
    COMMENT,
    ESCAPES,
    OPEN,
    POP,
    PUSH,
    SPLICE,
    STRING,
    TOKEN,
    Cursor,
    Mode,
    Rule,
)
from auto_enforcer.grammars.row import Language

_COMMENT = r"(?<![^\s;&|(`])#"
_HEREDOC = r"<<(-?)[ \t]*+(?:'([^'\n]++)'|\"([^\"\n]++)\"|(\\?)([A-Za-z_][\w.-]*+))"
# Arithmetic may shift: `((1 << n))` opens no heredoc. Brackets inside are followed two deep.
_ARITHMETIC = r"\$?\(\((?:[^()]++|\((?:[^()]++|\([^()]*+\))*+\))*+\)\)"


def modes(row: Language) -> dict[str, Mode]:
    """The modes of the shell."""
    code = _code()
    inner = _inner()
    return {
        "start": Mode(CODE, code, settled=True, depth=0, passed=ESCAPES),
        "inside(": Mode(
            CODE,
            (*code, Rule("(", r"\(", OPEN, CODE), Rule(")", r"\)", CLOSE, CODE)),
            depth=0,
            passed=ESCAPES,
        ),
        "inside{": Mode(
            CODE,
            (
                Rule('"', '"', PUSH, STRING, "double"),
                *inner,
                Rule("{", r"\{", OPEN, CODE),
                Rule("}", r"\}", CLOSE, CODE),
            ),
            depth=0,
            passed=ESCAPES,
        ),
        "inside`": Mode(
            CODE,
            (Rule("`", "`", POP, CODE), Rule("#", f"{_COMMENT}[^`]*+", TOKEN, COMMENT), *code),
            depth=0,
            passed=ESCAPES,
        ),
        "single": Mode(STRING, (Rule("'", "'", POP, STRING),)),
        "ansi": Mode(STRING, (Rule("'", "'", POP, STRING),), passed=ESCAPES),
        "double": Mode(STRING, (Rule('"', '"', POP, STRING), *inner), passed=ESCAPES),
        "heredoc": Mode(STRING, inner, line=heredoc_line, passed=ESCAPES),
        "raw heredoc": Mode(STRING, line=heredoc_line),
    }


def _code() -> tuple[Rule, ...]:
    return (
        # A comment on a line that goes on: `# what`.
        Rule("#", "(?<=`)#[^`]*+(?=`)", TOKEN, COMMENT),
        Rule("#", f"{_COMMENT}.*", TOKEN, COMMENT),
        Rule("'", "'[^']*+'", TOKEN, STRING),
        Rule("'", "'", PUSH, STRING, "single"),
        Rule('"', r'"(?:[^"\\$`]++|\\.|\$(?![({]))*+"', TOKEN, STRING),
        Rule('"', '"', PUSH, STRING, "double"),
        Rule("$", r"\$'(?:[^'\\]++|\\.)*+'", TOKEN, STRING),
        Rule("$", r"\$'", PUSH, STRING, "ansi"),
        Rule("$(", _ARITHMETIC, TOKEN, CODE),
        Rule("$", r"\$\{[^{}\"'`$\\]*+\}|\$#", TOKEN, CODE),
        Rule("<", "<<<", TOKEN, CODE),
        Rule("<", _HEREDOC, CALL, CODE, _heredoc, groups=5),
        Rule("\\", r"\\$", SPLICE, 0),
    )


def _inner() -> tuple[Rule, ...]:
    return (
        Rule("$", _ARITHMETIC, TOKEN, CODE),
        Rule("$", r"\$\(", PUSH, CODE, "inside("),
        Rule("$", r"\$\{", PUSH, CODE, "inside{"),
        Rule("`", "`", PUSH, CODE, "inside`"),
    )


def _heredoc(cursor: Cursor, found: re.Match[str], group: int) -> None:
    strip, single, double, escaped, bare = (found[group + inner] for inner in range(1, 6))
    name = "heredoc" if bare and not escaped else "raw heredoc"
    heredoc(cursor, (cursor.frames[-1][0], name, (single or double or bare, "\t" if strip else "")))
    cursor.token(found.start(group), found.end(group), STRING)
