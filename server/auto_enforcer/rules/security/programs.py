"""What is dangerous in the same words in every language that programs are written in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from auto_enforcer.model import Candidate, Edit, Excuse, Fix, Line, Options, Zone
from auto_enforcer.rules._common import PROGRAMS, regex
from auto_enforcer.rules.security._shared import rule

_URL = (
    r"(?P<quote>[\"'`])(?P<url>http://(?P<host>[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63})"
    r"{1,8})(?::\d{1,5})?)(?=[/?#\"'`$])"
)

_SPOKEN_TO = (
    r"(?i)\b(?:requests|httpx|session|client|http|https?_?client|axios|got|superagent|\$http"
    r"|urllib\w*|faraday|httparty|resttemplate|webclient)"
    r"(?:\.\w+)?\.(?:get|post|put|patch|delete|head|options|request|send|getforobject"
    r"|postforobject|getasync|postasync|getstringasync|newrequest|do|open|create|url"
    r"|uri)\w*[ \t]*\([^()]*$"
    r"|\b(?:fetch|urlopen|urlretrieve|curl_init|file_get_contents|open_uri|URI\.open"
    r"|Net::HTTP\.get\w*|new[ \t]+URL|URL|URI|URI\.create|Uri\.parse|URI\.parse|NewRequest\w*"
    r"|http\.(?:Get|Post|Head)|new[ \t]+(?:Uri|HttpGet|HttpPost|HttpClient|WebSocket"
    r"|HttpRequestMessage)|axios|got|request|ajax|reqwest::get|HttpGet|DownloadString\w*"
    r"|DownloadFile\w*|WebRequest\.Create"
    r"|GuzzleHttp\w*|request_url|XMLHttpRequest\w*|\.open)[ \t]*\([^()]*$"
    r"|(?<![a-z])(?:[a-z0-9_]{0,30}(?:url|uri|endpoint|host|server|gateway|proxy|webhook"
    r"|callback|upstream|origin|base|baseurl|api)"
    r"|api_\w{1,20})[\"']?\]?[ \t]*(?::[ \t]*[\w<>*&. ]{1,20})?(?:=|:=|:|=>)[ \t]*$"
)
"""What stands before an address that is spoken to."""

_RESERVED = (
    r"(?i)(?:.*\.)?(?:localhost|local|internal|intranet|lan|corp|home|test|invalid|example"
    r"|localdomain|onion|svc|cluster|svc\.cluster\.local)"
    r"|(?:.*\.)?example\.(?:com|org|net|edu)|127\.\d+\.\d+\.\d+|10\.\d+\.\d+\.\d+"
    r"|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+|169\.254\.\d+\.\d+|0\.0\.0\.0"
    r"|\d+\.\d+\.\d+"
    r"|host\.docker\.internal|metadata\.google\.internal"
)
_NAMESPACES = (
    r"(?i)(?:www\.)?(?:w3\.org|purl\.org|xmlns\.com|schemas?\.\S+|java\.sun\.com"
    r"|xmlns\.jcp\.org|apache\.org|maven\.apache\.org|springframework\.org|json-schema\.org"
    r"|schema\.org|ogp\.me"
    r"|gnu\.org|opensource\.org|creativecommons\.org|relaxng\.org|docbook\.org"
    r"|oasis-open\.org|dublincore\.org|openxmlformats\.org|adobe\.com|ns\.adobe\.com|xml\.org"
    r"|iana\.org|inkscape\.org"
    r"|sodipodi\.sourceforge\.net|xmlsoap\.org|jabber\.org|a9\.com|search\.yahoo\.com"
    r"|itunes\.com|rdfs\.org|openid\.net|specs\.openid\.net|openlinksw\.com|hl7\.org"
    r"|etsi\.org|id\.loc\.gov"
    r"|(?:.*\.)?(?:w3|purl|xmlsoap|oasis-open|jcp|jboss|opengis)\.(?:org|net))"
)


def _urls(line: Line, options: Options) -> Iterator[Candidate]:
    for match in islice(regex(_URL).finditer(line.text), 8):
        start, end = match.span("url")
        if not line.zone_at(start) & Zone.STRING or not regex(_SPOKEN_TO).search(
            line.text[max(0, start - 201) : start - 1]
        ):
            continue
        host = match["host"]
        if not regex(r"(?:.*\.[A-Za-z][A-Za-z0-9-]{1,20}|\d+\.\d+\.\d+\.\d+)").fullmatch(host):
            continue
        fix = Fix("Use `https://`", False, (Edit(0, start, 0, start + 7, "https://"),))
        yield Candidate(start, end, {"host": host}, (fix,), host)


def _is_reserved(line: Line, candidate: Candidate, options: Options) -> bool:
    return regex(_RESERVED).fullmatch(candidate.value) is not None


def _is_namespace(line: Line, candidate: Candidate, options: Options) -> bool:
    named = regex(r"(?i)namespace|xmlns|schema|\bns\b|_ns\b|doctype|dtd|license").search(line.text)
    return named is not None or regex(_NAMESPACES).fullmatch(candidate.value) is not None


RULES = (
    rule(
        "cleartext-url",
        PROGRAMS,
        _urls,
        (r"[\"'`]http://",),
        (Excuse("reserved-host", _is_reserved), Excuse("namespace", _is_namespace)),
        zones=Zone.STRING,
    ),
)
