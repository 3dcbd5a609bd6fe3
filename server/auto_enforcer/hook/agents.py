"""The agents that there are adapters for, and what each adapter was written for."""

from __future__ import annotations

from auto_enforcer.model import NamedTuple


class About(NamedTuple):
    """What is known of an agent without its adapter, which is the module of this package by its name."""

    title: str
    version: str
    """What the adapter was written for."""
    document: str
    """Where that is described."""
    settings: str
    """The file of a project in which its hooks are set."""
    judged: str
    """The events to hook the command to."""


AGENTS = {
    "claude-code": About(
        "Claude Code",
        "2.1.240",
        "code.claude.com/docs/en/hooks, August 2026",
        ".claude/settings.json",
        "PreToolUse, PostToolUse, Stop, SubagentStop",
    ),
    "cursor": About(
        "Cursor",
        "hooks.json version 1",
        "cursor.com/docs/hooks, middle of 2026",
        ".cursor/hooks.json",
        "preToolUse, postToolUse, afterFileEdit, stop, subagentStop",
    ),
    "codex": About(
        "Codex CLI",
        "0.145",
        "codex-rs/hooks/schema/generated of openai/codex, 2026",
        ".codex/hooks.json",
        "PreToolUse, PostToolUse, Stop, SubagentStop",
    ),
    "copilot": About(
        "GitHub Copilot",
        "CLI 0.0.396 or later, hooks version 1",
        "docs.github.com/en/copilot/reference/hooks-reference, autumn of 2026",
        ".github/hooks/*.json",
        "preToolUse, postToolUse, agentStop, subagentStop, or PreToolUse, PostToolUse, Stop, SubagentStop",
    ),
    "gemini": About(
        "Gemini CLI",
        "0.56",
        "docs/hooks/reference.md of google-gemini/gemini-cli, August 2026",
        ".gemini/settings.json",
        "BeforeTool, AfterTool, AfterAgent",
    ),
}


def described() -> str:
    """The agents, for the command's help."""
    lines = ["agents, what each was written for, and where its hooks are set:"]
    for name, about in AGENTS.items():
        lines.append(f"  {name:12} {about.title}, {about.version} ({about.document})")
        lines.append(f"  {'':12} {about.settings}: {about.judged}")
    return "\n".join(lines)
