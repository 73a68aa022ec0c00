"""What can be got, as `entitlements.yaml` holds it: whom each thing is for, how soon it matters, the first step."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from bot.knowledge.entry import SLUG, Part, Text, Topic, When, _texts

STUDIES = ("college", "university", "apprenticeship")

Study = Literal["college", "university", "apprenticeship", "no"]
Home = Literal["own-tenancy", "supported", "staying-put", "childrens-home", "with-family", "uni", "homeless", "custody"]
YesNo = Literal["yes", "no"]


def _studies(value: object) -> object:
    """`yes` stands for any kind of study."""
    found = _texts(value)
    return [s for v in found for s in (STUDIES if v == "yes" else (v,))] if isinstance(found, list) else found


def _one_or_more(value: object) -> object:
    return [value] if isinstance(value, dict) else value


class Whom(When):
    """Whom an entitlement is for: a variant's conditions, and how one lives just now."""

    study: Annotated[tuple[Study, ...], BeforeValidator(_studies)] = ()
    work: YesNo | None = None
    home: Annotated[tuple[Home, ...], BeforeValidator(_texts)] = ()
    parent: YesNo | None = None

    @cached_property
    def fixed(self) -> When | None:
        """Of the conditions, those that are plainly met or not: council, nation, law. None when there are none."""
        names = ("council", "lives_in", "nation", "in_force", "not_in_force")
        asked = {name: value for name in names if (value := getattr(self, name))}
        return When(**asked) if asked else None


class Entitlement(Part):
    """One thing that somebody can get. must: the law; will: the council's own offer; may: it can be asked for."""

    id: str = Field(pattern=SLUG, max_length=48)
    topic: Topic
    title: str = Field(min_length=1, max_length=40)
    text: Text
    kind: Literal["must", "will", "may"]
    when: Whom = Field(default_factory=Whom)
    unless: Annotated[tuple[Whom, ...], BeforeValidator(_one_or_more)] = ()
    unsure: Text | None = None  # said before the text when their age, status or district is not known: "If you're 18"
    money: int = Field(0, ge=0)  # rough worth in pounds, a year or once: a sort key, never shown
    urgency: int = Field(ge=1, le=3)  # 1: this week, 2: soon, 3: when it suits
    first_step: Text
    facts: tuple[str, ...] = ()
