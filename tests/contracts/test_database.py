"""The names of tables and columns: of the database on both engines, and of the export, which uses the same."""

from storage.connect import open_database
from storage.member_data import TABLES
from tests.contracts.goldens import check_lines


async def test_tables_and_columns(database_url: str) -> None:
    tables = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        if database_url.startswith("sqlite")
        else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    )
    database = await open_database(database_url)
    try:
        async with database.read() as transaction:
            names = [row[0] for row in await transaction.fetch(tables)]
            columns = [f"{table}.{column}" for table in names for column in await transaction.columns(table)]
    finally:
        await database.close()
    check_lines("database", columns)


def test_tables_of_the_export() -> None:
    check_lines("export-tables", TABLES)
