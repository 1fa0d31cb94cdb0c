"""Reads the operator's mailbox: one process at a time, for as long as the mailbox answers.

A mail is removed only after it was taken in and its receipt was sent, or can never be sent: a process that ends in
between, and one that could not send it, reads it again, and then finds recorded what it says. Two processes that read
at the same time for a moment do no more than that.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from bot.clock import Clock
from bot.daemon_thread import DaemonThread
from bot.errors import StorageError
from bot.mail.intake import MAX_MAIL_BYTES, IncomingMail, TakeMail
from bot.mail.mailbox_session import MailboxError, MailboxFault, MailboxSession
from bot.mail.ports import NoticeProgress
from bot.services.member_guard import may_be_fault_of_one_member

LOCK: Final = "mailbox"
FAILED_RETENTION: Final = timedelta(days=7)
PURGE_INTERVAL: Final = timedelta(days=1)
MAX_UNSENT: Final = timedelta(days=1)
"""A receipt that could not be sent for so long is given up, and its mail is removed."""
REFUSALS: Final = {MailboxFault.FULL, MailboxFault.REFUSED}
"""Faults of one command, which hold up no other one."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxTiming:
    """Durations in seconds, and how much is done at once."""

    poll_interval: float = 120.0
    """The inbox is listed so often, even if the server tells of no new mail."""
    lock_interval: float = 10.0
    """A process that does not read asks so often whether the one that reads has ended."""
    retry_delay: float = 20.0
    """A mail that failed is tried again after so long."""
    first_backoff: float = 1.0
    max_backoff: float = 300.0
    flush_timeout: float = 30.0
    """Receipts are waited for so long before other mails are read; those not sent by then keep their mails."""
    stop_timeout: float = 4.0
    """Seconds that a stop waits for the batch, and again after the session was interrupted."""
    batch_size: int = 50
    max_failures: int = 3
    """A mail that failed so often is moved to the folder `Failed`."""


DEFAULT_TIMING: Final = MailboxTiming()


class MailboxReader:
    """One long-lived task, which no fault of the mailbox ends."""

    def __init__(
        self,
        make_session: Callable[[], MailboxSession],
        *,
        try_lock: Callable[[str], AbstractAsyncContextManager[bool]],
        take: TakeMail,
        flush_notices: Callable[[], Awaitable[None]],
        clock: Clock,
        timing: MailboxTiming = DEFAULT_TIMING,
    ) -> None:
        """`try_lock`: `Database.try_lock`. `flush_notices`: `MailNotices.flush`."""
        self._make_session = make_session
        self._try_lock = try_lock
        self._take = take
        self._flush_notices = flush_notices
        self._clock = clock
        self._timing = timing
        self._stop = asyncio.Event()
        self._thread: DaemonThread
        self._session: MailboxSession | None = None
        self._is_interruptible = False
        self._failures: dict[int, int] = {}
        """How often a mail failed, by its UID under `_uidvalidity`."""
        self._uidvalidity: int | None = None
        self._tried: set[int] = set()
        """What failed since the reader last waited."""
        self._taken: dict[int, NoticeProgress] = {}
        """Mails that were taken in, and are to be removed once their members were notified."""
        self._unsent_since: dict[int, datetime] = {}
        """When mails were first taken in whose members could not be notified."""
        self._was_announced = True
        """Whether mails are to be expected at the next look: the server told of them, or nothing was waited for."""
        self._purged_at: datetime | None = None
        self.last_seen_at = clock.now()
        """When this process last listed the inbox, or its start."""
        self.fault: MailboxFault | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Read while the block runs. Neither its start nor, for more than seconds, its end waits for the mailbox."""
        self._thread = DaemonThread("mailbox")
        task = asyncio.create_task(self._mailbox_loop(), name="mailbox")
        try:
            yield
        finally:
            self._stop.set()
            if self._is_interruptible and self._session is not None:
                self._session.interrupt()
            done, _ = await asyncio.wait({task}, timeout=self._timing.stop_timeout)
            if not done:
                if self._session is not None:
                    self._session.interrupt()
                task.cancel()
                await asyncio.wait({task}, timeout=self._timing.stop_timeout)
            self._thread.end()

    def seconds_since_listed(self) -> float:
        """Since this process last listed the inbox, or since its start."""
        return max((self._clock.now() - self.last_seen_at).total_seconds(), 0.0)

    async def _mailbox_loop(self) -> None:
        backoff = self._timing.first_backoff
        while not self._stop.is_set():
            pause, backoff = backoff, min(backoff * 2, self._timing.max_backoff)
            try:
                async with self._try_lock(LOCK) as acquired:
                    if acquired:
                        await self._read_batch_or_wait()
                    else:
                        await self._close()
                backoff, pause = self._timing.first_backoff, 0.0 if acquired else self._timing.lock_interval
            except StorageError as error:
                log.warning("mailbox_waiting_for_database", error=error.message_id)
            except MailboxError as error:
                await self._close()
                if not self._stop.is_set():
                    self._note_mailbox_fault(error.fault)
            except Exception as error:  # noqa: BLE001 — the reader goes on; the error's text may quote a mail
                await self._close()
                log.error("mailbox_reading_failed", error_type=type(error).__name__)  # noqa: TRY400
            if pause:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stop.wait(), pause)
        await self._close()

    async def _close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await self._thread.run(session.close)

    def _note_mailbox_fault(self, fault: MailboxFault | None) -> None:
        if fault is not None:
            log.warning("mailbox_fault", fault=fault)
        elif self.fault is not None:
            log.info("mailbox_fault_over", fault=self.fault)
        self.fault = fault

    async def _call_interruptibly(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """A call that a stop need not wait for."""
        self._is_interruptible = True
        try:
            return await self._thread.run(function, *arguments)
        finally:
            self._is_interruptible = False

    async def _opened_session(self) -> MailboxSession:
        if self._session is None:
            self._session = self._make_session()
            uidvalidity = await self._call_interruptibly(self._session.open)
            log.info("mailbox_opened", announces=self._session.announces)
            with _logged_refusal("flagged_mails_not_removed"):  # what was taken in before
                await self._thread.run(self._session.remove_flagged)
            if not uidvalidity or uidvalidity != self._uidvalidity:
                if self._uidvalidity:
                    log.warning("mailbox_uidvalidity_changed")
                self._failures.clear()
                self._tried.clear()
                self._taken.clear()
                self._unsent_since.clear()
                self._uidvalidity = uidvalidity
            self._was_announced = True  # what lies there already was not to be announced
        now = self._clock.now()
        if self._purged_at is None or now - self._purged_at >= PURGE_INTERVAL:
            with _logged_refusal("failed_mails_not_removed"):
                await self._thread.run(self._session.purge_failed, now - FAILED_RETENTION)
            self._purged_at = now
        return self._session

    async def _read_batch_or_wait(self) -> None:
        """Take one batch in; or wait for mails if there are none. The lock is taken anew after either."""
        session = await self._opened_session()
        await self._remove_notified_mails(session)
        leave_out = self._tried | self._taken.keys()
        uids = await self._thread.run(session.list_uids, self._timing.batch_size, leave_out)
        self.last_seen_at = self._clock.now()
        new = [uid for uid in uids if uid not in self._failures and uid not in self._unsent_since]
        self._note_unannounced_mails(session, has_mails=bool(new))
        if uids:
            await self._take_mail_batch(session, uids)
            return
        if self._stop.is_set():
            return
        seconds = self._timing.retry_delay if self._tried or self._taken else self._timing.poll_interval
        self._was_announced = await self._call_interruptibly(session.wait, seconds)
        self._tried.clear()

    def _note_unannounced_mails(self, session: MailboxSession, *, has_mails: bool) -> None:
        """Note a fault where the server did not tell of mails though it can; or that the last fault is over."""
        is_unannounced = session.announces and has_mails and not self._was_announced
        is_over = self.fault is not MailboxFault.IDLE_UNANSWERED or (has_mails and self._was_announced)
        if is_unannounced:
            self._note_mailbox_fault(MailboxFault.IDLE_UNANSWERED)
        elif is_over and not any(number >= self._timing.max_failures for number in self._failures.values()):
            self._note_mailbox_fault(None)
        self._was_announced = True

    async def _take_mail_batch(self, session: MailboxSession, uids: Sequence[int]) -> None:
        refused: list[int] = []
        try:
            for uid in uids:
                if self._stop.is_set():
                    break
                try:
                    await self._load_and_take_mail(session, uid)
                except MailboxError as error:
                    if error.fault is not MailboxFault.REFUSED:
                        # Perhaps because of this mail: others are taken in before it is loaded again.
                        self._tried.add(uid)
                        self._failures.setdefault(uid, 0)
                        raise
                    refused.append(uid)
        except StorageError:
            await self._notify_and_remove_mails(session)
            raise
        await self._notify_and_remove_mails(session)
        await self._note_refused_mails(session, refused, are_all=len(refused) == len(uids))

    async def _load_and_take_mail(self, session: MailboxSession, uid: int) -> None:
        """Take one mail in. Raises `MailboxError` where the server does not hand it out."""
        size = await self._thread.run(session.size_of, uid)
        is_too_large = size is not None and size > MAX_MAIL_BYTES
        data = await self._thread.run(session.load, uid) if size is not None and not is_too_large else None
        if not is_too_large and (data is None or (size and not data)):
            if uid in self._failures:
                raise MailboxError(MailboxFault.REFUSED)  # it is still listed
            self._tried.add(uid)  # perhaps another program has removed it meanwhile
            self._failures[uid] = 0
            return
        mail = IncomingMail(data, was_taken=uid in self._unsent_since)
        try:
            await self._take(mail)
        except Exception as error:
            if not may_be_fault_of_one_member(error):
                raise
            await self._note_failed_mail(session, uid, error)  # it must not keep the others back
            return
        self._taken[uid] = mail.progress

    async def _note_refused_mails(self, session: MailboxSession, uids: list[int], *, are_all: bool) -> None:
        """Note what the server did not hand out: as a fault of the mails, or of the mailbox where it was `are_all`."""
        if uids and are_all:
            self._note_mailbox_fault(MailboxFault.REFUSED)
        for uid in uids:
            if are_all:
                self._tried.add(uid)
                self._failures.setdefault(uid, 0)
            else:
                await self._note_failed_mail(session, uid, MailboxError(MailboxFault.REFUSED))

    async def _note_failed_mail(self, session: MailboxSession, uid: int, error: Exception) -> None:
        self._tried.add(uid)
        self._failures[uid] = self._failures.get(uid, 0) + 1
        # The error's text may quote the mail.
        log.error("mail_failed", error_type=type(error).__name__, failures=self._failures[uid])
        if self._failures[uid] < self._timing.max_failures:
            return
        try:
            await self._thread.run(session.move_to_failed, uid)
        except MailboxError as failure:
            if failure.fault not in REFUSALS:
                raise
            self._note_mailbox_fault(failure.fault)
            return
        if self.fault in REFUSALS:
            self._note_mailbox_fault(None)
        del self._failures[uid]
        log.error("mail_moved_to_failed")

    async def _notify_and_remove_mails(self, session: MailboxSession) -> None:
        if not self._taken:
            return
        try:
            async with asyncio.timeout(self._timing.flush_timeout):
                await self._flush_notices()
        except TimeoutError:
            log.warning("mail_receipts_not_sent_in_time")
        await self._remove_notified_mails(session)

    async def _remove_notified_mails(self, session: MailboxSession) -> None:
        """Remove the mails whose members were notified; those that could not be sent now are to be taken in again."""
        now, notified = self._clock.now(), []
        for uid, progress in list(self._taken.items()):
            if progress.pending:
                continue
            del self._taken[uid]
            if progress.has_unsent:
                if now - self._unsent_since.setdefault(uid, now) < MAX_UNSENT:
                    self._tried.add(uid)
                    continue
                log.error("mail_receipt_given_up")
            notified.append(uid)
        if notified:
            await self._thread.run(session.remove, notified)
        for uid in notified:
            self._failures.pop(uid, None)
            self._unsent_since.pop(uid, None)


@contextmanager
def _logged_refusal(event: str) -> Iterator[None]:
    """Go on where the server refuses what the block asks for; mails are read all the same."""
    try:
        yield
    except MailboxError as error:
        if error.fault not in REFUSALS:
            raise
        log.warning(event, fault=error.fault)
