"""Publishes what changed: at once, once, whole, for the newest version."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from auto_enforcer.lsp.channel import Channel
from auto_enforcer.lsp.logs import describe
from auto_enforcer.lsp.workspace import OpenDocument

LONGEST_WAIT = 0.05
"""Seconds that a stream of input without a gap may hold back what is ready."""

logger = logging.getLogger("auto_enforcer")


class Publisher:
    """A list of documents that wait to be published, and the turns of the loop in which that happens.

    An edit alone is answered within the two turns that it takes to see that no further input is there: the
    loop looks for input once in each. Work that goes on through a file is done in slices, one a turn, so that
    the next edit comes in between and goes on from there. What somebody types in goes before all else, of
    which there may be much: the cells of a notebook that was opened.
    """

    def __init__(self, channel: Channel, publish: Callable[[OpenDocument], None]) -> None:
        self._channel = channel
        self._publish = publish
        self._loop = asyncio.get_running_loop()
        self._edited: dict[str, OpenDocument] = {}
        self._waiting: dict[str, OpenDocument] = {}
        self._armed = False
        self._input_count = 0
        self._input_seen = 0
        self._since = 0.0
        channel.drained = self._arm

    def note_input(self) -> None:
        """Something was read: more may follow."""
        self._input_count += 1

    def add(self, opened: OpenDocument, *, edited: bool = False) -> None:
        """Publish this document soon; one that was `edited` before others."""
        if not (self._edited or self._waiting):
            self._since = time.monotonic()
        if edited or opened.uri in self._edited:
            self._edited[opened.uri] = opened
            self._waiting.pop(opened.uri, None)
        else:
            self._waiting[opened.uri] = opened
        self._arm()

    def remove(self, opened: OpenDocument) -> None:
        """Do not publish it any more."""
        self._edited.pop(opened.uri, None)
        self._waiting.pop(opened.uri, None)

    def _arm(self) -> None:
        if (self._edited or self._waiting) and not self._armed:
            self._armed = True
            self._input_seen = self._input_count
            self._loop.call_soon(self._look)

    def _look(self) -> None:
        """Stands between two turns: the loop has looked for input once more when the next one comes."""
        self._loop.call_soon(self._turn)

    def _turn(self) -> None:
        self._armed = False
        waiting = self._edited or self._waiting
        if not waiting:
            return
        flooded = self._input_count != self._input_seen and time.monotonic() - self._since < LONGEST_WAIT
        if flooded:
            self._arm()
            return
        uri = next(iter(waiting))
        opened = waiting.pop(uri)
        if not advanced(opened):
            waiting[uri] = opened
        elif not self._channel.idle:
            waiting[uri] = opened
            return  # armed again when what was written has left
        else:
            self._publish(opened)
            self._since = time.monotonic()
        self._arm()


def advanced(opened: OpenDocument) -> bool:
    """Do a slice of a document's pending work, if it has any; whether none is left."""
    if opened.failed or not opened.document.pending:
        return True
    try:
        return opened.document.advance()
    except Exception as error:  # noqa: BLE001 - a fault in one document must not end the server; it is shown there
        opened.failed = type(error).__name__
        logger.error("a document could not be checked: %s", describe(error))
        return True
