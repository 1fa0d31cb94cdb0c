"""Typed ids, yen and contract methods, used by all packages."""

from enum import StrEnum
from typing import Literal, NewType

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
MutedClientId = NewType("MutedClientId", int)
"""One step of a member's corrections, which can be undone."""

Yen = NewType("Yen", int)

Locale = Literal["ja", "en"]
Edition = NewType("Edition", str)
"""The name of a dated set of certification rules, for example `2016`."""


class ContractMethod(StrEnum):
    """How a job on Lancers is contracted and paid."""

    PROJECT = "project"
    HOURLY = "hourly"
    MONTHLY = "monthly"
    PACKAGE = "package"
    TASK = "task"
    CONTEST = "contest"
