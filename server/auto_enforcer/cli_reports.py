"""What each format of `check` needs beside what was found."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from auto_enforcer import __version__
from auto_enforcer.cli_files import today
from auto_enforcer.model import Report, Row
from auto_enforcer.render.items import Item, RuleInfo, Tally
from auto_enforcer.workspaces import Workspaces

if TYPE_CHECKING:
    from auto_enforcer.history import Point


def rendered(
    format: str,
    items: Iterable[Item],
    tally: Tally,
    workspaces: Workspaces,
    rules: Mapping[str, RuleInfo],
    fingerprint: Callable[[Report, Row], str],
    points: Sequence[Point],
) -> Iterator[str]:
    """The chunks of a report in one of the formats that other tools read. `points` are the counts of other
    days; they may come to be more while the items are used up."""
    if format == "github":
        from auto_enforcer.render import github

        return github.render(items, tally)
    if format == "gitlab":
        from auto_enforcer.render import gitlab

        return gitlab.render(items, tally, fingerprint=fingerprint)
    if format == "junit":
        from auto_enforcer.render import junit

        return junit.render(items, tally, version=__version__, at=_now())
    if format == "rdjson":
        from auto_enforcer.cli_lines import Lines
        from auto_enforcer.render import rdjson

        lines = Lines(workspaces, today() or date.today())
        return rdjson.render(items, tally, rules=rules, text=lines.text, is_harmless=lines.is_harmless)
    if format == "html":
        from auto_enforcer.cli_lines import Lines
        from auto_enforcer.render import html

        day = today() or date.today()
        about = html.About(os.path.basename(os.getcwd()), str(day), __version__)
        quote = Lines(workspaces, day).quoted
        return html.render(items, tally, about=about, rules=rules, quote=quote, history=points)
    if format == "markdown":
        from auto_enforcer.render import markdown

        return markdown.render(items, tally)
    from auto_enforcer.render import checkstyle

    return checkstyle.render(items, tally, version=__version__)


def _now() -> str:
    """When the run began, in UTC; of a day that was said, its beginning."""
    day = today()
    return f"{day}T00:00:00" if day is not None else time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
