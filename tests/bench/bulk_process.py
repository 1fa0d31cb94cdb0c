"""One import or export: reads what, which database and how many rows from standard input, writes what it took."""

import asyncio
import json
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.types import MemberId
from bot.services.container import Services
from bot.settings import read_defaults
from storage.connect import open_database
from tests.bench.bulk import MEMBER, file_of
from tests.bench.measure import high_water_mark
from tests.helpers.services import ignore_progress


async def main() -> None:
    """Write the fields of `Took`."""
    what, url, count = json.load(sys.stdin)
    data = file_of(count) if what == "import" else b""
    member, now = MemberId(MEMBER), datetime.now(UTC)
    database = await open_database(url)
    try:
        transfer = Services(database, read_defaults({}), lambda: None).data_transfer
        began, cpu = time.perf_counter(), used_cpu()
        if what == "import":
            await transfer.preview_import(member, "h.csv", data, now=now)
            await transfer.commit_import(member, ignore_progress, now=now)
        else:
            with await transfer.export(member, now=now, unnamed_label="-"):
                pass
        took = time.perf_counter() - began, used_cpu() - cpu
    finally:
        await database.close()
    json.dump([*took, high_water_mark(Path("/proc/self"))], sys.stdout)


def used_cpu() -> float:
    """Seconds of this process and of those that it has started and awaited."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


asyncio.run(main())
