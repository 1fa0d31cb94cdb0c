"""Buttons, selects, forms, commands, completion, files: as a person does them."""

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Route, expect

from bot.domain.types import Locale
from tests.helpers.browser import PLAIN, Visit, visiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MAIL = (
    "From: noreply@lancers.co.jp\r\nTo: mika@example.com\r\nDate: Mon, 23 Nov 2026 14:30:00 +0900\r\n"
    "Subject: =?utf-8?b?5Y2X5LiY44OG44K544OI44GV44KT44GL44KJ44Gu44Oh44OD44K744O844K45Y+X5L+h6YCa55+l?=\r\n\r\n\r\n"
)  # 南丘テストさんからのメッセージ受信通知


async def test_a_button_changes_its_message_in_place(visit: Visit) -> None:
    await visit.say("デザイン事務所C様 昨日 15:30")
    await visit.button("取り消し").click()
    await expect(visit.page.locator(".edited")).to_have_text(visit.word("page-edited"))
    await expect(visit.cards).to_have_count(1)
    await visit.button(visit.word("action-restore")).click()
    await expect(visit.button("いま返信した")).to_have_count(1)
    await expect(visit.cards).to_have_count(1)


async def test_a_form_is_checked_and_sent(visit: Visit) -> None:
    await visit.say("デザイン事務所C様 昨日 15:30")
    await visit.button(visit.word("action-correct")).click()
    await visit.button(visit.word("correct-time")).click()
    form = visit.page.get_by_role("dialog")
    field = form.get_by_label("日時")
    await expect(field).to_be_focused()
    await expect(field).to_have_value(re.compile("15:30"))
    await field.fill("")
    await visit.page.keyboard.press("Enter")
    await expect(form).to_contain_text(visit.word("page-field-required"))
    for _ in range(8):
        await visit.page.keyboard.press("Tab")
        assert await visit.page.evaluate("!document.activeElement.closest('main')"), "the focus stays in the form"
    await visit.page.keyboard.press("Escape")
    await expect(form).to_have_count(0)
    await expect(visit.button(visit.word("correct-time"))).to_be_focused()
    await visit.page.keyboard.press("Enter")
    await field.fill("昨日 16:00")
    await visit.shot("form")
    await field.press("Enter")
    await expect(form).to_have_count(0)
    await expect(visit.cards.last).to_contain_text("16:00")


async def test_a_select_is_chosen_from_by_keyboard_and_by_pointer(visit: Visit) -> None:
    await visit.slash("/settings")
    edition = visit.page.get_by_role("combobox", name="2016年")  # the one in use
    await edition.click()
    await visit.shot("select")
    await visit.page.get_by_role("option", name="いまの基準（2024年〜）").click()
    await expect(visit.cards.last).to_contain_text("基準の年: いまの基準（2024年〜）")
    edition = visit.page.get_by_role("combobox", name="いまの基準")
    await edition.press("ArrowDown")
    await visit.page.keyboard.press("ArrowDown")
    await visit.page.keyboard.press("ArrowDown")
    await visit.page.keyboard.press("ArrowUp")
    await visit.page.keyboard.press("Enter")
    await expect(visit.cards.last).to_contain_text("基準の年: 2022年の基準（2024年1月まで）")


async def test_a_list_opens_where_the_conversation_has_room(chromium: Browser, pictures: Path | None) -> None:
    async with visiting(chromium, "ja", "phone", pictures, PLAIN, known=True) as visit:
        await visit.slash("/help")
        await visit.page.locator(".select-button").last.click()
        picker = await visit.page.locator(".select .picker:visible").bounding_box()
        log = await visit.page.locator("#log").bounding_box()
        assert picker is not None
        assert log is not None
        assert picker["y"] >= log["y"]
        assert picker["y"] + picker["height"] <= log["y"] + log["height"]


@pytest.mark.parametrize("locale", ["ja", "en"])
async def test_true_is_typed_in_every_language(chromium: Browser, pictures: Path | None, locale: Locale) -> None:
    """As Discord's app shows it, and as the bot's cards write it (`削除:True`)."""
    async with visiting(chromium, locale, "phone", pictures, PLAIN, known=True) as visit:
        await visit.slash("/fee amount:50000 withholding:True")
        await expect(visit.cards.last).to_contain_text(visit.word("fee-name-withholding"))


async def test_several_options_are_chosen_at_once(visit: Visit) -> None:
    await visit.slash("/profile")
    select = visit.page.locator(".select-button").first
    await select.click()
    boxes = visit.page.locator(".select [role=option]")
    await boxes.nth(0).click()
    await boxes.nth(1).click()
    await expect(visit.page.locator(".select [aria-selected=true]")).to_have_count(2)
    await visit.shot("several")
    await visit.page.locator(".select .picker-head button").click()
    await expect(visit.page.locator(".edited")).to_have_count(1)


async def test_commands_are_listed_with_their_descriptions_and_hints(visit: Visit) -> None:
    await visit.line.fill("/")
    listed = visit.page.get_by_role("option")
    await expect(listed.filter(has_text="/job add")).to_contain_text("仕事を登録")
    fee = listed.filter(has=visit.page.get_by_text("/fee", exact=True))
    await expect(fee).to_contain_text(visit.word("command-fee"))
    await visit.line.fill("/zzz")
    await expect(visit.page.locator("#composer .picker")).to_contain_text(visit.word("page-no-command"))
    await visit.line.fill("/received")
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.locator(".hint")).to_contain_text(visit.word("page-required"))
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.locator(".pill.wrong")).to_have_count(1)
    await visit.page.keyboard.press("Escape")
    await visit.page.keyboard.press("Escape")
    await expect(visit.page.locator(".call")).to_have_count(0)


async def test_a_closed_list_is_not_opened_by_an_answer_that_comes_late(visit: Visit) -> None:
    asked, may = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        if '"autocomplete"' in (route.request.post_data or ""):
            asked.set()
            await may.wait()
        await route.continue_()

    await visit.page.route("**/actions", hold)
    await visit.line.fill("/received")
    await visit.page.keyboard.press("Enter")
    picker = visit.page.locator(".call .picker")
    await expect(picker).to_be_visible()
    async with asyncio.timeout(15):
        await asked.wait()
    await visit.page.keyboard.press("Escape")
    await expect(picker).to_be_hidden()
    async with visit.page.expect_response("**/actions") as answer:
        may.set()
    await (await answer.value).finished()
    await visit.page.evaluate("() => new Promise((done) => setTimeout(done))")
    await expect(picker).to_be_hidden()
    await visit.page.keyboard.press("Escape")
    await expect(visit.page.locator(".call")).to_have_count(0)


async def test_choices_booleans_and_what_is_pasted(visit: Visit) -> None:
    await visit.line.fill("/fee amount:50000 certified:true tax:税抜")
    await expect(visit.page.locator(".pill")).to_have_count(3)
    await visit.shot("command")
    await visit.page.locator("#send").click()
    await expect(visit.cards.last).to_contain_text("指名料")
    await expect(visit.cards.last).to_contain_text("¥55,000")


async def test_the_bot_completes_the_clients(visit: Visit) -> None:
    await visit.say("デザイン事務所C様 昨日 15:30")
    await visit.line.fill("/replied ")
    offered = visit.page.get_by_role("option", name="デザイン事務所C")
    await expect(offered).to_be_visible()
    await visit.page.keyboard.type("デザ")
    await expect(offered).to_be_visible()
    await visit.page.keyboard.press("ArrowDown")
    await visit.page.keyboard.press("Enter")
    await visit.page.locator("#send").click()
    await expect(visit.cards.last).to_contain_text("24時間以内")


async def test_a_mail_is_dropped_into_the_conversation(visit: Visit) -> None:
    dropped = await visit.page.evaluate_handle(
        """(mail) => { const carried = new DataTransfer();
            carried.items.add(new File([mail], 'notice.eml', { type: 'message/rfc822' })); return carried; }""",
        MAIL,
    )
    for event in ("dragenter", "dragover", "drop"):
        await visit.page.dispatch_event("#main", event, {"dataTransfer": dropped})
    await expect(visit.page.locator(".held-file")).to_contain_text("notice.eml")
    await visit.line.press("Enter")
    await expect(visit.cards.last).to_contain_text("南丘テスト")
    await expect(visit.page.locator(".file")).to_contain_text("notice.eml")


async def test_a_file_is_chosen_with_the_button_and_given_to_a_command(visit: Visit) -> None:
    mail = {"name": "notice.eml", "mimeType": "message/rfc822", "buffer": MAIL.encode()}
    await visit.page.locator("#files").set_input_files(mail)
    await visit.button(visit.word("page-remove", name="notice.eml")).click()
    await expect(visit.page.locator(".held-file")).to_have_count(0)
    history = "thread,direction,sent_at\nA社,received,2026-11-20T10:00\nA社,sent,2026-11-20T12:00\n"
    await visit.line.fill("/import ")
    await visit.page.locator(".pill-input[type=file]").set_input_files(
        {"name": "history.csv", "mimeType": "text/csv", "buffer": history.encode()}
    )
    await visit.page.locator("#send").click()
    await expect(visit.cards.last).to_contain_text("2")


async def test_the_enter_that_accepts_kanji_sends_nothing(visit: Visit) -> None:
    """Safari ends the composition before that key, and marks it by its code alone."""
    await visit.line.fill("たかはし")
    await visit.line.dispatch_event("keydown", {"key": "Enter", "keyCode": 229})
    await expect(visit.line).to_have_value("たかはし")
    await visit.line.fill("/fee 5")
    await visit.page.locator(".pill-input").dispatch_event("keydown", {"key": "Enter", "keyCode": 229})
    await expect(visit.page.locator(".call")).to_have_count(1)


async def test_a_long_paste_becomes_a_file(visit: Visit) -> None:
    pasted = MAIL + "x" * 2000
    await visit.line.evaluate(
        """(line, text) => { const clipboardData = new DataTransfer(); clipboardData.setData('text/plain', text);
            line.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true })); }""",
        pasted,
    )
    await expect(visit.page.locator(".held-file")).to_contain_text("message.txt")
    await visit.line.press("Enter")
    await expect(visit.cards.last).to_contain_text("南丘テスト")


async def test_what_could_not_be_sent_is_kept(visit: Visit) -> None:
    await visit.page.route("**/actions", lambda route: route.abort())
    await visit.line.fill("制作会社A様 9:00")
    await visit.line.press("Enter")
    await expect(visit.page.locator(".failed")).to_have_count(1)
    await expect(visit.line).to_have_value("制作会社A様 9:00")
    await visit.page.unroute("**/actions")
    await visit.line.press("Enter")
    await expect(visit.cards.last).to_contain_text("制作会社A")
    visit.complaints.clear()


async def test_a_whole_conversation_by_keyboard_alone(visit: Visit) -> None:
    keys = visit.page.keyboard
    await keys.press("Tab")
    await expect(visit.page.locator(".skip")).to_be_focused()
    await keys.press("Enter")
    await expect(visit.line).to_be_focused()
    await keys.type("/fee")
    await keys.press("Tab")
    await keys.type("5万")
    await keys.press("Enter")
    await keys.press("Enter")
    await expect(visit.cards.last).to_contain_text("¥41,750")
    await expect(visit.line).to_be_focused()
    await keys.type("デザイン事務所C様 昨日 15:30")
    await keys.press("Enter")
    await expect(visit.cards).to_have_count(2)
    for _ in range(40):
        await keys.press("Shift+Tab")
        if await visit.page.evaluate("document.activeElement.textContent === '取り消し'"):
            break
    await expect(visit.button("取り消し")).to_be_focused()
    assert await visit.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    await keys.press("Enter")
    await expect(visit.page.locator(".edited")).to_have_count(1)


async def test_a_bot_that_does_not_answer_is_told_of_as_discord_does(visit: Visit) -> None:
    visit.behind.discord.faults.hang("POST", "/callback$")
    await visit.line.fill("/status ")
    await visit.page.keyboard.press("Enter")
    told = visit.page.locator(".message .failed")
    await expect(told).to_have_text(visit.word("page-silent"))
    await visit.shot("silent")
    await visit.button(visit.word("page-dismiss")).click()
    await expect(told).to_have_count(0)


async def test_a_channel_is_chosen_from_those_there_are(visit: Visit) -> None:
    await visit.line.fill("/settings ")
    await visit.page.keyboard.type("fallback")
    await visit.page.get_by_role("option").first.click()
    await visit.page.get_by_role("option", name="#通知").click()
    await visit.page.locator("#send").click()
    await expect(visit.cards.last.locator(".mention")).to_have_text("#通知")


async def test_a_number_out_of_its_range_is_not_sent(visit: Visit) -> None:
    await visit.line.fill("/job add method:project reward:50000 count:0")
    await expect(visit.page.locator(".pill")).to_have_count(3)
    await visit.page.locator("#send").click()
    await expect(visit.page.locator(".pill.wrong")).to_have_count(1)
    await visit.page.locator(".pill.wrong input").fill("2")
    await visit.page.locator("#send").click()
    await expect(visit.cards).to_have_count(1)


async def test_a_form_with_every_kind_of_field_is_checked(visit: Visit) -> None:
    options = [{"label": f"項目{number}", "value": str(number)} for number in range(4)]
    fields = [
        {"label": "一行", "component": {"type": 4, "custom_id": "a", "style": 1, "min_length": 3, "max_length": 5}},
        {
            "label": "数行",
            "description": "説明",
            "component": {"type": 4, "custom_id": "b", "style": 2, "required": False},
        },
        {"label": "一つ", "component": {"type": 3, "custom_id": "c", "options": options}},
        {
            "label": "二つ",
            "component": {"type": 3, "custom_id": "d", "options": options, "min_values": 2, "max_values": 2},
        },
    ]
    form = {"id": "1", "title": "入力", "components": [{"type": 18, **each} for each in fields]}
    await visit.page.evaluate("(form) => import('./static/forms.js').then((forms) => forms.openForm(form))", form)
    dialog = visit.page.get_by_role("dialog", name="入力")
    wrong = dialog.locator("[aria-invalid=true]")
    await dialog.get_by_label("一行").fill("ab")
    await dialog.locator("[type=submit]").click()
    await expect(dialog).to_contain_text(visit.word("page-field-short", least="3"))
    await expect(wrong).to_have_count(3)
    await dialog.get_by_label("一行").fill("abc")
    await dialog.get_by_label("一つ").select_option("1")
    await dialog.get_by_label("二つ").select_option(["1"])
    await dialog.locator("[type=submit]").click()
    await expect(dialog).to_contain_text(visit.word("page-field-count", least="2", most="2"))
    await expect(wrong).to_have_count(1)
    assert await dialog.get_by_label("一行").get_attribute("maxlength") == "5"
    await visit.shot("fields")
