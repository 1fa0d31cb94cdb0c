"""`python -m bot doctor`: every check in its good and its bad case, a sentence each, whatever is broken."""

import json
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.cli.main import main
from bot.fake_discord.clock import ManualClock
from bot.fake_discord.server import FakeDiscord
from bot.i18n.translations import get_translations
from bot.ops.checks import host
from bot.ops.checks.discord import check_discord
from bot.ops.checks.result import Check, CheckMark, CheckResult
from bot.ops.doctor import run_doctor_checks
from bot.settings import read_settings
from storage.connect import connect, open_database
from storage.migrations.run import latest_schema_version, list_missing_migrations, load_schema_version, run_migration
from tests.helpers.servers import server
from tests.helpers.wording import says, shows

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
WELL = {"id": "42", "flags": 0, "integration_types_config": {"0": {}, "1": {}}}


@asynccontextmanager
async def discord_saying(
    application: Any = WELL, *, date: datetime | str = NOON, me: Any = None, status: int = 200
) -> AsyncIterator[str]:
    """A Discord that answers so; its address."""
    said = date if isinstance(date, str) else format_datetime(date.astimezone(UTC), usegmt=True)

    async def answer(request: web.Request) -> web.Response:
        body = application if request.path.endswith("applications/@me") else me or {"username": "nintei"}
        text = body if isinstance(body, str) else json.dumps(body)
        return web.Response(status=status, text=text, content_type="application/json", headers={"Date": said})

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/v10"
    finally:
        await runner.cleanup()


def ensure_texts(result: CheckResult) -> None:
    """A finding and its check have a text in both languages."""
    for texts in (get_translations("ja"), get_translations("en")):
        assert texts(result.message_id, **result.params).strip()
        assert texts(f"doctor-check-{result.check}")


async def seen(environ: Mapping[str, str], now: datetime = NOON, **how: bool) -> dict[Check, CheckResult]:
    """Every finding; each has a sentence of one line in both languages, and there is one a check."""
    found = [each async for each in run_doctor_checks(environ, ManualClock(now), **how)]
    for each in found:
        ensure_texts(each)
    checks = [each.check for each in found]
    assert checks == [each for each in Check if each in checks]
    return {each.check: each for each in found}


async def make(url: str) -> None:
    await (await open_database(url)).close()


@pytest.fixture
def environ(database_url: str, tmp_path: Path) -> dict[str, str]:
    """Set by the operator. Nothing listens at that address."""
    return {
        "DISCORD_TOKEN": "x.y.z",
        "DISCORD_API_URL": "http://127.0.0.1:1/api/v10",
        "DATABASE_URL": database_url,
        "BACKUP_FOLDER": str(tmp_path / "backups"),
        "BACKUP_KEEP": "0",
    }


@pytest.fixture
async def empty_url(engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """The address of a database with nothing in it."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    monkeypatch.chdir(tmp_path)
    url = await server().make_database()
    yield url
    server().drop_database(url)


async def test_all_is_well(environ: dict[str, str]) -> None:
    await make(environ["DATABASE_URL"])
    async with discord_saying(date=NOON) as address:
        found = await seen({**environ, "DISCORD_API_URL": address})
    marks = {check: each.severity for check, each in found.items() if check is not Check.PICTURES}
    assert marks.pop(Check.BACKUPS, CheckMark.SKIPPED) is CheckMark.SKIPPED
    assert marks.pop(Check.MONITORING) is CheckMark.SKIPPED
    assert set(marks.values()) == {CheckMark.OK}
    assert len(marks) == 10
    assert found[Check.TOKEN].params["name"] == "nintei"


async def test_against_the_fake_discord(environ: dict[str, str]) -> None:
    async with FakeDiscord(ManualClock(NOON)) as discord:
        here = {**environ, "DISCORD_API_URL": discord.api_url, "DISCORD_TOKEN": discord.token}
        found = await seen(here, datetime.now(UTC))
        assert [found[each].severity for each in (Check.TOKEN, Check.APPLICATION, Check.CLOCK)] == [CheckMark.OK] * 3
        found = await seen({**here, "DISCORD_TOKEN": "wrong"}, datetime.now(UTC))
        assert found[Check.TOKEN].message_id == "discord-token-refused"
        assert found[Check.APPLICATION].severity is CheckMark.SKIPPED
        assert found[Check.CLOCK].severity is CheckMark.OK
        found = await seen({**here, "DISCORD_TOKEN": " "}, datetime.now(UTC))
        assert found[Check.TOKEN].message_id == "setting-token-missing"
        assert found[Check.CLOCK].severity is CheckMark.OK
    found = await seen(here)
    assert found[Check.TOKEN].message_id == "discord-unreachable"
    found = await seen({**here, "DISCORD_TOKEN": ""})
    assert [found[each].message_id for each in (Check.TOKEN, Check.APPLICATION)] == [
        "setting-token-missing",
        "discord-unreachable",
    ]


async def test_nothing_of_the_token_is_said(environ: dict[str, str]) -> None:
    async with discord_saying("no JSON {", status=500) as address:
        found = await seen({**environ, "DISCORD_API_URL": address, "DISCORD_TOKEN": "se.cr.et"})
    assert found[Check.TOKEN].message_id == "discord-refused"
    assert "se.cr.et" not in str(found)


@pytest.mark.parametrize(
    ("seconds", "text", "mark"),
    [
        (0, "doctor-clock-fine", CheckMark.OK), (1.9, "doctor-clock-fine", CheckMark.OK), (-1.9, "doctor-clock-fine", CheckMark.OK),
        (2.1, "doctor-clock-ahead", CheckMark.WARNING), (-2.1, "doctor-clock-behind", CheckMark.WARNING), (29, "doctor-clock-ahead", CheckMark.WARNING),
        (31, "doctor-clock-ahead", CheckMark.ERROR), (-86_400, "doctor-clock-behind", CheckMark.ERROR),
    ],
)  # fmt: skip
async def test_the_clock(environ: dict[str, str], seconds: float, text: str, mark: CheckMark) -> None:
    half = timedelta(seconds=0.5)  # Discord leaves out what is behind its second
    async with discord_saying(date=NOON) as address:
        found = await seen({**environ, "DISCORD_API_URL": address}, NOON + half + timedelta(seconds=seconds))
    assert (found[Check.CLOCK].message_id, found[Check.CLOCK].severity) == (text, mark)


@pytest.mark.parametrize("date", ["", "yesterday", "Tue, 24 Nov 2026 12:00:00", "\t"])
async def test_a_time_that_cannot_be_read(environ: dict[str, str], date: str) -> None:
    async with discord_saying(date=date) as address:
        found = await seen({**environ, "DISCORD_API_URL": address})
    assert found[Check.CLOCK].severity is CheckMark.SKIPPED


@pytest.mark.parametrize(
    ("application", "text", "mark"),
    [
        ({**WELL, "flags": 1 << 23}, "doctor-application-fine", CheckMark.OK),
        ({**WELL, "flags": 1 << 18}, "doctor-application-intents", CheckMark.WARNING),
        ({**WELL, "flags": 1 << 15}, "doctor-application-intents", CheckMark.WARNING),
        ({**WELL, "integration_types_config": {"0": {}}}, "doctor-application-installs", CheckMark.WARNING),
        ({**WELL, "integration_types_config": {"1": {}}}, "doctor-application-installs", CheckMark.WARNING),
        ({**WELL, "integration_types_config": None}, "doctor-application-fine", CheckMark.OK),
        ({**WELL, "interactions_endpoint_url": "https://x.example"}, "doctor-application-endpoint", CheckMark.ERROR),
        ({"flags": "many", "id": None, "integration_types_config": 7}, "doctor-application-fine", CheckMark.OK),
        ([], "doctor-application-unseen", CheckMark.SKIPPED),
        ("{", "doctor-application-unseen", CheckMark.SKIPPED),
    ],
)
async def test_the_application(environ: dict[str, str], application: object, text: str, mark: CheckMark) -> None:
    async with discord_saying(application) as address:
        found = await seen({**environ, "DISCORD_API_URL": address})
    assert (found[Check.APPLICATION].message_id, found[Check.APPLICATION].severity) == (text, mark)


async def test_a_discord_that_hangs(environ: dict[str, str]) -> None:
    async with FakeDiscord(ManualClock(NOON)) as discord:
        discord.faults.latency = lambda: 60.0
        settings = read_settings({**environ, "DISCORD_API_URL": discord.api_url})
        [token, *_] = await check_discord(settings, ManualClock(NOON), request_timeout=0.2)
    assert (token.check, token.message_id) == (Check.TOKEN, "discord-unreachable")
    ensure_texts(token)


async def test_a_setting_that_cannot_be_read(environ: dict[str, str]) -> None:
    found = await seen({**environ, "DEFAULT_TIMEZONE": "Mars"})
    assert list(found) == [Check.SETTINGS]
    assert found[Check.SETTINGS].severity is CheckMark.ERROR


@pytest.mark.parametrize(
    "url", ["nonsense", "postgresql://nobody:geheim@127.0.0.1:1/none", "sqlite:////proc/none/x.db", "sqlite:///"]
)
async def test_a_database_that_cannot_be_reached(environ: dict[str, str], url: str) -> None:
    found = await seen({**environ, "DATABASE_URL": url})
    assert found[Check.DATABASE].severity in {CheckMark.ERROR, CheckMark.SKIPPED}
    assert "geheim" not in str(found)


@pytest.mark.sqlite_only
async def test_looking_makes_no_database(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "nintei.db").unlink()
    found = await seen(environ)
    assert found[Check.DATABASE].message_id == "doctor-database-new"
    assert os.listdir(tmp_path) == []  # noqa: PTH208 — an async test


async def test_a_newer_and_an_older_database(environ: dict[str, str]) -> None:
    database = await connect(environ["DATABASE_URL"])
    try:
        async with database.write() as transaction:
            await transaction.fetch("INSERT INTO migrations (step) VALUES (9000)")
        assert (await seen(environ))[Check.DATABASE].message_id == "storage-newer"
    finally:
        await database.close()


async def test_an_older_database_is_upgraded_in_a_dry_run_that_changes_nothing(
    empty_url: str, environ_of: Callable[[str], dict[str, str]]
) -> None:
    database = await connect(empty_url)
    newest = latest_schema_version(database.engine)
    try:
        async with database.write() as transaction:
            for step in (await list_missing_migrations(transaction, database.engine))[:-1]:
                await run_migration(transaction, database.engine, step)
        found = await seen(environ_of(empty_url))
        assert await load_schema_version(database) == newest - 1
    finally:
        await database.close()
    assert found[Check.DATABASE].message_id == "doctor-database-older"
    assert found[Check.DERIVED].severity is CheckMark.SKIPPED


def spoil(path: Path, change: Callable[[sqlite3.Connection], object]) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    change(connection)
    connection.close()


@pytest.mark.sqlite_only
async def test_a_damaged_file(environ: dict[str, str], tmp_path: Path) -> None:
    await make(environ["DATABASE_URL"])
    file = tmp_path / "nintei.db"
    shutil.copy(file, tmp_path / "good.db")
    spoil(file, lambda each: each.execute("INSERT INTO goals VALUES (77, 'c', 1, NULL, '2026-11-24')"))
    found = await seen(environ)
    assert found[Check.INTEGRITY].severity is CheckMark.ERROR
    assert "goals" in str(found[Check.INTEGRITY].params["faults"])
    shutil.copy(tmp_path / "good.db", file)

    def one_index_less(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO members (member_id, joined_at, digest_at) VALUES (1, 0, 5)")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'IS NOT NULL', 'IS NULL') WHERE name = 'members_by_digest'"
        )

    spoil(file, one_index_less)
    assert (await seen(environ))[Check.INTEGRITY].severity is CheckMark.ERROR
    bytes_ = (tmp_path / "good.db").read_bytes()
    for size in (len(bytes_) // 2, 100, 5):
        file.write_bytes(bytes_[:size])
        found = await seen(environ)
        assert any(
            found[each].severity is CheckMark.ERROR for each in (Check.DATABASE, Check.INTEGRITY) if each in found
        )


@pytest.mark.postgres
async def test_an_index_that_the_server_does_not_trust(
    server_url: str, environ_of: Callable[[str], dict[str, str]]
) -> None:
    database = await open_database(server_url)
    try:
        assert (await seen(environ_of(server_url)))[Check.INTEGRITY].severity is CheckMark.OK
        async with database.write() as transaction:
            await transaction.fetch(
                "UPDATE pg_index SET indisvalid = false WHERE indexrelid = CAST('threads_by_use' AS regclass)"
            )
        found = await seen(environ_of(server_url))
    finally:
        await database.close()
    assert found[Check.INTEGRITY].params == {"faults": "threads_by_use"}


@pytest.fixture
def environ_of(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    def made(url: str) -> dict[str, str]:
        return {"DISCORD_API_URL": "http://127.0.0.1:1/api/v10", "DATABASE_URL": url, "BACKUP_FOLDER": str(tmp_path)}

    return made


@pytest.mark.slow
async def test_derived_rows_that_differ_and_fix(environ: dict[str, str]) -> None:
    database = await open_database(environ["DATABASE_URL"])
    try:
        async with database.write() as transaction:
            await transaction.fetch("INSERT INTO members (member_id, joined_at) VALUES (1, 0)")
            await transaction.execute_many(
                "INSERT INTO threads (member_id, client_key, title_key, used_at) VALUES (1, $1, '', 0)",
                [(f"c{number}",) for number in range(500)],
            )
            await transaction.fetch("INSERT INTO windows SELECT member_id, thread_id, 1, 1, 1, 0 FROM threads")
        found = (await seen(environ))[Check.DERIVED]
        assert (found.severity, found.params) == (CheckMark.ERROR, {"read": 200, "differing": 200})
        found = (await seen(environ, all_threads=True))[Check.DERIVED]
        assert (found.severity, found.params) == (CheckMark.ERROR, {"read": 500, "differing": 500})
        found = (await seen(environ, fix=True))[Check.DERIVED]
        assert (found.severity, found.params) == (CheckMark.OK, {"read": 500, "differing": 500})
        assert (await seen(environ, all_threads=True))[Check.DERIVED].severity is CheckMark.OK
        assert await database.fetch("SELECT 1 FROM windows") == []
    finally:
        await database.close()


def test_no_room(environ: dict[str, str]) -> None:
    results = host.check_machine(read_settings(environ), now=NOON, min_free_bytes=1 << 62)
    [disk] = [result for result in results if result.check is Check.DISK]
    assert (disk.severity, disk.message_id) == (CheckMark.WARNING, "doctor-disk-short")
    ensure_texts(disk)


def test_no_temporary_files(environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host.tempfile, "tempdir", str(tmp_path / "nowhere"))
    results = host.check_machine(read_settings(environ), now=NOON)
    [_, temporary] = [result for result in results if result.check is Check.DISK]
    assert (temporary.severity, temporary.message_id) == (CheckMark.WARNING, "doctor-temporary-refused")
    ensure_texts(temporary)


@pytest.mark.sqlite_only
async def test_a_folder_that_cannot_be_written(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The superuser may write anywhere, so what the system says is said here."""
    await make(environ["DATABASE_URL"])
    locked = tmp_path
    monkeypatch.setattr(host.os, "access", lambda path, _mode: Path(path) != locked)
    assert (await seen(environ))[Check.FOLDER].params == {"path": str(tmp_path)}
    (tmp_path / "nintei.db.erasures").write_text("")
    for name in ("nintei.db", "nintei.db.erasures"):  # without the notes the erased come back with a backup
        locked = tmp_path / name
        assert (await seen(environ))[Check.FOLDER].params == {"path": str(locked)}


def test_of_a_server_database_the_folder_is_that_of_the_notes(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    environ |= {"DATABASE_URL": "postgresql://nintei@127.0.0.1/nintei", "ERASURES_FOLDER": str(notes)}
    monkeypatch.setattr(host.os, "access", lambda path, _mode: Path(path) != notes)
    results = {result.check: result for result in host.check_machine(read_settings(environ), now=NOON)}
    assert (results[Check.FOLDER].severity, results[Check.FOLDER].params) == (CheckMark.ERROR, {"path": str(notes)})
    assert results[Check.DISK].params["path"] == str(notes)


@pytest.mark.sqlite_only
async def test_backups(environ: dict[str, str], tmp_path: Path) -> None:
    await make(environ["DATABASE_URL"])
    folder = tmp_path / "backups"
    environ["BACKUP_KEEP"] = "3"

    async def backups() -> str:
        return (await seen(environ))[Check.BACKUPS].message_id

    def put(path: Path, days_ago: float) -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
        at = (NOON - timedelta(days=days_ago)).timestamp()
        os.utime(path, (at, at))

    assert await backups() == "doctor-backups-none"
    assert "–" not in get_translations("en")("doctor-backups-fine", number=0, newest="–")
    put(folder / "nintei-20261120-000000.db", 4)
    put(folder / "mine.db", 400)
    assert await backups() == "doctor-backups-none"
    put(folder / "nintei-20270123-000000.db", -60)  # of a clock that was ahead
    assert await backups() == "doctor-backups-none"
    put(folder / "nintei-20261123-000000.db", 1)
    assert await backups() == "doctor-backups-fine"
    environ["BACKUP_KEEP"] = "31"
    assert await backups() == "doctor-backups-many"
    environ["BACKUP_KEEP"] = "0"
    assert await backups() == "doctor-backups-off"
    put(tmp_path / "nintei.db.before-restore-20260101-000000", 31)
    assert await backups() == "doctor-backups-old"
    (tmp_path / "link").mkdir()
    (tmp_path / "link" / "data.db").symlink_to("../nintei.db")
    environ["DATABASE_URL"] = f"sqlite:///{tmp_path}/link/data.db"
    assert await backups() == "doctor-backups-old"


async def test_pictures(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    there = set[str]()
    monkeypatch.setattr(host.importlib.util, "find_spec", lambda name: name if name in there else None)
    assert (await seen(environ))[Check.PICTURES].severity is CheckMark.WARNING
    assert (await seen({**environ, "PICTURES": "off"}))[Check.PICTURES].severity is CheckMark.SKIPPED
    there |= {"matplotlib", "matplotlib_fontja"}
    assert (await seen(environ))[Check.PICTURES].severity is CheckMark.OK


def test_the_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "DISCORD_TOKEN": "",
        "DISCORD_API_URL": "http://127.0.0.1:1/api",
        "DEFAULT_LOCALE": "en",
    }.items():
        monkeypatch.setenv(name, value)
    assert main(["doctor"]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    lines = out.splitlines()
    assert lines[0].startswith("✅")
    assert shows(lines[1], "setting-token-missing", locale="en")
    assert lines[-1] == says("doctor-problems", locale="en", number=2)
    assert main(["doctor", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert len(found) == len(lines) - 1
    assert all(set(each) == {"check", "mark", "text"} for each in found)
    assert main(["doctor", "--nonsense"]) == 2
    monkeypatch.setenv("DEFAULT_LEAD_TIMES", "soon")
    capsys.readouterr()
    assert main(["doctor"]) == 1
    assert shows(capsys.readouterr().out, "setting-lead-times", locale="en")
