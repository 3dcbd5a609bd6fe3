"""Where things are kept of a workspace between runs, in the user's own folder, and how they are kept few."""

from __future__ import annotations

import os
import time

from auto_enforcer.hashing import begin, digest
from auto_enforcer.pattern_cache import user_cache_path

_SECONDS_LEFT_OVER = 86_400.0
"""After so long nobody writes a file any more whose writing was begun."""


def path_for(root: str, suffix: str) -> str:
    """The file that is kept for a workspace, by its absolute path; "" where the user has no place for it. Its
    name tells nobody which workspace it is."""
    folder = user_cache_path()
    if not folder:
        return ""
    return os.path.join(folder, digest(begin(root.encode("utf-8", "surrogatepass")))[:16].hex() + suffix)


def sweep(kept: str, suffix: str, most: int) -> None:
    """Remove, beside a file that was just written, what was begun and left, and those of its kind that were
    not written for longest, so that there are no more than `most`."""
    begun_before = time.time() - _SECONDS_LEFT_OVER
    folder, name = os.path.split(kept)
    try:
        with os.scandir(folder) as files:
            found = [
                (file.stat(follow_symlinks=False).st_mtime, file.path)
                for file in files
                if file.name != name and suffix in file.name
            ]
        finished = sorted(one for one in found if one[1].endswith(suffix))
        stale = finished[: max(0, len(finished) + 1 - most)]
        stale += (one for one in found if one[1].endswith(".tmp") and one[0] < begun_before)
        for _, path in stale:
            os.unlink(path)
    except OSError:
        pass
