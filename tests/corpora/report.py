"""Prints what was found of the packages, and what the readers say of it."""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Sequence

from auto_enforcer.session import Shared, scanners
from corpora import reading, verdicts
from corpora.pins import PACKAGES
from corpora.reading import Read
from oracle.corpus import NotToBeHad

MOST_WARNED, MOST_OF_ONE_RULE = 5.0, 1.0
"""Warnings each 1,000 lines in the median package: of all rules, and of any one."""

_ROW = "{:<42}{:>8}{:>9}{:>9}{:>9}{:>10}{:>10}"


def main(arguments: list[str]) -> int:
    """0; 1 where a bound is passed, where something could not run or a package is not to be had."""
    parser = argparse.ArgumentParser(prog="tests --corpora")
    parser.add_argument("packages", nargs="*")
    parser.add_argument("--rows", action="store_true")
    parser.add_argument("--shares", action="store_true")
    asked = parser.parse_args(arguments)
    if asked.shares:
        return shares()
    shared = Shared(scanners())
    done, failed = list[Read](), 0
    for source in PACKAGES:
        package = reading.name(source)
        if asked.packages and not any(word in package for word in asked.packages):
            continue
        try:
            one = reading.read(source, shared)
        except NotToBeHad as error:
            print(f"{package}: {error}", file=sys.stderr)
            failed += 1
            continue
        done.append(one)
        failed += len(one.failures)
        if asked.rows:
            print_rows(one)
        else:
            print_package(one)
    if asked.rows or not done:
        return 1 if failed else 0
    above = print_medians(done)
    for place in (new := unread(done)):
        print(f"not read: {place}")
    return 1 if above or new or failed else 0


def print_rows(one: Read) -> None:
    """Each finding on a line."""
    for finding in one.findings:
        print(one.package, f"{finding.path}:{finding.line}", finding.rule, finding.severity, sep="\t")


def print_package(one: Read) -> None:
    """A package's counts, and those of its rules, the most frequent first."""
    if not one.findings and not one.lines:
        print(f"{one.package}: no programs")
        return
    print(_ROW.format(one.package, "files", "lines", "blocked", "warned", "B/1,000", "W/1,000"))
    print(_row("  all rules", one, "", one.files, one.lines))
    rules = {finding.rule for finding in one.findings}
    for rule in sorted(
        rules, key=lambda rule: (-one.count("blocked", rule) - one.count("warning", rule), rule)
    ):
        print(_row(f"  {rule}", one, rule, "", ""))
    for reason, count in sorted(one.skipped.items()):
        print(f"  skipped: {count} {reason}")
    for failure in one.failures:
        print(f"  failed: {failure}")
    print(flush=True)


def _row(title: str, one: Read, rule: str, files: object, lines: object) -> str:
    blocked, warned = one.count("blocked", rule), one.count("warning", rule)
    rates = f"{one.rate('blocked', rule):.2f}", f"{one.rate('warning', rule):.2f}"
    return _ROW.format(title, files, lines, blocked, warned, *rates)


def print_medians(done: Sequence[Read]) -> bool:
    """The medians over the packages that have programs, the sums of each rule; whether a bound is passed."""
    done = [one for one in done if one.lines]
    blocked = statistics.median(one.rate("blocked") for one in done)
    warned = statistics.median(one.rate("warning") for one in done)
    lines = sum(one.lines for one in done)
    print(f"{len(done)} packages, {lines} lines: in the median package, each 1,000 lines,")
    print(f"blocked {blocked:.2f}, warned {warned:.2f} (at most {MOST_WARNED:.0f})")
    print(f"\n{'rule':<42}{'blocked':>9}{'warned':>9}{'packages':>10}{'median':>9}{'worst':>9}")
    above = warned > MOST_WARNED
    for rule in sorted({finding.rule for one in done for finding in one.findings}):
        rates = [one.rate("warning", rule) for one in done]
        median = statistics.median(rates)
        above |= median > MOST_OF_ONE_RULE
        sums = [sum(one.count(severity, rule) for one in done) for severity in ("blocked", "warning")]
        packages = sum(any(finding.rule == rule for finding in one.findings) for one in done)
        note = "  above 1" if median > MOST_OF_ONE_RULE else ""
        print(f"{rule:<42}{sums[0]:>9}{sums[1]:>9}{packages:>10}{median:>9.2f}{max(rates):>9.2f}{note}")
    return above


def shares() -> int:
    """What the readers say, by rule; 1 where a rule is less trustworthy than it must be."""
    print(f"{'rule':<42}{'':>3}{'read':>6}{'first':>8}{'second':>8}{'true':>8}")
    bad = False
    for share in verdicts.shares():
        bad |= share.too_low
        note = "  too low" if share.too_low else ""
        counts = f"{share.read:>6}{share.first:>8}{share.second:>8}{share.both / share.read:>8.0%}"
        print(f"{share.rule:<42}{share.severity:>3}{counts}{note}")
    return int(bad)


def unread(done: Sequence[Read]) -> list[str]:
    """The blocked findings that nobody has read."""
    known = {(row.rule, row.place) for row in verdicts.read()}
    return [
        f"{finding.rule} {finding.place}"
        for one in done
        for finding in one.findings
        if finding.severity == "blocked" and (finding.rule, finding.place) not in known
    ]
