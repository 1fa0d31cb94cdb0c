"""Writes an export to temporary files, part by part: neither its rows nor its files are ever whole in memory."""

import asyncio
import io
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from bot.domain.certification.jobs import count_jobs
from bot.domain.types import MemberId
from bot.parsing import history_csv, jobs_csv
from bot.parsing.export_format import (
    CsvWriter,
    JsonWriter,
    export_history_row,
    export_job_row,
)
from bot.parsing.import_file import MAX_IMPORT_BYTES
from storage import jobs, member_data
from storage.database import Transaction

MAX_ATTACHMENT_BYTES: Final = 8 * 1024 * 1024
"""The size limit of a Discord message's files."""


@dataclass(frozen=True, slots=True)
class Export:
    """The files of an export, by name. They are temporary: leaving the `with` block deletes them."""

    files: dict[str, io.BufferedRandom]
    messages: int
    jobs: int
    is_json_importable: bool
    """Whether `/import` takes the JSON, which cannot be sent in parts."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for file in self.files.values():
            file.close()


async def write_export(transaction: Transaction, member_id: MemberId, *, now: datetime, unnamed_label: str) -> Export:
    """All that is stored about the member. Each part is written in a thread, so that others are answered meanwhile."""
    files = {name: _open_temporary_file() for name in ("history.csv", "jobs.csv", "nintei.json")}
    texts = {name: io.TextIOWrapper(file, "utf-8", newline="") for name, file in files.items()}
    history, thread_ids = CsvWriter(texts["history.csv"], history_csv.HISTORY_COLUMNS.names), dict[str, int]()
    async for rows in member_data.stream_member_history(transaction, member_id):
        await asyncio.to_thread(
            history.write_csv_rows, (export_history_row(row, unnamed_label, thread_ids) for row in rows)
        )
    jobs_table, job_count = CsvWriter(texts["jobs.csv"], jobs_csv.JOB_COLUMNS.names), 0
    async for part in jobs.stream_jobs(transaction, member_id):
        await asyncio.to_thread(jobs_table.write_csv_rows, map(export_job_row, part))
        job_count += count_jobs(part)
    everything = JsonWriter(texts["nintei.json"], now=now)
    for table in member_data.TABLES:
        columns = await transaction.columns(table)
        everything.begin_table(table, columns)
        async for rows in member_data.stream_member_table(transaction, member_id, table, columns):
            await asyncio.to_thread(everything.write_json_rows, rows)
    everything.close()
    for text in texts.values():
        text.detach().seek(0)
    is_importable = files["nintei.json"].seek(0, io.SEEK_END) <= MAX_IMPORT_BYTES
    packed = await asyncio.to_thread(_zip_if_large, files)
    return Export(packed, history.rows, job_count, is_importable)


def _zip_if_large(files: dict[str, io.BufferedRandom]) -> dict[str, io.BufferedRandom]:
    """The files, or one zip of them where they are too large for a Discord message."""
    if sum(file.seek(0, io.SEEK_END) for file in files.values()) <= MAX_ATTACHMENT_BYTES:
        for file in files.values():
            file.seek(0)
        return files
    zipped = _open_temporary_file()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in files.items():
            file.seek(0)
            with archive.open(name, "w") as member:
                shutil.copyfileobj(file, member)
            file.close()
    zipped.seek(0)
    return {"nintei.zip": zipped}


def _open_temporary_file() -> io.BufferedRandom:
    """A file without a name, of which nothing is left when it is closed."""
    return tempfile.TemporaryFile()
