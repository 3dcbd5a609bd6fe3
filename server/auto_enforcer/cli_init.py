"""`auto-enforcer init`: writes the first policy of a workspace from what it finds there."""

from __future__ import annotations

import argparse
import json
import os
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence

from auto_enforcer import __version__, catalog, policy_file, policy_prisma
from auto_enforcer.cli_exit import CLEAN, UserError
from auto_enforcer.cli_files import real_path, shown_path, today
from auto_enforcer.cli_init_survey import Survey, is_plain, schema_beside, survey
from auto_enforcer.globs import glob_of
from auto_enforcer.policy_values import RULESET
from auto_enforcer.render.text import counted, printable
from auto_enforcer.session import Session
from auto_enforcer.workspaces import Workspaces

NEW_FILE = "enforcer.toml"

WIDEST = 110
"""Columns of the file, at most, save for paths that are longer."""

MOST_GLOBS = 12
"""Folders that are named in a list, at most."""

MOST_ALIKE = 3
"""Folders of one name that are named one by one; more are meant by their name."""

MOST_NAMED = 4
"""Paths and names in a comment, at most."""

MOST_LANGUAGES = 5

EDITORS = (
    (
        "VS Code",
        "1.91 and later",
        "build `editors/vscode` of the checkout (`npm ci --ignore-scripts && npm run package`), and install"
        " its `.vsix`",
    ),
    (
        "Neovim",
        "0.11 and later",
        "copy `editors/neovim/lsp/auto_enforcer.lua` of the checkout to `~/.config/nvim/lsp/`, and add"
        ' `vim.lsp.enable("auto_enforcer")` to `init.lua`',
    ),
    (
        "Emacs",
        "28.1 and later",
        "load `editors/emacs/auto-enforcer.el` of the checkout, then `M-x eglot` or `M-x lsp`",
    ),
    (
        "Vim with ALE",
        "8.1 and 3.3, and later",
        "copy `editors/vim/auto_enforcer.vim` of the checkout to `~/.vim/plugin/`",
    ),
    (
        "Kate",
        "22.12 and later",
        "copy `editors/kate/settings.json` of the checkout to `~/.config/kate/lspclient/`",
    ),
)
"""What to put into which editor: name, version, and how. As the table of `editors/README.md`."""

Command = Callable[[Sequence[str]], int]
"""Runs another command of this program; raises UserError where there is none."""


def run(options: argparse.Namespace, command: Command) -> int:
    """Write the policy, or print it; the exit code."""
    if options.stdout and options.baseline:
        raise UserError("`--baseline` goes with a policy that is written; leave `--stdout` out")
    folder = real_path(options.path)
    if not os.path.isdir(folder):
        raise UserError(f"{options.path} is no folder; name the one that the policy is for")
    session = Workspaces(today=today()).of_folder(folder)
    if not options.stdout:
        _refuse_second(session, folder)
    found = survey(folder, session.root)
    text = policy_text(found, folder, session.mask_of(()))
    # What is written must hold under the reader that will meet it. Raises InvalidPolicyError: a defect.
    policy_file.read(folder, NEW_FILE, catalog.entries(), __version__, text)
    if options.stdout:
        sys.stdout.write(text)
        return CLEAN
    path = os.path.join(folder, NEW_FILE)
    try:
        # Nothing is written over, whoever was quicker, and no link is followed.
        with open(path, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        _refuse_second(session, folder)
        raise
    where = printable(shown_path(path))
    sys.stdout.write(f"wrote {where}: {_summary(found)}\n\n")
    sys.stdout.write("".join(f"{line}\n" for line in _next(has_baseline=options.baseline)))
    if options.baseline:
        sys.stdout.flush()
        return command(["baseline", options.path])
    return CLEAN


def _refuse_second(session: Session, folder: str) -> None:
    """Raise UserError where a policy is in force already."""
    place = session.relative(os.path.join(folder, NEW_FILE))
    file = NEW_FILE if os.path.lexists(os.path.join(folder, NEW_FILE)) else ""
    if file:
        raise UserError(
            f"there is a policy: {printable(shown_path(os.path.join(folder, file)))}; change it by hand,"
            " `auto-enforcer init --stdout` prints what would be written"
        )
    file = session.resolver.configuration_file(place)
    if file:
        shown = printable(shown_path(os.path.join(session.root, file)))
        raise UserError(
            f"the policy of {shown} holds here, and another file would stand alone; change that one, or write"
            f" {NEW_FILE} by hand and let it say which file it extends"
        )


def policy_text(found: Survey, folder: str, mask: Callable[[str], str]) -> str:
    """The file for what was found below a folder. `mask` hides what is secret; a path that it changes is not
    named."""

    def is_told(path: str) -> bool:
        return path.isprintable() and mask(path) == path and _is_utf8(path)

    parts = [
        _head(found),
        _whole(found),
        _list(
            "exclude",
            "Others wrote this: it is not checked, on top of what .gitignore names.",
            _globs(filter(is_told, found.vendored)),
        ),
        _list(
            "generated",
            "Programs wrote this: only few rules look at it, those for secrets among them.",
            [*_globs(filter(is_told, found.generated)), *found.written],
        ),
        _packages([path for path in found.packages if is_told(path) and is_plain(path)], found),
        _rules(found, folder, is_told),
        _overrides([path for path in found.tests if is_told(path) and is_plain(path)]),
    ]
    return "\n".join("".join(f"{line}\n" for line in lines) for part in parts if (lines := list(part)))


def _head(found: Survey) -> Iterator[str]:
    yield "# The policy of this workspace: what must not go in, and what is worth a look."
    yield "# `auto-enforcer config PATH` says what holds for a file, and which line says so."
    yield from _comment(f"Found: {_summary(found)}.")


def _whole(found: Survey) -> Iterator[str]:
    sets = ["recommended", *found.frameworks]
    yield _aside(f"extends = {json.dumps(sets)}", 'or "all", or files: "../enforcer.toml"')
    yield _aside(f'ruleset = "{RULESET}"', "an upgrade changes no verdict until this line does")
    version = ".".join(__version__.split(".")[:2])
    yield _aside(f'required-version = ">={version}"', "an older one may not know all that stands here")


def _list(key: str, comment: str, globs: Sequence[str]) -> Iterator[str]:
    """A list of globs, with what it is for above it."""
    if not globs:
        return
    yield f"# {comment}"
    line = f"{key} = [{', '.join(map(_quoted, globs))}]"
    if len(line) <= WIDEST:
        yield line
    else:
        yield f"{key} = ["
        for glob in globs:
            yield f"    {_quoted(glob)},"
        yield "]"


def _globs(folders: Iterable[str]) -> list[str]:
    """The globs of folders. Many of one name are meant by it."""
    by_name: dict[str, list[str]] = {}
    for folder in folders:
        by_name.setdefault(folder.rpartition("/")[2], []).append(folder)
    found: list[str] = []
    for name, several in sorted(by_name.items()):
        # A glob without a slash but at its end means each folder of this name.
        named = [f"{name}/"] if len(several) > MOST_ALIKE else [f"{glob_of(one)}/" for one in several]
        found += named
    return found[:MOST_GLOBS]


def _packages(packages: Sequence[str], found: Survey) -> Iterator[str]:
    """How one of several packages gets a policy of its own."""
    if not packages:
        return
    first = packages[0]
    above = "../" * (first.count("/") + 1)
    what = f"This is {_listed(found.roots)}. " if found.roots else ""
    yield from _comment(
        f"{what}Packages: {_some(packages)}. One may have a policy of its own, which then stands alone: in"
        f' `{first}/{NEW_FILE}` the line `extends = "{above}{NEW_FILE}"` takes over what stands here.'
    )


def _rules(found: Survey, folder: str, is_told: Callable[[str], bool]) -> Iterator[str]:
    yield "[rules]"
    yield _aside('# "logging/print-call" = "off"', 'a rule: "blocked", "warning" or "off"')
    yield _aside('# debt = "warning"', "a family")
    yield _aside('# errors = { stage = "warn" }', "being rolled out: `warn` never fails a gate")
    beside = schema_beside(folder)
    schemas = [path for path in found.schemas if is_told(path) and is_plain(path)]
    named = beside if beside in schemas else next(iter(schemas), "") if not beside else ""
    if not named:
        return
    keys = catalog.entries()["tenancy/query-without-tenant"].options
    words = next(option.default for option in keys if option.name == "keys")
    assert isinstance(words, tuple)
    schema = policy_prisma.read(folder, named, words)
    models = [model for model in schema.models if is_told(model) and is_plain(model)]
    yield ""
    field = f"the field {_listed(words, 'or')}"
    if models:
        yield from _comment(
            f"The Prisma schema `{named}` says what tenants share, by {field}: {_some(models)}. The rules for"
            " tenants (`auto-enforcer rules tenancy`) look at queries on these."
        )
    else:
        yield from _comment(
            f"No model of the Prisma schema `{named}` has {field} by which tenants are told apart, so no rule"
            " for tenants looks. Where they share data, say what the field is called:"
        )
    if models and named == beside:
        return
    yield "[rules.tenancy]" if models else "# [rules.tenancy]"
    if named != beside:
        yield f"schema = {_quoted(named)}" if models else f"# schema = {_quoted(named)}"
    if not models:
        yield '# keys = ["companyId"]'


def _overrides(tests: Sequence[str]) -> Iterator[str]:
    where = f" ({_some(tests)})" if tests else ""
    yield from _comment(
        f"In tests{where}, documents, examples and migrations the recommended set says less by itself."
        " For other paths say it here; the last table that matches has the word:"
    )
    yield "# [[overrides]]"
    yield '# paths = ["scripts/**"]'
    yield '# rules = { logging = "off" }'


def _summary(found: Survey) -> str:
    """What was found, in one line."""
    parts = [
        f"{name} ({counted(count, 'file')})" if index == 0 else f"{name} ({count})"
        for index, (name, count) in enumerate(found.languages[:MOST_LANGUAGES])
    ]
    more = len(found.languages) - MOST_LANGUAGES
    parts += [f"{counted(more, 'more language')}"] if more > 0 else []
    said = [", ".join(parts) if parts else "no files yet"]
    if found.roots:
        said.append(_listed(found.roots))
    if found.packages:
        said.append(counted(len(found.packages), "package"))
    if found.frameworks:
        said.append("NestJS")
    if found.schemas:
        said.append("a Prisma schema")
    if found.is_cut:
        said.append(f"looked at the first {found.files} files")
    return "; ".join(said)


def _next(*, has_baseline: bool) -> Iterator[str]:
    """What to do now."""
    steps = [
        ("auto-enforcer check", "what is found now"),
        ("auto-enforcer check --new", "in git: what is new since the default branch"),
        ("auto-enforcer baseline", "come to terms with that: only what is new will block"),
        ("auto-enforcer config PATH", "what holds for a file, and which line says so"),
    ]
    for words, what in steps:
        if not (has_baseline and words.endswith("baseline")):
            yield f"{words:27}{what}"
    yield ""
    yield "editors: each starts `auto-enforcer lsp` and speaks to it over standard input and output"
    for name, version, how in EDITORS:
        yield from textwrap.wrap(
            f"{name} {version}: {how}", 100, initial_indent="  ", subsequent_indent="    "
        )
    yield "  eight more: their configuration is in `editors` of the checkout"
    yield "  any other with a client for the Language Server Protocol: that command, for all files"


def _comment(text: str) -> Iterator[str]:
    """A comment, filled."""
    for line in textwrap.wrap(text, WIDEST - 2, break_long_words=False, break_on_hyphens=False):
        yield f"# {line}"


def _aside(line: str, comment: str) -> str:
    return f"{line:38}# {comment}"


def _some(names: Sequence[str]) -> str:
    """The first of some names, and how many more there are."""
    shown = [f"`{name}`" for name in names[:MOST_NAMED]]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _listed(words: Sequence[str], last: str = "and") -> str:
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _quoted(text: str) -> str:
    """A string of TOML."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _is_utf8(text: str) -> bool:
    """Whether a path can be written into a file at all: its bytes may be no text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
