"""Check of the address for metrics: the bot that answers there, or whether a start could open it."""

import json
from typing import Any, Final

import aiohttp
from aiohttp import web

from bot.errors import SettingError
from bot.ops.checks.result import Check, CheckResult
from bot.ops.server import serving_http
from bot.settings import Settings

REQUEST_TIMEOUT: Final = aiohttp.ClientTimeout(total=5)

LOOPBACK: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 — what the operator may have set
"""Where to ask a server that listens on every address."""


async def check_monitoring(settings: Settings) -> CheckResult:
    """Ask the running bot whether it is ready; without one, open the address as a start does."""
    host, port = settings.metrics_host, settings.metrics_port
    if port is None:
        return Check.MONITORING.skipped("doctor-monitoring-off")
    reasons = await _fetch_readiness_problems(LOOPBACK.get(host, host), port)
    if reasons:
        return Check.MONITORING.error("doctor-monitoring-unready", reasons=" ".join(reasons)[:1000])
    if reasons is not None:
        return Check.MONITORING.ok("doctor-monitoring-ready")
    try:
        async with serving_http(web.Application(), host, port):
            return Check.MONITORING.ok("doctor-monitoring-free", address=f"{host}:{port}")
    except SettingError as error:
        return Check.MONITORING.failed(error)


async def _fetch_readiness_problems(host: str, port: int) -> list[str] | None:
    """Why the bot that answers is not ready; None when no bot answers."""
    address = f"[{host}]" if ":" in host else host
    try:
        async with (
            aiohttp.ClientSession(timeout=REQUEST_TIMEOUT) as session,
            session.get(f"http://{address}:{port}/readyz") as response,
        ):
            answer: Any = json.loads(await response.text())
            return [str(sentence) for sentence in answer["reasons"].values()]
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError, LookupError, TypeError, AttributeError):
        return None
