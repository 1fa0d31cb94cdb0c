"""The lock of a SQLite file."""

from pathlib import Path

import pytest

from bot.errors import StorageError
from storage.admin.file_lock import exclusive_use, is_in_use, lock_path


def test_whoever_looks_keeps_nobody_out(tmp_path: Path) -> None:
    """A lock file that a killed process left, and one that somebody has."""
    database = tmp_path / "a.db"
    assert not is_in_use(database)
    lock_path(database).touch()
    assert not is_in_use(database)
    with exclusive_use(database):
        assert is_in_use(database)
        with pytest.raises(StorageError, match="storage-in-use"), exclusive_use(database):
            pass
    assert not is_in_use(database)
    assert not lock_path(database).exists()
