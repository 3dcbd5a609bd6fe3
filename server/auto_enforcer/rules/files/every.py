"""Rules about a file's path, size, mode and line ends."""

from __future__ import annotations

from collections.abc import Iterator

from auto_enforcer.model import (
    Edit,
    FileExcuse,
    FileRule,
    FileTrigger,
    FileView,
    Finding,
    Fix,
    Option,
    Options,
    Severity,
)
from auto_enforcer.rules.files._places import ends_of, lines_of

MOST_MENDED = 500
"""Line ends that one fix mends, at most."""

_OF_WINDOWS = (".bat", ".cmd", ".ps1", ".psm1", ".psd1", ".vbs", ".wsf", ".reg", ".exe", ".com")


def _forbidden(view: FileView, options: Options) -> Iterator[Finding]:
    glob = view.matching(options["paths"])
    if glob:
        yield Finding(details={"glob": glob})


def _is_allowed(view: FileView, finding: Finding | None, options: Options) -> bool:
    return view.matching(options["allowed"]) != ""


def _oversized(view: FileView, options: Options) -> Iterator[Finding]:
    name = "most-binary-kilobytes" if view.binary else "most-kilobytes"
    if view.size > options[name] * 1024:
        yield Finding(
            details={"size": f"{view.size // 1024:,}", "most": f"{options[name]:,}", "option": name}
        )


def _is_built(view: FileView, finding: Finding | None, options: Options) -> bool:
    return "dist" in view.path.split("/")[:-1]


def _is_baseline(view: FileView, finding: Finding | None, options: Options) -> bool:
    return view.name == ".enforcer-baseline"


def _without_shebang(view: FileView, options: Options) -> Iterator[Finding]:
    if not view.shebang:
        yield Finding()


def _is_of_windows(view: FileView, finding: Finding | None, options: Options) -> bool:
    return view.name.lower().endswith(_OF_WINDOWS)


def _is_empty(view: FileView, finding: Finding | None, options: Options) -> bool:
    return view.size == 0


def _without_mode(view: FileView, options: Options) -> Iterator[Finding]:
    if view.executable is False:
        yield Finding(0, 0, 2)


def _in_root(view: FileView, options: Options) -> Iterator[Finding]:
    name = view.path.lower()
    if "/" in name:
        return
    suffixes = [suffix for suffix in options["suffixes"] if name.endswith("." + suffix.lower().lstrip("."))]
    if suffixes:
        yield Finding(details={"suffix": "." + max(suffixes, key=len).lstrip(".")})


def _mixed(view: FileView, options: Options) -> Iterator[Finding]:
    text = view.text or ""
    windows = text.count("\r\n")
    unix = text.count("\n") - windows
    if not windows or not unix:
        return
    lines = lines_of(text)
    few, many = ("\r\n", "\n") if windows <= unix else ("\n", "\r\n")
    odd = [number for number, line in enumerate(lines) if ends_of(line) == few]
    first = odd[0]
    fixes: tuple[Fix, ...] = ()
    if len(odd) <= MOST_MENDED and ends_of(lines[0]) == many:
        edits = [_ending(number - first, len(lines[number]) - len(few)) for number in odd]
        fixes = (Fix("Give all lines the end that most have", True, tuple(edits)),)
    words = {"\n": "LF", "\r\n": "CRLF"}
    column = len(lines[first]) - len(few)
    details = {"few": words[few], "many": words[many], "count": str(len(odd))}
    yield Finding(first, max(0, column - 1), column, details, fixes)


def _is_no_text(view: FileView, finding: Finding | None, options: Options) -> bool:
    """Whether something was read that is no text: what binary files without a NUL come to."""
    return "\ufffd" in (view.text or "") or "\0" in (view.text or "")


def _ending(line: int, column: int) -> Edit:
    """Another end for a line: `\\n` stands for the one that the document's first line has."""
    return Edit(line, column, line + 1, 0, "\n")


def _unfinished(view: FileView, options: Options) -> Iterator[Finding]:
    text = view.text or ""
    if not text or text.endswith(("\n", "\r")):
        return
    lines = lines_of(text)
    line, column = len(lines) - 1, len(lines[-1])
    fix = Fix("End the file with a line end", True, (Edit(0, column, 0, column, "\n"),))
    yield Finding(line, max(0, column - 1), column, fixes=(fix,))


_ALLOWED = FileExcuse("allowed", _is_allowed)

FILE_RULES = (
    FileRule(
        id="files/forbidden-path",
        severity=Severity.BLOCKED,
        message="the policy forbids this path (`{glob}`); take the file out of the repository, or name it in "
        "`allowed`",
        check=_forbidden,
        excuses=(_ALLOWED,),
        options=(
            Option("paths", (), "globs of the paths that must not be there"),
            Option("allowed", (), "globs of paths that may be there all the same"),
        ),
        optional=True,
        everywhere=True,
        binaries=True,
    ),
    FileRule(
        id="files/oversized-file",
        severity=Severity.WARNING,
        message="this file has {size} KB, more than {most}; keep large data elsewhere, or raise `{option}`",
        check=_oversized,
        trigger=FileTrigger.LARGE,
        excuses=(_ALLOWED, FileExcuse("built", _is_built), FileExcuse("baseline", _is_baseline)),
        options=(
            Option("most-kilobytes", 1024, "kilobytes (1,024 bytes) that a text may have"),
            Option("most-binary-kilobytes", 5120, "kilobytes that a binary file may have"),
            Option("allowed", (), "globs of paths that may be larger"),
        ),
        binaries=True,
    ),
    FileRule(
        id="files/executable-without-shebang",
        severity=Severity.WARNING,
        message="this file is executable and has no `#!` line; take the mode away (`chmod -x`), or say in a "
        "first line what runs it",
        check=_without_shebang,
        trigger=FileTrigger.EXECUTABLE,
        excuses=(FileExcuse("of-windows", _is_of_windows), FileExcuse("empty", _is_empty)),
    ),
    FileRule(
        id="files/shebang-without-executable",
        severity=Severity.WARNING,
        message="this file says in a `#!` line what runs it and is not executable; make it so (`chmod +x`), "
        "or take the line away",
        check=_without_mode,
        trigger=FileTrigger.SHEBANG,
        optional=True,
    ),
    FileRule(
        id="files/wrong-extension-in-root",
        severity=Severity.WARNING,
        message="a file with `{suffix}` does not belong into the workspace's root; move it into a folder",
        check=_in_root,
        excuses=(_ALLOWED,),
        options=(
            Option(
                "suffixes",
                ("bak", "csv", "db", "dump", "log", "orig", "rej", "sql", "sqlite", "swp", "tmp", "zip"),
                "endings, without the dot, of files that do not belong there",
            ),
            Option("allowed", (), "globs of files that may stand there all the same"),
        ),
        optional=True,
        everywhere=True,
        binaries=True,
    ),
    FileRule(
        id="files/crlf-mixed",
        severity=Severity.WARNING,
        message="{count} lines end with {few} here while most end with {many}; give all lines one end",
        check=_mixed,
        trigger=FileTrigger.CARRIAGE_RETURN,
        reads=True,
        excuses=(FileExcuse("no-text", _is_no_text),),
    ),
    FileRule(
        id="files/missing-final-newline",
        severity=Severity.WARNING,
        message="the last line has no end; end the file with a line end",
        check=_unfinished,
        trigger=FileTrigger.UNFINISHED,
        reads=True,
        optional=True,
    ),
)
