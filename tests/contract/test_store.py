"""One suite for every store: what `bot.ports` promises of conversations, the outbox and the inbox."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from bot.domain.delivery import Delivery
from bot.domain.errors import StoreUnavailable
from bot.domain.messages import Action, Document, Kind, Reply, Sender
from bot.domain.people import FORGET_AFTER, About, Conversation, Vote
from bot.ports import Kept
from bot.store import database as database_module
from bot.store.conversations import LEASE, SqlConversations
from bot.store.database import Database
from bot.store.schema import metadata
from bot.store.sealing import Seals

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
SECRET = b"a secret of at least thirty-two bytes"
ASHA, BEN = Sender("telegram", "ACCOUNT-ASHA-70000001"), Sender("telegram", "ACCOUNT-BEN-70000002")
ABOUT = About(age=19, council="devon", status="former-relevant", district="exeter", lives_in="somewhere")
TALK = Conversation(ABOUT, greeted=True, asked="age", topic="health.gp", misses=1, last_active=NOW)
WORDS = "Your **answer**, with a £ and an emoji 🙂"
DOCUMENT = Document("devon/18-21", "waymark-devon-18-21.pdf", "18 to 21 (PDF)")
REPLY = Reply(WORDS, (Action("More", "p:more:health.gp"),), Kind.ANSWER, document=DOCUMENT)


@pytest.fixture
def where(tmp_path: Path) -> Path:
    return tmp_path / "waymark.db"


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for a lock."""
    monkeypatch.setattr(database_module, "PATIENCE", 0.2)


@pytest_asyncio.fixture
async def database(where: Path) -> AsyncIterator[Database]:
    database = Database.at(where)
    await database.ready()
    yield database
    await database.close()


@pytest.fixture
def store(database: Database) -> SqlConversations:
    return SqlConversations(database, Seals(SECRET))


def turn(ref: str = "telegram:1", sender: Sender = ASHA, talk: Conversation = TALK, **more: object) -> Kept:
    return Kept(ref, sender, talk, **more)  # type: ignore[arg-type]


def late(*ids: str, due_at: datetime = NOW) -> tuple[Delivery, ...]:
    return tuple(Delivery(id_, replace(REPLY, text=f"{REPLY.text} {id_}"), due_at) for id_ in ids)


def bytes_of(where: Path) -> bytes:
    """Everything of the database that is on the disk."""
    return b"".join(path.read_bytes() for path in sorted(where.parent.glob(f"{where.name}*")))


async def ids(store: SqlConversations, now: datetime, most: int = 20) -> list[str]:
    return [due.delivery.id for due in await store.claim("telegram", now, most)]


async def test_what_was_kept_is_given_back(store: SqlConversations) -> None:
    await store.keep(turn(), NOW)

    assert await store.get(ASHA) == replace(TALK, version=1)


async def test_a_stranger_has_no_conversation(store: SqlConversations) -> None:
    await store.keep(turn(), NOW)

    assert await store.get(BEN) is None
    assert await store.get(Sender("web", ASHA.account)) is None, "the same account of another channel is another person"


async def test_what_was_kept_outlives_the_process(store: SqlConversations, database: Database, where: Path) -> None:
    await store.keep(turn(), NOW)
    await database.close()

    again = Database.at(where)
    assert await SqlConversations(again, Seals(SECRET)).get(ASHA) == replace(TALK, version=1)
    await again.close()


async def test_the_same_ref_again_changes_nothing(store: SqlConversations) -> None:
    vote = Vote("health.gp", "0123abcd", helpful=True)
    await store.keep(turn(deliveries=late("a"), vote=vote), NOW)

    await store.keep(turn(talk=replace(TALK, topic="other", version=1), deliveries=late("b"), vote=vote), NOW)

    assert await store.was_kept("telegram:1")
    assert await store.get(ASHA) == replace(TALK, version=1)
    assert await ids(store, NOW) == ["a"]
    assert await _votes(store) == [("health.gp", "0123abcd", 1, 0)]


async def test_a_turn_that_fails_leaves_nothing_behind(store: SqlConversations) -> None:
    await store.keep(turn(deliveries=late("a")), NOW)

    with pytest.raises(StoreUnavailable):  # the second delivery has the id of another one
        await store.keep(turn("telegram:2", talk=replace(TALK, version=1, misses=9), deliveries=late("b", "a")), NOW)

    assert not await store.was_kept("telegram:2")
    assert await store.get(ASHA) == replace(TALK, version=1)
    assert await ids(store, NOW) == ["a"]


async def test_of_two_writers_of_one_conversation_the_second_is_refused(store: SqlConversations) -> None:
    await store.keep(turn(), NOW)
    read = await store.get(ASHA)
    assert read is not None
    await store.keep(turn("telegram:2", talk=replace(read, topic="first")), NOW)

    with pytest.raises(StoreUnavailable):
        await store.keep(turn("telegram:3", talk=replace(read, topic="second")), NOW)

    after = await store.get(ASHA)
    assert after is not None
    assert (after.topic, after.version) == ("first", 2)
    assert not await store.was_kept("telegram:3"), "it is to be had again"


async def test_of_two_first_messages_of_one_person_the_second_is_refused(store: SqlConversations) -> None:
    await store.keep(turn(), NOW)

    with pytest.raises(StoreUnavailable):
        await store.keep(turn("telegram:2", talk=replace(TALK, topic="second")), NOW)


async def test_turns_of_twenty_people_at_once_are_all_kept(store: SqlConversations) -> None:
    people = [Sender("telegram", str(at)) for at in range(20)]

    async def talk(sender: Sender) -> None:
        for at in range(10):
            conversation = await store.get(sender) or Conversation(About(age=20))
            said = replace(conversation, misses=conversation.misses + 1)
            await store.keep(turn(f"{sender.account}:{at}", sender, said), NOW)

    await asyncio.gather(*(talk(sender) for sender in people))

    found = [await store.get(sender) for sender in people]
    assert [(one.misses, one.version) for one in found if one] == [(10, 10)] * 20


async def test_twenty_who_ask_at_once_open_a_new_database_once(where: Path) -> None:
    database = Database.at(where)
    store = SqlConversations(database, Seals(SECRET))

    found = await asyncio.gather(*(store.get(Sender("web", str(at))) for at in range(20)))

    assert found == [None] * 20
    await database.close()


async def test_votes_are_counted_by_entry_version_and_day(store: SqlConversations) -> None:
    for at, helpful in enumerate([True, True, False]):
        sender = Sender("telegram", str(at))
        await store.keep(turn(f"v{at}", sender, vote=Vote("health.gp", "0123abcd", helpful)), NOW)
    await store.keep(turn("w", vote=Vote("health.gp", "ffffffff", helpful=False)), NOW)
    await store.keep(turn("x", BEN, vote=Vote("health.gp", "0123abcd", helpful=True)), NOW + timedelta(days=1))

    assert await _votes(store) == [
        ("health.gp", "0123abcd", 2, 1),
        ("health.gp", "0123abcd", 1, 0),
        ("health.gp", "ffffffff", 0, 1),
    ]


async def test_no_account_or_reply_stands_in_the_files(store: SqlConversations, where: Path) -> None:
    await store.keep(turn("telegram:REF-MARKER", deliveries=late("a")), NOW)

    found = bytes_of(where)
    for what in ("ACCOUNT-ASHA", "70000001", "REF-MARKER", "Your **answer**", "p:more:health.gp"):
        assert what.encode() not in found
    assert b"devon" in found, "the search would find what is there"


async def test_forget_removes_everything_of_one_person_at_once(store: SqlConversations, where: Path) -> None:
    await store.keep(turn(deliveries=late("a")), NOW)
    await store.keep(turn("telegram:2", BEN, replace(TALK, about=About(council="kent")), deliveries=late("b")), NOW)
    key = Seals(SECRET).key_of(ASHA)
    assert key in bytes_of(where)

    await store.keep(turn("telegram:3", forget=True), NOW)

    assert await store.get(ASHA) is None
    assert await ids(store, NOW) == ["b"]
    assert key not in bytes_of(where)
    assert b"devon" not in bytes_of(where)
    assert b"kent" in bytes_of(where), "others are still there"


async def test_forget_leaves_no_bytes_behind_in_a_database_that_has_grown(
    store: SqlConversations, database: Database, where: Path
) -> None:
    """Pages that were split keep copies of rows that moved; overwriting what is deleted leaves those."""
    seals = Seals(SECRET)
    people = [Sender("web", f"person-{at}") for at in range(4000)]
    await _fill(database, seals, people)

    grown = [{"key": seals.key_of(sender), "state": "x" * (at * 37 % 200)} for at, sender in enumerate(people[::8])]
    gone = people[::16]
    rows = [{"key": seals.key_of(sender)} for sender in gone[1:]]
    async with database.writing() as connection:  # as `keep` would, without the wait for the disk each time
        await connection.execute(text("UPDATE conversations SET state = :state WHERE key = :key"), grown)
        await connection.execute(text("DELETE FROM conversations WHERE key = :key"), rows)
    await store.keep(turn("gone", gone[0], forget=True), NOW)

    found = bytes_of(where)
    assert [sender.account for sender in gone if seals.key_of(sender) in found] == []
    assert seals.key_of(people[1]) in found


async def test_forget_empties_the_log_as_soon_as_a_reader_lets_it(
    hasty: None, store: SqlConversations, database: Database, where: Path
) -> None:
    await store.keep(turn(), NOW)
    key = Seals(SECRET).key_of(ASHA)
    with closing(sqlite3.connect(where)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM conversations").fetchone()
        await store.keep(turn("telegram:2", forget=True), NOW)
        assert key in bytes_of(where), "somebody is still reading the state before"

    await database.tidy()

    assert key not in bytes_of(where)


async def test_the_silent_are_removed_after_thirty_days_and_not_before(store: SqlConversations) -> None:
    await store.keep(turn(deliveries=late("a")), NOW)
    await store.keep(turn("telegram:2", BEN, replace(TALK, last_active=NOW + SECOND)), NOW)

    assert await store.remove_silent(NOW + FORGET_AFTER) == 0
    assert await store.remove_silent(NOW + FORGET_AFTER + SECOND) == 1

    assert await store.get(ASHA) is None
    assert await store.get(BEN) is not None
    assert await ids(store, NOW + FORGET_AFTER + SECOND) == []


async def test_refs_are_removed_after_two_days_and_not_before(store: SqlConversations) -> None:
    await store.keep(turn(), NOW)

    await store.remove_silent(NOW + timedelta(days=2))
    assert await store.was_kept("telegram:1")

    await store.remove_silent(NOW + timedelta(days=2) + SECOND)
    assert not await store.was_kept("telegram:1")


async def test_only_what_is_due_on_the_channel_is_claimed(store: SqlConversations) -> None:
    await store.keep(turn(deliveries=late("now")), NOW)
    await store.keep(turn("2", BEN, deliveries=late("later", due_at=NOW + SECOND)), NOW)
    await store.keep(turn("3", Sender("web", "token"), deliveries=late("elsewhere")), NOW)

    (due,) = await store.claim("telegram", NOW)

    assert (due.account, due.delivery.id) == (ASHA.account, "now")
    assert due.delivery.reply == replace(REPLY, text=f"{REPLY.text} now")


async def test_what_is_claimed_is_nobody_elses_while_the_lease_runs(store: SqlConversations) -> None:
    await store.keep(turn(deliveries=late("a")), NOW)

    assert await ids(store, NOW) == ["a"]
    assert await ids(store, NOW + LEASE - SECOND) == []
    assert await ids(store, NOW + LEASE) == ["a"]


async def test_of_many_who_claim_at_once_each_gets_something_else(store: SqlConversations) -> None:
    for at in range(30):
        await store.keep(turn(f"t{at}", Sender("telegram", str(at)), deliveries=late(f"d{at}")), NOW)

    claimed = await asyncio.gather(*(ids(store, NOW, 5) for _ in range(10)))

    found = [id_ for some in claimed for id_ in some]
    assert sorted(found) == sorted(f"d{at}" for at in range(30))


async def test_what_is_settled_is_gone_or_comes_again_at_its_time(store: SqlConversations) -> None:
    await store.keep(turn(deliveries=late("done")), NOW)
    await store.keep(turn("2", BEN, deliveries=late("again")), NOW)
    await ids(store, NOW)

    await store.settle("done", None)
    await store.settle("again", NOW + 5 * SECOND)

    assert await ids(store, NOW + 4 * SECOND) == []
    (due,) = await store.claim("telegram", NOW + 5 * SECOND)
    assert (due.delivery.id, due.delivery.attempts) == ("again", 1)


async def test_one_persons_replies_come_in_order(store: SqlConversations) -> None:
    await store.keep(turn(deliveries=late("1", "2")), NOW)
    await store.keep(turn("2", talk=replace(TALK, version=1), deliveries=late("3")), NOW)

    assert await ids(store, NOW) == ["1", "2", "3"]


async def test_a_reply_never_overtakes_an_earlier_one_that_waits(store: SqlConversations) -> None:
    await store.keep(turn(deliveries=late("1")), NOW)
    await ids(store, NOW)
    await store.settle("1", NOW + timedelta(minutes=30))
    await store.keep(turn("2", talk=replace(TALK, version=1), deliveries=late("2")), NOW)
    await store.keep(turn("3", BEN, deliveries=late("somebody else's")), NOW)

    assert await ids(store, NOW) == ["somebody else's"]
    await store.settle("somebody else's", None)
    assert await ids(store, NOW + timedelta(minutes=30)) == ["1", "2"]


async def test_a_reply_never_overtakes_an_earlier_one_that_somebody_else_is_sending(store: SqlConversations) -> None:
    await store.keep(turn(deliveries=late("1", "2")), NOW)

    assert await ids(store, NOW, most=1) == ["1"]
    assert await ids(store, NOW) == []


async def test_what_another_key_sealed_does_not_hold_up_the_rest(database: Database, store: SqlConversations) -> None:
    before = SqlConversations(database, Seals(b"another secret of thirty-two bytes!!"))
    await before.keep(turn(deliveries=late("theirs")), NOW)
    await store.keep(turn("2", BEN, deliveries=late("ours")), NOW)

    assert await ids(store, NOW) == ["ours"]
    assert await ids(before, NOW + LEASE) == ["theirs"], "it is still there for the right key"


async def test_a_wrong_key_reads_nothing(database: Database, store: SqlConversations) -> None:
    await store.keep(turn(deliveries=late("a")), NOW)
    wrong = SqlConversations(database, Seals(b"a wrong secret of thirty-two bytes!!"))

    assert await wrong.get(ASHA) is None
    assert not await wrong.was_kept("telegram:1")
    assert await wrong.fetch(ASHA, None) == []
    assert await ids(wrong, NOW) == []


async def test_fetch_gives_what_came_later_oldest_first_until_it_is_acknowledged(store: SqlConversations) -> None:
    await store.keep(turn(deliveries=late("1", "2")), NOW)
    await store.keep(turn("2", talk=replace(TALK, version=1), deliveries=late("3")), NOW)
    await store.keep(turn("3", BEN, deliveries=late("not theirs")), NOW)

    assert [id_ for id_, _ in await store.fetch(ASHA, None)] == ["1", "2", "3"]
    assert [id_ for id_, _ in await store.fetch(ASHA, None)] == ["1", "2", "3"], "a lost answer loses nothing"
    assert [id_ for id_, _ in await store.fetch(ASHA, "2")] == ["3"]
    assert [id_ for id_, _ in await store.fetch(ASHA, None)] == ["3"]
    assert [id_ for id_, _ in await store.fetch(ASHA, "never given")] == ["3"]
    assert [reply for _, reply in await store.fetch(ASHA, None)] == [replace(REPLY, text=f"{REPLY.text} 3")]


async def test_nobody_acknowledges_for_somebody_else(store: SqlConversations) -> None:
    await store.keep(turn(deliveries=late("1")), NOW)
    await store.keep(turn("2", BEN), NOW)

    assert await store.fetch(BEN, "1") == []
    assert [id_ for id_, _ in await store.fetch(ASHA, None)] == ["1"]


@pytest.mark.parametrize("state", ["{", "[]", "null", '{"about": {"age": 19, "colour": "red"}, "mood": 3}'])
async def test_a_state_that_another_version_kept_is_no_reason_to_fail(
    store: SqlConversations, database: Database, state: str
) -> None:
    await store.keep(turn(), NOW)
    async with database.writing() as connection:
        await connection.execute(text("UPDATE conversations SET state = :state"), {"state": state})

    found = await store.get(ASHA)

    assert found is not None
    assert found.version == 1, "so that it can be kept again"
    assert found.about.age == (19 if "colour" in state else None)


@pytest.mark.parametrize("words", ["\x00", "\ud800", "🙂" * 500, "'; DROP TABLE conversations; --"])
async def test_any_text_can_be_kept(store: SqlConversations, words: str) -> None:
    sender = Sender("telegram", words)
    talk = replace(TALK, about=About(lives_in=words))

    await store.keep(turn(words, sender, talk, deliveries=late("a")), NOW)

    assert await store.get(sender) == replace(talk, version=1)
    assert await store.was_kept(words)


async def test_a_locked_database_is_unavailable_and_well_again_afterwards(
    hasty: None, store: SqlConversations, database: Database, where: Path
) -> None:
    with closing(sqlite3.connect(where)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreUnavailable):
            await store.keep(turn(), NOW)
        with pytest.raises(StoreUnavailable):
            await database.probe()

    await database.probe()
    await store.keep(turn(), NOW)


@pytest.mark.parametrize("content", [b"", b"this is no database at all" * 100])
async def test_what_is_no_database_is_unavailable_and_not_our_bug(where: Path, content: bytes) -> None:
    where.write_bytes(content)
    database = Database.at(where)
    try:
        await database.ready()
    except StoreUnavailable:
        assert content
    else:
        assert not content, "an empty file is a new database"
    await database.close()


async def test_a_database_of_a_newer_version_is_unavailable_and_left_alone(where: Path) -> None:
    with closing(sqlite3.connect(where)) as newer:
        newer.executescript("CREATE TABLE alembic_version (version_num); INSERT INTO alembic_version VALUES ('9999')")
    database = Database.at(where)

    with pytest.raises(StoreUnavailable):
        await database.ready()

    with closing(sqlite3.connect(where)) as newer:
        assert newer.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]
    await database.close()


async def test_migrations_give_the_tables_that_the_program_uses(database: Database) -> None:
    def differences(connection: Connection) -> Sequence[object]:
        found: list[object] = compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), metadata
        )
        return found

    async with database.reading() as connection:
        assert await connection.run_sync(differences) == []


async def test_migrations_run_again_change_nothing(store: SqlConversations, database: Database, where: Path) -> None:
    await store.keep(turn(), NOW)
    await database.close()

    await database.ready()

    assert await store.get(ASHA) == replace(TALK, version=1)


async def _votes(store: SqlConversations) -> list[tuple[str, str, int, int]]:
    async with store._database.reading() as connection:
        query = "SELECT topic, version, helped, not_helped FROM votes ORDER BY version, day"
        return [tuple(row) for row in await connection.execute(text(query))]


async def _fill(database: Database, seals: Seals, people: Sequence[Sender]) -> None:
    """Many conversations at once: one transaction each would take the disk minutes."""
    rows = [
        {"key": seals.key_of(s), "address": seals.seal(s.account, seals.key_of(s)), "state": json.dumps({"about": {}})}
        for s in people
    ]
    values = ":key, 'web', :address, :state, 1, 1795521600"
    query = text(
        f"INSERT INTO conversations (key, channel, sealed_address, state, version, last_active) VALUES ({values})"
    )
    for start in range(0, len(rows), 50):
        async with database.writing() as connection:
            await connection.execute(query, rows[start : start + 50])
