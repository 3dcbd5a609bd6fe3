"""What the rules of operations share: their messages, and what they find in more than one format."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, pairwise

from auto_enforcer.model import (
    Candidate,
    Line,
    Option,
    Options,
    Zone,
)
from auto_enforcer.rules._common import indent_of, regex, words
from auto_enforcer.rules._kinds import Family, Kind, said

WRITTEN = int(Zone.CODE | Zone.STRING)
MOST = 8
ABOVE = 50


KINDS = {
    "latest-tag": Kind("`{image}` may be another image tomorrow; name a version, or a digest"),
    "unpinned-action": Kind(
        "`{action}` runs whatever `{ref}` is then; name the commit by its 40 digits",
        options=(Option("trusted", (), "owners whose actions may be named by a tag, such as `actions`"),),
    ),
    "curl-pipe-shell": Kind(
        "this runs whatever the server sends, whole or cut off; load it, check its sum, then run it"
    ),
    "root-user": Kind("the container runs as root; give it a user of its own"),
    "secret-in-build-arg": Kind(
        "`{name}` stays in the image's history for whoever has it; hand it over with `--mount=type=secret`",
        blocked=True,
    ),
    "world-open-security-group": Kind(
        "this lets the whole internet in; name the networks that may, or put a gateway before it"
    ),
    "privileged-container": Kind(
        "a privileged container is root on its host; add the one capability it needs"
    ),
    "workflow-script-injection": Kind(
        "`{name}` is text of a stranger, and becomes part of the script; hand it over in `env`", blocked=True
    ),
    "workflow-input-injection": Kind(
        "`{name}` becomes part of the script, whatever somebody typed; hand it over in `env`"
    ),
    "write-all-permissions": Kind(
        "`write-all` lets every step change all there is; name what the job writes"
    ),
    "inherited-secrets": Kind("`secrets: inherit` hands every secret on; name those that the workflow needs"),
    "unsecure-workflow-commands": Kind(
        "whatever a step prints can set variables and the path of the next; write to `$GITHUB_ENV` instead",
        blocked=True,
    ),
    "all-secrets-exposed": Kind(
        "this hands every secret of the repository to the step; name those that it needs"
    ),
    "unmasked-secret": Kind(
        "a part of `{name}` is not masked in the log; keep each value as a secret of its own"
    ),
    "spoofable-bot-check": Kind(
        "the actor is whoever acted last, not who wrote the change; compare"
        " `github.event.pull_request.user.login`"
    ),
    "substring-for-list": Kind(
        "any part of that text is in it, and so is an empty `{name}`; compare with a list from `fromJSON`"
    ),
    "always-true-condition": Kind(
        "what stands outside of `${{{{ }}}}` makes this a text, which is always true; write one expression"
    ),
    "external-code-in-updates": Kind(
        "the update runs code of the packages that it looks at, with its secrets; remove this"
    ),
}


rule = Family("ops", KINDS, before=ABOVE, after=ABOVE).rule
"""A format's variant of one of them."""


def image_excuse(image: str) -> str:
    """Why an image's name is left alone; "" where it may be another image tomorrow."""
    if "$" in image or "{{" in image:
        return "variable" if not image.endswith(":latest") else ""
    name, _, tag = image.rpartition("/")[2].partition(":")
    if "@" in image or (tag and tag != "latest"):
        return "pinned"
    return "variable" if name == "scratch" else ""


# curl-pipe-shell

_LOADS = r"(?:curl|wget)[ \t]"
_SHELLS = (
    r"(?:/(?:usr/)?(?:local/)?bin/)?(?P<shell>(?:ba|z|da|k|a)?sh|python[\d.]{0,4}|perl|ruby"
    r"|node|php|pwsh)"
)
_PIPED = (
    rf"(?P<span>(?<![\w./$-]){_LOADS}(?=[^|;\n]{{1,400}}\|)(?:[^|;&\n]|&(?!&)){{1,400}}"
    rf"(?:\|[ \t]*(?:gunzip|zcat|tee|sed|tr)\b[^|;\n]{{0,120}})?"
    rf"\|&?[ \t]*(?:(?:sudo|env|doas)\b(?:[ \t]+-\w+(?:[ \t]+\w+(?=[ \t]+-))?"
    rf"|[ \t]+--?[\w-]+)*[ \t]+|\w+=\S{{1,80}}[ \t]+){{0,4}}"
    rf"{_SHELLS}(?![\w./=-]))(?P<rest>[^|;&\n]{{0,80}})"
)
_FED = (
    r"(?P<span>(?:(?<![\w./-])(?:/bin/)?(?:ba|z|da|k)?sh|(?<![\w.-])source|(?<![\w.-])eval|(?:^|[;&|\s])\.)"
    r"(?:[ \t]+-\w+){0,3}[ \t]+[\"']?(?:<\(|\$\(|`)[ \t]*(?:curl|wget)[ \t][^)`\n]{0,400})"
)
_EVALUATED = (
    r"(?i)(?P<span>(?<![\w-])(?:iwr|irm|invoke-webrequest|invoke-restmethod|curl|wget)\b[^|;\n]{1,300}"
    r"\|[ \t]*(?:iex|invoke-expression)\b|(?<![\w-])(?:iex|invoke-expression)\b[^"
    r"|;\n]{1,80}(?:downloadstring|iwr|irm)\b)"
)
PIPE_TRIGGERS = (
    r"\b(?:curl|wget)[ \t]",
    r"(?i)(?:iex|invoke-expression|invoke-webrequest|invoke-restmethod)\b",
)


def pipes(line: Line, options: Options) -> Iterator[Candidate]:
    """What loads a script and runs it at once, over lines that are spliced."""
    own = line.only(WRITTEN)
    text = own.rstrip()
    for below in line.after(5):
        if not text.endswith(("\\", "|", "`")):
            break
        text = text.rstrip("\\`") + " " + below.only(WRITTEN).strip()
    for pattern in (_PIPED, _FED, _EVALUATED):
        for match in islice(regex(pattern).finditer(text), MOST):
            start, end = match.span("span")
            if start >= len(own.rstrip()):
                continue
            value = ""
            if pattern is _PIPED and _is_filter(match["shell"], match["rest"]):
                value = "filter"
            elif regex(r"(?:^|[;&|][ \t]*|\s)(?:echo|printf|print|info|warn|log|die|error)\b[^;&|]*$").search(
                text[:start]
            ):
                value = "printed"
            elif _is_quoted(line, own, start, end):
                value = "quoted"
            yield Candidate(start, min(end, len(own.rstrip())), value=value)


def _is_quoted(line: Line, own: str, start: int, end: int) -> bool:
    """It is text that nothing runs: a string of a script that is no command's, or a key."""
    if not line.zone_at(start) & Zone.STRING:
        return False
    if line.language == "yaml":
        return regex(r"[^\"']{0,80}[\"'][ \t]*:(?:[ \t]|$)").match(own, end) is not None
    return (
        regex(r"(?:-\w*c|\beval|\bssh[ \t]+\S+|\bsu\b[^;|&]*)[ \t]+[\"'][^\"']*$").search(own[:start]) is None
    )


def _is_filter(shell: str, rest: str) -> bool:
    """What is run stands in the arguments, and what was loaded is only read."""
    given = rest.split()
    if shell.endswith("sh"):
        return bool(given) and (
            given[0] in ("-c", "-n") or not given[0].startswith(("-", "<", ">", '"', "'", ")", "}"))
        )
    return bool(given) and given[0] != "-" and not given[0].startswith(('"', "'", ")", ">", "<", "}"))


PIPE_EXCUSES = (said("filter"), said("printed"), said("quoted"))


# secret-in-build-arg

_SECRETS = (
    "token",
    "secret",
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "credential",
    "credentials",
    "apikey",
    "pat",
)
_KEYS = ("api", "access", "private", "secret", "auth", "signing", "encryption", "deploy", "ssh", "master")
_NOT_LAST = (
    *(
        "file",
        "path",
        "name",
        "id",
        "url",
        "uri",
        "length",
        "type",
        "ttl",
        "expiry",
        "host",
        "version",
        "dir",
    ),
    *(
        "arn",
        "region",
        "user",
        "username",
        "prefix",
        "header",
        "store",
        "provider",
        "endpoint",
        "hash",
        "dummy",
    ),
    *(
        "size",
        "count",
        "limit",
        "mode",
        "enabled",
        "issuer",
        "audience",
        "policy",
        "scope",
        "exists",
        "required",
    ),
)


def secret_name(name: str) -> str:
    """ "" where a name does not speak of a secret, `secret` where it does, and `reference` where it is only
    about one."""
    parts = words(name)
    if not any(part in _SECRETS for part in parts) and not any(
        first in _KEYS and second == "key" for first, second in pairwise(parts)
    ):
        return ""
    if parts[-1] in _NOT_LAST or parts[0] in (
        "public",
        "no",
        "use",
        "enable",
        "has",
        "skip",
        "disable",
        "max",
        "min",
    ):
        return "reference"
    return "reference" if "public" in parts else "secret"


_DUMMY = (
    r"(?i)[\"']?(?:dummy|changeme|placeholder|fake|none|null|test|example|xxx+|unused|ignored?"
    r"|not[-_]?\w+|1|0|true|false|build|insecure|precompile\w*)(?:[-_]\w+)?[\"']?$"
)


def build_argument(start: int, end: int, name: str, default: str) -> Iterator[Candidate]:
    """The candidate for an argument of a build, if its name speaks of a secret."""
    kind = secret_name(name)
    if kind:
        value = "reference" if kind == "reference" else "placeholder" if regex(_DUMMY).match(default) else ""
        yield Candidate(start, end, {"name": name}, value=value)


def build_options(line: Line, options: Options) -> Iterator[Candidate]:
    """`--build-arg NAME=…` of a command."""
    pattern = r"--build-arg(?:[ \t]+|=)[\"']?(?P<name>\w{1,80})(?:=(?P<default>[^\s\"']{0,80}))?"
    for match in islice(regex(pattern).finditer(line.only(WRITTEN)), MOST):
        if line.language == "yaml" or line.zone_at(match.start()) & Zone.CODE:
            yield from build_argument(*match.span("name"), match["name"], match["default"] or "")


BUILD_EXCUSES = (said("reference"), said("placeholder"))


# privileged-container


def privileged_options(line: Line, options: Options) -> Iterator[Candidate]:
    """`docker run --privileged`, over lines that are spliced."""
    text = line.only(WRITTEN)
    for match in islice(regex(r"(?<![\w-])--privileged(?P<off>=false)?(?![\w-])").finditer(text), MOST):
        command = text[: match.start()]
        for above in line.before(10):
            if not above.text.rstrip().endswith("\\"):
                break
            command = above.text + "\n" + command
        if regex(r"\b(?:docker|podman|nerdctl|buildah|docker-compose)\b").search(command):
            yield Candidate(*match.span(), value="off" if match["off"] else "")


def headers(line: Line) -> Iterator[Line]:
    """The lines above that a line stands in by their indents, the nearest first."""
    indent = indent_of(line.text)
    for above in line.before(ABOVE):
        if above.text.strip() and indent_of(above.text) < indent:
            indent = indent_of(above.text)
            yield above
            if not indent:
                return


def siblings(line: Line) -> Iterator[str]:
    """The texts around a line, itself included, up to where the block that it stands in begins and ends."""
    yield line.text
    own = indent_of(line.text) + (2 if line.text.lstrip().startswith("- ") else 0)
    for lines in (line.before(ABOVE), line.after(ABOVE)):
        for one in lines:
            if not one.text.strip() or one.text.lstrip().startswith("#"):
                continue
            indent = indent_of(one.text)
            item = one.text.lstrip().startswith("- ")
            if indent < own and not (item and indent + 2 == own and lines is not None):
                break
            if indent == own or (item and indent + 2 == own):
                yield one.text
            if item and indent + 2 == own:
                break
