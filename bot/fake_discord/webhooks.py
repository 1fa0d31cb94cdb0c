"""Webhooks of a server's channel: what a mail bridge posts by one, and whom a message mentions."""

import re
import secrets
from dataclasses import dataclass, field
from typing import Any, Final

from bot.fake_discord.api_errors import not_found
from bot.fake_discord.state import Channel, DiscordState, Message, User
from bot.fake_discord.validation import validate_message

Json = dict[str, Any]

_MENTION: Final = re.compile(r"<@!?([0-9]+)>")
_EMPTY_CONTENT_FIELDS: Final = {"content": "", "embeds": [], "attachments": [], "components": []}


@dataclass(eq=False, slots=True)
class Webhook:
    """Whoever knows its address may post in its channel."""

    id: int
    channel: Channel
    token: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @property
    def path(self) -> str:
        """Its address, behind that of the API."""
        return f"/webhooks/{self.id}/{self.token}"


def resolve_mentions(world: DiscordState, content: str, allowed: Json | None = None) -> list[Json]:
    """The users that a text mentions, as far as its writer allows it."""
    named = {int(number) for number in _MENTION.findall(content)}
    if allowed is not None and "users" not in (allowed.get("parse") or ()):
        named &= {int(number) for number in allowed.get("users") or ()}
    return [world.users[number].payload() for number in sorted(named) if number in world.users]


def post(world: DiscordState, webhook: Webhook, body: Json) -> Message:
    """Post by a webhook. Raises `Refusal`."""
    validate_message(body, extra={"username", "avatar_url", "thread_name", "applied_tags"})
    author = User(webhook.id, body.get("username") or "bridge", bot=True)
    content = body.get("content") or ""
    return world.add_message(
        webhook.channel,
        author,
        {
            "content": content,
            "embeds": body.get("embeds") or [],
            "webhook_id": str(webhook.id),
            "mentions": resolve_mentions(world, content, body.get("allowed_mentions")),
        },
    )


def find(webhooks: list[Webhook], number: str, token: str) -> Webhook | None:
    """The webhook of that address; None: it may be an interaction's. Raises `Refusal` for a wrong token."""
    for webhook in webhooks:
        if webhook.id == int(number):
            if webhook.token != token:
                raise not_found("Webhook", 10015)
            return webhook
    return None


def without_message_content(world: DiscordState, message: Message) -> Json:
    """A message of a server as the gateway tells of it: without its content, unless it mentions the bot."""
    data = {**message.payload(), "guild_id": str(message.channel.guild_id)}
    if any(each["id"] == str(world.bot.id) for each in data["mentions"]):
        return data
    return {**data, **_EMPTY_CONTENT_FIELDS}
