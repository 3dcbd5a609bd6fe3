"""Debt in Rust."""

from __future__ import annotations

from auto_enforcer.rules.debt._shared import (
    SLASHES,
    commented_out_code,
    skipped_test,
    unimplemented_body,
)

RULES = (
    skipped_test(
        ("rust",),
        r"(?P<span>#\[ignore(?: ?= ?\" {0,4}\")?\])",
        triggers=(r"#\[ignore",),
    ),
    unimplemented_body(
        ("rust",),
        r"(?P<span>(?<![\w:])(?:(?:todo|unimplemented)!\("
        r"|panic!\(\"(?i:not (?:yet )?implemented|unimplemented|todo)\b)[^\n]{0,80})",
        triggers=(
            r"\b(?:todo|unimplemented)!\(",
            r"panic!\(\"(?i:not (?:yet )?implemented|unimplemented|todo)\b",
        ),
    ),
    commented_out_code(
        ("rust",),
        SLASHES,
        r"(?:(?:use|let|return|if|for|while|loop|match|fn|pub|impl|struct|enum|mod|const|static)\b.*[;{})]$"
        r"|[\w.\[\]*]{1,80} ?[-+*/|&]?= ?\S.*;$|[\w.:]{1,80}!?\(.*\);?$|\}\)?;?$|#\[.{1,120}\]$)",
    ),
)
