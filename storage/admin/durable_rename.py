"""Put a finished file in the place of another one so that a power failure leaves one of the two whole."""

import os
from contextlib import suppress
from pathlib import Path


def rename_durably(finished: Path, to: Path) -> None:
    """Rename a file in its folder, with its content and its new name on the disk at the end. Raises `OSError`."""
    _fsync_path(finished)
    finished.replace(to)
    with suppress(OSError):  # not every file system can sync a folder
        _fsync_path(to.parent)


def _fsync_path(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
