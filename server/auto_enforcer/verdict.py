"""How a violation is shown and whether it gates: one pure function that every front end asks."""

from __future__ import annotations

from auto_enforcer.model import Scope, Severity, Stage, Verdict

_LOWER = {"error": "warning", "warning": "information"}


def judge(
    severity: Severity,
    scope: Scope = Scope.NEW,
    stage: Stage = Stage.BLOCK,
    *,
    suppressed: bool = False,
    baselined: bool = False,
    historical: str = "lower",
) -> Verdict:
    """The verdict. `historical` is the policy's word on old violations: "lower", "same" or "off".

    What the baseline holds is old. A suppressed violation is not shown and never gates. At stage OBSERVE
    nothing is shown, at WARN nothing is shown as an error; neither gates.
    """
    old = baselined or scope is Scope.HISTORICAL
    shown: str | None = "error" if severity is Severity.BLOCKED else "warning"
    if stage is Stage.WARN and shown == "error":
        shown = "warning"
    if old and historical == "lower":
        shown = _LOWER[shown] if shown else None
    if suppressed or stage is Stage.OBSERVE or (old and historical == "off"):
        shown = None
    gates = severity is Severity.BLOCKED and stage is Stage.BLOCK and not old and not suppressed
    return Verdict(severity, scope, stage, shown, gates, suppressed, baselined)


def rank(verdict: Verdict) -> int:
    """Which go first where not all can be shown, the lowest: new before historical, then blocked before
    warning."""
    is_old = verdict.baselined or verdict.scope is Scope.HISTORICAL
    return 2 * is_old + (verdict.severity is Severity.WARNING)
