"""What a Python name means by the imports above it: `sp.Popen` is `subprocess.Popen` after `import
subprocess as sp`."""

from __future__ import annotations

from functools import lru_cache

from auto_enforcer.model import Fact, Line
from auto_enforcer.rules._common import regex

_MODULES = (
    r"subprocess|os|commands|popen2|asyncio|pickle|cPickle|_pickle|dill|cloudpickle|marshal"
    r"|shelve|yaml|jsonpickle|ruamel|hashlib|Crypto|Cryptodome|cryptography"
    r"|random|ssl|requests|httpx|urllib3|aiohttp|tempfile|tarfile|zipfile|shutil|xml|lxml"
    r"|torch|joblib|numpy|pandas|jwt|jose|flask|django|markupsafe|jinja2|mako"
    r"|builtins|paramiko|telnetlib|ftplib|starlette|fastapi|flask_cors|pexpect|invoke|fabric"
    r"|transformers|keras|tensorflow"
)

IMPORTED = Fact(
    "security-import",
    (
        rf"^[ \t]{{0,40}}((?:import"
        rf"|from)[ \t]{{1,4}}(?:\w+[ \t]*,[ \t]*){{0,6}}(?:{_MODULES})\b[^\n#;]{{0,160}})"
    ),
)
"""An import of a module that one of the rules speaks of."""


def resolve(line: Line, name: str) -> str:
    """The full name of what a dotted name means: of a module's as it is named where it was not imported in
    sight."""
    first, dot, rest = name.partition(".")
    known = _names(line.facts(IMPORTED.name)).get(first)
    if known is None:
        return name
    return f"{known}.{rest}" if dot else known


def imports(line: Line, module: str) -> bool:
    """Whether a module was imported above, in whole or in part."""
    return module in _modules(line.facts(IMPORTED.name))


@lru_cache(64)  # a file's calls ask for the same ones
def _modules(statements: frozenset[str]) -> frozenset[str]:
    found = set()
    for statement in statements:
        found.update(regex(r"[A-Za-z_]\w*").findall(statement))
    return frozenset(found)


@lru_cache(64)
def _names(statements: frozenset[str]) -> dict[str, str]:
    """What local names mean, by import statements."""
    names: dict[str, str] = {}
    for statement in sorted(statements):
        taken = regex(r"from[ \t]+([\w.]+)[ \t]+import[ \t]*\(?(.*)").match(statement)
        if taken:
            for part in taken[2].rstrip(" \t\\)").split(","):
                one = regex(r"[ \t]*(\w+)(?:[ \t]+as[ \t]+(\w+))?[ \t]*$").match(part)
                if one:
                    names[one[2] or one[1]] = f"{taken[1]}.{one[1]}"
            continue
        for part in regex(r"^import[ \t]+").sub("", statement).split(","):
            one = regex(r"[ \t]*([\w.]+)[ \t]+as[ \t]+(\w+)[ \t]*$").match(part)
            if one:
                names[one[2]] = one[1]
    return names
