"""A rule's page as HTML: the Markdown that the pages are written in, and nothing else of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from auto_enforcer.render.markup import escaped

LONGEST = 20_000
"""Characters of a page that are shown, at most."""

_SPANS = re.compile(r"`([^`]+)`|\*\*(.{1,500}?)\*\*|\[([^\]]{1,200})\]\(([^)\s]{1,500})\)", re.DOTALL)


def page(markdown: str) -> str:
    """The page without its first heading. All of it is escaped; only links to the web lead anywhere."""
    cut = len(markdown) > LONGEST
    lines = markdown[:LONGEST].rpartition("\n")[0].split("\n") if cut else markdown.split("\n")
    if lines and lines[0].startswith("#"):
        del lines[0]
    return "".join(_blocks(lines)) + ("<p>The page goes on.</p>" if cut else "")


def spans(text: str) -> str:
    """Words with code, bold words and links."""
    pieces: list[str] = []
    at = 0
    for found in _SPANS.finditer(text):
        pieces.append(escaped(text[at : found.start()]))
        code, bold, label, target = found.groups()
        if code is not None:
            pieces.append(f"<code>{escaped(code)}</code>")
        elif bold is not None:
            pieces.append(f"<strong>{spans(bold)}</strong>")
        elif target.startswith(("https://", "http://")):
            pieces.append(f'<a href="{escaped(target)}" rel="noreferrer">{spans(label)}</a>')
        else:
            pieces.append(spans(label))
        at = found.end()
    return "".join([*pieces, escaped(text[at:])])


def _blocks(lines: list[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        line = lines[at]
        end = at + 1
        if line.startswith("```"):
            fence = line[: len(line) - len(line.lstrip("`"))]
            while end < len(lines) and lines[end] != fence:
                end += 1
            yield f"<pre><code>{_lines(lines[at + 1 : end])}</code></pre>"
            end += 1
        elif line.startswith("#"):
            yield f"<h3>{spans(line.lstrip('# '))}</h3>"
        elif line.startswith("|"):
            end = _while(lines, at, lambda line: line.startswith("|"))
            yield from _table(lines[at:end])
        elif line.startswith("- "):
            end = _while(lines, at, lambda line: line.startswith(("- ", "  ")))
            yield from _list(lines[at:end])
        elif line.strip():
            end = _while(lines, at, _is_prose)
            yield f"<p>{spans(' '.join(one.strip() for one in lines[at:end]))}</p>"
        at = end


def _while(lines: list[str], at: int, goes_on: Callable[[str], bool]) -> int:
    """The first line from `at` + 1 on that is another block's."""
    end = at + 1
    while end < len(lines) and goes_on(lines[end]):
        end += 1
    return end


def _is_prose(line: str) -> bool:
    return bool(line.strip()) and not line.startswith(("```", "#", "|", "- "))


def _lines(lines: list[str]) -> str:
    # A bar at the beginning of a line may be the mark of a conflict.
    told = (escaped(line.replace("\t", "    ")) for line in lines)
    return "\n".join(f"&#124;{line[1:]}" if line.startswith("|") else line for line in told)


def _list(lines: list[str]) -> Iterator[str]:
    items: list[str] = []
    for line in lines:
        if line.startswith("- "):
            items.append(line[2:])
        else:
            items[-1] += f" {line.strip()}"
    yield f"<ul>{''.join(f'<li>{spans(item)}</li>' for item in items)}</ul>"


def _table(lines: list[str]) -> Iterator[str]:
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))] for line in lines]
    head, *rest = rows
    yield '<div class="wide"><table><thead><tr>'
    yield "".join(f'<th scope="col">{spans(cell)}</th>' for cell in head)
    yield "</tr></thead><tbody>"
    for row in rest:
        if not all(re.fullmatch(":?-+:?", cell) for cell in row):
            yield f"<tr>{''.join(f'<td>{spans(cell)}</td>' for cell in row)}</tr>"
    yield "</tbody></table></div>"
