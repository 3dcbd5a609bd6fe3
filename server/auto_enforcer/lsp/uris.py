"""`file:` URIs and the paths behind them, as Windows has them and as all other systems do."""

from __future__ import annotations

import os
import re
from urllib.parse import quote, unquote_to_bytes

_DRIVE = re.compile(r"[\\/][A-Za-z][:|](?=[\\/]|$)")
_HERE = ("", "localhost")
"""Hosts that are this one."""


SCHEMES = ("file", "untitled", "vscode-notebook-cell")
"""Of the documents that somebody writes. Others show what is elsewhere: an older revision, an output."""


def is_text(uri: str) -> bool:
    """Whether a document is one that somebody writes."""
    return uri.partition(":")[0].lower() in SCHEMES


def path_from(uri: str, *, windows: bool) -> str:
    """The path of a `file:` URI; "" where it is another URI, or one of a host that this system has no path
    for. It is as the URI has it, save that a drive's letter is a small one: clients do not agree on it."""
    scheme, _, rest = uri.partition(":")
    if scheme.lower() != "file":
        return ""
    host = ""
    rest = re.split(r"[?#]", rest, maxsplit=1)[0]
    if rest.startswith("//"):
        host, slash, rest = rest[2:].partition("/")
        rest = slash + rest
    data = unquote_to_bytes(rest.encode("utf-8", "surrogatepass"))
    if not windows:
        return os.fsdecode(data) if host.lower() in _HERE else ""
    path = data.decode("utf-8", "replace").replace("/", "\\")
    if host.lower() not in _HERE:
        host = unquote_to_bytes(host.encode("utf-8", "surrogatepass")).decode("utf-8", "replace")
        return f"\\\\{host}{path}"
    if _DRIVE.match(path):
        return path[1].lower() + ":" + (path[3:] or "\\")
    return path


def uri_from(path: str, *, windows: bool) -> str:
    """The `file:` URI of an absolute path."""
    if not windows:
        return f"file://{quote(os.fsencode(path))}"
    path = path.replace("\\", "/")
    if path.startswith("//?/"):
        path = path[4:]
        path = f"/{path[3:]}" if path[:4].upper() == "UNC/" else path
    if path.startswith("//"):
        return f"file:{quote(path.encode('utf-8', 'surrogatepass'))}"
    drive = ""
    if _DRIVE.match(f"/{path}"):
        drive, path = f"/{path[0].lower()}:", path[2:]
    return f"file://{drive}{quote(path.encode('utf-8', 'surrogatepass'))}"
