"""What git asks before a commit and before a push: its own hooks, and the pre-commit framework, run what is
shipped for them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

import bootstrap
from auto_enforcer import cli_between, cli_message
from auto_enforcer.model import Report
from command import PATIENCE, Command, environment
from repositories import Repository
from repositories import environment as of_git
from tokens import token

if shutil.which("git") is None:
    pytest.skip("git is not installed", allow_module_level=True)

TOP = Path(bootstrap.CHECKOUT)
SHIPPED = TOP / ".pre-commit-hooks.yaml"
CLEAN = "import os\n\n\ndef first(one):\n    return one\n"
OLD = "def old():\n    breakpoint()\n"
BAD = CLEAN + "breakpoint()\n"
NEW = "app.py:6:1: blocked logging/breakpoint-call"
POLICY = 'extends = ["recommended"]\n'
TERMS = POLICY + '[rules]\n"naming/retired-term" = { severity = "blocked", terms = { basket = "cart" } }\n'


class Ended(NamedTuple):
    """How git ended, and all that it and its hooks printed."""

    code: int
    out: str


class Hooked:
    """A repository with git's hooks, each running what is shipped for it, and its remote."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.remote = Repository(folder / "remote")
        self.remote.commit({"app.py": CLEAN, "old.py": OLD, "enforcer.toml": TERMS})
        self.remote.git("config", "receive.denyCurrentBranch", "ignore")
        self.own = Repository(folder / "own")
        self.own.git("remote", "add", "origin", str(self.remote.folder))
        self.own.git("fetch", "-q", "origin")
        self.own.git("checkout", "-q", "-B", "topic", "origin/main")
        programs = folder / "bin"
        programs.mkdir()
        program = programs / "auto-enforcer"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m auto_enforcer "$@"\n')
        program.chmod(0o755)
        self.environment = environment(cache) | of_git()
        self.environment["PATH"] = f"{programs}{os.pathsep}{os.environ['PATH']}"

    def hook(self) -> None:
        """Let git run the shipped lines."""
        for hook in shipped():
            for stage in hook["stages"]:
                path = self.own.folder / ".git" / "hooks" / stage
                path.parent.mkdir(exist_ok=True)
                path.write_text(f'#!/bin/sh\nexec {hook["entry"]} "$@"\n')
                path.chmod(0o755)

    def git(self, *arguments: str, more: Mapping[str, str] | None = None) -> Ended:
        """git with the hooks."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.own.folder,
            env={**self.environment, **(more or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=PATIENCE,
            check=False,
        )
        return Ended(done.returncode, done.stdout.decode("utf-8", "replace"))

    def commit(self, files: Mapping[str, str], message: str = "change") -> None:
        """Commit without the hooks."""
        self.own.write(dict(files))
        self.own.git("add", "-A")
        self.own.git("commit", "-q", "--no-verify", "-m", message)


def shipped() -> list[dict[str, Any]]:
    found = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    assert isinstance(found, list)
    return found


@pytest.fixture
def hooked(tmp_path: Path, cache: Path) -> Hooked:
    if os.name == "nt":
        pytest.skip("the hooks are for `sh`")
    made = Hooked(tmp_path, cache)
    made.hook()
    return made


# -- Before a commit


def test_what_is_staged_is_judged_and_not_what_lies_in_the_folder(hooked: Hooked) -> None:
    hooked.own.write({"app.py": BAD})
    hooked.own.git("add", "app.py")
    hooked.own.write({"app.py": CLEAN})
    ended = hooked.git("commit", "-m", "change")
    assert ended.code == 1, ended
    assert NEW in ended.out
    hooked.own.write({"app.py": CLEAN + "# more\n", "old.py": OLD + "# more\n"})
    hooked.own.git("add", "-A")
    hooked.own.write({"app.py": BAD})
    ended = hooked.git("commit", "-m", "change")
    assert ended.code == 0, ended
    assert "1 historical" in ended.out


def test_the_first_commit_is_judged_too(tmp_path: Path, ae: Command) -> None:
    made = Repository(tmp_path / "first")
    made.write({"app.py": BAD, "enforcer.toml": POLICY})
    made.git("add", "-A")
    done = ae("check", "--staged", folder=made.folder)
    assert (done.code, done.out.splitlines()[0][: len(NEW)]) == (1, NEW)


def test_what_is_staged_in_a_submodule_is_compared_with_its_own_last_commit(
    tmp_path: Path, ae: Command
) -> None:
    """Not with the one that the repository around it names."""
    inner, outer = Repository(tmp_path / "inner"), Repository(tmp_path / "outer")
    inner.commit({"lib.py": CLEAN})
    outer.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner.folder), "lib")
    outer.commit()
    module = Repository.__new__(Repository)
    module.folder = outer.folder / "lib"
    module.commit({"lib.py": OLD})
    module.write({"lib.py": OLD + "# more\n"})
    module.git("add", "-A")
    done = ae("check", "--staged", folder=module.folder)
    assert (done.code, "1 historical" in done.out) == (0, True), done


def test_what_a_merge_brings_is_not_new(hooked: Hooked) -> None:
    """Neither where git merges by itself, nor where a person had to; what that person adds is."""
    hooked.commit({"mine.py": OLD, "both.py": "mine = 1\n"})
    hooked.remote.commit({"theirs.py": OLD, "both.py": "theirs = 1\n"})
    hooked.remote.git("checkout", "-q", "-b", "easy", "HEAD~1")
    hooked.remote.commit({"easy.py": OLD})
    hooked.own.git("fetch", "-q", "origin")
    ended = hooked.git("merge", "--no-edit", "origin/easy")
    assert ended.code == 0, ended
    assert "auto-enforcer" not in ended.out
    assert hooked.git("merge", "--no-edit", "origin/main").code == 1, "there is a conflict"
    hooked.own.write({"both.py": "mine = theirs = 1\n", "theirs.py": OLD + "# more\n"})
    hooked.own.git("add", "-A")
    hooked.own.write({"both.py": "mine = theirs = 1\nbreakpoint()\n"})
    hooked.own.git("add", "-A")
    ended = hooked.git("commit", "--no-edit")
    assert ended.code == 1, ended
    assert "both.py:2:1: blocked logging/breakpoint-call" in ended.out
    assert "theirs.py" not in ended.out
    hooked.own.write({"both.py": "mine = theirs = 1\n"})
    hooked.own.git("add", "-A")
    ended = hooked.git("commit", "--no-edit")
    assert ended.code == 0, ended
    assert len(hooked.own.git("rev-list", "--parents", "-n1", "HEAD").split()) == 3


def test_what_is_staged_is_judged_by_the_policy_beside_it(hooked: Hooked) -> None:
    """Not by what somebody has on the disk: the next commit has it not."""
    off = '[rules]\nlogging = "off"\n'
    hooked.own.write({"app.py": BAD, "shared.toml": off, "enforcer.toml": TERMS})
    hooked.own.git("add", "-A")
    hooked.own.write({"enforcer.toml": POLICY + off})
    ended = hooked.git("commit", "-m", "change")
    assert ended.code == 1, ended
    assert NEW in ended.out
    hooked.own.write({"enforcer.toml": 'extends = ["recommended", "shared.toml"]\n'})
    hooked.own.git("add", "-A")
    hooked.own.write({"enforcer.toml": TERMS})
    (hooked.own.folder / "shared.toml").unlink()
    ended = hooked.git("commit", "-m", "change")
    assert ended.code == 0, ended
    ended = hooked.git("push", "origin", "topic")
    assert ended.code == 0, ended
    ended = hooked.git("commit", "--allow-empty", "-m", "settle the basket")
    assert ended.code == 0, "the term is retired on the disk alone"
    hooked.own.write({"enforcer.toml": "basket = 1\n"})
    hooked.own.git("add", "-A")
    hooked.own.write({"enforcer.toml": TERMS})
    ended = hooked.git("commit", "-m", "change")
    assert ended.code == 1, "git knows two ends only"
    assert "enforcer.toml:1:1: basket: unknown key `basket`" in ended.out


def test_a_policy_that_is_not_in_git_counts_all_the_same(tmp_path: Path, ae: Command) -> None:
    made = Repository(tmp_path / "own")
    made.commit({"app.py": CLEAN})
    made.write({"app.py": BAD, "enforcer.toml": '[rules]\n"logging/breakpoint-call" = "off"\n'})
    made.git("add", "app.py")
    assert ae("check", "--staged", folder=made.folder).code == 0


# -- A message


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("settle\n\nwith TOKEN = {secret}\n", "1:1: blocked secrets/github-token"),
        ("settle \u202e them\n", ":1:8: blocked unicode/"),
        ("settle the basket\n", ":1:12: blocked naming/retired-term"),
        ("settle\n\n# the basket\n", ":3:7: blocked naming/retired-term"),
    ],
    ids=["a secret", "a hidden character", "a retired term", "no comment, for nobody edits it"],
)
def test_what_a_message_may_not_hold(hooked: Hooked, message: str, said: str) -> None:
    secret = token("github-token")
    ended = hooked.git("commit", "--allow-empty", "-m", message.format(secret=secret))
    assert ended.code == 1, ended
    assert said.partition("1:1: ")[2] in ended.out
    assert secret not in ended.out


def test_what_git_leaves_out_of_a_message_is_not_judged(hooked: Hooked, tmp_path: Path) -> None:
    hooked.commit({"notes.txt": "the basket\n"})
    hooked.own.write({"notes.txt": "the cart\n"})
    hooked.own.git("add", "-A")
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\n{ echo settle; echo "# basket"; cat "$1"; } > "$1.new"; mv "$1.new" "$1"\n')
    editor.chmod(0o755)
    ended = hooked.git("commit", "-v", more={"GIT_EDITOR": str(editor)})
    assert ended.code == 0, ended
    assert hooked.own.git("log", "-1", "--format=%B") == "settle"
    assert "nothing found" not in ended.out, "a hook with nothing to say says nothing"


SCISSORS = " ------------------------ >8 ------------------------\n"


@pytest.mark.parametrize(
    ("text", "cleanup", "comment", "edited", "kept"),
    [
        ("a\n# b\n", "default", "#", True, "a\n\n"),
        ("a\n# b\n", "default", "#", False, "a\n# b\n"),
        ("a\n# b\n", "strip", "#", False, "a\n\n"),
        ("a\n# b\n", "whitespace", "#", True, "a\n# b\n"),
        ("a\n# b\n; c\n", "default", ";", True, "a\n# b\n\n"),
        ("a\n# b\n; c\n", "default", "auto", True, "a\n# b\n\n"),
        (f"a\n#{SCISSORS}# b\ndiff --git c\n+d\n", "default", "#", True, "a"),
        (f"a\n#{SCISSORS}# b\nc\n", "default", "#", True, "a\n\n\nc\n"),
        (f"a\n# b\n#{SCISSORS}c\n", "scissors", "#", True, "a\n# b"),
        (f"a\n#{SCISSORS}diff --git c\n", "default", "#", False, f"a\n#{SCISSORS}diff --git c\n"),
    ],
)
def test_what_is_kept_of_a_message(text: str, cleanup: str, comment: str, edited: bool, kept: str) -> None:
    found = cli_message.kept(text.encode(), cleanup, comment.encode(), edited=edited)
    assert found.decode() == kept


def test_a_message_that_cannot_be_read_is_no_clean_one(hooked: Hooked, ae: Command) -> None:
    done = ae("commit-msg", "nowhere", folder=hooked.own.folder)
    assert (done.code, "nowhere" in done.err) == (2, True), done
    hooked.own.write({"message": b"a\0b\n"})
    assert ae("commit-msg", "message", folder=hooked.own.folder).code == 2
    assert ae("commit-msg", folder=hooked.own.folder).code == 2


# -- Before a push


def test_a_push_of_what_is_new_is_blocked(hooked: Hooked) -> None:
    hooked.commit({"app.py": BAD})
    hooked.commit({"other.py": "other = 1\n"})
    ended = hooked.git("push", "origin", "topic")
    assert ended.code == 1, ended
    assert NEW in ended.out
    assert "old.py" not in ended.out
    hooked.commit({"app.py": CLEAN})
    ended = hooked.git("push", "origin", "topic")
    assert ended.code == 0, ended
    assert "found" not in ended.out
    ended = hooked.git("push", "origin", ":topic")
    assert (ended.code, "judge" in ended.out) == (0, False), "there is nothing to judge in what is removed"


def test_what_the_remote_has_is_not_new(hooked: Hooked) -> None:
    """Not even where another branch of it brought it, or the branch was rewritten."""
    hooked.commit({"app.py": BAD})
    hooked.own.git("push", "-q", "--no-verify", "origin", "topic:earlier")
    hooked.commit({"mine.py": "mine = 1\n"})
    ended = hooked.git("push", "origin", "topic")
    assert ended.code == 0, ended
    hooked.own.git("reset", "-q", "--hard", "origin/main")
    hooked.own.git("merge", "-q", "--no-edit", "--squash", "origin/earlier")
    hooked.commit({"mine.py": "mine = 2\n"})
    ended = hooked.git("push", "--force", "origin", "topic")
    assert ended.code == 0, ended
    hooked.commit({"mine.py": "breakpoint()\n"})
    ended = hooked.git("push", "origin", "topic")
    assert ended.code == 1, ended
    assert "mine.py:1:1: blocked" in ended.out


def test_each_ref_that_is_pushed_is_judged_against_its_own_base(hooked: Hooked) -> None:
    hooked.commit({"app.py": BAD})
    hooked.own.git("checkout", "-q", "-b", "second")
    hooked.commit({"second.py": "breakpoint()\n"})
    ended = hooked.git("push", "origin", "topic", "second")
    assert ended.code == 1, ended
    assert ended.out.count(NEW) == 1, "what one ref brings is told of that alone"
    assert ended.out.index("refs/heads/second:") < ended.out.index("second.py:1:1: blocked")


def test_a_secret_that_a_later_commit_took_out_is_pushed_too(hooked: Hooked) -> None:
    """Of what else was mended nothing is told: nobody has it when it is fetched."""
    secret = token("github-token")
    hooked.commit({"app.py": CLEAN + f'key = "{secret}"\nbreakpoint()\n', "other.py": "other = 1\n"})
    guilty = hooked.own.git("rev-parse", "HEAD")
    hooked.commit({"app.py": CLEAN})
    hooked.commit({"other.py": "other = 2\n"})
    ended = hooked.git("push", "origin", "topic")
    assert ended.code == 1, ended
    assert f"refs/heads/topic would bring commit {guilty[:12]} too" in ended.out
    assert "app.py:6:8: blocked secrets/github-token" in ended.out
    assert "breakpoint" not in ended.out
    assert secret not in ended.out
    hooked.own.git("push", "-q", "--no-verify", "origin", "topic")
    hooked.commit({"other.py": "other = 3\n"})
    ended = hooked.git("push", "origin", "topic")
    assert ended.code == 0, "what the remote has is not pushed"


def test_a_secret_of_a_merged_branch_is_pushed_too(hooked: Hooked) -> None:
    hooked.own.git("checkout", "-q", "-b", "side")
    hooked.commit({"side.txt": f"password = {token('npm-token')}\n"})
    guilty = hooked.own.git("rev-parse", "HEAD")
    hooked.commit({"side.txt": "settled\n"})
    hooked.own.git("checkout", "-q", "topic")
    hooked.commit({"other.py": "other = 1\n"})
    hooked.own.git("merge", "-q", "--no-edit", "--no-verify", "side")
    ended = hooked.git("push", "origin", "topic")
    assert ended.code == 1, ended
    assert ended.out.count("would bring commit") == 1
    assert f"commit {guilty[:12]} too" in ended.out


def test_a_secret_that_the_last_commit_has_is_judged_there_alone(hooked: Hooked) -> None:
    """By its policy, and as it is allowed there."""
    secret, line = token("github-token"), 'key = "{}"{}\n'
    hooked.commit({"app.py": CLEAN + line.format(secret, "")})
    hooked.commit({"app.py": CLEAN + "# above\n" + line.format(secret, "")})
    ended = hooked.git("push", "origin", "topic")
    assert ended.code == 1, ended
    assert (ended.out.count("blocked secrets"), "would bring" in ended.out) == (1, False)
    allowed = "  # enforcer: allow[secrets]: of a service that is gone"
    hooked.commit({"app.py": CLEAN + line.format(secret, allowed)})
    ended = hooked.git("push", "origin", "topic")
    assert ended.code == 0, ended


def test_commits_are_looked_through_by_the_policy_of_the_last_one(hooked: Hooked) -> None:
    hooked.commit({"made/keys.txt": token("github-token") + "\n"})
    hooked.commit({"made/keys.txt": "none\n"})
    ended = hooked.git("push", "origin", "topic")
    assert ended.code == 1, ended
    hooked.commit({"enforcer.toml": TERMS.replace(POLICY, POLICY + 'exclude = ["made/**"]\n')})
    ended = hooked.git("push", "origin", "topic")
    assert ended.code == 0, ended


def test_of_very_many_commits_the_oldest_are_left_out_and_that_is_told(
    hooked: Hooked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(hooked.own.folder)
    for number in range(4):
        hooked.commit({"app.py": f"key = '{token('github-token')}'\n" if number in (0, 2) else CLEAN})
    brought = hooked.own.git("rev-list", "HEAD", "^origin/main").split()
    assert len(brought) == 4
    for most, left_out, found in ((10, 0, [brought[3], brought[2], brought[1]]), (1, 2, [brought[1]])):
        monkeypatch.setattr(cli_between, "MOST_COMMITS", most)
        between = cli_between.Between()
        told = [
            (commit, sum(len(list(one.rows)) for one in items if isinstance(one, Report)))
            for commit, items, _ in between.found(brought)
        ]
        between.close()
        assert told == [(commit, int(commit in (brought[1], brought[3]))) for commit in found]
        assert between.left_out == left_out


def pushed(hooked: Hooked, ae: Command, there: str, *arguments: str, **more: str) -> tuple[int, str]:
    own = hooked.own.git("rev-parse", "HEAD")
    line = f"refs/heads/topic {own} refs/heads/topic {there}\n"
    done = ae("pre-push", *arguments, folder=hooked.own.folder, given=line.encode(), **more)
    return done.code, done.out + done.err


def test_a_base_that_is_not_here_is_an_error_that_says_what_to_fetch(hooked: Hooked, ae: Command) -> None:
    nothing, unknown = "0" * 40, "1234567890" * 4
    code, out = pushed(hooked, ae, unknown, "elsewhere", "ssh://elsewhere/repository")
    assert code == 2, out
    assert "fetch it with `git fetch elsewhere`" in out
    code, out = pushed(hooked, ae, nothing, "elsewhere", "ssh://elsewhere/repository")
    assert code == 1, "nothing is there: all is new"
    assert "old.py:2:5: blocked" in out
    code, out = pushed(hooked, ae, unknown, str(hooked.remote.folder), str(hooked.remote.folder))
    assert code == 0, "the address is that of a remote, which has it all"
    assert ae("pre-push", "origin", folder=hooked.own.folder, given=b"what\n").code == 2
    assert ae("pre-push", "origin", folder=hooked.own.folder).code == 0, "git has nothing to push"


def test_a_history_that_is_cut_off_is_an_error(hooked: Hooked, ae: Command, tmp_path: Path) -> None:
    hooked.remote.commit({"app.py": CLEAN + "# more\n"})
    shallow = tmp_path / "shallow"
    hooked.own.git("clone", "-q", "--depth=1", f"file://{hooked.remote.folder}", str(shallow))
    hooked.own.folder = shallow
    hooked.own.git("remote", "remove", "origin")
    code, out = pushed(hooked, ae, "0" * 40, "origin")
    assert code == 2, out
    assert "git fetch --unshallow" in out


def test_what_the_framework_says_is_pushed(hooked: Hooked, ae: Command) -> None:
    hooked.commit({"app.py": BAD})
    own, base = hooked.own.git("rev-parse", "HEAD"), hooked.own.git("rev-parse", "HEAD~1")
    said = {
        "PRE_COMMIT": "1",
        "PRE_COMMIT_REMOTE_NAME": "origin",
        "PRE_COMMIT_LOCAL_BRANCH": "refs/heads/topic",
    }
    for more in ({"PRE_COMMIT_FROM_REF": base, "PRE_COMMIT_TO_REF": own}, {}):
        done = ae("pre-push", folder=hooked.own.folder, **said, **more)
        assert (done.code, done.out.count("blocked logging")) == (1, 1), done
    done = ae("pre-push", folder=hooked.own.folder, PRE_COMMIT_FROM_REF=own, PRE_COMMIT_TO_REF=own)
    assert done.code == 0, done


# -- What the editors' page has to copy

PAGE = (TOP / "editors" / "README.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r'^```sh title="\.git/hooks/([a-z-]+)"\n(.*?)^```$', PAGE, re.MULTILINE | re.DOTALL))


def test_the_hooks_of_the_page_are_those_that_are_shipped() -> None:
    assert set(FILES) == {stage for hook in shipped() for stage in hook["stages"]}
    for hook in shipped():
        for stage in hook["stages"]:
            assert FILES[stage].startswith(f"#!/bin/sh\nexec {hook['entry']}")


def test_the_hooks_of_the_page_do_what_the_shipped_ones_do(tmp_path: Path, cache: Path) -> None:
    if os.name == "nt":
        pytest.skip("the hooks are for `sh`")
    made = Hooked(tmp_path, cache)
    for name, text in FILES.items():
        path = made.own.folder / ".git" / "hooks" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)
    made.own.write({"app.py": BAD})
    made.own.git("add", "-A")
    ended = made.git("commit", "-m", "change")
    assert (ended.code, NEW in ended.out) == (1, True), ended
    made.own.write({"app.py": CLEAN + "# more\n"})
    made.own.git("add", "-A")
    ended = made.git("commit", "-m", "settle the basket")
    assert (ended.code, ":1:12: blocked naming/retired-term" in ended.out) == (1, True), ended
    assert made.git("commit", "-m", "settle the cart").code == 0
    assert made.git("push", "origin", "topic").code == 0
    made.commit({"app.py": BAD})
    ended = made.git("push", "origin", "topic")
    assert (ended.code, NEW in ended.out) == (1, True), ended


def test_the_recipe_of_the_page_installs_what_a_team_s_rules_need() -> None:
    written = re.search(
        r'^```yaml title="\.pre-commit-config\.yaml"\n(.*?)^```$', PAGE, re.MULTILINE | re.DOTALL
    )
    assert written is not None
    (repository,) = yaml.safe_load(written[1])["repos"]
    assert [hook["id"] for hook in repository["hooks"]] == [hook["id"] for hook in shipped()]
    extras = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    for hook in repository["hooks"]:
        (wanted,) = hook["additional_dependencies"]
        (extra,) = re.findall(r"^\.\[([a-z-]+)\]$", wanted)
        assert any(needed.startswith("google-re2") for needed in extras[extra])
    assert wanted in SHIPPED.read_text(encoding="utf-8")


# -- The pre-commit framework


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("pre-commit") is None,
    reason="no pre-commit on the PATH: `python3 tests --editors` installs it",
)
def test_the_framework_installs_and_runs_what_is_shipped(hooked: Hooked, tmp_path: Path) -> None:
    """From a repository that holds what this one ships, without a network: what it would download to build
    the package is the suite's, and what the package needs beside it is not needed here."""
    tool = Repository(tmp_path / "tool")
    for name in (".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(TOP / name, tool.folder / name)
    ignored = shutil.ignore_patterns("__pycache__", ".*")
    shutil.copytree(TOP / "server", tool.folder / "server", ignore=ignored)
    config = {
        "repo": str(tool.folder),
        "rev": tool.commit(),
        "hooks": [{"id": one["id"]} for one in shipped()],
    }
    stages = sorted({stage for one in shipped() for stage in one["stages"]})
    for stage in stages:
        (hooked.own.folder / ".git" / "hooks" / stage).unlink()
    written = {"repos": [config], "default_install_hook_types": stages}
    hooked.own.write({".pre-commit-config.yaml": json.dumps(written)})
    # Only the program is the framework's; nothing that this checkout has on the PATH is used.
    hooked.environment["PATH"] = os.environ["PATH"]
    del hooked.environment["PYTHONPATH"]
    hooked.environment |= {"PRE_COMMIT_HOME": str(tmp_path / "home"), "VIRTUALENV_NO_PERIODIC_UPDATE": "1"}
    offline = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_NO_COMPILE": "1"}
    offline["PYTHONPATH"] = sysconfig.get_path("purelib")
    done = subprocess.run(
        ["pre-commit", "install"],
        cwd=hooked.own.folder,
        env=hooked.environment,
        capture_output=True,
        check=True,
    )
    assert all(f"installed at .git/hooks/{stage}" in done.stdout.decode() for stage in stages)
    hooked.own.write({"app.py": BAD})
    hooked.own.git("add", "-A")
    hooked.own.write({"app.py": CLEAN})
    ended = hooked.git("commit", "-m", "change", more=offline)
    assert ended.code == 1, ended
    assert "(what is staged)" in ended.out
    assert NEW in ended.out
    hooked.own.git("add", "-A")
    ended = hooked.git("commit", "-m", "settle the basket")
    assert ended.code == 1, ended
    assert ":1:12: blocked naming/retired-term" in ended.out
    hooked.commit({"app.py": BAD})
    ended = hooked.git("push", "origin", "topic")
    assert ended.code == 1, ended
    assert NEW in ended.out
