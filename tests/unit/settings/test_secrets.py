"""Secrets come from the environment or a file, are shown nowhere, and what is newly made is for its owner alone."""

import re
import stat
import sys
from pathlib import Path

import pytest

from bot.child_process import SECRET_ENV_NAMES
from bot.cli.main import main
from bot.domain.calendar import instant_from_micros
from bot.domain.types import MemberId
from bot.errors import SettingError
from bot.i18n.translations import get_translations
from bot.settings import KNOWN_SETTINGS as ENV_NAMES
from bot.settings import env_file_is_world_readable, load_environment, read_secret_setting, read_settings
from storage.admin import erasure_log
from storage.connect import open_database
from storage.erased_members import Erasure
from tests.helpers.machine import ROOT

NAMES = ["DISCORD_TOKEN", "DATABASE_URL", "MAIL_IMAP_PASSWORD"]


def test_no_process_that_draws_or_reads_a_file_gets_one() -> None:
    assert {name for name in ENV_NAMES if f"{name}_FILE" in ENV_NAMES} == SECRET_ENV_NAMES


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("written", ["secret", "secret\n", "secret\r\n"])
def test_a_file_with_or_without_a_last_newline(name: str, written: str, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_bytes(written.encode())
    assert read_secret_setting({f"{name}_FILE": str(file), name: " "}, name) == "secret"


def test_they_reach_the_settings_and_are_not_shown(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("a.b.c\n")
    (tmp_path / "url").write_text("postgresql://nintei:geheim@127.0.0.1/x\n")
    settings = read_settings(
        {"DISCORD_TOKEN_FILE": str(tmp_path / "token"), "DATABASE_URL_FILE": str(tmp_path / "url")}
    )
    assert settings.token == "a.b.c"
    assert settings.database_url.endswith("@127.0.0.1/x")
    assert "a.b.c" not in repr(settings)
    assert "geheim" not in repr(settings)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("written", "text"),
    [
        (None, "setting-secret-unreadable"),
        (b"", "setting-secret-shape"),
        (b"\n\n", "setting-secret-shape"),
        (b"two\nlines\n", "setting-secret-shape"),
        (b"nul\0", "setting-secret-shape"),
        (b"\xff\xfe", "setting-secret-unreadable"),
        (b"x" * 5000, "setting-secret-shape"),
    ],
)
def test_a_file_that_cannot_be_used_is_a_sentence(name: str, written: bytes | None, text: str, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    if written is not None:
        file.write_bytes(written)
    with pytest.raises(SettingError) as told:
        read_settings({f"{name}_FILE": str(file)})
    assert told.value.message_id == text
    with pytest.raises(SettingError) as told:
        read_settings({f"{name}_FILE": str(file), name: "secret"})
    assert told.value.message_id == "setting-secret-twice"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("written", ["geheim\nlines", "geheim\rlines", "geheim\0", "geheim\x1b[A"])
def test_a_variable_of_several_lines_is_a_sentence_that_repeats_nothing(name: str, written: str) -> None:
    """A token of two lines cannot be sent, which is not that Discord cannot be reached."""
    with pytest.raises(SettingError) as raised:
        read_settings({name: written})
    assert raised.value.message_id == "setting-secret-line"
    for locale in ("ja", "en"):
        assert "geheim" not in get_translations(locale).format_error(raised.value)


def test_a_file_is_a_sentence_on_the_command_line_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISCORD_TOKEN", "")
    monkeypatch.setenv("DISCORD_TOKEN_FILE", str(tmp_path / "nothing"))
    for argv in ([], ["run"]):
        assert main(argv) == 2
        assert "DISCORD_TOKEN_FILE" in capsys.readouterr().err
    (tmp_path / ".env").write_bytes(b"A=\xff\n")
    assert main(["run"]) == 2
    assert ".env" in capsys.readouterr().err


@pytest.mark.parametrize(
    "written", ['"geheim.y.z"', "'geheim.y.z'", "Bot geheim.y.z", "ｇｅｈｅｉｍ", "geheim\u200b", "「geheim」"]
)
def test_a_token_with_more_than_itself_is_a_sentence_that_repeats_nothing(written: str) -> None:
    """Discord would only say that it does not know it: quotation marks reach a container as they are written."""
    with pytest.raises(SettingError) as raised:
        read_settings({"DISCORD_TOKEN": written})
    assert raised.value.message_id == "setting-token-shape"
    assert raised.value.arguments == {}


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("SEND_RTE=3\n", "SEND_RATE"),
        ("\n# so\nQUIET_HOURS=1-2\n", "DEFAULT_QUIET_HOURS"),
        ("DISCORD_TOKEN=x\nhello world\n", "2"),
        ("SEND_RATE\n", "1"),
        ("DISCORD_TOKEN=geheim\n\nOTHER=1\nOTHER=2\nDISCORD_TOKEN=\n", "1"),
        ("KEEP_MONTHS=13\n# later\nexport KEEP_MONTHS=\n", "3"),
        ("ＫＥＥＰ_MONTHS=14\n", "KEEP_MONTHS"),
        ("postgresql://nintei:geheim@host/x?sslmode=require\n", "1"),
    ],
)
def test_what_stands_in_env_and_is_no_setting_is_a_sentence(written: str, told: str, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(written)
    with pytest.raises(SettingError) as fault:
        load_environment(tmp_path / ".env")
    for locale in ("ja", "en"):
        sentence = get_translations(locale).format_error(fault.value)
        assert told in sentence
        assert "geheim" not in sentence


@pytest.mark.parametrize(
    ("target", "text_id"), [("nowhere", "setting-env-unreadable"), ("/dev/zero", "setting-env-long"), (".env", "setting-env-unreadable")]
)  # fmt: skip
def test_a_link_to_what_cannot_be_an_env_file_is_a_sentence(target: str, text_id: str, tmp_path: Path) -> None:
    """A link to nothing is a secret that was not mounted, a loop a slip: neither is "no settings"."""
    (tmp_path / ".env").symlink_to(target)
    with pytest.raises(SettingError) as raised:
        load_environment(tmp_path / ".env")
    assert raised.value.message_id == text_id


def test_an_env_file_of_any_length_is_read_or_refused_quickly(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("X=1\n" * 200_000)
    with pytest.raises(SettingError) as raised:
        load_environment(tmp_path / ".env")
    assert raised.value.message_id == "setting-env-long"


def test_the_example_with_every_setting_uncommented_is_read(tmp_path: Path) -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    examples = [each.removeprefix("#") for each in lines if re.match(r"#?[A-Z_]+=", each)]
    uncommented = {each.partition("=")[0]: each for each in examples}.values()  # of DATABASE_URL there are two
    file = tmp_path / ".env"
    file.write_text("\n".join([*uncommented, "COMPOSE_PROFILES=sqlite"]), encoding="utf-8-sig")
    assert set(load_environment(file)) >= ENV_NAMES
    assert {each.partition("=")[0] for each in uncommented if re.match("[A-Z]", each)} == ENV_NAMES


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no such permissions")
async def test_what_is_newly_made_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "data" / "nintei.db"
    (tmp_path / "linked").mkdir()
    (tmp_path / "link.db").symlink_to("linked/nintei.db")
    await (await open_database(f"sqlite:///{tmp_path}/link.db")).close()
    assert mode(tmp_path / "linked" / "nintei.db") == 0o600
    database = await open_database(f"sqlite:///{file}")
    try:
        async with database.write() as transaction:
            await transaction.fetch("INSERT INTO members (member_id, joined_at) VALUES (1, 0)")
        erasure_log.add_erasure_notes(database.erasure_log_path, [Erasure(MemberId(1), instant_from_micros(0), 0)])
        assert mode(file.parent) == 0o700
        kept = list(file.parent.iterdir())
        assert {each.name for each in kept} >= {"nintei.db", "nintei.db-wal", "nintei.db.erasures"}
        assert {mode(each) for each in kept} == {0o600}
        erasure_log.prune_erasure_log(database.erasure_log_path, instant_from_micros(1))
        assert mode(database.erasure_log_path) == 0o600
    finally:
        await database.close()
    file.chmod(0o640)  # the operator's own choice stands
    await (await open_database(f"sqlite:///{file}")).close()
    assert mode(file) == 0o640


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no such permissions")
def test_an_env_file_that_everybody_reads_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert not env_file_is_world_readable()
    file = tmp_path / ".env"
    file.write_text("DISCORD_TOKEN=x\n")
    file.chmod(0o644)
    assert env_file_is_world_readable()
    file.chmod(0o600)
    assert not env_file_is_world_readable()
