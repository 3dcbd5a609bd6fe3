"""The language server: the only part that imports pygls and lsprotocol, one file per concern."""

import sys

# asyncio looks for it when it is loaded, and so do some libraries: OpenSSL would take 5 MB for connections
# that nothing of ours makes.
if "asyncio" not in sys.modules:
    sys.modules.setdefault("ssl", None)  # type: ignore[arg-type]
