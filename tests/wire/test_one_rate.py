"""A member with a past: after /calibrate every place that shows the reply rate shows the same one, in both languages.

Lancers displayed 92.3 % of 39 replies (36 on time). Then two replies: one on time, one late. So the rate is 37 of 41.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Final

import pytest
import pytest_asyncio

from bot.domain.types import Locale
from bot.fake_discord.state import Message
from bot.fake_discord.users import text_of
from tests.helpers.counted import counted_statements
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


DISPLAYED: Final = "92.3 %"
NOW: Final = "90.2 %"
"""37/41."""
LATE_AGAIN: Final = "88.0 %"
"""37/42."""
ON_TIME_AGAIN: Final = "90.4 %"
"""38/42."""

STATUS_STATEMENTS: Final = 2
"""The preferences, and the report; the picture has been drawn before."""

PERCENTAGE: Final = re.compile(r"\d+\.\d %")
"""A rate; thresholds are whole percents."""
FRACTION: Final = re.compile(r"(?<![\d/])\d+/\d+(?![\d/])")


def percentages(text: str) -> set[str]:
    """The rates that a text shows."""
    return set(PERCENTAGE.findall(text))


def all_words(message: Message) -> str:
    """The text of a message, and the descriptions of its pictures."""
    attachments: list[dict[str, Any]] = message.body.get("attachments") or []
    return "\n".join([text_of(message), *(str(each.get("description") or "") for each in attachments)])


@pytest_asyncio.fixture(loop_scope="module")
async def past(up: Stage, language: Locale) -> Stage:
    """The rate is 37 of 41; one window is open, and one is overdue."""
    up.mika.user.locale = language
    await up.mika.command("settings", locale=language)
    await up.mika.command("calibrate", reply_rate="92.3", replies=39)
    await up.mika.command("received", client="甲", at="10:00")
    await up.mika.command("replied", client="甲", at="12:00")
    await up.mika.command("received", client="乙", at="11/22 10:00")
    await up.mika.command("replied", client="乙", at="12:00")
    await up.mika.command("received", client="丙", at="11/22 11:00")
    await up.mika.command("received", client="丁", at="11:00")
    return up


def language_of(up: Stage) -> Locale:
    """The language that Mika has chosen."""
    return "en" if up.mika.user.locale == "en" else "ja"


Place = Callable[[Stage], Awaitable[str]]


async def status(up: Stage) -> str:
    return all_words((await up.mika.command("status")).message)


async def detail(up: Stage) -> str:
    return all_words((await up.mika.command("status", view="detail")).message)


async def check_open(up: Stage) -> str:
    return (await up.mika.command("check", client="丁")).text


async def check_overdue(up: Stage) -> str:
    return (await up.mika.command("check", client="丙")).text


async def pending(up: Stage) -> str:
    return (await up.mika.command("pending")).text


async def receipt_of_received(up: Stage) -> str:
    return (await up.mika.command("received", client="丙", at="11/22 12:00")).text


async def receipt_on_time(up: Stage) -> str:
    return all_words((await up.mika.command("replied", client="丁", at="12:00")).message)


async def receipt_late(up: Stage) -> str:
    return all_words((await up.mika.command("replied", client="丙", at="12:00")).message)


async def undone(up: Stage) -> str:
    receipt = await up.mika.command("replied", client="丁", at="12:00")
    return (await up.mika.click(receipt.message, says("action-undo", language_of(up)))).text


async def corrected(up: Stage) -> str:
    """A reply that answers nothing more because it is moved before the message."""
    receipt = await up.mika.command("replied", client="丁", at="12:00")
    page = await up.mika.command("history")
    await up.mika.click(page.message, says("action-look", language_of(up)))
    return (await up.mika.click(receipt.message, says("action-undo", language_of(up)))).text


async def batch(up: Stage) -> str:
    await up.mika.write("丁に返信しました 12:00\n丙 11:30")
    return all_words(await up.mika.next_bot_message())


async def away(up: Stage) -> str:
    return (await up.mika.command("away", **{"from": "18:00", "to": "11/28 9:00"})).text


async def history_undo(up: Stage) -> str:
    await up.mika.command("replied", client="丁", at="12:00")
    page = await up.mika.command("history")
    return (await up.mika.click(page.message, says("action-revert", language_of(up)))).text


async def imported(up: Stage) -> str:
    data = "thread,direction,sent_at\n戊,received,2026-11-24T11:00\n戊,sent,2026-11-24T12:00\n".encode()
    preview = await up.mika.command("import", file=("history.csv", data))
    return (await up.mika.click(preview.message, says("action-confirm", language_of(up)))).text


async def calibrated(up: Stage) -> str:
    return (await up.mika.command("calibrate")).text


PLACES: Final[dict[Place, set[str]]] = {
    status: {NOW},
    detail: {NOW},
    check_open: {NOW, ON_TIME_AGAIN},
    check_overdue: {NOW, LATE_AGAIN},
    pending: {NOW, LATE_AGAIN},
    receipt_of_received: {NOW, LATE_AGAIN},
    receipt_on_time: {NOW, ON_TIME_AGAIN},
    receipt_late: {NOW, LATE_AGAIN},
    undone: {ON_TIME_AGAIN, NOW},
    batch: {NOW, ON_TIME_AGAIN},
    away: {NOW, LATE_AGAIN},
    history_undo: {ON_TIME_AGAIN, NOW},
    imported: {NOW, ON_TIME_AGAIN},
    calibrated: {DISPLAYED, NOW},
}
"""Every place that shows the rate, and the rates it shows."""


@pytest.mark.sqlite_only
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
async def test_every_place_shows_the_same_rate(past: Stage, place: Place) -> None:
    text = await place(past)
    assert percentages(text) == PLACES[place], text


ESTIMATE: Final = re.compile(r"（推定[^）]*）| \(estimated[^)]*\)")
"""What is said behind an estimated rate: its bounds are rates, too."""


def without_bounds(text: str) -> str:
    return ESTIMATE.sub("", text)


@pytest.mark.sqlite_only
async def test_the_closed_notice_and_the_digest_agree_with_the_status_of_their_moment(
    past: Stage, language: Locale
) -> None:
    past.news()
    await past.live_to(past.at(7, 0, days=2))
    notices = [text for each in past.news() if percentages(text := without_bounds(text_of(each)))]
    assert notices
    rate, late = await _rate_and_late(past)
    for text in notices:
        assert percentages(text) == {rate, late}, text
    await past.live_to(past.at(9, 0, days=8))
    digest = without_bounds(text_of(past.news()[-1]))
    rate, late = await _rate_and_late(past)
    assert percentages(digest) == {rate}, digest
    forecast = without_bounds((await past.mika.command("status", view="forecast")).text)
    assert shows(forecast, "forecast-estimated", locale=language)
    assert "1/2" not in FRACTION.findall(forecast)


async def _rate_and_late(up: Stage) -> tuple[str, str]:
    """The rate of /status, and the rate after one more late reply."""
    text = without_bounds((await up.mika.command("status")).text)
    [on_time, replies] = map(int, next(each for each in FRACTION.findall(text) if each != "7/9").split("/"))
    rate, late = (f"{on_time * 1000 // (replies + more) / 10} %" for more in (0, 1))
    assert percentages(text) <= {rate, late}, text
    return rate, late


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("rate", "replies", "shown"), [("92.3", 39, "92.3 %"), ("79.9", 2500, "79.9 %"), ("92", 39, "92 %"), ("９２．５％", 40, "92.5 %")]
)  # fmt: skip
async def test_what_is_shown_is_what_was_typed(up: Stage, rate: str, replies: int, shown: str) -> None:
    await up.mika.command("calibrate", reply_rate=rate, replies=replies)
    for view in ("summary", "detail"):
        text = (await up.mika.command("status", view=view)).text
        assert f"{shown} (" in text
        assert percentages(without_bounds(text)) <= {shown}


@pytest.mark.sqlite_only
@pytest.mark.parametrize("edition", ["2016", "2024"])
async def test_a_display_rounded_up_to_the_threshold_is_not_shown_as_reaching_it(
    up: Stage, edition: str, language: Locale
) -> None:
    """35 of 44 are 79.54 %, which Lancers may display as 80 %: one more reply is needed for 80 %."""
    up.mika.user.locale = language
    await up.mika.command("settings", locale=language, edition=edition)
    calibrated = (await up.mika.command("calibrate", reply_rate="80", replies=44)).text
    assert "80 %" in calibrated
    assert "79.5 % (35/44)" in calibrated
    for view in ("summary", "detail"):
        text = (await up.mika.command("status", view=view)).text
        assert "80 % (35/44)" not in text
        if view == "summary" or edition == "2016":
            assert "79.5 % (35/44)" in text
    await up.mika.command("calibrate", reply_rate="80", replies=45)
    assert "80 % (36/45)" in (await up.mika.command("status")).text


@pytest.mark.sqlite_only
async def test_an_impossible_pair_is_asked_about_and_nothing_is_recorded(up: Stage) -> None:
    asked = (await up.mika.command("calibrate", reply_rate="92.3", replies=40)).text
    assert shows(asked, "calibrate-impossible", rate="92.3", replies=40, nearest_rate="92.5", nearest_replies=39)
    assert shows((await up.mika.command("calibrate")).text, "calibrate-none")


@pytest.mark.sqlite_only
async def test_the_card_promises_no_estimate_where_there_is_none(up: Stage) -> None:
    card = (await up.mika.command("calibrate", replies=40)).text
    assert shows(card, "calibrate-no-rate")
    assert not shows(card, "calibrate-unseen")
    card = (await up.mika.command("calibrate", reply_rate="90", replies=40, on="2025/11/20")).text
    assert shows(card, "calibrate-too-old")
    assert not shows(card, "calibrate-unseen")
    assert shows((await up.mika.command("status")).text, "status-rate-none")


@pytest.mark.sqlite_only
async def test_the_card_says_what_is_missing_to_compare_with_the_record(up: Stage, language: Locale) -> None:
    up.mika.user.locale = language
    await up.mika.command("received", client="甲", at="10:00")
    await up.mika.command("replied", client="甲", at="11:00")
    card = (await up.mika.command("calibrate", completion_rate="95")).text
    assert shows(card, "calibrate-rate-missing", language)
    assert not shows(card, "calibrate-nothing", language)


@pytest.mark.sqlite_only
async def test_nothing_is_said_of_unseen_replies_that_have_all_left_the_year(up: Stage, language: Locale) -> None:
    up.mika.user.locale = language
    await up.mika.command("settings", locale=language, digest="off")
    for day in range(1, 6):
        await up.mika.command("received", client="甲", at=f"2026/5/{day} 10:00")
        await up.mika.command("replied", client="甲", at=f"2026/5/{day} 12:00")
    calibrated = (await up.mika.command("calibrate", reply_rate="90", replies=40)).text
    assert shows(calibrated, "calibrate-unseen", language, count=35)
    assert shows((await up.mika.command("status", view="detail")).text, "note-estimate", language, unseen=35)
    await up.move_to(up.at(12, days=158))
    assert "2027-05-01" in f"{up.clock.now():%Y-%m-%d}"
    for view in ("summary", "detail"):
        text = (await up.mika.command("status", view=view)).text
        assert shows(text, "note-estimate", language, unseen=0), text
    calibrated = (await up.mika.command("calibrate")).text
    assert shows(calibrated, "calibrate-all-left", language)
    assert not shows(calibrated, "calibrate-too-old", language)
    assert not shows(calibrated, "calibrate-unseen", language)


@pytest.mark.sqlite_only
async def test_an_older_display_than_the_known_one_is_said_to_be_older(up: Stage) -> None:
    newer = (await up.mika.command("calibrate", reply_rate="92.5", replies=40)).text
    assert not shows(newer, "calibrate-older")
    older = (await up.mika.command("calibrate", reply_rate="80", replies=10, on="11/20")).text
    assert shows(older, "calibrate-older")
    assert "92.5 % (37/40)" in older


@pytest.mark.sqlite_only
async def test_no_replies_have_no_rate(up: Stage) -> None:
    assert shows((await up.mika.command("calibrate", reply_rate="0", replies=0)).text, "calibrate-no-replies")
    assert shows((await up.mika.command("calibrate")).text, "calibrate-none")


@pytest.mark.sqlite_only
async def test_a_second_calibration_keeps_what_it_does_not_name(up: Stage) -> None:
    await up.mika.command("calibrate", reply_rate="92.5", replies=40, on="11/20")
    other = await up.mika.command("calibrate", completion_rate="98")
    assert "92.5 %" in other.text
    assert "98.0 %" in (text := (await up.mika.command("status")).text)
    assert "92.5 % (37/40)" in text
    # A rate without a count is that of the replies as they stand now.
    assert "95 %" in (await up.mika.command("calibrate", reply_rate="95")).text
    assert "95 % (38/40)" in (text := (await up.mika.command("status")).text)
    assert "98.0 %" in text
    asked = await up.mika.command("calibrate", reply_rate="92.3")
    assert shows(asked.text, "calibrate-impossible", replies=40)
    assert "95 % (38/40)" in (await up.mika.command("status")).text


@pytest.mark.sqlite_only  # the other engine claims the event
async def test_an_estimate_costs_no_further_statement(up: Stage) -> None:
    await up.mika.command("calibrate", reply_rate="92.3", replies=39)
    await up.mika.command("status")  # the first picture is attached later
    with counted_statements() as statements:
        assert f"{DISPLAYED} (36/39)" in (await up.mika.command("status")).text
    assert len(statements) <= STATUS_STATEMENTS, "\n".join(statements)


@pytest.mark.sqlite_only
async def test_a_second_calibration_counts_the_replies_since_the_first_one(past: Stage) -> None:
    await past.mika.command("calibrate", reply_rate="90.2")
    text = (await past.mika.command("status")).text
    assert f"{NOW} (37/41)" in text
    assert percentages(text) <= {NOW, LATE_AGAIN}


@pytest.mark.sqlite_only
async def test_where_the_rate_is_no_criterion_nothing_is_needed_for_it(past: Stage, language: Locale) -> None:
    await past.mika.command("settings", edition="2024")
    published = says("rate-published", language)
    for view in ("summary", "forecast"):
        text = (await past.mika.command("status", view=view)).text
        assert published in text
        assert not any(line.startswith(" ") for line in text.splitlines())
        assert not shows(text, "status-rate-slack", language)
        assert not shows(text, "status-rate-needed", language)
    checked = (await past.mika.command("check", client="丙")).text
    assert shows(checked, "rate-change", language, before=NOW, after=LATE_AGAIN)
    assert not shows(checked, "rate-margin-change", language)
    left = (await past.mika.command("away", **{"from": "18:00", "to": "11/28 9:00"})).text
    assert shows(left, "rate-change", language, before=NOW, after=LATE_AGAIN)
    assert not shows(left, "rate-margin-change", language)


@pytest.mark.sqlite_only
async def test_below_five_replies_no_rate_is_threatened_with(up: Stage) -> None:
    await up.mika.command("received", client="甲", at="11/21 10:00")
    await up.mika.command("received", client="乙", at="10:00")
    texts = [
        all_words((await up.mika.command("replied", client="甲", at="12:00")).message),
        (await up.mika.command("check", client="乙")).text,
        (await up.mika.command("away", **{"from": "18:00", "to": "11/28 9:00"})).text,
    ]
    up.news()
    await up.live_to(up.at(9, 0, days=8))
    texts += [text_of(each) for each in up.news()]
    assert len(texts) > len("234")
    assert not any(percentages(text) for text in texts), texts
