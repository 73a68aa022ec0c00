"""Conversations, votes and the outbox kept in SQL: the ports `Conversations`, `Inbox` and `Outbox`."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.delivery import Delivery
from bot.domain.errors import StoreUnavailable
from bot.domain.messages import Action, Document, Kind, Reply, Sender
from bot.domain.people import FORGET_AFTER, About, Conversation, Vote
from bot.ports import Due, Kept
from bot.store.database import Database
from bot.store.schema import conversations, kept_refs, outbox, votes
from bot.store.sealing import Seals

REFS_KEPT = timedelta(days=2)  # Telegram holds an update for 24 hours
LEASE = timedelta(seconds=60)


class SqlConversations:
    """Keeps a turn in one transaction; a repeated turn changes nothing."""

    def __init__(self, database: Database, seals: Seals) -> None:
        self._database = database
        self._seals = seals

    async def get(self, sender: Sender) -> Conversation | None:
        async with self._database.reading() as connection:
            found = await connection.execute(
                select(conversations.c.state, conversations.c.version, conversations.c.last_active).where(
                    conversations.c.key == self._seals.key_of(sender)
                )
            )
            row = found.first()
        if row is None:
            return None
        return _conversation(row.state, row.version, datetime.fromtimestamp(row.last_active, UTC))

    async def was_kept(self, ref: str) -> bool:
        async with self._database.reading() as connection:
            query = select(kept_refs.c.at).where(kept_refs.c.ref == self._seals.key_of_ref(ref))
            return (await connection.execute(query)).first() is not None

    async def keep(self, kept: Kept, now: datetime) -> None:
        async with self._database.writing() as connection:
            ref = upsert(kept_refs).values(ref=self._seals.key_of_ref(kept.ref), at=_seconds(now))
            if (await connection.execute(ref.on_conflict_do_nothing())).rowcount == 0:
                return
            key = self._seals.key_of(kept.sender)
            if kept.forget:
                await connection.execute(delete(outbox).where(outbox.c.key == key))
                await connection.execute(delete(conversations).where(conversations.c.key == key))
            else:
                await self._put(connection, key, kept, now)
                await self._queue(connection, key, kept)
            if kept.vote:
                await _count(connection, kept.vote, now.date())
        if kept.forget:
            await self._database.scrub()

    async def remove_silent(self, now: datetime) -> int:
        async with self._database.writing() as connection:
            old = conversations.c.last_active < _seconds(now - FORGET_AFTER)
            gone = select(conversations.c.key).where(old)
            await connection.execute(delete(outbox).where(outbox.c.key.in_(gone)))
            removed = (await connection.execute(delete(conversations).where(old))).rowcount
            await connection.execute(delete(kept_refs).where(kept_refs.c.at < _seconds(now - REFS_KEPT)))
        if removed:
            await self._database.scrub()
        return removed

    async def fetch(self, sender: Sender, after: str | None) -> list[tuple[str, Reply]]:
        key = self._seals.key_of(sender)
        async with self._database.writing() as connection:
            if after is not None:
                upto = select(outbox.c.seq).where(outbox.c.key == key, outbox.c.id == after).scalar_subquery()
                await connection.execute(delete(outbox).where(outbox.c.key == key, outbox.c.seq <= upto))
            rows = await connection.execute(select(outbox).where(outbox.c.key == key).order_by(outbox.c.seq))
            return [(row.id, self._reply(row.sealed_reply, row.id)) for row in rows]

    async def claim(self, channel: str, now: datetime, most: int = 20) -> list[Due]:
        """Deliveries of a channel that are due, each leased to this caller for a minute, each person's in order.

        Nobody's later words overtake their earlier ones, which may be waiting or be leased to somebody else.
        """
        moment = _seconds(now)
        earlier = outbox.alias()
        held_up = (earlier.c.due_at > moment) | (earlier.c.leased_until > moment)
        ahead = select(earlier.c.id).where(earlier.c.key == outbox.c.key, earlier.c.seq < outbox.c.seq, held_up)
        async with self._database.writing() as connection:
            due = (
                select(outbox, conversations.c.sealed_address)
                .join(conversations, conversations.c.key == outbox.c.key)
                .where(outbox.c.channel == channel, outbox.c.due_at <= moment, outbox.c.leased_until <= moment)
                .where(~ahead.exists())
                .order_by(outbox.c.seq, outbox.c.due_at)
                .limit(most)
            )
            rows = (await connection.execute(due)).all()
            lease = update(outbox).where(outbox.c.id.in_([r.id for r in rows]))
            await connection.execute(lease.values(leased_until=_seconds(now + LEASE)))
        return [found for row in rows if (found := self._due(row)) is not None]

    async def settle(self, id_: str, again_at: datetime | None) -> None:
        """A delivery is done with (None), or tried again at a moment."""
        async with self._database.writing() as connection:
            if again_at is None:
                await connection.execute(delete(outbox).where(outbox.c.id == id_))
            else:
                later = update(outbox).where(outbox.c.id == id_)
                again = {"due_at": _seconds(again_at), "leased_until": 0, "attempts": outbox.c.attempts + 1}
                await connection.execute(later.values(again))

    async def _put(self, connection: AsyncConnection, key: bytes, kept: Kept, now: datetime) -> None:
        conversation = kept.conversation
        values = {
            "state": _state(conversation),
            "version": conversation.version + 1,
            "last_active": _seconds(conversation.last_active or now),
        }
        if conversation.version:
            same = (conversations.c.key == key) & (conversations.c.version == conversation.version)
            changed = await connection.execute(update(conversations).where(same).values(values))
        else:
            new = {
                "key": key,
                "channel": kept.sender.channel,
                "sealed_address": self._seals.seal(kept.sender.account, key),
            }
            changed = await connection.execute(upsert(conversations).values(**new, **values).on_conflict_do_nothing())
        if changed.rowcount == 0:
            raise StoreUnavailable("the conversation was changed by another process; the message is to be had again")

    async def _queue(self, connection: AsyncConnection, key: bytes, kept: Kept) -> None:
        last = select(func.coalesce(func.max(outbox.c.seq), 0)).where(outbox.c.key == key)
        seq = (await connection.execute(last)).scalar_one()
        for at, delivery in enumerate(kept.deliveries, start=seq + 1):
            row = {
                "id": delivery.id,
                "key": key,
                "channel": kept.sender.channel,
                "sealed_reply": self._seals.seal(_as_json(delivery.reply), delivery.id.encode()),
                "seq": at,
                "due_at": _seconds(delivery.due_at),
                "attempts": delivery.attempts,
                "leased_until": 0,
            }
            await connection.execute(insert(outbox).values(row))

    def _due(self, row: Any) -> Due | None:
        """None for one that was sealed with another key: it must not keep the others from going out."""
        try:
            reply, account = self._reply(row.sealed_reply, row.id), self._seals.open(row.sealed_address, row.key)
        except StoreUnavailable:
            return None
        return Due(Delivery(row.id, reply, datetime.fromtimestamp(row.due_at, UTC), row.attempts), account)

    def _reply(self, sealed: bytes, id_: str) -> Reply:
        data = json.loads(self._seals.open(sealed, id_.encode()))
        document = Document(**data["document"]) if data.get("document") else None
        return Reply(data["text"], tuple(Action(**a) for a in data["actions"]), Kind(data["kind"]), document=document)


async def _count(connection: AsyncConnection, vote: Vote, day: date) -> None:
    one = {"helped": int(vote.helpful), "not_helped": int(not vote.helpful)}
    row = upsert(votes).values(topic=vote.topic[:64], version=vote.version[:16], day=day, **one)
    more = {name: votes.c[name] + count for name, count in one.items()}
    await connection.execute(row.on_conflict_do_update(index_elements=["topic", "version", "day"], set_=more))


def _state(conversation: Conversation) -> str:
    state = asdict(conversation)
    for name in ("version", "last_active"):
        del state[name]
    return json.dumps(state)


def _conversation(state: str, version: int, last_active: datetime) -> Conversation:
    """What another version of this program kept and we do not know is left out, not stumbled over."""
    try:
        kept = json.loads(state)
        about = About(**_known(About, kept.pop("about")))
        return Conversation(about=about, version=version, last_active=last_active, **_known(Conversation, kept))
    except (ValueError, TypeError, AttributeError, KeyError):
        return Conversation(version=version, last_active=last_active)


def _known(kind: type[Any], values: dict[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(kind)}
    return {name: value for name, value in values.items() if name in names}


def _as_json(reply: Reply) -> str:
    actions = [{"label": a.label, "key": a.key} for a in reply.actions]
    document = asdict(reply.document) if reply.document else None
    return json.dumps({"text": reply.text, "actions": actions, "kind": reply.kind.value, "document": document})


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
