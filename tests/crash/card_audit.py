"""What must hold of live cards once all is quiet: each shows the present state of its own windows, and no others.

The list of `/pending` is left out: it is not edited for windows that came after it, and these change its buttons.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from bot.discord_app.stored_cards import build_stored_card
from bot.domain.calendar import instant_from_micros
from bot.domain.types import MemberId
from bot.fake_discord.state import Message
from bot.services.container import Services
from storage import cards
from storage.cards import CardKind
from storage.database import Database
from tests.crash.audit import DEFAULTS
from tests.crash.members import RECORD, Member, custom_ids, ids
from tests.crash.report import Report

WINDOW_BUTTON = re.compile(r"press:window:\d+:(?!ten-ago|thirty-ago|snooze)")
"""These are there at some times of an open window only."""

NEWEST_CARDS = (
    f"SELECT member_id, discord_message_id, edit_at FROM cards WHERE kind <> '{CardKind.PENDING}' AND discord_message_id NOT IN"
    " (SELECT discord_message_id FROM (SELECT discord_message_id,"
    "  dense_rank() OVER (PARTITION BY member_id, thread_id ORDER BY discord_message_id DESC) AS age"
    f"  FROM card_items) AS of_threads WHERE age > {cards.MAX_CARDS_PER_THREAD})"
)


async def audit_cards(database: Database, members: Iterable[Member], report: Report) -> None:
    """Compare each card that is edited as its windows change with one that is built anew."""
    services, now = Services(database, DEFAULTS, lambda: None), datetime.now(UTC)
    messages = {message.id: message for member in members for message in member.person.visible_messages()}
    for member_id, message_id, edit_at in await database.fetch(NEWEST_CARDS):
        card = await database.query(cards.card_query(MemberId(member_id), message_id))
        if card is None or message_id not in messages:
            continue
        name = f"{card.content.kind} card {message_id} of {member_id}"
        shown = await services.cards.reload(card, now=now)
        if not shown.is_current:
            if edit_at is None or instant_from_micros(edit_at) - now > cards.MIN_EDIT_INTERVAL_OLD:
                report.lost.append(f"{name} does not show what has changed, and is not to be edited")
            continue
        report.cards += 1
        message = messages[message_id]
        built = await build_stored_card(services, shown, now=now)
        expected = Message(
            id=0, channel=message.channel, author=message.author, body={"components": built.to_components()}
        )
        if _window_buttons(message) != _window_buttons(expected):
            report.corrupt.append(
                f"{name} has the buttons {sorted(_window_buttons(message))} instead of {sorted(_window_buttons(expected))}"
            )
        records = {window.message_id for window in shown.windows} | {window.ending_id for window in shown.windows}
        if others := ids(RECORD, message) - records:
            report.corrupt.append(f"{name} shows the records {sorted(others)}, which are of no window of it")


def _window_buttons(message: Message) -> set[str]:
    return set(filter(WINDOW_BUTTON.match, custom_ids(message)))
