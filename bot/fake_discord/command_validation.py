"""What Discord refuses in application commands."""

import re
from typing import Final

from bot.fake_discord.state import Json
from bot.fake_discord.validation import refuse_if, validate_count, validate_keys, validate_length

_NAME: Final = re.compile(r"^[-_'\w\u0e00-\u0e7f]{1,32}$")
_LOCALES: Final = {
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "pt-BR",
    "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko",
}  # fmt: skip
_COMMAND_KEYS: Final = {
    "id", "type", "name", "name_localizations", "description", "description_localizations", "options",
    "default_member_permissions", "dm_permission", "nsfw", "integration_types", "contexts", "handler",
}  # fmt: skip
_OPTION_KEYS: Final = {
    "type", "name", "name_localizations", "description", "description_localizations", "required", "choices",
    "options", "channel_types", "min_value", "max_value", "min_length", "max_length", "autocomplete",
}  # fmt: skip
CHAT_INPUT: Final = 1
MAX_COMMANDS: Final = 100
MAX_OPTIONS: Final = 25


def validate_commands(commands: object) -> list[Json]:
    """Return the commands of a bulk overwrite. Raises `DiscordApiError` for what Discord refuses."""
    commands = validate_count("", commands, 0, MAX_COMMANDS)
    for number, command in enumerate(commands):
        path = str(number)
        validate_keys(path, command, _COMMAND_KEYS)
        if command.get("type", CHAT_INPUT) == CHAT_INPUT:
            _validate_name_and_description(path, command)
            _validate_command_options(path, command.get("options") or [])
        else:
            validate_length(f"{path}.name", command.get("name"), 1, 32)
            _validate_command_localizations(f"{path}.name_localizations", command.get("name_localizations"), 32)
    names = [(command.get("type", CHAT_INPUT), command["name"]) for command in commands]
    code, message = "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique"
    refuse_if(len(names) != len(set(names)), "0.name", code, message)
    return commands


def _validate_name_and_description(path: str, definition: Json) -> None:
    validate_length(f"{path}.name", definition.get("name"), 1, 32)
    validate_length(f"{path}.description", definition.get("description"), 1, 100)
    _validate_command_name(f"{path}.name", definition["name"])
    for locale, name in (definition.get("name_localizations") or {}).items():
        _validate_command_name(f"{path}.name_localizations.{locale}", name)
    _validate_command_localizations(f"{path}.name_localizations", definition.get("name_localizations"), 32)
    _validate_command_localizations(
        f"{path}.description_localizations", definition.get("description_localizations"), 100
    )


def _validate_command_name(path: str, name: str) -> None:
    is_valid = _NAME.match(name) and name == name.lower()
    refuse_if(not is_valid, path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _validate_command_localizations(path: str, texts: Json | None, max_length: int) -> None:
    for locale, text in (texts or {}).items():
        message = f'Value "{locale}" is not a valid enum value.'
        refuse_if(locale not in _LOCALES, f"{path}.{locale}", "ENUM_TYPE_COERCE", message)
        validate_length(f"{path}.{locale}", text, 1, max_length)


def _validate_command_options(path: str, options: list[Json]) -> None:
    validate_count(f"{path}.options", options, 0, MAX_OPTIONS)
    optional_seen = False
    for number, option in enumerate(options):
        option_path = f"{path}.options.{number}"
        validate_keys(option_path, option, _OPTION_KEYS)
        _validate_name_and_description(option_path, option)
        text = "Required options must be placed before non-required options"
        is_misplaced = option.get("required") and optional_seen
        refuse_if(is_misplaced, option_path, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", text)
        optional_seen = optional_seen or not option.get("required")
        choices = option.get("choices") or []
        validate_count(f"{option_path}.choices", choices, 0, 0 if option.get("autocomplete") else MAX_OPTIONS)
        for choice_number, choice in enumerate(choices):
            choice_path = f"{option_path}.choices.{choice_number}"
            validate_keys(choice_path, choice, {"name", "name_localizations", "value"})
            validate_length(f"{choice_path}.name", choice.get("name"), 1, 100)
            _validate_command_localizations(f"{choice_path}.name_localizations", choice.get("name_localizations"), 100)
        _validate_command_options(option_path, option.get("options") or [])
