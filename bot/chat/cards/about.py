"""Which program this is: its version for who reports a fault, and that Lancers has no part in it."""

from collections.abc import Mapping

from discord import ui

from bot.chat.cards.frame import card, text
from bot.chat.words import mentioned
from bot.i18n.translations import Translations
from bot.version import VERSION


def about_card(texts: Translations, ids: Mapping[str, int]) -> ui.LayoutView:
    """The version, what a judgement is worth, what is kept; `ids` of the commands, to mention them."""
    return card([text(mentioned(texts("about", version=VERSION), ids))])
