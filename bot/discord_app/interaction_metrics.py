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

from bot.discord_app.ui.components import parse_custom_id
from bot.instrumentation import NULL_METRICS, Metrics

InteractionOutcome = Literal["answered", "refused", "expired", "failed", "unanswered"]

AUTOCOMPLETE: Final = "autocomplete"
_CALLBACK_URL: Final = "/callback"


@dataclass(slots=True)
class InteractionTimer:
    label: str
    metrics: Metrics
    started_at: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    first_response_at: float | None = None
    ended: InteractionOutcome = "answered"

    def end(self) -> None:
        unanswered = self.first_response_at is None and self.ended == "answered"
        seconds = None if self.first_response_at is None else self.first_response_at - self.started_at
        self.metrics.observe_interaction(self.label, "unanswered" if unanswered else self.ended, seconds)


_current: ContextVar[InteractionTimer | None] = ContextVar("call", default=None)


@contextmanager
def track_interaction(data: dict[str, Any], meter: Metrics) -> Iterator[None]:
    """An interaction arrived; what is started in the block belongs to it."""
    with structlog.contextvars.bound_contextvars(interaction=int(data["id"])):
        token = _current.set(None if meter is NULL_METRICS else InteractionTimer(interaction_label(data), meter))
        try:
            yield
        finally:
            _current.reset(token)


def set_outcome(ended: InteractionOutcome) -> None:
    """How the interaction that is under way ends, where it does not end well."""
    if (call := _current.get()) is not None:
        call.ended = ended


@contextmanager
def record_on_exit() -> Iterator[None]:
    """The interaction is over when the block is left."""
    try:
        yield
    finally:
        if (call := _current.get()) is not None:
            call.end()


def interaction_label(data: dict[str, Any]) -> str:
    """A word for what was done, out of a small number of words."""
    given = data.get("data") or {}
    match data.get("type"):
        case InteractionType.autocomplete.value:
            return AUTOCOMPLETE
        case InteractionType.application_command.value if given.get("type") == 1:
            sub = [each["name"] for each in given.get("options") or () if each.get("type") in {1, 2}]
            return "/" + " ".join([given["name"], *sub])
        case InteractionType.application_command.value:
            return "context_menu"
        case InteractionType.component.value:
            control = parse_custom_id(str(given.get("custom_id")))
            return f"component {control[0]}" if control else "component"
        case _:
            return "modal"


def aiohttp_trace_config(meter: Metrics) -> aiohttp.TraceConfig:
    """Hears of every request to Discord when it is answered."""
    trace = aiohttp.TraceConfig()

    async def on_request_end(_session: Any, _context: SimpleNamespace, said: aiohttp.TraceRequestEndParams) -> None:
        meter.count_discord_request(str(said.response.status))
        call = _current.get()
        if (
            call is not None
            and call.first_response_at is None
            and said.url.path.endswith(_CALLBACK_URL)
            and said.response.ok
        ):
            call.first_response_at = asyncio.get_running_loop().time()
            if call.label == AUTOCOMPLETE:
                call.end()

    async def on_request_exception(
        _session: Any, _context: SimpleNamespace, _said: aiohttp.TraceRequestExceptionParams
    ) -> None:
        meter.count_discord_request("none")

    trace.on_request_end.append(on_request_end)
    trace.on_request_exception.append(on_request_exception)
    return trace
