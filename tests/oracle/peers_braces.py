"""What stands beside us in the languages whose blocks are braces."""

from __future__ import annotations

from pygments.lexer import bygroups, default, include
from pygments.token import Comment, Name, Operator, Punctuation, String, Text

from oracle.peer import EITHER, Kind, Peer

_IN_DIRECTIVE = Kind(
    "string in a directive",
    '#define GREETING "hello"',
    "A macro's body is made of the language's own tokens; Pygments takes a directive whole, save comments.",
    rules={
        "macro": [
            (r'(?:@|L|u8?|U)?"(?:\\[\s\S]|[^"\\\n])*(?:"|(?=\n))', String),
            (r"(?:L|u8?|U)?'(?:\\[\s\S]|[^'\\\n])*(?:'|(?=\n))", String),
            (r"""(?:[^/\n"'\w@]|\w++(?!["'])|[\w@])+?""", Comment.Preproc),
        ]
    },
)
_LEFT_OUT = Kind(
    "code under #if 0",
    "#if 0\ncall();\n#endif",
    "What is compiled is not all that is written: we read it. Pygments greys it out.",
    EITHER,
    rules={"if0": [default("#pop")]},
)
_C_KINDS = (_IN_DIRECTIVE, _LEFT_OUT)

_NAME_PUT_IN = "name put into a string"
_WHY_NAME = "Only `${…}` is code with us: a bare name is no place where anything can be called."

PEERS: dict[str, Peer] = {
    "java": Peer(
        "jvm.JavaLexer",
        kinds=(
            Kind(
                "name like a word of modules",
                'folder + "/" + module + "/";',
                "Only a module's own file has it as a word; Pygments then expects its name.",
                rules={"root": [(r"\bmodule(?=\s*[^\s\w])", Name)]},
            ),
        ),
    ),
    "kotlin": Peer(
        "jvm.KotlinLexer",
        kinds=(
            Kind(
                _NAME_PUT_IN,
                '"hello $name"',
                _WHY_NAME,
                EITHER,
                {"string_common": [(r"\$[^\W\d]\w*", String)]},
            ),
            Kind(
                "dollar that is escaped",
                r'"cost: \$5"',
                "Pygments knows no escape but those of the quote and the backslash.",
                rules={"string": [(r"\\\$", String)], "string_common": [(r"\$(?!\{|[^\W\d])", String)]},
            ),
            Kind(
                "quote before the closing ones",
                'val a = """b="c"""" + "d"',
                "Of four quotes the last three close.",
                rules={"multiline_string": [(r'"(?="{3})', String)]},
            ),
            Kind(
                "string in what is put into a string",
                '"one of ${names.joinToString(", ")}"',
                "Pygments takes its quotes alone, so that code and strings change places inside.",
                rules={"interpolation": [(r'"""', String, "multiline_string"), (r'"', String, "string")]},
            ),
        ),
    ),
    "scala": Peer(
        "jvm.ScalaLexer",
        {String.Symbol: "c"},
        kinds=(
            Kind(
                _NAME_PUT_IN,
                's"hello $name"',
                _WHY_NAME,
                EITHER,
                {"interpolated-string-common": [(r"\$[A-Za-z_]\w*", String)]},
            ),
            Kind(
                "interpolator of a library",
                'sm"""|value: ${value}"""',
                "Any name before a string makes it an interpolated one; Pygments knows `s` and `f`.",
                rules={
                    "strings": [
                        (r'\b(?!raw)([a-z]\w+)(""")', bygroups(Name, String), "interpolated-string-triple"),
                        (r'\b(?!raw)([a-z]\w+)(")', bygroups(Name, String), "interpolated-string"),
                    ]
                },
            ),
        ),
    ),
    "groovy": Peer(
        "jvm.GroovyLexer",
        kinds=(
            Kind(
                "division",
                "x = 80 / 4; y = x / 2",
                "A slash behind a value divides; Pygments takes what is between two of them for a string.",
                rules={"base": [(r"(?<=[\w)\]])\s*/(?![/*])", Operator)]},
            ),
            Kind(
                "code put into a string",
                'println "in ${folder.name}"',
                "Pygments does not look inside.",
                rules={
                    "base": [
                        (r'"""', String, "long string"),
                        (r'"', String, "string"),
                        (r"(?<=[=~(,\[]) ?/(?![/*])", String, "slashed"),
                    ],
                    "string": [(r'"', String, "#pop"), (r"[^\\$\"]+", String), include("in a string")],
                    "slashed": [(r"/", String, "#pop"), (r"[^\\$/]+", String), include("in a string")],
                    "long string": [
                        (r'"""', String, "#pop"),
                        (r"[^\\$\"]+|\"", String),
                        include("in a string"),
                    ],
                    "in a string": [
                        (r"\\[\s\S]", String),
                        (r"\$\{", String.Interpol, "put in"),
                        (r"\$", String),
                    ],
                    "put in": [
                        (r"\{", Punctuation, "#push"),
                        (r"\}", String.Interpol, "#pop"),
                        include("base"),
                    ],
                },
            ),
        ),
    ),
    "c": Peer("c_cpp.CLexer", kinds=_C_KINDS),
    "cpp": Peer("c_cpp.CppLexer", kinds=_C_KINDS),
    "objective-c": Peer("objective.ObjectiveCLexer", kinds=_C_KINDS),
    "csharp": Peer(
        "dotnet.CSharpLexer",
        kinds=(
            Kind(
                "escape of a character",
                r"'\u2011'",
                "Pygments knows only those of one character.",
                rules={"root": [(r"'\\[^'\n]{1,10}'", String.Char)]},
            ),
            Kind(
                "string in an attribute",
                '[Obsolete("use Other")]',
                "Pygments takes an attribute whole.",
                rules={"root": [(r"^(\s*)(\[)", bygroups(Text, Punctuation))]},
            ),
            Kind(
                "comment behind a directive",
                "#endif // DEBUG",
                "It is one by the language, save behind `#region` and `#error`, whose text it is.",
                rules={
                    "root": [
                        (r"#[ \t]*(?:if|elif|else|endif|define|undef|line|pragma)\b[^\n/]*", Comment.Preproc)
                    ]
                },
            ),
            Kind(
                "code put into a string",
                '$"in {folder.Name}"',
                "Pygments does not look inside.",
                rules={
                    "root": [(r'\$"(?!"")', String, "string")],
                    "string": [
                        (r'\{\{|\}\}|\\.|[^"\\{}\n]+', String),
                        (r"\{", String.Interpol, "put in"),
                        (r'"|\n', String, "#pop"),
                    ],
                    "put in": [(r"\}", String.Interpol, "#pop"), include("root")],
                },
            ),
        ),
    ),
    "go": Peer("go.GoLexer"),
    "rust": Peer(
        "rust.RustLexer",
        {String.Doc: "#"},
        kinds=(
            Kind(
                "comment in an attribute",
                "#![config(Config { // why",
                "Pygments has none there.",
                rules={
                    "attribute[": [
                        (r"//[^\n]*", Comment.Single),
                        (r"(?:(?!\br#*\")[^\"\[\]/]|/(?!/))+", Comment.Preproc),
                    ]
                },
            ),
            Kind(
                "literal in an attribute",
                '#[doc = r#"text"#]',
                "In an attribute Pygments knows plain strings only, neither raw ones nor characters.",
                rules={"attribute_common": [(r"""(?s)b?r(#*)".*?"\1|b?'(?:[^'\\\n]|\\.)'""", String)]},
            ),
            Kind(
                "literal behind a colon",
                "Point { name: b\"x\", sign: '-' }",
                "Behind a colon Pygments expects a type, and takes a quote for a lifetime.",
                rules={"typename": [(r"""(?=b?r?#*"|b?'(?:[^\\']|\\.[^']*)')""", Text, "#pop")]},
            ),
        ),
    ),
    "swift": Peer(
        "objective.SwiftLexer",
        kinds=(
            Kind(
                "raw string",
                '#"\\d+"#',
                "Pygments takes the signs around it for code, and an escape inside for one.",
                rules={"root": [(r'(?s)(#+)".*?"\1', String)]},
            ),
        ),
    ),
    "dart": Peer(
        "javascript.DartLexer",
        kinds=(
            Kind(
                _NAME_PUT_IN,
                "'hello $name'",
                _WHY_NAME,
                EITHER,
                {"string_common": [(r"\$[a-zA-Z_]\w*", String)]},
            ),
        ),
    ),
}
