"""`make vectors`: the sentence vectors that ship with the knowledge, so that a first build takes no minutes.

Run it after phrases or examples were changed: only new ones are encoded, and those of no phrase any more are dropped.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bot import archive, minilm
from bot.bundle import EXAMPLES, VECTORS, known_vectors, read_folder
from bot.knowledge.build import phrases
from bot.knowledge.load import package_knowledge
from bot.language.encode import Encoder
from bot.language.normalise import normalise
from bot.language.vectors import Known
from bot.triage.build import read_examples

AT_ONCE = 512  # texts between two lines of progress


def texts_of(folder: Path) -> list[str]:
    """Every text that a build of the folder wants the vector of, once, as it is encoded."""
    loaded = read_folder(folder)
    base = loaded.base(None)
    examples = [
        normalise(example.text, base.textspeak)
        for name in sorted(base.triage)
        if name.startswith(EXAMPLES)
        for example in read_examples(base.triage[name], name)
    ]
    return list(dict.fromkeys([*phrases(loaded, base).texts, *examples]))


def refresh(folder: Path, encode: Encoder) -> tuple[int, int]:
    """Writes the folder's vectors anew; how many there are, and how many of them had to be worked out."""
    texts, path = texts_of(folder), folder / VECTORS
    known = known_vectors(path, encode)
    missing = [text for text in texts if not known.has(text)]
    for at in range(0, len(missing), AT_ONCE):
        print(f"{at} of {len(missing)} ...", file=sys.stderr, flush=True)  # noqa: T201
        known = known.with_(missing[at : at + AT_ONCE], encode)
    archive.save(path, encode.version, Known.of(texts, known.packed_of(texts, encode)).to_arrays())
    return len(texts), len(missing)


def main() -> int:
    encode = minilm.encoder()
    if encode is None:
        print("The sentence model is not installed, so no vectors can be worked out.", file=sys.stderr)  # noqa: T201
        return 1
    size, fresh = refresh(package_knowledge(), encode)
    print(f"{size} vectors, {fresh} of them new")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
