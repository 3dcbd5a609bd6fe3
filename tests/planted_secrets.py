"""Secrets of every kind in words that make them secrets, texts and configuration files full of them, and the
search for them in whatever a program has written."""

from __future__ import annotations

import base64
import json
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache as once

from auto_enforcer import catalog
from auto_enforcer.model import WIDEST_WINDOW, NamedTuple
from auto_enforcer.session import Session
from found import TODAY
from secret_tokens import SECRETS
from tokens import token

CONTEXTS = (
    "{}",
    "password={}",
    'signing_key="{}"',
    "sid: {}",
    "signing_salt = '{}'",
    '"key": "{}"',
    "cloudflare_api_token={}",
    "DD_API_KEY={}",
    "datadog_api_key={}",
    "mailgun_api_key={}",
    "heroku_api_key={}",
    "aws_secret_access_key={}",
    "twilio_auth_token={}",
    "algolia_api_key={}",
    "aliyun_secret={}",
    "auth0_client_secret={}",
    "coinbase_api_key={}",
    "dropbox_secret={}",
    "facebook_secret={}",
    "fastly_token={}",
    "launchdarkly_token={}",
    "linkedin_secret={}",
    "atlas_private_key={}",
    "okta_token={}",
    "pagerduty_token={}",
    "paypal_secret={}",
    "plaid_secret={}",
    "snowflake_token={}",
    "spotify_secret={}",
    "tencent_secret={}",
    "travis_token={}",
    "twitch_secret={}",
    "twitter_secret={}",
    "vercel_token={}",
    "yandex_secret={}",
    "rollbar_token={}",
    "splunk_token={}",
    '"private_key_id": "{}"',
    "twilio {}",
    "AccountKey={}",
    "https://a.blob.core.windows.net/c?sv=2020&sig={}",
    "Authorization: Basic {}",
    "Authorization: Bearer {}",
    "postgres://billing:{}@db1.internal/x",
    "postgres://{0}:{0}@db1.internal/x",
)
"""Words around a value that is a secret only among them."""

ALWAYS = 6
"""Of these so many come first: what is found without words is sought in no others."""

UNSEEN = {
    "secrets/default-url-credentials": "its secret is a word such as `postgres`, which stands everywhere",
}
"""Rules that no value is planted for, and why."""

PART = 10
"""Characters of a secret that must not come out, wherever in it they stand."""

PIECE, STEP = 5, 3
"""Bytes of what is looked at of an output, and from one of it to the next."""


class Planted(NamedTuple):
    """A secret, and the words around it that make it one."""

    kind: str
    rule: str
    value: str
    words: str


@once
def planted() -> tuple[Planted, ...]:
    """Secrets from every generator, in words in which a rule finds them: one for each such rule."""
    session = Session("/workspace", today=TODAY, only=("secrets",))
    kinds = [kind for kind in SECRETS if "placeholder" not in kind]
    return tuple(one for kind in kinds for one in _planted(session, kind))


def few() -> tuple[Planted, ...]:
    """One secret for each rule that finds any."""
    return tuple({one.rule: one for one in reversed(planted())}.values())


def bare() -> tuple[Planted, ...]:
    """Those that are secrets without words around them."""
    return tuple(one for one in planted() if one.words == one.value)


def _planted(session: Session, kind: str) -> Iterator[Planted]:
    value, another = token(kind) or "", token(kind, "another") or ""
    rules: set[str] = set()
    for contexts in (CONTEXTS[:ALWAYS], CONTEXTS[ALWAYS:]):
        for rule, marked, words in _found(session, [context.format(value) for context in contexts]):
            secret = marked if marked in value else value
            # What is in each value of the kind is no secret: the head of a JSON Web Token.
            if rule not in rules and secret in marked and secret not in another:
                rules.add(rule)
                yield Planted(kind, rule, secret, words)
                if words == value:
                    return  # it needs no words


def _found(session: Session, all_words: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """The rules of secrets that find something in words, what they mark, and the words."""
    lines = {f'logger.info(f"""{{name}} {words} """)': words for words in all_words}
    chunks = [("\n" * WIDEST_WINDOW).join(lines).encode()]
    report = session.check_chunks("app/service.py", chunks, lambda: chunks).report
    for row, _ in report.rows if report is not None else ():
        violation = row.violation
        if violation.rule.startswith("secrets/"):
            line, words = list(lines.items())[row.number // WIDEST_WINDOW]
            yield violation.rule, line[violation.start : violation.end], words


def program(secrets: Iterable[Planted]) -> str:
    """Lines with a secret each, on which other rules report too and say what stands there."""
    lines = ["import logging", "logger = logging.getLogger(__name__)", ""]
    for one in secrets:
        lines.append(f'logger.info(f"""{{name}} {one.words} """)  # TODO: settle {one.words}')
        lines.append(f"print(name)  # enforcer: allow[logging/print-call]: see {one.words}")
        if one.value.isidentifier():
            lines.append(f"{one.value}\u0430 = name  # {one.words}")
    return "\n".join(lines) + "\n"


def script(secrets: Iterable[Planted]) -> str:
    """The same in another language, with suppressions that are wrong."""
    lines = []
    for one in secrets:
        lines.append(f"console.log(`${{name}} {one.words}`); // FIXME: settle {one.words}")
        lines.append(f"eval(name); // enforcer: allow[{one.value}] until={one.value}: {one.words}")
        if one.words == one.value:
            lines.append(f"debugger; // enforcer: allow[logging, {one.value}, secrets]")
    return "\n".join(lines) + "\n"


def settings(secrets: Iterable[Planted]) -> str:
    """The same as data."""
    return "".join(f"# TODO: settle {one.words}\nentry: {one.words}\n" for one in secrets)


def configuration(secrets: Iterable[Planted]) -> str:
    """A configuration file whose keys and values are secrets, none in its place."""
    values = [one.value for one in secrets]
    lines = ["extends = [", *(f"  {json.dumps(value)}," for value in values), "]"]
    lines += [f"{json.dumps(value)} = 1" for value in values]
    lines += [
        f"{key} = {json.dumps(values[0])}" for key in ("base", "stage", "ruleset", "historical", "from")
    ]
    lines += ["exclude = [", *(f"  {json.dumps('[' + value)}," for value in values), "]"]
    lines += ["[rules]", *(f'{json.dumps(value)} = "off"' for value in values)]
    lines += [f'{json.dumps("logging/" + value)} = "off"' for value in values]
    lines += [f'"dates/hardcoded-date" = {{ {json.dumps(values[0])} = {json.dumps(values[1])} }}']
    lines += [f'"dates" = {json.dumps(values[2])}']
    for value in values[:3]:
        lines += ["[[overrides]]", f"paths = [{json.dumps(value)}]", f"rules = {{ {json.dumps(value)} = 1 }}"]
    return "\n".join(lines) + "\n"


def leaked(output: bytes) -> list[str]:
    """The kinds of which a value, or a part of it, is in the output, as it is or written in another way."""
    folded = output.lower()
    found = {one.kind for one in planted() if len(one.value) < PART and one.value.lower().encode() in folded}
    for text, needles in ((folded, _parts()), (output, _forms())):
        here = {text[at : at + PIECE] for at in range(0, len(text), STEP)}
        for piece in needles.keys() & here:
            for needle, kind, rest in needles[piece]:
                if kind not in found and here.issuperset(rest) and needle in text:
                    found.add(kind)
    return sorted(found)


Needle = tuple[bytes, str, Sequence[bytes]]
"""What is sought, its kind, and the pieces of it that follow one at a distance of steps."""


def _by_piece(sought: Iterable[tuple[bytes, str]]) -> Mapping[bytes, Sequence[Needle]]:
    """Needles by each of their first pieces. Wherever a needle stands, one of these lies where a step ends,
    and so do those that follow it: only where a text has them all is it gone through for the needle."""
    found: dict[bytes, list[Needle]] = {}
    for needle, kind in sought:
        assert len(needle) >= PIECE + STEP - 1
        for first in range(STEP):
            piece, *rest = (needle[at : at + PIECE] for at in range(first, len(needle) - PIECE + 1, STEP))
            found.setdefault(piece, []).append((needle, kind, rest))
    return found


@once
def _parts() -> Mapping[bytes, Sequence[Needle]]:
    """The parts of the values, save what is in each value of the kind."""
    parts: dict[bytes, str] = {}
    for one in planted():
        other = (token(one.kind, "another") or "").lower()
        value = one.value.lower()
        for at in range(len(value) - PART + 1):
            part = value[at : at + PART]
            if part not in other:
                parts[part.encode()] = one.kind
    return _by_piece(parts.items())


@once
def _forms() -> Mapping[bytes, Sequence[Needle]]:
    """How the values may be written in other ways than as they are."""
    forms: dict[bytes, str] = {}
    for one in planted():
        for form in _written(one.value.encode()):
            forms[form] = one.kind
    return _by_piece(forms.items())


def _written(value: bytes) -> Iterator[bytes]:
    yield urllib.parse.quote(value, safe="").encode()
    yield "".join(f"%{byte:02X}" for byte in value).encode()
    yield json.dumps(value.decode())[1:-1].encode()
    yield value.hex().encode()
    yield value.hex().upper().encode()
    yield value.decode().encode("utf-16-le")
    yield value[::-1]
    for shift in range(3):
        coded = base64.b64encode(b" " * shift + value)
        # What the bytes around it have a part in is left out.
        whole = coded[4 if shift else 0 : (shift + len(value)) // 3 * 4]
        yield whole
        yield whole.translate(bytes.maketrans(b"+/", b"-_"))


def rules_of_secrets() -> set[str]:
    """The rules that a secret is planted for."""
    return set(catalog.families()["secrets"]) - UNSEEN.keys()
