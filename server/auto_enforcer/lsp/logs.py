"""The server's log: standard error and a file, and never a word of a document."""

from __future__ import annotations

import logging
import sys
import traceback

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
    logger.handlers[:] = handlers
    for name in ("pygls", "asyncio", "concurrent.futures", "cattrs"):
        foreign = logging.getLogger(name)
        foreign.handlers[:] = [logging.NullHandler()]
        foreign.propagate = False
        foreign.setLevel(logging.CRITICAL + 1)
    logging.raiseExceptions = False
    return logger


def describe(error: BaseException) -> str:
    """An exception's type and where it was raised. Not its text, which may quote a document."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    places = " < ".join(f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in reversed(frames))
    return f"{type(error).__name__} in {places}" if places else type(error).__name__
