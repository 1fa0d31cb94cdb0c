"""The reader of the mailbox, over a mailbox in memory: what is removed when, and what no fault ends."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.errors import StorageError
from bot.fake_discord.clock import ManualClock
from bot.mail.intake import IncomingMail
from bot.mail.mailbox import MAX_UNSENT
from bot.mail.mailbox_session import MailboxFault
from bot.mail.ports import NoticeProgress
from storage.connect import open_database
from tests.helpers.mail_reading import FAST, OneProcess, RecordingIntake, make_reader, until
from tests.helpers.memory_mailbox import MemoryMailbox


@pytest.fixture
def mailbox() -> MemoryMailbox:
    return MemoryMailbox()


async def test_a_mail_is_removed_after_it_was_taken_and_its_receipt_was_sent(mailbox: MemoryMailbox) -> None:
    intake = RecordingIntake()
    mailbox.deliver(b"one", b"two")
    async with make_reader(mailbox.session, intake).running():
        await until(lambda: not mailbox.inbox)
        assert intake.taken == [b"one", b"two"]
        assert intake.flushed == 1
        mailbox.deliver(b"three")
        await until(lambda: not mailbox.inbox)
    assert intake.taken == [b"one", b"two", b"three"]


async def test_a_receipt_that_is_still_being_sent_keeps_its_mail_and_no_other(mailbox: MemoryMailbox) -> None:
    """For a time the reader waits for it; once it was sent, its mail is removed without being taken in again."""
    progress: list[NoticeProgress] = []

    class Sending(RecordingIntake):
        async def flush(self) -> None:
            self.flushed += 1
            assert mailbox.inbox
            await asyncio.Event().wait()

    def begin(mail: IncomingMail) -> None:
        if mail.data == b"one":
            mail.progress.begin()
            progress.append(mail.progress)

    intake = Sending()
    intake.refuse = begin
    mailbox.deliver(b"one", b"two")
    async with make_reader(mailbox.session, intake, timing=replace(FAST, flush_timeout=0.05)).running():
        await until(lambda: list(mailbox.inbox.values()) == [b"one"])
        mailbox.deliver(b"three")
        await until(lambda: b"three" in intake.taken and len(mailbox.inbox) == 1)
        progress[0].end(is_settled=True)
        await until(lambda: not mailbox.inbox)
    assert intake.taken == [b"one", b"two", b"three"]


def never_sent(mail: IncomingMail) -> None:
    if mail.data == b"one":
        mail.progress.begin()
        mail.progress.end(is_settled=False)


async def test_a_mail_whose_receipt_could_not_be_sent_is_taken_again_and_no_other(mailbox: MemoryMailbox) -> None:
    intake = RecordingIntake()
    counted: list[bool] = []

    def note(mail: IncomingMail) -> None:
        never_sent(mail)
        if mail.data == b"one":
            counted.append(not mail.was_taken)

    intake.refuse = note
    mailbox.deliver(b"one", b"two")
    reader = make_reader(mailbox.session, intake)
    async with reader.running():
        await until(lambda: list(mailbox.inbox.values()) == [b"one"] and len(counted) > 3)
        assert reader.fault is None  # the server need not announce it again
        intake.refuse = lambda _mail: None
        await until(lambda: not mailbox.inbox)
    assert intake.taken.count(b"two") == 1
    assert counted == [True] + [False] * (len(counted) - 1)
    assert not mailbox.failed


async def test_a_receipt_that_could_not_be_sent_for_a_day_is_given_up(mailbox: MemoryMailbox) -> None:
    clock, intake = ManualClock(datetime(2026, 11, 24, tzinfo=UTC)), RecordingIntake()
    intake.refuse = never_sent
    mailbox.deliver(b"one")
    with capture_logs() as logs:
        async with make_reader(mailbox.session, intake, clock=clock).running():
            await until(lambda: intake.tries > 3)
            clock.advance_to(clock.now() + MAX_UNSENT - timedelta(seconds=1))
            await until(lambda tries=intake.tries: intake.tries > tries + 3)  # type: ignore[misc]
            assert mailbox.inbox
            clock.advance_to(clock.now() + timedelta(seconds=1))
            await until(lambda: not mailbox.inbox)
    assert "mail_receipt_given_up" in {entry["event"] for entry in logs}


async def test_what_the_database_refuses_stays_until_it_is_taken(mailbox: MemoryMailbox) -> None:
    intake = RecordingIntake()

    def refuse(_mail: IncomingMail) -> None:
        if intake.tries < 5:
            raise StorageError("storage-busy")

    intake.refuse = refuse
    mailbox.deliver(b"one", b"two")
    async with make_reader(mailbox.session, intake).running():
        await until(lambda: not mailbox.inbox)
    assert intake.taken == [b"one", b"two"]
    assert not mailbox.failed


async def test_what_was_taken_before_the_database_refused_is_removed(mailbox: MemoryMailbox) -> None:
    intake = RecordingIntake()

    def refuse(mail: IncomingMail) -> None:
        if mail.data == b"two":
            raise StorageError("storage-busy")

    intake.refuse = refuse
    mailbox.deliver(b"one", b"two")
    async with make_reader(mailbox.session, intake).running():
        await until(lambda: list(mailbox.inbox.values()) == [b"two"] and intake.tries > 4)
    assert intake.taken == [b"one"]


async def test_a_mail_that_fails_three_times_is_moved_and_the_others_are_taken(mailbox: MemoryMailbox) -> None:
    intake = RecordingIntake()
    tries: list[bytes | None] = []

    def refuse(mail: IncomingMail) -> None:
        tries.append(mail.data)
        if mail.data == b"canary 7713":
            raise ValueError("canary 7713")

    intake.refuse = refuse
    mailbox.deliver(b"canary 7713", b"good")
    reader = make_reader(mailbox.session, intake)
    with capture_logs() as logs:
        async with reader.running():
            await until(lambda: not mailbox.inbox)
    assert intake.taken == [b"good"]
    assert tries.count(b"canary 7713") == 3
    assert len(mailbox.failed) == 1
    assert "canary" not in str(logs)


async def test_a_mail_whose_rows_the_database_refuses_is_moved_and_the_others_are_taken(mailbox: MemoryMailbox) -> None:
    intake = RecordingIntake()
    tries: list[bytes | None] = []

    def refuse(mail: IncomingMail) -> None:
        tries.append(mail.data)
        if mail.data == b"bad":
            raise StorageError("storage-failed", reason="a row")

    intake.refuse = refuse
    mailbox.deliver(b"bad", b"two", b"three")
    async with make_reader(mailbox.session, intake).running():
        await until(lambda: not mailbox.inbox)
    assert intake.taken == [b"two", b"three"]
    assert tries.count(b"bad") == 3
    assert len(mailbox.failed) == 1


async def test_a_mail_that_the_server_does_not_hand_out_is_moved_and_the_others_are_taken(
    mailbox: MemoryMailbox,
) -> None:
    intake = RecordingIntake()
    mailbox.unloadable = b"bad"
    mailbox.deliver(b"one", b"bad", b"two")
    reader = make_reader(mailbox.session, intake)
    async with reader.running():
        await until(lambda: intake.taken == [b"one", b"two"])
        for number in range(3, 30):  # it counts as the mail's fault where another one is handed out beside it
            mailbox.deliver(mail := b"%d" % number)
            await until(lambda mail=mail: intake.taken[-1] == mail)  # type: ignore[misc]
            if mailbox.failed:
                break
        await until(lambda: not mailbox.inbox)
    assert len(mailbox.failed) == 1
    assert len(set(intake.taken)) == len(intake.taken)
    assert mailbox.opened == 1


async def test_a_mail_that_is_listed_but_not_there_is_moved_and_not_asked_for_without_a_pause(
    mailbox: MemoryMailbox,
) -> None:
    intake = RecordingIntake()
    mailbox.missing = b"bad"
    mailbox.deliver(b"one", b"bad", b"two")
    reader = make_reader(mailbox.session, intake, timing=replace(FAST, retry_delay=30))
    async with reader.running():
        await until(lambda: intake.taken == [b"one", b"two"])
        await asyncio.sleep(0.2)
        assert mailbox.missing_loads == 1
        for number in range(3, 30):
            mailbox.deliver(mail := b"%d" % number)
            await until(lambda mail=mail: intake.taken[-1] == mail)  # type: ignore[misc]
            if mailbox.failed:
                break
        await until(lambda: not mailbox.inbox)
    assert len(mailbox.failed) == 1
    assert len(set(intake.taken)) == len(intake.taken)


@pytest.mark.parametrize("what", ["unloadable", "unsized"])
@pytest.mark.parametrize("fault", [MailboxFault.SLOW, MailboxFault.AWAY])
async def test_a_mail_at_which_the_server_fails_holds_no_other_mail_back(
    mailbox: MemoryMailbox, fault: MailboxFault, what: str
) -> None:
    intake = RecordingIntake()
    setattr(mailbox, what, b"bad")
    mailbox.unloadable_by = fault
    mailbox.deliver(b"bad", b"two")
    reader = make_reader(mailbox.session, intake)
    async with reader.running():
        await until(lambda: intake.taken == [b"two"])
        mailbox.deliver(b"three")
        await until(lambda: list(mailbox.inbox.values()) == [b"bad"])
        opened = mailbox.opened
        await until(lambda: mailbox.opened > opened + 3)  # it is tried again, and not moved: it may be the connection
        setattr(mailbox, what, None)
        await until(lambda: not mailbox.inbox)
    assert intake.taken == [b"two", b"three", b"bad"]
    assert not mailbox.failed


async def test_no_mail_is_moved_where_the_server_hands_out_none(mailbox: MemoryMailbox) -> None:
    intake = RecordingIntake()
    mailbox.unloadable = b"one"
    mailbox.deliver(b"one", b"one")
    reader = make_reader(mailbox.session, intake)
    with capture_logs() as logs:
        async with reader.running():
            await until(lambda: sum(entry["event"] == "mailbox_fault" for entry in logs) > 4)
            assert {entry["fault"] for entry in logs if entry["event"] == "mailbox_fault"} == {MailboxFault.REFUSED}
            mailbox.unloadable = None
            await until(lambda: not mailbox.inbox)
            await until(lambda: reader.fault is None)
    assert intake.taken == [b"one", b"one"]
    assert not mailbox.failed


@pytest.mark.parametrize("fault", [MailboxFault.REFUSED, MailboxFault.FULL])
async def test_a_mail_stays_where_the_mailbox_does_not_move_it(mailbox: MemoryMailbox, fault: MailboxFault) -> None:
    intake = RecordingIntake()

    def refuse(mail: IncomingMail) -> None:
        if mail.data == b"bad":
            raise ValueError

    intake.refuse, mailbox.moves_none = refuse, fault
    mailbox.deliver(b"bad")
    reader = make_reader(mailbox.session, intake)
    async with reader.running():
        await until(lambda: reader.fault is fault)
        mailbox.deliver(b"good")
        await until(lambda: intake.taken == [b"good"])
        mailbox.moves_none = None
        await until(lambda: not mailbox.inbox)
        await until(lambda: reader.fault is None)
    assert mailbox.opened == 1


@pytest.mark.parametrize("fault", [MailboxFault.REFUSED, MailboxFault.FULL])
async def test_old_mails_that_stay_in_their_folder_hold_no_other_mail_back(
    mailbox: MemoryMailbox, fault: MailboxFault
) -> None:
    mailbox.keeps_failed = fault
    intake = RecordingIntake()
    mailbox.deliver(b"one")
    with capture_logs() as logs:
        async with make_reader(mailbox.session, intake).running():
            await until(lambda: not mailbox.inbox)
    assert [log["fault"] for log in logs if log["event"] == "failed_mails_not_removed"] == [fault]
    assert intake.taken == [b"one"]


@pytest.mark.parametrize("fault", [MailboxFault.REFUSED, MailboxFault.FULL])
async def test_flagged_mails_that_stay_hold_no_other_mail_back(mailbox: MemoryMailbox, fault: MailboxFault) -> None:
    mailbox.keeps_flagged = fault
    intake = RecordingIntake()
    mailbox.deliver(b"one")
    with capture_logs() as logs:
        async with make_reader(mailbox.session, intake).running():
            await until(lambda: not mailbox.inbox)
    assert [log["fault"] for log in logs if log["event"] == "flagged_mails_not_removed"] == [fault]
    assert intake.taken == [b"one"]


async def test_more_mails_than_a_batch_come_in_one_after_the_other(mailbox: MemoryMailbox) -> None:
    intake = RecordingIntake()
    mails = [str(number).encode() for number in range(120)]
    mailbox.deliver(*mails)
    async with make_reader(mailbox.session, intake).running():
        await until(lambda: not mailbox.inbox)
    assert intake.taken == mails
    assert intake.flushed == 3


@pytest.mark.parametrize("fault", [fault for fault in MailboxFault if fault is not MailboxFault.IDLE_UNANSWERED])
async def test_each_fault_is_named_and_reading_goes_on_after_it(mailbox: MemoryMailbox, fault: MailboxFault) -> None:
    intake = RecordingIntake()
    mailbox.fault = fault
    mailbox.deliver(b"one")
    reader = make_reader(mailbox.session, intake)
    with capture_logs() as logs:
        async with reader.running():
            await until(lambda: reader.fault is fault)
            mailbox.fault = None
            await until(lambda: not mailbox.inbox)
            assert reader.fault is None
    assert {"event": "mailbox_fault", "log_level": "warning", "fault": fault} in logs
    assert {"event": "mailbox_fault_over", "log_level": "info", "fault": fault} in logs


async def test_a_server_that_announces_nothing_is_noticed_and_survived(mailbox: MemoryMailbox) -> None:
    intake = RecordingIntake()
    reader = make_reader(mailbox.session, intake, timing=replace(FAST, poll_interval=0.05))
    async with reader.running():
        await until(lambda: mailbox.opened == 1)
        mailbox.is_silent = True
        seen = reader.last_seen_at
        await until(lambda: reader.last_seen_at > seen)
        mailbox.deliver(b"one")
        await until(lambda: not mailbox.inbox)
        assert reader.fault is MailboxFault.IDLE_UNANSWERED


async def test_uids_that_begin_again_are_counted_again(mailbox: MemoryMailbox) -> None:
    intake = RecordingIntake()

    def refuse(_mail: IncomingMail) -> None:
        if intake.tries == 2:
            mailbox.uidvalidity, mailbox.fault = 2, MailboxFault.AWAY
        raise ValueError

    intake.refuse = refuse
    mailbox.deliver(b"one")
    reader = make_reader(mailbox.session, intake)
    with capture_logs() as logs:
        async with reader.running():
            await until(lambda: reader.fault is MailboxFault.AWAY)
            mailbox.fault = None
            await until(lambda: not mailbox.inbox)
    assert intake.tries == 2 + 3
    assert "mailbox_uidvalidity_changed" in {entry["event"] for entry in logs}


@pytest.mark.slow
async def test_a_stop_does_not_wait_for_a_server_that_hangs(mailbox: MemoryMailbox) -> None:
    mailbox.hangs.set()
    try:
        async with asyncio.timeout(10):
            async with make_reader(mailbox.session, RecordingIntake()).running():
                await asyncio.sleep(0)
    finally:
        mailbox.hangs.clear()


async def test_a_stop_does_not_wait_for_the_server_to_announce_something(mailbox: MemoryMailbox) -> None:
    reader = make_reader(mailbox.session, RecordingIntake(), timing=replace(FAST, poll_interval=1000))
    async with asyncio.timeout(10):
        async with reader.running():
            seen = reader.last_seen_at
            await until(lambda: reader.last_seen_at > seen)
    assert reader.fault is None


async def test_one_process_at_a_time_reads(mailbox: MemoryMailbox) -> None:
    locks, first, second = OneProcess(), RecordingIntake(), RecordingIntake()
    async with make_reader(mailbox.session, second, locks).running():
        async with make_reader(mailbox.session, first, locks).running():
            mailbox.deliver(*[b"one"] * 60)
            await until(lambda: not mailbox.inbox)
        mailbox.deliver(b"two")
        await until(lambda: not mailbox.inbox)
    assert first.tries + second.tries == 61


@pytest.mark.postgres
@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_one_of_two_processes_reads_and_the_other_goes_on_after_it(
    mailbox: MemoryMailbox, database_url: str
) -> None:
    databases = [await open_database(database_url) for _ in range(2)]
    first, second = RecordingIntake(), RecordingIntake()
    try:
        async with make_reader(mailbox.session, first, databases[0]).running():
            await until(lambda: mailbox.opened == 1)
            async with make_reader(mailbox.session, second, databases[1]).running():
                mailbox.deliver(*[b"one"] * 60)
                await until(lambda: not mailbox.inbox)
                assert first.tries + second.tries == 60
        mailbox.deliver(b"two")
        async with make_reader(mailbox.session, second, databases[1]).running():
            await until(lambda: not mailbox.inbox)
        assert b"two" in second.taken
    finally:
        for database in databases:
            await database.close()


async def test_where_uids_are_not_said_to_stay_the_same_nothing_is_kept_of_them(mailbox: MemoryMailbox) -> None:
    intake = RecordingIntake()
    mailbox.uidvalidity = 0
    mailbox.unloadable, mailbox.unloadable_by = b"one", MailboxFault.AWAY
    reader = make_reader(mailbox.session, intake)
    async with reader.running():
        mailbox.deliver(b"one")
        await until(lambda: mailbox.opened > 2)
        mailbox.inbox = {1: b"two"}
        await until(lambda: not mailbox.inbox)
    assert intake.taken == [b"two"]
