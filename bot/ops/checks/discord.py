"""What Discord says of the token and the application, and what time it is there. Plain requests: no gateway."""

from collections.abc import Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp

from bot.clock import Clock
from bot.ops.checks.result import Check, CheckResult, Severity
from bot.settings import Settings

REQUEST_TIMEOUT: Final = aiohttp.ClientTimeout(total=10)
OK: Final = 200
UNAUTHORIZED: Final = 401

PRIVILEGED: Final = {"PRESENCE": 12, "GUILD_MEMBERS": 14, "MESSAGE_CONTENT": 18}
"""The bits of an application's flags; the bit above each is the same for a bot in few servers."""

GUILD_INSTALL: Final = "0"
USER_INSTALL: Final = "1"

CLOCK_SKEW_WARNING: Final = timedelta(seconds=2)
CLOCK_SKEW_ERROR: Final = timedelta(seconds=30)


async def check_discord(settings: Settings, clock: Clock) -> list[CheckResult]:
    """Token, application, clock. Whatever Discord does is a finding."""
    token = CheckResult(Check.TOKEN, Severity.ERROR, "setting-token-missing")
    application = CheckResult(Check.APPLICATION, Severity.SKIPPED, "doctor-application-unseen")
    try:
        async with aiohttp.ClientSession(timeout=REQUEST_TIMEOUT) as session:
            if settings.token is None:
                _, _, skew = await _get(session, settings, "/gateway", clock)
                return [token, application, _clock(skew)]
            status, response, skew = await _get(session, settings, "/users/@me", clock)
            token = _token(status, response)
            if token.severity is Severity.OK:
                status, found, _ = await _get(session, settings, "/applications/@me", clock)
                if status == OK and isinstance(found, Mapping):
                    application = _application(found)
            return [token, application, _clock(skew)]
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
        about = {"address": settings.api_url}
        if settings.token is None:
            return [token, CheckResult(Check.APPLICATION, Severity.ERROR, "discord-unreachable", about), _clock(None)]
        return [CheckResult(Check.TOKEN, Severity.ERROR, "discord-unreachable", about), application, _clock(None)]


def _token(status: int, response: Any) -> CheckResult:
    if status == OK and isinstance(response, Mapping):
        return CheckResult(
            Check.TOKEN, Severity.OK, "doctor-token-fine", {"name": str(response.get("username", "–"))[:100]}
        )
    if status == UNAUTHORIZED:
        return CheckResult(Check.TOKEN, Severity.ERROR, "discord-token-refused")
    code = str(response.get("code", "–"))[:20] if isinstance(response, Mapping) else "–"
    return CheckResult(Check.TOKEN, Severity.ERROR, "discord-refused", {"status": str(status), "code": code})


async def _get(
    session: aiohttp.ClientSession, settings: Settings, path: str, clock: Clock
) -> tuple[int, Any, timedelta | None]:
    """The status, the body, and how far the clock here is ahead of Discord's, to about a second."""
    headers = {} if settings.token is None else {"Authorization": f"Bot {settings.token}"}
    before = clock.now()
    async with session.get(settings.api_url + path, headers=headers) as response:
        middle = before + (clock.now() - before) / 2
        try:
            there = parsedate_to_datetime(response.headers.get("Date", ""))
            skew = middle - there - timedelta(seconds=0.5)  # what it leaves out of its second
        except (TypeError, ValueError):
            skew = None
        try:
            body = await response.json(content_type=None)
        except ValueError:
            body = None
        return response.status, body, skew


def _application(found: Mapping[str, Any]) -> CheckResult:
    flags = found.get("flags")
    privileged = [
        name for name, bit in PRIVILEGED.items() if isinstance(flags, int) and flags & (1 << bit | 1 << (bit + 1))
    ]
    installs = found.get("integration_types_config")
    number = str(found.get("id", ""))[:20]
    if found.get("interactions_endpoint_url"):
        return CheckResult(Check.APPLICATION, Severity.ERROR, "doctor-application-endpoint")
    if isinstance(installs, Mapping) and installs and not {GUILD_INSTALL, USER_INSTALL} <= installs.keys():
        return CheckResult(Check.APPLICATION, Severity.WARNING, "doctor-application-installs", {"id": number})
    if privileged:
        return CheckResult(
            Check.APPLICATION, Severity.WARNING, "doctor-application-intents", {"intents": ", ".join(privileged)}
        )
    return CheckResult(Check.APPLICATION, Severity.OK, "doctor-application-fine", {"id": number})


def _clock(skew: timedelta | None) -> CheckResult:
    if skew is None:
        return CheckResult(Check.CLOCK, Severity.SKIPPED, "doctor-clock-unseen")
    seconds = f"{abs(skew).total_seconds():.1f}"
    if abs(skew) < CLOCK_SKEW_WARNING:
        return CheckResult(Check.CLOCK, Severity.OK, "doctor-clock-fine", {"seconds": seconds})
    mark = Severity.WARNING if abs(skew) < CLOCK_SKEW_ERROR else Severity.ERROR
    way = "ahead" if skew > timedelta() else "behind"
    return CheckResult(Check.CLOCK, mark, f"doctor-clock-{way}", {"seconds": seconds})
