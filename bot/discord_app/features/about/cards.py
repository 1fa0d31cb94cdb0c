"""Which program this is: its version for who reports a fault, and that Lancers has no part in it."""

from collections.abc import Mapping

from discord import ui

from bot.discord_app.ui.formatting import with_command_mentions
from bot.discord_app.ui.layout import build_card, text
from bot.i18n.translations import Translations
from bot.version import VERSION


def about_card(texts: Translations, ids: Mapping[str, int]) -> ui.LayoutView:
    """The version, what a judgement is worth, what is kept; `ids` of the commands, to mention them."""
    return build_card([text(with_command_mentions(texts("about", version=VERSION), ids))])
