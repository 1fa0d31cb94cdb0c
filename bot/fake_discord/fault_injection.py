"""How this Discord can be told to misbehave."""

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from bot.fake_discord.api_errors import DiscordApiError

LossPoint = Literal["before", "after"]
"""A connection cut before Discord acted, or after it did (the answer is lost)."""


@dataclass(slots=True)
class Fault:
    """One way to answer the next `times` requests that match."""

    method: str
    path: re.Pattern[str]
    times: int
    status: int | None = None
    retry_after: float = 0.0
    global_limit: bool = False
    via_header: bool = True
    refusal: DiscordApiError | None = None
    loss_point: LossPoint | None = None
    hang: bool = False
    text: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def matches(self, method: str, path: str) -> bool:
        """Whether it is this request's turn."""
        return self.times > 0 and self.method == method and self.path.search(path) is not None


@dataclass(slots=True)
class Faults:
    """What is to go wrong, and for whom."""

    planned: deque[Fault] = field(default_factory=deque)
    dm_blocked: dict[int, DiscordApiError] = field(default_factory=dict)
    """Members who take no direct messages, with what Discord answers."""
    refuse_gateway: bool = False
    """No connection to the gateway comes about."""
    refuse_resume: bool = False
    ignore_heartbeats: bool = False
    """No beat of the gateway's heart is answered."""
    duplicate_events: bool = False
    """Every event comes twice."""
    latency: Callable[[], float] | None = None
    """Seconds between acting on a request and answering it."""

    def next(self, method: str, path: str) -> Fault | None:
        """The fault for a request, used up by it."""
        for fault in self.planned:
            if fault.matches(method, path):
                fault.times -= 1
                return fault
        return None

    def status(self, method: str, path: str, status: int, *, times: int = 1) -> None:
        """Answer with 500, 502, 503, 504."""
        self.planned.append(Fault(method, re.compile(path), times, status=status))

    def respond_with(
        self, method: str, path: str, status: int, text: str, *, times: int = 1, headers: dict[str, str] | None = None
    ) -> None:
        """Answer with any text: what stands between the bot and Discord speaks no JSON."""
        told = {"Content-Type": "text/html; charset=UTF-8", **(headers or {})}
        self.planned.append(Fault(method, re.compile(path), times, status, text=text, headers=told))

    def rate_limit(
        self, method: str, path: str, retry_after: float, *, times: int = 1, everywhere: bool = False, via: bool = True
    ) -> None:
        """Answer 429."""
        self.planned.append(
            Fault(
                method, re.compile(path), times, 429, retry_after=retry_after, global_limit=everywhere, via_header=via
            )
        )

    def refuse(self, method: str, path: str, refusal: DiscordApiError, *, times: int = 1) -> None:
        """Answer with one of Discord's refusals."""
        self.planned.append(Fault(method, re.compile(path), times, refusal=refusal))

    def drop_connection(self, method: str, path: str, lost: LossPoint, *, times: int = 1) -> None:
        """Cut the connection before or after acting."""
        self.planned.append(Fault(method, re.compile(path), times, loss_point=lost))

    def hang(self, method: str, path: str, *, times: int = 1) -> None:
        """Never answer."""
        self.planned.append(Fault(method, re.compile(path), times, hang=True))
