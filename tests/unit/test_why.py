"""`waymark why` shows what search and triage themselves went by, step for step, and keeps none of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot import __main__ as program
from bot.asking import answer, question_from
from bot.bundle import Bundle
from bot.domain.people import About
from bot.knowledge.fuse import SIGNS
from bot.triage import Triage, assess, explain
from bot.triage.weigh import BOTH, WORDS_ALONE, danger, terms
from bot.why import why
from bot.whytext import lines
from tests.support import small
from tests.unit.test_triage_assess import model, ruled

__all__ = ["model", "ruled"]
QUESTION, SLIP, IN_DANGER = "do i have to pay council tax", "counsil tax bill", "i want to die"
ASKED = (QUESTION, SLIP, "hello", "zxqv", "", IN_DANGER, "my first flat and the doctor " * 40)


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return small.compiled()


def shown(text: str, bundle: Bundle, **more: Any) -> dict[str, Any]:
    return why(question_from({"text": text, **more}, bundle), bundle)


@pytest.mark.parametrize("text", ASKED)
def test_it_says_what_the_answer_says(text: str, bundle: Bundle) -> None:
    found, told = shown(text, bundle), answer(question_from({"text": text}, bundle), bundle)

    assert {name: found["decision"][name] for name in ("outcome", "topic", "offered")} == {
        name: told[name] for name in ("outcome", "topic", "offered")
    }
    assert found["triage"]["urgency"] == told["urgency"]
    assert found["decision"]["because"]


def test_the_nearest_phrase_is_one_of_the_classs_own_and_its_cosine_is_the_searchs(bundle: Bundle) -> None:
    index = bundle.index
    assert index is not None
    steps = index.explain(QUESTION)
    assert steps.evidence is not None
    best = int(steps.evidence.order[0])

    by_words, by_meaning = index.nearest(steps, best)

    assert by_words is not None
    assert index.phrase(by_words.phrase) == QUESTION
    assert by_words.cosine == pytest.approx(float(steps.evidence.near[0]))
    assert by_words.cosine == pytest.approx(1, abs=0.01)
    assert (by_meaning is not None) == index.uses_sentences


def test_a_repaired_word_is_shown_with_what_it_became(bundle: Bundle) -> None:
    found = shown("counncil tax bill", bundle)

    assert found["repaired"] == [["counncil", "council"]]
    assert found["read"] == "council tax bill"


def test_every_sign_of_the_gate_is_named_and_they_add_up(bundle: Bundle) -> None:
    index = bundle.index
    assert index is not None
    steps = index.explain(QUESTION)
    assert steps.signs is not None
    weights, begin = index.gate

    assert len(SIGNS) == len(steps.signs) == weights.shape[1]
    sure = 1 / (1 + 2.718281828 ** -(float(weights[0] @ steps.signs) + float(begin[0])))
    assert steps.found.sure == pytest.approx(sure)
    assert [sign["sign"] for sign in shown(QUESTION, bundle)["gate"]["signs"]] == list(SIGNS)


def test_a_rule_that_fires_is_shown_with_its_words_and_level(bundle: Bundle) -> None:
    (rule,) = shown(IN_DANGER, bundle)["triage"]["rules"]

    assert (rule["rule"], rule["words"], rule["level"]) == ("last-resort.suicide", "want to die", "emergency")


@pytest.mark.parametrize("text", ["he hurts me at home", "who pays for my course", "i want to die tonight"])
def test_triage_is_explained_by_what_it_decided_by(text: str, ruled: Triage, model: Any) -> None:
    triage = Triage(ruled.rules, model, ruled.textspeak)

    told = explain(text, About(), triage)

    assert told.assessment == assess(text, About(), triage)
    assert told.weighed is not None
    assert told.weighed.weighing is WORDS_ALONE
    for weighing in (WORDS_ALONE, BOTH):
        added = sum(value for _, value in terms(told.weighed.found, weighing))
        assert danger(told.weighed.found, weighing) == pytest.approx(added)


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("i was raped when i was 12", "past", "when i was 12"),
        ("nowhere to sleep tonight", "now", "tonight"),
    ],
)
def test_the_words_that_change_a_rules_level_are_told(text: str, kind: str, words: str, ruled: Triage) -> None:
    told = explain(text, About(), ruled)

    assert {getattr(ruled.rules.around(hit, said, told.reading.turns), kind) for hit, said in told.hits} == {words}


@pytest.mark.parametrize("text", ASKED)
def test_a_colleague_can_read_it_line_by_line(text: str, bundle: Bundle) -> None:
    said = list(lines(shown(text, bundle)))

    assert said[0] == f"message     {text}"
    assert any(line.startswith("danger: ") for line in said)
    assert any(line.startswith("decided: ") for line in said)


def test_without_an_index_danger_is_still_explained() -> None:
    found = shown(IN_DANGER, small.danger())

    assert "gate" not in found
    assert found["triage"]["urgency"] != "none"
    assert "gate" not in "\n".join(lines(found))


def test_the_command_prints_it_and_writes_no_log(
    bundle: Bundle,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("bot.ready.bundle_for", lambda _: bundle)

    assert program.main(["why", QUESTION, "--age", "19", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["decision"]["topic"] == small.COUNCIL_TAX
    assert program.main(["why", QUESTION, "--words-alone"]) == 0
    assert "no sentence model, letters and words alone" in capsys.readouterr().out
    assert not caplog.records
