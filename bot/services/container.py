"""All services, built over one database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.types import Locale
from bot.services.advice import AdviceQueries
from bot.services.answers import AnswerService
from bot.services.arrivals import ArrivalQueries
from bot.services.bulk_changes import BulkChangeRunner, BulkLimits
from bot.services.consistency import ConsistencyChecker
from bot.services.data_transfer import DataTransferService
from bot.services.erasure import ErasureService
from bot.services.history import HistoryService
from bot.services.inboxes import InboxService
from bot.services.jobs import JobService
from bot.services.members import MemberService
from bot.services.operator import OperatorService
from bot.services.preference_changes import PreferenceService
from bot.services.profile import ProfileService
from bot.services.record_transaction import RecordTransactions
from bot.services.recording import RecordingService
from bot.services.reply_windows import ReplyWindowService
from bot.services.statements import StatementService
from bot.services.status import StatusQueries
from bot.settings import MemberDefaults
from storage.database import Database

DEFAULT_BULK_LIMITS = BulkLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything that the Discord side and the command line can ask for."""

    recording: RecordingService
    answers: AnswerService
    windows: ReplyWindowService
    statements: StatementService
    history: HistoryService
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
) -> Services:
    """Build all services. `on_schedule_changed` is called after each commit that may change planned reminders."""
    transactions = RecordTransactions(
        database,
        defaults,
        on_schedule_changed,
        max_thread_messages=bulk_limits.messages_per_thread,
        max_open_windows=bulk_limits.open_windows,
    )
    bulk_changes = BulkChangeRunner(transactions, bulk_limits)
    data_transfer = DataTransferService(transactions, bulk_changes)
    erasure = ErasureService(database, data_transfer, defaults.backup_retention_days)
    recording, history = RecordingService(transactions), HistoryService(transactions, bulk_changes)
    statements = StatementService(transactions)
    return Services(
        recording=recording,
        statements=statements,
        answers=AnswerService(database, recording, history, statements),
        windows=ReplyWindowService(transactions),
        history=history,
        preferences=PreferenceService(database, defaults, on_schedule_changed, bulk_changes),
        status=StatusQueries(database, defaults),
        advice=AdviceQueries(database, defaults),
        jobs=JobService(database),
        profile=ProfileService(database),
        data_transfer=data_transfer,
        erasure=erasure,
        members=MemberService(database, defaults),
        operator=OperatorService(database, erasure),
        inboxes=InboxService(database),
        arrivals=ArrivalQueries(database),
        bulk_changes=bulk_changes,
        consistency=ConsistencyChecker(database, defaults),
        default_locale=defaults.locale,
        stale_after=defaults.stale_after,
        database=database,
    )
