"""Discord's ids of messages, which it gives in the order of time."""

from datetime import datetime
from typing import Final

from bot.domain.calendar import instant_from_micros, instant_to_micros

DISCORD_EPOCH_MS: Final = 1_420_070_400_000
"""Milliseconds from 1970 to the instant from which Discord's ids count."""


def message_id_at(instant: datetime) -> int:
    """The lowest id that Discord gives to a message of an instant; those of earlier messages are below it."""
    return max(instant_to_micros(instant) // 1000 - DISCORD_EPOCH_MS, 0) << 22


def message_sent_at(message_id: int) -> datetime:
    """When a message was sent, to the millisecond."""
    return instant_from_micros(((message_id >> 22) + DISCORD_EPOCH_MS) * 1000)
