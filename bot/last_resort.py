"""What is said when even the package's own words cannot be read: a person editing `knowledge/` slipped, and somebody
is in danger. Few words, three numbers known by heart, and the plainest rules; everything else is missing.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel

from bot.knowledge.base import Base, Danger, FirstWords
from bot.knowledge.entry import Source
from bot.knowledge.helplines import Helpline, TextRoute
from bot.knowledge.words import Words

SORRY = "My answers are being mended. If you're in danger, ring 999. Samaritans are awake on 116 123, free."
NOW = "**If you're in danger or hurt, ring 999 now.** If you can't talk, press 55 when they ask."
_LABELS = {"safe": "I'm safe, carry on", "want_person": "I want a person", "menu": "Menu", "help_now": "Help now"}
RULES: dict[str, Any] = {
    "rules": [
        {
            "id": "last-resort.suicide",
            "topic": "safety.suicide",
            "level": "emergency",
            "says": """(want|wanna|going|gonna|need|ready) [to] (die|end it|kill myself|be dead|end my life)
                (kill|killing|hang|hanging) (myself|me self|meself)
                (suicide|suicidal|kms)
                dont want to (be alive|live|be here|wake up)
                (overdose|overdosed|overdosing)
                took [too many|all|all my|all the|a load of] (pills|tablets|paracetamol|meds)""",
        },
        {
            "id": "last-resort.harm",
            "topic": "safety.abuse",
            "level": "urgent",
            "says": """(hit|hits|hitting|hurt|hurts|hurting|beat|beats|beating|raped|attacked|attacking) (me|us)
                (cut|cutting|hurt|hurting|harm|harming) (myself|me self|meself)
                (nowhere|no where) to (sleep|stay|go)
                (not safe|in danger|scared of him|scared of her|cant breathe|wont wake up|bleeding)""",
        },
    ]
}


def base() -> Base:
    """A base that holds help and nothing else."""
    first = FirstWords(now=NOW)
    danger = Danger(emergency=first, urgent=first, lines=("samaritans", "shout", "childline"))
    return Base.model_construct(words=_words(Words), helplines=_lines(), danger={"default": danger}, triage={})


def _lines() -> tuple[Helpline, ...]:
    always: dict[str, Any] = {
        "hours": "always",
        "for": "anyone who needs to talk",
        "confidence": "confirmed",
        "checked": date(2026, 11, 24),
        "sources": (Source(title="the organisation's own page"),),
        "says": "free, any time",
    }
    return (
        Helpline(id="samaritans", name="Samaritans", call="116 123", **always),
        Helpline(id="shout", name="Shout", text=TextRoute(to="85258", word="SHOUT"), **always),
        Helpline(id="childline", name="Childline", call="0800 1111", ages="0-18", **always),
    )


def _words(model: type[BaseModel]) -> Any:
    """Every word of the interface as the one sentence, every button by its name."""
    values: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            values[name] = _words(kind)
        elif name == "nations":
            values[name] = {}
        elif kind is str:
            values[name] = _LABELS.get(name, SORRY if len(model.model_fields) > 30 else name.replace("_", " "))
        else:
            values[name] = ()
    return model.model_construct(**values)
