"""Whoever wrote or pressed something: who, in which language and zone, and how to answer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import aiohttp
import discord
import structlog

from bot.chat.calls import became, measured
from bot.chat.cards.frame import note
from bot.chat.cards.missed import missed_card
from bot.chat.client import Interaction, NinteiClient, TurnedAwayError
from bot.chat.words import sentence
from bot.domain.types import Locale, MemberId
from bot.errors import NinteiError
from bot.i18n.translations import Translations, get_translations
from bot.services.members import MemberContext
from bot.services.preferences import Preferences

ALREADY_ANSWERED: Final = 40060

PATIENCE: Final = 15.0
"""Seconds for one try to answer; left alone it may hang for 300."""

Said = discord.InteractionCallbackResponse[NinteiClient] | None
"""What Discord says of an answer that it took."""

Say = Callable[[discord.ui.LayoutView, list[discord.File]], Awaitable[Said]]
"""Answers with a card and its picture's file, or with the card alone."""

log = structlog.get_logger()


def locale_of(interaction: Interaction) -> Locale:
    """Discord's locale of a member: Japanese, or else English."""
    return "ja" if interaction.locale is discord.Locale.japanese else "en"


@dataclass(frozen=True, slots=True)
class Visitor:
    """One interaction, ready to be answered."""

    interaction: Interaction
    member: MemberId
    contact: MemberContext
    texts: Translations
    now: datetime

    @property
    def preferences(self) -> Preferences:
        return self.contact.preferences

    @property
    def key(self) -> str:
        """The identity of what this interaction records: coming twice it is recorded once."""
        return f"interaction:{self.interaction.id}"

    @property
    def private(self) -> bool:
        """In the direct message with the bot nobody else reads along."""
        return in_direct_message(self.interaction)

    async def wait(self) -> None:
        """Tell Discord that the answer takes longer than its three seconds."""
        await self.interaction.response.defer(ephemeral=not self.private)

    async def answer(self, card: discord.ui.LayoutView, *, files: Sequence[discord.File] = ()) -> None:
        """The answer: seen by the member alone, wherever it was asked."""
        response, ephemeral = self.interaction.response, not self.private
        if response.is_done():
            message = await self.interaction.followup.send(view=card, ephemeral=ephemeral, files=files, wait=True)
            if (pictures := self.interaction.client.pictures) and (picture := pictures.of(card)):
                pictures.follow(message.id, card, picture, message.edit)
            return
        await self._respond(
            card, lambda view, more: response.send_message(view=view, ephemeral=ephemeral, files=[*files, *more])
        )

    async def replace(self, card: discord.ui.LayoutView) -> None:
        """The card whose button was pressed becomes another one; its picture goes with it."""
        turn, response = await self._overtake(), self.interaction.response
        await self._respond(card, lambda view, files: response.edit_message(view=view, attachments=files), turn)

    async def update(self, card: discord.ui.LayoutView) -> None:
        """The card that was replaced becomes another one again."""
        await self._overtake()
        await self.interaction.edit_original_response(view=card, attachments=[])

    async def _overtake(self) -> int:
        """No picture that is still being drawn for the card may come behind what replaces it."""
        pictures, message = self.interaction.client.pictures, self.interaction.message
        return 0 if pictures is None or message is None else await pictures.overtake(message.id)

    async def _respond(self, card: discord.ui.LayoutView, say: Say, turn: int = 0) -> None:
        """With the picture if that was drawn before; else it follows."""
        pictures = self.interaction.client.pictures
        picture = pictures.of(card) if pictures else None
        if pictures is None or picture is None:
            await _answer(lambda: say(card, []))
            return
        if (ready := pictures.ready(card, picture)) is not None:
            try:
                await _answer(lambda: say(ready.card, [ready.file()]))
            except discord.HTTPException as refused:
                if isinstance(refused, discord.NotFound):
                    raise
                log.warning("picture_refused", status=refused.status, code=refused.code)
            else:
                return
        said = await _answer(lambda: say(card, []))
        if said is not None and said.message_id is not None:
            pictures.follow(said.message_id, card, picture, self.interaction.edit_original_response, turn=turn)


async def _answer(send: Callable[[], Awaitable[Said]]) -> Said:
    """Answer, and once more where the connection was cut or hung: if Discord had acted, it refuses the second one."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await send()
    except (aiohttp.ClientError, OSError) as cut:
        log.info("answer_again", fault=type(cut).__name__)
        try:
            async with asyncio.timeout(PATIENCE):
                return await send()
        except discord.HTTPException as refused:
            if refused.code != ALREADY_ANSWERED:
                raise
            return None


def in_direct_message(interaction: Interaction) -> bool:
    """Whether this is the direct message between the member and the bot."""
    return interaction.guild_id is None and interaction.context.dm_channel


@asynccontextmanager
async def visit(interaction: Interaction) -> AsyncIterator[Visitor]:
    """Meet the member when it is their turn; what goes wrong inside becomes a sentence.

    Raises `TurnedAwayError` when they cannot be met, and were told so.
    """
    async with interaction.client.turns.turn(MemberId(interaction.user.id)), _visit(interaction) as visitor:
        yield visitor


@asynccontextmanager
async def _visit(interaction: Interaction) -> AsyncIterator[Visitor]:
    """What was missed is told afterwards."""
    client = interaction.client
    now = client.clock.now()
    member = MemberId(interaction.user.id)
    locale = locale_of(interaction)
    with structlog.contextvars.bound_contextvars(interaction=interaction.id, member=member), measured():
        try:
            contact = await client.services.members.get_or_register(
                member,
                now=now,
                locale=locale,
                channel_id=interaction.channel_id if in_direct_message(interaction) else None,
            )
            visitor = Visitor(interaction, member, contact, get_translations(contact.preferences.locale), now)
        except NinteiError as error:
            became("refused")
            await _say(interaction, sentence(get_translations(locale), error))
            raise TurnedAwayError from error
        try:
            yield visitor
        except NinteiError as error:
            became("refused")
            log.info("refused", text=error.message_id)
            await _say(interaction, sentence(visitor.texts, error))
        except discord.NotFound as gone:
            # Answered too late, or the message was deleted meanwhile: there is nobody left to answer.
            became("gone")
            log.info("answer_gone", code=gone.code)
        except Exception as fault:
            became("failed")
            log.exception("interaction_failed", fault=type(fault).__name__)
            await _say(interaction, visitor.texts("chat-fault"))
        else:
            if contact.missed_reminders or contact.unread_since:
                await visitor.answer(missed_card(visitor.texts, contact))
                await client.services.members.mark_missed_notified(member, contact, now=now)


async def _say(interaction: Interaction, text: str) -> None:
    """A sentence for the member alone."""
    try:
        if interaction.response.is_done():
            await interaction.followup.send(view=note(text), ephemeral=True)
        else:
            await interaction.response.send_message(view=note(text), ephemeral=True)
    except discord.HTTPException as refused:
        log.warning("answer_refused", status=refused.status, code=refused.code)
