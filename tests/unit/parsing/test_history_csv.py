"""A history of messages as a file: entries by thread, and the threads on another site."""

from datetime import UTC, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from bot.domain.reply.thread_state import Direction, EventKind, ThreadEvent
from bot.parsing.history_csv import parse_history

ROWS = """thread,direction,sent_at,kind,client,title
A,received,2026-11-20T10:00,,A社,
B,received,2026-11-20T11:00:00Z,message,B社,
A,sent,2026-11-20T12:00+09:00,,A社,
"""


def test_entries_are_read_by_thread() -> None:
    history = parse_history(BytesIO(ROWS.encode()), ZoneInfo("Asia/Tokyo"))
    received, sent = Direction.RECEIVED, Direction.SENT
    assert history.threads == {
        "A": [
            ThreadEvent(received, EventKind.MESSAGE, datetime(2026, 11, 20, 1, tzinfo=UTC)),
            ThreadEvent(sent, EventKind.MESSAGE, datetime(2026, 11, 20, 3, tzinfo=UTC)),
        ],
        "B": [ThreadEvent(received, EventKind.MESSAGE, datetime(2026, 11, 20, 11, tzinfo=UTC))],
    }
    assert history.on_other_sites == frozenset()
