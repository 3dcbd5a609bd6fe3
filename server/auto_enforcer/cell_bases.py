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
    now = [_lines(cell) for cell in cells]
    before = [_lines(cell) for cell in base]
    became = _became(now, before)
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
        "\n".join([*(before[was] if was >= 0 else ()), *moved])
        for was, moved in zip(became, taken, strict=True)
    ]


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


def _became(now: Sequence[Sequence[str]], before: Sequence[Sequence[str]]) -> list[int]:
    """For each cell which of the base it was; -1 for none. First those that say the same, then those that
    have most lines in common, then those that stand alone between two that are known."""
    found = [-1] * len(now)
    places: defaultdict[tuple[str, ...], deque[int]] = defaultdict(deque)
    for index, lines in enumerate(before):
        places[tuple(map(folded, lines))].append(index)
    for index, lines in enumerate(now):
        same = places.get(tuple(map(folded, lines)))
        if same:
            found[index] = same.popleft()
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
