"""What the operator has asked for, and the recipients of announcements.

Tables: `operator_requests`, `announcement_recipients`. The command line adds a request; a running bot carries it out,
and the row says so from the commit that carried it out.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import starmap
from typing import Final

from bot.domain.calendar import instant_from_micros, instant_to_micros
from bot.domain.types import MemberId
from storage.blocked_users import NOT_BLOCKED
from storage.database import Executor, Transaction
from storage.erased_members import IS_CURRENT
from storage.rows import RowParser

NOTIFY_OPERATOR: Final = "operator"
"""The notification of the running processes that a request was added."""

MAX_ANNOUNCEMENT_AGE: Final = timedelta(hours=24)
"""Who could not be reached for so long does not get the announcement any more."""

RETENTION: Final = timedelta(days=30)
"""How long the operator can ask for an outcome."""


class OperatorRequestKind(StrEnum):
    """What is asked for."""

    ANNOUNCE = "announce"
    ERASE = "erase"
    BLOCK = "block"
    UNBLOCK = "unblock"


class RecipientState(StrEnum):
    """What became of an announcement to one member."""

    PLANNED = "planned"
    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"
    DECLINED = "declined"
    """The member wants no announcements."""
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorRequest:
    """One request. `outcome` is a word (`erased`), None until it was carried out."""

    request_id: int
    kind: OperatorRequestKind
    user_id: MemberId | None
    text: str | None
    urgent: bool
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    outcome: str | None


_operator_request_from_row: Final = RowParser(OperatorRequest)
_SELECT: Final = f"SELECT {', '.join(_operator_request_from_row.columns)} FROM operator_requests"


@dataclass(frozen=True, slots=True)
class AnnouncementRecipient:
    """One member to whom an announcement is to be sent now."""

    request: OperatorRequest
    member_id: MemberId

    @property
    def nonce(self) -> str:
        """25 characters at most, the same for every try, and another one for the same id in a restored database."""
        identity = f"{self.request.request_id}/{instant_to_micros(self.request.requested_at)}/{self.member_id}"
        return f"an-{hashlib.sha256(identity.encode()).hexdigest()[:22]}"


async def add_operator_request(
    transaction: Transaction,
    kind: OperatorRequestKind,
    *,
    now: datetime,
    user_id: MemberId | None = None,
    text: str | None = None,
    urgent: bool = False,
) -> int:
    """Add a request; its id."""
    return await transaction.fetch_number(
        "INSERT INTO operator_requests (kind, user_id, text, urgent, requested_at) VALUES ($1, $2, $3, $4, $5)"
        " RETURNING request_id",
        kind,
        user_id,
        text,
        int(urgent),
        now,
    )


async def find_operator_request(reader: Executor, request_id: int) -> OperatorRequest | None:
    """The request with an id."""
    return await reader.fetch_one_parsed(_operator_request_from_row, f"{_SELECT} WHERE request_id = $1", request_id)


async def list_open_operator_requests(reader: Executor) -> list[OperatorRequest]:
    """The requests that were not carried out to their end, the oldest first."""
    return list(
        starmap(
            _operator_request_from_row, await reader.fetch(f"{_SELECT} WHERE finished_at IS NULL ORDER BY request_id")
        )
    )


async def list_announcements(reader: Executor, *, limit: int) -> list[OperatorRequest]:
    """The newest announcements, the newest first."""
    return await reader.fetch_parsed(
        _operator_request_from_row, f"{_SELECT} WHERE kind = 'announce' ORDER BY request_id DESC LIMIT $1", limit
    )


async def count_announcement_recipients(
    reader: Executor, announcements: Sequence[OperatorRequest]
) -> list[Counter[str]]:
    """How many recipients of the announcements are in which `RecipientState`, in the order of the announcements."""
    rows = await reader.fetch_for_ids(
        "SELECT request_id, state, count(*) FROM announcement_recipients WHERE request_id IN ({ids})"
        " GROUP BY request_id, state",
        ids=[request.request_id for request in announcements],
    )
    by_request: dict[int, Counter[str]] = defaultdict(Counter)
    for request_id, state, count in rows:
        by_request[request_id][state] = int(count)
    return [by_request[request.request_id] for request in announcements]


async def lock_open_operator_request(transaction: Transaction, request_id: int) -> OperatorRequest | None:
    """The request, if it is still to be carried out; nobody else does so before this transaction ends."""
    return await transaction.fetch_one_parsed(
        _operator_request_from_row,
        f"{_SELECT} WHERE request_id = $1 AND finished_at IS NULL FOR NO KEY UPDATE",
        request_id,
    )


async def finish_operator_request(transaction: Transaction, request_id: int, outcome: str, *, now: datetime) -> None:
    """Store the outcome of a request that was carried out. Whom it was about is not kept."""
    await transaction.fetch(
        "UPDATE operator_requests SET finished_at = $2, outcome = $3, user_id = NULL WHERE request_id = $1",
        request_id,
        now,
        outcome,
    )


async def add_announcement_recipients(transaction: Transaction, request_id: int, *, now: datetime) -> None:
    """Store every present member as a recipient of an announcement, once."""
    await transaction.fetch(
        "INSERT INTO announcement_recipients (request_id, member_id, state, try_at)"
        " SELECT CAST($1 AS BIGINT), member_id,"
        "  CASE WHEN takes_announcements = 1 THEN 'planned' ELSE 'declined' END, CAST($2 AS BIGINT)"
        f" FROM members WHERE {IS_CURRENT} AND {NOT_BLOCKED}"
        " ON CONFLICT DO NOTHING",
        request_id,
        now,
    )
    await transaction.fetch("UPDATE operator_requests SET started_at = $2 WHERE request_id = $1", request_id, now)


async def list_due_recipients(
    reader: Executor, request: OperatorRequest, *, now: datetime, limit: int
) -> list[AnnouncementRecipient]:
    """Members to whom an announcement is to be sent now."""
    rows = await reader.fetch(
        "SELECT member_id FROM announcement_recipients WHERE request_id = $1 AND state = 'planned' AND try_at <= $2"
        " ORDER BY try_at, member_id LIMIT $3",
        request.request_id,
        now,
        limit,
    )
    return [AnnouncementRecipient(request, MemberId(row[0])) for row in rows]


async def save_recipient_states(
    transaction: Transaction, states: Sequence[tuple[AnnouncementRecipient, RecipientState]]
) -> None:
    """Store what became of an announcement to members."""
    await transaction.execute_many(
        "UPDATE announcement_recipients SET state = $3 WHERE request_id = $1 AND member_id = $2",
        [(recipient.request.request_id, recipient.member_id, state) for recipient, state in states],
    )


async def postpone_announcement(
    transaction: Transaction, postponed: Sequence[tuple[AnnouncementRecipient, datetime]]
) -> None:
    """Try again at an instant."""
    await transaction.execute_many(
        "UPDATE announcement_recipients SET try_at = $3 WHERE request_id = $1 AND member_id = $2",
        [(recipient.request.request_id, recipient.member_id, at) for recipient, at in postponed],
    )


async def next_announcement_at(reader: Executor) -> datetime | None:
    """When the next announcement is to be sent to somebody."""
    return await reader.fetch_one_parsed(
        instant_from_micros, "SELECT min(try_at) FROM announcement_recipients WHERE state = 'planned'"
    )


async def finish_sent_announcement(transaction: Transaction, request: OperatorRequest, *, now: datetime) -> bool:
    """Finish an announcement that nobody waits for any more; False while somebody does."""
    if now >= request.requested_at + MAX_ANNOUNCEMENT_AGE:
        await transaction.fetch(
            "UPDATE announcement_recipients SET state = 'expired' WHERE request_id = $1 AND state = 'planned'",
            request.request_id,
        )
    waiting = "SELECT 1 FROM announcement_recipients WHERE request_id = $1 AND state = 'planned' LIMIT 1"
    if await transaction.fetch(waiting, request.request_id):
        return False
    await finish_operator_request(transaction, request.request_id, "sent", now=now)
    return True


async def purge_operator_requests(transaction: Transaction, *, now: datetime) -> None:
    """Delete old requests, and the recipients of announcements with them."""
    await transaction.fetch("DELETE FROM operator_requests WHERE finished_at < $1", now - RETENTION)
