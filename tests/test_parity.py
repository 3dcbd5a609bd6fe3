"""Every front end says the same of the same text: rule, place, severity and message are equal.

What may differ is here too: words that only an editor hears, and an encoding that an editor guesses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from command import Command, fill
from effort import spread
from lsp.stdio import Client, opening, uri
from parity.front_ends import WAYS, Said, Way, checked, edited, given, opened, served
from parity.samples import FORMS, REAL_FILES, Sample, policy_files, samples

MOST_TOLD = 20
"""Files of which a failure tells what differs."""


class Checkout(NamedTuple):
    """The samples as files, and what the command says of them."""

    workspace: Path
    cache: Path
    said: Said


def on_input() -> Sequence[Sample]:
    """What standard input is given: each is a run of the command."""
    return spread(samples(), 6)


FrontEnd = Callable[[Checkout], Said | None]
"""What it says of the samples that it is given; None where it is not there yet."""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Checkout:
    workspace = tmp_path_factory.mktemp("parity")
    (workspace / ".git").mkdir()
    fill(workspace, dict(policy_files()))
    fill(workspace, {sample.path: sample.data for sample in samples()})
    return Checkout(workspace, cache, checked(workspace, cache, "--no-cache", "--jobs", "1"))


def _again(checkout: Checkout) -> Said:
    return checked(checkout.workspace, checkout.cache, "--jobs", "1")


def _in_processes(checkout: Checkout) -> Said:
    return checked(checkout.workspace, checkout.cache, "--no-cache", "--jobs", "2")


def _given(checkout: Checkout) -> Said:
    return given(checkout.workspace, checkout.cache, [sample.path for sample in on_input()])


def _opened(way: Way, checkout: Checkout) -> Said | None:
    return opened(checkout.workspace, checkout.cache, way, way.samples(edit=False))


def _edited(way: Way, checkout: Checkout) -> Said | None:
    return edited(checkout.workspace, checkout.cache, way, way.samples(edit=True))


FRONT_ENDS: Mapping[str, FrontEnd] = {
    "the command, which may have kept results": _again,
    "the command in two processes": _in_processes,
    "standard input": _given,
    **{f"the server, opened, {name}": partial(_opened, way) for name, way in WAYS.items()},
    **{f"the server, edited, {name}": partial(_edited, way) for name, way in WAYS.items()},
}


@pytest.mark.parametrize("front_end", FRONT_ENDS)
def test_a_front_end_says_what_the_command_says(checkout: Checkout, front_end: str) -> None:
    said = FRONT_ENDS[front_end](checkout)
    assert said is not None, "the server does not offer it"
    paths = {sample.path for sample in (on_input() if front_end == "standard input" else samples())}
    if front_end.startswith("the server"):
        paths = {
            sample.path
            for sample in WAYS[front_end.rpartition(", ")[2]].samples(edit=", edited, " in front_end)
        }
    assert sorted(said.keys() - paths) == []
    expected = checkout.said
    if ", edited, " in front_end:
        # Rules about a file as a whole look when it is opened or saved, not at each edit.
        expected, said = _about_lines(expected), _about_lines(said)
    told = list(_differences(expected, said, sorted(paths)))
    assert not told, "\n".join([f"{len(told)} files differ", *told[:MOST_TOLD]])


def test_the_samples_are_many_and_full_of_violations(checkout: Checkout) -> None:
    paths = [sample.path for sample in samples()]
    assert len(paths) == len(set(paths))
    assert sum(path.startswith("real/") for path in paths) == REAL_FILES
    assert len({sample.language for sample in samples()}) > 25
    rules = {found[3] for rows in checkout.said.values() for found in rows}
    assert len({rule.partition("/")[0] for rule in rules}) > 6
    assert len(rules) > 100
    assert {"files/broken-json", "files/broken-yaml", "files/crlf-mixed"} <= rules
    assert {"team/caught", "team/capitals", "team/word"} <= rules
    assert sum(path.startswith("real/") for path in checkout.said) > 30
    assert sum(path.startswith("books/") for path in checkout.said) > 40
    for form in FORMS:
        if "nul" in form.name and form.name != "late-nul":
            continue  # such a file is skipped, and such a document is silent
        assert sum(path.startswith(f"forms/{form.name}/") for path in checkout.said) > 10, form.name


def test_many_violations_stand_behind_characters_that_encodings_count_differently(
    checkout: Checkout,
) -> None:
    behind = dict.fromkeys(("é", "\U0001f600", "\ufffd", "\u2028"), 0)
    for sample in samples():
        lines = re.split("\r\n|\r|\n", sample.text)
        for number, start, *_ in checkout.said.get(sample.path, ()):
            for character in behind:
                behind[character] += character in lines[number][:start]
    assert all(count > 5 for count in behind.values()), behind


def test_an_editors_word_counts_where_neither_name_nor_first_line_tell_the_language(
    ae: Command, workspace: Path, cache: Path
) -> None:
    """The command takes such a file for plain text."""
    text = "print(1)\n"
    with served(workspace, cache, "utf-16") as (client, _):
        for name, language, told in (
            ("a/tool", "python", {"logging/print-call"}),
            ("b/tool", "plaintext", set()),
            ("app/tool.rb", "python", set()),
            ("app/tool.py", "ruby", {"logging/print-call"}),
        ):
            assert _rules_told(client, workspace, name, text, language) == told, name
    fill(workspace, {"app/tool": text})
    assert "nothing found" in ae("check").out


def test_an_editor_that_guesses_another_encoding_is_told_of_the_same_places(
    ae: Command, workspace: Path, cache: Path
) -> None:
    """The command reads UTF-8, and what is none as U+FFFD; in Latin-1 each of these bytes is a character."""
    data = 'name = "caf\xe9"; print(name)\n# TODO: \xfcber\n'.encode("latin-1")
    fill(workspace, {"app/a.py": data})
    expected = {line.split()[2] for line in ae("check").out.splitlines() if line.startswith("app/a.py:")}
    assert expected == {"logging/print-call", "debt/todo-without-reference"}
    with served(workspace, cache, "utf-16") as (client, _):
        assert _rules_told(client, workspace, "app/a.py", data.decode("latin-1"), "python") == expected


def _rules_told(client: Client, workspace: Path, path: str, text: str, language: str) -> set[str]:
    name = uri(workspace / path)
    client.send(opening(name, text, language))
    return {
        diagnostic["code"]
        for diagnostic in client.diagnostics(name)
        if not diagnostic["code"].startswith("unicode/")
    }


def _about_lines(said: Said) -> Said:
    """What rules about lines say."""
    return {
        path: [found for found in rows if not found[3].startswith(("files/", "docs/"))]
        for path, rows in said.items()
    }


def _differences(expected: Said, said: Said, paths: Iterable[str]) -> Iterable[str]:
    """What differs, a text for each file."""
    for path in paths:
        before, now = expected.get(path, []), said.get(path, [])
        if before != now:
            missing = [f"  - {found}" for found in before if found not in now]
            added = [f"  + {found}" for found in now if found not in before]
            yield "\n".join([path, *missing[:3], *added[:3]] if missing or added else [path, "  told twice"])
