"""A request to the HTTP API and its response, without sockets."""

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """A parsed request; `path` is relative to the API's address, `files` are names with contents."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    files: tuple[tuple[str, bytes], ...] = ()


ApiResponse = tuple[int, Any]
"""The HTTP status and the JSON body; a body of None is empty."""
NO_CONTENT: Final[ApiResponse] = (204, None)
