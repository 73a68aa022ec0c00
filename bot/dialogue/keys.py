"""The short keys behind buttons: a key says all that pressing it needs, so it works a month later, after a restart."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST = 64  # bytes; Bot API, InlineKeyboardButton.callback_data


@dataclass(frozen=True, slots=True)
class Key:
    """`verb` or `verb:rest`."""

    verb: str
    rest: str = ""

    @classmethod
    def parse(cls, text: str) -> Key:
        verb, _, rest = text.partition(":")
        return cls(verb, rest)

    def __str__(self) -> str:
        return f"{self.verb}:{self.rest}" if self.rest else self.verb


def topic(entry_id: str) -> str:
    return f"t:{entry_id}"


def not_covered(item_id: str) -> str:
    return f"o:{item_id}"


def part(name: str, entry_id: str) -> str:
    """`name` is a part of an entry: more, how, if_no, easy, how_much, who, ring, or in-fr for a language."""
    return f"p:{name}:{entry_id}"


def area(area_id: str) -> str:
    return f"m:{area_id}"


def council(slug: str) -> str:
    return f"c:{slug}"


def district(council_slug: str, slug: str) -> str:
    return f"d:{council_slug}:{slug}"


def ask_district(council_slug: str) -> str:
    return f"d:{council_slug}"


def letters(first: str) -> str:
    return f"l:{first}"


def age(years: int) -> str:
    return f"a:{years}"


def status(*answers: str) -> str:
    """The status check, as far as it has come: the names of the answers given."""
    return str(Key(STATUS, ".".join(answers)))


def leaflet(stage: str, council_slug: str) -> str:
    return f"{LEAFLET}:{stage}:{council_slug}"


def vote(helped: bool, entry_id: str, version: str) -> str:
    return f"{'y' if helped else 'n'}:{entry_id}:{version}"


START, HELP, MENU, PERSON, PRIVACY, DELETE, MY_DATA = "start", "help", "menu", "person", "privacy", "delete", "mydata"
ASK_COUNCIL, NO_COUNCIL, ASK_AGE, NO_AGE = "c", "c:-", "a", "a:-"
NONE, SAFE, HELP_NOW = "none", "safe", "lines"
REMEMBER = "k"
ENTITLEMENTS, NEW = "g", "new"
NOT_SURE = "-"  # in the place of a district
STATUS = "s"
LEAFLET = "pdf"
COMMANDS = {
    "start": START,
    "help": HELP,
    "menu": MENU,
    "person": PERSON,
    "privacy": PRIVACY,
    "delete": DELETE,
    "mydata": MY_DATA,
    "council": ASK_COUNCIL,
    "age": ASK_AGE,
    "helpline": HELP_NOW,
    "helplines": HELP_NOW,
    "entitlements": ENTITLEMENTS,
    "new": NEW,
    "status": STATUS,
    "leaflet": LEAFLET,
}
ALWAYS = frozenset(
    {START, HELP, PRIVACY, DELETE, MY_DATA, SAFE, PERSON, HELP_NOW, NO_COUNCIL, NO_AGE}
)  # need no answers


def command(text: str) -> str | None:
    """The key of a typed `/word`, or None."""
    first = text.strip().partition(" ")[0].partition("@")[0].lower()
    return COMMANDS.get(first[1:]) if first.startswith("/") else None
