"""The rows of the languages whose blocks are braces: C and its kin."""

from __future__ import annotations

from auto_enforcer.grammars.row import (
    C_COMMENTS,
    COMMENT_MARKS,
    DOUBLE,
    SINGLE,
    SPLICE_MARK,
    Labelled,
    Language,
    Quoted,
    Token,
    unclosed,
    wrapped,
)
from auto_enforcer.model import Zone

CODE = int(Zone.CODE)

# Of Groovy: a string between slashes, without code in it, and the words behind which it stands.
_SLASHY = r"/(?:[^/\\$]++|\\.|\$(?!\{))++/"
_BEHIND_WORD = "|".join(
    rf"(?<=\b{word} )(?<!\.{word} )" for word in ("return", "else", "assert", "case", "in")
)

ROWS = (
    Language(
        id="java",
        name="Java",
        suffixes=(".java", ".jav", ".jsh"),
        aliases=("jsh",),
        line_comments=("//",),
        block_comments=C_COMMENTS,
        quoted=(Quoted(open='"""', multiline=True, settled=True), DOUBLE, SINGLE),
        marks=(*COMMENT_MARKS, '"""'),
    ),
    Language(
        id="kotlin",
        name="Kotlin",
        suffixes=(".kt", ".kts", ".ktm"),
        aliases=("kt", "kts"),
        line_comments=("//",),
        block_comments=C_COMMENTS,
        nested_comments=True,
        quoted=(
            Quoted(open='"""', escape="", multiline=True, interpolation="${", greedy=True),
            Quoted(open='"', interpolation="${"),
            SINGLE,
        ),
        marks=(*COMMENT_MARKS, '"""', wrapped(r"\$\{")),
    ),
    Language(
        id="scala",
        name="Scala",
        suffixes=(".scala", ".sc", ".sbt"),
        line_comments=("//",),
        block_comments=C_COMMENTS,
        nested_comments=True,
        tokens=(Token(first="'", pattern=r"'(?:[^'\\]|\\[^']{1,6}|\\')'"),),
        quoted=(
            Quoted(
                open='"""',
                escape="",
                multiline=True,
                interpolation="${",
                behind=r"[\w]",
                prefix="sfraw",
                greedy=True,
            ),
            Quoted(open='"""', escape="", multiline=True, settled=True, greedy=True),
            Quoted(open='"', interpolation="${", behind=r"[\w]", prefix="sfraw"),
            DOUBLE,
        ),
        marks=(*COMMENT_MARKS, '"""', wrapped(r"\$\{")),
    ),
    Language(
        id="groovy",
        name="Groovy",
        suffixes=(".groovy", ".gradle", ".gvy", ".gsh", ".nf"),
        filenames=("Jenkinsfile", "nextflow.config"),
        interpreters=("groovy",),
        aliases=("gradle", "jenkinsfile"),
        line_comments=("//",),
        block_comments=C_COMMENTS,
        quoted=(
            Quoted(open='"""', multiline=True, interpolation="${"),
            Quoted(open="'''", multiline=True, settled=True),
            Quoted(open="$/", close="/$", escape=r"\$[$/]", multiline=True),
            Quoted(open="/", multiline=True, interpolation="${", behind=r"[=~(,\[]"),
            Quoted(open="/", multiline=True, interpolation="${", behind=r"[=~(,\[] "),
            Quoted(open='"', interpolation="${", spliced=True),
            Quoted(open="'", spliced=True),
        ),
        # Where a division may be meant, too, and behind words: only one that its line closes.
        tokens=(
            Token("/", rf"(?:(?<=[?:{{!&|])|(?<=[?:{{&|] )|{_BEHIND_WORD}){_SLASHY}"),
            Token("/", rf"(?<=[)}}] )(?!/[\s=]){_SLASHY}(?=\.[A-Za-z_])"),
        ),
        marks=(*COMMENT_MARKS, '"""', "'''", r"\$/", r"[=~(,\[] ?/", SPLICE_MARK, wrapped(r"\$\{")),
    ),
    Language(
        id="c",
        name="C",
        suffixes=(".c", ".h", ".idc"),
        aliases=("h",),
        line_comments=("//",),
        block_comments=C_COMMENTS,
        spliced=True,
        quoted=(Quoted(open='"', prefix="LuU8"), Quoted(open="'", prefix="LuU8")),
        marks=(*COMMENT_MARKS, SPLICE_MARK),
    ),
    Language(
        id="cpp",
        name="C++",
        suffixes=(
            ".cpp",
            ".cc",
            ".cxx",
            ".c++",
            ".hpp",
            ".hh",
            ".hxx",
            ".h++",
            ".ipp",
            ".inl",
            ".tpp",
            ".ixx",
            ".cppm",
            ".cu",
            ".cuh",
            ".ino",
            ".txx",
            ".tcc",
            ".ccm",
            ".cxxm",
            ".metal",
        ),
        aliases=("c++", "cc", "cxx", "hpp", "cuda-cpp", "cuda", "arduino"),
        line_comments=("//",),
        block_comments=C_COMMENTS,
        spliced=True,
        tokens=(Token(first="'", pattern=r"(?<=[0-9a-fA-F])(?<!u8)'(?=[0-9a-fA-F])", zone=CODE),),
        labelled=(Labelled(first='"', pattern=r'(?<=R)"([^()\\\s"]{0,16})\(', close=')%s"', prefix="LuU8R"),),
        quoted=(Quoted(open='"', prefix="LuU8"), Quoted(open="'", prefix="LuU8")),
        marks=(*COMMENT_MARKS, SPLICE_MARK, r'R"'),
    ),
    Language(
        id="objective-c",
        name="Objective-C",
        suffixes=(".m", ".mm"),
        aliases=("objc", "objectivec", "objective-cpp", "obj-c", "objcpp"),
        line_comments=("//",),
        block_comments=C_COMMENTS,
        spliced=True,
        quoted=(Quoted(open='"', prefix="@LuU8"), Quoted(open="'", prefix="LuU8")),
        marks=(*COMMENT_MARKS, SPLICE_MARK),
    ),
    Language(
        id="csharp",
        name="C#",
        suffixes=(".cs", ".csx", ".cake"),
        aliases=("cs", "c#", "cake"),
        line_comments=("//",),
        block_comments=C_COMMENTS,
        labelled=(Labelled(first='"', pattern=r'(?<![$@])("{3,16})(?!")', close="%s", settled=True),),
        quoted=(
            Quoted(open='"""', escape="", multiline=True, interpolation="{{", behind=r"\$\$", prefix="$"),
            Quoted(open='"""', escape="", multiline=True, interpolation="{", behind=r"\$", prefix="$"),
            Quoted(
                open='"', escape=r'""|\{\{', multiline=True, interpolation="{", behind=r"\$@", prefix="$@"
            ),
            Quoted(
                open='"', escape=r'""|\{\{', multiline=True, interpolation="{", behind=r"@\$", prefix="$@"
            ),
            Quoted(open='"', escape='""', multiline=True, behind="@", prefix="@"),
            Quoted(open='"', escape=r"\\.|\{\{", interpolation="{", behind=r"\$", prefix="$"),
            DOUBLE,
            SINGLE,
        ),
        marks=(*COMMENT_MARKS, '"""', r'[@$]"', r'@\$"'),
    ),
    Language(
        id="go",
        name="Go",
        suffixes=(".go",),
        aliases=("golang",),
        line_comments=("//",),
        block_comments=C_COMMENTS,
        quoted=(Quoted(open="`", escape="", multiline=True, settled=True), DOUBLE, SINGLE),
        marks=(*COMMENT_MARKS, "`"),
    ),
    Language(
        id="rust",
        name="Rust",
        suffixes=(".rs", ".rs.in"),
        interpreters=("rust-script",),
        aliases=("rs",),
        line_comments=("//",),
        block_comments=C_COMMENTS,
        nested_comments=True,
        tokens=(
            Token(
                first="'", pattern=r"'(?:[^'\\]|\\(?:x[0-9a-fA-F]{2}|u\{[0-9a-fA-F_]{1,8}\}|.))'", prefix="b"
            ),
        ),
        labelled=(Labelled(first="#", pattern=r'(?<=r)(#{1,64})"', close='"%s', prefix="brc"),),
        quoted=(
            Quoted(open='"', escape="", multiline=True, behind=r"\br", prefix="r"),
            Quoted(open='"', escape="", multiline=True, behind=r"\b[bc]r", prefix="brc"),
            Quoted(open='"', multiline=True, prefix="bc"),
        ),
        marks=(*COMMENT_MARKS, r'r#*"', r"'\\?\"'", unclosed('"', escaped='"')),
    ),
    Language(
        id="swift",
        name="Swift",
        suffixes=(".swift", ".swiftinterface"),
        interpreters=("swift",),
        line_comments=("//",),
        block_comments=C_COMMENTS,
        nested_comments=True,
        quoted=(
            Quoted(open='##"""', close='"""##', escape="", multiline=True, interpolation="\\##("),
            Quoted(open='#"""', close='"""#', escape="", multiline=True, interpolation="\\#("),
            Quoted(open='"""', escape=r"\\[^(]", multiline=True, interpolation="\\("),
            Quoted(open='###"', close='"###', escape="", interpolation="\\###("),
            Quoted(open='##"', close='"##', escape="", interpolation="\\##("),
            Quoted(open='#"', close='"#', escape="", interpolation="\\#("),
            Quoted(open='"', escape=r"\\[^(]", interpolation="\\("),
        ),
        marks=(*COMMENT_MARKS, '"""'),
    ),
    Language(
        id="dart",
        name="Dart",
        suffixes=(".dart",),
        interpreters=("dart",),
        line_comments=("//",),
        block_comments=C_COMMENTS,
        nested_comments=True,
        quoted=(
            *(
                Quoted(open=quote, escape="", multiline=True, settled=True, behind=r"\br", prefix="r")
                for quote in ('"""', "'''")
            ),
            *(Quoted(open=quote, multiline=True, interpolation="${") for quote in ('"""', "'''")),
            *(Quoted(open=quote, escape="", behind=r"\br", prefix="r") for quote in ('"', "'")),
            *(Quoted(open=quote, interpolation="${") for quote in ('"', "'")),
        ),
        marks=(*COMMENT_MARKS, '"""', "'''", wrapped(r"\$\{")),
    ),
)
