"""`make eval`: how well messages by other authors are understood, and danger is heard, with and without the model.

--check compares the headline figures with eval.json and says only what fell; --update writes them there.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from bot import minilm
from bot.bundle import Bundle
from bot.knowledge.load import package_knowledge
from bot.ready import bundle_for
from tests.eval import clinc, regress
from tests.eval.run import CLEAN, headlines, put_through, run_lines
from tests.eval.sets import texts

WHOLE, WORDS_ALONE = "whole engine", "words alone"


def engines() -> Iterator[tuple[str, Bundle]]:
    """What can be run here: without the sentence model, letters and words alone."""
    bundle = bundle_for(package_knowledge())
    if minilm.encoder() is not None:
        yield WHOLE, bundle
    yield WORDS_ALONE, bundle.words_alone()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--check", action="store_true", help="only compare with eval.json; exit 1 when a figure fell")
    options.add_argument("--update", action="store_true", help="write the headline figures to eval.json")
    options.add_argument("--most", type=int, default=15, help="confusions and misses shown")
    options.add_argument("--clinc150", type=Path, default=clinc.place(), metavar="DIR", help="the data of CLINC150")
    given = options.parse_args()
    runs = {name: put_through(bundle) for name, bundle in engines()}
    figures = {name: headlines(of_engine) for name, of_engine in runs.items()}
    if given.update:
        regress.write({**regress.read(), **figures})
        return 0
    if given.check:
        is_fine, said = regress.verdict(regress.read(), figures, texts())
        print(*said, sep="\n")
        return 0 if is_fine else 1
    for name, of_engine in runs.items():
        for typed, run in of_engine.items():
            most = given.most if (name, typed) == (next(iter(runs)), CLEAN) else 0
            print(*run_lines(f"{name}, {typed}", run, most=most), sep="\n", flush=True)
    for line in clinc.report(given.clinc150):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
