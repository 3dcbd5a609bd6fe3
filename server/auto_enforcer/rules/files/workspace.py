"""Rules about what stands in the folders of a workspace."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from auto_enforcer.model import (
    Folder,
    FolderFinding,
    FolderTrigger,
    Option,
    Options,
    Severity,
    WorkspaceRule,
)


def _folded(name: str) -> str:
    """The name as file systems have it that do not tell small letters from capitals."""
    if name.isascii():
        return name.lower()
    from unicodedata import normalize

    return normalize("NFC", normalize("NFC", name).casefold())


def _collisions(folder: Folder, options: Options) -> Iterator[FolderFinding]:
    first: dict[str, str] = {}
    for name in sorted((*folder.files, *folder.folders)):
        other = first.setdefault(_folded(name), name)
        if other != name:
            # A folder has no line to be told on.
            told, beside = (name, other) if name in folder.files else (other, name)
            if told in folder.files:
                yield FolderFinding(told, details={"other": beside})


def _missing(folder: Folder, options: Options) -> Iterator[FolderFinding]:
    for path in options["paths"]:
        parts = [part for part in path.split("/") if part not in ("", ".")]
        missing = _missing_of(folder, parts) if parts else ""
        if missing:
            yield FolderFinding(option="paths", details={"path": missing})


def _missing_of(folder: Folder, parts: list[str]) -> str:
    """What a folder lacks of a path of these parts, "" for nothing. Each folder that the parts before the
    last match must have something that the last one matches; where they are no patterns, so must the
    workspace."""
    whole, place = "/".join(parts), parts[:-1]
    if not any(map(_is_pattern, place)) and not folder.path:
        if not _is_pattern(parts[-1]):
            return "" if folder.exists(whole) else whole
        if place and not folder.exists("/".join(place)):
            return whole
    at = folder.path.split("/") if folder.path else []
    if len(at) != len(place) or not all(map(fnmatchcase, at, place)):
        return ""
    if not (_is_pattern(parts[-1]) or any(map(_is_pattern, place))):
        return ""
    if any(fnmatchcase(name, parts[-1]) for name in (*folder.files, *folder.folders)):
        return ""
    return "/".join((*at, parts[-1]))


def _is_pattern(part: str) -> bool:
    return any(character in part for character in "*?[")


def _stale(folder: Folder, options: Options) -> Iterator[FolderFinding]:
    if folder.path or folder.changed is None:
        return
    for pair in options["pairs"]:
        source, arrow, companion = (part.strip() for part in pair.partition("->"))
        if not (source and arrow and companion):
            continue
        changed = [path for path in folder.changed if folder.matching((source,), path)]
        if changed and not any(folder.matching((companion,), path) for path in folder.changed):
            details = {"source": changed[0], "companion": companion}
            yield FolderFinding(option="pairs", details=details)


WORKSPACE_RULES = (
    WorkspaceRule(
        id="files/case-collision",
        severity=Severity.WARNING,
        message="this name differs from `{other}` beside it only in its letters' case; where systems do not "
        "tell them apart one takes the other's place: rename one",
        check=_collisions,
        trigger=FolderTrigger.COLLIDING,
    ),
    WorkspaceRule(
        id="files/required-file",
        severity=Severity.WARNING,
        message="`{path}` is missing, which the policy requires; add it",
        check=_missing,
        options=(Option("paths", (), "paths and globs of what must be there"),),
        optional=True,
    ),
    WorkspaceRule(
        id="files/stale-companion",
        severity=Severity.WARNING,
        message="`{source}` changed and nothing that matches `{companion}` did; bring it up to date",
        check=_stale,
        options=(Option("pairs", (), "`GLOB -> GLOB`: where the first changes the second must change too"),),
        optional=True,
    ),
)
