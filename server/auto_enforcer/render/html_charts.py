"""The charts of the HTML report, drawn in SVG. What they show is also told in numbers beside them."""

from __future__ import annotations

from collections.abc import Sequence

from auto_enforcer.render.markup import escaped

Point = tuple[str, int, int, int]
"""A day, and what was blocked, warned of and historical on it; the last is a part of both before."""

MOST_POINTS = 120
"""Days that the trend shows, at most: the last ones."""

_WIDTH, _HEIGHT = 480, 190
_LEFT, _TOP, _BOTTOM = 40, 10, 26


def bar(counts: Sequence[int], most: int) -> str:
    """A bar of blocked, warnings and historical, as long as they are in comparison with `most`."""
    at, parts = 0.0, []
    for name, count in zip("bwo", counts, strict=True):
        width = 100 * count / most if most else 0
        if width:
            parts.append(f'<rect class="{name}" x="{at:.2f}" width="{max(width, 0.6):.2f}" height="10"/>')
            at += width
    return (
        '<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f"{''.join(parts)}</svg>"
    )


def swatch(name: str) -> str:
    """A square in the colour of `b`locked, `w`arnings or what is `o`ld."""
    return (
        f'<svg viewBox="0 0 10 10" aria-hidden="true" focusable="false">'
        f'<rect class="{name}" width="10" height="10" rx="2"/></svg>'
    )


def trend(points: Sequence[Point]) -> str:
    """Lines over the days."""
    points = points[-MOST_POINTS:]
    top = _round_up(max(max(point[1:]) for point in points))
    last = len(points) - 1
    width, height = _WIDTH - _LEFT - 8, _HEIGHT - _TOP - _BOTTOM

    def x(index: int) -> float:
        return _LEFT + (width * index / last if last else width)

    def y(count: int) -> float:
        return _TOP + height * (1 - count / top)

    parts = [
        f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - 8}" y1="{y(count):.1f}" y2="{y(count):.1f}"/>'
        f'<text x="{_LEFT - 6}" y="{y(count) + 4:.1f}" text-anchor="end">{count:,}</text>'
        for count in sorted({0, top // 2, top})
    ]
    _, blocked, warnings, historical = zip(*points, strict=True)
    # Historical first: what counts lies on top.
    for name, counts in (("lo", historical), ("lw", warnings), ("lb", blocked)):
        places = " ".join(f"{x(index):.1f},{y(count):.1f}" for index, count in enumerate(counts))
        parts.append(f'<polyline class="{name}" points="{places}"/>')
    days = f'<text x="{_LEFT}" y="{_HEIGHT - 6}">{escaped(points[0][0])}</text>'
    days += f'<text x="{_WIDTH - 8}" y="{_HEIGHT - 6}" text-anchor="end">{escaped(points[-1][0])}</text>'
    first, now = points[0], points[-1]
    told = (
        f"From {first[0]} to {now[0]}: blocked from {first[1]} to {now[1]}, warnings from {first[2]} to "
        f"{now[2]}, historical from {first[3]} to {now[3]}"
    )
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escaped(told)}">'
        f"{''.join(parts)}{days}</svg>"
    )


def _round_up(count: int) -> int:
    """An even number with few digits, at least as large."""
    if count < 2:
        return 2
    step = int(f"1{'0' * (len(str(count)) - 1)}")
    return next(part * step for part in (1, 2, 4, 6, 8, 10) if part * step >= count)
