"""The HTTP API's endpoints with a token in their path: responses to interactions, their messages, and webhooks."""

import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from bot.fake_discord.api_errors import ALREADY_ANSWERED, DiscordApiError, invalid_form_error, not_found_error
from bot.fake_discord.api_request import NO_CONTENT, ApiRequest, ApiResponse
from bot.fake_discord.fault_injection import Faults
from bot.fake_discord.message_bodies import apply_message_edit, build_message_body
from bot.fake_discord.state import EPHEMERAL, DiscordState, Interaction, Json, Message
from bot.fake_discord.validation import validate_autocomplete_choices, validate_keys, validate_message, validate_modal
from bot.fake_discord.webhooks import WEBHOOK_KEYS, Webhook, find_webhook, post_by_webhook

INTERACTION_RESPONSE_WINDOW: Final = timedelta(seconds=3)
INTERACTION_TOKEN_TTL: Final = timedelta(minutes=15)
AUTOCOMPLETE_REQUEST, MODAL_SUBMIT_REQUEST = 4, 5
MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, AUTOCOMPLETE, MODAL = 4, 5, 6, 7, 8, 9
"""Discord's numbers for the responses to an interaction."""


class InteractionEndpoints:
    """Endpoints below `/interactions` and `/webhooks`. All raise `DiscordApiError` for what Discord refuses."""

    def __init__(
        self, state: DiscordState, faults: Faults, dispatch_message: Callable[[Message], Awaitable[None]]
    ) -> None:
        self._state = state
        self._faults = faults
        self._dispatch_message = dispatch_message
        self.webhooks: list[Webhook] = []

    async def respond(self, request: ApiRequest, interaction_id: str, token: str) -> ApiResponse:
        """Respond to an interaction, once and within three seconds."""
        interaction = self._state.interactions.get(token)
        if interaction is None or interaction.id != int(interaction_id):
            raise not_found_error("interaction", 10062)
        if interaction.response is not None:
            raise ALREADY_ANSWERED
        elapsed = self._state.clock.now() - interaction.created_at
        if self._faults.real_time_answers:
            elapsed = max(elapsed, timedelta(seconds=time.monotonic() - interaction.began_at))
        if elapsed > INTERACTION_RESPONSE_WINDOW:
            raise not_found_error("interaction", 10062)
        body = validate_keys("", request.body, {"type", "data", "attachments"})
        kind, data = body.get("type"), body.get("data") or {}
        _validate_interaction_response(interaction, kind, data)
        interaction.response = body
        if kind == MESSAGE:
            interaction.original = self._add_message(interaction, request, data)
        elif kind == UPDATE and interaction.message is not None:
            apply_message_edit(self._state, interaction.message, data, request.files)
            interaction.original = interaction.message
        elif kind == DEFERRED_MESSAGE:
            interaction.original = self._add_message(interaction, request, {"flags": data.get("flags") or 0})
            interaction.original.body["loading"] = True
        elif kind == DEFERRED_UPDATE:
            interaction.original = interaction.message
            interaction.update_pending = True
        resource: Json = {"type": kind}
        payload: Json = {"id": str(interaction.id), "type": interaction.type}
        if interaction.original is not None:
            resource["message"] = interaction.original.payload()
            payload["response_message_id"] = str(interaction.original.id)
        return 200, {"interaction": payload, "resource": resource}

    async def follow_up(self, request: ApiRequest, application_id: str, token: str) -> ApiResponse:
        """Post by a webhook of a channel, or send a further message in response to an interaction."""
        if (webhook := find_webhook(self.webhooks, application_id, token)) is not None:
            posted = post_by_webhook(self._state, webhook, request.body)
            await self._dispatch_message(posted)
            return (200, posted.payload()) if request.query.get("wait") == "true" else NO_CONTENT
        interaction = self._find_interaction(token)
        interaction.update_pending = False
        validate_message(request.body, extra=WEBHOOK_KEYS)
        if interaction.original is not None and interaction.original.body.pop("loading", False):
            message = interaction.original
            message.body.update(build_message_body(self._state, interaction.channel, request.body, request.files))
        else:
            message = self._add_message(interaction, request, request.body)
            interaction.followups.append(message)
        return 200, message.payload()

    async def get_message(self, _request: ApiRequest, _application: str, token: str, message_id: str) -> ApiResponse:
        """Return a message of an interaction's response."""
        return 200, self._find_message(token, message_id).payload()

    async def edit_message(self, request: ApiRequest, _application: str, token: str, message_id: str) -> ApiResponse:
        """Edit a message of an interaction's response; a deferred one is completed and does not count as edited."""
        message = self._find_message(token, message_id)
        self._find_interaction(token).update_pending = False
        was_loading = message.body.pop("loading", False)
        apply_message_edit(self._state, message, request.body, request.files)
        if was_loading:
            message.body["edited_timestamp"] = None
        return 200, message.payload()

    async def delete_message(self, _request: ApiRequest, _application: str, token: str, message_id: str) -> ApiResponse:
        """Delete a message of an interaction's response."""
        self._find_message(token, message_id).deleted = True
        return NO_CONTENT

    def _find_interaction(self, token: str) -> Interaction:
        """Return the interaction of a token that was responded to, within fifteen minutes."""
        interaction = self._state.interactions.get(token)
        if interaction is None:
            raise not_found_error("Webhook", 10015)
        if self._state.clock.now() - interaction.created_at > INTERACTION_TOKEN_TTL:
            raise DiscordApiError(401, 50027, "Invalid Webhook Token")
        if interaction.response is None:
            raise not_found_error("Webhook", 10015)
        return interaction

    def _find_message(self, token: str, message_id: str) -> Message:
        interaction = self._find_interaction(token)
        if message_id == "@original":
            message = interaction.original
        else:
            message = interaction.channel.messages.get(int(message_id))
        if message is None or message.deleted:
            raise not_found_error("Message", 10008)
        return message

    def _add_message(self, interaction: Interaction, request: ApiRequest, data: Json) -> Message:
        reader = interaction.user if (data.get("flags") or 0) & EPHEMERAL else None
        body = build_message_body(self._state, interaction.channel, data, request.files)
        message = self._state.add_message(interaction.channel, self._state.bot, body, visible_only_to=reader)
        message.is_interaction_response = True
        return message


def _validate_interaction_response(interaction: Interaction, kind: object, data: Json) -> None:
    if kind == MESSAGE:
        validate_message(data)
    elif kind == UPDATE and interaction.message is not None:
        validate_message(data, editing=interaction.message.body)
    elif kind == AUTOCOMPLETE and interaction.type == AUTOCOMPLETE_REQUEST:
        validate_autocomplete_choices(data)
    elif kind == MODAL and interaction.type != MODAL_SUBMIT_REQUEST:
        validate_modal(data)
    elif kind not in {DEFERRED_MESSAGE, DEFERRED_UPDATE}:
        raise invalid_form_error("type", "BASE_TYPE_CHOICES", "Not an answer to this interaction.")
