"""A newcomer's first ten minutes, in both languages, at a desk and on a phone."""

import re
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, expect

from bot.domain.types import Locale
from tests.helpers.browser import PLAIN, SIZES, Visit, visiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


WELCOME = {"ja": "どの基準で見ますか", "en": "Which rules should I use"}
TODAYS_RULES = {"ja": "いまの基準（2024年〜）", "en": "Today's rules (2024 on)"}
RECORDED = {"ja": "からの受信", "en": "From "}
LOADED = (
    "async (all) => { for (const each of all) await each.decode(); return all.every((each) => each.naturalWidth > 0); }"
)


async def fits(visit: Visit) -> None:
    """Nothing is wider than the screen."""
    wide = await visit.page.evaluate(
        """() => [...document.querySelectorAll('main, .container, .button, #clock *, .step')]
            .filter((each) => each.getBoundingClientRect().right > innerWidth + 1).map((each) => each.className)"""
    )
    assert wide == []
    assert await visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def pictured(visit: Visit, count: int) -> None:
    """So many cards have their picture, each with words for those who do not see it, and the last one is in sight."""
    await expect(visit.drawn).to_have_count(count)
    last = visit.drawn.last
    await expect(last).to_have_attribute("alt", re.compile(r".{20}"))
    await expect(last).to_be_in_viewport(ratio=0.9)
    assert await visit.drawn.evaluate_all(LOADED), "every picture is there"


@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize("locale", ["ja", "en"])
async def test_a_receipt_a_reminder_status_and_fee(
    chromium: Browser, pictures: Path | None, locale: Locale, size: str
) -> None:
    async with visiting(chromium, locale, size, pictures) as visit:
        await expect(visit.page.locator("html")).to_have_attribute("lang", locale)
        await visit.step("forward")
        await expect(visit.cards.first).to_contain_text(WELCOME[locale])
        await expect(visit.cards).to_have_count(2)
        await expect(visit.cards.last).to_contain_text(RECORDED[locale])
        await expect(visit.cards.last).to_contain_text("制作会社A")
        await expect(visit.page.locator(".forwarded")).to_contain_text("ロゴ制作")
        await pictured(visit, 1)
        await visit.shot(f"{locale}-{size}-receipt")
        await visit.step("remind")
        await expect(visit.page.locator(".face time")).to_contain_text("22:00")
        await expect(visit.cards).to_have_count(3)
        await expect(visit.cards.last).to_contain_text("制作会社A")
        await pictured(visit, 2)
        await visit.shot(f"{locale}-{size}-reminder")
        await visit.step("status")
        await expect(visit.page.locator(".used").last).to_contain_text("/status")
        await pictured(visit, 3)
        await visit.shot(f"{locale}-{size}-status")
        await visit.step("fee")
        await expect(visit.cards.last).to_contain_text("¥41,750")
        await pictured(visit, 4)
        await visit.shot(f"{locale}-{size}-fee")
        await expect(visit.page.locator("#guide h2")).to_have_text(visit.word("page-guide-done"))
        await fits(visit)
        await visit.button(visit.word("page-guide-close")).click()
        await expect(visit.page.locator("#guide")).to_be_hidden()


async def test_a_greeting_is_not_a_forwarded_mail(chromium: Browser, pictures: Path | None) -> None:
    async with visiting(chromium, "ja", "phone", pictures, PLAIN) as visit:
        await visit.say("こんにちは")
        await expect(visit.page.locator(".step.next [data-step=forward]")).to_have_count(1)
        await visit.step("forward")


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("locale", ["ja", "en"])
async def test_the_welcome_takes_two_choices_and_shows_that_a_message_arrived(
    chromium: Browser, pictures: Path | None, locale: Locale, theme: Literal["dark", "light"]
) -> None:
    """On a phone: the rules with one press, the way with another, and the way back."""
    greeting = {"ja": "こんにちは", "en": "hello"}[locale]
    line = {"ja": "制作会社B様 昨日 14:30", "en": "Beta Inc. yesterday 14:30"}[locale]
    async with visiting(chromium, locale, "phone", pictures, PLAIN, color_scheme=theme) as visit:
        await visit.say(greeting)
        welcome = visit.cards.first
        await expect(welcome).to_contain_text(WELCOME[locale])
        await expect(welcome.locator(".button")).to_have_count(5)
        await visit.shot(f"{locale}-{theme}-welcome")
        await visit.button(TODAYS_RULES[locale]).click()
        await expect(welcome).not_to_contain_text(visit.word("start-rules-default"))
        for method in ("mail", "forward", "typed"):
            await visit.button(visit.word(f"start-method-{method}")).click()
            # That of mails leads to the address too.
            await expect(welcome.locator(".button")).to_have_count(3 if method == "mail" else 2)
            await visit.shot(f"{locale}-{theme}-guide-{method}")
            if method != "typed":
                await visit.button(visit.word("start-back")).click()
                await expect(welcome.locator(".button")).to_have_count(5)
        await visit.say(line)
        await visit.button(visit.word("start-check")).click()
        await expect(welcome).to_contain_text({"ja": "制作会社B", "en": "Beta Inc."}[locale])
        await visit.button(visit.word("start-back")).click()
        await expect(welcome).to_contain_text(WELCOME[locale])
        await visit.shot(f"{locale}-{theme}-welcome-chosen")
        await fits(visit)


@pytest.mark.parametrize("locale", ["ja", "en"])
async def test_a_table_dropped_on_a_phone_is_imported_by_one_press(
    chromium: Browser, pictures: Path | None, locale: Locale
) -> None:
    exchanges = [f"{each},received,2026-11-20T10:00\n{each},sent,2026-11-20T12:00\n" for each in "ABCDE"]
    rows = "".join(["thread,direction,sent_at\n", *exchanges]).encode()
    async with visiting(chromium, locale, "phone", pictures, PLAIN, known=True) as visit:
        file = {"name": "history.csv", "mimeType": "text/csv", "buffer": rows}
        await visit.page.locator("#files").set_input_files(file)
        await visit.line.press("Enter")
        offer = visit.cards.last
        await expect(offer).to_contain_text("history.csv")
        await visit.shot(f"{locale}-phone-file")
        await fits(visit)
        await visit.button(visit.word("action-take")).click()
        await expect(offer.locator(".button")).to_have_count(0)
        await expect(offer).to_contain_text("100.0 % (5/5)")
        await visit.shot(f"{locale}-phone-file-imported")


async def test_who_reads_what_was_before_is_left_there(chromium: Browser, pictures: Path | None) -> None:
    async with visiting(chromium, "ja", "phone", pictures, {"RECEIPT_WAIT": "0"}, known=True) as visit:
        log = visit.page.locator("#log")
        await visit.step("fee")
        await pictured(visit, 1)
        await log.evaluate("(log) => { log.scrollTop = 0; }")
        await visit.behind.users[0].write("デザイン事務所C様 昨日 15:30")
        await expect(visit.cards).to_have_count(2)
        await expect(visit.drawn).to_have_count(2)
        assert await log.evaluate("(log) => log.scrollTop") == 0
        await visit.say("デザイン事務所D様 昨日 15:40")
        await expect(visit.cards.last).to_be_in_viewport()


@pytest.mark.parametrize("size", list(SIZES))
async def test_a_notification_is_forwarded_from_the_channel(
    chromium: Browser, pictures: Path | None, size: str
) -> None:
    async with visiting(chromium, "ja", size, pictures, PLAIN, known=True) as visit:
        await visit.go("通知")
        await visit.button(visit.word("page-notify")).click()
        posted = visit.page.locator(".message", has_text="デザイン事務所B")
        await posted.hover()
        await posted.get_by_role("button", name=visit.word("page-more")).click()
        await visit.page.get_by_role("menuitem", name=visit.word("page-forward")).click()
        await expect(visit.page.locator("#title")).to_contain_text("Nintei")
        await expect(visit.cards.last).to_contain_text("デザイン事務所B")
        [sent] = [each for each in visit.behind.users[0].visible_messages() if each.body.get("message_snapshots")]
        original = sent.body["message_snapshots"][0]["message"]
        mention = f"<@{visit.behind.discord.state.bot.id}>"
        assert original["content"] == f"{mention}\nデザイン事務所Bさんからのメッセージ受信通知"
        assert sent.body["message_reference"]["type"] == 1
        assert sent.body["message_reference"]["guild_id"]


async def test_the_context_menu_records_and_only_its_member_sees_the_answer(visit: Visit) -> None:
    await visit.go("通知")
    await visit.page.locator(".message", has_text="ロゴ制作").click(button="right")
    await visit.shot("menu")
    await visit.page.get_by_role("menuitem", name="受信として記録").click()
    answer = visit.page.locator(".message.ephemeral", has_text="制作会社A")
    await expect(answer).to_contain_text("制作会社A")
    await expect(answer).to_contain_text(visit.word("page-only-you"))
    await visit.button("ken").click()
    await expect(visit.button("ken")).to_have_attribute("aria-pressed", "true")
    await visit.go("通知")
    await expect(visit.page.locator(".message")).to_have_count(1)
    await expect(answer).to_have_count(0)
    await visit.button("mika").click()
    await visit.go("通知")
    await answer.get_by_role("button", name=visit.word("page-dismiss")).click()
    await expect(answer).to_have_count(0)


async def test_a_long_press_opens_the_menu_on_a_phone(chromium: Browser, pictures: Path | None) -> None:
    async with visiting(chromium, "en", "phone", pictures) as visit:
        await visit.go("通知")
        posted = visit.page.locator(".message").first
        await posted.evaluate(
            """(each) => each.dispatchEvent(new TouchEvent('touchstart', { bubbles: true, touches: [
                new Touch({ identifier: 1, target: each, clientX: 100, clientY: 300 })] }))"""
        )
        await expect(visit.page.get_by_role("menuitem", name="Record as received")).to_be_visible()
        await visit.page.keyboard.press("Escape")
        await expect(visit.page.get_by_role("menu")).to_have_count(0)


async def test_the_page_and_the_bot_take_the_browsers_language(chromium: Browser, pictures: Path | None) -> None:
    """Whatever the language of the terminal that served the page."""
    async with visiting(chromium, "en", "phone", pictures, PLAIN, language="ja-JP") as visit:
        await expect(visit.page.locator("html")).to_have_attribute("lang", "ja")
        await visit.step("forward")
        await expect(visit.cards.filter(has_text=WELCOME["ja"])).to_have_count(1)
        await visit.sidebar()
        await visit.button("English").click()
        await expect(visit.page.locator("html")).to_have_attribute("lang", "en")
        await visit.page.reload()
        await expect(visit.page.locator("html")).to_have_attribute("lang", "en")


async def test_who_it_is_and_the_language_are_switched(visit: Visit) -> None:
    await visit.say("デザイン事務所C様 昨日 15:30")
    await visit.button("ken").click()
    await expect(visit.cards).to_have_count(0)
    await visit.button("English").click()
    await expect(visit.page.locator("html")).to_have_attribute("lang", "en")
    await expect(visit.line).to_have_attribute("placeholder", "Message Nintei")
    await visit.slash("/status")
    await expect(visit.cards.last).to_contain_text("next review")
    assert visit.behind.users[1].user.locale == "en-US"
    await visit.button("mika").click()
    await expect(visit.page.locator("html")).to_have_attribute("lang", "ja")
    await expect(visit.cards.last).to_contain_text("デザイン事務所C")


async def test_the_clock_moves_and_what_counts_down_follows(visit: Visit) -> None:
    await visit.say("デザイン事務所C様 昨日 15:30")
    left = visit.cards.first.locator("time[data-form=R]").first
    await expect(left).to_have_text("6時間後")
    await visit.button("+1時間").click()
    await expect(left).to_have_text("5時間後")
    await visit.button("+10分").click()
    await expect(visit.page.locator(".face time")).to_have_text("11月24日(火) 11:10")
    await visit.button("+6時間").click()
    await expect(left).to_have_text("2時間前")
    assert await visit.cards.count() > 2, "what was due on the way came at its time"


async def test_what_came_while_somebody_looked_elsewhere_is_marked(visit: Visit) -> None:
    unread = visit.page.locator(".place.unread")
    await expect(unread).to_have_text("通知1")
    await visit.go("通知")
    await expect(unread).to_have_count(0)
    await visit.behind.users[0].write("デザイン事務所C様 昨日 15:30")
    await expect(unread).to_contain_text("Nintei")
