"""Debt of every language: to-dos that lead nowhere, conflict markers, placeholder text."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import Any

from auto_enforcer.model import Candidate, Excuse, Fact, Line, Option, Options, Rule, Severity, Zone
from auto_enforcer.rules._common import PROSE, regex
from auto_enforcer.rules.debt._shared import TICKET

_COMMENT, _WORDS = int(Zone.COMMENT), int(Zone.STRING | Zone.TEXT)

# To-dos

_MARKERS = Option(
    "markers",
    ("TODO", "FIXME", "HACK", "XXX"),
    "which of TODO, FIXME, HACK and XXX must have a reference",
)
_FORM = Option(
    "form",
    ("issue", "link", "owner"),
    "what is a reference: any of `issue` (#12, ABC-12), `link` (https://…) and `owner` (TODO(ann), @ann)",
)

_TODO = r"(?:(?<![\w.@-])(?P<marker>TODO|FIXME|HACK|XXX)|(?<=[@\\])(?P<tag>todo))(?![\w-]|[./]\w)"
_TAGS = (
    r"abstract|access|alias|api|apiNote|arg|argument|async|attention|augments|author|autoclosure|available|brief|bug"
    r"|callback|category|class|classdesc|classmethod|code|const|constant|constructor|constructs|copyright|cvar|dataclass"
    r"|date|default|defgroup|defaultValue|deprecated|description|details|discardableResult|docRoot|enum|event|example"
    r"|except|exception|exports?|extends|external|file|fileoverview|final|fires|fixture|fixme|function|generator"
    r"|generated|global|hidden|hideconstructor|ignore|implements|implNote|implSpec|implicit|import|inheritdoc|inheritDoc"
    r"|ingroup|inner|instance|interface|internal|invariant|jsx|kind|lends|library|license|link|linkcode|linkplain"
    r"|literal|listens|main|member|memberof|memberOf|method|mixes|mixin|module|name|namespace|native|noinspection"
    r"|nonnull|note|notNull|objc|override|overload|override|p|package|packageDocumentation|param|params|post|pre|precondition"
    r"|preserve|private|privateRemarks|prop|property|property-read|property-write|protected|provides|public|pytest"
    r"|raises?|readonly|receiver|remark|remarks|requires|result|retval|return|returns|rtype|runtime|sample|satisfies"
    r"|sealed|see|seealso|serial|serialData|serialField|setter|since|snippet|sp|staticmethod|static|stability|suppress"
    r"|summary|suppresswarnings|template|templates|test|tag|tests|this|throw|throws|todo|tparam|ts-check|ts-expect-error"
    r"|ts-ignore|ts-nocheck|ts-[a-z-]+|tutorial|type|typedef|typeParam|typeparam|unknown|unused|url|usage|used|uses"
    r"|value|var|variation|version|virtual|vite-ignore|warning|yield|yields"
    r"|Autowired|Bean|Component|Deprecated|Inject|Injectable|NonNull|NotNull|Nullable|Override|SuppressWarnings|Test"
)
"""Tags of documentation comments, directives and annotations: what an `@` begins that is nobody's name."""
_DOC_TAG = rf"@(?:(?:{_TAGS})(?![\w-])|[A-Z]\w*\()"
_FORMS = {
    "issue": rf"#\d+|{TICKET}|\b(?i:issues?|bugs?|bpo|gh|ticket|pr|crbug"
    r"|b)[ :/#-]{0,2}\d+|\brdar:",
    "link": r"(?i:https?://|www\.)\S|\b[a-z][a-z0-9.-]{0,40}\.(?:com|org|net|io|dev)/\S",
    "owner": r"(?:TODO|FIXME|HACK|XXX)(?: ?[(\[<][^)\]>\n]{1,60}[)\]>]|[ /-][A-Za-z][\w.-]{1,20}:)"
    rf"|(?<![\w.])@(?!(?:{_TAGS})(?![\w-]))[A-Za-z][\w-]",
}
_MENTIONED = r"(?: ?['\"`]|(?i: (?:list|lists|app|apps|comments?|items?|tags?|markers?|notes?|file|bot)\b))"


def _todos(line: Line, options: Options) -> Iterator[Candidate]:
    for match in regex(_TODO).finditer(line.only(_COMMENT)):
        marker = match["marker"] or "TODO"
        if marker in options["markers"]:
            yield Candidate(*match.span(), {"marker": match[0]})


def _is_mentioned(line: Line, candidate: Candidate, options: Options) -> bool:
    """The text speaks of to-dos: the word is not at the comment's start, and nothing follows from it."""
    comment = line.only(_COMMENT)
    rest = comment[candidate.end :]
    if regex(_MENTIONED).match(rest) or comment[: candidate.start].endswith(("'", '"', "`")):
        return True
    before = regex(r"^[\W_]*(?:(?i:dnl|rem)\b[\W_]*)?").sub("", comment[: candidate.start])
    return (
        bool(before) and not regex(r" ?[:(\[]").match(rest) and not before.rstrip().endswith((".", ";", ":"))
    )


def _has_reference(line: Line, candidate: Candidate, options: Options) -> bool:
    """On its line or on those that go on with the same comment."""
    text = line.only(_COMMENT)[candidate.start :]
    if "issue" in options["form"] and regex(rf"(?:{TICKET}|#\d+)[\W_]{{0,4}}$").search(
        line.only(_COMMENT)[: candidate.start]
    ):
        return True
    for below in line.after(_COMMENT_LINES):
        comment = below.only(_COMMENT)
        words = comment.strip(" \t#/*;-!<>")
        if not words or below.only(~_COMMENT).strip() or regex(_TODO).search(comment):
            break
        if regex(_DOC_TAG).match(words):
            break  # The next entry of the documentation is not about the to-do.
        text += "\n" + words
    return any(regex(_FORMS[form]).search(text) for form in options["form"] if form in _FORMS)


_COMMENT_LINES = 5

# Conflict markers

_OUTSIDE, _OURS, _BASE, _THEIRS = range(4)


def _conflict(line: Line, options: Options, carry: Any) -> tuple[Iterable[Candidate], Hashable]:
    text = line.text
    candidate = Candidate(0, len(text.rstrip()), {"marker": text[:7]}, value="" if carry else "outside")
    if text.startswith("<<<<<<< "):
        return (Candidate(0, candidate.end, candidate.details),), _OURS
    if text.startswith("||||||| "):
        return (candidate,), _BASE if carry == _OURS else carry
    if text == "=======":
        inside = carry in (_OURS, _BASE)
        lone = Candidate(0, 7, candidate.details, value="" if inside else "heading")
        return (lone,), _THEIRS if inside else carry
    if text.startswith(">>>>>>> "):
        return (candidate,), _OUTSIDE
    return (), carry


def _is_heading(line: Line, candidate: Candidate, options: Options) -> bool:
    """Signs under a heading: `=======` divides a conflict only where one is open."""
    return candidate.value == "heading"


def _is_quotation(line: Line, candidate: Candidate, options: Options) -> bool:
    """In prose, signs at a line's start quote; a marker that closes counts where a conflict is open."""
    return candidate.value == "outside" and line.file.language in PROSE


def _is_in_fence(line: Line, candidate: Candidate, options: Options) -> bool:
    """An example in a document."""
    return line.file.language in PROSE and (
        line.language != line.file.language or line.text.startswith("   ")
    )


# Placeholder text

_PLACEHOLDER = (
    r"(?i)\blorem[ ]ipsum(?P<more>[ ]dolor)?\b|(?<![\w.-])(?P<keys>asdf(?:asdf|ghjkl?|gh|jkl;?)?)(?![\w.-])"
)


def _placeholders(line: Line, options: Options) -> Iterator[Candidate]:
    for match in regex(_PLACEHOLDER).finditer(line.only(_WORDS)):
        kind = "keys" if match["keys"] else "text" if match["more"] else "mention"
        yield Candidate(*match.span(), {"text": match.group()}, value=kind)


def _is_word(line: Line, candidate: Candidate, options: Options) -> bool:
    """The words stand among others, which speak of them: only the text itself is placeholder text."""
    if candidate.value == "text":
        return False
    if candidate.value == "keys" and line.language in PROSE:
        return True
    before, after = line.text[: candidate.start].rstrip(), line.text[candidate.end :].lstrip(" .,…!")
    quoted = regex(r"(?:%[qQ]?|\bR\"\w{0,16})([(\[{|])$").search(before)
    opened = not before or before[-1] in "\"'`>" or quoted is not None
    closed = not after or after[0] in ("\"'`<)]}|" if quoted else "\"'`<")
    if candidate.value == "keys":
        return not (opened and closed and before)
    return not (opened and closed)


def _is_in_list(line: Line, candidate: Candidate, options: Options) -> bool:
    """One of many words, such as common passwords or what a generator of such text draws from."""
    return len(regex(r"[\"'][\w ]{1,20}[\"'],").findall(line.text)) >= 3


def _is_named(line: Line, candidate: Candidate, options: Options) -> bool:
    """A variable that is called so holds it: text to try something with."""
    return (
        regex(r"(?i)\b\w*(?:lorem|ipsum)\w*[\"']?[ \t]*(?:[:=(]|=>)").search(line.text[: candidate.start])
        is not None
    )


_GENERATOR = Fact(
    "debt-generator", r"(?i)\b(?:generat\w{1,4}|produc\w{1,4}|random)\b[^\n]{0,20}\blorem\b", anywhere=True
)


def _is_drawn_from(line: Line, candidate: Candidate, options: Options) -> bool:
    """The file says that it makes such text."""
    return _GENERATOR.name in line.file.anywhere


def _is_documentation(line: Line, candidate: Candidate, options: Options) -> bool:
    """A docstring shows what a function does."""
    return line.language == "python" and line.zone_at(candidate.start) == Zone.TEXT


RULES = (
    Rule(
        id="debt/todo-without-reference",
        severity=Severity.WARNING,
        message="`{marker}` names no issue, link or owner; say where it is kept",
        zones=Zone.COMMENT,
        check=_todos,
        triggers=(r"\b(?:TODO|FIXME|HACK|XXX)\b", r"[@\\]todo\b"),
        excuses=(Excuse("mentioned", _is_mentioned), Excuse("reference", _has_reference)),
        options=(_MARKERS, _FORM),
        after=_COMMENT_LINES,
    ),
    Rule(
        id="debt/conflict-marker",
        severity=Severity.BLOCKED,
        message="`{marker}` is left over from a merge; resolve the conflict",
        zones=Zone.EVERYWHERE,
        check=_conflict,
        triggers=("^<<<<<<< ", r"^\|\|\|\|\|\|\| ", "^=======$", "^>>>>>>> "),
        excuses=(
            Excuse("heading", _is_heading),
            Excuse("quotation", _is_quotation),
            Excuse("fence", _is_in_fence),
        ),
        carry=_OUTSIDE,
        everywhere=True,
    ),
    Rule(
        id="debt/placeholder-text",
        severity=Severity.WARNING,
        message="`{text}` stands in for text; write it",
        zones=Zone.STRING | Zone.TEXT,
        check=_placeholders,
        triggers=(r"(?i)lorem ipsum", r"(?i)\basdf"),
        excuses=(
            Excuse("word", _is_word),
            Excuse("list", _is_in_list),
            Excuse("named", _is_named),
            Excuse("generator", _is_drawn_from),
            Excuse("docstring", _is_documentation),
            Excuse("fence", _is_in_fence),
        ),
        facts=(_GENERATOR,),
    ),
)
