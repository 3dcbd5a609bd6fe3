"""Path globs (`**`, `*`, `?`, `[…]`, `{a,b}`, trailing `/`) as regular expressions that stay fast."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

LONGEST_GLOB = 1_000
"""Characters a glob may have."""

MOST_ALTERNATIVES = 64
"""Patterns that the braces of one glob may stand for."""

MOST_TRANSLATED = 1 << 18
"""Characters of the expressions that the globs of one policy may come to. So many compile within about a
second, and 5,000 globs that people write are fewer."""

_REST = "(?:/.*)?"


def translate(glob: str) -> str:
    """The regular expression (for `re.fullmatch`, with `re.DOTALL`) of a glob over relative paths with `/`.

    As in .gitignore: a glob without an inner or leading `/` holds at any depth, and one that matches a folder
    holds for all below it; a trailing `/` asks for a folder. A path that is itself a folder ends in `/`.
    Paths must be `composed`. Raises ValueError, whose text says what is wrong with the glob and is fit to be
    shown.
    """
    glob = composed(glob)
    if not glob.strip("/"):
        raise ValueError("the glob is empty")
    if len(glob) > LONGEST_GLOB:
        raise ValueError(f"the glob is longer than {LONGEST_GLOB} characters")
    if glob.startswith("!"):
        raise ValueError("a glob cannot begin with `!`; leave the path out of the list instead")
    alternatives = tuple(dict.fromkeys(expanded(glob)))
    return "|".join(_translate_plain(alternative) for alternative in alternatives)


def glob_of(path: str) -> str:
    """The glob for one path and no other."""
    escaped = re.sub(r"[*?\[\]{},!\\]", r"\\\g<0>", path)
    return escaped if "/" in path else f"/{escaped}"


def composed(path: str) -> str:
    """The path as it is compared: some file systems keep `é` as two characters, others as one, and nobody who
    writes a glob sees which."""
    if path.isascii():
        return path
    from unicodedata import normalize

    return normalize("NFC", path)


def compile_globs(sources: Iterable[str]) -> re.Pattern[str]:
    """One pattern for what `translate` gave for each glob; use its `fullmatch`. The number of the first glob
    that matches, from 1, is the match's `lastindex`: asked one by one, many globs would each be compiled
    again for each path."""
    return re.compile("|".join(f"({source})" for source in sources), re.DOTALL)


def translate_segments(segments: list[str]) -> str:
    """The regular expression of the parts of a path between its slashes, where a part `**` stands for any
    number of folders (at the end: for all below). Raises ValueError as `translate` does."""
    groups: list[list[str]] = [[]]
    for segment in segments:
        if segment == "**":
            groups.append([])
        else:
            groups[-1].append(_segment(segment))
    pieces = ["".join(f"{part}/" for part in groups[0])] if len(groups) > 1 else ["/".join(groups[0])]
    # Between two `**` the leftmost place leaves the most room for what follows, so none is ever reconsidered.
    pieces += [
        "(?>(?:[^/]+/)*?" + "".join(f"{part}/" for part in group) + ")" for group in groups[1:-1] if group
    ]
    if len(groups) > 1:
        pieces.append("(?:[^/]+/)*" + "/".join(groups[-1]) if groups[-1] else ".*")
    return "".join(pieces)


def _translate_plain(glob: str) -> str:
    """The expression of a glob whose braces are expanded."""
    folder_only = glob.endswith("/")
    body = glob.strip("/") if folder_only else glob.lstrip("/")
    while body.startswith("./"):
        body = body[2:].lstrip("/")
    segments = [segment for segment in body.split("/") if segment not in ("", ".")]
    if not segments:
        raise ValueError("the glob is empty")
    if ".." in segments:
        raise ValueError("a glob cannot leave the folder of its file by `..`")
    anywhere = "" if "/" in glob.rstrip("/") else "(?:.*/)?"
    below_all = segments[-1] == "**"
    return anywhere + translate_segments(segments) + ("" if below_all else "/.*" if folder_only else _REST)


def expanded(glob: str) -> Iterator[str]:
    """The glob once for each choice of its braces. A `{` in brackets or after a backslash is itself. Raises
    ValueError as `translate` does."""
    pending, given = [glob], 0
    while pending:
        current = pending.pop()
        span = _first_braces(current)
        if span is None:
            given += 1
            yield current
        else:
            start, end, choices = span
            pending += [current[:start] + choice + current[end:] for choice in reversed(choices)]
        if given + len(pending) > MOST_ALTERNATIVES:
            raise ValueError(f"the braces of the glob stand for more than {MOST_ALTERNATIVES} patterns")


def _first_braces(glob: str) -> tuple[int, int, list[str]] | None:
    """Where the first outermost braces begin and end, and their choices."""
    depth, start, choices, choice_start = 0, -1, [], 0
    index = 0
    while index < len(glob):
        character = glob[index]
        if character == "\\":
            index += 1
        elif character == "[" and depth == 0:
            index = _class_end(glob, index) - 1
        elif character == "{":
            depth += 1
            if depth == 1:
                start, choice_start = index, index + 1
        elif character == "," and depth == 1:
            choices.append(glob[choice_start:index])
            choice_start = index + 1
        elif character == "}":
            if depth == 0:
                raise ValueError("the glob has a `}` without its `{`")
            depth -= 1
            if depth == 0:
                return start, index + 1, [*choices, glob[choice_start:index]]
        index += 1
    if depth:
        raise ValueError("the glob has a `{` without its `}`")
    return None


def _segment(segment: str) -> str:
    """The expression of one part of a path. Between two stars the leftmost place is never reconsidered."""
    fixed: list[str] = [""]
    index = 0
    while index < len(segment):
        character = segment[index]
        if character == "*":
            if index == 0 or segment[index - 1] != "*" or fixed[-1]:
                fixed.append("")
            index += 1
        elif character == "?":
            fixed[-1] += "[^/]"
            index += 1
        elif character == "[":
            end = _class_end(segment, index)
            fixed[-1] += _class(segment[index + 1 : end - 1])
            index = end
        elif character == "\\":
            if index + 1 == len(segment):
                raise ValueError("the glob ends in a backslash")
            fixed[-1] += re.escape(segment[index + 1])
            index += 2
        else:
            fixed[-1] += re.escape(character)
            index += 1
    if len(fixed) == 1:
        return fixed[0]
    if not any(fixed):
        return "[^/]+"
    middle = "".join(f"(?>[^/]*?{part})" for part in fixed[1:-1] if part)
    return f"{fixed[0]}{middle}[^/]*{fixed[-1]}"


def _class_end(glob: str, start: int) -> int:
    """One past the `]` of the class that begins at `start`; a `]` that comes first is a member."""
    index = start + 1
    if glob[index : index + 1] in ("!", "^"):
        index += 1
    first = index
    while index < len(glob):
        if glob[index] == "\\":
            index += 1
        elif glob.startswith("[:", index):
            named = glob.find(":]", index + 2)
            if named > 0:
                index = named + 1
        elif glob[index] == "]" and index > first:
            return index + 1
        index += 1
    raise ValueError("the glob has a `[` without its `]`")


_NAMED = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": " \\t\\n\\v\\f\\r",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}


def _class(body: str) -> str:
    """The expression of a class from what stands between its brackets. It never matches a slash."""
    negated = body[:1] in ("!", "^")
    members, index = "", 1 if negated else 0
    while index < len(body):
        if body.startswith("[:", index):
            name, found, _ = body[index + 2 :].partition(":]")
            if found:
                if name not in _NAMED:
                    raise ValueError(f"the glob's class `[:{name}:]` is not known")
                members += _NAMED[name]
                index += len(name) + 4
                continue
        low, index = _member(body, index)
        if body[index : index + 1] == "-" and index + 1 < len(body):
            high, index = _member(body, index + 1)
            if low <= high:
                members += f"{re.escape(low)}-{re.escape(high)}"
        else:
            members += re.escape(low)
    if not members:
        return "[^/]" if negated else "(?!)"
    return f"[^/{members}]" if negated else f"(?!/)[{members}]"


def _member(body: str, index: int) -> tuple[str, int]:
    """The character at `index`, a backslash taken off, and where the next one stands."""
    if body[index] == "\\" and index + 1 < len(body):
        index += 1
    return body[index], index + 1
