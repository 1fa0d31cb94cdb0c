"""Histories as files, for the command line."""

from pathlib import Path

HEADER = "thread,direction,sent_at,kind\n"


def write_history(folder: Path, rows: str, *, header: str = HEADER, encoding: str = "utf-8") -> Path:
    """Write `history.csv` into a folder and return its path."""
    path = folder / "history.csv"
    path.write_bytes((header + rows).encode(encoding))
    return path
