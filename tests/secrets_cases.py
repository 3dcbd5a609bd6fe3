"""The labelled lines of `tests/secrets/`: reading them, and how well the family's rules tell them apart."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

import reference
import tokens
from auto_enforcer.rules.secrets.every import RULES

FOLDER = os.path.join(os.path.dirname(__file__), "secrets")
_TOKEN = re.compile(r"\{\{([a-z0-9-]+)(?::([a-z0-9]+))?\}\}")


@dataclass(frozen=True, slots=True)
class Case:
    """A piece of a file. `labelled` are the numbers of the lines that the case is about."""

    place: str
    language: str
    rules: tuple[str, ...]
    text: str
    labelled: tuple[int, ...]


def read(name: str) -> Iterator[Case]:
    """The cases of `finds` or `misses`; tokens are made."""
    with open(os.path.join(FOLDER, f"{name}.txt"), encoding="utf-8") as file:
        pieces = file.read().split("\n== ")
    number = pieces[0].count("\n") + 2
    for piece in pieces[1:]:
        head, *lines = piece.rstrip("\n").split("\n")
        language, *rules = head.split()
        lines = [line for line in lines if line]
        labelled = tuple(at for at, line in enumerate(lines) if line[0] in "!.")
        text = "\n".join(_TOKEN.sub(_token, line[1:]) for line in lines) + "\n"
        yield Case(f"{name}.txt:{number}", language, tuple(rules), text, labelled)
        number += piece.count("\n") + 1


def outcomes(case: Case) -> dict[int, list[reference.Outcome]]:
    """What became of the candidates, by line."""
    found: dict[int, list[reference.Outcome]] = {}
    for outcome in reference.check(case.text, case.language, RULES).outcomes:
        found.setdefault(outcome.number, []).append(outcome)
    return found


def judged() -> tuple[int, int, int, list[str]]:
    """True finds, missed finds, false finds, and a sentence for each of the last two."""
    true = missed = false = 0
    sentences = []
    for case in read("finds"):
        found = outcomes(case)
        lines = case.text.split("\n")
        for number in case.labelled:
            reported = {
                outcome.rule.removeprefix("secrets/")
                for outcome in found.get(number, ())
                if not outcome.excuse
            }
            if reported == set(case.rules) & reported and reported:
                true += 1
            else:
                missed += 1
                why = [(outcome.rule, outcome.excuse) for outcome in found.get(number, ())]
                sentences.append(f"missed {case.place} {case.language} {case.rules} {lines[number]!r}: {why}")
            several = [outcome for outcome in found.get(number, ()) if not outcome.excuse]
            if len(several) > 1:
                sentences.append(
                    f"twice {case.place} {[outcome.rule for outcome in several]} {lines[number]!r}"
                )
    for case in read("misses"):
        found = outcomes(case)
        lines = case.text.split("\n")
        for number in case.labelled:
            reported = {outcome.rule for outcome in found.get(number, ()) if not outcome.excuse}
            if reported:
                false += 1
                sentences.append(f"false {case.place} {case.language} {sorted(reported)} {lines[number]!r}")
    return true, missed, false, sentences


def _token(match: re.Match[str]) -> str:
    return tokens.token(match[1], match[2] or "") or match[0]


if __name__ == "__main__":
    true, missed, false, sentences = judged()
    print("\n".join(sentences))
    print(f"recall {true}/{true + missed}, false {false}, precision {true / max(1, true + false):.3f}")
