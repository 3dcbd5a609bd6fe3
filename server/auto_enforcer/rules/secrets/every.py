"""Secrets in every language and every zone: a rule a provider, key blocks, addresses, headers, passwords."""

from __future__ import annotations

from collections.abc import Iterator

from auto_enforcer.model import Candidate, Check, Excuse, Line, Options, Rule, Severity, Zone
from auto_enforcer.rules.secrets import _kinds, _verdicts
from auto_enforcer.rules.secrets._assignments import DOUBTFUL_TRIGGERS, HARDCODED_TRIGGERS
from auto_enforcer.rules.secrets._providers import TEST_KEYS
from auto_enforcer.rules.secrets._shared import Shape, find, is_sample, triggers
from auto_enforcer.rules.secrets._tokens import TOKENS

_REVOKE = "{kind} stands in the text; revoke it, and read the new one from the environment or a secret store"


def _provider(name: str, shapes: tuple[Shape, ...], severity: Severity) -> Rule:
    """The rule of one provider's tokens."""

    def check(line: Line, options: Options) -> Iterator[Candidate]:
        for shape in shapes:
            for found in find(shape, line.text):
                yield Candidate(found.start, found.end, {"kind": shape.kind}, value=found.body)

    def wrong_checksum(line: Line, candidate: Candidate, options: Options) -> bool:
        token = line.text[candidate.start : candidate.end]
        return any(
            shape.valid is not None and not shape.valid(token)
            for shape in shapes
            if shape.kind == (candidate.details or {})["kind"]
        )

    excuses = [Excuse("placeholder", _placeholder)]
    if any(shape.valid for shape in shapes):
        excuses.append(Excuse("wrong-checksum", wrong_checksum))
    return _rule(
        name,
        severity,
        _REVOKE,
        check,
        tuple(dict.fromkeys(trigger for shape in shapes for trigger in triggers(shape))),
        tuple(excuses),
    )


def _placeholder(line: Line, candidate: Candidate, options: Options) -> bool:
    return is_sample(candidate.value)


def _rule(
    name: str,
    severity: Severity,
    message: str,
    check: Check,
    triggers: tuple[str, ...],
    excuses: tuple[Excuse, ...],
    before: int = 0,
    after: int = 0,
) -> Rule:
    return Rule(
        id=f"secrets/{name}",
        severity=severity,
        message=message,
        zones=Zone.EVERYWHERE,
        check=check,
        triggers=triggers,
        excuses=excuses,
        before=before,
        after=after,
        everywhere=True,
    )


RULES = (
    *(_provider(name, shapes, Severity.BLOCKED) for name, shapes in TOKENS.items()),
    *(_provider(name, shapes, Severity.WARNING) for name, shapes in TEST_KEYS.items()),
    _rule(
        "aws-secret-key",
        Severity.BLOCKED,
        _REVOKE,
        _kinds.aws_secrets,
        _kinds.AWS_SECRET_TRIGGERS,
        (Excuse("placeholder", _placeholder),),
        before=_kinds.AWS_SECRET_WINDOW,
        after=_kinds.AWS_SECRET_WINDOW,
    ),
    _rule(
        "private-key",
        Severity.BLOCKED,
        "{kind} stands in the text; replace the key, and keep the new one in a secret store",
        _kinds.private_keys,
        _kinds.KEY_BLOCK_TRIGGERS,
        (
            Excuse("no-body", _kinds.has_no_body),
            Excuse("placeholder", _kinds.has_placeholder_body),
        ),
        after=_kinds.KEY_BLOCK_WINDOW,
    ),
    _rule(
        "url-credentials",
        Severity.BLOCKED,
        "{kind} stands in the text; change it, and put the address together from the environment",
        _kinds.url_credentials,
        _kinds.URL_TRIGGERS,
        _verdicts.OF_ADDRESSES,
    ),
    _rule(
        "default-url-credentials",
        Severity.WARNING,
        "{kind} is the user's name; choose one, and read it from the environment",
        _kinds.default_url_credentials,
        _kinds.URL_TRIGGERS,
        _verdicts.OF_ADDRESSES,
    ),
    _rule(
        "authorization-header",
        Severity.BLOCKED,
        "{kind} in a header; revoke what it opens, and read the new one from the environment",
        _kinds.authorization_headers,
        _kinds.HEADER_TRIGGERS,
        _verdicts.OF_HEADERS,
    ),
    _rule(
        "jwt",
        Severity.WARNING,
        "{kind} stands in the text; end its session, and read a new one where it is needed",
        _kinds.web_tokens,
        _kinds.JWT_TRIGGERS,
        (
            Excuse("sample-token", _kinds.is_sample_token),
            Excuse("public-role", _kinds.is_public_token),
            Excuse("expired", _kinds.is_expired_token),
        ),
    ),
    _rule(
        "hardcoded-password",
        Severity.BLOCKED,
        "`{name}` is given {kind} as a literal; change it, and read it from the environment or a store",
        _verdicts.hardcoded_passwords,
        HARDCODED_TRIGGERS,
        _verdicts.OF_HARDCODED,
        before=1,
    ),
    _rule(
        "high-entropy-value",
        Severity.WARNING,
        "`{name}` is given a literal that looks like a key; if it is one, read it from the environment",
        _verdicts.high_entropy_values,
        DOUBTFUL_TRIGGERS,
        _verdicts.OF_HIGH_ENTROPY,
    ),
)
