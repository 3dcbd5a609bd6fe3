"""A policy's own rules as an editor sees them: their page, tags and note."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lsp.stdio import Client
from tokens import token

RELATING = {"textDocument": {"publishDiagnostics": {"relatedInformation": True}}}

RULES = """
[[rule]]
id = "acme/legacy-client"
literal = "LegacyClient("
message = "it is retired"
url = "https://acme.example/clients"
tags = ["client", "deprecated"]
note = '''
Gone since 2.0;
ask the {kind} team.
'''
[[rule]]
id = "acme/plain"
literal = "plain("
message = "no"
"""


@pytest.fixture
def client() -> Iterator[Client]:
    with Client() as started:
        yield started


def test_a_diagnostic_leads_to_the_page_of_a_team_s_rule(client: Client, tmp_path: Path) -> None:
    (tmp_path / "enforcer.toml").write_text(RULES)
    client.initialize(tmp_path, capabilities=RELATING)
    first, second = client.diagnostics(client.open(tmp_path / "a.py", "LegacyClient()\nplain()\n"))
    policy = (tmp_path / "enforcer.toml").as_uri()
    assert first["codeDescription"] == {"href": "https://acme.example/clients"}
    assert first["tags"] == [2]
    [related] = first["relatedInformation"]
    assert related["message"] == "Gone since 2.0; ask the {kind} team."
    assert related["location"]["uri"] == policy
    assert related["location"]["range"]["start"] == {"line": 2, "character": 0}
    # Without a page of its own, the rule itself is one.
    assert second["codeDescription"] == {"href": f"{policy}#L13"}
    assert "relatedInformation" not in second
    assert "tags" not in second


def test_a_client_that_shows_no_related_information_gets_none(client: Client, tmp_path: Path) -> None:
    (tmp_path / "enforcer.toml").write_text(RULES)
    client.initialize(tmp_path)
    [diagnostic] = client.diagnostics(client.open(tmp_path / "a.py", "LegacyClient()\n"))
    assert "relatedInformation" not in diagnostic
    assert diagnostic["codeDescription"] == {"href": "https://acme.example/clients"}


def test_a_changed_policy_says_other_things(client: Client, tmp_path: Path) -> None:
    (tmp_path / "enforcer.toml").write_text(RULES)
    client.initialize(tmp_path, capabilities=RELATING)
    name = client.open(tmp_path / "a.py", "LegacyClient()\n")
    client.diagnostics(name)
    (tmp_path / "enforcer.toml").write_text(RULES.replace("/clients", "/others").replace("retired", "going"))
    client.notify("textDocument/didSave", {"textDocument": {"uri": name}})
    told = client.wait(
        lambda message: (
            message.get("method") == "textDocument/publishDiagnostics"
            and message["params"]["uri"] == name
            and "going" in str(message)
        )
    )
    [diagnostic] = told["params"]["diagnostics"]
    assert diagnostic["codeDescription"] == {"href": "https://acme.example/others"}


def test_no_secret_of_the_policy_is_told(client: Client, tmp_path: Path) -> None:
    secret = token("github-token")
    text = RULES.replace("Gone since", f"With {secret}").replace("example/clients", f"example/{secret}")
    (tmp_path / "enforcer.toml").write_text(text)
    client.initialize(tmp_path, capabilities=RELATING)
    [diagnostic] = client.diagnostics(client.open(tmp_path / "a.py", "LegacyClient()\n"))
    assert secret not in str(diagnostic)
    assert diagnostic["relatedInformation"][0]["message"].startswith("With <")
    assert diagnostic["codeDescription"]["href"].endswith("/enforcer.toml#L3")
