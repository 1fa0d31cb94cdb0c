"""A visit to the rehearsal's page in chromium, with the bot running against the fake Discord."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import discord
from playwright.async_api import Browser, Locator, Page, expect

from bot.cli.demo.environment import DemoEnvironment
from bot.cli.demo.page import running_demo_page
from bot.domain.types import Locale
from bot.i18n.translations import Translations, get_translations

SIZES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}
LANGUAGES: dict[Locale, str] = {"ja": "ja-JP", "en": "en-US"}
"""The browser's language."""
PLAIN = {"PICTURES": "off", "RECEIPT_WAIT": "0"}
"""Settings for tests of neither pictures nor batches: each answer is sent at once and not edited afterwards."""
PATIENCE = 15_000
"""Milliseconds until an element must have appeared; long enough for a slow machine."""


@dataclass
class Visit:
    """An open page, and the rehearsal that serves it."""

    page: Page
    address: str
    behind: DemoEnvironment
    texts: Translations
    pictures: Path | None
    complaints: list[str] = field(default_factory=list)

    @property
    def line(self) -> Locator:
        """The field in which messages are written."""
        return self.page.locator("#line")

    @property
    def drawn(self) -> Locator:
        """The pictures on the cards."""
        return self.page.locator(".message .components img")

    @property
    def cards(self) -> Locator:
        """The cards of the bot."""
        return self.page.locator(".message .container")

    def word(self, text: str, **arguments: str) -> str:
        """A sentence in the page's language, by the id of its text."""
        return self.texts(text, **arguments)

    def button(self, name: str) -> Locator:
        """The button with this label."""
        return self.page.get_by_role("button", name=name, exact=True)

    async def step(self, name: str) -> None:
        """Click one of the guide's first steps, and wait until it is ticked off."""
        await self.page.locator(f"[data-step={name}]").click()
        await expect(self.page.locator(f".step.done [data-step={name}]")).to_have_count(1)

    async def say(self, words: str) -> None:
        """Write a message to the bot, and wait for its answer."""
        before = await self.cards.count()
        await self.line.fill(words)
        await self.line.press("Enter")
        await expect(self.cards).to_have_count(before + 1)

    async def slash(self, command: str) -> None:
        """Type a command, and wait until it is answered."""
        before = await self.page.locator(".used").count()
        await self.line.fill(f"{command} ")
        await self.page.locator(".call").wait_for()
        await self.page.keyboard.press("Enter")
        await expect(self.page.locator(".used")).to_have_count(before + 1)

    async def sidebar(self) -> None:
        """Open the sidebar, which is closed on a small screen."""
        opener = self.page.locator("#open-sidebar")
        if await opener.is_visible():
            await opener.click()
        await self.page.locator("#sidebar").wait_for()

    async def go(self, place: str) -> None:
        """Go to a channel."""
        await self.sidebar()
        await self.page.locator("#channels .place", has_text=place).click()
        await expect(self.page.locator("#title")).to_contain_text(place)

    async def shot(self, name: str) -> None:
        """Save a screenshot of the page, for a person to look at, if one wants to."""
        if self.pictures:
            await self.page.screenshot(path=self.pictures / f"{name}.png")


async def introduce(behind: DemoEnvironment) -> None:
    """Let every user have used the bot before, with nothing of that left on the page."""
    for person in behind.users:
        (await person.command("help")).message.deleted = True


@asynccontextmanager
async def visiting(
    chromium: Browser,
    locale: Locale,
    size: str,
    pictures: Path | None,
    environ: Mapping[str, str] | None = None,
    *,
    known: bool = False,
    language: str | None = None,
    **more: Any,
) -> AsyncIterator[Visit]:
    """Open the page on a screen of that size.

    `environ`: settings of the bot; `known`: the users have used it before; `language`: the browser's, otherwise that
    of `locale`.
    """
    base, gateway = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    texts = get_translations(locale)
    async with running_demo_page(environ or {}, texts) as (served, behind):
        if known:
            await introduce(behind)
        context = await chromium.new_context(**SIZES[size], locale=language or LANGUAGES[locale], **more)
        try:
            page = await context.new_page()
            page.set_default_timeout(PATIENCE)
            visit = Visit(page, served.address, behind, texts, pictures)
            page.on("console", lambda said: visit.complaints.append(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda fault: visit.complaints.append(str(fault)))
            await page.goto(served.address)
            await page.locator("#clock .face").wait_for()
            yield visit
            assert visit.complaints == []
        finally:
            await context.close()
    discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = base, gateway
