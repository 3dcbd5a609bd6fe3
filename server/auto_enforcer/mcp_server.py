"""`auto-enforcer mcp`: the tools of `mcp_tools` over the Model Context Protocol, by its official SDK.

It speaks over standard input and output and nothing else, and opens no connection. The SDK is an optional
extra: it brings two dozen packages.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from typing import Any

from auto_enforcer import __version__
from auto_enforcer.cli_exit import CLEAN, UserError

MISSING = (
    "the SDK of the Model Context Protocol is not installed; install `auto-enforcer[mcp]`, or in a checkout"
    " `.venv/bin/python -m pip install --require-hashes -r mcp.lock`"
)

INSTRUCTIONS = (
    "Checks code against the team's policy. Check what you have written before you say that it is done, with"
    " `new` where there is a base to compare with. Mend what is blocked; do not suppress it: that is for a"
    " person to decide."
)


def add(mcp: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    mcp.add_argument(
        "folder",
        nargs="?",
        default=".",
        metavar="FOLDER",
        help="the folder to work in: no tool looks at anything else (default: the working folder)",
    )


def run(options: argparse.Namespace, command: Callable[[Sequence[str]], int]) -> int:
    """Serve until the client leaves. `command` is the command itself, by its arguments."""
    try:
        import anyio
        import mcp_types
        from mcp.server.lowlevel import Server
        from mcp.server.stdio import stdio_server
    except ImportError:
        raise UserError(MISSING) from None
    try:
        os.chdir(options.folder)
    except OSError as error:
        raise UserError(f"{options.folder}: {error.strerror}") from None
    from auto_enforcer import mcp_tools

    def described() -> list[Any]:
        hints = mcp_types.ToolAnnotations(
            read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
        )
        return [
            mcp_types.Tool(
                name=tool.name, description=tool.title, input_schema=tool.schema(), annotations=hints
            )
            for tool in mcp_tools.TOOLS
        ]

    async def on_list_tools(context: Any, params: Any) -> Any:
        return mcp_types.ListToolsResult(tools=described())

    async def on_call_tool(context: Any, params: Any) -> Any:
        told = await anyio.to_thread.run_sync(mcp_tools.call, params.name, params.arguments or {}, command)
        return mcp_types.CallToolResult(
            content=[mcp_types.TextContent(type="text", text=told.text)],
            structured_content=told.values,
            is_error=told.failed,
        )

    server: Any = Server(
        "auto-enforcer",
        version=__version__,
        instructions=INSTRUCTIONS,
        on_list_tools=on_list_tools,
        on_call_tool=on_call_tool,
    )

    async def serve() -> None:
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())

    anyio.run(serve)
    return CLEAN
