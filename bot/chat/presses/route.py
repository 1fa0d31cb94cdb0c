"""From a control to what it does."""

from contextlib import suppress

from bot.chat.client import Interaction, TurnedAwayError
from bot.chat.controls import Act, Of
from bot.chat.presses.draft import press_draft
from bot.chat.presses.gathered import press_gathered
from bot.chat.presses.help import press_help
from bot.chat.presses.message import press_message
from bot.chat.presses.porting import press_erasure, press_import
from bot.chat.presses.record import press_list, press_profile, press_step
from bot.chat.presses.setting import press_setting
from bot.chat.presses.thread import press_page, press_thread
from bot.chat.visitor import Visitor, visit
from bot.errors import NotAllowedError


async def press(interaction: Interaction, of: Of, number: int, act: Act, values: tuple[str, ...]) -> None:
    """Somebody pressed a button or chose from a select; whose row it is, is checked where the row is read."""
    with suppress(TurnedAwayError):
        async with visit(interaction) as visitor:
            await _press(visitor, of, number, act, values)


async def _press(visitor: Visitor, of: Of, number: int, act: Act, values: tuple[str, ...]) -> None:
    match of:
        case Of.MESSAGE:
            await press_message(visitor, number, act, values)
        case Of.THREAD:
            await press_thread(visitor, number, act, values)
        case Of.DRAFT:
            await press_draft(visitor, number, act, values)
        case Of.SETTING | Of.START:
            await press_setting(visitor, of, act, values)
        case Of.HELP:
            await press_help(visitor, values)
        case Of.PAGE if act is Act.SHOW:
            await press_page(visitor, number)
        case Of.GATHERED if act is Act.LOOK:
            await press_gathered(visitor, values)
        case Of.PROFILE:
            await press_profile(visitor, act, values)
        case _:
            await _press_record(visitor, of, number, act)


async def _press_record(visitor: Visitor, of: Of, number: int, act: Act) -> None:
    """The record as a whole: its lists, its steps, taking it along and leaving."""
    match of:
        case Of.JOBS | Of.HISTORY | Of.DETAIL if act is Act.SHOW:
            await press_list(visitor, of, number)
        case Of.STEP:
            await press_step(visitor, number, act)
        case Of.IMPORT:
            await press_import(visitor, act)
        case Of.ERASURE:
            await press_erasure(visitor, act)
        case _:
            raise NotAllowedError("press-unknown")
