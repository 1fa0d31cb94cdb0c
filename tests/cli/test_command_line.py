"""The command line's contract: shapes, errors, histories in every form."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import backup
from bot.cli.main import main
from bot.cli.run import EXIT_TEMPORARY
from bot.cli.terminal import OPERATOR_TEXTS
from bot.domain.types import Locale
from bot.errors import StorageError
from tests.helpers.amounts import others_slow
from tests.helpers.histories import HEADER, write_history
from tests.helpers.machine import ROOT
from tests.helpers.wording import says, shows

pytestmark = pytest.mark.usefixtures("english_environment")

COMMANDS = [
    "run", "rehearse", "standing", "forecast", "check", "fee", "doctor", "backup", "restore", "move-database",
]  # fmt: skip


def judged(capsys: pytest.CaptureFixture[str], path: Path, *options: str) -> dict:  # type: ignore[type-arg]
    assert main(["standing", str(path), "--as-of", "2026-11-24T12:00:00+09:00", "--json", *options]) == 0
    return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]


@pytest.mark.parametrize("locale", ["ja", "en"])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_help(
    command: str, locale: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEFAULT_LOCALE", locale)
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"python -m bot {command}" in capsys.readouterr().out


def test_the_shape_of_standing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = (
        "A,received,2026-11-20T10:00,\nA,sent,2026-11-20T12:00,message\n"
        "B,received,2026-11-20T10:00,\nB,received,2026-11-21T09:00,\nB,sent,2026-11-21T12:00,\n"
        "C,received,2026-11-23T11:59:59+09:00,\nD,received,2026-11-24T12:00:00,\nD,sent,2026-11-24T12:00:01,\n"
        "E,received,2025-11-24T11:00,\nE,sent,2025-11-24T12:00:00,\nF,received,2025-11-24T10:00,\nF,sent,2025-11-24T11:59:59,\n"
        "G,received,2026-11-01T10:00,\nG,sent,2026-11-02T09:00,new_thread\n"
    )
    found = judged(capsys, write_history(tmp_path, rows))
    assert found["edition"] == "2016"
    assert found["as_of"] == "2026-11-24T03:00:00+00:00"
    assert found["verdict"] == "unknown"
    assert found["reply_rate"] == {
        "replies": 3, "on_time": 2, "late": 1, "ambiguous": 1, "percent": 66.6, "status": "not_judged", "slack": 0,
        "needed": 2, "newest_reading": {"replies": 3, "on_time": 3}, "basis": "recorded", "estimated": None, "worst": 66.6,
        "best": 66.6,
    }  # fmt: skip
    assert [(each["thread"], each["overdue"]) for each in found["waiting"]] == [("C", True), ("D", False)]
    assert [each["thread"] for each in found["exchanges"]] == ["E", "A", "B"]
    assert found["exchanges"][2] == {
        "thread": "B", "asked_at": "2026-11-20T01:00:00+00:00", "newest_asked_at": "2026-11-21T00:00:00+00:00",
        "replied_at": "2026-11-21T03:00:00+00:00", "on_time": False,
    }  # fmt: skip
    assert [each["id"] for each in found["criteria"]] == [
        "reply_rate",
        "completion_rate",
        "earnings",
        "evaluation",
        "profile",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_encodings_newlines_quotes_and_blank_lines(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, encoding: str, newline: str
) -> None:
    rows = '\n"髙橋,商会""A""",sent,2026-11-20T12:00,\n\n"髙橋,商会""A""",received,2026-11-20T10:00,\n ,,,\n'
    found = judged(
        capsys, write_history(tmp_path, rows.replace("\n", newline), encoding=encoding, header=HEADER.strip() + newline)
    )
    assert found["exchanges"][0]["thread"] == '髙橋,商会"A"'


def test_every_bad_row_is_named_by_the_line_it_starts_on(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = (
        "A,received,2026-11-20T10:00,\n"  # 2
        "A,asked,2026-11-20T10:00,\n"  # 3
        '"B\nB",received,2026-11-20,\n'  # 4 and 5
        ",sent,2026-11-20T10:00,\n"  # 6
        "A,sent,2026-11-20T10:00,later\n"  # 7
        "A,sent,2026-11-20T10:00\n"  # 8
        "A,sent,2026-13-20T10:00,\n"  # 9
        "A,received,2026-11-20T11:00,later\n"
    )
    assert main(["standing", str(write_history(tmp_path, rows))]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.split(":")[0] for line in err.splitlines()] == [f"line {number}" for number in (3, 4, 6, 7, 8, 9)]


@pytest.mark.parametrize("offset", ["Z", "z", "+00", "+0000", "+00:00", "-00"])
def test_every_form_of_an_offset(capsys: pytest.CaptureFixture[str], tmp_path: Path, offset: str) -> None:
    found = judged(capsys, write_history(tmp_path, f"A,received,2026-11-20 10:00{offset},\n"))
    assert found["waiting"][0]["waiting_since"] == "2026-11-20T10:00:00+00:00"


def test_a_skipped_local_time_is_bad_and_a_repeated_one_makes_no_reply_earlier(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = write_history(tmp_path, "A,received,2026-11-01T01:30,\n")
    found = judged(capsys, path, "--timezone", "America/New_York")
    assert found["waiting"][0]["waiting_since"] == "2026-11-01T05:30:00+00:00"
    path = write_history(tmp_path, "A,received,2026-11-01T01:50,\nA,sent,2026-11-01T01:10,\n")
    found = judged(capsys, path, "--timezone", "America/New_York")
    assert found["exchanges"][0]["asked_at"] == "2026-11-01T05:50:00+00:00"
    assert found["exchanges"][0]["replied_at"] == "2026-11-01T06:10:00+00:00"
    assert (
        main(
            [
                "standing",
                str(write_history(tmp_path, "A,received,2026-03-08T02:30,\n")),
                "--timezone",
                "America/New_York",
            ]
        )
        == 2
    )


@pytest.mark.parametrize(
    "argv",
    [
        ["standing"], ["standing", "missing.csv"], ["standing", "."], ["nonsense"], ["fee"], ["fee", "5", "--take-home", "5"],
        ["fee", "5,0000"], ["fee", "5", "--tax", "maybe"], ["fee", "5", "--edition", "1999"], ["fee", "5", "--on", "2026-13-01"],
        ["fee", "-5"], ["fee", "5", "--nonsense"], ["fee", "--hours", "20"], ["fee", "--hourly-rate", "3000"],
        ["fee", "5", "--hours", "20", "--hourly-rate", "3000"], ["fee", "5", "--count", "0"], ["fee", "税込5万円（税抜）"],
        ["fee", "--hours", "x", "--hourly-rate", "3000"],
        ["--versio"], ["doctor", "--f"], ["announce", "x", "--n"], ["fee", "5", "--ta", "excluded"],
    ],
)  # fmt: skip
def test_every_error_is_one_sentence_on_stderr(capsys: pytest.CaptureFixture[str], argv: list[str]) -> None:
    assert main(argv) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert "usage:" not in err


@pytest.mark.parametrize("locale", ["ja", "en"])
@pytest.mark.parametrize("message_id", sorted(OPERATOR_TEXTS))
def test_no_operator_is_sent_to_the_operator(
    message_id: str, locale: Locale, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise StorageError(message_id, reason="reason")

    monkeypatch.setenv("DEFAULT_LOCALE", locale)
    monkeypatch.setattr(backup, "run", fail)
    assert main(["backup", "copy.db"]) == 2
    told = capsys.readouterr().err
    assert shows(told, OPERATOR_TEXTS[message_id], locale)
    assert "operator" not in told


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_an_unknown_time_zone_is_not_said_to_change_a_members_settings(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, locale: str
) -> None:
    monkeypatch.setenv("DEFAULT_LOCALE", locale)
    assert main(["standing", str(write_history(tmp_path, "")), "--timezone", "Mars"]) == 2
    error = capsys.readouterr().err
    assert shows(error, "cli-timezone", locale=locale, written="Mars")
    assert "Asia/Tokyo" in error
    assert not shows(error, "preference-zone-unknown", locale=locale)


@pytest.mark.parametrize(
    ("name", "value"),
    [("DEFAULT_EDITION", "1999"), ("DEFAULT_TIMEZONE", "Mars"), ("DEFAULT_LEAD_TIMES", "x")],
)
def test_a_wrong_setting_is_a_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert main(["standing", str(write_history(tmp_path, ""))]) == 2
    assert value in capsys.readouterr().err


def test_the_shape_of_fee(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fee", "75000", "--tax", "excluded", "--on", "2026-11-23", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["client_pays"] == 87037
    assert set(found) == {
        "contract_excluding_tax", "consumption_tax", "contract_total", "client_fee", "client_fee_tax", "compensation",
        "client_pays", "system_fee", "nomination_fee", "withholding", "take_home", "notes", "lines",
    }  # fmt: skip
    assert all(set(line) == {"id", "amount", "rule", "confidence", "source", "parts"} for line in found["lines"])
    assert main(["fee", "--take-home", "50000", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"target", "exact", "nearest_below", "nearest_above"} < set(found)


@pytest.mark.parametrize(
    "options", [(), ("--method", "hourly", "--tax", "excluded"), ("--count", "3", "--withholding")]
)
def test_hours_and_their_rate_are_the_amount(capsys: pytest.CaptureFixture[str], options: tuple[str, ...]) -> None:
    assert main(["fee", "--hours", "12.5", "--hourly-rate", "3,000", *options, "--json"]) == 0
    by_hours = json.loads(capsys.readouterr().out)
    assert main(["fee", "37500", *options, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == by_hours


def test_hours_without_their_method_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fee", "--hours", "20", "--hourly-rate", "3000"]) == 0
    assert shows(capsys.readouterr().out, "cli-fee-hourly", locale="en")
    assert main(["fee", "--hours", "20", "--hourly-rate", "3000", "--method", "hourly"]) == 0
    assert not shows(capsys.readouterr().out, "cli-fee-hourly", locale="en")


@pytest.mark.parametrize(
    ("options", "within"),
    [
        (("100000",), {"contract": 94_788, "client_pays": 100_000}),
        (("100000", "--tax", "excluded"), {"contract": 86_171, "client_pays": 100_000}),
        (("100001", "--count", "3"), {"contract": 31_597, "client_pays": 99_999}),
        (("115500", "--method", "hourly", "--tax", "excluded"), {"contract": 100_000, "client_pays": 115_500}),
        (("100000", "--hours", "20", "--method", "hourly"), {"contract": 95_220, "client_pays": 99_980, "hourly_rate": 4_761}),
        (("2", "--count", "3"), None),
    ],
)  # fmt: skip
def test_a_budget_is_not_passed(
    capsys: pytest.CaptureFixture[str], options: tuple[str, ...], within: dict[str, int] | None
) -> None:
    assert main(["fee", "--client-pays", *options, "--json", "--on", "2026-11-24"]) == 0
    assert json.loads(capsys.readouterr().out)["within_budget"] == within


@pytest.mark.parametrize(
    "options",
    [
        ("100012",), ("100001", "--count", "3"), ("100000", "--hours", "20"),
        ("100000", "--hours", "12.5", "--count", "2"), ("2", "--count", "3"), ("5", "--hours", "20"),
    ],
)  # fmt: skip
def test_the_text_of_a_budget_names_both_contracts_of_its_json(
    capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    assert main(["fee", "--client-pays", *options, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert not found["exact"]
    assert main(["fee", "--client-pays", *options]) == 0
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert f"¥{found['client_pays']:,}" in second
    if "hourly_rate" in found:
        assert f"¥{found['hourly_rate']:,}" in second
    if (within := found["within_budget"]) is None:
        assert shows(second, "fee-over-budget-none", locale="en")
        return
    assert shows(second, "fee-over-budget", locale="en")
    assert f"¥{within.get('hourly_rate', within['contract']):,}" in first
    assert f"¥{within['client_pays']:,}" in first


@pytest.mark.parametrize("goal", ["--take-home", "--client-pays"])
def test_what_several_pieces_of_hours_cost_is_not_said_of_one(capsys: pytest.CaptureFixture[str], goal: str) -> None:
    assert main(["fee", goal, "100000", "--hours", "12.5", "--count", "2"]) == 0
    assert "for 2 × 12.5 h" in capsys.readouterr().out


def test_as_text_for_a_person(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert (
        main(["standing", str(write_history(tmp_path, "A,received,2026-11-20T10:00,\nA,sent,2026-11-20T12:00,\n"))])
        == 0
    )
    assert shows(capsys.readouterr().out, "standing-rate", locale="en")
    assert main(["fee", "50000"]) == 0
    assert "¥41,750" in capsys.readouterr().out


@pytest.mark.slow
def test_a_hundred_thousand_rows(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = "".join(
        f"t{number % 500},{'sent' if number // 500 % 2 else 'received'},2026-{number % 11 + 1:02}-{number % 28 + 1:02}T{number % 24:02}:00,\n"
        for number in range(100_000)
    )
    assert judged(capsys, write_history(tmp_path, rows))["reply_rate"]["replies"] > 0


@pytest.mark.slow
def test_as_a_process_without_what_only_the_bot_needs() -> None:
    code = "import sys; from bot.cli.main import main; main(['fee', '5']); print(sorted({'discord', 'aiosqlite', 'aiohttp'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


def test_run_without_a_token_is_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "")
    assert main(["run"]) == 2
    assert shows(capsys.readouterr().err, "setting-token-missing", locale="en")


@pytest.mark.slow  # waits for Discord
def test_a_start_that_fails_warns_of_nothing_that_is_not_missing(tmp_path: Path) -> None:
    environ = {"PYTHONPATH": str(ROOT), "DISCORD_TOKEN": "x", "DISCORD_API_URL": "http://127.0.0.1:9/api/v10"}
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "run"], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
    )
    assert ended.returncode == EXIT_TEMPORARY
    assert "http://127.0.0.1:9/api/v10" in ended.stderr
    assert "warning" not in ended.stderr


@pytest.mark.parametrize("command", others_slow(["doctor", "run", "backup copy.db", "members"]))
def test_windows_is_answered_with_a_sentence(command: str, tmp_path: Path) -> None:
    """There the module of the file lock and one of the signals are missing."""
    code = "import signal, sys; del signal.SIGHUP; sys.modules['fcntl'] = None; from bot.cli.main import main; sys.exit(main(sys.argv[1:]))"
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "nintei.db").touch()
    environ = {"PYTHONPATH": str(ROOT), "DISCORD_TOKEN": "a.b.c", "LANG": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-c", code, *command.split()],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr.strip()) == (2, says("cli-windows", "en"))


def test_threads_on_other_sites_wait_and_count_nowhere(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    rows = (
        "A,received,2026-11-20T10:00,\nA,sent,2026-11-20T12:00,\n"
        "B,received,2026-11-20T10:00,\nB,sent,2026-11-22T12:00,other\nC,received,2026-11-24T10:00,ランサーズ以外\n"
    )
    path.write_text(f"thread,direction,sent_at,site\n{rows}", encoding="utf-8")
    found = judged(capsys, path)
    assert (found["reply_rate"]["replies"], found["reply_rate"]["late"]) == (1, 0)
    assert [each["thread"] for each in found["waiting"]] == ["C"]
    assert [each["thread"] for each in found["exchanges"]] == ["A"]
    arguments = [str(path), "--as-of", "2026-11-24T12:00:00+09:00", "--thread", "C", "--json"]
    assert main(["check", *arguments]) == 0
    checked = json.loads(capsys.readouterr().out)
    assert checked["percent_now"] == checked["percent_if_reply_now"]
    path.write_text("thread,direction,sent_at,site\nA,received,2026-11-20T10:00,mars\n", encoding="utf-8")
    assert main(["standing", str(path)]) == 2
    assert shows(capsys.readouterr().err, "history-site", "en", written="mars")


@pytest.mark.parametrize(("at", "text_id"), [("2026-11-24T10:00", "open"), ("2026-11-20T10:00", "overdue")])
def test_check_advises_nothing_for_the_rate_on_another_site(
    at: str, text_id: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = write_history(tmp_path, f"C,received,{at},other\n", header="thread,direction,sent_at,site\n")
    arguments = ["check", str(path), "--as-of", "2026-11-24T12:00:00+09:00", "--thread", "C"]
    assert main(arguments) == 0
    text = capsys.readouterr().out
    assert shows(text, f"check-{text_id}-other-site", "en", thread="C")
    assert not shows(text, f"check-{text_id}", "en", thread="C")
    assert not shows(text, "check-neutral", "en")
    assert main([*arguments, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["advice"] == "reply_now"


@pytest.mark.parametrize(
    "moment",
    others_slow([
        *(f"0001-{day}T00:00{offset}" for day in ("01-01", "06-01", "12-31") for offset in ("", "Z", "-14:00")),
        *(f"{year}-{day}T23:59:59{offset}" for year, day in (("0002", "01-01"), ("9999", "12-31"), ("9999", "12-30"))
          for offset in ("", "Z", "+14:00", "-12:00")),
    ]),
)  # fmt: skip
@pytest.mark.parametrize("zone", others_slow(["Asia/Tokyo", "Pacific/Kiritimati", "America/New_York"]))
def test_a_moment_at_an_end_of_the_calendar_is_no_error_in_the_program(
    moment: str, zone: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = str(
        write_history(tmp_path, f"A,received,{moment},\nB,received,0001-01-02T12:00Z,\nB,sent,0001-01-04T12:00Z,\n")
    )
    displayed = ("--displayed", "92.3", "--displayed-replies", "39")
    days = [moment, moment[:10]]
    calls = [
        *(["standing", path, *json_option, "--as-of", moment] for json_option in ([], ["--json"])),
        *(["forecast", path, "--reviews", reviews, "--as-of", moment] for reviews in ("1", "1200")),
        ["check", path, "--thread", "A", "--as-of", moment],
        *(["standing", path, "--as-of", "2026-11-24T12:00", *displayed, "--displayed-on", day] for day in days),
        *(["fee", "5000", "--on", day] for day in days),
        ["standing", path, "--edition", "2024", "--last-login", moment[:10]],
    ]
    for call in calls:
        zone_option = ["--timezone", zone] if call[0] != "fee" else []
        assert main([*call, *zone_option]) in {0, 2}, (call, capsys.readouterr().err)
