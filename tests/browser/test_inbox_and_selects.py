"""What happens without a further hand: an inbox, forwards in a row; and the selects of the first cards."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.helpers.browser import PLAIN, SIZES, Visit, visiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("size", list(SIZES))
async def test_what_is_posted_in_an_inbox_is_taken_in(chromium: Browser, pictures: Path | None, size: str) -> None:
    async with visiting(chromium, "ja", size, pictures, {"RECEIPT_WAIT": "0"}, known=True) as visit:
        await visit.go("通知")
        await visit.button(visit.word("page-notify")).click()
        await expect(visit.page.locator(".message", has_text="デザイン事務所B")).to_have_count(1)
        await visit.slash("/inbox set")
        await expect(visit.cards.first).to_contain_text("受信箱にしました")
        await visit.button(visit.word("page-notify")).click()
        await expect(visit.page.locator(".message", has_text="株式会社みどり商店")).to_have_count(1)
        await visit.go("Nintei")
        receipt = visit.cards.last
        await expect(receipt).to_contain_text("株式会社みどり商店")
        await expect(receipt).to_contain_text("からの受信")
        await expect(receipt.locator("img")).to_be_in_viewport()
        await visit.shot(f"inbox-{size}")
        assert await visit.page.locator(".message .container", has_text="デザイン事務所B").count() == 0, (
            "came before it"
        )
        await visit.go("通知")
        assert await visit.cards.filter(has_text="からの受信").count() == 0, "others read along there"


async def test_an_inbox_is_one_members(visit: Visit) -> None:
    await visit.go("通知")
    await visit.slash("/inbox set")
    await visit.button("ken").click()
    await visit.go("通知")
    await visit.slash("/inbox set")
    await expect(visit.page.locator(".message", has_text="ほかの方の受信箱です")).to_have_count(1)
    await visit.button(visit.word("page-notify")).click()
    await visit.go("Nintei")
    await expect(visit.cards).to_have_count(0)
    await visit.button("mika").click()
    await expect(visit.cards.filter(has_text="デザイン事務所B")).to_have_count(1)


async def test_forwards_in_a_row_are_answered_with_one_card(chromium: Browser, pictures: Path | None) -> None:
    patient = {"PICTURES": "off", "RECEIPT_WAIT": "3"}
    async with visiting(chromium, "ja", "desktop", pictures, patient, known=True) as visit:
        await visit.go("通知")
        for _ in range(2):
            await visit.button(visit.word("page-notify")).click()
        posted = visit.page.locator(".message")
        await expect(posted).to_have_count(3)
        for number in range(3):
            await posted.nth(number).hover()
            await posted.nth(number).get_by_role("button", name=visit.word("page-forward")).click()
            await expect(visit.page.locator("#title")).to_contain_text("Nintei")
            await expect(visit.page.locator(".forwarded")).to_have_count(number + 1)
            if number < 2:
                await visit.go("通知")
        await expect(visit.cards).to_have_count(1)
        for client in ("制作会社A", "デザイン事務所B", "株式会社みどり商店"):
            await expect(visit.cards).to_contain_text(client)
        await visit.shot("gathered")
        await visit.button("+10分").click()
        await expect(visit.cards).to_have_count(1)


async def test_a_leap_of_the_clock_does_not_leave_a_receipt_behind(chromium: Browser, pictures: Path | None) -> None:
    async with visiting(
        chromium, "ja", "desktop", pictures, {"PICTURES": "off", "RECEIPT_WAIT": "5"}, known=True
    ) as visit:
        await visit.line.fill("デザイン事務所C様 昨日 15:30")
        await visit.line.press("Enter")
        await expect(visit.page.locator("[data-step=remind]")).to_be_enabled()
        await visit.button("+6時間").click()
        await expect(visit.cards.first).to_contain_text("からの受信")
        await expect(visit.page.locator(".message").nth(1).locator(".when")).to_contain_text("10:00")
        await expect(visit.cards.nth(1)).to_contain_text("デザイン事務所C")


async def test_start_changes_the_edition_and_settings_the_language(visit: Visit) -> None:
    await visit.slash("/start")
    await visit.button(visit.word("edition-name", key="y2024", year="2024")).click()
    await expect(visit.cards).not_to_contain_text(visit.word("start-rules-default"))
    await expect(visit.cards).to_have_count(1)
    await visit.slash("/settings")
    await expect(visit.cards.last).to_contain_text("2024")
    await visit.page.get_by_role("combobox", name="言語").click()
    await visit.page.get_by_role("option", name="English").click()
    await expect(visit.cards.last.get_by_role("combobox", name="Language")).to_be_visible()
    await visit.slash("/start")
    await expect(visit.cards.last).to_contain_text("How should messages reach me?")


@pytest.mark.parametrize("size", list(SIZES))
async def test_help_turns_from_topic_to_topic(chromium: Browser, pictures: Path | None, size: str) -> None:
    async with visiting(chromium, "en", size, pictures, PLAIN, known=True) as visit:
        await visit.slash("/help")
        topics = visit.cards.get_by_role("combobox")
        for topic in ("badge", "rate", "privacy", "overview"):
            await topics.click()
            await visit.page.get_by_role("option", name=visit.word(f"topic-{topic}"), exact=True).click()
            heading = visit.word(f"help-{topic}", leads="", quiet="", months=13).splitlines()[0].lstrip("# ")
            await expect(visit.cards.locator(".md")).to_contain_text(heading)
            await expect(visit.cards).to_have_count(1)
        await visit.shot(f"help-{size}")
