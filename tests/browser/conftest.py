"""A browser before the rehearsal's page: Debian's chromium, driven by Playwright, and the whole bot behind it."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.helpers.browser import PATIENCE, PLAIN, Visit, visiting
from tests.helpers.chromium import ARGUMENTS, MISSING, chromium_path


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One for all tests. Without one they are skipped, but never on the machine that lands changes."""
    path = chromium_path()
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def pictures() -> Path | None:
    """Where screenshots go: SCREENSHOTS. Without it none is made; drawing them takes the browser as long as the tests."""
    chosen = os.environ.get("SCREENSHOTS")
    folder = Path(chosen) if chosen else None
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE)
    return folder


@pytest_asyncio.fixture(loop_scope="session")
async def visit(chromium: Browser, pictures: Path | None) -> AsyncIterator[Visit]:
    """In Japanese, at a desk, by people whom the bot knows; every answer comes at once, and stays as it is."""
    async with visiting(chromium, "ja", "desktop", pictures, PLAIN, known=True) as there:
        yield there
