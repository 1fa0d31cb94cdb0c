"""Typed ids, yen and instants, used by all packages.

An *instant* is a `datetime` with a zone. The database stores it as whole microseconds since 1970-01-01 UTC.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, Literal, NewType

MemberId = NewType("MemberId", int)
"""A Discord user's id."""
ThreadId = NewType("ThreadId", int)
MessageId = NewType("MessageId", int)
"""A recorded message; never a Discord message's id."""
DraftId = NewType("DraftId", int)
PlannedReminderId = NewType("PlannedReminderId", int)
DeliveryId = NewType("DeliveryId", int)
JobId = NewType("JobId", int)
UndoStepId = NewType("UndoStepId", int)
"""One step of a member's corrections, which can be undone."""

Yen = NewType("Yen", int)

Locale = Literal["ja", "en"]
Edition = NewType("Edition", str)
"""The name of a dated set of certification rules, for example `2016`."""


class ContractMethod(StrEnum):
    """How a job on Lancers is contracted and paid."""

    PROJECT = "project"
    HOURLY = "hourly"
    TASK = "task"
    CONTEST = "contest"


EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)


def to_micros(instant: datetime) -> int:
    """Whole microseconds since the epoch; exact, unlike `datetime.timestamp`."""
    return (instant - EPOCH) // MICROSECOND


def from_micros(micros: int) -> datetime:
    """The reverse of `to_micros`, in UTC."""
    return EPOCH + micros * MICROSECOND
