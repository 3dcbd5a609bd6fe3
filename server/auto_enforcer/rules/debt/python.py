"""Debt in Python."""

from __future__ import annotations

from auto_enforcer.rules.debt._shared import (
    HASH,
    commented_out_code,
    condition,
    skipped_test,
    unimplemented_body,
)

RULES = (
    skipped_test(
        ("python",),
        r"(?P<span>@(?:pytest\.)?mark\.(?:skip|xfail)(?:\( {0,4}\))?(?=\s{0,40}$)"
        r"|@(?:unittest\.)?skip(?:\( {0,4}(?:\"\"|'')? {0,4}\))?(?=\s{0,40}$)"
        r"|\b(?:pytest\.skip|self\.skipTest|unittest\.SkipTest)\( {0,4}(?:\"\"|'')? {0,4}\))",
        triggers=(
            r"mark\.(?:skip|xfail)\b",
            r"@(?:unittest\.)?skip\b",
            r"(?:pytest\.skip|skipTest|SkipTest)\(",
        ),
        excuses=(condition(r"^\s{0,80}(?:if|elif|except|else)\b.{0,200}:\s{0,8}$"),),
    ),
    unimplemented_body(
        ("python",),
        r"(?P<span>\braise NotImplementedError\b[^\n]{0,80})",
        triggers=(r"raise NotImplementedError",),
    ),
    commented_out_code(
        ("python",),
        HASH,
        r"(?:(?:import [\w.]{1,80}(?: as \w{1,40})?|from [\w.]{1,80} import [\w*, ()]{1,120})$"
        r"|(?:if|elif|for|while|with|def|class|async def|except|try|else|finally)\b[^#]{0,120}:$"
        r"|(?:return|raise|yield|assert|del|print)\b[ (][\w.(\[\"'{-].{0,120}$"
        r"|[A-Za-z_][\w.]{0,60}(?:\[[^\]]{1,40}\])? ?[-+*/|&]?= ?[\w.(\[\"'{-][^=]{0,120}$"
        r"|[A-Za-z_][\w.]{0,60}\([^)]{0,80}\)$)",
    ),
)
