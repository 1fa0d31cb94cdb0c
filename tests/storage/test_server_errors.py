"""What a PostgreSQL server answers, as the error that members and operators read, and which addresses are refused."""

import asyncpg
import pytest

from bot.errors import StorageError
from storage.engines.postgresql import _raise_storage_errors, ensure_postgresql_url_valid


@pytest.mark.parametrize(
    ("answer", "message_id"),
    [
        (asyncpg.DiskFullError, "storage-full"),
        (asyncpg.OutOfMemoryError, "storage-full"),
        (asyncpg.TooManyConnectionsError, "storage-unreachable"),
        (asyncpg.AdminShutdownError, "storage-unreachable"),
        (asyncpg.ConnectionFailureError, "storage-unreachable"),
        (ConnectionResetError, "storage-unreachable"),
        (asyncpg.DeadlockDetectedError, "storage-busy"),
        (asyncpg.SerializationError, "storage-busy"),
        (asyncpg.LockNotAvailableError, "storage-busy"),
        (asyncpg.ReadOnlySQLTransactionError, "storage-read-only"),
        (asyncpg.InsufficientPrivilegeError, "storage-read-only"),
        (asyncpg.DataCorruptedError, "storage-damaged"),
        (asyncpg.IndexCorruptedError, "storage-damaged"),
        (asyncpg.UndefinedTableError, "storage-failed"),
    ],
)
def test_an_answer_of_the_server_has_its_sentence(answer: type[Exception], message_id: str) -> None:
    with pytest.raises(StorageError) as raised, _raise_storage_errors():
        raise answer("x")
    assert raised.value.message_id == message_id


def test_a_violated_constraint_is_a_fault_of_the_program() -> None:
    with pytest.raises(asyncpg.UniqueViolationError), _raise_storage_errors():
        raise asyncpg.UniqueViolationError("x")


def test_an_answer_without_a_sentence_is_quoted() -> None:
    with pytest.raises(StorageError) as raised, _raise_storage_errors():
        raise asyncpg.UndefinedTableError("x")
    assert raised.value.arguments == {"reason": "42P01 x"}


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:///nintei",
        "postgresql://h/nintei",
        "postgresql://mika@h:5432,i:5433/nintei",
        "postgresql://mika:p%40s%2Fs@[::1]:5432/nintei?host=/tmp",
        "postgresql://mika:@/nintei?host=/tmp",
    ],
)
def test_an_address_that_can_be_read_in_one_way_is_taken(url: str) -> None:
    ensure_postgresql_url_valid(url)


@pytest.mark.parametrize("password", ["p@s", "p/s", "p?s", "p#s", "p[s", "5432/p@s"])
def test_a_password_that_is_not_percent_encoded_is_refused_without_a_piece_of_it(password: str) -> None:
    with pytest.raises(StorageError) as refused:
        ensure_postgresql_url_valid(f"postgresql://mika:{password}@h:5432/nintei")
    assert (refused.value.message_id, refused.value.arguments) == ("storage-password-unescaped", {})
