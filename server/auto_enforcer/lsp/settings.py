"""An editor's settings: how violations are shown, never which exist or gate. That is for `enforcer.toml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from auto_enforcer.model import NamedTuple

SECTION = "autoEnforcer"
"""Of the editor's configuration; `initializationOptions` are one by themselves."""

ON_TYPE: Final = "onType"
ON_SAVE: Final = "onSave"
OFF: Final = "off"
RUNS = (ON_TYPE, ON_SAVE, OFF)
"""When what is found is shown anew: after each change, when a document is opened or saved, never."""

HISTORICAL = ("lower", "same", "off")
"""How old violations are shown: a level lower, as new ones, not at all."""

MOST_DIAGNOSTICS = 500
"""Diagnostics of one file that are shown unless `maximumDiagnostics` says otherwise."""

_MOST_WORDS = 64
"""Characters of a language's name in what is said of it."""


class Settings(NamedTuple):
    """What holds for the documents of one folder."""

    run: str = ON_TYPE
    """One of RUNS."""
    runs: tuple[tuple[str, str], ...] = ()
    """By language, where another one is set for it."""
    most_diagnostics: int = MOST_DIAGNOSTICS
    """Shown of one file, at least 1."""
    historical: str = ""
    """How old violations are shown, one of HISTORICAL; "" as the policy says."""

    def run_of(self, *languages: str) -> str:
        """When a document is told of, by the names of its language, the one that counts first."""
        of_languages = dict(self.runs)
        return next((of_languages[name] for name in languages if name in of_languages), self.run)


def parsed(section: Any, weaker: Settings) -> tuple[Settings, tuple[str, ...]]:
    """What a section of the configuration, as JSON has it, makes of weaker ones, and what is wrong with
    it. What is wrong or missing leaves the weaker one as it is; keys that are not ours are passed over."""
    if section is None:
        return weaker, ()
    if not isinstance(section, dict):
        return weaker, (f"`{SECTION}` is no table of settings",)
    wrong: list[str] = []
    run = _run(section, SECTION, weaker.run, wrong)
    runs = dict(weaker.runs)
    languages = section.get("languages")
    if isinstance(languages, dict):
        for name, of_language in languages.items():
            key = f"{SECTION}.languages.{name[:_MOST_WORDS]}"
            if isinstance(of_language, dict):
                if "run" in of_language:
                    runs[name] = _run(of_language, key, runs.get(name, run), wrong)
            else:
                wrong.append(f'`{key}` takes a table like {{"run": "{ON_SAVE}"}}')
    elif languages is not None:
        wrong.append(f"`{SECTION}.languages` takes a table of languages")
    most = section.get("maximumDiagnostics")
    if most is None:
        most = weaker.most_diagnostics
    elif not isinstance(most, int) or isinstance(most, bool) or most < 1:
        wrong.append(f"`{SECTION}.maximumDiagnostics` takes a number from 1")
        most = weaker.most_diagnostics
    historical = section.get("historical", weaker.historical)
    if historical is not None and historical != "" and historical not in HISTORICAL:
        wrong.append(f"`{SECTION}.historical` takes " + ", ".join(f'"{one}"' for one in HISTORICAL))
        historical = weaker.historical
    return Settings(run, tuple(sorted(runs.items())), most, historical or ""), tuple(wrong)


def _run(of: Mapping[str, Any], key: str, weaker: str, wrong: list[str]) -> str:
    value = of.get("run")
    if value in RUNS:
        return str(value)
    if value is not None:
        wrong.append(f"`{key}.run` takes " + ", ".join(f'"{run}"' for run in RUNS))
    return weaker


class Layers:
    """What the editor has said so far, the weakest first: `initializationOptions`,
    `workspace/didChangeConfiguration`, and what it answers for each folder when it is asked."""

    __slots__ = ("_begun", "_of_folders", "_told")

    def __init__(self, options: Any) -> None:
        self._begun = options
        self._told: Any = None
        self._of_folders: dict[str, Any] = {}

    def tell(self, settings: Any) -> None:
        """Take over what a notification says, which replaces what one said before."""
        self._told = settings.get(SECTION) if isinstance(settings, dict) else None

    def answer(self, roots: Sequence[str], sections: Any) -> None:
        """Take over the answer for folders by root, "" for what is in none. One of another form is none."""
        if isinstance(sections, list) and len(sections) == len(roots):
            self._of_folders = dict(zip(roots, sections, strict=True))

    def settle(self, root: str) -> tuple[Settings, tuple[str, ...]]:
        """What holds in a folder, by root, and what is wrong with what was said for it."""
        settings, wrong = Settings(), tuple[str, ...]()
        of_folder = self._of_folders.get(root, self._of_folders.get(""))
        for section in (self._begun, self._told, of_folder):
            settings, more = parsed(section, settings)
            wrong += more
        return settings, wrong
