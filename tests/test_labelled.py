"""The labelled sets are in their form, and the counting of what is found of them is right."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from auto_enforcer import catalog
from auto_enforcer.languages import language_of
from labelled import lines, score, sets
from tokens import token

FILES = {
    "architecture": ("python", "typescript"),
    "dates": (
        "cpp",
        "csharp",
        "go",
        "java",
        "javascript",
        "kotlin",
        "php",
        "python",
        "ruby",
        "rust",
        "shellscript",
        "swift",
        "typescript",
    ),
    "debt": (
        "cpp",
        "csharp",
        "go",
        "java",
        "javascript",
        "kotlin",
        "php",
        "python",
        "ruby",
        "rust",
        "shellscript",
        "swift",
        "typescript",
    ),
    "errors": (
        "cpp",
        "csharp",
        "go",
        "java",
        "javascript",
        "kotlin",
        "php",
        "python",
        "ruby",
        "rust",
        "shellscript",
        "swift",
        "typescript",
    ),
    "escapes": ("csharp", "go", "java", "javascript", "python", "ruby", "shellscript"),
    "logging": (
        "csharp",
        "go",
        "java",
        "javascript",
        "kotlin",
        "php",
        "python",
        "ruby",
        "rust",
        "swift",
        "typescript",
    ),
    "naming": ("typescript",),
    "ops": ("dockerfile", "shellscript", "terraform", "yaml"),
    "python": ("python",),
    "secrets": (
        "csharp",
        "dockerfile",
        "dotenv",
        "go",
        "ini",
        "java",
        "javascript",
        "json",
        "markdown",
        "php",
        "plaintext",
        "properties",
        "python",
        "ruby",
        "shellscript",
        "terraform",
        "toml",
        "typescript",
        "xml",
        "yaml",
    ),
    "security": (
        "c",
        "cpp",
        "csharp",
        "go",
        "html",
        "java",
        "javascript",
        "kotlin",
        "php",
        "python",
        "ruby",
        "rust",
        "shellscript",
        "swift",
        "typescript",
        "vue",
    ),
    "sql": ("sql",),
    "tenancy": ("python", "sql", "typescript"),
    "typescript": ("javascript", "typescript", "typescriptreact"),
    "unicode": (
        "cpp",
        "csharp",
        "go",
        "java",
        "javascript",
        "kotlin",
        "php",
        "python",
        "ruby",
        "rust",
        "shellscript",
        "swift",
        "typescript",
    ),
}

BLOCKED = {
    "architecture/forbidden-call",
    "architecture/forbidden-import",
    "dates/impossible-date",
    "debt/conflict-marker",
    "debt/focused-test",
    "errors/swallowed-exception",
    "logging/breakpoint-call",
    "logging/debugger-statement",
    "logging/secret-in-log",
    "ops/secret-in-build-arg",
    "ops/workflow-script-injection",
    "python/mutable-default",
    "python/return-in-finally",
    "secrets/authorization-header",
    "secrets/aws-access-key",
    "secrets/aws-secret-key",
    "secrets/azure-storage-key",
    "secrets/crates-io-token",
    "secrets/discord-webhook",
    "secrets/github-token",
    "secrets/gitlab-token",
    "secrets/google-api-key",
    "secrets/hardcoded-password",
    "secrets/mapbox-token",
    "secrets/npm-token",
    "secrets/openai-key",
    "secrets/private-key",
    "secrets/pypi-token",
    "secrets/rubygems-key",
    "secrets/sendgrid-key",
    "secrets/sentry-token",
    "secrets/slack-token",
    "secrets/slack-webhook",
    "secrets/sonar-token",
    "secrets/stripe-key",
    "secrets/telegram-token",
    "secrets/terraform-cloud-token",
    "secrets/url-credentials",
    "secrets/vault-token",
    "security/jwt-verification-disabled",
    "security/shell-injection",
    "security/sql-built-from-text",
    "security/tls-verification-disabled",
    "sql/delete-without-where",
    "sql/update-without-where",
    "tenancy/client-supplied-tenant",
    "tenancy/disabled-row-level-security",
    "tenancy/query-without-tenant",
    "typescript/ts-nocheck",
    "unicode/bidirectional-control",
    "unicode/invisible-character",
}

WARNED = {
    "architecture/deep-relative-import",
    "architecture/deprecated-path",
    "architecture/query-in-controller",
    "architecture/unguarded-mutation",
    "architecture/untyped-body",
    "architecture/writes-without-transaction",
    "dates/hardcoded-date",
    "dates/passed-deadline",
    "debt/commented-out-code",
    "debt/placeholder-text",
    "debt/skipped-test-without-reason",
    "debt/todo-without-reference",
    "debt/unimplemented-body",
    "errors/bare-except",
    "errors/ignored-exit-status",
    "errors/leaked-stack-trace",
    "errors/lost-cause",
    "errors/swallowed-narrow-exception",
    "errors/unchecked-error",
    "escapes/blanket-ignore",
    "escapes/unexplained-ignore",
    "logging/console-call",
    "logging/interpolated-log-message",
    "logging/print-call",
    "logging/system-out-call",
    "naming/retired-term",
    "ops/curl-pipe-shell",
    "ops/latest-tag",
    "ops/privileged-container",
    "ops/root-user",
    "ops/unpinned-action",
    "ops/world-open-security-group",
    "python/assert-outside-tests",
    "python/blank-slots-dataclass",
    "python/boolean-comparison",
    "python/comparison-with-type",
    "python/deprecated-typing-alias",
    "python/eager-optional-import",
    "python/except-order",
    "python/late-binding-closure",
    "python/list-where-generator-serves",
    "python/naive-datetime",
    "python/none-comparison",
    "python/star-arg-after-keyword",
    "python/unbounded-cache",
    "python/whole-file-read",
    "python/wildcard-import",
    "secrets/default-url-credentials",
    "secrets/high-entropy-value",
    "secrets/jwt",
    "secrets/stripe-test-key",
    "security/archive-path-traversal",
    "security/bind-all-interfaces",
    "security/cleartext-url",
    "security/csrf-disabled",
    "security/debug-mode-enabled",
    "security/eval-call",
    "security/exec-call",
    "security/insecure-random",
    "security/open-redirect",
    "security/permissive-cors",
    "security/permissive-mode",
    "security/raw-html",
    "security/temp-file-race",
    "security/trusting-pickle-model",
    "security/unsafe-deserialization",
    "security/weak-cipher",
    "security/weak-hash",
    "security/xxe-parser",
    "sql/drop-without-if-exists",
    "sql/grant-all",
    "sql/select-star",
    "sql/truncate-outside-migration",
    "tenancy/missing-row-level-security",
    "tenancy/security-definer-function",
    "tenancy/unverifiable-tenant",
    "typescript/alert-call",
    "typescript/any-type",
    "typescript/dangerous-target-blank",
    "typescript/eval-like-timeout",
    "typescript/loose-equality",
    "typescript/non-null-assertion",
    "typescript/require-import",
    "typescript/unawaited-promise",
    "typescript/var-declaration",
    "unicode/confusable-identifier",
    "unicode/control-character",
    "unicode/mixed-script-identifier",
    "unicode/no-break-space-in-code",
}

ENOUGH = 30
"""Finds and near misses of a file, each."""

EVERY = [(family, language) for family, languages in FILES.items() for language in languages]


def test_every_file_is_there() -> None:
    assert {family: tuple(sets.languages(family)) for family in sets.families()} == FILES


@pytest.mark.parametrize(("family", "language"), EVERY)
def test_a_file_has_enough_finds_and_near_misses(family: str, language: str) -> None:
    cases = sets.read(family, language)
    assert sum(len(case.finds) for case in cases) >= ENOUGH
    assert sum(len(case.near_misses) for case in cases) >= ENOUGH


@pytest.mark.parametrize(("family", "language"), EVERY)
def test_labels_name_rules_as_the_catalogue_has_them(family: str, language: str) -> None:
    for case in sets.read(family, language):
        for rule, _ in [*case.finds, *case.near_misses]:
            assert rule in BLOCKED | WARNED, case.place
            assert rule.startswith(f"{family}/"), case.place
        for rule, severity in case.severities.items():
            assert severity == ("blocked" if rule in BLOCKED else "warning"), case.place


@pytest.mark.parametrize(("family", "language"), EVERY)
def test_a_block_is_a_piece_of_a_file_of_its_language(family: str, language: str) -> None:
    related = {language, f"{language}react"} | ({"typescript"} if language == "javascript" else set())
    for case in sets.read(family, language):
        assert language_of(case.path, case.lines[0]) == case.language, case.place
        assert case.language in related, case.place
        assert 5 <= len(case.lines) <= 40, case.place


SECOND = [
    (family, language)
    for family in sets.families(sets.SECOND)
    for language in sets.languages(family, sets.SECOND)
]


def test_the_second_set_has_enough_of_each_family() -> None:
    assert sets.families(sets.SECOND) == [
        "dates",
        "debt",
        "errors",
        "escapes",
        "logging",
        "python",
        "typescript",
        "unicode",
    ]
    for family in sets.families(sets.SECOND):
        cases = [case for name, language in SECOND if name == family for case in _second(name, language)]
        assert sum(len(case.finds) for case in cases) >= 75
        assert sum(len(case.near_misses) for case in cases) >= 75


@pytest.mark.parametrize(("family", "language"), SECOND)
def test_the_second_set_names_rules_as_the_catalogue_has_them(family: str, language: str) -> None:
    severities = {rule: entry.severity.value for rule, entry in catalog.entries().items()}
    for case in _second(family, language):
        assert language_of(case.path, case.lines[0]) == case.language, case.place
        assert {rule for rule, _ in case.near_misses} <= severities.keys(), case.place
        for rule, severity in case.severities.items():
            assert severity == severities[rule], case.place


def _second(family: str, language: str) -> tuple[sets.Case, ...]:
    return sets.read(family, language, sets.SECOND)


@pytest.mark.parametrize(
    ("info", "code", "message"),
    [
        ("python silent=weak-hash@1", "a()", "a path"),
        ("python path=a.py silent=weak-hash", "a()", "cannot read"),
        ("python path=a.py silent=weak-hash@2", "a()", "nothing in line 2"),
        ("python path=a.py silent=weak-hash@1=1", "a()", "has no marker"),
        ("python path=a.py silent=weak-hash@1", "a()\n^ security/weak-hash: warning", "is a find and is not"),
    ],
)
def test_a_label_that_means_nothing_is_refused(
    info: str, code: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "security"
    folder.mkdir()
    (folder / "python.md").write_text(f"```{info}\n{code}\n```\n", encoding="utf-8")
    monkeypatch.setattr(sets, "FOLDER", str(tmp_path))
    with pytest.raises(sets.LabelError, match=message):
        sets.read.__wrapped__("security", "python")


def test_a_template_is_what_it_stands_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file of a set holds a token's shape; what is checked does."""
    folder = tmp_path / "secrets"
    folder.mkdir()
    code = "```python path=a.py\na = '{{github-token}}{{ name }}'\nb = '\\u{202e}'\n```\n"
    (folder / "python.md").write_text(code, encoding="utf-8")
    monkeypatch.setattr(sets, "FOLDER", str(tmp_path))
    [case] = sets.read.__wrapped__("secrets", "python")
    assert case.lines == (f"a = '{token('github-token')}{{{{ name }}}}'", "b = '\u202e'")


CASE = sets.Case(
    place="python.md:1",
    language="python",
    path="app/service.py",
    lines=("import yaml  # type: ignore", "a = 1  # noqa: E501", "b = (", "    2  # noqa", ")", "c = 3"),
    finds=frozenset(
        {("escapes/blanket-ignore", 1), ("escapes/unexplained-ignore", 2), ("escapes/blanket-ignore", 3)}
    ),
    severities={},
    near_misses=frozenset({("escapes/blanket-ignore", 2), ("escapes/blanket-ignore", 6)}),
    stand_ins={("escapes/blanket-ignore", 4): 3},
)


def test_a_find_counts_by_its_rule_and_line_or_by_the_line_that_stands_for_it() -> None:
    result = score.Result()
    score.judge(CASE, {("escapes/blanket-ignore", 4), ("escapes/unexplained-ignore", 1)}, result)
    assert result.scores == {
        "escapes/blanket-ignore": score.Score(finds=2, found=1, false=0, near_misses=2),
        "escapes/unexplained-ignore": score.Score(finds=1, found=0, false=1),
    }
    assert [sentence.split()[0] for sentence in result.sentences] == ["false", "missed", "missed"]
    assert result.score("escapes/blanket-ignore").recall == 0.5
    assert result.score("escapes/unexplained-ignore").precision == 0
    assert score.Score().recall is None


def test_the_whole_family_is_on(tmp_path: Path) -> None:
    """Rules that are off by default, too."""
    checker = score.Checker(str(tmp_path), "escapes")
    assert checker.violations(CASE) == {
        ("escapes/blanket-ignore", 1),
        ("escapes/unexplained-ignore", 2),
        ("escapes/blanket-ignore", 4),
    }
    assert not checker.failures


def test_a_rule_that_is_not_there_misses_all_of_its_finds() -> None:
    result = score.Result()
    score.judge(CASE, (), result)
    assert (result.score("escapes/blanket-ignore").finds, result.score("escapes/blanket-ignore").found) == (
        2,
        0,
    )


@pytest.mark.parametrize("name", lines.names())
def test_a_set_of_lines_is_in_its_form(name: str) -> None:
    files = lines.read(name)
    verdicts = [label.verdict for file in files for label in file.labels.values()]
    true, false = verdicts.count("true"), verdicts.count("false")
    assert true + false >= 150
    assert 0.5 <= true / false <= 2
    assert all(language_of(file.path, file.lines[0]) for file in files)


def test_a_line_that_builds_is_as_good_as_the_one_that_uses() -> None:
    text = ("a = b", "c = a + d", "run(c)", "run(e)")
    labels = {3: lines.Label("true", "run", (2,)), 4: lines.Label("false", "run")}
    file = lines.File("a.py", "python", text, labels)
    for reported in ({2: "x"}, {3: "x"}, {2: "x", 3: "x"}):
        result = lines.Score()
        lines.judge(file, reported, result)
        assert (result.recall, result.precision, result.sentences) == (1, 1, [])
    result = lines.Score()
    lines.judge(file, {1: "x", 4: "x"}, result)
    assert (result.found.total(), result.false) == (0, {"unlabelled": 1, "run": 1})


@pytest.mark.parametrize("language", ["csharp", "go", "java", "javascript", "php", "python", "ruby"])
def test_the_set_of_security_has_enough_lines_of_a_language(language: str) -> None:
    verdicts = Counter(
        label.verdict
        for file in lines.read("security")
        if file.page == language
        for label in file.labels.values()
    )
    assert min(verdicts["true"], verdicts["false"]) >= (120 if language == "python" else 30)


def test_what_a_template_of_a_line_stands_for_is_alike_every_time() -> None:
    made = [file for file in lines.read("first") if file.path == "internal/store/store.go"]
    assert made == [file for file in lines.read("first") if file.path == "internal/store/store.go"]
    assert "«" not in "".join(made[0].lines)


@pytest.mark.parametrize(
    ("name", "recall"),
    [
        ("first", 0.91),
        ("second", 0.89),
        ("third", 0.92),
        ("fourth", 0.86),
        ("fifth", 0.85),
        ("security", 0.97),
    ],
)
def test_lines_that_were_once_told_apart_still_are(name: str, recall: float) -> None:
    """Floors, so that a later rule loses nothing unseen; how good the rules are only a new set says."""
    whole = lines.Score()
    for page in lines.score(name).values():
        whole.add(page)
    assert whole.recall >= recall, "\n".join(whole.sentences)
    assert whole.precision >= 0.97, "\n".join(whole.sentences)
