"""What Discord says of the token and the application, and what time it is there. Plain requests: no gateway."""

from collections.abc import Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp

from bot.clock import Clock
from bot.operations.findings import Check, Finding, Mark
from bot.settings import Settings

PATIENCE: Final = aiohttp.ClientTimeout(total=10)
OK: Final = 200
UNAUTHORIZED: Final = 401

PRIVILEGED: Final = {"PRESENCE": 12, "GUILD_MEMBERS": 14, "MESSAGE_CONTENT": 18}
"""The bits of an application's flags; the bit above each is the same for a bot in few servers."""

GUILD_INSTALL: Final = "0"
USER_INSTALL: Final = "1"

AHEAD_WORRIES: Final = timedelta(seconds=2)
AHEAD_IS_WRONG: Final = timedelta(seconds=30)


async def look_at_discord(settings: Settings, clock: Clock) -> list[Finding]:
    """Token, application, clock. Whatever Discord does is a finding."""
    token = Finding(Check.TOKEN, Mark.WRONG, "setting-token-missing")
    application = Finding(Check.APPLICATION, Mark.LEFT_OUT, "doctor-application-unseen")
    try:
        async with aiohttp.ClientSession(timeout=PATIENCE) as session:
            if settings.token is None:
                _, _, ahead = await _ask(session, settings, "/gateway", clock)
                return [token, application, _clock(ahead)]
            status, me, ahead = await _ask(session, settings, "/users/@me", clock)
            token = _token(status, me)
            if token.mark is Mark.FINE:
                status, found, _ = await _ask(session, settings, "/applications/@me", clock)
                if status == OK and isinstance(found, Mapping):
                    application = _application(found)
            return [token, application, _clock(ahead)]
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
        about = {"address": settings.api_url}
        if settings.token is None:
            return [token, Finding(Check.APPLICATION, Mark.WRONG, "discord-unreachable", about), _clock(None)]
        return [Finding(Check.TOKEN, Mark.WRONG, "discord-unreachable", about), application, _clock(None)]


def _token(status: int, me: Any) -> Finding:
    if status == OK and isinstance(me, Mapping):
        return Finding(Check.TOKEN, Mark.FINE, "doctor-token-fine", {"name": str(me.get("username", "–"))[:100]})
    if status == UNAUTHORIZED:
        return Finding(Check.TOKEN, Mark.WRONG, "discord-token-refused")
    code = str(me.get("code", "–"))[:20] if isinstance(me, Mapping) else "–"
    return Finding(Check.TOKEN, Mark.WRONG, "discord-refused", {"status": str(status), "code": code})


async def _ask(
    session: aiohttp.ClientSession, settings: Settings, path: str, clock: Clock
) -> tuple[int, Any, timedelta | None]:
    """The status, the body, and how far the clock here is ahead of Discord's, to about a second."""
    headers = {} if settings.token is None else {"Authorization": f"Bot {settings.token}"}
    before = clock.now()
    async with session.get(settings.api_url + path, headers=headers) as response:
        middle = before + (clock.now() - before) / 2
        try:
            there = parsedate_to_datetime(response.headers.get("Date", ""))
            ahead = middle - there - timedelta(seconds=0.5)  # what it leaves out of its second
        except (TypeError, ValueError):
            ahead = None
        try:
            body = await response.json(content_type=None)
        except ValueError:
            body = None
        return response.status, body, ahead


def _application(found: Mapping[str, Any]) -> Finding:
    flags = found.get("flags")
    privileged = [
        name for name, bit in PRIVILEGED.items() if isinstance(flags, int) and flags & (1 << bit | 1 << (bit + 1))
    ]
    installs = found.get("integration_types_config")
    number = str(found.get("id", ""))[:20]
    if found.get("interactions_endpoint_url"):
        return Finding(Check.APPLICATION, Mark.WRONG, "doctor-application-endpoint")
    if isinstance(installs, Mapping) and installs and not {GUILD_INSTALL, USER_INSTALL} <= installs.keys():
        return Finding(Check.APPLICATION, Mark.WORRY, "doctor-application-installs", {"id": number})
    if privileged:
        return Finding(Check.APPLICATION, Mark.WORRY, "doctor-application-intents", {"intents": ", ".join(privileged)})
    return Finding(Check.APPLICATION, Mark.FINE, "doctor-application-fine", {"id": number})


def _clock(ahead: timedelta | None) -> Finding:
    if ahead is None:
        return Finding(Check.CLOCK, Mark.LEFT_OUT, "doctor-clock-unseen")
    seconds = f"{abs(ahead).total_seconds():.1f}"
    if abs(ahead) < AHEAD_WORRIES:
        return Finding(Check.CLOCK, Mark.FINE, "doctor-clock-fine", {"seconds": seconds})
    mark = Mark.WORRY if abs(ahead) < AHEAD_IS_WRONG else Mark.WRONG
    way = "ahead" if ahead > timedelta() else "behind"
    return Finding(Check.CLOCK, mark, f"doctor-clock-{way}", {"seconds": seconds})
