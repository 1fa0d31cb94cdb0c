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
            content = DraftContent(
                missing=MissingInfo.TIME,
                direction=direction,
                client=client,
                title=item.title,
                sent_at=None,
                precision=None,
                source=source,
                source_key=key,
                looks_final=final,
            )
        case Invitation(time, source, key):
            content = DraftContent(
                missing=MissingInfo.START_CLOCK,
                direction=Direction.RECEIVED,
                client=None,
                title=None,
                sent_at=time.at if time else None,
                precision=time.precision if time else None,
                source=source,
                source_key=key,
            )
        case ReviewResult(granted, time, source, key) if granted:
            content = DraftContent(
                missing=MissingInfo.BADGE,
                direction=Direction.RECEIVED,
                client=None,
                title=None,
                sent_at=time.at if time else None,
                precision=time.precision if time else None,
                source=source,
                source_key=key,
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
