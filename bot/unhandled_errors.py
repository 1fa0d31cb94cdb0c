"""What a process leaves behind of an error: the places and types of its exceptions, and nothing of its memory.

Python prints the text of an exception that nobody handles, which may quote a member, and the kernel writes the memory
of a process that crashes to a file.
"""

import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final

_SAFE_EXCEPTION_ATTRS: Final = ("status", "code", "errno", "sqlite_errorname", "sqlstate")
"""Attributes that identify an error and contain no text that somebody wrote."""


def format_exception_redacted(error: BaseException | None) -> str:
    """A traceback that names exceptions by type and safe attributes: their messages may quote a member."""
    return "" if error is None else "".join(_format_chain(error, set()))


def _format_chain(error: BaseException, seen: set[int]) -> Iterator[str]:
    """The chain of causes, the first cause first, as Python prints it."""
    seen.add(id(error))
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and id(cause) not in seen:
        yield from _format_chain(cause, seen)
        yield "\n"
    yield from traceback.format_tb(error.__traceback__)
    values = {name: getattr(error, name, None) for name in _SAFE_EXCEPTION_ATTRS}
    details = [f"{name}={value}" for name, value in values.items() if isinstance(value, int | str)]
    yield " ".join([f"{type(error).__module__}.{type(error).__qualname__}", *details]) + "\n"
    for member in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from _format_chain(member, seen)


def print_exception_redacted(error: BaseException | None) -> None:
    """Print it to stderr."""
    sys.stderr.write(format_exception_redacted(error))


def redact_unhandled_errors(report: Callable[[BaseException | None], None] = print_exception_redacted) -> None:
    """Have exceptions that nobody handles reported in place of printed, those of threads and of finalizers too."""
    sys.excepthook = lambda _type, error, _traceback: report(error)
    threading.excepthook = lambda arguments: report(arguments.exc_value)
    sys.unraisablehook = lambda arguments: report(arguments.exc_value)


def forbid_core_dumps() -> None:
    """Let the kernel write no memory of this process, or of those that it starts, to a file."""
    with suppress(ImportError, OSError, ValueError):  # there is no such limit on Windows
        import resource  # noqa: PLC0415 — as above

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
