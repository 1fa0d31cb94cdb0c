"""All services, built over one database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.types import Locale
from bot.services.advice import AdviceQueries
from bot.services.answers import AnswerService
from bot.services.arrivals import ArrivalQueries
from bot.services.bulk_changes import BulkChangeRunner, BulkLimits
from bot.services.cards import CardService
from bot.services.consistency import ConsistencyChecker
from bot.services.data_transfer import DataTransferService
from bot.services.erasure import ErasureService
from bot.services.history import HistoryService
from bot.services.inboxes import InboxService
from bot.services.jobs import JobService
from bot.services.mail import MailOptions, MailService
from bot.services.members import MemberService
from bot.services.message_corrections import MessageCorrectionService
from bot.services.muting import MutingService
from bot.services.operator import OperatorService
from bot.services.pending import PendingService
from bot.services.preference_changes import PreferenceService
from bot.services.profile import ProfileService
from bot.services.record_transaction import RecordTransactions
from bot.services.recording import RecordingService
from bot.services.reply_windows import ReplyWindowService
from bot.services.statements import StatementService
from bot.services.status import StatusQueries
from bot.services.thread_marks import ThreadMarkService
from bot.settings import MemberDefaults
from storage.database import Database

DEFAULT_BULK_LIMITS = BulkLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything that the Discord side and the command line can ask for."""

    recording: RecordingService
    answers: AnswerService
    windows: ReplyWindowService
    pending: PendingService
    statements: StatementService
    cards: CardService
    message_corrections: MessageCorrectionService
    history: HistoryService
    muting: MutingService
    marks: ThreadMarkService
    preferences: PreferenceService
    status: StatusQueries
    advice: AdviceQueries
    jobs: JobService
    profile: ProfileService
    data_transfer: DataTransferService
    erasure: ErasureService
    members: MemberService
    operator: OperatorService
    inboxes: InboxService
    mail: MailService
    arrivals: ArrivalQueries
    bulk_changes: BulkChangeRunner
    consistency: ConsistencyChecker
    default_locale: Locale
    stale_after: timedelta
    """The age from which a member's own statements are marked as old."""
    database: Database


def build_services(
    database: Database,
    defaults: MemberDefaults,
    on_schedule_changed: Callable[[], None],
    bulk_limits: BulkLimits = DEFAULT_BULK_LIMITS,
    *,
    on_reminder_planned: Callable[[datetime], None] | None = None,
    on_cards_changed: Callable[[], None] = lambda: None,
    mail: MailOptions | None = None,
) -> Services:
    """Build all services. `on_schedule_changed` is called after each commit that may change planned reminders.

    `on_reminder_planned`, if given, is called instead where a few are planned, with the instant of the first one.
    `on_cards_changed` is called after each commit that may have changed what cards show. `mail`: None where the
    operator has set up no mailbox.
    """
    transactions = RecordTransactions(
        database=database,
        defaults=defaults,
        on_schedule_changed=on_schedule_changed,
        on_reminder_planned=on_reminder_planned or (lambda _: on_schedule_changed()),
        on_cards_changed=on_cards_changed,
        max_thread_messages=bulk_limits.messages_per_thread,
        max_open_windows=bulk_limits.open_windows,
    )
    bulk_changes = BulkChangeRunner(transactions, bulk_limits)
    data_transfer = DataTransferService(transactions, bulk_changes)
    erasure = ErasureService(database, data_transfer, defaults.backup_retention_days)
    recording, message_corrections = RecordingService(transactions), MessageCorrectionService(transactions)
    statements = StatementService(transactions)
    preferences = PreferenceService(database, defaults, on_schedule_changed, bulk_changes)
    return Services(
        recording=recording,
        statements=statements,
        answers=AnswerService(database, recording, message_corrections, statements, preferences),
        windows=ReplyWindowService(transactions),
        cards=CardService(database, defaults),
        message_corrections=message_corrections,
        pending=PendingService(transactions),
        history=HistoryService(transactions, bulk_changes),
        muting=MutingService(transactions, bulk_changes),
        marks=ThreadMarkService(transactions),
        preferences=preferences,
        status=StatusQueries(database, defaults),
        advice=AdviceQueries(database, defaults),
        jobs=JobService(database),
        profile=ProfileService(database),
        data_transfer=data_transfer,
        erasure=erasure,
        members=MemberService(database, defaults),
        operator=OperatorService(database, erasure),
        inboxes=InboxService(database),
        mail=MailService(transactions, mail),
        arrivals=ArrivalQueries(database),
        bulk_changes=bulk_changes,
        consistency=ConsistencyChecker(database, defaults),
        default_locale=defaults.locale,
        stale_after=defaults.stale_after,
        database=database,
    )
