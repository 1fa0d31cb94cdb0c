"""All services, built over one database."""

from collections.abc import Callable
from datetime import datetime

from bot.services.advice import AdviceQueries
from bot.services.answers import AnswerService
from bot.services.arrivals import ArrivalQueries
from bot.services.bulk_changes import BulkChangeRunner
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
from bot.services.record_transaction import BulkLimits, RecordTransactions
from bot.services.recording import RecordingService
from bot.services.reply_windows import ReplyWindowService
from bot.services.statements import StatementService
from bot.services.status import StatusQueries
from bot.services.text_answers import TextAnswerService
from bot.services.thread_marks import ThreadMarkService
from bot.settings import MemberDefaults
from storage.database import Database


class Services:
    """Everything that the Discord side and the command line can ask for."""

    def __init__(
        self,
        database: Database,
        defaults: MemberDefaults,
        on_schedule_changed: Callable[[], None],
        bulk_limits: BulkLimits | None = None,
        *,
        on_reminder_planned: Callable[[datetime], None] | None = None,
        on_cards_changed: Callable[[], None] = lambda: None,
        mail: MailOptions | None = None,
    ) -> None:
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
            limits=bulk_limits or BulkLimits(),
        )
        self.database = database
        self.default_locale = defaults.locale
        self.stale_after = defaults.stale_after
        """The age from which a member's own statements are marked as old."""
        self.retention_months = defaults.retention_months
        """How long rows are kept that can no longer matter."""
        self.bulk_changes = BulkChangeRunner(transactions)
        self.members = MemberService(database, defaults)
        self.preferences = PreferenceService(transactions, self.bulk_changes)
        self.statements = StatementService(transactions)
        self.recording = RecordingService(transactions, self.statements)
        self.message_corrections = MessageCorrectionService(transactions)
        self.answers = AnswerService(
            database, self.recording, self.message_corrections, self.statements, self.preferences
        )
        self.text_answers = TextAnswerService(
            database, self.recording, self.message_corrections, self.statements, self.answers
        )
        self.windows = ReplyWindowService(transactions)
        self.pending = PendingService(transactions)
        self.marks = ThreadMarkService(transactions)
        self.muting = MutingService(transactions, self.bulk_changes)
        self.history = HistoryService(transactions, self.bulk_changes)
        self.cards = CardService(database, defaults)
        self.status = StatusQueries(database, defaults)
        self.advice = AdviceQueries(database, defaults)
        self.jobs = JobService(database)
        self.profile = ProfileService(database)
        self.data_transfer = DataTransferService(transactions, self.bulk_changes)
        self.erasure = ErasureService(database, self.data_transfer, defaults.backup_retention_days)
        self.operator = OperatorService(database, self.erasure)
        self.inboxes = InboxService(database)
        self.mail = MailService(transactions, mail)
        self.arrivals = ArrivalQueries(database)
        self.consistency = ConsistencyChecker(database, defaults)
