"""Makes the checkout's own environment from its lock file on the first start, and runs in it from then on.

Standard library only. What happens goes to stderr: stdout belongs to the protocol. A start either works or
ends with one sentence that says what to do. The common case, an environment that stands, must cost next to
nothing, so the imports that only an installation needs are made when there is one.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence

SERVER = os.path.dirname(os.path.abspath(__file__))
"""The folder that holds the package `auto_enforcer`."""

CHECKOUT = os.path.dirname(SERVER)
"""The checkout's top."""

LOCK_FILE = os.path.join(CHECKOUT, "requirements.lock")
"""What the command and the server need to run."""

OPTIONAL = ("google-re2", "hyperscan")
"""Left out where no wheel exists: the plain scanner answers, and a policy's own rules say they cannot run."""

STAMP = "auto-enforcer.stamp"
"""Written last into an environment, so that one without it is half made."""

PATIENCE = 600.0
"""Seconds to wait for another start that is installing."""


class CannotStart(Exception):
    """A sentence that says why there is no environment and what to do."""


def start(arguments: list[str]) -> int:
    """Runs the command in the checkout's environment, making it first if need be; returns the exit code.

    The interpreter at hand is used as it is where it is the one that the environment was made with: a
    second interpreter would double the time until the first violation. Otherwise it is replaced.
    """
    try:
        environment = ensure(candidates(), [LOCK_FILE])
    except CannotStart as error:
        say(str(error))
        return 2
    except KeyboardInterrupt:
        say("interrupted; the next start installs again")
        return 130
    if environment.interpreter != _interpreter():
        return run([environment.python, "-I", *environment.flags, "-m", "auto_enforcer", *arguments])
    # From here on this is what `-I` in the environment would be: nothing is imported from the working
    # folder, PYTHONPATH or the user's own packages, and children get the environment's interpreter.
    sys.path[:] = environment.path
    sys.path_importer_cache.clear()
    sys.executable = environment.python
    sys.pycache_prefix = environment.bytecode
    from auto_enforcer.cli import main

    return main(arguments)


def run(command: list[str]) -> int:
    """Becomes `command`, or runs it and returns its exit code where a process cannot be replaced."""
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name != "nt":
        os.execv(command[0], command)
    import subprocess

    try:
        return subprocess.call(command)
    except KeyboardInterrupt:
        return 130


def say(message: str) -> None:
    """One line on stderr."""
    sys.stderr.write(f"auto-enforcer: {message}\n")
    sys.stderr.flush()


class Environment:
    """An environment that stands: where it is and what its interpreter has on `sys.path` under `-I`."""

    __slots__ = ("directory", "interpreter", "path")

    def __init__(self, directory: str, interpreter: str, path: list[str]) -> None:
        self.directory = directory
        self.interpreter = interpreter
        self.path = path

    @property
    def python(self) -> str:
        """The environment's own interpreter."""
        return _python(self.directory)

    @property
    def bytecode(self) -> str | None:
        """Where compiled modules go, for a checkout that cannot be written; None for their usual place."""
        inside = os.path.dirname(self.directory) == CHECKOUT
        return None if inside else os.path.join(self.directory, "bytecode")

    @property
    def flags(self) -> list[str]:
        """What the environment's interpreter must be told beside `-I`."""
        return [] if self.bytecode is None else ["-X", f"pycache_prefix={self.bytecode}"]


def candidates(name: str = ".venv") -> list[str]:
    """Where the environment may be, the first choice first: in the checkout, or, where that cannot be
    written, in the user's cache, by the checkout's path."""
    key = CHECKOUT.translate({ord(separator): "-" for separator in r"\/:"})[-150:]
    return [
        os.path.join(CHECKOUT, name),
        os.path.join(_user_cache(), "auto-enforcer", f"{name.lstrip('.')}{key}"),
    ]


def ensure(directories: Sequence[str], locks: Sequence[str]) -> Environment:
    """The environment with what `locks` name, in the first of `directories` that has it or can hold it.

    Raises CannotStart with the sentence to show.
    """
    wanted = _read_all(locks)
    for directory in directories:
        environment = _read(directory, wanted)
        if environment is not None:
            return environment
    reasons = []
    for directory in directories:
        try:
            os.makedirs(os.path.dirname(directory), exist_ok=True)
            lock = open(directory + ".lock", "ab")  # noqa: SIM115 - closed by the `with` below
        except OSError as error:
            reasons.append(f"`{directory}` ({error.strerror})")
            continue
        with lock:
            # Children hold the lock too: an installation whose parent was killed goes on, and is waited for.
            os.set_inheritable(lock.fileno(), True)
            _wait_for(lock.fileno(), directory)
            return _read(directory, wanted) or _make(directory, locks, wanted)
    raise CannotStart(
        f"cannot write {' or '.join(reasons)}: make one writable, or set XDG_CACHE_HOME to a folder that is"
    )


def _read_all(locks: Sequence[str]) -> bytes:
    texts = []
    for lock in locks:
        try:
            with open(lock, "rb") as file:
                texts.append(file.read())
        except OSError as error:
            raise CannotStart(
                f"cannot read `{lock}` ({error.strerror}): the checkout is not whole, clone it again"
            ) from error
    return b"".join(texts)


def _read(directory: str, wanted: bytes) -> Environment | None:
    """The environment at `directory`, or None where there is none, it is half made, it was made from other
    locks or for another place, or its interpreter is gone or another one by now."""
    try:
        with open(os.path.join(directory, STAMP), "rb") as file:
            fields = file.read().split(b"\0")
        interpreter, identity, server, *path, made_from = (*map(os.fsdecode, fields[:-1]), fields[-1])
        if made_from != wanted or server != SERVER or identity != _identity(interpreter):
            return None
    except (OSError, ValueError):
        return None
    return Environment(directory, str(interpreter), [str(entry) for entry in path])


def _identity(interpreter: str) -> str:
    """What changes when an interpreter is upgraded in place. OSError where it is gone."""
    status = os.stat(interpreter)
    return f"{status.st_size}:{status.st_mtime_ns}"


def _interpreter() -> str:
    """The running interpreter, seen through links and virtual environments."""
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


def _python(directory: str) -> str:
    if os.name == "nt":
        return os.path.join(directory, "Scripts", "python.exe")
    return os.path.join(directory, "bin", "python")


def _user_cache() -> str:
    if os.name == "nt":
        return os.environ.get("LOCALAPPDATA") or os.path.expanduser(r"~\AppData\Local")
    if sys.platform == "darwin":
        return os.path.expanduser("~/Library/Caches")
    given = os.environ.get("XDG_CACHE_HOME", "")
    return given if os.path.isabs(given) else os.path.expanduser("~/.cache")


def _wait_for(lock: int, directory: str) -> None:
    """Takes the lock that one installation holds at a time. The system lets go of it when its holder ends,
    however it ends, so it is never stale."""
    import time

    deadline, told = time.monotonic() + PATIENCE, False
    while not _try_lock(lock):
        if time.monotonic() > deadline:
            raise CannotStart(
                f"another start has been installing into `{directory}` for {PATIENCE:.0f} seconds: "
                "end it, then start again"
            )
        if not told:
            say("another start is installing; waiting for it")
            told = True
        time.sleep(0.1)


def _try_lock(lock: int) -> bool:
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        # A file system without locks: two installations at once are then not held apart, but the stamp
        # still tells a whole one from a half one.
        return True
    return True


def _make(directory: str, locks: Sequence[str], wanted: bytes) -> Environment:
    import time

    began = time.monotonic()
    interpreter = _interpreter()
    say(f"installing into `{directory}`, once")
    try:
        _create(directory)
        left_out = _install(directory, locks)
        path = _isolated_path(directory)
        stamp = [interpreter, _identity(interpreter), SERVER, *path]
        partial = os.path.join(directory, STAMP + ".partial")
        with open(partial, "wb") as file:
            file.write(b"\0".join([*map(os.fsencode, stamp), wanted]))
        os.replace(partial, os.path.join(directory, STAMP))
    except OSError as error:
        raise CannotStart(
            f"cannot make `{directory}` ({error.strerror or error}): "
            "free the place (is a server still running from it?), then start again"
        ) from error
    for name in left_out:
        say(f"goes without `{name}`: there is no wheel of it for this machine")
    say(f"ready after {time.monotonic() - began:.0f} s")
    return Environment(directory, interpreter, path)


def _create(directory: str) -> None:
    """An empty environment without pip, in place of whatever is there."""
    if os.path.islink(directory) or os.path.isfile(directory):
        os.unlink(directory)
    try:
        import venv
    except ImportError:
        raise CannotStart(_no_pip()) from None
    import subprocess

    try:
        venv.EnvBuilder(clear=True, symlinks=os.name != "nt", with_pip=False).create(directory)
    except subprocess.SubprocessError as error:
        raise CannotStart(f"cannot make `{directory}`: {error}") from error
    with open(os.path.join(_site_packages(directory), "auto-enforcer.pth"), "wb") as file:
        file.write(os.fsencode(SERVER) + b"\n")


def _site_packages(directory: str) -> str:
    if os.name == "nt":
        return os.path.join(directory, "Lib", "site-packages")
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}{getattr(sys, 'abiflags', '')}"
    return os.path.join(directory, "lib", version, "site-packages")


def _isolated_path(directory: str) -> list[str]:
    import subprocess

    command = [_python(directory), "-I", "-c", r"import sys; sys.stdout.write('\0'.join(sys.path))"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode != 0:
        raise CannotStart(
            f"the interpreter of `{directory}` does not run: remove that folder, then start with a Python "
            "that can make virtual environments"
        )
    return os.fsdecode(done.stdout).split("\0")


def _install(directory: str, locks: Sequence[str]) -> list[str]:
    """Installs what the locks name, each file held to its hash; returns the optional packages that have no
    wheel for this machine."""
    wanted = os.path.join(directory, "requirements.lock")
    left_out: list[str] = []
    pip = _pip(directory)
    while True:
        with open(wanted, "w", encoding="utf-8") as file:
            file.writelines(_requirements(locks, left_out))
        said = _run_pip(pip, wanted)
        if said is None:
            return left_out
        missing = _without_wheel(said)
        if missing not in OPTIONAL or missing in left_out:
            raise CannotStart(_not_installed(said))
        left_out.append(missing)


def _requirements(locks: Sequence[str], left_out: Sequence[str]) -> Iterator[str]:
    """The locks' lines, each package once, without comments and the packages that are left out."""
    passed = set(left_out)
    for lock in locks:
        kept = True
        with open(lock, encoding="utf-8") as file:
            for line in file:
                if line[:1].isalnum():
                    package = line.partition("==")[0]
                    kept = package not in passed
                    passed.add(package)
                if kept and not line.lstrip().startswith("#"):
                    yield line


def _pip(directory: str) -> list[str]:
    """The pip to install with: the running interpreter's own, one brought by ensurepip, or virtualenv's."""
    from importlib.util import find_spec

    inside, outside = [_python(directory), "-I", "-m"], [sys.executable, "-I", "-m"]
    # pip learned to install into another environment with 22.3.
    question = "import pip, sys; sys.exit(tuple(map(int, pip.__version__.split('.')[:2])) < (22, 3))"
    if _runs([sys.executable, "-I", "-c", question]):
        return [*outside, "pip", "--python", inside[0]]
    if find_spec("ensurepip") is not None and _runs([*inside, "ensurepip"]):
        return [*inside, "pip"]
    if _runs([*outside, "virtualenv", "--version"]) and _runs([*outside, "virtualenv", "--quiet", directory]):
        return [*inside, "pip"]
    raise CannotStart(_no_pip())


def _runs(command: list[str]) -> bool:
    import subprocess

    quiet = subprocess.DEVNULL
    return (
        subprocess.call(command, stdin=quiet, stdout=quiet, stderr=quiet, cwd=CHECKOUT, close_fds=False) == 0
    )


def _run_pip(pip: list[str], wanted: str) -> str | None:
    """None when pip has installed all of `wanted`, or else what it said.

    pip's own settings hold (index, proxy, certificates), save those that would put the packages elsewhere.
    """
    import subprocess

    elsewhere = {"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PIP_DRY_RUN", "PIP_REQUIREMENT"}
    settings = {name: value for name, value in os.environ.items() if name not in elsewhere}
    settings["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    command = [*pip, "install", "--no-input", "--no-user", "--no-deps", "--require-hashes"]
    command += ["--only-binary=:all:", "--requirement", wanted]
    wheels = os.environ.get("AUTO_ENFORCER_WHEELS", "")
    if wheels:
        if not os.path.isdir(wheels):
            raise CannotStart(f"AUTO_ENFORCER_WHEELS names `{wheels}`, which is no folder: mend or unset it")
        for name in ("PIP_FIND_LINKS", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
            settings.pop(name, None)
        settings["PIP_CONFIG_FILE"] = os.devnull
        command += ["--no-index", "--find-links", os.path.abspath(wheels)]
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=settings,
        cwd=CHECKOUT,
        close_fds=False,
        check=False,
    )
    return None if done.returncode == 0 else done.stdout.decode("utf-8", "replace")


def _without_wheel(said: str) -> str:
    """The package that pip found no file of, or an empty string."""
    _, found, rest = said.rpartition("No matching distribution found for ")
    return rest.partition("==")[0].strip() if found else ""


def _not_installed(said: str) -> str:
    errors = [line.strip() for line in said.splitlines() if line.strip()]
    named = [line.removeprefix("ERROR:").strip() for line in errors if line.startswith("ERROR:")]
    reason = (named or errors or ["pip said nothing"])[-1]
    if os.environ.get("AUTO_ENFORCER_WHEELS"):
        advice = "put that wheel into the folder that AUTO_ENFORCER_WHEELS names"
    else:
        advice = (
            "mend the network or pip's settings (index, proxy, certificates), "
            "or set AUTO_ENFORCER_WHEELS to a folder of wheels"
        )
    return f"could not install: pip says `{reason}`; {advice}, then start again"


def _no_pip() -> str:
    return (
        f"`{sys.executable}` has neither pip nor ensurepip: install them (Debian and Ubuntu: "
        "`apt install python3-venv`) or start with another Python, then start again"
    )
