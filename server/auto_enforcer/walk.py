"""One pass over consecutive lines: which deserve a look, which rules look, what becomes of what they propose.

A `Walk` looks only at the lines that a pattern hits, or that must be lexed to know the next line's state.
What it must know of the lines above is the `Traveller`, small and comparable: an open document stops looking
where the traveller is what it was before.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import lru_cache
from operator import itemgetter
from typing import TypeVar

from auto_enforcer import lexer, suppressions, text
from auto_enforcer.given import Given
from auto_enforcer.languages import MINIFIED
from auto_enforcer.looked import Judged, Looked, Traveller, travelling
from auto_enforcer.looks import DIRECTED, Action, Concealed, FactLook, Hit, Look, Mark, Plan
from auto_enforcer.model import Candidate, Cell, File, Fix, Line, Part, Row, Run, Suppression, Violation, Zone
from auto_enforcer.quoting import Quoting
from auto_enforcer.redaction import Mask, Quote
from auto_enforcer.standing import UNUSED, Ended, after_line, unused, wrong_with
from auto_enforcer.suppressions import Directive
from auto_enforcer.windows import Source, WindowNeighbours

RULE_FAILED = "enforcer/rule-failed"

MOST_EARLIER = 64
"""Values of earlier facts that a file keeps, at most; further ones are not noted."""

Observer = Callable[[Look, Line, Candidate | None, str, int], None]
"""Told of each look: the candidate, what came of it ("violation", "zone" or the excuse's name, "" where it is
another piece's) and the column of the whole line that the sight of it begins at; None and "" when it ends."""


class Hearing:
    """An observer that is told of each directive as well, when it is met: its line, its reason masked, and of
    a file that is a notebook the cell. The suppression is the very one that rows have."""

    __slots__ = ("heard", "observe")

    def __init__(self, observe: Observer, heard: Callable[[int, Directive, Cell | None], None]) -> None:
        self.observe = observe
        self.heard = heard

    def __call__(
        self, look: Look, line: Line, candidate: Candidate | None, outcome: str, column: int
    ) -> None:
        """Told of each look."""
        self.observe(look, line, candidate, outcome, column)


Name = TypeVar("Name", int, str)

_BY_END = itemgetter(0)
_WHOLE = (None,)

_COMMON = 64
"""Bytes of a line that may be met again word for word."""


class Walk:
    """A pass over consecutive lines. `traveller` and `number` are those of the next line."""

    __slots__ = (
        "_closer",
        "_column",
        "_following",
        "_given",
        "_innermost",
        "_languages",
        "_lexed",
        "_marked",
        "_meter",
        "_neighbours",
        "_observer",
        "_opening",
        "_partial",
        "_plan",
        "_quoting",
        "_tells_all",
        "_uniform",
        "_waiting",
        "failed",
        "file",
        "file_suppressions",
        "file_used",
        "lines_lexed",
        "looks_taken",
        "number",
        "source",
        "timings",
        "traveller",
    )

    def __init__(
        self,
        plan: Plan,
        file: File,
        traveller: Traveller,
        source: Source,
        *,
        number: int = 0,
        file_suppressions: tuple[Suppression, ...] = (),
        observer: Observer | None = None,
        meter: Callable[[], float] | None = None,
        tells_all: bool = True,
        marked: bool = False,
        given: Given | None = None,
    ) -> None:
        """`meter` is a clock, in seconds, to take the rules' time with. `tells_all`: whether lines are told
        on which nothing but the lexer's state changes, or that only state a fact of the whole file. `marked`:
        whether a byte order mark, which is no part of the text, stood before its first line. `given`: what is
        to be told on its lines that no look at them finds."""
        self._plan = plan
        self.file = file
        self.number = number
        self.source = source
        self.file_suppressions = file_suppressions
        self.file_used: set[str] = set()
        """The names in file suppressions that took a violation out."""
        self.failed: set[str] = set()
        """The rules that raised; they are not asked again on this walk."""
        self._observer = observer
        self._meter = meter
        self._tells_all = tells_all
        self._marked = marked
        self._given = given
        self.timings: dict[str, tuple[float, int]] = {}
        """By rule: the seconds that its looks took, and their number, where there is a meter."""
        self.lines_lexed = 0
        self.looks_taken = 0
        self._neighbours = WindowNeighbours(source, file, self._state_after)
        self._lexed: lexer.Lexed | None = None
        self._partial = False
        """Whether the line at hand is written in several languages."""
        self._column = 0
        self._quoting = Quoting(plan.every, source, self.failed)
        self._opening = False
        """Whether a suppression waits for what opens on the next line."""
        self._innermost = -1
        """How many things must stay open for all the suppressions that stand to do so; -1 for none."""
        self._following: tuple[Look, ...] = ()
        """The rules that look at the next line, whatever is on it."""
        self._travel(traveller)

    def _travel(self, traveller: Traveller) -> None:
        """Take a traveller over, and what follows from it for the next line."""
        self.traveller = traveller
        self._languages, self._waiting, self._uniform, self._closer = _about(traveller.state)
        self._opening = False
        self._innermost = -1
        self._following = ()
        if traveller.carries:
            names = (name for name, _ in traveller.carries)
            self._following = self._plan.following(self._languages[-1], names)
            self._waiting = self._waiting or bool(self._following)
        if traveller.standing:
            # A line may close one thing and open another, and so leave the lexer's state as it is.
            self._waiting = True
            depths = [stand.depth for stand in traveller.standing if stand.depth is not None]
            self._opening = len(depths) < len(traveller.standing)
            self._innermost = max(depths, default=-1)

    def block(self, data: bytes) -> Iterator[Looked]:
        """Walk over a block of whole lines. Yields the lines that were looked at and matter."""
        if not data and (self._marked or self._given):
            data = b"\n"  # A file that is empty, or nothing but the mark, has a line to say so of.
        scanned = set(self._languages)
        hits = self._scan(data, 0, self._languages)
        every = self._hits_of_every(data)
        if self._given:
            every = self._with_given(self._given, data, every)
        if every:
            hits = sorted(hits + every, key=_BY_END) if hits else every
        self._quoting.at_block(data, every)
        index, count, position, size = 0, len(hits), 0, len(data)
        counted = 0  # `number` is that of the line which begins here
        sought, closes = b"", size
        while position < size:
            if self._waiting:
                start = position
                end = data.find(b"\n", start)
            else:
                at = hits[index][0] - 1 if index < count else size
                if closer := self._closer:
                    if closer is not sought or closes < position:
                        sought, closes = closer, data.find(closer, position)
                        closes = size if closes < 0 else closes
                    at = min(at, closes)
                if at >= size:
                    break
                start = max(data.rfind(b"\n", position, at) + 1, position)
                end = data.find(b"\n", start)
            if end < 0:
                end = size
            first, marked = index, self._waiting or (self._closer != b"" and closes < end)
            following = self._following
            asked, tells = self._opening or following != (), False
            while index < count and hits[index][0] <= end + 1:
                action = hits[index][1]
                kind = type(action)
                if kind is Look:
                    asked = True
                elif kind is Mark:
                    marked = True
                elif kind is not Concealed and (self._tells_all or not _holds_anywhere(action)):
                    asked = tells = True
                index += 1
            if asked and self._uniform and not (marked or tells or following):
                asked = self._sees(hits[first:index])
            languages = self._languages
            looked = None
            if marked and not asked and end - start <= _COMMON:
                # Most of what is marked closes what it opens.
                state = self.traveller.state
                if not self.traveller.standing and _turned(data[start:end], state) is state:
                    self.lines_lexed += 1
                    marked = False
            if asked or marked:
                if start > counted:
                    self.number += data.count(b"\n", counted, start)
                    counted = start
                if not asked:
                    asked, looked = self._turn(data, start, end)
                if asked:
                    here = hits[first:index]
                    if following:
                        here += [(end + 1, look) for look in following]
                    looked = self._line(data, start, end, here, marked, tells)
                if looked is not None:
                    yield looked
            position = end + 1
            if self._languages is not languages:
                new = [name for name in self._languages if name not in scanned]
                if new:
                    scanned.update(new)
                    hits = sorted(hits[index:] + self._scan(data, position, new), key=_BY_END)
                    index, count = 0, len(hits)
        if counted < size:
            self.number += data.count(b"\n", counted) + (not data.endswith(b"\n"))

    def _sees(self, hits: list[Hit]) -> bool:
        """Whether a rule may find something on a line that is in one zone, as the state says: most of what
        hits in a docstring asks for code."""
        if self._opening or self._observer is not None:
            return True
        zone = self._uniform
        for _, action in hits:
            if type(action) is Look:
                rule = action.known or action.rule
                if action.zones & zone or rule.carry is not None:
                    return True
        return False

    def segment(self, block: text.Block) -> Iterator[Looked]:
        """Walk over a segment of a line longer than text.BLOCK. It is not lexed; suppressions in force
        end."""
        looked = Looked(self.number, self.traveller)
        hits = self._scan(block.data, 0, self._languages) + self._hits_of_every(block.data)
        settled = list[Judged]()
        if self._given and block.offset == 0:
            hits += ((1, look) for look in self._given.looks(self.number))
            settled += self._given.settled(self.number)
        hits.sort(key=_BY_END)
        if block.offset == 0:
            self._column = 0
        zone = lexer.zone(self.traveller.state)
        standing = tuple(s.suppression for s in self.traveller.standing)
        self._lexed, self._partial = None, False
        ends = [end - 1 for end, action in hits if isinstance(action, Look)]
        pieces = text.pieces(block.data, ends, self._column, first=block.offset == 0, last=block.last)
        rows, used, carries = list[Judged](), set[str](), self.traveller.carries
        quotes: list[Quote] = []
        for piece in pieces:
            line = Line(
                piece.text,
                self.number,
                self._languages[-1],
                self.file,
                lambda: ((0, zone),),
                earlier=self.traveller.earlier,
            )
            for look, _ in self._looks(hits, None, line, looked):
                found, carries = self._take(look, line, piece, carries)
                for violation, candidate in found:
                    if candidate is not None and (candidate.details or candidate.fixes):
                        quotes.append((len(rows), look, line, candidate))
                    rows.append(self._judged(violation, look, standing, used))
        if quotes:
            whole = Line(text.decode(block.data), self.number, "", self.file, lambda: ((0, zone),))
            self._quoting.redact(rows, quotes, hits, whole, looked, around=False)
        looked.rows = (*rows, *settled)
        traveller = (
            self.traveller._replace(carries=carries) if carries != self.traveller.carries else self.traveller
        )
        self._column += text.characters_of(block)
        if block.last and traveller.standing:
            traveller = self._stand(looked, traveller, traveller.state, None, used)
        looked.after = traveller
        if traveller is not self.traveller:
            self._travel(traveller)
        if looked.matters:
            yield looked
        if block.last:
            self.number += 1

    def _scan(self, data: bytes, start: int, languages: Iterable[str]) -> list[Hit]:
        """The hits from byte `start` on that the rules for some languages and their marks have, by their
        end."""
        part = data[start:] if start else data
        found = [hits for name in languages if (hits := self._plan.of(name).hits(part, start))]
        if len(found) == 1:
            return found[0]
        merged = [hit for hits in found for hit in hits]
        merged.sort(key=_BY_END)
        return merged

    def _hits_of_every(self, data: bytes) -> list[Hit]:
        """The hits that the rules for every language have. Those of a byte order mark lie on the first byte
        behind it."""
        hits = self._plan.every.hits(data)
        if self._marked and self.number == 0:
            self._marked = False
            hits = [(1, action) for _, action in self._plan.every.hits(codecs.BOM_UTF8)] + hits
        return hits

    def _with_given(self, given: Given, data: bytes, hits: list[Hit]) -> list[Hit]:
        """The hits with one on the first byte of each line that something is to be told on."""
        told: list[Hit] = []
        position, number = 0, self.number
        if number > given.last:
            return hits  # The lines of most blocks need not be counted.
        for line in given.lines(number, number + data.count(b"\n") + 1):
            while number < line:
                position = data.find(b"\n", position) + 1
                number += 1
            if position < len(data):
                told += ((position + 1, action) for action in given.asked(line))
        return sorted(hits + told, key=_BY_END) if told else hits

    def _turn(self, data: bytes, start: int, end: int) -> tuple[bool, Looked | None]:
        """Go on to the state after the line data[start:end], which nobody asked to look at.

        True where a part of it turns out to be written in another language, so that it must be looked at.
        """
        before = self.traveller
        self.lines_lexed += 1
        raw = data[start:end]
        if before.standing:
            lexed = lexer.lex(text.decode(raw), before.state)
            state = lexed.state
            ends = lexer.kept(before.state, state) <= self._innermost
            if ends or len(lexed.parts) > 1 or lexed.parts[0][1] != self._languages[-1]:
                return True, None
        else:
            is_common = end - start <= _COMMON
            turned = _turned(raw, before.state) if is_common else _turned.__wrapped__(raw, before.state)
            if turned is None:
                return True, None
            state = turned
        if state is before.state or state == before.state:
            return False, None
        after = travelling(state) if before is travelling(before.state) else before._replace(state=state)
        self.source.turned(self.number + 1, state)
        self._travel(after)
        if not self._tells_all:
            return False, None
        looked = Looked(self.number, before)
        looked.after = after
        return False, looked

    def _line(
        self, data: bytes, start: int, end: int, hits: list[Hit], marked: bool, tells: bool
    ) -> Looked | None:
        """Look at the line data[start:end] and go on to the state after it; None where nothing of it
        matters. `tells`: whether a suppression or a fact is among the hits."""
        before = self.traveller
        looked = Looked(self.number, before)
        raw = data[start:end]
        line_text = text.decode(raw)
        self._quoting.at_line(start, end)
        self.source.at(start, end)
        self._neighbours.forget()
        directed = tells and any(action is DIRECTED for _, action in hits)
        lexed = self._lexed = self._lex(line_text) if marked or directed else None
        state = before.state if lexed is None else lexed.state
        language = self._languages[-1]
        parts: tuple[Part, ...] | None = None
        self._partial = False
        if lexed is not None and (len(lexed.parts) > 1 or lexed.parts[0][1] != language):
            parts, language = lexed.parts, lexed.parts[-1][1]
            self._partial = True
            hits = self._hits_of_parts(data, start, end, hits, parts)
            tells = True
        earlier = before.earlier
        if tells:
            earlier = self._note_facts(hits, line_text, looked, earlier)
        whole = self._make_line(line_text, language, earlier, None)
        directive = suppressions.find(whole) if directed else None
        written = whole
        if directive is not None and directive.names:
            # The names are no text of the file: none may be taken for what a rule speaks of.
            first, last = directive.names[0][1], directive.names[-1][1] + len(directive.names[-1][0])
            line_text = line_text[:first] + " " * (last - first) + line_text[last:]
            whole = self._make_line(line_text, language, earlier, None)
        rows: list[Judged] = []
        quotes: list[Quote] = []
        if directive is not None:
            # A name that is a secret is told of as an unknown one.
            mask = Mask(self._quoting.secrets_on(hits, written, looked))
            directive = suppressions.redacted(directive, mask.of) if mask else directive
            if isinstance(self._observer, Hearing):
                self._observer.heard(self.number, directive, None)
            wrong = wrong_with(directive, whole, self._plan, self.file_suppressions)
            rows += ((v._replace(message=mask.of(v.message)), None) for v in wrong)
        own = _own(directive)
        near = own
        is_known = not before.standing
        used: set[str] = set()
        carries = before.carries
        spoken = None if directive is None else suppressions.extent(written, directive)
        for look, line in self._looks(hits, parts, whole, looked):
            if spoken is not None and not look.rule.everywhere:
                line = suppressions.unspoken(line, *spoken)
            for piece in _WHOLE if len(raw) <= text.PIECE else self._pieces(raw, start, hits):
                sight = line if piece is None else self._make_piece(line, piece)
                found, carries = self._take(look, sight, piece, carries)
                if found and not is_known:
                    near, is_known = (*own, *_over(before, line_text, state)), True
                for violation, candidate in found:
                    if candidate is not None and (candidate.details or candidate.fixes):
                        quotes.append((len(rows), look, sight, candidate))
                    rows.append(self._judged(violation, look, near, used))
        if quotes:
            self._quoting.redact(rows, quotes, hits, whole, looked)
        if own and self._plan.on(UNUSED):
            ended = self._end(own[0], used, language)
            rows += [(unused(ended), None)] if ended.unused else []
        if self._given:
            rows += self._given.settled(self.number)
        if len(rows) > 1:
            rows.sort(key=lambda row: (row[0].start, row[0].end, row[0].rule))
        looked.rows = tuple(rows)
        after = before
        if before.standing or (directive is not None and directive.alone):
            after = self._stand(looked, before, state, directive, used)
        if state != before.state or carries != before.carries or earlier is not before.earlier:
            after = Traveller(state, after.standing, carries, earlier)
        if after is not before:
            looked.after = after
            if after.state != before.state:
                self.source.turned(self.number + 1, after.state)
            self._travel(after)
        return looked if looked.matters else None

    def _hits_of_parts(
        self, data: bytes, start: int, end: int, hits: list[Hit], parts: tuple[Part, ...]
    ) -> list[Hit]:
        """The line's hits together with those of languages that only a part of it is written in."""
        for language in dict.fromkeys(language for _, language in parts):
            if language not in self._languages:
                hits = hits + self._plan.of(language).hits(data[start:end], start)
        return hits

    def _lex(self, line_text: str) -> lexer.Lexed:
        self.lines_lexed += 1
        return lexer.lex(line_text, self.traveller.state)

    def _state_after(self, line: Line) -> lexer.State:
        """The lexer's state after the current line, for the lines below it."""
        del line
        return self.traveller.state if self._lexed is None else self._lexed.state

    def _make_line(
        self,
        line_text: str,
        language: str,
        earlier: frozenset[tuple[str, str]],
        parts: tuple[Part, ...] | None,
    ) -> Line:
        """The current line, in one of its languages if `parts` are given."""

        def runs() -> tuple[Run, ...]:
            lexed = self._lexed
            if lexed is None:
                lexed = self._lexed = self._lex(line_text)
            return lexed.runs if parts is None else _only_part(lexed.runs, parts, language)

        return Line(line_text, self.number, language, self.file, runs, self._neighbours, earlier)

    def _make_piece(self, line: Line, piece: text.Piece) -> Line:
        def runs() -> tuple[Run, ...]:
            return _cut(line.runs, piece.column, len(piece.text))

        return Line(piece.text, line.number, line.language, self.file, runs, self._neighbours, line.earlier)

    def _pieces(self, raw: bytes, start: int, hits: list[Hit]) -> Iterator[text.Piece]:
        ends = (end - start - 1 for end, action in hits if isinstance(action, Look))
        return text.pieces(raw, ends, 0, first=True, last=True)

    def _note_facts(
        self, hits: list[Hit], line_text: str, looked: Looked, earlier: frozenset[tuple[str, str]]
    ) -> frozenset[tuple[str, str]]:
        """Note the facts that the line states; returns the earlier ones, this line's included."""
        for _, action in hits:
            if not isinstance(action, FactLook):
                continue
            value = action.value(line_text[: text.PIECE])
            if value is None:
                continue
            fact = action.fact
            if fact.anywhere:
                # As `engine.anywhere` has it: those of the file's own language.
                if fact.name not in looked.facts and action.language in (None, self.file.language):
                    looked.facts += (fact.name,)
            elif (fact.name, value) not in earlier and len(earlier) < MOST_EARLIER:
                earlier = earlier | {(fact.name, value)}
        return earlier

    def _looks(
        self, hits: list[Hit], parts: tuple[Part, ...] | None, whole: Line, looked: Looked
    ) -> list[tuple[Look, Line]]:
        """The rules that the hits ask for, each with the line as it sees it: as a whole, or the parts of it
        that are written in the rule's language. `parts` is None where all of it is written in one."""
        looks: list[tuple[Look, Line]] = []
        seen: list[Look] = []
        lines: dict[str, Line] = {}
        for _, action in hits:
            if type(action) is not Look or action in seen or action.id in self.failed:
                continue
            seen.append(action)
            line, language = whole, action.language
            if language is not None and parts is None and language != whole.language:
                continue
            if language is not None and parts is not None:
                if not any(name == language for _, name in parts):
                    continue
                if language not in lines:
                    lines[language] = self._make_line(whole.text, language, whole.earlier, parts)
                line = lines[language]
            looks.append((action, line))
            rule = action.known or action.rule
            if rule.before > looked.reach_before:
                looked.reach_before = rule.before
            if rule.after > looked.reach_after:
                looked.reach_after = rule.after
        return looks

    def _take(
        self, look: Look, line: Line, piece: text.Piece | None, carries: tuple[tuple[str, Hashable], ...]
    ) -> tuple[list[tuple[Violation, Candidate | None]], tuple[tuple[str, Hashable], ...]]:
        """One rule's look at the line: its violations, in columns of the whole line and each with what it was
        made from, and the carries after it."""
        rule = look.known or look.rule
        found: list[tuple[Violation, Candidate | None]] = []
        self.looks_taken += 1
        began = self._meter() if self._meter is not None else 0.0
        try:
            candidates: Iterable[Candidate]
            if look.check is None:
                candidates = look.matches(line)
            elif rule.carry is None:
                candidates = look.check(line, look.options)
            else:
                held = dict(carries)
                candidates, left = look.check(line, look.options, held.get(rule.id, rule.carry))
                carries = _carried(held, rule.id, left, rule.carry)
            for candidate in candidates:
                outcome = self._outcome(look, line, candidate, piece)
                if outcome == "violation":
                    column = 0 if piece is None else piece.column
                    found.append((_violation(look, candidate, column), candidate))
                if self._observer is not None:
                    self._observer(look, line, candidate, outcome, 0 if piece is None else piece.column)
            if self._observer is not None:
                self._observer(look, line, None, "", 0)
        except Exception as error:  # noqa: BLE001 — the other rules go on, and the failure is itself reported
            self.failed.add(rule.id)
            start, end = (
                (0, len(line.text)) if piece is None else (piece.column, piece.column + len(piece.text))
            )
            message = f"`{rule.id}` could not run here ({type(error).__name__}); this line is unchecked by it"
            found = [(Violation(RULE_FAILED, message, start, end), None)]
        if self._meter is not None:
            seconds, looks = self.timings.get(rule.id, (0.0, 0))
            self.timings[rule.id] = seconds + self._meter() - began, looks + 1
        return found, carries

    def _outcome(self, look: Look, line: Line, candidate: Candidate, piece: text.Piece | None) -> str:
        """`violation`, or what silences the candidate: `zone`, `minified` for a line that nobody wrote, an
        excuse's name, "" for another piece's."""
        if piece is not None and not piece.own_start <= candidate.start < max(
            piece.own_end, piece.own_start + 1
        ):
            return ""
        if piece is not None and line.language in MINIFIED and not look.rule.everywhere:
            return "minified"
        elsewhere = self._partial and look.language is not None
        if (elsewhere or look.zones != Zone.EVERYWHERE) and not line.zone_at(candidate.start) & look.zones:
            return "zone"
        for excuse in look.rule.excuses:
            if excuse.speaks(line, candidate, look.options):
                return excuse.name
        return "violation"

    def _judged(
        self, violation: Violation, look: Look, near: tuple[Suppression, ...], used: set[str]
    ) -> Judged:
        """The violation with the suppression that takes it out, if one does."""
        rule = violation.rule
        if rule == RULE_FAILED:
            return violation, None  # That nothing was looked at is no one's to allow.
        blocked = look.severity.value == "blocked"
        for group, names in ((near, used), (self.file_suppressions, self.file_used)):
            heard = tuple(s for s in group if s.reason or not blocked)
            # Without one nobody asks for the day: then what is found holds on all of them.
            suppression = suppressions.covering(heard, rule, self.file.today) if heard else None
            if suppression is not None:
                names.update(name for name in suppression.rules if name == rule or name == look.family)
                return violation, suppression
        return violation, None

    def _stand(
        self,
        looked: Looked,
        before: Traveller,
        state: lexer.State,
        directive: Directive | None,
        used: set[str],
    ) -> Traveller:
        """The traveller with the suppressions that stand after this line; notes what opened and ended."""
        kept, deep = lexer.kept(before.state, state), lexer.depth(state)
        standing, looked.ended, looked.opened = after_line(
            before.standing, directive, frozenset(used), kept, deep, self._end
        )
        return before if standing == before.standing else before._replace(standing=standing)

    def _end(self, suppression: Suppression, used: Iterable[str], language: str = "") -> Ended:
        """A suppression's end: unused are the names that took nothing out although their rules ran, in lines
        of `language`, or of the one at hand."""
        if suppression.until is not None and suppression.until < self.file.today:
            return Ended(suppression, ())
        if not suppression.reason and any(self._plan.blocks(name) for name in suppression.rules):
            return Ended(suppression, ())  # it was not heard, and that is told
        language = language or self._languages[-1]
        ran = [
            name for name in suppression.rules if self._plan.ran(name, language) and name not in self.failed
        ]
        unused_names = tuple(name for name in ran if name not in used)
        return Ended(suppression, unused_names if len(ran) == len(suppression.rules) else ())

    def finish(self) -> tuple[Ended, ...]:
        """The suppressions that still stand at the end of the file, as ended."""
        return tuple(self._end(stand.suppression, stand.used) for stand in self.traveller.standing)

    def close(self) -> None:
        """Let go of the lines around: they know the walk, and what is known to what it knows stays until
        somebody looks for garbage."""
        self._neighbours.close()

    def unused_in_file(self, suppressed: tuple[tuple[Suppression, int], ...]) -> Iterator[Row]:
        """A row for each file suppression of which a name took nothing out, at its line."""
        for suppression, number in suppressed:
            ended = self._end(suppression, self.file_used, self.file.language)
            if ended.unused:
                yield Row(number, unused(ended))


@lru_cache(1024)
def _turned(raw: bytes, state: lexer.State) -> lexer.State | None:
    """The lexer's state after a line, None where a part of it is in another language than the state's. Lines
    that turn it are often alike: a docstring's end, a comment's border."""
    return lexer.turn(text.decode(raw), state)


@lru_cache(512)
def _about(state: lexer.State) -> tuple[tuple[str, ...], bool, int, bytes]:
    """The languages that a state is in, whether the next line must be lexed, marked or not, the zone of all
    that a line without a mark has, 0 where it may have several, and what is a mark in this state alone."""
    return lexer.languages(state), not lexer.settled(state), lexer.uniform(state), lexer.closer(state)


def _holds_anywhere(action: Action) -> bool:
    """Whether a hit states a fact that holds for the whole file, which who reads a file knows beforehand."""
    return isinstance(action, FactLook) and action.fact.anywhere


def _over(before: Traveller, line_text: str, state: lexer.State) -> Iterator[Suppression]:
    """The suppressions that stand over a line: not one whose block ended above it, as an indented one does,
    which only the first line outside of it shows."""
    kept, begins = lexer.kept(before.state, state), -1
    for stand in before.standing:
        if stand.depth is not None and kept <= stand.depth:
            if begins < 0:
                begins = lexer.begins_at(line_text, before.state)
            if begins <= stand.depth:
                continue
        yield stand.suppression


def _own(directive: Directive | None) -> tuple[Suppression, ...]:
    """The suppression at the end of the line, for the line itself."""
    if (
        directive is None
        or directive.alone
        or directive.suppression is None
        or directive.suppression.whole_file
    ):
        return ()
    return (directive.suppression,)


def _violation(look: Look, candidate: Candidate, column: int) -> Violation:
    message = look.rule.message.format_map(candidate.details or {})
    fixes = _moved(candidate.fixes, column) if column and candidate.fixes else candidate.fixes
    return Violation(look.id, message, candidate.start + column, candidate.end + column, fixes)


def _moved(fixes: Iterable[Fix], column: int) -> tuple[Fix, ...]:
    """The fixes of a piece in columns of the whole line."""
    return tuple(
        fix._replace(
            edits=tuple(
                edit._replace(
                    start=edit.start + (0 if edit.start_line else column),
                    end=edit.end + (0 if edit.end_line else column),
                )
                for edit in fix.edits
            )
        )
        for fix in fixes
    )


def _carried(
    held: dict[str, Hashable], rule: str, value: Hashable, initial: Hashable
) -> tuple[tuple[str, Hashable], ...]:
    """The carries with one replaced; those that are what they were first are left out."""
    held[rule] = value
    if value == initial:
        del held[rule]
    return tuple(sorted(held.items(), key=_BY_END)) if held else ()


def _only_part(runs: tuple[Run, ...], parts: tuple[Part, ...], language: str) -> tuple[Run, ...]:
    """The runs with zone 0 wherever the line is written in another language."""
    cuts = sorted({start for start, _ in runs} | {start for start, _ in parts})
    return tuple((cut, _at(runs, cut) if _at(parts, cut) == language else 0) for cut in cuts)


def _at(spans: Iterable[tuple[int, Name]], column: int) -> Name:
    """What a column is in: runs and parts begin at column 0."""
    value = None
    for start, name in spans:
        if value is not None and start > column:
            break
        value = name
    assert value is not None
    return value


def _cut(runs: tuple[Run, ...], column: int, length: int) -> tuple[Run, ...]:
    """The runs of the part of a line that begins at `column`."""
    inside = [(start - column, zone) for start, zone in runs if column < start < column + length]
    return ((0, _at(runs, column)), *inside)
