"""A server of bare pygls: what the tests of its faults and the benchmarks compare with."""

from __future__ import annotations

from lsprotocol import types
from pygls.lsp.server import LanguageServer


def make() -> LanguageServer:
    """It answers each change with an empty list."""
    server = LanguageServer("plain", "1")

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        publish(params.text_document.uri, params.text_document.version)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        publish(params.text_document.uri, params.text_document.version)

    def publish(uri: str, version: int) -> None:
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, [], version))

    return server


if __name__ == "__main__":
    make().start_io()
