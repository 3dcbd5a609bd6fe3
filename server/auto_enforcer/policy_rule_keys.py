"""The keys of `[[rule]]` tables, a team's own rules: their reader and their JSON Schema are made of these."""

from __future__ import annotations

from auto_enforcer.model import WIDEST_WINDOW, Severity
from auto_enforcer.policy_keys import Key

ZONE_NAMES = ("code", "comment", "string", "text")
"""What `zones` may name, in the order of the bits of `model.Zone`."""

ALPHABETS = {
    "digits": r"[0-9]*",
    "hex": r"[0-9a-fA-F]*",
    "letters": r"[A-Za-z]*",
    "lower": r"[a-z]*",
    "upper": r"[A-Z]*",
    "alphanumeric": r"[0-9A-Za-z]*",
    "base32": r"[A-Z2-7]*={0,6}",
    "base64": r"[0-9A-Za-z+/]*={0,2}",
    "base64url": r"[0-9A-Za-z_-]*={0,2}",
}
"""What `alphabet` may name, as `re` has it."""

DATES = ("valid", "impossible", "past", "future")
CHECKSUMS = ("luhn", "mod97", "crc32-base62", "crc32-hex")

_IGNORE_CASE = Key("ignore_case", "bool", "whether upper and lower case are the same; `false` by default")
_LEAVES = (
    Key(
        "pattern", "pattern", "a regular expression in the syntax of RE2; its group `span` is what is marked"
    ),
    Key("literal", "text", "a text that is found as it stands"),
    Key("literals", "texts", "texts of which each is found as it stands"),
    Key("words", "texts", "whole words, each found where no letter, digit or `_` touches it"),
)
LEAVES = tuple(key.name for key in _LEAVES)
"""The keys that say what is looked for; a condition has one of them."""

COMBINING = ("swap", "any", "all")
"""The other keys that say what a rule looks for."""

CONDITION_KEYS: tuple[Key, ...] = (
    *_LEAVES,
    _IGNORE_CASE,
    Key("zones", "zones", "where this is looked for; where the rule looks by default"),
)
"""The keys of a condition in `any`, `all` and `none`; a string stands for its `pattern`."""

_NOT = Key("not", "bool", "`true` where it must not be there")
_WHERE = Key("zones", "zones", "where this is looked for; everywhere by default")
SAME_LINE_KEYS: tuple[Key, ...] = (*_LEAVES, _IGNORE_CASE, _WHERE, _NOT)
AROUND_KEYS: tuple[Key, ...] = (
    Key("lines", "window", f"how many lines are looked at, 1 to {WIDEST_WINDOW}"),
    *SAME_LINE_KEYS,
)
NEAR_KEYS: tuple[Key, ...] = (
    Key("before", "window", f"how many lines above are looked at too, 1 to {WIDEST_WINDOW}; none by default"),
    Key("after", "window", f"how many lines below are looked at too, 1 to {WIDEST_WINDOW}; none by default"),
    *SAME_LINE_KEYS,
)
FILE_SEEN_KEYS: tuple[Key, ...] = (*_LEAVES, _IGNORE_CASE, _NOT)

_PATTERN_IN_IT = Key("pattern", "pattern", "a regular expression in the syntax of RE2 that is found in it")
_CONTAINS = Key("contains", "texts", "texts of which one is in it, in whatever case")
PLACES = ("value", "match", "line")
"""Where an allow-list looks: in the value that is tested (else marked), in all that matched, on the line."""

VALUE_KEYS: tuple[Key, ...] = (
    Key("group", "text", "the group of the pattern that is tested; what is marked by default"),
    Key("min_entropy", "number", "bits a character that its letters have at least"),
    Key("min_length", "count", "characters that it has at least"),
    Key("max_length", "count", "characters that it has at most"),
    Key("alphabet", "choice", "what all of its characters are", tuple(ALPHABETS)),
    Key("date", "choice", "what it is as a date, written year, month, day", DATES),
    Key("checksum", "choice", "the sum that it ends with, and that is right", CHECKSUMS),
    _PATTERN_IN_IT,
    _CONTAINS,
    Key("not", "bool", "`true` where these must not all hold"),
)
"""The keys of a test of what was matched."""

ALLOW_KEYS: tuple[Key, ...] = (
    Key("value", "text", "a value that is left alone"),
    Key("sha256", "sha256", "the SHA-256 of such a value, in hexadecimal"),
    Key("path", "text", "a glob of files that are left alone"),
    _PATTERN_IN_IT,
    _CONTAINS,
    Key("in", "choice", "where `pattern` and `contains` look; in the value by default", PLACES),
    Key("reason", "text", "why; it must be given"),
)

FIX_KEYS: tuple[Key, ...] = (
    Key("title", "text", "what the fix does, as an editor's menu shows it"),
    Key(
        "replace", "template", "what to write in place of what is marked; `{name}` is a group of the pattern"
    ),
    Key("safe", "bool", "whether it cannot change what the program means; `false` by default"),
)

TEST_KEYS: tuple[Key, ...] = (
    Key("text", "any-text", "the text, of one line or several"),
    Key("range", "text", "`LINE:FIRST-LAST`: the columns that are marked, all counted from 1"),
    Key("fixed", "any-text", "the text after the rule's first fix"),
    Key("language", "text", "the language of the text"),
    Key("path", "text", "a file's name that says its language"),
    Key("today", "date", "the day that dates are compared with"),
)
NO_MATCH_KEYS: tuple[Key, ...] = tuple(key for key in TEST_KEYS if key.name not in ("range", "fixed"))

TEAM_KEYS: tuple[Key, ...] = (
    Key("id", "id", "`team/name`: a family that is not one of ours, and the name of what is bad"),
    Key("severity", "choice", "how severe; `warning` by default", tuple(one.value for one in Severity)),
    Key("message", "template", "what is wrong and what to do; `{name}` is a group, `{match}` what is marked"),
    Key("languages", "languages", "the languages that it is for; all by default"),
    Key("zones", "zones", "where it looks; everywhere by default"),
    *_LEAVES,
    Key("swap", "swap", "whole words, and what each must be: their case is kept, and the fix is given"),
    Key("any", "conditions", "conditions; whatever one of them finds is marked"),
    Key("all", "conditions", "conditions that must all be on the line; what the first finds is marked"),
    Key("none", "conditions", "conditions of which none may be on the line"),
    _IGNORE_CASE,
    Key("before", "around", "what must be on one of the lines above"),
    Key("after", "around", "what must be on one of the lines below"),
    Key("same_line", "same-line", "what must be on the line"),
    Key("near", "near", "what must be on the line or on one of those around it"),
    Key("file_seen", "file-seen", "what must be somewhere in the file"),
    Key("value", "value", "what must hold of the text that was matched"),
    Key("allow", "allow", "what is left alone, and why"),
    Key("paths", "globs", "globs of the files that it looks at; all by default"),
    Key("exclude", "globs", "globs of files that it does not look at"),
    Key("generated", "bool", "whether it looks at generated, minified and lock files too"),
    Key("fix", "fix", "a fix"),
    Key("fixes", "fixes", "several fixes; the first is the one that a bulk run takes"),
    Key("note", "any-text", "more about it, in Markdown"),
    Key("url", "url", "a page about it"),
    Key("tags", "texts", "words that reports give it"),
    Key("cwe", "cwe", "the weaknesses that it is about: `79` or `CWE-79`"),
    Key("match", "match", "its tests: texts in which it finds something"),
    Key("no_match", "no-match", "its tests: texts in which it finds nothing"),
)
"""The keys of a `[[rule]]` table."""

TABLES: dict[str, tuple[Key, ...]] = {
    "conditions": CONDITION_KEYS,
    "around": AROUND_KEYS,
    "same-line": SAME_LINE_KEYS,
    "near": NEAR_KEYS,
    "file-seen": FILE_SEEN_KEYS,
    "value": VALUE_KEYS,
    "allow": ALLOW_KEYS,
    "fix": FIX_KEYS,
    "fixes": FIX_KEYS,
    "match": TEST_KEYS,
    "no-match": NO_MATCH_KEYS,
}
"""The keys of the tables that a key of that form takes."""

LISTS = ("conditions", "allow", "fixes", "match", "no-match")
"""The forms that take a list of tables; the others take one, and all but `fix` a list of them too."""

SHORT = ("conditions", "match", "no-match")
"""The forms in whose lists a string may stand for a table: its pattern, or its text."""
