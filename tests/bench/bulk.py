"""A large import and a large export, on both engines: their time beside a bare one's, and their memory by size.

Each is made by a process of its own (`bulk_process`), whose memory at its peak says what it took.
"""

import asyncio
import io
import json
import re
import sqlite3
import statistics
import tempfile
import time
import zipfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path
from typing import Any

import asyncpg

from bot.child_process import start_module
from storage import member_data
from storage.connect import open_database
from tests.bench.measure import Row, ratio
from tests.bench.seeds import history
from tests.helpers.closing import closing
from tests.helpers.servers import Server

MEMBER = 1
MAX_IMPORT_RATIO = 4.0
MAX_EXPORT_RATIO = 4.0
MAX_MEMORY_RATIO = 1.3
"""Of the peak with all rows to the peak with a tenth of them; the imported file itself is in memory."""


async def rows(scale: float = 1) -> AsyncIterator[Row]:
    """All rows of this file."""
    server = Server(Path(tempfile.mkdtemp()), durable=True)

    async def in_file() -> str:
        return f"sqlite:///{tempfile.mkdtemp()}/a.db"

    rounds = max(1, int(3 * scale))
    for engine, make_database in (("SQLite", in_file), ("PostgreSQL", server.make_database)):
        async for row in measured(engine, make_database, max(2_000, int(100_000 * scale)), rounds):
            yield row
    server.stop()


async def measured(
    engine: str, make_database: Callable[[], Coroutine[Any, Any, str]], count: int, rounds: int
) -> AsyncIterator[Row]:
    """The rows of one engine. Every round fills two databases, of which the smaller one is for the memory alone."""
    imports, exports, bare_imports, bare_exports = ([] for _ in range(4))
    import_peaks, export_peaks = [], []
    for _ in range(rounds):
        url, small = await make_database(), await make_database()
        small_import, large_import = await done("import", small, count // 10), await done("import", url, count)
        bare_imports.append(await bare_import(url))
        small_export, large_export = await done("export", small, count // 10), await done("export", url, count)
        bare_exports.append(await bare_export(url))
        imports.append(large_import)
        exports.append(large_export)
        import_peaks.append((large_import.peak, small_import.peak))
        export_peaks.append((large_export.peak, small_export.peak))
    for name, bulk, bare, reach in (
        (f"import of {count:,} rows : a bare executemany", imports, bare_imports, MAX_IMPORT_RATIO),
        (f"export of {count:,} messages : one json.dumps and a zip", exports, bare_exports, MAX_EXPORT_RATIO),
    ):
        for unit, value, at_most in (("s", attrgetter("seconds"), reach), ("s CPU", attrgetter("cpu"), None)):
            ours, peer = [*map(value, bulk)], [*map(value, bare)]
            medians = statistics.median(ours), statistics.median(peer)
            yield Row(f"{name}, {engine}", unit, *medians, ratio(ours, peer), at_most=at_most)
    for name, peaks in (("import", import_peaks), ("export", export_peaks)):
        ours, small_peaks = ([pair[place] for pair in peaks] for place in (0, 1))
        yield Row(
            f"memory at its peak, {name} of {count:,} rows : of {count // 10:,}, {engine}",
            "MiB",
            statistics.median(ours),
            statistics.median(small_peaks),
            ratio(ours, small_peaks),
            at_most=MAX_MEMORY_RATIO,
        )


@dataclass(frozen=True)
class Took:
    """What something took."""

    seconds: float
    cpu: float
    """Seconds of CPU of its process and the processes that this one started."""
    peak: float = 0
    """MiB that were resident at the most."""


@contextmanager
def taking() -> Iterator[list[Took]]:
    """Appends what the block took in this process, on all its threads."""
    took: list[Took] = []
    began, cpu = time.perf_counter(), time.process_time()
    yield took
    took.append(Took(time.perf_counter() - began, time.process_time() - cpu))


async def done(what: str, url: str, count: int) -> Took:
    """What an import or export takes."""
    process = await start_module("tests.bench.bulk_process")
    output, _ = await process.communicate(json.dumps([what, url, count]).encode())
    return Took(*json.loads(output))


async def bare_import(url: str) -> Took:
    """The messages once more into a table of the same shape, with the same indexes, in one transaction."""
    if url.startswith("sqlite:///"):
        return await asyncio.to_thread(write_bare, Path(url.removeprefix("sqlite:///")))
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("CREATE TABLE bare (LIKE messages INCLUDING ALL)")
        stored = [tuple(row) for row in await connection.fetch("SELECT * FROM messages")]
        values = ", ".join(f"${number + 1}" for number in range(len(stored[0])))
        with taking() as took:
            async with connection.transaction():
                await connection.executemany(f"INSERT INTO bare OVERRIDING SYSTEM VALUE VALUES ({values})", stored)
        await connection.execute("DROP TABLE bare")
    finally:
        await connection.close()
    return took[0]


def write_bare(path: Path) -> Took:
    """`bare_import` on SQLite."""
    with sqlite3.connect(path, isolation_level=None) as connection:
        [(made,)] = connection.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'messages'")
        connection.execute(made.replace("messages", "bare", 1).replace('"bare"', "bare"))
        for (index,) in connection.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name = 'messages' AND type = 'index' AND sql IS NOT NULL"
        ).fetchall():
            connection.execute(re.sub(r"INDEX (\w+)", r"INDEX bare_\1", index).replace("ON messages", "ON bare"))
        stored = connection.execute("SELECT * FROM messages").fetchall()
        with taking() as took:
            connection.execute("BEGIN")
            connection.executemany(f"INSERT INTO bare VALUES ({', '.join('?' * len(stored[0]))})", stored)
            connection.execute("COMMIT")
        connection.execute("DROP TABLE bare")
        return took[0]


async def bare_export(url: str) -> Took:
    """Every row of the member read at once, made JSON at once and zipped in memory."""
    async with closing(await open_database(url)) as database:
        with taking() as took:
            async with database.read() as transaction:
                tables = {}
                for table in member_data.TABLES:
                    columns = await transaction.columns(table)
                    sql = f"SELECT {', '.join(columns)} FROM {table} WHERE member_id = $1"
                    stored = await transaction.fetch(sql, MEMBER)
                    tables[table] = [dict(zip(columns, row, strict=True)) for row in stored]
            with zipfile.ZipFile(io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("nintei.json", json.dumps(tables, ensure_ascii=False))
    return took[0]


def file_of(count: int) -> bytes:
    """The file that is imported."""
    return history(count, datetime.now(UTC))
