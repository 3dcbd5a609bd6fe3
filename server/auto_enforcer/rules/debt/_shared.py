"""What the debt rules of several languages share: the rules' values and the excuses of a skipped test."""

from __future__ import annotations

from collections.abc import Iterator

from auto_enforcer.model import Candidate, Check, Excuse, Fact, Line, Options, Rule, Severity, Zone
from auto_enforcer.rules._common import indent_of, regex

_COMMENT, _REST = int(Zone.COMMENT), int(Zone.CODE | Zone.STRING | Zone.TEXT)

_MOST_ABOVE = 3

TICKET = (
    r"\b(?!(?:UTF|UCS|SHA\d?|ISO|IEC|IEEE|RFC|AES|DES|RSA|DSA|MD|CRC|BASE|CP|WINDOWS|KOI|GB|BIG|HTTP|TLS|SSL|IPV"
    r"|ECMA|ES|MPEG|MP|USB|RS|COVID|BLAKE\w|HMAC|PKCS|FIPS|ANSI|ASCII|LATIN|UUID|UTC|GMT|X)-\d)"
    r"[A-Z][A-Z0-9]{1,9}-\d+"
)
"""An issue by its project's key; encodings, digests and standards are written in the same way."""


def focused_test(
    languages: tuple[str, ...],
    pattern: str,
    triggers: tuple[str, ...],
    zones: Zone = Zone.CODE,
    excuses: tuple[Excuse, ...] = (),
    facts: tuple[Fact, ...] = (),
) -> Rule:
    """`focused-test` for languages. The pattern (group `span`) finds them in all but comments, unless
    these are the zones."""
    return Rule(
        id="debt/focused-test",
        severity=Severity.BLOCKED,
        message="this runs alone and leaves all other tests out; take the focus away",
        languages=languages,
        zones=zones,
        check=_finding(pattern, int(zones) if zones == Zone.COMMENT else _REST),
        triggers=triggers,
        excuses=excuses,
        facts=facts,
    )


def skipped_test(
    languages: tuple[str, ...],
    pattern: str,
    triggers: tuple[str, ...],
    zones: Zone = Zone.CODE,
    excuses: tuple[Excuse, ...] = (),
    facts: tuple[Fact, ...] = (),
) -> Rule:
    """`skipped-test-without-reason` for languages. The pattern (group `span`) finds skips in code and strings
    that give no reason themselves."""
    return Rule(
        id="debt/skipped-test-without-reason",
        severity=Severity.WARNING,
        message="this test is skipped and nothing says why; give the reason or an issue",
        languages=languages,
        zones=zones,
        check=_finding(pattern, _REST),
        triggers=triggers,
        excuses=(*excuses, Excuse("comment", _has_comment), Excuse("reference", _has_reference)),
        facts=facts,
        before=_MOST_ABOVE,
        after=1,
    )


def _finding(pattern: str, zones: int) -> Check:
    """A check that marks group `span` of each match in some zones."""

    def check(line: Line, options: Options) -> Iterator[Candidate]:
        for match in regex(pattern).finditer(line.only(zones)):
            yield Candidate(*match.span("span"))

    return check


def condition(pattern: str) -> Excuse:
    """The excuse that the skip hangs on a condition, which is the reason: the pattern is found in the code
    before it on its line or on the nearest line of code above."""

    def speaks(line: Line, candidate: Candidate, options: Options) -> bool:
        own = line.only(int(Zone.CODE))[: candidate.start]
        if regex(pattern).search(own):
            return True
        for above in line.before(_MOST_ABOVE):
            code = above.only(int(Zone.CODE))
            if code.strip():
                return regex(pattern).search(code) is not None
        return False

    return Excuse("condition", speaks)


def unless_fact(name: str) -> Excuse:
    """The excuse that nothing in the file so far tells that it holds tests."""

    def speaks(line: Line, candidate: Candidate, options: Options) -> bool:
        return not line.facts(name)

    return Excuse("no-test", speaks)


def _has_comment(line: Line, candidate: Candidate, options: Options) -> bool:
    """A comment with words on its line, on the next, or right above."""
    if _says(line.only(_COMMENT)):
        return True
    ended = line.only(_REST).rstrip().endswith(";")
    for other in (*line.before(1), *line.after(0 if ended else 1)):
        if not other.only(_REST).strip() and _says(other.only(_COMMENT)):
            return True
    return False


def _says(comment: str) -> bool:
    return sum(character.isalpha() for character in comment) >= 3


def _has_reference(line: Line, candidate: Candidate, options: Options) -> bool:
    """An issue or a link in the line, such as in the test's name."""
    return regex(rf"#\d+|{TICKET}|(?i:\bissue ?\d)|https?://").search(line.text) is not None


def unimplemented_body(
    languages: tuple[str, ...],
    pattern: str,
    triggers: tuple[str, ...],
    excuses: tuple[Excuse, ...] = (),
) -> Rule:
    """`unimplemented-body` for languages, found by a pattern (group `span`) in code and strings."""
    return Rule(
        id="debt/unimplemented-body",
        severity=Severity.WARNING,
        message="this fails as soon as it is called; write it, or take it out until it is needed",
        languages=languages,
        check=_finding(pattern, _REST),
        triggers=triggers,
        excuses=(*excuses, Excuse("abstract", _is_abstract), Excuse("platform", _is_branch)),
        before=8,
        optional=True,
    )


def _is_abstract(line: Line, candidate: Candidate, options: Options) -> bool:
    """What is to be overridden: marked so, or said so, in the lines above, as far as the member before."""
    for other in (line, *line.before(8)):
        if other is not line and regex(r"[ \t]{0,80}(?:\}|end\b)").match(other.text):
            return False
        if regex(r"(?i)abstract|@overload|Protocol\b|interface|override|subclass|virtual").search(other.text):
            return True
    return False


def _is_branch(line: Line, candidate: Candidate, options: Options) -> bool:
    """One case of several: an `else`, a `default`, an arm; the body as a whole does something."""
    for above in (line, *line.before(1)):
        code = above.only(int(Zone.CODE))
        if above is line:
            code = code[: candidate.start]
        if regex(r"\b(?:else|default|if|elif|case|when|except|catch|switch|unless)\b").search(code):
            return True
        if line.language == "rust" and code.rstrip().endswith("=>"):
            return True
    return False


HASH, SLASHES, EITHER = r"#+!?", r"//+!?", r"//+!?|#+(?!\[)"

COMMANDS = (
    r"rsync|systemctl|service|journalctl|tar|zip|unzip|gzip|gunzip|ssh|scp|sftp|chmod|chown|chgrp|ln|ls|grep|egrep|sed"
    r"|awk|xargs|cat|tee|wget|find|kill|pkill|killall|apt|yum|dnf|apk|brew|snap|dpkg|rpm|python3?|node|npx|yarn|pnpm"
    r"|ruby|bundle|gem|perl|php|composer|go|cargo|rustup|java|mvn|gradle|make|cmake|kubectl|helm|terraform|ansible"
    r"|aws|gcloud|az|psql|mysql|sqlite3|redis-cli|openssl|gpg|ip|iptables|ufw|mount|umount|useradd|usermod|crontab"
    r"|touch|test|trap|exit|return|shift|unset|alias|read|printf|eval|chroot|dd|sleep|sort|head|tail|cut|tr|wc|diff"
)
"""The commands of shell scripts. Many are words as well: what follows tells."""

_STARTS = {
    HASH: (
        r"#[ \t]{0,8}(?:import|from|return|raise|require|include|def|class|if|elif|for|while|with|try"
        r"|else|end"
        r"|puts|print|export|set|source|sudo|curl|cd|rm|cp|mv|mkdir|echo|git|docker|npm|pip|fi|done"
        r"|esac|p|module|unless) ?[^ \n]",
        r"#[ \t]{0,8}(?:[fx]?(?:it|describe|context|specify)|test) [\"']",
        rf"#[ \t]{{0,8}}(?:{COMMANDS})[ \t]+[^ \n]",
        r"#[ \t]{0,8}[@$A-Za-z_][\w.\[\]]{0,60} ?[-+*/|&:]?[=(]",
        r"#[ \t]{0,8}[a-z_][\w.]{0,60} (?:do\b|\{)",
    ),
    SLASHES: (
        r"//[^\n]{0,120}[;{})\]]$",
        r"//[ \t]{0,8}#[ \t]{0,4}(?:include|define|if|ifdef|ifndef|endif)\b",
        r"//[ \t]{0,8}(?:@[A-Z]|[$A-Za-z_][\w.\[\]]{0,60}, ?[\w., ]{1,80} ?:?=)",
        r"//[ \t]{0,8}[$A-Za-z_][\w.\[\]]{0,60} ?[-+*/|&:]?[=(]",
        r"//[ \t]{0,8}(?:import|return|throw|let|var|val|const|func|class|struct|if|guard|for|while)\b",
        r"//[ \t]{0,8}(?:switch|override|private|public|package|pub|fun|defer|go|type|use|new|this)\b",
    ),
}
_STARTS[EITHER] = (
    *_STARTS[SLASHES],
    r"#[ \t]{0,8}(?:\$[a-z_]|(?:use|return|throw|if|for|foreach|while|switch|function|public|private"
    r"|echo)\b)",
)
"""How a comment that may be code begins or ends, by its delimiter."""

_LONGEST_CODE = 120
_MOST_STATEMENTS = 12
"""Lines above in which the block is sought that a statement belongs to, and what leads up to an example."""

_GOES_ON = r"[(\[,\\+|&]$"
_ENDS = r"[ \t]*(?:[})\]]|(?:end|fi|done|esac|else|elif|elsif|except|finally|then)\b)"
_PROSE = r"(?:[a-z]{2,}[,;]? ){3}[a-z]{2,}"


def commented_out_code(languages: tuple[str, ...], delimiter: str, code: str) -> Rule:
    """`commented-out-code` for languages with a line comment; `code` is what a line of code looks like."""

    def said(line: Line) -> str | None:
        """What a comment that has its line to itself says, with the blanks before it."""
        comment = line.only(_COMMENT).strip()
        opened = regex(delimiter).match(comment)
        return None if opened is None or line.only(_REST).strip() else comment[opened.end() :].rstrip()

    def looks_like_code(text: str) -> bool:
        text = text.strip()
        if len(text) > _LONGEST_CODE:
            return False
        bare = regex(r"\"[^\"\n]{0,200}\"|'[^'\n]{0,200}'").sub('""', text)
        return regex(code).match(bare) is not None and not regex(_PROSE).search(bare)

    def continues(line: Line, text: str) -> bool:
        """It stands in a block that a comment above begins, ends one, or goes on with a statement."""
        depth, begun = indent_of(text), False
        for above in line.before(_MOST_STATEMENTS):
            other = said(above)
            if other is None:
                break
            if not begun:
                begun = True
                if regex(_GOES_ON).search(other) and looks_like_code(other):
                    return True
            if other.strip() and indent_of(other) < depth and looks_like_code(other):
                return True
        return begun and regex(_ENDS).match(text) is not None

    def check(line: Line, options: Options) -> Iterator[Candidate]:
        if not any(regex(start).search(line.text) for start in _STARTS[delimiter]):
            return
        text = said(line)
        if text is not None and looks_like_code(text) and not continues(line, text):
            yield Candidate(indent_of(line.text), len(line.text.rstrip()))

    def is_directive(line: Line, candidate: Candidate, options: Options) -> bool:
        return regex(_DIRECTIVE).match(line.text[candidate.start :]) is not None

    return Rule(
        id="debt/commented-out-code",
        severity=Severity.WARNING,
        message="this is code in a comment; take it out, the history keeps it",
        languages=languages,
        zones=Zone.COMMENT,
        check=check,
        triggers=_STARTS[delimiter],
        excuses=(Excuse("directive", is_directive), Excuse("example", _is_shown)),
        before=_MOST_STATEMENTS,
        optional=True,
    )


_DIRECTIVE = (
    r"(?:#!|///|//!|#:|[#/]+ ?(?:type:|noqa|pragma|pylint|ruff|mypy|pyright|isort|fmt:|yapf|eslint"
    r"|prettier|@ts-|tslint"
    r"|biome|deno-|go:|nolint|\+build|rubocop|frozen_string_literal|shellcheck|region|endregion|coding"
    r"|vim:|nosec"
    r"|NOLINT|IWYU|clang-format|swiftlint|sourcery|enforcer:|cspell|istanbul|c8 |v8 |webpack"
    r"|@vite|#__))"
)


def _is_shown(line: Line, candidate: Candidate, options: Options) -> bool:
    """The comment above leads up to an example: it ends with a colon or says so, or it is a sentence, and
    what stands below is set in."""
    depth = indent_of(line.only(_COMMENT).strip().lstrip("#/!"))
    for above in line.before(_MOST_STATEMENTS):
        comment = above.only(_COMMENT).strip()
        if not comment or above.only(_REST).strip():
            return False
        words = comment.strip(" #/*")
        if indent_of(comment.lstrip("#/!")) + 1 < depth and regex(_SENTENCE).match(words):
            return True
        if words.endswith(":") and not regex(_HEADERS).match(words):
            return True
        if regex(_LEADS_UP).search(words):
            return True
    return False


_LEADS_UP = (
    r"(?i)\b(?:e\.g\.?|i\.e\.?|(?:example|usage|for instance|like|becomes|equivalent|translates)\b)"
    r"(?:[ ,]{1,2}[a-z]{1,20}){0,6}[.,:]?$"
)
_SENTENCE = r"[A-Za-z`:'-]{1,40}(?:,? [A-Za-z`:'-]{2,40}){3}"
_HEADERS = r"(?:if|elif|else|for|while|with|def|class|try|except|finally|async|case|default|match)\b"
