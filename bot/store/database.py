"""The database: one engine, write transactions that begin IMMEDIATE, migrations, and failures by one name."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.domain.errors import StoreUnavailable

PATIENCE = 3.0  # seconds that a statement waits for another's lock
OPEN_AGAIN = 2.0  # seconds after a failure in which nobody need wait for another
PATIENCE_TO_SCRUB = 1.0  # seconds


class Database:
    """SQLite behind SQLAlchemy. Cheap to make; `ready` opens and migrates it, again after a failure if need be."""

    def __init__(self, url: str) -> None:
        self._url = url.replace("sqlite://", "sqlite+aiosqlite://", 1) if url.startswith("sqlite://") else url
        self._engine: AsyncEngine | None = None
        self._opening: asyncio.Task[None] | None = None
        self._not_before = 0.0  # a moment of the monotonic clock
        self._wanted, self._scrubbed = 1, 0  # counted; the first is for what an earlier run may have left
        self._scrubbing = asyncio.Lock()
        self._writer = asyncio.Lock()
        self._tidying: asyncio.Task[None] | None = None

    @classmethod
    def at(cls, path: Path) -> Database:
        return cls(f"sqlite:///{path}")

    async def ready(self) -> None:
        """Opens the database and brings its tables up to date. Raises StoreUnavailable.

        Everybody who asks meanwhile waits for the one attempt, and may stop waiting without stopping it.
        """
        if self._engine is not None:
            return
        if time.monotonic() < self._not_before:
            raise StoreUnavailable("the database could not be opened a moment ago")
        if self._opening is None or self._opening.done():
            self._opening = asyncio.ensure_future(self._open())
            self._opening.add_done_callback(_looked_at)
        await asyncio.shield(self._opening)

    async def _open(self) -> None:
        engine = None
        try:
            engine = _engine(self._url)
            async with engine.begin() as connection:
                await connection.run_sync(_migrate)
        except Exception as error:  # also tables of a newer version, which Alembic does not know
            if engine is not None:
                await engine.dispose()
            self._not_before = time.monotonic() + OPEN_AGAIN
            raise StoreUnavailable("the database cannot be opened or migrated") from error
        self._engine = engine

    async def close(self) -> None:
        if self._opening is not None:
            self._opening.cancel()
            await asyncio.wait({self._opening}, timeout=PATIENCE)
        if self._engine is not None:
            await self._engine.dispose()
            self._engine = None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection that takes no write lock. Raises StoreUnavailable."""
        await self.ready()
        assert self._engine is not None
        try:
            async with self._engine.connect() as connection:
                yield await connection.execution_options(isolation_level="AUTOCOMMIT")
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            raise StoreUnavailable("the database cannot be read") from error

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction, begun IMMEDIATE: all of it or nothing. Raises StoreUnavailable.

        This process writes one transaction at a time: SQLite lets only one write anyway, and its own waiting is not in
        order, so that on a slow disk the last of twenty gave up.
        """
        await self.ready()
        assert self._engine is not None
        try:
            async with self._writer, self._engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            raise StoreUnavailable("the database cannot be written") from error

    async def probe(self) -> None:
        """Whether it can be written just now, found out by writing a number that nobody reads: a full disk lets
        a transaction begin and refuses its end. Raises StoreUnavailable.
        """
        try:
            async with asyncio.timeout(PATIENCE), self.writing() as connection:
                await connection.exec_driver_sql("PRAGMA user_version = 1")
        except TimeoutError as error:
            raise StoreUnavailable("the database is locked") from error

    async def scrub(self) -> None:
        """Rewrites the file and empties its log, so that what was deleted is nowhere: pages that were split keep
        copies of rows that moved, which no later deletion overwrites. Waits some seconds; `tidy` does the rest.
        """
        self._wanted += 1
        self._tidying = asyncio.ensure_future(self.tidy())
        await asyncio.wait({self._tidying}, timeout=PATIENCE_TO_SCRUB)

    async def tidy(self) -> None:
        """Scrubs where that is still to be done: a reader or a full disk may have held it up. Never raises."""
        async with self._scrubbing:
            wanted = self._wanted
            if self._scrubbed == wanted:
                return
            with suppress(StoreUnavailable):
                async with self.reading() as connection:
                    await connection.exec_driver_sql("VACUUM")
                    done = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).first()
                    if done is not None and done[0] == 0:
                        self._scrubbed = wanted


def _engine(url: str) -> AsyncEngine:
    engine = create_async_engine(url, pool_size=4, max_overflow=8, pool_timeout=PATIENCE, pool_pre_ping=False)

    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(connection: Any, _: Any) -> None:
        connection.isolation_level = (
            None  # BEGIN is ours to say: left to the driver, concurrent read-then-write is lost
        )
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={int(PATIENCE * 1000)}",
            "journal_mode=WAL",
            "synchronous=FULL",  # what is said to be kept is on the disk
            "foreign_keys=ON",
            "secure_delete=ON",  # deleted bytes are overwritten
            "temp_store=MEMORY",  # and copied to no other file
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _on_begin(connection: Connection) -> None:
        if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _looked_at(opening: asyncio.Task[None]) -> None:
    """Nobody may be waiting any more when it fails."""
    if not opening.cancelled():
        opening.exception()


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
