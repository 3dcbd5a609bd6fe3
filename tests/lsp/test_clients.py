"""Whole sessions as real editors begin them, with a client that holds us to the specification."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from lsprotocol import types
from pytest_lsp import LanguageClient, client_capabilities, make_test_lsp_client

from lsp.stdio import SERVER, uri

EDITORS = ("visual-studio-code", "neovim", "emacs")

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(params=EDITORS)
async def client(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[LanguageClient]:
    client = make_test_lsp_client()

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(params: types.RegistrationParams) -> None:
        """As an editor that watches files for its servers."""

    await client.start_io(*SERVER)
    folder = types.WorkspaceFolder(uri(tmp_path), "folder")
    params = types.InitializeParams(
        capabilities=client_capabilities(request.param), workspace_folders=[folder], root_uri=uri(tmp_path)
    )
    await client.initialize_session(params)
    yield client
    await client.shutdown_session()


async def test_a_session_in_an_editors_words(client: LanguageClient, tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    name = uri(path)
    text = "# 😀é\ntry:\n    f()\nexcept:\n    g()\n"
    client.text_document_did_open(
        types.DidOpenTextDocumentParams(types.TextDocumentItem(name, "python", 1, text))
    )
    await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    [diagnostic] = client.diagnostics[name]
    assert diagnostic.code == "errors/bare-except"
    actions = await client.text_document_code_action_async(
        types.CodeActionParams(
            types.TextDocumentIdentifier(name), diagnostic.range, types.CodeActionContext([diagnostic])
        )
    )
    assert actions
    fix, allow, *_ = actions
    assert isinstance(fix, types.CodeAction)
    assert isinstance(allow, types.CodeAction)
    assert fix.diagnostics is not None
    assert [*fix.diagnostics] == [diagnostic]
    assert fix.edit is not None
    change = types.TextDocumentContentChangePartial(diagnostic.range, "except Exception")
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(types.VersionedTextDocumentIdentifier(2, name), [change])
    )
    await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(name)))
    await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    assert not client.diagnostics[name]
    assert not client.messages
