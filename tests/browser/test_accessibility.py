"""For everybody: names of what can be used, contrast, roles."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.helpers.browser import SIZES, Visit, visiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NAMELESS = """() => [...document.querySelectorAll('button, a[href], input, textarea, select, [role=option], [role=dialog], dialog, [role=listbox]')]
    .filter((each) => each.checkVisibility() && !named(each)).map((each) => each.outerHTML.slice(0, 120));
    function named(each) {
        const by = (each.getAttribute('aria-labelledby') || '').split(' ').map((id) => document.getElementById(id)?.textContent).join('');
        return [each.getAttribute('aria-label'), by, each.labels?.[0]?.textContent, each.matches('input, textarea, select') ? '' : each.textContent]
            .some((text) => text && text.trim());
    }"""
CONTRAST = """() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const paint = (layers) => { canvas.clearRect(0, 0, 1, 1);
        for (const each of layers) { canvas.fillStyle = each; canvas.fillRect(0, 0, 1, 1); }
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3); };
    const light = (rgb) => { const [r, g, b] = rgb.map((each) => { const c = each / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const each = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || !each.checkVisibility({ visibilityProperty: true }) || each.closest(':disabled, .unseen, .skip, [hidden]')) continue;
        const layers = [];
        for (let at = each; at; at = at.parentElement) layers.unshift(getComputedStyle(at).backgroundColor);
        const back = paint(layers), front = paint([...layers, getComputedStyle(each).color]);
        const [a, b] = [light(front), light(back)].sort((one, other) => other - one);
        const size = parseFloat(getComputedStyle(each).fontSize), bold = getComputedStyle(each).fontWeight >= 700;
        const least = size >= 24 || (bold && size >= 18.66) ? 3 : 4.5;
        if ((a + 0.05) / (b + 0.05) < least) found.push([walker.currentNode.data.trim().slice(0, 30), each.className, ((a + 0.05) / (b + 0.05)).toFixed(2)]);
    }
    return found;
}"""


async def play(visit: Visit) -> None:
    """Something of everything on the screen."""
    for step in ("forward", "remind", "status", "fee"):
        await visit.step(step)
    await visit.slash("/settings")
    await visit.go("通知")
    await visit.page.locator(".message").first.click(button="right")
    await visit.page.get_by_role("menuitem", name=visit.texts("menu-received")).click()
    await visit.page.locator(".message.ephemeral").wait_for()


async def look(visit: Visit) -> None:
    """Everything named, and readable."""
    assert await visit.page.evaluate(NAMELESS) == []
    assert await visit.page.evaluate(CONTRAST) == []


@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_everything_has_a_name_and_can_be_read(
    chromium: Browser, pictures: Path | None, theme: str, size: str
) -> None:
    async with visiting(chromium, "en", size, pictures, color_scheme=theme) as visit:
        await expect(visit.page.locator("html")).to_have_attribute("data-theme", theme)
        await look(visit)
        await play(visit)
        await look(visit)
        await visit.sidebar()
        await look(visit)
        await visit.page.keyboard.press("Escape")
        await visit.go("Nintei")
        await visit.line.fill("/")
        await look(visit)
        await visit.line.fill("/fee ")
        await look(visit)
        await visit.shot(f"{theme}-{size}")


async def test_roles_that_a_screen_reader_goes_by(visit: Visit) -> None:
    page = visit.page
    await expect(page.get_by_role("log", name=visit.word("page-messages"))).to_have_attribute("aria-live", "polite")
    await expect(page.get_by_role("navigation", name=visit.word("page-sidebar"))).to_be_visible()
    await expect(page.get_by_role("main")).to_be_visible()
    await expect(page.get_by_role("group", name=visit.word("page-clock"))).to_be_visible()
    await visit.line.fill("/f")
    await expect(visit.line).to_have_attribute("aria-expanded", "true")
    pointed = await visit.line.get_attribute("aria-activedescendant")
    await expect(page.locator(f"#{pointed}")).to_contain_text("/fee")


ZOOMED = ((640, 400), (844, 390), (961, 700), (768, 1024), (320, 568), (195, 422))
"""A desk at 200 %, a phone on its side, narrow windows, a tablet, the smallest phone, a phone at 200 %."""


async def test_a_zoomed_page_shows_the_conversation(visit: Visit) -> None:
    outside = "(all) => all.filter((each) => each.getBoundingClientRect().right > innerWidth).map((each) => each.id)"
    extent = """(each) => { const range = new Range(); range.selectNodeContents(each);
        return range.getBoundingClientRect(); }"""
    for width, height in ZOOMED:
        await visit.page.set_viewport_size({"width": width, "height": height})
        await visit.shot(f"zoomed-{width}")
        log = await visit.page.locator("#log").bounding_box()
        assert log is not None
        assert log["height"] >= height / 3, width
        assert await visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        assert await visit.page.locator("#title, .face, #guide *, footer *:not([hidden])").evaluate_all(outside) == []
        name = await visit.page.locator("#title").evaluate(extent)
        clock = await visit.page.locator(".face").bounding_box()
        assert clock is not None
        assert name["right"] <= clock["x"] or name["bottom"] <= clock["y"], width


async def test_what_is_tapped_is_large_enough(chromium: Browser, pictures: Path | None) -> None:
    async with visiting(chromium, "ja", "phone", pictures) as visit:
        await visit.step("forward")
        await visit.sidebar()
        small = await visit.page.evaluate(
            """() => [...document.querySelectorAll('button, select, textarea')].filter((each) => each.checkVisibility({ visibilityProperty: true })
                && !each.matches('.mention, .textual')).map((each) => [each.className, each.getBoundingClientRect()])
                .filter(([, box]) => box.height < 32 || box.width < 32).map(([name]) => name)"""
        )
        assert small == []
