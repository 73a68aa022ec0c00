"""What somebody tells us of themselves, because we asked or in passing: council, district, where they live, age."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import council, glossary, keys, place, show, status
from bot.dialogue.ask import answered, searched
from bot.dialogue.passing import Said, about_with, said_in_passing
from bot.dialogue.saying import menu_button, say
from bot.dialogue.turn import Decision, Turn
from bot.domain.messages import Outcome, Reply
from bot.knowledge.entry import Council
from bot.knowledge.places import Place
from bot.language.normalise import normalise


def council_chosen(turn: Turn, chosen: Place) -> Decision:
    """A council, and perhaps a district of it; where the council is theirs already, only the district is new."""
    about = council.at_place(turn.about, chosen)
    if chosen.district and chosen.council.slug == turn.about.council:
        text = turn.base.words.fill(turn.base.words.place.set, place=chosen.district.name)
        reply = Reply(text, (menu_button(turn),))
    else:
        reply = council.choose_council(turn.base, chosen)
    decision = say(turn, reply, about=about, council_declined=False)
    return _and_again(turn, decision, "council", "district")


def age_given(turn: Turn, age: int) -> Decision:
    in_range = 14 <= age <= council.OLDEST
    about = turn.about.with_(age=age if 14 <= age <= 30 else turn.about.age)
    decision = say(turn, council.age_reply(turn.base, age), about=about)
    return _and_again(turn, decision, "age") if in_range else decision


def district_pressed(turn: Turn, found: Council, name: str) -> Decision:
    """A district of a council; "not sure"; or, with no name, the question."""
    if name == keys.NOT_SURE:
        return say(turn, place.not_sure(turn.base, found.slug), district_declined=True)
    if not name and found.districts:
        return say(turn, place.ask_district(turn.base, found.slug), asked=place.ASKED)
    return council_chosen(turn, Place(found, next((d for d in found.districts if d.slug == name), None)))


def what_we_asked(turn: Turn, text: str) -> Decision | None:
    """A council or an age, when we asked for one and this is one; anything else is a question like any other."""
    if turn.conversation.asked == "council":
        return typed_council(turn, text)
    if turn.conversation.asked == place.ASKED and turn.about.council:
        return _typed_district(turn, turn.about.council, text)
    if turn.conversation.asked == status.ASKED_AGE and (age := council.typed_age(text)) is not None:
        return status.age_typed(turn, age)
    if (age := council.typed_age(text)) is not None and (turn.conversation.asked == "age" or turn.conversation.topic):
        return age_given(turn, age)
    return None


def typed_council(turn: Turn, text: str) -> Decision | None:
    if len(text) > 60:
        return None
    if nation := council.nation_of(turn.base, text):
        return say(turn, council.other_nation(turn.base, nation), about=turn.about.with_(nation=nation))
    places = council.find_places(turn.base, text)
    if len(places) == 1:
        return council_chosen(turn, places[0])
    if places:
        return say(turn, council.which_place(turn.base, places), asked="council")
    if turn.found.sure >= turn.thresholds.answer or len(text.split()) > 4:
        return None
    ask = council.ask_council(turn.base)
    return say(turn, replace(ask, text=turn.base.words.council_unknown), asked="council")


def _typed_district(turn: Turn, slug: str, text: str) -> Decision | None:
    """A district, typed. Another council's is where they live: whose care leaver they are stays as it was."""
    if len(text) > 60:
        return None
    if normalise(text) in turn.base.words.place.unsure:
        return say(turn, place.not_sure(turn.base, slug), district_declined=True)
    if nation := council.nation_of(turn.base, text):
        return _lives(turn, Said(nation=nation))
    if (found := place.typed_place(turn.base, slug, text)) is not None:
        if found.council.slug == slug:
            return council_chosen(turn, found)
        return _lives(turn, Said(lives_in=place.slug_of(found)), place.elsewhere(turn.base, slug, found))
    if turn.found.sure >= turn.thresholds.answer or len(text.split()) > 4:
        return None
    return say(turn, place.unknown(turn.base, slug), asked=place.ASKED)


def _lives(turn: Turn, said: Said, reply: Reply | None = None) -> Decision:
    """Kept, said, and the topic shown last once more where it turned on it."""
    decision = say(
        turn,
        reply or place.thanks(turn.base, said.council, said.lives_in or said.nation),
        about=about_with(turn.about, said),
    )
    return _and_again(turn, decision, "council", "district")


def asked_in_passing(turn: Turn, text: str) -> Decision:
    """The question, with what the message says beside it of where they live and how old they are."""
    before, said = turn, said_in_passing(turn)
    if said.anything:
        turn = replace(turn, conversation=replace(turn.conversation, about=about_with(turn.about, said)))
    if meaning := glossary.asked(turn, text):
        return meaning
    decision = _searched_at_odd_age(turn, council.odd_age_said(text))
    if said.anything and not said.asks_more and decision.outcome is not Outcome.ANSWER:
        return _lives(before, said)
    return decision


def _searched_at_odd_age(turn: Turn, age: int | None) -> Decision:
    """An age that most of this is not for is used for the one answer, and not kept."""
    if age is None:
        return searched(turn)
    about = turn.conversation.about
    aged = replace(turn, conversation=replace(turn.conversation, about=about.with_(age=age)))
    decision = searched(aged)
    kept = decision.conversation.about.with_(age=about.age)
    said = decision.say_now
    if decision.outcome in (Outcome.CLARIFY, Outcome.UNKNOWN):  # no answer that could be bounded by the age
        said = (council.age_reply(turn.base, age), *said)
    return replace(decision, say_now=said, conversation=replace(decision.conversation, about=kept))


def _and_again(turn: Turn, decision: Decision, *changed: str) -> Decision:
    """The topic shown last once more, when what has just been said makes it more exact."""
    topic = turn.conversation.topic
    before = show.answer_for(turn, topic) if topic else None
    if before is None or topic is None or before.turns_on.isdisjoint(changed):
        return decision
    after = replace(turn, conversation=decision.conversation)
    shown = answered(after, topic)
    first = decision.say_now[0]
    another = tuple(action for action in first.actions if keys.Key.parse(action.key).verb in ("c", "d"))
    return replace(shown, say_now=(replace(first, actions=another), *shown.say_now))
