"""Free space where files are, or will be, written."""

import os
import shutil
from pathlib import Path


def nearest_existing_folder(folder: Path) -> Path:
    """The folder, or its nearest parent that exists and may be reached by this user."""
    absolute = folder.absolute()
    return next(path for path in (absolute, *absolute.parents) if os.path.exists(path))  # noqa: PTH110 — `Path.exists` raises where it may not look


def free_disk_bytes(folder: Path) -> int:
    """Free bytes on the disk that holds, or will hold, the folder."""
    return shutil.disk_usage(nearest_existing_folder(folder)).free
