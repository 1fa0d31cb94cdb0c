"""Edits of direct messages: what was refused is recorded; for what was recorded a correction is offered."""

import asyncio
from datetime import datetime
from typing import Final

import discord
import structlog

from bot.clock import Clock
from bot.discord_app.features.recording.correction_card import edited_message_card
from bot.discord_app.inbound.dm_handler import DirectMessageHandler
from bot.discord_app.inbound.message_conversion import replied_message_id, to_incoming_message
from bot.discord_app.inbound.receipts import ReceiptEntry
from bot.discord_app.limits import EventDeduplicator
from bot.domain.messages import ClientMessage, Intent, LineRequest, LineRequestKind, ParsedItem, Statement
from bot.domain.reply.thread_state import Direction, EventKind
from bot.domain.source_keys import line_key
from bot.domain.types import MemberId
from bot.errors import NinteiError, NotAllowedError
from bot.i18n.translations import get_translations
from bot.parsing.message import parse_message
from bot.services.container import Services
from bot.services.members import BeforeErasureError, Preferences
from bot.services.questions import is_asked_since
from bot.services.results import Receipt, ReceiptKind, RecordOutcome

MAX_EDIT_ID: Final = 100_000
"""Edits of a message are told apart by as many numbers: each is a part of a nonce, which has 25 characters."""

log = structlog.get_logger()


class EditHandler:
    """Reads edited messages anew, in turn with the member's other messages."""

    def __init__(
        self, dm_handler: DirectMessageHandler, services: Services, clock: Clock, claims: EventDeduplicator
    ) -> None:
        self._dm_handler = dm_handler
        self._services = services
        self._clock = clock
        self._claims = claims

    async def handle(self, message: discord.Message, written_at: datetime) -> None:
        """Read an edited message, unless another process does. An error is answered with a sentence or logged."""
        member_id, edited_at = MemberId(message.author.id), message.edited_at
        if edited_at is None or not message.content.strip():
            return
        with structlog.contextvars.bound_contextvars(message_id=message.id, member_id=member_id):
            async with self._dm_handler.member_locks.acquire(member_id):
                edit_id = int(edited_at.timestamp() * 1000) % MAX_EDIT_ID
                # A negative number, which no event of Discord's has as its id.
                if await self._claims.claim(-(message.id ^ edit_id)):
                    try:
                        await self._read_edited_message(message, written_at, edit_id)
                    except BeforeErasureError:
                        log.info("message_from_before_erasure")
                    except NinteiError as error:
                        log.warning("edit_not_read", error=error.message_id)

    async def _read_edited_message(self, message: discord.Message, written_at: datetime, edit_id: int) -> None:
        member_id, now = MemberId(message.author.id), self._clock.now()
        contact = await self._services.members.get_or_register(
            member_id, now=now, channel_id=message.channel.id, message_id=message.id
        )
        preferences = contact.preferences
        incoming = await to_incoming_message(message, download_timeout=self._dm_handler.download_timeout)
        sent_at = min(written_at, now)  # relative times count from when it was written
        known_names = await self._services.statements.known_names(member_id)
        items = await asyncio.to_thread(
            parse_message, incoming, now=sent_at, zone=preferences.zone, known_names=known_names
        )
        # What was asked since the message was written is about something else. A reply names the card that it is about.
        may_answer = replied_message_id(message) is not None or not await is_asked_since(
            self._services.database, member_id, sent_at, line_key(incoming.id)
        )
        for item_id, item in enumerate(items, edit_id):  # none of files to import, which were offered when they came
            outcome: RecordOutcome | NinteiError
            if isinstance(item, LineRequest) and item.kind is LineRequestKind.UNDO:
                outcome = NotAllowedError("edited-undo")  # it may be this message that is meant, or the newest step
            elif isinstance(item, LineRequest):
                await self._dm_handler.answer_line_request(message, item, preferences, f"e{item_id}")
                continue
            else:
                outcome = await self._dm_handler.record_or_answer(
                    message, item, incoming.content, sent_at=sent_at, now=now, may_answer=may_answer
                )
            await self._answer_edited_item(message, item, outcome, preferences, item_id)

    async def _answer_edited_item(
        self,
        message: discord.Message,
        item: ParsedItem,
        outcome: RecordOutcome | NinteiError,
        preferences: Preferences,
        item_id: int,
    ) -> None:
        """Offer a correction of what is recorded already, where the item says otherwise; else send the outcome."""
        if (
            isinstance(outcome, Receipt)
            and outcome.kind is ReceiptKind.REPEATED
            and isinstance(item, ClientMessage | Statement)
            and not _says_another_event(item, outcome)
        ):
            card = edited_message_card(get_translations(preferences.locale), outcome, item, preferences.zone)
            if card is not None:
                await self._dm_handler.reply(message, card, f"e{item_id}")
            return
        # Where something else happened, the receipt has the buttons that correct or delete the message.
        entry = ReceiptEntry(message.id, MAX_EDIT_ID + item_id, outcome)
        await self._dm_handler.receipts.add(MemberId(message.author.id), entry)


def _says_another_event(item: ClientMessage | Statement, receipt: Receipt) -> bool:
    """Whether a line says that something else happened than what is recorded."""
    if not isinstance(item, Statement) or item.intent is None or item.intent_assumed:
        return False
    entry = receipt.message.entry
    if entry.direction is Direction.RECEIVED:
        return item.intent is not Intent.RECEIVED
    return item.intent is not (Intent.REPLIED if entry.kind is EventKind.MESSAGE else Intent.DISMISSED)
