"""Reports that are written into the workspace: what the pages of rules in them say is no violation itself."""

from __future__ import annotations

import json
from pathlib import Path

from auto_enforcer import catalog_pages
from auto_enforcer.cli_pages import harmless
from auto_enforcer.workspaces import Workspaces
from command import Command, fill

FOUND = {
    "a.py": 'db_password = "n3ttleBush9x"\nDB = "amqp://guest:guest@rabbitmq:5672"\n',
    "b.js": "box.innerHTML = location.hash;\n",
    "c.yaml": "a: 1\n<<<<<<< ours\nb: 1\n=======\nb: 2\n>>>>>>> theirs\n",
}
RULES = ("secrets/hardcoded-password", "secrets/default-url-credentials", "debt/conflict-marker")


def test_no_report_is_found_to_hold_what_the_pages_of_rules_show(workspace: Path, ae: Command) -> None:
    fill(workspace, FOUND)
    for name in ("sarif", "html"):
        assert ae("check", "--format", name, "-o", f"report.{name}").code == 1
    told = (json.loads(line) for line in ae("check", "--format", "jsonl").out.splitlines())
    assert not [one for one in told if "report." in one.get("path", "")]
    log = json.loads((workspace / "report.sarif").read_text())
    assert set(RULES) <= {result["ruleId"] for result in log["runs"][0]["results"]}
    helps = {rule["id"]: rule["help"]["text"] for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    assert 'db_password = "example"\n               ^^^^^^^\n' in helps[RULES[0]]
    assert "<!-- @generated" in (workspace / "report.html").read_text()[:80]


def test_marks_point_at_what_stands_there_now(tmp_path: Path) -> None:
    workspaces = Workspaces()
    workspaces.of_folder(str(tmp_path))
    every = workspaces.concealing()
    url, token = "amqp://guest:guest@mq", "n3ttleBush9x"
    written = f'x = "{url}"; password = "{token}"\n     {"^" * len(url)} a/url\n'
    written += f"{' ' * 41}{'^' * len(token)} a/b\nend"
    assert harmless(written, every) == (
        'x = "amqp://example:example@mq"; password = "example"\n'
        f"     {'^' * (len(url) + 4)} a/url\n{' ' * 45}{'^' * 7} a/b\nend"
    )
    plain = catalog_pages.page("logging/print-call")
    assert harmless(plain, every) == plain
