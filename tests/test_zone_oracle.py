"""The zones of a check beside those of other tokenizers, in the files that every machine has.

`python3 tests/oracle` does it with 200 files of each language, and fetches them.
"""

from __future__ import annotations

import re

import pytest

from auto_enforcer.languages import LANGUAGES
from oracle import corpus, page
from oracle.compare import Tally, compare
from oracle.corpus import Source
from oracle.peer import Kind, Peer
from oracle.peers import PEERS
from oracle.pins import PINS
from oracle.run import MOST, row, wrong

KINDS = [(language, kind) for language, peer in PEERS.items() for kind in peer.kinds]

UNHEARD_OF = {"svelte", "dotenv", "prisma"}
"""The languages that Pygments has no lexer for."""

TEMPLATES = {row.id for row in LANGUAGES.values() if row.embedded}
"""Templates: in what stands between their delimiters, and in the markup around it, the lexers of their own
languages are compared; Pygments tells these two apart by other means in each."""

INSTALLED = {
    "c": r"\.[ch]$",
    "cpp": r"\.(cc|cpp|hpp)$",
    "css": r"\.css$",
    "html": r"\.html$",
    "ini": r"\.(ini|cfg)$",
    "javascript": r"\.m?js$",
    "json": r"\.json$",
    "markdown": r"\.md$",
    "python": r"\.py$",
    "restructuredtext": r"\.rst$",
    "rust": r"\.rs$",
    "shellscript": r"\.sh$",
    "toml": r"\.toml$",
    "xml": r"\.(xml|svg)$",
    "yaml": r"\.ya?ml$",
}
"""What may lie beside the packages of the suite, by language."""


def told(language: str, tally: Tally) -> str:
    return "\n".join([row(language, tally), *(str(difference) for difference in tally.undecided[:5])])


def test_every_language_that_another_tokenizer_knows_has_a_peer_and_files() -> None:
    assert set(LANGUAGES) - set(PEERS) == UNHEARD_OF | TEMPLATES
    assert set(PINS) == set(PEERS)
    assert all(sources for sources in PINS.values())


def test_python_agrees_with_its_own_tokenizer() -> None:
    """Two hundred files of the standard library, through a check: blocks, marks and pieces of long lines."""
    tally = compare("python", PEERS["python"], corpus.texts(Source("python", "", r"\.py$", 200)))
    assert tally.files + len(tally.failed) == 200
    assert tally.lines > 40_000
    assert not tally.undecided, told("python", tally)


def test_what_is_installed_reads_as_other_tokenizers_read_it() -> None:
    lines = differing = 0
    for language, pattern in INSTALLED.items():
        tally = compare(language, PEERS[language], corpus.texts(Source("installed", "", pattern, 12)))
        lines, differing = lines + tally.lines, differing + wrong(language, tally)
        assert wrong(language, tally) <= max(3, MOST * tally.lines), told(language, tally)
    assert lines > 2_000
    assert differing <= max(3, MOST * lines)


@pytest.mark.parametrize(("language", "kind"), KINDS, ids=[f"{one}-{kind.name}" for one, kind in KINDS])
def test_a_kind_of_difference_is_recognised_by_its_example(language: str, kind: Kind) -> None:
    tally = compare(language, PEERS[language], [(kind.name, kind.example + "\n")])
    assert tally.kinds[kind.name] > 0
    assert not tally.undecided, told(language, tally)


def test_the_page_says_what_the_tables_say() -> None:
    """`python3 tests/oracle --page` writes it anew."""
    assert page.PATH.read_text(encoding="utf-8") == page.written()


@pytest.mark.parametrize("text", ["a = 'b'\n", "a = 1  # b\n", "a = [\n    1,  # b\n]\n"])
def test_zones_of_another_language_differ(text: str) -> None:
    """What the oracle must be able to find: a text read by the rules of a language that it is not in."""
    assert not compare("python", PEERS["python"], [("x", text)]).undecided
    assert len(compare("json", PEERS["python"], [("x", text)]).undecided) == 1


def test_a_long_line_is_compared_to_its_end() -> None:
    """A check sees it in pieces."""
    text = "a = [" + "'bc', " * 3_000 + "] # d\n"
    assert not compare("python", PEERS["python"], [("x", text)]).undecided
    found = compare("json", PEERS["python"], [("x", text)]).undecided
    assert {match.start() for match in re.finditer("'bc'", text)} <= set(found[0].columns)


def test_a_line_counts_for_the_kind_that_mends_it() -> None:
    peer = PEERS["c"]
    text = '#define A "b"\n#if 0\nc();\n#endif\nd("e");\n'
    assert compare("c", peer, [("x", text)]).kinds == {
        "string in a directive": 1,
        "code under #if 0": 1,
    }
    assert len(compare("c", Peer(peer.lexer), [("x", text)]).undecided) == 2
