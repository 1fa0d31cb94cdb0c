"""Whether a member typed the same minutes before: people type again what was recorded but not answered in time."""

from datetime import timedelta
from typing import Final

from bot.domain.messages import ParsedTime, Precision
from bot.domain.reply.thread_state import Direction
from bot.domain.types import ThreadId
from bot.services.record_transaction import RecordTransaction
from storage import messages
from storage.messages import Message

REPEAT_WINDOW: Final = timedelta(minutes=10)
"""An entry with the same thread, direction and time within so long is taken for a repetition."""

_NOW_TOLERANCE: Final = timedelta(minutes=1)


async def find_repeated_message(
    record: RecordTransaction,
    direction: Direction,
    time: ParsedTime,
    *,
    thread_id: ThreadId | None = None,
    unassigned_client_key: str = "",
) -> Message | None:
    """The message that the member typed minutes ago, of which this is a repetition.

    In the thread, or in the unassigned ones of a client. Times counted from now ("now", "3 hours ago") may differ by
    what has passed since; they are no repetition once the other side has written in between.
    """
    typed = await messages.find_messages_typed_since(
        record.transaction,
        record.member_id,
        direction,
        record.now - REPEAT_WINDOW,
        thread_id=thread_id,
        unassigned_client_key=unassigned_client_key,
    )
    for earlier in typed:
        if earlier.entry.at == time.at:
            return earlier
        both_from_now = _is_vague_repetition(earlier, time, record)
        if both_from_now and abs(earlier.entry.at - time.at) <= REPEAT_WINDOW:
            stored = await record.stored_thread(earlier.thread_id)
            if not any(
                other.entry.direction is not direction and other.entry.at >= earlier.entry.at
                for other in stored.messages
            ):
                return earlier
    return None


def _is_vague_repetition(earlier: Message, time: ParsedTime, record: RecordTransaction) -> bool:
    if earlier.precision is Precision.ABOUT and time.precision is Precision.ABOUT:
        return True
    was_now = earlier.recorded_at - earlier.entry.at < _NOW_TOLERANCE
    return was_now and record.now - time.at < _NOW_TOLERANCE
