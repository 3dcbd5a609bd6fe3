"""What two readers say of real code is in its form, and no rule is less trustworthy than it must be."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from auto_enforcer import catalog
from auto_enforcer.session import Shared, scanners
from corpora import reading, report, verdicts
from corpora.pins import PACKAGES
from oracle import corpus

ROWS = list(verdicts.read())
SHARES = verdicts.shares()


def test_every_entry_is_of_a_rule_that_is_on_by_default() -> None:
    entries = catalog.entries()
    assert [row for row in ROWS if row.rule not in entries] == []
    assert [row for row in ROWS if entries[row.rule].optional] == []


def test_every_entry_is_of_a_package_that_is_read() -> None:
    packages = {reading.name(source) for source in PACKAGES if source.registry != "python"}
    assert {row.place.split()[0] for row in ROWS} - packages <= {"cpython==3.11.7"}


def test_no_finding_is_there_twice() -> None:
    keys = [(row.rule, row.place) for row in ROWS]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("share", SHARES, ids=lambda share: f"{share.rule}-{share.severity}")
def test_what_is_blocked_is_true_and_so_are_eight_of_ten_warnings(share: verdicts.Share) -> None:
    assert not share.too_low, share


def test_packages_are_brought_by_a_pip_that_is_there() -> None:
    """The suite's own environment may have none."""
    subprocess.run([*corpus.pip(), "--version"], check=True, capture_output=True)


def test_who_says_false_says_why() -> None:
    assert [row for row in ROWS if not row.is_true and not row.reason] == []


def test_a_row_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "verdicts.md"
    table.write_text("## python/mutable-default\n\n| `flask==1 a.py:1` | B | perhaps | true | |\n")
    with pytest.raises(verdicts.TableError, match="cannot read"):
        list(verdicts.read(str(table)))


def test_one_false_finding_is_too_many_where_it_blocks(tmp_path: Path) -> None:
    table = tmp_path / "verdicts.md"
    rows = [
        f"| `flask==1 a.py:{line}` | B | true | {'true' if line > 1 else 'false'} | why |"
        for line in range(1, 9)
    ]
    table.write_text("## python/mutable-default\n\n" + "\n".join(rows).replace("| B |", "| W |") + "\n")
    assert [share.too_low for share in verdicts.shares(str(table))] == [False]
    table.write_text("## python/mutable-default\n\n" + "\n".join(rows) + "\n")
    assert [share.too_low for share in verdicts.shares(str(table))] == [True]


def test_a_package_is_counted_by_the_lines_of_its_programs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Prose and data are read, too, but their lines would thin out what is found; skipped files are named."""
    (tmp_path / "a.py").write_text("def add(order, orders=[]):\n    return orders\n")
    (tmp_path / "README.md").write_text("# A\n" * 50)
    (tmp_path / "b.min.js").write_text("a\n" * 50)
    done = reading.read_folder("shop==1", tmp_path, Shared(scanners()))
    assert (done.files, done.lines, done.skipped) == (2, 2, {"minified": 1})
    assert [(finding.rule, finding.place) for finding in done.findings] == [
        ("python/mutable-default", "shop==1 a.py:1")
    ]
    assert done.rate("blocked") == 500
    assert report.unread([done]) == ["python/mutable-default shop==1 a.py:1"]
    assert not report.print_medians([done])
    assert "blocked 500.00, warned 0.00 (at most 5)" in capsys.readouterr().out
