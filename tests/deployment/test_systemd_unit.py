"""The systemd unit against what the bot needs and its own first lines say."""

import shlex
from configparser import RawConfigParser
from pathlib import Path

import pytest

from bot.cli.main import EXIT_USAGE
from bot.cli.run import EXIT_TEMPORARY
from bot.ops.daily_backup import plan_daily_backup
from bot.ops.health import DEFAULT_LIMITS
from bot.settings import ENV_FILE, load_environment, read_settings
from storage.connect import sqlite_path
from tests.deployment.compose import LONGEST_STOP
from tests.deployment.environment_names import unknown
from tests.helpers.machine import ROOT

TEXT = (ROOT / "packaging/nintei.service").read_text(encoding="utf-8")
STEPS = TEXT.partition("[Unit]")[0]
CREDENTIALS = "/run/credentials"


def service() -> dict[str, str]:
    """Every key once: a second one would be refused here."""
    unit = RawConfigParser(strict=True, delimiters="=")
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(TEXT)
    return dict(unit["Service"])


def environ() -> dict[str, str]:
    """As systemd sets it: `%d` is where the credentials are."""
    pairs = (each.replace("%d", CREDENTIALS).split("=", maxsplit=1) for each in shlex.split(service()["Environment"]))
    return {name: value for name, value in pairs}  # noqa: C416 — each pair is a list


def test_every_name_in_its_environment_is_read_by_somebody() -> None:
    assert unknown(environ()) == set()


def test_it_starts_what_its_first_lines_install() -> None:
    checkout = "/opt/nintei"
    assert f"git clone … {checkout} && cd {checkout} && python3 -m venv .venv" in STEPS
    assert shlex.split(service()["ExecStart"]) == [f"{checkout}/.venv/bin/python", "-m", "bot", "run"]
    assert environ()["PYTHONPATH"] == checkout
    assert environ()["PYTHONSAFEPATH"]  # the folder it starts in can be written
    assert f"useradd --system --home-dir {checkout} {service()['User']}" in STEPS


def test_the_token_is_a_credential_and_nothing_else_is_secret(tmp_path: Path) -> None:
    name, file = service()["LoadCredential"].split(":")
    assert environ()["DISCORD_TOKEN_FILE"] == f"{CREDENTIALS}/{name}"
    assert f"install -m 600 /dev/stdin {file} " in STEPS
    (tmp_path / name).write_text("a.b.c\n")
    told = {key: value.replace(CREDENTIALS, str(tmp_path)) for key, value in environ().items()}
    settings = read_settings(told)
    assert (settings.token, settings.log_format) == ("a.b.c", "json")


def test_whatever_it_writes_is_in_its_state_directory() -> None:
    folder = Path(service()["WorkingDirectory"])
    assert folder == Path("/var/lib", service()["StateDirectory"])
    assert service()["ProtectSystem"] == "strict"
    settings = read_settings({key: value for key, value in environ().items() if key != "DISCORD_TOKEN_FILE"})
    database = sqlite_path(settings.database_url)
    assert database is not None
    # On a server's database erasures are noted in `data`, which is of the folder it starts in, too.
    for each in (database, plan_daily_backup(settings).folder, Path("data/nintei.erasures")):
        assert (folder / each).is_relative_to(folder)
    assert "/var/lib/nintei/data" in STEPS
    assert (service()["PrivateTmp"], environ()["MPLCONFIGDIR"]) == ("yes", "/tmp")  # noqa: S108 — its own


def test_a_crash_writes_no_memory_to_the_disk() -> None:
    assert service()["LimitCORE"] == "0"


def test_what_a_restart_does_not_help_is_not_restarted() -> None:
    assert service()["RestartPreventExitStatus"].split() == [str(EXIT_USAGE)]
    assert str(EXIT_TEMPORARY) not in service()["RestartPreventExitStatus"].split()
    assert "StartLimitIntervalSec=0" in TEXT.partition("[Service]")[0]


def test_it_waits_for_readiness_and_signs_of_life() -> None:
    assert service()["Type"] == "notify"
    assert 2 * float(service()["WatchdogSec"]) >= DEFAULT_LIMITS.max_poll_age
    assert service()["RestrictAddressFamilies"].split()[0] == "AF_UNIX"  # by which systemd is told


def test_the_unit_and_the_commands_read_one_settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = service()["WorkingDirectory"]
    assert f"{folder}/{ENV_FILE}" in STEPS
    assert f"cd {folder} && " in STEPS.partition("doctor, backup")[2]
    assert "EnvironmentFile" not in service()
    (tmp_path / ENV_FILE).write_text("BACKUP_KEEP=7\nSHARD_COUNT=2\n")
    monkeypatch.chdir(tmp_path)
    for name in ("BACKUP_KEEP", "SHARD_COUNT", "DISCORD_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    settings = read_settings(load_environment())
    assert (settings.backup_keep, settings.shard_count) == (7, 2)


def test_it_gets_the_time_it_takes_to_stop() -> None:
    assert float(service()["TimeoutStopSec"]) > LONGEST_STOP
    assert service()["KillSignal"] == "SIGTERM"
    assert service()["Restart"] == "on-failure"
