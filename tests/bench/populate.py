"""Fills a SQLite database of any size in a few statements, for the measurements of growth.

Rows are made by SQL itself from a list of numbers: 200,000 records take seconds. What is derived of messages is written
as the services would derive it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.calendar import MICROSECOND, instant_to_micros
from storage.database import Database, Transaction, Value
from storage.discord_ids import message_id_at

HOUR: Final = timedelta(hours=1) // MICROSECOND
YEAR_SHOWN: Final = 340 * 24 * HOUR
"""The replies of a member are spread evenly over so long."""

CLIENTS: Final = 40
"""Clients with whom a member has threads with replies; all threads of one client have different titles."""

OPEN_AT_MOST: Final = 900
"""Windows of one member that are within their 24 hours; further ones are overdue."""

FIRST_MEMBER: Final = 1
"""Whose operations are measured. Others have the following ids."""

NUMBERS: Final = "WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {count}) "


@dataclass(frozen=True, slots=True)
class MemberSize:
    """What one member has."""

    threads: int
    """With messages that were replied to."""
    pairs: int
    """Messages and their replies in each of these."""
    windows: int
    """Threads that wait, with one message each."""

    @property
    def rows(self) -> int:
        """Threads."""
        return self.threads + self.windows


async def add_members(database: Database, first: int, count: int, size: MemberSize, now: datetime) -> None:
    """Members with consecutive ids, all of one size."""
    async with database.write() as transaction:
        await _run(
            transaction,
            count,
            "INSERT INTO members (member_id, joined_at, channel_id, direct_messages, seen_locale, quiet_hours)"
            " SELECT $1 + n, $2, $1 + n, 'open', 'ja', '' FROM numbers",
            first,
            instant_to_micros(now) - YEAR_SHOWN,
        )
        [[last_thread]] = await transaction.fetch("SELECT coalesce(max(thread_id), 0) FROM threads")
        [[last_message]] = await transaction.fetch("SELECT coalesce(max(message_id), 0) FROM messages")
        await _add_threads(transaction, first, count, size, last_thread, now)
        if size.threads:
            await _add_replies(transaction, first, count, size, last_thread, now)
        if size.windows:
            await _add_windows(transaction, first, count, size, last_thread, now)
        await _add_undo_log(transaction, first, count, last_message, now)


async def _run(transaction: Transaction, count: int, sql: str, *values: Value) -> None:
    """Run an insert that selects from `numbers`, which go from 0."""
    if count:
        await transaction.fetch(NUMBERS.format(count=count) + sql, *values)


async def _add_threads(
    transaction: Transaction, first: int, count: int, size: MemberSize, last_thread: int, now: datetime
) -> None:
    place = f"(n % {size.rows})"
    waits = f"{place} >= {size.threads}"
    client = f"CASE WHEN {waits} THEN '待ち' || {place} ELSE '制作会社' || ({place} % {CLIENTS}) END"
    title = f"CASE WHEN {waits} THEN '' ELSE '案件' || {place} END"
    await _run(
        transaction,
        count * size.rows,
        "INSERT INTO threads (thread_id, member_id, client, client_key, title, title_key, used_at)"
        f" SELECT $1 + 1 + n, $2 + n / {size.rows}, {client}, {client}, {title}, {title}, $3 - n FROM numbers",
        last_thread,
        first,
        instant_to_micros(now) - 48 * HOUR,
    )


async def _add_replies(
    transaction: Transaction, first: int, count: int, size: MemberSize, last_thread: int, now: datetime
) -> None:
    """Pairs of a message and the reply half an hour after it, evenly over the year."""
    each = size.threads * size.pairs
    number, member = f"(n % {each})", f"(n / {each})"
    thread = f"$1 + 1 + {member} * {size.rows} + {number} % {size.threads}"
    asked = f"$3 - {number} * {YEAR_SHOWN} / {each}"
    values = last_thread, first, instant_to_micros(now) - 48 * HOUR
    for direction, later in (("received", 0), ("sent", HOUR // 2)):
        await _run(
            transaction,
            count * each,
            "INSERT INTO messages (member_id, thread_id, direction, kind, sent_at, exactness, source, source_key,"
            f" recorded_at) SELECT $2 + {member}, {thread}, '{direction}', 'message', {asked} + {later}, 'second',"
            f" 'written', '{direction}' || n, {asked} FROM numbers",
            *values,
        )
    await _run(
        transaction,
        count * each,
        "INSERT INTO exchanges (member_id, thread_id, asked_at, newest_asked_at, replied_at, on_time,"
        f" on_time_by_newest) SELECT $2 + {member}, {thread}, {asked}, {asked}, {asked} + {HOUR // 2}, 1, 1"
        " FROM numbers",
        *values,
    )


async def _add_windows(
    transaction: Transaction, first: int, count: int, size: MemberSize, last_thread: int, now: datetime
) -> None:
    """One unanswered message a thread: the first `OPEN_AT_MOST` within the day, with a planned reminder."""
    each, open_now = size.windows, min(size.windows, OPEN_AT_MOST)
    number, member = f"(n % {each})", f"(n / {each})"
    thread = f"$1 + 1 + {member} * {size.rows} + {size.threads} + {number}"
    opened = (
        f"CASE WHEN {number} < {open_now} THEN $3 - {HOUR} - {number} * {12 * HOUR} / {open_now}"
        f" ELSE $3 - {30 * HOUR} - {number} * {YEAR_SHOWN} / {each} END"
    )
    values = last_thread, first, instant_to_micros(now)
    await _run(
        transaction,
        count * each,
        "INSERT INTO messages (member_id, thread_id, direction, kind, sent_at, exactness, source, source_key,"
        f" recorded_at) SELECT $2 + {member}, {thread}, 'received', 'message', {opened}, 'second', 'written',"
        f" 'waits' || n, {opened} FROM numbers",
        *values,
    )
    await _run(
        transaction,
        count * each,
        "INSERT INTO windows (member_id, thread_id, oldest_at, newest_at, reminds_from, dismissed)"
        f" SELECT $2 + {member}, {thread}, {opened}, {opened}, {opened}, 0 FROM numbers",
        *values,
    )
    await _run(
        transaction,
        count * each,
        "INSERT INTO occurrences (member_id, thread_id, opened_at, closes_at, kind, lead, remind_at, try_at, state)"
        f" SELECT $2 + {member}, {thread}, {opened}, {opened} + {24 * HOUR}, 'lead', {4 * HOUR},"
        f" {opened} + {20 * HOUR}, {opened} + {20 * HOUR}, 'planned' FROM numbers WHERE {number} < {open_now}",
        *values,
    )


async def _add_undo_log(transaction: Transaction, first: int, count: int, last_message: int, now: datetime) -> None:
    """One step that added all messages of a member, as an import does."""
    await _run(
        transaction,
        count,
        "INSERT INTO changes (member_id, what, changed_at, under_way) SELECT $1 + n, 'imported', $2, 0 FROM numbers",
        first,
        instant_to_micros(now) - 48 * HOUR,
    )
    await transaction.fetch(
        "INSERT INTO changed_messages (member_id, change_id, message_id)"
        " SELECT messages.member_id, changes.change_id, messages.message_id FROM messages JOIN changes"
        " ON changes.member_id = messages.member_id WHERE messages.message_id > $1",
        last_message,
    )


async def add_cards(database: Database, count: int, now: datetime) -> None:
    """Receipts of one message each, three a thread, of the last month: half of the first member, half of another.

    All are to be compared with the record in a day, as those of open windows are when these close.
    """
    async with database.write() as transaction:
        [[last_thread]] = await transaction.fetch("SELECT max(thread_id) FROM threads")
        newest, age = message_id_at(now), (message_id_at(now) - message_id_at(now - timedelta(days=30))) // (count + 1)
        member = f"{FIRST_MEMBER} + n % 2"
        card_id = f"$1 - {age} * (n + 1)"
        await _run(
            transaction,
            count,
            "INSERT INTO cards (discord_message_id, member_id, kind, shown, edit_at)"
            f" SELECT {card_id}, {member}, 'receipt', 'x', $2 + n FROM numbers",
            newest,
            instant_to_micros(now) + 24 * HOUR,
        )
        await _run(
            transaction,
            count,
            "INSERT INTO card_items (discord_message_id, position, member_id, message_id, thread_id)"
            f" SELECT {card_id}, 0, {member}, n, $2 + n / 6 FROM numbers",
            newest,
            last_thread + 1,
        )


async def add_reminder_cards(database: Database, now: datetime) -> None:
    """A card for each open window of the first member, as its reminder would be."""
    async with database.write() as transaction:
        values = message_id_at(now - timedelta(minutes=5)), instant_to_micros(now) - 24 * HOUR
        source = f"FROM windows WHERE member_id = {FIRST_MEMBER} AND oldest_at > $2"
        await transaction.fetch(
            "INSERT INTO cards (discord_message_id, member_id, kind)"
            f" SELECT $1 + thread_id, member_id, 'window' {source}",
            *values,
        )
        await transaction.fetch(
            "INSERT INTO card_items (discord_message_id, position, member_id, message_id, thread_id)"
            " SELECT $1 + thread_id, 0, member_id, (SELECT message_id FROM messages WHERE messages.member_id ="
            f" windows.member_id AND messages.thread_id = windows.thread_id), thread_id {source}",
            *values,
        )
