"""Where the output goes and the input comes from: closed, full, read by nobody, of another encoding, a pipe, a device."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.cli.history_input import MAX_STREAM_BYTES
from bot.cli.main import main
from storage.admin.backup import create_backup
from storage.connect import open_database
from tests.helpers.closing import closing
from tests.helpers.histories import write_history
from tests.helpers.machine import HEED_SIGNALS, ROOT
from tests.helpers.wording import says, shows

pytestmark = pytest.mark.usefixtures("english_environment")

ROWS = "佐藤さん,received,2026-11-23T18:00,\n高橋商会,received,2026-11-23T19:00,\n"
AS_OF = ("--as-of", "2026-11-24T12:00")
SIDECARS = {"nintei.db-wal", "nintei.db-shm", ".nintei.db.lock"}
ENVIRON = {"PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "PATH": os.environ["PATH"]}
END_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def run_in_shell(call: str, folder: Path, **environ: str) -> subprocess.CompletedProcess[bytes]:
    """Run `nintei …` with a shell's redirections."""
    function = f'nintei() {{ "{sys.executable}" -m bot "$@"; }}\n'
    script = ["bash", "-c", function + call]
    return subprocess.run(script, cwd=folder, env=ENVIRON | environ, capture_output=True, check=False, timeout=60)


@pytest.mark.slow  # as all below that start a program
@pytest.mark.parametrize(
    ("call", "out", "status"),
    [
        ("nintei fee 5000 >&-", "", 0),
        ("PYTHONUNBUFFERED=1 nintei fee 5000 >&-", "", 0),
        ("(sleep 1; PYTHONUNBUFFERED=1 nintei fee 5000; echo $? >status) | true; cat status", "1\n", 0),
        ("(sleep 1; PYTHONUNBUFFERED=1 nintei --help; echo $? >status) | true; cat status", "1\n", 0),
        ("nintei fee 5000 <&- >&- 2>&-", "", 0),
        ("nintei fee x 2>&-", "", 2),
        ("nintei fee x >&- 2>&-", "", 2),
        ("nintei fee x 2>/dev/full", "", 2),
        ("(sleep 1; nintei fee x 2>&1 >/dev/null; echo $? >status) | true; cat status", "2\n", 0),
        ("(sleep 1; nintei fee 5000; echo $? >status) | true; cat status", "1\n", 0),
        ("(sleep 1; nintei --help; echo $? >status) | true; cat status", "1\n", 0),
        ("(sleep 1; nintei fee --help; echo $? >status) | true; cat status", "1\n", 0),
        ("(sleep 1; nintei --version; echo $? >status) | true; cat status", "1\n", 0),
    ],
)
def test_a_stream_that_is_closed_says_nothing_anywhere_else(call: str, out: str, status: int, tmp_path: Path) -> None:
    done = run_in_shell(call, tmp_path)
    assert (done.stdout.decode(), done.stderr.decode(), done.returncode) == (out, "", status)


@pytest.mark.slow
@pytest.mark.parametrize("call", ["--version", "--help", "fee --help", "fee 5000", "fee 5000 --json"])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_an_output_that_cannot_be_written_is_a_sentence_about_the_output(
    call: str, unbuffered: str, tmp_path: Path
) -> None:
    done = run_in_shell(f"nintei {call} >/dev/full", tmp_path, PYTHONUNBUFFERED=unbuffered)
    assert done.returncode == 2
    assert done.stderr.decode() == says("cli-output-refused", "en", reason="No space left on device") + "\n"


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "euc-jp", "cp932", "latin-1", "utf-8"])
def test_json_is_the_same_in_every_encoding(encoding: str, tmp_path: Path) -> None:
    write_history(tmp_path, ROWS)
    call = f"nintei standing history.csv {' '.join(AS_OF)} --json"
    done = run_in_shell(call, tmp_path, PYTHONIOENCODING=encoding)
    waiting = json.loads(done.stdout.decode("utf-8"))["waiting"]
    assert [thread["thread"] for thread in waiting] == ["佐藤さん", "高橋商会"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("encoding", "marks"), [("ascii", ["ok", "X "]), ("euc-jp", ["ok", "X "]), ("utf-8", ["✅", "❌"])]
)
def test_the_marks_of_doctor_are_told_apart_in_every_encoding(encoding: str, marks: list[str], tmp_path: Path) -> None:
    done = run_in_shell("nintei doctor", tmp_path, PYTHONIOENCODING=encoding, DISCORD_API_URL="http://127.0.0.1:1")
    assert [
        line[: len(mark)] for line, mark in zip(done.stdout.decode(encoding).splitlines(), marks, strict=False)
    ] == marks


@pytest.mark.slow
@pytest.mark.parametrize(
    "call",
    [
        "cat history.csv | nintei standing /dev/stdin",
        "nintei standing <(cat history.csv)",
        "mkfifo pipe; cat history.csv > pipe & nintei standing pipe",
        "nintei standing history.csv --jobs <(echo date,method,category,reward,outcome,evaluation)",
    ],
)
def test_a_pipe_is_read_like_a_file(call: str, tmp_path: Path) -> None:
    write_history(tmp_path, ROWS, encoding="cp932")
    done = run_in_shell(f"{call} {' '.join(AS_OF)} --json", tmp_path)
    assert done.stderr == b""
    assert [thread["thread"] for thread in json.loads(done.stdout)["waiting"]] == ["佐藤さん", "高橋商会"]


def test_a_text_that_the_terminals_encoding_cannot_read_is_not_announced(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["announce", "日本\udce9"]) == 2
    assert shows(capsys.readouterr().err, "announce-encoding", locale="en")


def test_a_device_that_never_ends_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["standing", "/dev/zero", *AS_OF]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert shows(err, "cli-stream-long", locale="en", most=MAX_STREAM_BYTES // 1_000_000)


def test_no_terminal_obeys_what_a_file_holds(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    name = "A\x1b]0;title\x07\x1b[31m\u202eB\x9b5n\x7f"
    path = write_history(tmp_path, f'{name},received,2026-11-20T10:00,\n{name},sent,2026-11-22T10:00,\n"{name}\nC",received,2026-11-20T10:00,\n')  # fmt: skip
    main(["standing", str(path), *AS_OF])
    main(["forecast", str(path), *AS_OF])
    main(["check", str(path), *AS_OF, "--thread", name])
    main(["fee", name])
    main(["standing", str(write_history(tmp_path, f"A,{name},2026-11-20T10:00,\n"))])
    out, err = capsys.readouterr()
    assert out.count("\ufffd") > 10
    assert all(character not in out + err for character in "\x1b\x07\u202e\x9b\x7f")


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (["fee", "50000", "--on", ""], "--on"),
        (["fee", "50000", "--edition="], "--edition"),
        (["fee", "--take-home", " "], "--take-home"),
        (["standing", ""], "HISTORY.csv"),
        (["standing", "HISTORY.csv", "--jobs", ""], "--jobs"),
        (["standing", "HISTORY.csv", "--timezone", ""], "--timezone"),
        (["standing", "HISTORY.csv", "--category", ""], "--category"),
        (["standing", "HISTORY.csv", "--profile", ""], "--profile"),
        (["forecast", "HISTORY.csv", "--as-of", ""], "--as-of"),
        (["check", "HISTORY.csv", "--thread", ""], "--thread"),
        (["backup", ""], "FILE"),
        (["restore", ""], "FILE"),
        (["move-database", "", "sqlite:///x"], "FROM"),
        (["move-database", "sqlite:///x", ""], "TO"),
    ],
)
def test_a_variable_that_is_not_set_is_noticed(call: list[str], name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(call) == 2
    assert shows(capsys.readouterr().err, "cli-empty", locale="en", name=name)


@pytest.mark.slow
@pytest.mark.parametrize("milliseconds", [60, 120, 200, 300, 450, 600, 900])
@pytest.mark.parametrize("call", ["-m bot fee 5000", "-m bot doctor"])
def test_an_interrupt_at_any_moment_is_no_traceback(milliseconds: int, call: str, tmp_path: Path) -> None:
    environ = ENVIRON | {"DISCORD_API_URL": "http://127.0.0.1:9/api/v10"}
    process = subprocess.Popen(
        [sys.executable, *call.split()], cwd=tmp_path, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        process.wait(milliseconds / 1000)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
    errors = process.communicate(timeout=60)[1]
    # Before `main` has set its handler Python itself answers an interrupt.
    assert process.returncode in {0, 1, 130} or b", in main\n" not in errors, errors


@pytest.mark.slow
@pytest.mark.parametrize("number", END_SIGNALS)
@pytest.mark.parametrize("call", ["backup copy.db", "restore whole.db"])
def test_a_command_that_is_ended_leaves_no_half_written_file(
    call: str, number: signal.Signals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hidden copy would hold members' data that nobody knows of."""
    monkeypatch.chdir(tmp_path)
    database = tmp_path / "data" / "nintei.db"
    asyncio.run(make_large(f"sqlite:///{database}"))
    create_backup(database, tmp_path / "whole.db")
    before = [{path.name for path in folder.iterdir()} for folder in (tmp_path, database.parent)]
    command = [sys.executable, "-c", HEED_SIGNALS, "-m", "bot", *call.split()]
    with subprocess.Popen(command, cwd=tmp_path, env=ENVIRON) as process:
        while process.poll() is None and not list(tmp_path.rglob("*.part")):
            time.sleep(0.001)
        process.send_signal(number)
    assert process.returncode == 128 + number
    folders = (tmp_path, database.parent)
    assert [{path.name for path in folder.iterdir()} - SIDECARS for folder in folders] == before


async def make_large(url: str) -> None:
    """So large that its copy takes a moment."""
    async with closing(await open_database(url)) as database, database.write() as transaction:
        await transaction.fetch("INSERT INTO members (member_id, joined_at) VALUES (1, 0)")
        await transaction.execute_many(
            "INSERT INTO goals (member_id, category, line, set_on) VALUES (1, $1, 1, '2026-11-24')",
            [(f"{number} {'x' * 200}",) for number in range(100_000)],
        )
