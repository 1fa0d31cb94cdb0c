"""Letting permissions hold for this process: the superuser may read, write and search whatever they say."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

CAPABILITY_VERSION: Final = 0x20080522
DAC_OVERRIDE: Final = 1 << 1
DAC_READ_SEARCH: Final = 1 << 2

Capabilities = ctypes.c_uint32 * 6
"""Twice effective, permitted and inheritable, 32 bits each; of this thread and those that it starts."""


@contextmanager
def permissions_hold(folder: Path) -> Iterator[None]:
    """Without the capabilities that pass permissions over; afterwards every folder in `folder` may be removed."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        header, before = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0), Capabilities()
        libc.capget(header, before)
        reduced = Capabilities(*before)
        reduced[0] &= ~(DAC_OVERRIDE | DAC_READ_SEARCH)
        assert libc.capset(header, reduced) == 0, os.strerror(ctypes.get_errno())
    try:
        yield
    finally:
        if os.geteuid() == 0:
            libc.capset(header, before)
        for parent, folders, _ in os.walk(folder):
            for each in folders:
                (Path(parent) / each).chmod(0o700)
