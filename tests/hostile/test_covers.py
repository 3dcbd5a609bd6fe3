"""What a suppression must not reach: a string, block or comment beside the one that it was written for."""

from __future__ import annotations

import pytest

from test_engine_review import URL, both

ALLOW = "enforcer: allow[secrets]: sample"


@pytest.mark.parametrize(
    ("body", "path", "language"),
    [
        (f'# {ALLOW}\nx = """\n{URL}\n""", """\n{URL}\n"""\n', "a.py", "python"),
        (f'# {ALLOW}\nx = """\n{URL}\n""""""\n{URL}\n"""\n', "a.py", "python"),
        (f"// {ALLOW}\nx = `\n{URL}\n` + `\n{URL}\n`;\n", "a.ts", "typescript"),
        (f"# {ALLOW}\na: |\n  {URL}\nb: |\n  {URL}\n", "a.yaml", "yaml"),
        (f"# {ALLOW}\ncat <<A\n{URL}\nA\ncat <<B\n{URL}\nB\n", "a.sh", "shellscript"),
        (f"<!-- {ALLOW} -->\n```\n{URL}\n```\n```\n{URL}\n```\n", "a.md", "markdown"),
        (
            f".. {ALLOW}\n.. code-block:: sh\n\n   {URL}\n.. code-block:: sh\n\n   {URL}\n",
            "a.rst",
            "restructuredtext",
        ),
    ],
)
def test_a_suppression_ends_where_another_begins_on_the_line_of_its_end(
    body: str, path: str, language: str
) -> None:
    """Also where as many things are open after the line as before it."""
    first, second = (number for number, line in enumerate(body.splitlines(), 1) if line.strip() == URL)
    assert both(body, path, language) == [(first, True), (second, False)]


@pytest.mark.parametrize(
    ("body", "path", "language"),
    [
        (f'x = """\n# {ALLOW}\n"""  # {ALLOW}\n', "a.py", "python"),
    ],
)
def test_words_in_a_string_are_no_suppression(body: str, path: str, language: str) -> None:
    assert both(body, path, language) == [(3, False)]


def test_a_suppression_covers_what_opens_on_the_line_that_closes_another() -> None:
    """The line below it closes a comment, and opens a string."""
    body = f"/* {ALLOW}\n*/ const a = `\n{URL}\n`;\nconst b = '{URL}';\n"
    assert both(body, "a.ts", "typescript") == [(3, True), (5, False)]
    body = f"/* {ALLOW} */\nconst a = `\n{URL}\n`;\nconst b = '{URL}';\n"
    assert both(body, "a.ts", "typescript") == [(3, True), (5, False)]


@pytest.mark.parametrize(
    ("body", "path", "language"),
    [
        (f'# {ALLOW}\nx = """\n"a" \'b\' \\"""\n{URL}\n""" % 1\n', "a.py", "python"),
        (f"// {ALLOW}\nx = `a ${{\n  f(`b`) + `c`\n}}\n{URL}\n`;\n", "a.ts", "typescript"),
        (f"# {ALLOW}\nx = f(1, \\\n  2, \\\n  '{URL}')\n", "a.py", "python"),
        (f"# {ALLOW}\na: |\n  b\n\n  c\n  {URL}\n", "a.yaml", "yaml"),
        (f"// {ALLOW}\n/* a\n b\n {URL}\n*/\n", "a.rs", "rust"),
        (f"# {ALLOW}\ncat <<A <<B\na\nA\n{URL}\nB\n", "a.sh", "shellscript"),
        (
            f".. {ALLOW}\n.. code-block:: python\n   :linenos:\n\n   x = '''\n   '''\n   {URL}\n",
            "a.rst",
            "restructuredtext",
        ),
        (f"<!-- {ALLOW} -->\n```python\nx = '''\n'''\n{URL}\n```\n", "a.md", "markdown"),
    ],
)
def test_a_suppression_covers_all_of_what_it_was_written_for(body: str, path: str, language: str) -> None:
    """However much opens and closes inside of it."""
    number = next(number for number, line in enumerate(body.splitlines(), 1) if URL in line)
    assert both(body, path, language) == [(number, True)]
