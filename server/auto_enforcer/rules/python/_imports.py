"""Imports, annotations, classes and times."""

from __future__ import annotations

from collections.abc import Iterator

from auto_enforcer.model import (
    Candidate,
    Edit,
    Excuse,
    Fact,
    Fix,
    Line,
    Option,
    Options,
    Rule,
    Severity,
    Zone,
)
from auto_enforcer.rules._common import indent_of, regex
from auto_enforcer.rules.python._reading import CODE, VALUES, closing

_BELOW = 12
_STRINGS = Zone.CODE | Zone.STRING


def _wildcard(line: Line, options: Options) -> Iterator[Candidate]:
    found = regex(r"[ \t]*(from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]+\*)").match(line.only(CODE))
    if found is not None:
        yield Candidate(*found.span(1), {"module": found[2]}, value=found[2])


def _is_accelerator(line: Line, candidate: Candidate, options: Options) -> bool:
    """A module's other half, whose names it takes for its own."""
    return candidate.value.rpartition(".")[2].startswith("_")


def _is_listed(line: Line, candidate: Candidate, options: Options) -> bool:
    return candidate.value in options["modules"]


_MODULES = Option(
    "modules",
    (
        *(
            "torch",
            "tensorflow",
            "jax",
            "pandas",
            "scipy",
            "sklearn",
            "matplotlib",
            "seaborn",
            "transformers",
        ),
        *("cv2", "keras", "numba", "polars", "pyarrow", "plotly", "sympy", "networkx", "dask", "boto3"),
    ),
    "modules that take long to import, which only those who need them should pay for",
)


def _eager(line: Line, options: Options) -> Iterator[Candidate]:
    found = regex(r"(?:import|from)[ \t]+([A-Za-z_]\w*)[\w.]*\b").match(line.only(CODE))
    if found is not None and found[1] in options["modules"]:
        yield Candidate(*found.span(), {"module": found[1]})


_ALIASES = {
    **dict.fromkeys(("List", "Dict", "Set", "FrozenSet", "Tuple", "Type"), ""),
    "Deque": "collections.deque",
    "DefaultDict": "collections.defaultdict",
    **dict.fromkeys(("OrderedDict", "Counter", "ChainMap"), "collections."),
    **dict.fromkeys(
        (
            *("Iterable", "Iterator", "Generator", "Callable", "Sequence", "MutableSequence", "Mapping"),
            *("MutableMapping", "MutableSet", "Collection", "Container", "Hashable", "Sized", "Reversible"),
            *("Awaitable", "Coroutine", "AsyncIterable", "AsyncIterator", "AsyncGenerator", "KeysView"),
            *("ValuesView", "ItemsView"),
        ),
        "collections.abc.",
    ),
}


def _aliases(line: Line, options: Options) -> Iterator[Candidate]:
    code = line.only(CODE)
    for found in regex(r"(?<![\w.])(?:typing|t)\.([A-Z]\w+)").finditer(code):
        if found[1] in _ALIASES and (found[0].startswith("typing") or "typing" in line.facts("typing-alias")):
            yield Candidate(
                *found.span(), {"alias": found[1], "real": _real(found[1])}, _renamed(found[1], found)
            )
    imported = regex(r"[ \t]*from[ \t]+typing[ \t]+import\b").match(code)
    if imported is not None:
        for found in regex(r"(?<![\w.])([A-Z]\w+)(?![ \t]+as\b)").finditer(code, imported.end()):
            if found[1] in _ALIASES:
                yield Candidate(*found.span(1), {"alias": found[1], "real": _real(found[1])})

    known = {name.strip() for value in line.facts("typing-names") for name in value.split(",")}
    for found in regex(r"(?<![\w.])([A-Z]\w+)(?=\[)").finditer(code) if known else ():
        if found[1] in _ALIASES and found[1] in known:
            details = {"alias": found[1], "real": _real(found[1])}
            yield Candidate(*found.span(), details, _renamed(found[1], found))


def _renamed(alias: str, found: object) -> tuple[Fix, ...]:
    start, end = found.span()  # type: ignore[attr-defined]
    if _ALIASES[alias]:
        return ()
    return (Fix(f"Write `{alias.lower()}`", False, (Edit(0, start, 0, end, alias.lower()),)),)


def _real(alias: str) -> str:
    name = _ALIASES[alias]
    return alias.lower() if not name else name + alias if name.endswith(".") else name


_DATACLASS = r"[ \t]*(@(?:dataclasses\.|dc\.)?dataclass(?![\w.]))[ \t]*(\(|$|#)"


def _without_slots(line: Line, options: Options) -> Iterator[Candidate]:
    code = line.only(CODE)
    found = regex(_DATACLASS).match(code)
    if found is None:
        return
    given, end = "", (0, found.end(1))
    if found[2] == "(":
        closed = closing(line, found.end(2) - 1, _BELOW)
        if closed is None:
            return
        end = closed
        pieces = [one.only(CODE) for one in (line, *line.after(closed[0]))][: closed[0] + 1]
        given = "\n".join([*pieces[:-1], pieces[-1][: closed[1]]])[found.end(2) :]
    if regex(r"\bslots[ \t]*=|\*\*").search(given):
        return
    if found[2] == "(":
        text = "slots=True" if not given.strip() else ", slots=True"
        edit = Edit(*end, *end, text)
    else:
        edit = Edit(0, found.end(1), 0, found.end(1), "(slots=True)")
    fixes = () if given.rstrip().endswith(",") else (Fix("Give it slots", False, (edit,)),)
    yield Candidate(*found.span(1), None, fixes)


def _has_slots(line: Line, candidate: Candidate, options: Options) -> bool:
    """The class names its slots itself, or keeps values that need a dictionary."""
    indent = indent_of(line.text)
    started = False
    for one in line.after(40):
        text = one.text.strip()
        if started and text and indent_of(one.text) <= indent:
            return False
        started = started or text.startswith("class ")
        if regex(r"__slots__\b|@(?:functools\.)?cached_property\b|__weakref__|super\(\)").search(one.text):
            return True
    return False


_NOW = (
    r"(?P<receiver>(?<![\w.])(?:\w+\.)?(?P<name>\w+))\.(?P<call>utcnow|utcfromtimestamp|now|today|fromtimestamp)"
    r"[ \t]*\("
)


def _naive(line: Line, options: Options) -> Iterator[Candidate]:
    code = line.only(CODE)
    names = line.facts("datetime-alias") | {"datetime"}
    for found in regex(_NOW).finditer(code):
        if found["name"] not in names or (found["name"] != "datetime" and "." in found["receiver"]):
            continue
        end = closing(line, found.end() - 1, 3)
        if end is None:
            continue
        given = _given(line, found.end(), end).strip().rstrip(",")
        call = found["call"]
        if call == "now" and given not in ("", "None", "tz=None"):
            continue
        if call == "fromtimestamp" and ("tz" in given or _several(given)):
            continue
        whole = end[0] == 0
        yield Candidate(
            found.start(),
            end[1] + 1 if whole else found.end(),
            {"call": f"{found['name']}.{call}", "better": _better(call)},
            _aware(line, found.start("call"), found.end(), end[1], found["receiver"], call) if whole else (),
        )


def _given(line: Line, start: int, end: tuple[int, int]) -> str:
    """What stands in a call's brackets, which may close some lines below."""
    pieces = [one.only(CODE) for one in (line, *line.after(end[0]))][: end[0] + 1]
    pieces[-1] = pieces[-1][: end[1]]
    pieces[0] = pieces[0][start:]
    return "\n".join(pieces)


def _several(given: str) -> bool:
    depth = 0
    for character in given:
        depth += (character in "([{") - (character in ")]}")
        if character == "," and not depth:
            return True
    return False


def _better(call: str) -> str:
    return "fromtimestamp(…, timezone.utc)" if "fromtimestamp" in call else "now(timezone.utc)"


def _aware(line: Line, start: int, opened: int, closed: int, receiver: str, call: str) -> tuple[Fix, ...]:
    """UTC, for the calls that mean it."""
    if call not in ("utcnow", "utcfromtimestamp"):
        return ()
    zone = receiver.rpartition(".")[0] + ".timezone.utc" if "." in receiver else "timezone.utc"
    given = line.text[opened:closed].strip()
    text = f"now({zone})" if call == "utcnow" else f"fromtimestamp({given}, {zone})"
    return (Fix("Say that it is UTC", False, (Edit(0, start, 0, closed + 1, text),)),)


def _is_made_aware(line: Line, candidate: Candidate, options: Options) -> bool:
    """What follows gives it a zone."""
    at, last = candidate.end, line
    if line.text[candidate.end - 1] == "(":
        end = closing(line, candidate.end - 1, 3) or (0, 0)
        at, last = end[1] + 1, (line, *line.after(3))[end[0]]
    return regex(_MADE_AWARE).match(last.only(CODE), at) is not None


_MADE_AWARE = r"[ \t]*\.(?:astimezone\(|replace\([^()]*tzinfo[ \t]*=)"

_F_STRING = (
    r"(?<![\w\"'])(?P<prefix>[fF][rR]?|[rR][fF])"
    r"(?:\"(?!\")(?:[^\"\\{}\n]|\\.|\{\{|\}\})*\"|'(?!')(?:[^'\\{}\n]|\\.|\{\{|\}\})*')(?![\"'])"
)


def _empty(line: Line, options: Options) -> Iterator[Candidate]:
    begins = {start for start, zone in line.runs if zone == Zone.STRING}
    for found in regex(_F_STRING).finditer(line.only(VALUES)):
        if found.start() not in begins:
            continue
        prefix = regex("[fF]").sub("", found["prefix"])
        text = line.text[found.end("prefix") : found.end()]
        edit = Edit(0, found.start(), 0, found.end("prefix"), prefix)
        if "{" in text or "}" in text:
            single = text.replace("{{", "{").replace("}}", "}")
            edit = Edit(0, found.start(), 0, found.end(), prefix + single)
        yield Candidate(*found.span(), None, (Fix("Take the `f` away", True, (edit,)),))


def _is_joined(line: Line, candidate: Candidate, options: Options) -> bool:
    """A string beside it, to which Python joins it, has a placeholder."""
    values = line.only(VALUES)
    if regex(r"[ \t]*[fFrR]{0,2}[\"']").match(values, candidate.end) or regex(r"[\"'][ \t]*$").search(
        values[: candidate.start]
    ):
        return True
    alone_before = not values[: candidate.start].strip(" \t(")
    alone_after = not values[candidate.end :].strip(" \t\\")
    above = next(iter(line.before(1)), None)
    below = next(iter(line.after(1)), None)
    if alone_before and above is not None and regex(r"[\"'][ \t]*\\?$").search(above.only(VALUES).rstrip()):
        return True
    return (
        alone_after
        and below is not None
        and regex(r"[ \t]*[fFrRbBuU]{0,2}[\"']").match(below.only(VALUES)) is not None
    )


RULES = (
    Rule(
        id="python/wildcard-import",
        severity=Severity.WARNING,
        message="`import *` hides where names come from and which of them `{module}` replaces; name them",
        languages=("python",),
        check=_wildcard,
        triggers=(r"\bimport[ \t]+\*",),
        excuses=(Excuse("accelerator", _is_accelerator), Excuse("allowed", _is_listed)),
        options=(Option("modules", (), "modules whose names may be imported at once"),),
    ),
    Rule(
        id="python/eager-optional-import",
        severity=Severity.WARNING,
        message="`{module}` takes long to import, which all pay who import this; import it where it is used",
        languages=("python",),
        check=_eager,
        triggers=(r"^(?:import|from)[ \t]+[A-Za-z]",),
        options=(_MODULES,),
        optional=True,
    ),
    Rule(
        id="python/deprecated-typing-alias",
        severity=Severity.WARNING,
        message="`typing.{alias}` is a deprecated alias; write `{real}`",
        languages=("python",),
        check=_aliases,
        triggers=(r"\b(?:typing|t)\.[A-Z]", r"\b[A-Z]\w+\[", r"\bfrom[ \t]+typing[ \t]+import\b"),
        facts=(
            Fact("typing-alias", r"^[ \t]*import[ \t]+(typing)[ \t]+as[ \t]+t\b"),
            Fact("typing-names", r"^[ \t]*from[ \t]+typing[ \t]+import[ \t]+([A-Za-z, \t]+)"),
        ),
        optional=True,
        tags=("deprecated",),
    ),
    Rule(
        id="python/blank-slots-dataclass",
        severity=Severity.WARNING,
        message="without `slots=True` each value keeps a dictionary and takes misspelt attributes; add it",
        languages=("python",),
        check=_without_slots,
        triggers=(r"^[ \t]*@(?:dataclasses\.|dc\.)?dataclass\b",),
        excuses=(Excuse("slots", _has_slots),),
        after=40,
        optional=True,
    ),
    Rule(
        id="python/naive-datetime",
        severity=Severity.WARNING,
        message="`{call}` gives a time without its zone; write `{better}` or name the zone that is meant",
        languages=("python",),
        check=_naive,
        triggers=(
            r"\.(?:utcnow|utcfromtimestamp)[ \t]*\(",
            r"\.(?:now|today)[ \t]*\([ \t]*(?:\)|None|tz[ \t]*=[ \t]*None)",
            r"\.(?:now|today)[ \t]*\([ \t]*$",
            r"\.fromtimestamp[ \t]*\(",
        ),
        excuses=(Excuse("made-aware", _is_made_aware),),
        facts=(
            Fact("datetime-alias", r"^[ \t]*from[ \t]+datetime[ \t]+import\b.*\bdatetime[ \t]+as[ \t]+(\w+)"),
        ),
        after=3,
    ),
    Rule(
        id="python/empty-f-string",
        severity=Severity.WARNING,
        message="nothing is put into this f-string; take the `f` away, or put in what is missing",
        languages=("python",),
        check=_empty,
        zones=_STRINGS,
        triggers=(
            r"\b(?:[fF][rR]?|[rR][fF])"
            r"(?:\"(?:[^\"{}\n]|\{\{|\}\})*\"|'(?:[^'{}\n]|\{\{|\}\})*')",
        ),
        excuses=(Excuse("joined", _is_joined),),
        before=1,
        after=1,
    ),
)
