"""Checks of the token, the application and the clock by plain HTTP requests to Discord, without the gateway."""

from collections.abc import Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final

import aiohttp

from bot.clock import Clock
from bot.ops.checks.result import Check, CheckMark, CheckResult
from bot.settings import Settings

REQUEST_TIMEOUT: Final = 10.0
"""Seconds."""

PRIVILEGED: Final = {"PRESENCE": 12, "GUILD_MEMBERS": 14, "MESSAGE_CONTENT": 18}
"""Bits of an application's flags by intent; the next higher bit means the same for a bot in fewer than 100 servers."""

GUILD_INSTALL: Final = "0"
USER_INSTALL: Final = "1"

CLOCK_SKEW_WARNING: Final = timedelta(seconds=2)
CLOCK_SKEW_ERROR: Final = timedelta(seconds=30)


async def check_discord(
    settings: Settings, clock: Clock, request_timeout: float = REQUEST_TIMEOUT
) -> list[CheckResult]:
    """Check the token, the application and the clock. A failed request is a result, too, never an error."""
    token = Check.TOKEN.error("setting-token-missing")
    application = Check.APPLICATION.skipped("doctor-application-unseen")
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(request_timeout)) as session:
            if settings.token is None:
                _, _, skew = await _get_discord_json(session, settings, "/gateway", clock)
                return [token, application, _check_clock_against_discord(skew)]
            status, response, skew = await _get_discord_json(session, settings, "/users/@me", clock)
            token = _check_token(status, response)
            if token.severity is CheckMark.OK:
                status, details, _ = await _get_discord_json(session, settings, "/applications/@me", clock)
                if status == HTTPStatus.OK and isinstance(details, Mapping):
                    application = _check_application(details)
            return [token, application, _check_clock_against_discord(skew)]
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
        if settings.token is None:
            application = Check.APPLICATION.error("discord-unreachable", address=settings.api_url)
        else:
            token = Check.TOKEN.error("discord-unreachable", address=settings.api_url)
        return [token, application, _check_clock_against_discord(None)]


def _check_token(status: int, response: Any) -> CheckResult:
    if status == HTTPStatus.OK and isinstance(response, Mapping):
        return Check.TOKEN.ok("doctor-token-fine", name=str(response.get("username", "–"))[:100])
    if status == HTTPStatus.UNAUTHORIZED:
        return Check.TOKEN.error("discord-token-refused")
    code = str(response.get("code", "–"))[:20] if isinstance(response, Mapping) else "–"
    return Check.TOKEN.error("discord-refused", status=str(status), code=code)


async def _get_discord_json(
    session: aiohttp.ClientSession, settings: Settings, path: str, clock: Clock
) -> tuple[int, Any, timedelta | None]:
    """The status, the body, and how far this machine's clock is ahead of Discord's, to about a second."""
    headers = {} if settings.token is None else {"Authorization": f"Bot {settings.token}"}
    before = clock.now()
    async with session.get(settings.api_url + path, headers=headers) as response:
        midpoint = before + (clock.now() - before) / 2
        try:
            discord_time = parsedate_to_datetime(response.headers.get("Date", ""))
            skew = midpoint - discord_time - timedelta(seconds=0.5)  # the header leaves out the fraction of a second
        except (TypeError, ValueError):
            skew = None
        try:
            body = await response.json(content_type=None)
        except ValueError:
            body = None
        return response.status, body, skew


def _check_application(details: Mapping[str, Any]) -> CheckResult:
    flags = details.get("flags")
    privileged = [
        name for name, bit in PRIVILEGED.items() if isinstance(flags, int) and flags & (1 << bit | 1 << (bit + 1))
    ]
    installs = details.get("integration_types_config")
    application_id = str(details.get("id", ""))[:20]
    if details.get("interactions_endpoint_url"):
        return Check.APPLICATION.error("doctor-application-endpoint")
    if isinstance(installs, Mapping) and installs and not {GUILD_INSTALL, USER_INSTALL} <= installs.keys():
        return Check.APPLICATION.warning("doctor-application-installs", id=application_id)
    if privileged:
        return Check.APPLICATION.warning("doctor-application-intents", intents=", ".join(privileged))
    return Check.APPLICATION.ok("doctor-application-fine", id=application_id)


def _check_clock_against_discord(skew: timedelta | None) -> CheckResult:
    if skew is None:
        return Check.CLOCK.skipped("doctor-clock-unseen")
    seconds = f"{abs(skew).total_seconds():.1f}"
    if abs(skew) < CLOCK_SKEW_WARNING:
        return Check.CLOCK.ok("doctor-clock-fine", seconds=seconds)
    result = Check.CLOCK.warning if abs(skew) < CLOCK_SKEW_ERROR else Check.CLOCK.error
    return result("doctor-clock-ahead" if skew > timedelta() else "doctor-clock-behind", seconds=seconds)
