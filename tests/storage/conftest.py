"""An open database for the tests of storage."""

from collections.abc import AsyncIterator

import pytest

from storage.connect import open_database
from storage.database import Database


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A new database at the newest schema, open until the test ends."""
    opened = await open_database(database_url)
    yield opened
    await opened.close()
