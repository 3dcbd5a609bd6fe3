"""Scans of the workspace: what they found in closed files, within bounds, and how it follows the disk."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from auto_enforcer.lsp.logs import describe
from auto_enforcer.lsp.settings import Settings, parsed
from auto_enforcer.model import NamedTuple

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from concurrent.futures import Future

    from auto_enforcer.lsp.channel import Channel
    from auto_enforcer.lsp.client import Client
    from auto_enforcer.lsp.protocol import Protocol
    from auto_enforcer.seen import Seen

SCAN = "autoEnforcer.scanWorkspace"
"""The command that scans all workspace folders. It is answered when the scan has ended, with its counts."""

FIX = "autoEnforcer.fixWorkspace"
"""The command that lets the client apply all safe fixes. It is answered with their number and what became of
them."""

MOST_FILES = 5_000
"""Closed files whose findings are kept and shown."""

MOST_SHOWN = 20_000
"""Diagnostics of closed files that are kept."""

MOST_CHARACTERS = 16 << 20
"""Of their JSON texts."""

MOST_MENDED = 1_000
"""Files that the edit of all safe fixes changes."""

MOST_FIXES = 10_000
"""Violations that it mends, about: the file that goes beyond is the last."""

MOST_TARGETS = 1_000
"""Changed paths that are looked at by themselves; where more change at once, all is."""

REPORTED = 0.1
"""Seconds between two reports of progress."""

GATHERED = 0.1
"""Seconds in which changes on disk are gathered before they are looked at."""

IDLE = 10.0
"""Seconds without work after which the process ends."""

UNREAD = 0.01
"""Seconds after which it is seen again whether a client that does not read does."""

_PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); "
    "from auto_enforcer.lsp.scan_worker import main; main(sys.argv[1])"
)

logger = logging.getLogger("auto_enforcer")


class Kept(NamedTuple):
    """What is kept of one kind for a file: the texts of its diagnostics, joined, how many they are, and the
    job that found them."""

    text: str = ""
    shown: int = 0
    job: int = 0


FILE, FOLDER, POLICY = KINDS = ("file", "folder", "policy")
"""What is told of a file, in the order in which it is shown."""


class Findings:
    """What scans found in closed files, by absolute path and kind: `file`, in the file itself; `folder`, by
    the rules about folders; `policy`, what is wrong with it as a policy's file.

    Bounded in files, diagnostics and characters: what goes beyond is not kept.
    """

    __slots__ = ("_characters", "_kept", "_shown")

    def __init__(self) -> None:
        self._kept: dict[str, dict[str, Kept]] = {}
        self._shown = 0
        self._characters = 0

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def shown(self) -> int:
        """How many diagnostics are kept."""
        return self._shown

    def paths(self) -> list[str]:
        """The files of which something is kept."""
        return list(self._kept)

    def of(self, path: str, *, policy: bool = True) -> list[str]:
        """The JSON texts of a file's diagnostics, some of them joined. `policy`: those of that kind too."""
        kept = self._kept.get(path, {})
        return [kept[kind].text for kind in KINDS if kind in kept and (policy or kind != POLICY)]

    def put(self, path: str, kind: str, found: Kept) -> bool:
        """Keep what was found in a file, in the place of what was. False where there is no room."""
        self._drop(path, kind)
        if (
            (path not in self._kept and len(self._kept) >= MOST_FILES)
            or self._shown + found.shown > MOST_SHOWN
            or self._characters + len(found.text) > MOST_CHARACTERS
        ):
            return False
        self._kept.setdefault(path, {})[kind] = found
        self._shown += found.shown
        self._characters += len(found.text)
        return True

    def forget(self, path: str) -> bool:
        """Keep nothing of a file. True where something was kept."""
        dropped = [self._drop(path, kind) for kind in KINDS]
        return any(dropped)

    def older(self, job: int, is_meant: Callable[[str, str], bool]) -> list[str]:
        """Forget what earlier jobs than this found of the kinds and files that `is_meant` is true of; the
        paths."""
        gone = [
            (path, kind)
            for path, kept in self._kept.items()
            for kind, one in kept.items()
            if one.job < job and is_meant(path, kind)
        ]
        for path, kind in gone:
            self._drop(path, kind)
        return list(dict.fromkeys(path for path, _ in gone))

    def _drop(self, path: str, kind: str) -> bool:
        kept = self._kept.get(path)
        found = kept.pop(kind, None) if kept is not None else None
        if found is None:
            return False
        if not kept:
            del self._kept[path]
        self._shown -= found.shown
        self._characters -= len(found.text)
        return True


class Scan:
    """One run over folders that a client sees the progress of."""

    __slots__ = (
        "begun",
        "done",
        "files",
        "fixes",
        "fixing",
        "in_files",
        "jobs",
        "left",
        "left_files",
        "looked",
        "token",
        "told",
        "unread",
    )

    def __init__(self, token: str, *, fixing: bool = False) -> None:
        """`fixing`: it looks for safe fixes, not for violations."""
        self.token = token
        self.fixing = fixing
        self.fixes: list[tuple[str, int, str]] = []
        """Those that were found: a closed file's path, how many, and the JSON text of their edits."""
        self.jobs: set[int] = set()
        self.looked: dict[int, int] = {}
        """By job: the files that were looked at."""
        self.files: int = 0
        """In which something was found."""
        self.in_files = 0
        """What was found in them."""
        self.left = self.left_files = 0
        """What of it was not kept, and in how many files."""
        self.unread = 0
        self.begun = False
        """Whether the client was told that there is progress."""
        self.told = 0.0
        """When it was last told."""
        self.done: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()

    def restart(self) -> None:
        """Begin anew: the process was ended for another scan."""
        self.jobs.clear()
        self.looked.clear()
        self.fixes.clear()
        self.files = self.in_files = self.left = self.left_files = self.unread = 0

    def counts(self, *, cancelled: bool = False, failed: bool = False) -> dict[str, Any]:
        """What the command is answered."""
        return {
            "cancelled": cancelled,
            "failed": failed,
            "files": sum(self.looked.values()),
            "filesWithViolations": self.files,
            "violations": self.in_files,
            "notKept": self.left,
            "filesNotKept": self.left_files,
            "unreadable": self.unread,
        }

    def words(self, end: str) -> str:
        """What the client shows at the end."""
        looked = sum(self.looked.values())
        found = "violation with a safe fix" if self.fixing else "violation"
        said = f"{end} {_counted(looked, 'file')}: {_counted(self.in_files, found)}"
        if self.files:
            said += f" in {_counted(self.files, 'file')}"
        if self.left:
            said += (
                f"; {_counted(self.left, 'violation')} in {_counted(self.left_files, 'file')} not shown, "
                "run `auto-enforcer check` to see all"
                if not self.fixing
                else f"; {_counted(self.left, 'fix', 'fixes')} more, run this again for them"
            )
        if self.unread:
            said += f"; {_counted(self.unread, 'file')} could not be read"
        return said


class _Job(NamedTuple):
    number: int
    folder: str
    targets: tuple[str, ...]
    inner: tuple[str, ...]
    scan: Scan | None
    shows_old: str

    def line(self, seen: tuple[str, bool, dict[str, str]]) -> bytes:
        """The job as the process is told it, with what was seen before of files that it may look at."""
        fixes = self.scan is not None and self.scan.fixing
        asked = [self.number, self.folder, self.targets, self.inner, fixes, self.shows_old, seen]
        return json.dumps(asked).encode("ascii") + b"\n"

    def is_about(self, path: str) -> bool:
        """Whether an absolute path is one of a file that the job looks at, if there is such a file."""
        inside = _below(self.folder, path)
        if inside is None or any(_is_at_or_below(inside, one) for one in self.inner):
            return False
        return any(_is_at_or_below(inside, target) for target in self.targets)

    def says(self, path: str, kind: str) -> bool:
        """Whether the job tells all that there is of a kind of an absolute path: of folders what is in them
        too, and of policies all that were met."""
        inside = _below(self.folder, path)
        if kind == FILE or inside is None:
            return inside is not None and self.is_about(path)
        if kind == POLICY:
            return True
        around = inside.rpartition("/")[0]
        return self.is_about(path) or any(target.rpartition("/")[0] == around for target in self.targets)


class Scans:
    """The scans of a server, one process for all.

    `roots` gives the workspace folders, `is_open` whether a file is open, by absolute path: that is left to
    its document; `shows_old` how old violations are shown in a folder, "" as the policy says. `changed` is
    called with a closed file's path after what is kept of it has changed, `rested` when nothing is left to
    do. `seen` is told how files were when they were first looked at, where that is what they are compared
    with.
    """

    def __init__(
        self,
        protocol: Protocol,
        channel: Channel,
        client: Client,
        roots: Callable[[], Iterable[str]],
        is_open: Callable[[str], bool],
        shows_old: Callable[[str], str],
        changed: Callable[[str], None],
        rested: Callable[[], None],
        seen: Seen,
    ) -> None:
        self._shows_old = shows_old
        self.findings = Findings()
        self.records = 0
        """What the process has told so far, for tests that count."""
        self._protocol = protocol
        self._channel = channel
        self._client = client
        self._roots = roots
        self._is_open = is_open
        self._changed = changed
        self._rested = rested
        self._loop = asyncio.get_running_loop()
        self._seen = seen
        self._complete: set[str] = set()
        """The folders all of whose files were seen."""
        self._told_seen: set[str] = set()
        """The files of which the process knows how they were."""
        self._number = 0
        self._tokens = 0
        self._scanned: set[str] = set()
        """The folders that were asked about."""
        self._jobs: dict[int, _Job] = {}
        """Those that are not done, in their order."""
        self._scans: dict[str, Scan] = {}
        """Those that run, by token."""
        self._sure: set[str] = set()
        """Paths that something is to be told of when they were looked at."""
        self._waiting: set[str] = set()
        """Paths that have changed, "" for all, until they are looked at."""
        self._timer: asyncio.TimerHandle | None = None
        self._running: asyncio.Task[None] | None = None
        self._process: Process | None = None
        self._ending: asyncio.TimerHandle | None = None

    @property
    def busy(self) -> bool:
        """Whether something is asked and not answered."""
        return bool(self._jobs or self._waiting)

    @property
    def follows(self) -> bool:
        """Whether any folder was scanned, whose files are followed from then on."""
        return bool(self._scanned)

    # -- What is asked

    def scan(self, *, fixing: bool = False) -> Scan:
        """Scan all workspace folders for violations or, `fixing`, for safe fixes. A scan for the same that
        runs ends for it."""
        for running in list(self._scans.values()):
            if running.fixing == fixing:
                self._stop(running)
        self._tokens += 1
        scan = Scan(f"auto-enforcer-scan-{self._tokens}", fixing=fixing)
        self._scans[scan.token] = scan
        roots = list(dict.fromkeys(self._roots()))
        if not fixing:
            self._scanned = set(roots)
        for root in roots:
            self._ask(root, ("",), scan)
        if not roots:
            self._end(scan, "checked")
        elif self._client.shows_progress:
            created = self._protocol.ask("window/workDoneProgress/create", {"token": scan.token})
            created.add_done_callback(lambda future: self._begin(scan, future))
        return scan

    def cancel(self, token: object) -> bool:
        """End a scan at once. What it found stays. False where there is none of this token."""
        scan = self._scans.get(token) if isinstance(token, str) else None
        if scan is None:
            return False
        self._stop(scan)
        return True

    def look(self, paths: Iterable[str], *, sure: bool = False) -> None:
        """Look at files and folders again that have changed, by absolute path, soon. `sure`: `changed` is to
        be called for them even if nothing is kept of them before and after; at once, where they are in no
        folder that was scanned."""
        for path in paths:
            if any(_below(root, path) for root in self._scanned):
                self._waiting.add(path)
                if sure:
                    self._sure.add(path)
            elif sure:
                self._changed(path)
        if self._waiting and self._timer is None:
            self._timer = self._loop.call_later(GATHERED, self._look_now)

    def again(self) -> None:
        """Scan again, soon, where there was a scan: what files are looked at for is other than it was."""
        if self._scanned:
            self._waiting.add("")
            if self._timer is None:
                self._timer = self._loop.call_later(GATHERED, self._look_now)

    def folders_changed(self) -> None:
        """Take over what workspace folders there are now."""
        if not self._scanned:
            return
        roots = set(self._roots())
        gone = [
            path
            for path in self.findings.paths()
            if not any(_below(root, path) is not None for root in roots)
        ]
        for path in gone:
            self.findings.forget(path)
            self._changed(path)
        if roots != self._scanned:
            self._waiting.clear()
            self.again()

    def stop(self) -> None:
        """End all that runs."""
        for scan in list(self._scans.values()):
            self._stop(scan)
        self._jobs.clear()
        self._waiting.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._kill()

    async def close(self) -> None:
        """End all that runs, and see the process end."""
        process = self._process
        self.stop()
        if process is not None:
            await process.wait()

    # -- Jobs

    def _look_now(self) -> None:
        self._timer = None
        waiting, self._waiting = self._waiting, set()
        if "" in waiting or len(waiting) > MOST_TARGETS:
            self.scan()
            return
        by_root: dict[str, set[str]] = {}
        for path in waiting:
            around = [root for root in self._scanned if _below(root, path)]
            if around:
                root = max(around, key=len)
                by_root.setdefault(root, set()).add(_below(root, path) or "")
        for root, targets in by_root.items():
            self._ask(root, tuple(sorted(targets)), None)

    def _ask(self, root: str, targets: tuple[str, ...], scan: Scan | None) -> None:
        self._number += 1
        inner = [inside for one in self._roots() if (inside := _below(root, one))]
        job = _Job(self._number, root, targets, tuple(inner), scan, self._shows_old(root))
        self._jobs[job.number] = job
        if scan is not None:
            scan.jobs.add(job.number)
        self._stay()
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(self._line(job))
        elif self._running is None:
            self._running = self._loop.create_task(self._run())

    def saw(self, path: str, hashes: bytes) -> None:
        """A file was like this before any scan saw it, by absolute path."""
        self._seen.put(path, hashes, first=True)
        self._told_seen.discard(path)

    def _line(self, job: _Job) -> bytes:
        """What the process is told of a job."""
        files: dict[str, str] = {}
        for path in self._seen.paths():
            if path not in self._told_seen and job.is_about(path):
                files[path] = (self._seen.of(path) or b"").hex()
        self._told_seen.update(files)
        return job.line(
            (self._seen.key.hex(), job.folder in self._complete and not self._seen.is_full, files)
        )

    async def _run(self) -> None:
        """Start the process, and hear it out."""
        self._told_seen.clear()
        try:
            process = await _start(self._client)
        except OSError as error:
            logger.error("a scan could not be started: %s", describe(error))
            self._running = None
            self._give_up()
            return
        except asyncio.CancelledError:
            return
        self._process = process
        output, given = process.stdout, process.stdin
        assert output is not None
        assert given is not None
        try:
            for job in list(self._jobs.values()):
                given.write(self._line(job))
            while line := await output.readline():
                head = json.loads(line)
                body = (await output.readexactly(head["size"])).decode("ascii") if head["size"] else ""
                self._told(head, body)
                while not self._channel.idle:
                    await asyncio.sleep(UNREAD)
                await asyncio.sleep(0)  # input goes first
        except asyncio.CancelledError:
            return
        except (OSError, ValueError, KeyError, asyncio.IncompleteReadError) as error:
            logger.error("a scan broke off: %s", describe(error))
        finally:
            _end(process)
            if self._process is process:
                self._process = None
        self._running = None
        if self._jobs:
            logger.error("the process of a scan has ended before its work")
            self._give_up()

    def _give_up(self) -> None:
        """Nothing is asked any more: the process cannot do it."""
        self._jobs.clear()
        for scan in list(self._scans.values()):
            self._end(scan, "the scan failed after", failed=True)

    def _kill(self) -> None:
        """End the process now."""
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None
        if self._running is not None:
            self._running.cancel()
            self._running = None
        if self._process is not None:
            _end(self._process)
            self._process = None

    def _stay(self) -> None:
        """The process is needed, or ends when it was not for a while."""
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None
        if not self._jobs:
            self._ending = self._loop.call_later(IDLE, self._kill)

    # -- What is found

    def _told(self, head: Mapping[str, Any], body: str) -> None:
        self.records += 1
        job = self._jobs.get(head["job"])
        if job is None:
            return
        kind, scan = head["kind"], job.scan
        if kind == "fixes":
            self._mended(scan, head, body)
        elif kind in KINDS:
            self._found(job, head, body)
        elif kind == "seen":
            self._seen.put(head["path"], bytes.fromhex(body))
            self._told_seen.add(head["path"])
        elif kind == "count":
            if scan is not None:
                scan.looked[job.number] = head["files"]
                self._report(scan)
        else:
            del self._jobs[job.number]
            if scan is None or not scan.fixing:
                sure = [path for path in self._sure if path not in self._waiting and job.is_about(path)]
                self._sure.difference_update(sure)
                for path in dict.fromkeys((*self.findings.older(job.number, job.says), *sure)):
                    self._changed(path)
            if scan is not None:
                scan.looked[job.number] = head["files"]
                scan.unread += head["unread"]
                scan.jobs.discard(job.number)
                if "" in job.targets and not scan.fixing:
                    (self._complete.add if head["sees"] else self._complete.discard)(job.folder)
                if not scan.jobs:
                    self._end(scan, "checked")
            self._stay()
            if not self.busy:
                self._rested()

    def _found(self, job: _Job, head: Mapping[str, Any], body: str) -> None:
        path, kind, scan = head["path"], head["kind"], job.scan
        if scan is not None and kind != POLICY:
            scan.files += kind == FILE
            scan.in_files += head["found"]
        if self._is_open(path):
            return
        before = self.findings.of(path)
        kept = self.findings.put(path, kind, Kept(body, head["shown"], job.number))
        if not kept and scan is not None:
            scan.left += head["found"]
            scan.left_files += 1
        if self.findings.of(path) != before:
            self._changed(path)

    def _mended(self, scan: Scan | None, head: Mapping[str, Any], body: str) -> None:
        if scan is None or self._is_open(head["path"]):
            return
        scan.files += 1
        scan.in_files += head["found"]
        fixes, characters = sum(one[1] for one in scan.fixes), sum(len(one[2]) for one in scan.fixes)
        is_room = characters + len(body) <= MOST_CHARACTERS and fixes < MOST_FIXES
        if len(scan.fixes) >= MOST_MENDED or not is_room:
            scan.left += head["found"]
            scan.left_files += 1
        else:
            scan.fixes.append((head["path"], head["found"], body))

    # -- Progress

    def _begin(self, scan: Scan, created: Future[Any]) -> None:
        if created.cancelled() or created.exception() is not None or scan.token not in self._scans:
            return
        scan.begun = True
        title = "Looking for what is safe to fix" if scan.fixing else "Scanning the workspace"
        value = {"kind": "begin", "title": title, "cancellable": True}
        self._progress(scan, value)

    def _report(self, scan: Scan) -> None:
        now = time.monotonic()
        if scan.begun and now - scan.told >= REPORTED:
            scan.told = now
            message = f"{_counted(sum(scan.looked.values()), 'file')}, {_counted(scan.in_files, 'violation')}"
            self._progress(scan, {"kind": "report", "message": message})

    def _end(self, scan: Scan, words: str, *, cancelled: bool = False, failed: bool = False) -> None:
        if self._scans.pop(scan.token, None) is None:
            return
        logger.info("a scan: %s", scan.words(words))
        if scan.begun:
            self._progress(scan, {"kind": "end", "message": scan.words(words)})
        if not scan.done.done():
            scan.done.set_result(scan.counts(cancelled=cancelled, failed=failed))
        if not self.busy:
            self._rested()

    def _stop(self, scan: Scan) -> None:
        """End a scan that runs, and the process with it; what else was asked goes on in another."""
        for number in scan.jobs:
            self._jobs.pop(number, None)
        self._kill()
        self._end(scan, "cancelled after", cancelled=True)
        for other in self._scans.values():
            for number in other.jobs:
                self._jobs.pop(number, None)
            other.restart()
            for root in dict.fromkeys(self._roots()):
                self._ask(root, ("",), other)
        if self._jobs and self._running is None:
            self._running = self._loop.create_task(self._run())

    def _progress(self, scan: Scan, value: dict[str, Any]) -> None:
        self._protocol.tell("$/progress", {"token": scan.token, "value": value})


async def _start(client: Client) -> Process:
    """Start the process, which has no part in what this one was given to read and write."""
    package = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    most = parsed(client.options, Settings())[0].most_diagnostics
    options = {"encoding": client.encoding, "most": most, "relates": client.relates}
    flags = 0
    if sys.platform == "win32":
        import subprocess

        flags = subprocess.CREATE_NO_WINDOW | subprocess.BELOW_NORMAL_PRIORITY_CLASS
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-c",
        _PROGRAM,
        package,
        json.dumps(options),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        creationflags=flags,
    )


def _end(process: Process) -> None:
    if process.returncode is None:
        try:
            process.kill()
        except ProcessLookupError:
            pass


def _below(folder: str, path: str) -> str | None:
    """A path relative to a folder that it is in, with forward slashes; "" for itself, None where it is not in
    there."""
    if path == folder:
        return ""
    start = folder if folder.endswith(os.sep) else folder + os.sep
    if not path.startswith(start):
        return None
    return path[len(start) :].replace(os.sep, "/") if os.sep != "/" else path[len(start) :]


def _is_at_or_below(path: str, above: str) -> bool:
    return not above or path == above or path.startswith(above + "/")


def _counted(count: int, one: str, several: str = "") -> str:
    first, blank, rest = one.partition(" ")
    return f"{count:,} {one if count == 1 else several or f'{first}s{blank}{rest}'}"
