"""What tests of the server share: one that has been started, for those that need none of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lsp.stdio import Client


@pytest.fixture(scope="module")
def _workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="module")
def served(_workspace: Path) -> Iterator[Client]:
    """A server that many tests talk with, in utf-32, each in a `corner` of its workspace: what is asked there
    hangs on nothing that another has asked."""
    with Client() as client:
        client.initialize(_workspace, encodings=["utf-32"])
        yield client
        assert client.stop() == 0


@pytest.fixture
def corner(_workspace: Path) -> Path:
    """A folder of the server's workspace that no other test knows."""
    folder = _workspace / f"corner{len(list(_workspace.iterdir()))}"
    folder.mkdir()
    return folder
