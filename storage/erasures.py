"""Who was erased, and when: kept beside the database, not in it, so that a restored backup does not bring them back.

A line names a member's id and the instant, and nothing else; lines older than any backup are dropped.
"""

import os
from datetime import datetime
from pathlib import Path

from bot.values import MemberId, from_micros, to_micros


def noted(path: Path) -> list[tuple[MemberId, datetime]]:
    """Every erasure that a backup may not know of."""
    if not path.exists():
        return []
    found = []
    for line in path.read_text(encoding="ascii", errors="replace").splitlines():
        member, _, at = line.partition(" ")
        if member.isdecimal() and at.isdecimal():  # half a line, from a power cut, is nobody
            found.append((MemberId(int(member)), from_micros(int(at))))
    return found


def note(path: Path, member: MemberId, at: datetime) -> None:
    """Written before anything is deleted: a crash in between is made up for at the next start."""
    with path.open("a", encoding="ascii") as file:
        file.write(f"{member} {to_micros(at)}\n")
        file.flush()
        os.fsync(file.fileno())


def forget(path: Path, before: datetime) -> None:
    """Drop the lines that no backup is older than."""
    every = noted(path)
    kept = [(member, at) for member, at in every if at >= before]
    if len(kept) != len(every):
        anew = path.with_suffix(f"{path.suffix}.new")
        anew.write_text("".join(f"{member} {to_micros(at)}\n" for member, at in kept), encoding="ascii")
        anew.replace(path)
