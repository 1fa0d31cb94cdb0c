"""Who was erased, and when: kept beside the database, not in it, so that a restored backup does not bring them back.

A line names a member's id and the instant, and nothing else; lines older than any backup are dropped.
"""

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.domain.types import MemberId, from_micros, to_micros

_DIGITS_RE: Final = re.compile("[0-9]{1,19}")
_MAX_ID: Final = 2**63 - 1
_MAX_TIMESTAMP: Final = to_micros(datetime(9999, 1, 1, tzinfo=UTC))


def read(path: Path) -> list[tuple[MemberId, datetime]]:
    """Every erasure that a backup may not know of."""
    if not path.exists():
        return []
    found = []
    for line in path.read_text(encoding="ascii", errors="replace").splitlines():
        member, _, at = line.partition(" ")
        if _DIGITS_RE.fullmatch(member) and _DIGITS_RE.fullmatch(at):  # half a line, from a power cut, is nobody
            found.append((MemberId(min(int(member), _MAX_ID)), from_micros(min(int(at), _MAX_TIMESTAMP))))
    return found


def append(path: Path, member: MemberId, at: datetime) -> None:
    """Written before anything is deleted: a crash in between is made up for at the next start."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(path, "a", encoding="ascii", opener=_open_private) as file:
        file.write(f"{member} {to_micros(at)}\n")
        file.flush()
        os.fsync(file.fileno())


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def copy_log(path: Path, to: Path) -> None:
    """Note elsewhere what is noted here."""
    there = set(read(to))
    for member, at in read(path):
        if (member, at) not in there:
            append(to, member, at)


def prune(path: Path, before: datetime) -> None:
    """Drop the lines that no backup is older than."""
    every = read(path)
    kept = [(member, at) for member, at in every if at >= before]
    if len(kept) != len(every):
        anew = path.with_suffix(f"{path.suffix}.new")
        with open(anew, "w", encoding="ascii", opener=_open_private) as file:
            file.writelines(f"{member} {to_micros(at)}\n" for member, at in kept)
        anew.replace(path)
