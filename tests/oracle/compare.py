"""Compares the zones of a check with a peer's, character by character, and counts the lines that differ."""

from __future__ import annotations

import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from oracle import probe
from oracle.peer import FENCED, PLAIN, Peer, Reader


class Difference(NamedTuple):
    """A line on which some characters differ: their columns, the line, its zone letters, and theirs."""

    path: str
    number: int
    columns: tuple[int, ...]
    line: str
    ours: str
    theirs: tuple[str, ...]
    """For each character the zones that would do."""

    def __str__(self) -> str:
        first = max(0, self.columns[0] - 60)
        shown = "".join(zones[0] if zones != "cs" else "*" for zones in self.theirs)
        rows = (self.line.replace("\t", " "), self.ours, shown)
        return f"{self.path}:{self.number + 1}\n" + "\n".join(
            f"    {row[first : first + 160]}" for row in rows
        )


@dataclass(slots=True)
class Tally:
    """What a language's files have shown."""

    files: int = 0
    lines: int = 0
    characters: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    """Lines that differ, by kind."""
    undecided: list[Difference] = field(default_factory=list)
    """The lines that differ for no known reason."""
    failed: list[str] = field(default_factory=list)
    """Files that the peer cannot read, and why."""


def compare(language: str, peer: Peer, texts: Iterable[tuple[str, str]]) -> Tally:
    """Compare texts, each with its path. What differs once the peer is mended of all its kinds is undecided;
    another line that differs is of the kind without which it no longer does."""
    tally, reader = Tally(), Reader(peer)
    for path, text in texts:
        fenced = any(FENCED in zones for zones in peer.meanings.values())
        ours = [
            FENCED * len(letters) if fenced and spoken != language else letters
            for letters, spoken in probe.zones(text, language)
        ]
        try:
            found = {d.number: d for d in differences(path, text, ours, reader, 0)}
            stages = [found]
            stages += (
                {d.number: d for d in differences(path, text, ours, reader, mended)}
                for mended in range(1, len(peer.kinds) + 1 if found else 1)
            )
        except (SyntaxError, tokenize.TokenError) as error:
            tally.failed.append(f"{path}: {error}")
            continue
        tally.files += 1
        tally.lines += text.count("\n")
        tally.characters += len(text)
        for number in found.keys() - stages[-1].keys():
            last = max(index for index, stage in enumerate(stages) if number in stage)
            tally.kinds[peer.kinds[last].name] += 1
        tally.undecided += stages[-1].values()
    return tally


def differences(
    path: str, text: str, ours: Sequence[str], reader: Reader, mended: int
) -> Iterator[Difference]:
    """The lines of a text on which the peer, mended of so many kinds, differs from our zones. Blanks are not
    compared: one between two zones belongs to either."""
    theirs = [PLAIN] * len(text)
    for start, end, zones in reader.zones(text, mended):
        theirs[start:end] = [zones] * (min(end, len(text)) - start)
    position = 0
    for number, (line, letters) in enumerate(zip(text.split("\n"), ours, strict=True)):
        meant = theirs[position : position + len(line)]
        position += len(line) + 1
        pairs = enumerate(zip(letters, meant, strict=True))
        columns = tuple(k for k, (letter, zones) in pairs if letter not in zones and not line[k].isspace())
        if columns:
            yield Difference(path, number, columns, line, letters, tuple(meant))
