"""`auto-enforcer init`: what it writes holds, and means what its comments say."""

from __future__ import annotations

import argparse
import json
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from auto_enforcer import catalog, cli_init
from auto_enforcer.cli_exit import UserError
from auto_enforcer.cli_init_survey import Survey, survey
from auto_enforcer.model import Stage
from auto_enforcer.policy import Policy, Resolver, load
from auto_enforcer.policy_values import RULESET
from auto_enforcer.session import Session
from command import Command, Files, fill
from tokens import token

MODEL = "model Order {\n  id Int @id\n  tenantId Int\n}\nmodel Tax {\n  id Int @id\n}\n"

NEST = {
    "package.json": json.dumps({"workspaces": ["apps/*"]}),
    "pnpm-workspace.yaml": "packages: [apps/*]\n",
    "apps/api/package.json": json.dumps({"dependencies": {"@nestjs/core": "11"}}),
    "apps/api/src/orders.controller.ts": "export class Orders {}\n",
    "apps/api/src/generated/client.ts": "export {}\n",
    "apps/web/package.json": "{}",
    "apps/web/e2e/start.spec.ts": "it('starts', () => {})\n",
    "libs/db/package.json": "{}",
    "libs/db/prisma/schema.prisma": MODEL,
    "libs/db/vendor/driver.js": "x\n",
}

WORKSPACES: Mapping[str, Files] = {
    "nothing": {},
    "a program": {"app/a.py": "x = 1\n", "tests/test_a.py": "x = 1\n", "README.md": "# x\n"},
    "nest": NEST,
    "go": {
        "go.work": "go 1.24\n",
        "a/go.mod": "module a\n",
        "b/go.mod": "module b\n",
        "a/x.pb.go": "package a\n",
    },
    "go, vendored": {
        "go.mod": "module a\n",
        "vendor/x/y.go": "package y\n",
        "shop/vendor/seller.go": "package v\n",
    },
    "cargo": {
        "Cargo.toml": '[workspace]\nmembers = ["a"]\n',
        "a/Cargo.toml": "[package]\n",
        "a/src/lib.rs": "\n",
    },
    "uv": {
        "pyproject.toml": '[tool.uv.workspace]\nmembers = ["libs/*"]\n',
        "libs/a/pyproject.toml": "[project]\n",
        "libs/a/a_pb2.py": "x = 1\n",
    },
    "poetry": {"pyproject.toml": "[tool.poetry]\n", "libs/a/pyproject.toml": "[tool.poetry]\n"},
    "a schema elsewhere": {"db/model/main.prisma": MODEL, "a.ts": "x\n"},
    "a schema without tenants": {"prisma/schema.prisma": "model Tax {\n  id Int @id\n}\n", "a.ts": "x\n"},
    "many folders of one name": {f"{name}/generated/a.ts": "x\n" for name in "abcdef"},
    "odd names": {
        'third_party/q"uote\\.js': "x\n",
        "apps/[x] {y,z}*/vendor/a.js": "x\n",
        "apps/[x] {y,z}*/package.json": "{}",
        "a\n[rules]\nsecrets = 'off'\n/package.json": "{}",
        "a'''\"\"\"/generated/x.ts": "x\n",
        "é 😀/generated/x.ts": "x\n",
        "# \u202e/tests/x.py": "x\n",
    },
    "broken descriptions": {
        "package.json": "[" * 100_000,
        "Cargo.toml": "[workspace",
        "pyproject.toml": 'tool = "x"\n',
        "a/package.json": b"\xff\xfe",
        "b/package.json": '{"dependencies": ["@nestjs/core"]}',
    },
}
"""Names that Windows has no files for are made nowhere else."""

if os.name == "nt":
    WORKSPACES = {name: files for name, files in WORKSPACES.items() if name != "odd names"}


def written(folder: Path) -> str:
    """What `init` writes for a folder."""
    return cli_init.policy_text(
        survey(str(folder), str(folder)), str(folder), Session(str(folder)).mask_of(())
    )


def held(folder: Path, text: str = "") -> Policy:
    """The policy that a file with this text is, or what `init` writes."""
    fill(folder, {"enforcer.toml": text or written(folder)})
    return load(str(folder), "enforcer.toml", catalog.entries())


def uncommented(text: str) -> str:
    """The examples as if somebody had taken their `#` away."""
    example = r'(?m)^# (?=\[|[\w"-]+(?:/[\w-]+")? = )'
    return re.sub(example, "", text)


@pytest.mark.parametrize("name", WORKSPACES)
def test_what_is_written_holds_is_the_same_each_time_and_short(tmp_path: Path, name: str) -> None:
    fill(tmp_path, WORKSPACES[name])
    text = written(tmp_path)
    assert text == written(tmp_path)
    assert text.count("\n") < 50
    assert all(line.isprintable() and len(line) <= cli_init.WIDEST for line in text.splitlines())
    policy = held(tmp_path, text)
    assert not policy.content.problems
    assert policy.said("ruleset").value == RULESET
    said = tomllib.loads(text)
    for key in ("exclude", "generated"):
        assert key not in said or said[key]
    assert set(said) <= {"extends", "ruleset", "required-version", "exclude", "generated", "rules"}


@pytest.mark.parametrize("name", WORKSPACES)
def test_its_examples_hold_too(tmp_path: Path, name: str) -> None:
    fill(tmp_path, WORKSPACES[name])
    text = uncommented(written(tmp_path))
    policy = held(tmp_path, text)
    selection = policy.select("app/a.py")
    assert not selection.setting("logging/print-call").on
    assert selection.setting("errors/bare-except").rollout.stage is Stage.WARN
    assert selection.setting("debt/conflict-marker").severity.value == "warning"
    assert selection.setting("logging/breakpoint-call").on
    assert not policy.select("scripts/a.py").setting("logging/breakpoint-call").on


def test_what_others_and_programs_wrote_is_named(tmp_path: Path) -> None:
    fill(tmp_path, NEST)
    policy = held(tmp_path)
    assert policy.excluded("libs/db/vendor/driver.js")
    assert not policy.excluded("libs/db/src/vendor/driver.js")
    assert policy.generated("apps/api/src/generated/client.ts")
    assert not policy.generated("apps/web/generated/client.ts")


def test_a_folder_is_others_only_where_a_package_keeps_them(tmp_path: Path) -> None:
    """Elsewhere it may be about those who sell."""
    fill(tmp_path, WORKSPACES["go, vendored"])
    policy = held(tmp_path)
    assert policy.excluded("vendor/x/y.go")
    assert not policy.excluded("shop/vendor/seller.go")


def test_names_of_generators_are_known(tmp_path: Path) -> None:
    fill(tmp_path, WORKSPACES["uv"])
    policy = held(tmp_path)
    assert policy.generated("libs/b/deep/b_pb2.py")
    assert not policy.generated("libs/b/deep/b.py")


def test_many_folders_of_one_name_are_meant_by_it(tmp_path: Path) -> None:
    fill(tmp_path, WORKSPACES["many folders of one name"])
    assert tomllib.loads(written(tmp_path))["generated"] == ["generated/"]
    assert held(tmp_path).generated("x/y/generated/z.ts")


@pytest.mark.skipif(os.name == "nt", reason="there are no such names")
def test_names_of_the_workspace_mean_themselves(tmp_path: Path) -> None:
    fill(tmp_path, WORKSPACES["odd names"])
    policy = held(tmp_path)
    assert policy.excluded("apps/[x] {y,z}*/vendor/a.js")
    assert policy.generated("a'''\"\"\"/generated/x.ts")
    assert policy.generated("é 😀/generated/x.ts")
    assert not policy.excluded("apps/x y/vendor/a.js")
    assert policy.select("a.py").setting("secrets/private-key").severity.value == "blocked"


def test_a_schema_that_is_found_by_itself_is_told_of(tmp_path: Path) -> None:
    fill(tmp_path, NEST)
    text = written(tmp_path)
    assert "`libs/db/prisma/schema.prisma` says what tenants share" in " ".join(text.split("\n# "))
    assert "`Order`." in text
    assert "[rules.tenancy]" not in text
    policy = held(tmp_path)
    assert policy.schema is not None
    assert policy.schema.models == ("Order",)
    assert "tenancy/query-without-tenant" in policy.select("a.ts").active()


def test_a_schema_elsewhere_is_named(tmp_path: Path) -> None:
    fill(tmp_path, WORKSPACES["a schema elsewhere"])
    assert (
        "tenancy/query-without-tenant"
        not in Resolver(str(tmp_path), catalog.entries()).policy("a.ts").select("a.ts").active()
    )
    assert "tenancy/query-without-tenant" in held(tmp_path).select("a.ts").active()


def test_a_schema_without_tenants_waits_for_the_name_of_their_key(tmp_path: Path) -> None:
    fill(tmp_path, WORKSPACES["a schema without tenants"])
    text = written(tmp_path)
    assert "tenancy/query-without-tenant" not in held(tmp_path, text).select("a.ts").active()
    fill(tmp_path, {"prisma/schema.prisma": MODEL.replace("tenantId", "companyId")})
    assert "tenancy/query-without-tenant" in held(tmp_path, uncommented(text)).select("a.ts").active()


@pytest.mark.parametrize(
    ("name", "what", "packages"),
    [
        ("nest", "a pnpm workspace", ("apps/api", "apps/web", "libs/db")),
        ("go", "a Go workspace", ("a", "b")),
        ("cargo", "a Cargo workspace", ("a",)),
        ("uv", "a uv workspace", ("libs/a",)),
        ("poetry", "a Poetry project", ("libs/a",)),
    ],
)
def test_a_package_can_have_a_policy_of_its_own_as_it_is_said(
    tmp_path: Path, name: str, what: str, packages: tuple[str, ...]
) -> None:
    fill(tmp_path, WORKSPACES[name])
    found = survey(str(tmp_path), str(tmp_path))
    assert (found.roots, found.packages) == ((what,), packages)
    text = written(tmp_path)
    said = re.search(r"in\s`(\S+)` the line `([^`]+)`", text.replace("\n# ", " "))
    assert said is not None
    assert said[1] == f"{packages[0]}/enforcer.toml"
    fill(tmp_path, {"enforcer.toml": f'{text}\n[rules.docs]\nseverity = "off"\n', said[1]: f"{said[2]}\n"})
    policy = load(str(tmp_path), said[1], catalog.entries())
    assert policy.files == (said[1], "enforcer.toml")


def test_a_framework_s_set_of_rules_is_taken(tmp_path: Path) -> None:
    fill(tmp_path, NEST)
    assert "architecture/untyped-body" in held(tmp_path).select("a.ts").active()


def test_a_path_that_is_a_secret_is_not_named(tmp_path: Path) -> None:
    secret = token("github-token")
    fill(
        tmp_path,
        {f"{secret}/package.json": "{}", f"{secret}/generated/a.ts": "x\n", f"{secret}/tests/a.py": "x\n"},
    )
    assert secret not in written(tmp_path)


# The command


def test_it_is_written_once_and_what_comes_next_is_said(ae: Command, workspace: Path) -> None:
    fill(workspace, {"app/a.py": "x = 1\n", "node_modules/b.js": "x\n"})
    dry = ae("init", "--dry-run")
    assert (dry.code, dry.err) == (0, "")
    assert not (workspace / "enforcer.toml").exists()
    done = ae("init")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("wrote enforcer.toml: python (1 file)\n")
    assert "auto-enforcer baseline" in done.out
    assert "Neovim" in done.out
    assert (workspace / "enforcer.toml").read_text() == dry.out
    assert ae("check").code == 0
    again = ae("init")
    assert again.code == 2
    assert "there is a policy: enforcer.toml; change it by hand" in again.err
    assert ae("init", "--stdout").out == dry.out


def test_a_policy_above_or_in_pyproject_is_not_cut_off(ae: Command, workspace: Path) -> None:
    fill(workspace, {"pyproject.toml": '[tool.auto-enforcer]\nextends = "all"\n', "sub/a.py": "x = 1\n"})
    for arguments in (["init"], ["init", "sub"]):
        done = ae(*arguments)
        assert done.code == 2
        assert "the policy of pyproject.toml holds here" in done.err
    assert not list(workspace.rglob("enforcer.toml"))


def test_what_somebody_wrote_meanwhile_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "enforcer.toml"

    def surveyed(folder: str, root: str) -> Survey:
        policy.write_text("# mine\n")
        return survey(folder, root)

    monkeypatch.setattr(cli_init, "survey", surveyed)
    with pytest.raises(UserError, match="there is a policy"):
        cli_init.run(argparse.Namespace(path=str(tmp_path), stdout=False, baseline=False), lambda words: 0)
    assert policy.read_text() == "# mine\n"


def test_no_link_is_followed_to_write(ae: Command, workspace: Path, tmp_path: Path) -> None:
    os.symlink(tmp_path / "elsewhere", workspace / "enforcer.toml")
    assert ae("init").code == 2
    assert not (tmp_path / "elsewhere").exists()


def test_what_cannot_be_asked_for_is_said(ae: Command, workspace: Path) -> None:
    fill(workspace, {"a.py": "x = 1\n"})
    assert "a.py is no folder" in ae("init", "a.py").err
    assert "leave `--stdout` out" in ae("init", "--stdout", "--baseline").err


def test_a_baseline_is_written_on_request(ae: Command, workspace: Path) -> None:
    """Then what was there blocks nothing, and what comes does."""
    fill(workspace, {"a.py": 'when = "2026-02-31"\n'})
    assert ae("check").code == 1
    done = ae("init", "--baseline")
    assert (done.code, done.err) == (0, "")
    assert "auto-enforcer baseline" not in done.out
    assert (workspace / ".enforcer-baseline").exists()
    assert ae("check").code == 0
    fill(workspace, {"b.py": 'then = "2026-04-31"\n'})
    assert ae("check").code == 1


def test_the_editors_are_those_that_are_described() -> None:
    """One row of the table there, one here."""
    table = (Path(__file__).parent.parent / "editors" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| \[(.+?)\]\((\w+)/README\.md\)", table)
    assert [name for name, _ in rows] == [name for name, _, _ in cli_init.EDITORS]
