"""A SQLite file that is removed or replaced under the open database, or that cannot be opened at all."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import StorageError
from storage import periodic_runs
from storage.connect import open_database
from tests.helpers.amounts import others_slow
from tests.helpers.machine import ROOT


@pytest.mark.parametrize("comes_back", [False, True])
async def test_nothing_is_written_to_a_file_that_is_gone(tmp_path: Path, comes_back: bool) -> None:  # noqa: FBT001
    file = tmp_path / "nintei.db"
    database = await open_database(f"sqlite:///{file}")
    try:
        await periodic_runs.commit_probe_row(database)
        await asyncio.to_thread(file.rename, tmp_path / "elsewhere.db")
        if comes_back:
            await (await open_database(f"sqlite:///{file}")).close()
        for use in (periodic_runs.commit_probe_row(database), database.long_read().__aenter__()):
            with pytest.raises(StorageError) as raised:
                await use
            assert raised.value.message_id == "storage-file-lost"
        assert file.exists() == comes_back  # not made by the question
        if not comes_back:
            await asyncio.to_thread((tmp_path / "elsewhere.db").rename, file)
            await periodic_runs.commit_probe_row(database)
    finally:
        await database.close()


async def test_nothing_is_written_to_a_log_that_is_gone_from_behind_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "link.db").symlink_to("disk/nintei.db")
    database = await open_database(f"sqlite:///{tmp_path}/link.db")
    try:
        await periodic_runs.commit_probe_row(database)
        (tmp_path / "disk" / "nintei.db-wal").rename(tmp_path / "elsewhere")
        with pytest.raises(StorageError, match="storage-file-lost"):
            await periodic_runs.commit_probe_row(database)
    finally:
        await database.close()


@pytest.mark.parametrize("url", others_slow(["sqlite:////dev/null/x.db", "sqlite:////dev", "sqlite:////proc/1/x.db"]))
def test_a_file_that_cannot_be_opened_leaves_no_thread_behind(url: str) -> None:
    """A thread of the driver's that outlives the event loop prints a traceback."""
    program = (
        "import asyncio, sys\n"
        "from bot.errors import StorageError\n"
        "from storage.connect import connect\n"
        "for _ in range(50):\n"
        "    try: asyncio.run(connect(sys.argv[1]))\n"
        "    except StorageError as error: print(error.message_id)\n"
    )
    call = [sys.executable, "-c", program, url]
    ended = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.stderr == ""
    assert ended.stdout.split() == ["storage-unopened"] * 50
