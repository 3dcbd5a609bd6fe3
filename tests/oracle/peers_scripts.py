"""What stands beside us in scripting languages, functional ones and shells."""

from __future__ import annotations

import re
from typing import Any

from pygments.lexer import bygroups, include, this, using
from pygments.token import Comment, Name, Operator, Other, Punctuation, String, Text

from oracle.peer import EITHER, THEIRS, Kind, Peer

_NAME_PUT_IN = "name put into a string"
_WHY_NAME = "Only a bracketed expression is code with us: a bare name is no place where anything is called."
_CODE_PUT_IN = "code put into a string"

_BRACE_IN_TEMPLATE = Kind(
    "brace inside of a template's code",
    "`${names.map((name) => { return name; })}`",
    "Pygments lets the first closing brace end the code.",
    rules={
        "interp-inside": [(r"\{", Punctuation, "braces")],
        "braces": [(r"\{", Punctuation, "#push"), (r"\}", Punctuation, "#pop"), include("root")],
    },
)
_REGEX_BEHIND_ARROW = Kind(
    "regular expression behind an arrow",
    "names.find(name => /^node/.test(name))",
    "Behind an arrow an expression begins; Pygments takes the slash for a division's.",
    rules={"root": [(r"=>", Punctuation, "slashstartsregex")]},
)
_JS_KINDS = (_BRACE_IN_TEMPLATE, _REGEX_BEHIND_ARROW)
_JSX_KINDS = (
    *_JS_KINDS,
    Kind(
        "comment among attributes",
        "<Button // why\n  primary />",
        "Comments may stand between attributes; Pygments has none there.",
        rules={"tag": [(r"//[^\n]*", Comment.Single), (r"/\*.*?\*/", Comment.Multiline)]},
    ),
    Kind(
        "argument of a type",
        'Pick<State, "a" | "b">',
        "Behind a name `<` opens no element.",
        rules={"root": [(r"(?<=\w)<", Operator)]},
    ),
)


def _with_arrows(lexer: type[Any]) -> type[Any]:
    """The operator before a heredoc's label as a part of the string."""

    class Mended(lexer):  # type: ignore[misc]
        def get_tokens_unprocessed(self, text: Any = None, context: Any = None) -> Any:
            arrow: tuple[int, Any, str] | None = None
            for token in super().get_tokens_unprocessed(text, context):
                if arrow is not None:
                    opens = token[1] in (String.Delimiter, String.Heredoc)
                    yield arrow[0], String if opens else arrow[1], arrow[2]
                arrow = token if token[1] is Operator and token[2] in ("<<~", "<<-", "<<") else None
                if arrow is None:
                    yield token

    return Mended


_PUT_INTO_RUBY = re.compile(r"(?<!\\)#\{(?:[^{}]|\{[^{}]*\})*\}")


def _looking_into_heredocs(lexer: type[Any]) -> type[Any]:
    """What stands in `#{…}` in a heredoc is read as code, but where its label has single quotes."""

    class Mended(lexer):  # type: ignore[misc]
        def get_tokens_unprocessed(self, text: Any = None, context: Any = None) -> Any:
            raw, before = False, ""
            for start, kind, value in super().get_tokens_unprocessed(text, context):
                yield start, kind, value
                if kind is String.Delimiter and before in ("", "'", '"', "`"):
                    raw = before == "'"
                before = value
                if kind is String.Heredoc and not raw:
                    for put in _PUT_INTO_RUBY.finditer(value):
                        at = start + put.start()
                        yield at, Punctuation, put[0]
                        for inner, inner_kind, inner_value in lexer().get_tokens_unprocessed(put[0][2:-1]):
                            yield at + 2 + inner, inner_kind, inner_value

    return Mended


def _with_whole_bodies(lexer: type[Any]) -> type[Any]:
    """A dollar-quoted body as a string, whatever its language."""

    class Mended(lexer):  # type: ignore[misc]
        def _get_lexer(self, lang: str) -> None:
            return None

    return Mended


_PERL_BEHIND = r"(?<![\w$@%&>:-])"
_PERL_NO_WORD = "".join(
    rf"(?<!\b{word})"
    for word in ("split", "if", "unless", "and", "or", "not", "return", "grep", "map", "while")
)
"""None of the words behind which a value is due."""
_BALANCED = r"\{[^{}]*\}"
for _ in range(4):
    _BALANCED = rf"\{{(?:[^{{}}\\]|\\.|{_BALANCED})*\}}"


PEERS: dict[str, Peer] = {
    "python": Peer(""),
    "javascript": Peer("javascript.JavascriptLexer", kinds=_JS_KINDS),
    "javascriptreact": Peer("jsx.JsxLexer", kinds=_JSX_KINDS),
    "typescript": Peer("javascript.TypeScriptLexer", kinds=_JS_KINDS),
    "typescriptreact": Peer("jsx.TsxLexer", kinds=_JSX_KINDS),
    "php": Peer(
        "php.PhpLexer",
        {String.Doc: "#", Other: "cs#t"},  # what is around it is not read by this lexer
        (
            Kind(
                _NAME_PUT_IN,
                '<?php $a = "hello $name, $list[0], $it->name";',
                _WHY_NAME,
                EITHER,
                {"string": [(r"\$[a-zA-Z_]\w*(\[[^\]\s]+\]|->[a-zA-Z_]\w*)?", String)]},
            ),
            Kind(
                "code put into a heredoc",
                "<?php $a = <<<EOT\nin {$this->name()}\nEOT;",
                "Pygments does not look inside.",
                rules={
                    "php": [(r"<<<[ \t]*\"?(?-i:[A-Z_]+)\"?\n", String, "heredoc")],
                    "heredoc": [
                        (r"(?<=\n)[ \t]*(?-i:[A-Z_]{2,})\b(?=[;,)\s\]])", String, "#pop"),
                        (r"\\.|[^\\{$\n]+|\n", String),
                        (r"\{(?=\$)", String.Interpol, "put in"),
                        (r"\$\{", String.Interpol, "put in"),
                        (r".", String),
                    ],
                    "put in": [
                        (r"\}", String.Interpol, "#pop"),
                        (r"\{", Punctuation, "#push"),
                        (r"[\[();,]|\]", Punctuation),
                        include("php"),
                    ],
                },
            ),
        ),
    ),
    "ruby": Peer(
        "ruby.RubyLexer",
        {String.Symbol: "cs"},  # `:name` is code, `:"name"` a string: Pygments tells them by nothing
        (
            Kind(
                "signs before a heredoc's label",
                "text = <<~EOS",
                "Pygments has them for an operator, we for a part of the string.",
                EITHER,
                mend=_with_arrows,
            ),
            Kind(
                _CODE_PUT_IN,
                "text = <<~EOS\nin #{name}\nEOS",
                "Pygments does not look inside a heredoc.",
                mend=_looking_into_heredocs,
            ),
            Kind(
                "array of symbols",
                "%i[first second]",
                "Pygments has no `%i`.",
                rules={
                    "strings": [
                        (r"%[iI]\[(?:[^\[\]]|\[[^\[\]]*\])*\]|%[iI]\([^)]*\)|%[iI]\{[^}]*\}", String.Other)
                    ]
                },
            ),
            Kind(
                "no code in single quotes",
                "'#{name}'",
                "Pygments takes it for code.",
                rules={"simple-string-single": [(r"\\.|[^\\']+", String)]},
            ),
        ),
    ),
    "perl": Peer(
        "perl.PerlLexer",
        {Comment.Preproc: "c#t"},  # `__END__` and what is behind it
        (
            Kind(
                "documentation",
                "=head1 NAME\n\nto the end",
                "It begins with any command, with nothing behind it too, and may go on to the file's end. "
                "Behind `__END__` Pygments has none, and code behind `__DATA__`.",
                rules={
                    "root": [
                        (r"^=[a-zA-Z].*?(?:\n=cut\b[^\n]*|\Z)", Comment.Multiline),
                        (r"^__(?:END|DATA)__", Comment.Preproc, "end-part"),
                    ],
                    "end-part": [
                        (r"^=[a-zA-Z].*?(?:\n=cut\b[^\n]*|\Z)", Comment.Multiline),
                        (r"[^\n]*\n", Comment.Preproc),
                    ],
                },
            ),
            Kind(
                "name like a quoting operator",
                "(q => 1, $h{y}, &s)",
                "Before a fat comma, in braces and behind a sigil it is a name.",
                rules={
                    "root": [
                        (r"\b(?:q[qwrx]?|m|s|tr|y|sub)(?=\s*=>)", Name),
                        (r"(?<=\{)(?:q[qwrx]?|m|s|tr|y)(?=\})", Name),
                    ]
                },
            ),
            Kind(
                "literal of an operator",
                r"s{a}{b}g; m!a\!b!; tr/a/b/; qr/a\/b/x",
                "Pygments knows some delimiters, for some of them no escape, and no `tr` and `y`.",
                rules={
                    "root": [
                        (
                            rf"{_PERL_BEHIND}(?:q[qwrx]?|m)\s*([/!|,~^%@+#'\"])(?:\\.|(?!\1)[^\\])*\1[a-z]*",
                            String.Other,
                        ),
                        (
                            rf"{_PERL_BEHIND}(?:s|tr|y)\s*([/!|,~^%@+#'])(?:(?:\\.|(?!\1)[^\\])*\1){{2}}[a-z]*",
                            String.Regex,
                        ),
                        (rf"{_PERL_BEHIND}(?:s|tr|y)\s*{_BALANCED}\s*{_BALANCED}[a-z]*", String.Regex),
                        (rf"{_PERL_BEHIND}(?:m|qr)\s*{_BALANCED}[a-z]*", String.Regex),
                        (rf"{_PERL_BEHIND}q[qwx]?\s+(?=\()", String.Other, "apart"),
                    ],
                    "apart": [(r"\(", String.Other, ("#pop", "rb-string"))],
                },
            ),
            Kind(
                "two slashes",
                "$name // 'nobody'",
                'Behind a value they mean "or else".',
                rules={"root": [(rf"(?<=[\w)\]}}]){_PERL_NO_WORD}\s*//", Operator)]},
            ),
            Kind(
                "division",
                "($a + $b/2)/60",
                "Behind a value a slash divides.",
                rules={"root": [(rf"(?<=[\w)\]}}]){_PERL_NO_WORD}[ \t]*/(?!/)", Operator)]},
            ),
            Kind(
                "declaration of a subroutine",
                "sub area($$;$);\nmy $a = 'b';\nsub c { 1 }",
                "Pygments goes on to the next brace.",
                rules={"funcname": [(r"\([$@%&*;\\\[\]_+ ]*\)", Punctuation)]},
            ),
            Kind(
                "angles",
                "while (<$file>) { sort { $a <=> $b } }",
                "Pygments has what is between two of them for a string, the one operator and the other.",
                rules={"root": [(r"<=>|<\$?[\w*./]*>", Operator)]},
            ),
            Kind(
                "heredoc",
                "print <<'A-B' . $rest;\nit's\nA-B",
                "Pygments knows those whose label ends the line.",
                rules={
                    "root": [
                        (
                            r"(\s?<<)([A-Z_\d]+)([^\n]*?)(<<)([A-Z_\d]+)([^\n]*?)(<<)([A-Z_\d]+)([^\n]*\n)"
                            r"((?:(?!\2\n)[^\n]*\n)*\2\n(?:(?!\5\n)[^\n]*\n)*\5\n(?:(?!\8\n)[^\n]*\n)*\8\n)",
                            bygroups(*(String, String, using(this)) * 3, String),
                        ),
                        (
                            r"(<<~?[ \t]*)([\"'])([^\"'\n]+)(\2)([^\n]*\n)"
                            r"((?:(?!\s*\3\n)[^\n]*\n)*)(\s*\3\n)",
                            bygroups(String, String, String, String, using(this), String, String),
                        ),
                        (
                            r"(?<![\w)\]}])(<<~?)([A-Za-z_]\w*)([^\n]*\n)((?:(?!\s*\2\n)[^\n]*\n)*)(\s*\2\n)",
                            bygroups(String, String, using(this), String, String),
                        ),
                        (
                            r"(\s)(<<~?)([A-Za-z_]\w*)([^\n]*\n)((?:(?!\s*\3\n)[^\n]*\n)*)(\s*\3\n)",
                            bygroups(Text, String, String, using(this), String, String),
                        ),
                    ]
                },
            ),
            Kind(
                "regular expression over several lines",
                "if (/^a\nb$/x) { }",
                "Ours ends with its line, lest half a line turns the rest of the file, save behind `=~`.",
                THEIRS,
                {"root": [(r"(?:(?<=\()|(?<=&& ))/(?:[^/\\\n]|\\.)*\n", String)]},
            ),
        ),
    ),
    "lua": Peer(
        "scripting.LuaLexer",
        kinds=(
            Kind(
                "long string behind a bracket",
                "print([[text]])",
                "Pygments takes a run of brackets at once.",
                rules={"base": [(r"[(\[{,;]+?(?=\[=*\[)", Punctuation)]},
            ),
        ),
    ),
    "r": Peer("r.SLexer"),
    "julia": Peer(
        "julia.JuliaLexer",
        {String.Symbol: "c"},
        kinds=(
            Kind(
                _NAME_PUT_IN,
                '"hello $name"',
                _WHY_NAME,
                EITHER,
                {"interp": [(r"\$[a-zA-Z_]\w*", String)]},
            ),
            Kind(
                "letters before a string",
                'v"1.0"',
                "Such a prefix is a macro's name with us.",
                EITHER,
                {"root": [(r'\b(?!raw|r|b)([a-zA-Z]\w*)(")', bygroups(Name, String), "string")]},
            ),
        ),
    ),
    "elixir": Peer(
        "erlang.ElixirLexer",
        {String.Symbol: "cs", String.Doc: "t"},  # `:name` is code, `:"name"` a string
        (
            Kind(
                "number sign in a string",
                '"about #5"',
                "Only `#{` opens code; Pygments takes another one for an error.",
                rules={
                    state: [(r"#(?!\{)", String)]
                    for state in (
                        *("heredoc_interpol", "string_double", "string_single"),
                        *("string_double_atom", "string_single_atom"),
                        *(
                            f"{name}-intp"
                            for name in ("cb", "sb", "pa", "ab", "slas", "pipe", "quot", "apos")
                        ),
                    )
                },
            ),
            Kind(
                "line end that is escaped",
                'text = """\none \\\ntwo\n"""',
                "Pygments takes the backslash for an error.",
                rules={"heredoc_interpol": [(r"\\\n", String)], "heredoc_no_interpol": [(r"\\\n", String)]},
            ),
            Kind(
                "heredoc of no lines",
                'text = """\n  """\nmore = "a"',
                "Pygments takes the closer's blanks for the opener's, and goes on to the next one.",
                rules={"root": [(r'"""\n[ \t]*"""|\'\'\'\n[ \t]*\'\'\'', String)]},
            ),
            Kind(
                "documentation",
                '@doc """\nAdds.\n"""',
                "Text for people with us. Pygments does not tell it from a string.",
                EITHER,
                {
                    "root": [
                        (
                            r'(@(?:module|type|short)?doc )(~S""")',
                            bygroups(Name.Attribute, String.Doc),
                            "raw documentation",
                        ),
                        (
                            r"(@(?:module|type|short)?doc )(~S''')",
                            bygroups(Name.Attribute, String.Doc),
                            "raw documentation in single quotes",
                        ),
                        (
                            r'(@(?:module|type|short)?doc )(~s)?(""")',
                            bygroups(Name.Attribute, String.Doc, String.Doc),
                            "documentation",
                        ),
                        (r'(@(?:module|type|short)?doc )(")', bygroups(Name.Attribute, String.Doc), "line"),
                    ],
                    "raw documentation in single quotes": [
                        (r"^\s*'''", String.Doc, "#pop"),
                        (r".+?$|\n", String.Doc),
                    ],
                    "raw documentation": [(r'^\s*"""', String.Doc, "#pop"), (r".+?$|\n", String.Doc)],
                    "documentation": [
                        (r'^\s*"""', String.Doc, "#pop"),
                        (r"\\.|[^\\#\n]+|\n|\\\n|#(?!\{)", String.Doc),
                        include("interpol"),
                    ],
                    "line": [
                        (r'"', String.Doc, "#pop"),
                        (r'\\.|[^"\\#]+|#(?!\{)', String.Doc),
                        include("interpol"),
                    ],
                },
            ),
        ),
    ),
    "haskell": Peer(
        "haskell.HaskellLexer",
        {String.Escape: "s"},
        (
            Kind(
                "escape of a character",
                r"'\160'",
                "Pygments takes the quote and the backslash for a promoted operator.",
                rules={"root": [(r"'\\[^'\n]{1,8}'|'\\''", String.Char)]},
            ),
        ),
    ),
    "sql": Peer(
        "sql.PostgresLexer",
        {String.Name: "s"},
        (
            Kind(
                "dollar-quoted body",
                "AS $$ SELECT 'a' $$ LANGUAGE sql",
                "A string to the server. Pygments reads it in its language, at wrong places.",
                EITHER,
                mend=_with_whole_bodies,
            ),
            Kind(
                "remark behind an operator",
                "'a' ||-- why",
                "Two dashes open a remark wherever they stand.",
                rules={"root": [(r"\|\|(?=--)", Operator)]},
            ),
            Kind(
                "variable of psql in quotes",
                "VALUES (:'name')",
                "Quoted by the client; we take the quotes at their word.",
                EITHER,
                rules={"root": [(r"(:)('\w+')", bygroups(Operator, String))]},
            ),
        ),
    ),
    "shellscript": Peer(
        "shell.BashLexer",
        {String.Escape: "c", String.Backtick: "c"},
        (
            Kind(
                _NAME_PUT_IN,
                'echo "hello $name"',
                _WHY_NAME,
                EITHER,
                {
                    "string": [
                        (r"\$\w+|\$[#$?!_*@-]|\$(?![({])", String),
                        (r"`", String.Backtick, "backticks"),
                    ]
                },
            ),
            Kind(
                "heredoc",
                "cat <<EOF | sort\n$(date)\nEOF",
                "Pygments ends it wherever its label occurs, and begins it on its label's line.",
                rules={
                    "basic": [
                        (
                            r"(<<-?[ \t]*)([\"']|\\)([\w.-]+)([\"']?)([^\n]*\n)"
                            r"((?:(?!\t*\3\n)[^\n]*\n)*)(\t*\3\n)",
                            bygroups(String, String, String, String, using(this), String, String),
                        ),
                        (
                            r"(<<-?[ \t]*)([\w.-]+)([^\n]*\n)((?:(?!\t*\2\n)[^\n]*\n)*)(\t*\2\n)",
                            bygroups(String, String, using(this), using(this, state="heredoc"), String),
                        ),
                    ],
                    "heredoc": [
                        (r"\\[\s\S]|[^\\$`]+", String),
                        (r"`", String.Backtick, "backticks"),
                        (r"\$(?![({])", String),
                        include("interp"),
                    ],
                },
            ),
            Kind(
                "comment in backquotes",
                "make `# why` 'all'",
                "It ends with them: what is between them is found first. Pygments goes on to the line's end.",
                rules={"backticks": [(r"(?<![^\s;&|(`])#[^`\n]*", Comment.Single)]},
            ),
            Kind(
                "single quote in a parameter in a string",
                'echo "${a:-it\'s}" "${b:-that\'s}"',
                "In double quotes a single one is nothing special, not even there.",
                rules={
                    "string": [(r"\$\{#?", String.Interpol, "curly in string")],
                    "heredoc": [(r"\$\{#?", String.Interpol, "curly in string")],
                    "curly in string": [
                        (r"\}", String.Interpol, "#pop"),
                        (r'"', String.Double, "string"),
                        (r"`", String.Backtick, "backticks"),
                        (r"\\[\s\S]|[^}\"`$\\]+", Punctuation),
                        (r"\$\{#?", String.Interpol, "#push"),
                        (r"\$(?!\()", Punctuation),
                        include("interp"),
                    ],
                },
            ),
        ),
    ),
    "powershell": Peer("shell.PowerShellLexer", {String.Doc: "#"}),
    "bat": Peer(
        "shell.BatchLexer",
        # A loop's command, in quotes that do not count as such, has strings inside.
        {String.Escape: "cs", String.Single: "cs", String.Backtick: "cs"},
        (
            Kind(
                _NAME_PUT_IN,
                'cd "%FOLDER%"',
                "A variable in quotes is no code with us.",
                EITHER,
                {
                    "string": [(r'[%!]\w+:[^%!=]*=[^%!]*[%!]|%[^%\s"]+%|%[~\w*]+|![^!\s"]+!', String)],
                    "bqstring": [(r"%\w+%", String.Backtick)],
                    "sqstring": [(r"%\w+%", String.Single)],
                },
            ),
            Kind(
                "first colon of a remark",
                ":: remark",
                "Pygments takes it for a label's.",
                rules={
                    **{state: [(r"::[^\n]*", Comment.Single)] for state in ("root", "root/compound")},
                    **{
                        state: [(r"^([ \t]*)(::[^\n]*)", bygroups(Text, Comment.Single))]
                        for state in ("follow", "follow/compound")
                    },
                },
            ),
            Kind(
                "letter of a drive",
                r"c:\tools\make all",
                "Pygments takes its colon for a label's, and what is behind for a remark.",
                rules={
                    state: [(r"^[ \t]*[a-z]:(?=[\\/])", Text)]
                    for state in ("root", "root/compound", "follow")
                },
            ),
            Kind(
                "text behind a label",
                ":upper <name>",
                "The shell passes over it, so it may serve as a remark; we read no remark without its sign.",
                EITHER,
                rules={
                    state: [(r"^([ \t]*:[ \t]*[\w.-]+)([^\n]*)", bygroups(Name.Label, Text))]
                    for state in ("root", "root/compound", "follow", "follow/compound")
                },
            ),
        ),
    ),
}
