"""The provenance report: every fact, its sources, what uses it and what is due; one page without a script."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path

from bot.knowledge.load import Loaded, load, package_knowledge
from bot.knowledge.report import page, report
from tests.support.knowledge import loaded
from tests.unit.test_knowledge_check import ENTRY, FACT, TODAY
from tests.unit.test_knowledge_refusals import WHOLE

HOSTS = {"gov.uk": "law and government"}


@cache
def ours() -> Loaded:
    return load(package_knowledge())


def test_every_fact_of_ours_stands_on_the_page_and_no_made_up_one() -> None:
    found = ours()
    html = report(found, found.hosts, TODAY)
    real = [f.id for f, document, _ in found.facts if "exampleshire" not in document.path]
    assert len(real) > 700
    assert all(f'id="{fact}"' in html for fact in real)
    assert "exampleshire" not in html.lower()


def test_the_page_needs_nothing_else_and_runs_nothing() -> None:
    found = ours()
    html = report(found, found.hosts, TODAY)
    assert "<script" not in html
    assert not re.search(r"(?:src|@import|url\()=?[\"'(]?https?:", html)
    assert not re.search(r"<link\b", html)


def test_a_fact_says_which_entries_and_overlays_rest_on_it_and_when_they_are_due(tmp_path: Path) -> None:
    rows = {row.fact.id: row for row in page(loaded(tmp_path, WHOLE), HOSTS, TODAY).rows}
    assert [(u.name, u.shown) for u in rows["grant.amount"].uses] == [("money.grant", True)]
    assert [u.name for u in rows["devon.grant"].uses] == ["devon: money.grant"]
    assert rows["grant.amount"].review_by == date(2027, 5, 20)
    assert rows["grant.amount"].official
    assert rows["grant.amount"].where == "facts/money.yaml:2"


def test_what_is_due_comes_earliest_first_and_says_when_it_is_late(tmp_path: Path) -> None:
    late = {**WHOLE, "answers/money.grant.yaml": ENTRY.replace("2027-05-20", "2026-11-01")}
    found = page(loaded(tmp_path, late), HOSTS, TODAY)
    assert [(r.by, r.late, len(r.items)) for r in found.rounds] == [
        (date(2026, 11, 1), True, 1),
        (date(2027, 5, 20), False, 2),
    ]
    assert found.late == 1


def test_a_caution_a_dispute_and_a_change_ahead_are_listed_by_themselves(tmp_path: Path) -> None:
    fact = FACT + (
        "      until: 2027-03-31\n"
        "      disputed: [{says: 'It is <b>£2,000</b>.', why: Older., source: {title: Old page}}]\n"
    )
    found = loaded(tmp_path, {"facts/money.yaml": fact, "answers/money.grant.yaml": ENTRY})
    shown = page(found, HOSTS, TODAY)
    assert [r.fact.id for r in shown.care] == ["grant.amount"]
    assert [(on, what) for on, what, _ in shown.changing] == [(date(2027, 3, 31), "last day")]
    assert "It is &lt;b&gt;£2,000" in report(found, HOSTS, TODAY)


def test_a_fact_without_an_official_source_is_first_in_line_for_a_better_one(tmp_path: Path) -> None:
    found = page(loaded(tmp_path, WHOLE), {"gov.uk": "other sites"}, TODAY)
    assert [r.fact.id for r in found.unofficial] == ["grant.amount", "devon.grant"]
