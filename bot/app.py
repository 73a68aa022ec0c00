"""The one place where things are put together: settings in, a running bot out."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.channels.telegram import TelegramChannel
from bot.channels.webchat import web_chat
from bot.config import Settings
from bot.dialogue.danger import help_now
from bot.dialogue.flows import welcome_reply
from bot.dialogue.turn import Mode
from bot.domain.errors import BotError, SettingsWrong, StoreUnavailable
from bot.domain.messages import Reply
from bot.domain.people import About
from bot.health import Figures, routes
from bot.keeper import Keeper
from bot.knowledge.base import Base
from bot.knowledge.helplines import LONDON
from bot.knowledge.load import package_knowledge
from bot.printing.press import Press
from bot.service.receive import ReceiveMessage
from bot.service.relay import relay_due
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from bot.store.sealing import Seals, secret_from

log = logging.getLogger("waymark.app")

RELAY_EVERY = 5.0  # seconds
CLEAN_EVERY = 3600.0  # seconds
STORE_AGAIN = 5.0  # seconds between tries to open the database
A_MOMENT = 4.0  # seconds
END_WITHIN = 8  # seconds for what is under way when the bot is told to stop


class App:
    """Everything that runs, wired. Nothing here decides anything."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.figures = Figures()
        self.faults: dict[str, str] = {}  # what keeps us from being ready, by part
        self.keeper = Keeper(settings.knowledge or package_knowledge(), settings.state_dir, mode=settings.mode)
        seals = Seals(self._secret())
        url = settings.database_url or f"sqlite:///{settings.state_dir / 'waymark.db'}"
        self.database = Database(url)
        self.store = SqlConversations(self.database, seals)
        self.receive = ReceiveMessage(
            self.keeper.answers,
            self.store,
            name=settings.name,
            alarm=self.alarm,
            counted=self.figures.count,
            default_council=settings.council,
        )
        self.press = Press(self._printable, settings.public_url, settings.state_dir / "leaflets", _today)
        self.telegram = self._telegram()
        chat = web_chat(
            self.receive, self.store, seals, self._welcome, self._help_now, settings.name, documents=self.press
        )
        self.web = Starlette(routes=[*routes(self.why_not_ready, self.figures), Mount("/", chat)])

    def alarm(self, what: str) -> None:
        """Somebody should look. No content, ever."""
        self.figures.alarm(what)
        log.error("alarm", extra={"what": what})

    async def why_not_ready(self) -> list[str]:
        """What is wrong just now, in plain words; nothing when all is well."""
        why = [f"knowledge: {problem}" for problem in self.keeper.problems[:20]]
        try:
            await self.database.probe()
        except StoreUnavailable as error:
            why.append(f"store: {error}")
        return why + [f"{part}: {fault}" for part, fault in self.faults.items()]

    def _secret(self) -> bytes:
        """The key of the settings, else the one kept in the state folder, else one for this run only."""
        if self.settings.secret_key:
            return self.settings.secret_key.reveal().encode()
        try:
            return secret_from(self.settings.state_dir / "secret.key")
        except (OSError, ValueError):
            self.faults["secret key"] = (
                "cannot be read from or written to the state folder: conversations will not outlive this run"
            )
            return os.urandom(32)

    def _telegram(self) -> TelegramChannel | None:
        if self.settings.telegram_token is None:
            return None
        return TelegramChannel(
            self.settings.telegram_token.reveal(),
            self.settings.telegram_api,
            self.receive,
            lambda: Reply(self.keeper.answers().base.words.our_fault),
            self.alarm,
            lambda: datetime.now(UTC),
            commands=lambda: dict(self.keeper.answers().base.words.commands),
            documents=self.press,
        )

    def _printable(self) -> Base | None:
        """What leaflets are made from: nothing while no answers are given."""
        answers = self.keeper.answers()
        return answers.base if answers.mode is Mode.ON else None

    def _welcome(self) -> Sequence[Reply]:
        return [welcome_reply(self.keeper.answers().base, self.settings.name)]

    def _help_now(self) -> Sequence[Reply]:
        return [help_now(self.keeper.answers().base, About(), datetime.now(UTC))]


def _today() -> date:
    return datetime.now(LONDON).date()


async def run(settings: Settings) -> None:
    """Runs until SIGTERM or SIGINT. Raises BotError when it cannot start."""
    stop = asyncio.Event()
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_, stop.set)
    os.umask(0o077)  # what is kept is for this account alone
    with contextlib.suppress(OSError):
        settings.state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    listening = _listen(settings)
    app = App(settings)
    server = _Server(
        uvicorn.Config(
            app.web,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=END_WITHIN // 2,
        )
    )
    async with _running(
        stop,
        server.serve(sockets=[listening]),
        _until(stop, _starting(app, listening)),
        _until(stop, app.keeper.watch(stop)),
        app.keeper.heed_pause(stop),
        _every(RELAY_EVERY, stop, _relay, app),
        _every(CLEAN_EVERY, stop, _clean, app),
        _every(STORE_AGAIN, stop, _open_store, app),
        *([_receiving(app, app.telegram, stop)] if app.telegram else []),
    ):
        await stop.wait()
        server.should_exit = True
    await app.database.close()


class _Server(uvicorn.Server):
    """Uvicorn without its own signal handlers: the app has its own."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except (OSError, UnicodeError) as error:
        listening.close()
        reason = getattr(error, "strerror", None) or "no such address"
        raise SettingsWrong([f"BOT_LISTEN: cannot listen there ({reason}); is another one running?"]) from error
    return listening


async def _receiving(app: App, telegram: TelegramChannel, stop: asyncio.Event) -> None:
    """Receives from Telegram. Who waited while we were away should get an answer, not "I've only just started up": so
    what was built before is given a moment to load. When it must be built first, help does not wait for that.
    """
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(app.keeper.loaded.wait(), A_MOMENT)
    await telegram.run(stop)


async def _starting(app: App, listening: socket.socket) -> None:
    """Danger is heard from the first moment; the address is told once answers can be given too."""
    host, port = listening.getsockname()[:2]
    _tell("Getting the answers ready …")
    await _open_store(app)
    await app.keeper.load()
    for problem in app.keeper.problems[:20]:
        _tell(problem, error=True)
    if app.settings.council and app.settings.council not in app.keeper.answers().base.council:
        app.faults["council"] = "BOT_COUNCIL names no council that is known; national answers are given"
        _tell(app.faults["council"], error=True)
    shown = f"[{host}]" if ":" in host else host
    _tell(f"Web chat: http://{shown}:{port}")
    if app.telegram:
        _tell("Telegram: receiving")


def _tell(text: str, *, error: bool = False) -> None:
    """On a terminal or in a file; a full disk or a closed pipe there is no reason to end."""
    with contextlib.suppress(OSError):
        print(text, file=sys.stderr if error else sys.stdout, flush=True)


async def _until(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    """The work, given up at once when the bot is told to stop."""
    working, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
    finally:
        working.cancel()
        stopping.cancel()
        await asyncio.gather(working, stopping, return_exceptions=True)


@contextlib.asynccontextmanager
async def _running(stop: asyncio.Event, *parts: object) -> AsyncIterator[None]:
    """All parts side by side. One that fails stops all, and its error is raised; at the end they get some seconds."""
    tasks = [asyncio.ensure_future(part) for part in parts]  # type: ignore[call-overload]

    def ended(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception() is not None:
            stop.set()

    for task in tasks:
        task.add_done_callback(ended)
    try:
        yield
    finally:
        done, pending = await asyncio.wait(tasks, timeout=END_WITHIN)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
    for task in done:
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error


async def _every(seconds: float, stop: asyncio.Event, work: object, app: App) -> None:
    while not stop.is_set():
        try:
            await work(app)  # type: ignore[operator]
        except StoreUnavailable:
            log.warning("store unavailable", extra={"work": getattr(work, "__name__", "")})
        except Exception as error:
            app.alarm("a background task failed")
            log.error("task failed", extra={"error": type(error).__name__})  # noqa: TRY400
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)


async def _relay(app: App) -> None:
    if app.telegram:
        await relay_due(app.store, "telegram", app.telegram, lambda: datetime.now(UTC))


async def _clean(app: App) -> None:
    removed = await app.store.remove_silent(datetime.now(UTC))
    if removed:
        log.info("silent conversations removed", extra={"count": removed})


async def _open_store(app: App) -> None:
    with contextlib.suppress(StoreUnavailable):
        await app.database.ready()
        await app.database.tidy()


def start(settings: Settings) -> int:
    """Runs the bot; the exit code."""
    try:
        asyncio.run(run(settings))
    except BotError as error:
        _tell(str(error), error=True)
        return 2 if isinstance(error, SettingsWrong) else 1
    except Exception as error:  # a part failed for a reason we do not know; its text may hold what a person wrote
        _tell(f"A part of the bot failed ({type(error).__name__}), so it stopped.", error=True)
        return 1
    return 0
