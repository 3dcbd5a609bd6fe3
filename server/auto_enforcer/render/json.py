"""One JSON document: the version, every violation, the summary and what could not run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auto_enforcer.model import Report, Skipped
from auto_enforcer.render import jsonl
from auto_enforcer.render.items import Item, Tally


def render(items: Iterable[Item], tally: Tally, *, version: str, verbose: bool = False) -> Iterator[str]:
    """`violations` are the objects of the `jsonl` format. `verbose` adds `skipped`, the files by name."""
    from json import dumps

    skipped: list[dict[str, str]] = []
    yield f'{{\n"version": {dumps(version)},\n"violations": ['
    separator = "\n"
    for item in tally.counting(items):
        if isinstance(item, Report):
            for text in jsonl.objects(item):
                yield separator + text
                separator = ",\n"
        elif verbose and isinstance(item, Skipped):
            skipped.append({"path": item.path, "reason": item.reason})
    yield f'\n],\n"summary": {dumps(_summary(tally))}'
    if verbose:
        yield f',\n"skipped": {dumps(skipped)}'
    yield "\n}\n"


def _summary(tally: Tally) -> dict[str, object]:
    families = sorted(tally.families.items())
    return {
        "blocked": tally.blocked,
        "warnings": tally.warnings,
        "historical": tally.historical,
        **({"base": tally.base} if tally.base else {}),
        "baselined": tally.baselined,
        "unused_baseline_entries": tally.unused_entries,
        "suppressed": tally.suppressed,
        "observed": tally.observed,
        "would_block": tally.would_block,
        "would_block_rules": dict(sorted(tally.would_block_rules.items())),
        "families": {name: {"blocked": both[0], "warnings": both[1]} for name, both in families},
        "files": tally.files,
        "files_with_violations": tally.files_with_violations,
        "skipped": dict(sorted(tally.skipped.items())),
        "failures": tally.failures,
        "could_not_run": [{"what": failure.what, "why": failure.why} for failure in tally.could_not_run],
    }
