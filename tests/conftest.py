"""What every test shares: the same examples on every machine, and the command in a workspace."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from command import Command, Done, run

SMOKE = (
    "tests/lexer/",
    "tests/lsp/test_session.py",
    "tests/test_cli",
    "tests/test_document.py",
    "tests/test_engine.py",
    "tests/test_pages.py",
    "tests/test_policy.py",
    "tests/test_scanner.py",
    "tests/test_text.py",
)
"""What also runs on each other Python of the machine, with what is marked `smoke` elsewhere."""

settings.register_profile(
    "default",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    max_examples=100,
)
settings.register_profile(
    "thorough", parent=settings.get_profile("default"), derandomize=False, max_examples=5_000
)
settings.load_profile(os.environ.get("AUTO_ENFORCER_TEST_PROFILE", "default"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests of SMOKE."""
    for item in items:
        if item.nodeid.startswith(SMOKE):
            item.add_marker("smoke")


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The user's cache folder, kept for all runs of the command."""
    return tmp_path_factory.mktemp("cache")


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
