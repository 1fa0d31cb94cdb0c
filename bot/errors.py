"""Errors whose text is shown to a member or the operator. Every other exception is a bug and is logged as one.

NinteiError
├── SettingError
├── InvalidInputError
│   ├── TimeParseError     bot/parsing/times/errors.py
│   │   └── TimeUncertainError
│   └── TableError         bot/parsing/csv_table.py
├── NotAllowedError
│   └── WindowEndedError   bot/services/reply_windows.py
├── StorageError
└── DiscordError
"""

from datetime import date, datetime
from functools import partial
from typing import Any

FluentValue = str | int | datetime | date
"""A variable of a text. A datetime without a time zone is shown as it is."""

MessageArgument = FluentValue | tuple[FluentValue, ...]
"""The values of a tuple are shown side by side."""


class NinteiError(Exception):
    """An error with a text: the id of a Fluent message in `bot/i18n`, and the message's variables."""

    def __init__(self, message_id: str, /, **arguments: MessageArgument) -> None:
        super().__init__(message_id, arguments)
        self.message_id = message_id
        self.arguments = arguments

    def __reduce__(self) -> tuple[Any, ...]:
        """For pickling, since `Exception` would pass the arguments by position."""
        return partial(type(self), **self.arguments), (self.message_id,)


class SettingError(NinteiError):
    """The operator's environment contains a setting that cannot be used; the program does not start."""


class InvalidInputError(NinteiError):
    """Something that was written, chosen or sent cannot be read or used."""


class NotAllowedError(NinteiError):
    """Something was understood, but is not possible for this person or at this moment."""


class StorageError(NinteiError):
    """The database cannot be opened, is newer than the program, is full or is busy; nothing was recorded."""


class DiscordError(NinteiError):
    """Discord cannot be reached, or refuses the bot; the program stops."""
