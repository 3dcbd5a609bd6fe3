"""The `filter` expressions of betterleaks' rules: what of them can be said in a `[[rule]]` table."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auto_enforcer.model import NamedTuple

_STRING = r'`[^`]*`|"(?:[^"\\\n]|\\.)*"'
_LIST = rf"\[\s*(?:(?:{_STRING})\s*,?\s*)*\]"
_PATH = r'get\(attributes,\s*"path",\s*""\)|\(?attributes\["path"\]\s*(?:\?\?\s*"")?\)?'
_ENTROPY = re.compile(r'(?:filter\.)?entropy\(finding\["secret"\]\)\s*<=?\s*(?P<bits>\d+(?:\.\d+)?)')
_CALL = re.compile(
    rf"(?P<not>!)?\s*(?:filter\.)?(?P<call>matchesAny|containsAny)\(\s*"
    rf'(?:finding\["(?P<where>secret|match|line)"\]|(?P<path>{_PATH}))\s*,\s*(?P<list>{_LIST})\s*\)'
)
_TOKEN = re.compile(rf"{_STRING}|//[^\n]*|\|\||[()\[\]]|.", re.DOTALL)


class Term(NamedTuple):
    """One of the alternatives of a filter, each of which drops what was found. `call` is `entropy`,
    `matchesAny` or `containsAny`, `where` what it looks at: secret, match, line or path."""

    call: str
    where: str
    negated: bool
    texts: tuple[str, ...]
    bits: float = 0.0


def terms(expression: str) -> tuple[list[Term], list[str]]:
    """The alternatives of a filter that are understood, and the text of the others."""
    understood, others = [], []
    for text in _alternatives(_bare(expression)):
        entropy, call = _ENTROPY.fullmatch(text), _CALL.fullmatch(text)
        if entropy is not None:
            understood.append(Term("entropy", "secret", False, (), float(entropy["bits"])))
        elif call is not None:
            where = call["where"] or "path"
            texts = tuple(_strings(call["list"]))
            understood.append(Term(call["call"], where, call["not"] is not None, texts))
        else:
            others.append(text)
    return understood, others


def _bare(expression: str) -> str:
    """The expression without brackets around all of it."""
    expression = expression.strip()
    while expression.startswith("("):
        depth = 0
        for token in _TOKEN.finditer(expression):
            depth += (token[0] == "(") - (token[0] == ")")
            if depth == 0:
                break
        if token.end() != len(expression):
            break
        expression = expression[1:-1].strip()
    return expression


def _alternatives(expression: str) -> Iterator[str]:
    depth, start = 0, 0
    for token in _TOKEN.finditer(expression):
        depth += (token[0] in ("(", "[")) - (token[0] in (")", "]"))
        if token[0] == "||" and depth == 0:
            yield expression[start : token.start()].strip()
            start = token.end()
    if expression[start:].strip():
        yield expression[start:].strip()


def _strings(written: str) -> Iterator[str]:
    for match in re.finditer(_STRING, written):
        inner = match[0][1:-1]
        yield inner if match[0][0] == "`" else re.sub(r"\\(.)", _escaped, inner)


def _escaped(match: re.Match[str]) -> str:
    return {"n": "\n", "t": "\t", "r": "\r"}.get(match[1], match[1])
