"""Where we send people and where we have it from: contacts with a source, links to hosts that were looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from bot.knowledge.checks.phones import contacts_of
from bot.knowledge.load import Loaded, council_of
from bot.knowledge.yamltext import Fault, Loc

_ADDRESS = re.compile(
    r"https?://[^\s<>\"')\]]+"
    r"|(?<=@)[a-z0-9-]+(?:\.[a-z0-9-]+)+"
    r"|(?<![\w@./-])(?:[a-z0-9-]+\.)+(?:uk|com|org|net)(?![\w.-]*[@\w])",
    re.IGNORECASE,
)
UNREAD = ("triage/", "language/", "hosts.yaml", "reading.yaml")  # nobody is shown these
_FOR_EXAMPLES = re.compile(r"(?:.*\.)?example(?:\.(?:org|com|net))?")  # RFC 2606: nobody's


def contacts(loaded: Loaded) -> Iterator[Fault]:
    """Contacts that nobody could check, for want of a source."""
    for contact, document, loc in contacts_of(loaded):
        if not contact.sources:
            yield document.fault(loc, f"'{contact.name}' has no source; add 'sources' with the page it is from")


def still_the_template(loaded: Loaded) -> Iterator[Fault]:
    """A real council that is yet the made-up one."""
    real = {c.slug for c in loaded.parts.get("councils", ())}
    for slug in sorted(loaded.examples() & real):
        if document := loaded.documents.get(f"councils/{slug}/council.yaml"):
            yield document.fault(
                ("example",), "this is still the template, and not served; fill it in, then take 'example: true' out"
            )


def hosts(loaded: Loaded, known: dict[str, str]) -> Iterator[Fault]:
    """Links to a host that nobody put on the list."""
    made_up = loaded.examples()
    for path, document in loaded.documents.items():
        if path.endswith(".ask.yaml") or path.startswith(UNREAD) or path in UNREAD:
            continue
        for text, loc in _texts(document.data, ()):
            for address in _ADDRESS.findall(text):
                host = host_of(address)
                if host in known or (council_of(path) in made_up and _FOR_EXAMPLES.fullmatch(host)):
                    continue
                yield document.fault(
                    loc, f"'{host}' is not a known host; look at the page, then add it to hosts.yaml on purpose"
                )


def host_of(address: str) -> str:
    """The host of an address, in lower case and without `www.`; empty when it has none."""
    try:
        whole = address if "://" in address else f"https://{address}"
        return (urlsplit(whole).hostname or "").removeprefix("www.").rstrip(".")
    except ValueError:
        return ""


def _texts(data: Any, loc: Loc) -> Iterator[tuple[str, Loc]]:
    if isinstance(data, str):
        yield data, loc
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _texts(value, (*loc, key))
    elif isinstance(data, list):
        for i, value in enumerate(data):
            yield from _texts(value, (*loc, i))
