"""One interaction from its arrival to our first answer: its id for every log line below, its figures for the meter.

Discord's own instant of it is no use here: two machines' clocks would be compared.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Final, Literal

import aiohttp
import structlog
from discord import InteractionType

from bot.chat.controls import control_named
from bot.instrumentation import NULL_METRICS, Metrics

Ended = Literal["answered", "refused", "gone", "failed", "unanswered"]

COMPLETION: Final = "completion"
_ANSWER: Final = "/callback"


@dataclass(slots=True)
class _Call:
    what: str
    meter: Metrics
    began: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    answered: float | None = None
    ended: Ended = "answered"

    def end(self) -> None:
        unanswered = self.answered is None and self.ended == "answered"
        seconds = None if self.answered is None else self.answered - self.began
        self.meter.observe_interaction(self.what, "unanswered" if unanswered else self.ended, seconds)


_under_way: ContextVar[_Call | None] = ContextVar("call", default=None)


@contextmanager
def begun(data: dict[str, Any], meter: Metrics) -> Iterator[None]:
    """An interaction arrived; what is started in the block belongs to it."""
    with structlog.contextvars.bound_contextvars(interaction=int(data["id"])):
        token = _under_way.set(None if meter is NULL_METRICS else _Call(_what(data), meter))
        try:
            yield
        finally:
            _under_way.reset(token)


def became(ended: Ended) -> None:
    """How the interaction that is under way ends, where it does not end well."""
    if (call := _under_way.get()) is not None:
        call.ended = ended


@contextmanager
def measured() -> Iterator[None]:
    """The interaction is over when the block is left."""
    try:
        yield
    finally:
        if (call := _under_way.get()) is not None:
            call.end()


def _what(data: dict[str, Any]) -> str:
    """A word for what was done, out of a small number of words."""
    given = data.get("data") or {}
    match data.get("type"):
        case InteractionType.autocomplete.value:
            return COMPLETION
        case InteractionType.application_command.value if given.get("type") == 1:
            sub = [each["name"] for each in given.get("options") or () if each.get("type") in {1, 2}]
            return "/" + " ".join([given["name"], *sub])
        case InteractionType.application_command.value:
            return "menu"
        case InteractionType.component.value:
            control = control_named(str(given.get("custom_id")))
            return f"press {control[0]}" if control else "press"
        case _:
            return "form"


def tracing(meter: Metrics) -> aiohttp.TraceConfig:
    """Hears of every request to Discord when it is answered."""
    trace = aiohttp.TraceConfig()

    async def answered(_session: Any, _context: SimpleNamespace, said: aiohttp.TraceRequestEndParams) -> None:
        meter.count_discord_request(str(said.response.status))
        call = _under_way.get()
        if call is not None and call.answered is None and said.url.path.endswith(_ANSWER) and said.response.ok:
            call.answered = asyncio.get_running_loop().time()
            if call.what == COMPLETION:
                call.end()

    async def cut(_session: Any, _context: SimpleNamespace, _said: aiohttp.TraceRequestExceptionParams) -> None:
        meter.count_discord_request("none")

    trace.on_request_end.append(answered)
    trace.on_request_exception.append(cut)
    return trace
