"""Workflows, compose files and manifests of Kubernetes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from auto_enforcer.model import Candidate, Excuse, Fact, Line, Options, Zone
from auto_enforcer.rules._common import indent_of, regex
from auto_enforcer.rules._kinds import said
from auto_enforcer.rules.ops._shared import (
    ABOVE,
    BUILD_EXCUSES,
    MOST,
    PIPE_EXCUSES,
    PIPE_TRIGGERS,
    WRITTEN,
    build_argument,
    build_options,
    headers,
    image_excuse,
    pipes,
    privileged_options,
    rule,
    siblings,
)

_DEPLOYED = Fact("ops-deployed", r"^(?:services|apiVersion|jobs|stages)[ \t]*:")
_KEY = r"(?:[ \t]*(?:-[ \t]+)?|.{0,200}?[{,][ \t]*)[\"']?"
"""What stands before a key: the line's start, or the mapping that is written in it."""

_IMAGE = _KEY + r"(?P<key>image|container|tag|uses)[\"']?[ \t]*:[ \t]+[\"']?(?P<image>[^\s\"'#,}]{1,200})"


def _images(line: Line, options: Options) -> Iterator[Candidate]:
    match = regex(_IMAGE).match(line.only(WRITTEN))
    if match is None or line.zone_at(match.start("image") - 2) & Zone.COMMENT:
        return
    key, image = match["key"], match["image"]
    if key == "tag":
        named = any(
            regex(r"[ \t]*(?:-[ \t]+)?(?:repository|image|name)[ \t]*:").match(text)
            for text in siblings(line)
        )
        if image != "latest" or not named:
            return
    elif key == "uses":
        if not image.startswith("docker://"):
            return
        image = image.removeprefix("docker://")
    elif not regex(r"[\w$]").match(image) or image.startswith(("http:", "https:")):
        return
    value = "" if key == "tag" else image_excuse(image)
    if regex(r"(?:ubuntu|windows|macos)-latest$").match(image):
        value = "other"  # a runner of GitHub's
    guessed = not value and not image.endswith("latest") and not line.facts(_DEPLOYED.name)
    if guessed or regex(r"(?i).*\.(?:png|jpe?g|svg|gif|webp|ico)$").match(image):
        value = "other"
    yield Candidate(*match.span("image"), {"image": image}, value=value)


def _is_built(line: Line, candidate: Candidate, options: Options) -> bool:
    """The image is what the service beside it builds."""
    return any(regex(r"[ \t]*(?:-[ \t]+)?build[ \t]*:").match(text) for text in siblings(line))


_ACTION = (
    r"[ \t]*(?:-[ \t]+)?uses[ \t]*:[ \t]*[\"']?(?P<span>(?P<action>[\w.\-]+/[\w./\-]+)@(?P<ref"
    r">[^\s\"'#]{1,120}))"
)


def _actions(line: Line, options: Options) -> Iterator[Candidate]:
    match = regex(_ACTION).match(line.only(WRITTEN))
    if match is not None and line.zone_at(match.start()) == Zone.CODE:
        pinned = regex(r"[0-9a-f]{40}(?:[0-9a-f]{24})?$").match(match["ref"])
        details = {"action": match["action"], "ref": match["ref"]}
        yield Candidate(*match.span("span"), details, value="pinned" if pinned else match["action"])


def _is_trusted(line: Line, candidate: Candidate, options: Options) -> bool:
    return candidate.value.partition("/")[0] in options["trusted"]


def _users(line: Line, options: Options) -> Iterator[Candidate]:
    match = regex(
        _KEY + r"(?P<span>runAsUser[\"']?[ \t]*:[ \t]*0|runAsNonRoot[\"']?[ \t]*:[ \t]*false"
        r"|user[\"']?[ \t]*:[ \t]*[\"']?(?:root|0)(?::\w+)?[\"']?)[ \t]*(?:[,}#]|$)"
    ).match(line.only(WRITTEN))
    if match is None or line.zone_at(indent_of(line.text)) != Zone.CODE:
        return
    value = ""
    if match["span"].startswith("user"):
        container = regex(r"[ \t]*(?:-[ \t]+)?(?:image|build|container_name)[ \t]*:")
        value = "" if any(container.match(text) for text in siblings(line)) else "other"
    yield Candidate(*match.span("span"), value=value)


def _privileges(line: Line, options: Options) -> Iterator[Candidate]:
    match = regex(
        _KEY
        + (
            r"(?P<span>privileged[\"']?[ \t]*:[ \t]*(?P<quote>[\"']?)(?P<value>true"
            r"|false)(?P=quote))[ \t]*(?:[,}#]|$)"
        )
    ).match(line.only(WRITTEN))
    if match is not None and line.zone_at(match.start("value") - 2) == Zone.CODE:
        yield Candidate(*match.span("span"), value="off" if match["value"] == "false" else "")
    yield from privileged_options(line, options)


_KIND = Fact(
    "ops-policy", r"^kind[ \t]*:[ \t]*(?:PodSecurityPolicy|SecurityContextConstraints|ClusterPolicy)\b"
)


def _is_policy(line: Line, candidate: Candidate, options: Options) -> bool:
    """A policy says what others may."""
    return bool(line.facts(_KIND.name))


def _arguments(line: Line, options: Options) -> Iterator[Candidate]:
    yield from build_options(line, options)
    match = regex(
        r"[ \t]*(?:-[ \t]+)?[\"']?(?P<name>\w{1,80})[ \t]*(?:[:=][ \t]*(?P<default>[^\s#]{0,80})"
        r"|$)"
    ).match(line.text)
    if match is None or match["name"] in ("args", "build"):
        return
    above = iter(headers(line))
    first = next(above, None)
    if first is None:
        return
    if regex(r"[ \t]*build-args[ \t]*:[ \t]*[|>]").match(first.text):
        yield from build_argument(*match.span("name"), match["name"], match["default"] or "")
    elif regex(r"[ \t]*args[ \t]*:[ \t]*$").match(first.text):
        second = next(above, None)
        if second is not None and regex(r"[ \t]*build[ \t]*:[ \t]*$").match(second.text):
            yield from build_argument(*match.span("name"), match["name"], match["default"] or "")


_STRANGERS = r"\$\{\{[^}\n]{0,200}?(?P<span>\bgithub\.(?:event\.[\w.\[\]*\-']{1,120}|head_ref))"
_SAFE = (
    *("number", "id", "node_id", "sha", "action", "merged", "draft", "login", "full_name", "created_at"),
    *(
        "updated_at",
        "html_url",
        "url",
        "clone_url",
        "private",
        "fork",
        "type",
        "after",
        "before",
        "run_number",
    ),
    *("run_id", "run_attempt", "conclusion", "status", "default", "state", "avatar_url", "locked", "size"),
    *(
        "forced",
        "created",
        "deleted",
        "merge_commit_sha",
        "head_sha",
        "workflow_id",
        "prerelease",
        "user_view_type",
    ),
)


_INPUTS = r"\$\{\{[^}\n]{0,200}?(?P<span>(?<![\w.])(?:github\.event\.)?inputs\.[\w\-]{1,120})"


def _strangers(line: Line, options: Options) -> Iterator[Candidate]:
    for match in islice(regex(_STRANGERS).finditer(line.text), MOST):
        name = match["span"]
        if name.startswith("github.event.inputs"):
            continue
        own = name.startswith("github.event.repository.") or name.rpartition(".")[2] in _SAFE
        value = "not-run" if not _in_script(line) else "safe" if own else ""
        yield Candidate(*match.span("span"), {"name": name}, value=value)


def _inputs(line: Line, options: Options) -> Iterator[Candidate]:
    for match in islice(regex(_INPUTS).finditer(line.text), MOST):
        value = "" if _in_script(line) else "not-run"
        yield Candidate(*match.span("span"), {"name": match["span"]}, value=value)


def _in_script(line: Line) -> bool:
    """Whether a line is part of what `run:`, or the `script:` of an action, gives to an interpreter."""
    key = r"[ \t]*(?:-[ \t]+)?(?:run|script)[ \t]*:[ \t]*"
    if regex(key + r"[^|>\s]").match(line.text) and line.zone_at(indent_of(line.text)) == Zone.CODE:
        return True
    if line.zone_at(0) != Zone.STRING:
        return False
    indent = indent_of(line.text)
    for above in line.before(ABOVE):
        if not above.text.strip() or indent_of(above.text) >= indent:
            continue
        indent = indent_of(above.text)
        if regex(key + r"[|>]").match(above.text):
            return True
        if above.zone_at(0) != Zone.STRING:
            return False
    return False


def _all_rights(line: Line, options: Options) -> Iterator[Candidate]:
    match = regex(r"[ \t]*permissions[ \t]*:[ \t]*[\"']?(?P<span>write-all)\b").match(line.text)
    if match is not None:
        yield Candidate(*match.span("span"))


def _all_secrets(line: Line, options: Options) -> Iterator[Candidate]:
    match = regex(r"[ \t]*(?P<span>secrets[ \t]*:[ \t]*[\"']?inherit)\b").match(line.text)
    if match is not None:
        yield Candidate(*match.span("span"))


_FILES = ("yaml",)

RULES = (
    rule(
        "latest-tag",
        _FILES,
        _images,
        (r"\b(?:image|container)[\"']?[ \t]*:[ \t]", r"\btag[\"']?[ \t]*:[ \t]*[\"']?latest", r"docker://"),
        (said("pinned"), said("variable"), said("other"), Excuse("built", _is_built)),
        (_DEPLOYED,),
    ),
    rule(
        "unpinned-action",
        _FILES,
        _actions,
        (r"\buses[ \t]*:[ \t]",),
        (said("pinned"), Excuse("trusted", _is_trusted)),
    ),
    rule("curl-pipe-shell", _FILES, pipes, PIPE_TRIGGERS, PIPE_EXCUSES),
    rule(
        "root-user",
        _FILES,
        _users,
        (
            r"\brunAs(?:User|NonRoot)[\"']?[ \t]*:[ \t]*(?:0|false)",
            r"\buser[\"']?[ \t]*:[ \t]*[\"']?(?:root|0)\b",
        ),
        (said("other"),),
    ),
    rule(
        "secret-in-build-arg",
        _FILES,
        _arguments,
        (
            "--build-arg",
            (
                r"(?i)^[ \t]*(?:-[ \t]+)?[\"']?\w{0,40}(?:token|secret|passw|pwd|passphrase|credential"
                r"|api_?key|_key|pat)\w{0,40}[ \t]*(?:[:=#]|$)"
            ),
        ),
        BUILD_EXCUSES,
    ),
    rule(
        "privileged-container",
        _FILES,
        _privileges,
        (r"\bprivileged\b",),
        (said("off"), Excuse("policy", _is_policy)),
        (_KIND,),
    ),
    rule(
        "workflow-script-injection",
        _FILES,
        _strangers,
        (r"\bgithub\.(?:event\.|head_ref)",),
        (said("not-run"), said("safe")),
    ),
    rule(
        "workflow-input-injection", _FILES, _inputs, (r"\$\{\{[^}\n]{0,200}\binputs\.",), (said("not-run"),)
    ),
    rule("write-all-permissions", _FILES, _all_rights, (r"\bwrite-all\b",)),
    rule("inherited-secrets", _FILES, _all_secrets, (r"\binherit\b",)),
)
