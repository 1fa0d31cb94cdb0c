"""How many taps the everyday loop takes on a phone: a tap is a click on the page, and a line is typed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, Locator, expect

from bot.domain.types import Locale
from tests.helpers.browser import PLAIN, Visit, visiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LINE = {"ja": "制作会社A様 いま届いた", "en": "Alpha Inc. wrote just now"}
NAME = {"ja": "制作会社A", "en": "Alpha Inc."}
Theme = Literal["dark", "light"]

every_language = pytest.mark.parametrize("locale", ["ja", "en"])
every_theme = pytest.mark.parametrize("theme", ["dark", "light"])


@dataclass
class Phone:
    """A visit on a phone that counts taps."""

    visit: Visit
    taps: int = 0

    async def tap(self, button: Locator) -> None:
        """Tap a control."""
        self.taps += 1
        await button.click()

    def button(self, card: Locator, text_id: str) -> Locator:
        """A card's first button with this label."""
        return card.get_by_role("button", name=self.visit.word(text_id), exact=True).first


@asynccontextmanager
async def phone(chromium: Browser, pictures: Path | None, locale: Locale, theme: Theme) -> AsyncIterator[Phone]:
    async with visiting(chromium, locale, "phone", pictures, PLAIN, known=True, color_scheme=theme) as visit:
        yield Phone(visit)


@every_theme
@every_language
async def test_from_the_receipt_a_reply_takes_one_tap_and_its_undo_another(
    chromium: Browser, pictures: Path | None, locale: Locale, theme: Theme
) -> None:
    async with phone(chromium, pictures, locale, theme) as user:
        await user.visit.say(LINE[locale])
        card = user.visit.cards.last
        await user.visit.shot(f"taps-{locale}-{theme}-receipt")
        await user.tap(user.button(card, "action-now"))
        await expect(user.button(card, "action-undo")).to_be_visible()
        await expect(user.button(card, "action-now")).to_have_count(0)
        assert user.taps == 1
        await expect(user.visit.cards).to_have_count(1)
        await user.visit.shot(f"taps-{locale}-{theme}-receipt-replied")
        await user.tap(user.button(card, "action-undo"))
        await expect(user.button(card, "action-now")).to_be_visible()
        await user.tap(user.button(card, "action-dismiss"))
        await expect(user.button(card, "action-dismiss")).to_have_count(0)
        await user.visit.shot(f"taps-{locale}-{theme}-receipt-dismissed")


@every_theme
@every_language
async def test_a_correction_is_one_tap_away_and_has_a_way_back(
    chromium: Browser, pictures: Path | None, locale: Locale, theme: Theme
) -> None:
    async with phone(chromium, pictures, locale, theme) as user:
        await user.visit.say(LINE[locale])
        card = user.visit.cards.last
        await user.tap(user.button(card, "action-correct"))
        await expect(user.button(card, "action-back")).to_be_visible()
        await user.visit.shot(f"taps-{locale}-{theme}-correct")
        await user.tap(user.button(card, "action-back"))
        await expect(user.button(card, "action-now")).to_be_visible()


@every_theme
@every_language
async def test_from_a_reminder_a_reply_takes_one_tap(
    chromium: Browser, pictures: Path | None, locale: Locale, theme: Theme
) -> None:
    async with phone(chromium, pictures, locale, theme) as user:
        await user.visit.say(LINE[locale])
        receipt = user.visit.cards.last
        await user.visit.step("remind")
        await expect(user.visit.cards).to_have_count(2)
        reminder = user.visit.cards.last
        await expect(reminder).to_contain_text(NAME[locale])
        await user.visit.shot(f"taps-{locale}-{theme}-reminder")
        await user.tap(user.button(reminder, "action-snooze"))
        await expect(user.button(reminder, "action-back")).to_be_visible()
        await user.visit.shot(f"taps-{locale}-{theme}-snooze")
        await user.tap(user.button(reminder, "action-back"))
        user.taps = 0
        await user.tap(user.button(reminder, "action-now"))
        await expect(user.button(reminder, "action-undo")).to_be_visible()
        assert user.taps == 1
        await expect(user.button(receipt, "action-now")).to_have_count(0)  # the other card of the window follows
        await user.visit.shot(f"taps-{locale}-{theme}-reminder-replied")


@every_theme
@every_language
async def test_from_the_list_a_reply_takes_two_taps_and_several_dismissals_three(
    chromium: Browser, pictures: Path | None, locale: Locale, theme: Theme
) -> None:
    async with phone(chromium, pictures, locale, theme) as user:
        for name in ("A", "B", "C"):
            await user.visit.say(LINE[locale].replace("A様", f"{name}様").replace("Alpha", f"{name}lpha"))
        user.taps = 1  # the command is chosen
        await user.visit.slash("/pending")
        listed = user.visit.cards.last
        await user.visit.shot(f"taps-{locale}-{theme}-pending")
        await user.tap(user.button(listed, "action-now"))
        await expect(user.button(listed, "action-undo")).to_be_visible()
        assert user.taps == 2
        await user.visit.shot(f"taps-{locale}-{theme}-pending-replied")
        user.taps = 0
        await user.tap(user.button(listed, "pending-dismiss-several"))
        await expect(listed.get_by_role("combobox").or_(listed.locator("select, .select")).first).to_be_visible()
        await user.visit.shot(f"taps-{locale}-{theme}-pending-several")


@every_language
async def test_no_word_of_the_history_lies_below_its_button(
    chromium: Browser, pictures: Path | None, locale: Locale
) -> None:
    async with phone(chromium, pictures, locale, "dark") as user:
        await user.visit.say(LINE[locale])
        await user.visit.slash("/history")
        await user.visit.shot(f"taps-{locale}-history")
        gaps = await user.visit.cards.last.evaluate(
            """(card) => [...card.querySelectorAll('.section')].flatMap((section) => {
                const left = section.querySelector('.accessory').getBoundingClientRect().left;
                return [...section.querySelectorAll('.stamp')].map((each) => left - each.getBoundingClientRect().right);
            })"""
        )
        assert len(gaps) >= 3
        assert min(gaps) >= 0
