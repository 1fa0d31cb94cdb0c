"""Completion of names: matches in any kana and width, the last used first, on both engines."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.calendar import instant_to_micros
from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.reply.thread_state import Direction
from bot.domain.text import HIRAGANA_SYLLABLES, KATAKANA_SYLLABLES
from bot.domain.types import MemberId
from bot.services.container import Services
from bot.services.new_messages import NewMessage
from bot.settings import read_defaults
from storage.connect import open_database

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
MIKA = MemberId(1)


@pytest.fixture
async def services(database_url: str) -> AsyncIterator[Services]:
    """Over an empty database."""
    database = await open_database(database_url)
    yield Services(database, read_defaults({}), lambda: None)
    await database.close()


async def record(services: Services, client: str, title: str | None = None, *, minute: int = 0) -> None:
    at = NOW + timedelta(minutes=minute)
    moment = ParsedTime(at - timedelta(hours=1), Precision.MINUTE)
    record = NewMessage(
        direction=Direction.RECEIVED,
        client=client,
        title=title,
        time=moment,
        source=MessageSource.WRITTEN,
        source_key=f"{client}/{title}/{minute}",
    )
    await services.recording.record(MIKA, record, now=at)


def test_the_two_kana_are_in_the_same_order() -> None:
    assert len(HIRAGANA_SYLLABLES) == len(KATAKANA_SYLLABLES) == len(set(KATAKANA_SYLLABLES))
    assert [KATAKANA_SYLLABLES[HIRAGANA_SYLLABLES.index(each)] for each in "ぁあがぱんゔゖゝ"] == list(
        "ァアガパンヴヶヽ"
    )


@pytest.mark.parametrize("typed", ["かふぇ", "カフェ", "ｶﾌｪ", "フェ・み", "ﾐﾔｺ", "みやこ様", "cafe", "ＣＡＦＥ", "・"])
async def test_a_name_matches_by_any_part_in_any_kana(services: Services, typed: str) -> None:
    await record(services, "カフェ・ミヤコ cafe")
    await record(services, "別の会社")
    assert await services.status.search_clients(MIKA, typed) == ["カフェ・ミヤコ cafe"]


async def test_a_hiragana_name_matches_katakana(services: Services) -> None:
    await record(services, "さくらデザイン")
    assert await services.status.search_clients(MIKA, "サクラでざ") == ["さくらデザイン"]
    assert await services.status.search_clients(MemberId(2), "サクラ") == []
    assert await services.status.search_clients(MIKA, "%") == []


async def test_a_client_is_listed_once_and_the_last_used_first(services: Services) -> None:
    """A client with many threads does not push the others out; a record in an old thread brings it to the front."""
    await record(services, "古い社")
    for number in range(30):
        await record(services, "多い社", f"仕事{number}", minute=1 + number)
    await record(services, "新しい社", minute=40)
    assert await services.status.search_clients(MIKA, "") == ["新しい社", "多い社", "古い社"]
    await record(services, "古い社", minute=50)
    assert await services.status.search_clients(MIKA, "社") == ["古い社", "新しい社", "多い社"]


async def test_a_title_matches_behind_many_others(services: Services) -> None:
    await record(services, "多い社", "ロゴ製作")
    await record(services, "よその社", "ロゴ")
    for number in range(30):
        await record(services, "多い社", f"仕事{number}", minute=1 + number)
    assert await services.status.search_titles(MIKA, "ろご", client="多い社") == ["ロゴ製作"]
    assert len(await services.status.search_titles(MIKA, "", client="")) == 25


async def test_a_thread_without_messages_is_not_offered(services: Services) -> None:
    await record(services, "カフェ")
    page = await services.history.page(MIKA)
    await services.message_corrections.delete_message(MIKA, page.entries[0].message.id, now=NOW)
    assert await services.status.search_clients(MIKA, "") == []


@pytest.mark.parametrize(("others", "listed"), [(1998, ["新しい社", "古い社"]), (1999, ["新しい社"])])
async def test_among_the_2000_threads_used_last(services: Services, others: int, listed: list[str]) -> None:
    await record(services, "古い社")
    await record(services, "新しい社", minute=50)
    async with services.database.write() as transaction:
        await transaction.fetch(
            "INSERT INTO threads (member_id, client_key, title_key, used_at) WITH RECURSIVE numbers(number) AS"
            f" (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < {others})"
            " SELECT 1, 'key ' || number, '', $1 FROM numbers",
            instant_to_micros(NOW + timedelta(minutes=20)),
        )
    assert await services.status.search_clients(MIKA, "") == listed
