"""All checks of `python -m bot doctor`. They change nothing unless `fix` is set."""

from collections.abc import AsyncIterator, Mapping

from bot.clock import Clock
from bot.errors import SettingError
from bot.ops.checks.database import check_database
from bot.ops.checks.discord import check_discord
from bot.ops.checks.host import check_machine
from bot.ops.checks.lmtp import check_lmtp
from bot.ops.checks.mail import check_mailbox
from bot.ops.checks.monitoring import check_monitoring
from bot.ops.checks.result import Check, CheckResult
from bot.settings import env_file_is_world_readable, find_misspelt_settings, read_settings


async def run_doctor_checks(
    environ: Mapping[str, str], clock: Clock, *, all_threads: bool = False, fix: bool = False
) -> AsyncIterator[CheckResult]:
    """Yield each result as soon as it is there. `all_threads`: recompute all; `fix`: repair those that differ."""
    try:
        settings = read_settings(environ)
    except SettingError as error:
        yield Check.SETTINGS.failed(error)
        return
    if env_file_is_world_readable():
        yield Check.SETTINGS.warning("doctor-settings-readable")
    elif misspelt := find_misspelt_settings(environ):
        names, settings_meant = (", ".join(part) for part in zip(*misspelt, strict=True))
        params = {"name": names, "near": settings_meant}
        yield Check.SETTINGS.warning("setting-environment-unknown", **params)
    else:
        yield Check.SETTINGS.ok("doctor-settings-fine")
    for result in await check_discord(settings, clock):
        yield result
    async for result in check_database(settings, all_threads=all_threads, fix=fix, now=clock.now()):
        yield result
    for result in check_machine(settings, now=clock.now()):
        yield result
    if (mailbox := await check_mailbox(settings.mail)) is not None:
        yield mailbox
    if (lmtp := await check_lmtp(settings.mail)) is not None:
        yield lmtp
    yield await check_monitoring(settings)
