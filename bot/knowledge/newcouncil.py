"""A folder for one more council, copied from the made-up one, and the list of what must be filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from pydantic import TypeAdapter
from rapidfuzz import process

from bot.domain.errors import BotError
from bot.knowledge.entry import Council
from bot.knowledge.load import package_knowledge
from bot.knowledge.yamltext import read

EXAMPLE = "exampleshire"
_OF_EXAMPLE_ONLY = re.compile(r"^# example only: from here.*?^# example only: to here\n", re.MULTILINE | re.DOTALL)
_FILL_IN = re.compile(r"^(?P<what>.*?)#\s*fill in(?P<how>.*)$")


class Refused(BotError):
    """No folder was made, and why not."""


def package_councils() -> list[Council]:
    """The councils of England, as the package names them."""
    document = read(package_knowledge() / "councils" / "england.yaml", "councils/england.yaml")
    return TypeAdapter(list[Council]).validate_python(document.data)


def usual_place(folder: Path, slug: str) -> Path:
    """Beside the other councils; in the present folder when the knowledge is inside the installed program."""
    return Path(slug) if folder.name == "_knowledge" else folder / "councils" / slug


def new_council(slug: str, councils: Iterable[Council], target: Path) -> list[str]:
    """Copies the example into a folder that is not there yet; what to say of it, line by line.

    Raises Refused, and OSError when the folder cannot be written.
    """
    by_slug = {c.slug: c for c in councils}
    if slug not in by_slug:
        near = [match[0] for match in process.extract(slug, by_slug.keys(), limit=3)]
        raise Refused(f"there is no council '{slug}' in councils/england.yaml; did you mean {', '.join(near)}?")
    if target.exists():
        raise Refused(f"{target} is there already; nothing was changed. Name another folder with --to")
    made = _copied(by_slug[slug], package_knowledge() / "councils" / EXAMPLE, target)
    return [
        f"{target}: {len(made)} files, copied from a council that is made up. To fill in:",
        *(f"  {line}" for path in made for line in _to_fill_in(path, target)),
        "Take out what this council does not offer, and say with `not_known` what could not be found out.",
        "Nothing of it is shown while 'example: true' stands in council.yaml. When that is out, `waymark check` names",
        "every number, link and figure that is still the example's, by file and line.",
    ]


def _copied(council: Council, source: Path, target: Path) -> list[Path]:
    made = []
    for path in sorted(source.rglob("*.yaml")):
        text = _OF_EXAMPLE_ONLY.sub("", path.read_text("utf-8"))
        text = text.replace("Exampleshire County Council is made up. It shows", "The example shows")
        text = text.replace("confirmed: true", "confirmed: false")
        for made_up, real in (
            ("Exampleshire County Council", council.name),
            ("Exampleshire", council.short or council.name),
            (EXAMPLE, council.slug),
        ):
            text = text.replace(made_up, real)
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
        made.append(place)
    return made


def _to_fill_in(path: Path, folder: Path) -> Iterable[str]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if found := _FILL_IN.match(line):
            key = found["what"].partition(":")[0].strip(" -#")
            how = found["how"].removeprefix(": ") if found["how"].startswith(": ") else f"fill in{found['how']}"
            yield f"{path.relative_to(folder)}:{number}: {key + ': ' if key else ''}{how}"
