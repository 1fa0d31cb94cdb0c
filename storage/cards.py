"""Cards: the bot's messages that are edited when what they show changes. Tables: `cards` and `card_items`.

A card shows messages, or reply windows, each named by its oldest unanswered message. A change of a thread marks the
newest cards of that thread; a marked card is claimed, compared with the record, and edited if it differs.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.calendar import MICROSECOND, instant_from_micros
from bot.domain.reminders.plan import ReminderKind
from bot.domain.types import DraftId, MemberId, MessageId, ThreadId, UndoStepId
from storage.database import Executor, Row, Select, Transaction, Value, sql_placeholders
from storage.discord_ids import message_id_at
from storage.rows import RowParser

MAX_CARDS_PER_THREAD: Final = 3
"""The newest cards of a thread, which are edited when it changes. A press on an older one shows the present state."""

MAX_CARD_ITEMS: Final = 25
"""Windows on one card: as many as a select has options."""

MAX_CARDS_PER_CLAIM: Final = 20

MIN_EDIT_INTERVAL: Final = timedelta(minutes=1)
MIN_EDIT_INTERVAL_OLD: Final = timedelta(minutes=10)
OLD_AFTER: Final = timedelta(hours=1)
"""Discord limits the edits of messages that are older than an hour (docs/platform-facts.md#edits-of-old-messages)."""

FIRST_CHECK_AFTER: Final = timedelta(minutes=1)
"""Where the member is not locked between the reading of a card's content and the storing of its row, a change marks
nothing, so the card is compared once after this time."""

CHANGED: Final = "changed"
"""The state of a card of which it is not known what it shows, since it changed meanwhile: it is edited once more."""


ENDED: Final = DraftId(0)
"""Stands on a card for the id of a draft whose question has ended. Databases before schema 25 used an id again."""


class CardKind(StrEnum):
    """How a card is built from its items."""

    RECEIPT = "receipt"
    """One recorded message, or several."""
    REMINDER = "reminder"
    """The windows of a delivery."""
    WINDOW = "window"
    """One window that was asked for."""
    PENDING = "pending"
    """A page of `/pending`."""


@dataclass(frozen=True, slots=True)
class CardItem:
    """A message or window on a card, and the thread in which it was then."""

    message_id: MessageId
    thread_id: ThreadId
    reminder_kind: ReminderKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardContent:
    """What a card is built from."""

    kind: CardKind
    items: tuple[CardItem, ...]
    page: int = 0
    draft_id: DraftId | None = None
    """The question that it asks; `ENDED` once that was answered, dropped or asked otherwise, when its item is what the
    answer recorded."""
    as_of: datetime | None = field(default=None, compare=False)
    """When what it shows was read, if that was before it was sent: the first of it; not stored."""
    recorded_at: tuple[datetime, ...] = field(default=(), compare=False)
    """The instants of the steps that recorded its messages, if it shows the record right after these; not stored."""
    newest_step_id: UndoStepId | None = field(default=None, compare=False)
    """Otherwise: the newest step that it shows, None if there was none; not stored."""
    state: str | None = field(default=None, compare=False)
    """A digest of the state that it shows, if that was read with it; not stored."""
    says_undone: bool = field(default=False, compare=False)
    """It says that its message was undone, and can restore it: nothing else changes it. Not stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCard:
    """A row of `cards` with its items."""

    discord_message_id: int
    member_id: MemberId
    channel_id: int
    content: CardContent
    shown: str
    """A digest of the state that was shown last; `CHANGED`, or empty in rows of earlier versions: not known."""
    revision: int


async def replace_card(
    transaction: Transaction,
    member_id: MemberId,
    discord_message_id: int,
    channel_id: int,
    content: CardContent,
    shown: str,
    *,
    check_at: datetime | None,
    now: datetime,
) -> None:
    """Store what a card shows in the place of what it showed before."""
    former = await _delete_card_items(transaction, discord_message_id)
    await save_cards(transaction, [(member_id, discord_message_id, channel_id, content, shown)], check_at=check_at)
    await _mark_cards_behind(transaction, member_id, former, content.items, now=now)


async def _delete_card_items(transaction: Transaction, discord_message_id: int, position: int = 0) -> set[ThreadId]:
    """Delete the items of a card from a position on. Returns their threads."""
    sql = "DELETE FROM card_items WHERE discord_message_id = $1 AND position >= $2 RETURNING thread_id"
    return {ThreadId(row[0]) for row in await transaction.fetch(sql, discord_message_id, position)}


async def _mark_cards_behind(
    transaction: Transaction,
    member_id: MemberId,
    former: Collection[ThreadId],
    items: Iterable[CardItem] = (),
    *,
    now: datetime,
) -> None:
    """Mark the newest cards of the threads that a card shows no more, since an older one is among them now.

    No change has marked that one while it was not.
    """
    if left := {*former} - {item.thread_id for item in items}:
        await mark_cards_changed(transaction, member_id, left, now=now)


async def save_shown_card_state(transaction: Transaction, card: StoredCard, shown: str, *, now: datetime) -> None:
    """Store that a card shows a state, since a press was answered with it; if it has changed meanwhile it is edited."""
    sql = (
        f"UPDATE cards SET shown = CASE WHEN revision = $4 THEN $2 ELSE '{CHANGED}' END,"
        " edit_at = CASE WHEN revision = $4 THEN CAST($3 AS BIGINT) ELSE coalesce(edit_at, CAST($3 AS BIGINT)) END"
        " WHERE discord_message_id = $1"
    )
    await transaction.fetch(sql, card.discord_message_id, shown, now + FIRST_CHECK_AFTER, card.revision)


async def save_cards(
    transaction: Transaction,
    cards: Sequence[tuple[MemberId, int, int | None, CardContent, str]],
    *,
    check_at: datetime | None,
) -> None:
    """Store cards: member, Discord's id of the message, channel (None: the member's), content, state shown.

    They are compared with the record at `check_at`, if nothing changes before; None: only once something has changed.
    """
    await transaction.execute_many(
        _INSERT_CARD,
        [
            (discord_message_id, member_id, channel_id, content.kind, content.page, shown, check_at, content.draft_id)
            for member_id, discord_message_id, channel_id, content, shown in cards
        ],
    )
    await transaction.execute_many(
        _INSERT_ITEM,
        [
            (discord_message_id, position, member_id, *_card_item_from_row.values(item))
            for member_id, discord_message_id, _, content, _ in cards
            for position, item in enumerate(content.items)
        ],
    )


# Nothing is stored for a member who was erased meanwhile, or is being erased: the row is locked, so that an erasure
# under way is waited for. The type of a selected value is named for PostgreSQL.
_INSERT_CARD: Final = (
    "INSERT INTO cards (discord_message_id, member_id, channel_id, kind, page, shown, edit_at, draft_id)"
    " SELECT CAST($1 AS BIGINT), member_id, CAST($3 AS BIGINT), CAST($4 AS TEXT), CAST($5 AS BIGINT),"
    " CAST($6 AS TEXT), CAST($7 AS BIGINT), CAST($8 AS BIGINT) FROM members WHERE member_id = $2 FOR KEY SHARE"
    " ON CONFLICT (discord_message_id) DO UPDATE SET kind = excluded.kind, page = excluded.page,"
    " shown = excluded.shown, edit_at = excluded.edit_at, draft_id = excluded.draft_id, revision = cards.revision + 1"
)
_INSERT_ITEM: Final = (
    "INSERT INTO card_items (discord_message_id, position, member_id, message_id, thread_id, reminder_kind)"
    " SELECT discord_message_id, CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT),"
    " coalesce(CAST($6 AS TEXT), '') FROM cards WHERE discord_message_id = $1"
    " ON CONFLICT (discord_message_id, position) DO UPDATE SET message_id = excluded.message_id,"
    " thread_id = excluded.thread_id, reminder_kind = excluded.reminder_kind"
)


async def is_message_on_card(reader: Executor, member_id: MemberId, message_id: MessageId) -> bool:
    """Whether a stored card of the member shows a message."""
    sql = "SELECT 1 FROM card_items WHERE member_id = $1 AND message_id = $2 LIMIT 1"
    return bool(await reader.fetch(sql, member_id, message_id))


async def has_card_with_question(reader: Executor, member_id: MemberId, source_key: str) -> bool:
    """Whether a stored card of the member asks the question of the draft with this key."""
    sql = "SELECT 1 FROM cards JOIN drafts USING (member_id, draft_id) WHERE member_id = $1 AND source_key = $2 LIMIT 1"
    return bool(await reader.fetch(sql, member_id, source_key))


_INTERVAL: Final = MIN_EDIT_INTERVAL // MICROSECOND
_INTERVAL_OLD: Final = MIN_EDIT_INTERVAL_OLD // MICROSECOND
_NEXT_EDIT: Final = f"edited_at + CASE WHEN discord_message_id < $3 THEN {_INTERVAL_OLD} ELSE {_INTERVAL} END"
_MARK_CHANGED: Final = (
    "UPDATE cards SET revision = revision + 1, edit_at = CASE"
    # Not the one of an edit in the future, which was before the clock was set back.
    f" WHEN edited_at <= $2 AND {_NEXT_EDIT} > $2 THEN {_NEXT_EDIT} ELSE CAST($2 AS BIGINT) END"
    " WHERE discord_message_id IN (SELECT discord_message_id FROM (SELECT discord_message_id,"
    "  dense_rank() OVER (PARTITION BY thread_id ORDER BY discord_message_id DESC) AS age FROM card_items"
    "  WHERE member_id = $1 AND thread_id IN ({ids})) AS of_threads"
    f"  WHERE age <= {MAX_CARDS_PER_THREAD} AND discord_message_id <> $4)"
)
"""Values: the member, now, the id of a message that is now old, the id of a card that shows the change already."""


async def mark_cards_changed(
    transaction: Transaction, member_id: MemberId, thread_ids: Collection[ThreadId], *, now: datetime
) -> bool:
    """Mark the newest cards of some threads: what they show has changed. Returns whether there are any."""
    values = member_id, now, message_id_at(now - OLD_AFTER), 0
    sql = f"{_MARK_CHANGED} RETURNING discord_message_id"
    return bool(await transaction.fetch_for_ids(sql, *values, ids=sorted(thread_ids)))


async def mark_cards_changed_by_deliveries(
    transaction: Transaction, changes: Iterable[tuple[MemberId, ThreadId, int]], *, now: datetime
) -> None:
    """Mark the newest cards of members' threads, all in one call, but the card that was sent with the change.

    `changes`: the member, the thread, and Discord's id of that card; 0 for none.
    """
    old_before = message_id_at(now - OLD_AFTER)
    await transaction.execute_many(
        _MARK_CHANGED.format(ids="$5"),
        [(member_id, now, old_before, sent_id, thread_id) for member_id, thread_id, sent_id in changes],
    )


async def mark_ended_question_cards(
    transaction: Transaction,
    member_id: MemberId,
    draft_ids: Collection[DraftId],
    recorded: CardItem | None,
    *,
    now: datetime,
) -> None:
    """Mark the cards that ask about drafts which were answered or dropped, or are asked about otherwise.

    They are edited to show `recorded`, what the answer recorded; None: it recorded nothing.
    """
    rows = await transaction.fetch(
        f"UPDATE cards SET revision = revision + 1, edit_at = $2, draft_id = {ENDED}"
        f" WHERE member_id = $1 AND draft_id IN ({sql_placeholders(draft_ids, 3)}) RETURNING discord_message_id",
        member_id,
        now,
        *draft_ids,
    )
    if recorded is not None:
        item = _card_item_from_row.values(recorded)
        await transaction.execute_many(_INSERT_ITEM, [(row[0], 0, member_id, *item) for row in rows])


def _card_from_row(
    items: Iterable[CardItem],
    discord_message_id: int,
    member_id: int,
    channel_id: int,
    kind: str,
    page: int,
    shown: str,
    revision: int,
    draft_id: int | None,
) -> StoredCard:
    content = CardContent(
        kind=CardKind(kind), items=tuple(items), page=page, draft_id=None if draft_id is None else DraftId(draft_id)
    )
    return StoredCard(
        discord_message_id=discord_message_id,
        member_id=MemberId(member_id),
        channel_id=channel_id,
        content=content,
        shown=shown,
        revision=revision,
    )


_CHANNEL: Final = (
    "coalesce(channel_id, (SELECT members.channel_id FROM members WHERE members.member_id = cards.member_id), 0)"
)
_CARD_COLUMNS: Final = (
    "discord_message_id", "member_id", _CHANNEL, "kind", "page", "shown", "revision", "draft_id"
)  # fmt: skip


_card_item_from_row: Final = RowParser(CardItem, reminder_kind="nullif(reminder_kind, '')")


def _card_from_rows(rows: Sequence[Row]) -> StoredCard | None:
    items = [item for row in rows if (item := _card_item_from_row.parse_joined(row[-3:])) is not None]
    return _card_from_row(items, *rows[0][:-3]) if rows else None


card_query: Final = Select(
    (*_CARD_COLUMNS, *_card_item_from_row.columns),
    "FROM cards LEFT JOIN card_items USING (discord_message_id, member_id)"
    " WHERE member_id = $1 AND discord_message_id = $2 ORDER BY position",
    _card_from_rows,
)
"""The member's card that is this message of Discord's."""


async def claim_due_cards(
    transaction: Transaction, *, now: datetime, lease: timedelta, busy: Collection[int] = ()
) -> list[StoredCard]:
    """Claim cards that are to be compared now, those due longest first, except those in `busy`."""
    but_busy = f" AND discord_message_id NOT IN ({sql_placeholders(busy, 3)})" if busy else ""
    rows = await transaction.fetch(
        "UPDATE cards SET claimed_until = $2 WHERE discord_message_id IN (SELECT discord_message_id FROM cards"
        f" WHERE edit_at <= $1 AND (claimed_until IS NULL OR claimed_until <= $1){but_busy}"
        f" ORDER BY edit_at LIMIT {MAX_CARDS_PER_CLAIM} FOR UPDATE SKIP LOCKED) RETURNING {', '.join(_CARD_COLUMNS)}",
        now,
        now + lease,
        *busy,
    )
    return await _load_items_of_cards(transaction, rows)


async def _load_items_of_cards(reader: Executor, rows: Sequence[Row]) -> list[StoredCard]:
    if not rows:
        return []
    items: defaultdict[int, list[CardItem]] = defaultdict(list)
    sql = (
        f"SELECT discord_message_id, {', '.join(_card_item_from_row.columns)} FROM card_items"
        " WHERE discord_message_id IN ({ids}) ORDER BY discord_message_id, position"
    )
    for card_id, *item in await reader.fetch_for_ids(sql, ids=[row[0] for row in rows]):
        items[card_id].append(_card_item_from_row(*item))
    return [_card_from_row(items[row[0]], *row) for row in rows]


async def finish_card_check(
    transaction: Transaction,
    card: StoredCard,
    content: CardContent,
    *,
    shown: str,
    edited: bool,
    next_check_at: datetime | None,
    now: datetime,
) -> None:
    """Store what a claimed card shows; compare it again at `next_check_at`, or soon if it changed meanwhile.

    Its page and its items become those of `content`, unless it changed: a press may have replaced them.
    """
    rows = await transaction.fetch(
        f"UPDATE cards SET shown = CASE WHEN revision = $5 THEN $3 ELSE '{CHANGED}' END, claimed_until = NULL,"
        " edited_at = coalesce(CAST($4 AS BIGINT), edited_at),"
        " edit_at = CASE WHEN revision = $5 THEN CAST($6 AS BIGINT) ELSE CAST($7 AS BIGINT) END,"
        " page = CASE WHEN revision = $5 THEN $8 ELSE page END"
        " WHERE member_id = $1 AND discord_message_id = $2 RETURNING revision",
        card.member_id,
        card.discord_message_id,
        shown,
        now if edited else None,
        card.revision,
        next_check_at,
        now + MIN_EDIT_INTERVAL,
        content.page,
    )
    if [row[0] for row in rows] != [card.revision]:
        return
    before = dict(enumerate(card.content.items))
    await transaction.execute_many(
        _INSERT_ITEM,
        [
            (card.discord_message_id, position, card.member_id, *_card_item_from_row.values(item))
            for position, item in enumerate(content.items)
            if item != before.get(position)
        ],
    )
    if len(content.items) < len(before):
        await _delete_card_items(transaction, card.discord_message_id, len(content.items))
    former = {item.thread_id for item in card.content.items}
    await _mark_cards_behind(transaction, card.member_id, former, content.items, now=now)


async def retry_card_check(transaction: Transaction, card: StoredCard, *, at: datetime) -> None:
    """Edit a card, which may be claimed, once more at an instant: it is not known whether its last edit arrived."""
    sql = f"UPDATE cards SET claimed_until = NULL, edit_at = $2, shown = '{CHANGED}' WHERE discord_message_id = $1"
    await transaction.fetch(sql, card.discord_message_id, at)


async def delete_card(transaction: Transaction, card: StoredCard, *, now: datetime) -> None:
    """Forget a card: its message is gone, or Discord takes no more edits of it."""
    former = await _delete_card_items(transaction, card.discord_message_id)
    await transaction.fetch("DELETE FROM cards WHERE discord_message_id = $1", card.discord_message_id)
    await _mark_cards_behind(transaction, card.member_id, former, now=now)


async def next_card_check_at(reader: Executor) -> datetime | None:
    """When the next card is to be compared; None: none is."""
    rows = await reader.fetch(
        "SELECT edit_at FROM (SELECT edit_at FROM cards WHERE edit_at IS NOT NULL"
        "  AND (claimed_until IS NULL OR claimed_until <= edit_at) ORDER BY edit_at LIMIT 1) AS unclaimed"
        " UNION ALL SELECT claimed_until FROM cards WHERE claimed_until IS NOT NULL AND claimed_until > edit_at"
    )
    return instant_from_micros(min(row[0] for row in rows)) if rows else None


async def purge_cards(transaction: Transaction, first: MemberId, last: MemberId, *, now: datetime) -> None:
    """Forget the cards, older than a day, that are among the newest of no thread, of the members with these ids."""
    old = (
        "SELECT discord_message_id FROM cards WHERE member_id BETWEEN $1 AND $2 AND discord_message_id < $3"
        " AND discord_message_id NOT IN (SELECT discord_message_id FROM (SELECT discord_message_id, dense_rank() OVER"
        "  (PARTITION BY member_id, thread_id ORDER BY discord_message_id DESC) AS age FROM card_items"
        f"  WHERE member_id BETWEEN $1 AND $2) AS of_threads WHERE age <= {MAX_CARDS_PER_THREAD})"
    )
    values: tuple[Value, ...] = (first, last, message_id_at(now - timedelta(days=1)))
    await transaction.fetch(f"DELETE FROM card_items WHERE discord_message_id IN ({old})", *values)
    await transaction.fetch(f"DELETE FROM cards WHERE discord_message_id IN ({old})", *values)
