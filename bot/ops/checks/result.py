"""The result of a check: one line for the operator."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import FluentValue, NinteiError


class CheckMark(StrEnum):
    """The values are those of `doctor --json`."""

    OK = "fine"
    WARNING = "worry"
    """It works, but needs attention."""
    ERROR = "wrong"
    SKIPPED = "left_out"
    """It could not or need not be checked."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """`message_id` and `params` are a text's id and variables; the text says what the operator should do."""

    check: "Check"
    severity: CheckMark
    message_id: str
    params: Mapping[str, FluentValue]

    @property
    def needs_action(self) -> bool:
        """Whether the operator should do something."""
        return self.severity in {CheckMark.WARNING, CheckMark.ERROR}


class Check(StrEnum):
    """All checks, in the order in which they run."""

    SETTINGS = "settings"
    TOKEN = "token"  # noqa: S105 — a word, not a secret
    APPLICATION = "application"
    CLOCK = "clock"
    DATABASE = "database"
    INTEGRITY = "integrity"
    ERASURE = "erasure"
    DERIVED = "derived"
    FOLDER = "folder"
    DISK = "disk"
    BACKUPS = "backups"
    PICTURES = "pictures"
    MAILBOX = "mailbox"
    LMTP = "lmtp"
    MONITORING = "monitoring"

    def ok(self, message_id: str, /, **params: FluentValue) -> CheckResult:
        """The result where everything is as it should be."""
        return CheckResult(self, CheckMark.OK, message_id, params)

    def warning(self, message_id: str, /, **params: FluentValue) -> CheckResult:
        """The result where something works, but needs attention."""
        return CheckResult(self, CheckMark.WARNING, message_id, params)

    def error(self, message_id: str, /, **params: FluentValue) -> CheckResult:
        """The result where something does not work."""
        return CheckResult(self, CheckMark.ERROR, message_id, params)

    def skipped(self, message_id: str, /, **params: FluentValue) -> CheckResult:
        """The result of a check that could not or need not be made."""
        return CheckResult(self, CheckMark.SKIPPED, message_id, params)

    def failed(self, error: NinteiError) -> CheckResult:
        """The result of a check that failed with an error: the error's own text."""
        params = {
            name: " ".join(map(str, value)) if isinstance(value, tuple) else value
            for name, value in error.arguments.items()
        }
        return self.error(error.message_id, **params)
