"""How long the Discord side waits for answers, and how long between tries."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """All in seconds."""

    request: float = 15.0
    """One send or one page of a channel's history, with the retries, or one file.

    Shorter than the lease of a claimed delivery.
    """
    request_retry_delays: tuple[float, ...] = (0.1, 0.5, 2.0)
    """Between tries after a 503 or a cut connection."""
    response: float = 15.0
    """One try to answer an interaction; discord.py would wait up to 300."""
    response_retry_pauses: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
    """Between tries to answer an interaction, unless Discord asks for longer; the last one is repeated."""
    response_token: float = 15 * 60.0
    """An interaction can be answered for so long (docs/platform-facts.md#commands)."""
    receipt_retry_delays: tuple[float, ...] = (1.0, 3.0, 10.0, 30.0, 60.0)
    """Between tries to send a receipt, unless Discord asks for longer.

    After the last one the message is read again with the next session; what a mail bridge posted is not.
    """
    undo: float = 5.0
    """An undo waits so long until what it undoes was answered and noted as read."""
    gateway_step: float = 15.0
    """Until the connection to the gateway is there, until HELLO, and between events until the session has begun."""
    gateway_silence: float = 50.0
    """Without any event for so long the connection is given up: heartbeats are acknowledged every 41 seconds."""
    gateway_ack: float = 10.0
    """Until a heartbeat is acknowledged, where the server wants one less often."""
    gateway_close: float = 2.0
    """The other side has so long to close."""
    gateway_stable: float = 60.0
    """A session that lasted so long was no failure: the next pause is none again."""
    identify_interval: float = 5.0
    """Discord lets a bot identify once in this time (`max_concurrency` 1)."""
    picture_edit: float = 1.0
    """A press waits so long for a picture's edit of its message; Discord waits three for the answer."""
    shutdown_grace: float = 10.0
    """A stop waits so long for handlers that have begun, and as long again for receipts."""
    progress_interval: float = 2.0
    """Between two edits that show how far an import is."""


DEFAULT_TIMEOUTS: Final = Timeouts()


async def is_event_set_within(event: asyncio.Event, seconds: float) -> bool:
    """Wait for an event for so long; whether it was set."""
    with suppress(TimeoutError):
        return await asyncio.wait_for(event.wait(), seconds)
    return False
