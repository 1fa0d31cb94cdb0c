"""A table that is too long is refused with a complete sentence."""

import io

import pytest

from bot.i18n.translations import get_translations
from bot.parsing.csv_table import Columns, TableError, parse_table


def test_a_table_of_too_many_rows_says_how_many_it_may_have() -> None:
    with pytest.raises(TableError) as error:
        parse_table(io.BytesIO(b"a\n1\n2\n"), Columns(("a",), ()), lambda fields, _: fields["a"], max_rows=1)
    assert "1" in get_translations("en").format_error(error.value)
