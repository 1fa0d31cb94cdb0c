"""What the bot is: its version, and that Lancers has no part in it."""

from collections.abc import Mapping

from bot.discord_app.ui.formatting import with_command_mentions
from bot.discord_app.ui.layout import Card, build_card, text
from bot.i18n.translations import Translations
from bot.version import VERSION


def about_card(texts: Translations, command_ids: Mapping[str, int]) -> Card:
    """The version, how far its judgements reach, what it stores; `command_ids` make commands tappable."""
    return build_card([text(with_command_mentions(texts("about", version=VERSION), command_ids))])
