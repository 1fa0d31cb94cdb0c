"""The lock of a SQLite file."""

from pathlib import Path

import pytest

from bot.errors import StorageError
from storage.admin.file_lock import (
    database_lock_path,
    hold_database_lock,
    is_database_in_use,
    is_opened_database_there,
    note_opened_database_file,
)
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


def test_a_file_that_was_replaced_while_the_bot_has_it_open_is_noticed(tmp_path: Path) -> None:
    database, other = tmp_path / "a.db", tmp_path / "b.db"
    database.write_text("opened")
    other.write_text("other")
    with hold_database_lock(database):
        note_opened_database_file(database)
        assert is_opened_database_there(database)
        other.rename(database)
        assert not is_opened_database_there(database)
        database.unlink()
        assert not is_opened_database_there(database)
    assert is_opened_database_there(database), "no bot runs"
