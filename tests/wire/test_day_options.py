"""Every option that takes a day reads the same forms of it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.fake_discord.users import buttons_of
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

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


BEFORE_LANCERS = (
    ("calibrate", "on", {"reply_rate": "80%", "replies": 10}, "day-range"),
    ("job add", "date", {"method": "project", "reward": "5万"}, "day-range"),
    ("profile", "last_login", {}, "day-range"),
    ("settings", "badge_since", {"badge": "held"}, "day-range"),
    ("received", "at", {"client": "A"}, "time-before-lancers"),
    ("replied", "at", {"client": "A"}, "time-before-lancers"),
)


@pytest.mark.parametrize(
    ("written", "refusal"),
    [
        ("0001/01/01", "day-range"),
        ("9999/12/31", "day-range"),
        ("2027/01/05", "day-range"),
        ("11/20(木)", "time-weekday"),
        ("11/25", "day-year-missing"),
        ("明日", "badge-since-unreadable"),
        ("約3日前", "badge-since-unreadable"),
    ],
)
async def test_what_is_wrong_with_the_day_of_the_badge_is_said(up: Stage, written: str, refusal: str) -> None:
    """A day is not called unreadable for lying ahead, nor for its weekday."""
    assert shows((await up.mika.command("settings", badge="held", badge_since=written)).text, refusal)


async def test_the_fields_of_a_job_are_not_named_as_in_a_file(up: Stage) -> None:
    """A member sees the option by its name in their own language."""
    for option, written, refusal in (("reward", "無料", "jobs-reward"), ("evaluation", "良い", "jobs-evaluation")):
        answer = await up.mika.command("job add", **{"method": "project", "reward": "1", option: written})
        assert shows(answer.text, refusal)
        assert option not in answer.text


async def test_one_category_is_cleared_by_the_same_words_everywhere(up: Stage) -> None:
    for written in ("-", "なし", "  "):
        assert shows((await up.mika.command("goal", category=written, line="50万")).text, "goal-all")


async def test_displayed_stars_are_read_as_those_of_a_job(up: Stage) -> None:
    assert "4.8" in (await up.mika.command("calibrate", evaluation="★4.8")).text


async def test_nothing_is_recorded_from_before_lancers_which_an_import_would_refuse(up: Stage) -> None:
    for command, option, others, refusal in BEFORE_LANCERS:
        day = "2007-12-31" if option != "at" else "2007/12/31 23:59"
        assert shows((await up.mika.command(command, **others, **{option: day})).text, refusal)
    exported = (await up.mika.command("export")).files["nintei.json"]
    assert b"2007" not in exported
    other = up.discord.add_user("ken")
    preview = await other.command("import", file=("nintei.json", exported))
    assert not shows(preview.text, "import-bad")


async def test_characters_that_nobody_sees_are_no_part_of_what_is_typed(up: Stage) -> None:
    seen = await up.mika.command("fee", amount="\u200e50,000円\u200b", on="\u202a2026/11/22\u202c")
    assert "52,750" in seen.text
    receipt = (await up.mika.command("received", client="A\u200b", at="9:\u200b00")).message
    form = await up.mika.click((await up.mika.click(receipt, says("action-correct"))).message, says("correct-time"))
    assert shows((await up.mika.submit_modal(form, "\ufeff9:05\u2060")).text, "receipt-due")


async def test_a_number_of_replies_is_read_as_it_is_displayed(up: Stage) -> None:
    for written, count in (("40件", "40"), ("１，０００", "1,000"), ("1,000件", "1,000")):
        fill = await up.mika.command("status")
        [form] = [each for each in buttons_of(fill.message).values() if each.endswith(":fill")]
        ways = await up.mika.click(fill.message, form)
        opened = await up.mika.click_custom_id(ways.message, "press:status:0:fill-displayed")
        fields = len(opened.modal["components"])
        answer = await up.mika.submit_modal(opened, "92.5", written, *[""] * (fields - 2))
        assert f"/{count})" in answer.text
    refused = await up.mika.submit_modal(opened, "92.5", "四十", *[""] * (fields - 2))
    assert shows(refused.text, "calibrate-replies-unreadable")
