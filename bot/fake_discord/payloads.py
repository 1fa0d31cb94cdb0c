"""A slash command as Discord's app puts it together from what a person filled in."""

from typing import Any, Final

from bot.fake_discord.state import Channel, DiscordState

Json = dict[str, Any]

SLASH, ON_MESSAGE = 1, 3
SUBCOMMAND: Final = 1
TYPES: Final = {
    "string": 3,
    "integer": 4,
    "boolean": 5,
    "user": 6,
    "channel": 7,
    "role": 8,
    "number": 10,
    "attachment": 11,
}


class InvalidUserActionError(Exception):
    """Discord's own app would not let a person do this."""


def find_command(world: DiscordState, name: str, kind: int) -> Json:
    """A command that the bot has told Discord about."""
    for command in world.commands:
        if command["name"] == name and command.get("type", SLASH) == kind:
            return command
    raise InvalidUserActionError(f"no command {name!r}")


def command_payload(world: DiscordState, name: str, channel: Channel, options: Json, permissions: int) -> Json:
    """A command ("job add": of a group) with options by their English names; a file as (name, bytes).

    `permissions`: the person's, in every channel of a server.
    """
    used = command_mention(world, name)
    missing = [each["name"] for each in used.get("options", []) if each.get("required") and each["name"] not in options]
    if missing:
        raise InvalidUserActionError(f"/{name} needs {missing}")
    resolved: Json = {}
    payloads = [
        _resolve(world, _option(used, option, value), channel, resolved, permissions)
        for option, value in options.items()
        if value is not None
    ]
    return _option_payloads(world, name, payloads, resolved)


def autocomplete_payload(world: DiscordState, name: str, focused_option: str, value: str, options: Json) -> Json:
    """The same while one option is still being typed."""
    used = command_mention(world, name)
    payloads = [_option(used, option, each) for option, each in options.items()]
    return _option_payloads(world, name, [*payloads, {**_option(used, focused_option, value), "focused": True}], {})


def command_mention(world: DiscordState, name: str) -> Json:
    """A command, or one of a group."""
    group, _, sub = name.partition(" ")
    command = find_command(world, group, SLASH)
    if not sub:
        return command
    for each in command["options"]:
        if each["name"] == sub and each["type"] == SUBCOMMAND:
            return dict(each)
    raise InvalidUserActionError(f"no command {name!r}")


def _option_payloads(world: DiscordState, name: str, options: list[Json], resolved: Json) -> Json:
    group, _, sub = name.partition(" ")
    if sub:
        options = [{"name": sub, "type": SUBCOMMAND, "options": options}]
    return {
        "id": find_command(world, group, SLASH)["id"], "name": group, "type": SLASH, "options": options,
        "resolved": resolved,
    }  # fmt: skip


def _resolve(world: DiscordState, option: Json, channel: Channel, resolved: Json, permissions: int) -> Json:
    """A file or a channel is named by its id, and told beside the options."""
    if option["type"] == TYPES["attachment"]:
        [kept] = world.store_files(channel, [option["value"]])
        resolved.setdefault("attachments", {})[kept["id"]] = kept
        return {**option, "value": kept["id"]}
    if option["type"] == TYPES["channel"]:
        there: Channel = option["value"]
        shown = {
            **there.payload(),
            "name": "channel",
            "permissions": str(permissions),
            "guild_id": str(there.guild_id),
        }
        resolved.setdefault("channels", {})[str(there.id)] = shown
        return {**option, "value": str(there.id)}
    return option


def _option(command: Json, name: str, value: Any) -> Json:
    for option in command.get("options", []):
        if option["name"] == name:
            value = _coerce(option["type"], value)
            values = [choice["value"] for choice in option.get("choices", [])]
            if values and value not in values:
                raise InvalidUserActionError(f"{value!r} is no choice of {name!r}: {values}")
            if option["type"] == TYPES["integer"] and not (
                option.get("min_value", value) <= value <= option.get("max_value", value)
            ):
                raise InvalidUserActionError(f"{name!r} is out of range")
            if option["type"] == TYPES["string"] and len(value) > option.get("max_length", 6000):
                raise InvalidUserActionError(f"{name!r} is too long")
            return {"name": name, "type": option["type"], "value": value}
    raise InvalidUserActionError(f"/{command['name']} has no option {name!r}")


def _coerce(kind: int, value: Any) -> Any:
    """What a person types, as Discord's app sends it."""
    if kind == TYPES["integer"] and isinstance(value, str) and value.isdecimal():
        return int(value)
    if kind == TYPES["boolean"] and isinstance(value, str):
        return value.casefold() == "true"
    return value
