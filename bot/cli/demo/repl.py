"""The interactive rehearsal: a person types what the member does."""

import re
import shlex
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.cli.demo.session import DemoSession
from bot.daemon_thread import DaemonThread
from bot.domain.reminders.lead_times import parse_lead_times
from bot.errors import NinteiError
from bot.fake_discord.interactions import MODAL
from bot.fake_discord.payloads import InvalidUserActionError
from bot.fake_discord.users import buttons_of, selects_of

_ADVANCE_RE: Final = re.compile(r"\+\s*(\S+)")
_QUIT_WORDS: Final = {"quit", "exit", "q"}


async def run_demo_repl(session: DemoSession) -> None:
    """Read lines until the input ends. A pool's thread would let Ctrl-C wait for the next line."""
    keyboard = DaemonThread("keyboard")
    print(session.texts("rehearse-title"))
    print(session.texts("rehearse-help"))
    session.print_time()
    await session.use_command("start")
    while True:
        try:
            line = (await keyboard.run(input, "\n> ")).strip()
        except EOFError:
            return
        if line in _QUIT_WORDS:
            return
        if not line:
            continue
        try:
            await _execute_repl_line(session, line, keyboard)
        except (InvalidUserActionError, TimeoutError, ValueError, IndexError, OSError) as error:
            print(session.texts("rehearse-cannot", reason=str(error)))
        except NinteiError as error:
            print(session.texts.format_error(error))


async def _execute_repl_line(session: DemoSession, line: str, keyboard: DaemonThread) -> None:
    if line == "next":
        if not await session.advance_to_next_due():
            print(session.texts("rehearse-no-reminder"))
    elif match := _ADVANCE_RE.fullmatch(line):
        await session.advance_to(session.now() + sum(parse_lead_times(match[1]), timedelta()))
    elif line.startswith("/"):
        words = shlex.split(line[1:])
        name = " ".join(word for word in words if ":" not in word)  # "job add" is one command
        options = dict(word.split(":", 1) for word in words if ":" in word)
        await session.use_command(
            name, **{option: _parse_option_value(option, text) for option, text in options.items()}
        )
    elif line.startswith("!"):
        await _use_control_of_message(session, line[1:].strip(), keyboard)
    elif line.startswith("forward "):
        posted_at = session.now() - timedelta(minutes=5)
        await session.forward_to_bot(line.removeprefix("forward ").strip(), posted_at, "rehearse-forwards-message")
    else:
        await session.write_to_bot(line)


def _parse_option_value(option: str, text: str) -> str | tuple[str, bytes]:
    """The text, or the name and content of the file whose path it is."""
    if option == "file":
        path = Path(text)
        return path.name, path.read_bytes()
    return text


async def _use_control_of_message(session: DemoSession, label: str, keyboard: DaemonThread) -> None:
    """Use a control of the bot's last message: a button by its label or number, or an option of a select by its label.

    A form that it opens is filled in by the person, field by field, and submitted.
    """
    if session.last_message is None:
        raise InvalidUserActionError("-")
    options = [option["label"] for select in selects_of(session.last_message) for option in select["options"]]
    if label.isdecimal():
        label = ["0", *buttons_of(session.last_message)][int(label)]  # the first button is number 1
    if label in options:
        answer = session.show_answer(await session.person.select_option(session.last_message, label))
    else:
        answer = await session.press_button(session.last_message, label)
    if answer.kind == MODAL:
        fields = [component["label"] for component in answer.modal["components"] if "label" in component]
        values = [await keyboard.run(input, f"  {field}: ") for field in fields]
        await session.submit_modal(answer, *values)
