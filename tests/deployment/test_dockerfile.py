"""The Dockerfile and what the engine is sent: what needs no more than the files, so everywhere and as anybody."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.deployment.dockerfile import Instruction, UnknownError, context, in_context, instructions, substituted
from tests.deployment.environment_names import unknown
from tests.helpers.machine import ROOT


def steps() -> list[Instruction]:
    return list(instructions((ROOT / "Dockerfile").read_text(encoding="utf-8")))


def test_both_stages_have_the_same_python_and_one_that_the_bot_runs_on() -> None:
    bases = {step.rest.partition(" AS ")[0] for step in steps() if step.word == "FROM"}
    [name] = bases  # the folder of packages goes from one to the other
    found = re.fullmatch(r"python:3\.(\d+)-slim", name)
    assert found is not None
    oldest = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    assert int(found[1]) >= int(oldest.removeprefix(">=3."))


@pytest.mark.parametrize(
    "line",
    ["ADD x y", 'SHELL ["a"]', "COPY --chown=1 a b", "RUN --mount=type=cache x", "STOPSIGNAL SIGINT", "ARG A=1"],
)
def test_what_is_not_exercised_here_is_refused(line: str) -> None:
    with pytest.raises(UnknownError):
        list(instructions(f"FROM x\n{line}\n"))


def test_a_dockerfile_is_read_as_an_engine_reads_it() -> None:
    text = '# syntax\nfrom a AS b\n# between\nRUN one && \\\n  # inside\n  two\nCMD ["x", "y z"]\nENV A=1 B="2 3"\n'
    one, two, three, four = instructions(text)
    assert (one.word, one.rest) == ("FROM", "a AS b")
    assert two.words == ["one", "&&", "two"]
    assert three.exec_form == ["x", "y z"]
    assert four.words == ["A=1", "B=2 3"]
    assert substituted("/a:$P:${Q}", {"P": "p", "Q": "q"}) == "/a:p:q"
    with pytest.raises(UnknownError):
        _ = Instruction("CMD", {}, "a shell's line").exec_form


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("bot/app.py", True), ("storage/migrations/sqlite/0001_ledger.sql", True), ("pyproject.toml", True),
        ("LICENSE", True), ("requirements.lock", True), ("requirements-dev.lock", False), (".env", False),
        (".git/config", False), ("data/nintei.db", False), ("secrets/discord_token", False), ("README.md", False),
        ("tests/conftest.py", False), (".venv/bin/python", False), ("bot/__pycache__/app.cpython-313.pyc", False),
        ("bot/discord_app/__pycache__/client.cpython-313.pyc", False), ("nintei.db", False), ("bottle/x", False),
    ],
)  # fmt: skip
def test_the_engine_is_sent_only_what_is_needed(path: str, sent: bool) -> None:  # noqa: FBT001
    assert in_context((ROOT / ".dockerignore").read_text(encoding="utf-8"), path) is sent


def test_everything_that_is_copied_is_there_and_everything_the_bot_needs_is_copied() -> None:
    copied = [name for step in steps() if step.word == "COPY" and not step.flags for name in step.words[:-1]]
    sent = context(ROOT)
    for name in copied:
        assert any(each == name or each.startswith(f"{name}/") for each in sent), name
    for each in sent:
        assert any(each == name or each.startswith(f"{name}/") for name in copied), f"{each} is sent and not used"
    needed = {"pyproject.toml", "LICENSE", "requirements.lock"} | {
        each.relative_to(ROOT).as_posix()
        for room in ("bot", "storage")
        for each in (ROOT / room).rglob("*")
        if each.is_file() and each.parent.name != "__pycache__"
    }
    assert set(sent) == needed
    kinds = {Path(each).suffix for each in needed}
    assert kinds == {"", ".toml", ".lock", ".py", ".ftl", ".sql", ".html", ".js", ".css", ".svg"}, "what else is there?"


def test_every_name_that_it_sets_is_read_by_somebody() -> None:
    [names] = [[each.partition("=")[0] for each in step.words] for step in steps() if step.word == "ENV"]
    assert unknown(names) == set()
    assert {"METRICS_PORT", "MPLCONFIGDIR"} <= set(names)


def test_what_is_installed_is_what_the_lock_says() -> None:
    [run] = [step.rest for step in steps() if step.word == "RUN" and " install " in step.rest]
    assert "--require-hashes -r requirements.lock" in run
    assert "--only-binary :all:" in run


def test_a_health_check_gives_up_before_the_engine_does() -> None:
    [check] = [step for step in steps() if step.word == "HEALTHCHECK"]
    patience = re.search(r"timeout=(\d+)", check.rest)
    assert patience is not None
    assert int(patience[1]) < float(check.flags["timeout"].removesuffix("s"))
