"""Starting from a checkout: however awkward the machine, it works or one sentence says what to do."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

from command import PATIENCE
from interpreters import every_interpreter, interpreters, supported

SERVER = Path(__file__).parent.parent / "server"
PYTHON = os.path.realpath(getattr(sys, "_base_executable", sys.executable))

COMMAND = """
import os, sys
def main(arguments):
    import tiny
    print(sys.version_info[:2], arguments)
    if arguments == ["path"]:
        print(*sys.path, sep="\\n")
    if arguments == ["modules"]:
        print(*sys.modules, sep="\\n")
    if arguments == ["child"]:
        import subprocess
        code = "import tiny, auto_enforcer.cli; print('the child has both')"
        sys.stdout.flush()
        return subprocess.call([sys.executable, "-I", "-c", code])
    return 3 if arguments == ["three"] else 0
"""
"""A command that says how it was started, in place of the real one."""


class Checkout:
    """A clone with a lock of one small package, whose wheel stands in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.top = folder / "a clone"
        self.wheels = folder / "wheels"
        self.cache = folder / "cache"
        package = self.top / "server" / "auto_enforcer"
        package.mkdir(parents=True)
        self.wheels.mkdir()
        for name in ("__main__.py", "bootstrap.py"):
            shutil.copy(SERVER / name, self.top / "server" / name)
        (package / "__init__.py").write_text("")
        (package / "__main__.py").write_text(
            "import sys\nfrom .cli import main\nsys.exit(main(sys.argv[1:]))\n"
        )
        (package / "cli.py").write_text(COMMAND)
        self.lock("tiny", wheel(self.wheels, "tiny"))

    @property
    def venv(self) -> Path:
        return self.top / ".venv"

    def lock(self, *pairs: str) -> None:
        names, digests = pairs[::2], pairs[1::2]
        lines = [f"{n}==1.0 \\\n    --hash=sha256:{d}\n" for n, d in zip(names, digests, strict=True)]
        (self.top / "requirements.lock").write_text("".join(lines))

    def environment(self, **settings: str) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "PYTHON", "AUTO_ENFORCER"))}
        own = {"AUTO_ENFORCER_WHEELS": str(self.wheels), "XDG_CACHE_HOME": str(self.cache)}
        return {name: value for name, value in {**kept, **own, **settings}.items() if value}

    def start(
        self,
        *arguments: str,
        python: str = PYTHON,
        user: int | None = None,
        cwd: Path | None = None,
        **settings: str,
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [python, str(self.top / "server"), *arguments],
            capture_output=True,
            text=True,
            check=False,
            env=self.environment(**settings),
            cwd=cwd or self.top.parent,
            user=user,
            timeout=PATIENCE,
        )


def wheel(folder: Path, name: str) -> str:
    """Writes a wheel of an empty package and returns its digest."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    about = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.py", "")
        archive.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(
            f"{about}/RECORD", f"{name}.py,,\n{about}/METADATA,,\n{about}/WHEEL,,\n{about}/RECORD,,\n"
        )
    return hashlib.sha256(path.read_bytes()).hexdigest()


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    """The sentence of a start that cannot work: the last line, after which nothing else was done."""
    assert (done.returncode, done.stdout) == (2, ""), done
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()[-1]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


@pytest.mark.smoke
def test_the_first_start_installs_and_runs_and_the_next_is_silent(checkout: Checkout) -> None:
    first = checkout.start("check", "some path")
    assert first.returncode == 0, first.stderr
    assert first.stdout == f"{sys.version_info[:2]} ['check', 'some path']\n"
    assert "installing into" in first.stderr
    second = checkout.start("three")
    assert (second.returncode, second.stderr) == (3, "")


def test_a_later_start_imports_nothing_that_only_an_installation_needs(checkout: Checkout) -> None:
    checkout.start()
    # An interpreter may have hooks of its own that import things before we are asked.
    bare = checkout.top / "bare"
    bare.mkdir()
    (bare / "__main__.py").write_text("import sys\nprint(*sys.modules, sep='\\n')\n")
    before = subprocess.run([PYTHON, str(bare)], capture_output=True, text=True, check=True).stdout.split()
    # `collections.abc` is another name of what every Python has loaded.
    names = set(checkout.start("modules").stdout.splitlines()[1:]) - {*before, "collections.abc"}
    assert names == {"__future__", "bootstrap", "auto_enforcer", "auto_enforcer.cli", "tiny"}


@pytest.mark.smoke
def test_what_runs_sees_only_the_environment(checkout: Checkout, tmp_path: Path) -> None:
    hostile = tmp_path / "hostile"
    hostile.mkdir()
    mark = tmp_path / "mark"
    for name in ("json", "subprocess", "bootstrap", "venv", "tiny", "auto_enforcer", "pip", "sitecustomize"):
        (hostile / f"{name}.py").write_text(f"open({str(mark)!r}, 'w')\n")
    assert checkout.start("path", cwd=hostile).returncode == 0
    # PYTHONPATH is the user's own word, and Python heeds it before it comes to us; what comes after must not.
    (hostile / "sitecustomize.py").unlink()
    done = checkout.start("path", cwd=hostile, PYTHONPATH=str(hostile))
    assert done.returncode == 0, done.stderr
    assert str(hostile) not in done.stdout.splitlines()
    assert str(checkout.top / "server") in done.stdout.splitlines()
    assert not mark.exists()


@pytest.mark.smoke
def test_children_get_the_environment_too(checkout: Checkout) -> None:
    assert "the child has both" in checkout.start("child").stdout


def test_a_python_that_is_too_old_says_so(checkout: Checkout) -> None:
    for folder in ("server", "tests"):
        shutil.copytree(SERVER.parent / folder, checkout.top / folder, dirs_exist_ok=True)
    old = [interpreter for interpreter in interpreters() if interpreter.version < (3, 11)]
    if not old:
        pytest.skip("this machine has no old Python")
    for interpreter in old:
        for folder in ("server", "tests"):
            command = [interpreter.path, str(checkout.top / folder)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert len(done.stderr.splitlines()) == 1, (interpreter, done.stderr)
            assert "Python 3.11 or later" in done.stderr
            assert (done.returncode, done.stdout) == (2, "")


def test_two_starts_at_once_both_work_and_one_installs(checkout: Checkout) -> None:
    command = [PYTHON, str(checkout.top / "server"), "check"]
    starts = [
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=checkout.environment()
        )
        for _ in range(3)
    ]
    ended = [(start.communicate(timeout=PATIENCE), start.returncode) for start in starts]
    assert [code for _, code in ended] == [0, 0, 0], ended
    assert "".join(stderr for (_, stderr), _ in ended).count("installing into") == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows ends children differently")
def test_an_installation_that_was_killed_is_made_anew(checkout: Checkout) -> None:
    command = [PYTHON, str(checkout.top / "server")]
    start = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=checkout.environment())
    assert start.stderr is not None
    assert "installing into" in start.stderr.readline()
    start.send_signal(signal.SIGKILL)
    start.communicate(timeout=PATIENCE)
    assert not (checkout.venv / "auto-enforcer.stamp").exists()
    assert checkout.start().returncode == 0


def test_an_environment_without_its_stamp_is_half_made(checkout: Checkout) -> None:
    checkout.venv.mkdir()
    (checkout.venv / "leftover").write_text("")
    assert checkout.start().returncode == 0
    assert not (checkout.venv / "leftover").exists()


def test_a_file_in_the_environments_place_gives_way(checkout: Checkout) -> None:
    checkout.venv.write_text("")
    assert checkout.start().returncode == 0


def test_a_new_lock_makes_the_environment_anew(checkout: Checkout) -> None:
    checkout.start()
    checkout.lock("tiny", wheel(checkout.wheels, "tiny"), "other", wheel(checkout.wheels, "other"))
    assert "installing into" in checkout.start().stderr
    assert list(checkout.venv.rglob("other.py"))


def test_a_moved_checkout_makes_the_environment_anew(checkout: Checkout) -> None:
    checkout.start()
    moved = checkout.top.with_name("moved")
    checkout.top.rename(moved)
    checkout.top = moved
    done = checkout.start("path")
    assert done.returncode == 0, done.stderr
    assert str(moved / "server") in done.stdout.splitlines()


@pytest.mark.skipif(os.name == "nt", reason="compares what two interpreters print")
def test_another_interpreter_uses_the_environment_that_stands(checkout: Checkout) -> None:
    others = [interpreter for interpreter in supported() if interpreter.version[:2] != sys.version_info[:2]]
    if not others:
        pytest.skip("this machine has no second interpreter")
    checkout.start()
    done = checkout.start("check", python=others[0].path)
    assert (done.stdout, done.stderr) == (f"{sys.version_info[:2]} ['check']\n", "")


def private_python(folder: Path, *, without: tuple[str, ...] = ()) -> Path:
    """A copy of the interpreter at a place of its own, on the same library less `without`."""
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    python = folder / "bin" / version
    library = folder / "lib" / version
    python.parent.mkdir(parents=True)
    library.mkdir(parents=True)
    shutil.copy(PYTHON, python)
    for entry in Path(os.__file__).parent.iterdir():
        if entry.name not in without:
            (library / entry.name).symlink_to(entry)
    return python


needs_copy = pytest.mark.skipif(sys.platform != "linux", reason="copies an interpreter, as Linux lets one")


@needs_copy
@pytest.mark.parametrize("change", ["upgraded", "removed"])
def test_an_interpreter_that_changed_makes_the_environment_anew(
    checkout: Checkout, tmp_path: Path, change: str
) -> None:
    python = private_python(tmp_path / "own")
    assert checkout.start(python=str(python)).returncode == 0
    if change == "upgraded":
        os.utime(python, (0, 0))
        done = checkout.start(python=str(python))
    else:
        shutil.rmtree(tmp_path / "own")
        done = checkout.start()
    assert done.returncode == 0, done.stderr
    assert "installing into" in done.stderr


@needs_copy
@pytest.mark.skipif(
    importlib.util.find_spec("ensurepip") is None, reason="this Python comes without ensurepip"
)
def test_a_python_without_pip_brings_it(checkout: Checkout, tmp_path: Path) -> None:
    python = private_python(tmp_path / "own", without=("site-packages", "dist-packages"))
    assert checkout.start(python=str(python)).returncode == 0


@needs_copy
def test_a_python_without_pip_and_ensurepip_says_how_to_get_them(checkout: Checkout, tmp_path: Path) -> None:
    python = private_python(tmp_path / "own", without=("site-packages", "dist-packages", "ensurepip"))
    assert "apt install python3-venv" in one_sentence(checkout.start(python=str(python)))


@needs_copy
def test_a_python_without_venv_says_how_to_get_it(checkout: Checkout, tmp_path: Path) -> None:
    python = private_python(tmp_path / "own", without=("venv",))
    assert "apt install python3-venv" in one_sentence(checkout.start(python=str(python)))


def reader() -> tuple[str, int | None]:
    """An interpreter and a user who may not write what the tests made. Root may write anything, so there it
    is nobody, with a Python that nobody can run."""
    if os.geteuid() != 0:
        return PYTHON, None
    for interpreter in every_interpreter():
        if interpreter.version >= (3, 11):
            try:
                subprocess.run([interpreter.path, "-c", ""], user=65534, cwd="/", check=True)
            except (OSError, subprocess.SubprocessError):
                continue
            return interpreter.path, 65534
    pytest.skip("no other user can run a Python of this machine")


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX permissions")
def test_a_checkout_that_cannot_be_written_uses_the_users_cache() -> None:
    python, user = reader()
    # pytest's own folders are closed to other users.
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        checkout = Checkout(Path(name))
        checkout.cache.mkdir()
        checkout.cache.chmod(0o777)
        writable(checkout.top, False)
        first = checkout.start(python=python, user=user)
        assert first.returncode == 0, first.stderr
        assert str(checkout.cache) in first.stderr
        assert not checkout.venv.exists()
        second = checkout.start(python=python, user=user)
        assert (second.returncode, second.stderr) == (0, "")
        assert list(checkout.cache.rglob("cli.*.pyc")), "each start compiles the package anew"
        shutil.rmtree(checkout.cache)
        checkout.cache.write_text("")
        assert "make one writable" in one_sentence(checkout.start(python=python, user=user))
        writable(checkout.top, True)


def writable(top: Path, yes: bool) -> None:
    for folder in (top, *(path for path in top.rglob("*") if path.is_dir())):
        folder.chmod(0o755 if yes else 0o555)


def test_a_wheel_that_is_missing_is_named(checkout: Checkout) -> None:
    shutil.rmtree(checkout.wheels)
    checkout.wheels.mkdir()
    sentence = one_sentence(checkout.start())
    assert "tiny==1.0" in sentence
    assert "AUTO_ENFORCER_WHEELS" in sentence


def test_a_folder_of_wheels_that_is_none_is_said(checkout: Checkout) -> None:
    assert "no folder" in one_sentence(checkout.start(AUTO_ENFORCER_WHEELS=str(checkout.top / "none")))


def test_a_wheel_that_is_not_the_locked_one_is_refused(checkout: Checkout) -> None:
    checkout.lock("tiny", "0" * 64)
    one_sentence(checkout.start())
    assert not list(checkout.venv.rglob("tiny.py"))


def test_a_source_is_never_built(checkout: Checkout, tmp_path: Path) -> None:
    mark = tmp_path / "built"
    source = checkout.wheels / "tiny-1.0.zip"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("tiny-1.0/setup.py", f"open({str(mark)!r}, 'w')\n")
    (checkout.wheels / "tiny-1.0-py3-none-any.whl").unlink()
    checkout.lock("tiny", hashlib.sha256(source.read_bytes()).hexdigest())
    assert "tiny==1.0" in one_sentence(checkout.start())
    assert not mark.exists()


def test_an_accelerator_without_a_wheel_is_left_out(checkout: Checkout) -> None:
    checkout.lock("tiny", wheel(checkout.wheels, "tiny"), "hyperscan", "0" * 64)
    done = checkout.start()
    assert done.returncode == 0, done.stderr
    assert "goes without `hyperscan`" in done.stderr
    assert checkout.start().stderr == ""


def test_pips_own_settings_hold(checkout: Checkout, tmp_path: Path) -> None:
    """By environment and by file, save those that would install elsewhere."""
    settings, elsewhere = tmp_path / "pip.conf", tmp_path / "elsewhere"
    settings.write_text(
        f"[global]\nno-index = true\nfind-links = {checkout.wheels}\n[install]\nuser = true\n"
    )
    done = checkout.start(AUTO_ENFORCER_WHEELS="", PIP_CONFIG_FILE=str(settings), PIP_TARGET=str(elsewhere))
    assert done.returncode == 0, done.stderr
    assert not elsewhere.exists()
    shutil.rmtree(checkout.venv)
    refused = "http://127.0.0.1:9/simple"
    done = checkout.start(
        AUTO_ENFORCER_WHEELS="", PIP_CONFIG_FILE=os.devnull, PIP_INDEX_URL=refused, PIP_RETRIES="0"
    )
    assert "mend the network" in one_sentence(done)


def test_a_checkout_without_its_lock_file_is_not_whole(checkout: Checkout) -> None:
    (checkout.top / "requirements.lock").unlink()
    assert "clone it again" in one_sentence(checkout.start())
