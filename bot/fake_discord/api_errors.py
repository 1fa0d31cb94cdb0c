"""Discord's error responses."""

from typing import Any

Json = dict[str, Any]


class DiscordApiError(Exception):
    """A request that Discord refuses: the HTTP status, Discord's error code and message."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(status, code, message)
        self.status = status
        self.body: Json = {"message": message, "code": code}
        if errors:
            self.body["errors"] = errors


def invalid_form_error(path: str, code: str, message: str) -> DiscordApiError:
    """Return error 50035 for the value at a path such as `components.0.label`, nested as Discord does."""
    errors: Json = {"_errors": [{"code": code, "message": message}]}
    for step in reversed(path.split(".")):
        errors = {step: errors}
    return DiscordApiError(400, 50035, "Invalid Form Body", errors)


def not_found_error(resource: str, code: int) -> DiscordApiError:
    """Return a 404: an unknown channel, message, interaction …"""
    return DiscordApiError(404, code, f"Unknown {resource}")


UNAUTHORIZED = DiscordApiError(401, 0, "401: Unauthorized")
CANNOT_SEND_TO_USER = DiscordApiError(403, 50007, "Cannot send messages to this user")
NO_MUTUAL_GUILDS = DiscordApiError(403, 50278, "Cannot send messages to this user due to having no mutual guilds")
MISSING_ACCESS = DiscordApiError(403, 50001, "Missing Access")
DM_OPEN_RATE_LIMITED = DiscordApiError(429, 40003, "You are opening direct messages too fast.")
ALREADY_ANSWERED = DiscordApiError(400, 40060, "Interaction has already been acknowledged.")
EMPTY_MESSAGE = DiscordApiError(400, 50006, "Cannot send an empty message")
