"""What a check comes to: one line for the operator."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.errors import FluentValue, NinteiError


class Mark(StrEnum):
    """How good it is."""

    FINE = "fine"
    WORRY = "worry"
    """It works, and may not for long."""
    WRONG = "wrong"
    LEFT_OUT = "left_out"
    """It could not be looked at, or need not be."""


class Check(StrEnum):
    """What is looked at, in this order."""

    SETTINGS = "settings"
    TOKEN = "token"  # noqa: S105 — a word, not a secret
    APPLICATION = "application"
    CLOCK = "clock"
    DATABASE = "database"
    INTEGRITY = "integrity"
    DERIVED = "derived"
    FOLDER = "folder"
    DISK = "disk"
    BACKUPS = "backups"
    PICTURES = "pictures"


@dataclass(frozen=True, slots=True)
class Finding:
    """`text` names a text and `arguments` its variables; it says what to do where there is something to do."""

    check: Check
    mark: Mark
    text: str
    arguments: Mapping[str, FluentValue] = field(default_factory=dict)

    @property
    def worrying(self) -> bool:
        """Whether somebody should do something."""
        return self.mark in {Mark.WORRY, Mark.WRONG}


def told(check: Check, fault: NinteiError) -> Finding:
    """An error's own sentence."""
    flat = {
        name: " ".join(map(str, each)) if isinstance(each, tuple) else each for name, each in fault.arguments.items()
    }
    return Finding(check, Mark.WRONG, fault.message_id, flat)
