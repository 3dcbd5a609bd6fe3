"""The language servers that are measured, and what each must be told."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from environment import peer

from lsp.stdio import SERVER, Client, Message

HERE = Path(__file__).resolve().parent


class Measured(NamedTuple):
    """A server, and how its word for the violation that is typed is known."""

    name: str
    command: Sequence[str]
    languages: Sequence[str]
    is_typed: Callable[[Message], bool]
    prepare: Callable[[Path], None] = lambda folder: None

    def start(self, folder: Path) -> Client:
        """Run it on a workspace folder."""
        self.prepare(folder)
        client = Client(self.command, cwd=folder)
        client.initialize(folder, encodings=["utf-8", "utf-16"])
        return client


def ours() -> Measured:
    return Measured(
        "auto-enforcer",
        SERVER,
        ("typescript", "python"),
        lambda diagnostic: str(diagnostic["code"]).startswith("logging/"),
    )


def peers() -> list[Measured]:
    """Those that can be had: a linter's server, a search tool's, and loops that do nothing else."""
    found = [
        Measured(
            "a plain pygls loop",
            (sys.executable, "-I", str(HERE / "plain_loop.py")),
            ("typescript", "python"),
            lambda diagnostic: diagnostic["code"] == "print",
        )
    ]
    if (ruff := peer("ruff")) is not None:
        found.append(
            Measured(
                "ruff server",
                (ruff, "server"),
                ("python",),
                lambda diagnostic: diagnostic.get("code") == "T201",
                lambda folder: _write(
                    folder / "ruff.toml", '[lint]\nselect = ["T20", "E722", "TD", "PLE"]\n'
                ),
            )
        )
    if (ast_grep := peer("ast-grep")) is not None:
        found.append(
            Measured(
                "ast-grep lsp",
                (ast_grep, "lsp"),
                ("typescript", "python"),
                lambda diagnostic: str(diagnostic.get("code", "")).startswith("print"),
                _prepare_ast_grep,
            )
        )
    return found


def _prepare_ast_grep(folder: Path) -> None:
    _write(folder / "sgconfig.yml", "ruleDirs: [rules]\n")
    (folder / "rules").mkdir(exist_ok=True)
    for name, language, pattern in (("py", "Python", "print($$$)"), ("ts", "TypeScript", "console.log($$$)")):
        head = f"id: print-{name}\nlanguage: {language}\nseverity: warning\nmessage: a call\n"
        _write(folder / "rules" / f"{name}.yml", f"{head}rule: {{pattern: '{pattern}'}}\n")


def _write(path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8")
