"""An entry as replies: the short answer, and the parts behind its buttons."""

from __future__ import annotations

from datetime import date

from bot.dialogue import keys
from bot.dialogue.turn import Turn
from bot.domain.messages import Action, Kind, Reply
from bot.knowledge.answer import Answer, compose, fill
from bot.knowledge.base import Base
from bot.knowledge.entry import Source
from bot.knowledge.news import Dated, next_event
from bot.knowledge.words import Words

MOST_RELATED = 2
MOST_SOURCES = 4


def answer_for(turn: Turn, topic: str) -> Answer | None:
    return compose(turn.base, topic, turn.about, turn.today)


def short(turn: Turn, answer: Answer) -> Reply:
    """The answer first; what to do; what if they say no; what would make it exact; where it comes from."""
    words = turn.base.words
    if answer.withdrawn:
        return Reply(words.withdrawn, (Action(words.buttons.person, keys.PERSON), _menu(words)), Kind.NOTICE)
    text = answer.part("answer") or ""
    if answer.for_age and turn.about.age is not None:
        text = f"*{words.fill(words.as_you_are, age=turn.about.age)}:* {text}"
    blocks = [text]
    if do := answer.part("do"):
        blocks.append(f"{words.do} {do}")
    if if_no := answer.part("if_no"):
        blocks.append(f"{words.if_no} {if_no}")
    if answer.adds:
        blocks.append(
            f"{words.fill(words.in_council, council=council_name(turn.base, turn.about.council))} {answer.adds}"
        )
    if (ahead := next_event(answer.overlay, turn.today) if answer.overlay else None) and words.news:
        blocks.append(event_line(turn.base, words.news.next_event, ahead))
    blocks += _would_be_exact(words, answer)
    blocks.append(small_print(words, answer, turn))
    return Reply("\n\n".join(blocks), tuple(_buttons(turn, answer)), Kind.ANSWER)


def part(turn: Turn, answer: Answer, name: str) -> Reply:
    """One part of an entry by itself; the short answer when the entry has no such part."""
    text = part_text(turn.base, answer, name)
    if text is None or answer.withdrawn:
        whole = short(turn, answer)
        return Reply(f"{turn.base.words.no_section}\n\n{whole.text}", whole.actions, whole.kind)
    actions = [a for a in _buttons(turn, answer) if a.key != keys.part(name, answer.entry.id)]
    return Reply(f"{text}\n\n{small_print(turn.base.words, answer, turn)}", tuple(actions), Kind.ANSWER)


def part_text(base: Base, answer: Answer, name: str) -> str | None:
    """The text of a part, put together from what the entry has for it."""
    words = base.words
    if name == "more":
        return _more(words, answer) or None
    if name == "how":
        blocks = [answer.part("how") or answer.part("do"), _say(words, answer)]
        return "\n\n".join(b for b in blocks if b) or None
    if name == "how_much":
        return answer.part("how_much")
    if name == "who":
        return answer.part("who") and f"{words.who} {answer.part('who')}"
    if name == "if_no":
        return answer.part("if_no") and f"{words.if_no} {answer.part('if_no')}"
    return answer.part(name)


def at_age(turn: Turn, topic: str, age: int) -> Reply | None:
    """What an entry says of one age: what changes then, and the answer as it is at that age."""
    answer = compose(turn.base, topic, turn.about.with_(age=age), turn.today)
    if answer is None:
        return None
    words = turn.base.words
    changes = answer.parts.get("ages") or {}
    if str(age) in changes:
        text = f"{words.fill(words.ages, age=age)} {changes[str(age)]}"
    elif passed := [a for a in changes if int(a) <= age]:
        latest = max(passed, key=int)
        text = f"{words.fill(words.ages, age=latest)} {changes[latest]}"
    else:
        text = answer.part("answer") or ""
    if answer.for_age and answer.part("answer") not in (None, text):
        text = f"{text}\n\n{answer.part('answer')}"
    return Reply(f"{text}\n\n{small_print(words, answer, turn)}", tuple(_buttons(turn, answer)), Kind.ANSWER)


def event_line(base: Base, template: str, dated: Dated) -> str:
    """A dated event in one line."""
    event = dated.event
    at = f", {event.at}" if event.at else ""
    line = base.words.fill(template, date=day(dated.on), at=at, title=event.title, where=event.where, what=event.what)
    return fill(line, base, dated.on)


def small_print(words: Words, answer: Answer, turn: Turn) -> str:
    """Whose rule it is, who has checked it and when, and where it comes from."""
    whose = getattr(words.source, answer.basis)
    entry, overlay = answer.entry, answer.overlay
    if answer.by_council:
        whose = words.fill(words.source.overlay, council=council_name(turn.base, turn.about.council))
    reviewed = entry.reviewed
    checked = overlay.checked if overlay and answer.adds else entry.checked
    parts = [whose]
    if reviewed:
        parts.append(words.fill(words.reviewed, date=day(reviewed.on)))
    elif checked:
        parts.append(words.fill(words.checked, date=day(checked)))
    hosts = [_host(s.url) for s in answer.sources if s.url]
    if hosts and (_rank(best := min(hosts, key=_rank)) < len(OFFICIAL) or answer.by_council):
        parts.append(best)  # the first of the most official kind; another council's page would only puzzle: see `more`
    line = f"*{' · '.join(parts)}*"
    return f"{words.being_checked}\n{line}" if answer.overdue else line


def day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


def council_name(base: Base, slug: str | None) -> str:
    council = base.council.get(slug or "")
    return (council.short or council.name) if council else "your council"


OFFICIAL = ("legislation.gov.uk", "gov.uk", "nhs.uk", "parliament.uk")


def _rank(host: str) -> int:
    """How official a source is, best 0: the law and the government before one council's or charity's page."""
    return OFFICIAL.index(host) if host in OFFICIAL else len(OFFICIAL)


def most_official(sources: tuple[Source, ...]) -> str | None:
    """The most official site among the sources; None when none is official."""
    best = min((_host(s.url) for s in sources if s.url), key=_rank, default="")
    return best if best in OFFICIAL else None


def _host(url: str) -> str:
    return url.split("/")[2].removeprefix("www.")


def _would_be_exact(words: Words, answer: Answer) -> list[str]:
    asks = []
    if "age" in answer.turns_on:
        asks.append(words.tell_age)
    if "council" in answer.turns_on:
        asks.append(words.tell_council)
    return [" ".join(asks)] if asks else []


def _say(words: Words, answer: Answer) -> str | None:
    return answer.part("say") and f"{words.say}\n{answer.part('say')}"


def _more(words: Words, answer: Answer) -> str:
    blocks = []
    if who := answer.part("who"):
        blocks.append(f"{words.who} {who}")
    for kind, text in answer.parts.get("rights") or ():
        blocks.append(f"{getattr(words, kind)} {text}")
    if more := answer.part("more"):
        blocks.append(more)
    for age, text in (answer.parts.get("ages") or {}).items():
        blocks.append(f"{words.fill(words.ages, age=age)} {text}")
    blocks += [words.fill(words.myth, myth=myth, truth=truth) for myth, truth in answer.myths]
    if blocks and (sources := [s for s in answer.sources if s.url][:MOST_SOURCES]):
        blocks.append("\n".join([words.sources, *(f"- [{_unbracketed(s.title)}]({s.url})" for s in sources)]))
    return "\n\n".join(blocks)


def _unbracketed(title: str) -> str:
    return title.replace("[", "(").replace("]", ")")


def _buttons(turn: Turn, answer: Answer) -> list[Action]:
    buttons, entry = turn.base.words.buttons, answer.entry
    found = []
    if turn.base.status and entry.id in turn.base.status.shown_on:
        found.append(Action(turn.base.status.button, keys.STATUS))
    if _more(turn.base.words, answer):
        found.append(Action(buttons.more, keys.part("more", entry.id)))
    if answer.part("how") or answer.part("say"):
        found.append(Action(buttons.how, keys.part("how", entry.id)))
    if answer.part("easy"):
        found.append(Action(buttons.easy, keys.part("easy", entry.id)))
    if turn.base.words.entitlements and turn.base.entitlements and entry.id in turn.base.words.list_topics:
        found.append(Action(turn.base.words.entitlements.button, keys.ENTITLEMENTS))
    if "age" in answer.turns_on:
        found.append(Action(buttons.age, keys.ASK_AGE))
    if "council" in answer.turns_on:
        found.append(Action(buttons.council, keys.ASK_COUNCIL))
    related = [turn.base.entry[t] for t in entry.related[:MOST_RELATED] if t in turn.base.entry]
    found += [Action(other.label, keys.topic(other.id)) for other in related]
    found.append(Action(buttons.helped, keys.vote(True, entry.id, answer.version)))
    found.append(Action(buttons.not_helped, keys.vote(False, entry.id, answer.version)))
    return found


def _menu(words: Words) -> Action:
    return Action(words.buttons.menu, keys.MENU)


def filled_reply(turn: Turn, text: str, *actions: Action, kind: Kind = Kind.NOTICE) -> Reply:
    """A text of the knowledge base that is not an entry, with its figures filled in."""
    return Reply(fill(text, turn.base, turn.today), actions, kind)
