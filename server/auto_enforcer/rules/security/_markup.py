"""What writes text as markup in the templates of every engine: Jinja, Django, Twig, Blade, ERB, EJS,
Handlebars, Vue, Angular, Go, JSP, Razor."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from auto_enforcer.model import Candidate, Line, Options, Zone
from auto_enforcer.rules._common import regex

_WRITES = (
    r"\{\{-?(?P<jinja>[^{}|\n]{1,200}(?:\|[^{}\n]{0,200})?)\|[ \t]*(?P<filter>safe(?:HTML|JS)?|raw|safeseq)\b"
    r"|(?P<off>\{%-?[ \t]*autoescape[ \t]+(?:false|off)\b)"
    r"|\{\{\{(?P<triple>[^{}\n]{1,200})\}\}\}|\{\{&(?P<ampersand>[^{}\n]{1,200})\}\}"
    r"|<%-(?P<ejs>[^%\n]{1,300})-?%>|<%==(?P<erb>[^%\n]{1,300})%>"
    r"|<%=-?(?P<ruby>[^%\n]{0,200}?(?:\braw[ \t(]|\.html_safe\b)[^%\n]{0,200})%>"
    r"|\{!!(?P<blade>[^!\n]{1,300})!!\}"
    r"|(?<![\w:.-])(?P<attribute>v-html|x-html|:innerHTML|:inner-html(?:\.prop)?|v-bind:innerHTML"
    r"|\[innerHTML\]|\[outerHTML\]|ng-bind-html-unsafe"
    r"|th:utext|data-th-utext)"
    r"[ \t]*=[ \t]*[\"'](?P<value>[^\"\n]{1,200})"
    r"|@(?P<razor>Html\.Raw)\((?P<shown>[^\n]{1,200}?)\)|(?P<jsp>\bescapeXml[ \t]*=[ \t]*[\"']false[\"'])"
    r"|<%=(?P<asked>[^%\n]{0,80}\brequest\.getParameter\([^%\n]{0,200})%>"
)

TRIGGERS = (
    r"\|[ \t]*(?:safe|raw)",
    r"\bautoescape[ \t]+(?:false|off)",
    r"\{\{[{&]",
    r"<%[-=]",
    r"\{!!",
    r"\b[vx]-html\b",
    r"\[(?:inner|outer)HTML\]",
    r":inner(?:HTML|-html)\b",
    r"\bng-bind-html-unsafe\b",
    r"\bth[:-]utext\b",
    r"@Html\.Raw\(",
    r"\bescapeXml\b",
)

_MARKED = ("filter", "off", "attribute", "razor", "jsp")
_GIVEN = ("jinja", "triple", "ampersand", "ejs", "erb", "ruby", "blade", "value", "shown", "asked")

_ESCAPES = (
    r"(?i)\b(?:escape\w*|e|h|\w*sanitiz\w*|bleach|clean|plainify|transform\.HTMLEscape|to_?json\w*"
    r"|json\w*|tojson"
    r"|striptags|strip_tags|purify"
    r"|dompurify|purifier|t|translate|trans|__|gettext|i18n\w*|content_tag|link_to|safe_join"
    r"|j)\b(?=[ \t]*[(|\"'\s.]|$)"
)
_PARTS = (
    r"(?i)[ \t]*(?:include\w*|partial|render\w*[ \t]*\(|yield|block|layout|content|contents|page_?content"
    r"|slot|children|caller|super"
    r"|csrf\w*|method_field|pagination|form\w*|paginat\w*|will_paginate|stylesheet\w*"
    r"|javascript\w*|asset\w*|mix|vite"
    r"|head|scripts|styles|resourceHints|htmlWebpackPlugin|toc|wp_\w+|svg\w*"
    r"|icon\w*)\b(?:[ \t]*[(\"'\s.:\[]|[ \t]*$)"
)
"""What stands for a part of the page that other templates or the framework make."""


def unescaped(line: Line, options: Options) -> Iterator[Candidate]:
    """What a template writes without escaping it."""
    for match in islice(regex(_WRITES).finditer(line.text), 8):
        marked = next((name for name in _MARKED if match[name]), None)
        start, end = match.span(marked) if marked else match.span()
        if line.zone_at(start) in (0, Zone.COMMENT) or (
            match["attribute"] and not line.zone_at(start) & Zone.CODE
        ):
            continue
        if line.text.rfind("{#", 0, start) > line.text.rfind("#}", 0, start):
            continue
        given = next((match[name] for name in _GIVEN if match[name]), None)
        if given is not None and regex(r"[ \t]*[#/!>]").match(given) and not match["ejs"]:
            continue
        shown = " ".join(line.text[start:end].split())[:40]
        details = {"call": shown, "advice": "let the template escape it, or clean it"}
        yield Candidate(start, end, details, (), "" if given is None else _excuse(given))


def _excuse(given: str) -> str:
    bare = regex(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'").sub(" ", given)
    called = regex(r"^[ \t]*raw\b(?=[ \t(])|\b(?:html_safe|true|false|null|nil|None)\b").sub(" ", bare)
    if not regex(r"[A-Za-z_$@]").search(called):
        return "constant"
    if regex(_PARTS).match(regex(r"[ \t]*(?:raw[ \t(]+)?").sub("", given, count=1)):
        return "layout"
    return "escaped" if regex(_ESCAPES).search(bare) else ""
