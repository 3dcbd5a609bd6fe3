"""The server's log: standard error and a file, and never a word of a document."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any

LEVELS = ("debug", "info", "warning", "error")
"""What `--log-level` takes, the most talkative first."""

_FORMAT = "%(asctime)s %(levelname)s %(message)s"


def start(level: str, path: str) -> logging.Logger:
    """Open the log. An empty path means standard error alone. Raises OSError when the file cannot be written.

    pygls, asyncio and cattrs log messages, parameters and exceptions' texts, all of which hold the user's
    text: they are silenced, and what goes wrong is logged here by `describe`.
    """
    logger = logging.getLogger("auto_enforcer")
    logger.setLevel(level.upper())
    logger.propagate = False
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    if path:
        handlers.append(logging.FileHandler(path, encoding="utf-8"))
    for handler in handlers:
        handler.setFormatter(logging.Formatter(_FORMAT))
        handler.setLevel(level.upper())
    logger.handlers[:] = handlers
    for name in ("pygls", "asyncio", "concurrent.futures", "cattrs"):
        foreign = logging.getLogger(name)
        foreign.handlers[:] = [logging.NullHandler()]
        foreign.propagate = False
        foreign.setLevel(logging.CRITICAL + 1)
    logging.raiseExceptions = False
    return logger


class Teller(logging.Handler):
    """Hands what is logged to a client that traces: warnings and errors as `window/logMessage`, the rest as
    `$/logTrace`, which with `verbose` says more, and where it was said. Made in the loop's thread."""

    def __init__(self, logger: logging.Logger, tell: Callable[[str, dict[str, Any]], None]) -> None:
        super().__init__()
        self._logger = logger
        self._level = logger.level
        self._tell = tell
        self._trace = "off"
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._telling = False

    def follow(self, trace: object) -> None:
        """Take over a level of tracing; one that is none counts as off."""
        self._trace = str(trace) if trace in ("messages", "verbose") else "off"
        verbose = self._trace == "verbose" and self._level != logging.NOTSET
        self._logger.setLevel(logging.DEBUG if verbose else self._level)

    def emit(self, record: logging.LogRecord) -> None:
        """Tell the client, unless this comes of telling it."""
        if self._trace == "off" or self._telling:
            return
        message = record.getMessage()
        if record.levelno >= logging.WARNING:
            kind = 1 if record.levelno >= logging.ERROR else 2
            said: tuple[str, dict[str, Any]] = ("window/logMessage", {"type": kind, "message": message})
        elif self._trace == "verbose":
            place = f"{record.levelname} in {record.module}.{record.funcName}"
            said = "$/logTrace", {"message": message, "verbose": place}
        else:
            said = "$/logTrace", {"message": message}
        if threading.get_ident() != self._thread:
            self._loop.call_soon_threadsafe(self._say, *said)
        else:
            self._say(*said)

    def _say(self, method: str, params: dict[str, Any]) -> None:
        self._telling = True
        try:
            self._tell(method, params)
        finally:
            self._telling = False


def describe(error: BaseException) -> str:
    """An exception's type and where it was raised. Not its text, which may quote a document."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    places = " < ".join(f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in reversed(frames))
    return f"{type(error).__name__} in {places}" if places else type(error).__name__
