"""Webhooks of a server's channel: posting by one, whom a message mentions, and what the gateway leaves out."""

import re
import secrets
from dataclasses import dataclass, field
from typing import Final

from bot.fake_discord.api_errors import not_found_error
from bot.fake_discord.state import Channel, DiscordState, Json, Message, User
from bot.fake_discord.validation import validate_message

WEBHOOK_KEYS: Final = {"username", "avatar_url", "thread_name", "applied_tags"}
"""What a message by a webhook may have besides the keys of other messages."""
_MENTION: Final = re.compile(r"<@!?([0-9]+)>")
_EMPTY_CONTENT: Final = {"content": "", "embeds": [], "attachments": [], "components": []}


@dataclass(eq=False, slots=True)
class Webhook:
    """A webhook; whoever knows its address may post in its channel."""

    id: int
    channel: Channel
    token: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @property
    def path(self) -> str:
        """The address, relative to the API's."""
        return f"/webhooks/{self.id}/{self.token}"


def mentioned_users(state: DiscordState, content: str, allowed: Json | None = None) -> list[Json]:
    """Return the users that a text mentions; `allowed` is the request's `allowed_mentions`."""
    ids = {int(number) for number in _MENTION.findall(content)}
    if allowed is not None and "users" not in (allowed.get("parse") or ()):
        ids &= {int(number) for number in allowed.get("users") or ()}
    return [state.users[user_id].payload() for user_id in sorted(ids) if user_id in state.users]


def post_by_webhook(state: DiscordState, webhook: Webhook, body: Json) -> Message:
    """Post a message. Raises `DiscordApiError` for what Discord refuses."""
    validate_message(body, extra=WEBHOOK_KEYS)
    author = User(webhook.id, body.get("username") or "bridge", bot=True)
    content = body.get("content") or ""
    posted = {
        "content": content,
        "embeds": body.get("embeds") or [],
        "webhook_id": str(webhook.id),
        "mentions": mentioned_users(state, content, body.get("allowed_mentions")),
    }
    return state.add_message(webhook.channel, author, posted)


def find_webhook(webhooks: list[Webhook], webhook_id: str, token: str) -> Webhook | None:
    """Return a webhook; None for an unknown id, which may be an interaction's. Raises 404 for a wrong token."""
    for webhook in webhooks:
        if webhook.id == int(webhook_id):
            if webhook.token != token:
                raise not_found_error("Webhook", 10015)
            return webhook
    return None


def without_message_content(state: DiscordState, message: Message) -> Json:
    """Return a server's message as the gateway sends it: without its content unless it mentions the bot."""
    data = {**message.payload(), "guild_id": str(message.channel.guild_id)}
    if any(user["id"] == str(state.bot.id) for user in data["mentions"]):
        return data
    return {**data, **_EMPTY_CONTENT}
