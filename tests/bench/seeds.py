"""Fills databases for the measurements."""

from datetime import UTC, datetime, timedelta

from bot.domain.calendar import MICROSECOND, instant_to_micros
from bot.domain.types import MemberId
from bot.services.container import Services
from bot.settings import read_defaults
from storage.connect import open_database
from storage.database import Database
from tests.helpers.closing import closing
from tests.helpers.services import ignore_progress

HOUR = timedelta(hours=1) // MICROSECOND


def history(messages: int, now: datetime) -> bytes:
    """A CSV of so many messages within the year, in 40 threads; five of them wait."""
    lines = ["thread,direction,sent_at"]
    pairs = (messages - 5) // 2
    for number in range(pairs):
        asked = now - timedelta(days=2) - timedelta(days=340) * number / pairs
        late = 30 if number % 10 == 0 else 1
        lines.append(f"T{number % 40},received,{asked.isoformat()}")
        lines.append(f"T{number % 40},sent,{(asked + timedelta(hours=late)).isoformat()}")
    lines += [f"W{number},received,{(now - timedelta(hours=number)).isoformat()}" for number in range(5)]
    return "\n".join(lines).encode()


async def take_in(database: Database, member: int, csv: bytes) -> None:
    """Import a file as /import does."""
    services = Services(database, read_defaults({}), lambda: None)
    now = datetime.now(UTC)

    await services.data_transfer.preview_import(MemberId(member), "h.csv", csv, now=now)
    await services.data_transfer.commit_import(MemberId(member), ignore_progress, now=now)


async def seed_histories(url: str, sizes: dict[int, int]) -> None:
    """Members with so many messages each."""
    async with closing(await open_database(url)) as database:
        for member, messages in sizes.items():
            await take_in(database, member, history(messages, datetime.now(UTC)))


async def seed_reminders(
    url: str, members: list[tuple[int, int | None]], each: int, due: datetime, *, punctual: bool = False
) -> None:
    """Threads that wait, one reminder each, due at one instant. Members: with their channel, if it is known.

    They remind four hours before the close; `punctual`: asked for with "later", so that no peak is levelled.
    """
    async with closing(await open_database(url)) as database:
        at, kind, lead = instant_to_micros(due), "snoozed" if punctual else "lead", 4 * HOUR
        opened = at + lead - 24 * HOUR
        async with database.write() as transaction:
            await transaction.execute_many(
                "INSERT INTO members (member_id, joined_at, channel_id, direct_messages, seen_locale, quiet_hours)"
                " VALUES ($1, $2, $3, 'open', 'ja', '')",
                [(member, opened, channel) for member, channel in members],
            )
            [[highest]] = await transaction.fetch("SELECT coalesce(max(thread_id), 0) FROM threads")
            numbered = list(enumerate(((m, n) for m, _ in members for n in range(each)), start=highest + 1))
            await transaction.execute_many(
                "INSERT INTO threads (thread_id, member_id, client, client_key, title_key, used_at)"
                " VALUES ($1, $2, $3, $3, '', $4)",
                [(thread, member, f"制作会社{number}", opened) for thread, (member, number) in numbered],
            )
            await transaction.execute_many(
                "INSERT INTO messages (member_id, thread_id, direction, kind, sent_at, exactness, source, source_key,"
                " recorded_at) VALUES ($1, $2, 'received', 'message', $3, 'second', 'written', $4, $3)",
                [(member, thread, opened, f"k{thread}") for thread, (member, _) in numbered],
            )
            await transaction.execute_many(
                "INSERT INTO windows (member_id, thread_id, oldest_at, newest_at, reminds_from, dismissed)"
                " VALUES ($1, $2, $3, $3, $3, 0)",
                [(member, thread, opened) for thread, (member, _) in numbered],
            )
            await transaction.execute_many(
                "INSERT INTO occurrences (member_id, thread_id, opened_at, closes_at, kind, lead, remind_at, try_at, state)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 'planned')",
                [(member, thread, opened, at + lead, kind, lead, at) for thread, (member, _) in numbered],
            )


async def seed_messages(url: str, members: int, each: int) -> None:
    """Pairs of message and reply, with their exchanges."""
    async with closing(await open_database(url)) as database:
        now = instant_to_micros(datetime.now(UTC))
        for member in range(1, members + 1):
            rows = [(member, member, now - (number + 2) * 2 * HOUR, f"{number}") for number in range(each // 2)]
            async with database.write() as transaction:
                await transaction.fetch("INSERT INTO members (member_id, joined_at) VALUES ($1, 0)", member)
                await transaction.fetch(
                    "INSERT INTO threads (thread_id, member_id, client, client_key, title_key, used_at)"
                    " VALUES ($1, $1, 'A', 'a', '', 0)",
                    member,
                )
                for direction, later in (("received", 0), ("sent", HOUR)):
                    await transaction.execute_many(
                        "INSERT INTO messages (member_id, thread_id, direction, kind, sent_at, exactness, source,"
                        f" source_key, recorded_at) VALUES ($1, $2, '{direction}', 'message', $3 + {later}, 'second',"
                        f" 'written', '{direction}' || $4, $3)",
                        rows,
                    )
                await transaction.execute_many(
                    "INSERT INTO exchanges VALUES ($1, $2, $3, $3, $4, 1, 1)",
                    [(member, thread, at, at + HOUR) for member, thread, at, _ in rows],
                )
