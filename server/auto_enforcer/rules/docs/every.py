"""Rules about the documents that a project keeps as its memory."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auto_enforcer.model import (
    FileExcuse,
    FileRule,
    FileView,
    Finding,
    Folder,
    FolderFinding,
    Option,
    Options,
    Severity,
    WorkspaceRule,
)

_COMMENT = r"<!--[\s\S]*?(?:-->|\Z)"
_SAYS_NOTHING = r"\s*(?:#{1,6}(?:\s|\Z)|(?P<rule>[=\-~^*_+])(?P=rule){2,}\s*\Z|\Z)"
"""A heading, what underlines one, a blank line."""

_SHORTEST = 1 << 16
"""Characters from which a document is taken to say something."""


def _empty(view: FileView, options: Options) -> Iterator[Finding]:
    text = view.text or ""
    if len(text) < _SHORTEST and _headings_only(re.sub(_COMMENT, "", text).splitlines(), view.language):
        yield Finding()


def _headings_only(lines: list[str], language: str) -> bool:
    """Whether nothing but headings stands in some lines."""
    for index, line in enumerate(lines):
        if not re.match(_SAYS_NOTHING, line):
            below = lines[index + 1] if index + 1 < len(lines) else ""
            underlined = language != "plaintext" and re.match(r"([=\-~^*_+])\1{2,}\s*\Z", below)
            if not underlined:
                return False
    return True


def _is_elsewhere(view: FileView, finding: Finding | None, options: Options) -> bool:
    return not view.matching(options["paths"])


def _missing(folder: Folder, options: Options) -> Iterator[FolderFinding]:
    if folder.path:
        return
    for path in options["paths"]:
        name = path.removeprefix("./").strip("/")
        if name and not folder.exists(name):
            yield FolderFinding(option="paths", details={"path": name})


FILE_RULES = (
    FileRule(
        id="docs/empty-file",
        severity=Severity.WARNING,
        message="this document says nothing but headings; write it, or take it away until there is more",
        check=_empty,
        languages=("markdown", "restructuredtext", "plaintext"),
        reads=True,
        excuses=(FileExcuse("elsewhere", _is_elsewhere, beforehand=True),),
        options=(Option("paths", ("docs/**", "README*"), "globs of the documents that must say something"),),
        optional=True,
    ),
)

WORKSPACE_RULES = (
    WorkspaceRule(
        id="docs/missing-file",
        severity=Severity.WARNING,
        message="the document `{path}` is missing; write it, or take it out of `paths`",
        check=_missing,
        options=(Option("paths", (), "paths of the documents that a project keeps"),),
        optional=True,
    ),
)
