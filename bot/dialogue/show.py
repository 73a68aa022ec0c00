"""An entry as replies: the short answer, and the parts behind its buttons."""

from __future__ import annotations

from bot.dialogue import keys
from bot.dialogue.buttons import buttons
from bot.dialogue.naming import council_name, day, place_name
from bot.dialogue.parts import part_text
from bot.dialogue.translated import PART
from bot.dialogue.turn import Turn
from bot.domain.messages import Action, Kind, Reply
from bot.knowledge.answer import Answer, compose, fill
from bot.knowledge.base import Base
from bot.knowledge.entry import Source
from bot.knowledge.news import Dated, next_event
from bot.knowledge.words import Words

ORDINARY_AGES = range(14, 31)
OFFICIAL = ("legislation.gov.uk", "gov.uk", "nhs.uk", "parliament.uk")

__all__ = [
    "answer_for",
    "at_age",
    "council_name",
    "day",
    "event_line",
    "filled_reply",
    "most_official",
    "part",
    "short",
]


def answer_for(turn: Turn, topic: str) -> Answer | None:
    return compose(turn.base, topic, turn.about, turn.today)


def short(turn: Turn, answer: Answer) -> Reply:
    """The answer first; what to do; what if they say no; what would make it exact; where it comes from."""
    words = turn.base.words
    if answer.withdrawn:
        menu = Action(words.buttons.menu, keys.MENU)
        return Reply(words.withdrawn, (Action(words.buttons.person, keys.PERSON), menu), Kind.NOTICE)
    blocks = [f"{_as_you_are(turn, answer)}{answer.part('answer') or ''}"]
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
    return Reply("\n\n".join([*_first_of_all(turn, answer), *blocks]), tuple(buttons(turn, answer)), Kind.ANSWER)


def part(turn: Turn, answer: Answer, name: str) -> Reply:
    """One part of an entry by itself; the short answer when the entry has no such part."""
    text = part_text(turn, answer, name)
    if text is None or answer.withdrawn:
        whole = short(turn, answer)
        return Reply(f"{turn.base.words.no_section}\n\n{whole.text}", whole.actions, whole.kind)
    actions = tuple(buttons(turn, answer, but=name))
    if name.startswith(PART):
        return Reply(text, actions, Kind.ANSWER, language=name.removeprefix(PART))
    if name == "ring":  # it says itself whose numbers they are and when they were looked up
        return Reply(text, actions, Kind.ANSWER)
    text = "\n\n".join([*_first_of_all(turn, answer), text])
    return Reply(f"{text}\n\n{small_print(turn.base.words, answer, turn, name)}", actions, Kind.ANSWER)


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
    return Reply(f"{text}\n\n{small_print(words, answer, turn)}", tuple(buttons(turn, answer)), Kind.ANSWER)


def event_line(base: Base, template: str, dated: Dated) -> str:
    """A dated event in one line."""
    event = dated.event
    at = f", {event.at}" if event.at else ""
    line = base.words.fill(template, date=day(dated.on), at=at, title=event.title, where=event.where, what=event.what)
    return fill(line, base, dated.on)


def small_print(words: Words, answer: Answer, turn: Turn, name: str = "answer") -> str:
    """Whose rule a part is, who has checked it and when, and where it comes from."""
    by_council = name in answer.theirs
    whose = getattr(words.source, answer.basis)
    entry, overlay = answer.entry, answer.overlay
    if by_council:
        whose = words.fill(words.source.overlay, council=council_name(turn.base, turn.about.council))
    checked = overlay.checked if overlay and (answer.adds or by_council) else entry.checked
    of = [item for item in (None if by_council else entry, overlay if answer.adds or by_council else None) if item]
    reviewed = min((item.reviewed.on for item in of if item.reviewed), default=None)
    parts = [whose]
    if reviewed and all(item.reviewed for item in of):  # who approved a half has not approved the whole
        parts.append(words.fill(words.reviewed, date=day(reviewed)))
    elif checked:
        parts.append(words.fill(words.checked, date=day(checked)))
    hosts = [_host(s.url) for s in answer.sources if s.url]
    if hosts and (_rank(best := min(hosts, key=_rank)) < len(OFFICIAL) or by_council):
        parts.append(best)  # the first of the most official kind; another council's page would only puzzle: see `more`
    line = f"*{' · '.join(parts)}*"
    return f"{words.being_checked}\n{line}" if answer.overdue else line


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


def _as_you_are(turn: Turn, answer: Answer) -> str:
    """Said where what they told us chose the answer: "As you're 19, living in Leeds:"."""
    words, about, said = turn.base.words, turn.about, []
    if answer.for_age and about.age is not None:
        said.append(words.fill(words.as_you_are, age=about.age))
    if answer.for_place and about.lives_in:
        said.append(words.fill(words.living_in, place=place_name(turn.base, about.lives_in)))
    elif answer.for_place and about.district:
        said.append(words.fill(words.in_place, place=place_name(turn.base, about.district)))
    text = ", ".join(said)
    return f"*{text[:1].upper()}{text[1:]}:* " if text else ""


def _first_of_all(turn: Turn, answer: Answer) -> list[str]:
    """What bounds the answer, said before it: another day, another nation, an age that most of it is not for."""
    words, about, checked = turn.base.words, turn.about, answer.entry.checked
    blocks = []
    if checked and turn.today < checked:
        blocks.append(words.fill(words.before, checked=day(checked), date=day(turn.today)))
    if about.nation in words.nations and not any(about.nation in v.when.nation for v in answer.entry.variants):
        name = about.nation.replace("-", " ").title()
        blocks.append(words.fill(words.other_nation, nation=name, pointer=words.nations[about.nation].pointer))
    if about.age is not None and about.age not in ORDINARY_AGES:
        blocks.append((words.age_young if about.age < ORDINARY_AGES.start else words.age_over).strip())
    return blocks


def filled_reply(turn: Turn, text: str, *actions: Action, kind: Kind = Kind.NOTICE) -> Reply:
    """A text of the knowledge base that is not an entry, with its figures filled in."""
    return Reply(fill(text, turn.base, turn.today), actions, kind)
