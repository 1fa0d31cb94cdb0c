"""What Discord sends, reduced to what the bot reads of it.

discord.py makes an object of every field, and loses the whole event or answer where one is missing, null or of another
kind. Discord has left out fields before that it always sent, and a server in its place leaves out more.
"""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

import discord
import structlog

FILE_SIZE_LIMIT: Final = 10 * 1024 * 1024
"""Discord's own for files in an answer to an interaction."""

PRIVATE, TEXT = discord.ChannelType.private.value, discord.ChannelType.text.value

BOT_DM: Final = 1
"""The context of an interaction in the direct message with the bot."""

TEXT_DISPLAY: Final = discord.ComponentType.text_display.value

COMPONENTS_V2: Final = discord.MessageFlags(components_v2=True).value
"""The flags of a card."""

DEFAULTS: Final[dict[str, Any]] = {
    # a message, what it forwards, and its files; of a size of 0 a file would be empty
    "type": 0, "content": "", "embeds": (), "attachments": (), "components": (), "edited_timestamp": None,
    "timestamp": None, "filename": "", "url": "", "size": 1, "proxy_url": "",
    # an interaction with its member, channel and control
    "version": 1, "attachment_size_limit": FILE_SIZE_LIMIT, "roles": (), "flags": 0, "position": 0,
    # a user
    "username": "", "discriminator": "0", "avatar": None,
    # a control that was used; discord.py alone tells their kinds apart by it
    "component_type": discord.ComponentType.button.value, "custom_id": "",
    # a session
    "guilds": (),
    # the application
    "name": "", "description": "", "icon": None, "bot_public": True, "bot_require_code_grant": False, "verify_key": "",
    "owner": {"id": 0, "username": "", "discriminator": "0", "avatar": None},
}  # fmt: skip
"""Values of the fields that discord.py needs and the bot does not read, by the name of the field."""

log = structlog.get_logger()


class ReceivedObject(dict[str, Any]):
    """An object of Discord's. `[]` gives a missing field its value of `DEFAULTS`; `get` and `in` do not."""

    __slots__ = ()

    def __missing__(self, key: str) -> Any:
        return DEFAULTS[key]


from_json: Final = json.JSONDecoder(object_hook=ReceivedObject).decode


# What is read of an object, as a table: the name of a field, and its kind (see `reduce_received_value`): a type; a
# table, for an object in it; a list with the kind of its items; or a number, which stands for the field's value.

ID: Final = re.compile("[0-9]{1,19}")
"""A number that a database stores, or its digits."""

MAX_STORED_NUMBER: Final = 2**63 - 1
"""The largest number that a database stores."""

INSTANT: Final = datetime.fromisoformat
"""Of Discord's, which are of UTC, also where they do not say so."""

OPENED_AT: Final = datetime(2015, 5, 13, tzinfo=UTC)
"""When Discord was opened. An id of before is none of Discord's, and no instant."""

NUMERIC_OPTIONS: Final = {
    discord.AppCommandOptionType.integer.value,
    discord.AppCommandOptionType.boolean.value,
    discord.AppCommandOptionType.number.value,
}

USER: Final = {"id": ID, "bot": bool, "username": str}

EMBED: Final = {
    "title": str, "description": str, "author": {"name": str}, "fields": [{"name": str, "value": str}],
}  # fmt: skip

FILE: Final = {"id": 0, "filename": str, "url": str, "size": int, "content_type": str}
"""discord.py needs an id, and nothing depends on it."""

SNAPSHOT: Final = {
    "type": int, "flags": int, "content": str, "timestamp": INSTANT, "attachments": [FILE], "embeds": [EMBED],
}  # fmt: skip

MESSAGE: Final = {
    "id": ID, "channel_id": ID, "guild_id": ID, "webhook_id": ID, "application_id": ID,
    "type": int, "flags": int, "content": str, "timestamp": INSTANT, "edited_timestamp": INSTANT,
    "author": USER, "attachments": [FILE], "embeds": [EMBED],
    "message_reference": {"type": int, "message_id": ID, "channel_id": ID, "guild_id": ID},
    "message_snapshots": [{"message": SNAPSHOT}],
    "interaction_metadata": dict,
}  # fmt: skip

OPTION: Final[dict[str, Any]] = {"name": str, "type": int, "value": (str, int, float), "focused": bool}
OPTION["options"] = [OPTION]

INTERACTION_DATA: Final = {
    "id": ID, "name": str, "type": int, "options": [OPTION], "target_id": ID,
    "custom_id": str, "component_type": int, "values": [str], "components": list,
    "resolved": {"messages": dict, "attachments": dict, "channels": dict},
}  # fmt: skip

RESOLVED: Final = {
    "messages": MESSAGE, "attachments": FILE, "channels": {"id": ID, "type": int, "name": str, "permissions": ID},
}  # fmt: skip

INTERACTION: Final = {
    "id": ID, "application_id": ID, "type": int, "token": str, "guild_id": ID, "channel_id": ID,
    "channel": {"id": ID, "type": int}, "user": USER, "member": {"user": USER, "permissions": ID},
    "locale": str, "context": int, "app_permissions": ID, "authorizing_integration_owners": dict,
    "data": INTERACTION_DATA, "message": {**MESSAGE, "components": list},
}  # fmt: skip


def reduce_received_value(kind: Any, value: Any) -> Any:
    """What the bot reads of a value; None where it is not of the kind. A kind that is a number replaces the value."""
    if isinstance(kind, dict):
        known = value if isinstance(value, dict) else {}
        fields = {
            name: reduce_received_value(inner, known.get(name))
            for name, inner in kind.items()
            if name in known or isinstance(inner, int)
        }
        if "content" in kind and not fields.get("content"):
            fields["content"] = "\n".join(_texts_of_components(known.get("components"))) or None
        return ReceivedObject({name: field for name, field in fields.items() if field is not None}) or None
    if isinstance(kind, list):
        items = [reduce_received_value(kind[0], item) for item in value] if isinstance(value, list) else None
        return items and [ReceivedObject() if item is None else item for item in items]
    if kind is ID or kind is int:
        is_number = isinstance(value, int | str) and not isinstance(value, bool) and ID.fullmatch(str(value))
        return int(value) if is_number and int(value) <= MAX_STORED_NUMBER else None
    if kind is INSTANT:
        try:
            instant = INSTANT(value)
            return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).isoformat()
        except (TypeError, ValueError):
            return None
    return kind if isinstance(kind, int) else value if value is not None and isinstance(value, kind) else None


def _texts_of_components(components: Any) -> Iterator[str]:
    """The texts that a message of components has in place of its content."""
    for component in components if isinstance(components, list) else ():
        known = component if isinstance(component, dict) else {}
        if known.get("type") == TEXT_DISPLAY and isinstance(known.get("content"), str):
            yield known["content"]
        yield from _texts_of_components(known.get("components"))


def reduce_received_message(raw: Any, own_user: discord.ClientUser | None) -> ReceivedObject:
    """A message for discord.py. Its author is a bot if it is this one, also where the server does not say so.

    Raises `ValueError` for one of which something would be lost: without its author, text or files it would be read as
    somebody else's, or as if there were none.
    """
    message: ReceivedObject = reduce_received_value(MESSAGE, raw) or ReceivedObject()
    for name, kind in (("content", str), ("attachments", list), ("message_snapshots", list)):
        if raw.get(name) is not None and not isinstance(raw[name], kind):
            raise ValueError
    is_incomplete = "attachments" in raw and raw["attachments"] is None
    is_elsewhere = raw.get("guild_id") is not None and "guild_id" not in message
    if is_incomplete or is_elsewhere or "id" not in message.get("author", ()):
        raise ValueError
    if own_user is not None and message["author"]["id"] == own_user.id:
        message["author"]["bot"] = True
    reference = message.get("message_reference", ReceivedObject())
    reference.setdefault("channel_id", 0)  # discord.py needs one
    for snapshot in message.get("message_snapshots", ()):
        posted_at = discord.utils.snowflake_time(reference.get("message_id", 0))
        if posted_at >= OPENED_AT:
            snapshot["message"].setdefault("timestamp", posted_at.isoformat())
    return message


def is_webhook_mention(raw: Any, own_user: discord.ClientUser | None) -> bool:
    """Whether a webhook posted it and mentions the bot: only then does Discord show the bot its content."""
    mentions = raw.get("mentions")
    if own_user is None or not isinstance(mentions, list):
        return False
    is_mentioned = {"id": own_user.id} in [reduce_received_value({"id": ID}, user) for user in mentions]
    is_by_webhook = raw.get("webhook_id") is not None
    if is_mentioned and not is_by_webhook:
        log.debug("mention_ignored", message_id=raw.get("id"), channel_id=raw.get("channel_id"))
    return is_mentioned and is_by_webhook


def reduce_received_interaction(raw: Any, application_id: int | None) -> ReceivedObject:
    """An interaction for discord.py. It may not say where it comes from, for which discord.py and the bot ask."""
    interaction: ReceivedObject = reduce_received_value(INTERACTION, raw) or ReceivedObject()
    channel = {"id": interaction.get("channel_id"), "type": PRIVATE, **interaction.get("channel", {})}
    if "guild_id" in interaction:  # of a server's channel nothing is read but the id
        channel |= {"type": TEXT, "name": "", "position": 0}
        if "user" in interaction:
            interaction.setdefault("member", ReceivedObject(user=interaction["user"]))
    else:
        if channel["type"] == PRIVATE:
            interaction.setdefault("context", BOT_DM)
        if "member" in interaction:
            interaction.setdefault("user", interaction["member"].get("user"))
    interaction["channel"] = channel
    interaction.setdefault("application_id", application_id)
    interaction.setdefault("locale", "")
    owners = interaction.pop("authorizing_integration_owners", {})
    interaction["authorizing_integration_owners"] = {
        key: owner
        for key, owner in owners.items()
        if reduce_received_value(ID, key) is not None and reduce_received_value(ID, owner) is not None
    }
    if "message" in interaction:
        message = interaction["message"]
        message.setdefault("flags", COMPONENTS_V2)
        message.setdefault("author", ReceivedObject(id=application_id))
    data = interaction.get("data", ReceivedObject())
    resolved = data.get("resolved", {})
    for name, objects in resolved.items():
        known = {key: reduce_received_value(RESOLVED[name], value) for key, value in objects.items()}
        resolved[name] = {key: value for key, value in known.items() if value is not None}
    for message in resolved.get("messages", {}).values():
        message.setdefault("author", ReceivedObject(id=0))
    if "target_id" in data:  # by which it is looked for in what is resolved
        data["target_id"] = str(data["target_id"])
    if "options" in data:
        _option_values_as_text(data["options"])
    return interaction


def _option_values_as_text(options: Iterable[ReceivedObject]) -> None:
    """Make texts of the values of options, and of those of subcommands, that are no numbers or are being typed."""
    for option in options:
        if "value" in option and (option.get("focused") or option["type"] not in NUMERIC_OPTIONS):
            option["value"] = str(option["value"])
        _option_values_as_text(option.get("options", ()))
