"""The regression gate: a headline figure that falls is named with the messages that changed; the tables count right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.knowledge.load import load
from tests.eval import clinc, questions, regress, triage
from tests.eval.rates import auroc, rate, recall_at, wilson
from tests.eval.regress import read, verdict, write
from tests.eval.run import Headline, headlines, put_through
from tests.eval.sets import is_topic, texts
from tests.support import small

TEXTS = {"a": "the first", "b": "the second", "c": "the third"}


def figures(of: int, *missed: str, name: str = "best guess right") -> dict[str, dict[str, Headline]]:
    return {"whole engine": {name: Headline(of, missed)}}


def test_a_figure_that_fell_is_refused_with_the_messages_that_changed_either_way() -> None:
    is_fine, said = verdict(figures(50, "a"), figures(50, "b", "c"), TEXTS)

    assert not is_fine
    assert said[:4] == [
        "whole engine: best guess right: 49/50 was committed, now 48/50",
        "  now wrong  b  the second",
        "  now wrong  c  the third",
        "  now right  a  the first",
    ]
    assert "--update" in said[4]


@pytest.mark.parametrize(
    ("of", "then", "now"), [(100, ("a",), ("b", "c")), (300, ("a",), ("a", "b", "c")), (3, ("a", "b"), ("a",))]
)
def test_one_message_in_a_hundred_is_noise_and_a_rise_is_welcome(
    of: int, then: Sequence[str], now: Sequence[str]
) -> None:
    assert verdict(figures(of, *then), figures(of, *now), TEXTS)[0]


def test_a_figure_that_is_not_committed_yet_is_refused() -> None:
    is_fine, said = verdict({}, figures(10), TEXTS)

    assert not is_fine
    assert said[0] == "not in eval.json: best guess right"


def test_words_alone_are_compared_with_their_own() -> None:
    committed = {**figures(10), "words alone": {"best guess right": Headline(10, ("a", "b", "c"))}}

    assert verdict(committed, {"words alone": {"best guess right": Headline(10, ("a", "b", "c"))}}, TEXTS)[0]
    assert not verdict(committed, {"words alone": {"best guess right": Headline(10, tuple("abcd"))}}, TEXTS)[0]


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    found = {**figures(50, "a", "b"), "words alone": {"danger heard": Headline(3, ())}}

    write(found, tmp_path / "eval.json")

    assert read(tmp_path / "eval.json") == found
    assert read(tmp_path / "none.json") == {}


def test_what_is_committed_speaks_of_messages_that_are_there() -> None:
    known, committed = texts(), regress.read()

    assert set(committed) == {"whole engine", "words alone"}
    missed = {id_ for of in committed.values() for figure in of.values() for id_ in figure.missed}
    assert missed <= known.keys()


def test_the_sets_are_put_through_both_ways_and_every_headline_is_higher_when_better(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = [
        {"id": "q1", "text": "do i have to pay council tax", "topic": small.COUNCIL_TAX, "also": [], "style": "plain"},
        {"id": "q2", "text": "register with a gp", "topic": small.ALLOWANCE, "also": [], "style": "plain"},
    ]
    others = [{"id": "o1", "text": "zxqv", "why": "no words"}]
    monkeypatch.setattr(questions, "rows", lambda name: asked if name == "questions_dev.jsonl" else others)
    danger = [
        _row("t1", "emergency", "i want to die"),
        _row("t2", "none", "hello"),
        _row("t3", "none", "i want to die"),
    ]
    monkeypatch.setattr(triage, "judged", lambda heard, typed: [triage._judged(row, heard, typed) for row in danger])

    runs = put_through(small.compiled())
    found = headlines(runs)

    assert found["best guess right, as typed"] == Headline(2, ("q2",))
    assert found["no wrong answer given, as typed"] == Headline(2, ("q2",))
    assert found["honest on what is not ours, as typed"] == Headline(1, ())
    assert found["emergency heard, as typed"] == Headline(1, ())
    assert found["no alarm on none, as typed"] == Headline(2, ("t3",))
    assert {name.rpartition(", ")[2] for name in found} == {"as typed", "one letter in ten edited"}
    assert len(runs["as typed"].took) == 3


def _row(id_: str, level: str, text: str) -> dict[str, Any]:
    return {"id": id_, "text": text, "level": level, "category": None, "who": "self"}


def test_what_is_taken_for_what_is_counted_and_the_surest_wrong_answer_comes_first() -> None:
    found = [
        questions.Asked(id_, "text", "plain", ("a.right",), given, (), score)
        for id_, given, score in (("1", "b.wrong", 0.7), ("2", "b.wrong", 0.9), ("3", None, 0.1), ("4", "a.right", 0.9))
    ]

    assert questions.confusions(found, 5)[1:] == ["      2  a.right -> b.wrong", "      1  a.right -> (not known)"]
    assert [line.split()[1] for line in questions.worst(found, 5)[1:]] == ["2", "1", "3"]


def test_a_finer_topic_counts_as_the_one_it_belongs_to() -> None:
    assert is_topic("money.allowances.at-18", ["money.allowances"])
    assert not is_topic("money.allowances", ["money.allow"])
    assert not is_topic(None, ["money.allowances"])


def test_shares_have_their_count_and_interval() -> None:
    assert rate(9, 10) == " 0.900     9/10   [0.60 0.98]"
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(0, 10)[0] == 0.0


def test_auroc_is_the_chance_that_ours_scores_higher_and_a_tie_is_half() -> None:
    assert auroc([0.9, 0.8], [0.1, 0.2]) == 1.0
    assert auroc([0.1], [0.9]) == 0.0
    assert auroc([0.5, 0.5], [0.5]) == 0.5


def test_others_are_told_by_scores_below_the_tenth_of_ours_that_is_refused() -> None:
    assert recall_at([n / 10 for n in range(11)], [0.05, 0.5]) == 1


def test_clinc150_becomes_a_knowledge_folder_without_faults(tmp_path: Path) -> None:
    data = {
        "train": [("What's my balance?", "bank_balance"), ("whats my balance", "bank_balance"), ("hi", "greet_me")],
        "oos_train": [("how tall is a horse", "oos")],
    }

    found = load(clinc.written(tmp_path, data, 20))

    assert not found.faults
    assert {entry.id for entry, _, _ in found.entries} == {"clinc.bank-balance", "clinc.greet-me"}
    assert sum(len(asks) for asks in found.asks.values()) == 3
    assert len(found.parts["not_covered"]) == 1


def test_without_the_data_one_line_says_where_they_were_looked_for(tmp_path: Path) -> None:
    (line,) = clinc.report(tmp_path)

    assert str(tmp_path) in line
    assert "WAYMARK_CLINC150" in line
