"""How messages are drawn: markdown, components, pictures that follow, names that would like to be markup."""

import json
import struct
import zlib

import aiohttp
import pytest
from playwright.async_api import expect

from tests.helpers.browser import Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

V2 = 1 << 15


def picture() -> bytes:
    """A small blue PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x2f\x6f\xde" * 320 for _ in range(120))
    head = struct.pack(">IIBBBBB", 320, 120, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


async def as_bot(visit: Visit, method: str, path: str, body: dict[str, object], *, file: bytes | None = None) -> str:
    """Send a message to the fake Discord as the bot would; return its id."""
    sent: dict[str, object] = {"json": body}
    if file is not None:
        form = aiohttp.FormData()
        form.add_field("payload_json", json.dumps(body))
        form.add_field("files[0]", file, filename="panel.png", content_type="image/png")
        sent = {"data": form}
    headers = {"Authorization": f"Bot {visit.behind.discord.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, visit.behind.discord.api_url + path, **sent) as answer,
    ):
        assert answer.status == 200, await answer.text()
        return str((await answer.json())["id"])


def channel(visit: Visit) -> str:
    return f"/channels/{visit.behind.users[0].dm.id}/messages"


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        (
            "**太字** と *斜体* と __下線__ と ~~取消~~",
            "<strong>太字</strong> と <em>斜体</em> と <u>下線</u> と <s>取消</s>",
        ),
        ("`**星印**`", "<code>**星印**</code>"),
        (r"\*\*星\*\*", "**星**"),
        (r"**a\*\*b**", "<strong>a**b</strong>"),
        ("snake_case_name", "snake_case_name"),
        ("_（斜体）_、", "<em>（斜体）</em>、"),
        ("2 * 3 * 4", "2 * 3 * 4"),
    ],
)
async def test_markdown_in_a_line(visit: Visit, written: str, drawn: str) -> None:
    await visit.behind.users[0].write(written)
    assert await visit.page.locator(".message p").first.inner_html() == drawn


async def test_markdown_in_blocks(visit: Visit) -> None:
    written = (
        "# 大\n## 中\n### 小\n-# 小さく\n- 一\n- 二\n1. 甲\n2. 乙\n> 引用\n```py\nprint('**x**')\n```\n"
        "https://www.lancers.jp/mypage。 [案内](https://info.lancers.jp/16641) [悪い](javascript:alert(1)) "
        f"<@{visit.behind.users[1].user.id}> </fee:1> <t:1795482000:F> <t:1795482000:t>"
    )
    await visit.behind.users[0].write(written)
    drawn = visit.page.locator(".message .md").first
    for tag in ("h3", "h4", "h5", "small", "ul li", "ol li", "blockquote", "pre code"):
        await expect(drawn.locator(tag).first).to_be_visible()
    assert await drawn.locator("a").evaluate_all("(all) => all.map((each) => each.getAttribute('href'))") == [
        "https://www.lancers.jp/mypage",
        "https://info.lancers.jp/16641",
    ]
    assert await drawn.locator(".mention").all_inner_texts() == ["@ken", "/fee"]
    assert await drawn.locator("time").all_inner_texts() == ["2026年11月24日火曜日 10:00", "10:00"]
    await drawn.locator("button.mention").click()
    await expect(visit.page.locator(".call-name")).to_have_text("/fee")


async def test_names_that_would_be_markup_are_text(visit: Visit) -> None:
    hostile = "<img src=x onerror=alert(1)><script>document.title='x'</script>&lt;b&gt;"
    dialogs: list[str] = []
    visit.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    await visit.say(f"{hostile} 様 昨日 15:30")
    await visit.slash(f"/received client:{hostile.replace(' ', '')}")
    await expect(visit.page.locator(".message", has_text="<img src=x").first).to_be_visible()
    await expect(visit.cards.last).to_contain_text("<script>")
    assert await visit.page.locator("#log :is(script, b, iframe, img)").count() == 0
    await visit.line.fill("/replied ")
    await expect(visit.page.get_by_role("option").filter(has_text="<script>").first).to_be_visible()
    assert dialogs == []


async def test_a_very_long_name_and_every_component_stay_on_the_screen(visit: Visit) -> None:
    long = "長" * 60 + "x" * 40
    options = [{"label": f"{long[:90]}{number}", "value": str(number)} for number in range(25)]
    button = {"type": 2, "style": 2, "label": long[:80], "custom_id": "a"}
    parts = [
        {"type": 10, "content": f"### {long}\n{'あ' * 500}"},
        {"type": 9, "components": [{"type": 10, "content": long}], "accessory": {**button, "custom_id": "b"}},
        {"type": 14, "divider": True, "spacing": 2},
        {"type": 1, "components": [{**button, "style": style, "custom_id": f"c{style}"} for style in (1, 2, 3, 4)]},
        {"type": 1, "components": [{"type": 2, "style": 5, "label": "リンク", "url": "https://www.lancers.jp/"}]},
        {"type": 1, "components": [{**button, "custom_id": "off", "label": "押せない", "disabled": True}]},
        {"type": 1, "components": [{"type": 3, "custom_id": "d", "placeholder": long, "options": options}]},
    ]
    body = {"flags": V2, "components": [{"type": 17, "accent_color": 0x2F6FDE, "components": parts}]}
    await as_bot(visit, "POST", channel(visit), body)
    await expect(visit.cards).to_have_count(1)
    await visit.page.set_viewport_size({"width": 390, "height": 844})
    await visit.shot("everything")
    assert await visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wide = "(all) => all.filter((each) => each.getBoundingClientRect().right > innerWidth).length"
    assert await visit.page.locator(".container *:not(svg *, .select-face *)").evaluate_all(wide) == 0
    await expect(visit.button("押せない")).to_be_disabled()
    await expect(visit.page.get_by_role("link", name="リンク")).to_have_attribute("rel", "noopener noreferrer")
    assert (
        await visit.cards.evaluate("(each) => getComputedStyle(each, '::before').backgroundColor")
        == "rgb(47, 111, 222)"
    )


async def test_a_picture_that_follows_as_an_edit_is_shown_in_place(visit: Visit) -> None:
    text = {"type": 10, "content": "まず文字"}
    number = await as_bot(
        visit, "POST", channel(visit), {"flags": V2, "components": [{"type": 17, "components": [text]}]}
    )
    await expect(visit.cards).to_have_count(1)
    await expect(visit.drawn).to_have_count(0)
    gallery = {"type": 12, "items": [{"media": {"url": "attachment://panel.png"}, "description": "返信率 92 %"}]}
    parts = [{"type": 17, "components": [text, gallery]}]
    body = {"flags": V2, "components": parts, "attachments": [{"id": 0, "filename": "panel.png"}]}
    await as_bot(visit, "PATCH", f"{channel(visit)}/{number}", body, file=picture())
    shown = visit.page.get_by_role("img", name="返信率 92 %")
    await expect(shown).to_be_visible()
    await expect(visit.cards).to_have_count(1)
    assert await shown.evaluate("(each) => each.decode().then(() => each.naturalWidth)") == 320
    await visit.page.locator(".picture").click()
    await expect(visit.page.locator(".lightbox img")).to_be_visible()
    await visit.page.keyboard.press("Escape")
    await expect(visit.page.locator(".lightbox")).to_have_count(0)
    headers = {"Authorization": f"Bot {visit.behind.discord.token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        await session.delete(f"{visit.behind.discord.api_url}{channel(visit)}/{number}")
    await expect(visit.cards).to_have_count(0)
