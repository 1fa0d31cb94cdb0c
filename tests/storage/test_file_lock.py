"""The lock of a SQLite file."""

from pathlib import Path

import pytest

from bot.errors import StorageError
from storage.admin.file_lock import database_lock_path, hold_database_lock, is_database_in_use
from tests.helpers.unprivileged import permissions_hold


def test_whoever_looks_keeps_nobody_out(tmp_path: Path) -> None:
    """A lock file that a killed process left, and one that somebody has."""
    database = tmp_path / "a.db"
    assert not is_database_in_use(database)
    database_lock_path(database).touch()
    assert not is_database_in_use(database)
    with hold_database_lock(database):
        assert is_database_in_use(database)
        with pytest.raises(StorageError, match="storage-in-use"), hold_database_lock(database):
            pass
    assert not is_database_in_use(database)
    assert not database_lock_path(database).exists()


def test_a_folder_that_can_be_written_no_more_is_left_quietly(tmp_path: Path) -> None:
    """Such as one on a disk that was remounted read-only: the stop of the bot is no crash."""
    folder = tmp_path / "data"
    database = folder / "a.db"
    with permissions_hold(tmp_path), hold_database_lock(database):
        folder.chmod(0o500)
    assert not is_database_in_use(database)
