"""The configurations of all editors: each is read by its format's own parser, starts the same command line,
and is for all languages that the server knows; and the table that tells of them.

With AUTO_ENFORCER_REWRITE_EDITORS=1 the one of JetBrains is written anew.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from auto_enforcer import __version__
from auto_enforcer.languages import LANGUAGES, PLAINTEXT, language_named
from lsp.stdio import ROOT

EDITORS = ROOT / "editors"

COMMAND = ["auto-enforcer", "lsp"]

EVERY = {"every language"}
"""What a configuration that names no languages is for."""


def read(name: str) -> str:
    return (EDITORS / name).read_text(encoding="utf-8")


def of_json(name: str) -> Any:
    return json.loads(read(name))


def of_toml(name: str) -> dict[str, Any]:
    return tomllib.loads(read(name))


def found(pattern: str, name: str) -> str:
    match = re.search(pattern, read(name))
    assert match is not None, name
    return match[1]


Read = tuple[list[str], set[str]]
"""The command line and the languages."""


def neovim() -> Read:
    assert "filetypes =" not in read("neovim/lsp/auto_enforcer.lua")
    command = found(r"\n  cmd = \{(.*?)\},\n", "neovim/lsp/auto_enforcer.lua")
    return json.loads(f"[{command}]"), EVERY


def emacs() -> Read:
    command = found(r"\(defcustom auto-enforcer-command '\((.*?)\)", "emacs/auto-enforcer.el")
    assert ":activation-fn (lambda (&rest _) t)" in read("emacs/auto-enforcer.el")
    return json.loads(f"[{command.replace(' ', ', ')}]"), EVERY


def vim() -> Read:
    program = found(r"'auto_enforcer_executable', '(.*?)'", "vim/auto_enforcer.vim")
    arguments = found(r"'auto_enforcer_arguments', '(.*?)'", "vim/auto_enforcer.vim")
    assert "autocmd FileType * " in read("vim/auto_enforcer.vim")
    return [program, *arguments.split()], EVERY


def kate() -> Read:
    [server] = of_json("kate/settings.json")["servers"].values()
    return server["command"], EVERY if server["highlightingModeRegex"] == ".*" else set()


def helix() -> Read:
    settings = of_toml("helix/languages.toml")
    [(name, server)] = settings["language-server"].items()
    for language in settings["language"]:
        assert language.keys() == {"name", "language-servers"}
        assert language["language-servers"][-1] == name
    return [server["command"], *server["args"]], {language["name"] for language in settings["language"]}


def zed() -> Read:
    extension = of_toml("zed/extension.toml")
    [(name, server)] = extension["language_servers"].items()
    assert (extension["schema_version"], extension["id"]) == (1, name)
    source = read("zed/src/lib.rs")
    arguments = found(r"const ARGUMENTS: \[&str; 1\] = (\[.*?\]);", "zed/src/lib.rs")
    return [re.findall(r'which\("(.*?)"\)', source)[0], *json.loads(arguments)], set(server["languages"])


def sublime() -> Read:
    [server] = of_json("sublime/LanguageServers.sublime-settings").values()
    assert server["enabled"] is True
    return server["command"], EVERY if server["selector"] == "source | text" else set()


def kakoune() -> Read:
    name = "kakoune/auto-enforcer.kak"
    [(program, server)] = tomllib.loads(found(r"(?s)lsp_servers %\{\n(.*?)\n    \}", name)).items()
    assert "User LSPDefaultConfig=.* " in read(name)
    return [program, *server["args"]], EVERY


def jetbrains() -> Read:
    template = of_json("jetbrains/template.json")
    assert template["programArgs"].keys() == {"default"}
    return template["programArgs"]["default"].split(), {
        mapping["languageId"] for mapping in template["fileTypeMappings"]
    }


def lapce() -> Read:
    volt = of_toml("lapce/volt.toml")
    assert volt["wasm"] == f"bin/{of_toml('lapce/Cargo.toml')['package']['name']}.wasm"
    program = found(r'const COMMAND: &str = "urn:(.*?)";', "lapce/src/main.rs")
    arguments = found(r"const ARGUMENTS: \[&str; 1\] = (\[.*?\]);", "lapce/src/main.rs")
    assert "language: None" in read("lapce/src/main.rs")
    return [program, *json.loads(arguments)], EVERY if volt["activation"] else set()


def coc() -> Read:
    [(name, server)] = of_json("coc/coc-settings.json")["languageserver"].items()
    assert re.fullmatch("[_a-zA-Z]+", name), "the schema of coc.nvim has no other names"
    return [server["command"], *server["args"]], EVERY if server["filetypes"] == ["*"] else set()


def vim_lsp() -> Read:
    name = "vim-lsp/auto_enforcer.vim"
    command = found(r"'cmd': \[(.*?)\]", name).replace("'", '"')
    return json.loads(f"[{command}]"), EVERY if "'allowlist': ['*']" in read(name) else set()


CONFIGURATIONS: dict[str, Callable[[], Read]] = {
    "neovim": neovim,
    "emacs": emacs,
    "vim": vim,
    "kate": kate,
    "helix": helix,
    "zed": zed,
    "sublime": sublime,
    "kakoune": kakoune,
    "jetbrains": jetbrains,
    "lapce": lapce,
    "coc": coc,
    "vim-lsp": vim_lsp,
}
"""By folder. VS Code's extension has a test of its own."""

CALLED = {
    "helix": {
        "c-sharp": "csharp",
        "docker-compose": "yaml",
        "gitlab-ci": "yaml",
        "git-config": "ini",
        "glimmer": "handlebars",
        "rmarkdown": "markdown",
        "tfvars": "terraform",
    },
    "zed": {
        "HCL": "terraform",
        "Shell Script": "shellscript",
    },
}
"""What an editor calls a language that nobody else calls so."""

LACKING = {
    "helix": {"jsp", "liquid", "objective-c", "razor"},
    "zed": {
        *("bat", "dotenv", "javascriptreact", "less", "objective-c", "properties", "restructuredtext"),
        *("blade", "ejs", "erb", "handlebars", "jinja", "jsp", "liquid", "razor", "twig"),
    },
}
"""Languages that an editor has not, or under another's name."""


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_each_starts_the_same_command_for_all_languages(name: str) -> None:
    command, languages = CONFIGURATIONS[name]()
    assert command == COMMAND
    if languages != EVERY:
        known = {one: CALLED.get(name, {}).get(one) or language_named(one) for one in languages}
        assert [one for one, language in known.items() if language not in LANGUAGES] == []
        lacking = LANGUAGES.keys() - {PLAINTEXT} - set(known.values())
        assert lacking == LACKING.get(name, set())


def test_jetbrains_is_told_the_files_of_every_language() -> None:
    mappings = [
        {
            "fileType": {"patterns": patterns(language.suffixes, language.filenames)},
            "languageId": language.id,
        }
        for language in LANGUAGES.values()
    ]
    template = {
        "id": "auto-enforcer",
        "name": "Auto-Enforcer",
        "programArgs": {"default": " ".join(COMMAND)},
        "fileTypeMappings": mappings,
    }
    file = EDITORS / "jetbrains" / "template.json"
    if os.environ.get("AUTO_ENFORCER_REWRITE_EDITORS"):
        file.write_text(json.dumps(template, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert of_json("jetbrains/template.json") == template


def patterns(suffixes: Iterable[str], names: Iterable[str]) -> list[str]:
    return [*(f"*{suffix}" for suffix in suffixes), *names]


def test_the_versions_agree() -> None:
    for manifest in ("zed/extension.toml", "lapce/volt.toml"):
        assert of_toml(manifest)["version"] == __version__
    for manifest in ("zed/Cargo.toml", "lapce/Cargo.toml"):
        assert of_toml(manifest)["package"]["version"] == __version__


SEEN, CAN, NOT, UNKNOWN = "✓", "○", "–", "?"
"""What a cell of the table says: a test saw it in the editor; its client can, by its documents; it cannot;
nobody has looked."""


def rows() -> dict[str, list[str]]:
    """The rows of the table, by the folder that the first cell leads to."""
    table = re.search(r"(?m)^\| editor \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", read("README.md"))
    assert table is not None
    found = {}
    for line in table[1].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        link = re.match(r"\[[^]]+\]\(([^)]+)\)", cells[0])
        assert link is not None, line
        assert (EDITORS / link[1]).is_file(), line
        found[Path(link[1]).parts[0]] = cells
    return found


def test_the_table_has_every_folder() -> None:
    folders = {path.name for path in EDITORS.iterdir() if path.is_dir()} - {"github", "gitlab"}
    assert rows().keys() == folders == {"vscode", *CONFIGURATIONS}


def test_the_table_says_what_was_seen() -> None:
    """What a test saw is claimed for editors that a test drives, and where its journey has it."""
    for folder, cells in rows().items():
        _, _, tested, *features = cells
        named = re.search(r"`(tests/editors/\S+)`", tested)
        assert {feature[0] for feature in features} <= {SEEN, CAN, NOT, UNKNOWN}, folder
        if named is None:
            assert tested.startswith("not run"), folder
            assert not [feature for feature in features if SEEN in feature], folder
            continue
        journey = ROOT / named[1]
        assert journey.exists(), folder
        assert not [feature for feature in features if UNKNOWN in feature], folder
        texts = [journey.read_text(encoding="utf-8")] if journey.is_file() else []
        texts += [path.read_text(encoding="utf-8") for path in journey.glob("*.py")]
        steps = "\n".join(texts)
        for feature, sign in zip(features, SIGNS, strict=True):
            if SEEN in feature:
                assert re.search(sign, steps), f"{folder}: no test has {sign}"


SIGNS = (
    r"errors/bare-except|marked",
    r"Catch `Exception`|FIXED|MENDED",
    r"that is safe|That Is Safe|200b",
    r'"hover"',
    r'"complete"',
    r'"link"',
    r'scan"|Scan Workspace',
    r'"status"',
    r"historical|Historical",
)
"""What the tests of an editor have that saw a feature, column for column."""
