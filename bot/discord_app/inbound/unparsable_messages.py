"""Direct messages that discord.py cannot parse: the member is notified, and they are read again."""

import structlog

from bot.clock import Clock
from bot.discord_app.inbound.dm_handler import DirectMessageHandler
from bot.discord_app.ui.layout import DANGER, notice_card
from bot.domain.types import MemberId
from bot.errors import NinteiError
from bot.i18n.translations import get_translations
from bot.services.container import Services
from bot.services.members import BeforeErasureError

log = structlog.get_logger()


class UnparsableMessages:
    """Keeps the member's checkpoint before such a message."""

    def __init__(self, dm_handler: DirectMessageHandler, services: Services, clock: Clock) -> None:
        self._dm_handler = dm_handler
        self._services = services
        self._clock = clock

    async def report_unparsable_message(self, author_id: int | None, channel_id: int, message_id: int) -> None:
        """A direct message arrived that discord.py could not parse: it is read again with the next session."""
        members = self._services.members
        try:
            member_id = await members.find_by_dm_channel(channel_id) if author_id is None else MemberId(author_id)
            if member_id is None:
                return
            self._dm_handler.block_checkpoint(member_id)
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
        await self._dm_handler.reply(channel_id, message_id, card, "unparsable")
