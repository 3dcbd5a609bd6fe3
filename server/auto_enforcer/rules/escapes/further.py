"""Escapes of the checkers of data, documents, styles and the languages that have few."""

from __future__ import annotations

from auto_enforcer.rules.escapes._shared import (
    DASHES,
    HASH,
    MARKUP,
    SLASHES,
    STYLE,
    Escape,
    escape_rules,
    everywhere,
)

_NAMES = r"[ \t]+[@A-Za-z][\w@/-]*(?:[ \t]*,?[ \t]+[A-Za-z][\w@/-]*)*"

_MARKS = r"(?:[ \t]+(?:MD\d{3}|[a-z]+-[a-z-]+)(?![\w-]))+"

_YAML = (
    Escape(
        HASH,
        r"yamllint[ \t]+disable(?:-line|-file)?\b",
        r"[ \t]+rule:[\w-]+",
        advice="# yamllint disable rule:line-length",
    ),
    Escape(
        HASH, r"noqa\b", r"[ \t]*+(?::[ \t]*+)?[A-Za-z][\w-]*(?:\[[\w-]+\])?", advice="# noqa: name[casing]"
    ),
    Escape(HASH, r"(?:trivy|tfsec):[ \t]*ignore:\*", advice="# trivy:ignore:AVD-AWS-0086"),
    Escape(HASH, r"kics-scan[ \t]+ignore(?:-line|-block)?\b", words_do=True),
    *everywhere(HASH),
)
_TERRAFORM = tuple(
    way._replace(opener=r"(?:#|//)[ \t]*")
    for way in (
        Escape(HASH, r"(?:trivy|tfsec):[ \t]*ignore:\*", advice="#trivy:ignore:AVD-AWS-0086"),
        Escape(HASH, r"tflint-ignore(?:-file)?:[ \t]*all\b", advice="# tflint-ignore: terraform_naming"),
        Escape(HASH, r"kics-scan[ \t]+ignore(?:-line|-block)?\b", words_do=True),
        *everywhere(HASH),
    )
)
_MARKDOWN = (
    Escape(
        MARKUP,
        r"markdownlint-disable(?:-line|-next-line|-file)?\b",
        _MARKS,
        advice="<!-- markdownlint-disable-next-line MD013 -->",
    ),
    Escape(MARKUP, r"vale[ \t]+off\b", advice="<!-- vale Style.Rule = NO -->"),
    Escape(MARKUP, r"textlint-disable\b", _NAMES, advice="<!-- textlint-disable rule -->"),
)
_STYLE = (
    Escape(
        STYLE,
        r"stylelint-disable(?:-line|-next-line)?\b",
        _NAMES,
        advice="stylelint-disable-next-line color-named",
    ),
    Escape(STYLE, r"sass-lint:disable-all\b", advice="sass-lint:disable-line no-ids"),
    Escape(STYLE, r"scss-lint:disable[ \t]+all\b", advice="scss-lint:disable IdSelector"),
    *everywhere(STYLE),
)
_LUA = (
    Escape(DASHES, r"luacheck:[ \t]*ignore\b", r"[ \t]+[\w./]+", advice="-- luacheck: ignore 212"),
    Escape(
        DASHES,
        r"@diagnostic[ \t]+disable(?:-next-line|-line)?\b",
        r"[ \t]*:[ \t]*[\w-]+",
        advice="---@diagnostic disable: undefined-global",
    ),
    *everywhere(DASHES),
)
_PERL = (
    Escape(
        HASH, r"no[ \t]+critic\b", r"[ \t]*(?:\(|qw\b|[\"'])[^\n]*", advice="## no critic (RequireUseStrict)"
    ),
    *everywhere(HASH),
)
_ELIXIR = (
    Escape(
        HASH,
        r"credo:disable-for-(?:this-file|next-line|previous-line|lines:-?\d+)",
        r"[ \t]+[A-Z/~][\w./]*",
        advice="# credo:disable-for-next-line Credo.Check.Design.TagTODO",
    ),
    *everywhere(HASH),
)
_DART = (
    Escape(SLASHES, r"ignore(?:_for_file)?:[ \t]*type=lint\b", advice="// ignore: avoid_print"),
    *everywhere(SLASHES),
)

_DOCKERFILE = (
    Escape(HASH, r"check=skip=all\b", advice="# check=skip=JSONArgsRecommended"),
    *everywhere(HASH),
)

_BY_LANGUAGE = {
    "yaml": _YAML,
    "terraform": _TERRAFORM,
    "markdown": _MARKDOWN,
    "css": _STYLE,
    "scss": _STYLE,
    "less": _STYLE,
    "lua": _LUA,
    "perl": _PERL,
    "elixir": _ELIXIR,
    "dart": _DART,
    "dockerfile": _DOCKERFILE,
}

RULES = escape_rules(tuple(_BY_LANGUAGE), _BY_LANGUAGE)
