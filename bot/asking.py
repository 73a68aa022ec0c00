"""`waymark ask`: one answer at a time, in the terminal or as JSON lines. Each line is a fresh conversation."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from datetime import time as clock_time
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from bot.bundle import Bundle
from bot.channels.markup import to_plain
from bot.dialogue import keys
from bot.dialogue.council import find_places
from bot.dialogue.decide import decide
from bot.dialogue.place import elsewhere as elsewhere_reply
from bot.dialogue.place import slug_of
from bot.dialogue.turn import Decision, Mode, Turn
from bot.domain.errors import BotError
from bot.domain.messages import Assessment, Document, Kind, Message, Outcome, Reply, Sender
from bot.domain.people import About, Conversation
from bot.knowledge.index import Found, Thresholds
from bot.knowledge.places import Place
from bot.triage.assess import assess

LONDON = ZoneInfo("Europe/London")
HIDDEN = ("y", "n")  # verbs of buttons that a terminal cannot press
STATUSES = ("eligible", "relevant", "former-relevant", "qualifying")


class BadQuestion(BotError):
    """A question that cannot be read; the message says what it should be."""


@dataclass(frozen=True, slots=True)
class Question:
    """One line of `ask --jsonl`, checked."""

    text: str
    about: About
    today: date | None
    council_known: bool
    note: str = ""  # what was made of a district that is not the named council's
    id: Any = None


def question_from(data: Any, bundle: Bundle) -> Question:
    """Raises BadQuestion."""
    if not isinstance(data, Mapping):
        raise BadQuestion('each line must be one JSON object, like {"text": "do i pay council tax"}')
    text = data.get("text")
    if not isinstance(text, str):
        raise BadQuestion("'text' is missing or is not a text")
    age = data.get("age")
    if age is not None and (isinstance(age, bool) or not isinstance(age, int)):
        raise BadQuestion("'age' must be a whole number of years, or null")
    named = {name: data.get(name) for name in ("council", "status", "district", "lives_in", "today")}
    for name, value in named.items():
        if value is not None and not isinstance(value, str):
            raise BadQuestion(f"'{name}' must be a text, or null")
    council, district = _place(bundle, named["council"], named["district"])
    lives_in, note = _lives_in(bundle, named["lives_in"]), ""
    if council and named["district"] and (elsewhere := _elsewhere(bundle, council, district, named["district"])):
        lives_in, note = lives_in or slug_of(elsewhere), elsewhere_reply(bundle.base, council, elsewhere).text
    wanted = [named["council"], None if note else named["district"]]
    known = all(slug is None or slug in (council, district) for slug in wanted)
    about = About(
        age=age,
        council=council,
        district=district,
        status=(named["status"] or "").replace("_", "-") or None,
        lives_in=lives_in,
    )
    return Question(text, about, _day(named["today"]), known, note.strip(), data.get("id"))


def _place(bundle: Bundle, council: str | None, district: str | None) -> tuple[str | None, str | None]:
    """The slugs that are known; a district alone names its council."""
    found = bundle.base.council.get(council or "")
    if district:
        for candidate in [found] if found else bundle.base.councils:
            if any(d.slug == district for d in candidate.districts):
                return candidate.slug, district
    return (found.slug if found else None), None


def _elsewhere(bundle: Bundle, council: str, district: str | None, named: str) -> Place | None:
    """The one other place that a district is, where it is none of the council's own."""
    found = find_places(bundle.base, named) if district is None else []
    return found[0] if len(found) == 1 and found[0].council.slug != council else None


def _lives_in(bundle: Bundle, place: str | None) -> str | None:
    """The slug of a council or district, by slug or by name; any other place as it was named."""
    places = find_places(bundle.base, place) if place else []
    if len(places) == 1:
        return places[0].district.slug if places[0].district else places[0].council.slug
    return place


def _day(value: str | None) -> date | None:
    if value is None:
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = date.min
    if not 2000 <= day.year < 2200:
        raise BadQuestion("'today' must be a date like 2026-11-24, or null")
    return day


def answer(question: Question, bundle: Bundle) -> dict[str, Any]:
    """One object of the contract: outcome, topic, urgency, the reply as a person reads it."""
    started = time.perf_counter()
    once = bundle.encode_once()
    assessment = assess(question.text, question.about, bundle.triage, once)
    found = bundle.index.search(question.text, once) if bundle.index else Found()
    decision = decide(turn_of(question, bundle, assessment, found))
    return {
        "id": question.id,
        "outcome": decision.outcome.value,
        "topic": decision.topic,
        "offered": list(decision.offered),
        "score": round(min(max(decision.score, 0.0), 1.0), 4),
        "urgency": assessment.urgency.value,
        "check_in": assessment.check_in,
        "category": assessment.category,
        "reasons": list(assessment.reasons),
        "reply": _as_read(question, decision, bundle),
        "entry": decision.topic if decision.version else None,
        "version": decision.version,
        "ms": round((time.perf_counter() - started) * 1000, 3),
    }


def turn_of(question: Question, bundle: Bundle, assessment: Assessment, found: Found) -> Turn:
    """The one turn of a fresh conversation."""
    now = datetime.now(UTC)
    if question.today is not None:
        now = datetime.combine(question.today, clock_time(12), LONDON).astimezone(UTC)
    return Turn(
        message=Message("ask", Sender("terminal", "ask"), question.text, now),
        conversation=Conversation(about=question.about, greeted=True),
        assessment=assessment,
        found=found,
        thresholds=bundle.index.thresholds if bundle.index else Thresholds(),
        base=bundle.base,
        now=now,
        mode=Mode.ON if bundle.index else Mode.BROKEN,
    )


def answers(lines: Iterable[str], bundle: Bundle, overrides: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """For each line an answer, in order; one that cannot be read gets an object with `error` and stops nothing."""
    for line in lines:
        if not line.strip():
            continue
        data: Any = None
        try:
            data = _read(line)
            if isinstance(data, dict):
                data = {**overrides, **{k: v for k, v in data.items() if v is not None}}
            yield answer(question_from(data, bundle), bundle)
        except BadQuestion as error:
            yield _refused(data, str(error))
        except Exception as error:  # our bug must not take the lines after it
            says = f"this line could not be answered ({type(error).__name__}); that is our fault"
            yield _refused(data, says)


def _refused(data: Any, says: str) -> dict[str, Any]:
    return {"id": data.get("id") if isinstance(data, dict) else None, "error": says}


def _read(line: str) -> Any:
    try:
        return json.loads(line.lstrip("\ufeff"), parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError):
        raise BadQuestion("this line is not JSON; write one object a line") from None


def _no_number(name: str) -> NoReturn:
    """NaN and Infinity, which are no JSON."""
    raise ValueError(name)


def _finite(number: str) -> float:
    if not math.isfinite(value := float(number)):
        raise ValueError("too large a number")
    return value


def _as_read(question: Question, decision: Decision, bundle: Bundle) -> str:
    words = bundle.base.words
    replies = [_with_buttons(reply) for reply in (*decision.say_now, *decision.say_after)]
    if decision.outcome is Outcome.ANSWER and any(reply.kind is Kind.ANSWER for reply in decision.say_now):
        if question.note:
            replies.insert(0, question.note)
        elif not question.council_known and question.about.council:
            replies.append(words.fill(words.not_known_but, council=bundle.base.short_name(question.about.council)))
        elif not question.council_known:
            replies.append(words.not_known_council.strip())
        elif question.about.council and not bundle.base.overlay(question.about.council, decision.topic or ""):
            council = bundle.base.council[question.about.council]
            replies.append(words.fill(words.not_local, council=council.short or council.name))
    return "\n\n".join(replies)


def _with_buttons(reply: Reply) -> str:
    labels = [f"[{a.label}]" for a in reply.actions if keys.Key.parse(a.key).verb not in HIDDEN]
    made = f"\n{_command_for(reply.document)}" if reply.document else ""
    return to_plain(reply.text) + made + (f"\n{' '.join(labels)}" if labels else "")


def _command_for(document: Document) -> str:
    """What makes the document in a terminal, where none can be sent."""
    council, _, stage = document.key.partition("/")
    return f"{document.title}: waymark leaflet --council {council} --stage {stage}"
