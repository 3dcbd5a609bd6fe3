"""The page that says what sets the peers apart from us: written from the tables, held equal by a test."""

from __future__ import annotations

from pathlib import Path

from oracle.peer import EITHER, MEANINGS, OURS, PLAIN, THEIRS
from oracle.peers import PEERS

PATH = Path(__file__).with_name("differences.md")

_HEAD = """# What sets other tokenizers apart from us

Written by `python3 tests/oracle --page` from the tables in `peers_*.py`; do not edit it here.

The zones of a check are compared with those of the standard library's `tokenize` (Python) and of Pygments
(all else), character by character; blanks are left out, for one between two zones belongs to either.

## What their tokens mean

Zones are c (code), # (comment), s (string), t (text for people) and f (a fence's content, compared in files
of its own language). Of several, each will do. What is not named is as its parent, at last `{plain}`.

| language | token | zones |
|---|---|---|
"""

_KINDS = """
## Where they differ

Each kind is recognised by mending the other tokenizer in that one point: what then no longer differs was of
this kind. Pygments wrong: its reading is not the language's. Ours wrong: we know, and why it stays. Either: a
matter of what one calls a string, a comment or text. ` / ` stands for a line's end.
A test reads each example.

| language | kind | example | who is wrong | why |
|---|---|---|---|---|
"""

WRONG = {OURS: "Pygments", THEIRS: "ours", EITHER: "either"}
"""Who is wrong, by who is right."""


def written() -> str:
    """The page, from the tables."""
    lines = [_HEAD.replace("{plain}", PLAIN).rstrip("\n")]
    for name, meanings in (("every", MEANINGS), *((name, peer.meanings) for name, peer in PEERS.items())):
        for token, zones in meanings.items():
            lines.append(f"| {name} | {str(token).removeprefix('Token.')} | {zones} |")
    lines.append("| python | STRING | st |")
    lines.append("| python | STRING of a format string, FSTRING_START to FSTRING_END | s#ct |")
    lines.append(_KINDS.rstrip("\n"))
    for name, peer in PEERS.items():
        for kind in peer.kinds:
            example = kind.example.replace("\n", " / ").replace("|", "\\|")
            lines.append(f"| {name} | {kind.name} | `` {example} `` | {WRONG[kind.right]} | {kind.why} |")
    return "\n".join(lines) + "\n"
