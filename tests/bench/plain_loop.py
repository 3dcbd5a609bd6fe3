"""What a pygls server costs that looks at the whole text after each edit, as most do."""

from __future__ import annotations

import argparse
import re

from lsprotocol import types
from pygls.lsp.server import LanguageServer

PATTERN = re.compile(r"\b(?:print|console\.log)\(")

server = LanguageServer("plain loop", "1")


@server.feature(types.TEXT_DOCUMENT_DID_OPEN)
def opened(params: types.DidOpenTextDocumentParams) -> None:
    check(params.text_document.uri, params.text_document.version)


@server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
def changed(params: types.DidChangeTextDocumentParams) -> None:
    check(params.text_document.uri, params.text_document.version)


def check(uri: str, version: int) -> None:
    diagnostics = []
    for number, line in enumerate(server.workspace.get_text_document(uri).lines):
        if match := PATTERN.search(line):
            span = types.Range(types.Position(number, match.start()), types.Position(number, match.end()))
            diagnostics.append(types.Diagnostic(span, "a call", types.DiagnosticSeverity.Warning, "print"))
    server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics, version))


if __name__ == "__main__":
    argparse.ArgumentParser(description="Serve as most pygls servers do, over stdio.").parse_args()
    server.start_io()
