"""Writes of an import: its messages in batches of threads, and the member's profile and settings."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, groupby, starmap
from operator import itemgetter
from typing import Any

import structlog

from bot.domain.calendar import instant_from_micros, instant_to_micros
from bot.domain.certification.jobs import job_category_key
from bot.domain.names import client_key
from bot.domain.types import MemberId, ThreadId, UndoStepId
from bot.errors import InvalidInputError
from bot.parsing.export_reader import ExportData, WrittenThread
from bot.services.import_contents import ImportedRow, ImportedThread, unpack_rows
from bot.services.preference_changes import WRITTEN_PREFERENCES, PreferenceChanges, save_preferences, validate_changes
from bot.services.profile import MAX_GOALS
from bot.services.record_transaction import BulkLimits, RecordTransaction
from storage import members, messages, muted_clients, profile, reply_state, threads, undo_log
from storage.database import Executor
from storage.members import Badge, Member
from storage.messages import NewRow
from storage.profile import ConfirmedProfile, Goal
from storage.threads import ThreadKey

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ThreadChunk:
    """Rows of one thread. The thread's derived state is written with its last rows."""

    thread: ImportedThread
    rows: Sequence[ImportedRow]
    is_last: bool

    @property
    def key(self) -> ThreadKey:
        """What identifies the thread."""
        return self.thread.identity.client_key, self.thread.identity.title_key


def split_into_batches(parts: Iterable[bytes], limits: BulkLimits) -> Iterator[list[ThreadChunk]]:
    """Split the packed messages by thread into batches of limited rows and threads."""
    batch: list[ThreadChunk] = []
    rows_left = limits.batch_rows
    for thread, adjoining in groupby(chain.from_iterable(map(unpack_rows, parts)), itemgetter(0)):
        rows = list(adjoining)
        start = 0
        while start < len(rows):
            end = start + rows_left
            chunk = ThreadChunk(thread, rows[start:end], is_last=end >= len(rows))
            batch.append(chunk)
            start += len(chunk.rows)
            rows_left -= len(chunk.rows)
            if not rows_left or len(batch) == limits.batch_threads:
                yield batch
                batch, rows_left = [], limits.batch_rows
    if batch:
        yield batch


class BatchWriter:
    """Writes the batches of one import as one step."""

    def __init__(self, step_id: UndoStepId) -> None:
        self._step_id = step_id
        self._equal_rows: dict[str, int] = {}
        """How many equal rows without a source key the thread that is being written has had so far."""

    async def write(self, record: RecordTransaction, batch: Sequence[ThreadChunk]) -> None:
        """Write a batch and derive the threads that it completes. Raises `InvalidInputError` for too many windows."""
        transaction, member_id = record.transaction, record.member_id
        identities = [chunk.thread.identity for chunk in batch]
        await threads.create_missing_threads(transaction, member_id, identities, now=record.now)
        ids = await threads.find_thread_ids_by_key(transaction, member_id, [chunk.key for chunk in batch])
        marked = {ids[chunk.key]: marks for chunk in batch if (marks := chunk.thread.marks)}
        await _restore_thread_marks(record, self._step_id, marked)
        highest_id = await messages.find_highest_message_id(transaction, member_id)
        rows = [row for chunk in batch for row in self._rows_with_source_keys(chunk, ids[chunk.key], record.now)]
        await messages.add_messages(transaction, member_id, rows)
        await undo_log.append_added_to_undo_step(transaction, member_id, self._step_id, highest_id)
        await record.recompute_threads(*(ids[chunk.key] for chunk in batch if chunk.is_last), together=True)
        counts = await transaction.query(reply_state.limit_counts_query(member_id, record.now))
        if counts.open_windows > record.limits.open_windows:
            raise InvalidInputError("limits-open", most=record.limits.open_windows)

    def _rows_with_source_keys(self, chunk: ThreadChunk, thread_id: ThreadId, now: datetime) -> Iterator[NewRow]:
        now_micros, imported_at = instant_to_micros(now), now.isoformat()
        for _, direction, kind, sent_at, exactness, source, own_key, recorded_at, closing in chunk.rows:
            source_key = own_key
            if source_key is None:
                # A count distinguishes equal rows of one import, and its time those of another import.
                base = f"row:{thread_id}:{direction}:{kind}:{instant_from_micros(sent_at).isoformat()}"
                count = self._equal_rows[base] = self._equal_rows.get(base, 0) + 1
                source_key = f"{base}:{imported_at}:{count}"
            row = thread_id, direction, kind, sent_at, exactness, source, source_key, recorded_at or now_micros, closing
            yield row
        if chunk.is_last:
            self._equal_rows.clear()


async def _restore_thread_marks(
    record: RecordTransaction, step_id: UndoStepId, marked: Mapping[ThreadId, WrittenThread]
) -> None:
    """Site, contract and page of threads, where the member has said nothing of them since; the step can undo it."""
    for thread_id, imported in marked.items():
        thread = await record.transaction.query(threads.thread_query(record.member_id, thread_id))
        if thread is not None and thread.counts_in_rate and thread.contract_at is None:
            restored = replace(
                thread, site=imported.site, contract_at=imported.contract_at, page=thread.page or imported.page
            )
            await undo_log.append_marks_to_undo_step(record.transaction, record.member_id, step_id, thread)
            await threads.save_thread_marks(record.transaction, record.member_id, [restored])


async def _find_missing_statements(reader: Executor, member_id: MemberId, imported: ExportData) -> ExportData:
    """The profile items, displayed figures, goals and mutes of an export that the member has not said since."""
    said = await reader.query(profile.profile_items_query(member_id))
    days = {displayed.on for displayed in await reader.query(profile.calibrations_query(member_id, limit=sys.maxsize))}
    categories = {
        job_category_key(goal.category) for goal in await reader.query(profile.earnings_goals_query(member_id))
    }
    muted = {muted.client_key for muted in await muted_clients.list_muted_clients(reader, member_id)}
    goals = []
    for goal in imported.goals:
        if (key := job_category_key(goal[0])) not in categories and len(categories) < MAX_GOALS:
            categories.add(key)
            goals.append(goal)
    return replace(
        imported,
        profile={
            item: (filled, on)
            for item, (filled, on) in imported.profile.items()
            if item not in said or (said[item].on <= on and said[item] != ConfirmedProfile(filled, on))
        },
        calibrations=[displayed for displayed in imported.calibrations if displayed.on not in days],
        goals=goals,
        muted_clients=[
            (client, at)
            for client, at in imported.muted_clients
            if client_key(client) and client_key(client) not in muted
        ],
    )


async def has_missing_statements(reader: Executor, member_id: MemberId, imported: ExportData) -> bool:
    """Whether `restore_profile_and_settings` would change something; of who is no member yet it is not known."""
    if _has_statements(await _find_missing_statements(reader, member_id, imported)):
        return True
    member = await reader.query(members.member_query(member_id))
    return member is None or _with_imported_settings(member, imported.member) != member


def _has_statements(imported: ExportData) -> bool:
    return bool(imported.profile or imported.calibrations or imported.goals or imported.muted_clients)


async def restore_profile_and_settings(record: RecordTransaction, imported: ExportData) -> bool:
    """Restore the profile and the settings, where the member has set nothing since, with what follows from them.

    A setting that cannot be read here is left out: the bot that exported it may have known other zones or editions.
    Returns whether something was restored.
    """
    transaction, member_id = record.transaction, record.member_id
    missing = await _find_missing_statements(transaction, member_id, imported)
    items = {item: ConfirmedProfile(filled, on) for item, (filled, on) in missing.profile.items()}
    await profile.restore_profile_items(transaction, member_id, items)
    for displayed in missing.calibrations:
        await profile.save_calibration(transaction, member_id, displayed)
    for goal in starmap(Goal, missing.goals):
        await profile.set_earnings_goal(transaction, member_id, goal)
    for client, muted_at in missing.muted_clients:
        await muted_clients.mute_client(transaction, member_id, client, client_key(client), now=muted_at)
    member = await members.get_or_create_member(transaction, member_id, now=record.now)
    restored = _with_imported_settings(member, imported.member)
    await save_preferences(transaction, restored, record.defaults, now=record.now)
    return _has_statements(missing) or restored != member


def _with_imported_settings(member: Member, imported: dict[str, Any]) -> Member:
    restored = validate_changes(member, _imported_settings(member, imported))
    login = imported.get("last_login")
    return restored if member.last_login or not login else members.with_chosen_values(restored, last_login=login)


def _imported_settings(member: Member, imported: dict[str, Any]) -> PreferenceChanges:
    """The imported settings that the member has not set."""

    def setting(name: str, current: object) -> str | None:
        value = imported.get(name)
        return None if value is None or current is not None else str(value)[:200]

    badge = setting("badge", None if member.badge is Badge.UNKNOWN else member.badge)
    written: dict[str, Any] = {name: setting(name, getattr(member, name)) for name in WRITTEN_PREFERENCES}
    written = {
        name: text for name, text in written.items() if text is not None and _is_setting_readable(member, name, text)
    }
    return PreferenceChanges(
        **written,
        badge=Badge(badge) if badge in set(Badge) else None,
        badge_since=imported.get("badge_since"),
        rank_on=imported.get("rank_on"),
        keep_history=True if imported.get("keeps_history") == 1 else None,
        announcements=False if imported.get("takes_announcements") == 0 else None,
    )


def _is_setting_readable(member: Member, name: str, text: str) -> bool:
    change: dict[str, Any] = {name: text}
    try:
        validate_changes(member, PreferenceChanges(**change))
    except InvalidInputError:
        log.info("imported_setting_left_out", setting=name, member_id=member.id)
        return False
    return True
