"""The commands. `python -m bot COMMAND` and `waymark COMMAND` are the same."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

from bot import __version__
from bot.domain.errors import BotError, KnowledgeBroken, SettingsWrong

if TYPE_CHECKING:
    from bot.knowledge.load import Loaded

YES, NO, WRONG_USE = 0, 1, 2


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(WRONG_USE, f"{self.prog}: {message}\nTry: {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code: 0 done, 1 the answer is no, 2 wrong use."""
    for stream in (sys.stdout, sys.stderr):  # any text can be said, whatever the terminal's encoding
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        options = _parser().parse_args(arguments)
        code: int = options.do(options)
        sys.stdout.flush()
    except SettingsWrong as error:
        print("These settings are wrong:", *error.faults, sep="\n  ", file=sys.stderr)
        return WRONG_USE
    except BotError as error:
        print(error, file=sys.stderr)
        return NO
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return YES
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # its text may hold what a person wrote
        where = error.__traceback__
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        place = f"{Path(where.tb_frame.f_code.co_filename).name}:{where.tb_lineno}" if where else "?"
        print(f"Something is wrong in the program itself ({type(error).__name__} at {place}).", file=sys.stderr)
        return NO
    return code


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="waymark", description="A chat bot for young people leaving care in England.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)

    command = commands.add_parser(
        "run", help="start what the settings name: web chat, and Telegram where a token is set"
    )
    command.set_defaults(do=_run)

    command = commands.add_parser("ask", help="one answer in the terminal")
    command.add_argument("text", nargs="*", metavar="TEXT")
    command.add_argument("--json", action="store_true", help="one JSON object")
    command.add_argument("--jsonl", action="store_true", help="JSON objects on standard input, one a line")
    command.add_argument("--knowledge", type=Path, metavar="DIR")
    command.add_argument("--council", metavar="SLUG")
    command.add_argument("--age", type=int, metavar="N")
    command.add_argument("--today", metavar="DATE")
    command.set_defaults(do=_ask)

    command = commands.add_parser("why", help="each step from a message to its answer, with scores; nothing is kept")
    command.add_argument("text", nargs="*", metavar="TEXT")
    command.add_argument("--json", action="store_true", help="one JSON object")
    command.add_argument("--knowledge", type=Path, metavar="DIR")
    command.add_argument("--council", metavar="SLUG")
    command.add_argument("--age", type=int, metavar="N")
    command.add_argument("--today", metavar="DATE")
    command.add_argument("--words-alone", action="store_true", help="as where the sentence model is not installed")
    command.set_defaults(do=_why)

    command = commands.add_parser("check", help="check a knowledge base")
    command.add_argument("folder", nargs="?", type=Path, metavar="DIR")
    command.add_argument("--today", metavar="DATE")
    command.add_argument(
        "--sentences", action="store_true", help="with --coverage: as the bot that has the sentence model"
    )
    how = command.add_mutually_exclusive_group()
    how.add_argument("--draft", action="store_true", help="ask only for what the bot needs to start")
    how.add_argument("--release", action="store_true", help="refuse also what is past its day of review")
    how.add_argument("--reading", action="store_true", help="list how plain every text is, hardest first")
    how.add_argument("--coverage", action="store_true", help="list which entries their own phrases find (a minute)")
    how.add_argument("--report", type=Path, metavar="FILE", help="write one HTML page: where every fact comes from")
    command.set_defaults(do=_check)

    command = commands.add_parser("council", help="what one council adds")
    actions = command.add_subparsers(required=True, metavar="new", parser_class=_Parser)
    action = actions.add_parser("new", help="copy the made-up council for a real one, and say what must be filled in")
    action.add_argument("slug", metavar="SLUG", help="as in councils/england.yaml: devon, central-bedfordshire")
    action.add_argument("--to", type=Path, metavar="DIR", help="a folder that is not there yet")
    action.set_defaults(do=_council_new)

    command = commands.add_parser("leaflet", help="what one can get at one stage, on two printed pages (PDF)")
    command.add_argument("--council", metavar="SLUG", help="without it: what holds in all of England")
    command.add_argument("--stage", required=True, metavar="STAGE", help="before-18, at-18, 18-21 or 21-25")
    command.add_argument("--today", metavar="DATE")
    command.add_argument("--out", type=Path, metavar="FILE")
    command.add_argument("--address", metavar="URL", help="the web chat's, for the QR code; else BOT_PUBLIC_URL")
    command.add_argument("--knowledge", type=Path, metavar="DIR")
    command.set_defaults(do=_leaflet)

    command = commands.add_parser("build", help="compile a knowledge base into one file")
    command.add_argument("--knowledge", type=Path, metavar="DIR")
    command.add_argument("--out", type=Path, metavar="FILE")
    command.set_defaults(do=_build)

    command = commands.add_parser("pause", help="answer nothing but danger and helplines until resumed")
    command.add_argument(
        "--why", required=True, help="said to young people, for example: We're moving to a new server."
    )
    command.set_defaults(do=_pause)
    command = commands.add_parser("resume", help="answer again")
    command.set_defaults(do=_resume)
    return parser


def _run(_: argparse.Namespace) -> int:
    from bot.app import start
    from bot.config import Settings
    from bot.logs import set_up

    settings = Settings.read(os.environ)
    set_up(settings.log_level)
    return start(settings)


def _ask(options: argparse.Namespace) -> int:
    from bot.asking import BadQuestion, answer, answers, question_from
    from bot.ready import bundle_for

    bundle = bundle_for(_folder(options.knowledge))
    given = {"council": options.council, "age": options.age, "today": options.today}
    if options.jsonl:
        for found in answers(_lines(), bundle, given):
            print(json.dumps(found, ensure_ascii=False), flush=True)
        return YES
    text = " ".join(options.text) if options.text else _asked()
    try:
        found = answer(question_from({**given, "text": text}, bundle), bundle)
    except BadQuestion as error:
        print(error, file=sys.stderr)
        return WRONG_USE
    print(json.dumps(found, ensure_ascii=False, indent=2) if options.json else found["reply"])
    return YES


def _why(options: argparse.Namespace) -> int:
    from bot.asking import BadQuestion, question_from
    from bot.ready import bundle_for
    from bot.why import why
    from bot.whytext import lines

    bundle = bundle_for(_folder(options.knowledge))
    bundle = bundle.words_alone() if options.words_alone else bundle
    text = " ".join(options.text) if options.text else _asked()
    given = {"text": text, "council": options.council, "age": options.age, "today": options.today}
    try:
        shown = why(question_from(given, bundle), bundle)
    except BadQuestion as error:
        print(error, file=sys.stderr)
        return WRONG_USE
    print(*([json.dumps(shown, ensure_ascii=False, indent=2)] if options.json else lines(shown)), sep="\n")
    return YES


def _asked() -> str:
    _lines()
    if sys.stdin.isatty():
        print("What would you like to know?", file=sys.stderr, flush=True)
        return sys.stdin.readline().strip()
    return sys.stdin.read().strip()


def _lines() -> TextIO:
    """Standard input as UTF-8; what is not UTF-8 is read as a sign for it."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    return sys.stdin


def _check(options: argparse.Namespace) -> int:
    from bot.bundle import faults_of, read_folder
    from bot.knowledge.check import check
    from bot.knowledge.judged import EVAL, messages
    from bot.knowledge.load import package_knowledge
    from bot.knowledge.topics import required_topics

    folder = _folder(options.folder)
    try:
        loaded = read_folder(folder)
    except KnowledgeBroken as broken:
        print(*broken.faults, sep="\n")
        return NO
    if options.reading or options.coverage or options.report:
        return _looked_at(options, loaded)
    whole = folder.resolve() == package_knowledge().resolve()
    topics = required_topics() if whole and not options.draft else frozenset[str]()
    judged_by = messages(EVAL) if whole else []
    faults = faults_of(
        loaded,
        check(
            loaded,
            draft=options.draft,
            today=_today(options.today),
            topics=topics,
            release=options.release,
            judged_by=judged_by,
        ),
    )
    for fault in faults:
        print(fault)
    if faults:
        print(f"{len(faults)} fault(s)", file=sys.stderr)
        return NO
    phrases = sum(len(asks) for asks in loaded.asks.values())
    print(f"no faults: {len(loaded.entries)} entries, {phrases} ways of asking, {len(loaded.facts)} facts")
    return YES


def _looked_at(options: argparse.Namespace, loaded: Loaded) -> int:
    """One of the long looks at a knowledge base that can be read."""
    from bot.knowledge.bars import Reading
    from bot.knowledge.check import with_bars
    from bot.knowledge.checks import reading
    from bot.knowledge.report import report

    if loaded.faults:
        print(*sorted(loaded.faults), sep="\n")
        return NO
    bars, today = with_bars(loaded), _today(options.today)
    if options.reading:
        print(*reading.report(loaded, bars.reading or Reading(), today), sep="\n")
        return YES
    if options.coverage:
        return _covered(loaded, sentences=options.sentences)
    try:
        options.report.write_text(report(loaded, bars.hosts, today), "utf-8")
    except OSError as error:
        print(f"{options.report} cannot be written ({error.strerror}); name another", file=sys.stderr)
        return WRONG_USE
    print(options.report)
    return YES


def _covered(loaded: Loaded, *, sentences: bool) -> int:
    from bot.bundle import danger_only, packer
    from bot.knowledge.checks.coverage import coverage
    from bot.minilm import encoder

    encode = encoder() if sentences else None
    if sentences and encode is None:
        print("The sentence model is not installed: letters and words alone.", file=sys.stderr)
    found = coverage(loaded, loaded.base(danger_only().base), packer(encode) if encode else None)
    print(*found.lines(), *found.faults, sep="\n")
    return NO if found.faults else YES


def _council_new(options: argparse.Namespace) -> int:
    from bot.knowledge.newcouncil import Refused, new_council, package_councils, usual_place

    target = options.to or usual_place(_folder(None), options.slug)
    try:
        print(*new_council(options.slug, package_councils(), target), sep="\n")
    except Refused as refused:
        print(refused, file=sys.stderr)
        return WRONG_USE
    except OSError as error:
        print(f"{target} cannot be written ({error.strerror}); name another with --to", file=sys.stderr)
        return WRONG_USE
    return YES


def _build(options: argparse.Namespace) -> int:
    from bot.bundle import compile_folder, save
    from bot.config import Settings
    from bot.ready import kept_path

    folder = _folder(options.knowledge)
    out = options.out or kept_path(folder, Settings.read(os.environ).state_dir)
    try:
        everything, arrays = compile_folder(folder, date.today())  # noqa: DTZ011
    except KnowledgeBroken as broken:
        print(*broken.faults, sep="\n", file=sys.stderr)
        return NO
    try:
        save(out, everything, arrays)
    except OSError as error:
        print(f"{out} cannot be written ({error.strerror}); name another with --out", file=sys.stderr)
        return WRONG_USE
    print(out)
    return YES


def _leaflet(options: argparse.Namespace) -> int:
    from bot.leafleting import WrongUse, leaflet_file

    today = _today(options.today)
    try:
        print(
            leaflet_file(
                _folder(options.knowledge), options.council, options.stage, today, options.out, options.address
            )
        )
    except WrongUse as wrong:
        print(wrong, file=sys.stderr)
        return WRONG_USE
    return YES


def _pause(options: argparse.Namespace) -> int:
    path = _paused_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text(json.dumps({"why": options.why}), "utf-8")
    except OSError as error:
        print(f"{path} cannot be written ({error.strerror}); set BOT_MODE=helplines and restart", file=sys.stderr)
        return NO
    print("Paused: danger and helplines only. Answer again with: waymark resume")
    return YES


def _resume(_: argparse.Namespace) -> int:
    path = _paused_file()
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        print(f"{path} cannot be removed ({error.strerror}); remove it by hand", file=sys.stderr)
        return NO
    print("Answering again.")
    return YES


def _paused_file() -> Path:
    from bot.config import Settings
    from bot.keeper import PAUSED

    return Settings.read(os.environ).state_dir / PAUSED


def _folder(given: Path | None) -> Path:
    from bot.config import Settings
    from bot.knowledge.load import package_knowledge

    folder: Path = given or Settings.read(os.environ).knowledge or package_knowledge()
    return folder


def _today(value: str | None) -> date:
    if value is None:
        return date.today()  # noqa: DTZ011
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise SettingsWrong(["--today: must be a date like 2026-11-24"]) from None


if __name__ == "__main__":
    sys.exit(main())
