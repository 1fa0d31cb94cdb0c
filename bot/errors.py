"""What a person is told about. Everything else is a fault of ours and is logged as one.

NinteiError                  names a text (bot/texts) and its arguments; the sentence is made where it is shown
├── SettingError             the operator's environment; stops the start
├── InputError               what somebody wrote, chose or sent cannot be taken as it is
├── RefusedError             understood, but not possible now: somebody else's, already undone, nothing to answer
├── StorageError             the database cannot be opened, is newer than the program, is full, or is busy
└── DiscordError             Discord cannot be reached or does not let the bot in; stops the start
"""

from datetime import date, datetime

FluentValue = str | int | datetime | date
"""A datetime without a zone is what a wall clock shows."""

MessageArgument = FluentValue | tuple[FluentValue, ...]
"""Of several, one stands beside the other."""


class NinteiError(Exception):
    """`text` is the id of a Fluent message in bot/texts, `arguments` are its variables."""

    def __init__(self, message_id: str, /, **arguments: MessageArgument) -> None:
        super().__init__(message_id, arguments)
        self.message_id = message_id
        self.arguments = arguments


class SettingError(NinteiError):
    """A setting that cannot be used."""


class InvalidInputError(NinteiError):
    """What somebody wrote or sent cannot be taken as it is."""


class NotAllowedError(NinteiError):
    """Understood, but not possible for this person or at this moment."""


class StorageError(NinteiError):
    """The database did not do what was asked; nothing was recorded."""


class DiscordError(NinteiError):
    """Discord cannot be reached, or does not let the bot in."""
