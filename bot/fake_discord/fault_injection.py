"""Faults that tests inject into the fake Discord."""

import asyncio
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from bot.fake_discord.api_errors import DiscordApiError

LossPoint = Literal["before", "after"]
"""When the connection is cut: before Discord carries out the request, or after (the response is lost)."""

GatewayFault = Literal[
    "refused", "no_upgrade", "cut", "closed", "no_hello", "no_session", "reconnect", "resumable", "invalid"
]
"""How a connection to the gateway fails: 503; accepted, and the handshake is never answered; cut or closed before
HELLO; no HELLO; no READY or RESUMED; RECONNECT or INVALID_SESSION (which may be resumed, or not) instead of them."""


@dataclass(slots=True, kw_only=True)
class Fault:
    """A response to the next `times` requests that match."""

    method: str
    path: str
    """A regular expression that is searched for."""
    times: int = 1
    status: int | None = None
    retry_after: float = 0.0
    global_limit: bool = False
    via_header: bool = True
    error: DiscordApiError | None = None
    loss_point: LossPoint | None = None
    hang: bool = False
    text: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def matches(self, method: str, path: str) -> bool:
        """Whether the fault applies to a request."""
        return self.times > 0 and self.method == method and re.search(self.path, path) is not None


@dataclass(slots=True, kw_only=True)
class Faults:
    """The faults to produce; paths are regular expressions."""

    planned: deque[Fault] = field(default_factory=deque)
    dm_blocked: dict[int, DiscordApiError] = field(default_factory=dict)
    """User ids of those who accept no direct messages, with Discord's error."""
    dm_open_refused: dict[int, DiscordApiError] = field(default_factory=dict)
    """User ids of those to whom no direct message can be opened, with Discord's error."""
    gateway: deque[GatewayFault] = field(default_factory=deque)
    """How the next connections to the gateway fail, one after the other."""
    every_gateway: GatewayFault | None = None
    """How every connection to the gateway fails."""
    hang_api: bool = False
    """Whether the API accepts every request and answers none."""
    session_starts: int = 1000
    """How many sessions may be begun before Discord's limit is reached."""
    refuse_resume: bool = False
    ignore_heartbeats: bool = False
    """Whether heartbeats of the gateway are not acknowledged."""
    duplicate_events: bool = False
    """Whether every event is sent twice."""
    real_time_answers: bool = False
    """Whether an interaction's three seconds pass in real time, too, though the clock stands still."""
    history_denied: set[int] = field(default_factory=set)
    """Ids of channels in which the bot may not read the history: Discord answers with no messages."""
    hang_files: bool = False
    """Whether the server of attachments never responds."""
    latency: Callable[[], float] | None = None
    """Returns the seconds between carrying out a request and responding to it."""
    message_responses: asyncio.Event | None = None
    """Messages are sent at once, and their requests are responded to when it is set."""

    def next_gateway(self) -> GatewayFault | None:
        """Return the fault for a connection to the gateway and take it from the list."""
        return self.gateway.popleft() if self.gateway else self.every_gateway

    def next(self, method: str, path: str) -> Fault | None:
        """Return the fault for a request and count it down."""
        for fault in self.planned:
            if fault.matches(method, path):
                fault.times -= 1
                return fault
        return None

    def status(self, method: str, path: str, status: int, *, times: int = 1) -> None:
        """Respond with an error of the server: 500, 502, 503, 504."""
        self.planned.append(Fault(method=method, path=path, times=times, status=status))

    def respond_with(
        self, method: str, path: str, status: int, text: str, *, times: int = 1, headers: dict[str, str] | None = None
    ) -> None:
        """Respond with text that is not JSON, as a proxy between the bot and Discord does."""
        headers = {"Content-Type": "text/html; charset=UTF-8", **(headers or {})}
        self.planned.append(Fault(method=method, path=path, times=times, status=status, text=text, headers=headers))

    def rate_limit(
        self, method: str, path: str, retry_after: float, *, times: int = 1, global_limit: bool = False,
        via_header: bool = True,
    ) -> None:  # fmt: skip
        """Respond with 429; `retry_after` in seconds, `via_header`: with the header that Discord's own proxy adds."""
        limit = Fault(
            method=method,
            path=path,
            times=times,
            status=429,
            retry_after=retry_after,
            global_limit=global_limit,
            via_header=via_header,
        )
        self.planned.append(limit)

    def refuse(self, method: str, path: str, error: DiscordApiError, *, times: int = 1) -> None:
        """Respond with one of Discord's errors."""
        self.planned.append(Fault(method=method, path=path, times=times, error=error))

    def drop_connection(self, method: str, path: str, loss_point: LossPoint, *, times: int = 1) -> None:
        """Cut the connection before or after carrying out the request."""
        self.planned.append(Fault(method=method, path=path, times=times, loss_point=loss_point))

    def hang(self, method: str, path: str, *, times: int = 1) -> None:
        """Never respond."""
        self.planned.append(Fault(method=method, path=path, times=times, hang=True))
