"""The card of an operator's announcement to all members."""

from bot.discord_app.ui.components import action_row
from bot.discord_app.ui.layout import Card, build_card, text_block
from bot.discord_app.ui.press_words import Action, Target
from bot.i18n.translations import Translations


def announcement_card(texts: Translations, announcement: str) -> Card:
    """The operator's own words, and a button that ends announcements to this member."""
    return build_card(
        [
            text_block(texts("announcement-title"), announcement),
            action_row(texts, Target.ANNOUNCEMENT, 0, [Action.STOP_ANNOUNCEMENTS]),
        ]
    )
