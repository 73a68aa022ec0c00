"""One leaflet: its JSON on standard input, its PDF on standard output. Asked for by `press`."""

from __future__ import annotations

import contextlib
import json
import os
import sys

from bot.domain.errors import BotError
from bot.knowledge.leafletpages import Leaflet
from bot.printing.pdf import print_leaflet

LAST = 10  # how far behind whatever else the machine has to do


def main() -> int:
    with contextlib.suppress(OSError):
        os.nice(LAST)
    asked = json.load(sys.stdin)
    try:
        with contextlib.redirect_stdout(sys.stderr):  # nothing but the PDF on standard output
            made = print_leaflet(Leaflet.model_validate(asked["leaflet"]), asked["address"])
    except BotError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
