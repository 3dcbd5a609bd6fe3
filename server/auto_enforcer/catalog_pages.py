"""A rule's section of its page as people read it.

The sections are tests, too: what a fenced block sets for its test, the marks with a rule's id, and the words
that stand for a token, for a character or for each language's comment are the test's; a reader gets none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from auto_enforcer import catalog
from auto_enforcer.languages import LANGUAGES
from auto_enforcer.model import NamedTuple

COMMENT = "#"
"""What begins the comment of an example for every language."""

ORDINARY = ("service", "shop")
"""How the files are called that stand for any file of a product: their names say nothing."""

_FENCE = re.compile(r"(`{3,})(\S*) ?(.*)")
_KEY = re.compile(r"""([a-z]+)=(\{.*?\}(?=\s|$)|"(?:[^"\\]|\\.)*"|\S+)""")
_MARK = re.compile(r" *(\^+) ([a-z-]+/[a-z0-9-]+): (?:blocked|warning)")
_MASK = re.compile(r"\{\{([a-z0-9-]+)(?::[a-z0-9]+)?\}\}|\\u\{([0-9a-f]{1,6})\}")


class _Block(NamedTuple):
    """A fenced block; `at` and `end` are the lines of its fences."""

    at: int
    end: int
    fence: str
    languages: tuple[str, ...]
    keys: Mapping[str, str]
    fixed: bool


def page(rule: str, language: str = "", examples: int = 0) -> str:
    """What there is to read of one of our rules, in Markdown, its heading included; "" where it has no page.

    With a number of examples there are so many of what is found and so many of what is not, those in the
    language first; for 0 there are all. Raises KeyError for an unknown rule.
    """
    return readable(catalog.page(rule), language, examples)


def family_page(family: str) -> str:
    """The page of a family, its head and all of its sections; "" where there is none."""
    return "\n".join([readable(section) for section in catalog.sections(family).values()])


def readable(section: str, language: str = "", examples: int = 0) -> str:
    """A section of a page without what is its test's; see `page`."""
    lines = section.split("\n")
    rule = lines[0].lstrip("# `").rstrip(" `")
    blocks = list(_blocks(lines))
    left_out = _left_out(lines, blocks, language, examples) if examples else set()
    told: list[str] = []
    at = 0
    for block in blocks:
        told += lines[at : block.at]
        at = block.end + 1
        if block.at not in left_out:
            told += _told(block, lines[block.at + 1 : block.end], rule, language)
            continue
        _drop_blanks(told)
        if not any(one.at not in left_out for one in _run(blocks, block, lines)):
            _close(told)
    return "\n".join([*told, *lines[at:]])


def _run(blocks: Sequence[_Block], block: _Block, lines: Sequence[str]) -> list[_Block]:
    """The blocks that stand around a block with no prose between."""
    runs: list[list[_Block]] = [[]]
    for one in blocks:
        if runs[-1] and any(lines[runs[-1][-1].end + 1 : one.at]):
            runs.append([])
        runs[-1].append(one)
    return next(run for run in runs if block in run)


def _drop_blanks(told: list[str]) -> None:
    while told and not told[-1]:
        told.pop()


def _close(told: list[str]) -> None:
    """Take out the sentence that leads to an example which is left out; one with more to say ends there."""
    if not told or not told[-1].endswith(":"):
        return
    start = next((at + 1 for at in range(len(told) - 1, -1, -1) if not told[at]), 0)
    if told[start].startswith("**"):
        told[-1] = told[-1][:-1] + "."
        return
    del told[start:]
    _drop_blanks(told)


def _blocks(lines: Sequence[str]) -> Iterator[_Block]:
    at = 0
    while at < len(lines):
        opened = _FENCE.fullmatch(lines[at])
        if opened is not None:
            fence, languages, said = opened.groups()
            end = next((one for one in range(at + 1, len(lines)) if lines[one] == fence), len(lines))
            keys = dict(_KEY.findall(said))
            yield _Block(at, end, fence, tuple(languages.split("+")), keys, "fixed" in said.split())
            at = end
        at += 1


def _left_out(lines: Sequence[str], blocks: Sequence[_Block], language: str, examples: int) -> set[int]:
    """Where the blocks begin that are too many: of each part of the section all but a few."""
    parts: dict[int, list[list[_Block]]] = {}
    part = before = 0
    for block in blocks:
        heads = [at for at in range(before, block.at) if lines[at].startswith("**")]
        part, before = (heads[-1] if heads else part), block.end
        if block.fixed and parts.get(part):
            parts[part][-1].append(block)
        else:
            parts.setdefault(part, []).append([block])
    found: set[int] = set()
    for groups in parts.values():
        groups.sort(key=lambda group: _distance(group[0], language))
        found |= {block.at for group in groups[examples:] for block in group}
    return found


def _distance(block: _Block, language: str) -> int:
    """How far an example is from a language: its own ones are the nearest, then those for all."""
    if language in block.languages:
        return 0
    return 1 if block.languages == ("every",) else 2


def _told(block: _Block, texts: Sequence[str], rule: str, language: str) -> Iterator[str]:
    """A block with the words that stand before it, where it is more than its text."""
    said = "This becomes" if block.fixed else _setting(block.keys)
    if said and not any(text.strip() for text in texts if _MARK.fullmatch(text) is None):
        yield f"{said}."
        return
    if said:
        yield from (f"{said}:", "")
    known = language if language in block.languages else block.languages[0]
    if known == "every":
        known = language if language in LANGUAGES and LANGUAGES[language].line_comment else ""
    row = LANGUAGES.get(known)
    yield block.fence + ("" if known == "plaintext" else known)
    yield from _lines(texts, rule, (row.line_comment if row is not None else "") or COMMENT)
    yield block.fence


def _setting(keys: Mapping[str, str]) -> str:
    """What of an example its text does not say: where it stands, what it is beside, what the policy says."""
    said = []
    path = keys.get("path", "")
    name = path.rpartition("/")[2].partition(".")[0].lower()
    if path and (name not in ORDINARY or keys.get("silent") == "path"):
        said.append(f"in `{path}`")
    if "tree" in keys:
        said.append("beside " + ", ".join(f"`{one}`" for one in keys["tree"].strip('"').split()))
    if "mode" in keys:
        said.append("executable" if int(keys["mode"], 8) & 0o111 else "not executable")
    if "binary" in keys:
        said.append("binary")
    if "size" in keys:
        said.append(f"of {int(keys['size']):,} bytes")
    if "end" in keys:
        said.append("without a line end at its end")
    if "base" in keys:
        said.append("unchanged since its base" if keys["base"] == "same" else "changed since its base")
    if "today" in keys:
        said.append(f"on {keys['today']}")
    if "options" in keys:
        said.append(f"with `{keys['options'][1:-1]}`")
    text = ", ".join(said)
    return f"{text[:1].upper()}{text[1:]}"


def _lines(texts: Iterable[str], rule: str, comment: str) -> Iterator[str]:
    """The lines of a block. What is found in one is marked below it, in one line if that says all."""
    shown, columns, own = "", list[int](), ""
    entry = catalog.entries().get(rule)
    is_whole = entry is not None and entry.whole is not None
    for text in texts:
        mark = _MARK.fullmatch(text)
        if mark is None:
            if own:
                yield own
            own = ""
            shown, columns = _unmasked(text, comment)
            yield shown
            continue
        if is_whole and mark.span(1) == (0, 1):
            continue  # It speaks of the file as a whole.
        start, end = (columns[min(one, len(columns) - 1)] for one in mark.span(1))
        before = "".join("\t" if one == "\t" else " " for one in shown[:start])
        carets = before + "^" * max(1, end - start)
        if mark[2] != rule:
            yield f"{carets} {mark[2]}"
        elif own and start > len(own):
            own += carets[len(own) :]
        else:
            if own:
                yield own
            own = carets
    if own:
        yield own


def _unmasked(text: str, comment: str) -> tuple[str, list[int]]:
    """A line with words that people read for those of the test, and for each of its columns and its end the
    column where it is now."""
    shown, columns, at = "", list[int](), 0
    for mask in _MASK.finditer(text):
        shown, columns = _with(shown, columns, text[at : mask.start()])
        word = (
            comment if mask[1] == "comment" else f"<{mask[1]}>" if mask[1] else f"<U+{mask[2].upper():0>4}>"
        )
        columns += [len(shown)] * (mask.end() - mask.start())
        shown += word
        at = mask.end()
    shown, columns = _with(shown, columns, text[at:])
    return shown, [*columns, len(shown)]


def _with(shown: str, columns: list[int], text: str) -> tuple[str, list[int]]:
    return shown + text, [*columns, *range(len(shown), len(shown) + len(text))]
