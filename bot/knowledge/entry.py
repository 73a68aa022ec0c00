"""What a knowledge folder holds, as checked values. The format is described in knowledge/README.md."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

TOPIC = r"^[a-z]+(\.[a-z0-9-]+)+$"
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
FACT_ID = r"^[a-z0-9]+([.-][a-z0-9]+)*$"
REFERENCE = re.compile(r"\{([^{}\n]+)\}")  # {fact-id} or {line:helpline-id}


def _texts(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _dates(value: object) -> object:
    return value if isinstance(value, (list, tuple)) else [value]


Topic = Annotated[str, Field(pattern=TOPIC, max_length=48)]
Slug = Annotated[str, Field(pattern=SLUG, max_length=40)]
Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_texts)]
Status = Literal["eligible", "relevant", "former-relevant", "qualifying"]


class Part(BaseModel):
    """Frozen, and strict about keys: a mistyped key is a fault, not a silence."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Source(Part):
    title: Text
    url: str | None = Field(None, pattern=r"^https?://\S+$")
    date: str | None = None


class DatedValue(Part):
    value: Text
    from_: date | None = Field(None, alias="from")
    until: date | None = None

    def holds(self, today: date) -> bool:
        return (self.from_ is None or self.from_ <= today) and (self.until is None or today <= self.until)


class Share(Part):
    """A named part of an amount, or one stage of it."""

    for_: Text = Field(alias="for")  # what it is for, or when it is paid
    number: float


class Amount(Part):
    """A fact's figure as a number, so that two can be compared."""

    kind: Literal["fixed", "up-to", "at-least", "percentage", "share", "matched", "count"] = "fixed"
    number: float = Field(ge=0)
    unit: Text  # £, %, lessons, visits
    per: Literal["once", "week", "month", "term", "year", "each"] = "once"
    of: str | None = None  # of what: the bill, what you save
    year: str | None = None  # the year it is for: 2026/27
    parts: tuple[Share, ...] = ()
    stages: tuple[Share, ...] = ()

    @model_validator(mode="after")
    def _adds_up(self) -> Amount:
        for name in ("parts", "stages"):
            if (shares := getattr(self, name)) and sum(s.number for s in shares) > self.number:
                raise ValueError(f"the {name} come to more than the whole ({self.number:g})")
        if self.unit == "%" and self.number > 100:
            raise ValueError("a percentage is 100 at most")
        return self


class Eligible(Part):
    """Who can have something, where a council draws the line. What is left out makes no difference."""

    age_from: int | None = None
    age_to: int | None = None  # the last age, in years
    ends: Literal["birthday", "31-march-after", "course-end"] = "birthday"  # of the year after `age_to`
    status: Annotated[tuple[Status, ...], BeforeValidator(_texts)] = ()
    turned_18_from: date | None = None
    turned_18_until: date | None = None
    looked_after_by: Literal["this-council", "any"] | None = None
    lives: Literal["in-area", "out-of-area", "anywhere"] | None = None
    home: Texts = ()  # kinds of home, in words
    study: Literal["yes", "no"] | None = None
    work: Literal["yes", "no"] | None = None
    parent: Literal["yes", "no"] | None = None
    custody: Literal["yes", "no"] | None = None
    immigration: str | None = None
    means: str | None = None  # limits on income or savings


class Disputed(Part):
    """What another source says, and why it is not what we give."""

    says: Text
    why: Text
    source: Source


Tier = Literal["national", "region", "county", "district", "unitary", "housing-partnership"]


class Fact(Part):
    """An amount, age, deadline, number or rule: once, with its source and dates."""

    id: str = Field(pattern=FACT_ID, max_length=60)
    topic: Topic | None = None
    value: Text | None = None
    values: tuple[DatedValue, ...] = ()
    says: Text
    law: str | None = None
    who: str | None = None
    confidence: Literal["confirmed", "recalled"]
    from_: date | None = Field(None, alias="from")
    until: date | None = None
    state: Literal["in-force", "passed", "planned", "ended", "unknown"] = "in-force"
    amount: Amount | None = None
    whom: Eligible | None = None
    tier: Tier | None = None  # whose decision it is
    disputed: tuple[Disputed, ...] = ()
    betters: str | None = None  # a council's fact that gives more than this national one
    caution: str | None = None
    checked: date
    sources: tuple[Source, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_kind_of_value(self) -> Fact:
        if self.value is not None and self.values:
            raise ValueError("has both `value` and `values`; keep one")
        return self

    def value_on(self, today: date) -> str | None:
        """The words that stand in a text on a day; None when the fact has none then."""
        if self.value is not None:
            return self.value
        return next((v.value for v in self.values if v.holds(today)), None)

    def in_force(self, today: date) -> bool:
        """In force on a day. A fact that is only passed or planned is so from the day its `from` is filled in."""
        if self.state in ("ended", "unknown") or (self.state in ("passed", "planned") and self.from_ is None):
            return False
        return (self.from_ is None or self.from_ <= today) and (self.until is None or today <= self.until)


def _ages(value: object) -> object:
    """`16-17`, `18-20`, `21+`, `25` as an inclusive pair."""
    if not isinstance(value, str):
        return value
    if match := re.fullmatch(r"(\d{1,2})(?:-(\d{1,2})|(\+))?", value):
        low = int(match[1])
        return (low, int(match[2]) if match[2] else 200 if match[3] else low)
    raise ValueError("write an age as 16-17, 18-20, 21+ or 25")


Ages = Annotated[tuple[int, int], BeforeValidator(_ages)]


class When(Part):
    """Whom a variant is for. Everything named must fit; what is not known does not fit."""

    age: Ages | None = None
    status: Annotated[tuple[Status, ...], BeforeValidator(_texts)] = ()
    council: Annotated[tuple[Slug, ...], BeforeValidator(_texts)] = ()
    district: Annotated[tuple[Slug, ...], BeforeValidator(_texts)] = ()
    lives_in: Annotated[tuple[Slug, ...], BeforeValidator(_texts)] = ()
    nation: Annotated[tuple[Slug, ...], BeforeValidator(_texts)] = ()
    in_force: str | None = None  # fact id
    not_in_force: str | None = None  # fact id


Basis = Literal["law", "guidance", "local", "practice"]


class Right(Part):
    """must: the law; will: the council's own promise; may: assessed, asked for. Exactly one."""

    must: Text | None = None
    will: Text | None = None
    may: Text | None = None

    @model_validator(mode="after")
    def _one(self) -> Right:
        if sum(v is not None for v in (self.must, self.will, self.may)) != 1:
            raise ValueError("name exactly one of must, will, may")
        return self


class Myth(Part):
    myth: Text
    truth: Text


class Change(Part):
    on: date
    note: Text


class Event(Part):
    """Something on known days that a council's people can go to: a clinic, a drop-in."""

    title: Text
    on: Annotated[tuple[date, ...], BeforeValidator(_dates)]
    at: str | None = None  # the time, in words
    where: Text
    what: Text
    source: Source


class Reviewed(Part):
    on: date
    by: tuple[Text, ...] = Field(min_length=2)


Age = Annotated[str, Field(pattern=r"^(1[4-9]|2[0-9]|30)$")]


class Says(Part):
    """What an entry, a variant of it or a council's overlay can say."""

    answer: Text | None = None
    do: Text | None = None
    if_no: Text | None = None
    how_much: Text | None = None
    how: Text | None = None
    say: Text | None = None
    who: Text | None = None
    rights: tuple[Right, ...] = ()
    ages: dict[Age, Text] = Field(default_factory=dict)  # what changes at an age
    more: Text | None = None
    easy: Text | None = None


class Variant(Says):
    when: When
    basis: Basis | None = None
    adds: Text | None = None  # in an overlay: said in place of the overlay's own `adds`
    facts: tuple[str, ...] = ()


class Translation(Says):
    """An entry's or overlay's texts in another language. A machine's draft is never shown as reviewed."""

    by: Literal["person", "machine"]
    adds: Text | None = None
    checked: date
    reviewed: Reviewed | None = None

    @model_validator(mode="after")
    def _no_machine_is_reviewed(self) -> Translation:
        if self.by == "machine" and self.reviewed:
            raise ValueError("a machine's draft cannot be `reviewed`; whoever went over it makes it `by: person`")
        return self


class Route(Part):
    """How something is got, and who says yes or no."""

    kind: Literal["automatic", "worker-applies", "you-apply", "landlord-applies", "panel"]
    evidence: Texts = ()
    takes: str | None = None  # how long, in words
    meanwhile: str | None = None
    decides: str | None = None
    challenge: str | None = None


Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")]  # BCP 47: ti, ckb, pa-Arab


class Entry(Says):
    """What a care leaver is told about one topic."""

    id: Topic
    title: str = Field(min_length=1, max_length=60)
    question: str | None = Field(None, max_length=70)
    basis: Basis | None = None
    answer: Text
    myths: tuple[Myth, ...] = ()
    related: tuple[Topic, ...] = ()
    facts: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()
    sources: tuple[Source, ...] = ()
    ask: Texts = ()
    checked: date | None = None
    review_by: date | None = None
    expires: date | None = None
    reviewed: Reviewed | None = None
    changes: tuple[Change, ...] = ()
    translations: dict[Language, Translation] = Field(default_factory=dict)

    @property
    def label(self) -> str:
        """What one would say oneself: for "did you mean" and buttons."""
        return self.question or self.title


class Overlay(Says):
    """What one council adds to an entry, or says in place of a part of it (those parts are named in `replaces`)."""

    id: Topic
    adds: Text | None = None  # shown after the national answer, under the council's name
    replaces: Annotated[tuple[str, ...], BeforeValidator(_texts)] = ()
    not_known: Text | None = None  # what we could not find out here, said as such; the national answer stands
    route: Route | None = None
    facts: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()
    ask: Texts = ()
    checked: date
    review_by: date
    reviewed: Reviewed | None = None
    changes: tuple[Change, ...] = ()
    events: tuple[Event, ...] = ()
    translations: dict[Language, Translation] = Field(default_factory=dict)


class Contact(Part):
    """A way to reach a team, and what it really is."""

    name: Text
    team: str | None = None  # which team, where one has several ways
    kind: Literal["team", "front-door", "person", "form", "drop-in", "emergency"] | None = None
    phone: str | None = None
    text: str | None = None
    email: str | None = None
    web: str | None = None
    what_it_is: str | None = None  # the team itself, or a front door
    hours: str | None = None  # in words
    confirmed: bool = False  # a person at the council has confirmed it
    topics: Texts = ()  # what it is for, by the beginning of topic ids: housing, money.travel; none: everything
    caution: str | None = None
    sources: tuple[Source, ...] = ()


class District(Part):
    slug: Slug
    name: Text
    aliases: Texts = ()


class Council(Part):
    """A council with children's services, as people name it."""

    slug: Slug
    name: Text
    short: str | None = None  # as said in a sentence: "Devon"
    aliases: Texts = ()
    website: str | None = None
    districts: tuple[District, ...] = ()
    not_this_council: str | None = None


class Partner(Part):
    """Whom the council decides some things with: a region, a housing partnership."""

    name: Text
    tier: Tier
    does: Text
    topics: Texts = ()  # what it decides, by the beginning of topic ids; none: nothing that is asked here
    web: str | None = None


class CouncilPack(Part):
    """What one council's people and numbers are (`councils/<slug>/council.yaml`)."""

    slug: Slug
    local_offer: str | None = None  # address of the local offer page
    leaving_care: Contact | None = None
    out_of_hours: Contact | None = None  # the emergency duty team
    participation: Contact | None = None
    advocacy: Contact | None = None
    complaints: Contact | None = None
    contacts: tuple[Contact, ...] = ()  # every other way to reach a team
    tier: Tier | None = None
    partners: tuple[Partner, ...] = ()
    example: bool = False  # made up, to show the format: checked, and never served
    council: Council | None = None  # of an example, which has no line in england.yaml
    words: dict[str, str] = Field(default_factory=dict)  # our word: the council's word
    checked: date
    review_by: date


class NotCovered(Part):
    """Something people ask that we do not answer, and one honest line that points somewhere useful."""

    id: str = Field(pattern=FACT_ID)
    reply: Text
    ask: Texts
    why: str | None = None


class SmallTalk(Part):
    id: str = Field(pattern=SLUG)
    reply: Text
    ask: Texts
    offer: Literal["menu", "person", "none"] = "none"


class Area(Part):
    """One row of the menu: an area and its topics in order."""

    id: str = Field(pattern=SLUG)
    title: str = Field(max_length=40)
    topics: tuple[Topic, ...] = ()
    groups: tuple[Area, ...] = ()
