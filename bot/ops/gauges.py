"""How the process stands at this moment, as gauges: asked when somebody looks, not kept up to date meanwhile."""

import asyncio
import math
import platform
from collections.abc import Iterator
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.errors import StorageError
from bot.ops.disk import free_bytes
from bot.ops.health import Health
from bot.ops.probes import DB_PROBE_TIMEOUT, MonitoredComponents
from storage import stats
from storage.stats import Totals

CACHE_SECONDS: Final = 15.0
"""Seconds for which what was counted in the database holds: another scrape within them asks nothing."""


class GaugeCollector(Collector):
    """`refresh` asks what takes waiting; `collect` tells that and everything else."""

    def __init__(self, components: MonitoredComponents, health: Health, version: str) -> None:
        self._parts = components
        self._health = health
        self._about = (version, platform.python_version(), components.database.engine)
        self._database_up = False
        self._stock: Totals | None = None
        self._free = 0
        self._counting: asyncio.Task[None] | None = None
        self._counted_at = float("-inf")

    async def refresh(self) -> None:
        """Ask the database and the disk, unless it was just done. A count that takes long is told the next time."""
        now = asyncio.get_running_loop().time()
        if self._counting is None or (self._counting.done() and now - self._counted_at >= CACHE_SECONDS):
            self._counted_at = now
            self._counting = asyncio.create_task(self._count(), name="stock")
        self._database_up = await self._health.database_answers()
        await asyncio.wait({self._counting}, timeout=DB_PROBE_TIMEOUT)

    async def _count(self) -> None:
        self._free = await asyncio.to_thread(free_bytes, self._parts.database.erasure_log_path.parent)
        try:
            self._stock = await stats.count(self._parts.database)
        except StorageError:
            self._stock = None
            self._counted_at = float("-inf")

    async def close(self) -> None:
        """Leave no question behind."""
        if self._counting is not None:
            await asyncio.gather(self._counting, return_exceptions=True)

    def collect(self) -> Iterator[Metric]:
        """Everything, for one scrape."""
        about = GaugeMetricFamily("nintei_info", "What runs here", labels=("version", "python", "engine"))
        about.add_metric(self._about, 1)
        yield about
        yield GaugeMetricFamily("nintei_database_up", "Whether it answered within a second", int(self._database_up))
        if self._stock is not None:
            yield GaugeMetricFamily("nintei_members", "Members", self._stock.members)
            yield GaugeMetricFamily("nintei_waiting_threads", "Threads that wait for a reply", self._stock.open_windows)
            yield GaugeMetricFamily(
                "nintei_planned_reminders", "Reminders still to come", self._stock.planned_reminders
            )
        yield GaugeMetricFamily("nintei_disk_free_bytes", "Free where the database or its notes lie", self._free)
        yield from self._collect_gateway()
        age = self._parts.seconds_since_poll()
        if age is not None:
            yield GaugeMetricFamily("nintei_sweep_age_seconds", "Since the last look for due reminders", age)
        place = self._parts.membership.place
        yield GaugeMetricFamily(
            "nintei_processes", "Processes alive, this one included", place.process_count if place else 0
        )

    def _collect_gateway(self) -> Iterator[Metric]:
        connected = GaugeMetricFamily(
            "nintei_gateway_connected", "Whether events of a shard held here arrive", labels=("shard",)
        )
        for shard in sorted(self._parts.shards()):
            connected.add_metric((str(shard),), int(shard in self._parts.gateway.connected))
        yield connected
        latency = GaugeMetricFamily("nintei_gateway_latency_seconds", "To Discord and back", labels=("shard",))
        for shard, seconds in self._parts.gateway.latencies:
            if shard in self._parts.gateway.connected and math.isfinite(seconds):
                latency.add_metric((str(shard),), seconds)
        yield latency
        queue = GaugeMetricFamily("nintei_send_queue", "Messages of the bot's own on their way", labels=("state",))
        queue.add_metric(("waiting",), self._parts.queue.waiting)
        queue.add_metric(("in_flight",), self._parts.queue.in_flight)
        yield queue
        yield CounterMetricFamily(
            "nintei_first_contacts", "Direct-message channels that were opened", self._parts.dm_open_limiter.count
        )
