"""What every test shares: the same examples on every machine, and the command in a workspace."""

from __future__ import annotations

import gc
import inspect
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from command import Command, Done, run, take_patterns

SMOKE = (
    "tests/test_lexer.py::test_a_ruler",
    "tests/test_lexer.py::test_turning",
    "tests/test_lexer.py::test_python",
    "tests/lsp/test_session.py::test_a_workspace_runs_nothing",
    "tests/lsp/test_session.py::test_the_command_serves",
    "tests/lsp/test_session.py::test_a_fix_takes",
    "tests/lsp/test_session.py::test_a_changed_policy",
    "tests/lsp/test_session.py::test_an_edit_that",
    "tests/test_cli.py::test_several",
    "tests/test_document.py::test_incremental",
    "tests/test_text.py",
)
"""What also runs on the newest other Python of the machine, with what is marked `smoke` elsewhere."""

ONLY_POSIX = re.compile(
    r"\b(?:chmod|symlink_to|mkfifo|killpg|geteuid|start_new_session|on_terminal|AF_UNIX|setrlimit|SIG[A-Z]{3,}"
    r"|send_signal|select\.select|os\.kill|os\.symlink|os\.fork)\b|/dev/(?!null)|/proc/"
)
"""What a test speaks of that Windows lacks: there it is left out."""

NOT_ON_WINDOWS = ["test_long_life.py", "fuzz/test_fuzz.py", "editors"]
"""Tests whose helpers cannot be imported on Windows, or that drive what is not there."""

collect_ignore = NOT_ON_WINDOWS if os.name == "nt" else []

settings.register_profile(
    "default",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    max_examples=60,
)
settings.register_profile(
    "thorough", parent=settings.get_profile("default"), derandomize=False, max_examples=5_000
)
settings.load_profile(os.environ.get("AUTO_ENFORCER_TEST_PROFILE", "default"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests of SMOKE, and on Windows leaves out those that cannot be there."""
    for item in items:
        if item.nodeid.startswith(SMOKE):
            item.add_marker("smoke")
        if os.name == "nt" and (lacking := only_posix(item)):
            item.add_marker(pytest.mark.skip(reason=f"speaks of `{lacking}`, which is not there"))


def pytest_collection_finish() -> None:
    """What the collection has made stays to the end: no search for garbage goes through it again."""
    gc.freeze()


def only_posix(item: pytest.Item) -> str:
    """What a test speaks of that only POSIX has; "" for nothing."""
    found = ONLY_POSIX.search(inspect.getsource(item.function)) if isinstance(item, pytest.Function) else None
    return found[0] if found else ""


@pytest.fixture(scope="session", autouse=True)
def _users_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What is run without an environment of its own keeps nothing in the tester's home."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTO_ENFORCER_CACHE_DIR", str(folder / "auto-enforcer"))
        yield folder


@pytest.fixture(scope="module", autouse=True)
def _patterns(_users_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The patterns that one process of the suite has compiled are there for the others."""
    own = _users_cache / "auto-enforcer"
    together = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        together = together.parent
    take_patterns(together / "patterns", own)
    yield
    take_patterns(own, together / "patterns")


@pytest.fixture(scope="session")
def cache(_users_cache: Path) -> Path:
    """The user's cache folder, kept for all runs of the command."""
    return _users_cache


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A folder that is a workspace."""
    folder = tmp_path / "workspace"
    (folder / ".git").mkdir(parents=True)
    return folder


@pytest.fixture
def ae(workspace: Path, cache: Path) -> Command:
    """Runs the command in the workspace."""

    def ae(*arguments: str, folder: Path = workspace, given: bytes = b"", **more: str) -> Done:
        return run(arguments, folder, cache, given, more)

    return ae
