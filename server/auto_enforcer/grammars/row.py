"""The shape of a language's row: its names, its delimiters and its turning marks."""

from __future__ import annotations

from auto_enforcer.model import NamedTuple, Zone

ESCAPE = r"\\."
"""The escape of most languages: a backslash takes the next character's meaning."""

WRAPPING = "-+*/%|&=<>,({[?:."
"""What a line ends with when an expression inside a single-line string goes on in the next."""


class Quoted(NamedTuple):
    """A string by its delimiters, or anything else that has an opener and a closer.

    `open` and `close` (as `open` where empty) are literals. `behind` is a fixed-width expression that must
    stand before the opener. `escape` is an expression; a doubled closer needs none, for two strings side by
    side are the same zone. `interpolation` is the literal that opens code inside, up to its closing bracket.
    `settled`: its closer and its interpolation are turning marks. `prefix`: characters that may stand before
    the opener and belong to the string.
    """

    open: str
    close: str = ""
    escape: str = ESCAPE
    multiline: bool = False
    interpolation: str = ""
    behind: str = ""
    prefix: str = ""
    settled: bool = False
    spliced: bool = False
    """A backslash at a line's end carries a single-line one on."""
    greedy: bool = False
    """Of more closing characters than it takes, the last ones close it."""
    zone: int = int(Zone.STRING)


DOUBLE = Quoted(open='"')
SINGLE = Quoted(open="'")

C_COMMENTS = (("/*", "*/"),)
COMMENT_MARKS = (r"/\*", r"\*/")
SPLICE_MARK = r"\\$"


BEFORE_EXPRESSION = "return|typeof|case|in|of|delete|void|throw|new|do|else|instanceof|yield|await|default"
"""Words of JavaScript behind which an expression begins."""


class Token(NamedTuple):
    """What stands on one line and is known by its shape: an expression that begins with one of `first`.
    `prefix`: as a Quoted has it."""

    first: str
    pattern: str
    zone: int = int(Zone.STRING)
    prefix: str = ""


class Labelled(NamedTuple):
    """A string or comment whose closer repeats a part of its opener.

    `pattern` has one group, of 64 characters at most, which `close` takes as `%s`.
    """

    first: str
    pattern: str
    close: str
    prefix: str = ""
    settled: bool = False
    zone: int = int(Zone.STRING)


class Embedded(NamedTuple):
    """What stands in a template's markup between its own delimiters, both expressions.

    `language` is what is written there, and `mode` the mode in which that begins; where it is empty, all up
    to the closer is in `zone`, as the delimiters always are. `quotes`: a closer, which begins with a literal
    character, is none in a string. `repeats`: the closer takes the opener's one group as `%s`, which has 64
    characters at most.
    """

    open: str
    close: str
    language: str = ""
    mode: str = "start"
    zone: int = int(Zone.CODE)
    quotes: bool = False
    repeats: bool = False


class Language(NamedTuple):
    """A language, as data.

    `id` is its LSP id. `suffixes` are lower-case, with the dot; `filenames` and `interpreters` as they are.
    `aliases` are other LSP ids and the names that stand behind a fence. `marks` are the turning marks:
    expressions over UTF-8 bytes (multi-line, ASCII, in what `re` and Hyperscan share), one of which is on
    every line that does not leave a settled state as it is, or the `closer` of that state's mode.
    `grammar` is the module that reads it.
    """

    id: str
    name: str
    suffixes: tuple[str, ...] = ()
    filenames: tuple[str, ...] = ()
    interpreters: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    grammar: str = "delimited"
    line_comments: tuple[str, ...] = ()
    """Openers of comments up to the line's end; the first is the one to write."""
    block_comments: tuple[tuple[str, str], ...] = ()
    """Openers and closers; the first pair is the one to write."""
    comment_behind: str = ""
    """A zero-width expression that must hold before a line comment's opener."""
    comment_pattern: str = ""
    """An expression for line comments where the openers alone do not tell; it begins as they do."""
    nested_comments: bool = False
    spliced: bool = False
    """A backslash at a line's end joins the next one to it, in code, in single-line strings and comments."""
    zone: int = int(Zone.CODE)
    """What is in no delimiter."""
    outside: str = ""
    """The language of what is outside of it in a file of its own."""
    fenced: str = "start"
    """The mode in which it begins where it is embedded, in a fence say."""
    tokens: tuple[Token, ...] = ()
    labelled: tuple[Labelled, ...] = ()
    quoted: tuple[Quoted, ...] = ()
    embedded: tuple[Embedded, ...] = ()
    """Of a template, in the order in which they are tried."""

    @property
    def line_comment(self) -> str:
        """What opens a comment that ends with its line; empty where there is none."""
        return self.line_comments[0] if self.line_comments else ""

    @property
    def block_comment(self) -> tuple[str, str] | None:
        """What opens and closes a comment; None where there is none."""
        return self.block_comments[0] if self.block_comments else None


def unclosed(*quotes: str, escaped: str = "") -> str:
    """A mark: a line that leaves one of `quotes` (single characters) open when read from its start.

    In strings of the quotes `escaped` a backslash takes the next character's meaning.
    """
    inside = {quote: rf"[^{quote}\\\n]|\\." if quote in escaped else rf"[^{quote}\n]" for quote in quotes}
    whole = "|".join(f"{quote}(?:{inside[quote]})*{quote}" for quote in quotes)
    opened = "|".join(f"{quote}(?:{inside[quote]})*" for quote in quotes)
    return rf"^(?:[^{''.join(quotes)}\n]|{whole})*(?:{opened})\\?$"


def unless_alone(quotes: str, prefixes: str) -> tuple[str, ...]:
    """Marks: a line with three `quotes` in a row, unless it is nothing but one text between two of them, with
    no such quote and no backslash inside, and one of `prefixes` at most before it: most docstrings.

    In code such a line turns nothing. Together the marks hit every other line, each for a reason of its own:
    so they take a scanner less time than as one.
    """
    quote = quotes[0]
    begins = rf"^[ \t]*[{prefixes}]?"
    other = rf"(?:[^{quote}\n]|{quote}[^{quote}\n]"
    return (
        rf"^[ \t]*[^ \t\n{quote}{prefixes}][^\n]*{quotes}",
        rf"^[ \t]*[{prefixes}]{other}|{quote}{quote}[^{quote}\n])[^\n]*{quotes}",
        rf"{begins}{quote}{other})[^\n]*{quotes}",
        rf"{begins}{quotes}[^{quote}\n]*$",
        rf"{begins}{quotes}[^{quote}\n]*{quote}{other}|{quote}?$)",
        rf"{begins}{quotes}[^{quote}\n]*{quotes}[ \t]*[^ \t\n]",
        rf"{quotes}[^\n]*\\",
    )


def wrapped(opener: str) -> str:
    """A mark: code that `opener` (an expression) opens in a single-line string and that the line leaves."""
    return opener + r"(?:[^}\n]*[-+*/%|&=<>,({\[?:.])?[ \t]*$"
