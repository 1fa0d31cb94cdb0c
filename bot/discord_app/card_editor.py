"""Edits the bot's own messages in direct messages to what they have to show now."""

from dataclasses import replace
from datetime import datetime
from typing import Final

import discord
import structlog

from bot.discord_app.discordpy_patches import OldMessageEditsError
from bot.discord_app.picture_attachments import PictureAttacher
from bot.discord_app.request_errors import CONNECTION_ERRORS, UNPARSABLE_RESPONSE_ERRORS
from bot.discord_app.sender import DirectMessageSender
from bot.discord_app.stored_cards import build_stored_card
from bot.scheduling.ports import CardClosedError, RetryLaterError
from bot.services.cards import ShownCard
from bot.services.container import Services
from storage.cards import CardContent

NOT_EDITABLE_STATUSES: Final = {400, 403, 404}
"""The message or its channel is gone, or Discord refuses the edit for good."""

log = structlog.get_logger()


class CardMessageEditor:
    """Edits come after everything else that is sent, and under the same rate limit."""

    def __init__(
        self,
        client: discord.Client,
        services: Services,
        sender: DirectMessageSender,
        pictures: PictureAttacher | None,
    ) -> None:
        self._client = client
        self._services = services
        self._sender = sender
        self._pictures = pictures

    async def edit_card(self, shown: ShownCard, *, now: datetime) -> CardContent:
        """Edit a card to what it has to show; what it shows then. Raises `CardClosedError` or `RetryLaterError`."""
        card = await build_stored_card(self._services, shown, now=now)
        channel = self._client.get_partial_messageable(shown.card.channel_id, type=discord.ChannelType.private)
        message = channel.get_partial_message(shown.card.discord_message_id)
        rendered = None
        if self._pictures is not None:
            await self._pictures.drop_pending_picture(message.id)
            # Drawn before the one edit: a second edit could come after one of another process.
            rendered = await self._pictures.draw_card_with_picture(card)
        try:
            async with self._sender.after_pending_sends():
                await message.edit(
                    view=rendered.card if rendered else card, attachments=[rendered.file()] if rendered else []
                )
        except OldMessageEditsError as error:
            raise CardClosedError from error
        except discord.HTTPException as error:
            log.info("card_not_edited", status=error.status, code=error.code)
            raise (CardClosedError if error.status in NOT_EDITABLE_STATUSES else RetryLaterError) from error
        except (*CONNECTION_ERRORS, *UNPARSABLE_RESPONSE_ERRORS) as error:
            log.info("card_not_edited", error_type=type(error).__name__)
            raise RetryLaterError from error
        return replace(card.content, as_of=now) if isinstance(card.content, CardContent) else shown.content
