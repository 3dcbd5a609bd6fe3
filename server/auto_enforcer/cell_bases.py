"""What each cell of a notebook is compared with: the cell of the base that it was, and lines of other ones.

Each cell of the base becomes at most one cell, and each line that is no more where its cell is now may have
been moved or cut off: it goes to the first cell that has it and did not have it before. So what was there
once is old once, and a copy in another cell is new.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence

from auto_enforcer.scope import Pairs, folded

MOST_TRIED = 16
"""Cells of the base that have a line of a cell which are held against it, at most."""


def bases_of(cells: Sequence[str], base: Sequence[str]) -> list[str]:
    """For each cell the text that it is compared with; `base` are the cells of the base, in order. Lines end
    in LF."""
    same = _same(cells, base)
    # Of what is as it was, which mostly is all, no line is looked at.
    now = [_lines(cell) if same[number] < 0 else [] for number, cell in enumerate(cells)]
    kept = set(same)
    before = [_lines(cell) if was not in kept else [] for was, cell in enumerate(base)]
    became = _became(same, now, before)
    wanted: list[Counter[str]] = []
    known = set(became)
    left = [(-1, line) for was, lines in enumerate(before) if was not in known for line in lines]
    for number, (lines, was) in enumerate(zip(now, became, strict=True)):
        further = Counter(map(folded, lines))
        if was >= 0:
            pairs = Pairs(before[was], lines)
            for run in pairs.runs:
                further -= Counter(map(folded, lines[run.start : run.start + run.length]))
            for gap in pairs.gaps(len(lines)):
                left += [(number, line) for line in before[was][gap.base_start : gap.base_end]]
        wanted.append(further)
    taken = _taken(left, wanted)
    return [
        base[was] if same[number] >= 0 else "\n".join([*(before[was] if was >= 0 else ()), *moved])
        for number, (was, moved) in enumerate(zip(became, taken, strict=True))
    ]


def _same(cells: Sequence[str], base: Sequence[str]) -> list[int]:
    """For each cell which one of the base says the very same; -1 for none."""
    places: defaultdict[str, deque[int]] = defaultdict(deque)
    for index, cell in enumerate(base):
        places[cell].append(index)
    return [same.popleft() if (same := places.get(cell)) else -1 for cell in cells]


def _taken(left: Iterable[tuple[int, str]], wanted: Sequence[Counter[str]]) -> list[list[str]]:
    """For each cell those of the lines that left others which it wants. Each is given once; it comes with the
    number of the cell that has been compared with it already, -1 for none."""
    wants: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for number, lines in enumerate(wanted):
        for line, count in lines.items():
            wants[line][number] = count
    taken: list[list[str]] = [[] for _ in wanted]
    for owner, line in left:
        counts = wants.get(folded(line), {}) if line.strip() else {}
        number = next((one for one in counts if one != owner), -1)
        if number >= 0:
            counts[number] -= 1
            if not counts[number]:
                del counts[number]
            taken[number].append(line)
    return taken


def _became(same: Sequence[int], now: Sequence[Sequence[str]], before: Sequence[Sequence[str]]) -> list[int]:
    """For each cell which of the base it was; -1 for none. First those that say the same, of which `same`
    knows those that do so to the letter, then those that have most lines in common, then those that stand
    alone between two that are known."""
    found, kept = list(same), set(same)
    places: defaultdict[tuple[str, ...], deque[int]] = defaultdict(deque)
    for index, lines in enumerate(before):
        if index not in kept:
            places[tuple(map(folded, lines))].append(index)
    for index, lines in enumerate(now):
        alike = places.get(tuple(map(folded, lines))) if found[index] < 0 else None
        if alike:
            found[index] = alike.popleft()
    free = set(range(len(before))) - set(found)
    _add_alike(found, free, now, before)
    _add_between(found, free)
    return found


def _add_alike(
    found: list[int], free: set[int], now: Sequence[Sequence[str]], before: Sequence[Sequence[str]]
) -> None:
    """Those that share lines, those that share most of them first."""
    counts = {index: Counter(filter(None, map(folded, before[index]))) for index in free}
    of_line: defaultdict[str, list[int]] = defaultdict(list)
    for index in sorted(free):
        for line in counts[index]:
            if len(of_line[line]) < MOST_TRIED:
                of_line[line].append(index)
    pairs: list[tuple[int, int, int]] = []
    for index, lines in enumerate(now):
        if found[index] < 0:
            own = Counter(filter(None, map(folded, lines)))
            tried = {was for line in own for was in of_line.get(line, ())}
            pairs += [(-sum((own & counts[was]).values()), index, was) for was in tried]
    for _, index, was in sorted(pairs):
        if found[index] < 0 and was in free:
            found[index] = was
            free.discard(was)


def _add_between(found: list[int], free: set[int]) -> None:
    """Those that are the only ones, now and before, between two neighbours that are known."""
    for index, was in enumerate(found):
        above = found[index - 1] if index else -1
        if was >= 0 or above + 1 not in free or (index and above < 0):
            continue
        below = index + 1
        if (below == len(found) and above + 2 not in free) or (
            below < len(found) and found[below] == above + 2
        ):
            found[index] = above + 1
            free.discard(above + 1)


def _lines(cell: str) -> list[str]:
    return cell.split("\n")
