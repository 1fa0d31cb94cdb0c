"""The rehearsal by hand: a person types what the member does."""

import asyncio
import re
import shlex
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.cli.stage import Stage
from bot.domain.reminders.lead_times import parse_lead_times
from bot.errors import NinteiError
from bot.fake_discord.payloads import InvalidUserActionError
from bot.fake_discord.users import buttons_of, selects_of

_MOVE: Final = re.compile(r"\+\s*(\S+)")
_QUIT: Final = {"quit", "exit", "q"}


async def prompt(stage: Stage) -> None:
    """Read lines until the input ends."""
    print(stage.texts("rehearse-title"))
    print(stage.texts("rehearse-help"))
    stage.transcript.time(stage.now())
    await stage.command("start")
    while True:
        try:
            line = (await asyncio.to_thread(input, "\n> ")).strip()
        except EOFError:
            return
        if line in _QUIT:
            return
        if not line:
            continue
        try:
            await _do(stage, line)
        except (InvalidUserActionError, TimeoutError, ValueError, IndexError, OSError) as reason:
            print(stage.texts("rehearse-cannot", reason=str(reason)))
        except NinteiError as error:
            print(stage.texts.format_error(error))


async def _do(stage: Stage, line: str) -> None:
    if line == "next":
        if not await stage.move_to_next():
            print(stage.texts("rehearse-no-reminder"))
    elif found := _MOVE.fullmatch(line):
        await stage.move_to(stage.now() + sum(parse_lead_times(found[1]), timedelta()))
    elif line.startswith("/"):
        words = shlex.split(line[1:])
        name = " ".join(each for each in words if ":" not in each)  # "job add" is one command
        given = dict(each.split(":", 1) for each in words if ":" in each)
        await stage.command(name, **{option: _value(option, value) for option, value in given.items()})
    elif line.startswith("!"):
        await _press(stage, line[1:].strip())
    elif line.startswith("forward "):
        posted_at = stage.now() - timedelta(minutes=5)
        await stage.forward(line.removeprefix("forward ").strip(), posted_at, "rehearse-forwards-message")
    else:
        await stage.write(line)


def _value(option: str, written: str) -> str | tuple[str, bytes]:
    """What is typed; a file by its path."""
    if option == "file":
        path = Path(written)
        return path.name, path.read_bytes()
    return written


async def _press(stage: Stage, label: str) -> None:
    """A button of the bot's last message by its label or number; or an option of its select."""
    if stage.last is None:
        raise InvalidUserActionError("-")
    labels = list(buttons_of(stage.last))
    options = [option["label"] for select in selects_of(stage.last) for option in select["options"]]
    if label.isdecimal():
        label = labels[int(label) - 1]
    if label in options:
        answer = stage.show(await stage.person.select_option(stage.last, label))
    else:
        answer = await stage.press(stage.last, label)
    if answer.kind == 9:  # noqa: PLR2004 — it opened a form
        form = answer.modal
        written = [
            await asyncio.to_thread(input, f"  {each['label']}: ") for each in form["components"] if "label" in each
        ]
        await stage.fill(answer, *written)
