"""What writes text as markup in the templates of every engine: Jinja, Django, Twig, Blade, ERB, EJS,
Handlebars, Vue, Angular, Go, JSP, Razor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from auto_enforcer.model import Candidate, Line, Options, Zone
from auto_enforcer.rules._common import regex, words

_WRITES = (
    r"\{\{-?(?P<jinja>[^{}|\n]{1,200}(?:\|[^{}\n]{0,200})?)\|[ \t]*(?P<filter>safe(?:HTML|JS)?|raw|safeseq)\b"
    r"|(?P<off>\{%-?[ \t]*autoescape[ \t]+(?:false|off)\b)"
    r"|\{\{\{(?P<triple>[^{}\n]{1,200})\}\}\}|\{\{&(?!(?:[a-z]{2,8}|#\d{1,5});)(?P<ampersand>[^{}\n]{1,200})\}\}"
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

_FILTERED = (
    r"\{\{[-~+]?(?P<jinja>[^{}|\n]{1,200}(?:\|[^{}\n]{0,200})?)\|[ \t]*(?P<filter>safe(?:seq)?|raw)\b"
    r"|(?P<off>\{%[-~+]?[ \t]*autoescape[ \t]+(?:false|off)\b)"
)

TEMPLATES: Mapping[str, str] = {
    "erb": r"<%==(?P<erb>[^%\n]{1,300})%>",
    "ejs": r"<%-(?P<ejs>[^%\n]{1,300})%>",
    "jsp": r"<%=(?P<asked>[^%\n]{0,80}\brequest\.getParameter\([^%\n]{0,200})%>",
    "blade": r"(?<!@)\{!!(?P<blade>[^!\n]{1,300})!!\}",
    "handlebars": r"(?<!\{)\{\{\{(?P<triple>[^{}\n]{1,200})\}\}\}"
    r"|\{\{~?&(?!(?:[a-z]{2,8}|#\d{1,5});)(?P<ampersand>[^{}\n]{1,200})\}\}",
    "jinja": _FILTERED,
    "twig": _FILTERED,
}
"""What templates in files of their own write unescaped, by language: of ERB what Ruby's rule does not see."""

TEMPLATE_TRIGGERS = (
    "<%==",
    "<%-",
    r"\bgetParameter\(",
    r"\{!!",
    r"\{\{\{",
    r"\{\{~?&",
    r"\|[ \t]*(?:safe|raw)",
    r"\bautoescape[ \t]+(?:false|off)",
)

_PROGRAMS = ("ejs", "handlebars")
"""The languages of templates that make programs and data as often as pages."""

_MARKED = ("filter", "off", "attribute", "razor", "jsp")
_GIVEN = ("jinja", "triple", "ampersand", "ejs", "erb", "ruby", "blade", "value", "shown", "asked")

_ESCAPES = (
    r"(?i)\b(?:escape\w*|html_?(?:escape|entities|specialchars)\w*|e|h|\w*sanitiz\w*|bleach|clean|plainify"
    r"|transform\.HTMLEscape|to_?json\w*|json\w*|tojson"
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

_MADE = (
    r"[ \t]*(?:(?P<helper>[A-Za-z_]\w{0,60})[ \t]*\(|\$\w{1,60}->(?P<method>links|render)\([^()]*\)[ \t]*$)"
)
_HELPERS = frozenset(
    (
        *("breadcrumb", "breadcrumbs", "button", "cloud", "css", "date", "favicon", "feed", "field", "graph"),
        *("href", "image", "img", "input", "js", "label", "link", "list", "menu", "meta", "nav", "number"),
        *("path", "select", "tag", "tagcloud", "tags", "time", "url", "urls"),
    )
)
"""Words of the names of functions that make addresses and elements of a page."""


def unescaped(line: Line, options: Options) -> Iterator[Candidate]:
    """What a template writes without escaping it."""
    known = TEMPLATES.get(line.language)
    around = known is None and line.file.language in TEMPLATES
    for match in islice(regex(known or _WRITES).finditer(line.text), 8):
        groups = match.groupdict()
        marked = next((name for name in _MARKED if groups.get(name)), None)
        start, end = match.span(marked) if marked else match.span()
        if line.zone_at(start) in (0, Zone.COMMENT) or (
            groups.get("attribute") and not line.zone_at(start) & Zone.CODE
        ):
            continue
        if around and not (groups["attribute"] or groups["jsp"]):
            continue  # It is no code of this template.
        if line.text.rfind("{#", 0, start) > line.text.rfind("#}", 0, start):
            continue
        given = next((groups[name] for name in _GIVEN if groups.get(name)), None)
        if given is not None and regex(r"[ \t]*[#/!>]").match(given) and not groups.get("ejs"):
            continue
        shown = " ".join(line.text[start:end].split())[:40]
        details = {"call": shown, "advice": "let the template escape it, or clean it"}
        excuse = "" if given is None else _excuse(given)
        if not excuse and line.language in _PROGRAMS:
            excuse = _excuse_of_programs(line, given or "")
        yield Candidate(start, end, details, (), excuse)


def _excuse(given: str) -> str:
    bare = regex(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'").sub(" ", given)
    called = regex(r"^[ \t]*raw\b(?=[ \t(])|\b(?:html_safe|true|false|null|nil|None)\b").sub(" ", bare)
    if not regex(r"[A-Za-z_$@]").search(called):
        return "constant"
    if regex(_PARTS).match(regex(r"[ \t]*(?:raw[ \t(]+)?[$@]?").sub("", given, count=1)):
        return "layout"
    made = regex(_MADE).match(bare)
    if made and (made["method"] or not _HELPERS.isdisjoint(words(made["helper"]))):
        return "layout"
    return "escaped" if regex(_ESCAPES).search(bare) else ""


_NEAR = 12
"""Lines to either side among which a page has a tag."""

_TAG = (
    r"</?(?:html|head|body|div|span|p|a|ul|ol|li|table|tr|td|th|h[1-6]|section|article|main|header|footer|nav|form"
    r"|label|button|title|blockquote|figure|template|script|style|pre|em|strong|small|option)(?=[\s>])"
)


def _excuse_of_programs(line: Line, given: str) -> str:
    """Where a page's body goes into its layout, or no page is made."""
    if regex(r"[ \t]*body[ \t]*-?").fullmatch(given):
        return "layout"
    near = [line.text, *(one.text for one in line.before(_NEAR)), *(one.text for one in line.after(_NEAR))]
    return "" if any(regex(_TAG).search(text) for text in near) else "no-page"
