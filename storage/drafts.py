"""What was read but cannot be recorded before the member has said one thing more."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.messages import MessageSource, Precision
from bot.domain.reply.thread_state import Direction
from bot.domain.types import DraftId, MemberId, ThreadId, from_micros, to_micros
from storage.database import Row, Transaction


class MissingInfo(StrEnum):
    """What the draft waits for."""

    TIME = "time"
    """When the message was sent."""
    THREAD = "thread"
    """Which of a client's threads the reply belongs to."""
    START_CLOCK = "start"
    """Whether to start the clock on an invitation."""
    BADGE = "badge"
    """Whether the badge is held, as the forwarded result says."""
    LATE_REPLY_WARNING = "trap"
    """Whether a reply is to count that would be late although no reply was needed."""


@dataclass(frozen=True, slots=True)
class DraftContent:
    """What is known so far. `sent_at` and `exactness` are None together."""

    missing: MissingInfo
    direction: Direction
    client: str | None
    title: str | None
    sent_at: datetime | None
    exactness: Precision | None
    source: MessageSource
    key: str
    closing: bool = False
    thread: ThreadId | None = None
    """The thread that the reply would fall into."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One row."""

    id: DraftId
    content: DraftContent


_COLUMNS: Final = "draft_id, asks, direction, client, title, sent_at, exactness, source, source_key, closing, thread_id"


def _draft(row: Row) -> Draft:
    number, asks, direction, client, title, sent_at, exactness, source, key, closing, thread = row
    content = DraftContent(
        MissingInfo(asks),
        Direction(direction),
        client,
        title,
        None if sent_at is None else from_micros(sent_at),
        None if exactness is None else Precision(exactness),
        MessageSource(source),
        key,
        bool(closing),
        None if thread is None else ThreadId(thread),
    )
    return Draft(DraftId(number), content)


async def save(transaction: Transaction, member: MemberId, content: DraftContent, *, now: datetime) -> Draft:
    """Keep it until the member answers; the same thing again is the same draft."""
    row = await transaction.fetch_one(
        "INSERT INTO drafts"
        " (member_id, asks, direction, client, title, sent_at, exactness, source, source_key, drafted_at,"
        " closing, thread_id)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        " ON CONFLICT (member_id, source_key) DO UPDATE SET drafted_at = excluded.drafted_at"
        f" RETURNING {_COLUMNS}",
        member,
        content.missing,
        content.direction,
        content.client,
        content.title,
        None if content.sent_at is None else to_micros(content.sent_at),
        content.exactness,
        content.source,
        content.key,
        to_micros(now),
        int(content.closing),
        content.thread,
    )
    assert row is not None, "an upsert returns its row"  # noqa: S101 — narrows the type
    return _draft(row)


async def find(transaction: Transaction, member: MemberId, draft: DraftId) -> Draft | None:
    """The draft, if it is this member's and not answered yet."""
    row = await transaction.fetch_one(
        f"SELECT {_COLUMNS} FROM drafts WHERE member_id = $1 AND draft_id = $2", member, draft
    )
    return _draft(row) if row else None


async def delete(transaction: Transaction, member: MemberId, draft: DraftId) -> None:
    """It was answered."""
    await transaction.fetch("DELETE FROM drafts WHERE member_id = $1 AND draft_id = $2", member, draft)
