"""The database: one engine, write transactions that begin IMMEDIATE, migrations, and failures by one name."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.domain.errors import StoreUnavailable

PATIENCE = 3  # seconds that a statement waits for another's lock


class Database:
    """SQLite behind SQLAlchemy. Cheap to make; `ready` opens and migrates it, again after a failure if need be."""

    def __init__(self, url: str) -> None:
        self._url = url.replace("sqlite://", "sqlite+aiosqlite://", 1) if url.startswith("sqlite://") else url
        self._engine: AsyncEngine | None = None

    @classmethod
    def at(cls, path: Path) -> Database:
        return cls(f"sqlite:///{path}")

    async def ready(self) -> None:
        """Opens the database and brings its tables up to date. Raises StoreUnavailable."""
        if self._engine is not None:
            return
        engine = _engine(self._url)
        try:
            async with engine.begin() as connection:
                await connection.run_sync(_migrate)
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            await engine.dispose()
            raise StoreUnavailable("the database cannot be opened or migrated") from error
        self._engine = engine

    async def close(self) -> None:
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
        """One transaction, begun IMMEDIATE: all of it or nothing. Raises StoreUnavailable."""
        await self.ready()
        assert self._engine is not None
        try:
            async with self._engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            raise StoreUnavailable("the database cannot be written") from error

    async def probe(self) -> None:
        """Whether it can be written just now, without writing. Raises StoreUnavailable."""
        try:
            async with asyncio.timeout(PATIENCE):
                async with self.writing() as connection:
                    await connection.exec_driver_sql("PRAGMA user_version")
        except TimeoutError as error:
            raise StoreUnavailable("the database is locked") from error

    async def checkpoint(self) -> None:
        """Brings the log back into the file and empties it, so that what was deleted is nowhere. Best effort."""
        async with self.reading() as connection:
            await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _engine(url: str) -> AsyncEngine:
    engine = create_async_engine(url, pool_size=4, max_overflow=8, pool_pre_ping=False)

    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(connection: Any, _: Any) -> None:
        connection.isolation_level = (
            None  # BEGIN is ours to say: left to the driver, concurrent read-then-write is lost
        )
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={PATIENCE * 1000}",
            "journal_mode=WAL",
            "synchronous=FULL",  # what is said to be kept is on the disk
            "foreign_keys=ON",
            "secure_delete=ON",  # deleted bytes are overwritten
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _on_begin(connection: Connection) -> None:
        if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
