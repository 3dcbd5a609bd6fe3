"""Dangerous calls and settings in Python: documents, archives, files and their modes."""

from __future__ import annotations

import re

from auto_enforcer.model import Candidate, Fact, Line
from auto_enforcer.rules._common import regex
from auto_enforcer.rules._kinds import said
from auto_enforcer.rules.security._imports import resolve
from auto_enforcer.rules.security._python import FACTS, PYTHON, call_of
from auto_enforcer.rules.security._shared import (
    CONSTANT,
    Called,
    around,
    calls,
    constant_name,
    either,
    rule,
    settings,
)

_XML = (
    r"lxml\.etree\.(?:parse|fromstring|XMLParser|XML|iterparse|XMLTreeBuilder|HTMLParser)"
    r"|etree\.(?:parse|fromstring|iterparse|XMLParser|XML)"
)
"""The parsers of the standard library resolve nothing outside of a document unless they are told to."""

_EXTERNAL = r"(?P<span>(?<![\w.])(?:\w{1,40}\.){0,6}feature_external_[gp]es[ \t]*,[ \t]*(?:True|1)\b)"


def _xxe(called: Called) -> Candidate | None:
    if (
        called.name.startswith("defusedxml")
        or not regex(_XML).fullmatch(called.name)
        or called.name.endswith("HTMLParser")
    ):
        return None
    entities = called.named("resolve_entities")
    told = (entities is not None and entities.code.strip() == "True") or regex(
        r"\b(?:load_dtd[ \t]*=[ \t]*True|no_network[ \t]*=[ \t]*False)\b"
    ).search(called.call.code)
    if "defusedxml" in "".join(called.line.facts("defused-xml")) and not told:
        return called.found("defused", advice="use `defusedxml`")
    if (called.name.endswith("XMLParser") and "lxml" in called.name) or entities is not None:
        off = (entities is not None and entities.code.strip() in ("False", '"internal"')) or regex(
            r"[\"']internal[\"']"
        ).search(called.call.text)
        return called.found("defused" if off else "", advice="pass `resolve_entities=False`")
    first = called.at(0)
    if called.named("parser") or called.at(1) is not None:
        return None
    constant = first is not None and (first.constant or constant_name(called.line, first.code))
    return called.found("constant" if constant else "", advice="use `defusedxml`")


_DEFUSED = Fact("defused-xml", r"^[ \t]{0,40}(?:from|import)[ \t]{1,4}(defusedxml)\b")


def _archive(called: Called) -> Candidate | None:
    if called.name == "shutil.unpack_archive":
        return called.found("filtered" if called.named("filter") else "", advice='pass `filter="data"`')
    if not called.match["call"].endswith(".extractall"):
        return None
    filtered = called.named("filter")
    unfiltered = filtered is not None and regex(r"""["']fully_trusted["']""").match(filtered.text)
    receiver = called.match["call"].rpartition(".")[0]
    near = around(called.line, 6) + "\n" + called.line.text_before(12)
    is_zip = regex(r"(?i)zip|zf\b|whl|wheel|\bz\b").search(receiver) or (
        regex(
            rf"(?i)\bzip\w*\.?\w*\([^\n]*\bas[ \t]+{re.escape(receiver)}\b"
            rf"|\b{re.escape(receiver)}[ \t]*=[ \t]*[^\n]*zip|7z|rar"
        ).search(near)
    )
    if is_zip:
        return called.found("zip-archive", advice='pass `filter="data"`')
    members = called.named("members") or called.at(1)
    if members is not None and not regex(r"(?:None|[\w.]+\.getmembers\(\))").fullmatch(members.code.strip()):
        return called.found("filtered", advice='pass `filter="data"`')
    fixes = (
        called.insertion("Extract data only", ', filter="data"' if called.arguments else 'filter="data"')
        if filtered is None
        else ()
    )
    return called.found(
        "filtered" if filtered and not unfiltered else "", fixes, advice='pass `filter="data"`'
    )


def _member(called: Called) -> Candidate | None:
    """One member of a tar archive, which the archive names: `tar.extract(member, folder)`."""
    first = called.at(0)
    if first is None or first.constant or constant_name(called.line, first.code):
        return None
    near = called.line.text_before(10)
    if not regex(r"\btarfile\b|\.getmembers\(").search(near):
        return None
    return called.found(
        "filtered" if called.named("filter") or regex(_LOOKED_AT).search(near) else "",
        fixes=called.insertion("Extract data only", ', filter="data"'),
        advice='pass `filter="data"`',
    )


_LOOKED_AT = (
    r"startswith|commonp|realpath|resolve|is_relative|abspath|\.is(?:file|reg|dir|dev)\(|\.\.|filter"
    r"|\.name[ \t]*=="
)
"""What is asked of a member's name or kind before it is extracted."""


def _temporary(called: Called) -> Candidate | None:
    name = called.name
    if name in ("tempfile.mktemp", "os.tempnam", "os.tmpnam"):
        if regex(r"\\\\\.\\+pipe").search(called.call.text):
            return None  # A pipe of Windows is no file.
        return called.found(advice="use `tempfile.NamedTemporaryFile` or `mkstemp`")
    if name in ("open", "io.open", "codecs.open"):
        first, mode = called.at(0), called.at(1) or called.named("mode")
        fixed = first is not None and regex(
            r"""[fFrR]{0,2}["'](?:/var)?/tmp/[\w.{}()\-/]+["']$|[fFrR]{0,2}["']/dev/shm/[\w.{}\-/]+["']$"""
        ).match(first.text)
        if not fixed or mode is None or not regex(r"""["'][rbt]*[wa+]""").match(mode.text):
            return None
        return called.found("exclusive" if "x" in mode.text else "", advice="use `tempfile`")
    return None


_MODE = (
    r"(?P<span>\b(?:chmod|fchmod|lchmod|mkdir|makedirs)[ \t]*\([^()\n]*(?:\([^()\n]*\)[^()\n]*){0,3}?(?:,"
    r"|mode[ \t]*=)[ \t]*(?:mode[ \t]*=[ \t]*)?"
    r"(?:0o?[0-7]{0,2}[0-7]{2}[2367]\b|511\b|438\b|stat\.S_IRWXO\b|[^,()\n]*\bS_IWOTH\b"
    r"|[^,()\n]*\bS_IRWXO\b)|\.chmod\([ \t]*(?:0o?[0-7]*[2367]\b|511\b)"
    r"|\bumask\([ \t]*0(?:o0*)?[ \t]*\))"
)


def _mode(line: Line, match: re.Match[str]) -> str:
    span = match["span"]
    if "umask" in span:
        # Asking for the mask sets it for a moment: that is an idiom.
        return (
            "asked" if regex(r"\w[ \t]*=[ \t]*(?:_?os\.)?$").search(line.text[: match.start("span")]) else ""
        )
    if regex(r"(?:mkdir|makedirs)\b").match(span):
        # What the mask takes away again.
        return "masked"
    if regex(r"[ \t]*[-&^]").match(line.text, match.end("span")):
        return "masked"
    if regex(r"0o?1[0-7]{3}\b").search(span):
        return "sticky"
    return ""


RULES = (
    rule(
        "xxe-parser",
        PYTHON,
        either(
            calls(call_of(r"parse|fromstring|iterparse|XMLParser|XML|XMLTreeBuilder"), _xxe, resolve),
            settings(_EXTERNAL, advice="leave it off"),
        ),
        (
            r"\betree\.(?:parse|fromstring|iterparse|XML)",
            r"\b[A-Z]\w{0,3}\.(?:parse|iterparse|XML)[ \t]*\(",
            r"\bfromstring[ \t]*\(",
            r"\biterparse[ \t]*\(",
            r"\bXMLParser[ \t]*\(",
            r"\bfeature_external_[gp]es\b",
        ),
        (CONSTANT, said("defused")),
        (*FACTS, _DEFUSED),
    ),
    rule(
        "archive-path-traversal",
        PYTHON,
        either(
            calls(
                (
                    r"(?P<call>(?<![\w.])(?:[A-Za-z_][\w.]*(?:\([^()\n]{0,80}\))?\.)?(?:extractall"
                    r"|unpack_archive))[ \t]*\("
                ),
                _archive,
                resolve,
            ),
            calls(r"(?P<call>(?<![\w.])(?:[A-Za-z_]\w*\.)*\w*tar\w*\.extract)[ \t]*\(", _member),
        ),
        (
            r"\bextractall[ \t]*\(",
            r"\bunpack_archive[ \t]*\(",
            r"tar\w{0,12}\.extract[ \t]*\(",
        ),
        (said("zip-archive"), said("filtered")),
        FACTS,
    ),
    rule(
        "temp-file-race",
        PYTHON,
        calls(call_of(r"mktemp|tempnam|tmpnam|open"), _temporary, resolve),
        (
            r"\bmktemp[ \t]*\(",
            r"\bte?mpnam[ \t]*\(",
            r"\bopen[ \t]*\([ \t]*\w{0,2}[\"'](?:/var)?/(?:tmp|dev/shm)/",
        ),
        (said("exclusive"),),
        FACTS,
    ),
    rule(
        "permissive-mode",
        PYTHON,
        settings(_MODE, _mode),
        (
            r"chmod[ \t]*\(",
            r"\bumask[ \t]*\(",
            r"\bmkdir[ \t]*\(",
            r"\bmakedirs[ \t]*\(",
        ),
        (said("asked"), said("masked"), said("sticky")),
    ),
)
