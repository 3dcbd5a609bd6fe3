"""What a line imports, and which paths that may mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from auto_enforcer.model import Line, NamedTuple, Zone
from auto_enforcer.rules._common import regex

SCRIPTS = ("javascript", "typescript", "javascriptreact", "typescriptreact", "vue", "svelte")
JVM = ("java", "kotlin", "scala", "groovy")
C = ("c", "cpp", "objective-c")
LANGUAGES = ("python", *SCRIPTS, *JVM, "csharp", "go", "rust", "php", "ruby", *C, "swift")

AFTER = 20
"""Lines below that an import's list of names may take."""

BEFORE = 50
"""Lines above on which a block of imports may have begun."""

MOST = 8
"""Imports of one line, at most."""


class Import(NamedTuple):
    """What is imported: where its name stands on the line, the name as it is written, and what it may mean.

    `relative` is the name as a path that begins with `./` or `../`; "" where it is not relative. `names` are
    names with `/` between their parts, the most general first; what is not relative may lie below any root.
    """

    start: int
    end: int
    written: str
    relative: str = ""
    names: tuple[str, ...] = ()
    inner: tuple[str, ...] = ()
    """Members that are imported from it, which may be modules too."""
    beside: bool = False
    """Whether it is sought in the file's own folder, too."""


def imports(line: Line) -> Iterator[Import]:
    """The imports of a line, in the way of its language."""
    read = _READERS.get(line.language)
    if read is not None:
        yield from islice(read(line), MOST)


def targets(found: Import, folder: str, aliases: Mapping[str, str], roots: Sequence[str]) -> list[str]:
    """The paths that an import may mean, relative to the folder of the policy, and its name as written."""
    if found.relative:
        path = joined(folder, found.relative)
        return [path, *(f"{path}/{name}" for name in found.inner)] if path else []
    known = [found.written, *found.names]
    if found.beside:
        known += [joined(folder, name) for name in found.names]
    for prefix, place in aliases.items():
        if found.written.startswith(prefix):
            known.append(joined("", place + found.written[len(prefix) :].replace("\\", "/")))
    known += [f"{name}/{member}" for name in found.names for member in found.inner]
    below = [f"{root}/{name}" for root in roots if root for name in known if not name.startswith(f"{root}/")]
    return list(dict.fromkeys(name for name in [*known, *below] if name))


def joined(folder: str, path: str) -> str:
    """A path that may begin with `../`, as seen from a folder; "" where it leaves the topmost one."""
    parts = [part for part in folder.split("/") if part]
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


_SCRIPT = (
    r"(?<![\w$.])(?:from[ \t]*+|import[ \t]*+\(?[ \t]*+|require(?:\.resolve)?[ \t]*+\([ \t]*+)"
    r"(?P<quote>['\"`])(?P<spec>[^'\"`\n]{1,300})(?P=quote)"
)


def _script(line: Line) -> Iterator[Import]:
    for match in regex(_SCRIPT).finditer(line.text):
        if line.zone_at(match.start()) & Zone.CODE:
            yield _path(match["spec"], *match.span("spec"))


def _path(spec: str, start: int, end: int) -> Import:
    """An import by a path."""
    bare = regex(r"\.(?:[cm]?[jt]sx?|vue|svelte|rb|php|hh?|hpp|hxx|inl)$").sub("", spec)
    if regex(r"\.\.?(?:/|$)").match(spec):
        return Import(start, end, spec, bare)
    return Import(start, end, spec, "", (bare,))


_PYTHON = (
    r"[ \t]*(?:from[ \t]+(?P<from>\.*[ \t]*[\w.]*)[ \t]+import\b[ \t]*(?P<names>.*)"
    r"|import[ \t]+(?P<list>[\w.].*))"
)


def _python(line: Line) -> Iterator[Import]:
    code = line.only(Zone.CODE)
    match = regex(_PYTHON).match(code)
    if match is None:
        called = regex(r"(?<![\w.])(?:importlib\.)?import_module[ \t]*\([ \t]*(['\"])([\w.]+)\1").search(
            line.text
        )
        if called and line.zone_at(called.start()) & Zone.CODE and not called[2].startswith("."):
            yield Import(*called.span(2), called[2], "", (called[2].replace(".", "/"),))
    elif match["list"] is not None:
        for one in regex(r"(?<![\w.])([A-Za-z_][\w.]*+)(?:[ \t]++as[ \t]++\w++)?[ \t]*+(?:,|;|$)").finditer(
            code, match.start("list")
        ):
            yield Import(*one.span(1), one[1], "", (one[1].replace(".", "/"),))
            if code[one.end() - 1 : one.end()] == ";":
                break
    else:
        written = match["from"].strip()
        bare = written.lstrip(".")
        dots = len(written) - len(bare)
        start = match.start("from")
        inner = _members(line, match["names"])
        path = bare.strip().replace(".", "/")
        if dots:
            up = "./" if dots == 1 else "../" * (dots - 1)
            yield Import(start, start + len(written), written, up + path, (), inner)
        elif path:
            yield Import(start, start + len(written), written, "", (path,), inner)


def _members(line: Line, names: str) -> tuple[str, ...]:
    """The names that a `from … import` takes, over several lines where a bracket is open."""
    if names.lstrip().startswith("(") and ")" not in names:
        for below in line.after(AFTER):
            code = below.only(Zone.CODE)
            names += " " + code
            if ")" in code:
                break
    own = [regex(r"[ \t]+as[ \t].*").sub("", one).strip("() \t\\") for one in names[:2_000].split(",")]
    return tuple(one for one in own if regex(r"\w+").fullmatch(one))[:50]


def _dotted(pattern: str, line: Line) -> Iterator[Import]:
    """Imports by a dotted name."""
    for match in regex(pattern).finditer(line.only(Zone.CODE)):
        name = match["name"].removesuffix(".*").removesuffix("._")
        yield Import(
            match.start("name"), match.start("name") + len(name), name, "", (name.replace(".", "/"),)
        )


def _jvm(line: Line) -> Iterator[Import]:
    yield from _dotted(r"^[ \t]*import[ \t]+(?:static[ \t]+)?(?P<name>[\w.]+(?:\.\*)?)", line)


def _csharp(line: Line) -> Iterator[Import]:
    yield from _dotted(
        r"^[ \t]*(?:global[ \t]+)?using[ \t]+(?:static[ \t]+)?(?:\w+[ \t]*=[ \t]*)?(?P<name>\w[\w.]*)[ \t]*;",
        line,
    )


def _swift(line: Line) -> Iterator[Import]:
    yield from _dotted(
        r"^[ \t]*(?:@\w+[ \t]+)*import[ \t]+(?:(?:class|struct|enum|protocol|func|var|let|typealias)[ \t]+)?"
        r"(?P<name>\w[\w.]*)",
        line,
    )


def _go(line: Line) -> Iterator[Import]:
    match = regex(r"[ \t]*(import[ \t]+)?(?:[\w.]+[ \t]+)?\"([^\"\n]{1,300})\"[ \t]*(?://.*)?$").match(
        line.text
    )
    if match is None or line.zone_at(match.start(2)) != Zone.STRING:
        return
    if not match[1] and not _in_block(line):
        return
    yield Import(*match.span(2), match[2], "", (match[2],))


def _in_block(line: Line) -> bool:
    """Whether an `import (` above is open."""
    for above in line.before(BEFORE):
        code = above.only(Zone.CODE).strip()
        if ")" in code or code.startswith("func "):
            return False
        if regex(r"import[ \t]*\(").match(code):
            return True
    return False


def _rust(line: Line) -> Iterator[Import]:
    code = line.only(Zone.CODE)
    match = regex(
        r"[ \t]*(?:pub(?:[ \t]*\([^)\n]*\))?[ \t]+)?(?:use|extern[ \t]+crate)[ \t]+(?P<name>[\w:]+)"
        r"(?P<rest>.*)"
    ).match(code)
    if match is None:
        return
    name = match["name"].strip(":")
    listed = regex(r"[ \t]*\{(.*)").match(match["rest"])
    inner = tuple(regex(r"(?<![\w:])\w+(?:::\w+)*").findall(listed[1]))[:50] if listed else ()
    members = tuple(one.replace("::", "/") for one in inner)
    parts = name.split("::")
    start = match.start("name")
    end = start + len(match["name"].rstrip(":"))
    if parts[0] in ("super", "self"):
        ups = sum(part == "super" for part in parts)
        rest = "/".join(part for part in parts if part not in ("super", "self"))
        yield Import(start, end, name, ("../" * (ups - 1) if ups > 1 else "./") + rest, (), members)
    else:
        own = parts[1:] if parts[0] == "crate" else parts
        yield Import(start, end, name, "", ("/".join(own),) if own else (), members)


def _php(line: Line) -> Iterator[Import]:
    code = line.only(Zone.CODE)
    match = regex(r"[ \t]*use[ \t]+(?:function[ \t]+|const[ \t]+)?\\?(?P<name>[A-Z_a-z]\w*(?:\\\w+)*)").match(
        code
    )
    if match is not None and not regex(r"[ \t]*\(").match(code, match.end()):
        yield Import(*match.span("name"), match["name"], "", (match["name"].replace("\\", "/"),))
    for found in regex(
        r"(?<![\w$>])(?:require|include)(?:_once)?[ \t(]*(?P<here>__DIR__[ \t]*\.[ \t]*)?"
        r"(?P<quote>['\"])(?P<spec>[^'\"\n]{1,300})(?P=quote)"
    ).finditer(line.text):
        if line.zone_at(found.start()) & Zone.CODE:
            one = _path(found["spec"], *found.span("spec"))
            yield one._replace(relative="." + one.names[0]) if found["here"] and not one.relative else one


def _ruby(line: Line) -> Iterator[Import]:
    for match in regex(
        r"(?<![\w.:])(?P<word>require|require_relative|load)[ \t(]+(?P<quote>['\"])"
        r"(?P<spec>[^'\"\n]{1,300})(?P=quote)"
    ).finditer(line.text):
        if line.zone_at(match.start()) & Zone.CODE:
            found = _path(match["spec"], *match.span("spec"))
            near = match["word"] == "require_relative" and not found.relative
            yield found._replace(relative="./" + found.names[0], names=()) if near else found


def _include(line: Line) -> Iterator[Import]:
    match = regex(r"[ \t]*#[ \t]*(?:include|import)[ \t]*(?:\"([^\"\n]{1,300})\"|<([^>\n]{1,300})>)").match(
        line.text
    )
    if match is None or not line.zone_at(match.start() + match[0].index("#")) & Zone.CODE:
        return
    group = 1 if match[1] is not None else 2
    found = _path(match[group], *match.span(group))
    yield found if group == 2 or found.relative else found._replace(beside=True)


_READERS = {
    "python": _python,
    **dict.fromkeys(SCRIPTS, _script),
    **dict.fromkeys(JVM, _jvm),
    "csharp": _csharp,
    "go": _go,
    "rust": _rust,
    "php": _php,
    "ruby": _ruby,
    **dict.fromkeys(C, _include),
    "swift": _swift,
}


def matching(target: str, expression: str) -> bool:
    """Whether a glob's expression matches a path, or all that is below it."""
    pattern = compiled(expression)
    return pattern.fullmatch(target) is not None or pattern.fullmatch(target + "/") is not None


def compiled(expression: str) -> re.Pattern[str]:
    """A glob's expression, compiled once."""
    return regex(f"(?s:{expression})")
