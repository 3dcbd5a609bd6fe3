"""Every block of every rule page, checked by the reference engine and by the real one."""

from __future__ import annotations

import os

import pytest

import page_checks
import page_engines
import pages
from effort import THOROUGH


@pytest.fixture(scope="module", autouse=True)
def _rewritten_on_request() -> None:
    asked = os.environ.get("AUTO_ENFORCER_REWRITE_PAGES", "").split(",")
    for family in pages.families():
        if family in asked or "1" in asked:
            page = pages.read(family)
            text = page_checks.rewritten(page, page_engines.with_reference)
            with open(page.path, "w", encoding="utf-8") as file:
                file.write(text)


def _sections() -> list[tuple[str, str]]:
    return [(family, section.rule) for family in pages.families() for section in pages.read(family).sections]


@pytest.mark.parametrize("family", pages.families())
def test_the_page_has_its_form(family: str) -> None:
    """A section a rule, its parts in order, every option named, nothing hidden in the text."""
    page_checks.check_page(pages.read(family))


@pytest.mark.parametrize(("family", "rule"), _sections())
def test_the_blocks_of_the_section_are_true(family: str, rule: str) -> None:
    """What is marked is found, the rest is silent, and each silence is one for the reason that it names. By
    default blocks that are written for many languages come in some of them: in all of them the section's own
    rules are held by the table's test."""
    page = pages.read(family)
    section = next(section for section in page.sections if section.rule == rule)
    for checker, most in ((page_engines.with_reference, 1), (page_engines.with_engine, 3)):
        some = None if THOROUGH else most
        page_checks.check_section(page, section, checker, page_checks.Tally(), some)


@pytest.mark.parametrize("family", pages.families())
def test_a_tick_in_the_table_stands_for_three_finds_and_three_near_misses(family: str) -> None:
    """And a blank has its reason below the table. What the rules say that a section does not speak of is
    held by the tests of each section."""
    page = pages.read(family)
    tally = page_checks.Tally()
    for section in page.sections:
        spoken_of = {section.rule, *(found[3] for block in section.blocks for found, _ in block.expected)}
        page_checks.check_section(page, section, page_engines.limited(spoken_of), tally)
    page_checks.check_table(page, tally)
