"""How another tokenizer is asked for the zones of a text, and how it is mended where it is known to err."""

from __future__ import annotations

import importlib
import io
import re
import tokenize
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pygments.lexer import inherit
from pygments.token import Comment, String, _TokenType

OURS, EITHER, THEIRS = "ours", "either", "theirs"

PLAIN = "ct"
"""The zones of what is neither comment nor string."""

FENCED = "f"
"""What is in another language: its zones are compared in that language's own files."""

MEANINGS: Mapping[_TokenType, str] = {
    Comment: "#",
    Comment.Preproc: PLAIN,
    Comment.PreprocFile: "s" + PLAIN,
    String: "s",
    String.Interpol: PLAIN,
}
"""What Pygments' tokens mean where a peer says nothing else: the letters of the zones that will do. Its
`Comment.Preproc` are directives, PHP's tags and the like, no comments; its `String.Interpol` are the brackets
of what is put into a string, which are code with us. What is not named is PLAIN."""


class Kind(NamedTuple):
    """A kind of difference, and who is right.

    It is recognised by mending the other tokenizer: what no longer differs when `rules` are tried first in
    its states, or `mend` has changed its lexer, was of this kind. `example` and `why` are for people.
    """

    name: str
    example: str
    why: str
    right: str = OURS
    rules: Mapping[str, Sequence[Any]] = {}
    mend: Callable[[type[Any]], type[Any]] | None = None


class Peer(NamedTuple):
    """What stands beside us in a language.

    `lexer` is a class of Pygments behind its module (`c_cpp.CLexer`), `options` are what it is made with;
    empty is `tokenize`. `meanings` go before MEANINGS; a type without one means what its parent means.
    """

    lexer: str
    meanings: Mapping[_TokenType, str] = {}
    kinds: tuple[Kind, ...] = ()
    options: Mapping[str, Any] = {}


class Reader:
    """A peer at work: its lexers, plain and mended of more and more kinds."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self._lexers: list[type[Any]] = []
        self._meanings = {**MEANINGS, **peer.meanings}

    def zones(self, text: str, mended: int) -> Iterator[tuple[int, int, str]]:
        """(start, end, zones that will do) of what the peer finds, mended of its first so many kinds. A later
        one overrules those before it."""
        if not self.peer.lexer:
            yield from _tokenized(text)
            return
        known: dict[_TokenType, str] = {}
        for start, kind, value in self._lexer(mended)(**self.peer.options).get_tokens_unprocessed(text):
            zones = known.get(kind)
            if zones is None:
                zones = known[kind] = self._meaning(kind)
            yield start, start + len(value), zones

    def mended(self) -> type[Any]:
        """The peer's lexer without any of its kinds."""
        return self._lexer(len(self.peer.kinds))

    def _meaning(self, kind: _TokenType) -> str:
        parent: _TokenType | None = kind
        while parent is not None:
            if parent in self._meanings:
                return self._meanings[parent]
            parent = parent.parent
        return PLAIN

    def _lexer(self, mended: int) -> type[Any]:
        if not self._lexers:
            module, _, name = self.peer.lexer.partition(".")
            self._lexers.append(getattr(importlib.import_module(f"pygments.lexers.{module}"), name))
        while len(self._lexers) <= mended:
            self._lexers.append(_mended(self._lexers[-1], self.peer.kinds[len(self._lexers) - 1]))
        return self._lexers[mended]


def _mended(lexer: type[Any], kind: Kind) -> type[Any]:
    if kind.mend is not None:
        lexer = kind.mend(lexer)
    if kind.rules:
        lexer = type(lexer.__name__, (lexer,), {"tokens": _merged(lexer, kind.rules)})
    return lexer


def _merged(lexer: type[Any], rules: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """Rules before those of a lexer; in each of its variants where it has some."""
    if not getattr(lexer, "token_variants", False):
        return {state: [*first, inherit] for state, first in rules.items()}
    return {
        variant: {**states, **{state: [*first, *states.get(state, ())] for state, first in rules.items()}}
        for variant, states in lexer.tokens.items()
    }


_FORMAT = re.compile(r"[a-zA-Z]*[fFtT]")


def _tokenized(text: str) -> Iterator[tuple[int, int, str]]:
    """The comments and strings that the standard library finds. It does not tell a docstring from a string
    nor, before 3.12, the code in a format string."""
    starts = [0]
    for line in io.StringIO(text):
        starts.append(starts[-1] + len(line))
    opened: list[int] = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        start = starts[token.start[0] - 1] + token.start[1]
        end = starts[token.end[0] - 1] + token.end[1]
        name = tokenize.tok_name[token.type]
        if token.type == tokenize.COMMENT:
            yield start, end, "#"
        elif token.type == tokenize.STRING:
            yield start, end, "s#ct" if _FORMAT.match(token.string) else "st"
        elif name.endswith("STRING_START"):
            opened.append(start)
        elif name.endswith("STRING_END"):
            yield opened.pop(), end, "s#ct"
