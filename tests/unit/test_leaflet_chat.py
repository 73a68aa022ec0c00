"""The way to the leaflet in the chat: the button under the list, the command, the words, and old keys."""

from __future__ import annotations

import pytest

from bot.dialogue import keys
from bot.dialogue.decide import decide
from bot.dialogue.follow import bare
from bot.dialogue.turn import Mode
from bot.domain.messages import Action, Assessment, Document, Kind, Reply, Urgency
from bot.domain.people import About, Conversation
from bot.knowledge.leaflet import leaflet_words
from bot.knowledge.leafletwords import LeafletWords
from bot.knowledge.load import load, package_knowledge
from tests.support.knowledge import loaded, package, turn

MADE = "waymark-devon-18-21.pdf"


def words() -> LeafletWords:
    found = leaflet_words(package())
    assert found is not None
    return found


def said(text: str = "", about: About | None = None, action: str | None = None) -> Reply:
    talk = Conversation(about=about or About(), greeted=True, version=1)
    return decide(turn(text, action=action, conversation=talk)).say_now[0]


def button(about: About, key: str = "g:.lnon:devon") -> list[Action]:
    return [action for action in said(about=about, action=key).actions if action.label == words().button]


def test_the_list_ends_with_the_leaflet_of_ones_own_stage_and_council() -> None:
    (found,) = button(About(age=19, council="devon"))
    reply = said(action=found.key)
    assert reply.document == Document(
        "devon/18-21", MADE, "18 to 21: what you can get. Care leavers of Devon County Council (PDF)"
    )
    assert reply.text == words().ready


def test_where_no_age_is_known_the_stage_is_chosen() -> None:
    (found,) = button(About(council="devon"), "g:-lnon:devon")
    which = said(action=found.key)
    assert which.text == words().which
    labels = [stage.button for stage in words().stages.values()]
    assert [action.label for action in which.actions[:-1]] == labels
    chosen = [said(action=action.key).document for action in which.actions[:-1]]
    assert [d.key for d in chosen if d] == [f"devon/{stage}" for stage in words().stages]


def test_past_twenty_five_no_leaflet_is_offered() -> None:
    assert button(About(council="devon"), "g:olnon:devon") == []


@pytest.mark.parametrize("text", ["/leaflet", "leaflet", "Can I get a leaflet?"])
def test_it_can_be_asked_for(text: str) -> None:
    document = said(text, About(age=18, council="northumberland")).document
    assert document is not None
    assert document.key == "northumberland/at-18"
    national = said(text, About(age=22)).document
    assert national is not None
    assert (national.key, national.filename) == ("england/21-25", "waymark-england-21-25.pdf")
    assert said(text).text == words().which


def test_asking_does_not_take_a_phrase_from_a_topic() -> None:
    asked = {bare(phrase) for found in load(package_knowledge()).asks.values() for phrase, _, _ in found}
    assert not asked & {bare(phrase) for phrase in words().ask}


def test_a_longer_question_is_still_a_question() -> None:
    assert decide(turn("can i get a leaflet about my baby", best="family.parenting")).topic == "family.parenting"


@pytest.mark.parametrize("key", ["pdf:17:devon", "pdf:18-21:atlantis", "pdf:x", "pdf:18-21:devon:more"])
def test_a_key_that_means_nothing_any_more_is_answered_with_the_menu(key: str) -> None:
    assert said(action=key).text == package().words.old_button


def test_every_key_fits_a_button() -> None:
    longest = max((council.slug for council in package().councils), key=len)
    assert all(len(keys.leaflet(stage, longest).encode()) <= keys.LONGEST for stage in words().stages)


def test_danger_in_the_words_still_comes_first() -> None:
    heard = Assessment(Urgency.EMERGENCY, "safety.suicide", ("x",))
    assert decide(turn("leaflet", assessment=heard)).say_now[0].kind is Kind.DANGER


def test_nothing_but_helplines_is_given_while_switched_off() -> None:
    assert decide(turn("/leaflet", mode=Mode.HELPLINES)).say_now[0].document is None


def test_a_folder_without_a_list_has_no_leaflet(tmp_path: object) -> None:
    base = loaded(tmp_path, {"answers/money.x.yaml": "{id: money.x, title: X, answer: Ask.}\n"}).base(package())  # type: ignore[arg-type]
    assert decide(turn("/leaflet", base=base)).say_now[0].document is None
    assert decide(turn(action="pdf:18-21:-", base=base)).say_now[0].text == base.words.old_button
