"""What a policy says of tenants, boundaries and terms: tables, options of a family, the Prisma schema, the
preset; and that all of it reaches the rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import pages
import test_rules
from auto_enforcer import catalog, policy_prisma
from auto_enforcer.cli import main
from auto_enforcer.model import LONGEST_PIECE, Rule, Zone
from auto_enforcer.policy import InvalidPolicyError, Policy, Resolver, load
from auto_enforcer.results import said_of
from auto_enforcer.session import Session

SCHEMA = """\
// what the shop keeps
datasource db {
  provider = "postgresql"
}

model Order {
  id       String @id @default(uuid())
  number   Int    // tenantId is below
  tenantId String @map("tenant")
  items    Item[]
  @@index([
    tenantId,
    number,
  ])
  @@map("shop_orders")
}

model Country {
  code String @id
  note String @default("tenantId String }")
}

enum State { OPEN CLOSED }
"""

QUERY = "export const all = () => prisma.order.findMany();\n"

FIXED = "export const all = (tenantId) => prisma.order.findMany({ where: { tenantId } });\n"

Write = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes files of a workspace and returns it."""

    def write(files: Mapping[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return write


def _found(root: Path, path: str, session: Session | None = None) -> list[tuple[str, int]]:
    """The rules of what is found in a file, with the lines from 1."""
    checked = (session or Session(str(root))).check_file(str(root / path))
    assert checked.report is not None
    return [(row.violation.rule, row.number + 1) for row, _ in checked.report.rows]


def _load(root: Path) -> Policy:
    return load(str(root), "enforcer.toml", catalog.entries())


def _problems(root: Path) -> list[str]:
    with pytest.raises(InvalidPolicyError) as raised:
        _load(root)
    return [str(problem) for problem in raised.value.problems]


# The options of a family


def test_the_family_is_off_until_something_says_what_is_shared(write: Write) -> None:
    root = write({"src/a.ts": QUERY})
    assert _found(root, "src/a.ts") == []
    write({"enforcer.toml": '[rules.tenancy]\nmodels = ["Order"]\n'})
    assert _found(root, "src/a.ts") == [("tenancy/query-without-tenant", 1)]
    write({"enforcer.toml": '[rules.tenancy]\nmodels = ["Invoice"]\n'})
    assert _found(root, "src/a.ts") == []


def test_an_option_of_a_family_is_that_of_each_rule_that_has_it(write: Write) -> None:
    said = '[rules.tenancy]\nmodels = ["Order"]\n[rules."tenancy/unverifiable-tenant"]\nmodels = ["Item"]\n'
    selection = _load(write({"enforcer.toml": said})).select("a.ts")
    assert selection.setting("tenancy/query-without-tenant").options["models"] == ("Order",)
    assert selection.setting("tenancy/unverifiable-tenant").options["models"] == ("Item",)
    place = selection.setting("tenancy/security-definer-function").option_places["models"]
    assert str(place) == "enforcer.toml:2:1"
    assert not selection.setting("naming/retired-term").on


def test_a_family_has_no_options_of_single_rules(write: Write) -> None:
    assert _problems(write({"enforcer.toml": "[rules.tenancy]\nmodel = []\n"})) == [
        "enforcer.toml:2:1: rules.tenancy.model: the family `tenancy` has no option `model`; did you mean"
        " `models`?"
    ]
    assert _problems(write({"enforcer.toml": "[rules.architecture]\nmost = 2\n"})) == [
        "enforcer.toml:2:1: rules.architecture.most: unknown key `most`; a family takes only `severity`,"
        " `stage` and `from`; set options on its rules"
    ]


def test_off_is_off_whatever_is_shared(write: Write) -> None:
    root = write({"schema.prisma": SCHEMA, "src/a.ts": QUERY, "enforcer.toml": 'rules.tenancy = "off"\n'})
    assert _found(root, "src/a.ts") == []


# The Prisma schema


@pytest.mark.parametrize(
    "place",
    ["schema.prisma", "prisma/schema.prisma", "api/prisma/schema.prisma", "libs/db/prisma/schema.prisma"],
)
def test_a_schema_says_what_is_shared(write: Write, place: str) -> None:
    root = write({place: SCHEMA, "src/a.ts": QUERY, "src/b.ts": FIXED})
    session = Session(str(root))
    assert _found(root, "src/a.ts", session) == [("tenancy/query-without-tenant", 1)]
    assert _found(root, "src/b.ts", session) == []
    setting = (
        session.policy(str(root / "src/a.ts")).select("src/a.ts").setting("tenancy/query-without-tenant")
    )
    assert setting.options["models"] == ("Order", "shop_orders")
    assert setting.options["keys"] == ("tenantId", "tenant_id", "tenant")
    assert str(setting.place) == f"{place}:9:3"
    assert list(session.problems()) == []


@pytest.mark.parametrize(
    "place", ["a/b/c/schema.prisma", "node_modules/prisma/schema.prisma", ".cache/schema.prisma"]
)
def test_a_schema_elsewhere_is_sought_by_its_option_alone(write: Write, place: str) -> None:
    root = write({place: SCHEMA, "src/a.ts": QUERY})
    assert _found(root, "src/a.ts") == []
    write({"enforcer.toml": f'[rules.tenancy]\nschema = "{place}"\n'})
    assert _found(root, "src/a.ts") == [("tenancy/query-without-tenant", 1)]


def test_a_schema_without_the_key_says_nothing(write: Write) -> None:
    root = write({"schema.prisma": SCHEMA.replace("tenantId", "shopId"), "src/a.ts": QUERY})
    assert _found(root, "src/a.ts") == []
    write({"enforcer.toml": '[rules.tenancy]\nkeys = ["shopId"]\n'})
    assert _found(root, "src/a.ts") == [("tenancy/query-without-tenant", 1)]


def test_a_schema_out_of_the_workspace_is_not_read(write: Write, tmp_path: Path) -> None:
    root = write({"inner/src/a.ts": QUERY, "schema.prisma": SCHEMA}) / "inner"
    (root / "schema.prisma").symlink_to(tmp_path / "schema.prisma")
    assert _found(root, "src/a.ts") == []
    (root / "enforcer.toml").write_text('[rules.tenancy]\nschema = "../schema.prisma"\n')
    assert _problems(root) == [
        "enforcer.toml:2:1: rules.tenancy.schema: `../schema.prisma` is outside the workspace; write a path"
        " relative to this file"
    ]


def test_a_schema_that_is_not_there_is_a_mistake_until_it_comes(write: Write) -> None:
    root = write({"enforcer.toml": '[rules.tenancy]\nschema = "db/shop.prisma"\n', "src/a.ts": QUERY})
    session = Session(str(root))
    assert _found(root, "src/a.ts", session) == []
    assert [str(problem) for problem in session.problems()] == [
        "enforcer.toml:2:1: rules.tenancy.schema: there is no file `db/shop.prisma`; paths are relative to"
        " this file"
    ]
    write({"db/shop.prisma": SCHEMA})
    session.reload()
    assert list(session.problems()) == []
    assert _found(root, "src/a.ts", session) == [("tenancy/query-without-tenant", 1)]


@pytest.mark.parametrize("policy", [{}, {"enforcer.toml": 'rules.dates = "off"\n'}])
def test_a_schema_is_watched(write: Write, policy: Mapping[str, str]) -> None:
    """With a policy and without one; open documents follow."""
    root = write({"src/a.ts": QUERY, **policy})
    session = Session(str(root))
    document = session.open(str(root / "src/a.ts"), "typescript", QUERY)

    def shown() -> list[str]:
        while document.pending:
            document.advance()
        return [row.violation.rule for row, _ in session.rows(document)]

    assert shown() == []
    write({"prisma/schema.prisma": SCHEMA})
    assert session.reload()
    assert shown() == ["tenancy/query-without-tenant"]
    assert not session.reload()
    write({"prisma/schema.prisma": SCHEMA.replace("tenantId", "shop")})
    assert session.reload()
    assert shown() == []


def test_an_answer_of_an_earlier_run_holds_for_the_same_schema_alone(write: Write) -> None:
    def key(files: Mapping[str, str]) -> str:
        root = write(files)
        selection = Resolver(str(root), catalog.entries()).policy("a.ts").select("a.ts")
        return repr(
            said_of("tenancy/query-without-tenant", selection.setting("tenancy/query-without-tenant"))
        )

    first = key({"schema.prisma": SCHEMA})
    assert key({"schema.prisma": SCHEMA}) == first
    assert key({"schema.prisma": SCHEMA.replace("model Order", "model Basket")}) != first


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        ("  number   Int\n}\n", ""),
        ("  number = Int\n}\n", "8:3: is no field of a model: a field is a name and a type"),
        ("model Item {\n  id Int\n}\n", "8:1: `model Order`, which begins in line 6, is not closed by a `}`"),
        ("  number Int\n", "6:1: `model Order` is not closed by a `}`"),
        ("  number Int\n}\nOrder {\n", "10:1: is neither a block nor a comment, so it was passed over"),
    ],
)
def test_a_broken_schema_is_told_at_its_line(write: Write, broken: str, problem: str) -> None:
    head = SCHEMA[: SCHEMA.index("  id ")] + "  tenantId String\n"
    root = write({"schema.prisma": head + broken, "src/a.ts": QUERY})
    session = Session(str(root))
    assert _found(root, "src/a.ts", session) == [("tenancy/query-without-tenant", 1)]
    told = [str(one) for one in session.problems()]
    assert [one.startswith(f"schema.prisma:{problem}") for one in told] == ([True] if problem else [])


def test_a_schema_is_bounded(write: Write) -> None:
    root = write({"schema.prisma": SCHEMA + "//" + "x" * policy_prisma.LARGEST})
    schema = policy_prisma.read(str(root), "schema.prisma", ("tenantId",))
    assert schema.models == ()
    assert [str(problem) for problem in schema.problems] == [
        "schema.prisma:1:1: is larger than 4 MiB, so its models are not known"
    ]


# Tables


def test_a_table_of_boundaries_comes_down_to_what_holds_for_a_file(write: Write) -> None:
    said = (
        '[rules."architecture/forbidden-import".boundaries]\n'
        '"src/domain/**" = ["src/web/**", "express"]\n"src/**" = ["src/legacy/**"]\n'
    )
    policy = _load(write({"enforcer.toml": said}))
    rule = "architecture/forbidden-import"

    def bound(path: str) -> list[str]:
        return [glob for glob, _ in policy.select(path).setting(rule).options["boundaries"]]

    assert bound("src/domain/a.ts") == ["src/web/**", "express", "src/legacy/**"]
    assert bound("src/web/a.ts") == ["src/legacy/**"]
    assert policy.select("src/domain/x/a.ts").setting(rule).options["folder"] == "src/domain/x"
    assert rule not in policy.select("test.ts").active()
    assert policy.select("src/web/a.ts") is policy.select("src/web/b.ts")
    assert policy.select("src/web/a.ts") is not policy.select("src/web/x/b.ts")


def test_boundaries_are_relative_to_the_file_that_draws_them(write: Write) -> None:
    said = '[rules."architecture/forbidden-import".boundaries]\n"domain/**" = ["web/**"]\n'
    root = write(
        {
            "shop/rules.toml": said,
            "shop/enforcer.toml": 'extends = "rules.toml"\n',
            "shop/domain/a.ts": "import { page } from '../web/page';\nimport { b } from './b';\n",
            "domain/a.ts": "import { page } from '../web/page';\n",
        }
    )
    assert _found(root, "shop/domain/a.ts") == [("architecture/forbidden-import", 1)]
    assert _found(root, "domain/a.ts") == []


def test_an_override_has_a_table_of_its_own(write: Write) -> None:
    said = """\
[rules."architecture/forbidden-call".calls]
fetch = ["src/http/**"]
[[overrides]]
paths = ["src/late/**"]
[overrides.rules."architecture/forbidden-call".calls]
exit = []
"""
    text = "fetch('/orders');\nexit(1);\n"
    names = ["src/a.ts", "src/http/a.ts", "src/late/a.ts"]
    root = write({"enforcer.toml": said, **dict.fromkeys(names, text)})
    assert [_found(root, name) for name in names] == [
        [("architecture/forbidden-call", 1)],
        [],
        [("architecture/forbidden-call", 2)],
    ]


def test_tables_of_words_are_put_together(write: Write) -> None:
    root = write(
        {
            "base.toml": '[rules."naming/retired-term".terms]\nbasket = "cart"\nshop = "store"\n',
            "enforcer.toml": 'extends = "base.toml"\n[rules."naming/retired-term".terms]\nshop = "house"\n',
        }
    )
    terms = _load(root).select("a.py").setting("naming/retired-term").options["terms"]
    assert terms == {"basket": "cart", "shop": "house"}


def test_words_that_a_policy_says_are_sought_in_every_language(write: Write) -> None:
    """In whatever case, on the line where they are."""
    root = write(
        {
            "enforcer.toml": '[rules."naming/retired-term".terms]\nclientAccount = "customer"\n',
            "a.py": "x = 1\nCLIENT_ACCOUNT = 2\n",
            "b.sql": "-- the client account\n",
            "c.md": "# Title\n\nThe ClientAccount.\n",
        }
    )
    found = [("naming/retired-term", line) for line in (2, 1, 3)]
    assert [_found(root, name)[0] for name in ("a.py", "b.sql", "c.md")] == found


def test_a_term_may_have_letters_of_any_language(write: Write) -> None:
    root = write(
        {
            "enforcer.toml": '[rules."naming/retired-term".terms]\n"Größe" = "Maß"\n',
            "a.py": "x = 1  # die Größe\ny = 2  # die Größenangabe\n",
        }
    )
    assert _found(root, "a.py") == [("naming/retired-term", 1)]


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ('boundaries = ["src/**"]', "2:1: {rule}.boundaries: must be a table, not a list"),
        ('boundaries = { "a" = "b" }', "2:16: {rule}.boundaries.a: must be a list of strings, not a string"),
        ('boundaries = { "a[" = ["b"] }', '2:16: {rule}.boundaries."a[": the glob has a `[` without its `]`'),
        (
            'boundaries = { "a" = ["../b"] }',
            "2:23: {rule}.boundaries.a[0]: a glob cannot leave the folder of",
        ),
        ('boundaries = { "a" = [1] }', "2:23: {rule}.boundaries.a[0]: must be a string, not a number"),
        ('aliases = { "@" = 1 }', '2:13: {rule}.aliases."@": must be a string, not a number'),
        ('aliases = { "" = "a" }', '2:13: {rule}.aliases."": a name has 1 to 200 characters'),
        ('folder = "src"', "2:1: {rule}.folder: `architecture/forbidden-import` has no option `folder`"),
        ("bounds = {}", "2:1: {rule}.bounds: `architecture/forbidden-import` has no option `bounds`"),
        (
            "boundarys = {}",
            "2:1: {rule}.boundarys: `architecture/forbidden-import` has no option `boundarys`;",
        ),
    ],
)
def test_a_mistake_in_a_table_is_told_at_its_key(write: Write, said: str, problem: str) -> None:
    (told,) = _problems(write({"enforcer.toml": f'[rules."architecture/forbidden-import"]\n{said}\n'}))
    assert told.startswith("enforcer.toml:" + problem.format(rule='rules."architecture/forbidden-import"'))


def test_a_name_that_lines_are_found_by_has_a_letter(write: Write) -> None:
    (told,) = _problems(write({"enforcer.toml": '[rules."naming/retired-term".terms]\n"--" = "x"\n'}))
    assert told.endswith("has no letter or digit by which lines could be found")


def test_the_policy_is_shown_with_its_tables(
    write: Write, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = (
        '[rules."architecture/forbidden-import".boundaries]\n"src/**" = ["express"]\n'
        '[rules."naming/retired-term".terms]\nbasket = "cart"\n'
    )
    monkeypatch.chdir(write({"enforcer.toml": said, "src/a.ts": ""}))
    assert main(["config", "src/a.ts"]) == 0
    shown = capsys.readouterr().out
    assert 'boundaries = ["express"]  # enforcer.toml:1:40' in shown
    assert 'terms = { "basket" = "cart" }  # enforcer.toml:3:30' in shown
    assert "folder =" not in shown


# The preset


def test_a_preset_switches_its_rules_on_beside_a_set(write: Write) -> None:
    controller = "@Controller('a')\nexport class A {\n  @Post()\n  create(@Body() body: any) {}\n}\n"
    root = write(
        {"enforcer.toml": 'extends = ["recommended", "nestjs"]\n', "src/a.controller.ts": controller}
    )
    assert [rule for rule, _ in _found(root, "src/a.controller.ts") if rule.startswith("architecture")] == [
        "architecture/unguarded-mutation",
        "architecture/untyped-body",
    ]
    policy = _load(root)
    assert "logging/console-call" in policy.select("src/a.ts").active()
    write({"enforcer.toml": 'extends = ["recommended", "nest"]\n'})
    assert "did you mean `nestjs`?" in _problems(root)[0]
    write({"enforcer.toml": 'extends = "recommended"\n'})
    assert not [rule for rule in _load(root).select("a.ts").active() if rule.startswith("architecture")]


# Speed

GIVEN: Mapping[str, object] = {
    "models": ("Order", "OrderItem"),
    "terms": {"clientAccount": "customerAccount", "basket": "cart"},
    "boundaries": (("a*", "(?:.*/)?a[^/]*(?:/.*)?"), ("a/**", "a/.*")),
    "paths": {"a/b": "c/d", "a.b": "c.d", "a": "b"},
    "calls": ("fetch", "a.b"),
    "wrappers": {"a.write": "audited"},
}
"""Options under which the rules look at something; those that the policy fills in as it fills them in."""

HOSTILE = (
    *(
        '"select * from orders ',
        "update orders set ",
        "insert into orders (",
        "Order.objects.filter(",
        "select(Order)",
    ),
    *(
        "await a.order.update({ where: { id } }) ",
        ".order.findMany(",
        "knex('orders').where(",
        "{ tenantId ",
        "... ",
    ),
    *(
        "req.body.tenantId ",
        'request.GET["tenant_id"] ',
        "create table a (tenant_id int, ",
        "security definer ",
    ),
    *(
        "disable row level security ",
        "@Body() a: any, ",
        "this.prisma.a.create(",
        "from a import b, ",
        "import a ",
    ),
    *(
        "import a.b, ",
        'require("../a") ',
        "from '../a' ",
        "use a::b::{c, ",
        "clientAccount ",
        "basketbasket",
        "a.b(",
    ),
)


@pytest.mark.parametrize(
    ("key", "rule"),
    [pair for family in ("architecture", "naming", "tenancy") for pair in pages.rules_of(family).items()],
)
def test_a_look_at_a_hostile_line_is_short_under_a_policy(key: str, rule: Rule) -> None:
    del key
    options = {option.name: GIVEN.get(option.name, option.default) for option in rule.options}
    for text in HOSTILE:
        line = (text * LONGEST_PIECE)[:LONGEST_PIECE]
        for zone in (Zone.CODE, Zone.STRING, Zone.COMMENT, Zone.TEXT):
            if rule.zones & zone:
                assert test_rules.seconds_of_a_look(line, int(zone), rule, options) < test_rules.BOUND, text
