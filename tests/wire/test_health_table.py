"""Each row of the table of faults in docs/operate.md: what readiness, metrics, alerts, doctor and the member say."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.errors import StorageError
from bot.i18n.translations import get_translations
from bot.ops import disk
from bot.ops.checks.result import Check
from bot.ops.daily_backup import DailyBackup
from bot.ops.doctor import run_doctor_checks
from bot.ops.health import MonitoringLimits
from storage.engines.postgresql import PostgreSQLTransaction
from storage.engines.sqlite import SQLiteTransaction
from storage.engines.sqlite_connection import to_storage_error
from tests.helpers.amounts import others_slow
from tests.helpers.machine import free_port
from tests.helpers.promtool import firing_alerts, needs_promtool, read_samples
from tests.helpers.stage import Stage
from tests.helpers.wording import shows

pytestmark = pytest.mark.both_engines


@dataclass(frozen=True)
class Seen:
    """What everybody sees of a fault."""

    healthy: dict[str, float]
    """A scrape before the fault."""
    faulty: dict[str, float]
    readyz: list[str]
    healthz: list[str]
    doctor: dict[Check, str]
    """The texts of the checks that need the operator."""
    recorded: str
    """The answer to a command that records."""
    read: str
    """The answer to one that only reads."""


Inject = Callable[[Stage, pytest.MonkeyPatch], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, kw_only=True)
class Fault:
    inject: Inject
    """The fault begins with the block."""
    readyz: list[str] = field(default_factory=list)
    healthz: list[str] = field(default_factory=list)
    metrics: dict[str, float] = field(default_factory=dict)
    alerts: set[str] = field(default_factory=set)
    doctor: dict[Check, str] = field(default_factory=dict)
    sentence: str | None = None
    """The text that a member who records gets; None: the receipt."""
    is_read_refused: bool = False
    """Whether who only reads gets it, too."""
    environ: dict[str, str] = field(default_factory=dict)


def refuse(code: int, *beginnings: str) -> Inject:
    """The engine answers statements that begin so with an error of SQLite; a transaction can be begun."""

    @asynccontextmanager
    async def inject(_stage: Stage, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
        fetch, execute_many = SQLiteTransaction.fetch, SQLiteTransaction.execute_many

        def check(sql: str) -> None:
            if sql.lstrip().startswith(beginnings):
                error = sqlite3.OperationalError("refused")
                error.sqlite_errorcode = code
                raise to_storage_error(error)

        async def refusing_fetch(self: SQLiteTransaction, sql: str, *values: Any) -> Any:
            check(sql)
            return await fetch(self, sql, *values)

        async def refusing_many(self: SQLiteTransaction, sql: str, rows: Any) -> None:
            check(sql)
            await execute_many(self, sql, rows)

        monkeypatch.setattr(SQLiteTransaction, "fetch", refusing_fetch)
        monkeypatch.setattr(SQLiteTransaction, "execute_many", refusing_many)
        yield

    return inject


WRITES = ("INSERT", "UPDATE", "DELETE")


@asynccontextmanager
async def full_disk(_stage: Stage, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """What a transaction wrote is refused when it reaches the disk."""
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _path: SimpleNamespace(free=0))
    fetch, writing = SQLiteTransaction.fetch, set[SQLiteTransaction]()

    async def refusing(self: SQLiteTransaction, sql: str, *values: Any) -> Any:
        if sql.lstrip().startswith(WRITES):
            writing.add(self)
        if sql == "COMMIT" and self in writing:
            raise StorageError("storage-full")
        return await fetch(self, sql, *values)

    monkeypatch.setattr(SQLiteTransaction, "fetch", refusing)
    yield


@asynccontextmanager
async def file_gone(stage: Stage, _monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    (stage.database.parent / f"{stage.database.name}.erasures").touch()
    for suffix in ("", "-wal", "-shm"):
        stage.database.with_name(f"{stage.database.name}{suffix}").rename(stage.database.parent / f"gone{suffix}")
    yield


@asynccontextmanager
async def file_replaced(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """By another program's, so that doctor sees it, too."""
    async with file_gone(stage, monkeypatch):
        sqlite3.connect(stage.database).execute("CREATE TABLE other (a)").connection.close()
        yield


@asynccontextmanager
async def not_polling(stage: Stage, _monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    dispatcher = stage.bot.dispatcher  # type: ignore[union-attr]
    assert dispatcher.last_poll_attempt is not None
    dispatcher.last_poll_attempt -= 1000
    dispatcher.last_successful_poll = dispatcher.last_poll_attempt
    yield


@asynccontextmanager
async def polls_refused(stage: Stage, _monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    dispatcher = stage.bot.dispatcher  # type: ignore[union-attr]
    assert dispatcher.last_successful_poll is not None
    dispatcher.last_successful_poll -= 1000
    yield


@asynccontextmanager
async def gateway_away(stage: Stage, _monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    stage.discord.faults.drop_connection("GET", "/users/@me", "before", times=99)
    stage.discord.faults.every_gateway = "refused"
    await stage.discord.gateway.close_all()
    assert stage.bot is not None
    async with asyncio.timeout(30):
        while stage.bot.client.connected:  # noqa: ASYNC110 — until the bot has noticed, which is no event
            await asyncio.sleep(0)
    yield
    stage.discord.faults.every_gateway = None


@asynccontextmanager
async def already(_stage: Stage, _monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Nothing: what the settings say is the fault."""
    yield


async def makes_none(_backup: DailyBackup, _file: Path) -> None:
    """Hangs before the first one."""
    await asyncio.Event().wait()


@asynccontextmanager
async def server_away(_stage: Stage, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    async def away(*_: object) -> None:
        raise StorageError("storage-unreachable")

    monkeypatch.setattr(PostgreSQLTransaction, "fetch", away)
    monkeypatch.setattr(PostgreSQLTransaction, "execute_many", away)
    yield


UNREADY = {Check.MONITORING: "doctor-monitoring-unready"}
REFUSES = {"NinteiDatabaseDown", "NinteiDatabaseRefuses"}

FAULTS = {
    "none": Fault(inject=already, metrics={"nintei_database_up": 1}),
    "read-only file system": Fault(
        inject=refuse(sqlite3.SQLITE_READONLY, *WRITES),
        readyz=["database"],
        metrics={"nintei_database_up": 0},
        alerts=REFUSES,
        doctor={**UNREADY, Check.DATABASE: "storage-read-only"},
        sentence="storage-read-only",
    ),
    "full disk": Fault(
        inject=full_disk,
        readyz=["database"],
        metrics={"nintei_database_up": 0, "nintei_disk_free_bytes": 0},
        alerts={*REFUSES, "NinteiDiskFull"},
        doctor={**UNREADY, Check.DISK: "doctor-disk-short"},
        sentence="storage-full",
    ),
    "disk that fails": Fault(
        inject=refuse(sqlite3.SQLITE_IOERR, *WRITES),
        readyz=["database"],
        metrics={"nintei_database_up": 0},
        alerts=REFUSES,
        doctor={**UNREADY, Check.DATABASE: "storage-full"},
        sentence="storage-full",
    ),
    "file of another user": Fault(
        inject=refuse(sqlite3.SQLITE_PERM, *WRITES),
        readyz=["database"],
        metrics={"nintei_database_up": 0},
        alerts=REFUSES,
        doctor={**UNREADY, Check.DATABASE: "storage-read-only"},
        sentence="storage-read-only",
    ),
    "database removed": Fault(
        inject=file_gone,
        readyz=["database", "database-file"],
        healthz=["database-file"],
        metrics={"nintei_database_up": 0},
        alerts=REFUSES,
        doctor={**UNREADY, Check.DATABASE: "storage-file-lost"},
        sentence="storage-file-lost",
    ),
    "database replaced": Fault(
        inject=file_replaced,
        readyz=["database", "database-file"],
        healthz=["database-file"],
        metrics={"nintei_database_up": 0},
        alerts=REFUSES,
        doctor={**UNREADY, Check.DATABASE: "storage-file-lost"},
        sentence="storage-file-lost",
    ),
    "database damaged": Fault(
        inject=refuse(sqlite3.SQLITE_CORRUPT, *WRITES, "SELECT", "WITH"),
        readyz=["database"],
        metrics={"nintei_database_up": 0},
        alerts=REFUSES,
        doctor={**UNREADY, Check.DATABASE: "storage-damaged"},
        sentence="storage-damaged",
        is_read_refused=True,
    ),
    "database locked": Fault(
        inject=refuse(sqlite3.SQLITE_BUSY, "BEGIN IMMEDIATE"),
        readyz=["database"],
        metrics={"nintei_database_up": 0},
        alerts={"NinteiDatabaseDown", "NinteiDatabaseErrors"},
        doctor={**UNREADY, Check.DATABASE: "storage-busy"},
        sentence="storage-busy",
    ),
    "poll stalled": Fault(
        inject=not_polling,
        readyz=["sweep"],
        healthz=["sweep"],
        alerts={"NinteiRemindersNotPolled"},
        doctor=UNREADY,
    ),
    "polls refused": Fault(inject=polls_refused, readyz=["sweep"], alerts={"NinteiRemindersNotPolled"}, doctor=UNREADY),
    "Discord unreachable": Fault(
        inject=gateway_away,
        readyz=["gateway"],
        metrics={'nintei_gateway_connected{shard="0"}': 0},
        alerts={"NinteiNotConnected"},
        doctor={**UNREADY, Check.TOKEN: "discord-unreachable"},
    ),
    "backup fails": Fault(
        inject=already,
        environ={"BACKUP_KEEP": "2", "BACKUP_FOLDER": "/dev/null"},
        metrics={'nintei_backups_total{outcome="failed"}': 1, "nintei_last_backup_timestamp_seconds": 0},
        alerts={"NinteiBackupMissing"},
        doctor={Check.BACKUPS: "doctor-folder-file"},
    ),
    "no backup made": Fault(
        inject=already,
        environ={"BACKUP_KEEP": "2", "NO_BACKUP": "1"},
        metrics={"nintei_last_backup_timestamp_seconds": 0},
        alerts={"NinteiBackupMissing"},
        doctor={Check.BACKUPS: "doctor-backups-none"},
    ),
}
SERVER_FAULTS = {
    "none": FAULTS["none"],
    "server away": Fault(
        inject=server_away,
        readyz=["database"],
        metrics={"nintei_database_up": 0},
        alerts={"NinteiDatabaseDown", "NinteiDatabaseErrors"},
        doctor={**UNREADY, Check.DATABASE: "storage-unreachable"},
        sentence="storage-unreachable",
        is_read_refused=True,
    ),
}
CASES = others_slow(("sqlite", name) for name in FAULTS) + [
    pytest.param("postgresql", name, marks=pytest.mark.postgres) for name in SERVER_FAULTS
]

NOT_SEEN = {Check.CLOCK, Check.APPLICATION, Check.PICTURES}
"""They are about something else."""


async def ask(port: int, path: str) -> Any:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as answer:
        return await (answer.text() if path == "/metrics" else answer.json())


async def scrape(port: int) -> dict[str, float]:
    return read_samples(text_string_to_metric_families(await ask(port, "/metrics")))


async def observe(stage: Stage, fault: Fault, monkeypatch: pytest.MonkeyPatch) -> Seen:
    port = free_port()
    stage.environ |= {"METRICS_PORT": str(port), **fault.environ}
    stage.monitoring_limits = MonitoringLimits(totals_cache=0)
    if stage.environ.pop("NO_BACKUP", None):
        monkeypatch.setattr(DailyBackup, "_backup_loop", makes_none)
    async with stage.open_bot():
        healthy = await scrape(port)
        with monkeypatch.context() as broken:
            async with fault.inject(stage, broken):
                readyz = list((await ask(port, "/readyz"))["reasons"])
                healthz = list((await ask(port, "/healthz"))["reasons"])
                environ = {"DISCORD_TOKEN": stage.discord.token, "DISCORD_API_URL": stage.discord.api_url}
                environ |= {"DATABASE_URL": stage.database_url, **stage.environ}
                checks = [check async for check in run_doctor_checks(environ, stage.clock)]
                faulty = await scrape(port)
                recorded = read = ""
                if readyz != ["gateway"]:  # nothing arrives
                    recorded = (await stage.mika.command("received", client="A社", at="9:00")).text
                    read = (await stage.mika.command("status")).text
    worries = {check.check: check.message_id for check in checks if check.needs_action and check.check not in NOT_SEEN}
    return Seen(healthy, faulty, sorted(readyz), sorted(healthz), worries, recorded, read)


@pytest.mark.parametrize(("engine", "name"), CASES)
async def test_what_everybody_sees(stage: Stage, engine: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fault = (FAULTS if engine == "sqlite" else SERVER_FAULTS)[name]
    seen = await observe(stage, fault, monkeypatch)
    assert seen.readyz == fault.readyz
    assert seen.healthz == fault.healthz
    assert {metric: seen.faulty[metric] for metric in fault.metrics} == fault.metrics
    assert seen.doctor == fault.doctor
    texts = get_translations("ja")
    if fault.sentence is not None:
        assert shows(seen.recorded, fault.sentence)
        assert shows(seen.read, fault.sentence) == fault.is_read_refused
    elif fault.readyz != ["gateway"]:
        assert "A社" in seen.recorded
    assert texts("internal-error") not in seen.recorded + seen.read


class TestAlerts:
    pytestmark = needs_promtool

    @pytest.mark.parametrize(("engine", "name"), CASES)
    async def test_which_fire(
        self, stage: Stage, engine: str, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        fault = (FAULTS if engine == "sqlite" else SERVER_FAULTS)[name]
        seen = await observe(stage, fault, monkeypatch)
        now = stage.clock.now().timestamp()
        firing = firing_alerts(tmp_path, [seen.healthy], [seen.faulty], now=now)
        assert firing - {"NinteiDatabaseSlow"} == fault.alerts  # that one may be true of a busy machine
