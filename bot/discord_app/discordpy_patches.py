"""Changes to the behaviour of discord.py 2.7.1 for which it has no setting.

Each function says what discord.py does, and why the bot needs something else.
"""

import asyncio
import json
from asyncio import sleep
from collections.abc import Callable
from functools import cache, partial
from http import HTTPStatus
from typing import Any, Final

import aiohttp
import discord
import structlog

from bot.discord_app.request_errors import REQUEST_ERRORS, UNPARSABLE_RESPONSE_ERRORS

RATELIMIT_CLEANUP_SECONDS: Final = 10.0

MEMBER_EVENTS: Final = {"MESSAGE_CREATE", "MESSAGE_UPDATE", "INTERACTION_CREATE"}
"""Events of what a member does: a field that is null there means the same as one that is missing."""

NEVER_NULL: Final = {"author", "attachments"}
"""Without these a message would be read as somebody else's, or as if there were no file."""

REQUEST_TIMEOUT: Final = 15.0
"""Seconds for a request, discord.py's own repetitions and waits for rate limits included."""

LOGIN_PAUSES: Final = (1.0, 3.0)
"""Seconds before a request of the log-in is repeated."""

FILE_SIZE_LIMIT: Final = 10 * 1024 * 1024
"""Discord's own for files in an answer to an interaction."""

PRIVATE, TEXT = discord.ChannelType.private.value, discord.ChannelType.text.value

BOT_DM: Final = 1
"""The context of an interaction in the direct message with the bot."""

COMPONENTS_V2: Final = discord.MessageFlags(components_v2=True).value
"""The flags of a card."""

CONFIRMATION: Final = {"interaction": {"id": 0}}
"""What is read where Discord confirms the answer to an interaction without naming its message (status 204)."""

EventParser = Callable[[Any], None]
"""discord.py's function for one kind of gateway event; it gets the event's data."""

DEFAULTS: Final[dict[str, Any]] = {
    # a message, what it forwards, and its files; of a size of 0 a file would be empty
    "type": 0, "content": "", "embeds": (), "attachments": (), "components": (), "edited_timestamp": None,
    "size": 1, "proxy_url": "",
    # an interaction with its member, channel and control
    "version": 1, "attachment_size_limit": FILE_SIZE_LIMIT, "roles": (), "flags": 0, "position": 0,
    # a user
    "username": "", "discriminator": "0", "avatar": None,
    # a session
    "guilds": (),
    # the application
    "name": "", "description": "", "icon": None, "bot_public": True, "bot_require_code_grant": False, "verify_key": "",
    "owner": {"id": 0, "username": "", "discriminator": "0", "avatar": None},
}  # fmt: skip
"""By its name, for each field that discord.py needs and the bot does not, a value that says nothing.

discord.py raises `KeyError` where one is missing, and the whole event or answer is lost. Discord has left out fields
before that it always sent, and a server in its place leaves out more.
"""

OLD_MESSAGE_EDITS_CODE: Final = 30046
"""Discord's code for too many edits of a message that is older than an hour."""

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
            parsers[event] = log_event_parser_errors(event, parse, is_relevant, on_failure=on_unparsable_message)
        elif event == "MESSAGE_UPDATE":
            # Edits in direct messages alone.
            parsers[event] = log_event_parser_errors(
                event, partial(parse_message_edit_event, parse), lambda _data: False
            )
        elif event == "INTERACTION_CREATE":
            parsers[event] = log_event_parser_errors(event, partial(parse_interaction_event, parse))
        else:
            parsers[event] = log_event_parser_errors(event, parse)


def log_event_parser_errors(
    event: str,
    parse: EventParser,
    is_relevant: Callable[[Any], bool] | None = None,
    on_failure: Callable[[Any], None] = lambda _data: None,
) -> EventParser:
    """A parser that logs its exceptions and hands on their data. What comes from a server is parsed if relevant."""

    def parse_or_log(data: Any) -> None:
        try:
            if event in MEMBER_EVENTS:
                for key in [key for key, value in data.items() if value is None and key not in NEVER_NULL]:
                    del data[key]
                if event == "MESSAGE_CREATE":
                    data.setdefault("author", None)  # which cannot be parsed; where it is missing, discord.py goes on
                data.get("message_reference", {}).setdefault("channel_id", data.get("channel_id"))
            if is_relevant is None or "guild_id" not in data or is_relevant(data):
                parse(data)
        except Exception as error:
            log.exception("event_malformed", gateway_event=event, error_type=type(error).__name__)
            on_failure(data)

    return parse_or_log


def parse_message_edit_event(parse: EventParser, data: Any) -> None:
    """Parse an edit by its author. What Discord adds later, such as embeds, may come without one."""
    if "author" in data:
        parse(data)


def parse_interaction_event(parse: EventParser, data: Any) -> None:
    """Parse an interaction that may not say where it comes from, for which discord.py and the bot ask."""
    channel = {"id": data.get("channel_id"), "type": PRIVATE, **data.get("channel", {})}
    if "guild_id" in data:  # of a server's channel nothing is read but the id
        channel |= {"type": TEXT, "name": "", "position": 0}
        if "user" in data:
            data.setdefault("member", {"user": data["user"], "roles": [], "flags": 0})
    elif channel["type"] == PRIVATE:
        data.setdefault("context", BOT_DM)
    data["channel"] = channel
    data.setdefault("locale", "")
    data.get("message", {}).setdefault("flags", COMPONENTS_V2)
    parse(data)


def is_webhook_mention(client: discord.Client, data: Any) -> bool:
    """Whether a webhook posted it and mentions the bot: only then does Discord show the bot its content."""
    if not data.get("mentions") or client.user is None:
        return False
    is_mentioned = str(client.user.id) in [user.get("id") for user in data["mentions"]]
    if is_mentioned and "webhook_id" not in data:
        log.debug("mention_ignored", message_id=data.get("id"), channel_id=data.get("channel_id"))
    return is_mentioned and "webhook_id" in data


def limit_discord_requests(client: discord.Client, set_token_refused: Callable[[bool], None]) -> None:
    """Give up a request after 15 seconds, notice a refused token, and repeat the requests of the log-in a few times.

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
                is_passing = status is None or status >= 500 or status == HTTPStatus.TOO_MANY_REQUESTS  # noqa: PLR2004
                if pause is None or not is_passing:
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


class OldMessageEditsError(Exception):
    """Discord takes no more edits of a message that is older than an hour."""


class ReceivedObject(dict[str, Any]):
    """An object of Discord's. What is looked for with `get` or `in` is missing if it is."""

    __slots__ = ()

    def __missing__(self, key: str) -> Any:
        return DEFAULTS[key]


from_json: Final = json.JSONDecoder(object_hook=ReceivedObject).decode


@cache
def accept_incomplete_discord_data() -> None:
    """Let discord.py read incomplete data. Once in a process: it changes functions of discord.py."""
    setattr(discord.utils, "_from_json", from_json)  # noqa: B010 — it has no other place for it
    for module in (discord.http, discord.webhook.async_):
        setattr(module, "json_or_text", decode_discord_response)  # noqa: B010 — mypy knows it of one module alone
    update = discord.http.Ratelimit.update

    def update_if_complete(self: Any, response: aiohttp.ClientResponse, **options: Any) -> None:
        """A bucket without its end is none."""
        try:
            update(self, response, **options)
        except UNPARSABLE_RESPONSE_ERRORS:
            self.remaining = self.limit

    discord.http.Ratelimit.update = update_if_complete  # type: ignore[method-assign]


async def decode_discord_response(response: aiohttp.ClientResponse) -> Any:
    """What a response says; text that is no JSON as it is. discord.py takes JSON with a charset for text.

    Raises `OldMessageEditsError` at once when Discord refuses an edit because the message is old: it does so with
    status 429, which discord.py takes for a rate limit: it sleeps and edits again.
    """
    text = await response.text(encoding="utf-8")
    if text in {"", "{}"} and response.ok and response.url.path.endswith("/callback"):
        return CONFIRMATION
    try:
        data = from_json(text)
    except ValueError:
        return text
    if not isinstance(data, (dict, list)):
        return text
    if (
        response.method == "PATCH"
        and response.status == HTTPStatus.TOO_MANY_REQUESTS
        and isinstance(data, dict)
        and data.get("code") == OLD_MESSAGE_EDITS_CODE
    ):
        raise OldMessageEditsError
    return data


def complete_gateway_session_event(frame: str, gateway: str, shard: tuple[int, int]) -> str:
    """The frame that says that a session begins or goes on: without an address it is resumed where it was begun."""
    event = json.loads(frame)
    if event.get("t") not in {"READY", "RESUMED"}:
        return frame
    data = event.get("d") or {}
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
