"""Temporary folders in memory: a commit waits for its disk, and the tests commit a hundred thousand times."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

MEMORY: Final = Path("/dev/shm")  # noqa: S108 — Linux' folder in memory
MIN_FREE_BYTES: Final = 2 * 1024**3


def use_memory_folder() -> None:
    """Make temporary folders in memory, of this process and those that it starts.

    Not where `TMPDIR` says otherwise, where there is little room, or where no program may be started from there.
    """
    if "TMPDIR" in os.environ or not MEMORY.is_dir() or os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        return
    if shutil.disk_usage(MEMORY).free >= MIN_FREE_BYTES and os.access(MEMORY, os.W_OK):
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
