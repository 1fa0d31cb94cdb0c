"""How a request to Discord fails, in groups that are handled alike, and how long Discord asks to wait."""

from datetime import timedelta
from typing import Final

import aiohttp
import discord

CONNECTION_ERRORS: Final = (aiohttp.ClientError, OSError)
"""No answer arrived: the connection failed, was cut or took too long (`TimeoutError` is an `OSError`)."""

UNPARSABLE_RESPONSE_ERRORS: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What discord.py raises for an answer that it cannot read: a proxy's page, a rate limit without its length."""

REQUEST_ERRORS: Final = (discord.HTTPException, *CONNECTION_ERRORS)
"""Discord refused the request, or no answer arrived."""

MAX_RETRY_AFTER: Final = timedelta(minutes=10)
"""The longest wait that Discord can ask for: after it a request shows whether the limit still holds."""


def error_if_possible_bug(error: Exception) -> Exception | None:
    """The error, for `exc_info`, if a fault of the bot's own may raise it too, which its traceback tells; else None."""
    return error if isinstance(error, UNPARSABLE_RESPONSE_ERRORS) else None


def retry_after_of_error(error: discord.HTTPException) -> timedelta | None:
    """How long Discord asks to wait; None if it does not say."""
    try:
        seconds = float(error.response.headers.get("Retry-After", ""))
    except ValueError:
        return None
    return timedelta(seconds=min(seconds, MAX_RETRY_AFTER.total_seconds())) if seconds > 0 else None
