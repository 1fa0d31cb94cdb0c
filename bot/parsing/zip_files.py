"""The files in a zip. The sizes in its headers are not trusted: every file is unpacked up to a limit."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.errors import InvalidInputError

_UTF8_FLAG: Final = 0x800
_ENTRY: Final = b"PK\x01\x02"
ZIP_START: Final = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class ZipLimits:
    """What is unpacked at most."""

    max_files: int
    max_file_bytes: int
    max_total_bytes: int


def read_zip(data: bytes, limits: ZipLimits) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file, within the limits. What macOS adds is left out. Raises `InvalidInputError`."""
    remaining = limits.max_total_bytes
    if data.count(_ENTRY) > 2 * limits.max_files:  # the list of files alone would take much memory
        raise InvalidInputError("import-too-many-files", most=f"{limits.max_files:,}")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [
                (name, member) for member in archive.infolist() if (name := _file_name_in_zip(member)) is not None
            ]
            if len(members) > limits.max_files:
                raise InvalidInputError("import-too-many-files", most=f"{limits.max_files:,}")
            for name, member in members:
                if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                    raise InvalidInputError("import-zip")  # the cost of unpacking the others is set by the file itself
                with archive.open(member) as file:
                    content = file.read(min(limits.max_file_bytes, remaining) + 1)
                if len(content) > min(limits.max_file_bytes, remaining):
                    raise InvalidInputError(
                        "import-unpacked-too-large", most=f"{limits.max_file_bytes // 1024 // 1024}"
                    )
                remaining -= len(content)
                yield name, content
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        # What zipfile raises for bytes that are no sound zip: a broken structure or content, a method that it does not
        # know; RuntimeError: the zip has a password.
        raise InvalidInputError("import-zip") from error


def _file_name_in_zip(member: zipfile.ZipInfo) -> str | None:
    """The file's name, which Windows writes in its own charset; None for a folder and what macOS and Windows add."""
    name = member.filename
    if not member.flag_bits & _UTF8_FLAG:
        try:
            name = name.encode("cp437").decode("cp932")
        except ValueError:
            name = member.filename
    last = name.rpartition("/")[2]
    if member.is_dir() or name.startswith("__MACOSX/") or last.startswith("._") or last in {".DS_Store", "Thumbs.db"}:
        return None
    return name
