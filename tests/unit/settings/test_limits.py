"""Values at the ends of what a setting can be: whatever is taken can be worked with, whatever is not is a sentence."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.domain.calendar import lancers_date, months_before
from bot.errors import SettingError
from bot.i18n.translations import get_translations
from bot.settings import KNOWN_SETTINGS, read_settings
from tests.helpers.wording import shows

VALUES = [
    *(prefix + "9" * digits for prefix in ("", "127.0.0.1:", "-", "0.") for digits in (1, 4, 7, 8, 30, 5000)),
    "00000000000000000001", "９９", "\x7f", "a" * 100_000, "=", "'1'", '"9464"', "1 2", "http://", "[::1", "sqlite:///", ",", ":", "-", "..", "/",
]  # fmt: skip


@pytest.mark.parametrize("name", sorted(KNOWN_SETTINGS))
def test_every_value_is_taken_or_answered_with_a_short_sentence(name: str) -> None:
    texts = get_translations("en")
    lengths = {}
    for value in VALUES:
        try:
            read_settings({name: value})
        except SettingError as error:
            lengths[value[:40]] = len(texts.format_error(error))
    assert {value for value, length in lengths.items() if length > 400} == set()


@pytest.mark.parametrize(
    "written",
    [
        "http://user:geheim@127.0.0.1/api/v10",
        "htp://user:geheim@127.0.0.1/api/v10",
        "http://127.0.0.1/api/v10?version=10",
        "http://127.0.0.1/api/v10#top",
        "http://127.0.0.1/a b",
        "http://127.0.0.1/a\tb",
        "http://a b/x",
        "http://discord..jp/x",
        f"http://{'a' * 64}.jp/x",
    ],
)
def test_an_address_to_which_no_request_can_go_is_a_sentence_without_the_password(written: str) -> None:
    """Else a start says that Discord cannot be reached, with the address, and is tried again without end."""
    with pytest.raises(SettingError) as raised:
        read_settings({"DISCORD_API_URL": written})
    assert raised.value.message_id == "setting-url"
    assert "geheim" not in get_translations("en").format_error(raised.value)


@pytest.mark.parametrize("name", ["BACKUP_FOLDER", "ERASURES_FOLDER"])
@pytest.mark.parametrize("written", ["~/backups", "~root/backups", "$HOME/backups", '"data/backups"', "'/srv/backups'"])
def test_a_folder_that_would_be_made_under_another_name_is_a_sentence(name: str, written: str) -> None:
    with pytest.raises(SettingError) as raised:
        read_settings({name: written})
    assert raised.value.message_id == "setting-folder"


def test_addresses_of_other_scripts_and_a_gateways_own_options_are_taken() -> None:
    settings = read_settings(
        {"DISCORD_API_URL": "http://例え.jp/api/", "DISCORD_GATEWAY_URL": "wss://user:x@gateway.example/?v=10"}
    )
    assert settings.api_url == "http://例え.jp/api"
    assert settings.gateway_url == "wss://user:x@gateway.example/?v=10"


def test_as_many_shards_as_a_start_can_count() -> None:
    assert read_settings({"SHARD_COUNT": "10000"}).shard_count == 10_000
    with pytest.raises(SettingError) as raised:
        read_settings({"SHARD_COUNT": "10001"})
    assert raised.value.message_id == "setting-whole-most"


@pytest.mark.parametrize("name", ["KEEP_MONTHS", "BACKUP_DAYS", "OLD_AFTER_DAYS"])
def test_a_span_that_is_taken_has_a_date_before_today(name: str) -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    taken, refusals = 0, set()
    for number in (13, 9_999, 10_000, 30_000, 99_999, 100_000, 999_999, 9_999_999):
        try:
            defaults = read_settings({name: str(number)}).defaults
        except SettingError as error:
            refusals.add(error.message_id)
            continue
        taken += 1
        months_before(lancers_date(now), defaults.retention_months)
        now - timedelta(days=defaults.backup_retention_days)
    assert taken >= 2
    assert refusals <= {"setting-whole-most"}


@pytest.mark.parametrize("zone", ["localtime", "Factory"])
def test_a_zone_that_differs_between_machines_is_nobodys_default(zone: str) -> None:
    with pytest.raises(SettingError) as raised:
        read_settings({"DEFAULT_TIMEZONE": zone})
    assert raised.value.message_id == "setting-timezone"


@pytest.mark.parametrize("call", ["doctor", "members", "backup copy.db", "run"])
def test_a_folder_that_was_removed_is_a_sentence(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in KNOWN_SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DEFAULT_LOCALE", "en")
    monkeypatch.setenv("DISCORD_TOKEN", "a.b.c")
    folder = tmp_path / "removed"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    assert main(call.split()) == (1 if call == "doctor" else 2)
    out, err = capsys.readouterr()
    assert shows(out + err, "setting-no-folder", "en")
    assert "Traceback" not in err
    monkeypatch.chdir(tmp_path)
