"""Tells when the process that started the server is gone, without a thread."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from typing import Any

INTERVAL = 2.0
"""Seconds between two looks, where the system cannot tell by itself."""


def watch(process_id: int, gone: Callable[[], None]) -> bool:
    """Call `gone` once on the running loop when the process has ended.

    False, and nothing is watched, if there is no such process: the client lives (it has just spoken), so the
    number is from another machine or container, and only the end of the input can tell.
    """
    loop = asyncio.get_running_loop()
    if sys.platform == "win32":
        return _watch_windows(process_id, gone, loop)
    if sys.platform == "darwin":
        return _watch_macos(process_id, gone, loop)
    if hasattr(os, "pidfd_open"):
        try:
            descriptor = os.pidfd_open(process_id)
        except ProcessLookupError:
            return False
        except OSError:  # an old kernel, or a sandbox that forbids it
            return _watch_by_looking(process_id, gone, loop)

        def ended() -> None:
            loop.remove_reader(descriptor)
            os.close(descriptor)
            gone()

        loop.add_reader(descriptor, ended)
        return True
    return _watch_by_looking(process_id, gone, loop)


def _watch_by_looking(process_id: int, gone: Callable[[], None], loop: asyncio.AbstractEventLoop) -> bool:
    """By its number as our parent's, which no other process can take unseen, or by its birth in `/proc`."""
    if process_id == os.getppid():
        return _poll(lambda: os.getppid() == process_id, gone, loop)
    born = _born(process_id)
    return bool(born) and _poll(lambda: _born(process_id) == born, gone, loop)


def _born(process_id: int) -> str:
    """When a process began, as the kernel counts; "" if there is none, or if it waits for its parent only."""
    try:
        with open(f"/proc/{process_id}/stat", encoding="ascii", errors="replace") as file:
            # The name in parentheses may hold blanks and parentheses.
            state, *numbers = file.read().rpartition(")")[2].split()
    except (OSError, ValueError):
        return ""
    return "" if state in "ZX" or len(numbers) < 19 else numbers[18]


def _watch_macos(process_id: int, gone: Callable[[], None], loop: asyncio.AbstractEventLoop) -> bool:
    """By an event that tells its end."""
    import select

    kernel: Any = select  # other systems' module lacks these names
    queue = kernel.kqueue()
    event = kernel.kevent(process_id, kernel.KQ_FILTER_PROC, kernel.KQ_EV_ADD, kernel.KQ_NOTE_EXIT)
    try:
        queue.control([event], 0)
    except OSError:
        queue.close()
        return False
    return _poll(lambda: not queue.control(None, 1, 0), gone, loop)


def _watch_windows(process_id: int, gone: Callable[[], None], loop: asyncio.AbstractEventLoop) -> bool:
    """By a handle, never by `os.kill`, which ends the process there whatever the signal."""
    import ctypes

    synchronize, timed_out = 0x00100000, 0x00000102
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
    kernel.OpenProcess.restype = ctypes.c_void_p
    kernel.WaitForSingleObject.argtypes = (ctypes.c_void_p, ctypes.c_uint32)
    handle = kernel.OpenProcess(synchronize, False, process_id)
    if not handle:
        return False
    return _poll(lambda: kernel.WaitForSingleObject(handle, 0) == timed_out, gone, loop)


def _poll(lives: Callable[[], bool], gone: Callable[[], None], loop: asyncio.AbstractEventLoop) -> bool:
    if not lives():
        return False

    def look() -> None:
        if lives():
            loop.call_later(INTERVAL, look)
        else:
            gone()

    loop.call_later(INTERVAL, look)
    return True
