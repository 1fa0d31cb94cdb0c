"""Log lines: events with keys and values. Ids only: never a token, never what somebody wrote."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from bot.settings import Settings


def set_up_logs(settings: Settings) -> None:
    """Send everything, discord.py's own lines included, to stderr as one line each."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]

    def without_token(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        if settings.token is None:
            return event
        return {
            key: value.replace(settings.token, "[token]") if isinstance(value, str) else value
            for key, value in event.items()
        }

    render: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if settings.log_format == "console":
        render = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            without_token,
            render,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(settings.log_level)
    logging.getLogger("apscheduler").setLevel(max(settings.log_level, logging.WARNING))
    logging.getLogger("discord").setLevel(max(settings.log_level, logging.INFO))
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
