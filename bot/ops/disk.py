"""Free space where files are, or will be, written."""

import shutil
from pathlib import Path


def existing_parent(folder: Path) -> Path:
    """The folder, or its nearest parent that exists."""
    absolute = folder.absolute()
    return next(path for path in (absolute, *absolute.parents) if path.exists())


def free_bytes(folder: Path) -> int:
    """Free bytes on the disk that holds, or will hold, the folder."""
    return shutil.disk_usage(existing_parent(folder)).free
