"""Whoever wrote or pressed something: who, in which language and zone, and how to answer."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import aiohttp
import discord
import structlog

from bot.chat.cards.frame import note
from bot.chat.cards.missed import missed_card
from bot.chat.client import Interaction
from bot.chat.words import sentence
from bot.errors import NinteiError
from bot.services.contacts import Contact
from bot.services.preferences import Preferences
from bot.texts.catalogue import Texts, texts_in
from bot.values import Locale, MemberId

ALREADY_ANSWERED: Final = 40060

log = structlog.get_logger()


def locale_of(interaction: Interaction) -> Locale:
    """Discord's locale of a member: Japanese, or else English."""
    return "ja" if interaction.locale is discord.Locale.japanese else "en"


@dataclass(frozen=True, slots=True)
class Visitor:
    """One interaction, ready to be answered."""

    interaction: Interaction
    member: MemberId
    contact: Contact
    texts: Texts
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
        if self.interaction.response.is_done():
            await self.interaction.followup.send(view=card, ephemeral=not self.private, files=files)
            return
        response = self.interaction.response
        await _answer(lambda: response.send_message(view=card, ephemeral=not self.private, files=files))

    async def replace(self, card: discord.ui.LayoutView) -> None:
        """The card whose button was pressed becomes another one."""
        response = self.interaction.response
        await _answer(lambda: response.edit_message(view=card))

    async def update(self, card: discord.ui.LayoutView) -> None:
        """The card that was replaced becomes another one again."""
        await self.interaction.edit_original_response(view=card)


async def _answer(send: Callable[[], Awaitable[object]]) -> None:
    """Answer, and once more where the connection was cut: if Discord had acted, it refuses the second answer."""
    try:
        await send()
    except (aiohttp.ClientError, OSError) as cut:
        log.info("answer_again", fault=type(cut).__name__)
        try:
            await send()
        except discord.HTTPException as refused:
            if refused.code != ALREADY_ANSWERED:
                raise


def in_direct_message(interaction: Interaction) -> bool:
    """Whether this is the direct message between the member and the bot."""
    return interaction.guild_id is None and interaction.context.dm_channel


@asynccontextmanager
async def visit(interaction: Interaction) -> AsyncIterator[Visitor]:
    """Meet the member; what goes wrong inside becomes a sentence, what was missed is told afterwards."""
    client = interaction.client
    now = client.clock.now()
    member = MemberId(interaction.user.id)
    locale = locale_of(interaction)
    with structlog.contextvars.bound_contextvars(interaction=interaction.id, member=member):
        try:
            contact = await client.services.contacts.meet(
                member,
                now=now,
                locale=locale,
                channel_id=interaction.channel_id if in_direct_message(interaction) else None,
            )
            visitor = Visitor(interaction, member, contact, texts_in(contact.preferences.locale), now)
        except NinteiError as error:
            await _say(interaction, sentence(texts_in(locale), error))
            return
        try:
            yield visitor
        except NinteiError as error:
            log.info("refused", text=error.text)
            await _say(interaction, sentence(visitor.texts, error))
        except discord.NotFound as gone:
            # Answered too late, or the message was deleted meanwhile: there is nobody left to answer.
            log.info("answer_gone", code=gone.code)
        except Exception as fault:
            log.exception("interaction_failed", fault=type(fault).__name__)
            await _say(interaction, visitor.texts("chat-fault"))
        else:
            if contact.missed or contact.unread_since:
                await visitor.answer(missed_card(visitor.texts, contact))
                await client.services.contacts.told(member, contact, now=now)


async def _say(interaction: Interaction, text: str) -> None:
    """A sentence for the member alone."""
    try:
        if interaction.response.is_done():
            await interaction.followup.send(view=note(text), ephemeral=True)
        else:
            await interaction.response.send_message(view=note(text), ephemeral=True)
    except discord.HTTPException as refused:
        log.warning("answer_refused", status=refused.status, code=refused.code)
