"""`auto-enforcer lsp`: the command line of the server, and its start."""

from __future__ import annotations

import argparse
import asyncio
import gc
import linecache
import logging
import signal
import sys
import time
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from auto_enforcer import clock
from auto_enforcer.cli_exit import UserError
from auto_enforcer.cli_parser import Parser
from auto_enforcer.lsp import channel, logs

if TYPE_CHECKING:
    from auto_enforcer.lsp.client import Client
    from auto_enforcer.lsp.language_server import Server
    from auto_enforcer.lsp.team import Teller
    from auto_enforcer.lsp.workspace import OpenDocument
    from auto_enforcer.session import Session, Shared


def main(arguments: Sequence[str]) -> int:
    """Serve one client until it ends the session. 0 if it did so by the protocol's rules, 1 if it vanished, 2
    if the server could not begin."""
    try:
        options = _parser().parsed(arguments)
    except UserError as error:
        _say(str(error))
        return 2
    try:
        now = time.time if clock.fixed_day() is None else None
    except ValueError as error:
        _say(str(error))
        return 2
    standard = channel.take_standard_streams() if options.tcp is None else None
    try:
        logger = logs.start(options.log_level, options.log_file)
    except OSError as error:
        _say(f"cannot write the log file: {error.strerror}")
        return 2
    try:
        return asyncio.run(_serve(options, standard, now))
    except OSError as error:
        _say(f"cannot serve: {error.strerror or error}")
        return 2
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 - its text may quote a document, so no traceback is printed
        logger.error("the server failed: %s", logs.describe(error))
        return 1


def _say(sentence: str) -> None:
    sys.stderr.write(f"auto-enforcer: {sentence}\n")
    sys.stderr.flush()


def _parser() -> Parser:
    parser = Parser("auto-enforcer lsp", "Serve an editor over standard input and output.")
    parser.add_argument(
        "--stdio", action="store_true", help="standard input and output, which is the default"
    )
    parser.add_argument(
        "--tcp",
        metavar="HOST:PORT",
        type=_address,
        help="wait there for one client instead; port 0 takes a free one",
    )
    parser.add_argument("--log-file", metavar="FILE", default="", help="write the log there too")
    parser.add_argument("--log-level", choices=logs.LEVELS, default="info", help="default: %(default)s")
    parser.add_argument("--clientProcessId", dest="client", type=int, help=argparse.SUPPRESS)
    return parser


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit() or int(port) > 65535:
        raise argparse.ArgumentTypeError("takes HOST:PORT")
    return host.strip("[]") or "127.0.0.1", int(port)


async def _serve(
    options: argparse.Namespace, standard: tuple[int, int] | None, now: Callable[[], float] | None
) -> int:
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_report)
    from auto_enforcer.lsp.language_server import Server

    server = Server(_begin, _tags, now, _told)
    linecache.clearcache()  # attrs puts the text there of all that it has written for the protocol's types
    gc.freeze()  # what was imported lasts: no collection between two keystrokes need look at it
    if standard is not None:
        stdio = channel.StdioChannel(*standard)
        serving = asyncio.ensure_future(server.serve(stdio))
        loop.call_soon(stdio.open)
        _heed_termination(loop, server)
        return await serving
    client = await _accept(*options.tcp)
    _heed_termination(loop, server)
    return await server.serve(client)


def _heed_termination(loop: asyncio.AbstractEventLoop, server: Server) -> None:
    """Let the system's wish that the process ends be heard in a turn of the loop, where it can be."""
    try:
        loop.add_signal_handler(signal.SIGTERM, server.terminated)
    except NotImplementedError:  # Windows ends the process at once
        return


async def _accept(host: str, port: int) -> channel.TcpChannel:
    """Wait for the first client; no second is let in."""
    loop = asyncio.get_running_loop()
    accepted: asyncio.Future[channel.TcpChannel] = loop.create_future()

    def connect() -> asyncio.Protocol:
        if accepted.done():
            return _Refusal()
        client = channel.TcpChannel()
        accepted.set_result(client)
        return client

    listener = await loop.create_server(connect, host, port)
    address = listener.sockets[0].getsockname()
    _say(f"listening on {address[0]}:{address[1]}")
    client = await accepted
    listener.close()
    return client


class _Refusal(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()


def _report(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What a callback of the loop raised; asyncio's own report would print its arguments."""
    error = context.get("exception")
    logging.getLogger("auto_enforcer").error(
        "the loop: %s", logs.describe(error) if error else "no exception"
    )


def _begin(root: str) -> Session:
    """A folder's session, or that of a file outside of all. Rules and engine are imported here, after
    `initialize` was answered."""
    from auto_enforcer.session import Session

    session = Session(root, today=clock.fixed_day(), shared=_shared())
    session.compare()
    return session


@cache
def _shared() -> Shared:
    """Scanners and plans: the session of each file outside of all folders would hold 2 MB of its own."""
    from auto_enforcer.pattern_cache import CacheDirectory
    from auto_enforcer.session import Shared, scanners

    log = logging.getLogger("auto_enforcer")
    return Shared(scanners(CacheDirectory(log=log.warning)), log=log.info)


def _told(opened: OpenDocument, client: Client) -> Teller:
    from auto_enforcer.lsp.team import Teller

    return Teller(opened, related=client.relates)


def _tags(rule: str) -> Sequence[str]:
    from auto_enforcer import catalog

    entry = catalog.entries().get(rule)
    return entry.tags if entry is not None else ()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
