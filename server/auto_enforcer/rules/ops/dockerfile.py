"""Dockerfiles."""

from __future__ import annotations

from collections.abc import Iterator

from auto_enforcer.model import Candidate, Excuse, Fact, Line, Options
from auto_enforcer.rules._common import regex
from auto_enforcer.rules._kinds import said
from auto_enforcer.rules.ops._shared import (
    BUILD_EXCUSES,
    PIPE_EXCUSES,
    PIPE_TRIGGERS,
    WRITTEN,
    build_argument,
    image_excuse,
    pipes,
    rule,
)

_STAGE = Fact("ops-stage", r"^[ \t]*[Ff][Rr][Oo][Mm][ \t]+.*[ \t][Aa][Ss][ \t]+([\w.\-]{1,80})")


def _images(line: Line, options: Options) -> Iterator[Candidate]:
    code = line.only(WRITTEN)
    match = regex(r"(?i)[ \t]*from[ \t]+(?:--platform=\S+[ \t]+)?(?P<image>\S+)").match(code)
    if match is None:
        match = regex(r"(?i)[ \t]*copy[ \t]+(?:--\w+=\S+[ \t]+)*--from=(?P<image>\S+:latest)\b").match(code)
    if match is not None and regex(r"[\"']?[\w$]").match(match["image"]):
        image = match["image"].strip("\"'")
        yield Candidate(*match.span("image"), {"image": image}, value=image_excuse(image))


def _is_stage(line: Line, candidate: Candidate, options: Options) -> bool:
    """The image is one that the file builds above."""
    image = (candidate.details or {}).get("image", "").lower()
    return image in {stage.lower() for stage in line.facts(_STAGE.name)}


def _users(line: Line, options: Options) -> Iterator[Candidate]:
    match = regex(r"(?i)[ \t]*(?P<span>user[ \t]+[\"']?(?:root|0)(?::\w+)?[\"']?)[ \t]*$").match(
        line.only(WRITTEN)
    )
    if match is not None:
        yield Candidate(*match.span("span"))


def _is_left(line: Line, candidate: Candidate, options: Options) -> bool:
    """Another user comes below, or another stage, so it is not who the container runs as."""
    return any(regex(r"(?i)[ \t]*(?:user|from)[ \t]+\S").match(below.text) for below in line.after(50))


def _arguments(line: Line, options: Options) -> Iterator[Candidate]:
    code = line.only(WRITTEN)
    match = regex(r"(?i)[ \t]*arg[ \t]+(?P<name>\w{1,80})(?:=(?P<default>.{0,80}))?").match(code)
    if match is not None:
        yield from build_argument(*match.span("name"), match["name"], (match["default"] or "").strip())
    match = regex(r"(?i)[ \t]*env[ \t]+(?P<name>\w{1,80})(?:=|[ \t]+)[\"']?\$\{?\w").match(code)
    if match is not None:
        yield from build_argument(*match.span("name"), match["name"], "")


RULES = (
    rule(
        "latest-tag",
        ("dockerfile",),
        _images,
        (r"(?i)^[ \t]*from[ \t]", r"--from=[^ \n]{1,200}:latest"),
        (said("pinned"), said("variable"), Excuse("stage", _is_stage)),
        (_STAGE,),
    ),
    rule("root-user", ("dockerfile",), _users, (r"(?i)^[ \t]*user[ \t]",), (Excuse("left", _is_left),)),
    rule(
        "secret-in-build-arg", ("dockerfile",), _arguments, (r"(?i)^[ \t]*(?:arg|env)[ \t]",), BUILD_EXCUSES
    ),
    rule("curl-pipe-shell", ("dockerfile",), pipes, PIPE_TRIGGERS, PIPE_EXCUSES),
)
