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
"""One step of a member's corrections, which can be undone."""
MutedClientId = NewType("MutedClientId", int)
MailPathId = NewType("MailPathId", int)
MailToken = NewType("MailToken", str)
"""What follows the plus sign in the address to which a member has mails forwarded; whoever knows it can write there."""

Yen = NewType("Yen", int)

Locale = Literal["ja", "en"]
Edition = NewType("Edition", str)
"""The name of a dated set of certification rules, for example `2016`."""


class Site(StrEnum):
    """Where a conversation is. Replies on another site than Lancers count in no figure."""

    LANCERS = "lancers"
    OTHER = "other"


class ContractMethod(StrEnum):
    """How a job on Lancers is contracted and paid."""

    PROJECT = "project"
    HOURLY = "hourly"
    MONTHLY = "monthly"
    PACKAGE = "package"
    TASK = "task"
    CONTEST = "contest"
