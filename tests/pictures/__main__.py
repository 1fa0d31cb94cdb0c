"""`make pictures`: every card and the whole page, in both languages, into docs/pictures."""

import argparse
import asyncio
import io
import sys
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.async_api import Browser, Error, Page, async_playwright

from bot.cli.demo.page import running_demo_page
from bot.domain.types import Locale
from bot.i18n.translations import get_translations
from tests.helpers.browser import LANGUAGES
from tests.helpers.chromium import ARGUMENTS, MISSING, chromium_path
from tests.pictures.cards import CARDS
from tests.pictures.scene import Scene

TALL: Final = {"width": 620, "height": 3000}
"""The size of a window in which no card has to be scrolled."""
SCALE: Final = 1.5
COLOURS: Final = 128
SHOT_TRIES: Final = 5
WHOLE: Final[dict[str, dict[str, Any]]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "has_touch": True, "is_mobile": True},
}


async def make(folder: Path, locales: list[Locale], names: set[str]) -> None:
    """Make all pictures, or those of these names."""
    path = chromium_path()
    if path is None:
        sys.exit(MISSING)
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for locale in locales:
            (folder / locale).mkdir(parents=True, exist_ok=True)
            await _cards(chromium, locale, folder / locale, names)
            for size in WHOLE:
                if not names or size in names:
                    await _whole(chromium, locale, size, folder / locale)
        await chromium.close()


async def _cards(chromium: Browser, locale: Locale, folder: Path, names: set[str]) -> None:
    texts = get_translations(locale)
    async with running_demo_page({}, texts) as (served, behind):
        scene = Scene(behind, served.actions.clock_control, texts)
        await scene.prepare()
        themes = {
            theme: await _open(chromium, served.address, locale, viewport=TALL, color_scheme=theme)
            for theme in ("dark", "light")
        }
        for page in themes.values():
            await page.locator(".guide-head button").click()
        for card in CARDS:
            message = await card.shown(scene)
            if names and card.name not in names:
                continue
            await _shoot(themes["dark"], message.id, folder / f"{card.name}.png", drawn=card.drawn)
            if card.light:
                await _shoot(themes["light"], message.id, folder / f"{card.name}-light.png", drawn=card.drawn)
        for page in themes.values():
            await page.context.close()


async def _open(chromium: Browser, address: str, locale: Locale, **screen: Any) -> Page:
    """Open the page in a browser of this language: the users of the page take it over."""
    context = await chromium.new_context(**screen, locale=LANGUAGES[locale], device_scale_factor=SCALE)
    page = await context.new_page()
    await page.goto(address)
    await page.locator("#clock .face").wait_for()
    return page


async def _shoot(page: Page, number: int, path: Path, *, drawn: bool) -> None:
    card = page.locator(f'.message[data-id="{number}"] .components')
    await (card.locator("img") if drawn else card).wait_for()
    await page.evaluate("Promise.all([document.fonts.ready, ...[...document.images].map((each) => each.decode())])")
    await page.mouse.move(0, 0)
    for tries_left in reversed(range(SHOT_TRIES)):
        try:
            shot = await card.screenshot(animations="disabled", caret="hide")
        except Error:  # the message was drawn anew meanwhile
            if not tries_left:
                raise
        else:
            _keep(shot, path)
            return


async def _whole(chromium: Browser, locale: Locale, size: str, folder: Path) -> None:
    """A picture of the page as a newcomer sees it after the first steps."""
    async with running_demo_page({}, get_translations(locale)) as (served, _):
        page = await _open(chromium, served.address, locale, **WHOLE[size])
        for number, step in enumerate(("status", "fee", "forward", "remind")):
            await page.locator(f"[data-step={step}]").click()
            await page.locator(f".step.done [data-step={step}]").wait_for(state="attached")
            await page.locator(".components img").nth(number).wait_for()
        await page.mouse.move(0, 0)
        _keep(await page.screenshot(animations="disabled", caret="hide"), folder / f"{size}.png")
        await page.context.close()


def _keep(shot: bytes, path: Path) -> None:
    """Save with few colours: cards look the same, and the files, which are in the repository, are a quarter as large."""
    Image.open(io.BytesIO(shot)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def main() -> None:
    """Run the command line of `python -m tests.pictures`."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *(card.name for card in CARDS), *WHOLE], help="only these")
    parser.add_argument("--to", type=Path, default=Path("docs/pictures"), help="the folder")
    parser.add_argument("--locale", choices=["ja", "en"], action="append", help="only this language")
    arguments = parser.parse_args()
    asyncio.run(make(arguments.to, arguments.locale or ["ja", "en"], set(arguments.names)))


if __name__ == "__main__":
    main()
