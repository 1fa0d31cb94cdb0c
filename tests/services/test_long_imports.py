"""An import and its undoing run in batches and are one step, also when the process dies between two. On both engines."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.calendar import instant_from_micros
from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.reply.thread_state import Direction, compute_thread_state
from bot.domain.types import MemberId, MessageId
from bot.errors import NotAllowedError, StorageError
from bot.services import data_transfer, import_writer
from bot.services.container import Services
from bot.services.data_transfer import ImportResult
from bot.services.new_messages import NewMessage
from bot.services.record_transaction import BulkLimits
from bot.settings import read_defaults
from storage import messages, threads, undo_log
from storage.connect import open_database
from storage.database import Database, Row
from storage.engines.postgresql import open_postgresql
from tests.helpers.amounts import others_slow
from tests.helpers.closing import CloseLater
from tests.helpers.services import ignore_progress

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
MIKA, KEN = MemberId(1), MemberId(2)
BATCHES = 8
SMALL = BulkLimits(batch_rows=10, batch_threads=4)


class Killed(BaseException):
    """Stands for the death of the process: no handler of the program catches it."""


def services_for(database: Database, limits: BulkLimits = SMALL, **environ: str) -> Services:
    return Services(database, read_defaults(environ), lambda: None, limits)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = await open_database(database_url)
    yield opened
    await opened.close()


def history_csv(threads: int = 5, of_each: int = 14, waiting: int = 3) -> bytes:
    """A file larger than a batch, with threads larger than a batch, and some that wait for a reply."""
    rows = ["thread,direction,sent_at,client,title"]
    for thread in range(threads):
        for number in range(of_each):
            at = NOW - timedelta(days=60) + timedelta(hours=7 * number + thread)
            rows.append(f"T{thread},{['received', 'sent'][number % 2]},{at.isoformat()},C{thread},T")
    rows += [f"W{n},received,{(NOW - timedelta(hours=n + 1)).isoformat()},W{n}," for n in range(waiting)]
    return "\n".join(rows).encode()


async def import_file(
    services: Services,
    member: MemberId = MIKA,
    progress: Callable[[int, int], Awaitable[None]] = ignore_progress,
    data: bytes | None = None,
    name: str = "a.csv",
) -> ImportResult:
    await services.data_transfer.preview_import(member, name, data or history_csv(), now=NOW)
    return await services.data_transfer.commit_import(member, progress, now=NOW)


async def test_a_row_of_a_history_says_nothing_about_the_end_of_a_conversation(database: Database) -> None:
    """So that a late reply to it is not asked about."""
    await import_file(services_for(database), data=history_csv(1, 2, 1))
    assert [tuple(row) for row in await database.fetch("SELECT DISTINCT closing FROM messages")] == [(0,)]


async def receive(
    services: Services, key: str, member: MemberId = MIKA, *, source: MessageSource = MessageSource.POSTED
) -> None:
    moment = ParsedTime(NOW - timedelta(minutes=30), Precision.MINUTE)
    await services.recording.record(
        member,
        NewMessage(
            direction=Direction.RECEIVED,
            client="A社",
            title=None,
            time=moment,
            source=source,
            source_key=key,
        ),
        now=NOW,
    )


async def export_everything(services: Services, member: MemberId) -> bytes:
    """What a member can import elsewhere, with the keys of the messages."""
    with await services.data_transfer.export(member, now=NOW, unnamed_label="–") as export:
        [file] = [file for name, file in export.files.items() if name.endswith(".json")]
        file.seek(0)
        return file.read()


async def stored_rows(database: Database) -> dict[str, list[Row]]:
    """The recorded messages and the derived rows."""
    return {
        "messages": await database.fetch(
            "SELECT client_key, title_key, direction, kind, sent_at FROM messages JOIN threads USING (member_id, thread_id)"
            " ORDER BY 1, 2, 5, 3"
        ),
        "exchanges": await database.fetch("SELECT asked_at, newest_asked_at, replied_at FROM exchanges ORDER BY 3, 1"),
        "windows": await database.fetch("SELECT oldest_at, newest_at, reminds_from, dismissed FROM windows ORDER BY 1"),
        "planned": await database.fetch(
            "SELECT opened_at, kind, lead, remind_at FROM occurrences WHERE state = 'planned' ORDER BY 1, 4"
        ),
    }


async def check_derived(database: Database) -> None:
    """The exchanges of every thread are those computed from its messages."""
    for (number,) in await database.fetch("SELECT thread_id FROM threads"):
        async with database.read() as transaction:
            entries = [each.entry for each in await transaction.query(messages.thread_messages_query(MIKA, number))]
        rows = await database.fetch("SELECT replied_at FROM exchanges WHERE thread_id = $1 ORDER BY 1", number)
        assert [instant_from_micros(row[0]) for row in rows] == [
            each.replied_at for each in compute_thread_state(entries).exchanges
        ]


async def test_an_import_in_batches_has_the_same_result_and_is_undone_as_one_step(database: Database) -> None:
    services = services_for(database)
    await receive(services, "before")
    before = await stored_rows(database)
    written: list[int] = []

    async def progress(rows: int, _total: int) -> None:
        written.append(rows)

    done = await import_file(services, progress=progress)
    assert done.messages == 73
    assert len(written) >= BATCHES
    imported = await stored_rows(database)
    await check_derived(database)
    step = (await services.history.page(MIKA)).last_step
    assert step is not None
    undone = await services.history.undo_newest_step(MIKA, step.id, now=NOW)
    assert (undone.undo_kind, undone.messages, undone.verdicts_before.replies, undone.verdicts_after.replies) == (
        "imported", 73, 35, 0,
    )  # fmt: skip
    assert await stored_rows(database) == before
    assert (await services.history.page(MIKA)).last_step is not None  # the step before it can be undone next
    await import_file(services_for(database, BulkLimits()))
    assert await stored_rows(database) == imported


@pytest.mark.parametrize("batch", others_slow(range(1, BATCHES + 1)))
async def test_an_import_killed_after_a_batch_is_undone_at_the_next_start(database: Database, batch: int) -> None:
    services = services_for(database)
    await receive(services, "before")
    before = await stored_rows(database)
    batches = 0

    async def progress(_written: int, _total: int) -> None:
        nonlocal batches
        batches += 1
        if batches == batch:
            raise Killed

    with pytest.raises(Killed):
        await import_file(services, progress=progress)
    await receive(services, "meanwhile")  # the member records by hand in another process
    step = (await services.history.page(MIKA)).last_step
    assert step is not None
    assert step.kind == "recorded"  # an unfinished import is not offered for undoing
    await services.history.undo_newest_step(MIKA, step.id, now=NOW)
    await services_for(database).bulk_changes.resume_interrupted_steps(now=NOW)
    assert await stored_rows(database) == before
    assert await undo_log.list_undo_steps_in_progress(database) == []
    assert (await import_file(services_for(database))).messages == 73


async def test_an_import_repeated_before_the_interrupted_one_is_rolled_back_is_whole(database: Database) -> None:
    """Of several processes one may die and another one get the file again before the periodic tasks have run."""

    async def die(_written: int, _total: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        await import_file(services_for(database), progress=die)
    assert (await import_file(services_for(database))).messages == 73
    await services_for(database).bulk_changes.resume_interrupted_steps(now=NOW)
    assert len((await stored_rows(database))["messages"]) == 73
    await check_derived(database)


@pytest.mark.parametrize("limits", [SMALL, BulkLimits()], ids=["in batches", "at once"])
async def test_undoing_an_import_restores_the_site_of_a_thread(database: Database, limits: BulkLimits) -> None:
    """Its older replies would count no more."""
    services = services_for(database, limits)
    await import_file(services, data=history_csv(1))
    before = await stored_rows(database)
    rows = history_csv(1, of_each=30).decode().splitlines()
    data = "\n".join([f"{rows[0]},site", *(f"{row},other" for row in rows[1:])]).encode()
    await import_file(services, data=data)
    assert (await stored_rows(database))["exchanges"] == []
    step = (await services.history.page(MIKA)).last_step
    assert step is not None
    await services.history.undo_newest_step(MIKA, step.id, now=NOW)
    assert await stored_rows(database) == before
    assert {site for (site,) in await database.fetch("SELECT site FROM threads")} == {"lancers"}


async def test_a_preview_takes_nothing_of_an_interrupted_import_for_recorded(database: Database) -> None:
    """Else it says that nothing is new, and what it found is rolled back later."""

    async def die_before_the_end(written: int, total: int) -> None:
        if written == total:
            raise Killed

    with pytest.raises(Killed):
        await import_file(services_for(database), progress=die_before_the_end)
    preview = await services_for(database).data_transfer.preview_import(MIKA, "a.csv", history_csv(), now=NOW)
    assert (preview.messages, preview.duplicates) == (73, 0)


async def test_no_preview_is_shown_while_an_import_is_written(database: Database) -> None:
    async def preview_again(written: int, _total: int) -> None:
        if written == 10:
            with pytest.raises(NotAllowedError) as refused:
                await services_for(database).data_transfer.preview_import(MIKA, "a.csv", history_csv(), now=NOW)
            assert refused.value.message_id == "limits-import-running"

    assert (await import_file(services_for(database), progress=preview_again)).messages == 73


async def test_an_import_is_refused_while_the_interrupted_one_cannot_be_rolled_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its rows would be taken for recorded ones, and deleted later."""

    async def die(_written: int, _total: int) -> None:
        raise Killed

    async def fail(*_arguments: object) -> None:
        raise StorageError("storage-busy")

    services = services_for(database)
    await services.data_transfer.preview_import(MIKA, "a.csv", history_csv(), now=NOW)
    with pytest.raises(Killed):
        await import_file(services_for(database), progress=die)
    before = await stored_rows(database)
    with monkeypatch.context() as patch:
        patch.setattr(undo_log, "remove_messages_from_undo_step", fail)
        with pytest.raises(StorageError):
            await services.data_transfer.commit_import(MIKA, ignore_progress, now=NOW)
        with pytest.raises(StorageError):
            await services_for(database).data_transfer.preview_import(MIKA, "a.csv", history_csv(), now=NOW)
        await services.bulk_changes.resume_interrupted_steps(now=NOW)
        assert await stored_rows(database) == before
    done = await services.data_transfer.commit_import(MIKA, ignore_progress, now=NOW)  # its preview was kept
    assert (done.messages, done.duplicates) == (73, 0)
    await services.bulk_changes.resume_interrupted_steps(now=NOW)
    assert len((await stored_rows(database))["messages"]) == 73


@pytest.mark.parametrize("known_by", ["its key", "its client and time"])
async def test_what_is_recorded_again_during_an_import_outlives_its_rollback(database: Database, known_by: str) -> None:
    """The member was told that it is recorded: a mail was removed after that, nobody sends it once more."""
    services = services_for(database)
    await receive(services, "forwarded", KEN)
    if known_by != "its key":
        await database.fetch("UPDATE messages SET source = 'written', source_key = 'typed'")
    exported = await export_everything(services, KEN)

    async def die(_written: int, _total: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        await import_file(services, progress=die, data=exported, name="a.json")
    before = await stored_rows(database)
    if known_by == "its key":
        await receive(services, "forwarded")
    else:
        await receive(services, "typed again", source=MessageSource.WRITTEN)
    assert await stored_rows(database) == before
    await services_for(database).bulk_changes.resume_interrupted_steps(now=NOW)
    assert await stored_rows(database) == before
    assert await undo_log.list_undo_steps_in_progress(database) == []


CORRECTED = ParsedTime(NOW - timedelta(hours=9), Precision.MINUTE)


@pytest.mark.parametrize("change", ["corrected", "restored"])
async def test_what_is_changed_during_an_import_outlives_its_rollback(database: Database, change: str) -> None:
    services = services_for(database)
    await receive(services, "forwarded", KEN)
    exported = await export_everything(services, KEN)

    async def die(_written: int, _total: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        await import_file(services, progress=die, data=exported, name="a.json")
    [[message_id]] = await database.fetch("SELECT message_id FROM messages WHERE member_id = $1", MIKA)
    if change == "corrected":
        await services.message_corrections.correct_time(MIKA, MessageId(message_id), CORRECTED, now=NOW)
    else:
        await services.message_corrections.delete_message(MIKA, MessageId(message_id), now=NOW)
        await services.message_corrections.restore_message(MIKA, MessageId(message_id), now=NOW)
    before = await stored_rows(database)
    await services_for(database).bulk_changes.resume_interrupted_steps(now=NOW)
    assert await stored_rows(database) == before


async def test_what_is_recorded_again_after_an_import_is_undone_with_it(database: Database) -> None:
    services = services_for(database)
    await receive(services, "forwarded", KEN)
    before = await stored_rows(database)
    await import_file(services, data=await export_everything(services, KEN), name="a.json")
    await receive(services, "forwarded")
    step = (await services.history.page(MIKA)).last_step
    assert step is not None
    await services.history.undo_newest_step(MIKA, step.id, now=NOW)
    assert await stored_rows(database) == before


async def test_a_message_in_a_new_thread_may_be_recorded_while_a_file_is_compared(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = services_for(database)
    keys_after = threads.list_thread_keys_after

    async def receive_after_the_last_page(*arguments: Any, **options: Any) -> object:
        page = await keys_after(*arguments, **options)
        if not page:
            await receive(services, "meanwhile")
        return page

    monkeypatch.setattr(threads, "list_thread_keys_after", receive_after_the_last_page)
    assert (await import_file(services)).messages == 73
    assert len((await stored_rows(database))["messages"]) == 74


@pytest.mark.parametrize("batch", others_slow(range(BATCHES)))
async def test_an_undo_killed_after_a_batch_is_continued_at_the_next_start(
    database: Database, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = services_for(database)
    before = await stored_rows(database)
    await import_file(services)
    step = (await services.history.page(MIKA)).last_step
    assert step is not None
    remove_messages, batches = undo_log.remove_messages_from_undo_step, 0

    async def remove_or_die(*arguments: object) -> None:
        nonlocal batches
        if batches == batch:
            raise Killed
        batches += 1
        await remove_messages(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(undo_log, "remove_messages_from_undo_step", remove_or_die)
        with pytest.raises(Killed):
            await services.history.undo_newest_step(MIKA, step.id, now=NOW)
    await check_derived(database)
    await services_for(database).bulk_changes.resume_interrupted_steps(now=NOW)
    assert await stored_rows(database) == before


async def test_an_import_with_a_failing_batch_is_undone(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    services = services_for(database)
    before = await stored_rows(database)
    add_many, batches = import_writer.messages.add_messages, 0

    async def fail(*arguments: object) -> None:
        nonlocal batches
        batches += 1
        if batches == 3:
            raise StorageError("storage-full")
        await add_many(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(import_writer.messages, "add_messages", fail)
    with pytest.raises(StorageError):
        await import_file(services)
    assert await stored_rows(database) == before
    assert await undo_log.list_undo_steps_in_progress(database) == []


@pytest.mark.slow
async def test_a_running_import_is_not_undone_and_an_erasure_ends_it(database: Database) -> None:
    services, other = services_for(database), services_for(database)
    batches = 0

    async def progress(_written: int, _total: int) -> None:
        nonlocal batches
        batches += 1
        await other.bulk_changes.resume_interrupted_steps(
            now=NOW
        )  # as the periodic task does, in this or another process
        if batches == 4:
            await other.erasure.erase(MIKA, now=NOW)

    with pytest.raises(NotAllowedError) as raised:
        await import_file(services, progress=progress)
    assert raised.value.message_id == "import-cut-off"
    assert batches == 4
    assert await database.fetch("SELECT 1 FROM members") == []
    assert await undo_log.list_undo_steps_in_progress(database) == []


async def test_an_import_confirmed_before_an_erasure_is_not_written_after_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = services_for(database)
    await services.data_transfer.preview_import(MIKA, "a.csv", history_csv(), now=NOW)
    compare = data_transfer.DataTransferService._rows_not_recorded

    async def compare_slowly(*arguments: Any) -> data_transfer.ImportDiff:
        diff = await compare(*arguments)
        await services.erasure.erase(MIKA, now=NOW)
        return diff

    monkeypatch.setattr(data_transfer.DataTransferService, "_rows_not_recorded", compare_slowly)
    with pytest.raises(NotAllowedError) as raised:
        await services.data_transfer.commit_import(MIKA, ignore_progress, now=NOW)
    assert raised.value.message_id == "import-cut-off"
    assert await database.fetch("SELECT 1 FROM messages") == []
    assert await undo_log.list_undo_steps_in_progress(database) == []


async def test_the_number_of_simultaneous_imports_is_limited(database: Database) -> None:
    services, other = services_for(database, MAX_IMPORTS="1"), services_for(database, MAX_IMPORTS="1")
    refused: list[str] = []

    async def progress(_written: int, _total: int) -> None:
        for member in (KEN, MIKA):
            try:
                await import_file(other, member)
            except NotAllowedError as error:
                refused.append(error.message_id)

    assert (await import_file(services, progress=progress)).messages == 73
    assert set(refused[:2]) == {"limits-imports", "limits-import-running"}
    assert (
        await other.data_transfer.commit_import(KEN, ignore_progress, now=NOW)
    ).messages == 73  # its preview was kept


@pytest.mark.postgres
async def test_an_import_needs_the_same_connections_in_every_slot(server_url: str, close_later: CloseLater) -> None:
    """Two for its locks, and one for its batches, however many slots are taken: two in another process here."""
    other = services_for(close_later(await open_database(server_url)), MAX_IMPORTS="3")
    services = services_for(close_later(await open_postgresql(server_url, max_connections=3)), MAX_IMPORTS="3")
    has_begun, may_go_on = asyncio.Semaphore(0), asyncio.Event()

    async def pause(_written: int, _total: int) -> None:
        has_begun.release()
        await may_go_on.wait()

    running = [asyncio.create_task(import_file(other, member, pause)) for member in (KEN, MemberId(3))]
    try:
        for _ in running:
            await has_begun.acquire()
        assert (await import_file(services)).messages == 73
    finally:
        may_go_on.set()
        await asyncio.gather(*running)


@pytest.mark.postgres
async def test_as_many_imports_as_the_operator_allows_leave_connections_for_what_else_is_done(
    server_url: str, close_later: CloseLater
) -> None:
    database = close_later(await open_database(server_url, import_slots=7))
    services = services_for(database, MAX_IMPORTS="7")
    has_begun, may_go_on = asyncio.Semaphore(0), asyncio.Event()

    async def pause(_written: int, _total: int) -> None:
        has_begun.release()
        await may_go_on.wait()

    running = [asyncio.create_task(import_file(services, MemberId(number), pause)) for number in range(1, 8)]
    try:
        async with asyncio.timeout(30):
            for _ in running:
                await has_begun.acquire()
        async with database.try_lock("mailbox") as acquired, database.read():
            assert acquired
    finally:
        may_go_on.set()
        await asyncio.gather(*running)


async def test_a_thread_that_would_be_too_long_is_refused(database: Database) -> None:
    services = services_for(database, BulkLimits(messages_per_thread=14))
    await import_file(services)
    with pytest.raises(Exception, match="limits-thread"):
        await import_file(services, data=history_csv(of_each=16))


async def test_the_daily_limit_holds_over_all_processes_and_does_not_count_imports(database: Database) -> None:
    services, other = services_for(database, MAX_RECORDS_A_DAY="3"), services_for(database, MAX_RECORDS_A_DAY="3")
    await import_file(services)
    there = (services, other)
    made = await asyncio.gather(
        *(receive(there[number % 2], f"key {number}") for number in range(8)), return_exceptions=True
    )
    assert [type(each) for each in made if each is not None] == [NotAllowedError] * 5
    [[count]] = await database.fetch("SELECT count(*) FROM messages WHERE source <> 'imported'")
    assert count == 3
    known = next(number for number, each in enumerate(made) if each is None)
    await receive(services, f"key {known}")  # a repeated message is shown, not refused
    await receive(other, "another", KEN)
    tomorrow = NOW.replace(hour=15)  # midnight in Japan
    moment = ParsedTime(NOW, Precision.MINUTE)
    record = NewMessage(
        direction=Direction.RECEIVED,
        client="A社",
        title=None,
        time=moment,
        source=MessageSource.POSTED,
        source_key="tomorrow",
    )
    await services.recording.record(MIKA, record, now=tomorrow)


async def test_the_number_of_members_is_limited_also_when_several_join_at_once(database: Database) -> None:
    services, other = services_for(database, MAX_MEMBERS="2"), services_for(database, MAX_MEMBERS="2")
    there = (services, other)
    met = await asyncio.gather(
        *(there[number % 2].members.get_or_register(MemberId(number + 1), now=NOW, locale="ja") for number in range(8)),
        return_exceptions=True,
    )
    assert sum(isinstance(each, NotAllowedError) for each in met) == 6
    [[count]] = await database.fetch("SELECT count(*) FROM members")
    assert count == 2
