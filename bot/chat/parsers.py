"""What discord.py does, made to last: nothing malformed ends it, nothing idle slows it, no limit outlives its wait."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import discord
import structlog

CLEAR_EVERY: Final = 10.0
"""Seconds between looks for rate limits that have run out."""

Parse = Callable[[Any], None]
"""What discord.py does with an event of the gateway."""

log = structlog.get_logger()


def hear_little(client: discord.Client) -> None:
    """Of all that is written in servers only a webhook's post that mentions the bot is made into a message.

    A bot in many servers is told of everything there, though not of what it says: whatever else it is costs a look.
    """
    parsers = client._connection.parsers  # noqa: SLF001 — discord.py has no other place for it
    for event in ("MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK"):
        parsers.pop(event)  # nothing here listens to them
    parse = parsers["MESSAGE_CREATE"]

    def parse_what_concerns(data: Any) -> None:
        if "guild_id" not in data or _posted_to(client, data):
            parse(data)

    parsers["MESSAGE_CREATE"] = parse_what_concerns


def _posted_to(client: discord.Client, data: Any) -> bool:
    """Whether a webhook posted it, and mentions the bot: so Discord shows its content without a privileged intent."""
    if not data.get("mentions") or client.user is None:
        return False
    mentioned = str(client.user.id) in [each.get("id") for each in data["mentions"]]
    if mentioned and "webhook_id" not in data:
        log.debug("mention_ignored", message=data.get("id"), channel=data.get("channel_id"))
    return mentioned and "webhook_id" in data


def harden(client: discord.Client) -> None:
    """One malformed event must not end the client: an exception in a parser escapes `Client.connect`."""
    parsers = client._connection.parsers  # noqa: SLF001 — discord.py has no other place for it
    for event, parse in list(parsers.items()):
        parsers[event] = hardened(event, parse)


def hardened(event: str, parse: Parse) -> Parse:
    def parse_or_log(data: Any) -> None:
        try:
            parse(data)
        except Exception as fault:
            log.exception("event_malformed", gateway_event=event, fault=type(fault).__name__)

    return parse_or_log


def ease(client: discord.Client) -> None:
    """discord.py looks for old rate limits among all it knows at every request: milliseconds, with 10,000 channels."""
    http = client.http
    clear, looked = http._try_clear_expired_ratelimits, float("-inf")  # noqa: SLF001 — discord.py has no setting for it

    def clear_now_and_then() -> None:
        nonlocal looked
        if http.loop.time() - looked >= CLEAR_EVERY:
            looked = http.loop.time()
            clear()

    http._try_clear_expired_ratelimits = clear_now_and_then  # type: ignore[method-assign]  # noqa: SLF001


class _Gate(asyncio.Event):
    """Shut while a request waits out a limit of everything, and by whom."""

    def __init__(self) -> None:
        super().__init__()
        self.set()
        self.shut_by: set[asyncio.Task[Any] | None] = set()

    def clear(self) -> None:
        self.shut_by.add(asyncio.current_task())
        super().clear()


def open_what_is_given_up(client: discord.Client) -> None:
    """discord.py holds back every request while one waits; if that one is cancelled, nobody would go on, ever.

    Called once it has logged in, which makes a gate of its own.
    """
    http, request = client.http, client.http.request
    gate = http._global_over = _Gate()  # noqa: SLF001 — discord.py has no other place for it

    async def request_and_open(*args: Any, **kwargs: Any) -> Any:
        try:
            return await request(*args, **kwargs)
        finally:
            gate.shut_by.discard(asyncio.current_task())
            if not gate.shut_by:
                gate.set()

    http.request = request_and_open  # type: ignore[method-assign]
