"""Debt in JavaScript, TypeScript and the scripts of Vue and Svelte."""

from __future__ import annotations

from auto_enforcer.rules.debt._shared import (
    SLASHES,
    commented_out_code,
    focused_test,
    skipped_test,
    unimplemented_body,
)

_LANGUAGES = ("javascript", "typescript", "javascriptreact", "typescriptreact", "vue", "svelte")
_GROUPS = "it|test|describe|context|suite|specify|bench|feature|scenario"
_TITLE = r"\( {0,4}(?:[\"'`]|$)"

RULES = (
    focused_test(
        _LANGUAGES,
        rf"(?<![\w.$])(?P<span>(?:(?:{_GROUPS})(?:\.[a-z]{{1,12}}){{0,3}}\.only(?:\.each)?(?= ?[(`]))"
        r"|f(?:it|describe|context)(?:\.each)?(?= ?\( {0,4}[\"'`]))",
        triggers=(
            rf"\b(?:{_GROUPS})(?:\.[a-z]{{1,12}}){{0,3}}\.only(?:\.each)? ?[(`]",
            r"\bf(?:it|describe|context)(?:\.each)? ?\(",
        ),
    ),
    skipped_test(
        _LANGUAGES,
        rf"(?<![\w.$])(?P<span>(?:(?:{_GROUPS})(?:\.[a-z]{{1,12}}){{0,3}}\.skip"
        rf"|x(?:it|describe|context|specify|test))(?:\.each(?= ?[(`]))?)(?= ?{_TITLE}|(?<=each))",
        triggers=(
            rf"\b(?:{_GROUPS})(?:\.[a-z]{{1,12}}){{0,3}}\.skip(?:\.each)? ?\(",
            r"\bx(?:it|describe|context|specify|test)(?:\.each)? ?\(",
        ),
    ),
    unimplemented_body(
        _LANGUAGES,
        r"(?P<span>\bthrow (?:new )?(?:\w{0,20}Error)\([\"'`](?i:(?:method |function )?not (?:yet )?"
        r"implemented|unimplemented|todo)\b[^\n]{0,80})",
        triggers=(
            r"throw (?:new )?\w{0,20}Error\([\"'`]"
            r"(?i:(?:method |function )?not (?:yet )?implemented|unimplemented|todo)\b",
        ),
    ),
    commented_out_code(
        _LANGUAGES,
        SLASHES,
        r"(?:(?:import|export|const|let|var|return|throw|await|if|for|while|switch|function|async|class"
        r"|this|else"
        r"|try|catch|case)\b.*[;{})]$|[\w$.\[\]]{1,80} ?[-+*/|&?]{0,2}= ?\S.*;$|[\w$.]{1,80}\(.*\);?$"
        r"|\}\)?;?$|\} else)",
    ),
)
