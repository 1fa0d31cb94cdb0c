"""The notes of erasures, as an earlier version wrote them and as tests compare them."""

from datetime import datetime
from pathlib import Path

from bot.domain.calendar import instant_to_micros
from bot.domain.types import MemberId
from storage.admin import erasure_log


def append_note(path: Path, member_id: MemberId, at: datetime) -> None:
    """Add a note without a message, as versions before schema 7 wrote it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:
        file.write(f"{member_id} {instant_to_micros(at)}\n")


def list_noted(path: Path) -> list[tuple[MemberId, datetime]]:
    """Who was erased, and when."""
    return [(erasure.member_id, erasure.erased_at) for erasure in erasure_log.read_erasure_log(path).values()]
