"""What a person sees, as the page receives it."""

from bot.fake_discord.state import EPHEMERAL, Channel, DiscordState, Interaction, Json, Message
from bot.fake_discord.users import COMMAND, FakeUser


def visible_channels(state: DiscordState, person: FakeUser) -> list[Json]:
    """Return the channels of the servers, and the direct messages with the bot last."""
    channels = [
        {"id": str(channel.id), "name": channel.name, "server": guild.name, "dm": False}
        for guild in state.guilds.values()
        for channel in guild.channels
    ]
    return [*channels, {"id": str(person.dm.id), "name": state.bot.name, "server": None, "dm": True}]


def visible_state(state: DiscordState, person: FakeUser, channels: list[Channel]) -> dict[str, Json]:
    """Return every message that the person sees, by id, in the order of its channel."""
    interactions = _interactions_by_message(state)
    return {
        str(message.id): _message_as_json(message, interactions.get(message.id))
        for channel in channels
        for message in person.visible_messages(channel)
    }


def _interactions_by_message(state: DiscordState) -> dict[int, Interaction]:
    """Return the interaction to which each message responds, by the message's id."""
    return {
        message.id: interaction
        for interaction in state.interactions.values()
        for message in (interaction.original, *interaction.followups)
        if message is not None and message is not interaction.message
    }


def _message_as_json(message: Message, interaction: Interaction | None) -> Json:
    body = message.body
    payload: Json = {
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
        "attachments": [_attachment_as_json(attachment) for attachment in body.get("attachments") or []],
        "embeds": body.get("embeds") or [],
        "ephemeral": bool(body.get("flags", 0) & EPHEMERAL),
        "loading": bool(body.get("loading")),
        "unprompted": message.author.bot and not message.is_interaction_response,
        "used": None,
        "forwarded": [_forwarded_as_json(snapshot["message"]) for snapshot in body.get("message_snapshots") or []],
    }
    if interaction is not None and interaction.type == COMMAND and interaction.channel is message.channel:
        payload["used"] = {
            "name": _command_name(interaction.data),
            "by": interaction.user.name,
            "slash": interaction.data.get("type") == 1,
        }
    return payload


def _command_name(data: Json) -> str:
    group = [option["name"] for option in data.get("options") or [] if option.get("type") == 1]
    return " ".join([data["name"], *group])


def _forwarded_as_json(snapshot: Json) -> Json:
    return {
        "content": snapshot.get("content") or "",
        "at": snapshot["timestamp"],
        "attachments": [_attachment_as_json(attachment) for attachment in snapshot.get("attachments") or []],
        "components": snapshot.get("components") or [],
        "embeds": snapshot.get("embeds") or [],
    }


def _attachment_as_json(attachment: Json) -> Json:
    return {
        "name": attachment["filename"],
        "size": attachment["size"],
        "url": f"files/{attachment['id']}",
        "description": attachment.get("description"),
    }
