"""The buttons and selects: what each is for, and the row it speaks of, stand in its `custom_id`.

So they work after a restart. A `custom_id` carries no member's data and gives no right: what it names is looked up
among the rows of whoever pressed. What a press does is found in bot/chat/presses.
"""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any, Final, Self

import discord
from discord import ui

from bot.chat.client import typed
from bot.chat.words import plain, thread_label
from bot.i18n.translations import Translations
from storage.threads import Thread


class Of(StrEnum):
    """What a control speaks of; its number is that row's id, or 0."""

    MESSAGE = "message"
    THREAD = "thread"
    DRAFT = "draft"
    SETTING = "setting"
    START = "start"
    """A setting, on the card that welcomes."""
    HELP = "help"
    PAGE = "page"
    """A page of what waits; as the next ones: of the jobs, of the history, of the details of a standing."""
    JOBS = "jobs"
    HISTORY = "history"
    DETAIL = "detail"
    STEP = "step"
    """A step of the corrections."""
    PROFILE = "profile"
    GATHERED = "gathered"
    """A select of several receipts; its values name them."""
    IMPORT = "import"
    ERASURE = "erasure"


class Act(StrEnum):
    """What is to be done with it."""

    TIME = "time"
    MOVE = "move"
    TURN = "turn"
    TURN_BACK = "turn-back"
    DISMISS = "dismiss"
    UNDO = "undo"
    NOW = "now"
    TEN_AGO = "ten-ago"
    THIRTY_AGO = "thirty-ago"
    OTHER_TIME = "other-time"
    NEW_THREAD = "new-thread"
    LATER = "later"
    OPEN = "open"
    START = "start"
    HELD = "held"
    DROP = "drop"
    SHOW = "show"
    LOCALE = "locale"
    EDITION = "edition"
    BADGE = "badge"
    TIMEZONE = "timezone"
    LEAD_TIMES = "lead-times"
    QUIET_HOURS = "quiet-hours"
    REVIEW_DAY = "review-day"
    DIGEST = "digest"
    KEEP = "keep"
    ITEMS = "items"
    LOGGED_IN = "logged-in"
    LOOK = "look"
    SPLIT = "split"
    MERGE = "merge"
    REVERT = "revert"
    COUNT_IT = "count-it"
    ELSEWHERE = "elsewhere"
    CONFIRM = "confirm"


_WHAT: Final = rf"(?P<of>{'|'.join(Of)}):(?P<id>[0-9]{{1,18}}):(?P<act>{'|'.join(Act)})"
_ID: Final = re.compile("[0-9]{1,18}")
_CONTROL: Final = re.compile(rf"(?:press|choose):{_WHAT}")
_GREEN: Final = {Act.NOW, Act.TEN_AGO, Act.THIRTY_AGO, Act.START, Act.HELD}

ANOTHER: Final = "another"
"""The option for a thread that is not on the list."""


class Press(ui.DynamicItem[ui.Button[ui.LayoutView]], template=rf"press:{_WHAT}"):
    """A button."""

    def __init__(self, of: Of, number: int, act: Act, label: str = "·") -> None:
        style = discord.ButtonStyle.success if act in _GREEN else discord.ButtonStyle.secondary
        if act is Act.UNDO or (of is Of.ERASURE and act is Act.CONFIRM):
            style = discord.ButtonStyle.danger
        super().__init__(ui.Button(label=plain(label, 80), custom_id=f"press:{of}:{number}:{act}", style=style))
        self.of, self.number, self.act = of, number, act

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The button that was pressed."""
        del interaction, item
        return cls(Of(match["of"]), int(match["id"]), Act(match["act"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Somebody pressed it."""
        here = typed(interaction)
        await here.client.presses(here, self.of, self.number, self.act, ())


class Choose(ui.DynamicItem[ui.Select[ui.LayoutView]], template=rf"choose:{_WHAT}"):
    """A select, of one value unless more are allowed."""

    def __init__(
        self,
        of: Of,
        number: int,
        act: Act,
        options: Sequence[discord.SelectOption] = (discord.SelectOption(label="·"),),
        placeholder: str | None = None,
        *,
        least: int = 1,
        most: int = 1,
    ) -> None:
        shown = None if placeholder is None else plain(placeholder, 150)
        select: ui.Select[ui.LayoutView] = ui.Select(
            custom_id=f"choose:{of}:{number}:{act}",
            placeholder=shown,
            options=list(options),
            min_values=least,
            max_values=most,
        )
        super().__init__(select)
        self.of, self.number, self.act = of, number, act

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The select that was used."""
        del interaction, item
        return cls(Of(match["of"]), int(match["id"]), Act(match["act"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Somebody chose."""
        here = typed(interaction)
        await here.client.presses(here, self.of, self.number, self.act, tuple(self.item.values))


def number_in(values: Sequence[str]) -> int:
    """The id that was chosen; 0, which no row has, for whatever else somebody sent."""
    chosen = values[0] if values else ""
    return int(chosen) if _ID.fullmatch(chosen) else 0


def control_named(custom_id: str) -> tuple[Of, int, Act] | None:
    """What a custom id of ours says."""
    found = _CONTROL.fullmatch(custom_id)
    return (Of(found["of"]), int(found["id"]), Act(found["act"])) if found else None


def presses(texts: Translations, of: Of, number: int, acts: Iterable[Act]) -> list[Press]:
    """A button for each act, with the act's own label."""
    return [Press(of, number, act, texts(f"act-{act}")) for act in acts]


def choose_thread(
    texts: Translations, of: Of, number: int, threads: Sequence[Thread], *, another: bool, act: Act = Act.MOVE
) -> Choose:
    """The threads to choose from, and "another" where a new one may be named."""
    options = [discord.SelectOption(label=thread_label(texts, each), value=str(each.id)) for each in threads[:24]]
    if another:
        options.append(discord.SelectOption(label=plain(texts("choose-another"), 100), value=ANOTHER))
    return Choose(of, number, act, options, texts("choose-thread"))


def turn_pages(texts: Translations, of: Of, page: int, pages: int) -> list[Press]:
    """The ways to the page before and the next one."""
    return [
        Press(of, number, Act.SHOW, texts(f"page-{turn}"))
        for turn, number in (("before", page - 1), ("after", page + 1))
        if 0 <= number < pages
    ]
