"""Gauges of the process's state, read when Prometheus scrapes."""

import asyncio
import math
import platform
from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.errors import StorageError
from bot.ops.disk import free_disk_bytes
from bot.ops.health import Health, MonitoredComponents
from bot.version import VERSION
from storage import stats
from storage.stats import Totals


class GaugeCollector(Collector):
    """Call `refresh` before a scrape: it asks the database and the disk, which `collect` cannot wait for."""

    def __init__(self, components: MonitoredComponents, health: Health) -> None:
        self._components = components
        self._health = health
        self._database_up = False
        self._totals: Totals | None = None
        self._free_bytes = 0
        self._counting: asyncio.Task[None] | None = None
        self._counted_at = float("-inf")

    async def refresh(self) -> None:
        """Ask the database and the disk, unless the cache is fresh. A slow count appears in the next scrape."""
        now, limits = asyncio.get_running_loop().time(), self._components.limits
        if self._counting is None or (self._counting.done() and now - self._counted_at >= limits.totals_cache):
            self._counted_at = now
            self._counting = asyncio.create_task(self._count_rows(), name="totals")
        self._database_up = await self._health.database_problem() is None
        await asyncio.wait({self._counting}, timeout=limits.db_probe_timeout)

    async def _count_rows(self) -> None:
        self._free_bytes = await asyncio.to_thread(free_disk_bytes, self._components.database.erasure_log_path.parent)
        try:
            self._totals = await stats.count_totals(self._components.database)
        except StorageError:
            self._totals = None
            self._counted_at = float("-inf")

    async def close(self) -> None:
        """Wait for a count that is under way."""
        if self._counting is not None:
            await asyncio.gather(self._counting, return_exceptions=True)

    def collect(self) -> Iterator[Metric]:
        """All gauges, for one scrape."""
        info = GaugeMetricFamily("nintei_info", "Version and database engine", labels=("version", "python", "engine"))
        engine = self._components.database.engine
        info.add_metric((VERSION, platform.python_version(), engine), 1)
        yield info
        for name, description, value in self._single_gauges():
            yield GaugeMetricFamily(f"nintei_{name}", description, value)
        yield from self._collect_gateway()

    def _single_gauges(self) -> Iterator[tuple[str, str, float]]:
        """Name, description and value of each gauge without labels."""
        components, totals = self._components, self._totals
        yield "database_up", "Whether a row could be written to the database in a second", self._database_up
        if totals is not None:
            yield "members", "Members", totals.members
            yield "waiting_threads", "Threads that wait for the member's reply", totals.open_windows
            yield "planned_reminders", "Reminders still to come", totals.planned_reminders
        yield "disk_free_bytes", "Free bytes where the database or its erasure log lies", self._free_bytes
        polled = components.seconds_since_successful_poll()
        yield "reminder_poll_age_seconds", "Seconds since the database last answered a poll for due reminders", polled
        if components.daily_backup.enabled:
            backup_at = components.daily_backup.last_success_at
            made = backup_at.timestamp() if backup_at else 0
            yield "last_backup_timestamp_seconds", "When the last daily backup was made; 0: none yet", made
        if (mailbox := components.mailbox) is not None:
            listed = mailbox.seconds_since_listed()
            yield (
                "mail_last_seen_seconds",
                "Seconds since this process last read the mailbox, or since its start",
                listed,
            )
        assignment = components.membership.assignment
        count = assignment.process_count if assignment else 0
        yield "processes", "Live processes, this one included", count

    def _collect_gateway(self) -> Iterator[Metric]:
        gateway = self._components.gateway
        connected = GaugeMetricFamily(
            "nintei_gateway_connected", "Whether a shard of this process is connected", labels=("shard",)
        )
        for shard in sorted(self._components.shards()):
            connected.add_metric((str(shard),), int(shard in gateway.connected))
        yield connected
        latency = GaugeMetricFamily("nintei_gateway_latency_seconds", "Round trip to Discord", labels=("shard",))
        for shard, seconds in gateway.latencies:
            if shard in gateway.connected and math.isfinite(seconds):
                latency.add_metric((str(shard),), seconds)
        yield latency
        queue = GaugeMetricFamily(
            "nintei_send_queue", "Messages on the bot's own initiative that are not sent yet", labels=("state",)
        )
        queue.add_metric(("waiting",), self._components.rate_limiter.waiting)
        queue.add_metric(("in_flight",), self._components.rate_limiter.in_flight)
        yield queue
        yield CounterMetricFamily(
            "nintei_dm_channels_opened",
            "Direct-message channels that were opened",
            self._components.dm_open_limiter.count,
        )
