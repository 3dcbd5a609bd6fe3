"""What stands beside us in markup, style, data and prose."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from pygments.lexer import RegexLexer, bygroups, include, inherit, this, using
from pygments.token import Comment, Name, Punctuation, String, Text

from oracle.peer import EITHER, FENCED, THEIRS, Kind, Peer, Reader
from oracle.peers_scripts import PEERS as SCRIPTS

_URL = r"url\(\s*[^\s\"'()]*\s*\)"
_WHY_URL = "Such an address is one token by the standard; Pygments takes its brackets for a function's."

_CSS_URL = Kind(
    "address without quotes",
    "src: url(a/b.png)",
    _WHY_URL,
    EITHER,
    {
        state: [(_URL, String), (r":(?=url\()", Punctuation)]
        for state in ("urls", "content", "basics", "root", "atrule", "atcontent")
    },
)

_SASS_KINDS = (
    Kind(
        "comment in a selector's place",
        "a { width: 100%; // it's wide\n}",
        "Pygments has comments between rules and in values, not where it expects a selector.",
        rules={
            state: [(r"(?<!:)//[^\n]*", Comment.Single), (r"/\*.*?\*/", Comment.Multiline)]
            for state in ("selector", "attr", "value")
        },
    ),
    Kind(
        "address",
        "a { src: url(a/b.png) }",
        _WHY_URL + " One in quotes is a function with a string.",
        EITHER,
        {
            "value": [(_URL, String), (r"url(?=\(\s*[\"'])", Name)],
            "selector": [(_URL, String), (r"url(?=\(\s*[\"'])", Name)],
        },
    ),
)


def _with_styles(lexer: type[Any]) -> type[Any]:
    """A page whose styles are read by the mended lexer of styles."""
    css = Reader(PEERS["css"]).mended()
    states = {"style-content": [(r"(?!<\s*/).+?(?=<\s*/\s*style\s*>)", using(css)), inherit]}
    return type(lexer.__name__, (lexer,), {"tokens": states})


_HTML_KINDS = (
    Kind(
        "style", "<style>@import url(a.css);</style>", "As in a file of its own.", EITHER, mend=_with_styles
    ),
    Kind(
        "value without quotes",
        "<td rowspan=2>",
        "Ours is a string by its quotes.",
        EITHER,
        {"attr": [(r"[^\s>\"'][^\s>]*", Name, "#pop")]},
    ),
    Kind(
        "quotes where no value is due",
        "<li{{#if 'one'}} class=\"b\">",
        "Such a tag is a template's. What is in quotes in a tag is a string with us wherever it stands.",
        EITHER,
        {"tag": [(r"'[^'<>\n]*'|\"[^\"<>\n]*\"", String)]},
    ),
    Kind(
        "script of a type that nobody knows",
        '<script type="dojo/on">let a = "b";</script>',
        "What it is written in the page alone knows. Pygments reads it as JavaScript.",
        EITHER,
        {
            "root": [
                (
                    r"<script(?=[^>]*\stype=[\"']?(?!module|(?:text|application)/(?:(?:java|ecma)script|babel|jsx))\w)",
                    Punctuation,
                    ("unknown", "tag"),
                )
            ],
            "unknown": [(r"<\s*/\s*script\s*>", Punctuation, "#pop"), (r".+?(?=<\s*/\s*script\s*>)", Text)],
        },
    ),
)


def _for_shells(lexer: type[Any]) -> type[Any]:
    """A Dockerfile by its own rules: Pygments reads as the shell's what is no shell's."""
    plain = {"data": [(r'"(?:\\[\s\S]|[^"\\])*"', String), inherit]}
    shell = type("Shell", (Reader(SCRIPTS["shellscript"]).mended(),), {"tokens": plain})

    class Mended(RegexLexer):
        flags = re.IGNORECASE | re.MULTILINE
        tokens: ClassVar[dict[str, Any]] = {
            "root": [
                (r"^[ \t]*#.*\n", Comment),
                (r"[ \t\n]+", Text),
                (
                    r"((?:ONBUILD[ \t]+)?RUN)((?:[^\\\n]|\\.|\\[ \t]*\n(?:[ \t]*#.*\n)*)*\n)",
                    bygroups(Name, using(shell)),
                ),
                (r"\w+", Name, "instruction"),
                (r".", Text),
            ],
            "instruction": [
                (r"\\[ \t]*\n", Text, "next"),
                (r"\n", Text, "#pop"),
                (r'"(?:\\[\s\S]|[^"\\\n])*"?', String),
                (r"'(?:\\[ \t]*\n|[^'\n])*'?", String),
                (r"[^\\\n\"']+|\\.", Text),
            ],
            "next": [(r"[ \t]*#.*\n", Comment), (r"", Text, "#pop")],
        }

    return Mended


_REMARK = re.compile(r"(?<!\\)(?:\\\\)*(#[\s\S]*)")
_OF_RECIPE = re.compile(
    r'^\t[-@+\s]*|\$\(subst\s[^,\n]*,[^,\n]*,|#(?<=[\s;&|(@+-]#)[^\n]*|\\.|"(?:\\[\s\S]|[^"\\])*"|\'[^\']*\''
)


def _by_lines(lexer: type[Any]) -> type[Any]:
    """A makefile as make reads it: its own lines know comments alone, a recipe's are the shell's."""

    class Mended(lexer):  # type: ignore[misc]
        def get_tokens_unprocessed(self, text: str) -> Any:
            position = 0
            for line in re.findall(r"(?:[^\n\\]|\\[\s\S])*\n?", text):
                yield position, Text, line
                if not line.startswith("\t"):
                    for found in _REMARK.finditer(line):
                        yield position + found.start(1), Comment, found[1]
                for found in _OF_RECIPE.finditer(line) if line.startswith("\t") else ():
                    kind = {"#": Comment, "\\": Text, "\t": Text, "$": Text}.get(found[0][0], String)
                    yield position + found.start(), kind, found[0]
                position += len(line)

    return Mended


_FENCES = Kind(
    "fence",
    "~~~~ js title='x'\ncode\n~~~~",
    "Pygments knows those of three backticks with a plain name, and no front matter.",
    rules={
        "root": [
            (r"\A(---|\+\+\+)[ \t]*\n([\s\S]*?\n)?(?:\1|\.\.\.)[ \t]*$", bygroups(Text, String)),
            (r"^(\s*)(```[^`\n]+```)", bygroups(Text, String.Backtick)),
            (
                r"^(\s*)(`{3,})( *(?:[mM]arkdown|md)\b[^\n]*\n)([\s\S]*?)(^[ \t]*\2[ \t]*$)",
                bygroups(Text, Text, Text, using(this), Text),
            ),
            (
                r"^((?:[ \t]*>?[ \t]*\n)*[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*[ \t]*)"
                r"(`{3,}(?=[^`\n]*$)|~{3,})([^\n]*\n)"
                r"((?:(?![ \t>]*\2[`~]*[ \t]*$)[^\n]*\n)*)([ \t>]*\2[`~]*[ \t]*$|\Z)",
                bygroups(Text, Text, Text, String, Text),
            ),
        ]
    },
)

PEERS: dict[str, Peer] = {
    "html": Peer("html.HtmlLexer", kinds=_HTML_KINDS),
    "xml": Peer("html.XmlLexer"),
    "vue": Peer(
        "html.VueLexer",
        kinds=(
            *_HTML_KINDS,
            Kind(
                "value of a directive",
                '<a :href="link(item)">',
                "A string by its quotes with us; Pygments reads the code inside.",
                EITHER,
                {"attr-directive": [(r'".*?"', String, "#pop"), (r"'.*?'", String, "#pop")]},
            ),
        ),
    ),
    "css": Peer(
        "css.CssLexer",
        kinds=(
            _CSS_URL,
            Kind(
                "string in a selector inside of a rule",
                'a { &[href="b"] { color: red } }',
                "Rules may nest; Pygments expects properties there.",
                rules={"content": [(r'"(?:\\.|[^"\\\n])*"', String), (r"'(?:\\.|[^'\\\n])*'", String)]},
            ),
        ),
    ),
    "scss": Peer("css.ScssLexer", kinds=_SASS_KINDS),
    "less": Peer(
        "css.LessCssLexer",
        kinds=(
            _CSS_URL,
            Kind(
                "string in what Pygments expects none",
                '.icon() { .svg(@image, "#000"); }',
                "Arguments and scripts hold strings like values do.",
                rules={
                    state: [(r'"(?:\\.|[^"\\\n])*"', String), (r"'(?:\\.|[^'\\\n])*'", String)]
                    for state in ("content", "value-start", "function-start", "root")
                },
            ),
            Kind(
                "name put into a string",
                '~"@{prefix}-alert"',
                "Pygments does not look inside.",
                rules={
                    **{
                        state: [(r'"', String, "double"), (r"'", String, "single")]
                        for state in (
                            "basics",
                            "content",
                            "value-start",
                            "function-start",
                            "root",
                            "atrule",
                            "atcontent",
                        )
                    },
                    "urls": [(r"url(?=\(\s*[\"'])", Name)],
                    "double": [
                        (r'"', String, "#pop"),
                        (r"@\{[^}]*\}", String.Interpol),
                        (r'\\.|@|[^"\\@]+', String),
                    ],
                    "single": [
                        (r"'", String, "#pop"),
                        (r"@\{[^}]*\}", String.Interpol),
                        (r"\\.|@|[^'\\@]+", String),
                    ],
                },
            ),
        ),
    ),
    "dockerfile": Peer(
        "configs.DockerLexer",
        {String.Escape: "c", String.Backtick: "c"},
        (
            Kind(
                "words of an instruction",
                "FROM alpine:3 AS build",
                "Pygments has images and folders for strings, all else for the shell's; it is passed over.",
                EITHER,
                mend=_for_shells,
            ),
        ),
    ),
    "makefile": Peer(
        "make.MakefileLexer",
        {String.Escape: "c", String.Backtick: "c"},
        (
            Kind(
                "lines as make reads them",
                'NAME = "it\'s" # why',
                "Make knows no quotes outside of a recipe. Pygments reads values as the shell's and leaves "
                "out conditionals, those of the shell too; so its lexer is passed over where it differs.",
                EITHER,
                mend=_by_lines,
            ),
        ),
    ),
    "terraform": Peer(
        "configs.TerraformLexer",
        kinds=(
            Kind(
                "several strings on a line",
                '["a", "b"]',
                "Pygments goes from the first quote to the last.",
                rules={
                    "basic": [(r"\s*[\w-]+\s+(?=\")", Name), (r'"', String, "string")],
                    "root": [(r'"', String, "string")],
                    "string": [
                        (r'"', String, "#pop"),
                        (r"\\.|\$\$\{|%%\{", String),
                        (r"[$%]\{", String.Interpol, "put in"),
                        (r"\n", Text, "#pop"),
                        (r'[^"\\$%\n]+|[$%]', String),
                    ],
                    "put in": [(r"\}", String.Interpol, "#pop"), (r"\n", Text, "#pop"), include("root")],
                },
            ),
            Kind(
                "comment that opens twice",
                '/* a /* b */\nc = "d"',
                "Comments do not nest.",
                rules={"comment": [(r"/\*", Comment)]},
            ),
            Kind(
                "heredoc",
                "text = <<EOT\nin ${name}\nEOT",
                "Pygments has its signs for an operator, and does not look inside.",
                EITHER,
                {
                    "basic": [(r"(<<-?\w+)(\n)", bygroups(String, Text), "heredoc")],
                    "heredoc": [
                        (r"(?<=\n)[ \t]*[A-Z_]+(?=\n)", String, "#pop"),
                        (r"[$%]\{", String.Interpol, "put in"),
                        (r"[^$%\n]+|\n|[$%]", String),
                    ],
                },
            ),
        ),
    ),
    "yaml": Peer(
        "data.YamlLexer",
        {Name.Constant: "s"},
        (
            Kind(
                "quoted line of a plain scalar",
                'when: version >=\n      "expected"',
                "Where a scalar without quotes goes on with a line that is all in quotes, these are its own. "
                "Ours does not know that one goes on.",
                THEIRS,
                {
                    "plain-scalar-in-block-context": [
                        (r'(?<=[ ]{2})"[^"\n]*"(?=[ ]*$)', String),
                        (r"(?<=[ ]{2})'[^'\n]*'(?=[ ]*$)", String),
                    ]
                },
            ),
        ),
    ),
    "toml": Peer("configs.TOMLLexer"),
    "json": Peer("data.JsonLexer", {Name.Tag: "s"}),
    "jsonc": Peer("javascript.JavascriptLexer"),
    "ini": Peer(
        "configs.IniLexer",
        {String: "cs"},
        (
            Kind(
                "sign of a comment in a value",
                "start = make; test a#b",
                "It belongs to the value where no blank is before it, as in an address.",
                rules={
                    "root": [
                        (
                            r"""[^\s;#\[][^=:\n]*[=:](?:(?:(?<=[=:])|(?<=[=:] ))(?:"[^"\n]*"|'[^'\n]*')"""
                            r"|\S|[ \t]+(?![;#\s]))*",
                            String,
                        )
                    ]
                },
            ),
            Kind(
                "comment behind a name without a value",
                "bare ; why",
                "Git's readers know it; others take the line whole, as Pygments does.",
                EITHER,
                {"root": [(r"[^\s;#\[=:][^;#=:\n]*?(?=[ \t]+[;#])", Name)]},
            ),
        ),
    ),
    "properties": Peer("configs.PropertiesLexer", {String: "cs"}),
    "markdown": Peer(
        "markup.MarkdownLexer",
        {String: FENCED, String.Backtick: "ct" + FENCED},
        (
            _FENCES,
            Kind(
                "comment",
                "<!-- why -->",
                "Markdown takes HTML over; Pygments does not.",
                rules={
                    state: [(r"<!--[\s\S]*?-->", Comment), (r"[^\\\s`<]+(?:<[^\\\s`<]*)?(?=<!--)", Text)]
                    for state in ("root", "inline")
                },
            ),
        ),
        {"handlecodeblocks": False},
    ),
    "restructuredtext": Peer(
        "markup.RstLexer",
        {String: "ct" + FENCED},
        (
            Kind(
                "comment that tabs indent",
                ".. Contents\n\n\t1 Overview\n\ntext",
                "What is indented belongs to it; Pygments counts spaces alone.",
                rules={
                    "root": [
                        (r"^ *\.\.(?! *(?:\[|_|\||[\w:.+-]+::)).*\n(?:[ \t]+.*\n|\n)*(?:[ \t]+.*\n)", Comment)
                    ]
                },
            ),
            Kind(
                "code block",
                ".. code-block:: sh\n   :linenos:\n\n   ls\n\ntext",
                "Options may stand above the code, or no blank line; Pygments then takes it for a paragraph.",
                rules={
                    "root": [
                        (
                            r"^([ \t]*(?:[-*][ \t]+)?)(\.\.[ \t]+(?:code-block|sourcecode|code)::[^\n]*\n)"
                            r"((?:[ \t]+:[^\n]*\n)*)((?:(?:\1[ \t]+[^\n]*|[ \t]*)\n)+)",
                            bygroups(Text, Text, Text, String),
                        ),
                        (
                            r"(\.\.[ \t]+(?:code-block|sourcecode|code)::[^\n]*\n)"
                            r"((?:(?:[ \t]{3,}[^\n]*|[ \t]*)\n)+)",
                            bygroups(Text, String),
                        ),
                    ]
                },
            ),
        ),
        {"handlecodeblocks": False},
    ),
    "proto": Peer(
        "dsls.ProtoBufLexer",
        kinds=(
            Kind(
                "backslash at a comment's end",
                "// why \\\nenum E {",
                "It carries nothing on: a line's comment ends with it.",
                rules={"root": [(r"//[^\n]*", Comment.Single)]},
            ),
        ),
    ),
    "graphql": Peer("graphql.GraphQLLexer", {String: "st"}),
    "plaintext": Peer("special.TextLexer"),
}
