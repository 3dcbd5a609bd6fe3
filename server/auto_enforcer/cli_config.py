"""`auto-enforcer config`: the policy that holds for a path, and where each of its words was said."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping

from auto_enforcer import catalog, cli_team
from auto_enforcer.cli_exit import UserError
from auto_enforcer.cli_explain import ended, place_of
from auto_enforcer.cli_files import not_counted, real_path, today
from auto_enforcer.policy import Policy
from auto_enforcer.policy_values import (
    DEFAULT_CONTENT,
    DEFAULTS,
    Layer,
    Place,
    PlacedGlob,
    Rollout,
    Setting,
)
from auto_enforcer.policy_words import nearest
from auto_enforcer.render.text import counted, printable
from auto_enforcer.workspaces import Workspaces

KEYS = ("extends", "exclude", "generated", "required-version", *DEFAULTS, "overrides", "allow")
"""What `config` can be asked for beside rules and families."""


def run(options: argparse.Namespace) -> int:
    """Print the policy that holds for a path, as TOML, with the place of every word."""
    path, names = options.path, options.names
    if _is_named(path) and not os.path.lexists(path):
        path, names = ".", [path, *names]
    absolute = real_path(path)
    workspaces = Workspaces(today=today())
    others = [name for name in names if name not in KEYS]
    for name in others:
        near = nearest(name, KEYS)
        if near and "/" not in name and not _is_named(name):
            raise UserError(f"there is no key, rule or family `{printable(name)}`; did you mean `{near}`?")
    cli_team.refuse_unknown(others, workspaces, [path])
    session = workspaces.of_folder(absolute if os.path.isdir(absolute) else os.path.dirname(absolute))
    relative = session.relative(absolute) + ("/" if os.path.isdir(absolute) else "")
    policy = session.policy(os.path.join(absolute, "") if os.path.isdir(absolute) else absolute)
    readable = not any(session.problems())
    mask = session.mask_of(policy.files) if policy.files else str
    asked = _Asked(frozenset(names), every=options.all)
    for line in _config(policy, relative, session.excluded(relative), asked, readable=readable):
        sys.stdout.write(f"{printable(mask(line))}\n")
    if asked.left_out:
        sys.stdout.write(f"\n# {_hint(path, asked.left_out)}\n")
    code = ended(session)
    if workspaces.passed_over:
        sys.stderr.write(f"auto-enforcer: {printable(not_counted(workspaces.passed_over))}\n")
    return code


def _hint(path: str, left_out: int) -> str:
    """How to see what is not shown."""
    every = printable(shlex.join(["auto-enforcer", "config", *([path] if path != "." else []), "--all"]))
    one = printable(shlex.join(["auto-enforcer", "config", path]))
    what = f"{counted(left_out, 'rule')} {'is' if left_out == 1 else 'are'} as by default"
    return f"{what}; `{every}` shows all keys and rules, `{one} NAME` a key, a rule or a family"


def _is_named(word: str) -> bool:
    return word in KEYS or word in catalog.entries() or word in catalog.families()


class _Asked:
    """What of a policy is shown: what was asked for by name, or all, or what is not as by default."""

    def __init__(self, names: frozenset[str], *, every: bool) -> None:
        self._names = names
        self._every = every and not names
        self.left_out = 0
        """Rules that are not shown because they are as by default."""

    def key(self, key: str, *, is_default: bool) -> bool:
        """Whether a key of the policy as a whole is shown."""
        return key in self._names if self._names else self._every or not is_default

    def rule(
        self, entry: cli_team.Entry, setting: Setting, is_default: Callable[[str, Setting], bool]
    ) -> bool:
        """Whether a rule is shown."""
        if self._names:
            return entry.id in self._names or entry.family in self._names
        if self._every or not is_default(entry.id, setting):
            return True
        self.left_out += 1
        return False


def _config(
    policy: Policy, relative: str, excluded: Place | None, asked: _Asked, *, readable: bool
) -> Iterator[str]:
    """The lines of `config`; `excluded`: where the path, or a folder above it, is left out; `readable`:
    whether nothing is wrong with the configuration files."""
    why = "there is no configuration file" if readable else "the configuration file has mistakes"
    source = policy.file or f"the defaults, for {why}"
    yield f"# what holds for {relative}: {source}"
    for file in policy.files[1:]:
        yield f"# which extends {file}"
    for what, place in (("excluded", excluded), ("generated", policy.generated(relative))):
        if place is not None:
            yield f"# {what}: {place}"
    content = policy.content
    for key, items in (
        ("extends", [(said.value, _origin(said.place)) for said in content.extended]),
        ("exclude", list(_written(content.exclusions, policy.file))),
        ("generated", list(_written(content.generated, policy.file))),
    ):
        is_default = not items or (key == "extends" and not any(said.place.file for said in content.extended))
        if asked.key(key, is_default=is_default):
            yield from _placed_list(key, items)
    version = content.said.get("required-version")
    if version is not None and asked.key("required-version", is_default=False):
        yield f"required-version = {_toml(version.value)}  # {version.place}"
    for key in DEFAULTS:
        said = policy.said(key)
        if not asked.key(key, is_default=not said.place.file):
            continue
        yield f"{key} = {_toml(said.value)}  # {said.place}"
        general = [layer.rollout for layer in content.layers if layer.rollout is not None and not layer.globs]
        if key == "stage" and general and general[-1].since is not None:
            rollout = general[-1]
            yield f"from = {rollout.since}  # {rollout.place}: before it `{rollout.before.value}`"
    yield from _rules_of(policy, relative, asked)
    for index, layer in enumerate(content.layers):
        if layer.globs and asked.key("overrides", is_default=False):
            matches = "matches" if policy.matches(index, relative) else "does not match"
            yield ""
            yield f"[[overrides]]  # {layer.place}: {matches} {relative}"
            yield from _override(layer, policy.file)
    for one in content.allowances if asked.key("allow", is_default=False) else ():
        if (
            one.path == relative
            or relative == "./"
            or (relative[-1:] == "/" and one.path.startswith(relative))
        ):
            yield ""
            yield f"[[allow]]  # {one.place}: speaks of {one.path}"
            yield f"rule = {_toml(one.rule)}"
            yield f"path = {_toml(one.path)}"
            yield f'hash = "{one.salt.hex()}-{one.digest}"'
            yield f"reason = {_toml(one.reason)}"
            if one.until is not None:
                yield f"until = {one.until}"


def _rules_of(policy: Policy, relative: str, asked: _Asked) -> Iterator[str]:
    """The tables of the rules."""
    content = policy.content
    selection = policy.select(relative)
    default = Policy(DEFAULT_CONTENT, catalog.entries()).select(relative)
    general = [layer.rollout for layer in content.layers if layer.rollout is not None and not layer.globs]
    extended = {said.place for said in content.extended}

    def is_default(rule: str, setting: Setting) -> bool:
        if rule not in catalog.entries() or (setting.place.file and setting.place not in extended):
            return False
        if setting.option_places or (setting.rollout.place.file and setting.rollout not in general):
            return False
        other = default.setting(rule)
        return (setting.on, setting.severity, setting.options) == (other.on, other.severity, other.options)

    for entry in cli_team.entries(policy).values():
        setting = selection.setting(entry.id)
        if not asked.rule(entry, setting, is_default):
            continue
        yield ""
        yield f'[rules."{entry.id}"]'
        word = setting.severity.value if setting.on else "off"
        yield f"severity = {_toml(word)}  # {place_of(setting)}"
        if not setting.on:
            continue
        yield from _rollout(setting.rollout)
        unset = {option.name for option in entry.options if option.form == "folder"}
        for name, value in setting.options.items():
            if name in unset:
                continue
            yield f"{name} = {_toml(value)}  # {setting.option_places.get(name, 'default')}"


def _override(layer: Layer, file: str) -> Iterator[str]:
    """What a layer says that holds for some paths. `file` is the policy's."""
    yield from _placed_list("paths", _written(layer.paths, file))
    if layer.rollout is not None:
        yield from _rollout(layer.rollout)
    for name, change in layer.changes.items():
        yield f'[overrides.rules."{name}"]'
        if change.off or change.severity is not None:
            word = "off" if change.severity is None else change.severity.value
            yield f"severity = {_toml(word)}  # {change.place}"
        if change.rollout is not None:
            yield from _rollout(change.rollout)
        places = change.option_places or {}
        for option, value in (change.options or {}).items():
            yield f"{option} = {_toml(value)}  # {places.get(option, change.place)}"


def _rollout(rollout: Rollout) -> Iterator[str]:
    """A stage that a file says, and its day."""
    if rollout.place.file:
        yield f"stage = {_toml(rollout.stage.value)}  # {rollout.place}"
        if rollout.since is not None:
            yield f"from = {rollout.since}  # {rollout.place}: before it `{rollout.before.value}`"


def _placed_list(key: str, items: Iterable[tuple[str, str]]) -> Iterator[str]:
    """A list of TOML, an item a line with its place."""
    lines = [f"  {_toml(item)},  # {place}" for item, place in items]
    yield from (f"{key} = [", *lines, "]") if lines else (f"{key} = []  # default",)


def _written(globs: Iterable[PlacedGlob], file: str) -> Iterator[tuple[str, str]]:
    """Globs as they were written, each with its place, and the folder that it speaks of where that is not the
    one of `file`."""
    for glob in globs:
        elsewhere = glob.folder != file.rpartition("/")[0]
        yield glob.written, f"{glob.place}, below {glob.folder or '.'}/" if elsewhere else str(glob.place)


def _origin(place: Place) -> str:
    return str(place) if place.file else "default"


def _toml(value: object) -> str:
    """A value as TOML writes it."""
    if isinstance(value, Mapping):
        pairs = [f"{json.dumps(name, ensure_ascii=False)} = {_toml(one)}" for name, one in value.items()]
        return f"{{ {', '.join(pairs)} }}" if pairs else "{}"
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return _toml(tuple(one[0] for one in value))  # a glob and its expression
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
