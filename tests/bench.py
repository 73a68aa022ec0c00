"""`make bench`: what a message, a start and a build cost, each beside something named, measured in the same run."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rapidfuzz import fuzz, process

from bot.asking import answer, question_from
from bot.knowledge.load import load, package_knowledge
from bot.ready import bundle_for
from tests.eval.sets import rows

ROUNDS = 5


def cpu(work: Callable[[], object]) -> float:
    """The least processor seconds of some rounds: other people's load only ever adds."""
    took = []
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        took.append(time.process_time() - started)
    return min(took)


def a_message() -> None:
    bundle = bundle_for(package_knowledge())
    texts = [row["text"] for row in rows("questions_dev.jsonl")]
    phrases = [phrase for asks in load(package_knowledge()).asks.values() for phrase, _, _ in asks]

    def ours() -> None:
        for text in texts:
            answer(question_from({"text": text}, bundle), bundle)

    def fuzzy() -> None:
        for text in texts[:30]:
            process.extractOne(text, phrases, scorer=fuzz.WRatio)

    ours()
    mine, theirs = cpu(ours) / len(texts), cpu(fuzzy) / 30
    print(f"a message, answered and triaged     {mine * 1000:8.2f} ms of processor time")
    print(f"  RapidFuzz WRatio over our phrases {theirs * 1000:8.2f} ms   ours is {mine / theirs:.2f} of it")
    print(f"  resident, in this process         {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.0f} MB")


def a_start() -> None:
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "BOT_STATE_DIR": os.environ.get("BOT_STATE_DIR", folder)}
        ask = [sys.executable, "-m", "bot", "ask", "--jsonl"]
        line = json.dumps({"text": "do i have to pay council tax"}) + "\n"

        def run(command: list[str], given: str = "") -> float:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(command, input=given, text=True, env=environ, capture_output=True, check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

        run(ask, line)  # builds, when it was never built
        first = min(run(ask, line) for _ in range(ROUNDS))
        bare = min(run([sys.executable, "-c", "import numpy, pydantic"]) for _ in range(ROUNDS))
        many = min(run(ask, line * 1001) for _ in range(2))
    print(f"start to first answer               {first:8.2f} s of processor time")
    print(f"  Python, numpy and pydantic alone  {bare:8.2f} s    ours is {first / bare:.1f} times it")
    print(f"1,000 more lines through ask        {many - first:8.2f} s    {(many - first) / first:.1f} starts")


if __name__ == "__main__":
    print(f"in {Path.cwd().name}, least of {ROUNDS} rounds")
    a_message()
    a_start()
