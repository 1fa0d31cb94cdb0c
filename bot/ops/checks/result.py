"""What a check comes to: one line for the operator."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.errors import FluentValue, NinteiError


class Severity(StrEnum):
    """How good it is."""

    OK = "fine"
    WARNING = "worry"
    """It works, and may not for long."""
    ERROR = "wrong"
    SKIPPED = "left_out"
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
class CheckResult:
    """`text` names a text and `arguments` its variables; it says what to do where there is something to do."""

    check: Check
    severity: Severity
    message_id: str
    params: Mapping[str, FluentValue] = field(default_factory=dict)

    @property
    def needs_action(self) -> bool:
        """Whether somebody should do something."""
        return self.severity in {Severity.WARNING, Severity.ERROR}


def from_error(check: Check, error: NinteiError) -> CheckResult:
    """An error's own sentence."""
    flat = {
        name: " ".join(map(str, each)) if isinstance(each, tuple) else each for name, each in error.arguments.items()
    }
    return CheckResult(check, Severity.ERROR, error.message_id, flat)
