"""`backup` and `restore`: whole or not at all, never over something, and what is replaced is kept."""

import asyncio
import os
import shutil
import sqlite3
import stat
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.domain.types import MemberId
from bot.errors import StorageError
from storage.admin.backup import BackupCancelledError, CancelCheck, create_backup, restore_backup
from storage.connect import open_database
from tests.helpers.erasure_notes import append_note
from tests.helpers.servers import make_migrated_file
from tests.helpers.wording import shows

NOW = datetime.now(UTC)
MEMBER = "INSERT INTO members (member_id, joined_at) VALUES ($1, 0)"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """English, and nothing set but the database."""
    monkeypatch.chdir(tmp_path)
    for name in ("DEFAULT_LOCALE", "LC_ALL", "LC_MESSAGES", "BACKUP_DAYS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/data/nintei.db")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """With members 1, 2 and 3."""
    file = tmp_path / "data" / "nintei.db"
    file.parent.mkdir()
    asyncio.run(make_migrated_file(file))
    asyncio.run(add(file, 1, 2, 3))
    return file


async def add(path: Path, *members: int) -> None:
    opened = await open_database(f"sqlite:///{path}")
    try:
        async with opened.write() as transaction:
            await transaction.execute_many(MEMBER, [(each,) for each in members])
    finally:
        await opened.close()


def members_in(path: Path) -> list[int]:
    with sqlite3.connect(path) as connection:
        found = [row[0] for row in connection.execute("SELECT member_id FROM members ORDER BY 1")]
    connection.close()
    return found


def files(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def refused(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    assert main(argv) == 2
    out, err = capsys.readouterr()
    assert out == ""
    [line] = err.splitlines()
    return str(line)


def test_a_backup_holds_everything_and_only_its_owner_reads_it(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "new folder" / "髙橋 #1?.db"
    assert main(["backup", str(to)]) == 0
    out = capsys.readouterr().out
    assert shows(out, "backup-holds", locale="en", members=3)
    assert "MB" in out
    assert members_in(to) == members_in(database) == [1, 2, 3]
    assert [stat.S_IMODE(each.stat().st_mode) for each in (to, to.parent)] == [0o600, 0o700]
    assert files(to.parent) == [to.name]  # one file: no log beside it
    assert to.read_bytes()[18:20] == b"\x01\x01"  # readable where nothing can be written


def test_a_backup_never_overwrites(database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    to = tmp_path / "kept.db"
    to.write_text("something else")
    assert shows(refused(capsys, "backup", str(to)), "backup-exists", locale="en")
    assert shows(refused(capsys, "backup", str(database)), "backup-exists", locale="en")
    assert shows(refused(capsys, "backup", str(tmp_path)), "backup-exists", locale="en")
    (tmp_path / "link.db").symlink_to(tmp_path / "disk that is not there" / "copy.db")
    assert shows(refused(capsys, "backup", str(tmp_path / "link.db")), "backup-exists", locale="en")
    assert (tmp_path / "link.db").is_symlink()
    assert to.read_text() == "something else"
    assert files(tmp_path) == ["data", "kept.db", "link.db"]


def test_what_cannot_be_backed_up_is_a_sentence_and_leaves_nothing(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shows(refused(capsys, "backup", str(database / "below a file.db")), "backup-unwritable", locale="en")
    with database.open("r+b") as file:  # a page in the middle
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 4)
    assert shows(refused(capsys, "backup", str(tmp_path / "new.db")), "backup-damaged", locale="en")
    database.write_bytes(b"not a database, for sure" * 100)
    assert shows(refused(capsys, "backup", str(tmp_path / "new.db")), "backup-damaged", locale="en")
    database.unlink()
    sqlite3.connect(database).execute("CREATE TABLE other (x)").connection.close()
    assert shows(refused(capsys, "backup", str(tmp_path / "new.db")), "backup-not-ours", locale="en")
    database.unlink()
    assert shows(refused(capsys, "backup", str(tmp_path / "new.db")), "backup-missing", locale="en")
    assert not database.exists()
    monkeypatch.setenv("DATABASE_URL", "postgresql://nintei:s%2Fecret@127.0.0.1:5433/nintei?password=s%2Fecret")
    sentence = refused(capsys, "backup", str(tmp_path / "new copy.db"))
    assert (
        f"pg_dump --format=custom '--file={tmp_path}/new copy.db' postgresql://nintei@127.0.0.1:5433/nintei" in sentence
    )
    assert "ecret" not in sentence + refused(capsys, "restore", "old.dump")
    assert files(tmp_path) == ["data"]


def test_writers_go_on_meanwhile_and_the_copy_is_of_one_moment(database: Path, tmp_path: Path) -> None:
    """Two rows are always written in one transaction; between every page of the copy, another pair."""
    writer = sqlite3.connect(database, isolation_level=None, check_same_thread=False, timeout=0)
    pairs = iter(range(1_000, 1_000_000, 2))

    def write_a_pair() -> bool:
        first = next(pairs)
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO members (member_id, joined_at) VALUES (?, 0), (?, 0)", (first, first + 1))
        writer.execute("COMMIT")
        return False

    write_a_pair()
    copied = create_backup(database, tmp_path / "copy.db", CancelCheck(write_a_pair, pages_per_step=1))
    writer.close()
    assert members_in(tmp_path / "copy.db") == [1, 2, 3, 1_000, 1_001]
    assert copied.members == 5
    assert len(members_in(database)) > 20


@pytest.mark.parametrize("looks", [3, 60])
def test_a_copy_that_is_given_up_leaves_nothing(database: Path, tmp_path: Path, looks: int) -> None:
    """While copying, and while checking."""
    left = iter(range(looks))
    check = CancelCheck(lambda: next(left, None) is None, pages_per_step=2, instructions_per_step=10)
    with pytest.raises(BackupCancelledError):
        create_backup(database, tmp_path / "copy.db", check)
    assert files(tmp_path) == ["data"]


def test_restoring_keeps_what_it_replaces_and_the_erased_stay_erased(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy.db"
    assert main(["backup", str(copy)]) == 0
    asyncio.run(add(database, 4))
    database.chmod(0o640)
    append_note(database.with_name("nintei.db.erasures"), MemberId(2), NOW)
    capsys.readouterr()
    assert main(["restore", str(copy)]) == 0
    out = capsys.readouterr().out
    [kept] = database.parent.glob("*.before-restore-*")
    assert str(kept) in out
    assert members_in(kept) == [1, 2, 3, 4]
    assert stat.S_IMODE(database.stat().st_mode) == 0o640
    assert files(database.parent) == ["nintei.db", kept.name, "nintei.db.erasures"]
    asyncio.run(add(database, 5))
    assert members_in(database) == [1, 3, 5]
    assert members_in(copy) == [1, 2, 3]


def test_where_there_was_none_it_is_simply_put(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy.db"
    assert main(["backup", str(copy)]) == 0
    shutil.rmtree(database.parent)
    capsys.readouterr()
    assert main(["restore", str(copy)]) == 0
    assert "kept" not in capsys.readouterr().out
    assert members_in(database) == [1, 2, 3]
    assert [stat.S_IMODE(each.stat().st_mode) for each in (database, database.parent)] == [0o600, 0o700]


def test_an_idle_bot_is_enough_to_refuse(database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "copy.db"
    assert main(["backup", str(copy)]) == 0
    asyncio.run(add(database, 4))
    capsys.readouterr()

    async def while_open() -> str:
        opened = await open_database(f"sqlite:///{database}")
        try:
            return await asyncio.to_thread(refused, capsys, "restore", str(copy))
        finally:
            await opened.close()

    assert shows(asyncio.run(while_open()), "restore-running", locale="en")
    assert members_in(database) == [1, 2, 3, 4]
    assert files(database.parent) == ["nintei.db"]
    assert main(["restore", str(copy)]) == 0


def newer(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO migrations VALUES (9000)")
    connection.close()


def hanging(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("INSERT INTO goals VALUES (77, 'c', 1, NULL, '2026-11-24')")
    connection.close()


@pytest.mark.parametrize(
    ("spoil", "text_id"),
    [
        (newer, "restore-newer"),
        (hanging, "backup-damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]), "backup-damaged"),
        (lambda path: path.write_bytes(b""), "backup-not-ours"),
        (lambda path: path.write_bytes(os.urandom(100_000)), "backup-damaged"),
        (lambda path: path.write_text("thread,direction,sent_at\n" * 9), "backup-damaged"),
        (lambda path: sqlite3.connect(path).executescript("DROP TABLE messages").connection.close(), "backup-not-ours"),
        (Path.unlink, "restore-missing"),
        (lambda path: (path.unlink(), path.mkdir()), "restore-missing"),
    ],
)
def test_a_copy_that_is_no_good_changes_nothing(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: Callable[[Path], object], text_id: str
) -> None:
    copy = tmp_path / "copy.db"
    create_backup(database, copy)
    spoil(copy)
    assert shows(refused(capsys, "restore", str(copy)), text_id, locale="en")
    assert members_in(database) == [1, 2, 3]
    assert files(database.parent) == ["nintei.db"]


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_what_is_no_file_is_replaced_by_no_backup(
    make: Callable[[Path], object],
    database: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Such as `/dev/null`, which root could rename."""
    make(other := tmp_path / "other")
    kind = stat.S_IFMT(other.stat().st_mode)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{other}")
    assert shows(refused(capsys, "restore", str(database)), "storage-unopened", locale="en")
    assert stat.S_IFMT(other.stat().st_mode) == kind
    assert files(tmp_path) == ["data", "other"]


def test_the_database_itself_is_no_backup_of_itself(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shows(refused(capsys, "restore", str(database)), "restore-same", locale="en")
    (tmp_path / "link.db").symlink_to(database)
    assert shows(refused(capsys, "restore", str(tmp_path / "link.db")), "restore-same", locale="en")


def test_a_damaged_database_is_what_a_backup_is_for(database: Path, tmp_path: Path) -> None:
    """Its log is kept with it, and is not taken for that of the copy."""
    create_backup(database, copy := tmp_path / "copy.db")
    database.write_bytes(b"lightning struck" * 500)
    log = database.with_name("nintei.db-wal")
    log.write_bytes(b"and here, too")
    _, kept = restore_backup(copy, database, now=NOW)
    assert kept is not None
    assert kept.read_bytes().startswith(b"lightning")
    assert kept.with_name(f"{kept.name}-wal").read_bytes() == b"and here, too"
    assert members_in(database) == [1, 2, 3]
    assert not log.exists()


def test_a_plain_copy_of_all_files_of_a_dead_bot_can_be_restored(database: Path, tmp_path: Path) -> None:
    bot = sqlite3.connect(database, isolation_level=None)
    bot.execute("PRAGMA journal_mode = WAL")
    bot.execute("INSERT INTO members (member_id, joined_at) VALUES (9, 0)")
    for each in (database, database.with_name("nintei.db-wal")):
        shutil.copy(each, tmp_path / each.name)
    bot.close()
    before = (tmp_path / "nintei.db").read_bytes()
    restore_backup(tmp_path / "nintei.db", database, now=NOW)
    assert members_in(database) == [1, 2, 3, 9]
    assert (tmp_path / "nintei.db").read_bytes() == before


@pytest.mark.parametrize("name", ["caf\udce9.db", "写し 1.db", "50%20?#&.db"])
def test_a_name_may_have_any_bytes(
    name: str, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backup", name]) == 0
    database.rename(tmp_path / "data" / name)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/data/{name}")
    assert main(["backup", "second.db"]) == 0
    assert main(["restore", name]) == 0
    assert main(["move-database", f"sqlite:///{name}", f"sqlite:///moved-{name}"]) == 0
    assert capsys.readouterr().err == ""
    assert members_in(tmp_path / "data" / name) == members_in(tmp_path / f"moved-{name}") == [1, 2, 3]


def test_a_path_may_begin_with_two_slashes(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:////{database}")
    assert main(["backup", f"/{tmp_path}/copy.db"]) == 0
    assert main(["restore", f"/{tmp_path}/copy.db"]) == 0
    assert capsys.readouterr().err == ""
    assert members_in(tmp_path / "copy.db") == [1, 2, 3]


def test_the_notes_of_erasures_stay_beside_a_link_to_the_database(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There the bot looks for them."""
    (tmp_path / "link.db").symlink_to(database)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/link.db")
    create_backup(database, tmp_path / "copy.db")
    with sqlite3.connect(database) as connection:
        connection.execute("INSERT INTO erasures (member_id, erased_at, handled_id, noted) VALUES (1, 1, 5, 0)")
    connection.close()
    assert main(["restore", "copy.db"]) == 0
    assert (tmp_path / "link.db.erasures").read_text() == "1 1 5\n"
    assert not (tmp_path / "data" / "nintei.db.erasures").exists()


def test_a_link_to_the_database_stays_one(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "link.db").symlink_to(database)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/link.db")
    assert main(["backup", str(tmp_path / "copy.db")]) == 0
    asyncio.run(add(database, 4))
    assert main(["restore", str(tmp_path / "copy.db")]) == 0
    assert capsys.readouterr().err == ""
    assert (tmp_path / "link.db").is_symlink()
    assert members_in(database) == [1, 2, 3]


def test_where_a_file_has_but_one_name_it_is_renamed(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: Path, _target: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    create_backup(database, copy := tmp_path / "copy.db")
    _, kept = restore_backup(copy, database, now=NOW)
    assert kept is not None
    assert members_in(kept) == members_in(database) == [1, 2, 3]


def test_two_in_one_second_keep_both(database: Path, tmp_path: Path) -> None:
    create_backup(database, copy := tmp_path / "copy.db")
    restore_backup(copy, database, now=NOW)
    with pytest.raises(StorageError) as told:
        restore_backup(copy, database, now=NOW)
    assert told.value.message_id == "backup-exists"
    restore_backup(copy, database, now=NOW + timedelta(seconds=1))
    assert members_in(database) == [1, 2, 3]
    assert len(list(database.parent.glob("*.before-restore-*"))) == 2


def test_an_old_backup_says_who_may_be_in_it(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute(
            "INSERT INTO threads (thread_id, member_id, client, title, client_key, title_key, unsorted, used_at)"
            " VALUES (1, 1, 'A', NULL, 'a', '', 0, 0)"
        )
        connection.execute(
            "INSERT INTO messages VALUES (1, 1, 1, 'received', 'message', 0, 'second', 'written', 'k', 0, 0)"
        )
    connection.close()
    create_backup(database, copy := tmp_path / "copy.db")
    assert main(["restore", str(copy)]) == 0
    assert shows(capsys.readouterr().out, "restore-old", locale="en", days=30)


def test_two_backups_at_once_are_two_files(database: Path, tmp_path: Path) -> None:
    threads = [threading.Thread(target=create_backup, args=(database, tmp_path / f"{name}.db")) for name in "ab"]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert members_in(tmp_path / "a.db") == members_in(tmp_path / "b.db") == [1, 2, 3]
