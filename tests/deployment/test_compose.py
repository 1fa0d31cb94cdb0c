"""compose.yaml against what the bot, its image and the guide say."""

import re
from pathlib import Path
from typing import Any

import pytest

from bot.settings import read_settings
from tests.deployment.compose import LONGEST_STOP, bots, compose, seconds
from tests.deployment.dockerfile import in_context, instructions
from tests.deployment.environment_names import unknown
from tests.helpers.machine import ROOT

POSTGRES = {"POSTGRES_USER", "POSTGRES_PASSWORD_FILE"}
SECRETS = "/run/secrets/"

each_bot = pytest.mark.parametrize("name", ["bot", "bot-1", "bot-2"])
each_service = pytest.mark.parametrize("name", ["bot", "bot-1", "bot-2", "database"])


def service(name: str) -> dict[str, Any]:
    return dict(compose()["services"][name])


def used(name: str) -> set[str]:
    """The secrets that a service's environment names."""
    return {each.removeprefix(SECRETS) for each in service(name)["environment"].values() if each.startswith(SECRETS)}


def test_these_are_all() -> None:
    assert list(bots()) == ["bot", "bot-1", "bot-2"]
    assert list(compose()["services"]) == ["bot", "bot-1", "bot-2", "database"]
    assert {key for key in compose() if not key.startswith("x-")} == {"name", "services", "volumes", "secrets"}


@each_bot
def test_every_name_in_its_environment_is_a_setting(name: str) -> None:
    assert unknown(service(name)["environment"]) == set()
    assert unknown(["DISCORD_TOKEN_FLIE"]) == {"DISCORD_TOKEN_FLIE"}


def test_the_server_is_told_who_connects_and_asks_with_the_address_that_a_bot_uses() -> None:
    database = service("database")
    assert set(database["environment"]) == POSTGRES
    test = database["healthcheck"]["test"]
    # The one that the image starts for its first steps listens on no address.
    assert test == ["CMD", "pg_isready", "-h", "127.0.0.1", "-U", database["environment"]["POSTGRES_USER"]]


@each_service
def test_its_secrets_are_given_to_it(name: str) -> None:
    assert used(name) == set(service(name)["secrets"])


def test_secrets_are_declared_used_and_kept_from_git_and_the_image() -> None:
    declared = compose()["secrets"]
    assert set(declared) == set().union(*(service(name)["secrets"] for name in compose()["services"]))
    sent = (ROOT / ".dockerignore").read_text(encoding="utf-8")
    steps = (ROOT / "compose.yaml").read_text(encoding="utf-8").partition("name:")[0]
    for name, each in declared.items():
        assert each == {"file": f"secrets/{name}"}
        assert not in_context(sent, each["file"])
        assert each["file"] in steps
    assert "secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


@each_bot
def test_what_the_first_lines_say_to_write_is_what_the_bot_reads(name: str, tmp_path: Path) -> None:
    first_lines = (ROOT / "compose.yaml").read_text(encoding="utf-8").partition("name:")[0]
    found = re.search(r"postgresql://\S+(?= )", first_lines)
    assert found is not None
    (tmp_path / "discord_token").write_text("a.b.c\n")
    (tmp_path / "database_url").write_text(f"{found[0].removesuffix(')')}\n")
    environ = {name: each.replace(SECRETS, f"{tmp_path}/") for name, each in service(name)["environment"].items()}
    settings = read_settings(environ)
    assert settings.token == "a.b.c"
    user = service("database")["environment"]["POSTGRES_USER"]
    server = f"postgresql://{user}:THAT-PASSWORD@database/{user}"  # without POSTGRES_DB it is named like the user
    assert settings.database_url == ("sqlite:///data/nintei.db" if name == "bot" else server)


def test_volumes_are_declared_and_used_and_a_bot_has_the_one_of_its_image() -> None:
    mounted = [each.split(":") for name in compose()["services"] for each in service(name)["volumes"]]
    assert {volume for volume, _ in mounted} == set(compose()["volumes"])
    steps = instructions((ROOT / "Dockerfile").read_text(encoding="utf-8"))
    [volume] = [step.rest for step in steps if step.word == "VOLUME"]
    # With PostgreSQL, too: erasures are noted there, and have to outlive the container.
    for bot in bots().values():
        assert bot["volumes"] == [f"data:{volume}"]


@each_bot
def test_a_bot_may_write_nowhere_else_and_gets_the_time_it_takes_to_stop(name: str) -> None:
    bot = service(name)
    assert (bot["read_only"], bot["tmpfs"], bot["cap_drop"]) == (True, ["/tmp"], ["ALL"])  # noqa: S108 — the container's
    assert bot["security_opt"] == ["no-new-privileges:true"]
    assert bot["init"] is True  # Python as the first process would not be ended by SIGTERM before it listens for it
    assert seconds(bot["stop_grace_period"]) > LONGEST_STOP
    assert "healthcheck" not in bot  # it is the image's


def test_two_bots_share_one_database_and_wait_for_it() -> None:
    one, other = service("bot-1"), service("bot-2")
    assert one == other
    assert "DATABASE_URL_FILE" in one["environment"]
    assert one["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert service("database")["profiles"] == one["profiles"]
    assert "ports" not in service("database")


def test_the_profiles_are_those_that_the_guide_names() -> None:
    there = {each for name in compose()["services"] for each in service(name)["profiles"]}
    for text in ("compose.yaml", "docs/operate.md"):
        said = set(re.findall(r"--profile (\w+)", (ROOT / text).read_text(encoding="utf-8")))
        assert said == there == {"sqlite", "postgresql"}, text


def test_the_commands_of_the_guide_name_services_and_commands_that_are_there() -> None:
    guide = (ROOT / "docs/operate.md").read_text(encoding="utf-8")
    calls = re.findall(r"docker compose (exec|run|cp|stop|start|logs) ([^`\n]+)", guide)
    assert len(calls) > 7
    for verb, rest in calls:
        words = [each for each in rest.split() if each not in {"--rm", "-T", "--entrypoint", "sh", "--since", "1h"}]
        assert words[0].partition(":")[0] in compose()["services"], (verb, rest)
    started = re.findall(r"(?:exec \S+ python -m bot|run --rm bot) (\w+)", guide)
    assert started == ["doctor", "backup", "restore"]  # test_image.py runs them
