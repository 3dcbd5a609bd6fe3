"""Runs of many conversations, and what becomes of one that finds a fault."""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import tokens
from fuzz.runner import Runner, Step
from fuzz.shrink import play, shrink
from fuzz.talk import Talk
from fuzz.wire import Fault

FOLDER = os.path.dirname(os.path.abspath(__file__))
REPLAYS = os.path.join(FOLDER, "replays")

PER_CONVERSATION = 2_000
"""Edits of one conversation, and one server, at most."""


class Tally:
    """What a run went through, so that it cannot pass by doing nothing."""

    def __init__(self) -> None:
        self.conversations = self.published = self.changed = self.errors = 0
        self.counts: Counter[str] = Counter()
        self.languages: Counter[str] = Counter()
        self.faults: list[str] = []

    def add(self, talk: Talk, runner: Runner) -> None:
        """Take over what one conversation did."""
        self.conversations += 1
        self.published += runner.published
        self.changed += runner.changed
        self.errors += runner.errors
        self.counts.update(talk.counts)
        self.counts["comparisons with what was said earlier"] += runner.model.earlier
        self.languages.update(talk.languages)

    def __str__(self) -> str:
        counts = ", ".join(f"{count:,} {name}" for name, count in sorted(self.counts.items()))
        return (
            f"{self.conversations:,} conversations: {counts}; {self.errors:,} errors answered; "
            f"{self.published:,} publications, {self.changed:,} of them other than the one before "
            f"({100 * self.changed / max(1, self.published):.0f} %); {len(self.languages)} language ids"
        )


def hold(
    seed: str, edits: int, tally: Tally, *, inside: bool, patience: float = 60.0
) -> tuple[list[Step], Fault] | None:
    """One conversation; its steps and the fault, if it finds one."""
    with Runner(inside=inside, patience=patience) as runner:
        talk = Talk(seed, edits, runner)
        try:
            talk.hold()
        except Fault as fault:
            return talk.steps, fault
        finally:
            tally.add(talk, runner)
    return None


def run(
    edits: int,
    seed: int,
    *,
    inside: bool = False,
    keep: str = "",
    seconds: float = 60.0,
    most_faults: int = 1,
    minutes: float = 1e9,
) -> Tally:
    """Conversations until so many edits were made, so many faults found or so much time is over. Each fault
    is written to a file in the folder `keep`, shrunk for so many seconds."""
    tally = Tally()
    end = time.monotonic() + 60 * minutes
    while tally.counts["edits"] < edits and len(tally.faults) < most_faults and time.monotonic() < end:
        name = f"{seed}-{tally.conversations}"
        found = hold(name, min(PER_CONVERSATION, edits - tally.counts["edits"]), tally, inside=inside)
        if found is None:
            continue
        steps, fault = found
        tally.faults.append(f"seed {name}: {fault}")
        if keep:
            path = os.path.join(keep, f"{fault.kind.replace(' ', '-')}-{name}.json")
            write(path, steps, f"{fault.kind}, seed {name}")
            print(f"{tally.faults[-1][:3_000]}\nwritten to {path}; shrinking", file=sys.stderr, flush=True)
            steps = shrink(steps, fault.kind, inside=inside, seconds=seconds)
            write(path, steps, f"{fault.kind}, seed {name}")
            print(f"{len(steps)} steps are left", file=sys.stderr, flush=True)
    return tally


def write(path: str, steps: Sequence[Step], why: str) -> None:
    """Write a conversation down. Made-up tokens are written by their names."""
    lines = ",\n".join("  " + _hidden(json.dumps(step)) for step in steps)
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "w", encoding="ascii", newline="\n") as file:
        file.write(f'{{"why": {json.dumps(why)},\n "steps": [\n{lines}\n]}}\n')


def read(path: str) -> list[Step]:
    """The steps of a conversation that was written down."""
    with open(path, encoding="ascii") as file:
        text = file.read()
    for name in tokens.GENERATORS:
        text = text.replace(f"{{{{{name}}}}}", json.dumps(tokens.token(name))[1:-1])
    steps: list[Step] = json.loads(text)["steps"]
    return steps


def _hidden(text: str) -> str:
    for name in tokens.GENERATORS:
        made = json.dumps(tokens.token(name))[1:-1]
        text = text.replace(made, f"{{{{{name}}}}}")
    return text


def main(arguments: Sequence[str]) -> int:
    """0 when all was well, 1 when a fault was found."""
    options = _parser().parse_args(arguments)
    if options.what == "run":
        return _run(options)
    steps = read(options.file)
    fault = play(steps, inside=options.inside)
    if fault is None:
        print("all is well")
        return 0
    print(fault)
    if options.what == "shrink":
        steps = shrink(steps, fault.kind, inside=options.inside, seconds=options.seconds)
        write(options.file, steps, fault.kind)
        print(f"{len(steps)} steps are left")
    return 1


def _run(options: argparse.Namespace) -> int:
    print(f"seed {options.seed}, {options.edits:,} edits", file=sys.stderr, flush=True)
    began = time.monotonic()
    tally = run(
        options.edits,
        options.seed,
        inside=options.inside,
        keep=options.keep,
        seconds=options.seconds,
        most_faults=options.faults,
        minutes=options.minutes,
    )
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    client, server = (one.ru_utime + one.ru_stime for one in used)
    print(f"seed {options.seed}: {tally}")
    seconds = time.monotonic() - began
    print(f"{seconds:.0f} s; seconds of CPU: client and model {client:.0f}, servers {server:.0f}")
    for fault in tally.faults:
        print(fault[:1_000])
    print(f"{len(tally.faults)} faults")
    return 1 if tally.faults else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tests/fuzz", description="Holds random conversations with the server."
    )
    parser.add_argument("--inside", action="store_true", help="the server in this process, without pipes")
    parser.add_argument("--seconds", type=float, default=60.0, help="for shrinking; default: %(default)s")
    commands = parser.add_subparsers(dest="what", required=True)
    running: Any = commands.add_parser("run")
    running.add_argument("--edits", type=int, default=10_000)
    running.add_argument("--seed", type=int, default=1)
    running.add_argument("--faults", type=int, default=1, help="end after so many; default: %(default)s")
    running.add_argument("--minutes", type=float, default=1e9, help="end after so much time")
    running.add_argument("--keep", default=os.path.join(FOLDER, "found"), help="where faults are written to")
    for name in ("replay", "shrink"):
        commands.add_parser(name).add_argument("file")
    return parser
