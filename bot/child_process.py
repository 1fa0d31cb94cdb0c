"""A process of the bot that runs one of its modules, with pipes and without the bot's secrets."""

import os
import sys
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path
from typing import Final

SECRET_ENV_NAMES: Final = {"DISCORD_TOKEN", "DATABASE_URL", "MAIL_IMAP_PASSWORD"}
"""The settings that are secrets: not passed on to the process."""


async def start_module(module: str, **environ: str) -> Process:
    """Run a module as a program; `environ` is added to its environment."""
    passed_on = {name: value for name, value in os.environ.items() if name not in SECRET_ENV_NAMES} | environ
    root = str(Path(__file__).parents[1])
    passed_on["PYTHONPATH"] = os.pathsep.join([root, *filter(None, [passed_on.get("PYTHONPATH")])])
    return await create_subprocess_exec(sys.executable, "-P", "-m", module, stdin=PIPE, stdout=PIPE, env=passed_on)


def kill_process(process: Process) -> None:
    """Kill it, unless it has ended."""
    with suppress(ProcessLookupError):
        process.kill()
