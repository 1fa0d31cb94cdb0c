"""What is done with a file that a member sends, by its name and its content."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.parsing.file_kind import FileKind, file_kind_by_name, file_kind_of_content, import_file_name, table_extension
from bot.parsing.incoming import MAX_ATTACHMENT_BYTES

MAIL = b"From: a@example.com\nSubject: x\n\ntext\n"


def zipped(files: dict[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return whole.getvalue()


@pytest.mark.parametrize(
    ("name", "content_type", "size", "kind"),
    [
        ("a.eml", "", 100, FileKind.MAIL),
        ("1.partial.EMLX", "", 100, FileKind.MAIL),
        ("A.EML", "", 100, FileKind.MAIL),
        ("mail", "message/rfc822", 100, FileKind.MAIL),
        ("mail.dat", "message/rfc822", 100, FileKind.MAIL),
        ("a.mbox", "", 100, FileKind.MAIL),
        ("a.mbx", "", MAX_ATTACHMENT_BYTES + 1, FileKind.IMPORT),
        ("a.zip", "application/zip", 100, FileKind.MAIL),
        ("a.zip", "application/zip", MAX_ATTACHMENT_BYTES + 1, FileKind.IMPORT),
        ("a.eml", "", MAX_ATTACHMENT_BYTES + 1, FileKind.MAIL),
        ("message.txt", "text/plain", 100, FileKind.TEXT),
        ("a.csv", "text/csv; charset=utf-8", 100, FileKind.IMPORT),
        ("table", "text/csv; charset=utf-8", 100, FileKind.IMPORT),
        ("a.tsv", "", 100, FileKind.IMPORT),
        ("a.json", "", 100, FileKind.IMPORT),
        ("a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 100, FileKind.UNKNOWN),
        ("a.png", "image/png", 100, FileKind.UNKNOWN),
        ("a", "", 100, FileKind.UNKNOWN),
    ],
)
def test_the_kind_by_the_name(name: str, content_type: str, size: int, kind: FileKind) -> None:
    assert file_kind_by_name(name, content_type, size) is kind


@pytest.mark.parametrize(
    ("name", "kind", "data", "expected"),
    [
        ("a.zip", FileKind.MAIL, zipped({"a.eml": MAIL}), FileKind.MAIL),
        ("a.zip", FileKind.MAIL, zipped({"a.eml": MAIL, "B.CSV": b"x"}), FileKind.IMPORT),
        ("a.zip", FileKind.MAIL, zipped({"a.eml": MAIL, "b.txt": b"thread,direction,sent_at\n"}), FileKind.IMPORT),
        ("a.zip", FileKind.MAIL, zipped({"a.eml": MAIL, "b.txt": b"hello"}), FileKind.MAIL),
        ("a.zip", FileKind.MAIL, zipped({f"{n}.eml": MAIL for n in range(50)}), FileKind.MAIL),
        ("a.zip", FileKind.MAIL, zipped({f"{n}.eml": MAIL for n in range(51)}), FileKind.IMPORT),
        ("a.zip", FileKind.MAIL, zipped({f"{n}.eml": MAIL for n in range(201)}), FileKind.IMPORT),
        ("a.zip", FileKind.MAIL, b"PK\x03\x04 damaged", FileKind.MAIL),
        ("a.txt", FileKind.TEXT, "\ufeffthread,direction,sent_at\n".encode(), FileKind.IMPORT),
        ("a.txt", FileKind.TEXT, '"Thread"\t"direction"\t"sent_at"\n'.encode("utf-16"), FileKind.IMPORT),
        ("a.txt", FileKind.TEXT, b"date,method,category,reward,outcome,evaluation\n", FileKind.IMPORT),
        ("a.txt", FileKind.TEXT, b'{\n "format": "nintei",\n "version": 1', FileKind.IMPORT),
        ("a.txt", FileKind.TEXT, b"thread, direction\n", FileKind.TEXT),
        ("a.txt", FileKind.TEXT, "田中様 8:00".encode(), FileKind.TEXT),
        ("a.txt", FileKind.TEXT, b'{"format": "other"}', FileKind.TEXT),
    ],
)
def test_the_kind_by_the_content(name: str, kind: FileKind, data: bytes, expected: FileKind) -> None:
    assert file_kind_of_content(name, kind, data) is expected


@pytest.mark.parametrize(
    ("name", "content_type", "data", "expected"),
    [
        ("a.csv", "", b"", "a.csv"),
        ("a.txt", "text/plain", b"thread,direction,sent_at\n", "a.txt.csv"),
        ("message.txt", "text/plain", b'{"format": "nintei"', "message.txt.json"),
        ("table", "text/csv", b"", "table.csv"),
        ("a.txt", "text/plain", b"", "a.txt"),
    ],
)
def test_the_name_says_how_a_file_is_imported(name: str, content_type: str, data: bytes, expected: str) -> None:
    assert import_file_name(name, content_type, data) == expected


@given(
    data=st.binary(max_size=300), start=st.sampled_from([b"", b"PK\x03\x04", b"From ", b"{", b"\xff\xfe", b"thread,"])
)
def test_no_content_raises(data: bytes, start: bytes) -> None:
    for name, kind in (("a.zip", FileKind.MAIL), ("a.mbox", FileKind.MAIL), ("a.txt", FileKind.TEXT)):
        file_kind_of_content(name, kind, start + data)
    table_extension(start + data)
