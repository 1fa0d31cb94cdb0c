"""The log of erased members: a file beside the database, so that a restored backup does not bring them back.

A line has a member's id and the instant in microseconds, nothing else; lines older than any backup are removed.
"""

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.domain.calendar import from_micros, to_micros
from bot.domain.types import MemberId

_DIGITS_RE: Final = re.compile("[0-9]{1,19}")
_MAX_ID: Final = 2**63 - 1
_MAX_TIMESTAMP: Final = to_micros(datetime(9999, 1, 1, tzinfo=UTC))


def read(path: Path) -> list[tuple[MemberId, datetime]]:
    """Who was erased, and when; none without a file. Lines cut off by a power failure are skipped."""
    if not path.exists():
        return []
    erasures = []
    for line in path.read_text(encoding="ascii", errors="replace").splitlines():
        member_id, _, at = line.partition(" ")
        if _DIGITS_RE.fullmatch(member_id) and _DIGITS_RE.fullmatch(at):
            erasures.append((MemberId(min(int(member_id), _MAX_ID)), from_micros(min(int(at), _MAX_TIMESTAMP))))
    return erasures


def append(path: Path, member_id: MemberId, at: datetime) -> None:
    """Note an erasure durably, before anything is deleted: after a crash in between the next start erases."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(path, "a", encoding="ascii", opener=_open_private) as file:
        file.write(f"{member_id} {to_micros(at)}\n")
        file.flush()
        os.fsync(file.fileno())


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def copy_log(path: Path, to: Path) -> None:
    """Add the lines of one log that another one lacks."""
    present = set(read(to))
    for member_id, at in read(path):
        if (member_id, at) not in present:
            append(to, member_id, at)


def prune(path: Path, before: datetime) -> None:
    """Remove the lines of erasures before an instant: every backup was made after them."""
    erasures = read(path)
    kept = [(member_id, at) for member_id, at in erasures if at >= before]
    if len(kept) != len(erasures):
        new_path = path.with_suffix(f"{path.suffix}.new")
        with open(new_path, "w", encoding="ascii", opener=_open_private) as file:
            file.writelines(f"{member_id} {to_micros(at)}\n" for member_id, at in kept)
        new_path.replace(path)
