"""A small made-up knowledge base for tests, and turns to decide on."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from textwrap import dedent

from bot.dialogue.turn import Mode, Turn
from bot.domain.messages import Assessment, Form, Message, Sender
from bot.domain.people import About, Conversation
from bot.knowledge.base import Base
from bot.knowledge.index import ANSWER, Class, Found, Match, Thresholds
from bot.knowledge.load import Loaded, load, package_knowledge

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # a Tuesday
NIGHT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
ME = Sender("web", "me")


def write(folder: Path, files: dict[str, str]) -> Path:
    """Files of a knowledge folder, by name."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), "utf-8")
    return folder


def loaded(folder: Path, files: dict[str, str]) -> Loaded:
    return load(write(folder, files))


@cache
def package() -> Base:
    """The words, helplines, danger texts and answers that travel with the program."""
    return load(package_knowledge()).base(None)


@cache
def with_example() -> Base:
    """The package's knowledge with the made-up council in it, as if it were a real one."""
    found, served = load(package_knowledge()), package()
    pack = next(p for p in found.parts["packs"] if p.example)
    assert pack.council is not None
    added = {
        "packs": (*served.packs, pack),
        "councils": (*served.councils, pack.council),
        "overlays": {**served.overlays, pack.slug: tuple(o for o, _, _ in found.overlays[pack.slug])},
        "facts": tuple(fact for fact, _, _ in found.facts),
    }
    return Base.model_construct(**{**{name: getattr(served, name) for name in Base.model_fields}, **added})


def message(
    text: str = "", *, action: str | None = None, form: Form | None = None, media: str | None = None
) -> Message:
    form = form or (Form.ACTION if action is not None else Form.TEXT)
    return Message("ref", ME, text, NOON, form, action, media)


def turn(
    text: str = "",
    *,
    action: str | None = None,
    form: Form | None = None,
    media: str | None = None,
    conversation: Conversation | None = None,
    about: About | None = None,
    assessment: Assessment | None = None,
    best: str | None = None,
    sure: float = 0.9,
    others: tuple[str, ...] = (),
    also: tuple[str, ...] = (),
    base: Base | None = None,
    now: datetime = NOON,
    mode: Mode = Mode.ON,
    why: str = "",
) -> Turn:
    """A turn in which the search found `best`, then `others`, and is `sure`; `also` is asked beside it."""
    topics = ([best] if best else []) + list(others)
    matches = tuple(Match(Class(ANSWER, t), 0.9 - n / 10) for n, t in enumerate(topics))
    talk = conversation or Conversation(about=about or About(), greeted=True, version=1)
    return Turn(
        message=message(text, action=action, form=form, media=media),
        conversation=talk,
        assessment=assessment or Assessment(),
        found=Found(matches, sure if topics else 0.0, sure if topics else 0.0, 1.0, text, also),
        thresholds=Thresholds(0.5, 0.3),
        base=base or package(),
        now=now,
        mode=mode,
        why_off=why,
    )
