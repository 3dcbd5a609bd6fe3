"""One page of HTML that holds all of itself: what was found, where it hurts most, and why each rule is there.

Nothing is fetched and nothing is sent: the page forbids itself both, and lets only its own style and script
in. It is whole without the script, which filters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from auto_enforcer.model import NamedTuple, Report, Row, Severity, Verdict
from auto_enforcer.render import html_charts, html_pages, html_style
from auto_enforcer.render.html_charts import Point
from auto_enforcer.render.items import Item, Quote, RuleInfo, Tally, is_historical, remark, would_block
from auto_enforcer.render.markup import escaped
from auto_enforcer.render.text import counted, printable, sentence
from auto_enforcer.render.worst import Kept, Worst

MOST_SHOWN = 3_000
"""Violations that are listed, at most."""

MOST_FILES = 50_000
"""Files whose violations are counted one by one, at most."""

MOST_HURT = 15
"""Files in the table of those that hurt most."""

MOST_REASONS = 1_000
"""Suppressions that are listed, at most."""

LONGEST_MESSAGE = 2_000
"""Characters of a message that are told, at most."""

_NO_REASON = '<span class="none">no reason given</span>'


class About(NamedTuple):
    """What stands above a report: the workspace's name, the day, and the version that made it."""

    name: str
    day: str
    version: str


class _Counts:
    """What is known of a rule, a family or a file."""

    __slots__ = (
        *("baselined", "blocked", "gates", "historical"),
        *("severity", "suppressed", "warnings", "would_block"),
    )

    def __init__(self, severity: Severity = Severity.WARNING) -> None:
        self.severity = severity
        self.blocked = self.warnings = self.historical = 0
        """New ones, blocked or not, and all that are not new: what is shown is the sum of the three."""
        self.suppressed = self.baselined = self.would_block = self.gates = 0

    def add(self, verdict: Verdict) -> None:
        """Count a violation."""
        self.suppressed += verdict.suppressed
        self.gates += verdict.gates
        if not verdict.suppressed:
            self.baselined += verdict.baselined
            self.would_block += would_block(verdict)
        if verdict.shown is None:
            return
        if is_historical(verdict):
            self.historical += 1
        elif verdict.severity is Severity.BLOCKED:
            self.blocked += 1
        else:
            self.warnings += 1

    @property
    def parts(self) -> tuple[int, int, int]:
        """What a bar shows."""
        return self.blocked, self.warnings, self.historical

    @property
    def worst_first(self) -> tuple[int, int, int]:
        """For sorting."""
        return -self.blocked, -self.warnings, -self.historical


class _Suppressed(NamedTuple):
    rule: str
    path: str
    row: Row


class _Found:
    """All that the page tells of a run."""

    def __init__(self) -> None:
        self.worst = Worst(MOST_SHOWN)
        self.all = _Counts()
        self.rules: dict[str, _Counts] = {}
        self.families: dict[str, _Counts] = {}
        self.files: dict[str, _Counts] = {}
        self.suppressed: list[_Suppressed] = []

    def add(self, path: str, row: Row, verdict: Verdict) -> None:
        """Take note of a violation."""
        rule = row.violation.rule
        counts = self.rules.get(rule)
        if counts is None:
            counts = self.rules[rule] = _Counts(verdict.severity)
        family = self.families.setdefault(rule.partition("/")[0], _Counts())
        for one in (self.all, counts, family):
            one.add(verdict)
        if verdict.shown is not None:
            self.worst.add(path, row, verdict)
            if path in self.files or len(self.files) < MOST_FILES:
                self.files.setdefault(path, _Counts()).add(verdict)
        elif row.suppression is not None and len(self.suppressed) < MOST_REASONS:
            self.suppressed.append(_Suppressed(rule, path, row))


def render(
    items: Iterable[Item],
    tally: Tally,
    *,
    about: About,
    rules: Mapping[str, RuleInfo],
    quote: Callable[[str, Row], Quote | None],
    history: Sequence[Point] = (),
) -> Iterator[str]:
    """ASCII. Nothing is written before the last item, for the counts come first; what is held is bounded, and
    what is left out is told.

    `quote` is asked for the lines of the violations that are listed, file by file. `history` has the counts
    of earlier days, the oldest first.
    """
    found = _Found()
    for item in tally.counting(items):
        if isinstance(item, Report):
            for row, verdict in item.rows:
                found.add(item.path, row, verdict)
    yield from _head(about)
    yield from _outcome(tally, about, found)
    yield from _failures(tally)
    yield from _tiles(tally, found)
    if found.families:
        yield '<div class="pair">'
        yield from _families(found)
        yield from _scopes(tally, found, history)
        yield "</div>\n"
    elif len(history) > 1:
        yield from _scopes(tally, found, history)
    yield from _files(found, tally)
    yield from _rules(tally, found)
    yield from _violations(found, quote)
    yield from _suppressions(found, tally)
    yield from _skipped(tally)
    yield from _pages(found, rules)
    yield f"</main>\n<footer><p>auto-enforcer {escaped(about.version)}. "
    yield "This page is whole: it fetches nothing and sends nothing. "
    yield "Secrets are replaced by their kinds.</p></footer>\n"
    yield f"<script>{html_style.SCRIPT}</script>\n</body>\n</html>\n"


def _head(about: About) -> Iterator[str]:
    policy = (
        f"default-src 'none'; style-src '{_digest(html_style.STYLE)}'; "
        f"script-src '{_digest(html_style.SCRIPT)}'; base-uri 'none'; form-action 'none'"
    )
    title = f"Policy report: {escaped(about.name)}" if about.name else "Policy report"
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
    yield f"<title>{title}</title>\n<style>{html_style.STYLE}</style>\n</head>\n<body>\n"


def _digest(text: str) -> str:
    """What names an inline text in a page's policy."""
    from base64 import b64encode
    from hashlib import sha256

    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _outcome(tally: Tally, about: About, found: _Found) -> Iterator[str]:
    yield f"<header>\n<h1>{escaped(about.name) or 'Policy report'}</h1>\n"
    yield f'<p class="about">Policy report of {escaped(about.day)}, by auto-enforcer '
    yield f"{escaped(about.version)}</p>\n"
    bad = bool(tally.failures or tally.gates)
    if tally.failures:
        said = f"Incomplete: {counted(tally.failures, 'thing')} could not run"
        said += ", and something is blocked" if tally.gates else ""
    elif tally.gates:
        said = "Blocked: this must not go in"
    else:
        said = f"Passed: nothing {'new ' if tally.historical else ''}is blocked"
    word = " bad" if bad else ""
    yield f'<div class="outcome{word}"><strong>{said}</strong><p>{_message(sentence(tally))}</p></div>\n'
    yield '<nav aria-label="Sections"><ul>'
    for anchor, title, is_there in (
        ("files", "Files", found.files),
        ("rules", "Rules", found.rules),
        ("violations", "Violations", True),
        ("suppressed", "Suppressed", True),
        ("pages", "Rule pages", found.rules),
    ):
        yield f'<li><a href="#{anchor}">{title}</a></li>' if is_there else ""
    yield "</ul></nav>\n</header>\n<main>\n"


def _failures(tally: Tally) -> Iterator[str]:
    if not tally.failures:
        return
    yield '<section class="alert" id="failures"><h2>Could not run</h2>\n'
    yield "<p>What is listed here was not checked, or not wholly: it may hold more.</p>\n<ul>\n"
    for failure in tally.could_not_run:
        yield f"<li><code>{_told(failure.what)}</code> {_message(failure.why)}</li>\n"
    rest = tally.failures - len(tally.could_not_run)
    yield f"<li>and {rest:,} more</li>\n" if rest else ""
    yield "</ul></section>\n"


def _tiles(tally: Tally, found: _Found) -> Iterator[str]:
    counts = found.all
    baselined = f"{tally.baselined:,} in the baseline" if tally.baselined else ""
    gates = f"{counts.gates:,} of them gate" if counts.gates < counts.blocked else ""
    new = ", new" if _is_compared(tally, found) else ""
    tiles: list[tuple[str, int, str]] = [
        (f"Blocked{new}", counts.blocked, gates),
        (f"Warnings{new}", counts.warnings, ""),
        *([("Historical", counts.historical, baselined)] if new else []),
        ("Suppressed", counts.suppressed, "by comments in the text" if counts.suppressed else ""),
        ("Files checked", tally.files, f"{tally.files_with_violations:,} with violations"),
    ]
    if counts.would_block:
        tiles.insert(-2, ("Would block", counts.would_block, "once their stage is <code>block</code>"))
    if tally.observed:
        tiles.insert(-1, ("Only observed", tally.observed, "counted, and not shown"))
    yield '<section class="bare" aria-label="Counts"><dl class="tiles">'
    for title, count, more in tiles:
        small = f"<small>{more}</small>" if more else ""
        yield f"<div><dt>{title}</dt><dd>{count:,}{small}</dd></div>"
    yield "</dl></section>\n"


def _families(found: _Found) -> Iterator[str]:
    shown = [(name, counts) for name, counts in found.families.items() if sum(counts.parts)]
    shown.sort(key=lambda one: (*one[1].worst_first, one[0]))
    most = max((sum(counts.parts) for _, counts in shown), default=0)
    yield "<section><h2>By family</h2>"
    if not shown:
        yield '<p class="none">Nothing is shown of any family.</p></section>\n'
        return
    yield '<div class="wide"><table>'
    yield _columns("Family", "Blocked", "Warnings", "Historical")
    for name, counts in shown:
        family = escaped(name)
        yield f'<tr><th scope="row"><a href="#violations" data-family="{family}">{family}</a></th>'
        yield f"{_numbers(*counts.parts)}{_bar(counts, most)}</tr>\n"
    yield "</tbody></table></div></section>\n"


def _columns(first: str, *numbers: str, bar: bool = True) -> str:
    heads = "".join(f'<th scope="col" class="n">{number}</th>' for number in numbers)
    # What the bars show stands in the columns before.
    last = '<td class="bar" aria-hidden="true"></td>' if bar else ""
    return f'<thead><tr><th scope="col">{first}</th>{heads}{last}</tr></thead><tbody>\n'


def _bar(counts: _Counts, most: int) -> str:
    return f'<td class="bar" aria-hidden="true">{html_charts.bar(counts.parts, most)}</td>'


def _numbers(*numbers: int) -> str:
    return "".join(
        f'<td class="n">{number:,}</td>' if number else '<td class="n zero">0</td>' for number in numbers
    )


def _is_compared(tally: Tally, found: _Found) -> bool:
    """Whether new and historical were told apart, by a base or the baseline."""
    return bool(tally.base or found.all.historical)


def _scopes(tally: Tally, found: _Found, history: Sequence[Point]) -> Iterator[str]:
    counts = found.all
    total = sum(counts.parts)
    is_compared = _is_compared(tally, found)
    yield f"<section><h2>{'New against historical' if is_compared else 'Blocked and warnings'}</h2>"
    if not is_compared:
        yield "<p>Nothing was compared with a base; <code>--new</code> tells what is new.</p>"
    if total:
        new = total - counts.historical
        if is_compared:
            yield f"<p>{new:,} of {total:,} are new ({round(100 * new / total)} %).</p>"
        yield html_charts.bar(counts.parts, total).replace("<svg ", '<svg class="whole" ', 1)
    yield '<ul class="legend">'
    for name, title, count in (
        ("b", "blocked, new" if is_compared else "blocked", counts.blocked),
        ("w", "warnings, new" if is_compared else "warnings", counts.warnings),
        *([("o", "historical", counts.historical)] if is_compared else []),
    ):
        yield f"<li>{html_charts.swatch(name)}<b>{count:,}</b> {title}</li>"
    yield "</ul>\n"
    if len(history) > 1:
        yield f"<h3>Trend</h3>{html_charts.trend(history)}"
        yield '<ul class="legend">'
        for name, title in (("b", "blocked"), ("w", "warnings"), ("o", "historical")):
            yield f"<li>{html_charts.swatch(name)}{title}</li>"
        yield '</ul>\n<details class="why"><summary>The trend in numbers</summary><div class="wide"><table>'
        yield _columns("Day", "Blocked", "Warnings", "Historical", bar=False)
        for day, *numbers in history[-html_charts.MOST_POINTS :]:
            yield f'<tr><th scope="row">{escaped(day)}</th>{_numbers(*numbers)}</tr>\n'
        yield "</tbody></table></div></details>"
    yield "</section>\n"


def _files(found: _Found, tally: Tally) -> Iterator[str]:
    hurt = sorted(found.files.items(), key=lambda one: (*one[1].worst_first, one[0]))
    if not hurt:
        return
    yield '<section id="files"><h2>The files that hurt most</h2>'
    most = max(sum(counts.parts) for _, counts in hurt[:MOST_HURT])
    yield '<div class="wide"><table>'
    yield _columns("File", "Blocked", "Warnings", "Historical")
    for path, counts in hurt[:MOST_HURT]:
        name = _told(path)
        yield f'<tr><th scope="row"><a href="#violations" data-words="{name.lower()}">{name}</a></th>'
        yield f"{_numbers(*counts.parts)}{_bar(counts, most)}</tr>\n"
    yield "</tbody></table></div>"
    rest = tally.files_with_violations - min(MOST_HURT, len(hurt))
    if rest > 0:
        yield f'<p class="soft">{counted(rest, "more file")} with fewer.</p>'
    if len(found.files) == MOST_FILES:
        yield f'<p class="soft">Of the first {MOST_FILES:,} files with violations.</p>'
    yield "</section>\n"


def _rules(tally: Tally, found: _Found) -> Iterator[str]:
    if not found.rules:
        return
    yield '<section id="rules"><h2>By rule</h2>'
    yield '<div class="wide"><table>'
    heads = (
        "Found, new" if _is_compared(tally, found) else "Found",
        "Historical",
        "In the baseline",
        "Suppressed",
        "Would block",
    )
    numbers = "".join(f'<th scope="col" class="n">{head}</th>' for head in heads)
    yield f'<thead><tr><th scope="col">Rule</th><th scope="col">Severity</th>{numbers}</tr></thead><tbody>\n'
    for rule, counts in sorted(found.rules.items(), key=lambda one: (*one[1].worst_first, one[0])):
        yield f'<tr><th scope="row">{_link(rule)}</th><td>{_severity(counts.severity)}</td>'
        new = counts.blocked + counts.warnings
        yield _numbers(new, counts.historical, counts.baselined, counts.suppressed, counts.would_block)
        yield "</tr>\n"
    yield "</tbody></table></div></section>\n"


def _link(rule: str) -> str:
    return f'<a class="by" href="#rule-{escaped(rule)}">{escaped(rule)}</a>'


def _severity(severity: Severity) -> str:
    return f'<span class="sev {severity.value}">{severity.value}</span>'


def _violations(found: _Found, quote: Callable[[str, Row], Quote | None]) -> Iterator[str]:
    kept = found.worst.kept()
    yield '<section id="violations"><h2>Violations</h2>\n'
    if not kept:
        yield '<p class="none">None is shown.</p></section>\n'
        return
    left_out = found.worst.count - len(kept)
    if left_out:
        yield f"<p>The {len(kept):,} worst of {found.worst.count:,} are listed: new before historical, "
        yield f"blocked before warnings, some of each rule. {left_out:,} are left out here, but counted "
        yield "above; <code>auto-enforcer check</code> names them all.</p>\n"
    yield from _filters(kept)
    by_path: dict[str, list[Kept]] = {}
    for one in kept:
        by_path.setdefault(one.path, []).append(one)
    nothing = _Counts()
    for path, rows in sorted(by_path.items(), key=lambda one: found.files.get(one[0], nothing).worst_first):
        yield f'<details class="file" open><summary><b>{_told(path)}</b> '
        yield f'<span class="soft">{len(rows):,}</span></summary><ol>\n'
        for one in rows:
            yield _violation(one, quote(path, one.row))
        yield "</ol></details>\n"
    yield "</section>\n"


def _filters(kept: Sequence[Kept]) -> Iterator[str]:
    families = sorted({one.row.violation.rule.partition("/")[0] for one in kept})
    yield '<form class="filters" id="filters" hidden>'
    for legend, names in (("Severity", ("blocked", "warning")), ("Scope", ("new", "historical"))):
        yield f"<fieldset><legend>{legend}</legend>"
        for name in names:
            yield f'<label><input type="checkbox" name="{name}" checked> {name}</label>'
        yield "</fieldset>"
    yield '<label class="of">Family<select name="family"><option value="">all</option>'
    yield "".join(f"<option>{escaped(family)}</option>" for family in families)
    yield '</select></label><label class="of grow">Words in path, rule, message or line'
    yield '<input type="search" name="words" autocomplete="off" spellcheck="false"></label>'
    yield '<button type="reset">Reset</button><output aria-live="polite"></output></form>\n'


def _violation(one: Kept, quoted: Quote | None) -> str:
    row, verdict = one.row, one.verdict
    violation = row.violation
    scope = "historical" if is_historical(verdict) else "new"
    said = remark(verdict)
    tag = f' <span class="tag">{_message(said)}</span>' if said else ""
    cell = f' <span class="tag">cell {row.cell.number}</span>' if row.cell is not None else ""
    line = ""
    if quoted is not None:
        before, marked, after = (escaped(part.replace("\t", "    ")) for part in quoted)
        line = f"<pre><code>{before}{f'<mark>{marked}</mark>' if marked else ''}{after}</code></pre>"
    return (
        f'<li data-family="{escaped(violation.rule.partition("/")[0])}" '
        f'data-severity="{verdict.severity.value}" data-scope="{scope}">'
        f'<p class="meta"><span class="at">{row.number + 1}:{violation.start + 1}</span> '
        f"{_severity(verdict.severity)} {_link(violation.rule)}{tag}{cell}</p>"
        f"<p>{_message(violation.message)}</p>{line}</li>\n"
    )


def _suppressions(found: _Found, tally: Tally) -> Iterator[str]:
    yield '<section id="suppressed"><h2>Suppressed</h2>\n'
    if tally.unused_entries:
        entries = "1 entry" if tally.unused_entries == 1 else f"{tally.unused_entries:,} entries"
        yield f"<p>Nothing needs {entries} of the baseline any more: "
        yield "<code>auto-enforcer baseline --prune</code> drops what is unused.</p>\n"
    if not found.suppressed:
        yield '<p class="none">Nothing is suppressed.</p></section>\n'
        return
    rest = tally.suppressed - len(found.suppressed)
    if rest > 0:
        yield f"<p>The first {len(found.suppressed):,} of {tally.suppressed:,}.</p>\n"
    yield '<div class="wide"><table><thead><tr><th scope="col">Rule</th><th scope="col">Place</th>'
    yield '<th scope="col">Reason</th><th scope="col">Until</th></tr></thead><tbody>\n'
    for one in sorted(found.suppressed, key=lambda one: one.rule):
        suppression = one.row.suppression
        reason = _message(suppression.reason) if suppression is not None else ""
        until = suppression.until if suppression is not None else None
        day = f"{until}" if until is not None else '<span class="none">for good</span>'
        yield f"<tr><td>{_link(one.rule)}</td><td><code>{_told(one.path)}:{one.row.number + 1}</code></td>"
        yield f"<td>{reason or _NO_REASON}</td><td>{day}</td></tr>\n"
    yield "</tbody></table></div></section>\n"


def _skipped(tally: Tally) -> Iterator[str]:
    if not tally.skipped:
        return
    total = sum(tally.skipped.values())
    reasons = ", ".join(f"{count:,} {_told(reason)}" for reason, count in sorted(tally.skipped.items()))
    yield f'<section id="skipped"><h2>Not checked, or not by all rules</h2><p>{counted(total, "file")}: '
    yield f"{reasons}.</p></section>\n"


def _pages(found: _Found, rules: Mapping[str, RuleInfo]) -> Iterator[str]:
    if not found.rules:
        return
    yield '<section id="pages"><h2>Rule pages</h2>\n'
    for rule in sorted(found.rules):
        info = rules.get(rule)
        page = html_pages.page(info.markdown) if info is not None and info.markdown else ""
        yield f'<details class="page"><summary>{escaped(rule)}</summary><div id="rule-{escaped(rule)}">'
        yield page or '<p class="none">The rule has no page.</p>'
        if info is not None and info.url.startswith(("https://", "http://")):
            url = escaped(info.url)
            yield f'<p><a href="{url}" rel="noreferrer">{url}</a></p>'
        yield "</div></details>\n"
    yield "</section>\n"


def _message(text: str) -> str:
    """A message, its code marked as code."""
    text = printable(text)
    if len(text) > LONGEST_MESSAGE:
        text = f"{text[:LONGEST_MESSAGE]}…"
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a mark that nothing answers
        return escaped(text)
    return "".join(
        f"<code>{escaped(part)}</code>" if index % 2 and part else escaped(part)
        for index, part in enumerate(parts)
    )


def _told(text: str) -> str:
    """A path or a word, escaped, and not too long."""
    text = printable(text)
    return escaped(text if len(text) <= LONGEST_MESSAGE else f"{text[:LONGEST_MESSAGE]}…")
