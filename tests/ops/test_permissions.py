"""Files and folders that may not be written, read or searched: no start, and a sentence from every command."""

import asyncio
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.app import run_bot
from bot.cli.main import main
from bot.clock import SystemClock
from bot.errors import NinteiError, StorageError
from bot.i18n.translations import get_translations
from bot.ops.checks.result import Check, CheckMark
from bot.ops.doctor import run_doctor_checks
from bot.settings import read_settings
from tests.helpers.servers import make_migrated_file
from tests.helpers.unprivileged import permissions_hold

pytestmark = pytest.mark.usefixtures("english_environment")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The present folder, with a database in `data`; permissions hold for this process."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    asyncio.run(make_migrated_file(tmp_path / "data" / "nintei.db"))
    for name in ("DATABASE_URL", "DISCORD_TOKEN", "BACKUP_KEEP"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISCORD_API_URL", "http://127.0.0.1:1/api/v10")
    with permissions_hold(tmp_path):
        yield tmp_path


def refused_start() -> NinteiError:
    async def start() -> None:
        settings = read_settings({"DISCORD_TOKEN": "x.y.z", "DISCORD_API_URL": "http://127.0.0.1:1/api/v10"})
        async with run_bot(settings, SystemClock()):
            pass

    with pytest.raises(NinteiError) as raised:
        asyncio.run(start())
    return raised.value


async def diagnose() -> dict[Check, CheckMark]:
    environ = {"DISCORD_API_URL": os.environ["DISCORD_API_URL"]}
    return {each.check: each.severity async for each in run_doctor_checks(environ, SystemClock())}


def file_read_only(data: Path) -> None:
    (data / "nintei.db").chmod(0o400)


def all_read_only(data: Path) -> None:
    (data / "nintei.db").chmod(0o400)
    data.chmod(0o500)


def file_unreadable(data: Path) -> None:
    (data / "nintei.db").chmod(0o000)


def folder_not_searchable(data: Path) -> None:
    data.chmod(0o600)


def folder_closed(data: Path) -> None:
    data.chmod(0o000)


CLOSINGS = [file_read_only, all_read_only, file_unreadable, folder_not_searchable, folder_closed]


@pytest.mark.parametrize("close", CLOSINGS)
def test_no_start_on_what_cannot_be_written(folder: Path, close: Callable[[Path], None]) -> None:
    close(folder / "data")
    error = refused_start()
    assert isinstance(error, StorageError)  # not that Discord cannot be reached: that comes later
    assert error.message_id in {"storage-read-only", "storage-unopened"}


@pytest.mark.parametrize("close", CLOSINGS)
def test_doctor_says_so_before_the_start_does(folder: Path, close: Callable[[Path], None]) -> None:
    close(folder / "data")
    found = asyncio.run(diagnose())
    assert found[Check.DATABASE] is CheckMark.ERROR
    assert list(found) == [check for check in Check if check in found]


@pytest.mark.parametrize("close", [folder_not_searchable, folder_closed])
@pytest.mark.parametrize(
    "argv",
    [
        ["doctor"],
        ["doctor", "--json"],
        ["backup", "copy.db"],
        ["backup", "data/copy.db"],
        ["restore", "data/copy.db"],
        ["move-database", "sqlite:///data/nintei.db", "sqlite:///new.db"],
        ["move-database", "sqlite:///nintei.db", "sqlite:///data/new.db"],
        ["standing", "data/history.csv"],
    ],
)
def test_a_path_that_may_not_be_looked_at_is_a_sentence(
    folder: Path, close: Callable[[Path], None], argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(make_migrated_file(folder / "nintei.db"))
    close(folder / "data")
    assert main(argv) == (1 if argv[0] == "doctor" else 2)
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    internal, *_ = get_translations("en")("cli-internal-error", error_type="", place="").partition("(")
    assert internal not in err
    if argv[0] != "doctor":
        [line] = err.splitlines()
        assert "data" in line


def test_a_backup_folder_that_may_not_be_searched(folder: Path) -> None:
    (folder / "data" / "backups").mkdir()
    (folder / "data" / "backups").chmod(0o000)
    assert asyncio.run(diagnose())[Check.BACKUPS] is CheckMark.ERROR
    (folder / "data" / "backups").chmod(0o700)


@pytest.mark.parametrize("was_killed", [False, True])
def test_what_cannot_be_written_can_be_backed_up(folder: Path, was_killed: bool) -> None:  # noqa: FBT001
    """Such as on a disk that was remounted read-only after a fault, with or without the log of a bot that was killed."""
    file = folder / "data" / "nintei.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("INSERT INTO members (member_id, joined_at) VALUES (7, 0)")
        connection.commit()
        if was_killed:
            left = {path.name: path.read_bytes() for path in file.parent.iterdir()}
    if was_killed:
        for name, content in left.items():
            (file.parent / name).write_bytes(content)
            (file.parent / name).chmod(0o400)
    all_read_only(file.parent)
    assert main(["backup", "copy.db"]) == 0
    with closing(sqlite3.connect(folder / "copy.db")) as copy:
        assert copy.execute("SELECT member_id FROM members").fetchall() == [(7,)]
