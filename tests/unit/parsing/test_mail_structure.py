"""What of a mail the library is not asked to read."""

import pytest

from bot.parsing.mail_structure import (
    MAX_BOUNDARIES,
    MAX_HEADER_LINES,
    MAX_LINES,
    MAX_PART_LINES,
    parse_mail_structure,
)

HEAD = b"From: a@example.com\n"


@pytest.mark.parametrize(("length", "is_read"), [(2000, True), (2001, False)])
def test_a_field_of_the_structure_has_2000_bytes_at_most(length: int, *, is_read: bool) -> None:
    field = b"Content-Type: text/plain; name=".ljust(length, b"x")
    assert (parse_mail_structure(field + b"\n\nhello") is not None) is is_read


@pytest.mark.parametrize(
    ("begin", "repeated", "most"),
    [
        (HEAD + b"\n", b"x\n", MAX_LINES - 2),
        (HEAD, b"X: x\n", MAX_HEADER_LINES - 1),
        (HEAD, b"\n--x", MAX_PART_LINES),
        (HEAD + b"\n", b"boundary=x ", MAX_BOUNDARIES),
    ],
    ids=["lines", "lines of the header", "lines between parts", "boundaries"],
)
def test_so_many_are_read_and_no_more(begin: bytes, repeated: bytes, most: int) -> None:
    assert parse_mail_structure(begin + repeated * most) is not None
    assert parse_mail_structure(begin + repeated * (most + 1)) is None
