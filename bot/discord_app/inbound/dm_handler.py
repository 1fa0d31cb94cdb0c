"""Direct messages to the bot: they are parsed, recorded, and answered with a receipt."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from functools import partial
from typing import Any, Final

import discord
import structlog

from bot.clock import Clock
from bot.discord_app.features.data.cards import file_offer_card
from bot.discord_app.features.data.offered_file import OfferedFile, read_offered_files
from bot.discord_app.features.onboarding.cards import WelcomeChoices, start_card
from bot.discord_app.features.recording.missed_notices import notify_of_missed
from bot.discord_app.inbound.history_reader import HistoryReader
from bot.discord_app.inbound.line_requests import line_request_card
from bot.discord_app.inbound.message_conversion import (
    has_only_short_forwards,
    is_by_member,
    replied_message_id,
    to_incoming_message,
)
from bot.discord_app.inbound.receipts import MessageHandled, ReadCheckpoints, ReceiptEntry, ReceiptSender
from bot.discord_app.limits import EventDeduplicator, KeyedSemaphore
from bot.discord_app.request_errors import REQUEST_ERRORS, UNPARSABLE_RESPONSE_ERRORS
from bot.discord_app.sender import DirectMessageSender, Recipient
from bot.discord_app.ui.formatting import format_error
from bot.discord_app.ui.layout import DANGER, notice_card
from bot.domain.language import detect_language
from bot.domain.messages import (
    LineRequest,
    LineRequestKind,
    ParsedItem,
    is_empty_record_attempt,
    may_answer_question,
)
from bot.domain.types import Locale, MemberId
from bot.errors import NinteiError, NotAllowedError, StorageError
from bot.i18n.translations import get_translations
from bot.instrumentation import Metrics
from bot.parsing.incoming import IncomingMessage
from bot.parsing.message import parse_message
from bot.services.container import Services
from bot.services.data_transfer import ImportPreview
from bot.services.members import BeforeErasureError, BlockedError, MemberContact, Preferences
from bot.services.results import RecordOutcome, parsed_item_metric_labels

MAX_CONCURRENT_DOWNLOADS: Final = 2
"""Messages of one member whose files are downloaded at once."""

log = structlog.get_logger()


MessageContent = tuple[IncomingMessage, Mapping[OfferedFile, ImportPreview | NinteiError]]
"""The content of a message; and what its files to import contain, or why they cannot be imported."""


class DirectMessageHandler:
    """Handles direct messages: one member's one after the other, in the order in which they came."""

    def __init__(
        self,
        sender: DirectMessageSender,
        services: Services,
        clock: Clock,
        claims: EventDeduplicator,
        *,
        history: HistoryReader,
        receipt_wait: float,
        metrics: Metrics,
    ) -> None:
        self._sender = sender
        self._services = services
        self._clock = clock
        self._claims = claims
        self._history = history
        self._metrics = metrics
        self.download_timeout = sender.timeouts.request
        """Seconds for the files of a message."""
        self.member_locks = KeyedSemaphore(1)
        """Held while a message of a member's is handled."""
        self._download_semaphores = KeyedSemaphore(MAX_CONCURRENT_DOWNLOADS)
        self.receipts = ReceiptSender(sender, services, claims, wait=receipt_wait)
        self._suspended: ReadCheckpoints | None = None
        """Those of the session that goes on, if the lost connection is resumed."""

    def suspend_checkpoints(self) -> None:
        """The connection is lost: until the session goes on or a new one has read, no later message is a checkpoint."""
        former = self.receipts.checkpoints
        self.receipts.checkpoints = former.begin_next()
        if self._suspended is None:
            self._suspended = former
        else:
            former.pass_waiting_to(self.receipts.checkpoints)

    def reset_checkpoints(self) -> ReadCheckpoints:
        """Start anew: messages may have been missed, and until they are read no later one is saved as a checkpoint.

        Returns the checkpoints of the session that begins.
        """
        former = self.receipts.checkpoints
        self.receipts.checkpoints = new = former.begin_next()
        for ended in (self._suspended, former):
            if ended is not None:
                ended.pass_waiting_to(new)
        self._suspended = None
        return new

    async def resume_checkpoints(self) -> None:
        """The session goes on, and what was missed has come: save the checkpoints that nothing earlier keeps back."""
        if self._suspended is not None:
            self.receipts.checkpoints.pass_waiting_to(self._suspended, is_same_session=True)
            self.receipts.checkpoints, self._suspended = self._suspended, None
        await self.save_checkpoints(self.receipts.checkpoints.take_savable_checkpoints())

    async def save_checkpoints(self, checkpoints: Iterable[tuple[MemberId, int]]) -> None:
        """Save up to which message each member's were handled. One that cannot be saved does not hinder the others."""
        for member_id, message_id in checkpoints:
            try:
                await self._services.members.set_last_read(member_id, message_id)
            except NinteiError as error:
                log.warning("checkpoint_not_saved", member_id=member_id, error=error.message_id)

    async def handle(
        self, message: discord.Message, sent_at: datetime, missed_in: ReadCheckpoints | None = None
    ) -> None:
        """Parse, record and answer a message, unless another process does. Relative times in it count from `sent_at`.

        An error is answered with a sentence; none is raised. `missed_in`: the checkpoints of the session that reads
        what was missed; None: it came by the gateway, so that those before it may not have been read.
        """
        member_id, live = MemberId(message.author.id), missed_in is None
        checkpoints = self.receipts.checkpoints if missed_in is None else missed_in
        checkpoints.begin(member_id, message.id)
        try:
            with structlog.contextvars.bound_contextvars(message_id=message.id, member_id=member_id):
                # Before it is the message's turn, so that a slow file delays no other message of the member's.
                content = await self._load_content(message)
                if content is None:
                    return
                async with self.member_locks.acquire(member_id):
                    if await self._claims.claim(message.id, steal_from_dead=True):
                        await self._parse_and_record(message, content, checkpoints, sent_at, live=live)
        finally:
            checkpoints.end(member_id, message.id)

    async def _load_content(self, message: discord.Message) -> MessageContent | None:
        """The content with its files; None when that failed, which the member is answered."""
        has_files = bool(message.attachments or message.message_snapshots)
        try:
            async with self._download_semaphores.acquire(MemberId(message.author.id)) if has_files else nullcontext():
                incoming = await to_incoming_message(message, download_timeout=self.download_timeout)
                if not incoming.attachments:
                    return incoming, {}
                transfer, now = self._services.data_transfer, self._clock.now()
                return incoming, await read_offered_files(
                    transfer, message, incoming, now=now, download_timeout=self.download_timeout
                )
        except Exception as error:
            log.exception("message_failed", error_type=type(error).__name__)
            locale = detect_language(message.content) or self._services.default_locale
            sentence = get_translations(locale)("internal-error")
            await self.reply(message, notice_card(sentence, DANGER), "fault")
            return None

    async def note_read(self, member_id: MemberId, message_id: int, checkpoints: ReadCheckpoints) -> None:
        """Note that a session has read the channel up to this message, which can be the bot's own."""
        await self.receipts.add(member_id, MessageHandled(message_id, checkpoints))

    async def parse_or_mark_unread(
        self, member_id: MemberId, channel_id: int, raw: dict[str, Any]
    ) -> discord.Message | None:
        """A message of the history. One that cannot be parsed is None: the member is notified at the next contact."""
        try:
            return self._history.parse_raw_message(raw, channel_id)
        except Exception as error:
            log.exception("message_malformed", message_id=raw["id"], error_type=type(error).__name__)
            sent_at = discord.utils.snowflake_time(int(raw["id"]))
            await self._services.members.mark_unread_since(member_id, sent_at)
            return None

    async def _handle_messages_since_erasure(
        self, message: discord.Message, checkpoints: ReadCheckpoints, erased_up_to: int
    ) -> None:
        """Handle what somebody wrote between their erasure and this message.

        Their channel was erased too, so that what they wrote while the bot was away was not read at its start.
        """
        member_id, channel_id = MemberId(message.author.id), message.channel.id
        try:
            raw_messages = await self._history.fetch_messages_between(channel_id, erased_up_to, message.id)
        except (*REQUEST_ERRORS, *UNPARSABLE_RESPONSE_ERRORS) as error:
            # The next session reads it; until then no later message moves the checkpoint.
            log.warning("backlog_not_read", error_type=type(error).__name__)
            checkpoints.block(member_id)
            return
        for raw in raw_messages:
            earlier = await self.parse_or_mark_unread(member_id, channel_id, raw)
            if (
                earlier is None
                or not is_by_member(earlier)
                or not await self._claims.claim(earlier.id, steal_from_dead=True)
            ):
                continue
            with structlog.contextvars.bound_contextvars(message_id=earlier.id):
                content = await self._load_content(earlier)
                if content is not None:
                    sent_at = min(earlier.created_at, self._clock.now())
                    await self._parse_and_record(earlier, content, checkpoints, sent_at)

    async def _parse_and_record(
        self,
        message: discord.Message,
        content: MessageContent,
        checkpoints: ReadCheckpoints,
        sent_at: datetime,
        *,
        live: bool = False,
    ) -> None:
        member_id = MemberId(message.author.id)
        members, now = self._services.members, self._clock.now()
        incoming, offers = content
        line_locale = detect_language(incoming.content) if incoming.content else None
        locale = line_locale or self._services.default_locale
        try:
            contact = await members.get_or_register(
                member_id, now=now, line_locale=line_locale, channel_id=message.channel.id, message_id=message.id
            )
            if live and contact.unread_since_erasure:
                await self._handle_messages_since_erasure(message, checkpoints, contact.erased_up_to)
            locale = contact.preferences.locale
            texts = get_translations(locale)
            if contact.has_notices:
                send = partial(self.reply, message, nonce_suffix="missed")
                await notify_of_missed(self._claims, members, member_id, contact, send, now=now)
            known_names = await self._services.statements.known_names(member_id) if incoming.content else ()
            parse = partial(
                parse_message, incoming, now=sent_at, zone=contact.preferences.zone, known_names=known_names
            )
            # In a thread, since a mail may be large, and nobody else should wait while it is parsed.
            items = parse() if has_only_short_forwards(incoming) else await asyncio.to_thread(parse)
            await self._record_items(message, items, incoming.content, contact, sent_at=sent_at, now=now)
            if contact.is_new:
                await self._welcome(message, contact, now)
            for file, preview in offers.items():
                await self.reply(message, file_offer_card(texts, file, preview), f"file{file.index}")
            await self.receipts.add(member_id, MessageHandled(message.id, checkpoints))
        except BeforeErasureError:
            log.info("message_from_before_erasure")
        except NotAllowedError as error:
            await self._refuse_member(message, member_id, error, locale)
        except NinteiError as error:
            # Nothing was recorded. The message and those after it are read again with the next session, by whichever
            # process has it.
            await self.receipts.flush(member_id)
            checkpoints.block(member_id)
            await self._claims.release(message.id)
            log.warning("message_not_recorded", error=error.message_id)
            await self.reply(message, notice_card(format_error(get_translations(locale), error), DANGER), "error")
        except Exception as error:
            log.exception("message_failed", error_type=type(error).__name__)
            await self.receipts.flush(member_id)
            await self.reply(message, notice_card(get_translations(locale)("internal-error"), DANGER), "fault")

    async def _welcome(self, message: discord.Message, contact: MemberContact, now: datetime) -> None:
        """Welcome a new member once, whatever they write before their first message counts as read.

        Sent at once, so that the receipt, which may wait for further messages, is the last thing to be seen.
        """
        # After a crash the nonce, which is the member's, prevents a second welcome. Who was erased is a new member, to
        # whom Discord would answer the same nonce with the former welcome.
        scope = contact.erased_up_to or message.author.id
        if not await self._claims.claim(-scope, steal_from_dead=True):  # no event of Discord's has a negative id
            return
        welcome = WelcomeChoices(contact.preferences.edition, edition_chosen=False)
        card = start_card(get_translations(contact.preferences.locale), welcome, now=now)
        if not await self.reply(message, card, "start", nonce_scope=scope):
            await self._claims.release(-scope)

    async def _record_items(
        self,
        message: discord.Message,
        items: Sequence[ParsedItem],
        content: str,
        contact: MemberContact,
        *,
        sent_at: datetime,
        now: datetime,
    ) -> None:
        member_id = MemberId(message.author.id)
        if len(items) > 1:
            items = await self._services.text_answers.drop_assumed_intents(member_id, items, now=now)
            if replied_message_id(message) is None:
                items = await self._services.text_answers.complete_further_names(member_id, items, content, now=now)
        for index, item in enumerate(items):
            if contact.is_new and is_empty_record_attempt(item):
                continue  # the welcome card says what to write
            if isinstance(item, LineRequest):
                await self.answer_line_request(message, item, contact.preferences, "request")
                continue
            outcome = await self.record_or_answer(message, item, content, sent_at=sent_at, now=now)
            recipient = Recipient(message.channel.id, contact.preferences)
            await self.receipts.add(member_id, ReceiptEntry(message.id, index, outcome, recipient))

    async def answer_line_request(
        self, message: discord.Message, request: LineRequest, preferences: Preferences, nonce_suffix: str
    ) -> None:
        """Answer a plain word as its command would."""
        try:
            if request.kind is LineRequestKind.UNDO:
                # An undo that was read again after a crash would undo something else.
                if not await self._claims.claim_for_good(-message.id):
                    return
                await self.receipts.flush_before_undo(MemberId(message.author.id))
            member_id, now = MemberId(message.author.id), self._clock.now()
            card = await line_request_card(
                self._services, request, member_id, preferences, replied_to=replied_message_id(message), now=now
            )
        except NinteiError as error:
            card = notice_card(format_error(get_translations(preferences.locale), error))
        await self.reply(message, card, nonce_suffix)

    async def _refuse_member(
        self, message: discord.Message, member_id: MemberId, error: NotAllowedError, locale: Locale
    ) -> None:
        """Answer whom the operator's limit refuses, or who is blocked: the latter once, and the message counts as read.

        Nothing is kept, and nothing is read again.
        """
        card = notice_card(format_error(get_translations(locale), error))
        if not isinstance(error, BlockedError):
            await self.reply(message, card, "refused")
            return
        log.info("message_of_blocked_member")
        try:
            if await self._services.members.claim_blocked_answer(member_id, now=self._clock.now()):
                await self.reply(message, card, "blocked")
        except StorageError as storage_error:
            log.warning("blocked_member_not_told", error=storage_error.message_id)
        await self.receipts.add(member_id, MessageHandled(message.id, self.receipts.checkpoints))

    async def record_or_answer(
        self,
        message: discord.Message,
        item: ParsedItem,
        content: str,
        *,
        sent_at: datetime,
        now: datetime,
        may_answer: bool = True,
    ) -> RecordOutcome | NinteiError:
        """Record an item; a text that leaves something open may be the answer to the bot's question.

        `may_answer`: False for a text that no question came before.
        """
        member_id = MemberId(message.author.id)
        outcome: RecordOutcome | NinteiError | None = None
        try:
            if may_answer and content.strip() and may_answer_question(item):
                outcome = await self._services.text_answers.answer(
                    member_id, item, content, replied_to=replied_message_id(message), written_at=sent_at, now=now
                )
            if outcome is None:
                outcome = await self._services.recording.record_item(member_id, item, now=now, message_id=message.id)
        except NinteiError as error:
            log.info("request_refused", error=error.message_id)
            outcome = error
        self._metrics.count("parsed_items", *parsed_item_metric_labels(item, outcome))
        return outcome

    async def reply(
        self, message: discord.Message, card: discord.ui.LayoutView, nonce_suffix: str, *, nonce_scope: int = 0
    ) -> bool:
        """Answer a message in its channel. Returns whether that succeeded; the nonce makes a second try harmless.

        `nonce_scope`: an id with which the nonce begins instead of that of the message.
        """
        nonce = f"{nonce_scope or message.id}{nonce_suffix}"
        return await self._reply_in_channel(MemberId(message.author.id), message.channel.id, card, nonce)

    async def _reply_in_channel(
        self, member_id: MemberId, channel_id: int, card: discord.ui.LayoutView, nonce: str
    ) -> bool:
        try:
            sent = await self._sender.send_card(channel_id, card, nonce[:25])
        except REQUEST_ERRORS as error:
            log.warning("reply_not_sent", error_type=type(error).__name__)
            return False
        await self._sender.store_card(member_id, sent, card)
        return True

    async def report_unparsable_message(self, author_id: int | None, channel_id: int, message_id: int) -> None:
        """Notify the member of a direct message that discord.py could not parse.

        The checkpoint stays before it, so that it is read again with the next session.
        """
        members = self._services.members
        try:
            member_id = await members.find_by_dm_channel(channel_id) if author_id is None else MemberId(author_id)
            if member_id is None:
                return
            self.receipts.checkpoints.block(member_id)
            contact = await members.get_or_register(
                member_id, now=self._clock.now(), channel_id=channel_id, message_id=message_id
            )
        except BeforeErasureError:
            log.info("message_from_before_erasure", message_id=message_id)
            return
        except NinteiError as error:
            log.warning("unparsable_message_not_reported", message_id=message_id, error=error.message_id)
            return
        card = notice_card(get_translations(contact.preferences.locale)("message-unparsable"), DANGER)
        await self._reply_in_channel(member_id, channel_id, card, f"{message_id}unparsable")
