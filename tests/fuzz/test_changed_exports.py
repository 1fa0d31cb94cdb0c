"""An export that somebody changed, brought to a database: taken in whole or refused with a sentence, never a fault."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from bot.domain.types import MemberId
from bot.errors import NinteiError
from bot.services.container import Services
from bot.settings import read_defaults
from storage import undo_log
from storage.connect import open_database
from tests.fuzz.material import exports
from tests.helpers.services import ignore_progress

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


async def bring(folder: Path, examples: list[bytes]) -> None:
    database = await open_database(f"sqlite:///{folder}/a.db")
    try:
        services = Services(database, read_defaults({}), lambda: None)
        for number, data in enumerate(examples, start=1):
            member = MemberId(number)
            try:
                await services.data_transfer.preview_import(member, "a.json", data, now=NOW)
                await services.data_transfer.commit_import(member, ignore_progress, now=NOW)
            except NinteiError:
                continue
            await services.status.report(member, now=NOW)
            with await services.data_transfer.export(member, now=NOW, unnamed_label="–"):
                pass
        assert await undo_log.list_undo_steps_in_progress(database) == []
    finally:
        await database.close()


@pytest.mark.slow
def test_a_changed_export_is_taken_in_or_refused(tmp_path: Path) -> None:
    examples: list[bytes] = []

    @settings(max_examples=400, suppress_health_check=list(HealthCheck), database=None)
    @given(exports())
    def gather(example: bytes) -> None:
        examples.append(example)

    gather()
    asyncio.run(bring(tmp_path, examples))
