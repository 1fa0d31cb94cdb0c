"""The parts of cards. The process keeps no state of a card: the `custom_id` of a control says what a press is about."""

from collections.abc import Callable, Iterable
from typing import Final

import discord
from discord import ui

from bot.discord_app.ui.pictures import PictureSpec
from bot.services.shown_cards import ShownCard
from storage.cards import CardContent

INFO: Final = discord.Colour(0x2F6FDE)
SUCCESS: Final = discord.Colour(0x2E9E5B)
WARNING: Final = discord.Colour(0xE08A00)
DANGER: Final = discord.Colour(0xC8372D)
MUTED: Final = discord.Colour(0x7A7F87)

MAX_COMPONENTS: Final = 40
"""Components in one message (Components V2)."""

MAX_TEXT: Final = 4000
"""Characters of text in one message (Components V2)."""

LayoutItem = (
    ui.TextDisplay[ui.LayoutView]
    | ui.ActionRow[ui.LayoutView]
    | ui.Separator[ui.LayoutView]
    | ui.Section[ui.LayoutView]
    | ui.File[ui.LayoutView]
    | ui.MediaGallery[ui.LayoutView]
)


class Card(ui.LayoutView):
    """A message. `picture` computes the picture that may be put on top; the text is complete without it."""

    picture: Callable[[], PictureSpec | None] | None = None
    parts_beside_picture: Callable[[], list[LayoutItem]] | None = None
    """The parts where the picture is shown, which says some of it; None: the same as without it."""
    content: CardContent | ShownCard | None = None
    """What it is built from, if it is to be edited when that changes; of a stored card with the state that it shows."""


def build_card(
    parts: Iterable[LayoutItem],
    colour: discord.Colour | int | None = INFO,
    picture: Callable[[], PictureSpec | None] | None = None,
) -> Card:
    """A card with parts one below the other."""
    built = Card(timeout=None)
    built.picture = picture
    built.add_item(ui.Container(*parts, accent_colour=colour))
    built.stop()  # so that discord.py does not store it: a press is handled by its custom id alone
    return built


def card_with_picture(plain: Card, file_name: str, alt_text: str) -> Card:
    """A new card of the same parts, or those beside a picture, with an attached picture on top."""
    [container] = plain.children
    assert isinstance(container, ui.Container), "as `build_card` makes it"  # noqa: S101 — narrows the type
    gallery: ui.MediaGallery[ui.LayoutView] = ui.MediaGallery(
        discord.MediaGalleryItem(f"attachment://{file_name}", description=alt_text)
    )
    parts = container.children if plain.parts_beside_picture is None else plain.parts_beside_picture()
    built = build_card([gallery, *parts], container.accent_colour)
    built.content = plain.content
    return built


def text_block(*lines: str | None) -> ui.TextDisplay[ui.LayoutView]:
    """Lines of text; None is left out."""
    return ui.TextDisplay("\n".join(filter(None, lines))[:MAX_TEXT])


def small_print(text: str) -> str:
    """A line in small print."""
    return f"-# {text}"


def notice_card(sentence: str, colour: discord.Colour = MUTED) -> Card:
    """A card of one sentence."""
    return build_card([text_block(sentence)], colour)
