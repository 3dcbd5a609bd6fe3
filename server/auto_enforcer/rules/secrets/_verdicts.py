"""The excuses of the generic rules: why a literal that is given to a secret's name is no secret after all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from auto_enforcer.model import Candidate, Excuse, Line, Options, Zone
from auto_enforcer.rules._common import lazy
from auto_enforcer.rules.secrets import _kinds, _values
from auto_enforcer.rules.secrets._assignments import PLAIN, PROSE, QUOTED, TYPED, assignments
from auto_enforcer.rules.secrets._names import DOUBTFUL, PASSWORD, SECRET, is_key_for, parts_of
from auto_enforcer.rules.secrets._providers import TEST_KEYS
from auto_enforcer.rules.secrets._shared import base64_text, find
from auto_enforcer.rules.secrets._tokens import TOKENS
from auto_enforcer.rules.secrets._words import words


def hardcoded_passwords(line: Line, options: Options) -> Iterator[Candidate]:
    """Literals given to names that mean a password or another secret."""
    for candidate in _candidates(line, doubtful=False):
        if not (_is_key_for(line, candidate) and _is_long(line, candidate)):
            yield candidate


def high_entropy_values(line: Line, options: Options) -> Iterator[Candidate]:
    """Literals given to names that may mean a secret, where they look made by a machine."""
    for candidate in _candidates(line, doubtful=True):
        doubtful = _about(candidate, "means") == DOUBTFUL or _is_key_for(line, candidate)
        if doubtful and _is_long(line, candidate):
            yield candidate


def _is_key_for(line: Line, candidate: Candidate) -> bool:
    """Whether it is given to the name of a key that signs or encrypts, in a form that the trigger knows."""
    name = _about(candidate, "name")
    plain = _about(candidate, "sign") in _SIGNS and _about(candidate, "written") != PROSE
    return plain and is_key_for(name) and name in line.text and f"-{name}" not in line.text


_SIGNS = ("=", ":", ":=", "=>", ",")


def _is_long(line: Line, candidate: Candidate) -> bool:
    """Long and of a machine's alphabet, as the trigger asks for."""
    value = candidate.value
    ended = line.text[candidate.end : candidate.end + 1] in _ENDS
    return len(value) >= 20 and ended and _DIGIT_EARLY.match(value) is not None


_DIGIT_EARLY = lazy(r"(?:base64:)?[A-Za-z+/_=.~-]{0,19}[0-9][A-Za-z0-9+/_=.~-]{6,200}$", re.ASCII)
_ENDS = ("", *"\"'`\\ \t,;<>)}]&")
"""What the trigger asks for."""


def _candidates(line: Line, doubtful: bool) -> Iterator[Candidate]:
    for found in assignments(line, doubtful):
        # What files of settings call `secret` and nothing more is what somebody chose.
        chosen = (
            line.language == "ini" and found.name == "secret" and not line.zone_at(found.start) & Zone.COMMENT
        )
        details = {
            "name": found.name.strip("-$@:./") or found.name,
            "kind": "a password" if found.means == PASSWORD else "a secret",
            "means": PASSWORD if chosen else found.means,
            "written": found.written,
            "sign": found.sign,
            "known": "known" if found.known else "",
        }
        yield Candidate(found.start, found.end, details, value=found.value)


def _about(candidate: Candidate, key: str) -> str:
    return (candidate.details or {}).get(key, "")


def _reference(line: Line, candidate: Candidate, options: Options) -> bool:
    return _values.is_reference(candidate.value)


def _template(line: Line, candidate: Candidate, options: Options) -> bool:
    return _values.is_template(candidate.value)


def _placeholder(line: Line, candidate: Candidate, options: Options) -> bool:
    value = candidate.value.strip("\"'` ")
    if _values.is_common_password(value):
        return False
    if _values.is_placeholder(value) or _values.is_published(value):
        return True
    said = base64_text(value) if len(value) >= 12 and len(value) % 4 == 0 else None
    if said is None or not said.isprintable():
        return "%20" in value and _values.is_label(value.replace("%20", " "))
    spoken = " " in said and _values.is_label(said)
    return (
        _values.is_placeholder(said) or spoken or _values.is_own_name(said, "") or said == "username:password"
    )


def _own_name(line: Line, candidate: Candidate, options: Options) -> bool:
    if _values.is_common_password(candidate.value):
        return False
    return _values.is_own_name(candidate.value, _about(candidate, "name"))


def _service_default(line: Line, candidate: Candidate, options: Options) -> bool:
    """Where services are set up for a trial or a test run; in a program it would be the real one."""
    name = _about(candidate, "name")
    return line.language in _SETTINGS and _values.is_service_default(candidate.value, name)


_SETTINGS = words("yaml dotenv dockerfile json jsonc toml ini properties plaintext groovy")
"""Languages in which services are set up."""


def _look_up(line: Line, candidate: Candidate, options: Options) -> bool:
    if _values.is_access_path(candidate.value):
        return True
    return _about(candidate, "written") != QUOTED and _values.is_expression(candidate.value)


def _path(line: Line, candidate: Candidate, options: Options) -> bool:
    return _values.is_path(candidate.value)


def _number(line: Line, candidate: Candidate, options: Options) -> bool:
    return _about(candidate, "written") != QUOTED and _values.is_number(candidate.value)


def _version(line: Line, candidate: Candidate, options: Options) -> bool:
    return _values.is_version(candidate.value)


def _hash(line: Line, candidate: Candidate, options: Options) -> bool:
    value = candidate.value
    if _values.is_hash(value):
        return True
    if not _values.is_digest_shaped(value):
        return False
    parts = parts_of(_about(candidate, "name"))
    if parts[-1:] == ["psk"]:  # a network's key is written in 64 digits, too
        return False
    return _about(candidate, "means") != SECRET or not _DIGESTS.isdisjoint(parts)


_DIGESTS = words("md sha hash")


def _public(line: Line, candidate: Candidate, options: Options) -> bool:
    # A badge's token shows a badge, and stands where everybody reads it.
    return (
        _values.is_public(candidate.value)
        or "badge" in line.text[max(0, candidate.start - 80) : candidate.start]
    )


def _pattern(line: Line, candidate: Candidate, options: Options) -> bool:
    return _values.is_pattern(candidate.value)


def _selector(line: Line, candidate: Candidate, options: Options) -> bool:
    return _values.is_selector(candidate.value)


def _type_name(line: Line, candidate: Candidate, options: Options) -> bool:
    return _values.is_type_name(candidate.value)


def _label(line: Line, candidate: Candidate, options: Options) -> bool:
    value = candidate.value
    if not _values.is_label(value):
        return False
    if _about(candidate, "means") != PASSWORD:
        return not _signs_with_words(line, candidate)
    if (
        _values.is_key_words(value)
        or (len(value.split()) < 3 and _values.is_spelt_in_digits(value))
        or _is_phrase(line, candidate)
    ):
        return False
    if value[-1] == "!" and value[:-1].isalpha() and value.islower():  # a caption has a capital
        return False
    typed = _about(candidate, "sign") == TYPED
    return not (_is_one_word(value, typed) and _is_of_account(line, candidate))


def _is_phrase(line: Line, candidate: Candidate) -> bool:
    """Whether it opens a network, which sentences do, too, or is two or three words in a file without
    captions."""
    if line.language == "ini" and parts_of(_about(candidate, "name"))[-1:] == ["psk"]:
        return True
    if line.language != "dotenv":
        return False
    value = candidate.value
    return len(value.split(" ")) in (2, 3) and value[-1].isalnum() and not _values.is_said(value.lower())


def _is_one_word(value: str, typed: bool = False) -> bool:
    """One word that is none for a password in a language that captions are often in; of what is `typed` also
    with letters that English has not."""
    folded = value.lower()
    return (
        (typed or value.isascii())
        and " " not in value
        and value[-1] not in ":?.\u2026"
        and not any(word in folded for word in _FOR_PASSWORD)
    )


_FOR_PASSWORD = (
    "pass",
    "pwd",
    "kenn",
    "contra",
    "senha",
    "wacht",
    "clave",
    "secret",
    "geheim",
    "parol",
    "parool",
    "haslo",
    "heslo",
    "geslo",
    "lozin",
    "zaporka",
    "sifre",
    "salasana",
    "adgangskode",
    "kodeord",
    "jelszo",
    "sandi",
    "cyfrinair",
    "pasf",
    "pasahi",
    "pasvort",
    "wagw",
    "nenosiri",
    "slapta",
    "credential",
    "token",
)
_GIVEN_USER = lazy(
    r"""(?:[uU]ser(?:_?[nN]ame)?|[lL]ogin|[eE]-?[mM]ail|authenticate_with[ ]name)\\?["']?[ ]{0,3}"""
    r"""(?:=>|[:=])[ ]{0,3}\\?["']"""
    r"""(?:(?:[A-Z]{2,16}\\{1,2})?[a-z][a-z0-9._-]{0,40}|[\w.+-]{1,40}@[\w.-]{1,60})\\?["']"""
)
_ACCOUNTS = words(
    "db database root admin sa mysql mariadb postgres pg oracle mssql sql mongo mongodb redis rabbitmq amqp"
    " smtp mail imap ftp sftp ssh sudo become ldap bind keystore truststore proxy wifi vpn jdbc datasource"
    " psk cleartext signing store maven nexus artifactory registry docker gpg svn"
)
_REACH = 160
"""Characters before a value in which is sought what says whose it is."""
_PROPERTY = lazy(r"""<property[ ]name=["'][\w.]{1,60}["'](?:[ ]value=["']|>(?:<value>)?)$""")
"""What gives an object in a file of settings in XML its value."""
_INSTEAD = lazy(r"\$\{[A-Z][A-Z0-9_]{2,60}:-?$")
"""What stands in an environment's place when it says nothing."""
_USER_ABOVE = lazy(
    r"""^[ \t]*+(?:-[ ])?(?:export[ ])?[<"'$:.@]{0,2}(?:[\w-]{1,30}[_.-])?"""
    r"""(?:[uU]ser(?:[_-]?[nN]ame|[_ ]?[iI][dD])?|USER(?:_?NAME)?|[lL]ogin|LOGIN|UID|uid|[eE]-?[mM]ail"""
    r"""|EMAIL)["'\]]{0,2}[ \t]*+(?:=>|->|[:=>])[ \t]*+["']?[a-z][\w.@+-]{0,60}["']?"""
    r"""(?:[,;]|</[\w.-]{1,40}>)?[ \t]*+$"""
)
"""A line that gives a user and nothing more; a caption begins with a capital."""


def _is_of_account(line: Line, candidate: Candidate) -> bool:
    """Whether one word is what somebody logs in with, not a caption: it is typed, stands beside a user who is
    given, or is a service's."""
    if _about(candidate, "sign") == TYPED:
        return True
    name = _about(candidate, "name")
    if _about(candidate, "sign") == "(" and name[:3] in ("set", "Set"):
        return True
    if line.language == "xml" and _PROPERTY.search(
        line.text, max(0, candidate.start - _REACH), candidate.start
    ):
        return True
    if _INSTEAD.search(line.text, max(0, candidate.start - _REACH), candidate.start) is not None:
        return True
    if not _ACCOUNTS.isdisjoint(parts_of(name)) or _is_environments(line, candidate):
        return True
    return _stands_beside_user(line)


def _stands_beside_user(line: Line) -> bool:
    """Whether a user is given in the same line, or is all that the line above gives."""
    if _GIVEN_USER.search(line.text) is not None:
        return True
    return any(_USER_ABOVE.match(above.text[:240]) is not None for above in line.before(1))


def _is_environments(line: Line, candidate: Candidate) -> bool:
    """Whether it is given to a variable of an environment, or a plain setting in a file of nothing else."""
    name = _about(candidate, "name")
    if line.language in _OF_ENVIRONMENTS or name == "userPassword":
        return True
    if line.language == "ini":
        return name.lower() in _PLAIN_SETTINGS
    return _about(candidate, "written") == PLAIN and _about(candidate, "sign") == "=" and name.isupper()


_OF_ENVIRONMENTS = words("dotenv dockerfile shellscript bat powershell")
_PLAIN_SETTINGS = words("password passwd pass pwd secret")
"""What files of settings in sections call a password: one with captions has longer names."""


def _signs_with_words(line: Line, candidate: Candidate) -> bool:
    """Whether it is given to what programs sign with, in words: `SECRET_KEY = "keyboard cat"`."""
    name, value = _about(candidate, "name"), candidate.value
    parts = parts_of(name)
    begun = max(0, candidate.start - _REACH)
    given = (
        tuple(parts[-2:]) in _SIGNING
        or parts[-3:] in (["secret", "or", "key"], _KEY_BASE)
        or (name == "secret" and "ession(" in line.text[begun : candidate.start])
        or _INSTEAD_OF_SECRET.search(line.text, begun, candidate.start) is not None
    )
    if not given:
        return False
    own = line.language in ("json", "jsonc") and parts[-1:] == ["secret"]
    if line.language in _REFERRING and not own and not (name.isupper() and "_" in name):
        return False
    if _SIGNING_WORDS.fullmatch(value) is None or _values.is_said(value):
        return False
    return _is_one_word(value.replace(" ", ""), typed=True)


_INSTEAD_OF_SECRET = lazy(
    r"""(?:[eE]nv\.|environ\.get\(["']|[gG]et_?env\(["']|ENV\.fetch\(["']|ENV\[["'])[A-Z_]{0,40}SECRET(?:_KEY)?"""
    r"""["'\])]{0,2}[ ]{0,3}(?:\|\||\?\?|,|or)[ ]{0,3}["']$"""
)
_KEY_BASE = ["secret", "key", "base"]
_SIGNING = frozenset((before, "secret") for before in ("jwt", "session", "cookie", "hmac", "signing")) | {
    ("secret", "key"),
    ("signing", "key"),
    ("jwt", "key"),
}
"""The last words of names that a program's own signature comes from."""
_REFERRING = ("yaml", "terraform", "xml", "json", "jsonc")
"""Languages in which such a name mostly leads to where a cluster keeps the secret, or is a caption's."""
_SIGNING_WORDS = lazy(r"(?=[^\n]{8})[^\W\d_A-Z]{1,24}(?:[- ](?:[^\W\d_A-Z]{1,24}|\d{1,4})){0,5}")


def _identifier(line: Line, candidate: Candidate, options: Options) -> bool:
    value = candidate.value
    if _values.is_common_password(value):
        return False
    password = _about(candidate, "means") == PASSWORD
    if password and " " in value and (_values.is_key_words(value) or _is_phrase(line, candidate)):
        return False
    if value.isalpha() and value.isupper():
        return True
    if not password and (_signs_with_words(line, candidate) or _is_salts(candidate)):
        return False
    if password and _HYPHENED.fullmatch(value) and _is_one_word(value) and _is_chosen(line, candidate):
        return False
    return (
        _values.is_screaming(value)
        or _values.names_secret(value)
        or _values.is_identifier(value, digits=not password)
    )


def _is_chosen(line: Line, candidate: Candidate) -> bool:
    """Whether words that are joined by hyphens are a password: typed, beside a user, or an account's where
    nothing refers to a cluster's secrets by name."""
    if _about(candidate, "sign") in (TYPED, "(") or _stands_beside_user(line):
        return True
    return line.language not in _REFERRING and _is_of_account(line, candidate)


_HYPHENED = lazy(r"[a-z]{1,20}(?:-[a-z]{1,20}){1,5}")
_SALT = lazy(r"(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])(?=[^0-9]*[0-9])[A-Za-z0-9]{8}", re.ASCII)


def _is_salts(candidate: Candidate) -> bool:
    """Eight letters and digits in no order are what a framework makes for a salt."""
    return (
        parts_of(_about(candidate, "name"))[-1:] == ["salt"] and _SALT.fullmatch(candidate.value) is not None
    )


def _dull(line: Line, candidate: Candidate, options: Options) -> bool:
    value = candidate.value
    if _about(candidate, "means") == PASSWORD:
        typed = value.isdigit() and len(value) >= 6
        return len(set(value)) <= 2 and not typed and not _values.is_common_password(value)
    return _values.is_dull(value)


def _dull_header(line: Line, candidate: Candidate, options: Options) -> bool:
    return len(candidate.value) >= 6 and _dull(line, candidate, options)


def _words(line: Line, candidate: Candidate, options: Options) -> bool:
    value = candidate.value
    if _about(candidate, "means") != PASSWORD:
        return not (_values.looks_made(value) or _signs_with_words(line, candidate) or _is_salts(candidate))
    strict = (
        _about(candidate, "written") == PROSE
        or _about(candidate, "sign") == ","
        or not _about(candidate, "known")
    )
    if strict and _about(candidate, "sign") in (",", TYPED) and _is_set_for_sure(candidate):
        return False
    if strict and not (_values.is_key_words(value) and len(value) == 19):
        common = _values.is_common_password(value) and any(map(str.isdigit, value))
        return not (common or _values.looks_strong(value))
    if value.isdigit():
        return len(value) < 4
    return len(value) < 4 or not any(character.isalnum() for character in value)


def _is_set_for_sure(candidate: Candidate) -> bool:
    """Whether a text that a call or a command is given is a password though it is one word: a service's, or
    one with a digit behind it that is no kind of thing."""
    value = candidate.value
    if re.fullmatch(r"[A-Za-z]{4,24}[0-9]", value):
        return not _values.is_type_name(value[:-1])
    account = not _ACCOUNTS.isdisjoint(parts_of(_about(candidate, "name")))
    return account and len(value) >= 6 and value.isalpha() and _is_one_word(value)


def _document(line: Line, candidate: Candidate, options: Options) -> bool:
    """Shown by an example in a comment or a text that documents code, and not made by a machine."""
    value = candidate.value
    if _values.looks_made(value) and len(value) >= 12 and not _values.is_wordy(value):
        return False
    if line.language in _PROSE or _about(candidate, "written") == PROSE:
        return False
    zone = line.zone_at(candidate.start)
    if zone & Zone.TEXT:
        return line.language == "python"
    return bool(zone & Zone.COMMENT) and _DOCUMENTING.match(line.text) is not None


_PROSE = ("plaintext", "markdown", "restructuredtext", "html", "xml")
_DOCUMENTING = lazy(r"[ \t]*+(?:///|//!|\*|/\*\*|##?[ ]{3}|//[ ]{3}|--[ ]{3}|>>>)")
"""How lines begin that show how code is used: documentation of Java, Rust, Ruby, with an indented example."""


def _form_field(line: Line, candidate: Candidate, options: Options) -> bool:
    """What a server writes into a form that it sends out."""
    return "<input" in line.text and "hidden" in line.text and _about(candidate, "means") == SECRET


def _uuid(line: Line, candidate: Candidate, options: Options) -> bool:
    name = re.sub(r"[\W_]", "", _about(candidate, "name").lower())
    return _values.is_uuid(candidate.value) and not name.endswith(_WITH_UUID)


_WITH_UUID = ("secret", "key", "password", "passwd", "pwd", "apitoken", "accesstoken", "authtoken")
"""How names end whose value opens something also where it is a UUID; a bare `token` mostly finds a record."""


def _low_entropy(line: Line, candidate: Candidate, options: Options) -> bool:
    return _values.entropy(candidate.value) < 3.7


def _provider_shape(line: Line, candidate: Candidate, options: Options) -> bool:
    return any(start < candidate.end and end > candidate.start for start, end in _spans(line.text))


def _provider_token(line: Line, candidate: Candidate, options: Options) -> bool:
    return any(start < candidate.end and end > candidate.start for start, end in _provider_spans(line.text))


def _is_web_token(line: Line, candidate: Candidate, options: Options) -> bool:
    return any(start < candidate.end and end > candidate.start for start, end in _token_spans(line.text))


_SHAPES = tuple(
    (needle, shape)
    for shapes in (*TOKENS.values(), *TEST_KEYS.values())
    for shape in shapes
    for needle in shape.needles
)
"""Every provider's shapes, each by every text one of which is in what it matches."""


_Spans = tuple[tuple[int, int], ...]
"""Where something stands in a text. They are asked for each candidate of a line, and it may have many."""


@lru_cache(8)
def _provider_spans(text: str) -> _Spans:
    shapes = dict.fromkeys(shape for needle, shape in _SHAPES if needle in text)
    return tuple((found.start, found.end) for shape in shapes for found in find(shape, text))


@lru_cache(8)
def _token_spans(text: str) -> _Spans:
    return tuple(_kinds.jwt_spans(text))


_TOKEN_LIKE = lazy(r"eyJ[\w-]{8,2000}(?:\.[\w-]{0,2000}){0,2}", re.ASCII)
"""What pretends to be a JSON Web Token."""


@lru_cache(8)
def _spans(text: str) -> _Spans:
    """What the family's other rules look at in a line: theirs is the verdict on it."""
    return tuple(_of_others(text))


def _of_others(text: str) -> Iterator[tuple[int, int]]:
    yield from _provider_spans(text)
    yield from _kinds.url_spans(text)
    yield from _kinds.header_spans(text)
    yield from _kinds.jwt_spans(text)
    if "eyJ" in text:
        for match in _TOKEN_LIKE.finditer(text):
            yield match.span()
    yield from _kinds.aws_secret_spans(text)
    if "PRIVATE KEY" in text:
        at = text.index("-----BEGIN") if "-----BEGIN" in text else len(text)
        yield at, len(text)


REFERENCE = Excuse("reference", _reference)
TEMPLATE = Excuse("template", _template)
PLACEHOLDER = Excuse("placeholder", _placeholder)
OWN_NAME = Excuse("own-name", _own_name)
SERVICE_DEFAULT = Excuse("service-default", _service_default)
LOOK_UP = Excuse("look-up", _look_up)
PATH = Excuse("file-path", _path)
NUMBER = Excuse("number", _number)
VERSION = Excuse("version", _version)
HASH = Excuse("hash", _hash)
PUBLIC = Excuse("public-value", _public)
PATTERN = Excuse("pattern", _pattern)
SELECTOR = Excuse("selector", _selector)
TYPE_NAME = Excuse("type-name", _type_name)
LABEL = Excuse("label", _label)
IDENTIFIER = Excuse("identifier", _identifier)
DULL = Excuse("low-variety", _dull)
WORDS = Excuse("words", _words)
UUID = Excuse("uuid", _uuid)
ANY_UUID = Excuse("uuid", lambda line, candidate, options: _values.is_uuid(candidate.value))
LOW_ENTROPY = Excuse("low-entropy", _low_entropy)
PROVIDER_SHAPE = Excuse("provider-shape", _provider_shape)
DOCUMENT = Excuse("documentation", _document)
FORM_FIELD = Excuse("form-field", _form_field)

OF_HARDCODED = (
    PLACEHOLDER,
    REFERENCE,
    TEMPLATE,
    OWN_NAME,
    SERVICE_DEFAULT,
    TYPE_NAME,
    LABEL,
    IDENTIFIER,
    DULL,
    LOOK_UP,
    PATH,
    NUMBER,
    VERSION,
    HASH,
    PUBLIC,
    PATTERN,
    SELECTOR,
    UUID,
    WORDS,
    FORM_FIELD,
    DOCUMENT,
    PROVIDER_SHAPE,
)
OF_HIGH_ENTROPY = (
    # First: for what looks like a token it mostly is the answer, without the long patterns of the others.
    PROVIDER_SHAPE,
    PLACEHOLDER,
    REFERENCE,
    TEMPLATE,
    ANY_UUID,
    HASH,
    PUBLIC,
    LOOK_UP,
    PATH,
    PATTERN,
    SELECTOR,
    DULL,
    WORDS,
    LOW_ENTROPY,
)

OF_ADDRESSES = (
    Excuse("sample-address", _kinds.is_sample_address),
    PLACEHOLDER,
    REFERENCE,
    TEMPLATE,
    PATTERN,
    DOCUMENT,
)
OF_HEADERS = (
    Excuse("variable", _kinds.is_whole_variable),
    Excuse("sample-user", _kinds.is_sample_header),
    PLACEHOLDER,
    Excuse("web-token", _is_web_token),
    Excuse("low-variety", _dull_header),
    Excuse("provider-shape", _provider_token),
)
