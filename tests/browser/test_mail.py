"""Mails that arrive by themselves, from nothing to the first record, on a phone and on a desktop."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.domain.types import Locale
from tests.helpers.browser import PLAIN, visiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MAX_TAPS = 5


@pytest.mark.parametrize("size", ["phone", "desktop"])
@pytest.mark.parametrize("locale", ["ja", "en"])
async def test_from_nothing_to_the_first_recorded_mail(
    chromium: Browser, pictures: Path | None, locale: Locale, size: str
) -> None:
    async with visiting(chromium, locale, size, pictures, PLAIN, known=True) as visit:
        arrives, before = visit.page.locator("#notify"), await visit.cards.count()
        await arrives.click()  # without an address
        await expect(visit.page.get_by_role("alert")).to_contain_text("/mail")
        await visit.slash("/mail")
        card = visit.cards.last
        await visit.shot(f"mail-{locale}-{size}-choice")
        taps = 1
        await card.get_by_role("button", name=visit.word("mail-box-gmail"), exact=True).click()
        await expect(card.get_by_text("box+")).to_be_visible()
        await visit.shot(f"mail-{locale}-{size}-guide")
        taps += 1
        await card.get_by_role("button", name=visit.word("mail-test"), exact=True).click()
        await expect(card.get_by_role("button", name=visit.word("mail-test"), exact=True)).to_have_count(0)
        await arrives.click()
        await expect(visit.cards).to_have_count(before + 3)  # /mail, what the test saw, and the receipt
        receipt = visit.cards.filter(has=visit.page.get_by_role("button", name=visit.word("action-now"), exact=True))
        await expect(receipt).to_have_count(1)
        await visit.shot(f"mail-{locale}-{size}-receipt")
        taps += 1
        await receipt.get_by_role("button", name=visit.word("action-from-lancers"), exact=True).click()
        await expect(receipt.get_by_role("button", name=visit.word("action-from-lancers"), exact=True)).to_have_count(0)
        assert taps <= MAX_TAPS
        pressed_at = visit.behind.clock.now()
        await arrives.click()
        await expect(visit.cards).to_have_count(before + 4)
        assert visit.behind.clock.now() > pressed_at, "a reply of the same instant would answer it"
        await visit.shot(f"mail-{locale}-{size}-second")
        await visit.slash("/mail")
        await visit.shot(f"mail-{locale}-{size}-overview")
