"""Everything that an operator may want to know before a member tells them. Changes nothing unless asked to."""

from collections.abc import AsyncIterator, Mapping

from bot.clock import Clock
from bot.errors import SettingError
from bot.operations.at_discord import look_at_discord
from bot.operations.at_home import look_at_machine
from bot.operations.at_rest import look_at_database
from bot.operations.findings import Check, Finding, Mark, told
from bot.settings import read_settings


async def examine(
    environ: Mapping[str, str],
    clock: Clock,
    *,
    every: bool = False,
    fix: bool = False,
) -> AsyncIterator[Finding]:
    """Each finding as soon as there is one. `every`: read all threads again; `fix`: and put right those that differ."""
    try:
        settings = read_settings(environ)
    except SettingError as fault:
        yield told(Check.SETTINGS, fault)
        return
    yield Finding(Check.SETTINGS, Mark.FINE, "doctor-settings-fine")
    for finding in await look_at_discord(settings, clock):
        yield finding

    async for finding in look_at_database(settings, every=every, fix=fix, now=clock.now()):
        yield finding
    for finding in look_at_machine(settings, now=clock.now()):
        yield finding
