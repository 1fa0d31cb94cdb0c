"""What one member has a lot of costs others little: counted in SQL, written in batches, and limited. On both engines."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.calendar import instant_from_micros
from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.reply.thread_state import Direction
from bot.domain.types import MemberId, ThreadId
from bot.errors import InvalidInputError, NotAllowedError
from bot.services import bulk_changes, preference_changes
from bot.services.container import Services
from bot.services.new_messages import NewMessage
from bot.services.preference_changes import PreferenceChanges
from bot.services.record_transaction import BulkLimits
from bot.settings import read_defaults
from storage import undo_log
from storage.cards import CardContent, CardItem, CardKind
from storage.connect import open_database
from storage.database import Database
from storage.discord_ids import message_id_at
from tests.helpers.services import ignore_progress

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
MIKA = MemberId(1)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = await open_database(database_url)
    yield opened
    await opened.close()


def services_for(database: Database, limits: BulkLimits | None = None) -> Services:
    return Services(database, read_defaults({}), lambda: None, limits or BulkLimits(batch_threads=10))


async def receive(
    services: Services, client: str, at: datetime, direction: Direction = Direction.RECEIVED, *, title: str = "T"
) -> None:
    message = NewMessage(
        direction=direction,
        client=client,
        title=title,
        time=ParsedTime(at, Precision.SECOND),
        source=MessageSource.WRITTEN,
        source_key=f"{client}/{at}/{direction}",
    )
    await services.recording.record(MIKA, message, now=NOW)


async def wait_in(services: Services, count: int) -> None:
    """So many threads that wait, an hour apart; the first 24 of them in time."""
    for number in range(count):
        await receive(services, f"C{number}", NOW - timedelta(hours=number, minutes=1))


async def test_lists_are_read_by_the_page_and_counted_whole(database: Database) -> None:
    services = services_for(database)
    await wait_in(services, 40)
    report = await services.status.report(MIKA, now=NOW)
    assert (len(report.waiting), report.waiting_counts.total, report.waiting_counts.overdue) == (3, 40, 16)
    absence = await services.advice.absence(MIKA, NOW, NOW + timedelta(hours=20), now=NOW)
    assert (len(absence.closing_while_away), absence.closing_count, absence.overdue_count) == (15, 20, 16)
    assert absence.closing_while_away[0].thread.client == "C23"
    pages = [await services.pending.page(MIKA, now=NOW, page=page) for page in range(7)]
    assert [len(each.waiting) for each in pages] == [20] * 7
    assert {each.thread.id for page in pages for each in page.waiting} == {
        ThreadId(row[0]) for row in await database.fetch("SELECT thread_id FROM windows")
    }
    in_order = [*range(23, -1, -1), *range(24, 40)]  # still open by deadline, then overdue, the newest first
    assert [row.thread.client for page in pages[:2] for row in page.waiting] == [f"C{number}" for number in in_order]
    assert pages[-1].page == 1
    assert (await services.advice.digest_report(MIKA, now=NOW)).waiting.total == 40


async def test_only_windows_with_reminders_to_come_are_planned_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = services_for(database)
    for days in (0, 5, 9, 11, 300):
        await receive(services, f"C{days}", NOW - timedelta(days=days, minutes=1))
    derived: list[ThreadId] = []
    recompute = preference_changes.recompute_threads_one_by_one

    async def counted(*arguments: Any, **keywords: Any) -> None:
        derived.extend(arguments[2])
        await recompute(*arguments, **keywords)

    monkeypatch.setattr(preference_changes, "recompute_threads_one_by_one", counted)
    await services.preferences.apply_changes(MIKA, PreferenceChanges(lead_times="2h"), now=NOW)
    recent = await database.fetch("SELECT thread_id FROM threads WHERE client IN ('C0', 'C5', 'C9') ORDER BY thread_id")
    assert derived == [row[0] for row in recent]


async def plans(database: Database) -> list[tuple[object, ...]]:
    rows = await database.fetch(
        "SELECT thread_id, kind, lead, remind_at FROM occurrences WHERE state = 'planned' ORDER BY 1, 4, 3"
    )
    return [tuple(row) for row in rows]


async def test_many_windows_are_planned_again_in_batches_that_let_others_write(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = services_for(database)
    await wait_in(services, 23)
    before = await plans(database)
    batches: list[int] = []
    recompute = bulk_changes.recompute_threads_one_by_one

    async def counted(*arguments: object, **keywords: Any) -> None:
        batches.append(len(arguments[2]))  # type: ignore[arg-type]
        await recompute(*arguments, **keywords)  # type: ignore[arg-type]

    monkeypatch.setattr(bulk_changes, "recompute_threads_one_by_one", counted)
    await services.preferences.apply_changes(MIKA, PreferenceChanges(lead_times="2h"), now=NOW)
    assert batches == [10, 10, 3]
    assert await undo_log.list_undo_steps_in_progress(database) == []
    planned = await plans(database)
    assert planned != before
    assert await services_for(database, BulkLimits()).preferences.apply_changes(
        MIKA, PreferenceChanges(lead_times="2h"), now=NOW
    )
    assert await plans(database) == planned


@pytest.mark.parametrize("windows", [10, 23])
@pytest.mark.parametrize("change", ["settings", "muting"])
async def test_cards_are_edited_that_name_reminders_planned_again(
    database: Database, windows: int, change: str
) -> None:
    """Of few windows, and of many, which are planned again in batches."""
    woken: list[str] = []
    services = Services(
        database,
        read_defaults({}),
        lambda: None,
        BulkLimits(batch_threads=10),
        on_cards_changed=lambda: woken.append("cards"),
    )
    for number in range(windows):
        await receive(services, "A", NOW - timedelta(hours=1, minutes=number), title=f"T{number}")
    shown = await database.fetch("SELECT thread_id, message_id FROM messages ORDER BY message_id")
    for number, (thread_id, message_id) in enumerate(shown):
        content = CardContent(kind=CardKind.RECEIPT, items=(CardItem(message_id, thread_id),))
        await services.cards.save(MIKA, message_id_at(NOW) + number, 5, content, now=NOW)
    before = await database.fetch("SELECT revision FROM cards ORDER BY discord_message_id")
    later = NOW + timedelta(minutes=1)
    if change == "settings":
        await services.preferences.apply_changes(MIKA, PreferenceChanges(lead_times="2h"), now=later)
    else:
        await services.muting.mute(MIKA, "A", now=later)
    after = await database.fetch("SELECT revision, edit_at FROM cards ORDER BY discord_message_id")
    assert [revision for revision, _ in after] == [revision + 1 for (revision,) in before]
    assert {instant_from_micros(edit_at) for _, edit_at in after} == {later}
    assert woken


@pytest.mark.parametrize("batch", range(3))
async def test_planning_again_that_was_interrupted_is_done_at_the_next_start(
    database: Database, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    class Killed(BaseException):
        pass

    services = services_for(database)
    await wait_in(services, 23)
    recompute, done = bulk_changes.recompute_threads_one_by_one, 0

    async def die(*arguments: object, **keywords: Any) -> None:
        nonlocal done
        if done == batch:
            raise Killed
        done += 1
        await recompute(*arguments, **keywords)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(bulk_changes, "recompute_threads_one_by_one", die)
        with pytest.raises(Killed):
            await services.preferences.apply_changes(MIKA, PreferenceChanges(lead_times="2h"), now=NOW)
    assert (await services.history.page(MIKA)).last_step.kind == "recorded"  # type: ignore[union-attr]
    await services_for(database).bulk_changes.resume_interrupted_steps(now=NOW)
    planned = await plans(database)
    await services_for(database, BulkLimits()).preferences.apply_changes(MIKA, PreferenceChanges(), now=NOW)
    assert await plans(database) == planned
    assert await undo_log.list_undo_steps_in_progress(database) == []


async def test_planning_again_that_another_process_has_done_already_is_done(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It sees the step as soon as that is stored."""
    services, other = services_for(database), services_for(database)
    await wait_in(services, 23)
    replan = services.bulk_changes.replan_reminders

    async def replan_later(*arguments: Any, now: datetime) -> None:
        await other.bulk_changes.resume_interrupted_steps(now=now)
        await replan(*arguments, now=now)

    monkeypatch.setattr(services.bulk_changes, "replan_reminders", replan_later)
    before = await plans(database)
    await services.preferences.apply_changes(MIKA, PreferenceChanges(lead_times="2h"), now=NOW)
    assert await plans(database) != before
    assert await undo_log.list_undo_steps_in_progress(database) == []


async def test_a_thread_takes_no_more_by_merging_moving_or_recording(database: Database) -> None:
    services = services_for(database, BulkLimits(messages_per_thread=5))
    for client in ("A", "B"):
        for number in range(3):
            await receive(services, client, NOW - timedelta(hours=number + 1))
    first, second = (thread.id for thread in await services.status.list_recent_threads(MIKA))
    with pytest.raises(NotAllowedError, match="limits-thread-moved"):
        await services.history.merge_threads(MIKA, first, second, now=NOW)
    full = services_for(database, BulkLimits(messages_per_thread=3))
    with pytest.raises(NotAllowedError, match="limits-thread-full"):
        await receive(full, "A", NOW)
    [[count]] = await database.fetch("SELECT count(*) FROM messages")
    assert count == 6


async def test_no_more_windows_are_opened_than_one_member_may_have(database: Database) -> None:
    services = services_for(database, BulkLimits(open_windows=3))
    for number in range(30, 27, -1):
        await receive(services, f"closed {number}", NOW - timedelta(hours=number))
    await wait_in(services, 3)
    with pytest.raises(NotAllowedError, match="limits-open"):
        await receive(services, "X", NOW)
    await receive(services, "C0", NOW, Direction.SENT)
    await receive(services, "X", NOW)
    rows = f"thread,direction,sent_at\nY,received,{(NOW - timedelta(hours=1)).isoformat()}\n"
    await services.data_transfer.preview_import(MIKA, "a.csv", rows.encode(), now=NOW)
    with pytest.raises(InvalidInputError, match="limits-open"):
        await services.data_transfer.commit_import(MIKA, ignore_progress, now=NOW)
    [[count]] = await database.fetch(
        "SELECT count(*) FROM threads WHERE client = 'Y' AND EXISTS"
        " (SELECT 1 FROM messages WHERE messages.thread_id = threads.thread_id)"
    )
    assert count == 0
