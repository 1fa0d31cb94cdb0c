"""What a large import or export costs, counted: statements by batch, memory by batch, no row on the event loop."""

import threading
import tracemalloc
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.types import MemberId
from bot.parsing.export_format import JsonWriter
from bot.services import export_writer
from bot.services.container import Services
from bot.services.record_transaction import BulkLimits
from bot.settings import read_defaults
from storage.connect import open_database
from storage.database import Database
from tests.helpers.counted import counted_statements
from tests.helpers.services import ignore_progress

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
MIKA, KEN = MemberId(1), MemberId(2)
BATCH_ROWS = 50
THREAD_ROWS = 100
STATEMENTS_OF_A_BATCH = 20


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = await open_database(database_url)
    yield opened
    await opened.close()


def services_for(database: Database) -> Services:
    return Services(database, read_defaults({}), lambda: None, BulkLimits(batch_rows=BATCH_ROWS))


def history(rows: int) -> bytes:
    """Answered messages in threads of `THREAD_ROWS` rows."""
    lines = ["thread,direction,sent_at"]
    for number in range(rows):
        at = NOW - timedelta(days=100) + timedelta(minutes=number)
        lines.append(f"T{number // THREAD_ROWS},{['received', 'sent'][number % 2]},{at.isoformat()}")
    return "\n".join(lines).encode()


async def test_an_import_takes_some_statements_for_each_batch(database: Database) -> None:
    """However many rows, exchanges and threads a batch has."""
    services, rows = services_for(database), 600
    await services.data_transfer.preview_import(MIKA, "a.csv", history(rows), now=NOW)
    with counted_statements() as statements:
        await services.data_transfer.commit_import(MIKA, ignore_progress, now=NOW)
    assert len(statements) <= STATEMENTS_OF_A_BATCH * (rows / BATCH_ROWS + 1)
    [[exchanges]] = await database.fetch("SELECT count(*) FROM exchanges")
    assert exchanges == rows / 2


@pytest.mark.slow
async def test_the_memory_of_an_import_does_not_grow_with_its_rows(database: Database) -> None:
    services = services_for(database)

    async def peak_with(member: MemberId, rows: int) -> int:
        await services.data_transfer.preview_import(member, "a.csv", history(rows), now=NOW)
        tracemalloc.start()
        try:
            assert (await services.data_transfer.commit_import(member, ignore_progress, now=NOW)).messages == rows
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    await peak_with(MemberId(3), 3000)  # what is loaded once, also by a second batch
    assert await peak_with(KEN, 3000) < 1.3 * await peak_with(MIKA, 1000)


async def test_no_row_of_an_export_is_written_on_the_event_loop(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    services, idents = services_for(database), set[int]()
    await services.data_transfer.preview_import(MIKA, "a.csv", history(100), now=NOW)
    await services.data_transfer.commit_import(MIKA, ignore_progress, now=NOW)
    history_row, write_rows = export_writer.export_history_row, JsonWriter.write_json_rows

    def watched_row(*arguments: Any) -> Sequence[str]:
        idents.add(threading.get_ident())
        return history_row(*arguments)

    def watched_writer(*arguments: Any) -> None:
        idents.add(threading.get_ident())
        write_rows(*arguments)

    monkeypatch.setattr(export_writer, "export_history_row", watched_row)
    monkeypatch.setattr(JsonWriter, "write_json_rows", watched_writer)
    with await services.data_transfer.export(MIKA, now=NOW, unnamed_label="-") as export:
        assert export.messages == 100
    assert idents
    assert threading.get_ident() not in idents
