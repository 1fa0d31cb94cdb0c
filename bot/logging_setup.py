"""Log lines: events with keys and values. Ids only: never a token, never what somebody wrote.

An id bound with `structlog.contextvars` (interaction, message, delivery) is on every line below it, in tasks started
there and in what libraries say there, too. Libraries are held to the rule here: below INFO or WARNING they print what
they send and bind, and their exceptions quote what they were given.
"""

import logging
import re
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import suppress
from typing import Any, Final, TextIO

import structlog

from bot.settings import Settings

OWN_LOGGERS: Final = ("bot", "storage")

_TOKEN_IN_URL: Final = re.compile(r"((?:interactions|webhooks)/\d+)/[^/\s\"']+")
_SAFE_EXCEPTION_ATTRS: Final = ("status", "code", "errno", "sqlite_errorname", "sqlstate")
"""What says of a fault which one it is, and quotes nobody."""


def configure_logging(settings: Settings) -> None:
    """Send everything, discord.py's own lines included, to stderr as one line each."""
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
            structlog.processors.ExceptionRenderer(format_exception_redacted),
            redact_tokens,
            render,
        ],
    )
    handler = SafeStreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    handler.addFilter(_redact_library_record)
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(max(settings.log_level, logging.WARNING))
    logging.getLogger("discord").setLevel(max(settings.log_level, logging.INFO))
    for ours in OWN_LOGGERS:
        logging.getLogger(ours).setLevel(settings.log_level)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


class SafeStreamHandler(logging.StreamHandler[TextIO]):
    """Where a line cannot be written, Python's own would print what was to stand in it."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 — Python's name
        """Say only whose line it was."""
        with suppress(OSError, ValueError):  # the stream is gone
            self.stream.write(f"a log line of {record.name} could not be written: {type(sys.exception()).__name__}\n")


def _redact_library_record(record: logging.LogRecord) -> bool:
    """Of what a library says, its own words and figures: an object shows what it holds, a button its label."""
    if record.name.partition(".")[0] in OWN_LOGGERS:
        return True
    if record.name == "asyncio":  # it writes the faults and arguments of tasks and callbacks into its words
        record.msg, record.args = re.split(r"[\n(]", record.getMessage(), maxsplit=1)[0], ()
    elif isinstance(record.args, tuple):
        record.args = tuple(
            each if isinstance(each, int | float | str | None) else type(each).__name__ for each in record.args
        )
    return True


def format_exception_redacted(exc_info: structlog.typing.ExcInfo) -> str:
    """A traceback whose exceptions are told by type and figures: what they say may quote a member."""
    return "".join(_format_chain(exc_info[1], set()))


def _format_chain(error: BaseException, seen: set[int]) -> Iterator[str]:
    """The first cause first, as Python shows it."""
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _format_chain(before, seen)
        yield "\n"
    yield from traceback.format_tb(error.__traceback__)
    figures = {name: getattr(error, name, None) for name in _SAFE_EXCEPTION_ATTRS}
    shown = [f"{name}={value}" for name, value in figures.items() if isinstance(value, int | str)]
    yield " ".join([f"{type(error).__module__}.{type(error).__qualname__}", *shown]) + "\n"
    for each in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from _format_chain(each, seen)
