"""Where somebody lives: asked only where the answer turns on it, used when it is said, and never mistaken."""

from __future__ import annotations

import pytest

from bot.dialogue import keys
from bot.dialogue.decide import decide
from bot.dialogue.passing import said_in_passing
from bot.dialogue.turn import Decision
from bot.domain.messages import Assessment, Kind, Outcome, Urgency
from bot.domain.people import About, Conversation
from tests.support.knowledge import package, turn, with_example

WORDS = package().words
DEVON = About(council="devon", age=19)
TAX = "money.council-tax"


def texts(decision: Decision) -> str:
    return "\n".join(r.text for r in (*decision.say_now, *decision.say_after))


def pressable(decision: Decision) -> list[str]:
    return [a.key for reply in decision.say_now for a in reply.actions]


def asked_district(decision: Decision) -> bool:
    return decision.conversation.asked == "district"


# asked only where the answer turns on it


def test_the_district_is_asked_once_under_the_answer_with_each_as_a_button_and_not_sure() -> None:
    decision = decide(turn("q", best=TAX, about=DEVON))
    assert [r.kind for r in decision.say_now] == [Kind.ANSWER, Kind.NOTICE]
    districts = [keys.district("devon", d.slug) for d in package().council["devon"].districts]
    assert [a.key for a in decision.say_now[1].actions] == [*districts, keys.district("devon", keys.NOT_SURE)]
    assert asked_district(decision)


@pytest.mark.parametrize(
    "about",
    [
        About(),
        About(council="kent"),
        DEVON.with_(district="exeter"),
        DEVON.with_(lives_in="exeter"),
        DEVON.with_(lives_in="leeds"),
        DEVON.with_(age=17),  # nobody under 18 pays, in any district
    ],
)
def test_the_district_is_not_asked_where_it_would_change_nothing_or_is_known(about: About) -> None:
    decision = decide(turn("q", best=TAX, about=about))
    assert len(decision.say_now) == 1
    assert not asked_district(decision)


def test_only_topics_whose_short_answer_differs_by_district_ask_for_one() -> None:
    asking = {e.id for e in package().entries if asked_district(decide(turn("q", best=e.id, about=DEVON)))}
    assert asking == {TAX, "safety.homeless-tonight"}  # West Devon gives a number of its own for tonight


def test_a_council_whose_towns_all_get_the_same_is_asked_for_none() -> None:
    assert len(decide(turn("q", best=TAX, about=About(council="northumberland", age=19))).say_now) == 1


def test_a_part_of_the_answer_asks_for_nothing() -> None:
    assert not asked_district(decide(turn(action=keys.part("how", TAX), about=DEVON)))


def test_after_a_cry_for_help_no_district_is_asked() -> None:
    hurt = Assessment(Urgency.URGENT, "safety.domestic-abuse")
    decision = decide(turn("he hits me, council tax", best=TAX, about=DEVON, assessment=hurt))
    assert [r.kind for r in decision.say_now] == [Kind.DANGER, Kind.ANSWER]


@pytest.mark.parametrize("by", ["tap", "name", "near"])
def test_a_district_given_shows_its_own_rule(by: str) -> None:
    talk = decide(turn("q", best=TAX, about=DEVON)).conversation
    told = {
        "tap": turn(action=keys.district("devon", "west-devon"), conversation=talk),
        "name": turn("West Devon", conversation=talk),
        "near": turn("west devn", conversation=talk),
    }[by]
    decision = decide(told)
    assert decision.conversation.about.district == "west-devon"
    assert decision.topic == TAX
    assert "*In West Devon:*" in texts(decision)
    assert "West Devon Borough Council" in texts(decision)


@pytest.mark.parametrize("said", ["not sure", "idk", "I don't know", None])
def test_not_sure_is_fine_and_it_is_not_asked_again_but_can_be_told(said: str | None) -> None:
    talk = decide(turn("q", best=TAX, about=DEVON)).conversation
    told = turn(said, conversation=talk) if said else turn(action="d:devon:-", conversation=talk)
    after = decide(told)
    assert "find-local-council" in texts(after)
    again = decide(turn("q", best=TAX, conversation=after.conversation))
    assert not asked_district(again)
    assert keys.ask_district("devon") in pressable(again)
    assert asked_district(decide(turn(action=keys.ask_district("devon"), conversation=again.conversation)))


def test_a_question_typed_in_place_of_a_district_is_answered() -> None:
    talk = decide(turn("q", best=TAX, about=DEVON)).conversation
    assert decide(turn("how do i see a doctor here", best="health.gp", conversation=talk)).topic == "health.gp"


def test_a_name_that_is_nowhere_is_asked_for_again_with_the_districts() -> None:
    talk = decide(turn("q", best=TAX, about=DEVON)).conversation
    decision = decide(turn("qwertyville", conversation=talk))
    assert asked_district(decision)
    assert keys.district("devon", "exeter") in pressable(decision)


# another council's place


def test_a_district_of_another_council_is_where_they_live_and_that_is_said() -> None:
    asking = Conversation(about=About(council="devon"), topic=TAX, asked="district", version=1)
    decision = decide(turn("Blyth", conversation=asking))
    assert decision.say_now[0].text.startswith("Blyth is in Northumberland, not in Devon.")
    assert (decision.conversation.about.council, decision.conversation.about.lives_in) == ("devon", "blyth")
    assert keys.district("northumberland", "blyth") in pressable(decision)
    assert "Ask Devon to cover your bill" in texts(decision)


def test_another_council_itself_is_where_they_live_too() -> None:
    asking = Conversation(about=About(council="devon"), topic=TAX, asked="district", version=1)
    decision = decide(turn("plymouth", conversation=asking))
    assert "Plymouth isn't in Devon" in texts(decision)
    assert "*Living in Plymouth:*" in texts(decision)


def test_a_district_typed_where_a_council_was_asked_names_its_council() -> None:
    decision = decide(turn("Exeter", conversation=Conversation(asked="council", version=1)))
    assert "Exeter is looked after by Devon" in texts(decision)


def test_choosing_a_council_says_what_it_is_not() -> None:
    assert "Plymouth and Torbay" in texts(decide(turn(action=keys.council("devon"))))


def test_a_council_changed_leaves_no_district_of_the_old_one_behind() -> None:
    decision = decide(turn(action=keys.council("northumberland"), about=DEVON.with_(district="exeter")))
    assert decision.conversation.about.district is None


# said in passing


@pytest.mark.parametrize(
    ("text", "council", "lives_in", "nation"),
    [
        ("I'm Devon's but live in Leeds", "devon", "leeds", None),
        ("im devons but i live in carlisle", "devon", "carlisle", None),
        ("im from leeds and living in york now", "leeds", "york", None),
        ("i was in care in devon", "devon", None, None),
        ("croydon looked after me but i live in bromley now", "croydon", "bromley", None),
        ("ive moved to newport pagnell", None, "newport-pagnell", None),
        ("im northumberland's and moved to scotland", "northumberland", None, "scotland"),
        ("was in care in wales now live in bristol", None, "bristol", None),
        ("was in care in glasgow, moved to carlisle at 18", None, "carlisle", None),
        ("im 19 in exeter do i pay council tax", "devon", "exeter", None),
        ("18 in northumberland", "northumberland", None, None),
        ("im 19 in debt", None, None, None),
        ("i live in fear", None, None, None),
        ("moved in march", None, None, None),
        ("im from leeds", None, None, None),
        ("can i get a flat in leeds", None, None, None),
        ("is there anywhere to stay in bath tonight", None, None, None),
    ],
)
def test_what_is_said_in_passing_is_read_only_where_it_is_plain(
    text: str, council: str | None, lives_in: str | None, nation: str | None
) -> None:
    said = said_in_passing(turn(text))
    assert (said.council, said.lives_in, said.nation) == (council, lives_in, nation)


def test_a_devon_care_leaver_in_leeds_gets_the_answer_for_that_and_it_says_so() -> None:
    decision = decide(turn("I'm Devon's but live in Leeds, do i pay council tax", best=TAX))
    assert decision.say_now[0].text.startswith("*Living in Leeds:* **Ask Devon to cover your bill.**")
    assert not asked_district(decision)


def test_it_is_kept_and_used_for_the_next_question() -> None:
    first = decide(turn("I'm Devon's but live in Leeds"))
    assert first.outcome is Outcome.SMALL_TALK
    assert "Devon" in texts(first)
    assert "Leeds" in texts(first)
    assert "Ask Devon to cover" in texts(decide(turn("q", best=TAX, conversation=first.conversation)))


def test_said_after_an_answer_that_turned_on_it_shows_that_answer_again() -> None:
    talk = Conversation(about=DEVON, topic=TAX, version=1)
    decision = decide(turn("I live in Exeter", conversation=talk))
    assert decision.topic == TAX
    assert "Exeter City Council" in texts(decision)


def test_anywhere_outside_the_councils_own_area_is_elsewhere() -> None:
    base, ours = with_example(), About(council="exampleshire", age=19)
    elsewhere = decide(turn("q", best=TAX, about=ours.with_(lives_in="york"), base=base))
    inside = decide(turn("q", best=TAX, about=ours.with_(lives_in="southmere"), base=base))
    assert "Ask Exampleshire to help" in texts(elsewhere)
    assert "Ask Exampleshire to help" not in texts(inside)


def test_my_data_says_where_they_live() -> None:
    assert "- Where you live: Leeds" in texts(decide(turn("/mydata", about=DEVON.with_(lives_in="leeds"))))


# ages and nations outside what we are for


@pytest.mark.parametrize(("age", "says"), [(12, WORDS.age_young), (70, WORDS.age_over)])
def test_an_age_out_of_range_gets_a_true_and_helpful_reply_and_is_not_kept(age: int, says: str) -> None:
    decision = decide(turn(str(age), conversation=Conversation(asked="age", version=1)))
    assert texts(decision) == says
    assert decision.conversation.about.age is None


@pytest.mark.parametrize(("text", "says"), [("im 12 can i see my plan", "Childline"), ("I am 70 and", "ends at 25")])
def test_an_age_out_of_range_said_in_passing_bounds_the_answer_and_is_not_kept(text: str, says: str) -> None:
    decision = decide(turn(text, best="support.pathway-plan"))
    assert says in decision.say_now[0].text.splitlines()[0]
    assert WORDS.tell_age not in texts(decision)
    assert decision.conversation.about.age is None


def test_an_age_out_of_range_is_spoken_to_where_the_question_is_not_clear() -> None:
    decision = decide(turn("im 12 what can i get", best="money.under-18", sure=0.4, others=("support.local-offer",)))
    assert decision.outcome is Outcome.CLARIFY
    assert "12" in decision.say_now[0].text or "16" in decision.say_now[0].text
    assert decision.conversation.about.age is None


@pytest.mark.parametrize("text", ["im 70 quid short", "im 12 weeks pregnant", "im 5 min away"])
def test_a_number_that_is_no_age_bounds_nothing(text: str) -> None:
    decision = decide(turn(text, best="money.emergency"))
    assert WORDS.age_young.strip() not in texts(decision)
    assert WORDS.age_over.strip() not in texts(decision)


def test_in_another_nation_an_answer_says_whose_rules_it_gives() -> None:
    decision = decide(turn("i live in scotland, do i pay council tax", best=TAX))
    assert decision.say_now[0].text.startswith("*You said Scotland. I only know England's rules.")
    assert "mygov.scot" in texts(decision)


def test_an_entry_that_has_its_own_words_for_a_nation_says_them_instead() -> None:
    decision = decide(turn("q", best="status.moved-area", about=About(nation="wales")))
    assert "You said Wales" not in texts(decision)
    assert "support you in Wales" in texts(decision)
