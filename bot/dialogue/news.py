""" "What's new in my offer?": what has changed, newest first, what is about to, and the council's next dates."""

from __future__ import annotations

from bot.dialogue import keys, show
from bot.dialogue.follow import bare, bare_all
from bot.dialogue.turn import Turn
from bot.domain.messages import Action, Reply
from bot.knowledge.base import Base
from bot.knowledge.news import Change, next_events, whats_coming, whats_new
from bot.knowledge.words import NewsWords

PER_PAGE = 8
MOST_TOPICS = 6  # buttons to entries under one page


def asks_for_news(base: Base, text: str) -> bool:
    """Whether a message is one of the ways of asking what is new."""
    words = base.words.news
    return words is not None and bare(text) in bare_all(words.ask)


def news(turn: Turn, shown: int = 0) -> Reply:
    """One page of changes; the first also says what comes next."""
    words, base = turn.base.words.news, turn.base
    menu = Action(base.words.buttons.menu, keys.MENU)
    if words is None:
        return Reply(base.words.menu, (menu,))
    changes = whats_new(base, turn.about, turn.today)
    page = changes[shown : shown + PER_PAGE]
    ahead = [] if shown else _ahead(turn, words)
    if not page and not ahead:
        return Reply(words.nothing, (menu,))
    said = [_heading(turn, words), *(_line(turn, words, change) for change in page)] if page else []
    blocks = ["\n".join(said), *ahead] if said else ahead
    left = len(changes) - shown - PER_PAGE
    older = [Action(base.words.fill(words.show_more, count=left), f"{keys.NEW}:{shown + PER_PAGE}")] if left > 0 else []
    ask = [] if turn.about.council else [Action(base.words.buttons.council, keys.ASK_COUNCIL)]
    return Reply("\n\n".join(blocks), (*_topics(turn, page), *older, *ask, menu))


def _heading(turn: Turn, words: NewsWords) -> str:
    if turn.about.council in turn.base.overlays:
        return turn.base.words.fill(words.intro_council, council=show.council_name(turn.base, turn.about.council))
    return words.intro


def _line(turn: Turn, words: NewsWords, change: Change) -> str:
    template = words.change_council if change.by_council else words.change
    council = show.council_name(turn.base, turn.about.council)
    return turn.base.words.fill(template, month=f"{change.on:%B %Y}", council=council, note=change.note)


def _ahead(turn: Turn, words: NewsWords) -> list[str]:
    """Changes whose day is known, and the next day of each of the council's events."""
    fill, blocks = turn.base.words.fill, []
    if coming := whats_coming(turn.base, turn.about, turn.today):
        lines = [fill(words.coming_item, date=show.day(change.on), note=change.note) for change in coming]
        blocks.append("\n".join([words.coming, *lines]))
    if events := next_events(turn.base, turn.about, turn.today):
        heading = fill(words.events, council=show.council_name(turn.base, turn.about.council))
        blocks.append("\n".join([heading, *(show.event_line(turn.base, words.event, e) for e in events)]))
    return blocks


def _topics(turn: Turn, page: tuple[Change, ...]) -> list[Action]:
    topics = list(dict.fromkeys(change.topic for change in page))[:MOST_TOPICS]
    return [Action(turn.base.entry[topic].title, keys.topic(topic)) for topic in topics]
