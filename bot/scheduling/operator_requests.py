"""Carries out what the operator asks for on the command line; one process at a time, each request once."""

import asyncio
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.clock import Clock
from bot.errors import StorageError
from bot.scheduling.ports import AnnouncementSender, MemberUnreachableError, RetryLaterError
from bot.scheduling.scheduling_loop import SchedulingLoop
from bot.scheduling.wakeup import WakeUp
from bot.services.container import Services
from storage import operator_requests
from storage.operator_requests import AnnouncementRecipient, OperatorRequest, OperatorRequestKind, RecipientState

POLL_INTERVAL: Final = timedelta(seconds=5)
"""A request from the command line is seen within so long: SQLite tells nobody of another process's commit."""

BATCH_SIZE: Final = 20
"""Messages of an announcement that are sent at once."""

RETRY_AFTER: Final = timedelta(minutes=1)

RETRY_AFTER_FAULT: Final = timedelta(minutes=10)

AnnouncementResult = tuple[AnnouncementRecipient, RecipientState | datetime]
"""What became of an announcement to one member, or when it is tried again."""

log = structlog.get_logger()


class OperatorRequestRunner(SchedulingLoop):
    """An announcement is sent in batches, and other requests are carried out between them."""

    name = "operator_requests"

    def __init__(self, services: Services, clock: Clock, sender: AnnouncementSender) -> None:
        super().__init__(WakeUp(clock, POLL_INTERVAL))
        self._services = services
        self._database = services.database
        self._clock = clock
        self._sender = sender
        self._unsaved_results: dict[int, list[AnnouncementResult]] = {}
        """What became of announcements and could not be stored yet, by their requests: else they would be repeated."""

    def wake(self) -> None:
        """Another process has added a request."""
        self._wakeup.wake()

    async def _do_due_work(self) -> datetime | None:
        """Carry out what is open, unless another process does; when the next announcement is to be sent."""
        if not await operator_requests.list_open_operator_requests(self._database):
            return None
        async with self._database.try_lock("operator requests") as acquired:
            if not acquired:
                return None
            something_sent = True
            while something_sent and not self._is_stopping:
                # Read again after each batch, so that a long announcement delays no other request.
                something_sent = False
                for request in await operator_requests.list_open_operator_requests(self._database):
                    something_sent |= await self._carry_out_step(request)
        next_at = await operator_requests.next_announcement_at(self._database)
        # What is still due could not be done: it is tried again at the next poll.
        return None if next_at is None or next_at <= self._clock.now() else next_at

    async def _carry_out_step(self, request: OperatorRequest) -> bool:
        """Carry a request out, of an announcement one batch; whether there may be another batch."""
        try:
            if request.kind is OperatorRequestKind.ANNOUNCE:
                return await self._send_announcement_batch(request)
            outcome = await self._services.operator.carry_out(request, now=self._clock.now())
            if outcome is not None:
                log.info("operator_request_carried_out", request_id=request.request_id, outcome=outcome)
        except StorageError as error:
            log.warning("operator_request_waiting", request_id=request.request_id, error=error.message_id)
        except Exception:
            log.exception("operator_request_failed", request_id=request.request_id)
        return False

    async def _send_announcement_batch(self, request: OperatorRequest) -> bool:
        """Send one batch, unless the results of the one before are not stored yet; whether there was a batch."""
        now = self._clock.now()
        if request.started_at is None:
            async with self._database.write() as transaction:
                await operator_requests.add_announcement_recipients(transaction, request.request_id, now=now)
        results = self._unsaved_results.get(request.request_id, [])
        if not results and now < request.requested_at + operator_requests.MAX_ANNOUNCEMENT_AGE:
            batch = await operator_requests.list_due_recipients(self._database, request, now=now, limit=BATCH_SIZE)
            results = await asyncio.gather(*(self._send_announcement(recipient) for recipient in batch))
        self._unsaved_results[request.request_id] = results
        async with self._database.write() as transaction:
            await operator_requests.save_recipient_states(
                transaction, [(recipient, state) for recipient, state in results if isinstance(state, RecipientState)]
            )
            await operator_requests.postpone_announcement(
                transaction, [(recipient, at) for recipient, at in results if isinstance(at, datetime)]
            )
            finished = await operator_requests.finish_sent_announcement(transaction, request, now=self._clock.now())
        del self._unsaved_results[request.request_id]
        if finished:
            log.info("announcement_finished", request_id=request.request_id)
        return bool(results) and not finished

    async def _send_announcement(self, recipient: AnnouncementRecipient) -> AnnouncementResult:
        """Send to one member."""
        result: RecipientState | datetime
        now = self._clock.now()
        try:
            result = await self._try_to_send_announcement(recipient, now)
        except MemberUnreachableError:
            result = RecipientState.UNDELIVERABLE
        except RetryLaterError as error:
            result = now + (error.delay or RETRY_AFTER)
        except StorageError as error:
            log.warning("announcement_not_sent", member_id=recipient.member_id, error=error.message_id)
            result = now + RETRY_AFTER
        except Exception:
            # One member's fault must not keep the announcement from the others.
            log.exception("announcement_not_sent", member_id=recipient.member_id)
            result = now + RETRY_AFTER_FAULT
        return recipient, result

    async def _try_to_send_announcement(
        self, recipient: AnnouncementRecipient, now: datetime
    ) -> RecipientState | datetime:
        """Raises `MemberUnreachableError`, `RetryLaterError` and `StorageError`."""
        members = self._services.members
        member, _ = await members.find(recipient.member_id)
        if member is not None and not member.takes_announcements:
            return RecipientState.DECLINED
        if not recipient.request.urgent:
            quiet_until = await members.quiet_hours_end(recipient.member_id, now)
            if quiet_until is not None:
                return quiet_until
        await self._sender.send_announcement(recipient.member_id, recipient.request.text or "", recipient.nonce)
        return RecipientState.DELIVERED
