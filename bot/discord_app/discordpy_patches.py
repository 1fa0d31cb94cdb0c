"""What discord.py does, made to last: nothing malformed ends it, nothing idle slows it, no limit outlives its wait."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import discord
import structlog

CLEANUP_INTERVAL: Final = 10.0
"""Seconds between looks for rate limits that have run out."""

EventParser = Callable[[Any], None]
"""What discord.py does with an event of the gateway."""

log = structlog.get_logger()


def ignore_irrelevant_messages(client: discord.Client) -> None:
    """Of all that is written in servers only a webhook's post that mentions the bot is made into a message.

    A bot in many servers is told of everything there, though not of what it says: whatever else it is costs a look.
    """
    parsers = client._connection.parsers  # noqa: SLF001 — discord.py has no other place for it
    for event in ("MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK"):
        parsers.pop(event)  # nothing here listens to them
    parse = parsers["MESSAGE_CREATE"]

    def parse_if_relevant(data: Any) -> None:
        if "guild_id" not in data or _is_webhook_mention(client, data):
            parse(data)

    parsers["MESSAGE_CREATE"] = parse_if_relevant


def _is_webhook_mention(client: discord.Client, data: Any) -> bool:
    """Whether a webhook posted it, and mentions the bot: so Discord shows its content without a privileged intent."""
    if not data.get("mentions") or client.user is None:
        return False
    mentioned = str(client.user.id) in [each.get("id") for each in data["mentions"]]
    if mentioned and "webhook_id" not in data:
        log.debug("mention_ignored", message=data.get("id"), channel=data.get("channel_id"))
    return mentioned and "webhook_id" in data


def log_parser_errors(client: discord.Client) -> None:
    """One malformed event must not end the client: an exception in a parser escapes `Client.connect`."""
    parsers = client._connection.parsers  # noqa: SLF001 — discord.py has no other place for it
    for event, parse in list(parsers.items()):
        parsers[event] = with_error_logging(event, parse)


def with_error_logging(event: str, parse: EventParser) -> EventParser:
    def parse_or_log(data: Any) -> None:
        try:
            parse(data)
        except Exception as fault:
            log.exception("event_malformed", gateway_event=event, fault=type(fault).__name__)

    return parse_or_log


def throttle_ratelimit_cleanup(client: discord.Client) -> None:
    """discord.py looks for old rate limits among all it knows at every request: milliseconds, with 10,000 channels."""
    http = client.http
    clear, looked = http._try_clear_expired_ratelimits, float("-inf")  # noqa: SLF001 — discord.py has no setting for it

    def clear_periodically() -> None:
        nonlocal looked
        if http.loop.time() - looked >= CLEANUP_INTERVAL:
            looked = http.loop.time()
            clear()

    http._try_clear_expired_ratelimits = clear_periodically  # type: ignore[method-assign]  # noqa: SLF001


class TrackedEvent(asyncio.Event):
    """Shut while a request waits out a limit of everything, and by whom."""

    def __init__(self) -> None:
        super().__init__()
        self.set()
        self.holders: set[asyncio.Task[Any] | None] = set()

    def clear(self) -> None:
        self.holders.add(asyncio.current_task())
        super().clear()


def release_global_ratelimit_on_cancel(client: discord.Client) -> None:
    """discord.py holds back every request while one waits; if that one is cancelled, nobody would go on, ever.

    Called once it has logged in, which makes a gate of its own.
    """
    http, request = client.http, client.http.request
    gate = http._global_over = TrackedEvent()  # noqa: SLF001 — discord.py has no other place for it

    async def request_and_release(*args: Any, **kwargs: Any) -> Any:
        try:
            return await request(*args, **kwargs)
        finally:
            gate.holders.discard(asyncio.current_task())
            if not gate.holders:
                gate.set()

    http.request = request_and_release  # type: ignore[method-assign]
