"""Every option that takes a day reads the same forms of it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.helpers.stage import Stage

FORMS = ("11/22", "2026/11/22", "2026-11-22", "11月22日", "１１／２２")
MIDNIGHT = int(datetime(2026, 11, 22, tzinfo=ZoneInfo("Asia/Tokyo")).timestamp())
OPTIONS = (
    ("fee", "on", {"amount": "5万"}, "52,750"),
    ("calibrate", "on", {"reply_rate": "80%", "replies": 10}, "2026/11/22"),
    ("job add", "date", {"method": "project", "reward": "5万"}, "2026/11/22"),
    ("profile", "last_login", {}, "2026/11/22"),
    ("settings", "badge_since", {"badge": "held"}, f"<t:{MIDNIGHT}:f>"),
)


@pytest.mark.both_engines
@pytest.mark.parametrize(("command", "option", "others", "expected"), OPTIONS)
async def test_an_option_reads_every_form_of_a_day(
    up: Stage, command: str, option: str, others: dict[str, object], expected: str
) -> None:
    for form in FORMS:
        assert expected in (await up.mika.command(command, **others, **{option: form})).text
