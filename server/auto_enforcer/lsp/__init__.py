"""The language server: the only part that imports pygls and lsprotocol, one file per concern."""
