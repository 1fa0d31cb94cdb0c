"""What a person sees, as the page draws it."""

from typing import Any

from bot.fake_discord.state import EPHEMERAL, Channel, DiscordState, Interaction, Message
from bot.fake_discord.users import FakeUser

Json = dict[str, Any]


def visible_channels(state: DiscordState, person: FakeUser) -> list[Json]:
    """The servers' channels, and the direct message with the bot."""
    listed = [
        {"id": str(channel.id), "name": channel.name, "server": guild.name, "dm": False}
        for guild in state.guilds.values()
        for channel in guild.channels
    ]
    return [*listed, {"id": str(person.dm.id), "name": state.bot.name, "server": None, "dm": True}]


def visible_state(state: DiscordState, person: FakeUser, channels: list[Channel]) -> dict[str, Json]:
    """Every message there is for this person, by id, in the order of each channel."""
    interaction_labels = _interaction_labels(state)
    return {
        str(message.id): _message(message, interaction_labels.get(message.id))
        for channel in channels
        for message in person.can_see(channel)
    }


def _interaction_labels(state: DiscordState) -> dict[int, Interaction]:
    """What each answer answers: a command that a person used."""
    return {
        message.id: each
        for each in state.interactions.values()
        for message in (each.original, *each.followups)
        if message is not None and message is not each.message
    }


def _message(message: Message, interaction: Interaction | None) -> Json:
    body = message.body
    shown: Json = {
        "id": str(message.id),
        "channel": str(message.channel.id),
        "author": {
            "id": str(message.author.id),
            "name": message.author.name,
            "app": message.author.bot or message.author.webhook,
        },
        "at": body["timestamp"],
        "edited": body.get("edited_timestamp") is not None,
        "content": body.get("content") or "",
        "components": body.get("components") or [],
        "attachments": [_file(each) for each in body.get("attachments") or []],
        "embeds": body.get("embeds") or [],
        "ephemeral": bool(body.get("flags", 0) & EPHEMERAL),
        "loading": bool(body.get("loading")),
        "by_itself": message.author.bot and not message.is_interaction_response,
        "used": None,
        "forwarded": [_snapshot(each["message"]) for each in body.get("message_snapshots") or []],
    }
    if (
        interaction is not None
        and interaction.type == 2  # noqa: PLR2004 — a command
        and interaction.channel is message.channel
    ):
        shown["used"] = {
            "name": _name(interaction.data),
            "by": interaction.user.name,
            "slash": interaction.data.get("type") == 1,
        }
    return shown


def _name(data: Json) -> str:
    group = [each["name"] for each in data.get("options") or [] if each.get("type") == 1]
    return " ".join([data["name"], *group])


def _snapshot(snapshot: Json) -> Json:
    return {
        "content": snapshot.get("content") or "",
        "at": snapshot["timestamp"],
        "attachments": [_file(each) for each in snapshot.get("attachments") or []],
        "components": snapshot.get("components") or [],
        "embeds": snapshot.get("embeds") or [],
    }


def _file(attachment: Json) -> Json:
    return {
        "name": attachment["filename"],
        "size": attachment["size"],
        "url": f"files/{attachment['id']}",
        "description": attachment.get("description"),
    }
