"""The HTTP server for `/metrics`, `/healthz` and `/readyz`, in the bot's own event loop."""

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
from bot.ops.health import Health, MonitoredComponents
from bot.ops.prometheus import PrometheusMetrics

SHUTDOWN_TIMEOUT: Final = 1.0
"""Seconds that a request under way has when the bot stops."""


class MonitoringServer:
    """Records metrics from its creation on, and answers requests inside `attach`."""

    def __init__(self, host: str, port: int, texts: Translations) -> None:
        self.metrics: Final = PrometheusMetrics()
        self._host = host
        self._port = port
        self._texts = texts

    @asynccontextmanager
    async def attach(self, components: MonitoredComponents) -> AsyncIterator[None]:
        """Answer requests while the block runs. Raises `SettingError` if the address cannot be opened."""
        registry, health = self.metrics.registry, Health(components)
        gauges = GaugeCollector(components, health)
        registry.register(gauges)
        ProcessCollector(namespace="nintei", registry=registry)

        async def metrics(request: web.Request) -> web.Response:
            await gauges.refresh()
            try:
                encode, content_type = choose_encoder(request.headers.get("Accept", ""))
            except TypeError:  # the library compares a version that is no number, or in quotation marks, with numbers
                encode, content_type = choose_encoder("")
            return web.Response(body=encode(registry), headers={"Content-Type": content_type})

        async def healthz(_request: web.Request) -> web.Response:
            return _health_problems_response(health.liveness_problems(), self._texts)

        async def readyz(_request: web.Request) -> web.Response:
            return _health_problems_response(await health.readiness_problems(), self._texts)

        app = web.Application()
        app.add_routes([web.get("/metrics", metrics), web.get("/healthz", healthz), web.get("/readyz", readyz)])
        try:
            async with serving_http(app, self._host, self._port):
                yield
        finally:
            await gauges.close()
            await health.close()


@asynccontextmanager
async def serving_http(app: web.Application, host: str, port: int) -> AsyncIterator[None]:
    """Answer requests while the block runs. Raises `SettingError` if the address cannot be opened."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_TIMEOUT)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except (OSError, ValueError) as error:  # ValueError: an impossible host name
            address = f"{host[:80]}:{port}"
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise SettingError("health-port-refused", address=address, reason=reason) from error
        yield
    finally:
        await runner.cleanup()


def _health_problems_response(problems: Sequence[NinteiError], texts: Translations) -> web.Response:
    """200, or 503 with a JSON object of reasons: an id for programs, a sentence for people."""
    reasons = {error.message_id.removeprefix("health-"): texts.format_error(error) for error in problems}
    body = json.dumps({"ok": not problems, "reasons": reasons}, ensure_ascii=False)
    return web.json_response(text=body, status=503 if problems else 200)
