"""What a press of a button and a typed text come to, when there is no danger in them."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.dialogue import council, keys, menu, show, status
from bot.dialogue.ask import answered, searched
from bot.dialogue.danger import help_now
from bot.dialogue.entitlements import asks_for_list, entitled
from bot.dialogue.follow import follow_up
from bot.dialogue.keys import Key
from bot.dialogue.news import asks_for_news, news
from bot.dialogue.person import person
from bot.dialogue.turn import Decision, Turn
from bot.domain.messages import Action, Form, Outcome, Reply
from bot.domain.people import Conversation, Vote
from bot.knowledge.base import Base
from bot.language.normalise import normalise
from bot.language.normalise import words as words_of

LONG = 1_500  # characters from which a message is said to have been a long one
MENU, PERSON = keys.MENU, keys.PERSON


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
        case Key("p", rest):
            name, _, topic = rest.partition(":")
            if answer := show.answer_for(turn, topic):
                return replace(answered(turn, topic), say_now=(show.part(turn, answer, name),))
        case Key("l", first):
            if reply := council.letter_page(turn.base, first):
                return say(turn, reply, asked="council")
        case Key("c", slug) if slug in turn.base.council:
            return council_chosen(turn, council.Place(turn.base.council[slug]))
        case Key("d", rest):
            slug, _, name = rest.partition(":")
            if (found := turn.base.council.get(slug)) is not None:
                district = next((d for d in found.districts if d.slug == name), None)
                return council_chosen(turn, council.Place(found, district))
        case Key("a", years) if years.isascii() and years.isdigit() and len(years) < 4:
            return age_given(turn, int(years))
        case Key(keys.ENTITLEMENTS, rest) if (decision := entitled(turn, rest)) is not None:
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
    if (decision := _list_or_news(turn, text) or _what_we_asked(turn, text)) is not None:
        return decision
    if turn.conversation.topic in turn.base.entry and (decision := _follow_up(turn, text)) is not None:
        return decision
    if not words_of(normalise(text)):
        return say(turn, Reply(words.only_signs, (menu_button(turn), person_button(turn))), outcome=Outcome.UNKNOWN)
    decision = searched(turn)
    if len(text) > LONG:
        decision = replace(decision, say_now=(*decision.say_now, Reply(words.long_message)))
    return decision


def say(turn: Turn, *replies: Reply, outcome: Outcome = Outcome.SMALL_TALK, **changes: object) -> Decision:
    """Replies that answer no question of theirs; the conversation moves on by the changes named."""
    conversation: Conversation = replace(turn.conversation, **{"asked": None, **changes})  # type: ignore[arg-type]
    return Decision(say_now=replies, conversation=conversation, outcome=outcome)


def council_chosen(turn: Turn, place: council.Place) -> Decision:
    about = council.at_place(turn.about, place)
    decision = say(turn, council.choose_council(turn.base, place), about=about, council_declined=False)
    return _and_again(turn, decision, changed="council")


def age_given(turn: Turn, age: int) -> Decision:
    in_range = 14 <= age <= council.OLDEST
    about = turn.about.with_(age=age if 14 <= age <= 30 else turn.about.age)
    decision = say(turn, council.age_reply(turn.base, age), about=about)
    return _and_again(turn, decision, changed="age") if in_range else decision


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


def menu_button(turn: Turn) -> Action:
    return Action(turn.base.words.buttons.menu, MENU)


def person_button(turn: Turn) -> Action:
    return Action(turn.base.words.buttons.person, PERSON)


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
        case keys.ASK_COUNCIL:
            return say(turn, council.ask_council(turn.base), asked="council")
        case keys.NO_COUNCIL:
            reply = Reply(words.council_declined, (menu_button(turn),))
            return say(turn, reply, council_declined=True, about=turn.about.with_(council=None, district=None))
        case keys.ENTITLEMENTS:
            return entitled(turn) or say(turn, menu.menu(turn.base))
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
        return _typed_council(turn, word) or decision
    return decision


def _deep_link(turn: Turn, decision: Decision, word: str) -> Decision:
    if word in turn.base.council:
        chosen = council_chosen(turn, council.Place(turn.base.council[word]))
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


def my_data(turn: Turn) -> Reply:
    """Everything that is held about this person, in words."""
    words, about = turn.base.words, turn.about
    lines = []
    if about.council:
        lines.append(f"- Council: {show.council_name(turn.base, about.council)}")
    if about.district:
        lines.append(f"- District: {about.district.replace('-', ' ').title()}")
    if about.age is not None:
        lines.append(f"- Age: {about.age}")
    if about.nation:
        lines.append(f"- Nation: {about.nation.replace('-', ' ').title()}")
    if about.status and (tree := turn.base.status):
        lines.append(f"- {words.fill(tree.words.my_data, status=status.status_name(tree, about.status))}")
    if entry := turn.base.entry.get(turn.conversation.topic or ""):
        lines.append(f"- Topic you saw last: {entry.title}")
    if turn.conversation.last_active:
        lines.append(f"- You last wrote on {show.day(turn.conversation.last_active.date())}")
    if turn.conversation.version:
        lines.append("- A scrambled code for your account, and a locked copy to reply to")
    text = words.fill(words.my_data, lines="\n".join(lines)) if lines else words.my_data_nothing
    return Reply(text, (menu_button(turn),))


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
    return say(turn, news(turn)) if asks_for_news(turn.base, text) else None


def _what_we_asked(turn: Turn, text: str) -> Decision | None:
    """A council or an age, when we asked for one and this is one; anything else is a question like any other."""
    if turn.conversation.asked == "council":
        return _typed_council(turn, text)
    if turn.conversation.asked == status.ASKED_AGE and (age := council.typed_age(text)) is not None:
        return status.age_typed(turn, age)
    if (age := council.typed_age(text)) is not None and (turn.conversation.asked == "age" or turn.conversation.topic):
        return age_given(turn, age)
    return None


def _typed_council(turn: Turn, text: str) -> Decision | None:
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


def _follow_up(turn: Turn, text: str) -> Decision | None:
    topic = turn.conversation.topic
    follow = follow_up(text, turn.base.words.follow_ups)
    answer = show.answer_for(turn, topic) if topic else None
    if follow is None or answer is None or topic is None:
        return None
    if follow.part == "ages" and follow.age is not None:
        reply = show.at_age(turn, topic, follow.age)
    else:
        reply = show.part(turn, answer, follow.part)
    return replace(answered(turn, topic), say_now=(reply,)) if reply else None


def _media(turn: Turn) -> Decision:
    """A polite answer for what we cannot read; a caption is read like any text."""
    words = turn.base.words
    cannot = getattr(words.media, turn.message.media or "other", words.media.other)
    if not turn.message.text.strip():
        return say(turn, Reply(cannot, (menu_button(turn), person_button(turn))))
    message = replace(turn.message, form=Form.TEXT)
    decision = typed(replace(turn, message=message))
    return replace(decision, say_now=(Reply(cannot), *decision.say_now))


def _and_again(turn: Turn, decision: Decision, changed: str) -> Decision:
    """The topic shown last once more, when what has just been said makes it more exact."""
    topic = turn.conversation.topic
    before = show.answer_for(turn, topic) if topic else None
    if before is None or topic is None or changed not in before.turns_on:
        return decision
    after = replace(turn, conversation=decision.conversation)
    shown = answered(after, topic)
    return replace(shown, say_now=(replace(decision.say_now[0], actions=()), *shown.say_now))
