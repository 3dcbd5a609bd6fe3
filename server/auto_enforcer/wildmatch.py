"""git's patterns for paths, as in `.gitignore` and `.gitattributes`, matched as its wildmatch does."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable

MOST_TRANSLATED = 1 << 18
"""Characters of the expressions that the patterns of one file may come to. So many compile within about a
second, and 5,000 patterns with wildcards that people write are fewer."""

_FOLDED = sys.platform in ("win32", "darwin")
"""Whether git takes names that differ by case for the same, as it does where file systems do."""


class Patterns:
    """Patterns of one file, each with what it says: the last that matches a path decides.

    Names without a wildcard, and endings (`*.pyc`), are looked up; only the others become regular
    expressions, compiled on first use. These are taken from the beginning as far as they come to no more than
    MOST_TRANSLATED characters: what is left then is as if it were not there.
    """

    __slots__ = (
        "_endings",
        "_exact",
        "_exact_folders",
        "_globs",
        "_joined",
        "_said",
        "_suffixes",
        "_translated",
    )

    def __init__(self, patterns: Iterable[tuple[str, bool]]) -> None:
        """Patterns and what they say. They are bytes as characters of the same number (see `bytewise`)."""
        self._said: list[bool] = []
        self._exact: dict[str, int] = {}
        """The last pattern for a name, or for a path, which then begins with a slash."""
        self._exact_folders: dict[str, int] = {}
        self._endings: list[tuple[str, int, bool]] = []
        self._globs: list[tuple[str, int, bool]] = []
        """An expression over the path with a slash before it, its pattern, whether it asks for a folder."""
        self._translated = 0
        for pattern, says in patterns:
            self._add(pattern, says)
        self._suffixes = tuple({suffix for suffix, _, _ in self._endings})
        self._joined: dict[bool, tuple[re.Pattern[str], list[int]]] = {}
        """For folders and for files: one expression, whose groups are the patterns from the last to the
        first, and the number of each."""

    def said_of(self, path: str, *, is_folder: bool) -> bool | None:
        """What is said of a path, relative to the file's folder and `bytewise`; None where nothing is. What
        is said of folders above it is not looked at."""
        path = "/" + (path.lower() if _FOLDED else path)
        name = path[path.rindex("/") + 1 :]
        last = max(self._exact.get(name, -1), self._exact.get(path, -1))
        if is_folder:
            last = max(last, self._exact_folders.get(name, -1), self._exact_folders.get(path, -1))
        if self._suffixes and name.endswith(self._suffixes):
            for suffix, index, folders_only in self._endings:
                if index > last and name.endswith(suffix) and (is_folder or not folders_only):
                    last = index
        if self._globs:
            last = max(last, self._last_glob(path, is_folder=is_folder))
        return None if last < 0 else self._said[last]

    def _last_glob(self, path: str, *, is_folder: bool) -> int:
        """The last pattern with a regular expression that matches; -1 for none."""
        joined = self._joined.get(is_folder)
        if joined is None:
            kept: dict[str, int] = {}
            for source, index, folders_only in reversed(self._globs):
                if is_folder or not folders_only:
                    kept.setdefault(source, index)
            every = re.compile("|".join(f"({source})" for source in kept), re.DOTALL)
            joined = self._joined[is_folder] = every, list(kept.values())
        pattern, numbers = joined
        match = pattern.fullmatch(path) if numbers else None
        return -1 if match is None else numbers[(match.lastindex or 1) - 1]

    def _add(self, pattern: str, says: bool) -> None:
        folders_only = pattern.endswith("/")
        if folders_only:
            pattern = pattern[:-1]
        if not pattern:
            return
        if _FOLDED:
            pattern = pattern.lower()
        index = len(self._said)
        fixed = _fixed_length(pattern)
        anchored = "/" in pattern
        if fixed == len(pattern):
            exact = self._exact_folders if folders_only else self._exact
            exact["/" + pattern.removeprefix("/") if anchored else pattern] = index
        elif not anchored and pattern[0] == "*" and _fixed_length(pattern[1:]) == len(pattern) - 1:
            self._endings.append((pattern[1:], index, folders_only))
        else:
            if anchored and pattern[0] == "/":
                pattern, fixed = pattern[1:], fixed - 1
            source = _translate(pattern, fixed) if anchored else _translate(pattern, 0, stars_cross=False)
            if source is None:
                return
            # A pattern for names matches after the last slash or nowhere.
            source = ("/" if anchored else "(?>.*/)") + source
            self._translated += len(source)
            if self._translated > MOST_TRANSLATED:
                return
            self._globs.append((source, index, folders_only))
        self._said.append(says)


def bytewise(path: str) -> str:
    """The bytes of a path as characters of the same number, with forward slashes."""
    if os.sep != "/":
        path = path.replace(os.sep, "/")
    if path.isascii():
        return path
    if sys.platform == "darwin":
        # There git composes the names that it reads from a folder.
        from unicodedata import normalize

        path = normalize("NFC", path)
    return os.fsencode(path).decode("latin-1")


def _fixed_length(pattern: str) -> int:
    """The characters before the first wildcard."""
    match = re.search(_WILD, pattern)
    return match.start() if match else len(pattern)


_WILD = r"[*?\[\\]"


# git's wildmatch, as a regular expression that never tries the same thing twice


_Segment = list[str] | bool
"""What stands between two slashes: fixed pieces, between them a star each; or a `**`, which may stand for
no folder at all (True) or not (False)."""


def _translate(pattern: str, fixed: int, *, stars_cross: bool = True) -> str | None:
    """The expression of a pattern whose first `fixed` characters have no wildcard; None for one that matches
    nothing. `stars_cross`: a `**` may stand for folders; it is one where the wildcards begin, too."""
    segments = _segments(pattern[fixed:], stars_cross)
    if segments is None:
        return None
    pieces = [re.escape(pattern[:fixed])]
    index = 0
    while index < len(segments):
        segment = segments[index]
        if not isinstance(segment, bool):
            pieces.append(_segment(segment) + ("/" if index + 1 < len(segments) else ""))
            index += 1
            continue
        if index + 1 == len(segments):
            pieces.append(".*")
            break
        end = index + 1
        while end < len(segments) and not isinstance(segments[end], bool):
            end += 1
        run = [_segment(inner) for inner in segments[index + 1 : end] if not isinstance(inner, bool)]
        some = "" if segment else "[^/]*/"
        if end == len(segments):
            pieces.append(f"{some}(?:[^/]*/)*" + "/".join(run))
        else:
            # The leftmost place leaves the most room for what follows, so none is ever reconsidered.
            pieces.append(f"(?>{some}(?:[^/]*/)*?" + "".join(f"{part}/" for part in run) + ")")
        index = end
    return "".join(pieces)


def _segment(fixed: list[str]) -> str:
    if len(fixed) == 1:
        return fixed[0]
    middle = "".join(f"(?>[^/]*?{part})" for part in fixed[1:-1] if part)
    return f"{fixed[0]}{middle}[^/]*{fixed[-1]}"


def _segments(pattern: str, stars_cross: bool) -> list[_Segment] | None:
    """The pattern between its slashes; None for one that matches nothing."""
    segments: list[_Segment] = []
    current = [""]
    index = 0
    while index < len(pattern):
        character = pattern[index]
        if character == "*":
            end = index
            while pattern[end : end + 1] == "*":
                end += 1
            after = pattern[end : end + 2]
            bounded = index == 0 or pattern[index - 1] == "/"
            if stars_cross and end - index > 1 and bounded and (after[:1] in ("", "/") or after == "\\/"):
                segments.append(after[:1] != "\\")
                if not after:
                    return segments
                index = end + (2 if after == "\\/" else 1)
                if index == len(pattern):
                    segments.append([""])
                    return segments
                continue
            current.append("")
            index = end
        elif character == "/":
            segments.append(current)
            current = [""]
            index += 1
        elif character == "?":
            current[-1] += "[^/]"
            index += 1
        elif character == "[":
            found = _class(pattern, index)
            if found is None:
                return None
            current[-1] += found[0]
            index = found[1]
        elif character == "\\":
            if index + 1 == len(pattern):
                return None
            if pattern[index + 1] == "/":
                segments.append(current)
                current = [""]
            else:
                current[-1] += re.escape(pattern[index + 1])
            index += 2
        else:
            current[-1] += re.escape(character)
            index += 1
    segments.append(current)
    return segments


_NAMED = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": r" \t",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r" \t\n\r",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}


def _class(pattern: str, start: int) -> tuple[str, int] | None:
    """The expression of the class that begins at `start`, and where it ends; None where it does not end."""
    index = start + 1
    negated = pattern[index : index + 1] in ("!", "^")
    if negated:
        index += 1
    members, previous, first = "", "", True
    while True:
        character = pattern[index : index + 1]
        if not character:
            return None
        if character == "]" and not first:
            break
        first = False
        if character == "\\":
            index += 1
            character = pattern[index : index + 1]
            if not character:
                return None
            members += re.escape(character)
            previous = character
        elif character == "-" and previous and pattern[index + 1 : index + 2] not in ("", "]"):
            index += 1
            if pattern[index] == "\\":
                index += 1
            high = pattern[index : index + 1]
            if not high:
                return None
            if previous <= high:
                members += f"{re.escape(previous)}-{re.escape(high)}"
            previous = ""
        elif character == "[" and pattern[index + 1 : index + 2] == ":":
            end = pattern.find("]", index + 2)
            if end < 0:
                return None
            if end - index < 3 or pattern[end - 1] != ":":
                members += re.escape("[")
                previous = "["
            else:
                name = pattern[index + 2 : end - 1]
                if name not in _NAMED:
                    return None
                members += _NAMED["alpha" if _FOLDED and name in ("upper", "lower") else name]
                index, previous = end, ""
        else:
            members += re.escape(character)
            previous = character
        index += 1
    if not members:
        return ("[^/]" if negated else "(?!)"), index + 1
    return (f"[^/{members}]" if negated else f"(?!/)[{members}]"), index + 1
