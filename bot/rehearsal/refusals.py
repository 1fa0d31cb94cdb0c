"""How Discord says no."""

from typing import Any

Json = dict[str, Any]


class Refusal(Exception):  # noqa: N818 — an answer of Discord's, not a fault
    """An HTTP status with Discord's own error code and words."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(status, code, message)
        self.status = status
        self.body: Json = {"message": message, "code": code}
        if errors:
            self.body["errors"] = errors


def invalid(path: str, code: str, message: str) -> Refusal:
    """50035 with the place of the fault, as Discord nests it: `components.0.label`."""
    errors: Json = {"_errors": [{"code": code, "message": message}]}
    for step in reversed(path.split(".")):
        errors = {step: errors}
    return Refusal(400, 50035, "Invalid Form Body", errors)


def not_found(what: str, code: int) -> Refusal:
    """404: Unknown channel, message, interaction…"""
    return Refusal(404, code, f"Unknown {what}")


UNAUTHORIZED = Refusal(401, 0, "401: Unauthorized")
CLOSED_DMS = Refusal(403, 50007, "Cannot send messages to this user")
NO_MUTUAL_GUILDS = Refusal(403, 50278, "Cannot send messages to this user due to having no mutual guilds")
MISSING_ACCESS = Refusal(403, 50001, "Missing Access")
OPENING_TOO_FAST = Refusal(429, 40003, "You are opening direct messages too fast.")
ALREADY_ANSWERED = Refusal(400, 40060, "Interaction has already been acknowledged.")
EMPTY_MESSAGE = Refusal(400, 50006, "Cannot send an empty message")
