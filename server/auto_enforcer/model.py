"""The vocabulary: the values that the other modules hand to each other. Imports nothing of ours."""

from __future__ import annotations

import collections
import enum
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:
    _field = getattr(collections, "_tuplegetter", None) or (lambda index, doc: property(itemgetter(index)))

    class _Fields(tuple):
        """What all named tuples do alike."""

        __slots__ = ()

        @classmethod
        def _make(cls, values):
            return cls(*values)

        def _replace(self, /, **changes):
            values = [changes.pop(*one) for one in zip(self._fields, self, strict=True)]
            if changes:
                raise ValueError(f"no such field: {', '.join(changes)}")
            return tuple.__new__(type(self), values)

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            values = ", ".join([f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True)])
            return f"{type(self).__name__}({values})"

        def __getnewargs__(self):
            return tuple(self)

    class _NamedTuples(type):
        """Makes of a class what `typing.NamedTuple` makes of it, in a tenth of the time: that one compiles
        and checks annotations, and compiles what makes a value of the class before one is made."""

        def __new__(cls, name, bases, body):
            if not bases:
                return super().__new__(cls, name, bases, body)
            annotations = body.pop("__annotations__", None)
            if annotations is None or bases != (NamedTuple,):
                raise TypeError(f"`{name}` must be a `NamedTuple` alone, its annotations must be text")
            with_default = [field for field in annotations if field in body]
            if with_default != list(annotations)[len(annotations) - len(with_default) :]:
                raise TypeError(f"`{name}` has a field without a default behind one that has one")
            defaults = [body.pop(field) for field in with_default]
            fields = tuple(annotations)

            def first(cls, /, *values, **named):
                places = ", ".join(fields)
                new = eval(f"lambda _cls, {places}: _new(_cls, ({places},))", {"_new": tuple.__new__})
                new.__defaults__, new.__qualname__ = tuple(defaults), f"{name}.__new__"
                made.__new__ = staticmethod(new)
                return new(cls, *values, **named)

            made = type(
                name,
                (_Fields,),
                {
                    "__slots__": (),
                    "__new__": first,
                    "__annotations__": annotations,
                    "__match_args__": fields,
                    "_fields": fields,
                    "_field_defaults": dict(zip(with_default, defaults, strict=True)),
                    **{field: _field(index, "") for index, field in enumerate(fields)},
                    **body,
                },
            )
            return made

    class NamedTuple(metaclass=_NamedTuples):
        """As `typing.NamedTuple`."""


LONGEST_PIECE = 4096
"""Characters a rule sees at most at a time: a longer line is cut into overlapping pieces."""

WIDEST_WINDOW = 50
"""Lines that a rule may look at before or after its own, at most."""


class Severity(enum.Enum):
    """How bad a violation is: BLOCKED must not go in, WARNING may."""

    BLOCKED = "blocked"
    WARNING = "warning"


class Scope(enum.Enum):
    """Whether the change at hand brought a violation (NEW) or it stood in the base (HISTORICAL)."""

    NEW = "new"
    HISTORICAL = "historical"


class Stage(enum.Enum):
    """How far a policy has rolled a rule out: OBSERVE only counts, WARN never gates, BLOCK gates."""

    OBSERVE = "observe"
    WARN = "warn"
    BLOCK = "block"


class Zone(enum.IntFlag):
    """What a character is part of. A flag, so that a rule can name several."""

    CODE = 1
    COMMENT = 2
    STRING = 4
    TEXT = 8
    """For people: prose, markup and JSX text, docstrings."""
    EVERYWHERE = 15


Run = tuple[int, int]
"""(start, zone): from code point `start` up to the next run's start, all is in `zone`."""

Part = tuple[int, str]
"""(start, language): from code point `start` up to the next part's start, the language is this."""


class Edit(NamedTuple):
    """Text to put in place of a span. Lines are relative to the violation's own line (0), columns are
    0-based code points. `end_line` may be greater than `start_line`."""

    start_line: int
    start: int
    end_line: int
    end: int
    text: str


class Fix(NamedTuple):
    """A titled way out. `safe`: cannot change what the program means, so may run in bulk."""

    title: str
    safe: bool
    edits: tuple[Edit, ...]


class Violation(NamedTuple):
    """What a rule found within one line. Columns are 0-based code points, `end` exclusive. It has no line
    number, so that an edit above leaves it valid."""

    rule: str
    message: str
    start: int
    end: int
    fixes: tuple[Fix, ...] = ()


class Candidate(NamedTuple):
    """What a check proposes: a span of `line.text`, which the rule's excuses may still silence.

    `details` fills the fields of the rule's message (`str.format_map`); it never holds a secret.
    `value` is for the excuses alone (the matched secret, say) and goes nowhere else.
    """

    start: int
    end: int
    details: Mapping[str, str] | None = None
    fixes: tuple[Fix, ...] = ()
    value: str = ""


Options = Mapping[str, Any]
"""A rule's options by name, as the policy resolved them: every declared option is present and typed."""


class Option(NamedTuple):
    """A setting of a rule. `default` fixes its type: bool, int, str, or a tuple of str (a list in TOML);
    where there is a `form`, that does.

    "words": a table of text by text; what files extend is merged with it, name by name.
    "boundaries": a table of lists of globs by glob. The rule is given what holds for its file, a tuple of
    (glob as written, its expression) out of the lists whose glob matches the path, and is off where that is
    empty.
    "places": a table of lists of globs by name. The rule is given a tuple of the names of whose globs none
    matches the path.
    "folder": nothing to be set. The rule is given the folder of its file, relative to that of the
    configuration file which sets the rule's tables; "" for that folder itself.
    "models", "keys": a list, to which the names that the workspace's Prisma schema gives are added.
    "schema": where that schema is, relative to the configuration file.
    """

    name: str
    default: bool | int | str | tuple[str, ...] | Mapping[str, str]
    title: str
    form: str = ""
    shared: bool = False
    """May be set on the family, for all of its rules that have it."""
    sought: bool = False
    """The rule looks only at lines on which the longest word of one of the option's names is, in any case;
    its own triggers do not count."""


class Excuse(NamedTuple):
    """A named reason to leave a candidate alone, asked by the engine in the rule's order."""

    name: str
    speaks: Callable[[Line, Candidate, Options], bool]


class Fact(NamedTuple):
    """Something a line says about its file. It is judged on the line's text alone, in any zone.

    `anywhere`: it holds for the whole file wherever it stands (`if __name__`); the engine then reads a long
    file twice. Otherwise it holds from its line on (an import), and what the pattern's group 1 caught, if it
    has one, is its value: `line.facts("alias")`.
    """

    name: str
    pattern: str
    anywhere: bool = False


DIFFERS = "differs-from-base"
"""The fact that a file is not as its base has it."""

Check = Callable[["Line", Options], Iterable[Candidate]]
CarryingCheck = Callable[["Line", Options, Any], tuple[Iterable[Candidate], Hashable]]


class Rule(NamedTuple):
    """A bad pattern, as a value.

    `id` is `family/bad-pattern`, kebab-case. `languages` are LSP language ids; none means every language.
    Either `pattern` (an `re` pattern with re.ASCII, at most one line, searched in `line.only(zones)`; group
    `span`, if it has one, is what is marked) or `check` finds the candidates. `triggers` are regular
    expressions over UTF-8 bytes, one of which must occur on the line for the rule to look at it; left empty
    they are derived from `pattern`. `message` may have fields for `Candidate.details` or the pattern's named
    groups. `before` and `after` are the lines that the check may ask the line for (at most WIDEST_WINDOW).
    A rule with a `carry` has a CarryingCheck, which is given the value that its last look left behind (first
    `carry` itself) and returns candidates and the next value, small, frozen and comparable. One that
    `follows` looks, while that is not `carry`, at each further line of its language, whatever is on it.
    """

    id: str
    severity: Severity
    message: str
    languages: tuple[str, ...] = ()
    zones: Zone = Zone.CODE
    pattern: str = ""
    check: Check | CarryingCheck | None = None
    triggers: tuple[str, ...] = ()
    excuses: tuple[Excuse, ...] = ()
    options: tuple[Option, ...] = ()
    facts: tuple[Fact, ...] = ()
    before: int = 0
    after: int = 0
    carry: Hashable = None
    follows: bool = False
    optional: bool = False
    """Off until a policy turns it on."""
    everywhere: bool = False
    """Looks at generated, minified and lock files too."""
    tags: tuple[str, ...] = ()
    """Of `unnecessary` and `deprecated`: how an editor may draw the span."""

    @property
    def family(self) -> str:
        """The part of the id before the slash."""
        return self.id.partition("/")[0]


class Neighbours:
    """Where a line's window comes from: the engine knows how to reach the lines around it.

    This base knows none; engine and document each supply their own.
    """

    __slots__ = ()

    def before(self, line: Line, count: int) -> Sequence[Line]:
        """Up to `count` lines above, the nearest first. Fewer at the file's start or past the byte limit."""
        return ()

    def after(self, line: Line, count: int) -> Sequence[Line]:
        """Up to `count` lines below, the nearest first. Fewer at the file's end or past the byte limit."""
        return ()

    def text_before(self, line: Line, count: int) -> str:
        """The text of those lines above, the nearest first, joined by `\\n`. Long lines may be whole."""
        return "\n".join([one.text for one in self.before(line, count)])

    def text_after(self, line: Line, count: int) -> str:
        """The text of those lines below, joined by `\\n`. Long lines may be whole."""
        return "\n".join([one.text for one in self.after(line, count)])


NO_NEIGHBOURS = Neighbours()


class File(NamedTuple):
    """What a rule may know of the file beyond its line. Paths are policy, so none is here."""

    language: str
    today: date
    anywhere: Container[str] = frozenset()
    """The names of the `anywhere` facts that hold. Three come from the engine: `shebang` (the file begins
    with `#!`), `byte-order-mark` (it begins with that of UTF-8, which is no part of its text) and
    DIFFERS (only where the base text is known; it may come and go with an edit)."""


class Line:
    """A line rule's whole world: text, number, language, zones on demand, the window before and after.

    `text` has no line end and at most LONGEST_PIECE characters; columns count from its start. `number` is
    0-based. Zones are lexed when first asked for.
    """

    __slots__ = ("_lex", "_masked", "_runs", "earlier", "file", "language", "neighbours", "number", "text")

    def __init__(
        self,
        text: str,
        number: int,
        language: str,
        file: File,
        lex: Callable[[], tuple[Run, ...]],
        neighbours: Neighbours = NO_NEIGHBOURS,
        earlier: frozenset[tuple[str, str]] = frozenset(),
    ) -> None:
        self.text = text
        self.number = number
        self.language = language
        self.file = file
        self.neighbours = neighbours
        self.earlier = earlier
        self._lex = lex
        self._runs: tuple[Run, ...] | None = None
        self._masked: dict[int, str] | None = None

    @property
    def runs(self) -> tuple[Run, ...]:
        """The zones as runs that cover the text from column 0. A zone of 0 is another language's part."""
        runs = self._runs
        if runs is None:
            runs = self._runs = self._lex()
        return runs

    def zone_at(self, column: int) -> int:
        """The zone of a column (of the last run for one past the end)."""
        zone = 0
        for start, run_zone in self.runs:
            if start > column:
                break
            zone = run_zone
        return zone

    def only(self, zones: int) -> str:
        """The text with all that is in no zone of `zones` blanked by spaces, at equal length."""
        zones = int(zones)  # arithmetic on an IntFlag takes five times as long
        runs = self.runs
        if len(runs) == 1:
            return self.text if runs[0][1] & zones else " " * len(self.text)
        masked = self._masked
        if masked is None:
            masked = self._masked = {}
        elif zones in masked:
            return masked[zones]
        text, pieces = self.text, []
        for index, (start, zone) in enumerate(runs):
            end = runs[index + 1][0] if index + 1 < len(runs) else len(text)
            pieces.append(text[start:end] if zone & zones else " " * (end - start))
        blanked = masked[zones] = "".join(pieces)
        return blanked

    def facts(self, name: str) -> frozenset[str]:
        """The values of the fact `name` on earlier lines (or this one); empty when it does not hold."""
        return frozenset(value for fact, value in self.earlier if fact == name)

    def before(self, count: int) -> Sequence[Line]:
        """Up to `count` lines above, the nearest first; the rule must declare at least as many."""
        return self.neighbours.before(self, count)

    def after(self, count: int) -> Sequence[Line]:
        """Up to `count` lines below, the nearest first; the rule must declare at least as many."""
        return self.neighbours.after(self, count)

    def text_before(self, count: int) -> str:
        """The text of those lines above, the nearest first, joined by `\\n`: for a first glance, which costs
        a fraction of what the lines cost and mostly shows that there is nothing to see. Long lines may be
        whole."""
        return self.neighbours.text_before(self, count)

    def text_after(self, count: int) -> str:
        """The same of the lines below."""
        return self.neighbours.text_after(self, count)

    def statement(self, column: int, count: int) -> tuple[str, bool]:
        """The code from `column` to the bracket that balances the first one opened there, strings kept,
        comments blanked, lines joined by `\\n`, and whether it is whole: False when `count` further lines
        did not close it, and then the rule knows nothing."""
        depth, pieces, opened = 0, [], False
        for index, line in enumerate(self._self_and_after(count)):
            start = column if index == 0 else 0
            text = line.only(Zone.CODE | Zone.STRING | Zone.TEXT)
            for offset, character in enumerate(line.only(Zone.CODE)[start:], start):
                if character in "([{":
                    depth, opened = depth + 1, True
                elif character in ")]}":
                    depth -= 1
                    if depth <= 0:
                        pieces.append(text[start : offset + 1])
                        return "\n".join(pieces), opened
            pieces.append(text[start:])
            if not opened:
                break
        return "\n".join(pieces), not opened

    def _self_and_after(self, count: int) -> Iterator[Line]:
        yield self
        yield from self.after(count)


class FileTrigger(enum.Enum):
    """What must be so of a file for a rule to deserve a look at it: known without importing the rule."""

    ALWAYS = "always"
    EXECUTABLE = "executable"
    """Its mode lets somebody run it. Never so where modes mean nothing."""
    SHEBANG = "shebang"
    """It begins with `#!`."""
    LARGE = "large"
    """It has more than LARGE_FILE bytes."""
    CARRIAGE_RETURN = "carriage-return"
    """A `\\r` is in its text."""
    UNFINISHED = "unfinished"
    """Its text does not end with a line end."""


LARGE_FILE = 65_536
"""Bytes from which a file is large: less than any limit that makes sense."""

MOST_TEXT = 1 << 20
"""Bytes of a file that a rule about files can read, at most; of a larger one it sees no text."""


class FileView(NamedTuple):
    """A file rule's whole world. `path` is relative to the workspace, with forward slashes.

    `text` is given to rules that read it, with its line ends and without a byte order mark. What such a rule
    finds is kept from run to run by the text, so it does not see path and mode: its excuses do, beforehand.
    """

    path: str
    language: str
    """By the file's name, "plaintext" where that tells nothing."""
    size: int
    """In bytes."""
    executable: bool | None = None
    """Whether its mode lets somebody run it; None where modes mean nothing."""
    shebang: bool = False
    """Whether it begins with `#!`."""
    binary: bool = False
    text: str | None = None
    matching: Callable[[Sequence[str]], str] = lambda globs: ""
    """The first of some globs, as a policy writes them, that the path matches; "" for none."""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]


class Finding(NamedTuple):
    """What a rule about a file proposes. `line` is 0-based, columns are code points of that line; None: it is
    about the file as such, which is told at its beginning. `details` and `fixes` as those of `Candidate`."""

    line: int | None = None
    start: int = 0
    end: int = 0
    details: Mapping[str, str] | None = None
    fixes: tuple[Fix, ...] = ()


class FileExcuse(NamedTuple):
    """A named reason to leave a finding alone, asked in the rule's order.

    `beforehand`: it is asked once, before the rule looks, with None for a finding and a view without text.
    """

    name: str
    speaks: Callable[[FileView, Finding | None, Options], bool]
    beforehand: bool = False


class FileRule(NamedTuple):
    """A rule about a file as a whole: its path, size, mode, line ends or, where it `reads`, its text. It runs
    when a file is checked, opened or saved, not while it is edited. Else as `Rule`.

    `languages` are those by the file's name. A rule that `reads` looks at files of at most MOST_TEXT bytes.
    """

    id: str
    severity: Severity
    message: str
    check: Callable[[FileView, Options], Iterable[Finding]]
    trigger: FileTrigger = FileTrigger.ALWAYS
    languages: tuple[str, ...] = ()
    reads: bool = False
    excuses: tuple[FileExcuse, ...] = ()
    options: tuple[Option, ...] = ()
    optional: bool = False
    everywhere: bool = False
    """Looks at generated, minified and lock files too."""
    binaries: bool = False
    """Looks at binary files too."""
    tags: tuple[str, ...] = ()

    @property
    def family(self) -> str:
        """The part of the id before the slash."""
        return self.id.partition("/")[0]


class Folder(NamedTuple):
    """A workspace rule's whole world: one folder of those that were walked, what is ignored left out."""

    path: str
    """Relative to the workspace, with forward slashes; "" for the workspace itself."""
    files: Sequence[str]
    """The names of the files in it, sorted; so are those of the folders."""
    folders: Sequence[str]
    matching: Callable[[Sequence[str], str], str] = lambda globs, path: ""
    """The first of some globs, as a policy writes them, that a path relative to the workspace matches."""
    exists: Callable[[str], bool] = lambda path: False
    """Whether there is anything at a path relative to the workspace."""
    changed: Sequence[str] | None = None
    """With the workspace itself: the paths that differ from the base; None where there is no base."""


class FolderFinding(NamedTuple):
    """What a workspace rule proposes: about `name` in the folder, or, where that is "", about what is not
    there, which is told where the policy set the rule's `option`."""

    name: str = ""
    option: str = ""
    details: Mapping[str, str] | None = None


class FolderTrigger(enum.Enum):
    """What must be so of a folder for a rule to deserve a look at it: known without importing the rule."""

    ALWAYS = "always"
    COLLIDING = "colliding"
    """Two names in it differ only in case, or one is not ASCII."""


class WorkspaceRule(NamedTuple):
    """A rule about the paths of a workspace, asked folder by folder while they are walked, so that nobody
    holds all of them. Else as `Rule`."""

    id: str
    severity: Severity
    message: str
    check: Callable[[Folder, Options], Iterable[FolderFinding]]
    trigger: FolderTrigger = FolderTrigger.ALWAYS
    options: tuple[Option, ...] = ()
    optional: bool = False
    tags: tuple[str, ...] = ()

    @property
    def family(self) -> str:
        """The part of the id before the slash."""
        return self.id.partition("/")[0]


class Suppression(NamedTuple):
    """An `enforcer: allow[…]` comment, or what a policy says in its place. Columns are those of the comment's
    directive on its line."""

    rules: tuple[str, ...]
    """Ids and families, as written."""
    reason: str
    until: date | None
    start: int
    end: int
    whole_file: bool = False
    source: str = ""
    """Where it stands, if that is not the file itself: an `[[allow]]` table of a policy."""

    def covers(self, rule: str) -> bool:
        """Whether it names the rule or its family."""
        return rule in self.rules or rule.partition("/")[0] in self.rules


class Cell(NamedTuple):
    """A place in a notebook: the cell's number, from 1 on, and the 0-based line of its source; None where it
    is in the cell's outputs, or in what else the cell says."""

    number: int
    line: int | None


class Row(NamedTuple):
    """What leaves the engine: a 0-based line number, the violation, the suppression that took it out; and of
    a file that is a notebook, the cell. Where the text was compared with its base text, `base` is the 0-based
    line there that had it, -1 where it is still to be found out; None: none had."""

    number: int
    violation: Violation
    suppression: Suppression | None = None
    cell: Cell | None = None
    base: int | None = None


class Verdict(NamedTuple):
    """How a row is shown and whether it gates; decided by `verdict.judge` alone.

    `shown` is "error", "warning", "information" or None (not shown). `gates`: makes `check` exit 1.
    """

    severity: Severity
    scope: Scope
    stage: Stage
    shown: str | None
    gates: bool
    suppressed: bool = False
    baselined: bool = False


class Report(NamedTuple):
    """A file's rows with their verdicts: all that a renderer gets. `rows` may be consumed only once."""

    path: str
    """Relative to the working folder, forward slashes, as a person would click it."""
    rows: Iterable[tuple[Row, Verdict]]
    beside: bool = False
    """Whether it says more of a path that has, or could have, a report of its own."""


class Skipped(NamedTuple):
    """A file that was not checked whole, and why (`binary`, `unreadable: …`, `generated`, `minified`, …)."""

    path: str
    reason: str
