"""Everything that is held about a person, in words."""

from __future__ import annotations

from bot.dialogue.naming import council_name, day, place_name, status_name
from bot.dialogue.saying import menu_button
from bot.dialogue.turn import Turn
from bot.domain.messages import Reply


def my_data(turn: Turn) -> Reply:
    """Everything that is held about this person, in words."""
    words, about = turn.base.words, turn.about
    lines = []
    if about.council:
        lines.append(f"- Council: {council_name(turn.base, about.council)}")
    if about.district:
        lines.append(f"- District: {about.district.replace('-', ' ').title()}")
    if about.age is not None:
        lines.append(f"- Age: {about.age}")
    if about.nation:
        lines.append(f"- Nation: {about.nation.replace('-', ' ').title()}")
    if about.status and (tree := turn.base.status):
        lines.append(f"- {words.fill(tree.words.my_data, status=status_name(tree, about.status))}")
    if about.lives_in:
        lines.append(words.fill(words.my_data_place, place=place_name(turn.base, about.lives_in)))
    if explained := turn.conversation.explained:
        lines.append(words.fill(words.my_data_words, words=", ".join(explained)))
    if entry := turn.base.entry.get(turn.conversation.topic or ""):
        lines.append(f"- Topic you saw last: {entry.title}")
    if turn.conversation.last_active:
        lines.append(f"- You last wrote on {day(turn.conversation.last_active.date())}")
    if turn.conversation.version:
        lines.append("- A scrambled code for your account, and a locked copy to reply to")
    text = words.fill(words.my_data, lines="\n".join(lines)) if lines else words.my_data_nothing
    return Reply(text, (menu_button(turn),))
