"""Drafts: messages that were parsed and cannot be recorded before the member answers one question."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.calendar import instant_from_micros
from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.reply.thread_state import Direction
from bot.domain.types import DraftId, MemberId, ThreadId
from storage.database import Executor, Transaction, Value, columns_of_row_parser, insert_sql


class MissingInfo(StrEnum):
    """The question that the member must answer."""

    TIME = "time"
    """When the message was sent."""
    THREAD = "thread"
    """Which of the client's threads the reply belongs to."""
    START_CLOCK = "start"
    """Whether an invitation opens a reply window."""
    BADGE = "badge"
    """Whether the member has the badge, as the forwarded review result says."""
    EVENT = "event"
    """What happened: the line was a client's name alone."""
    CLIENT = "client"
    """Who wrote, or who was answered."""
    NEW_CLIENT = "new-client"
    """Whether a name that was never seen is a new client's."""
    MOMENT = "moment"
    """Whether `sent_at`, which was inferred, is meant."""
    NOTHING_WAITS = "nothing-waits"
    """Whether a reply is to be recorded although none of the client's messages waits for one."""
    DISMISSED_CLIENT = "dismissed-client"
    """Which thread needs no reply."""
    UNCLEAR = "unclear"
    """Who wrote a text that was pasted, and when."""
    CONTACT_REQUEST = "contact-request"
    """When 連絡催促 came."""
    CONTRACT = "contract"
    """Of which thread a mail says that a contract began."""
    OTHER_SITE = "other-site"
    """Whether a mail of another site is to be reminded of, and who wrote it; `title` is the site's name."""
    LATE_REPLY_WARNING = "trap"
    """Whether a reply counts that would be late although the message needed none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftContent:
    """What is known so far."""

    missing: MissingInfo
    direction: Direction
    client: str | None = None
    title: str | None = None
    time: ParsedTime | None = None
    source: MessageSource
    source_key: str
    looks_final: bool = False
    thread_id: ThreadId | None = None
    """The thread that the reply would belong to."""
    page: str | None = None
    """The path of the page on www.lancers.jp that the mail links to."""
    day: datetime | None = None
    """The beginning of the day that the line names without a time; stored as a time that is not exact at all."""
    from_hour: int = 0
    """The hour with which the part of `day` begins that the line names; stored as that many seconds after `day`."""
    written_at: datetime | None = None
    """When the line was written: the time of what it reports without one. None: when the draft is made."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A row of `drafts`."""

    id: DraftId
    asked_at: datetime
    content: DraftContent


def _draft_from_row(
    draft_id: int,
    drafted_at: int,
    asks: str,
    direction: str,
    client: str | None,
    title: str | None,
    sent_at: int | None,
    exactness: str | None,
    source: str,
    source_key: str,
    closing: int,
    thread_id: int | None,
    page: str | None,
    written_at: int | None,
) -> Draft:
    day, from_hour = None, 0
    if sent_at is not None and exactness is None:
        stored = instant_from_micros(sent_at)
        day, from_hour = stored.replace(second=0), stored.second
    content = DraftContent(
        missing=MissingInfo(asks),
        direction=Direction(direction),
        client=client,
        title=title,
        time=ParsedTime(instant_from_micros(sent_at), Precision(exactness))
        if sent_at is not None and exactness
        else None,
        source=MessageSource(source),
        source_key=source_key,
        looks_final=bool(closing),
        thread_id=None if thread_id is None else ThreadId(thread_id),
        page=page,
        day=day,
        from_hour=from_hour,
        written_at=instant_from_micros(drafted_at if written_at is None else written_at),
    )
    return Draft(DraftId(draft_id), instant_from_micros(drafted_at), content)


_COLUMNS: Final = columns_of_row_parser(_draft_from_row)
_INSERT: Final = insert_sql("drafts", ("member_id", *_COLUMNS[1:]))  # the database generates the id


def _draft_values(content: DraftContent) -> tuple[Value, ...]:
    """The values of `_COLUMNS` after the id and the instant."""
    at = content.time.at if content.time else content.day and content.day + timedelta(seconds=content.from_hour)
    return (
        content.missing,
        content.direction,
        content.client,
        content.title,
        at,
        None if content.time is None else content.time.precision,
        content.source,
        content.source_key,
        int(content.looks_final),
        content.thread_id,
        content.page,
        content.written_at,
    )


async def save_draft(transaction: Transaction, member_id: MemberId, content: DraftContent, *, now: datetime) -> Draft:
    """Store a draft until the member answers; the same key again is the same draft."""
    sql = (
        f"{_INSERT} ON CONFLICT (member_id, source_key) DO UPDATE SET drafted_at = excluded.drafted_at"
        f" RETURNING {', '.join(_COLUMNS)}"
    )
    [row] = await transaction.fetch(sql, member_id, now, *_draft_values(content))
    return _draft_from_row(*row)


async def find_draft(reader: Executor, member_id: MemberId, draft_id: DraftId) -> Draft | None:
    """The draft, if it is this member's and not answered yet."""
    sql = f"SELECT {', '.join(_COLUMNS)} FROM drafts WHERE member_id = $1 AND draft_id = $2"
    return await reader.fetch_one_parsed(_draft_from_row, sql, member_id, draft_id)


async def is_draft_stored(reader: Executor, member_id: MemberId, source_key: str) -> bool:
    """Whether a draft of the message with this key waits for an answer."""
    return bool(
        await reader.fetch("SELECT 1 FROM drafts WHERE member_id = $1 AND source_key = $2", member_id, source_key)
    )


_LATEST: Final = datetime.max.replace(tzinfo=UTC)


async def list_last_saved_drafts(
    reader: Executor, member_id: MemberId, since: datetime, *, before: datetime = _LATEST
) -> list[Draft]:
    """The drafts that were made last, those of one message, the last one first; empty if that was before `since`.

    `before`: only those that were made before that instant count.
    """
    return await reader.fetch_parsed(
        _draft_from_row,
        f"SELECT {', '.join(_COLUMNS)} FROM drafts WHERE member_id = $1 AND drafted_at = (SELECT max(drafted_at)"
        " FROM drafts WHERE member_id = $1 AND drafted_at >= $2 AND drafted_at < $3) ORDER BY draft_id DESC",
        member_id,
        since,
        before,
    )


async def delete_draft_by_key(transaction: Transaction, member_id: MemberId, source_key: str) -> list[DraftId]:
    """Delete the draft of a message that is read again. Returns its id, if there was one."""
    sql = "DELETE FROM drafts WHERE member_id = $1 AND source_key = $2 RETURNING draft_id"
    return [DraftId(row[0]) for row in await transaction.fetch(sql, member_id, source_key)]


async def delete_draft(transaction: Transaction, member_id: MemberId, draft_id: DraftId) -> None:
    """Delete a draft, because it was answered."""
    await transaction.fetch("DELETE FROM drafts WHERE member_id = $1 AND draft_id = $2", member_id, draft_id)
