"""Debt in PHP."""

from __future__ import annotations

from auto_enforcer.rules.debt._shared import (
    EITHER,
    commented_out_code,
    condition,
    focused_test,
    skipped_test,
    unimplemented_body,
)

RULES = (
    focused_test(
        ("php",),
        r"^\s*(?:\}?\)|(?:it|test|describe)\([^\n]{1,200}\))(?P<span>->only\(\))",
        triggers=(r"->only\(\)",),
    ),
    skipped_test(
        ("php",),
        r"(?P<span>(?:->|\b(?:self|static)::)markTest(?:Skipped|Incomplete)\( {0,4}(?:''|\"\")? {0,4}\)"
        r"|(?<=\))->skip\( {0,4}\)(?=;))",
        triggers=(r"markTest(?:Skipped|Incomplete)\(", r"->skip\( {0,4}\)"),
        excuses=(condition(r"\b(?:if|else|elseif|catch)\b"),),
    ),
    unimplemented_body(
        ("php",),
        r"(?P<span>\bthrow new \\?(?:\w{0,20}Exception)\([\"'](?i:not (?:yet )?implemented"
        r"|unimplemented|todo)\b[^\n]{0,80})",
        triggers=(r"(?i)Exception\([\"'](?:not (?:yet )?implemented|unimplemented|todo)",),
    ),
    commented_out_code(
        ("php",),
        EITHER,
        r"(?:(?:use|namespace|return|throw|if|for|foreach|while|switch|function|public|private"
        r"|protected|echo|else)\b.*[;{})]$"
        r"|\$[\w>\[\]'\"-]{1,80} ?[-+*/|&.?]{0,2}= ?\S.*;$|[$\w>:-]{1,80}\(.*\);?$|\}\)?;?$)",
    ),
)
