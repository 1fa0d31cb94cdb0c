"""The HTTP API, as much of it as discord.py and this bot use: which endpoint a request is for, and most endpoints.

It has no sockets: it takes a parsed request and returns a response.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Final

from bot.fake_discord.api_errors import DiscordApiError, invalid_form_error, not_found_error
from bot.fake_discord.api_request import MAX_ID_DIGITS, NO_CONTENT, ApiRequest, ApiResponse, parse_id
from bot.fake_discord.command_validation import validate_commands
from bot.fake_discord.fault_injection import Faults
from bot.fake_discord.interactions import InteractionEndpoints
from bot.fake_discord.message_bodies import apply_message_edit, build_message_body
from bot.fake_discord.state import NONCE_TTL, Channel, DiscordState, Message
from bot.fake_discord.validation import validate_keys, validate_message
from bot.fake_discord.webhooks import Webhook, without_message_content

Endpoint = Callable[..., Awaitable[ApiResponse]]

MAX_HISTORY_LIMIT: Final = 100


class RestApi:
    """Finds the endpoint of a request, and refuses what Discord refuses."""

    def __init__(
        self, state: DiscordState, faults: Faults, dispatch_message: Callable[[Message], Awaitable[None]]
    ) -> None:
        self._state = state
        self._faults = faults
        interactions = InteractionEndpoints(state, faults, dispatch_message)
        self.webhooks: list[Webhook] = interactions.webhooks
        object_id = rf"(\d{{1,{MAX_ID_DIGITS}}})"
        commands, webhook = rf"/applications/{object_id}/commands", rf"/webhooks/{object_id}/([\w-]+)"
        messages = rf"/channels/{object_id}/messages"
        self._routes: tuple[tuple[str, re.Pattern[str], Endpoint], ...] = tuple(
            (method, re.compile(pattern), endpoint)
            for method, pattern, endpoint in (
                ("GET", "/users/@me", self._get_own_user),
                ("GET", "/gateway", self._get_gateway),
                ("GET", "/gateway/bot", self._get_gateway),
                ("GET", "/oauth2/applications/@me", self._get_application),
                ("GET", "/applications/@me", self._get_application),
                ("GET", commands, self._get_commands),
                ("PUT", commands, self._overwrite_commands),
                ("POST", "/users/@me/channels", self._create_dm),
                ("GET", rf"/channels/{object_id}", self._get_channel),
                ("POST", rf"/channels/{object_id}/typing", self._show_typing),
                ("GET", messages, self._get_history),
                ("POST", messages, self._create_message),
                ("GET", rf"{messages}/{object_id}", self._get_message),
                ("PATCH", rf"{messages}/{object_id}", self._edit_message),
                ("DELETE", rf"{messages}/{object_id}", self._delete_message),
                ("GET", rf"/guilds/{object_id}/members/{object_id}", self._get_member),
                ("POST", rf"/interactions/{object_id}/([\w-]+)/callback", interactions.respond),
                ("POST", webhook, interactions.follow_up),
                ("GET", rf"{webhook}/messages/(@original|\d+)", interactions.get_message),
                ("PATCH", rf"{webhook}/messages/(@original|\d+)", interactions.edit_message),
                ("DELETE", rf"{webhook}/messages/(@original|\d+)", interactions.delete_message),
            )
        )

    async def respond(self, request: ApiRequest) -> ApiResponse:
        """Return the status and the body. Raises `DiscordApiError` for what Discord refuses."""
        for method, pattern, endpoint in self._routes:
            if request.method == method and (match := pattern.fullmatch(request.path)):
                response = await endpoint(request, *match.groups())
                await self._state.wake_waiters()
                return response
        raise DiscordApiError(404, 0, "404: Not Found")

    async def _get_own_user(self, _request: ApiRequest) -> ApiResponse:
        return 200, {**self._state.bot.payload(), "verified": True, "mfa_enabled": False, "flags": 0}

    async def _get_gateway(self, _request: ApiRequest) -> ApiResponse:
        url = self._state.address.replace("http", "ws", 1) + "/gw"
        limit = {
            "total": 1000,
            "remaining": max(self._faults.session_starts, 0),
            "reset_after": 60_000,
            "max_concurrency": 1,
        }
        return 200, {"url": url, "shards": 1, "session_start_limit": limit}

    async def _get_application(self, _request: ApiRequest) -> ApiResponse:
        bot = self._state.bot
        return 200, {
            "id": str(bot.id), "name": bot.name, "icon": None, "description": "", "bot_public": True,
            "bot_require_code_grant": False, "verify_key": "", "flags": 0, "team": None, "summary": "",
            "owner": {**bot.payload(), "id": "1", "username": "operator"}, "integration_types_config": {},
        }  # fmt: skip

    async def _get_commands(self, _request: ApiRequest, _application_id: str) -> ApiResponse:
        return 200, self._state.commands

    async def _overwrite_commands(self, request: ApiRequest, application_id: str) -> ApiResponse:
        self._state.commands = [
            {
                "id": str(self._state.next_id()), "application_id": application_id, "type": 1, "options": [],
                "version": "1", "default_member_permissions": None, "description": "", **command,
            }
            for command in validate_commands(request.body)
        ]  # fmt: skip
        return 200, self._state.commands

    async def _create_dm(self, request: ApiRequest) -> ApiResponse:
        body = validate_keys("", request.body, {"recipient_id", "recipients"})
        recipient_id = parse_id(str(body.get("recipient_id")))
        if recipient_id is None:
            raise invalid_form_error("recipient_id", "NUMBER_TYPE_COERCE", "Value is not snowflake.")
        if error := self._faults.dm_open_refused.get(recipient_id):
            raise error
        user = self._state.users.get(recipient_id)
        if user is None or user.bot:
            raise invalid_form_error("recipient_id", "INVALID_RECIPIENT", "Invalid recipient")
        return 200, self._state.dm_with(user).payload()

    def _find_channel(self, channel_id: str) -> Channel:
        channel = self._state.channels.get(int(channel_id))
        if channel is None:
            raise not_found_error("Channel", 10003)
        return channel

    def _find_message(self, channel_id: str, message_id: str) -> Message:
        message = self._find_channel(channel_id).messages.get(int(message_id))
        if message is None or message.deleted or message.visible_only_to is not None:
            raise not_found_error("Message", 10008)
        return message

    async def _get_channel(self, _request: ApiRequest, channel_id: str) -> ApiResponse:
        return 200, self._find_channel(channel_id).payload()

    async def _get_member(self, _request: ApiRequest, guild_id: str, user_id: str) -> ApiResponse:
        guild, user = self._state.guilds.get(int(guild_id)), self._state.users.get(int(user_id))
        if guild is None:
            raise not_found_error("Guild", 10004)
        if user is None or user.id in guild.former_members:
            raise not_found_error("Member", 10007)
        return 200, {
            "user": user.payload(), "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False,
            "flags": 0, "nick": None, "avatar": None, "communication_disabled_until": guild.timed_out.get(user.id),
        }  # fmt: skip

    async def _show_typing(self, _request: ApiRequest, channel_id: str) -> ApiResponse:
        self._find_channel(channel_id)
        return NO_CONTENT

    async def _get_history(self, request: ApiRequest, channel_id: str) -> ApiResponse:
        limit = _query_number(request, "limit", 50)
        if not 1 <= limit <= MAX_HISTORY_LIMIT:
            raise invalid_form_error("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 100.")
        messages = [
            message
            for message in self._find_channel(channel_id).messages.values()
            if not message.deleted and not message.visible_only_to
        ]
        if "after" in request.query:
            after = _query_number(request, "after", 0)
            page = [message for message in messages if message.id > after][:limit]
        else:
            before = _query_number(request, "before", 1 << 63)
            page = [message for message in messages if message.id < before][-limit:]
        if int(channel_id) in self._faults.history_denied:
            return 200, []
        if self._find_channel(channel_id).guild_id is not None:
            return 200, [without_message_content(self._state, message) for message in reversed(page)]
        return 200, [message.payload() for message in reversed(page)]

    async def _create_message(self, request: ApiRequest, channel_id: str) -> ApiResponse:
        channel = self._find_channel(channel_id)
        validate_message(request.body)
        if channel.recipient is not None and (error := self._faults.dm_blocked.get(channel.recipient.id)):
            raise error
        nonce = request.body.get("nonce")
        if nonce is not None and request.body.get("enforce_nonce"):
            earlier = channel.nonces.get(str(nonce))
            if earlier and self._state.clock.now() - earlier[0] < NONCE_TTL:
                return 200, earlier[1].payload()
        body = build_message_body(self._state, channel, request.body, request.files)
        message = self._state.add_message(channel, self._state.bot, body)
        if nonce is not None:
            message.body["nonce"] = nonce
            channel.nonces[str(nonce)] = (self._state.clock.now(), message)
        return 200, message.payload()

    async def _get_message(self, _request: ApiRequest, channel_id: str, message_id: str) -> ApiResponse:
        return 200, self._find_message(channel_id, message_id).payload()

    async def _edit_message(self, request: ApiRequest, channel_id: str, message_id: str) -> ApiResponse:
        message = self._find_message(channel_id, message_id)
        if message.author is not self._state.bot:
            raise DiscordApiError(403, 50005, "Cannot edit a message authored by another user")
        apply_message_edit(self._state, message, request.body, request.files)
        return 200, message.payload()

    async def _delete_message(self, _request: ApiRequest, channel_id: str, message_id: str) -> ApiResponse:
        self._find_message(channel_id, message_id).deleted = True
        return NO_CONTENT


def _query_number(request: ApiRequest, name: str, default: int) -> int:
    text = request.query.get(name)
    object_id = default if text is None else parse_id(text)
    if object_id is None:
        raise invalid_form_error(name, "NUMBER_TYPE_COERCE", f'Value "{text[:20] if text else ""}" is not int.')
    return object_id
