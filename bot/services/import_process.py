"""The process that reads an imported file: standard input is the file, standard output its contents.

It may use a limited amount of memory and ends after the one file, so whatever a file is made of, the bot's own memory
does not grow with it and none stays in use.
"""

import gc
import os
import pickle
import signal
import sys
from contextlib import suppress
from typing import Final

from bot.errors import InvalidInputError
from bot.services.import_contents import ImportContents, read_import_contents
from bot.unhandled_errors import redact_unhandled_errors

MAX_MEMORY: Final = 1024**3
"""Bytes of address space, of which the interpreter and its libraries take about a tenth."""

GC_THRESHOLD: Final = 100_000
"""Objects after which garbage is looked for: nearly all of them stay until the process ends."""

NICE_LEVEL: Final = 10
"""Added to the niceness: reading has a lower priority than the bot."""


def main() -> None:
    """Read one file; its contents, or the `InvalidInputError`, are written to standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole process group; the bot ends this process
    os.nice(NICE_LEVEL)
    redact_unhandled_errors()
    gc.set_threshold(GC_THRESHOLD)
    with suppress(ImportError):  # there is no such limit on Windows
        import resource  # noqa: PLC0415 — as above

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    answer: ImportContents | InvalidInputError
    try:
        answer = read_import_contents(pickle.load(sys.stdin.buffer))  # noqa: S301 — from the process that started this one
    except InvalidInputError as error:
        answer = error
    except MemoryError:
        answer = InvalidInputError("import-unread")
    pickle.dump(answer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
