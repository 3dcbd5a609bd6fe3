"""Escapes of the checkers of JavaScript, TypeScript, Vue and Svelte."""

from __future__ import annotations

from auto_enforcer.rules.escapes._shared import Escape, escape_rules, everywhere

_OPENER = r"(?:/[/*]|<!--|\*|^)[ \t]*"
_NAMES = r"[ \t]+[@A-Za-z][\w@/.-]*(?:[ \t]*,[ \t]*[@\w][\w@/.-]*)*"
_NUMBERED = r"[ \t]*+(?::[ \t]*+)?\(?(?:TS)?\(?\d{4,5}\)?"

RULES = escape_rules(
    ("javascript", "javascriptreact", "typescript", "typescriptreact", "vue", "svelte"),
    (
        Escape(_OPENER, r"@ts-(?:ignore|expect-error)\b", _NUMBERED, words_do=True),
        Escape(
            _OPENER,
            r"(?:eslint|oxlint)-disable(?:-next-line|-line)?\b",
            _NAMES,
            advice="eslint-disable-next-line no-alert",
        ),
        Escape(
            _OPENER,
            r"tslint:[ \t]*disable(?:-next-line|-line)?\b",
            r":?[ \t]*[A-Za-z][\w-]*",
            advice="tslint:disable-next-line:no-any",
        ),
        Escape(_OPENER, r"jshint[ \t]+ignore:[ \t]*(?:line|start)\b", words_do=True),
        Escape(
            _OPENER,
            r"biome-ignore(?:-all|-start)?\b",
            r"[ \t]+(?:lint(?:/\w+){0,2}|format|assist(?:/\w+){0,2}|syntax|suppressions(?:/\w+)?|parse)\b",
            every=r"lint$",
            advice="biome-ignore lint/group/rule: reason",
        ),
        Escape(_OPENER, r"deno-lint-ignore(?:-file)?\b", _NAMES, advice="deno-lint-ignore no-explicit-any"),
        Escape(
            _OPENER,
            r"\$Flow(?:FixMe|Ignore|Issue|ExpectedError)\b",
            r"[ \t]*\[[\w-]+\]",
            advice="$FlowFixMe[code]",
            words_do=True,
        ),
        *everywhere(_OPENER),
    ),
)
