"""Lets an imported file be read by a process of its own (see `import_process`)."""

import asyncio
import pickle
from typing import Final

import structlog

from bot.child_process import kill_process, start_module
from bot.errors import InvalidInputError
from bot.services.import_contents import ImportContents, ImportFile, read_import_contents

SMALL_FILE_BYTES: Final = 16 * 1024
"""A file of at most this size, not packed, is read at once: to start a process would take longer."""

READ_TIMEOUT: Final = 120.0
"""Seconds in which a file has to be read."""

log = structlog.get_logger()


async def read_import_file(file: ImportFile, *, timeout_seconds: float = READ_TIMEOUT) -> ImportContents:
    """Read a file. Raises `InvalidInputError`, also when that takes too much memory or too long."""
    if len(file.data) <= SMALL_FILE_BYTES and not file.name.casefold().endswith(".zip"):
        return await asyncio.to_thread(read_import_contents, file)
    process = await start_module("bot.services.import_process")
    try:
        async with asyncio.timeout(timeout_seconds):
            output, _ = await process.communicate(pickle.dumps(file))
    except TimeoutError as error:
        raise InvalidInputError("import-unread") from error
    finally:
        if process.returncode is None:
            kill_process(process)
            await process.wait()
    if process.returncode or not output:
        log.warning("import_reader_failed", exit_status=process.returncode)
        raise InvalidInputError("import-unread")
    answer: ImportContents | InvalidInputError = pickle.loads(output)  # noqa: S301 — from the process started above
    if isinstance(answer, InvalidInputError):
        raise answer
    return answer
