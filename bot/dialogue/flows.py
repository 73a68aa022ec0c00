"""What a press of a button and a typed text come to, when there is no danger in them."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.dialogue import council, keys, menu, show, status
from bot.dialogue.ask import answered, not_covered, of_entry, searched
from bot.dialogue.danger import help_now
from bot.dialogue.entitlements import asks_for_list, entitled
from bot.dialogue.follow import follow_up
from bot.dialogue.keys import Key
from bot.dialogue.leaflet import asks_for_leaflet, leaflet
from bot.dialogue.mydata import my_data
from bot.dialogue.news import asks_for_news, news
from bot.dialogue.parts import part_text
from bot.dialogue.person import person
from bot.dialogue.remember import remembered
from bot.dialogue.saying import menu_button, person_button, say
from bot.dialogue.told import (
    age_given,
    asked_in_passing,
    council_chosen,
    district_pressed,
    typed_council,
    what_we_asked,
)
from bot.dialogue.turn import Decision, Turn
from bot.domain.messages import Action, Form, Outcome, Reply
from bot.domain.people import Conversation, Vote
from bot.knowledge.answer import Answer
from bot.knowledge.base import Base
from bot.knowledge.places import Place
from bot.language.normalise import normalise
from bot.language.normalise import words as words_of

LONG = 1_500  # characters from which a message is said to have been a long one


def pressed(turn: Turn) -> Decision:
    """A button, however old. A key that means nothing any more is answered with the menu."""
    key = Key.parse(turn.message.action or "")
    if (decision := _command(turn, str(key))) is not None:
        return decision
    match key:
        case Key("m", area):
            if reply := menu.area_menu(turn.base, area):
                return say(turn, reply)
        case Key("t", topic) if topic in turn.base.entry:
            return answered(turn, topic)
        case Key("o", item) if any(n.id == item for n in turn.base.not_covered):
            return not_covered(turn, item)
        case Key("p", rest):
            name, _, topic = rest.partition(":")
            if answer := show.answer_for(turn, topic):
                return of_entry(turn, answer, show.part(turn, answer, name))
        case Key("l", first):
            if reply := council.letter_page(turn.base, first):
                return say(turn, reply, asked="council")
        case Key("c", slug) if slug in turn.base.council:
            return council_chosen(turn, Place(turn.base.council[slug]))
        case Key("d", rest):
            slug, _, name = rest.partition(":")
            if (found := turn.base.council.get(slug)) is not None:
                return district_pressed(turn, found, name)
        case Key("a", years) if years.isascii() and years.isdigit() and len(years) < 4:
            return age_given(turn, int(years))
        case Key(keys.ENTITLEMENTS, rest) if (decision := entitled(turn, rest)) is not None:
            return decision
        case Key(keys.LEAFLET, rest) if (decision := leaflet(turn, rest)) is not None:
            return decision
        case Key(keys.NEW, shown) if shown.isascii() and shown.isdigit() and len(shown) <= 3:
            return say(turn, news(turn, int(shown)))
        case Key(keys.STATUS, rest) if (decision := status.check(turn, rest)) is not None:
            return decision
        case Key("y" | "n", rest):
            topic, _, version = rest.rpartition(":")
            if topic in turn.base.entry:
                return voted(turn, topic, version, helped=key.verb == "y")
    return say(turn, replace(menu.menu(turn.base), text=turn.base.words.old_button))


def typed(turn: Turn) -> Decision:
    """A text, an edited text, or the caption of something we cannot read."""
    words, text = turn.base.words, turn.message.text.strip()
    if turn.message.form is Form.MEDIA:
        return _media(turn)
    if not text:
        return say(turn, Reply(words.empty, (menu_button(turn),)))
    if text.startswith("/"):
        return _slash(turn, text)
    if (decision := _list_or_news(turn, text) or what_we_asked(turn, text)) is not None:
        return decision
    if turn.conversation.topic in turn.base.entry and (decision := _follow_up(turn, text)) is not None:
        return decision
    if not words_of(normalise(text)):
        return say(turn, Reply(words.only_signs, (menu_button(turn), person_button(turn))), outcome=Outcome.UNKNOWN)
    decision = asked_in_passing(turn, text)
    if len(text) > LONG:
        decision = replace(decision, say_now=(*decision.say_now, Reply(words.long_message)))
    return decision


def voted(turn: Turn, topic: str, version: str, *, helped: bool) -> Decision:
    """Counted by entry and version; thanked only once it is kept."""
    words = turn.base.words
    actions = () if helped else (menu_button(turn), person_button(turn))
    thanks = Reply(words.helped if helped else words.not_helped, actions)
    decision = say(turn)
    return replace(
        decision,
        say_after=(thanks,),
        say_if_not_kept=(Reply(words.not_saved, (menu_button(turn),)),),
        vote=Vote(topic, version, helped),
    )


def welcome_reply(base: Base, name: str) -> Reply:
    """What this is, who sees what, what to do in danger; then where to begin."""
    words = base.words
    text = words.fill(words.welcome, name=name)
    actions = (
        Action(words.buttons.menu, keys.MENU),
        Action(words.buttons.council, keys.ASK_COUNCIL),
        Action(words.buttons.help_now, keys.HELP_NOW),
    )
    return Reply(text, actions)


def _command(turn: Turn, key: str) -> Decision | None:
    words = turn.base.words
    match key:
        case keys.START:
            return say(turn, welcome_reply(turn.base, turn.name))
        case keys.HELP:
            return say(turn, Reply(words.help, (menu_button(turn), person_button(turn))))
        case keys.MENU:
            return say(turn, menu.menu(turn.base))
        case keys.PERSON:
            return person(turn)
        case keys.PRIVACY:
            return say(turn, Reply(words.privacy, (menu_button(turn),)))
        case keys.MY_DATA:
            return say(turn, my_data(turn))
        case keys.DELETE:
            return _delete(turn)
        case keys.HELP_NOW:
            return say(turn, help_now(turn.base, turn.about, turn.now))
        case keys.SAFE:
            return say(turn, Reply(words.safe, (menu_button(turn), person_button(turn))))
        case keys.NONE:
            return _none_of_these(turn)
        case keys.REMEMBER:
            return remembered(turn)
        case keys.ASK_COUNCIL:
            return say(turn, council.ask_council(turn.base), asked="council")
        case keys.NO_COUNCIL:
            reply = Reply(words.council_declined, (menu_button(turn),))
            return say(turn, reply, council_declined=True, about=turn.about.with_(council=None, district=None))
        case keys.ENTITLEMENTS:
            return entitled(turn) or say(turn, menu.menu(turn.base))
        case keys.LEAFLET:
            return leaflet(turn) or say(turn, menu.menu(turn.base))
        case keys.NEW:
            return say(turn, news(turn))
        case keys.STATUS:
            return status.check(turn) or say(turn, menu.menu(turn.base))
        case keys.ASK_AGE:
            return say(turn, council.ask_age(turn.base), asked="age")
        case keys.NO_AGE:
            return say(turn, Reply(words.age_declined, (menu_button(turn),)), about=turn.about.with_(age=None))
    return None


def _slash(turn: Turn, text: str) -> Decision:
    """`/menu`, `/start word`: the word of a deep link names a council or a topic (`_` for `.`)."""
    command, _, rest = text[1:].partition(" ")
    key = keys.COMMANDS.get(command.lower().partition("@")[0])
    if key is None:
        return (
            searched(turn) if re.search(r"\s", text) else say(turn, Reply(turn.base.words.help, (menu_button(turn),)))
        )
    decision = _command(turn, key)
    assert decision is not None, key
    word = rest.strip().lower()
    if key == keys.START and word:
        return _deep_link(turn, decision, word)
    if key == keys.ASK_COUNCIL and word:
        return typed_council(turn, word) or decision
    return decision


def _deep_link(turn: Turn, decision: Decision, word: str) -> Decision:
    if word in turn.base.council:
        chosen = council_chosen(turn, Place(turn.base.council[word]))
        return replace(chosen, say_now=(*decision.say_now, *chosen.say_now))
    if (topic := word.replace("_", ".")) in turn.base.entry:
        shown = answered(turn, topic)
        return replace(shown, say_now=(*decision.say_now, *shown.say_now))
    return decision


def _delete(turn: Turn) -> Decision:
    words = turn.base.words
    return Decision(
        say_now=(),
        say_after=(Reply(words.deleted),),
        say_if_not_kept=(Reply(words.delete_failed),),
        conversation=Conversation(),
        outcome=Outcome.SMALL_TALK,
        forget=True,
    )


def _none_of_these(turn: Turn) -> Decision:
    words = turn.base.words
    actions = (menu_button(turn), person_button(turn))
    text = words.none_of_these if turn.conversation.misses == 0 else words.unknown_again
    return say(turn, Reply(text, actions), outcome=Outcome.UNKNOWN, misses=turn.conversation.misses + 1)


def _list_or_news(turn: Turn, text: str) -> Decision | None:
    """The list of what one can get, or what is new, where the whole message asks for nothing else."""
    if asks_for_list(turn.base, text) and (decision := entitled(turn)) is not None:
        offers = tuple(t for t in turn.base.words.list_topics if t in turn.base.entry)
        return replace(decision, outcome=Outcome.CLARIFY, offered=offers)
    if asks_for_leaflet(turn.base, text) and (decision := leaflet(turn)) is not None:
        return decision
    return say(turn, news(turn)) if asks_for_news(turn.base, text) else None


def _follow_up(turn: Turn, text: str) -> Decision | None:
    topic = turn.conversation.topic
    follow = follow_up(text, turn.base.words.follow_ups)
    answer = show.answer_for(turn, topic) if topic else None
    if follow is None or answer is None or topic is None:
        return None
    if follow.part == "ages" and follow.age is not None:
        reply = show.at_age(turn, topic, follow.age)
    else:
        reply = show.part(turn, answer, _part_there(turn, answer, follow.part))
    return of_entry(turn, answer, reply) if reply else None


def _part_there(turn: Turn, answer: Answer, name: str) -> str:
    """Whom to ring is said in how to get it, where no number of the council is known."""
    return "how" if name == "ring" and part_text(turn, answer, name) is None else name


def _media(turn: Turn) -> Decision:
    """A polite answer for what we cannot read; a caption is read like any text."""
    words = turn.base.words
    cannot = getattr(words.media, turn.message.media or "other", words.media.other)
    if not turn.message.text.strip():
        return say(turn, Reply(cannot, (menu_button(turn), person_button(turn))))
    message = replace(turn.message, form=Form.TEXT)
    decision = typed(replace(turn, message=message))
    return replace(decision, say_now=(Reply(cannot), *decision.say_now))
