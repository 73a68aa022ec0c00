"""Phone numbers: each one that is given out can be rung in the UK, and belongs to somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.knowledge.entry import Contact, Fact
from bot.knowledge.load import Loaded, council_of
from bot.knowledge.yamltext import Document, Fault, Loc

_SPECIAL = re.compile(r"999|112|10[15]|11[129]|116\d{3}|1800[0-2]|[678]\d{4}")  # Ofcom: short codes; texts are 5 digits
_FOR_FILMS = re.compile(  # Ofcom keeps these for stories and examples: nobody answers
    r"01632960\d{3}|01(?:1[345678]|[2345]1|61)4960\d{3}|01914980\d{3}|02079460\d{3}"
    r"|07700900\d{3}|08081570\d{3}|09098790\d{3}|03069990\d{3}"
)
_IN_VALUE = re.compile(r"(?<![\d£.,/])(?:\+44|0)[\d ()-]{7,}\d|(?<!\d)116 ?\d{3}(?!\d)")


def phones(loaded: Loaded) -> Iterator[Fault]:
    """Numbers in facts, helplines and councils' contacts that are none."""
    made_up = loaded.examples()
    for number, document, loc in _all(loaded):
        if says := wrong(number, made_up=council_of(document.path) in made_up):
            yield document.fault(loc, f"'{number}' {says}")


def wrong(number: str, *, made_up: bool = False) -> str | None:
    """What is wrong with a number, or None. A made-up council may give only numbers that nobody has."""
    digits = re.sub(r"[ ()-]", "", number).replace("+44", "0")
    if made_up:
        return None if _FOR_FILMS.fullmatch(digits) else "may be somebody's; an example gives 01632 960… or 07700 900…"
    if _FOR_FILMS.fullmatch(digits):
        return "is a number for films and examples, which nobody answers; put the real one"
    if _SPECIAL.fullmatch(digits) or _can_be_rung(digits):
        return None
    return "is not a UK phone number; compare it with its source"


def _can_be_rung(digits: str) -> bool:
    import phonenumbers

    try:
        return phonenumbers.is_valid_number_for_region(phonenumbers.parse(digits, "GB"), "GB")
    except phonenumbers.NumberParseException:
        return False


def _all(loaded: Loaded) -> Iterator[tuple[str, Document, Loc]]:
    for fact, document, loc in loaded.facts:
        for number in _in_fact(fact):
            yield number, document, (*loc, "value")
    if document := loaded.documents.get("helplines.yaml"):  # type: ignore[assignment]
        places = {id_: i for i, id_ in enumerate(_ids(document))}
        for line in loaded.parts.get("helplines", ()):
            at = (places.get(line.id, 0),)
            for name, number in (
                ("call", line.call),
                ("text", line.text and line.text.to),
                ("whatsapp", line.whatsapp),
            ):
                if number:
                    yield number, document, (*at, name)
    for contact, document, loc in contacts_of(loaded):
        for name in ("phone", "text"):
            if number := getattr(contact, name):
                yield number, document, (*loc, name)


def _in_fact(fact: Fact) -> list[str]:
    values = [fact.value or "", *(v.value for v in fact.values)]
    return [found.strip() for value in values for found in _IN_VALUE.findall(value)]


def _ids(document: Document) -> list[str]:
    return [item.get("id", "") if isinstance(item, dict) else "" for item in document.data or ()]  # type: ignore[misc]


def contacts_of(loaded: Loaded) -> Iterator[tuple[Contact, Document, Loc]]:
    """Every contact of every council, with its place."""
    for pack in loaded.parts.get("packs", ()):
        document = loaded.documents.get(f"councils/{pack.slug}/council.yaml")
        if document is None:
            continue
        for name in ("leaving_care", "out_of_hours", "participation", "advocacy", "complaints"):
            if contact := getattr(pack, name):
                yield contact, document, (name,)
        for i, contact in enumerate(pack.contacts):
            yield contact, document, ("contacts", i)
