"""What is read of a client's `initialize`."""

from __future__ import annotations

import re
from typing import Any

import pytest

from auto_enforcer.lsp import code_actions
from auto_enforcer.lsp.client import Client, parse_client
from auto_enforcer.lsp.language_server import PAUSING, RESUMING, SHOWING_OLD
from auto_enforcer.lsp.scan import FIX, SCAN
from auto_enforcer.lsp.status import STATUS
from lsp.stdio import ROOT


@pytest.mark.parametrize(
    "params",
    [
        {},
        {
            "processId": "1",
            "capabilities": None,
            "workspaceFolders": {},
            "rootUri": 5,
            "initializationOptions": [],
        },
        {"processId": True, "capabilities": {"general": None, "workspace": 5}, "rootPath": None},
        {"processId": -1, "capabilities": {"general": {"positionEncodings": "utf-8"}, "workspace": []}},
        {"capabilities": {"general": [], "workspace": {"workspaceEdit": [], "didChangeWatchedFiles": 1}}},
        {"workspaceFolders": [None, {}, {"uri": 5}]},
        {"capabilities": {"workspace": {"configuration": 1, "didChangeConfiguration": True}}},
    ],
)
def test_a_slip_in_what_a_client_says_counts_as_not_said(params: dict[str, Any]) -> None:
    plain = Client(
        *(None, (), "utf-16", False, False, False, False, False, True, False, False, False, False, False),
        *(False, None, False, False, None, False, False),
    )
    assert parse_client(params)._replace(options=None) == plain


@pytest.mark.parametrize(
    ("offered", "taken"),
    [
        (None, "utf-16"),
        ([], "utf-16"),
        (["utf-16"], "utf-16"),
        (["utf-32"], "utf-32"),
        (["utf-32", "utf-16"], "utf-16"),
        (["utf-16", "utf-8"], "utf-8"),
        (["utf-7"], "utf-16"),
    ],
)
def test_the_encoding_that_suits_best_is_taken(offered: list[str] | None, taken: str) -> None:
    params = {"capabilities": {"general": {"positionEncodings": offered}}}
    assert parse_client(params).encoding == taken


@pytest.mark.parametrize(
    ("offered", "told", "taken"),
    [
        (None, "utf-8", "utf-8"),
        (None, "utf-32", "utf-32"),
        (None, "bytes", "utf-16"),
        (None, ["utf-8"], "utf-16"),
        (["utf-16"], "utf-8", "utf-16"),
    ],
)
def test_a_client_that_offers_no_encoding_may_be_set_to_one(
    offered: list[str] | None, told: Any, taken: str
) -> None:
    general = {} if offered is None else {"positionEncodings": offered}
    params = {"capabilities": {"general": general}, "initializationOptions": {"positionEncoding": told}}
    assert parse_client(params).encoding == taken


def test_folders_go_before_the_older_ways_to_name_a_root() -> None:
    everything = {"workspaceFolders": [{"uri": "file:///a"}], "rootUri": "file:///b", "rootPath": "/c"}
    assert parse_client(everything).folders == ("file:///a",)
    assert parse_client({**everything, "workspaceFolders": None}).folders == ("file:///b",)
    assert parse_client({"rootPath": "/c"}).folders == ("file:///c",)


class Asked(dict[str, Any]):
    """Parameters that note what they are asked for, by its path."""

    def __init__(self, path: str, paths: set[str]) -> None:
        super().__init__()
        self._path, self._paths = path, paths

    def get(self, key: str, default: Any = None) -> Any:
        path = f"{self._path}.{key}".lstrip(".")
        self._paths.add(path)
        return Asked(path, self._paths)

    def __contains__(self, key: object) -> bool:
        self.get(str(key))
        return True


def test_the_page_says_all_that_is_read_of_a_client() -> None:
    paths = set[str]()
    parse_client(Asked("", paths))
    inner = {path.rpartition(".")[0] for path in paths}
    leaves = paths - inner
    page = (ROOT / "editors" / "README.md").read_text(encoding="utf-8")
    capabilities = {path.removeprefix("capabilities.") for path in leaves if path.startswith("capabilities.")}
    rows = re.findall(r"(?m)^  \| ((?:`\w+(?:\.\w+)+`(?:, )?)+) \|", page)
    assert {name for row in rows for name in re.findall("`(.*?)`", row)} >= capabilities
    assert len(capabilities) > 10
    [named] = re.findall(r"in `initializationOptions` beside settings: (.*?), each", page)
    options = {path.rpartition(".")[2] for path in leaves if path.startswith("initializationOptions.")}
    assert set(re.findall("`(.*?)`", named)) == options
    # Each of them is explained elsewhere.
    assert all(page.count(option) > 1 for option in options)


def test_the_page_has_every_command_and_notification() -> None:
    page = (ROOT / "editors" / "README.md").read_text(encoding="utf-8")
    for name in (code_actions.OPEN_PAGE, SCAN, FIX, PAUSING, RESUMING, SHOWING_OLD):
        assert f"  | `{name}` |" in page
    assert f"The notification `{STATUS}`" in page
