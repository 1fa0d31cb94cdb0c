"""Shared by the operator's commands, which ask a running bot for something by a row in its database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from bot.domain.text import format_excerpt
from bot.domain.types import MemberId
from bot.errors import InvalidInputError, StorageError
from bot.i18n.translations import Translations
from bot.settings import Settings

if TYPE_CHECKING:
    from storage.database import Database
    from storage.operator_requests import OperatorRequest, OperatorRequestKind

WAIT_INTERVAL: Final = 0.5
"""Seconds until a request is read again."""

MAX_ID_DIGITS: Final = 19
"""Of the largest number that a database stores."""


def parse_user_id(written: str) -> MemberId:
    """A Discord user's id. Raises `InvalidInputError`."""
    digits = written.strip().removeprefix("<@").removesuffix(">")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= MAX_ID_DIGITS and 0 < int(digits) < 2**63):
        raise InvalidInputError("operator-id", written=format_excerpt(written))
    return MemberId(int(digits))


@asynccontextmanager
async def operator_database(settings: Settings) -> "AsyncIterator[Database]":
    """The bot's database, which must have the newest schema: only a start of the bot changes it.

    Raises `StorageError`.
    """
    from storage.connect import connect, database_file_exists, sqlite_path  # noqa: PLC0415 — others do without a database
    from storage.migrations.run import latest_schema_version, load_schema_version  # noqa: PLC0415

    file = sqlite_path(settings.database_url)
    if file is not None and not database_file_exists(file):
        raise StorageError("operator-no-database", path=str(file))
    database = await connect(settings.database_url, erasures_folder=settings.erasures_folder)
    try:
        version, newest = await load_schema_version(database), latest_schema_version(database.engine)
        if version is None or version < newest:
            raise StorageError("operator-schema", step=str(version or 0), newest=str(newest))
        if version > newest:
            raise StorageError("storage-newer", step=str(version), newest=str(newest))
        yield database
    finally:
        await database.close()


async def is_bot_running(database: "Database", settings: Settings) -> bool:
    """Whether a bot uses the database, so that a request is carried out now."""
    from storage import processes  # noqa: PLC0415
    from storage.admin.copy_database import PROCESS_TIMEOUT  # noqa: PLC0415
    from storage.admin.file_lock import is_database_in_use  # noqa: PLC0415
    from storage.connect import sqlite_path  # noqa: PLC0415

    file = sqlite_path(settings.database_url)
    if file is not None:
        return is_database_in_use(file)
    async with database.read() as transaction:
        return await processes.is_any_process_alive(transaction, PROCESS_TIMEOUT)


async def submit_operator_request(  # noqa: PLR0917 — what a request consists of
    database: "Database",
    settings: Settings,
    texts: Translations,
    kind: "OperatorRequestKind",
    user_id: MemberId | None = None,
    text: str | None = None,
    *,
    urgent: bool = False,
    wait: bool,
) -> "tuple[int, OperatorRequest | None]":
    """Add a request, and say who carries it out. Returns the exit status, and the finished request with `wait`."""
    from storage import operator_requests  # noqa: PLC0415

    async with database.write() as transaction:
        request_id = await operator_requests.add_operator_request(
            transaction, kind, now=datetime.now(UTC), user_id=user_id, text=text, urgent=urgent
        )
    await database.notify(operator_requests.NOTIFY_OPERATOR)
    if not await is_bot_running(database, settings):
        print(texts("operator-no-bot", id=str(request_id)))
        return int(wait), None
    if not wait:
        print(texts("operator-handed-in", id=str(request_id)))
        return 0, None
    while True:
        request = await operator_requests.find_operator_request(database, request_id)
        if request is None or request.finished_at is not None:
            return 0, request
        if not await is_bot_running(database, settings):
            print(texts("operator-no-bot", id=str(request_id)))
            return 1, None
        await asyncio.sleep(WAIT_INTERVAL)
