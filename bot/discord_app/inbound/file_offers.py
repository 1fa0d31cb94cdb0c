"""Tables, exports and large mailboxes in a direct message: what is in them is shown, with a button that imports it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import discord
import structlog

from bot.discord_app.features.data.cards import file_offer_card
from bot.discord_app.features.data.offered_file import OfferedFile, download_import_file
from bot.discord_app.ui.formatting import format_error
from bot.discord_app.ui.layout import Card, notice_card
from bot.domain.types import MemberId
from bot.errors import NinteiError
from bot.i18n.translations import Translations
from bot.parsing.incoming import IncomingMessage
from bot.services.data_transfer import DataTransferService, ImportPreview

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class FileOffer:
    """A file that can be imported, or why it cannot."""

    file: OfferedFile
    result: ImportPreview | NinteiError

    def card(self, texts: Translations) -> Card:
        """The card that answers the file."""
        if isinstance(self.result, NinteiError):
            return notice_card(format_error(texts, self.result))
        return file_offer_card(texts, self.result, self.file)


async def read_offers(
    transfer: DataTransferService,
    message: discord.Message,
    incoming: IncomingMessage,
    *,
    now: datetime,
    download_timeout: float,
) -> Sequence[FileOffer]:
    """What the files of a message that are to be imported contain, one after the other. Writes nothing."""
    member_id, offers = MemberId(message.author.id), []
    for index, attachment in enumerate(incoming.attachments):
        if not attachment.is_import:
            continue
        result: ImportPreview | NinteiError
        try:
            async with transfer.upload_slot():
                name, data = await download_import_file(message.attachments[index], download_timeout)
                result = (await transfer.open_import_file(member_id, name, data, now=now)).preview
        except NinteiError as error:
            log.info("file_not_offered", error=error.message_id)
            result = error
        offers.append(FileOffer(OfferedFile(message.id, index), result))
    return offers
