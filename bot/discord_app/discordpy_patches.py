"""Changes to the behaviour of discord.py 2.7.1 for which it has no setting.

Each function says what discord.py does, and why the bot needs something else.
"""

import asyncio
from asyncio import sleep
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any, Final

import aiohttp
import discord
import structlog

from bot.discord_app.request_errors import REQUEST_ERRORS

RATELIMIT_CLEANUP_SECONDS: Final = 10.0

OMITTED_KEYS: Final = ("guild_id", "member", "webhook_id")
"""Keys that a direct message does not have, and whose presence means something."""

REQUEST_TIMEOUT: Final = 15.0
"""Seconds for a request, discord.py's own repetitions and waits for rate limits included."""

LOGIN_PAUSES: Final = (1.0, 3.0)
"""Seconds before a request of the log-in is repeated."""

OLD_MESSAGE_EDITS_CODE: Final = 30046
"""Discord's code for too many edits of a message that is older than an hour."""

EventParser = Callable[[Any], None]
"""discord.py's function for one kind of gateway event; it gets the event's data."""

log = structlog.get_logger()


def filter_and_guard_events(client: discord.Client, on_unparsable_message: Callable[[Any], None]) -> None:
    """Parse no message of a server but those of webhooks that mention the bot, and go on after malformed events.

    discord.py makes an object of every message in every server of the bot, which costs time that nothing needs, and it
    parses edits there and deletions, to which nothing listens. An exception of a parser leaves `Client.connect` and
    ends the bot (docs/platform-facts.md#gateway-and-shutdown).
    """
    parsers = client._connection.parsers  # noqa: SLF001 — discord.py has no other place for it
    for event in ("MESSAGE_DELETE", "MESSAGE_DELETE_BULK"):
        parsers.pop(event)
    for event, parse in list(parsers.items()):
        if event == "MESSAGE_CREATE":
            is_relevant = partial(is_webhook_mention, client)
            parsers[event] = log_errors(event, parse, is_relevant, on_failure=on_unparsable_message)
        elif event == "MESSAGE_UPDATE":
            parsers[event] = log_errors(event, parse, lambda _data: False)  # edits in direct messages alone
        else:
            parsers[event] = log_errors(event, parse)


def log_errors(
    event: str,
    parse: EventParser,
    is_relevant: Callable[[Any], bool] | None = None,
    on_failure: Callable[[Any], None] = lambda _data: None,
) -> EventParser:
    """A parser that logs its exceptions and hands on their data. What comes from a server is parsed if relevant.

    Discord leaves out what an event does not have; a server that sends null for it means the same.
    """

    def parse_or_log(data: Any) -> None:
        try:
            for key in OMITTED_KEYS:
                if data.get(key, key) is None:
                    del data[key]
            if is_relevant is None or "guild_id" not in data or is_relevant(data):
                parse(data)
        except Exception as error:
            log.exception("event_malformed", gateway_event=event, error_type=type(error).__name__)
            on_failure(data)

    return parse_or_log


def is_webhook_mention(client: discord.Client, data: Any) -> bool:
    """Whether a webhook posted it and mentions the bot: only then does Discord show the bot its content."""
    if not data.get("mentions") or client.user is None:
        return False
    is_mentioned = str(client.user.id) in [user.get("id") for user in data["mentions"]]
    if is_mentioned and "webhook_id" not in data:
        log.debug("mention_ignored", message_id=data.get("id"), channel_id=data.get("channel_id"))
    return is_mentioned and "webhook_id" in data


def limit_requests(client: discord.Client, set_token_refused: Callable[[bool], None]) -> None:
    """Give up a request after 15 seconds, notice a refused token, and repeat the requests of the log-in a few times.

    discord.py waits 300 seconds for an answer, or as long as Discord's rate limit asks for, and writes no line.
    """
    request = client.http.request
    is_refused = False

    async def request_with_limit(route: discord.http.Route, **options: Any) -> Any:
        nonlocal is_refused
        try:
            async with asyncio.timeout(REQUEST_TIMEOUT):
                answer = await request(route, **options)
        except discord.HTTPException as error:
            if error.status == HTTPStatus.UNAUTHORIZED and not is_refused:
                is_refused = True
                set_token_refused(is_refused)
                log.critical("token_refused", method=route.method, path=route.path)
            raise
        if is_refused:
            is_refused = False
            set_token_refused(is_refused)
        return answer

    async def request_with_retries(route: discord.http.Route, **options: Any) -> Any:
        for attempt, pause in enumerate(LOGIN_PAUSES, start=1):
            if client.application_id is not None:  # logged in
                break
            try:
                return await request_with_limit(route, **options)
            except REQUEST_ERRORS as error:
                status = getattr(error, "status", None)
                if status is not None and status < 500 and status != HTTPStatus.TOO_MANY_REQUESTS:  # noqa: PLR2004
                    raise
                log.info(
                    "login_failed",
                    attempt=attempt,
                    path=route.path,
                    error_type=type(error).__name__,
                    status=status,
                    pause_seconds=pause,
                )
                await sleep(pause)
        return await request_with_limit(route, **options)

    client.http.request = request_with_retries  # type: ignore[method-assign]


def throttle_ratelimit_cleanup(client: discord.Client) -> None:
    """Look for expired rate limits every ten seconds at most.

    discord.py goes through all that it knows at every request, which takes milliseconds with 10,000 channels.
    """
    http = client.http
    clear_expired = http._try_clear_expired_ratelimits  # noqa: SLF001 — discord.py has no setting for it
    cleared_at = float("-inf")

    def clear_periodically() -> None:
        nonlocal cleared_at
        if http.loop.time() - cleared_at >= RATELIMIT_CLEANUP_SECONDS:
            cleared_at = http.loop.time()
            clear_expired()

    http._try_clear_expired_ratelimits = clear_periodically  # type: ignore[method-assign]  # noqa: SLF001


class OldMessageEditsError(Exception):
    """Discord takes no more edits of a message that is older than an hour."""


def raise_on_old_message_edits(trace: aiohttp.TraceConfig) -> None:
    """Raise `OldMessageEditsError` at once when Discord refuses an edit because the message is old.

    Discord answers so with status 429, which discord.py takes for a rate limit: it sleeps and edits again.
    """

    async def on_request_end(_session: Any, _context: Any, params: aiohttp.TraceRequestEndParams) -> None:
        if params.method != "PATCH" or params.response.status != HTTPStatus.TOO_MANY_REQUESTS:
            return
        try:
            body = await params.response.json()
        except ValueError:
            return
        if isinstance(body, dict) and body.get("code") == OLD_MESSAGE_EDITS_CODE:
            raise OldMessageEditsError

    trace.on_request_end.append(on_request_end)


class TrackedEvent(asyncio.Event):
    """The event that is clear while a request waits out the global rate limit; it knows which tasks cleared it."""

    def __init__(self) -> None:
        super().__init__()
        self.set()
        self.clearing_tasks: set[asyncio.Task[Any] | None] = set()

    def clear(self) -> None:
        self.clearing_tasks.add(asyncio.current_task())
        super().clear()


def release_global_ratelimit_on_cancel(client: discord.Client) -> None:
    """Let requests go on when the one that waits out the global rate limit is cancelled.

    discord.py blocks every request while that one waits, and unblocks them only after its wait: cancelled, it leaves
    them blocked for ever. To be called after login, which creates the event that blocks them.
    """
    http, request = client.http, client.http.request
    event = http._global_over = TrackedEvent()  # noqa: SLF001 — discord.py has no other place for it

    async def request_and_release(*args: Any, **kwargs: Any) -> Any:
        try:
            return await request(*args, **kwargs)
        finally:
            event.clearing_tasks.discard(asyncio.current_task())
            if not event.clearing_tasks:
                event.set()

    http.request = request_and_release  # type: ignore[method-assign]
