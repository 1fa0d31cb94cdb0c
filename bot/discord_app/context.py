"""The context of an interaction: the member, their language and zone, the services, and how to answer."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

import discord
import structlog

from bot.discord_app.client import (
    MAX_TIME_TO_RESUME,
    Interaction,
    InteractionRejectedError,
    NinteiClient,
    interaction_locale,
)
from bot.discord_app.features.recording.missed_notices import notify_of_missed
from bot.discord_app.interaction_metrics import record_interaction_on_exit, set_interaction_outcome
from bot.discord_app.picture_attachments import EditMessage
from bot.discord_app.request_errors import REQUEST_ERRORS, UNPARSABLE_RESPONSE_ERRORS, error_if_possible_bug
from bot.discord_app.responses import (
    ALREADY_ANSWERED_CODE,
    AnswerLostError,
    Deferral,
    is_temporary_discord_error,
    respond_with_retry,
)
from bot.discord_app.ui.formatting import format_error
from bot.discord_app.ui.layout import Card, notice_card
from bot.domain.types import Locale, MemberId
from bot.errors import NinteiError, NotAllowedError, StorageError
from bot.i18n.translations import Translations, get_translations
from bot.scheduling.ports import RetryLaterError
from bot.services.container import Services
from bot.services.members import MemberContact, Preferences
from bot.services.shown_cards import ShownCard
from storage.cards import CardContent

CallbackResponse = discord.InteractionCallbackResponse[NinteiClient] | None
"""Discord's reply to an accepted answer."""

Responder = Callable[[discord.ui.LayoutView, list[discord.File]], Awaitable[CallbackResponse]]
"""Answers with a card and its picture's file, or with the card and no file."""

EXPIRED_TOKEN_CODE: Final = 50027
"""Of a 401: the interaction was answered too late."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionContext:
    """One interaction of a registered member."""

    interaction: Interaction
    client: NinteiClient
    services: Services
    member_id: MemberId
    contact: MemberContact
    preferences: Preferences
    texts: Translations
    now: datetime
    deferral: Deferral
    in_dm: bool
    """Whether it happened in the direct message with the bot, where answers need not be ephemeral."""
    idempotency_key: str
    """The source key of what this interaction records, so that a repeated one records nothing."""

    async def defer(self) -> None:
        """Tell Discord that the answer takes longer than it waits; what was asked for is done also if that fails."""
        try:
            await self.deferral.defer()
        except discord.NotFound:
            raise
        except (*REQUEST_ERRORS, *UNPARSABLE_RESPONSE_ERRORS) as error:
            log.warning(
                "interaction_not_deferred", error_type=type(error).__name__, exc_info=error_if_possible_bug(error)
            )

    async def respond(self, card: discord.ui.LayoutView, *, files: Sequence[discord.File] = ()) -> None:
        """Answer with a card that only the member sees."""
        self.deferral.answer_card = card
        response, ephemeral = self.interaction.response, not self.in_dm
        if await self._respond_first(
            card,
            lambda view, more: response.send_message(
                view=view, ephemeral=ephemeral, files=[*_reopened_files(files), *more]
            ),
        ):
            return
        message: discord.WebhookMessage | discord.InteractionMessage | None
        if self.deferral.has_placeholder:  # an edit, which does no harm where it arrives twice
            edit = self.interaction.edit_original_response
            message = await respond_with_retry(
                self.interaction, lambda: edit(view=card, attachments=_reopened_files(files))
            )
            self.deferral.has_placeholder = False
        else:
            send = self.interaction.followup.send
            message = await respond_with_retry(
                self.interaction,
                lambda: send(view=card, ephemeral=ephemeral, files=_reopened_files(files), wait=True),
                is_further_message=True,
            )
        if message is not None:
            await self._finish_later_answer(message.id, card, message.edit, is_new=True)

    async def edit_message(self, card: discord.ui.LayoutView) -> None:
        """Replace the card whose control was used, with its picture."""
        self.deferral.answer_card = card
        version, response = await self._cancel_pending_picture(), self.interaction.response
        if await self._respond_first(
            card, lambda view, files: response.edit_message(view=view, attachments=files), version, is_new=False
        ):
            return
        edit = self.interaction.edit_original_response
        message = await respond_with_retry(self.interaction, lambda: edit(view=card, attachments=[]))
        if message is not None:
            await self._finish_later_answer(message.id, card, edit, version, is_new=False)

    async def _finish_later_answer(
        self, message_id: int, card: discord.ui.LayoutView, edit: EditMessage, version: int = 0, *, is_new: bool
    ) -> None:
        """Store a card that was not the first answer, and have its picture attached."""
        await self._store_card(message_id, card, is_new=is_new)
        if (pictures := self.client.pictures) and (picture := pictures.picture_for(card)):
            pictures.attach_later(message_id, card, picture, edit, version=version)

    async def show_modal(self, modal: discord.ui.Modal) -> None:
        """Answer with a form. Discord takes one as the first answer alone: if it is late, the member presses again."""
        async with self.deferral.lock:
            if not self.deferral.is_done:
                await respond_with_retry(self.interaction, lambda: self.interaction.response.send_modal(modal))
                return
        await self.respond(notice_card(self.texts("form-late")))

    async def edit_response(self, card: discord.ui.LayoutView) -> None:
        """Replace the card once more, after `edit_message`."""
        self.deferral.answer_card = card
        await self._cancel_pending_picture()
        edit = self.interaction.edit_original_response
        await respond_with_retry(self.interaction, lambda: edit(view=card, attachments=[]))

    async def show_progress(self, card: discord.ui.LayoutView) -> None:
        """Replace the card, after `edit_message`, if Discord takes it at once: what is being done goes on anyway."""
        try:
            async with asyncio.timeout(self.client.sender.timeouts.response):
                await self.interaction.edit_original_response(view=card, attachments=[])
        except (*REQUEST_ERRORS, *UNPARSABLE_RESPONSE_ERRORS) as error:
            log.info("progress_not_shown", error_type=type(error).__name__, exc_info=error_if_possible_bug(error))

    async def _cancel_pending_picture(self) -> int:
        """Cancel the picture that is being drawn for the card. Returns the version that its next picture belongs to."""
        pictures, message = self.client.pictures, self.interaction.message
        return 0 if pictures is None or message is None else await pictures.drop_pending_picture(message.id)

    async def _store_card(self, message_id: int | None, card: discord.ui.LayoutView, *, is_new: bool) -> None:
        """Have a card in the direct message edited when what it shows changes. Answers elsewhere are final."""
        channel_id = self.interaction.channel_id
        if not isinstance(card, Card) or message_id is None or channel_id is None or not self.in_dm:
            return
        cards = self.services.cards
        try:
            match card.content:
                case ShownCard() as shown:
                    await cards.save_shown_state(shown, now=self.now)
                case CardContent() as content:
                    await cards.save(self.member_id, message_id, channel_id, content, is_new=is_new, now=self.now)
        except StorageError as error:
            log.warning("card_not_stored", error=error.message_id)

    async def _respond_first(
        self, card: discord.ui.LayoutView, send: Responder, version: int = 0, *, is_new: bool = True
    ) -> bool:
        """Answer with the picture, unless the interaction was deferred. Returns whether this was the answer."""
        async with self.deferral.lock:
            if self.deferral.is_done:
                return False
            try:
                message_id = await self._respond_with_picture(card, send, version, is_new=is_new)
            except discord.HTTPException as error:
                if error.code != ALREADY_ANSWERED_CODE:
                    raise
                self.deferral.mark_acknowledged()
                return False
        await self._store_card(message_id, card, is_new=is_new)
        return True

    async def _respond_with_picture(
        self, card: discord.ui.LayoutView, send: Responder, version: int, *, is_new: bool
    ) -> int | None:
        """Answer with the picture if it is cached; else it is attached later. Returns the message's id if known."""
        pictures = self.client.pictures
        picture = pictures.picture_for(card) if pictures else None
        if pictures and picture and (rendered := pictures.cached_card_with_picture(card, picture)) is not None:
            try:
                response = await respond_with_retry(self.interaction, lambda: send(rendered.card, [rendered.file()]))
            except discord.HTTPException as error:
                if isinstance(error, discord.NotFound) or is_temporary_discord_error(error):
                    raise
                log.warning("picture_refused", status=error.status, code=error.code)
            else:
                return await self._response_message_id(response, is_new=is_new)
        response = await respond_with_retry(self.interaction, partial(send, card, []))
        message_id = await self._response_message_id(response, is_new=is_new)
        if pictures and picture and message_id is not None:
            pictures.attach_later(message_id, card, picture, self.interaction.edit_original_response, version=version)
        return message_id

    async def _response_message_id(self, response: CallbackResponse, *, is_new: bool) -> int | None:
        """The id of the message that shows the answer; Discord is asked where the answer's response did not say."""
        if response is not None and response.message_id is not None:
            return response.message_id
        if not is_new and self.interaction.message is not None:
            return self.interaction.message.id
        try:
            return (await self.interaction.original_response()).id
        except (*REQUEST_ERRORS, *UNPARSABLE_RESPONSE_ERRORS, discord.ClientException) as error:
            log.info("answer_not_found", error_type=type(error).__name__, exc_info=error_if_possible_bug(error))
            return None


def _reopened_files(files: Sequence[discord.File]) -> list[discord.File]:
    """The same files for one more try: each request reads its own to their end, and closes those it gets again."""
    for file in files:
        file.close()
        file.reset()
    return [discord.File(file.fp, file.filename) for file in files]


@asynccontextmanager
async def interaction_context(
    interaction: Interaction, *, typed: Sequence[str] = ()
) -> AsyncIterator[InteractionContext]:
    """Load or register the member, and answer errors of the block with a sentence.

    What a form asked for is `typed`: an error gives it back. An answer that is not there in time is deferred. At most
    `MAX_CONCURRENT_PER_MEMBER` blocks of one member run at once. After the block the member is notified of reminders
    and messages that were missed. Raises `InteractionRejectedError` when another process handles the interaction, or
    the member could not be loaded and was answered so.
    """
    client, member_id = interaction.client, MemberId(interaction.user.id)
    in_dm = interaction.guild_id is None and interaction.context.dm_channel
    now = client.clock.now()  # a press that waits for its turn is of the instant at which it came
    if now - MAX_TIME_TO_RESUME < interaction.created_at < client.resumed_at:
        now = interaction.created_at
    async with Deferral(interaction, ephemeral=not in_dm) as deferral:
        if not await client.claims.claim(interaction.id):
            raise InteractionRejectedError
        async with client.member_semaphores.acquire(member_id):
            with structlog.contextvars.bound_contextvars(member_id=member_id), record_interaction_on_exit():
                locale = interaction_locale(interaction)
                try:
                    contact = await _load_interacting_member(interaction, member_id, now, locale, in_dm=in_dm)
                except NinteiError as error:
                    set_interaction_outcome("refused")
                    texts = get_translations(locale)
                    await _respond_with_error(interaction, deferral, texts, format_error(texts, error), typed)
                    raise InteractionRejectedError from error
                texts = get_translations(contact.preferences.locale)
                ctx = InteractionContext(
                    interaction=interaction,
                    client=client,
                    services=client.services,
                    member_id=member_id,
                    contact=contact,
                    preferences=contact.preferences,
                    texts=texts,
                    now=now,
                    deferral=deferral,
                    in_dm=in_dm,
                    idempotency_key=f"interaction:{interaction.id}",
                )
                pressed = Counter([interaction.message.id] if interaction.message is not None else ())
                client.services.cards.being_pressed += pressed
                try:
                    yield ctx
                except NinteiError as error:
                    set_interaction_outcome("refused")
                    log.info("request_refused", error=error.message_id)
                    await _respond_with_error(interaction, deferral, texts, format_error(texts, error), typed)
                except (discord.HTTPException, AnswerLostError) as error:
                    if _log_unsent_answer(error):
                        await _respond_with_error(interaction, deferral, texts, texts("answer-refused"), typed)
                    else:
                        await _send_late_answer(ctx)
                except Exception as error:
                    set_interaction_outcome("failed")
                    log.exception("interaction_failed", error_type=type(error).__name__)
                    await _respond_with_error(interaction, deferral, texts, texts("internal-error"), typed)
                else:
                    await _send_missed_notices(ctx)
                finally:
                    client.services.cards.being_pressed -= pressed


def _log_unsent_answer(error: discord.HTTPException | AnswerLostError) -> bool:
    """Log why Discord did not take an answer. Returns whether it may take another one."""
    is_lost = isinstance(error, AnswerLostError)
    cause = error.__cause__ if is_lost else error
    status, code = getattr(cause, "status", None), getattr(cause, "code", None)
    if not is_lost and (isinstance(error, discord.NotFound) or code == EXPIRED_TOKEN_CODE):
        # It is too late, or the message was deleted meanwhile.
        set_interaction_outcome("expired")
        log.info("interaction_expired", code=code)
        return False
    set_interaction_outcome("failed")
    log.warning("interaction_not_answered", error_type=type(cause).__name__, status=status, code=code)
    return not is_lost


async def _send_late_answer(ctx: InteractionContext) -> None:
    """Send an answer that Discord took no more as a direct message, where something was recorded.

    Not where a stored card was pressed: it is edited, also one that is not among the newest of its thread.
    """
    card, message = ctx.deferral.answer_card, ctx.interaction.message

    async def build_card(_preferences: Preferences) -> Card | None:
        return card if isinstance(card, Card) else None

    try:
        if (await ctx.services.history.newest_step(ctx.member_id)).at != ctx.now:
            return
        if ctx.in_dm and message is not None:
            stored = await ctx.services.cards.find(ctx.member_id, message.id, ctx.preferences, now=ctx.now)
            if stored is not None:
                await ctx.services.cards.retry_check(stored.card, at=ctx.now)
                return
        nonce = f"{ctx.interaction.id}late"
        await ctx.client.sender.send_to_member(ctx.member_id, nonce, build_card)
    except NotAllowedError:  # nothing is recorded
        return
    except (NinteiError, RetryLaterError) as error:
        log.warning("late_answer_not_sent", error_type=type(error).__name__)


async def _send_missed_notices(ctx: InteractionContext) -> None:
    """Tell the member of reminders and messages that were missed; what Discord refuses is told next time."""
    members = ctx.services.members
    contact = await members.refresh_unreadable(ctx.member_id, ctx.contact)
    if not contact.has_notices:
        return

    async def respond(card: Card) -> bool:
        await ctx.respond(card)
        return True

    try:
        await notify_of_missed(ctx.client.claims, members, ctx.member_id, contact, respond, now=ctx.now)
    except (*REQUEST_ERRORS, *UNPARSABLE_RESPONSE_ERRORS) as error:
        log.warning("missed_notice_not_sent", error_type=type(error).__name__, exc_info=error_if_possible_bug(error))


async def _load_interacting_member(
    interaction: Interaction, member_id: MemberId, now: datetime, locale: Locale, *, in_dm: bool
) -> MemberContact:
    members = interaction.client.services.members
    channel_id = interaction.channel_id if in_dm else None
    seen_locale = locale if interaction.locale.value else None
    try:
        return await members.get_or_register(member_id, now=now, locale=seen_locale, channel_id=channel_id)
    except StorageError as error:
        # What is asked for may need nothing written; if it does, that says so.
        contact = await members.get_or_register(member_id, now=now)
        if contact.is_new and contact.erased_up_to:
            raise  # rows from before their erasure may be left, which nobody is shown
        log.warning("member_not_updated", error=error.message_id)
        return contact


async def _respond_with_error(
    interaction: Interaction, deferral: Deferral, texts: Translations, sentence: str, typed: Sequence[str]
) -> None:
    """Answer with a sentence that only the member sees, and what was typed into the form, which is closed by now."""
    shown = [f"`{value.replace('`', '´')}`" for value in typed if value]
    text = f"{sentence}\n{texts('form-typed', values=' · '.join(shown))}" if shown else sentence
    try:
        async with deferral.lock:
            if not deferral.is_done:
                send = partial(interaction.response.send_message, view=notice_card(text), ephemeral=True)
                await respond_with_retry(interaction, send)
                return
        further = partial(interaction.followup.send, view=notice_card(text), ephemeral=True)
        await respond_with_retry(interaction, further, is_further_message=True)
    except (*REQUEST_ERRORS, *UNPARSABLE_RESPONSE_ERRORS) as error:
        status, code = getattr(error, "status", None), getattr(error, "code", None)
        log.warning(
            "response_refused",
            error_type=type(error).__name__,
            status=status,
            code=code,
            exc_info=error_if_possible_bug(error),
        )
