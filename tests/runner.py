"""What `python3 tests` does: makes the suite's environment, then linter, formatter, types and tests.

Options of its own come first, all else goes to pytest:

--editors     also install what tests drive and the machine lacks: Neovim, the pre-commit framework and VS
              Code's workbench into the checkout, and, where root runs it on Debian, other editors' packages
--python X    run with the interpreter X
--smoke       only the tests marked `smoke`: what the other Pythons of the machine run
--mutants     break a copy in named ways, each of which a test must notice (`--mutants --help` says more)
--oracle      compare zones with those of other lexers over much real code
--corpora     count what is found of well-kept packages (`--corpora --help` says more)
--fuzz        hold random conversations with the server, and replay those that failed
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import bootstrap
import driven
from interpreters import Interpreter, supported

TESTS = os.path.dirname(os.path.abspath(__file__))
TEST_LOCK = os.path.join(TESTS, "requirements.lock")
LONG_RUNS = {"--mutants": "mutants", "--oracle": "oracle", "--fuzz": "fuzz", "--corpora": "corpora"}
"""What is too long for the suite, each a folder with a program of its own."""

SMOKE_SEQUENCES = "400"
"""Of the 2,000 edit sequences of the suite, those that other Pythons run."""

PROVISIONS = 4
"""How many installers are at work at a time."""


def main(arguments: list[str]) -> int:
    """0 when everything holds, pytest's code or 1 when something does not, 2 when it could not run."""
    editors = smoke = False
    while arguments and arguments[0] in ("--editors", "--python", "--smoke"):
        option, *arguments = arguments
        if option == "--python":
            if not arguments:
                say("`--python` needs an interpreter")
                return 2
            own = [*(["--editors"] * editors), *(["--smoke"] * smoke)]
            return subprocess.call([arguments[0], TESTS, *own, *arguments[1:]])
        editors, smoke = editors or option == "--editors", smoke or option == "--smoke"
    try:
        if arguments and arguments[0] in LONG_RUNS:
            return subprocess.call(
                [suite_python(), os.path.join(TESTS, LONG_RUNS[arguments[0]]), *arguments[1:]]
            )
        return run(arguments, editors=editors, smoke=smoke)
    except bootstrap.CannotStart as error:
        say(str(error))
        return 2
    except KeyboardInterrupt:
        return 130


def suite_python() -> str:
    """The interpreter of the suite's environment, which is made where there is none."""
    name = ".venv-tests-{}.{}.{}".format(*sys.version_info)
    return bootstrap.ensure(bootstrap.candidates(name), [bootstrap.LOCK_FILE, TEST_LOCK]).python


def run(arguments: list[str], *, editors: bool, smoke: bool) -> int:
    python = suite_python()
    if smoke:
        quick = arguments or ["--numprocesses=auto"]
        os.environ.setdefault("AUTO_ENFORCER_SEQUENCES", SMOKE_SEQUENCES)
        return call([python, "-m", "pytest", "-q", "-m", "smoke and not slow", *quick])
    wait = provide(install=editors)
    failed = []
    if not arguments:
        checks = [["ruff", "check"], ["ruff", "format", "--check"]]
        checks += [
            ["mypy", "--strict", "--platform", system, "--cache-dir", f".mypy_cache/{system}"]
            for system in ("linux", "win32", *(("darwin",) if is_thorough() else ()))
        ]
        # Each of them takes one core: as many run at a time as there are.
        commands = {" ".join(check): [python, "-m", *check] for check in checks}
        commands |= {
            f"smoke on Python {other.name}": [other.path, TESTS, "--smoke", "--numprocesses=0"]
            for other in others()
        }
        with ThreadPoolExecutor(cores()) as pool:
            codes = pool.map(call_apart, commands.values())
            failed += [name for name, code in zip(commands, codes, strict=True) if code != 0]
        arguments = ["--numprocesses=auto", "--dist=worksteal"]
    wait()
    if failed:
        say(f"failed already: {', '.join(failed)}")
    # Nothing is said after it: pytest's closing line is the last.
    code = subprocess.call([python, "-m", "pytest", *arguments], cwd=bootstrap.CHECKOUT)
    return code or (1 if failed else 0)


def others() -> list[Interpreter]:
    """The other Pythons of the machine that are tried: the newest alone, unless all is asked for."""
    found = sorted(one for one in supported() if one.version != sys.version_info[:3])
    return found if is_thorough() else found[-1:]


def is_thorough() -> bool:
    """Whether all is asked for, not only what tells most in a few minutes."""
    return os.environ.get("AUTO_ENFORCER_TEST_PROFILE") == "thorough"


def provide(*, install: bool) -> Callable[[], None]:
    """Begin to have what tests drive. What is returned waits for it, lets the tests find it, and says what is
    left out."""
    pool = ThreadPoolExecutor(PROVISIONS)
    began = [pool.submit(step) for step in driven.provisions(install=install).values()]

    def wait() -> None:
        for outcome in [one.result() for one in began]:
            os.environ.update(outcome.variables)
            os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", ""), *outcome.programs])
            for reason in outcome.left_out:
                say(f"left out: the tests that drive {reason}")
        pool.shutdown()

    return wait


def call(command: list[str]) -> int:
    began = time.monotonic()
    say(shown(command))
    code = subprocess.call(command, cwd=bootstrap.CHECKOUT)
    if code != 0:
        say(f"ended with {code} after {time.monotonic() - began:.0f} s")
    return code


def call_apart(command: list[str]) -> int:
    """Run a command beside others: what it prints is printed when it has ended."""
    began = time.monotonic()
    done = subprocess.run(
        command, cwd=bootstrap.CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    say(
        f"{shown(command)}: {'ended' if done.returncode == 0 else f'ended with {done.returncode}'} after"
        f" {time.monotonic() - began:.0f} s"
    )
    sys.stderr.write(done.stdout.decode("utf-8", "replace"))
    return done.returncode


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def shown(command: list[str]) -> str:
    return " ".join(os.path.relpath(part) if os.path.isabs(part) else part for part in command)


def say(message: str) -> None:
    """One line on stderr: what pytest says last stays the last on stdout."""
    print(f"tests: {message}", file=sys.stderr, flush=True)
