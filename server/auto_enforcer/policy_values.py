"""What a policy is made of: places, problems, settings, changes, layers.

Named tuples, not dataclasses: each of those would cost every start of the command a millisecond.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from auto_enforcer.model import NamedTuple, Option, Options, Rule, Severity, Stage, Zone

RULESET = "2026.2"
"""The newest ruleset: which rules are on and how severe, by default, in this version."""

RULESETS = (RULESET, "2026.1")
"""The rulesets that a policy may freeze itself to, the newest first. One that was released stays as it was:
when rules are to change after that, another goes before it."""

LARGEST_FILE = 1 << 20
"""Bytes that a configuration file may have."""


if TYPE_CHECKING:
    from typing import Protocol

    class Known(Protocol):
        """What the policy must know of a rule; the catalog's entries are such."""

        @property
        def id(self) -> str:
            """`family/bad-pattern`."""

        @property
        def severity(self) -> Severity:
            """How severe it is by default."""

        @property
        def optional(self) -> bool:
            """Whether it is off by default."""

        @property
        def options(self) -> tuple[Option, ...]:
            """What can be set."""

    Entries = Mapping[str, Known]
    """Every rule that can be had, by id."""

    Given = Callable[[str], bytes | None]
    """Gives what is to be taken for a configuration file, by its path relative to the workspace, whatever the
    disk has; None where that counts."""


class Place(NamedTuple):
    """Where something was said. `file` is relative to the workspace, with forward slashes, and "" for what
    this program brings itself; then `key` says which part of it. Line and columns are 0-based, code points,
    `end` exclusive. Else `key` is the dotted path of the key, quoted where TOML asks for it."""

    file: str
    line: int = 0
    column: int = 0
    end: int = 0
    key: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line + 1}:{self.column + 1}" if self.file else self.key


class Problem(NamedTuple):
    """What is wrong with a configuration file. The message may quote the file."""

    place: Place
    message: str

    def __str__(self) -> str:
        key = f"{self.place.key}: " if self.place.key else ""
        return f"{self.place}: {key}{self.message}"


class InvalidPolicyError(Exception):
    """A configuration file does not hold; `problems` says all that is wrong, in the order of the places, and
    `files` what was read or is missing, relative to the workspace."""

    def __init__(self, problems: tuple[Problem, ...], files: tuple[str, ...] = ()) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems
        self.files = files


class Rollout(NamedTuple):
    """How far a rule is rolled out, and since when: until `since` it is one step below `stage`."""

    stage: Stage
    since: date | None
    place: Place

    def on(self, today: date) -> Stage:
        """The stage that holds on a day."""
        return self.stage if self.since is None or today >= self.since else self.before

    @property
    def before(self) -> Stage:
        """The stage that holds before `since`."""
        return Stage.WARN if self.stage is Stage.BLOCK else Stage.OBSERVE

    def words(self, today: date) -> str:
        """What to say behind a severity of how far a rule is rolled out, where that is not all the way."""
        stage = self.on(today)
        if stage is self.stage:
            return "" if stage is Stage.BLOCK else f", at stage `{stage.value}` ({self.place})"
        return f", at stage `{stage.value}` until {self.since}, then `{self.stage.value}` ({self.place})"


DEFAULT_ROLLOUT = Rollout(Stage.BLOCK, None, Place("", key="default"))


ALWAYS_ON = "enforcer/rule-failed"
"""The rule that no policy changes: a check that could not run must not pass for one that found nothing."""

OWN_FAMILY = "enforcer"
"""The family that speaks of the enforcement itself: on whatever a policy extends."""


class Setting(NamedTuple):
    """What holds for one rule in one file. `options` has a value for every option of the rule. `place` is
    where severity and on or off were decided, `reason` why where it is not the policy's own word."""

    severity: Severity
    on: bool
    options: Options
    rollout: Rollout
    place: Place
    option_places: Mapping[str, Place]
    """Where the options that a policy sets were set."""
    reason: str = ""

    def stage(self, today: date) -> Stage:
        """How far the rule is rolled out on a day."""
        return self.rollout.on(today)


class Change(NamedTuple):
    """What a configuration file says of a rule or a family. None and "not said" are the same."""

    place: Place
    severity: Severity | None = None
    off: bool = False
    options: Options | None = None
    option_places: Mapping[str, Place] | None = None
    rollout: Rollout | None = None
    of_set: bool = False
    """Whether a set of rules says so: then the rule is as severe as the ruleset has it."""


class Layer(NamedTuple):
    """Changes for all paths, or for those below `folder` that match one of `globs` (translated ones).

    `set_name` "recommended" or "all" stands for that set of rules instead of changes.
    """

    changes: Mapping[str, Change]
    place: Place
    rollout: Rollout | None = None
    globs: tuple[str, ...] = ()
    folder: str = ""
    set_name: str = ""
    paths: tuple[PlacedGlob, ...] = ()
    """The same globs, as they were said."""


class PlacedGlob(NamedTuple):
    """A translated glob of a list, the folder it is relative to, where it was said, and as it was written."""

    source: str
    folder: str
    place: Place
    written: str


class TeamTest(NamedTuple):
    """A test of a team's rule: a text in which it finds something, or nothing."""

    place: Place
    text: str
    finds: bool
    language: str = ""
    today: date | None = None
    range: str = ""
    """`LINE:FIRST-LAST`, from 1, of what is found first; "" where that does not matter."""
    fixed: str | None = None
    """The text after the first fix of all that is found."""


class TeamRule(NamedTuple):
    """A rule that a policy brings itself. `rule` is None where it cannot run; `problems` say why."""

    id: str
    place: Place
    severity: Severity
    problems: tuple[Problem, ...] = ()
    """What is wrong with the table; where it is well, which of its own tests fail."""
    rule: Rule | None = None
    triggers: tuple[tuple[str, bool, tuple[bytes, ...]], ...] | None = None
    """As `catalog.Trigger`. None: it looks at every line."""
    facts: tuple[TeamFact, ...] = ()
    paths: tuple[PlacedGlob, ...] = ()
    exclude: tuple[PlacedGlob, ...] = ()
    tests: tuple[TeamTest, ...] = ()
    is_failing: bool = False
    """Whether it is well but fails its own tests."""
    note: str = ""
    url: str = ""
    words: tuple[str, ...] = ()
    """The words that reports give it, weaknesses (`CWE-79`) included."""
    said: tuple[str, ...] = ()
    """What its fixes may say: their titles and new texts."""
    digest: str = ""
    """Tells what it finds from what any other rule does."""
    everywhere: bool = False
    optional: bool = False
    options: tuple[Option, ...] = ()

    @property
    def family(self) -> str:
        """The part of the id before the slash."""
        return self.id.partition("/")[0]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that it is for; none means all."""
        return self.rule.languages if self.rule is not None else ()

    @property
    def zones(self) -> int:
        """Where it looks."""
        return int(self.rule.zones if self.rule is not None else Zone.EVERYWHERE)


class TeamFact(NamedTuple):
    """What a team's rule wants to know of the whole file. A line that `holds` says it."""

    name: str
    holds: Callable[[str], bool]
    triggers: tuple[tuple[str, bool, tuple[bytes, ...]], ...] | None


class Said(NamedTuple):
    """A value of the policy as a whole and where it was said."""

    value: str
    place: Place


DEFAULTS: Mapping[str, str] = {
    "ruleset": RULESET,
    "stage": "block",
    "historical": "lower",
    "base": "auto",
    "on_error": "block",
    "agents": "may-not-suppress",
}
"""The values of a policy as a whole where no file says them."""


class Allowance(NamedTuple):
    """What an `[[allow]]` table says: violations of a rule in one file that stay, known by their text."""

    rule: str
    path: str
    """Relative to the workspace, with forward slashes."""
    salt: bytes
    digest: str
    reason: str
    until: date | None
    place: Place
    """Where the table begins."""


class Content(NamedTuple):
    """What a configuration file and those it extends say, the latest word last."""

    file: str
    files: tuple[str, ...]
    """The configuration file and all it read, relative to the workspace: what to watch."""
    layers: tuple[Layer, ...]
    exclusions: tuple[PlacedGlob, ...]
    said: Mapping[str, Said]
    generated: tuple[PlacedGlob, ...] = ()
    extended: tuple[Said, ...] = ()
    """The sets and files that `extends` names, in the order in which they speak."""
    rules: tuple[TeamRule, ...] = ()
    """The rules that they bring, those that cannot run included."""
    problems: tuple[Problem, ...] = ()
    """What is wrong with these rules alone."""
    allowances: tuple[Allowance, ...] = ()


DEFAULT_CONTENT = Content(
    "",
    (),
    (Layer({}, Place("", key="recommended"), set_name="recommended"),),
    (),
    {},
    extended=(Said("recommended", Place("", key="default")),),
)
