"""What the recommended set says about paths: where a rule says less than elsewhere, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from auto_enforcer.model import NamedTuple, Severity


class Cap(NamedTuple):
    """In files of these kinds (of `path_kinds.KINDS`) these rules or families are no more than this.

    `severity` None: off. A cap only lowers what a policy says for all paths; where a policy's own
    `[[overrides]]` speak of the path, they have the last word.
    """

    kinds: tuple[str, ...]
    rules: tuple[str, ...]
    severity: Severity | None
    reason: str


CAPS: tuple[Cap, ...] = (
    Cap(
        ("tests", "fixtures", "documents", "examples"),
        ("dates/impossible-date", "secrets/hardcoded-password", "secrets/url-credentials"),
        Severity.WARNING,
        "tests, documents and examples show wrong dates and made-up passwords on purpose",
    ),
    Cap(
        ("tests", "fixtures", "documents", "examples"),
        ("secrets/authorization-header",),
        Severity.WARNING,
        "tests, documents and examples show made-up passwords on purpose",
    ),
    Cap(
        ("tests", "fixtures"),
        ("secrets/private-key", "unicode/bidirectional-control", "unicode/invisible-character"),
        Severity.WARNING,
        "tests carry keys and characters of their own on purpose",
    ),
    Cap(
        ("translations",),
        ("unicode/bidirectional-control", "unicode/invisible-character"),
        Severity.WARNING,
        "text of a language that is written from right to left may need them",
    ),
    Cap(
        ("built",),
        (
            "errors/swallowed-exception",
            "logging/debugger-statement",
            "unicode/bidirectional-control",
            "unicode/invisible-character",
        ),
        Severity.WARNING,
        "a program wrote it, and its sources are where to mend it",
    ),
    Cap(
        ("built",),
        ("typescript", "logging/console-call", "unicode/control-character"),
        None,
        "nobody wrote it by hand: its sources are where to mend it",
    ),
    Cap(
        ("tests", "fixtures"),
        (
            "dates/stale-last-updated",
            "debt/unimplemented-body",
            "secrets/jwt",
            "unicode/confusable-identifier",
            "unicode/control-character",
            "unicode/mixed-script-identifier",
            "unicode/no-break-space-in-code",
        ),
        None,
        "tests are full of samples made for them",
    ),
    Cap(
        ("tests", "fixtures", "examples"),
        ("debt/placeholder-text",),
        None,
        "tests and examples fill their places with any text",
    ),
    Cap(
        ("tests", "fixtures"),
        ("files/crlf-mixed", "files/executable-without-shebang", "files/oversized-file"),
        None,
        "tests hold files of every kind on purpose",
    ),
    Cap(
        ("tests", "fixtures", "examples", "documents", "migrations", "programs"),
        ("tenancy/query-without-tenant", "tenancy/unverifiable-tenant"),
        None,
        "tests, migrations and programs work for all tenants",
    ),
    Cap(
        ("tests", "fixtures", "examples", "documents"),
        (
            "architecture/query-in-controller",
            "architecture/unguarded-mutation",
            "architecture/untyped-body",
            "architecture/writes-without-transaction",
            "tenancy/client-supplied-tenant",
        ),
        None,
        "tests and examples serve nobody",
    ),
    Cap(
        ("programs", "migrations"),
        ("architecture/writes-without-transaction",),
        None,
        "a program that is run by hand can be run again",
    ),
    Cap(("examples", "notebooks"), ("dates/hardcoded-date",), None, "examples name days on purpose"),
    Cap(
        ("tests", "fixtures", "migrations", "documents"),
        ("dates/hardcoded-date",),
        None,
        "tests, fixtures, migrations and documents name days on purpose",
    ),
    Cap(
        ("changelogs", "archives"),
        ("dates/stale-last-updated",),
        None,
        "a changelog, log or archive says when something was",
    ),
    Cap(
        ("documents", "notebooks"),
        ("logging",),
        None,
        "documents and notebooks speak to the person who reads them",
    ),
    Cap(
        ("tests", "fixtures", "examples"),
        (
            "logging/print-call",
            "logging/console-call",
            "logging/system-out-call",
            "logging/interpolated-log-message",
            "logging/secret-in-log",
        ),
        None,
        "tests and examples speak to the person who runs them",
    ),
    Cap(
        ("tests", "fixtures"),
        ("errors/swallowed-exception", "logging/breakpoint-call", "logging/debugger-statement"),
        Severity.WARNING,
        "what is left over in a test harms nobody's users",
    ),
    Cap(
        ("tests", "fixtures"),
        (
            "errors/bare-except",
            "errors/leaked-stack-trace",
            "errors/swallowed-narrow-exception",
            "errors/unchecked-error",
        ),
        None,
        "a test brings failures about on purpose",
    ),
    Cap(
        ("documents", "examples"),
        ("debt/conflict-marker", "debt/focused-test", "errors/swallowed-exception"),
        Severity.WARNING,
        "documents and examples leave out what does not matter to them",
    ),
    Cap(
        ("tests", "fixtures"),
        ("debt/unimplemented-body",),
        None,
        "a stand-in of a test does nothing on purpose",
    ),
    Cap(
        ("tests", "fixtures", "documents", "examples"),
        (
            "security/jwt-verification-disabled",
            "security/shell-injection",
            "security/sql-built-from-text",
            "security/tls-verification-disabled",
        ),
        Severity.WARNING,
        "tests, documents and examples speak to themselves or to nobody",
    ),
    Cap(
        ("tests", "fixtures"),
        (
            "security/bind-all-interfaces",
            "security/cleartext-protocol",
            "security/cleartext-url",
            "security/csrf-disabled",
            "security/debug-mode-enabled",
            "security/eval-call",
            "security/exec-call",
            "security/insecure-cookie",
            "security/insecure-random",
            "security/permissive-mode",
            "security/temp-file-race",
            "security/trusting-pickle-model",
            "security/unsafe-deserialization",
            "security/weak-hash",
            "security/weak-key-size",
            "security/weak-tls-version",
            "security/xxe-parser",
        ),
        None,
        "a test makes its own data, keys and users",
    ),
    Cap(
        ("tests", "fixtures"),
        (
            "python/format-argument-count",
            "python/is-literal-comparison",
            "python/mutable-default",
            "python/or-in-except",
            "python/raised-non-exception",
            "python/return-in-finally",
        ),
        Severity.WARNING,
        "tests try what Python does with odd code",
    ),
    Cap(
        ("tests", "fixtures"),
        (
            "python/assert-outside-tests",
            "python/blocking-call-in-coroutine",
            "python/request-without-timeout",
            "python/boolean-comparison",
            "python/comparison-with-type",
            "python/forgotten-task",
            "python/naive-datetime",
            "python/none-comparison",
            "python/unbounded-cache",
            "python/useless-comparison",
            "python/wildcard-import",
        ),
        None,
        "tests ask such questions on purpose",
    ),
    Cap(("packages", "stubs"), ("python/wildcard-import",), None, "a package shows what its modules have"),
    Cap(
        ("stubs",),
        ("python/mutable-default", "python/call-in-default"),
        None,
        "a stub's default only says that there is one",
    ),
    Cap(
        ("tests", "fixtures", "documents", "examples"),
        (
            "typescript/alert-call",
            "typescript/dangerous-target-blank",
            "typescript/eval-like-timeout",
        ),
        None,
        "tests, documents and examples show pages that nobody uses",
    ),
    Cap(
        ("tests", "fixtures", "documents", "examples"),
        ("typescript/ts-nocheck",),
        Severity.WARNING,
        "tests, documents and examples hold wrong types on purpose",
    ),
    Cap(
        ("migrations", "tests", "fixtures", "documents", "examples"),
        ("sql/delete-without-where", "sql/update-without-where"),
        Severity.WARNING,
        "a migration fills columns, and a test empties tables, on purpose",
    ),
    Cap(
        ("migrations", "tests", "fixtures"),
        ("sql/truncate-outside-migration",),
        None,
        "a migration or a test empties tables on purpose",
    ),
    Cap(
        ("tests", "fixtures", "documents", "examples"),
        ("ops/secret-in-build-arg", "ops/workflow-script-injection"),
        Severity.WARNING,
        "tests, documents and examples build images that nobody runs",
    ),
    Cap(
        ("tests", "fixtures", "documents"),
        ("ops/latest-tag", "ops/privileged-container", "ops/root-user"),
        None,
        "tests and documents run images that nobody else does",
    ),
    Cap(("documents",), ("ops/unpinned-action",), None, "a document shows how an action is used"),
    Cap(
        ("programs",),
        (
            "logging/print-call",
            "logging/console-call",
            "logging/system-out-call",
            "logging/interpolated-log-message",
            "logging/secret-in-log",
        ),
        None,
        "a command-line program speaks by printing",
    ),
)
"""The caps, of which the lowest holds."""


def caps_by_kind(caps: Iterable[Cap]) -> Mapping[str, frozenset[int]]:
    """The indexes into the caps that hold for each kind."""
    kinds: dict[str, frozenset[int]] = {}
    for index, cap in enumerate(caps):
        for kind in cap.kinds:
            kinds[kind] = kinds.get(kind, frozenset()) | {index}
    return kinds
