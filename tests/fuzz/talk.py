"""Makes conversations: what a client says next, by chance, from what the model holds to be so."""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from typing import Any
from urllib.parse import quote

from auto_enforcer.languages import LANGUAGES
from auto_enforcer.path_kinds import kinds_of
from fuzz import texts
from fuzz.model import ABOUT, Opened, units
from fuzz.runner import ENDS, ROOT, Runner, Step
from fuzz.wire import Message

FOLDERS = ("w", "w/inner", "w/app", "other", "w/ключ é")
"""Folders that may be of the workspace; some lie within others."""

PLACES = (*FOLDERS, "w", "w", "loose")
"""Where documents are."""

POLICIES = (
    "w/enforcer.toml",
    "w/enforcer.toml",
    "w/inner/enforcer.toml",
    "w/pyproject.toml",
    "w/inner/pyproject.toml",
    "w/app/enforcer.toml",
    "w/base.toml",
    "base.toml",
    "other/enforcer.toml",
    "other/base.toml",
    "loose/enforcer.toml",
    "w/ключ é/enforcer.toml",
)

MOST_OPEN = 8

BROKEN: tuple[tuple[str, int, int], ...] = (
    ("{", 1, 1),
    ("", 1, 1),
    ("null", 1, 1),
    ("[]", 1, 1),
    ("17", 1, 1),
    ('"text"', 1, 1),
    ("{}", 1, 1),
    ("\xff\xfe\xfd", 1, 1),
    ("[" * 100_000, 1, 1),
    ('{"jsonrpc":"1.0","method":"initialized"}', 1, 1),
    ('{"jsonrpc":"2.0"}', 1, 1),
    ('{"jsonrpc":"2.0","id":{},"method":"fuzz/x"}', 1, 1),
    ('{"jsonrpc":"2.0","id":[1],"method":"fuzz/x"}', 1, 1),
    ('{"jsonrpc":"2.0","id":1.5,"method":"fuzz/x"}', 1, 1),
    ('{"jsonrpc":"2.0","id":true,"method":"fuzz/x"}', 1, 1),
    ('{"jsonrpc":"1.0","id":{"a":1},"method":"fuzz/x"}', 1, 1),
    ('{"jsonrpc":"2.0","id":null,"method":"fuzz/x"}', 0, 1),
    ('{"jsonrpc":"2.0","method":5}', 1, 1),
    ('{"jsonrpc":"2.0","id":"nobody-asked","result":[1]}', 0, 0),
    ('{"jsonrpc":"2.0","id":4711,"error":{"code":1,"message":"x"}}', 0, 0),
    ('{"jsonrpc":"2.0","id":"nobody-asked","error":5}', 0, 0),
    ('{"jsonrpc":"2.0","id":4711}', 0, 0),
    ('[{"jsonrpc":"2.0","method":"initialized"}]', 1, 1),
    ('{"jsonrpc":"2.0","method":"$/unknown","params":[1,2]}', 0, 0),
    ('{"jsonrpc":"2.0","method":"fuzz/unknown","params":"x"}', 0, 0),
    ('{"jsonrpc":"2.0","method":"$/cancelRequest"}', 0, 0),
    ('{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":[1]}}', 0, 0),
    ('{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"nobody-asked"}}', 0, 0),
    ('{"jsonrpc":"2.0","method":"$/setTrace","params":{"value":"verbose"}}', 0, 0),
    ('{"jsonrpc":"2.0","method":"$/setTrace","params":{"value":5}}', 0, 0),
    ('{"jsonrpc":"2.0","method":"$/progress","params":{"token":1,"value":{}}}', 0, 0),
    ('{"jsonrpc":"2.0","method":"window/workDoneProgress/cancel","params":{"token":"x"}}', 0, 0),
    ('{"jsonrpc":"2.0","method":"initialized","params":[]}', 0, 0),
    ('{"jsonrpc":"2.0","method":"workspace/didChangeConfiguration","params":{"settings":{"x":1}}}', 0, 0),
    ('{"jsonrpc":"2.0","method":"workspace/didChangeWorkspaceFolders","params":{"event":5}}', 0, 0),
    (
        '{"jsonrpc":"2.0","method":"workspace/didChangeWorkspaceFolders","params":{"event":{"added":[{"uri":5}]}}}',
        0,
        0,
    ),
    ('{"jsonrpc":"2.0","method":"workspace/didChangeWatchedFiles"}', 0, 0),
    ('{"jsonrpc":"2.0","method":"textDocument/didOpen"}', 0, 0),
    (
        '{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":5,"text":"x","version":1}}}',
        0,
        0,
    ),
    (
        '{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":["a"],"text":"x"}}}',
        0,
        0,
    ),
    ('{"jsonrpc":"2.0","method":"textDocument/didClose","params":{"textDocument":{"uri":null}}}', 0, 0),
    ('{"jsonrpc":"2.0","method":"textDocument/didClose","params":{"textDocument":{"uri":{}}}}', 0, 0),
    ('{"jsonrpc":"2.0","method":"textDocument/didSave","params":{"textDocument":[]}}', 0, 0),
    (
        '{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":"x","contentChanges":[]}}',
        0,
        0,
    ),
    ('{"jsonrpc":"2.0","method":"textDocument/codeAction","params":{}}', 0, 0),
    (
        '{"jsonrpc":"2.0","method":"textDocument/codeAction","params":{"textDocument":{"uri":"untitled:x"},'
        '"range":{"start":{"line":0,"character":0},"end":{"line":9,"character":0}},"context":{"diagnostics":[]}}}',
        0,
        0,
    ),
    ('{"jsonrpc":"2.0","method":"shutdown"}', 0, 0),
    ('{"jsonrpc":"2.0","method":"initialize","params":{"capabilities":{}}}', 0, 0),
    (
        '{"jsonrpc":"2.0","method":"notebookDocument/didOpen","params":{"notebookDocument":{"uri":"untitled:n",'
        '"notebookType":"x","version":1,"cells":[{"kind":2,"document":"untitled:cell"}]},"cellTextDocuments":'
        '[{"uri":"untitled:cell","languageId":"python","version":1,"text":"print(1)\\n"}]}}',
        0,
        0,
    ),
)
"""Bodies that are no message, or one that means nothing, and how many errors without an id (least, most) the
server answers with."""

HEADERS = (
    "content-length: {}\r\n\r\n",
    "Content-Length: {}\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n",
    "Content-Type: x\r\nCONTENT-LENGTH:  {} \r\n\r\n",
    "Content-Length: {}\r\n\r\n",
)

REQUESTS: tuple[tuple[str, Any], ...] = (
    ("fuzz/unknown", {}),
    ("fuzz/unknown", [1, "2"]),
    ("fuzz/unknown", None),
    ("textDocument/hover", {"textDocument": {"uri": "untitled:x"}, "position": {"line": 0, "character": 0}}),
    ("textDocument/hover", {"textDocument": {"uri": "untitled:x"}, "position": 5}),
    ("textDocument/completion", {"position": {"line": 0, "character": 0}}),
    ("textDocument/documentLink", [1]),
    ("textDocument/diagnostic", None),
    ("textDocument/codeAction", {}),
    ("textDocument/codeAction", {"textDocument": {"uri": 5}, "range": 5, "context": None}),
    ("textDocument/codeAction", None),
    ("textDocument/codeAction", [1]),
    (
        "textDocument/didOpen",
        {
            "textDocument": {
                "uri": "untitled:asked",
                "languageId": "python",
                "version": 1,
                "text": "print(1)\n",
            }
        },
    ),
    ("textDocument/didClose", {"textDocument": {"uri": "untitled:asked"}}),
    ("initialized", {}),
    ("initialize", {"capabilities": {}}),
    ("exit", None),
    ("$/cancelRequest", {"id": 1}),
    ("$/setTrace", {"value": "off"}),
    ("workspace/executeCommand", {"command": "x"}),
    ("workspace/symbol", {"query": "x"}),
    ("", {}),
)

WRONG_CHANGES: tuple[Any, ...] = (
    None,
    5,
    {"text": "x"},
    [5],
    [{}],
    [{"text": 5}],
    [{"text": "x", "range": 5}],
    [{"text": "x", "range": {}}],
    [{"text": "x", "range": {"start": {"line": 0, "character": 0}}}],
    [{"text": "x", "range": {"start": {"line": -1, "character": 0}, "end": {"line": 0, "character": 0}}}],
    [{"text": "x", "range": {"start": {"line": 0, "character": "0"}, "end": {"line": 0, "character": 0}}}],
    [
        {"text": "x"},
        {"text": "y", "range": {"start": {"line": 0, "character": -5}, "end": {"line": 0, "character": 0}}},
    ],
)


class Talk:
    """One conversation, made from a seed while it is held; `steps` is all of it."""

    def __init__(self, seed: str, edits: int, runner: Runner) -> None:
        self.source = random.Random(seed)
        self.edits = edits
        self.runner = runner
        self.model = runner.model
        self.steps: list[Step] = []
        self.counts: Counter[str] = Counter()
        self.languages: Counter[str] = Counter()
        self._versions: dict[str, int] = {}
        self._numbers = 0
        self._unsent = 0
        self._since_quiet = 0
        # A client of one pace: each edit by itself, or many before it reads.
        self.pace = self.source.choice((1, 1, 2, 6, 25))

    def hold(self) -> None:
        """The whole conversation. Raises Fault."""
        self._begin()
        while self.counts["edits"] < self.edits:
            self._something()
            if self._since_quiet >= 50:
                self.quiet()
        self.quiet()
        self.do("end", self.source.choice(tuple(ENDS)))

    def do(self, name: str, *arguments: Any) -> None:
        """A step, noted before it is performed."""
        step = [name, *arguments]
        self.steps.append(step)
        self.runner.perform(step)

    def say(self, method: str, params: Any, number: Any = None) -> None:
        """A message, sent with those before it when it pleases the client's pace."""
        message: Message = {"jsonrpc": "2.0", "method": method, "params": params}
        if number is not None:
            message["id"] = number
        self.do("say", message)
        self._unsent += 1
        if self._unsent >= self.pace:
            self.send()

    def send(self) -> None:
        """Let what was said go out."""
        self._unsent = 0
        self.do("send", 1 if self.source.random() < 0.97 else self.source.randrange(2, 40))
        if self.pace == 1 or self.source.random() < 0.5:
            self.do("sync")

    def quiet(self) -> None:
        """A point at which all is compared."""
        self._unsent = self._since_quiet = 0
        self.counts["quiet points"] += 1
        self.do("quiet")

    # -- The beginning

    def _begin(self) -> None:
        source = self.source
        if source.random() < 0.15:
            self.do("plain")
        for _ in range(source.choice((0, 0, 0, 1, 3))):
            self._misc()
        for path in source.sample(POLICIES, source.choice((0, 0, 1, 2))):
            self._policy(path)
        if source.random() < 0.1:
            self.say("initialize", source.choice(([], None, "x")), self._number())
        folders = source.sample(FOLDERS, source.choice((0, 1, 1, 1, 2, 3)))
        capabilities: dict[str, Any] = {}
        offered = source.choice(
            (None, ["utf-16"], ["utf-8", "utf-16"], ["utf-32"], ["utf-32", "utf-16"], ["utf-7"])
        )
        if offered is not None:
            capabilities["general"] = {"positionEncodings": offered}
        if source.random() < 0.6:
            capabilities["workspace"] = {
                "didChangeWatchedFiles": {"dynamicRegistration": True},
                "workspaceEdit": {"documentChanges": source.random() < 0.5},
            }
        params: dict[str, Any] = {
            "processId": None,
            "rootUri": None,
            "capabilities": capabilities,
            "workspaceFolders": [self._folder(name) for name in folders] or None,
        }
        if source.random() < 0.3:
            params["initializationOptions"] = {"maximumDiagnostics": source.choice((1, 2, 5, 20))}
        self.say("initialize", params, self._number())
        self.say("initialized", {})
        self.send()

    def _folder(self, name: str) -> dict[str, str]:
        slash = "/" if self.source.random() < 0.1 else ""
        return {"uri": f"file://{ROOT}/{quote(name)}{slash}", "name": name}

    def _number(self) -> int | str:
        """An id that no request without an answer has, save now and then."""
        self._numbers += 1
        return self.source.choice((self._numbers, f"n{self._numbers}", str(self._numbers)))

    # -- What comes next

    def _something(self) -> None:
        source = self.source
        kind = source.random()
        if not self.model.open or (kind < 0.03 and len(self.model.open) < MOST_OPEN):
            self._open()
        elif kind < 0.92:
            self._edit()
        elif kind < 0.935:
            self._close()
        elif kind < 0.94:
            self._reopen()
        elif kind < 0.945:
            self._save()
        elif kind < 0.96:
            self._act()
        elif kind < 0.970:
            self._policy(self._policy_path())
        elif kind < 0.978:
            self._move()
        elif kind < 0.982:
            self._wrong_document()
        else:
            self._misc()

    def _policy_path(self) -> str:
        """A file that may be the policy of some document, or that such a one may extend."""
        source = self.source
        if source.random() < 0.25:
            return source.choice(POLICIES)
        opened = self._some()
        session = self.model.sessions[opened.root]
        if session.held and source.random() < 0.5:
            path = os.path.join(session.root, source.choice(sorted(session.held)))
        else:
            folders = [os.path.dirname(opened.path)]
            while len(folders[-1]) > len(session.root):
                folders.append(os.path.dirname(folders[-1]))
            name = source.choice(("enforcer.toml", "enforcer.toml", "enforcer.toml", "pyproject.toml"))
            path = os.path.join(source.choice(folders), name)
        inner = os.path.normpath(path).removeprefix(self.runner.root + "/")
        return source.choice(POLICIES) if inner.startswith("/") else inner

    def _some(self) -> Opened:
        return self.source.choice(list(self.model.open.values()))

    def _version(self, uri: str) -> Any:
        last = self._versions.get(uri, 0)
        kind = self.source.random()
        if kind < 0.002:
            return self.source.choice((None, "x", 1.5, {}, True))
        if kind < 0.004:
            return self.source.randrange(last + 1)
        self._versions[uri] = last + self.source.choice((1, 1, 1, 2, 7))
        return self._versions[uri]

    def _said_uri(self, uri: str) -> str:
        """A URI of the model as it is written down."""
        return uri.replace(self.runner.root, ROOT)

    def _open(self) -> None:
        source = self.source
        language = source.choice(texts.LANGUAGE_IDS)
        path = f"{source.choice(PLACES)}/{texts.path(source, language)}"
        uri = f"file://{ROOT}/{quote(path)}"
        text = texts.content(source, language)
        kind = source.random()
        told = language
        if kind < 0.03:
            uri = f"untitled:Untitled-{source.randrange(3)}"
        elif kind < 0.05:
            told = source.choice(("", "klingon", "plaintext"))
        elif kind < 0.07:
            uri = f"file://{ROOT}/w/odd.txt"
        elif kind < 0.10:
            path, told = source.choice(POLICIES), "toml"
            uri, text = f"file://{ROOT}/{quote(path)}", texts.policy(source).replace("\0", "")
        elif kind < 0.13 and self.model.open:
            uri = self._alias(self._said_uri(self._some().uri))
        elif kind < 0.16:
            uri = f"file://{ROOT}/w/unknown"
        if (kind < 0.03 or 0.13 <= kind < 0.16) and kinds_of(texts.renamed("unknown", told)):
            # What has no name is of no kind of file either, while one named for `check` would be.
            told = "python"
        self._tell_open(uri, told, text)

    def _alias(self, uri: str) -> str:
        """Another way to write a URI."""
        head, slash, name = uri.rpartition("/")
        if not uri.startswith("file:"):
            return uri
        if self.source.random() < 0.5:
            return f"{head}/./{name}"
        return (
            f"{head}{slash}%{ord(name[0]):02X}{name[1:]}"
            if name[:1].isalpha() and name[0].isascii()
            else f"{head}/./{name}"
        )

    def _tell_open(self, uri: str, language: str, text: str) -> None:
        item: dict[str, Any] = {
            "uri": uri,
            "languageId": language,
            "version": self._version(uri),
            "text": text,
        }
        kind = self.source.random()
        if kind < 0.004:
            item["text"] = self.source.choice((None, 5, ["x"]))
        elif kind < 0.006:
            del item["text"]
        elif kind < 0.008:
            del item["version"]
        self.counts["openings"] += 1
        self.languages[language] += 1
        self.say("textDocument/didOpen", {"textDocument": item})

    def _reopen(self) -> None:
        opened = self._some()
        known = opened.language if opened.language in LANGUAGES else "plaintext"
        self._tell_open(self._said_uri(opened.uri), opened.language, texts.content(self.source, known))

    def _close(self) -> None:
        self.counts["closings"] += 1
        self.say("textDocument/didClose", {"textDocument": {"uri": self._said_uri(self._some().uri)}})

    def _save(self) -> None:
        self.say("textDocument/didSave", {"textDocument": {"uri": self._said_uri(self._some().uri)}})

    # -- Edits

    def _edit(self) -> None:
        source = self.source
        opened = self._some()
        # Each of several is for the text after those before it; near enough, for any place is allowed.
        changes: Any = [self._change(opened) for _ in range(source.choice((1, 1, 1, 1, 1, 1, 2, 4)))]
        uri = self._said_uri(opened.uri)
        item = {"uri": uri, "version": self._version(uri)}
        if source.random() < 0.0005:
            changes = source.choice(WRONG_CHANGES)
            self.counts["malformed changes"] += 1
        else:
            self.counts["edits"] += len(changes)
            self._since_quiet += len(changes)
            self.languages[opened.language] += len(changes)
        self.say("textDocument/didChange", {"textDocument": item, "contentChanges": changes})

    def _change(self, opened: Opened) -> Message:
        source = self.source
        language = opened.language if opened.language in LANGUAGES else "plaintext"
        kind = source.random()
        if kind < 0.004 or (len(opened.text) > 20_000 and kind < 0.05):
            return {"text": texts.content(source, language)}
        lines = opened.lines
        count = len(lines)
        first = source.randrange(count)
        if source.random() < 0.2:
            first = min(first, source.randrange(12))
        last = min(count - 1, first + source.choice((0, 0, 0, 0, 0, 1, 1, 3, 10)))
        start, end = self._column(lines[first]), self._column(lines[last])
        text = texts.piece(source, language)
        if kind < 0.3 or (count > 150 and kind < 0.6):
            # Take out.
            if source.random() < 0.5:
                start, end, last = 0, 0, min(count - 1, last + 1)
            text = ""
        elif kind < 0.75:
            # Put in, at the cursor, at the line's start or at its end.
            last = first
            start = end = source.choice((start, 0, len(lines[first])))
        elif kind < 0.8:
            # Write lines again elsewhere.
            last, end = first, start
            other = source.randrange(count)
            text = "".join(lines[other : other + source.randrange(1, 5)])
        elif kind < 0.82:
            # Write lines again where they are, one of them perhaps as another: as formatters do.
            again = [line.rstrip("\r\n") for line in lines[first : last + 1]]
            start, end = 0, len(again[-1])
            if source.random() < 0.9:
                again[source.randrange(len(again))] = text
            text = source.choice(texts.ENDS).join(again)
        if (first, start) > (last, end) and source.random() < 0.97:
            (first, start), (last, end) = (last, end), (first, start)
        span = {"start": self._position(opened, first, start), "end": self._position(opened, last, end)}
        if source.random() < 0.01:
            source.choice((span["start"], span["end"]))[source.choice(("line", "character"))] += (
                source.choice((1, 5, 10**6, 2**31))
            )
        change: Message = {"range": span, "text": text}
        if source.random() < 0.1:
            change["rangeLength"] = source.randrange(9)
        return change

    def _column(self, line: str) -> int:
        size = len(line.rstrip("\r\n"))
        return self.source.choice((0, size, self.source.randrange(size + 1), self.source.randrange(size + 1)))

    def _position(self, opened: Opened, number: int, column: int) -> dict[str, int]:
        line = opened.lines[number].rstrip("\r\n")
        character = units(line, column, self.model.encoding)
        if not line.isascii() and self.source.random() < 0.1:
            character += 1  # perhaps within a letter
        return {"line": number, "character": character}

    # -- The rest

    def _act(self) -> None:
        """Ask for what can be done somewhere; now and then take the request back, or do it."""
        source = self.source
        opened = self._some()
        uri = self._said_uri(opened.uri)
        if source.random() < 0.3:
            method = source.choice(sorted(ABOUT))
            params: dict[str, Any] = {"textDocument": {"uri": uri}}
            if ABOUT[method]:
                line = source.randrange(len(opened.lines) + 1)
                params["position"] = {"line": line, "character": source.randrange(120)}
            self.counts["questions"] += 1
            self.say(method, params, self._number())
            return
        span = {"start": {"line": 0, "character": 0}, "end": {"line": len(opened.lines), "character": 0}}
        if source.random() < 0.5:
            line = source.randrange(len(opened.lines))
            span = {"start": {"line": line, "character": 0}, "end": {"line": line, "character": 500}}
        context: dict[str, Any] = {"diagnostics": []}
        if source.random() < 0.2:
            context["only"] = source.choice((["quickfix"], ["refactor"], []))
        if source.random() < 0.2:
            self.quiet()
            context["diagnostics"] = self.runner.shown[opened.uri][1][:3]
        params = {"textDocument": {"uri": uri}, "range": span, "context": context}
        self.counts["code actions"] += 1
        if source.random() < 0.5:
            number = self._number()
            self.say("textDocument/codeAction", params, number)
            if source.random() < 0.05:
                # An answer to a question of the server's, which has not asked any by this id.
                body = json.dumps({"jsonrpc": "2.0", "id": number, "result": [17]})
                self.do("bytes", f"Content-Length: {len(body)}\r\n\r\n{body}", [0, 0])
            if source.random() < 0.6:
                if source.random() < 0.3:
                    self.do("sync")
                self.counts["cancellations"] += 1
                self.say("$/cancelRequest", {"id": number})
            return
        self._numbers += 1
        number = f"wanted-{self._numbers}"
        self.say("textDocument/codeAction", params, number)
        self.quiet()
        answer = self.runner.answers.pop(number)
        actions = answer.get("result") or []
        if not actions or opened.failed:
            return
        edit = source.choice(actions)["edit"]
        [edits] = (
            edit["changes"].values()
            if "changes" in edit
            else [one["edits"] for one in edit["documentChanges"]]
        )
        # All of them are for the same text: the last one goes first.
        edits = sorted(
            edits, key=lambda one: (one["range"]["start"]["line"], one["range"]["start"]["character"])
        )
        changes = [{"range": one["range"], "text": one["newText"]} for one in reversed(edits)]
        self.counts["fixes applied"] += 1
        self.counts["edits"] += len(changes)
        item = {"uri": uri, "version": self._version(uri)}
        self.say("textDocument/didChange", {"textDocument": item, "contentChanges": changes})

    def _policy(self, path: str) -> None:
        self.counts["policies written"] += 1
        source = self.source
        if source.random() < 0.03:
            folder = path.rpartition("/")[0]
            text: str | None = source.choice(
                ("*.py linguist-generated\n", "app/** linguist-generated=true\n", "", None)
            )
            self.do("file", f"{folder}/.gitattributes" if folder else ".gitattributes", text)
            return
        text = None
        if source.random() < 0.85:
            # What is found at present is what a policy can change.
            sound = [opened for opened in self.model.open.values() if not opened.failed]
            found = sorted({one[5] for opened in sound for one in self.model.expected(opened)})
            known = [rule for rule in found if rule in texts.rules()]
            text = texts.policy(source, known, pyproject=path.endswith("pyproject.toml"))
        self.do("file", path, text)

    def _move(self) -> None:
        source = self.source
        self.counts["folder changes"] += 1
        event = {
            "added": [self._folder(name) for name in source.sample(FOLDERS, source.choice((0, 1, 1, 2)))],
            "removed": [
                {"uri": self._said_uri(uri), "name": "x"}
                for uri in source.sample(
                    sorted(self.model.folders), min(len(self.model.folders), source.choice((0, 1, 1, 2)))
                )
            ],
        }
        self.say("workspace/didChangeWorkspaceFolders", {"event": event})

    def _wrong_document(self) -> None:
        """Say something of a document that is not open."""
        method = self.source.choice(
            ("textDocument/didChange", "textDocument/didClose", "textDocument/didSave")
        )
        params: dict[str, Any] = {"textDocument": {"uri": f"file://{ROOT}/w/never.py", "version": 3}}
        if method == "textDocument/didChange":
            params["contentChanges"] = [{"text": "print(1)\n"}]
        self.say(method, params)

    def _misc(self) -> None:
        """Requests and bytes that change nothing."""
        source = self.source
        if source.random() < 0.5:
            method, params = source.choice(REQUESTS)
            if method == "initialize" and not self.model.begun:
                return
            number = self._number()
            if source.random() < 0.05:
                number = source.choice(("", 0, -1, 2**31 - 1, "auto-enforcer-1", "é" * 50))
            self.counts["other requests"] += 1
            self.say(method, params, number)
            if source.random() < 0.2:
                self.counts["cancellations"] += 1
                self.say("$/cancelRequest", {"id": number})
            return
        body, least, most = source.choice(BROKEN)
        data = body.encode("latin-1")
        head = source.choice(HEADERS).format(len(data))
        self.counts["broken messages"] += 1
        self.do("bytes", head + body, [least, most])
