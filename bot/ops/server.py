"""The operator's window: `/metrics`, `/healthz` and `/readyz` over HTTP, in the bot's own event loop."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web
from prometheus_client import ProcessCollector
from prometheus_client.exposition import choose_encoder

from bot.errors import NinteiError, SettingError
from bot.i18n.translations import Translations
from bot.ops.gauges import GaugeCollector
from bot.ops.health import Health
from bot.ops.probes import MonitoredComponents
from bot.ops.prometheus import PrometheusMetrics
from bot.version import VERSION

SHUTDOWN_TIMEOUT: Final = 1.0
"""Seconds that a request under way has when the bot stops."""


class MonitoringServer:
    """Counts from the start on, and answers while it is open."""

    def __init__(self, host: str, port: int, texts: Translations) -> None:
        self.meter: Final = PrometheusMetrics()
        self._host = host
        self._port = port
        self._texts = texts

    @asynccontextmanager
    async def attach(self, parts: MonitoredComponents) -> AsyncIterator[None]:
        """Answer while the block runs. Raises `SettingError` when nobody may listen there."""
        registry, health = self.meter.registry, Health(parts)
        state = GaugeCollector(parts, health, VERSION)
        registry.register(state)
        ProcessCollector(namespace="nintei", registry=registry)

        async def metrics(request: web.Request) -> web.Response:
            await state.refresh()
            encode, kind = choose_encoder(request.headers.get("Accept", ""))
            return web.Response(body=encode(registry), headers={"Content-Type": kind})

        async def healthz(_request: web.Request) -> web.Response:
            return _problem_lines(health.liveness_problems(), self._texts)

        async def readyz(_request: web.Request) -> web.Response:
            return _problem_lines(await health.readiness_problems(), self._texts)

        app = web.Application()
        app.add_routes([web.get("/metrics", metrics), web.get("/healthz", healthz), web.get("/readyz", readyz)])
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_TIMEOUT)
        await runner.setup()
        try:
            await self._listen(runner)
            yield
        finally:
            await runner.cleanup()
            await state.close()
            await health.close()

    async def _listen(self, runner: web.AppRunner) -> None:
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except (OSError, ValueError) as fault:  # the latter: no host has such a name
            address = f"{self._host[:80]}:{self._port}"
            reason = getattr(fault, "strerror", None) or type(fault).__name__
            raise SettingError("health-port-refused", address=address, reason=reason) from fault


def _problem_lines(problems: Sequence[NinteiError], texts: Translations) -> web.Response:
    """200, or 503 with the reasons: for programs an id, for people a sentence."""
    reasons = {each.message_id.removeprefix("health-"): texts.format_error(each) for each in problems}
    body = json.dumps({"ok": not problems, "reasons": reasons}, ensure_ascii=False)
    return web.json_response(text=body, status=503 if problems else 200)
