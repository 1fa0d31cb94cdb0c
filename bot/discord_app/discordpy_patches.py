"""Changes to the behaviour of discord.py 2.7.1 for which it has no setting.

Each function says what discord.py does, and why the bot needs something else.
"""

import asyncio
import json
import re
from asyncio import sleep
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from http import HTTPStatus
from typing import Any, Final

import aiohttp
import discord
import structlog

from bot.discord_app.received_data import (
    ReceivedObject,
    from_json,
    is_webhook_mention,
    reduce_received_interaction,
    reduce_received_message,
)
from bot.discord_app.request_errors import REQUEST_ERRORS, UNPARSABLE_RESPONSE_ERRORS, retry_after_of_error

RATELIMIT_CLEANUP_SECONDS: Final = 10.0

REQUEST_TIMEOUT: Final = 15.0
"""Seconds for a request, discord.py's own repetitions and waits for rate limits included."""

LOGIN_PAUSES: Final = (1.0, 3.0)
"""Seconds before a request of the log-in is repeated; longer where Discord asks to wait longer."""

LOGIN_PATHS: Final = ("/users/@me", "/applications/@me", "/gateway/bot")
"""How the paths end that the log-in and the begin of a session ask for, once each."""

CONFIRMATION: Final = {"interaction": {"id": 0}}
"""What is read where Discord confirms the answer to an interaction without naming its message (status 204)."""

REFUSALS: Final[dict[int, type[discord.HTTPException]]] = {
    HTTPStatus.FORBIDDEN: discord.Forbidden,
    HTTPStatus.NOT_FOUND: discord.NotFound,
}
"""discord.py's exceptions by the status of a response."""

EVENTS: Final = frozenset({
    "READY", "RESUMED", "MESSAGE_CREATE", "MESSAGE_UPDATE", "INTERACTION_CREATE",
    # what the bot may do in a server's channel
    "GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE", "GUILD_MEMBER_UPDATE",
    "GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE",
    "CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE", "THREAD_DELETE",
})  # fmt: skip
"""The events that the bot needs; all others are dropped before they are parsed."""

EventParser = Callable[[Any], None]
"""discord.py's function for one kind of gateway event; it gets the event's data."""

OLD_MESSAGE_EDITS_CODE: Final = 30046
"""Discord's code for too many edits of a message that is older than an hour."""

log = structlog.get_logger()


def filter_and_guard_events(client: discord.Client, on_unparsable_message: Callable[[Any], None]) -> None:
    """Parse only `EVENTS`, no message of a server but those of webhooks that mention the bot; survive malformed events.

    discord.py makes an object of every message in every server of the bot, which costs time that nothing needs, and it
    parses edits there and events to which nothing listens. An exception of a parser leaves `Client.connect` and
    ends the bot (docs/platform-facts.md#gateway-and-shutdown).
    """
    parsers = client._connection.parsers  # noqa: SLF001 — discord.py has no other place for it
    for event in parsers.keys() - EVENTS:
        del parsers[event]
    parsers["MESSAGE_CREATE"] = partial(parse_message_event, client, parsers["MESSAGE_CREATE"])
    parsers["MESSAGE_UPDATE"] = partial(parse_message_edit_event, client, parsers["MESSAGE_UPDATE"])
    parsers["INTERACTION_CREATE"] = partial(parse_interaction_event, client, parsers["INTERACTION_CREATE"])
    for event, parse in list(parsers.items()):
        on_failure = on_unparsable_message if event == "MESSAGE_CREATE" else None
        parsers[event] = log_event_parser_errors(event, parse, on_failure)


def log_event_parser_errors(event: str, parse: EventParser, on_failure: Callable[[Any], None] | None) -> EventParser:
    """A parser that logs its exceptions and hands on their data."""

    def parse_or_log(data: Any) -> None:
        try:
            parse(data)
        except Exception as error:
            log.exception("event_malformed", gateway_event=event, error_type=type(error).__name__)
            if on_failure is not None:
                on_failure(data)

    return parse_or_log


def parse_message_event(client: discord.Client, parse: EventParser, data: Any) -> None:
    """Parse a direct message, or a webhook's post that mentions the bot."""
    if data.get("guild_id") is None or is_webhook_mention(data, client.user):
        parse(reduce_received_message(data, client.user))


def parse_message_edit_event(client: discord.Client, parse: EventParser, data: Any) -> None:
    """Parse a direct message's edit by its author. What Discord adds later, such as embeds, may come without one."""
    if data.get("guild_id") is None and data.get("author") is not None:
        parse(reduce_received_message(data, client.user))


def parse_interaction_event(client: discord.Client, parse: EventParser, data: Any) -> None:
    """Parse an interaction, without the components of its message where these cannot be parsed."""
    interaction = reduce_received_interaction(data, client.application_id)
    try:
        parse(interaction)
    except UNPARSABLE_RESPONSE_ERRORS:
        if not interaction.get("message", {}).pop("components", None):
            raise
        parse(interaction)


def limit_discord_requests(client: discord.Client, set_token_refused: Callable[[bool], None]) -> None:
    """Give up a request after 15 seconds, notice a refused token, and repeat the requests of the log-in a few times.

    A request that ends while it waits out the global rate limit lets the others go on
    (`release_global_ratelimit_on_cancel`).
    discord.py waits 300 seconds for an answer, or as long as Discord's rate limit asks for, and writes no line.
    """
    request = client.http.request
    is_refused = False

    async def request_with_limit(route: discord.http.Route, **options: Any) -> Any:
        nonlocal is_refused
        pauses = LOGIN_PAUSES if client.application_id is None else ()  # logged in
        for attempt, pause in enumerate((*pauses, None), start=1):
            try:
                async with asyncio.timeout(REQUEST_TIMEOUT):
                    answer = await request(route, **options)
                break
            except REQUEST_ERRORS as error:
                status = getattr(error, "status", None)
                if status == HTTPStatus.UNAUTHORIZED and not is_refused:
                    is_refused = True
                    set_token_refused(is_refused)
                    log.critical("token_refused", method=route.method, path=route.path)
                asked_wait = retry_after_of_error(error) if isinstance(error, discord.HTTPException) else None
                is_passing = status is None or status >= 500 or status == HTTPStatus.TOO_MANY_REQUESTS  # noqa: PLR2004
                if pause is None or not is_passing:
                    raise
                pause_seconds = max(pause, (asked_wait or timedelta()).total_seconds())
                log.info(
                    "login_failed",
                    attempt=attempt,
                    path=route.path,
                    error_type=type(error).__name__,
                    status=status,
                    pause_seconds=pause_seconds,
                )
                await sleep(pause_seconds)
            finally:
                over = client.http._global_over  # noqa: SLF001 — of the log-in it is discord.py's own
                if isinstance(over, TrackedEvent) and over.clearing_tasks:
                    over.end_clearing()
        if is_refused:
            is_refused = False
            set_token_refused(is_refused)
        return answer

    client.http.request = request_with_limit  # type: ignore[method-assign]


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


class DatedMessage(discord.Message):
    """A message of when it says it was written, not of its id's instant: a server in Discord's place may count ids."""

    __slots__ = ("_written_at",)

    def __init__(self, *, state: Any, channel: Any, data: Any) -> None:
        super().__init__(state=state, channel=channel, data=data)
        self._written_at = discord.utils.parse_time(data.get("timestamp"))

    @property
    def created_at(self) -> datetime:
        return self._written_at or super().created_at


class OldMessageEditsError(Exception):
    """Discord takes no more edits of a message that is older than an hour."""


@cache
def accept_incomplete_discord_data() -> None:
    """Let discord.py read incomplete data. Once in a process: it changes functions of discord.py."""
    setattr(discord.utils, "_from_json", from_json)  # noqa: B010 — it has no other place for it
    setattr(discord.http, "json_or_text", decode_discord_response)  # noqa: B010 — mypy does not know it there
    setattr(discord.app_commands.namespace, "Message", DatedMessage)  # noqa: B010 — the same
    discord.webhook.async_.AsyncWebhookAdapter.request = send_interaction_response_once  # type: ignore[assignment, method-assign]
    update = discord.http.Ratelimit.update

    def update_if_complete(self: Any, response: aiohttp.ClientResponse, **options: Any) -> None:
        """Update the bucket of a rate limit; without its end nothing is limited."""
        try:
            update(self, response, **options)
        except UNPARSABLE_RESPONSE_ERRORS:
            self.remaining = self.limit

    discord.http.Ratelimit.update = update_if_complete  # type: ignore[method-assign]


async def decode_discord_response(response: aiohttp.ClientResponse) -> Any:
    """What a response says; text that is no JSON as it is. discord.py takes JSON with a charset for text.

    Raises `OldMessageEditsError` at once when Discord refuses an edit because the message is old: it does so with
    status 429, which discord.py takes for a rate limit: it sleeps and edits again. A rate limit of the log-in is raised
    as well: discord.py would wait within the time of one request, and the wait may be longer.
    """
    text = await response.text(encoding="utf-8", errors="replace")
    try:
        data = from_json(text)
    except (ValueError, RecursionError):
        return text
    if not response.ok:
        data = as_discord_error(data)
        is_limited = response.status == HTTPStatus.TOO_MANY_REQUESTS
        if is_limited and response.method == "GET" and response.url.path.endswith(LOGIN_PATHS):
            raise discord.HTTPException(response, data)
        if is_limited and response.method == "PATCH" and data["code"] == OLD_MESSAGE_EDITS_CODE:
            raise OldMessageEditsError
    return data if isinstance(data, (dict, list)) else text


def as_discord_error(data: Any) -> ReceivedObject:
    """An error of Discord's as discord.py reads it, whatever a server in Discord's place says instead."""
    error = ReceivedObject(data) if isinstance(data, dict) else ReceivedObject()
    code = str(error.get("code"))
    error["code"] = int(code) if re.fullmatch("[0-9]{1,9}", code) else 0
    error["message"] = str(error.get("message", ""))
    try:
        discord.errors._flatten_error_dict(error.get("errors") or {})  # noqa: SLF001 — what reads it
    except UNPARSABLE_RESPONSE_ERRORS:
        del error["errors"]
    return error


async def send_interaction_response_once(
    _adapter: discord.webhook.async_.AsyncWebhookAdapter,
    route: discord.http.Route,
    session: aiohttp.ClientSession,
    *,
    payload: dict[str, Any] | None = None,
    multipart: Sequence[dict[str, Any]] | None = None,
    params: dict[str, Any] | None = None,
    **_unused: Any,
) -> Any:
    """Answer an interaction. Raises `discord.HTTPException` and `aiohttp.ClientError`.

    discord.py tries again by itself: it waits for as long as a proxy says, or after Discord has confirmed the
    answer. `bot.discord_app.responses` does it instead.
    """
    body: Any = None if payload is None else discord.utils._to_json(payload)  # noqa: SLF001 — as discord.py does
    if multipart:
        body = aiohttp.FormData(quote_fields=False)
        for field in multipart:
            body.add_field(**field)
    headers = {} if payload is None else {"Content-Type": "application/json"}
    async with session.request(route.method, route.url, data=body, headers=headers, params=params) as response:
        data = await decode_discord_response(response)
    if not response.ok:
        is_server_error = response.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        kind = discord.DiscordServerError if is_server_error else REFUSALS.get(response.status, discord.HTTPException)
        raise kind(response, data)
    is_callback = route.path.endswith("/callback")
    if is_callback and data in ("", {}):
        return CONFIRMATION
    if route.method != "DELETE" and not (isinstance(data, dict) and data.get("interaction" if is_callback else "id")):
        raise aiohttp.ClientPayloadError(type(data).__name__)
    # It has the id of the message; discord.py would make an object of the whole message, which nothing reads.
    return {"interaction": data["interaction"]} if is_callback else data


def complete_gateway_session_event(frame: str, gateway: str, shard: tuple[int, int]) -> str:
    """The frame that says that a session begins or goes on: without an address it is resumed where it was begun.

    What is null is left out: discord.py takes a missing list for an empty one.
    """
    event = json.loads(frame)
    if event.get("t") not in {"READY", "RESUMED"}:
        return frame
    data = {name: value for name, value in (event.get("d") or {}).items() if value is not None}
    data["resume_gateway_url"] = data.get("resume_gateway_url") or gateway
    data["shard"] = data.get("shard") or shard
    return json.dumps({**event, "d": data})


class TrackedEvent(asyncio.Event):
    """The event that is clear while a request waits out the global rate limit; it knows which tasks cleared it."""

    def __init__(self) -> None:
        super().__init__()
        self.set()
        self.clearing_tasks: set[asyncio.Task[Any] | None] = set()

    def clear(self) -> None:
        self.clearing_tasks.add(asyncio.current_task())
        super().clear()

    def end_clearing(self) -> None:
        """A request of this task has ended, however it did: set unless another one waits."""
        self.clearing_tasks.discard(asyncio.current_task())
        if not self.clearing_tasks:
            self.set()


def release_global_ratelimit_on_cancel(client: discord.Client) -> None:
    """Let requests go on when the one that waits out the global rate limit is cancelled (`limit_discord_requests`).

    discord.py blocks every request while that one waits, and unblocks them only after its wait: cancelled, it leaves
    them blocked for ever. To be called after login, which creates the event that blocks them.
    """
    client.http._global_over = TrackedEvent()  # noqa: SLF001 — discord.py has no other place for it
