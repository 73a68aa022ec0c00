"""What must hold across a knowledge base. Called by `check`, and as a draft at start-up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache

from bot.knowledge.checks import phrases, places, reading
from bot.knowledge.checks.ambiguous import ambiguous, plain_words
from bot.knowledge.checks.figures import figures
from bot.knowledge.checks.offers import offers
from bot.knowledge.checks.phones import phones
from bot.knowledge.checks.published import overdue, published
from bot.knowledge.checks.references import missing_topics, references
from bot.knowledge.checks.status import status
from bot.knowledge.load import BARS, Loaded, package_knowledge, read_bars
from bot.knowledge.yamltext import Fault
from bot.knowledge.yamltext import read as read_document


def check(
    loaded: Loaded,
    *,
    draft: bool,
    today: date,
    topics: frozenset[str] = frozenset(),
    release: bool = False,
    judged_by: Iterable[tuple[str, str]] = (),
) -> list[Fault]:
    """Every fault, in order of file and line. A draft need not have what only a published entry must.

    topics are ids that must each have an entry (none for a folder that is not the whole knowledge base). A release
    holds nothing whose `review_by` has passed. judged_by are messages that must not be learnt from, and where each is.
    """
    faults = [*loaded.faults, *references(loaded), *phrases.doubles(loaded), *figures(loaded), *offers(loaded)]
    faults += missing_topics(loaded, topics)
    faults += status(loaded, due=today if release else None)
    faults += ambiguous(loaded)
    if not draft:
        faults += _of_what_is_shown(loaded, today)
        faults += phrases.seen_before(loaded, judged_by)
    if release:
        faults += overdue(loaded, today)
    return sorted(set(faults))


def _of_what_is_shown(loaded: Loaded, today: date) -> list[Fault]:
    bars = with_bars(loaded)
    return [
        *published(loaded, today),
        *phones(loaded),
        *places.contacts(loaded),
        *places.still_the_template(loaded),
        *places.hosts(loaded, bars.hosts),
        *reading.too_hard(loaded, bars.reading, today),
        *reading.hard_terms(loaded, bars.reading),
        *plain_words(loaded, bars.reading),
        *phrases.twins(loaded),
    ]


def with_bars(loaded: Loaded) -> Loaded:
    """The hosts and bars of a folder; what it has none of is the package's."""
    own = Loaded(hosts=loaded.hosts, reading=loaded.reading)
    if not own.hosts or own.reading is None:
        package = _package_bars()
        own.hosts = own.hosts or package.hosts
        own.reading = own.reading or package.reading
    return own


@cache
def _package_bars() -> Loaded:
    found = Loaded()
    for name in BARS:
        if (path := package_knowledge() / name).is_file():
            read_bars(found, name, read_document(path, name))
    return found
