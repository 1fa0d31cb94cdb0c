"""Logging: events with keys and values. Values are ids: never a token, never text that somebody wrote.

An id bound with `structlog.contextvars` (interaction_id, message_id, delivery_id) is added to every line logged in that
context, in tasks started there and by libraries, too. Libraries need limits: below INFO or WARNING they print what they
send and bind, and their exceptions quote their input.
"""

import json
import logging
import re
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, Final, TextIO

import structlog

from bot.settings import Settings
from bot.unhandled_errors import format_exception_redacted

OWN_LOGGERS: Final = ("bot", "storage")

_TOKEN_IN_URL: Final = re.compile(r"((?:interactions|webhooks)/\d+)/[^/\s\"']+")


def configure_logging(settings: Settings) -> None:
    """Write every log record, those of libraries included, to stderr."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]

    def redact_tokens(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {key: redact(value) if isinstance(value, str) else value for key, value in event.items()}

    def redact(value: str) -> str:
        value = _TOKEN_IN_URL.sub(r"\1/[token]", value)
        return value.replace(settings.token, "[token]") if settings.token else value

    render: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if settings.log_format == "console":
        render = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.ExceptionRenderer(lambda exc_info: format_exception_redacted(exc_info[1])),
            redact_tokens,
            render,
        ],
    )
    handler = SafeStreamHandler(sys.stderr, as_json=settings.log_format == "json")
    handler.setFormatter(formatter)
    handler.addFilter(_redact_library_record)
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(max(settings.log_level, logging.WARNING))
    logging.getLogger("discord").setLevel(max(settings.log_level, logging.INFO))
    for name in OWN_LOGGERS:
        logging.getLogger(name).setLevel(settings.log_level)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


class SafeStreamHandler(logging.StreamHandler[TextIO]):
    """Python's own handler prints the arguments of a record that cannot be written."""

    def __init__(self, stream: TextIO, *, as_json: bool) -> None:
        super().__init__(stream)
        self._as_json = as_json

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 — Python's name
        """Print only the logger's name and the error's type."""
        with suppress(OSError, ValueError):  # the stream is closed
            fields = {"logger": record.name, "error_type": type(sys.exception()).__name__}
            line = f"a log line of {fields['logger']} could not be written: {fields['error_type']}"
            self.stream.write((json.dumps({"event": "log_line_lost", **fields}) if self._as_json else line) + "\n")


def _redact_library_record(record: logging.LogRecord) -> bool:
    """Reduce a library's arguments to text and numbers: the `repr` of an object may contain a member's text."""
    if record.name.partition(".")[0] in OWN_LOGGERS:
        return True
    if record.name == "asyncio":  # its message contains the exceptions and arguments of tasks and callbacks
        record.msg, record.args = re.split(r"[\n(]", record.getMessage(), maxsplit=1)[0], ()
    elif isinstance(record.args, tuple):
        record.args = tuple(
            value if isinstance(value, int | float | str | None) else type(value).__name__ for value in record.args
        )
    return True
