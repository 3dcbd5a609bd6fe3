"""Counts what the engine finds of the labelled sets, and what it finds beside them."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from auto_enforcer.session import Session
from labelled import sets

TODAY = date(2026, 11, 22)
POLICY = 'extends = "all"\n'

_ROW = "{:<36}{:>7}{:>7}{:>8}{:>7}{:>12}{:>9}{:>11}"
HEAD = _ROW.format("", "finds", "found", "missed", "false", "near misses", "recall", "precision")


@dataclass(slots=True)
class Score:
    """What became of a rule's labels, or of several rules'. `false` are violations without a label."""

    finds: int = 0
    found: int = 0
    false: int = 0
    near_misses: int = 0

    @property
    def recall(self) -> float | None:
        """The part of the finds that was found; None where there are none."""
        return self.found / self.finds if self.finds else None

    @property
    def precision(self) -> float | None:
        """The part of the violations that has a label; None where there are none."""
        every = self.found + self.false
        return self.found / every if every else None

    def add(self, other: Score) -> None:
        """Counts another one in."""
        self.finds += other.finds
        self.found += other.found
        self.false += other.false
        self.near_misses += other.near_misses


@dataclass(slots=True)
class Result:
    """What became of a file: the scores by rule, and a sentence for each find missed and each false one."""

    scores: dict[str, Score] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    """What could not run."""

    def score(self, rule: str) -> Score:
        """A rule's, begun where there is none."""
        return self.scores.setdefault(rule, Score())


class Checker:
    """Checks cases as files of a workspace whose policy has every rule on, also those off by default."""

    def __init__(self, root: str, family: str) -> None:
        """`root` is a folder of its own, which is written to."""
        with open(os.path.join(root, "enforcer.toml"), "w", encoding="utf-8") as file:
            file.write(POLICY + sets.options(family))
        self._family = family
        self._session = Session(root, today=TODAY, only=[family])
        self._session.policy(os.path.join(root, "any"))
        if problems := list(self._session.problems()):
            raise RuntimeError(f"{family}/policy.toml: {problems[0]}")
        self.failures: list[str] = []
        """What could not run, and in which case."""

    def violations(self, case: sets.Case) -> set[tuple[str, int]]:
        """The family's violations: the rule and the line, from 1."""
        data = case.text.encode()
        checked = self._session.check_chunks(case.path, [data], lambda: [data])
        if checked.report is None:
            raise RuntimeError(f"{case.place}: not checked: {checked.skipped}")
        self.failures += [f"{case.place}: {failure.reason}" for failure in self._session.failures]
        self._session.failures.clear()
        return {
            (row.violation.rule, row.number + 1)
            for row, _ in checked.report.rows
            if row.violation.rule.startswith(f"{self._family}/")
        }


def judge(case: sets.Case, violations: Iterable[tuple[str, int]], result: Result) -> None:
    """Counts a case's violations into a result."""
    found: set[tuple[str, int]] = set()
    for rule, line in sorted(violations):
        meant = (rule, case.stand_ins.get((rule, line), line))
        if meant in case.finds:
            found.add(meant)
        else:
            result.score(rule).false += 1
            result.sentences.append(_sentence("false ", case, rule, line))
    for rule, line in sorted(case.finds):
        score = result.score(rule)
        score.finds += 1
        score.found += (rule, line) in found
        if (rule, line) not in found:
            result.sentences.append(_sentence("missed", case, rule, line))
    for rule, _ in case.near_misses:
        result.score(rule).near_misses += 1


def results(family: str, folder: str | None = None) -> Iterator[tuple[str, Result]]:
    """What becomes of each of a family's files, by its language."""
    with tempfile.TemporaryDirectory() as root:
        checker = Checker(os.path.realpath(root), family)
        for language in sets.languages(family, folder):
            result = Result()
            for case in sets.read(family, language, folder):
                judge(case, checker.violations(case), result)
            result.failures, checker.failures = checker.failures, []
            yield language, result


def labelled_rules(family: str, folder: str | None = None) -> frozenset[str]:
    """The rules that have a label anywhere in a family's set; of others nobody has said what is right."""
    languages = sets.languages(family, folder)
    cases = [case for language in languages for case in sets.read(family, language, folder)]
    return frozenset(rule for case in cases for rule, _ in case.finds | case.near_misses)


def row(name: str, score: Score) -> str:
    """A line of the table."""
    missed = score.finds - score.found
    counts = (score.finds, score.found, missed, score.false, score.near_misses)
    return _ROW.format(name, *counts, _part(score.recall), _part(score.precision))


def main(arguments: list[str]) -> int:
    """1 when a rule could not run; else 0, as figures are for people to judge."""
    parser = argparse.ArgumentParser(
        prog="tests/labelled", description="How much of the labelled sets is found."
    )
    parser.add_argument("families", nargs="*", choices=[[], *sets.families()], metavar="FAMILY")
    parser.add_argument("--set", choices=("first", "second"), default="first", help="which set to count")
    parser.add_argument(
        "--show", action="store_true", help="each find that is missed and each false violation"
    )
    asked = parser.parse_args(arguments)
    folder = sets.SECOND if asked.set == "second" else None
    there = sets.families(folder)
    failed = 0
    for family in [family for family in asked.families if family in there] or there:
        known = labelled_rules(family, folder)
        whole, strange = Score(), 0
        print(HEAD)
        for language, result in results(family, folder):
            total = Score()
            for rule, score in sorted(result.scores.items()):
                if rule in known:
                    total.add(score)
                else:
                    strange += score.false
            print(row(f"{family}, {language}", total))
            for rule, score in sorted(result.scores.items()):
                mark = "" if rule in known else " *"
                print(row(f"  {rule.partition('/')[2]}{mark}", score))
            for sentence in result.sentences if asked.show else ():
                print(f"    {sentence}")
            for failure in result.failures:
                print(f"    failed {failure}")
            failed += len(result.failures)
            whole.add(total)
        print(row(f"{family}, all languages", whole))
        if strange:
            print(f"* {strange} violations of rules that the set has no labels for: not in the sums")
        print(flush=True)
    return 1 if failed else 0


def _sentence(verb: str, case: sets.Case, rule: str, line: int) -> str:
    return f"{verb} {case.place} {case.path}:{line} {rule}: {case.lines[line - 1].strip()}"


def _part(part: float | None) -> str:
    return "-" if part is None else f"{100 * part:.1f} %"
