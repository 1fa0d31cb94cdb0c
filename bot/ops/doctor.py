"""Everything that an operator may want to know before a member tells them. Changes nothing unless asked to."""

from collections.abc import AsyncIterator, Mapping

from bot.clock import Clock
from bot.errors import SettingError
from bot.ops.checks.database import check_database
from bot.ops.checks.discord import check_discord
from bot.ops.checks.host import check_host
from bot.ops.checks.result import Check, CheckResult, Severity, from_error
from bot.settings import read_settings


async def run_checks(
    environ: Mapping[str, str],
    clock: Clock,
    *,
    all_threads: bool = False,
    fix: bool = False,
) -> AsyncIterator[CheckResult]:
    """Each finding as soon as there is one. `every`: read all threads again; `fix`: and put right those that differ."""
    try:
        settings = read_settings(environ)
    except SettingError as fault:
        yield from_error(Check.SETTINGS, fault)
        return
    yield CheckResult(Check.SETTINGS, Severity.OK, "doctor-settings-fine")
    for finding in await check_discord(settings, clock):
        yield finding

    async for finding in check_database(settings, all_threads=all_threads, fix=fix, now=clock.now()):
        yield finding
    for finding in check_host(settings, now=clock.now()):
        yield finding
