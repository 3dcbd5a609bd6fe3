"""What is found in files of template languages: in what stands between their delimiters, in the markup around
it, and in no place twice."""

from __future__ import annotations

import pytest

from found import rows, said

PASSWORD = "Tz9wLv2Qp7xG"[::-1]


@pytest.mark.parametrize(
    ("path", "comment", "code"),
    [
        ("views/shop.html.erb", "<%# {} %>", "<% {} %>"),
        ("views/shop.ejs", "<%# {} %>", "<% var {} %>"),
        ("web/shop.jsp", "<%-- {} --%>", "<% String {}; %>"),
        ("Pages/Shop.cshtml", "@* {} *@", "@{{\n  var {};\n}}"),
        ("Pages/Shop.razor", "@* {} *@", "@code {{\n  string {};\n}}"),
        ("views/shop.blade.php", "{{{{-- {} --}}}}", "@php ${}; @endphp"),
        ("views/shop.hbs", "{{{{!-- {} --}}}}", "{{{{set {}}}}}"),
        ("templates/shop.html.j2", "{{# {} #}}", "{{% set {} %}}"),
        ("templates/shop.html.twig", "{{# {} #}}", "{{% set {} %}}"),
        ("snippets/shop.liquid", "{{% comment %}}{}{{% endcomment %}}", "{{% assign {} %}}"),
    ],
)
def test_secrets_debt_and_hidden_characters_are_found(path: str, comment: str, code: str) -> None:
    lines = [
        "<p>it's</p>",
        comment.format("TODO: mend"),
        *code.format(f'password = "{PASSWORD}"').split("\n"),
        '<p title="a\u202eb">it\'s</p>',
        comment.format("it is \u202e so"),
        "<<<<<<< ours",
    ]
    [secret] = [number for number, line in enumerate(lines, 1) if PASSWORD in line]
    last = len(lines)
    assert said("\n".join(lines) + "\n", path) == [
        f"2:{lines[1].index('TODO') + 1} debt/todo-without-reference",
        f"{secret}:{lines[secret - 1].index(PASSWORD) + 1} secrets/hardcoded-password",
        f"{last - 2}:12 unicode/bidirectional-control",
        f"{last - 1}:{lines[-2].index(chr(0x202E)) + 1} unicode/bidirectional-control",
        f"{last}:1 debt/conflict-marker",
    ]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("views/shop.erb", "<p><% binding.pry %>binding.pry</p>", ["1:7 logging/breakpoint-call"]),
        ("views/shop.ejs", "<p><% debugger; %>debugger;</p>", ["1:7 logging/debugger-statement"]),
        (
            "views/shop.blade.php",
            "<p>{{ dd($x) }} dd($x)</p>\n@php(dd($x))",
            ["1:7 logging/breakpoint-call"],
        ),
        (
            "Pages/Shop.cshtml",
            "@{\n    try { F(); } catch (Exception e) { }\n}\n<p>catch (Exception e) { }</p>",
            ["2:18 errors/swallowed-exception"],
        ),
        (
            "snippets/shop.liquid",
            "{% javascript %}\ndebugger;\n{% endjavascript %}\ndebugger;",
            ["2:1 logging/debugger-statement"],
        ),
        ("views/shop.hbs", "<script>debugger;</script>{{debugger}}", ["1:9 logging/debugger-statement"]),
        ("views/shop.erb", "<p>{{ x|safe }} {{{ y }}} <%- z -%></p>", []),
        ("views/shop.hbs", "<p>{{x}} <%- z %> {{{{raw}}}}</p>", []),
        ("views/shop.html.j2", "<p>{{{ x }}} <%- y %> {!! z !!}</p>", []),
    ],
)
def test_the_language_between_the_delimiters_is_checked_there_alone(
    path: str, text: str, expected: list[str]
) -> None:
    assert said(f"{text}\n", path) == expected


@pytest.mark.parametrize(
    ("path", "comment"),
    [
        ("views/shop.erb", "<%# {} %>"),
        ("views/shop.ejs", "<%# {} %>"),
        ("web/shop.jsp", "<%-- {} --%>"),
        ("Pages/Shop.cshtml", "@* {} *@"),
        ("views/shop.blade.php", "{{{{-- {} --}}}}"),
        ("views/shop.hbs", "{{{{!-- {} --}}}}"),
        ("templates/shop.j2", "{{# {} #}}"),
        ("templates/shop.twig", "{{# {} #}}"),
        ("snippets/shop.liquid", "{{% comment %}} {} {{% endcomment %}}"),
    ],
)
def test_a_suppression_stands_in_a_templates_comment(path: str, comment: str) -> None:
    allow = comment.format("enforcer: allow[security/raw-html]: a page of our own")
    [row] = rows(f'{allow}\n<p v-html="text"></p>\n', path)
    assert row.suppression is not None
    assert row.suppression.reason == "a page of our own"
