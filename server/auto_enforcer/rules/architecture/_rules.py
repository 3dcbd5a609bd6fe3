"""The rules about imports and calls, each made for the languages of a module."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from auto_enforcer.model import Candidate, Edit, Excuse, Fix, Line, Option, Options, Rule, Severity, Zone
from auto_enforcer.rules._common import indent_of, regex
from auto_enforcer.rules._kinds import said
from auto_enforcer.rules.architecture._imports import (
    AFTER,
    BEFORE,
    Import,
    imports,
    joined,
    matching,
    targets,
)

_CODE = int(Zone.CODE)
_MOST = 8

_ALIASES = Option(
    "aliases", {}, 'the folder that the beginning of an import stands for: "@/" = "src/"', form="words"
)
_ROOTS = Option(
    "roots",
    ("src", "lib", "src/main/java", "src/main/kotlin"),
    "folders from which imports that are not relative may be named",
)
_FOLDER = Option("folder", "", "the folder of the file", form="folder")

# forbidden-import


def _forbidden(line: Line, options: Options) -> Iterator[Candidate]:
    rows: tuple[tuple[str, str], ...] = options["boundaries"]
    if not rows:
        return
    for found in imports(line):
        paths = targets(found, options["folder"], options["aliases"], options["roots"])
        for glob, expression in rows:
            if any(matching(path, expression) for path in paths):
                yield Candidate(found.start, found.end, {"name": found.written, "glob": glob})
                break


def _is_typing(line: Line, candidate: Candidate, options: Options) -> bool:
    """Only types are imported, and the policy lets them pass."""
    if not options["types"]:
        return False
    return regex(r"[ \t]*(?:import|export)[ \t]+type\b").match(line.text) is not None or any(
        regex(r"[ \t]*if[ \t]+(?:typing\.)?TYPE_CHECKING\b").match(above.text)
        for above in line.before(BEFORE)
        if indent_of(above.text) < indent_of(line.text)
    )


_BOUNDARIES = (
    Option(
        "boundaries",
        {},
        'files and what they may not import: "src/domain/**" = ["src/web/**", "express"]',
        form="boundaries",
    ),
    _ALIASES,
    _ROOTS,
    Option("types", False, "whether imports of types alone may pass"),
    _FOLDER,
)

# deprecated-path


def _deprecated(line: Line, options: Options) -> Iterator[Candidate]:
    table: Mapping[str, str] = options["paths"]
    if not table:
        return
    for found in imports(line):
        for old, new in table.items():
            candidate = _moved(line, found, old, new, options)
            if candidate is not None:
                yield candidate
                break


def _moved(line: Line, found: Import, old: str, new: str, options: Options) -> Candidate | None:
    """The violation where an import names an old path."""
    details = {"old": old, "advice": f"import `{new}`" if new else "do without it"}
    if _begins(found.written, old):
        after = new + found.written[len(old) :]
        return Candidate(found.start, found.end, details, _replaced(found, after) if new else ())
    bare = old.strip("/").replace("::", "/").replace("\\", "/")
    dotted = bare.replace(".", "/") if "/" not in bare else bare
    for path in targets(found, options["folder"], {}, ()):
        if not any(_begins(path, one) for one in (bare, dotted)):
            continue
        whole = found.relative and _begins(path, bare) and joined(options["folder"], found.relative) == path
        fixes = _replaced(found, _from(options["folder"], new + path[len(bare) :])) if whole and new else ()
        return Candidate(found.start, found.end, details, fixes)
    return None


def _begins(path: str, old: str) -> bool:
    """Whether a path is the old one or lies below it."""
    return path == old or (path.startswith(old) and (path[len(old)] in "/.:\\" or old[-1:] in "/.:\\"))


def _replaced(found: Import, text: str) -> tuple[Fix, ...]:
    return (Fix(f"Import `{text}`", False, (Edit(0, found.start, 0, found.end, text),)),)


def _from(folder: str, path: str) -> str:
    """A path as an import from a folder names it."""
    own, other = folder.split("/") if folder else [], path.split("/")
    same = 0
    while same < min(len(own), len(other)) and own[same] == other[same]:
        same += 1
    return ("../" * (len(own) - same) or "./") + "/".join(other[same:])


_PATHS = (
    Option("paths", {}, 'what was moved and where to: "app.utils.dates" = "app.lib.dates"', form="words"),
    _FOLDER,
)

# deep-relative-import


def _deep(line: Line, options: Options) -> Iterator[Candidate]:
    for found in imports(line):
        ups = found.relative.removeprefix("./").count("../")
        if ups > options["most"]:
            yield Candidate(found.start, found.end, {"ups": str(ups)})


_MOST_UPS = (Option("most", 3, "folders that an import may go up"),)

# forbidden-call


def _calls(line: Line, options: Options) -> Iterator[Candidate]:
    calls: tuple[str, ...] = options["calls"]
    wrappers: Mapping[str, str] = options["wrappers"]
    code = line.only(_CODE)
    for name in (*calls, *(name for name in wrappers if name not in calls)):
        if _last(name) not in code:
            continue
        wrapper = wrappers.get(name, "")
        for match in islice(regex(_expression(name)).finditer(code), _MOST):
            start, end = match.span("span")
            value = "inside" if wrapper and _is_inside(line, start, wrapper) else ""
            advice = f"call it inside `{wrapper}`" if wrapper else "go through the files that may"
            yield Candidate(start, end, {"name": name, "advice": advice}, value=value)


def _last(name: str) -> str:
    """The longest plain part of a name."""
    return max(regex(r"[\w$]+").findall(name), key=len, default="\n")


def _expression(name: str) -> str:
    """What finds a call of a name: `a.b` also as a member of something, `a` not."""
    parts = [part for part in regex(r"\.|->|::").split(name.strip("()")) if part]
    own = r"[ \t]*(?:\??\.|->|::)[ \t]*".join(_escaped(part) for part in parts)
    before = r"(?<![\w$])" if len(parts) > 1 or name.startswith(".") else r"(?<![\w$.>:])"
    if name.startswith("."):
        before = r"(?:\.|->|::)[ \t]*"
    return rf"{before}(?P<span>{own})[ \t]*(?:!?[ \t]*\(|<[^<>()\n]{{0,80}}>[ \t]*\()"


def _escaped(part: str) -> str:
    escaped = "".join(one if regex(r"\w").match(one) or one == "*" else "\\" + one for one in part)
    return escaped.replace("*", r"[\w$]+")


def _is_inside(line: Line, column: int, wrapper: str) -> bool:
    """Whether a bracket is open there, or a block, in front of which the wrapper stands."""
    named = regex(rf"(?<![\w$]){_escaped(wrapper)}(?![\w$])")
    depth, indent = 0, indent_of(line.text)
    for one in (line, *line.before(BEFORE)):
        code = one.only(_CODE)
        upto = column if one is line else len(code)
        for match in reversed(list(regex(r"[()\[\]{}]").finditer(code, 0, upto))):
            if match[0] in ")]}":
                depth += 1
            elif depth:
                depth -= 1
            elif named.search(code, 0, match.start()):
                return True
        if one is not line and code.strip() and indent_of(code) < indent:
            indent = indent_of(code)
            if code.rstrip().endswith(":") and named.search(code):
                return True
    return False


def _is_definition(line: Line, candidate: Candidate, options: Options) -> bool:
    """The name is defined here, not called."""
    before = line.text[: candidate.start]
    if regex(r"\b(?:def|function|func|fn|fun|sub|new_function)[ \t]+(?:[\w<>]+[ \t]+)?$").search(before):
        return True
    after = line.only(_CODE)[candidate.end :]
    return (
        not before.strip(" \t")
        and regex(r"[ \t]*\([^()]*\)[ \t]*(?::[^=]{1,80})?\{[ \t]*$").match(after) is not None
    )


_CALLS = (
    Option(
        "calls",
        {},
        'calls, and the files that alone may make them: "fetch" = ["src/http/**"]',
        form="places",
        sought=True,
    ),
    Option(
        "wrappers",
        {},
        'calls that may be made only inside another one: "ledger.write" = "audited"',
        form="words",
        sought=True,
    ),
)


def import_rules(languages: tuple[str, ...], triggers: tuple[str, ...]) -> tuple[Rule, ...]:
    """The rules about imports; `triggers` are on every line that imports."""

    def rule(name: str, message: str, blocked: bool = False) -> Rule:
        return Rule(
            id=f"architecture/{name}",
            severity=Severity.BLOCKED if blocked else Severity.WARNING,
            message=message,
            languages=languages,
            zones=Zone.CODE | Zone.STRING,
            triggers=triggers,
            before=BEFORE,
            after=AFTER,
            optional=True,
        )

    return (
        rule(
            "forbidden-import",
            "a file of this part may not import `{name}` (`{glob}`); turn the dependency round, or move the"
            " code",
            blocked=True,
        )._replace(check=_forbidden, options=_BOUNDARIES, excuses=(Excuse("types", _is_typing),)),
        rule("deprecated-path", "`{old}` was moved; {advice}")._replace(check=_deprecated, options=_PATHS),
        rule(
            "deep-relative-import",
            "this import goes up {ups} folders, so it breaks when either file moves; name the path from the"
            " project's root",
        )._replace(check=_deep, options=_MOST_UPS),
    )


def call_rule(languages: tuple[str, ...]) -> Rule:
    """`forbidden-call` for languages."""
    return Rule(
        id="architecture/forbidden-call",
        severity=Severity.BLOCKED,
        message="`{name}` may not be called here; {advice}",
        languages=languages,
        check=_calls,
        triggers=(r"\w",),
        excuses=(Excuse("definition", _is_definition), said("inside")),
        options=_CALLS,
        before=BEFORE,
        optional=True,
    )
