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
