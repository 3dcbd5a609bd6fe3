"""The mutants: what is broken, and the tests of which one must notice it."""

from __future__ import annotations

from typing import NamedTuple


class Mutant(NamedTuple):
    """In the file `path`, which has `before` once, that becomes `after`. `tests` are arguments of pytest."""

    name: str
    path: str
    before: str
    after: str
    tests: tuple[str, ...]


PACKAGE = "server/auto_enforcer"

_LEXER = ("tests/test_lexer.py",)
_TEXT = ("tests/test_text.py",)
_ENGINE = ("tests/test_engine.py", "tests/test_engine_review.py")
_DOCUMENT = ("tests/test_document.py",)
_SUPPRESSIONS = ("tests/test_suppressions.py", "tests/test_engine_review.py")
_POLICY = ("tests/test_policy.py",)
_VERDICT = ("tests/test_verdict.py",)
_REDACTION = ("tests/test_redaction.py",)
_EXPRESSIONS = ("tests/test_expressions.py",)
_SCANNER = ("tests/test_scanner.py",)
_RENDER = ("tests/test_render.py",)
_DECISIVE = ("tests/test_results.py::test_what_decides_is_in_the_key",)

MUTANTS = (
    # Zones and states
    Mutant(
        "state not carried to the next line",
        f"{PACKAGE}/walk.py",
        "        self.source.turned(self.number + 1, state)\n        self._travel(after)\n",
        "        self.source.turned(self.number + 1, state)\n",
        (*_ENGINE, *_DOCUMENT),
    ),
    Mutant(
        "a docstring that a line opens is not open below it",
        f"{PACKAGE}/lexer.py",
        "return (*frames, frame) if frame is not None else frames[:-1]",
        "return frames",
        _LEXER,
    ),
    Mutant(
        "a line with a delimiter counts as quiet",
        f"{PACKAGE}/grammars/modes.py",
        'return f"(?!{\'|\'.join(patterns)})" if patterns else ""',
        'return ""',
        _LEXER,
    ),
    Mutant(
        "a spliced line is turned as if it began anew",
        f"{PACKAGE}/lexer.py",
        "mode.plain and name != CONTINUED",
        "mode.plain",
        _LEXER,
    ),
    Mutant(
        "a template that a line leaves open is no mark",
        f"{PACKAGE}/grammars/rows_scripts.py",
        'r"^(?:[^`\\n]*`[^`\\n]*(?:`[^`\\n]*`[^`\\n]*)*$|"',
        'r"^(?:"',
        _LEXER,
    ),
    Mutant(
        "a state that ends without a mark counts as settled",
        f"{PACKAGE}/lexer.py",
        "    return all(machine(frame[0], frame[1]).settled for frame in cast(Frames, state))",
        "    return True",
        _LEXER,
    ),
    Mutant(
        "a fence is not seen from inside of what it holds",
        f"{PACKAGE}/lexer.py",
        "if found is not None and found.start() < limit:",
        "if False and found is not None and found.start() < limit:",
        _LEXER,
    ),
    Mutant(
        "nesting without a bound",
        f"{PACKAGE}/grammars/modes.py",
        "DEEPEST = 64",
        "DEEPEST = 640_000",
        _LEXER,
    ),
    Mutant(
        "a heredoc's body does not begin on the next line",
        f"{PACKAGE}/lexer.py",
        "    for opened in reversed(cursor.pending):\n",
        "    for opened in ():\n",
        _LEXER,
    ),
    # Text
    Mutant(
        "lines cut where Python cuts them",
        f"{PACKAGE}/text.py",
        'lines = list(io.StringIO(text, newline=""))',
        "lines = text.splitlines(keepends=True)",
        _TEXT,
    ),
    Mutant(
        "utf-16 columns counted as code points",
        f"{PACKAGE}/text.py",
        'return len(head.encode("utf-16-le", "surrogatepass")) // 2',
        "return len(head)",
        _TEXT,
    ),
    Mutant(
        "utf-16 columns read as code points",
        f"{PACKAGE}/text.py",
        'return len(line.encode("utf-16-le", "replace")[: 2 * column].decode("utf-16-le", "ignore"))',
        "return min(column, len(line))",
        _TEXT,
    ),
    Mutant(
        "a carriage return alone ends no line",
        f"{PACKAGE}/text.py",
        'chunk = chunk.replace(b"\\r\\n", b"\\n").replace(b"\\r", b"\\n")',
        'chunk = chunk.replace(b"\\r\\n", b"\\n")',
        _TEXT,
    ),
    Mutant(
        "a line cut by a block's border",
        f"{PACKAGE}/text.py",
        '            cut = data.rfind(b"\\n") + 1\n',
        "            cut = len(data)\n",
        (*_TEXT, *_ENGINE),
    ),
    Mutant(
        "the byte order mark is text",
        f"{PACKAGE}/text.py",
        "            return name, head[len(mark) :]",
        "            return name, head",
        _TEXT,
    ),
    Mutant(
        "a match at the border of two pieces is found twice",
        f"{PACKAGE}/walk.py",
        "        if piece is not None and not piece.own_start <= candidate.start < max(\n",
        "        if False and piece is not None and not piece.own_start <= candidate.start < max(\n",
        _ENGINE,
    ),
    Mutant(
        "a hit is lost where one piece of a line hands over to the next",
        f"{PACKAGE}/text.py",
        "            own_end = characters(data[start : _boundary(data, (index + 1) * STEP + MARGIN)])",
        "            own_end = characters(data[start : _boundary(data, (index + 1) * STEP)])",
        (*_TEXT, *_ENGINE),
    ),
    Mutant(
        "a hit is lost at the border of two blocks of a long line",
        f"{PACKAGE}/text.py",
        "                    yield Block(data[:_SEGMENT_END], offset, last=False)\n",
        "                    yield Block(data[:SEGMENT], offset, last=False)\n",
        (*_TEXT, *_ENGINE),
    ),
    # Expressions
    Mutant(
        "the help for possessive repeats lets them match nothing",
        f"{PACKAGE}/expressions.py",
        "(parser.ASSERT_NOT, (1, ",
        "(parser.ASSERT, (1, ",
        _EXPRESSIONS,
    ),
    Mutant(
        "the help for possessive repeats takes their ways away",
        f"{PACKAGE}/expressions.py",
        "(parser.BRANCH, (None, [group, never]))",
        "(parser.BRANCH, (None, [never, never]))",
        _EXPRESSIONS,
    ),
    # Windows
    Mutant(
        "the window above one line short",
        f"{PACKAGE}/windows.py",
        "        found: list[bytes] = []\n        for _ in range(count):\n            start = data.rfind",
        "        found: list[bytes] = []\n        for _ in range(count - 1):\n            start = data.rfind",
        (*_ENGINE, *_DOCUMENT),
    ),
    Mutant(
        "the window below one line short",
        f"{PACKAGE}/windows.py",
        "        found: list[bytes] = []\n        for _ in range(count):\n            end = data.find",
        "        found: list[bytes] = []\n        for _ in range(count - 1):\n            end = data.find",
        (*_ENGINE, *_DOCUMENT),
    ),
    Mutant(
        "a window ends at the block's start",
        f"{PACKAGE}/windows.py",
        "            region = (self._tail + region)[-WINDOW - 1 :]\n        if len(region) > WINDOW:",
        "            region = region[-WINDOW - 1 :]\n        if len(region) > WINDOW:",
        _ENGINE,
    ),
    Mutant(
        "a window ends at the block's end",
        f"{PACKAGE}/windows.py",
        "            region = (region + self._peek())[:WINDOW]",
        "            region = region[:WINDOW]",
        _ENGINE,
    ),
    # The walk
    Mutant(
        "an excuse is ignored",
        f"{PACKAGE}/walk.py",
        "            if excuse.speaks(line, candidate, look.options):\n",
        "            if False and excuse.speaks(line, candidate, look.options):\n",
        _ENGINE,
    ),
    Mutant(
        "a match counts in any zone",
        f"{PACKAGE}/walk.py",
        '            return "zone"\n',
        "            pass\n",
        _ENGINE,
    ),
    Mutant(
        "a carry is lost",
        f"{PACKAGE}/walk.py",
        "                carries = _carried(held, rule.id, left, rule.carry)\n",
        "                _carried(held, rule.id, left, rule.carry)\n",
        _ENGINE,
    ),
    Mutant(
        "a fact of an earlier line is lost",
        f"{PACKAGE}/walk.py",
        "                earlier = earlier | {(fact.name, value)}\n",
        "                pass\n",
        _ENGINE,
    ),
    Mutant(
        "a language that begins within a block is not looked for",
        f"{PACKAGE}/walk.py",
        "                if new:\n                    scanned.update(new)\n",
        "                if False:\n                    scanned.update(new)\n",
        _ENGINE,
    ),
    Mutant(
        "a rule that raised found nothing",
        f"{PACKAGE}/walk.py",
        "            found = [(Violation(RULE_FAILED, message, start, end), None)]\n",
        "            found = []\n",
        _ENGINE,
    ),
    # Documents
    Mutant(
        "the dirty range short by one",
        f"{PACKAGE}/document.py",
        "        self._walk(self._records.looking_down_at(dirty.first), dirty.last, dirty.below)\n",
        "        first = self._records.looking_down_at(dirty.first)\n"
        "        self._walk(first, max(first, dirty.last - 1), dirty.below)\n",
        _DOCUMENT,
    ),
    Mutant(
        "rules that look down at an edit do not look again",
        f"{PACKAGE}/records.py",
        "            if number + looked.reach_after >= line:\n                return number\n",
        "            if number + looked.reach_after > line:\n                return number\n",
        _DOCUMENT,
    ),
    Mutant(
        "rules that look up at an edit do not look again",
        f"{PACKAGE}/records.py",
        "            if number - looked.reach_before < line:\n",
        "            if number - looked.reach_before < line - 1:\n",
        _DOCUMENT,
    ),
    Mutant(
        "an edit's effect ends with its lines",
        f"{PACKAGE}/document.py",
        "        if end < len(self._lines.all) and (forced or walk.traveller != below):\n",
        "        if end < len(self._lines.all) and forced:\n",
        _DOCUMENT,
    ),
    Mutant(
        "a line feed put behind a carriage return is a line of its own",
        f"{PACKAGE}/lines.py",
        '        if first and joined.startswith("\\n") and lines[first - 1].endswith("\\r"):\n',
        "        if False:\n",
        _DOCUMENT,
    ),
    Mutant(
        "a fact that went with its line still holds",
        f"{PACKAGE}/records.py",
        "        for looked in self._looked[low:high]:\n            self._count(looked, -1)\n",
        "",
        _DOCUMENT,
    ),
    Mutant(
        "records below an edit keep their numbers",
        f"{PACKAGE}/records.py",
        "        self._numbers[low:] = [number + delta for number in self._numbers[low:]]\n",
        "",
        _DOCUMENT,
    ),
    Mutant(
        "a rule that raised once is never tried again",
        f"{PACKAGE}/document.py",
        "        if self._failed:\n            self._failed = frozenset()\n            self._force()\n",
        "",
        _ENGINE,
    ),
    Mutant(
        "the head is not decided anew",
        f"{PACKAGE}/document.py",
        "        if self._lines.decides(first) and self._prepare(self._lines.head()) != self._prepared:\n",
        "        if False:\n",
        _DOCUMENT,
    ),
    Mutant(
        "what is left out is counted one short",
        f"{PACKAGE}/document.py",
        "        return rows, total - room\n",
        "        return rows, max(0, total - room - 1)\n",
        _DOCUMENT,
    ),
    Mutant(
        "what an edit took out is still counted by its rule",
        f"{PACKAGE}/records.py",
        "                self.found[violation.rule] += by\n",
        "                self.found[violation.rule] += max(by, 0)\n",
        _DOCUMENT,
    ),
    Mutant(
        "what a suppression for the file no longer takes out still counts as taken out",
        f"{PACKAGE}/records.py",
        "                    self.used_in_file[name] += by\n",
        "                    self.used_in_file[name] += max(by, 0)\n",
        _DOCUMENT,
    ),
    Mutant(
        "unused suppressions stay where they were as lines move",
        f"{PACKAGE}/records.py",
        "        if self._unused != ((), ()):\n            self._unused = None\n",
        "",
        _DOCUMENT,
    ),
    Mutant(
        "what too many edits left to be done is forgotten",
        f"{PACKAGE}/document.py",
        "            self._breaks = [others[0]._replace(forced=True, slice=SLICE_LINES)]\n",
        "            self._breaks = others[:MOST_BREAKS]\n",
        _DOCUMENT,
    ),
    Mutant(
        "an edit that makes a document binary is not noticed",
        f"{PACKAGE}/lines.py",
        '        self._holds_nul = self._holds_nul or any("\\0" in line for line in new)\n',
        "",
        ("tests/test_binary.py",),
    ),
    Mutant(
        "a file that is nothing but a byte order mark is clean",
        f"{PACKAGE}/engine.py",
        'in ahead if not (marked or given) or ahead.peek() else (text.Block(b""),):',
        "in ahead:",
        ("tests/test_byte_order_mark.py",),
    ),
    # Suppressions
    Mutant(
        "a suppression outlives its date",
        f"{PACKAGE}/suppressions.py",
        "if suppression.covers(rule) and (suppression.until is None or suppression.until >= today):",
        "if suppression.covers(rule):",
        _SUPPRESSIONS,
    ),
    Mutant(
        "a suppression ends the day before its date",
        f"{PACKAGE}/suppressions.py",
        "suppression.until >= today",
        "suppression.until > today",
        _SUPPRESSIONS,
    ),
    Mutant(
        "a blocked rule is allowed without a reason",
        f"{PACKAGE}/walk.py",
        "            heard = tuple(s for s in group if s.reason or not blocked)\n",
        "            heard = tuple(group)\n",
        _SUPPRESSIONS,
    ),
    Mutant(
        "an unused suppression is not told",
        f"{PACKAGE}/walk.py",
        "        return Ended(suppression, unused_names if len(ran) == len(suppression.rules) else ())",
        "        return Ended(suppression, ())",
        _SUPPRESSIONS,
    ),
    Mutant(
        "a suppression of a rule that did not run counts as unused",
        f"{PACKAGE}/walk.py",
        "        return Ended(suppression, unused_names if len(ran) == len(suppression.rules) else ())",
        "        return Ended(suppression, unused_names or tuple(suppression.rules))",
        _SUPPRESSIONS,
    ),
    Mutant(
        "a suppression covers the line that shows its block to have ended",
        f"{PACKAGE}/walk.py",
        "            if begins <= stand.depth:\n                continue\n",
        "",
        ("tests/hostile/test_covers.py", *_SUPPRESSIONS),
    ),
    Mutant(
        "a suppression goes on beside what it was written for",
        f"{PACKAGE}/standing.py",
        "elif stand.depth is not None and kept > stand.depth:",
        "elif stand.depth is not None and kept >= stand.depth:",
        _SUPPRESSIONS,
    ),
    Mutant(
        "a suppression for a block covers its first line only",
        f"{PACKAGE}/standing.py",
        "            standing.append(stand._replace(depth=kept))\n",
        "            ended.append(end(stand.suppression, stand.used))\n",
        _SUPPRESSIONS,
    ),
    Mutant(
        "a suppression counts as expired on its last day",
        f"{PACKAGE}/standing.py",
        "if until is not None and until < line.file.today:",
        "if until is not None and until <= line.file.today:",
        _SUPPRESSIONS,
    ),
    # Secrets
    Mutant(
        "secrets are not masked",
        f"{PACKAGE}/redaction.py",
        "        if not spans:\n            return words\n",
        "        return words\n",
        _REDACTION,
    ),
    Mutant(
        "rules of secrets that raise hide nothing",
        f"{PACKAGE}/redaction.py",
        '            return "<withheld>" if words else ""\n',
        "            return words\n",
        _REDACTION,
    ),
    Mutant(
        "a part of a secret is not hidden",
        f"{PACKAGE}/redaction.py",
        "                size = min(_PART, len(secret))\n",
        "                size = len(secret)\n",
        _REDACTION,
    ),
    Mutant(
        "a fix that would write a secret is kept",
        f"{PACKAGE}/redaction.py",
        "        if not any(mask.hides(edit.text) for edit in fix.edits)\n",
        "",
        _REDACTION,
    ),
    # Scanners
    Mutant(
        "the plain scanner stops at a line's first literal",
        f"{PACKAGE}/plain_scanner.py",
        "            found = text.find(literal, end)\n",
        "            found = -1\n",
        _SCANNER,
    ),
    Mutant(
        "a database that others may write is trusted",
        f"{PACKAGE}/pattern_cache.py",
        "    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)\n",
        "    return True\n",
        _SCANNER,
    ),
    Mutant(
        "other patterns take the database of these",
        f"{PACKAGE}/pattern_cache.py",
        '"\\n".join((machine, *patterns))',
        "machine",
        _SCANNER,
    ),
    Mutant(
        "the database of another machine is taken",
        f"{PACKAGE}/pattern_cache.py",
        '"\\n".join((machine, *patterns))',
        '"\\n".join(patterns)',
        _SCANNER,
    ),
    Mutant(
        "a database that the library refused is taken again",
        f"{PACKAGE}/pattern_cache.py",
        "            if database is None or database == refused:\n",
        "            if database is None:\n",
        _SCANNER,
    ),
    # Policy, session, verdict
    Mutant(
        "an override holds for all paths",
        f"{PACKAGE}/policy.py",
        "                if not layer.globs or index in overrides\n",
        "",
        _POLICY,
    ),
    Mutant(
        "what is historical goes first",
        f"{PACKAGE}/verdict.py",
        "    return 2 * (verdict.scope is Scope.HISTORICAL)",
        "    return -2 * (verdict.scope is Scope.HISTORICAL)",
        ("tests/lsp/test_server.py::test_new_and_blocked_ones_go_before_the_rest",),
    ),
    Mutant(
        "a warning fails a gate",
        f"{PACKAGE}/verdict.py",
        "    gates = severity is Severity.BLOCKED and stage is Stage.BLOCK and not old and not suppressed\n",
        "    gates = stage is Stage.BLOCK and not old and not suppressed\n",
        _VERDICT,
    ),
    Mutant(
        "what is historical gates",
        f"{PACKAGE}/verdict.py",
        "stage is Stage.BLOCK and not old and not suppressed",
        "stage is Stage.BLOCK and not suppressed",
        _VERDICT,
    ),
    Mutant(
        "an earlier ruleset has the newest rules",
        f"{PACKAGE}/policy.py",
        "    if said is None or said.value == RULESET:\n",
        "    if said is None or said.value:\n",
        ("tests/test_rulesets.py",),
    ),
    Mutant(
        "a rule is on under a ruleset that is older than the rule",
        f"{PACKAGE}/policy.py",
        "on = not is_later and (not optional or",
        "on = (not optional or",
        ("tests/test_rulesets.py",),
    ),
    Mutant(
        "that a suppression is to expire is told a day late",
        f"{PACKAGE}/standing.py",
        ".days <= plan.days_ahead:",
        ".days < plan.days_ahead:",
        ("tests/test_suppressions.py",),
    ),
    Mutant(
        "who wrote a line is asked of the line that has its number now",
        f"{PACKAGE}/authors.py",
        "    found = {number: pairs.base_of(number) for number in numbers if number < len(lines)}\n",
        "    found = {number: number for number in numbers if pairs.base_of(number) < len(lines)}\n",
        ("tests/test_suppression_listing.py::test_a_line_s_author_and_age_come_from_the_commit",),
    ),
    Mutant(
        "the first policy goes over one that was written meanwhile",
        f"{PACKAGE}/cli_init.py",
        'open(path, "x", encoding',
        'open(path, "w", encoding',
        ("tests/test_init.py::test_what_somebody_wrote_meanwhile_is_not_written_over",),
    ),
    Mutant(
        "a folder of the workspace is a pattern in the first policy",
        f"{PACKAGE}/cli_init.py",
        '[f"{glob_of(one)}/" for one in several]',
        '[f"{one}/" for one in several]',
        ("tests/test_init.py::test_names_of_the_workspace_mean_themselves",),
    ),
    # The server
    Mutant(
        "futures of notifications stay",
        f"{PACKAGE}/lsp/protocol.py",
        "                del self._request_futures[msg_id]\n",
        "                pass\n",
        ("tests/lsp/test_repairs.py",),
    ),
    Mutant(
        "columns past the end clamp one short",
        f"{PACKAGE}/lsp/positions.py",
        "        return number, min(character, len(line))\n",
        "        return number, min(character, max(0, len(line) - 1))\n",
        ("tests/lsp/test_repairs.py", "tests/lsp/test_server.py::test_each_edit_is_answered"),
    ),
    Mutant(
        "a closed document keeps its diagnostics",
        f"{PACKAGE}/lsp/language_server.py",
        "        self._send_diagnostics(uri, None, [])\n        if self._problems",
        "        if self._problems",
        ("tests/lsp/test_server.py::test_closing_clears",),
    ),
    Mutant(
        "a closed document of a workspace keeps its diagnostics",
        f"{PACKAGE}/lsp/language_server.py",
        "            self._publish_paths((path,))\n            return\n",
        "            return\n",
        ("tests/lsp/test_server.py::test_closing_clears",),
    ),
    Mutant(
        "a closed document is published once more",
        f"{PACKAGE}/lsp/publisher.py",
        "        self._waiting.pop(opened.uri, None)\n",
        "        pass\n",
        ("tests/lsp/test_server.py::test_nothing_is_published_after_closing",),
    ),
    Mutant(
        "a document is published before all of it is looked at",
        f"{PACKAGE}/lsp/publisher.py",
        "        if not advanced(opened):\n",
        "        if advanced(opened) is None:\n",
        ("tests/lsp/test_session.py::test_an_edit_that_opens_a_string_turns_the_rest",),
    ),
    Mutant(
        "a parameter that cannot be read is never answered",
        f"{PACKAGE}/lsp/protocol.py",
        'self._refuse(message_id, JsonRpcInvalidParams(f"the parameters of {method} cannot be read"))',
        "pass",
        ("tests/lsp/test_repairs.py",),
    ),
    Mutant(
        "a policy that was changed is not read again",
        f"{PACKAGE}/session.py",
        "        self._resolver.refresh()\n",
        "",
        ("tests/lsp/test_session.py::test_a_changed_policy_counts_at_the_next_save_or_opening_elsewhere",),
    ),
    Mutant(
        "open documents keep what held on the day before",
        f"{PACKAGE}/session.py",
        "            if self._day != yesterday or (",
        "            if (",
        ("tests/lsp/test_days.py",),
    ),
    Mutant(
        "names are compared as the file system spells them",
        f"{PACKAGE}/globs.py",
        '    return normalize("NFC", path)',
        "    return path",
        ("tests/test_windows.py::test_a_glob_matches_a_name_however_its_letters_are_composed",),
    ),
    # What is printed
    Mutant(
        "what is blocked does not fail the command",
        f"{PACKAGE}/cli_check.py",
        "    return BLOCKED if tally.gates and not options.exit_zero else CLEAN",
        "    return CLEAN",
        ("tests/test_cli.py",),
    ),
    Mutant(
        "SARIF columns begin at 0",
        f"{PACKAGE}/render/sarif.py",
        '"startColumn": {violation.start + 1}',
        '"startColumn": {violation.start}',
        _RENDER,
    ),
    Mutant(
        "git's `!` takes nothing back",
        f"{PACKAGE}/ignoring.py",
        'return (pattern[1:], False) if pattern.startswith("!") else (pattern, True)',
        "return (pattern, True)",
        ("tests/test_ignoring.py",),
    ),
    Mutant(
        "an ignore file above has the last word",
        f"{PACKAGE}/ignoring.py",
        "        for level in reversed(self._levels):\n            if level.patterns",
        "        for level in self._levels:\n            if level.patterns",
        ("tests/test_ignoring.py",),
    ),
    # Answers that are kept
    Mutant(
        "an answer of another day is given again",
        f"{PACKAGE}/result_file.py",
        "        if record.day not in (0, day):\n            return None\n",
        "",
        ("tests/test_result_file.py",),
    ),
    Mutant(
        "an answer of a day is not given again on it",
        f"{PACKAGE}/results.py",
        "self._file.get(key, today.toordinal())",
        "self._file.get(key, 0)",
        ("tests/test_results.py::test_hardly_anything_is_checked_again",),
    ),
    Mutant(
        "an answer under one policy is given under another",
        f"{PACKAGE}/results.py",
        "Decisive(self.release, self._only, said, language, kind, generated, beside, compares)",
        'Decisive(self.release, self._only, b"", language, kind, generated, beside, compares)',
        _DECISIVE,
    ),
    Mutant(
        "an answer under other options of a rule is given again",
        f"{PACKAGE}/results.py",
        "    return rule, setting.severity.value, sorted(setting.options.items())",
        "    return rule, setting.severity.value",
        _DECISIVE,
    ),
    Mutant(
        "an answer for another language is given again",
        f"{PACKAGE}/results.py",
        "self._only, said, language, kind, generated, beside, compares)",
        'self._only, said, "", kind, generated, beside)',
        _DECISIVE,
    ),
    Mutant(
        "an answer of other code is given again",
        f"{PACKAGE}/results.py",
        '            hasher.update(f"{name} {len(source)}\\n".encode())\n            hasher.update(source)\n',
        "",
        ("tests/test_results.py::test_other_code_gives_other_answers",),
    ),
    Mutant(
        "an answer is kept of a file that changed while it was read",
        f"{PACKAGE}/results.py",
        'if len(self._keys) == 1 and not self._readings else b""',
        'if self._keys else b""',
        ("tests/test_results.py::test_a_file_that_changes_while_it_is_read_is_not_kept",),
    ),
    Mutant(
        "what was withheld is kept",
        f"{PACKAGE}/results.py",
        "        if _WITHHELD not in answer:\n",
        "        if True:\n",
        ("tests/test_results.py::test_what_was_withheld_since_a_rule_of_secrets_could_not_run_is_not_kept",),
    ),
)
