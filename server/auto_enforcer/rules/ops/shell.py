"""Shell scripts, and the commands of Makefiles and PowerShell."""

from __future__ import annotations

from auto_enforcer.rules._kinds import said
from auto_enforcer.rules.ops._shared import (
    BUILD_EXCUSES,
    PIPE_EXCUSES,
    PIPE_TRIGGERS,
    build_options,
    pipes,
    privileged_options,
    rule,
)

_SHELLS = ("shellscript", "makefile", "powershell")

RULES = (
    rule("curl-pipe-shell", _SHELLS, pipes, PIPE_TRIGGERS, PIPE_EXCUSES),
    rule("secret-in-build-arg", _SHELLS, build_options, ("--build-arg",), BUILD_EXCUSES),
    rule("privileged-container", _SHELLS, privileged_options, ("--privileged",), (said("off"),)),
)
