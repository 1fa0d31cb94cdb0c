"""compose.yaml against what the bot, its image and the guide say."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.cli.main import main
from bot.settings import read_settings
from tests.deployment.compose import LONGEST_STOP, bots, compose, seconds
from tests.deployment.dockerfile import in_context, instructions
from tests.deployment.environment_names import unknown
from tests.helpers.machine import ROOT

POSTGRES = {"POSTGRES_USER", "POSTGRES_PASSWORD_FILE"}
SECRETS = "/run/secrets/"

each_bot = pytest.mark.parametrize("name", ["bot", "bot-1", "bot-2"])
each_service = pytest.mark.parametrize("name", ["bot", "bot-1", "bot-2", "database"])


def has_compose() -> bool:
    """Whether `docker compose` can be called; it asks no server."""
    if shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "compose", "version"], check=False, capture_output=True).returncode == 0  # noqa: S607


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


# What each command takes besides the names of services, and whether these are all that follow.
VERBS = {
    "up": ({"-d", "--build"}, True),
    "down": ({"--volumes"}, True),
    "ps": (set(), True),
    "logs": ({"--since", "1h"}, True),
    "stop": (set(), True),
    "start": (set(), True),
    "exec": ({"-T"}, False),
    "run": ({"--rm", "-T", "--entrypoint", "sh"}, False),
    "cp": (set(), False),
}


@dataclass(frozen=True, slots=True)
class ComposeCall:
    """A call of `docker compose` in a text."""

    file: str
    words: tuple[str, ...]

    def faults(self) -> Iterator[str]:
        """Why the call does not do what it says: services exist for compose only in a profile that is given."""
        if self.words[:1] != ("--profile",) or len(self.words) < 3:
            yield "names no profile"
            return
        _, profile, verb, *rest = self.words
        in_profile = {name for name, each in compose()["services"].items() if profile in each["profiles"]}
        if not in_profile:
            yield f"there is no profile {profile}"
        if verb not in VERBS:
            yield f"{verb} is not known to this test"
            return
        options, services_alone = VERBS[verb]
        named = [word for word in rest if word not in options]
        if not services_alone:
            named = [next((word.partition(":")[0] for word in named if verb != "cp" or ":" in word), "")]
        yield from (f"{name} is no service of {profile}" for name in named if name not in in_profile)


def compose_calls() -> Iterator[ComposeCall]:
    """Every call in a tracked text; one in prose ends with its backtick or bracket, one in a block with its comment."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", "*.md", "*.yaml", "*.ftl", "Dockerfile", "packaging"],  # noqa: S607 — git of this machine
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in listed.stdout.split("\0")[:-1]:
        if name == "CHANGELOG.md":
            continue
        for match in re.finditer(r"docker compose ((?! )[^`#\n)]+)", (ROOT / name).read_text(encoding="utf-8")):
            yield ComposeCall(name, tuple(re.split(r" (?:[<>]|&&) ", match[1])[0].split()))


def test_every_call_in_the_documents_names_its_profile_and_services_of_it() -> None:
    calls = list(compose_calls())
    assert len(calls) > 15
    assert {call.words[2] for call in calls if call.words[0] == "--profile"} == set(VERBS)
    assert [(call.file, call.words, list(call.faults())) for call in calls if list(call.faults())] == []


@pytest.mark.parametrize(
    "call",
    [
        "down --volumes",
        "exec bot python -m bot doctor",
        "--profile mysql up -d",
        "--profile sqlite stop bot-1",
        "--profile postgresql exec bot python -m bot doctor",
        "--profile sqlite cp database:/x .",
        "--profile sqlite remove",
    ],
)
def test_a_call_that_does_nothing_or_something_else_is_noticed(call: str) -> None:
    assert list(ComposeCall("", tuple(call.split())).faults())


def test_the_commands_of_the_bot_in_the_guide_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    with suppress(SystemExit):
        main(["--help"])
    known = set(re.findall(r"^    ([a-z-]+)\b", capsys.readouterr().out, re.MULTILINE))
    words = [call.words for call in compose_calls() if call.words[2:3] in {("exec",), ("run",)}]
    started = [each[each.index("bot", 5) + 1] for each in words if each[4:7] == ("python", "-m", "bot")]
    started += [each[5] for each in words if each[2:5] == ("run", "--rm", "bot")]
    assert set(started) >= {"doctor", "backup", "restore", "members"}  # test_image.py runs most of them
    assert set(started) <= known


def test_a_volume_that_the_guide_names_is_one() -> None:
    guide = (ROOT / "docs/operate.md").read_text(encoding="utf-8")
    section = guide.partition("### In a container")[2].partition("## What is stored")[0]
    assert "volume `data`" in section
    assert "database is in `database`" in section
    assert set(compose()["volumes"]) == {"data", "database"}


@pytest.mark.parametrize("profile", ["sqlite", "postgresql"])
@pytest.mark.skipif(not has_compose(), reason="docker compose is not installed here; the tests above parse the calls")
def test_compose_itself_knows_the_services_of_a_profile(profile: str) -> None:
    said = subprocess.run(
        ["docker", "compose", "--profile", profile, "config", "--services"],  # noqa: S607 — compose of this machine
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert set(said) == {name for name, each in compose()["services"].items() if profile in each["profiles"]}
