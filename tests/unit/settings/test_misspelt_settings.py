"""A setting that is misspelt is noticed, wherever it stands, and the names of other programs are left alone."""

import os
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.errors import SettingError
from bot.misspelt_settings import find_meant_setting
from bot.settings import KNOWN_SETTINGS, find_misspelt_settings, load_environment


def slips(name: str) -> set[str]:
    """A name with one slip of the keys, of each kind."""
    middle = len(name) // 2
    return {
        name[:-1], name[:middle] + name[middle + 1 :], name + "S", name[:middle] + "X" + name[middle:],
        name[:middle] + "Q" + name[middle + 1 :], name[:1] + name[2:3] + name[1:2] + name[3:], name.lower(),
        name.replace("_", ""), name.replace("_", "-"), f"NINTEI_{name}",
    } - KNOWN_SETTINGS  # fmt: skip


@pytest.mark.parametrize("setting", sorted(KNOWN_SETTINGS))
def test_every_slip_in_every_name_is_noticed(setting: str) -> None:
    assert {name: find_meant_setting(name, KNOWN_SETTINGS) for name in slips(setting)} == dict.fromkeys(
        slips(setting), setting
    )


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("TOKEN", "DISCORD_TOKEN"), ("BOT_TOKEN", "DISCORD_TOKEN"), ("DISCORD_BOT_TOKEN", "DISCORD_TOKEN"),
        ("TIMEZONE", "DEFAULT_TIMEZONE"), ("LOCALE", "DEFAULT_LOCALE"), ("EDITION", "DEFAULT_EDITION"),
        ("DEFAULT_LANGUAGE", "DEFAULT_LOCALE"), ("DEFAULT_TZ", "DEFAULT_TIMEZONE"), ("QUIET_HOURS", "DEFAULT_QUIET_HOURS"),
        ("LEAD_TIMES", "DEFAULT_LEAD_TIMES"), ("BACKUP_COUNT", "BACKUP_KEEP"), ("BACKUP_DIR", "BACKUP_FOLDER"),
        ("DB_URL", "DATABASE_URL"), ("DATABASE_URI", "DATABASE_URL"), ("DATABASE_DSN", "DATABASE_URL"),
        ("MAX_USERS", "MAX_MEMBERS"), ("METRICS_ADDRESS", "METRICS_HOST"), ("API_URL", "DISCORD_API_URL"),
        ("GATEWAY_URL", "DISCORD_GATEWAY_URL"), ("LOGLEVEL", "LOG_LEVEL"), ("TOKEN_FILE", "DISCORD_TOKEN_FILE"),
        ("RATE_SEND", "SEND_RATE"), ("SEND_RTE", "SEND_RATE"),
    ],
)  # fmt: skip
def test_words_left_out_added_or_put_otherwise_are_noticed(name: str, setting: str) -> None:
    assert find_meant_setting(name, KNOWN_SETTINGS) == setting


@pytest.mark.parametrize(
    "name",
    [
        "DATABASE_USER", "DATABASE_PASSWORD", "DATABASE_NAME", "DATABASE_HOST", "DATABASE_PORT", "POSTGRES_USER",
        "POSTGRES_PASSWORD", "PATH", "HOME", "LANG", "LC_ALL", "TZ", "USER", "PORT", "HOST", "URL", "COMPOSE_PROFILES",
        "COMPOSE_PROJECT_NAME", "LOG_FILE", "LOGNAME", "SENTRY_DSN", "GITHUB_TOKEN", "SLACK_TOKEN", "REDIS_URL", "API_KEY",
        "SECRET_KEY", "MAIL_HOST", "MAX_CONNECTIONS", "PYTHONPATH", "NOTIFY_SOCKET", "SHELL", "TERM", "DEBUG", "DAYS",
        "FORMAT", "LEVEL", "RATE", "FOLDER", "DISCORD_CLIENT_ID", "DISCORD_GUILD_ID", "DISCORD_WEBHOOK_URL", "KEEP",
    ],
)  # fmt: skip
def test_names_of_other_programs_are_left_alone(name: str) -> None:
    assert find_meant_setting(name, KNOWN_SETTINGS) is None


def test_in_the_file_it_is_refused_and_in_the_environment_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / ".env"
    file.write_text("DATABASE_USER=nintei\n")
    monkeypatch.setenv("SEND_RTE", "3")
    environ = load_environment(file)
    assert ("SEND_RTE", "SEND_RATE") in find_misspelt_settings(environ)
    file.write_text("BACKUP_COUNT=7\n")
    with pytest.raises(SettingError) as error:
        load_environment(file)
    assert error.value.message_id == "setting-env-unknown"
    assert error.value.arguments == {"name": "BACKUP_COUNT", "near": "BACKUP_KEEP"}

    monkeypatch.chdir(tmp_path / "..")
    monkeypatch.setenv("DISCORD_TOKEN", "")
    main(["fee", "50000"])
    shown = capsys.readouterr()
    assert "SEND_RTE" in shown.err
    assert "SEND_RATE" in shown.err
    assert "SEND_RTE" not in shown.out


def test_this_machine_has_none_by_chance() -> None:
    assert find_misspelt_settings(os.environ) == []
