"""A request to the HTTP API and its response, without sockets, and the ids that stand in them."""

from dataclasses import dataclass
from typing import Any, Final


@dataclass(slots=True, kw_only=True)
class ApiRequest:
    """A parsed request; `path` is relative to the API's address, `files` are names with contents."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    files: tuple[tuple[str, bytes], ...] = ()
    status: int = 0
    """The status of the response; 0: there is none yet, or the connection was cut."""


ApiResponse = tuple[int, Any]
"""The HTTP status and the JSON body; a body of None is empty."""
NO_CONTENT: Final[ApiResponse] = (204, None)

MAX_ID_DIGITS: Final = 20
"""A snowflake is a number of 64 bits."""


def parse_id(text: str) -> int | None:
    """The number in an address; None if it cannot be an id."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MAX_ID_DIGITS else None
