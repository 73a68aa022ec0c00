"""The provenance report: one page with every fact, where it is from, what rests on it and what is due. For a lawyer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.knowledge.checks.phones import contacts_of
from bot.knowledge.checks.places import host_of
from bot.knowledge.checks.texts import all_texts
from bot.knowledge.entry import REFERENCE, Contact, Entry, Fact, Overlay, Source
from bot.knowledge.helplines import Helpline
from bot.knowledge.load import Loaded, council_of

OFFICIAL = frozenset({"law and government", "councils", "health", "police and justice"})
UNKNOWN_HOST = "not on the list of known hosts"


@dataclass(frozen=True, slots=True)
class Use:
    """An entry or overlay that rests on a fact."""

    topic: str
    council: str | None
    shown: bool  # the figure itself stands in its text

    @property
    def name(self) -> str:
        return f"{self.council}: {self.topic}" if self.council else self.topic


@dataclass(frozen=True, slots=True)
class Row:
    """One fact as the page shows it."""

    fact: Fact
    council: str | None
    where: str  # file:line
    value: str | None  # on the day of the report
    uses: tuple[Use, ...]
    review_by: date | None  # the earliest of what uses it
    state: str  # in force | from … | ended … | passed …
    cited: tuple[tuple[Source, str], ...]  # each source and the kind of its host
    official: bool  # at least one source is the law, a public body or a council


@dataclass(frozen=True, slots=True)
class Due:
    """Something that must be looked at again."""

    by: date
    what: str
    where: str
    checked: date | None
    reviewed: bool
    late: bool


@dataclass(frozen=True, slots=True)
class Round:
    """Everything that is to be looked at by one day."""

    by: date
    late: bool
    items: tuple[Due, ...]


@dataclass(slots=True)
class Page:
    """All that the template is given."""

    today: date
    version: str
    areas: dict[str, list[Row]] = field(default_factory=dict)
    due: list[Due] = field(default_factory=list)
    changing: list[tuple[date, str, Row]] = field(default_factory=list)
    lines: tuple[Helpline, ...] = ()
    contacts: list[tuple[str, Contact]] = field(default_factory=list)
    entries: int = 0
    reviewed: int = 0

    @property
    def rows(self) -> list[Row]:
        return [row for rows in self.areas.values() for row in rows]

    @property
    def late(self) -> int:
        return sum(d.late for d in self.due)

    @property
    def rounds(self) -> list[Round]:
        """What is due, day by day."""
        days = groupby(self.due, key=lambda d: (d.by, d.late))
        return [Round(by, late, tuple(items)) for (by, late), items in days]

    @property
    def care(self) -> list[Row]:
        """Facts that a reader should not take as they stand."""
        return [r for r in self.rows if r.fact.confidence == "recalled" or r.fact.caution or r.fact.disputed]

    @property
    def unofficial(self) -> list[Row]:
        return [r for r in self.rows if r.uses and not r.official]

    @property
    def unused(self) -> list[Row]:
        return [r for r in self.rows if not r.uses]


def report(loaded: Loaded, hosts: dict[str, str], today: date) -> str:
    """The page as HTML, whole in itself."""
    environment = Environment(
        loader=PackageLoader("bot.knowledge", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["day"] = lambda value: f"{value.day} {value:%B %Y}" if value else "—"
    return environment.get_template("provenance.html").render(page=page(loaded, hosts, today))


def page(loaded: Loaded, hosts: dict[str, str], today: date) -> Page:
    """What the report says, before it is HTML."""
    made_up = loaded.examples()
    uses = _uses(loaded, made_up)
    due = sorted(_due(loaded, made_up, today), key=lambda d: (d.by, d.what))
    by_use = {d.what: d.by for d in due}
    found = Page(today, loaded.hash[:8], due=due, lines=loaded.parts.get("helplines", ()))
    for fact, document, loc in loaded.facts:
        council = council_of(document.path)
        if council in made_up:
            continue
        where = f"{document.path}:{document.line(loc)}"
        row = _row(
            fact, council, where, tuple(sorted(uses.get(fact.id, ()), key=lambda u: u.name)), by_use, hosts, today
        )
        found.areas.setdefault(council or document.path.removeprefix("facts/").removesuffix(".yaml"), []).append(row)
    found.areas = dict(sorted(found.areas.items(), key=lambda area: (area[1][0].council or "", area[0])))
    found.changing = sorted(_changing(found.rows, today), key=lambda c: (c[0], c[2].fact.id))
    found.contacts = [
        (council_of(document.path) or "", contact)
        for contact, document, _ in contacts_of(loaded)
        if council_of(document.path) not in made_up
    ]
    found.entries = len(loaded.entries)
    found.reviewed = sum(e.reviewed is not None for e, _, _ in loaded.entries)
    return found


def _row(
    fact: Fact,
    council: str | None,
    where: str,
    uses: tuple[Use, ...],
    by_use: dict[str, date],
    hosts: dict[str, str],
    today: date,
) -> Row:
    cited = tuple((s, hosts.get(host_of(s.url), UNKNOWN_HOST) if s.url else "no address") for s in fact.sources)
    return Row(
        fact,
        council,
        where,
        fact.value_on(today),
        uses,
        min((by_use[u.name] for u in uses if u.name in by_use), default=None),
        _state(fact, today),
        cited,
        any(kind in OFFICIAL for _, kind in cited),
    )


def _state(fact: Fact, today: date) -> str:
    if fact.in_force(today):
        return "in force"
    if fact.state in ("passed", "planned") and fact.from_ is None:
        return f"{fact.state}, no start known"
    if fact.from_ and fact.from_ > today:
        return f"starts {fact.from_}"
    return f"ended {fact.until}" if fact.until else fact.state


def _uses(loaded: Loaded, made_up: Iterable[str]) -> dict[str, set[Use]]:
    found: dict[str, set[Use]] = {}
    items: list[tuple[Entry | Overlay, str | None]] = [(e, None) for e, _, _ in loaded.entries]
    items += [(o, slug) for slug, overlays in loaded.overlays.items() if slug not in made_up for o, _, _ in overlays]
    for item, council in items:
        shown = {r for text, _ in all_texts(item, ()) for r in REFERENCE.findall(text)}
        named = {*item.facts, *(f for v in item.variants for f in v.facts)}
        for fact in named | shown:
            found.setdefault(fact, set()).add(Use(item.id, council, fact in shown))
    for offer in loaded.parts.get("entitlements", ()):
        for fact in offer.facts:
            found.setdefault(fact, set()).add(Use(f"what can I get: {offer.id}", None, shown=False))
    return found


def _due(loaded: Loaded, made_up: Iterable[str], today: date) -> Iterable[Due]:
    for entry, document, loc in loaded.entries:
        if entry.review_by:
            where = f"{document.path}:{document.line(loc)}"
            late = entry.review_by < today
            yield Due(entry.review_by, entry.id, where, entry.checked, entry.reviewed is not None, late)
    for slug, overlays in loaded.overlays.items():
        for overlay, document, loc in overlays if slug not in made_up else ():
            where = f"{document.path}:{document.line(loc)}"
            late = overlay.review_by < today
            name = f"{slug}: {overlay.id}"
            yield Due(overlay.review_by, name, where, overlay.checked, overlay.reviewed is not None, late)
    for pack in loaded.parts.get("packs", ()):
        if pack.slug not in made_up:
            where = f"councils/{pack.slug}/council.yaml:1"
            late = pack.review_by < today
            yield Due(pack.review_by, f"{pack.slug}: teams and numbers", where, pack.checked, False, late)


def _changing(rows: list[Row], today: date) -> Iterable[tuple[date, str, Row]]:
    """Days ahead on which a fact starts, ends or changes its figure."""
    for row in rows:
        fact = row.fact
        if fact.from_ and fact.from_ > today:
            yield fact.from_, "starts", row
        if fact.until and fact.until >= today:
            yield fact.until, "last day", row
        for value in fact.values:
            if value.from_ and value.from_ > today:
                yield value.from_, f"becomes {value.value}", row
            elif value.until and value.until >= today:
                yield value.until, f"last day of {value.value}", row
