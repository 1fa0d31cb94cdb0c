"""Where a start ends with a sentence, doctor says the same before, and leaves everything as it is."""

import asyncio
import json
import os
import shlex
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import asyncpg
import pytest
from structlog.testing import capture_logs

from bot.app import run_bot
from bot.cli.main import main
from bot.clock import SystemClock
from bot.errors import NinteiError
from bot.i18n.translations import get_translations
from bot.ops.checks.result import Check, CheckMark, CheckResult
from bot.ops.doctor import run_doctor_checks
from bot.settings import read_settings
from storage.connect import (
    connect,
    database_url_without_password,
    display_database_url,
    ensure_database_url_valid,
    open_database,
)
from tests.helpers.amounts import others_slow
from tests.helpers.closing import closing
from tests.helpers.machine import ROOT, free_port
from tests.helpers.wording import shows

NOWHERE = "http://127.0.0.1:1/api/v10"
"""Nothing listens there: a start that comes so far ends with `discord-unreachable`."""


async def refusal(environ: dict[str, str]) -> str:
    """The text's id with which a start ends, be it of a setting, before anything is started."""
    with pytest.raises(NinteiError) as raised:
        async with run_bot(read_settings(environ), SystemClock()):
            pass
    return raised.value.message_id


async def diagnose(environ: dict[str, str], *, fix: bool = False) -> dict[Check, CheckResult]:
    return {each.check: each async for each in run_doctor_checks(environ, SystemClock(), fix=fix)}


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.chdir(tmp_path)
    return {
        "DISCORD_TOKEN": "x.y.z",
        "DISCORD_API_URL": NOWHERE,
        "DATABASE_URL": f"sqlite:///{tmp_path}/nintei.db",
        "BACKUP_KEEP": "0",
    }


def make_foreign(file: Path) -> None:
    connection = sqlite3.connect(file)
    connection.executescript(
        "CREATE TABLE members (id); CREATE TABLE migrations (name TEXT); INSERT INTO members VALUES (1)"
    )
    connection.close()


def make_newer(file: Path) -> None:
    asyncio.run(change(file, "INSERT INTO migrations (step) VALUES (9000)"))


def make_unfinished(file: Path) -> None:
    asyncio.run(change(file, "INSERT INTO moving (one, origin) VALUES (1, 'elsewhere')"))


def make_backup_alone(file: Path) -> None:
    (file.parent / "backups").mkdir()
    (file.parent / "backups/nintei-20261124-120000.db").touch()


def make_notes_beside_an_empty_file(file: Path) -> None:
    file.touch()
    file.with_name(f"{file.name}.erasures").touch()


def make_none(_file: Path) -> None:
    """No file."""


async def change(file: Path, sql: str) -> None:
    async with closing(await open_database(f"sqlite:///{file}")) as database, database.write() as transaction:
        await transaction.fetch(sql)


@pytest.mark.parametrize(
    ("make", "settings", "check", "text"),
    [
        (make_none, {"DATABASE_URL": "sqlite:///:memory:"}, Check.DATABASE, "storage-memory"),
        (make_none, {"DATABASE_URL": "mysql://a:geheim@h/x"}, Check.DATABASE, "storage-address"),
        (make_none, {"DATABASE_URL": "sqlite:////"}, Check.DATABASE, "storage-address"),
        (make_none, {"DATABASE_URL": "sqlite:///."}, Check.DATABASE, "storage-address"),
        (make_none, {"DATABASE_URL": "sqlite:///data/"}, Check.DATABASE, "storage-address"),
        (make_none, {"DATABASE_URL": "sqlite:///~/nintei.db"}, Check.DATABASE, "storage-address"),
        (make_none, {"DATABASE_URL": "sqlite:///$HOME/nintei.db"}, Check.DATABASE, "storage-address"),
        (make_none, {"DATABASE_URL": "sqlite:////dev/.."}, Check.DATABASE, "storage-address"),
        (make_none, {"DATABASE_URL": "postgresql://a:ge#heim@h/x"}, Check.DATABASE, "storage-password-unescaped"),
        (make_none, {"DATABASE_URL": "sqlite:////dev/null/x.db"}, Check.FOLDER, "storage-unopened"),
        (make_foreign, {}, Check.DATABASE, "storage-foreign"),
        (make_newer, {}, Check.DATABASE, "storage-newer"),
        (make_unfinished, {}, Check.DATABASE, "storage-move-unfinished"),
        (make_none, {"METRICS_PORT": "1", "METRICS_HOST": "nonsense !"}, Check.MONITORING, "health-port-refused"),
        (make_none, {"METRICS_PORT": "1", "METRICS_HOST": "192.0.2.1"}, Check.MONITORING, "health-port-refused"),
        (make_none, {"METRICS_PORT": "0"}, Check.SETTINGS, "setting-port"),
        (make_none, {"DISCORD_TOKEN": ""}, Check.TOKEN, "setting-token-missing"),
    ],
)
def test_doctor_says_what_a_start_would(
    environ: dict[str, str],
    tmp_path: Path,
    make: Callable[[Path], None],
    settings: dict[str, str],
    check: Check,
    text: str,
) -> None:
    make(tmp_path / "nintei.db")
    environ |= settings
    if environ.get("METRICS_PORT") == "1":
        environ["METRICS_PORT"] = str(free_port())
    before = {file.name: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    found = asyncio.run(diagnose(environ))[check]
    assert found.severity is CheckMark.ERROR
    assert found.message_id in {text, "doctor-folder-file"}
    assert {file.name: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before
    assert asyncio.run(refusal(environ)) == text
    assert not (tmp_path / ":memory:").exists()


@pytest.mark.parametrize("make", [make_backup_alone, make_notes_beside_an_empty_file])
def test_doctor_says_that_a_database_was_lost(
    environ: dict[str, str], tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "nintei.db")
    assert asyncio.run(diagnose(environ))[Check.DATABASE].message_id == "doctor-database-gone"


def test_a_start_beside_the_backups_of_a_lost_database_warns(environ: dict[str, str], tmp_path: Path) -> None:
    make_backup_alone(tmp_path / "nintei.db")
    with capture_logs() as logs:
        assert asyncio.run(refusal(environ)) == "discord-unreachable"
    assert "database_missing_beside_backups" in {each["event"] for each in logs}


def test_links_in_a_loop_are_a_sentence(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "nintei.db").symlink_to("nintei.db")
    assert asyncio.run(diagnose(environ))[Check.DATABASE].message_id == "storage-unopened"
    assert asyncio.run(refusal(environ)) == "storage-unopened"


@pytest.mark.slow
def test_a_port_that_another_program_has(environ: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        environ["METRICS_PORT"] = str(taken.getsockname()[1])
        assert asyncio.run(diagnose(environ))[Check.MONITORING].message_id == "health-port-refused"
        assert asyncio.run(refusal(environ)) == "health-port-refused"
    assert asyncio.run(diagnose(environ))[Check.MONITORING].message_id == "doctor-monitoring-free"


def test_a_half_moved_database_is_not_repaired(environ: dict[str, str], tmp_path: Path) -> None:
    make_unfinished(tmp_path / "nintei.db")
    asyncio.run(change_unfinished(tmp_path / "nintei.db"))
    found = asyncio.run(diagnose(environ, fix=True))
    assert found[Check.DATABASE].message_id == "storage-move-unfinished"
    assert Check.DERIVED not in found
    with sqlite3.connect(tmp_path / "nintei.db") as connection:
        assert connection.execute("SELECT count(*) FROM windows").fetchone() == (1,)
    connection.close()


async def change_unfinished(file: Path) -> None:
    """A window that no message explains: a repair would remove it."""
    async with closing(await connect(f"sqlite:///{file}")) as database, database.write() as transaction:
        await transaction.fetch("INSERT INTO members (member_id, joined_at) VALUES (1, 0)")
        await transaction.fetch(
            "INSERT INTO threads (thread_id, member_id, client_key, title_key, used_at) VALUES (1, 1, 'a', '', 0)"
        )
        await transaction.fetch("INSERT INTO windows VALUES (1, 1, 1, 1, 1, 0)")


def test_an_env_file_that_everybody_reads(environ: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("DISCORD_TOKEN=x.y.z\n")
    file.chmod(0o644)
    assert asyncio.run(diagnose(environ))[Check.SETTINGS].severity is CheckMark.WARNING
    file.chmod(0o600)
    assert asyncio.run(diagnose(environ))[Check.SETTINGS].severity is CheckMark.OK


@pytest.mark.postgres
async def test_a_server_database_that_belongs_to_another_role(environ: dict[str, str], server_url: str) -> None:
    """From PostgreSQL 15 on, only its owner may make tables in it."""
    administrator = await asyncpg.connect(server_url)
    name = f"role_{os.getpid()}"
    await administrator.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'x'; REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    try:
        environ["DATABASE_URL"] = server_url.replace("//postgres", f"//{name}")
        assert (await diagnose(environ))[Check.DATABASE].message_id == "storage-read-only"
        assert await refusal(environ) == "storage-read-only"
    finally:
        await administrator.execute(f"DROP ROLE {name}")
        await administrator.close()


SECRET = ["Ge", "Hei", "Mnis"]


@pytest.mark.parametrize("letter", others_slow([*"@/?#[]:% &+=,;\\\"'<>{}|^`~!$*()", "@@", "//", "#@", "ü"]))
@pytest.mark.parametrize("shape", ["postgresql://nintei:{}@db.example:5432/x", "postgres://nintei:{}@db.example/x?a=b"])
def test_no_piece_of_a_password_is_shown_however_it_is_written(
    shape: str,
    letter: str,
    environ: dict[str, str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = shape.format(letter.join(SECRET)).replace("db.example", "127.0.0.1").replace(":5432", ":1")
    said = []
    for show in (display_database_url, database_url_without_password, ensure_database_url_valid):
        try:
            said.append(str(show(url)))
        except NinteiError as error:
            said += [get_translations(locale).format_error(error) for locale in ("ja", "en")]
    for name, value in {**environ, "DATABASE_URL": url, "LANG": "C.UTF-8"}.items():
        monkeypatch.setenv(name, value)
    for argv in (["backup", "x.dump"], ["restore", "x.dump"], ["move-database", url, "sqlite:///new.db"]):
        assert main(argv) == 2
    said += capsys.readouterr()
    assert [piece for piece in SECRET if piece in "".join(said)] == []


def test_an_encoded_password_is_read_as_it_is() -> None:
    ensure_database_url_valid(
        f"postgresql://nintei:{quote('a@b/c?d#e[f', safe='')}@127.0.0.1:5432,other:5433/x?sslmode=require"
    )
    ensure_database_url_valid("postgresql:///x?host=/run/postgresql")
    ensure_database_url_valid("postgresql://nintei@[::1]:5432/x")


@pytest.mark.parametrize("port", ["0", "65536", "99999", "9" * 5000])
@pytest.mark.parametrize("shape", ["postgresql://u:p@127.0.0.1:{}/x", "postgresql://u:p@127.0.0.1/x?port={}"])
def test_a_port_that_does_not_exist_is_a_sentence(
    shape: str, port: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", shape.format(port))
    monkeypatch.setenv("DEFAULT_LOCALE", "en")
    assert main(["members"]) == 2
    assert shows(capsys.readouterr().err, "storage-port", "en", most="65,535")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:secret@h:5433/x?sslmode=require&password=secret", "postgresql://u@h:5433/x?sslmode=require"),
        ("postgresql:///x?host=/run/postgresql", "postgresql:///x?host=%2Frun%2Fpostgresql"),
        ("postgresql:///x", "postgresql:///x"),
        ("postgres://h", "postgres://h"),
    ],
)
def test_the_address_for_the_servers_own_tools_is_one(url: str, shown: str) -> None:
    assert database_url_without_password(url) == shown


@pytest.mark.slow  # processes, one of which waits for Discord
@pytest.mark.parametrize(
    "settings", [{"DISCORD_TOKEN": "x.y.z"}, {"DISCORD_TOKEN": "x", "METRICS_PORT": "zero"}, {"RECIEPT_WAIT": "1"}]
)
@pytest.mark.parametrize("argv", [["run"], []])
def test_the_last_sentence_of_a_json_log_is_json(
    environ: dict[str, str], settings: dict[str, str], argv: list[str]
) -> None:
    """Of a start that is refused: by Discord, by a setting, and by a misspelt name in `.env`."""
    if "RECIEPT_WAIT" in settings:
        Path(".env").write_text("RECIEPT_WAIT=1\n", encoding="utf-8")
    call = [sys.executable, "-X", "utf8", "-m", "bot", *argv]
    own = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
    environ |= {**settings, "LOG_FORMAT": "json", "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(call, env={**own, **environ}, capture_output=True, text=True, encoding="utf-8", check=False)
    assert ended.returncode, shlex.join(call)
    lines = [json.loads(line) for line in ended.stderr.splitlines()]
    assert lines[-1]["level"] == "error"
    assert lines[-1]["sentence"]
