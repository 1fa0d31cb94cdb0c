"""How much is unpacked of a zip."""

import io
import zipfile

import pytest

from bot.errors import InvalidInputError
from bot.parsing.zip_files import ZipLimits, read_zip

LIMITS = ZipLimits(max_files=3, max_file_bytes=10, max_total_bytes=25)


def zip_of(*sizes: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, size in enumerate(sizes):
            archive.writestr(f"{number}.csv", b"x" * size)
    return file.getvalue()


@pytest.mark.parametrize("sizes", [(), (10,), (10, 10, 5), (0, 0, 0)])
def test_what_is_within_the_limits_is_unpacked(sizes: tuple[int, ...]) -> None:
    assert [len(content) for _, content in read_zip(zip_of(*sizes), LIMITS)] == [*sizes]


@pytest.mark.parametrize(
    ("sizes", "message_id"),
    [
        ((11,), "import-unpacked-too-large"),
        ((10, 10, 6), "import-unpacked-too-large"),
        ((1, 1, 1, 1), "import-too-many-files"),
    ],
)
def test_what_is_beyond_them_is_a_sentence(sizes: tuple[int, ...], message_id: str) -> None:
    with pytest.raises(InvalidInputError, match=message_id):
        list(read_zip(zip_of(*sizes), LIMITS))


def zip_with_names(*names: bytes) -> bytes:
    """Names as other programs write them, which do not say in which charset."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number, name in enumerate(names):
            archive.writestr(chr(ord("A") + number) * len(name), b"x")
    data = file.getvalue()
    for number, name in enumerate(names):
        data = data.replace(bytes([ord("A") + number]) * len(name), name)
    return data


def test_names_are_read_in_the_charset_of_windows_unless_they_say_that_they_are_utf_8() -> None:
    assert [name for name, _ in read_zip(zip_with_names("売上.csv".encode("cp932"), b"sales.csv"), LIMITS)] == [
        "売上.csv",
        "sales.csv",
    ]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("é.csv", "売上.csv"):
            archive.writestr(name, b"x")
    assert [name for name, _ in read_zip(file.getvalue(), LIMITS)] == ["é.csv", "売上.csv"]


def test_what_systems_add_to_a_zip_is_no_file() -> None:
    names = (b"__MACOSX/a.csv", b"b/._c.csv", b"d/.DS_Store", b"Thumbs.db", b"e/", b"f/g.csv")
    limits = ZipLimits(max_files=10, max_file_bytes=10, max_total_bytes=100)
    assert [name for name, _ in read_zip(zip_with_names(*names), limits)] == ["f/g.csv"]
