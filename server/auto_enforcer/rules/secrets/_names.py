"""What the name that a value is given to means: a password, another secret, perhaps one, or nothing."""

from __future__ import annotations

from functools import lru_cache

from auto_enforcer.rules._common import lazy
from auto_enforcer.rules.secrets._words import words

PASSWORD = "password"
"""Any literal may be one: words, short ones, ones that look like nothing."""
SECRET = "secret"
"""Made by a machine, so a literal must look like that."""
DOUBTFUL = "doubtful"
"""Something else often bears this name, so only a literal of high entropy counts."""
NOTHING = ""

NAME = (
    r"passw(?:or)?[dt]e?s?|passwrd|passphrase|passcode|pswd|psw|kennwort|pwd|pass|pw|psk|contrase(?:n|ñ)a|senha"
    r"|secrets?|tokens?|credentials?|creds?|bearer|mnemonic|pepper"
    r"|(?:api|app|access|secret|priv(?:ate)?|auth|account|decryption|validation|storage|encrypt(?:ion|or)?|encryption|signing|sign|shared|master"
    r"|consumer|license|service|deploy|write|admin|jwt|crypto|cipher|aes|hmac|webhook"
    r"|subscription|integration|ingest|rest|server|client|security|authentication|login)[_. -]?keys?"
    r"|(?:auth|logged_?in|nonce|password|passwd|pwd|hash|hashing|signing|cookie|session|token)[_. -]?salt"
)
"""The words that a name must hold to be looked at by `hardcoded-password`, in any case."""

DOUBTFUL_NAME = r"keys?|auth|sid|salt|seed|cookie|session|hmac|otp|webhook|private"
"""Words that make a name doubtful. It must be the last word of the name."""

_PASSWORD = lazy(
    r"(?:^|.*?)(?:passw(?:or)?[dt]e?|passwrd|passphrase|passcode|pswd|kennwort|contrase(?:n|ñ)a|senha)s?$"
    r"|(?:|db|my|user|usr|root|smtp|mail|email|ftp|sftp|admin|ssh|require|store|key|mysql|pg|postgres|redis|ldap|wifi"
    r"|sql|imap|pop|login|bind|http|proxy|api|app|rpc|vnc|master|default|old|new|test|account|server|host|ap|wpa)"
    r"(?:pass|pwd|pw|psw)$|.{3,}pwd$"
)
_STEMS = ("pass", "psw", "pw", "kennwort", "contrase", "senha")
"""One is in each word that _PASSWORD matches."""
_SECRETS = (
    *("secret", "secrets", "token", "tokens", "apikey", "apikeys", "credential", "credentials"),
    *("cred", "creds", "bearer", "mnemonic", "pepper"),
)
_DOUBTFUL = words("key keys auth sid salt seed cookie session hmac otp webhook private")

_SPLIT = lazy(r"[A-Z]{2,}(?=[A-Z][a-z])|[A-Z]{2,}|[A-Z]?[a-zñ]+|[A-Z]|\d+")

_KEYS_OF = words(
    "api app access secret private priv auth account encrypt encryption encryptor decryption validation"
    " storage signing sign shared master consumer license service deploy write admin jwt crypto cipher aes"
    " hmac webhook subscription integration ingest rest server client security authentication login"
)
"""What makes a `key` a secret when it stands before it."""

_KEYS_FOR = words("app auth encrypt encryption encryptor signing sign shared master crypto cipher aes hmac")
"""What such a key is for: made by a machine and long, it is for `high-entropy-value`."""


def is_key_for(name: str) -> bool:
    """Whether the last words are a key's that signs or encrypts, or a salt's: `encryption_key`."""
    parts = [part.lower() for part in _SPLIT.findall(name)]
    if len(parts) < 2:
        return False
    return parts[-2] in _KEYS_FOR if parts[-1] in ("key", "keys") else _is_salt(parts, len(parts) - 1)


def parts_of(name: str) -> list[str]:
    """Its words, in lower case."""
    return [part.lower() for part in _SPLIT.findall(name)]


def _is_salt(parts: list[str], at: int) -> bool:
    return parts[at] == "salt" and at > 0 and parts[at - 1] in _SALTS_OF


_SALTS_OF = words("auth in nonce password passwd pwd hash hashing signing cookie session token secret")
"""What makes a `salt` a program's own when it stands before it; a user's salt is no secret."""

_NEUTRAL = words(
    "value val values default str string plain plaintext clear cleartext raw literal prod production dev"
    " develop development test testing tests stage staging live sandbox local old new current previous"
    " primary secondary backup main base64 b64 const global read write admin root user users master"
    " confirm confirmation again repeat me here encoded bytes override fallback real actual qa uat ci demo"
    " eu us"
)
"""What may stand after the word that means a secret without changing what the value is."""

_TURNS_AFTER = words(
    "name names field fields label labels type types kind url urls uri uris endpoint path paths file"
    " files filename dir directory folder id ids identifier length len size min max count limit policy"
    " policies rule rules regex regexp pattern format prefix suffix hint placeholder tooltip help error"
    " errors err message messages msg title description desc caption text header headers param params"
    " parameter parameters arg args option options opt opts column col attr attribute attributes key keys"
    " index idx expiry expires expire expired expiration ttl timeout age lifetime date time at on in"
    " validity valid validator validators validation validate strength reset change changed update updated"
    " recovery forgot hash hashes hashed hasher hashers hashing digest algorithm algo encoder encoding"
    " input box form view screen page modal dialog button btn icon link route template service manager"
    " provider store storage repository ref refs reference version arn class mode enabled disabled enable"
    " required optional needed status state scope scopes issuer audience subject iterator stream list map"
    " dict set env var variable source command cmd prompt callback handler generator factory method config"
    " settings properties check checker match matches mismatch visible visibility toggle show hide event"
    " action request response dto schema model entity table exists present missing invalid incorrect wrong"
    " weak plugin module package lib usage example docs grant exchange location group engine backend token"
    " credentials protected less only based reader writer parser stripe placement number position offset"
    " start end begin delimiter separator char character style color image rotation budget bucket window"
    " left used selector element locator xpath css div span wrapper container row cell item items ring"
    " chain pair vault mount namespace alias spec specs provided generated created retrieved accepted"
    " requested expected"
)
"""What names something about the secret, not the secret, when it stands after."""

_TURNS_BEFORE = words(
    "is has no not show hide forgot forgotten lost invalid wrong incorrect missing empty requires"
    " required need needs enable disable allow toggle validate check verify compare hash hashed encrypted"
    " encrypt decrypt public csrf xsrf next page pagination continuation cancel cancellation cancelation"
    " design lookup sort primary foreign partition cache row unique composite hot shortcut translation"
    " i18n l10n label labels placeholder error errors title hint min max length num number count type"
    " types lexer lex syntax operator keyword whitespace eof reset change pub publishable site map dict"
    " object property json xml yaml column table index group sorted order routing arrow message"
    " messages msg lang locale help description header lock idempotency checksum authenticity assembly"
    " request requests starting update"
    " lifecycle work unit verification pipeline response websocket salted elem element"
)
"""What makes of the name something else when it stands before: `csrf_token`, `error.password`."""


@lru_cache(maxsize=1024)
def meaning(name: str) -> tuple[str, bool]:
    """What a name means, and whether its last words are known: behind ones nobody knows (`token_github`) the
    value has to prove more. A name is an identifier, an option, a key path or an XML attribute's text."""
    if "arn:" in name:
        return NOTHING, False
    if "::" in name:
        # A path of Puppet's data is written small; of types and modules at least one part is not.
        name = name.rpartition("::")[2] if name == name.lower() else ""
    if name.lower().startswith(("salted", "hashed", "encrypted")):
        return NOTHING, False
    parts = [part.lower() for part in _SPLIT.findall(name)]
    for at in range(len(parts) - 1, -1, -1):
        word = parts[at]
        found = _one(parts, at, word)
        if found:
            break
    else:
        return NOTHING, False
    after = [other for other in parts[at + 1 :] if not other.isdigit()]
    if any(other in _TURNS_AFTER for other in after):
        return NOTHING, False
    before = parts[:at]
    if before[:-1] and before[-1] in _KEYS_OF:
        # The primary access key is one of two; the primary key is a column.
        before = [other for other in before if other not in ("primary", "secondary")]
    if found != DOUBTFUL or len(before) > 1:
        before = before[-4:]
    if any(other in _TURNS_BEFORE for other in before):
        return NOTHING, False
    if found == DOUBTFUL and after:
        return NOTHING, False
    # `pass` alone is a verb and a verdict too.
    verb = parts in (["pass"], ["pw"], ["psw"])
    return found, not verb and all(other in _NEUTRAL for other in after)


def _one(parts: list[str], at: int, word: str) -> str:
    """What the word at a place means, with the one before it."""
    if word == "psk":
        return PASSWORD
    if word in ("pass", "pw", "psw"):
        alone = len(parts) == 1 or at > 0 or parts[at + 1].isdigit()
        return PASSWORD if alone else NOTHING
    if any(stem in word for stem in _STEMS) and _PASSWORD.match(word):
        return PASSWORD
    if word.endswith(_SECRETS):
        return SECRET
    if (
        word in ("key", "keys")
        and at
        and (parts[at - 1] in _KEYS_OF or parts[at - 2 : at] == ["secret", "or"])
    ):
        return SECRET
    if word.endswith(("key", "keys")) and word.removesuffix("s").removesuffix("key") in _KEYS_OF:
        return SECRET
    if _is_salt(parts, at):
        return SECRET
    if word in _DOUBTFUL:
        return DOUBTFUL
    return NOTHING
