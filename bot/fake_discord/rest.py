"""The HTTP API, as much of it as discord.py and this bot use. No sockets here: a request in, an answer out."""

import re
from collections.abc import Awaitable, Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from bot.fake_discord.api_errors import ALREADY_ANSWERED, DiscordApiError, invalid, not_found
from bot.fake_discord.command_validation import validate_commands
from bot.fake_discord.fault_injection import Faults
from bot.fake_discord.state import COMPONENTS_V2, EPHEMERAL, NONCE_TTL, Channel, DiscordState, Interaction, Message
from bot.fake_discord.validation import (
    ATTACHMENT_SCHEME,
    kept_attachments,
    media_url,
    validate_keys,
    validate_message,
    validate_modal,
    walk,
)
from bot.fake_discord.webhooks import Webhook, find, post

Json = dict[str, Any]

INTERACTION_RESPONSE_WINDOW: Final = timedelta(seconds=3)
INTERACTION_TOKEN_TTL: Final = timedelta(minutes=15)
MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, COMPLETION, FORM = 4, 5, 6, 7, 8, 9


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """One request, read."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    files: tuple[tuple[str, bytes], ...] = ()


Answer = tuple[int, Any]
Endpoint = Callable[..., Awaitable[Answer]]
_NO_CONTENT: Final[Answer] = (204, None)


class Rest:
    """Finds the endpoint, and refuses what Discord refuses."""

    def __init__(
        self, world: DiscordState, faults: Faults, dispatch_message: Callable[[Message], Awaitable[None]]
    ) -> None:
        self._world = world
        self._faults = faults
        self._tell = dispatch_message
        self.webhooks: list[Webhook] = []
        object_id = r"(\d+)"
        app, hook = rf"/applications/{object_id}/commands", rf"/webhooks/{object_id}/([\w-]+)"
        self._routes: tuple[tuple[str, re.Pattern[str], Endpoint], ...] = tuple(
            (method, re.compile(pattern), endpoint)
            for method, pattern, endpoint in (
                ("GET", "/users/@me", self._me),
                ("GET", "/gateway", self._gateway),
                ("GET", "/gateway/bot", self._gateway),
                ("GET", "/oauth2/applications/@me", self._application),
                ("GET", "/applications/@me", self._application),
                ("GET", app, self._commands),
                ("PUT", app, self._overwrite),
                ("POST", "/users/@me/channels", self._create_dm),
                ("GET", rf"/channels/{object_id}", self._channel),
                ("POST", rf"/channels/{object_id}/typing", self._typing),
                ("GET", rf"/channels/{object_id}/messages", self._history),
                ("POST", rf"/channels/{object_id}/messages", self._create),
                ("GET", rf"/channels/{object_id}/messages/{object_id}", self._message),
                ("PATCH", rf"/channels/{object_id}/messages/{object_id}", self._edit),
                ("DELETE", rf"/channels/{object_id}/messages/{object_id}", self._delete),
                ("POST", rf"/interactions/{object_id}/([\w-]+)/callback", self._callback),
                ("POST", hook, self._follow_up),
                ("GET", rf"{hook}/messages/(@original|\d+)", self._hook_message),
                ("PATCH", rf"{hook}/messages/(@original|\d+)", self._hook_edit),
                ("DELETE", rf"{hook}/messages/(@original|\d+)", self._hook_delete),
            )
        )

    async def answer(self, request: ApiRequest) -> Answer:
        """The status and the body. Raises `Refusal`."""
        for method, pattern, endpoint in self._routes:
            if request.method == method and (match := pattern.fullmatch(request.path)):
                found = await endpoint(request, *match.groups())
                await self._world.wake_waiters()
                return found
        raise DiscordApiError(404, 0, "404: Not Found")

    async def _me(self, request: ApiRequest) -> Answer:
        del request
        return 200, {**self._world.bot.payload(), "verified": True, "mfa_enabled": False, "flags": 0}

    async def _gateway(self, request: ApiRequest) -> Answer:
        del request
        url = self._world.address.replace("http", "ws", 1) + "/gw"
        limit = {"total": 1000, "remaining": 999, "reset_after": 1, "max_concurrency": 1}
        return 200, {"url": url, "shards": 1, "session_start_limit": limit}

    async def _application(self, request: ApiRequest) -> Answer:
        del request
        bot = self._world.bot
        return 200, {
            "id": str(bot.id), "name": bot.name, "icon": None, "description": "", "bot_public": True,
            "bot_require_code_grant": False, "verify_key": "", "flags": 0, "team": None, "summary": "",
            "owner": {**bot.payload(), "id": "1", "username": "operator"}, "integration_types_config": {},
        }  # fmt: skip

    async def _commands(self, request: ApiRequest, application: str) -> Answer:
        del request, application
        return 200, self._world.commands

    async def _overwrite(self, request: ApiRequest, application: str) -> Answer:
        self._world.commands = [
            {
                "id": str(self._world.next_id()), "application_id": application, "type": 1, "options": [],
                "version": "1", "default_member_permissions": None, "description": "", **command,
            }
            for command in validate_commands(request.body)
        ]  # fmt: skip
        return 200, self._world.commands

    async def _create_dm(self, request: ApiRequest) -> Answer:
        body = validate_keys("", request.body, {"recipient_id", "recipients"})
        user = self._world.users.get(int(body.get("recipient_id", 0)))
        if user is None or user.bot:
            raise invalid("recipient_id", "INVALID_RECIPIENT", "Invalid recipient")
        return 200, self._world.dm_with(user).payload()

    def _find(self, object_id: str) -> Channel:
        channel = self._world.channels.get(int(object_id))
        if channel is None:
            raise not_found("Channel", 10003)
        return channel

    def _find_message(self, channel: str, object_id: str) -> Message:
        message = self._find(channel).messages.get(int(object_id))
        if message is None or message.deleted or message.visible_only_to is not None:
            raise not_found("Message", 10008)
        return message

    async def _channel(self, request: ApiRequest, object_id: str) -> Answer:
        del request
        return 200, self._find(object_id).payload()

    async def _typing(self, request: ApiRequest, object_id: str) -> Answer:
        del request
        self._find(object_id)
        return _NO_CONTENT

    async def _history(self, request: ApiRequest, object_id: str) -> Answer:
        limit = int(request.query.get("limit", 50))
        if not 1 <= limit <= 100:  # noqa: PLR2004 — Discord's own limit
            raise invalid("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 100.")
        there = [
            each for each in self._find(object_id).messages.values() if not each.deleted and not each.visible_only_to
        ]
        if "after" in request.query:
            chosen = [each for each in there if each.id > int(request.query["after"])][:limit]
        else:
            before = int(request.query.get("before", 1 << 63))
            chosen = [each for each in there if each.id < before][-limit:]
        return 200, [each.payload() for each in reversed(chosen)]

    async def _create(self, request: ApiRequest, object_id: str) -> Answer:
        channel = self._find(object_id)
        validate_message(request.body)
        if channel.recipient is not None and (refusal := self._faults.dm_blocked.get(channel.recipient.id)):
            raise refusal
        nonce = request.body.get("nonce")
        if nonce is not None and request.body.get("enforce_nonce"):
            known = channel.nonces.get(str(nonce))
            if known and self._world.clock.now() - known[0] < NONCE_TTL:
                return 200, known[1].payload()
        message = self._world.add_message(channel, self._world.bot, self._body(channel, request))
        if nonce is not None:
            message.body["nonce"] = nonce
            channel.nonces[str(nonce)] = (self._world.clock.now(), message)
        return 200, message.payload()

    def _body(self, channel: Channel, request: ApiRequest, data: Json | None = None) -> Json:
        data = request.body if data is None else data
        attached = self._world.store_files(channel, request.files)
        return {
            "content": data.get("content") or "",
            "embeds": data.get("embeds") or [],
            "components": with_resolved_media(with_component_ids(data.get("components") or []), attached),
            "flags": data.get("flags") or 0,
            "attachments": attached,
        }

    async def _message(self, request: ApiRequest, channel: str, object_id: str) -> Answer:
        del request
        return 200, self._find_message(channel, object_id).payload()

    async def _edit(self, request: ApiRequest, channel: str, object_id: str) -> Answer:
        message = self._find_message(channel, object_id)
        if message.author is not self._world.bot:
            raise DiscordApiError(403, 50005, "Cannot edit a message authored by another user")
        self._apply_edit(message, request, request.body)
        return 200, message.payload()

    def _apply_edit(self, message: Message, request: ApiRequest, data: Json) -> None:
        validate_message(data, editing=message.body)
        if not (data.get("flags") or 0) & COMPONENTS_V2 and message.body.get("flags", 0) & COMPONENTS_V2:
            data = {**data, "flags": message.body["flags"]}
        attached = kept_attachments(message.body.get("attachments") or [], data)
        message.body["attachments"] = attached + self._world.store_files(message.channel, request.files)
        for key in ("content", "embeds"):
            if data.get(key) is not None:
                message.body[key] = data[key]
        if data.get("flags") is not None:  # who sees a message does not change
            message.body["flags"] = data["flags"] | (message.body.get("flags", 0) & EPHEMERAL)
        if data.get("components") is not None:
            message.body["components"] = with_resolved_media(
                with_component_ids(data["components"]), message.body["attachments"]
            )
        message.body["edited_timestamp"] = self._world.clock.now().isoformat()

    async def _delete(self, request: ApiRequest, channel: str, object_id: str) -> Answer:
        del request
        self._find_message(channel, object_id).deleted = True
        return _NO_CONTENT

    async def _callback(self, request: ApiRequest, object_id: str, token: str) -> Answer:
        interaction = self._world.interactions.get(token)
        if interaction is None or interaction.id != int(object_id):
            raise not_found("interaction", 10062)
        if interaction.response is not None:
            raise ALREADY_ANSWERED
        if self._world.clock.now() - interaction.created_at > INTERACTION_RESPONSE_WINDOW:
            raise not_found("interaction", 10062)
        body = validate_keys("", request.body, {"type", "data", "attachments"})
        kind, data = body.get("type"), body.get("data") or {}
        self._check_callback(interaction, kind, data)
        interaction.response = body
        if kind == MESSAGE:
            interaction.original = self._respond_with_message(interaction, request, data)
        elif kind == UPDATE and interaction.message is not None:
            self._apply_edit(interaction.message, request, data)
            interaction.original = interaction.message
        elif kind == DEFERRED:
            interaction.original = self._respond_with_message(interaction, request, {"flags": data.get("flags") or 0})
            interaction.original.body["loading"] = True
        elif kind == DEFERRED_UPDATE:
            interaction.original = interaction.message
        resource: Json = {"type": kind}
        shown: Json = {"id": str(interaction.id), "type": interaction.type}
        if interaction.original is not None:
            resource["message"] = interaction.original.payload()
            shown["response_message_id"] = str(interaction.original.id)
        return 200, {"interaction": shown, "resource": resource}

    def _check_callback(self, interaction: Interaction, kind: object, data: Json) -> None:
        match kind:
            case 4:
                validate_message(data)
            case 5 | 6:
                pass
            case 7 if interaction.message is not None:
                validate_message(data, editing=interaction.message.body)
            case 8 if interaction.type == 4:  # noqa: PLR2004 — a completion answers a request for one
                choices = validate_keys("data", data, {"choices"}).get("choices") or []
                if len(choices) > 25:  # noqa: PLR2004 — Discord's own limit
                    raise invalid("data.choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
                for place, choice in enumerate(choices):
                    validate_keys(f"data.choices.{place}", choice, {"name", "name_localizations", "value"})
                    if not 1 <= len(choice["name"]) <= 100 or not 1 <= len(str(choice["value"])) <= 100:  # noqa: PLR2004
                        raise invalid(f"data.choices.{place}.name", "BASE_TYPE_BAD_LENGTH", "1 to 100 in length.")
            case 9 if interaction.type != 5:  # noqa: PLR2004 — no form answers a form
                validate_modal(data)
            case _:
                raise invalid("type", "BASE_TYPE_CHOICES", "Not an answer to this interaction.")

    def _respond_with_message(self, interaction: Interaction, request: ApiRequest, data: Json) -> Message:
        to = interaction.user if (data.get("flags") or 0) & EPHEMERAL else None
        body = self._body(interaction.channel, request, data)
        message = self._world.add_message(interaction.channel, self._world.bot, body, ephemeral_to=to)
        message.is_interaction_response = True
        return message

    def _by_token(self, token: str) -> Interaction:
        interaction = self._world.interactions.get(token)
        if interaction is None:
            raise not_found("Webhook", 10015)
        if self._world.clock.now() - interaction.created_at > INTERACTION_TOKEN_TTL:
            raise DiscordApiError(401, 50027, "Invalid Webhook Token")
        if interaction.response is None:
            raise not_found("Webhook", 10015)
        return interaction

    async def _follow_up(self, request: ApiRequest, application: str, token: str) -> Answer:
        if (webhook := find(self.webhooks, application, token)) is not None:
            posted = post(self._world, webhook, request.body)
            await self._tell(posted)
            return (200, posted.payload()) if request.query.get("wait") == "true" else _NO_CONTENT
        interaction = self._by_token(token)
        validate_message(request.body, extra={"username", "avatar_url", "thread_name", "applied_tags"})
        if interaction.original is not None and interaction.original.body.pop("loading", False):
            message = interaction.original
            message.body.update(self._body(interaction.channel, request))
        else:
            message = self._respond_with_message(interaction, request, request.body)
            interaction.followups.append(message)
        return 200, message.payload()

    def _message_of_webhook(self, token: str, object_id: str) -> Message:
        interaction = self._by_token(token)
        there = interaction.channel.messages
        found = interaction.original if object_id == "@original" else there.get(int(object_id))
        if found is None or found.deleted:
            raise not_found("Message", 10008)
        return found

    async def _hook_message(self, request: ApiRequest, application: str, token: str, object_id: str) -> Answer:
        del request, application
        return 200, self._message_of_webhook(token, object_id).payload()

    async def _hook_edit(self, request: ApiRequest, application: str, token: str, object_id: str) -> Answer:
        del application
        message = self._message_of_webhook(token, object_id)
        waited = message.body.pop("loading", False)
        self._apply_edit(message, request, request.body)
        if waited:  # what was promised has come: nobody calls that an edit
            message.body["edited_timestamp"] = None
        return 200, message.payload()

    async def _hook_delete(self, request: ApiRequest, application: str, token: str, object_id: str) -> Answer:
        del request, application
        self._message_of_webhook(token, object_id).deleted = True
        return _NO_CONTENT


def with_resolved_media(components: list[Json], attached: Iterable[Json]) -> list[Json]:
    """Components as Discord gives them back: what they show of attachments has an address."""
    there = {ATTACHMENT_SCHEME + each["filename"]: each for each in attached}
    components = deepcopy(components)
    for component in walk(components):
        for media in media_url(component):
            if (file := there.get(media.get("url", ""))) is not None:
                known = {"url", "proxy_url", "content_type", "width", "height"} & file.keys()
                media |= {"attachment_id": file["id"], **{name: file[name] for name in known}}
    return components


def with_component_ids(components: list[Json]) -> list[Json]:
    """Components as Discord gives them back: each with an id of its own."""
    count = 0

    def object_id(component: Json) -> Json:
        nonlocal count
        count += 1
        shown = {"id": count, **component}
        if shown["type"] in {2, 3}:
            shown.setdefault("disabled", False)
        if "components" in shown:
            shown["components"] = [object_id(each) for each in shown["components"]]
        if "accessory" in shown:
            shown["accessory"] = object_id(shown["accessory"])
        return shown

    return [object_id(component) for component in components]
