"""Follows an interaction from its arrival to the first answer: its id is on every log line, its time in the metrics.

The time begins when the interaction arrives, not when Discord created it: that is another machine's clock.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Final, Literal

import aiohttp
import structlog
from discord import InteractionType
from discord.app_commands import Command, CommandTree

from bot.discord_app.ui.components import parse_custom_id
from bot.discord_app.ui.press_words import Target
from bot.instrumentation import NULL_METRICS, Metrics

InteractionOutcome = Literal["answered", "refused", "expired", "failed", "unanswered"]

AUTOCOMPLETE: Final = "autocomplete"
_CALLBACK_URL: Final = "/callback"


log = structlog.get_logger()


@dataclass(slots=True)
class InteractionTimer:
    label: str
    metrics: Metrics
    started_at: float
    first_response_at: float | None = None
    """Known only where metrics are recorded."""
    outcome: InteractionOutcome = "answered"

    def end(self) -> None:
        """Report the interaction, and log a line at `DEBUG`: its outcome, and the milliseconds that it took."""
        is_recorded = self.metrics is not NULL_METRICS
        if is_recorded and self.first_response_at is None and self.outcome == "answered":
            self.outcome = "unanswered"
        seconds = None if self.first_response_at is None else self.first_response_at - self.started_at
        self.metrics.observe_interaction(self.label, self.outcome, seconds)
        took = asyncio.get_running_loop().time() - self.started_at
        log.debug("interaction_ended", interaction=self.label, outcome=self.outcome, milliseconds=round(1000 * took))


_current: ContextVar[InteractionTimer | None] = ContextVar("interaction", default=None)


def interaction_parser(parse: Callable[[Any], None], metrics: Metrics) -> Callable[[Any], None]:
    """A parser of interactions; tasks that it starts belong to the interaction."""

    def parse_interaction(data: dict[str, Any]) -> None:
        with structlog.contextvars.bound_contextvars(interaction_id=int(data["id"])):
            timer = InteractionTimer(interaction_label(data), metrics, asyncio.get_running_loop().time())
            token = _current.set(timer)
            try:
                parse(data)
            finally:
                _current.reset(token)

    return parse_interaction


def set_interaction_outcome(outcome: InteractionOutcome) -> None:
    """Set the outcome of the current interaction, where it is not an answer."""
    if (timer := _current.get()) is not None:
        timer.outcome = outcome


@contextmanager
def record_interaction_on_exit() -> Iterator[None]:
    """Record the current interaction when the block is left."""
    try:
        yield
    finally:
        if (timer := _current.get()) is not None:
            timer.end()


def interaction_label(data: dict[str, Any]) -> str:
    """A label for the metrics, out of a small number of labels."""
    payload = data.get("data") or {}
    match data.get("type"):
        case InteractionType.autocomplete.value:
            return AUTOCOMPLETE
        case InteractionType.application_command.value if payload.get("type") == 1:
            options = payload.get("options") or ()
            subcommands = [option["name"] for option in options if option.get("type") in {1, 2}]
            return "/" + " ".join([payload["name"], *subcommands])
        case InteractionType.application_command.value:
            return "context_menu"
        case InteractionType.component.value:
            control = parse_custom_id(str(payload.get("custom_id")))
            return f"component {control.target}" if control else "component"
        case _:
            return "modal"


def interaction_labels(tree: CommandTree[Any]) -> list[str]:
    """Every label that `interaction_label` gives to what Discord's app can send."""
    commands = [f"/{command.qualified_name}" for command in tree.walk_commands() if isinstance(command, Command)]
    return [
        *commands,
        "context_menu",
        *(f"component {target}" for target in Target),
        "component",
        "modal",
        AUTOCOMPLETE,
    ]


def aiohttp_trace_config(metrics: Metrics) -> aiohttp.TraceConfig:
    """Count every request to Discord by its status, and note when the current interaction is first answered."""
    trace = aiohttp.TraceConfig()

    async def on_request_end(_session: Any, _context: SimpleNamespace, params: aiohttp.TraceRequestEndParams) -> None:
        metrics.count("discord_requests", str(params.response.status))
        timer = _current.get()
        if (
            timer is not None
            and timer.first_response_at is None
            and params.url.path.endswith(_CALLBACK_URL)
            and params.response.ok
        ):
            timer.first_response_at = asyncio.get_running_loop().time()
            if timer.label == AUTOCOMPLETE:
                timer.end()

    async def on_request_exception(
        _session: Any, _context: SimpleNamespace, _params: aiohttp.TraceRequestExceptionParams
    ) -> None:
        metrics.count("discord_requests", "none")

    trace.on_request_end.append(on_request_end)
    trace.on_request_exception.append(on_request_exception)
    return trace
