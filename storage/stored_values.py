"""Values of the whole database, each under a name.

They are rows of the table `duties`: the column `name` has the name and the value, "NAME: VALUE", and `done_at` the
instant at which it was stored.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.domain.calendar import instant_to_micros
from storage.database import Executor, Transaction, sql_placeholders, upsert_sql

_NAME_BEGINS: Final = "substr(name, 1, $1) = $2"


async def load_stored_value(reader: Executor, name: str) -> str | None:
    """The value stored under a name; None: there is none."""
    prefix = f"{name}: "
    row = await reader.fetch_one(f"SELECT name FROM duties WHERE {_NAME_BEGINS}", len(prefix), prefix)
    return None if row is None else str(row[0]).removeprefix(prefix)


async def are_values_stored(reader: Executor, values: Mapping[str, str]) -> bool:
    """Whether every one of these names has its value."""
    names = [f"{name}: {value}" for name, value in values.items()]
    [[count]] = await reader.fetch(f"SELECT count(*) FROM duties WHERE name IN ({sql_placeholders(names)})", *names)
    return int(count) == len(names)


async def save_stored_value(transaction: Transaction, name: str, value: str, *, now: datetime) -> None:
    """Store a value under a name, in place of the one before."""
    prefix = f"{name}: "
    await transaction.fetch(f"DELETE FROM duties WHERE {_NAME_BEGINS}", len(prefix), prefix)
    sql = upsert_sql("duties", ("name", "done_at"), key=("name",))  # another process may store the same value
    await transaction.fetch(sql, f"{prefix}{value}", instant_to_micros(now))
