"""The receipt of a recorded message that is only shown again."""

from datetime import datetime, timedelta

from bot.domain.calendar import LANCERS_ZONE
from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.reply.thread_state import Direction
from bot.domain.types import MemberId
from bot.services.container import build_services
from bot.services.recording import NewMessage
from bot.services.results import Receipt, ReceiptKind
from bot.settings import read_defaults
from storage.connect import open_database

MIKA = MemberId(1)
NOW = datetime(2026, 11, 24, 12, tzinfo=LANCERS_ZONE)


async def test_showing_a_receipt_changes_nothing(database_url: str) -> None:
    database = await open_database(database_url)
    changes: list[str] = []
    services = build_services(
        database,
        read_defaults({}),
        lambda: changes.append("schedule"),
        on_cards_changed=lambda: changes.append("cards"),
    )
    message = NewMessage(
        direction=Direction.RECEIVED,
        client="A",
        time=ParsedTime(NOW - timedelta(hours=1), Precision.SECOND),
        source=MessageSource.WRITTEN,
        source_key="1",
    )
    recorded = await services.recording.record(MIKA, message, now=NOW)
    assert isinstance(recorded, Receipt)
    assert changes == ["schedule"]
    shown = await services.message_corrections.get_receipt(MIKA, recorded.message.id, now=NOW)
    assert shown.kind is ReceiptKind.SHOWN
    assert shown.upcoming_reminders == recorded.upcoming_reminders
    assert (shown.unanswered, shown.window_id, shown.reason) == (
        recorded.unanswered,
        recorded.window_id,
        recorded.reason,
    )
    assert changes == ["schedule"]
    await database.close()
