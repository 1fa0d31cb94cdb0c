"""Somebody before the rehearsal's page, with the whole bot behind it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import discord
from playwright.async_api import Browser, Locator, Page, expect

from bot.cli.demo.environment import DemoEnvironment
from bot.cli.demo.page import running_page
from bot.domain.types import Locale
from bot.i18n.translations import Translations, get_translations

SIZES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}
PLAIN = {"PICTURES": "off", "RECEIPT_WAIT": "0"}
"""For tests of other things: every answer at once, and as it stays."""
PATIENCE = 15_000
"""Milliseconds; a slow machine may take its time."""


@dataclass
class Visit:
    """Somebody before the page, and what stands behind it."""

    page: Page
    address: str
    behind: DemoEnvironment
    texts: Translations
    pictures: Path
    complaints: list[str] = field(default_factory=list)

    @property
    def line(self) -> Locator:
        """Where messages are written."""
        return self.page.locator("#line")

    @property
    def drawn(self) -> Locator:
        """The pictures on the cards."""
        return self.page.locator(".message .components img")

    @property
    def cards(self) -> Locator:
        """What the bot shows."""
        return self.page.locator(".message .container")

    def word(self, text: str, **arguments: str) -> str:
        """A sentence in the visitor's language."""
        return self.texts(text, **arguments)

    def button(self, name: str) -> Locator:
        """By what it is called."""
        return self.page.get_by_role("button", name=name, exact=True)

    async def step(self, name: str) -> None:
        """One of the first steps, until it is ticked off."""
        await self.page.locator(f"[data-step={name}]").click()
        await expect(self.page.locator(f".step.done [data-step={name}]")).to_have_count(1)

    async def say(self, words: str) -> None:
        """Write, and hear an answer."""
        before = await self.cards.count()
        await self.line.fill(words)
        await self.line.press("Enter")
        await expect(self.cards).to_have_count(before + 1)

    async def slash(self, command: str) -> None:
        """A command as it is typed or pasted, until it is answered."""
        before = await self.page.locator(".used").count()
        await self.line.fill(f"{command} ")
        await self.page.locator(".call").wait_for()
        await self.page.keyboard.press("Enter")
        await expect(self.page.locator(".used")).to_have_count(before + 1)

    async def sidebar(self) -> None:
        """Where there is little room it is folded away."""
        opener = self.page.locator("#open-sidebar")
        if await opener.is_visible():
            await opener.click()
        await self.page.locator("#sidebar").wait_for()

    async def go(self, place: str) -> None:
        """To a channel."""
        await self.sidebar()
        await self.page.locator("#channels .place", has_text=place).click()
        await expect(self.page.locator("#title")).to_contain_text(place)

    async def shot(self, name: str) -> None:
        """A picture of the page, for whoever wants to look."""
        await self.page.screenshot(path=self.pictures / f"{name}.png")


async def introduce(behind: DemoEnvironment) -> None:
    """Everybody has used the bot long ago; nothing of that is left to be seen."""
    for person in behind.users:
        (await person.command("help")).message.deleted = True


@asynccontextmanager
async def visiting(
    chromium: Browser,
    locale: Locale,
    size: str,
    pictures: Path,
    environ: Mapping[str, str] | None = None,
    *,
    known: bool = False,
    **more: Any,
) -> AsyncIterator[Visit]:
    """Open the page on a screen of that size: as newcomers with everything on, unless said otherwise."""
    base, gateway = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    texts = get_translations(locale)
    async with running_page(environ or {}, texts) as (served, behind):
        if known:
            await introduce(behind)
        context = await chromium.new_context(**SIZES[size], **more)
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
