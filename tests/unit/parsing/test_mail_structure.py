"""What of a mail the library is not asked to read."""

import pytest

from bot.parsing.mail_structure import parse_mail_structure


@pytest.mark.parametrize(("length", "is_read"), [(2000, True), (2001, False)])
def test_a_field_of_the_structure_has_2000_bytes_at_most(length: int, *, is_read: bool) -> None:
    field = b"Content-Type: text/plain; name=".ljust(length, b"x")
    assert (parse_mail_structure(field + b"\n\nhello") is not None) is is_read
