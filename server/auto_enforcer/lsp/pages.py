"""Where a rule is explained: its section of its family's page, which is shipped with the rules."""

from __future__ import annotations

import os
from functools import lru_cache

from auto_enforcer import catalog_pages, pattern_compiler
from auto_enforcer.lsp.positions import uri_of
from auto_enforcer.pattern_cache import user_cache_path

PAGES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "rules")
"""The folder of the families. The pages are linked as files, which works without a network."""


@lru_cache(maxsize=512)
def page_of(rule: str) -> str:
    """The URI of a rule's section, as `#L` and the 1-based line of its heading; empty if it has no page."""
    family = rule.partition("/")[0]
    sections = _sections(family)
    if sections is None:
        return ""
    line = sections.get(rule)
    page = uri_of(_path(family))
    return page if line is None else f"{page}#L{line}"


def shown(rule: str) -> tuple[str, int]:
    """The URI of a page as people read it, and the 0-based line of a rule's section; ("", 0) where there is
    no page. It is kept in the user's cache; where nothing can be, the page is the one that is shipped."""
    uri, _, line = page_of(rule).partition("#L")
    family = rule.partition("/")[0]
    place = user_cache_path()
    if not uri or not line or not place:
        return uri, int(line or 1) - 1
    text = catalog_pages.family_page(family)
    path = os.path.join(place, "pages", f"{family}.md")
    try:
        if _read(path) != text:
            pattern_compiler.write(path, text.encode())
    except OSError:
        return uri, int(line) - 1
    return uri_of(path), text.split("\n").index(f"## {rule}")


def _read(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8", newline="") as page:
            return page.read()
    except (OSError, UnicodeDecodeError):
        return None


@lru_cache(maxsize=64)
def _sections(family: str) -> dict[str, int] | None:
    if not family.replace("-", "").isalnum():
        return None
    try:
        with open(_path(family), encoding="utf-8") as page:
            return {
                line[3:].strip().strip("`"): number
                for number, line in enumerate(page, 1)
                if line.startswith("## ")
            }
    except OSError:
        return None


def _path(family: str) -> str:
    return os.path.join(PAGES, family, f"{family}.md")
