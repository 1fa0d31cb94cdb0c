"""What an import writes: its messages in batches of whole threads, and what the member declared and chose."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from bot.domain.types import MessageId, ThreadId
from bot.parsing.export_format import ExportData, ImportedMessage
from bot.parsing.history_csv import parse_instant
from bot.parsing.jobs_csv import parse_date
from bot.services.choices import Choices, chosen
from bot.services.desk import Desk
from bot.services.long_steps import ROWS
from storage import members, messages, profile, threads
from storage.members import Badge, Member
from storage.messages import Message
from storage.profile import ConfirmedProfile, Goal
from storage.threads import ThreadIdentity

THREADS: Final = 100
"""In one batch."""

Place = tuple[str, str]
"""What a thread is matched by: the client's key and the title's."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows of one thread. What is derived of a thread is written with its last rows."""

    place: Place
    rows: Sequence[ImportedMessage]
    last: bool


def batches(new: Mapping[Place, Sequence[ImportedMessage]]) -> Iterator[list[Piece]]:
    """Few rows and few threads at a time."""
    batch: list[Piece] = []
    room = ROWS
    for place, rows in new.items():
        start = 0
        while start < len(rows):
            piece = Piece(place, rows[start : start + room], last=start + room >= len(rows))
            batch.append(piece)
            start += len(piece.rows)
            room -= len(piece.rows)
            if not room or len(batch) == THREADS:
                yield batch
                batch, room = [], ROWS
    if batch:
        yield batch


async def write_batch(desk: Desk, batch: Sequence[Piece], keys: Counter[str]) -> None:
    """Write it, and derive the threads that are whole with it. `keys` are those given out by this import."""
    transaction, member = desk.transaction, desk.member
    await threads.get_or_create_many(transaction, member, [_name(each) for each in batch], now=desk.now)
    numbers = await threads.numbers(transaction, member, [each.place for each in batch])
    newest = await messages.newest_id(transaction, member)
    await messages.add_many(
        transaction,
        member,
        [_message(row, numbers[each.place], keys, desk.now) for each in batch for row in each.rows],
    )
    desk.before.update(dict.fromkeys(await messages.ids_after(transaction, member, newest)))
    await desk.follow_many([numbers[each.place] for each in batch if each.last])


def _name(piece: Piece) -> ThreadIdentity:
    first = piece.rows[0]
    unsorted = first.unassigned is not None
    return ThreadIdentity(first.client, None if unsorted else first.title, *piece.place, unassigned=unsorted)


def _message(each: ImportedMessage, thread: ThreadId, keys: Counter[str], now: datetime) -> Message:
    key = each.key
    if key is None:
        # Equal rows of one file are told apart by their place; the time of the import keeps those of another apart.
        same = f"row:{thread}:{each.entry.direction}:{each.entry.kind}:{each.entry.at.isoformat()}"
        keys[same] += 1
        key = f"{same}:{now.isoformat()}:{keys[same]}"
    return Message(
        MessageId(0),
        thread,
        each.entry,
        each.exactness,
        each.source,
        key,
        each.recorded_at or now,
        each.closing,
    )


async def restore(desk: Desk, brought: ExportData) -> None:
    """What the member declared and chose, where nothing newer is known here."""
    transaction, member = desk.transaction, desk.member
    items = {item: ConfirmedProfile(filled, on) for item, (filled, on) in brought.profile.items()}
    await profile.restore_profile(transaction, member, items)
    present = {each.on for each in await transaction.query(profile.calibrations(member))}
    for displayed in brought.calibrations:
        if displayed.on not in present:
            await profile.add_calibration(transaction, member, displayed)
    if brought.goal is not None and await transaction.query(profile.goal(member)) is None:
        await profile.set_goal(transaction, member, Goal(*brought.goal))
    row = await members.get_or_create(transaction, member, now=desk.now)
    restored = chosen(row, _choices(row, brought.member))
    login = brought.member.get("last_login")
    if row.last_login is None and login is not None:
        restored = replace(restored, last_login=parse_date(str(login)))
    await members.update_preferences(transaction, restored)


def _choices(row: Member, brought: dict[str, Any]) -> Choices:
    """What was chosen there and not here."""

    def of(name: str, present: object) -> str | None:
        value = brought.get(name)
        return None if value is None or present is not None else str(value)[:200]

    badge = of("badge", None if row.badge is Badge.UNKNOWN else row.badge)
    since = brought.get("badge_since")
    return Choices(
        locale=of("locale", row.locale),
        timezone=of("timezone", row.timezone),
        edition=of("edition", row.edition),
        lead_times=of("lead_times", row.lead_times),
        quiet_hours=of("quiet_hours", row.quiet_hours),
        review_day=of("review_day", row.review_day),
        digest=of("digest", row.digest),
        badge=Badge(badge) if badge in set(Badge) else None,
        badge_since=parse_instant(str(since), UTC) if since is not None else None,
        keeps_history=True if brought.get("keeps_history") == 1 else None,
    )
