"""Rules kept by `assess` with the example model, on a few examples of our own."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.messages import Urgency
from bot.domain.people import About
from bot.triage import Example, ExamplesFaulty, Level, Model, Triage, assess, build_model, read_examples
from bot.triage.ages import others_age, own_age
from bot.triage.pattern import framed
from bot.triage.reading import clauses, read
from tests.eval.triage import make_triage, textspeak

NOTHING = About()
LONGEST_WAIT = 0.4  # seconds of the processor; under 0.2 s measured on a quiet machine


DANGER = {
    "safety.exploitation": [
        "the man keeps all the girls papers in a drawer",
        "the boss keeps our papers in his drawer",
        "he keeps the papers of all the girls upstairs",
        "they keep my papers and the girls papers",
    ],
    "safety.abuse": ["he hurts me at home", "she hurts me every night at home", "he hurts my sister at home"],
    "safety.suicide": ["i want to kill myself tonight", "i want to die tonight", "im going to kill myself"],
}
ORDINARY = [
    "how do i apply for a grant",
    "where do i apply for college",
    "is there a grant for my course",
    "my pa is nice",
    "how do i get a bus pass",
    "what is a pathway plan",
    "we walked on and talked about the weather and the flat",
    "who pays for my course",
    "i need help with my rent form",
    "how do i find a flat",
]


@pytest.fixture(scope="module")
def ruled() -> Triage:
    made = make_triage(rules_only=True)
    made.rules.warm()
    return made


@pytest.fixture(scope="module")
def model(ruled: Triage) -> Model:
    danger = [
        Example(text, Level.EMERGENCY if "tonight" in text else Level.URGENT, topic)
        for topic, texts in DANGER.items()
        for text in texts
    ]
    return build_model(danger, ORDINARY * 2, ruled.rules, textspeak())


@pytest.fixture(scope="module")
def both(ruled: Triage, model: Model) -> Triage:
    return Triage(ruled.rules, model, textspeak())


def test_a_model_survives_being_stored(model: Model) -> None:
    arrays, meta = model.to_arrays()
    again = Model.from_arrays({name: np.array(array) for name, array in arrays.items()}, meta)
    for text in ("he hurts me at home", "how do i apply for a grant"):
        assert again.guess(text).danger == pytest.approx(model.guess(text).danger, abs=0.05)
        assert again.guess(text).topics.argmax() == model.guess(text).topics.argmax()
        assert again.nearest(text) == model.nearest(text)


def test_examples_are_heard_where_no_rule_fires(both: Triage) -> None:
    found = assess("the man upstairs keeps the girls papers in a drawer", NOTHING, both)
    assert found.urgency is not Urgency.NONE
    assert found.category == "safety.exploitation"
    assert found.matched[-1].startswith("like: ")
    assert found.reasons


def test_an_ordinary_question_is_left_in_peace(both: Triage) -> None:
    assert assess("how do i apply for a grant for my course", NOTHING, both).urgency is Urgency.NONE


def test_a_language_the_examples_do_not_know_is_left_to_the_rules(both: Triage) -> None:
    assert assess("хочу померти", NOTHING, both).category == "safety.suicide"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "😂😂",
        "a" * 100_000,
        "die " * 5_000,
        "i want to " * 5_000,
        "!?" * 50_000,
        "\n" * 9_999,
        "k i l l " * 9_000,
        "\U0010ffff\ud800" * 500,
        "۱۲۳ ١٢٣ 123",
        ". " * 50_000,
        "he hits me " * 9_000,
        "!?" * 50_000 + "x",
        ("?!" * 2_000 + "x") * 25,
        "a.b-c_d*" * 12_500,
        "ﷺ" * 100_000,
        "".join(chr(plane * 0x10000 + at) for plane in range(17) for at in range(0, 0x10000, 499)),
    ],
)
def test_bad_input_is_read_in_time_and_raises_nothing(text: str, both: Triage) -> None:
    begin = time.process_time()
    assess(text, NOTHING, both)
    assert time.process_time() - begin < LONGEST_WAIT


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet=st.characters(), max_size=200))
def test_no_text_raises(text: str, both: Triage) -> None:
    found = assess(text, NOTHING, both)
    assert (found.category is None) == (found.urgency is Urgency.NONE)
    assert bool(found.reasons) == (found.urgency is not Urgency.NONE)


def test_danger_in_the_middle_of_a_hundred_thousand_characters_is_heard(both: Triage) -> None:
    text = "we walked on and talked about the weather and the flat " * 900
    assert assess(text + "i want to kill myself " + text, NOTHING, both).urgency is not Urgency.NONE


def test_danger_counts_for_no_less_with_examples_than_with_rules_alone(both: Triage, ruled: Triage) -> None:
    for text in ("im going to kill myself tonight", "i took 30 paracetamol", "he has a knife to my throat"):
        assert not assess(text, NOTHING, both).urgency < assess(text, NOTHING, ruled).urgency


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("im 17", 17),
        ("i am only sixteen", 16),
        ("17f nowhere to go", 17),
        ("im 18 next week", 17),
        ("im not 18 yet", 17),
        ("im 16 weeks pregnant", None),
        ("im 20 mins away", None),
        ("i have 17 pounds", None),
    ],
)
def test_an_age_is_read_and_nothing_else_is_taken_for_one(text: str, age: int | None) -> None:
    assert own_age(framed(text)) == age


def test_somebody_elses_age_is_read() -> None:
    assert others_age(framed("my sister shes only 14")) == 14


def test_a_short_message_is_heard_whole_and_a_long_one_in_parts() -> None:
    assert clauses(read("i want to go home", {}, None)) == [(0, 5)]
    parts = clauses(read("one two three four five six seven. eight nine ten but eleven twelve thirteen", {}, None))
    assert len(parts) > 2
    assert parts[0] == (0, 14)


def test_a_faulty_group_of_examples_is_named() -> None:
    with pytest.raises(ExamplesFaulty, match="group 2"):
        read_examples(
            [{"topic": "a", "level": "none", "says": ["x"]}, {"topic": "a", "level": "loud", "says": []}], "a"
        )


def test_examples_keep_who_is_at_risk() -> None:
    read_ = read_examples([{"topic": "safety.missing", "level": "urgent", "who": "other", "says": ["x"]}], "hand-z")
    assert read_ == [Example("x", Level.URGENT, "safety.missing", True, "hand-z")]


def test_one_kind_of_example_is_enough_to_build(ruled: Triage) -> None:
    model = build_model([Example("he hurts me", Level.URGENT, "safety.abuse")] * 2, [], ruled.rules)
    assert model.topics == ("safety.abuse",)
    assert model.guess("he hurts me").danger > 0
