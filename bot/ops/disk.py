"""Room where something is, or will be, written."""

import shutil
from pathlib import Path


def existing_parent(folder: Path) -> Path:
    """The folder, or the one in which it will be made."""
    return next(each for each in (folder.absolute(), *folder.absolute().parents) if each.exists())


def free_bytes(folder: Path) -> int:
    """Bytes."""
    return shutil.disk_usage(existing_parent(folder)).free
