"""A slash command as Discord's app sends it, from the options that a person filled in."""

from typing import Any, Final

from bot.fake_discord.state import Channel, DiscordState, Json

SLASH_COMMAND, MESSAGE_COMMAND = 1, 3
SUBCOMMAND: Final = 1
OPTION_TYPES: Final = {
    "string": 3, "integer": 4, "boolean": 5, "user": 6, "channel": 7, "role": 8, "number": 10, "attachment": 11,
}  # fmt: skip


class InvalidUserActionError(Exception):
    """A person cannot do this in Discord's app."""


def find_command(state: DiscordState, name: str, kind: int) -> Json:
    """Return a command that the bot registered. Raises `InvalidUserActionError` when there is none."""
    for command in state.commands:
        if command["name"] == name and command.get("type", SLASH_COMMAND) == kind:
            return command
    raise InvalidUserActionError(f"no command {name!r}")


def command_payload(state: DiscordState, name: str, channel: Channel, options: Json, permissions: int) -> Json:
    """Return the data of a command ("job add": of a group) with options by their English names.

    A file is given as (name, bytes). `permissions` are the person's in every channel of a server. Raises
    `InvalidUserActionError` for what Discord's app would not send.
    """
    command = find_slash_command(state, name)
    required = [option["name"] for option in command.get("options", []) if option.get("required")]
    missing = [option for option in required if option not in options]
    if missing:
        raise InvalidUserActionError(f"/{name} needs {missing}")
    resolved: Json = {}
    payloads = [
        _resolve_option_values(state, _option_payload(command, option, value), channel, resolved, permissions)
        for option, value in options.items()
        if value is not None
    ]
    return _option_payloads(state, name, payloads, resolved)


def autocomplete_payload(state: DiscordState, name: str, focused_option: str, value: str, options: Json) -> Json:
    """Return the data of a command while an option is being typed."""
    command = find_slash_command(state, name)
    payloads = [_option_payload(command, option, typed) for option, typed in options.items()]
    return _option_payloads(
        state, name, [*payloads, {**_option_payload(command, focused_option, value), "focused": True}], {}
    )


def find_slash_command(state: DiscordState, name: str) -> Json:
    """Return a command, or one of a group. Raises `InvalidUserActionError` when there is none."""
    group, _, sub = name.partition(" ")
    command = find_command(state, group, SLASH_COMMAND)
    if not sub:
        return command
    for option in command["options"]:
        if option["name"] == sub and option["type"] == SUBCOMMAND:
            return dict(option)
    raise InvalidUserActionError(f"no command {name!r}")


def _option_payloads(state: DiscordState, name: str, options: list[Json], resolved: Json) -> Json:
    group, _, sub = name.partition(" ")
    if sub:
        options = [{"name": sub, "type": SUBCOMMAND, "options": options}]
    return {
        "id": find_command(state, group, SLASH_COMMAND)["id"], "name": group, "type": SLASH_COMMAND, "options": options,
        "resolved": resolved,
    }  # fmt: skip


def _resolve_option_values(
    state: DiscordState, option: Json, channel: Channel, resolved: Json, permissions: int
) -> Json:
    """Return an option with a file or a channel by its id; the object itself is added to `resolved`."""
    if option["type"] == OPTION_TYPES["attachment"]:
        [attachment] = state.store_files(channel, [option["value"]])
        resolved.setdefault("attachments", {})[attachment["id"]] = attachment
        return {**option, "value": attachment["id"]}
    if option["type"] == OPTION_TYPES["channel"]:
        chosen: Channel = option["value"]
        payload = {**chosen.payload(), "name": "channel", "permissions": str(permissions)}
        resolved.setdefault("channels", {})[str(chosen.id)] = {**payload, "guild_id": str(chosen.guild_id)}
        return {**option, "value": str(chosen.id)}
    return option


def _option_payload(command: Json, name: str, value: Any) -> Json:
    for option in command.get("options", []):
        if option["name"] == name:
            value = _coerce_option_value(option["type"], value)
            values = [choice["value"] for choice in option.get("choices", [])]
            if values and value not in values:
                raise InvalidUserActionError(f"{value!r} is no choice of {name!r}: {values}")
            if option["type"] == OPTION_TYPES["integer"] and not (
                option.get("min_value", value) <= value <= option.get("max_value", value)
            ):
                raise InvalidUserActionError(f"{name!r} is out of range")
            if option["type"] == OPTION_TYPES["string"] and len(value) > option.get("max_length", 6000):
                raise InvalidUserActionError(f"{name!r} is too long")
            return {"name": name, "type": option["type"], "value": value}
    raise InvalidUserActionError(f"/{command['name']} has no option {name!r}")


def _coerce_option_value(kind: int, value: Any) -> Any:
    """Return what a person typed as Discord's app sends it."""
    if kind == OPTION_TYPES["integer"] and isinstance(value, str) and value.isdecimal():
        return int(value)
    if kind == OPTION_TYPES["boolean"] and isinstance(value, str):
        return value.casefold() == "true"
    return value
