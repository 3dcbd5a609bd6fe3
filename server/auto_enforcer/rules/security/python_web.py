"""Dangerous calls and settings in Python: pages, requests and what serves them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from auto_enforcer.model import Candidate, Line, Options, Zone
from auto_enforcer.rules._calls import CALL
from auto_enforcer.rules._common import regex
from auto_enforcer.rules._kinds import said
from auto_enforcer.rules.security._imports import imports, resolve
from auto_enforcer.rules.security._python import FACTS, PYTHON, call_of, is_built
from auto_enforcer.rules.security._shared import (
    ABOVE,
    CONSTANT,
    MOST_CALLS,
    Called,
    calls,
    constant_name,
    either,
    given_last,
    is_constant,
    is_number,
    redirects,
    rule,
    settings,
    without_choices,
)
from auto_enforcer.rules.security._sight import (
    escapes,
    is_chosen,
    is_declared,
    is_escaped_above,
    untranslated,
)

_NUMBERS = (
    r"(?:\w+\.)*(?:int|float|len|round|number_format|format_number|intcomma)[ \t]*"
    r"\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)\s*"
)
"""What gives a number, or writes one for people."""

_ANSWERS = ("HttpResponse", "make_response", "HTMLResponse", "Response")


def _html(called: Called) -> Candidate | None:
    name = called.name.rpartition(".")[2]
    if name in _ANSWERS:
        first = called.at(0) or called.named("content", "response", "body")
        if first is None or not is_built(first) or not regex(r"[\"'][^\"'\n]*<[a-zA-Z!/]").search(first.text):
            return None
        escaped = regex(r"\b(?:escape|conditional_escape|clean|sanitize\w*|quote)\b").search(first.code)
        return called.found(
            "constant" if first.constant else "escaped" if escaped else "", advice="use a template"
        )
    if name in (
        "mark_safe",
        "SafeString",
        "SafeText",
        "Markup",
        "format_html",
        "render_template_string",
        "Template",
        "HTML",
    ):
        first = called.at(0)
        if first is None:
            return None
        if name == "HTML" or (
            name == "Template"
            and not regex(r"(?:jinja2|mako|mako\.template|django\.template)\.Template").fullmatch(called.name)
        ):
            return None
        if name == "format_html" and not regex(r"\.format\(|%|\+|\{").search(first.code):
            return None
        if (
            name in ("render_template_string", "Template")
            and regex(r"\w+").fullmatch(first.code)
            and not constant_name(called.line, first.code)
        ):
            return (
                called.found(advice="keep the template in a file, and give it values")
                if name != "Template"
                else None
            )
        plain = is_constant(without_choices(untranslated(first.code), first.text))
        excuse = "constant" if plain or constant_name(called.line, first.code) else ""
        end = called.match.end() - 1 + len(called.call.text)
        if not excuse and regex(r"[ \t]*\.(?:striptags|unescape)\b").match(called.line.text, end):
            excuse = "escaped"
        if not excuse and regex(
            r"\b(?:escape|conditional_escape|bleach\.clean|clean|nh3\.clean|sanitize\w*"
            r"|format_html\w*|html\.escape|render_to_string|render|json_script|urlencode|quote"
            r"|render_template|_render|autoescape)\b|\.as_(?:ul|p|table|div|hidden|widget)\(\)"
        ).search(first.code):
            excuse = "escaped"
        if not excuse and (
            escapes(first.code, first.text)
            or is_chosen(called.line, first.code)
            or is_number(first.code, first.text)
            or regex(_NUMBERS).fullmatch(first.code)
            or is_escaped_above(called.line, first.code)
            or _is_rendered(called.line, first.code)
        ):
            excuse = "escaped"
        if not excuse and name in ("mark_safe", "SafeString", "SafeText", "Markup"):
            excuse = "declared" if is_declared(called.line, end) else ""
        advice = (
            "escape it, or use `format_html`"
            if name != "render_template_string"
            else "keep the template in a file"
        )
        return called.found(excuse, advice=advice)
    if name == "Environment" and (
        called.name.startswith("jinja2")
        or (called.line.file.language and "jinja" in called.line.text.lower())
        or imports(called.line, "jinja2")
    ):
        escaping = called.named("autoescape")
        if escaping is None and "**" in called.call.code:
            return None
        off = escaping is None or escaping.code.strip() == "False"
        fixes = (
            called.insertion(
                "Escape by default", ", autoescape=True" if called.arguments else "autoescape=True"
            )
            if escaping is None
            else ()
        )
        return called.found("" if off else "escaped", fixes, advice="pass `autoescape=True`")
    return None


_FIELD = r"\s*\w*[fF]orm\w*\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\]\s*"
_RENDERED = (
    r"\s*(?:[\w.]*\.)?(?:nodelist|\w*[tT]emplate\w*)\.render\(|\s*(?:docutils\.core\.)?publish_parts\("
)


def _is_rendered(line: Line, code: str) -> bool:
    """Whether an expression is a field of a form, which writes itself, or what a template or docutils made
    above: both escape what they are given."""
    if regex(_FIELD).fullmatch(code):
        return True
    return regex(_RENDERED).match(given_last(line, code.partition("[")[0])) is not None


_DEBUG = (
    r"(?P<span>\b\w*app\w*\.run(?:_server)?\([^()\n]*?\bdebug[ \t]*=[ \t]*True\b|\b(?:app"
    r"|application|server)\.debug[ \t]*=[ \t]*True\b"
    r"|\.config\[[\"']DEBUG[\"']\][ \t]*=[ \t]*True\b|^[ \t]*(?:DEBUG|TEMPLATE_DEBUG"
    r"|FLASK_DEBUG|DEBUG_PROPAGATE_EXCEPTIONS)[ \t]*(?::[ \t]*bool[ \t]*)?=[ \t]*True\b"
    r"|\b(?:Flask|FastAPI|Starlette|Sanic|Bottle)\([^()\n]*\bdebug[ \t]*=[ \t]*True\b"
    r"|^[ \t]*debug[ \t]*=[ \t]*True(?=[ \t]*+,?[ \t]*+\)?$)"
    r"|\brun_simple\([^()\n]*\buse_debugger[ \t]*=[ \t]*True)"
)


def _debug(line: Line, match: re.Match[str]) -> str:
    span = match["span"].strip()
    if span.startswith(("DEBUG", "TEMPLATE_DEBUG")):
        if regex(_SETTINGS).search(line.text_before(ABOVE) + line.text_after(CALL)):
            return ""
        if any(regex(r"class[ \t]+\w*[Cc]onfig").match(one.text.strip()) for one in line.before(20)):
            return (
                "development"
                if any(
                    regex(r"class[ \t]+\w*(?:Dev|Test|Local|Debug)").match(one.text.strip())
                    for one in line.before(12)
                )
                else ""
            )
        return "not-settings"
    if span.startswith("debug"):
        for one in line.before(8):
            opened = regex(r"([\w.]+)\([^()]*$").search(one.only(Zone.CODE))
            if opened:
                return (
                    ""
                    if regex(r"(?:\w*app\w*\.run|Flask|FastAPI|Starlette)").fullmatch(opened[1])
                    else "none"
                )
        return "none"
    return ""


_SETTINGS = (
    r"\b(?:INSTALLED_APPS|ALLOWED_HOSTS|MIDDLEWARE|ROOT_URLCONF|SQLALCHEMY_DATABASE_URI"
    r"|SECRET_KEY|FLASK_APP|WSGI_APPLICATION)\b"
)


_CORS = (
    r"(?P<span>\b(?:CORS_ORIGIN_ALLOW_ALL|CORS_ALLOW_ALL_ORIGINS|CORS_ALLOW_ALL)[ \t]*=[ \t]*True\b"
    r"|\b(?:allow_origins|origins|cors_allowed_origins|allowed_origins|CORS_ORIGINS"
    r"|CORS_ALLOWED_ORIGINS|allow_origin)[ \t]*=[ \t]*[\[(]?[ \t]*[\"']\*[\"']"
    r"|\ballow_origin_regex[ \t]*=[ \t]*r?[\"'](?:\.\*|https?://\.\*)[\"']"
    r"|\bcors_origin[ \t]*=[ \t]*[\"']\*[\"']"
    r"|\[[\"']Access-Control-Allow-Origin[\"']\][ \t]*=[ \t]*(?:[\"']\*[\"']"
    r"|(?:self\.)?request\.(?:headers|META)\b)|\b(?:set_header"
    r"|add_header|add|header"
    r"|append)\([ \t]*[\"']Access-Control-Allow-Origin[\"'][ \t]*,[ \t]*[\"']\*[\"']"
    r"|(?<=[{,\s])[\"']Access-Control-Allow-Origin[\"'][ \t]*:[ \t]*[\"']\*[\"']"
    r"|[\"']origins[\"'][ \t]*:[ \t]*\[?[\"']\*[\"']"
    r"|(?<![\w.])CORS\([ \t]*\w+[ \t]*(?:,[ \t]*supports_credentials[ \t]*=[ \t]*True[ \t]*)?\))"
)


def _cors(line: Line, match: re.Match[str]) -> str:
    return "none" if regex(r"[ \t]*(?:def|class|if|elif|assert)\b").match(line.text) else ""


_EVERYWHERE = r"[\"'](?:0\.0\.0\.0|::)[\"']|(?<=\(\()(?:\"\"|'')(?=[ \t]*,[ \t]*(?!0\b)\w)"


def _bound(line: Line, options: Options) -> Iterator[Candidate]:
    for match in islice(regex(_EVERYWHERE).finditer(line.text), MOST_CALLS):
        before = line.text[max(0, match.start() - 200) : match.start()]
        if not regex(
            r"(?i)(?:\b\w*(?:host|bind|address|listen|addr|interface"
            r"|hostname)\w*[ \t]*(?::[^=\n]*)?=[ \t]*|bind\([ \t]*\(?|(?:run|serve\w*|listen"
            r"|start_server|Server)\([ \t]*\(?[^()]*)$"
        ).search(before):
            continue
        yield Candidate(match.start(), match.end())


def _of_tokens(line: Line, name: str) -> str:
    """What a name means, if that is a call of a library of tokens: most that is decoded is something else."""
    meant = resolve(line, name)
    named = regex(
        r"(?:\w+\.)*(?:jwt|jws|jose\.jwt|JWT|jwt_lib|pyjwt)\.(?:decode|decode_complete|encode"
        r"|get_unverified_claims|process_jwt)"
    )
    return meant if named.fullmatch(meant) else ""


def _jwt(called: Called) -> Candidate | None:
    name = called.name
    text = called.call.text
    if name.endswith("get_unverified_claims"):
        return called.found()
    none = regex(r"""(?i)\balgorithms?[ \t]*=[ \t]*\[?[ \t]*(?:["']none["']|None\b)""").search(text)
    if name.endswith("encode"):
        plain = regex(r"""(?i)\balgorithm[ \t]*=[ \t]*["']none["']""").search(text)
        return called.found() if plain else None
    off = regex(
        r"""\bverify[ \t]*=[ \t]*False\b|["'](?:verify_signature|verify)["'][ \t]*:[ \t]*False\b"""
        r"""|\bverify_signature[ \t]*=[ \t]*False\b"""
    ).search(text)
    if none and regex(r"(?i)=[ \t]*None\b").search(none[0]):
        none = None
    if off or none:
        return called.found()
    return called.found("verified") if called.call.whole else None


_CSRF = (
    r"(?P<span>@(?:\w+\.)*csrf_exempt\b|@csrf\.exempt\b|\bWTF_CSRF_(?:ENABLED"
    r"|CHECK_DEFAULT)[ \t]*=[ \t]*False\b|[\"']WTF_CSRF_(?:ENABLED"
    r"|CHECK_DEFAULT)[\"']\][ \t]*=[ \t]*False\b"
    r"|(?<![\w.])csrf_exempt(?=\()|\bcsrf\.exempt(?=\()|\bCSRF_(?:ENABLED"
    r"|PROTECTION)[ \t]*=[ \t]*False\b|\bcsrf[ \t]*=[ \t]*False(?=[ \t]*[,)\n]|$)"
    r"|\b_dont_enforce_csrf_checks[ \t]*=[ \t]*True)"
)


def _csrf(line: Line, match: re.Match[str]) -> str:
    if regex(r"[ \t]*(?:from|import|def|class)\b").match(line.text):
        return "none"
    if any(regex(r"[ \t]*class[ \t]+\w*(?:Test|Dev|Local)").match(one.text) for one in line.before(20)):
        return "development"
    return ""


_REDIRECT = (
    r"(?P<span>\b(?:redirect|HttpResponseRedirect|HttpResponsePermanentRedirect"
    r"|RedirectResponse|HTTPFound|HTTPSeeOther)\([ \t]*(?:url[ \t]*=[ \t]*)?"
    r"(?:flask\.|self\.)?request\.(?:args|form|values|GET|POST|query_params|params|referrer"
    r"|headers|META|cookies|data|json|query|url|REQUEST)\b)"
)


_GOES = (
    r"(?P<span>\b(?:redirect|HttpResponseRedirect|HttpResponsePermanentRedirect|RedirectResponse|HTTPFound"
    r"|HTTPSeeOther)\([ \t]*(?:url[ \t]*=[ \t]*)?(?P<name>[A-Za-z_]\w{0,60})(?=[ \t]*[,)]))"
)
_ASKS = (
    r"(?:await[ \t]+)?(?:str\([ \t]*)?(?:flask\.|self\.)?request\.(?:args|form|values|GET|POST|query_params"
    r"|params|referrer|headers|META|cookies|COOKIES|data|json|query|REQUEST)\b"
)


_COOKIES = (
    r"(?P<span>\b(?:SESSION_COOKIE_(?:SECURE|HTTPONLY)|CSRF_COOKIE_SECURE"
    r"|REMEMBER_COOKIE_(?:SECURE|HTTPONLY))[ \t]*=[ \t]*False\b"
    r"|[\"'](?:SESSION_COOKIE_(?:SECURE|HTTPONLY)"
    r"|REMEMBER_COOKIE_SECURE)[\"']\][ \t]*=[ \t]*False\b|(?<![\w.])(?:secure|httponly"
    r"|https_only)[ \t]*=[ \t]*False(?=[ \t]*[,)]))"
)


def _cookie(line: Line, match: re.Match[str]) -> str:
    if regex(r"\w_COOKIE_DOMAIN[ \t]*=[ \t]*None\b").search(line.text_before(8) + line.text_after(8)):
        return "defaults"  # A framework's own list of its settings, which names each.
    if match["span"][0].islower():
        near = line.text + line.text_before(6)
        if regex(r"(?i)def\b").match(line.text.lstrip()) or not regex(
            r"set_cookie\w*\(|SessionMiddleware"
        ).search(near):
            return "none"
    if any(regex(r"[ \t]*class[ \t]+\w*(?:Test|Dev|Local)").match(one.text) for one in line.before(20)):
        return "development"
    return ""


RULES = (
    rule(
        "raw-html",
        PYTHON,
        calls(
            call_of(
                r"mark_safe|HttpResponse|make_response|HTMLResponse|Response|SafeString|SafeText"
                r"|Markup|format_html|render_template_string|Template"
                r"|Environment"
            ),
            _html,
            resolve,
        ),
        (
            r"\bmark_safe\b",
            r"\b(?:Http|HTML)?Response[ \t]*\(",
            r"\bmake_response[ \t]*\(",
            r"\bSafe(?:String|Text)\b",
            r"\bMarkup[ \t]*\(",
            r"\bformat_html\b",
            r"\brender_template_string\b",
            r"\bTemplate[ \t]*\(",
            r"\bEnvironment[ \t]*\(",
        ),
        (CONSTANT, said("escaped"), said("declared")),
        FACTS,
    ),
    rule(
        "debug-mode-enabled",
        PYTHON,
        settings(_DEBUG, _debug),
        (r"(?i)debug\b[^=\n]{0,12}=[ \t]*True", r"\bDEBUG\w*[ \t]*[:=]", r"(?i)debug[\"']\][ \t]*="),
        (said("not-settings"), said("development")),
    ),
    rule(
        "permissive-cors",
        PYTHON,
        settings(_CORS, _cors),
        (
            r"\bCORS",
            r"origins?\w{0,10}[\"']?[ \t]*[=:][ \t]*[\[(]?[ \t]*r?[\"'](?:\*|\.\*|http)",
            r"(?i)Access-Control-Allow-Origin",
        ),
    ),
    rule(
        "bind-all-interfaces",
        PYTHON,
        _bound,
        (r"[\"'](?:0\.0\.0\.0|::)[\"']", r"(?:\bbind|Server)\(\((?:\"\"|'')"),
    ),
    rule(
        "jwt-verification-disabled",
        PYTHON,
        calls(call_of("decode|decode_complete|encode|get_unverified_claims|process_jwt"), _jwt, _of_tokens),
        (
            r"(?i)j(?:wt|ws|ose)\w{0,8}\.(?:decode|encode|get_unverified|process)",
            # Under another name: a token is seldom written out, and something is said beside it.
            r"\bdecode(?:_complete)?[ \t]*\([ \t]*[A-Za-z_*][^)\n]{0,80}[,(]",
            r"\bdecode(?:_complete)?[ \t]*\([ \t]*$",
        ),
        (said("verified"),),
        FACTS,
    ),
    rule(
        "csrf-disabled",
        PYTHON,
        settings(_CSRF, _csrf),
        (
            r"(?i)csrf[._]exempt",
            r"(?i)csrf\w{0,20}(?:[\"']\])?[ \t]*=[ \t]*False",
            r"_dont_enforce_csrf_checks",
        ),
        (said("development"),),
    ),
    rule(
        "open-redirect",
        PYTHON,
        either(settings(_REDIRECT), redirects(_GOES, _ASKS)),
        (r"\b(?:redirect|HttpResponse(?:Permanent)?Redirect|RedirectResponse|HTTPFound|HTTPSeeOther)\(",),
    ),
    rule(
        "insecure-cookie",
        PYTHON,
        settings(_COOKIES, _cookie),
        (
            r"(?i)cookie_(?:secure|httponly)\w{0,8}(?:[\"']\])?[ \t]*=",
            r"\b(?:secure|httponly|https_only)[ \t]*=[ \t]*False",
        ),
        (said("development"), said("defaults")),
    ),
)
