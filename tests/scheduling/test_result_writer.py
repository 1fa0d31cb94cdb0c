"""Results that are saved together: one that the database refuses, and a caller that is cancelled."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from bot.domain.types import DeliveryId, MemberId
from bot.errors import StorageError
from bot.fake_discord.clock import ManualClock
from bot.scheduling.result_writer import ResultWriter
from storage import delivery_results
from storage.connect import open_database
from storage.database import Transaction
from storage.deliveries import ClaimedDelivery
from storage.delivery_results import DeliveryResult
from tests.helpers.closing import CloseLater

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


class Saving:
    """Stands for `save_delivery_results`: takes note of the members, and refuses or holds up what it is told to."""

    def __init__(self) -> None:
        self.saved: list[list[MemberId]] = []
        self.refused: dict[MemberId, StorageError] = {}
        self.begun = asyncio.Event()
        self.permits = asyncio.Semaphore(0)

    async def save(self, _: Transaction, results: Sequence[DeliveryResult], *, now: datetime) -> None:
        """See `save_delivery_results`."""
        del now
        self.begun.set()
        await self.permits.acquire()
        members = [result.claimed.member_id for result in results]
        for member_id in members:
            if member_id in self.refused:
                raise self.refused[member_id]
        self.saved.append(members)

    def permit_all(self) -> None:
        """From now on nothing is held up."""
        for _ in range(10):
            self.permits.release()


@pytest.fixture
def saving(monkeypatch: pytest.MonkeyPatch) -> Saving:
    stand_in = Saving()
    monkeypatch.setattr(delivery_results, "save_delivery_results", stand_in.save)
    return stand_in


@pytest.fixture
async def writer(database_url: str, close_later: CloseLater) -> ResultWriter:
    return ResultWriter(close_later(await open_database(database_url)), ManualClock(NOW))


def result_of(member_id: int) -> DeliveryResult:
    return DeliveryResult(ClaimedDelivery(DeliveryId(member_id), MemberId(member_id), NOW, 0, NOW), ())


async def begin(writer: ResultWriter, saving: Saving) -> list[asyncio.Task[None]]:
    """Save the result of member 1, and those of 2, 3 and 4 as soon as that is done."""
    tasks = [asyncio.create_task(writer.save(result_of(1)))]
    await saving.begun.wait()
    tasks += [asyncio.create_task(writer.save(result_of(member_id))) for member_id in (2, 3, 4)]
    await asyncio.sleep(0)
    return tasks


async def test_what_comes_during_a_commit_shares_the_next_one(writer: ResultWriter, saving: Saving) -> None:
    tasks = await begin(writer, saving)
    saving.permit_all()
    assert await asyncio.gather(*tasks, return_exceptions=True) == [None] * 4
    assert saving.saved == [[1], [2, 3, 4]]


async def test_a_result_that_is_refused_is_left_out_alone(writer: ResultWriter, saving: Saving) -> None:
    saving.refused[MemberId(3)] = error = StorageError("storage-failed")
    tasks = await begin(writer, saving)
    saving.permit_all()
    assert await asyncio.gather(*tasks, return_exceptions=True) == [None, None, error, None]
    assert saving.saved == [[1], [2], [4]]


async def test_while_the_database_is_away_nothing_is_tried_one_by_one(writer: ResultWriter, saving: Saving) -> None:
    saving.refused[MemberId(3)] = error = StorageError("storage-unreachable")
    tasks = await begin(writer, saving)
    saving.permit_all()
    assert await asyncio.gather(*tasks, return_exceptions=True) == [None, error, error, error]
    assert saving.saved == [[1]]


async def test_what_shared_a_cancelled_commit_is_saved_by_the_next_caller(writer: ResultWriter, saving: Saving) -> None:
    tasks = await begin(writer, saving)
    saving.begun.clear()
    saving.permits.release()
    await tasks[0]
    await saving.begun.wait()
    tasks[1].cancel()
    await asyncio.wait(tasks[1:2])
    saving.permit_all()
    assert await asyncio.gather(*tasks[2:], return_exceptions=True) == [None, None]
    [_, together] = saving.saved
    assert {3, 4} <= set(together)
