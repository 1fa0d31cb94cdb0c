"""Room where something is, or will be, written."""

import shutil
from pathlib import Path


def nearest(folder: Path) -> Path:
    """The folder, or the one in which it will be made."""
    return next(each for each in (folder.absolute(), *folder.absolute().parents) if each.exists())


def free(folder: Path) -> int:
    """Bytes."""
    return shutil.disk_usage(nearest(folder)).free
