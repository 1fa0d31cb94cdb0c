"""Taking along and bringing back: an export of everything, and imports that write all or nothing."""

import asyncio
import io
import zipfile
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from bot.certification.jobs import Job
from bot.certification.reply_clock import Entry
from bot.certification.reply_rate import ReplyRate
from bot.errors import RefusedError
from bot.intake.bundle import BadFile, Bundle, read_bundle
from bot.intake.export import Imported, Takeout, history_csv, jobs_csv, to_json
from bot.intake.history import read_instant
from bot.intake.jobs import read_date
from bot.intake.names import client_key, title_key
from bot.services.choices import Choices, chosen
from bot.services.desk import Desk, Desks
from bot.services.preferences import preferences_of
from bot.values import MemberId, MessageId, ThreadId
from storage import declarations, jobs, members, messages, takeout, threads
from storage.database import Transaction
from storage.declarations import Confirmed, Goal
from storage.members import Badge, Member
from storage.messages import Message
from storage.threads import ThreadName

AT_ONCE: Final = 5000
"""Rows in one statement; between two of them the progress is told."""

MOST_ATTACHED: Final = 8 * 1024 * 1024
"""Bytes that go into one Discord message."""

PENDING: Final = 200
"""Imports that wait for a yes; the oldest is forgotten first."""

Progress = Callable[[int, int], Awaitable[None]]
"""Rows written, and rows in all."""

_Place = tuple[str, str]
"""What a thread is matched by: the client's key and the title's."""
_Known = tuple[_Place, Entry]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do."""

    name: str
    messages: int
    jobs: int
    duplicates: int
    threads: int
    skipped: int
    bad: tuple[BadFile, ...]
    """If there is one, nothing can be imported."""


@dataclass(frozen=True, slots=True)
class Done:
    """What an import did."""

    messages: int
    jobs: int
    duplicates: int
    rate_before: ReplyRate
    rate_after: ReplyRate


@dataclass(frozen=True, slots=True)
class Taken:
    """The files of an export, by name."""

    files: dict[str, bytes]
    messages: int
    jobs: int


@dataclass(frozen=True, slots=True)
class _New:
    """What of a bundle is not recorded yet."""

    messages: list[Imported]
    jobs: list[Job]
    duplicates: int


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An import that waits for the member's yes."""

    bundle: Bundle
    weight: int
    """Rows in it and rows recorded."""


class Porter:
    """An import waits in memory for the member's yes; after a restart the file is handed in again."""

    def __init__(self, desks: Desks) -> None:
        self._desks = desks
        self._waiting: dict[MemberId, _Waiting] = {}

    async def export(self, member: MemberId, *, now: datetime, nobody: str) -> Taken:
        """Everything about the member. `nobody`: what a thread without a client is called in the CSV."""
        async with self._desks.database.read() as transaction:
            tables = await takeout.everything(transaction, member)
            all_jobs = await jobs.everything(transaction, member)
        files = await asyncio.to_thread(
            lambda: {
                "history.csv": history_csv(tables, nobody),
                "jobs.csv": jobs_csv(all_jobs),
                "nintei.json": to_json(tables, now=now),
            }
        )
        return Taken(files, len(tables["messages"]), len(all_jobs))

    async def preview(self, member: MemberId, name: str, data: bytes, *, now: datetime) -> Preview:
        """Read a file and hold it against the record; nothing is written. Raises `InputError`."""
        async with self._desks.database.read() as transaction:
            preferences = preferences_of(await members.find(transaction, member), self._desks.defaults)
        # Reading 100,000 rows takes a while, and nobody else should wait for it.
        bundle = await asyncio.to_thread(read_bundle, name, data, now=now, zone=preferences.zone)
        async with self._desks.database.read() as transaction:
            new = await _new(transaction, member, bundle)
            recorded = await messages.count(transaction, member)
        self._waiting.pop(member, None)
        if not bundle.bad:
            self._waiting[member] = _Waiting(bundle, recorded + len(bundle.messages) + len(bundle.jobs))
            while len(self._waiting) > PENDING:
                self._waiting.pop(next(iter(self._waiting)))
        return Preview(
            name,
            len(new.messages),
            len(new.jobs),
            new.duplicates,
            len({_place(each) for each in new.messages}),
            bundle.skipped,
            tuple(bundle.bad),
        )

    def forget(self, member: MemberId) -> None:
        """The member said no, or is erased."""
        self._waiting.pop(member, None)

    def weight(self, member: MemberId) -> int:
        """How many rows a commit has to look at. Raises `RefusedError` when nothing waits for the member's yes."""
        if member not in self._waiting:
            raise RefusedError("import-gone")
        return self._waiting[member].weight

    async def commit(self, member: MemberId, progress: Progress, *, now: datetime) -> Done:
        """Write what was previewed, all of it or nothing. Raises `RefusedError` when there is nothing to write."""
        self.weight(member)
        bundle = self._waiting.pop(member).bundle
        async with self._desks.open(member, now, "imported") as desk:
            new = await _new(desk.transaction, member, bundle)
            touched = await _write_messages(desk, new.messages, progress)
            await jobs.add_many(desk.transaction, member, new.jobs)
            if bundle.takeout is not None:
                await _restore(desk, bundle.takeout)
            await desk.follow_many(touched)
            return Done(len(new.messages), len(new.jobs), new.duplicates, desk.rate_before, await desk.rate())


def _place(each: Imported) -> _Place:
    if each.unsorted is not None:
        return client_key(each.client or ""), each.unsorted
    return client_key(each.client or ""), title_key(each.title or "")


async def _new(transaction: Transaction, member: MemberId, bundle: Bundle) -> _New:
    """What is not recorded yet: by its key, or by its thread, direction, kind and time. n equal rows are n messages."""
    places = dict(await threads.places(transaction, member))
    recorded = await messages.everything(transaction, member)
    entered = await jobs.everything(transaction, member)
    return await asyncio.to_thread(_compare, bundle, places, recorded, entered)


def _compare(
    bundle: Bundle, places: Mapping[ThreadId, _Place], recorded: Iterable[Message], entered: Iterable[Job]
) -> _New:
    keys = {each.key for each in recorded}
    known: Counter[_Known] = Counter((places[each.thread_id], each.entry) for each in recorded)
    fresh: list[Imported] = []
    for each in bundle.messages:
        what = (_place(each), each.entry)
        if (each.key is not None and each.key in keys) or known[what] > 0:
            known[what] -= 1
        else:
            fresh.append(each)
            if each.key is not None:
                keys.add(each.key)
    there = Counter(entered)
    fresh_jobs = [job for job in bundle.jobs if not _take(there, job)]
    duplicates = len(bundle.messages) + len(bundle.jobs) - len(fresh) - len(fresh_jobs)
    return _New(fresh, fresh_jobs, duplicates)


def _take(entered: Counter[Job], job: Job) -> bool:
    if entered[job] <= 0:
        return False
    entered[job] -= 1
    return True


async def _write_messages(desk: Desk, new: Iterable[Imported], progress: Progress) -> set[ThreadId]:
    new = list(new)
    names = {_place(each): each for each in new}
    await threads.enter_many(
        desk.transaction,
        desk.member,
        [
            ThreadName(each.client, None if each.unsorted else each.title, *place, unsorted=each.unsorted is not None)
            for place, each in names.items()
        ],
        now=desk.now,
    )
    numbers = {place: number for number, place in await threads.places(desk.transaction, desk.member)}
    before = await messages.newest_id(desk.transaction, desk.member)
    keys = Counter[str]()
    written = 0
    for start in range(0, len(new), AT_ONCE):
        batch = new[start : start + AT_ONCE]
        await messages.add_many(
            desk.transaction, desk.member, [_message(each, numbers[_place(each)], keys, desk.now) for each in batch]
        )
        written += len(batch)
        await progress(written, len(new))
    desk.before.update(dict.fromkeys(await messages.ids_after(desk.transaction, desk.member, before)))
    return {numbers[place] for place in names}


def _message(each: Imported, thread: ThreadId, keys: Counter[str], now: datetime) -> Message:
    key = each.key
    if key is None:
        # Equal rows of one file are told apart by their place; the time of the import keeps those of another apart.
        same = f"row:{thread}:{each.entry.direction}:{each.entry.kind}:{each.entry.at.isoformat()}"
        keys[same] += 1
        key = f"{same}:{now.isoformat()}:{keys[same]}"
    return Message(
        MessageId(0),
        thread,
        each.entry,
        each.exactness,
        each.source,
        key,
        each.recorded_at or now,
        each.closing,
    )


async def _restore(desk: Desk, brought: Takeout) -> None:
    """What the member declared and chose, where nothing newer is known here."""
    transaction, member = desk.transaction, desk.member
    items = {item: Confirmed(filled, on) for item, (filled, on) in brought.profile.items()}
    await declarations.restore_profile(transaction, member, items)
    present = {each.on for each in await declarations.calibrations(transaction, member)}
    for displayed in brought.calibrations:
        if displayed.on not in present:
            await declarations.calibrate(transaction, member, displayed)
    if brought.goal is not None and await declarations.goal(transaction, member) is None:
        await declarations.set_goal(transaction, member, Goal(*brought.goal))
    row = await members.meet(transaction, member, now=desk.now)
    restored = chosen(row, _choices(row, brought.member))
    login = brought.member.get("last_login")
    if row.last_login is None and login is not None:
        restored = replace(restored, last_login=read_date(str(login)))
    await members.choose(transaction, restored)


def _choices(row: Member, brought: dict[str, Any]) -> Choices:
    """What was chosen there and not here."""

    def of(name: str, present: object) -> str | None:
        value = brought.get(name)
        return None if value is None or present is not None else str(value)[:200]

    badge = of("badge", None if row.badge is Badge.UNKNOWN else row.badge)
    since = brought.get("badge_since")
    return Choices(
        locale=of("locale", row.locale),
        timezone=of("timezone", row.timezone),
        edition=of("edition", row.edition),
        lead_times=of("lead_times", row.lead_times),
        quiet_hours=of("quiet_hours", row.quiet_hours),
        review_day=of("review_day", row.review_day),
        digest=of("digest", row.digest),
        badge=Badge(badge) if badge in set(Badge) else None,
        badge_since=read_instant(str(since), UTC) if since is not None else None,
        keeps_history=True if brought.get("keeps_history") == 1 else None,
    )


def packed(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files as they are, or in one zip where they are too large for a message."""
    if sum(map(len, files.values())) <= MOST_ATTACHED:
        return files
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return {"nintei.zip": whole.getvalue()}
