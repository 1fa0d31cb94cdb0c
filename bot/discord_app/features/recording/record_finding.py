"""From a finding of intake to the ledger."""

from datetime import datetime

from bot.domain.messages import (
    ClientMessage,
    Invitation,
    IrrelevantMail,
    LoginCode,
    ParsedItem,
    ParsedTime,
    ParseFailure,
    ReviewResult,
)
from bot.domain.reply.thread_state import Direction
from bot.domain.types import MemberId
from bot.errors import NinteiError
from bot.services.recording import NewMessage, RecordingService
from bot.services.results import ClarificationNeeded, Receipt
from storage.drafts import DraftContent, MissingInfo

RecordOutcome = Receipt | ClarificationNeeded | ParsedItem
"""What became of a finding; a finding itself where there was nothing to record."""


async def record_item(
    ledger: RecordingService, member: MemberId, item: ParsedItem, direction: Direction, *, now: datetime
) -> RecordOutcome:
    """Record what can be recorded; keep as a question what lacks one thing. Raises what the ledger raises."""
    match item:
        case ClientMessage(time=ParsedTime() as time, source=source, source_key=key, looks_final=final):
            message = NewMessage(direction, item.client, item.title, time, source, key, final)
            return await ledger.record(member, message, now=now)
        case ClientMessage(client=client, source=source, source_key=key, looks_final=final):
            content = DraftContent(MissingInfo.TIME, direction, client, item.title, None, None, source, key, final)
        case Invitation(time, source, key):
            content = DraftContent(
                MissingInfo.START_CLOCK,
                Direction.RECEIVED,
                None,
                None,
                time.at if time else None,
                time.precision if time else None,
                source,
                key,
            )
        case ReviewResult(granted, time, source, key) if granted:
            content = DraftContent(
                MissingInfo.BADGE,
                Direction.RECEIVED,
                None,
                None,
                time.at if time else None,
                time.precision if time else None,
                source,
                key,
            )
        case _:
            return item
    return await ledger.save_draft(member, content, now=now)


def metric_labels(item: ParsedItem, outcome: RecordOutcome | NinteiError) -> tuple[str, str]:
    """From what something was read, and what became of it, each in a word."""
    source = item.source if isinstance(item, ClientMessage | Invitation | ReviewResult) else "none"
    match outcome:
        case Receipt():
            return source, "recorded"
        case ClarificationNeeded():
            return source, "clarification"
        case NinteiError():
            return source, "refused"
        case LoginCode():
            return source, "login_code"
        case ParseFailure():
            return source, "unreadable"
        case ClientMessage() | Invitation() | ReviewResult() | IrrelevantMail():
            return source, "nothing_to_record"
