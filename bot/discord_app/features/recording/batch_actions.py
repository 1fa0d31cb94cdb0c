"""The select of a card for several receipts: one of them, with everything that can be put right."""

import re
from typing import Final

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.recording.batch_card import DRAFT, MESSAGE
from bot.discord_app.features.recording.receipt_card import outcome_card
from bot.domain.types import DraftId, MessageId
from bot.errors import NotAllowedError
from bot.services.results import ClarificationNeeded, Receipt

_OPTION_VALUE_RE: Final = re.compile(rf"({MESSAGE}|{DRAFT})-([0-9]{{1,18}})")


async def handle_batch_select(visitor: InteractionContext, values: tuple[str, ...]) -> None:
    """Show one, as a card of its own: the others stay to be chosen."""
    services, member = visitor.interaction.client.services, visitor.member
    found = _OPTION_VALUE_RE.fullmatch(values[0]) if values else None
    if found is None:
        raise NotAllowedError("button-unknown")
    outcome: Receipt | ClarificationNeeded
    if found[1] == MESSAGE:
        outcome = await services.history.get_receipt(member, MessageId(int(found[2])), now=visitor.now)
    else:
        outcome = ClarificationNeeded(await services.recording.draft(member, DraftId(int(found[2]))))
    await visitor.respond(await outcome_card(visitor.texts, services.status, member, outcome))
