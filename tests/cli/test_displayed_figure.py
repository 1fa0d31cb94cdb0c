"""`--displayed`: the replies that the history does not hold, in `standing`, `forecast` and `check`, by any history."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cli.main import main
from bot.domain.certification.calibration import DisplayedFigures, ensure_rate_is_possible
from bot.i18n.translations import get_translations
from tests.helpers.amounts import examples
from tests.helpers.text_usage import catalogue, words
from tests.helpers.wording import shows

AS_OF = datetime(2026, 11, 24, 3, tzinfo=UTC)
EN = get_translations("en")

Replies = list[tuple[int, bool]]
"""Days before the moment, and whether on time."""


def history(replies: Replies) -> str:
    """A thread for each reply."""
    lines = ["thread,direction,sent_at"]
    for number, (days, on_time) in enumerate(replies):
        sent = AS_OF - timedelta(days=days, minutes=number + 1)
        received = sent - timedelta(hours=2 if on_time else 40)
        lines += [f"T{number},received,{received.isoformat()}", f"T{number},sent,{sent.isoformat()}"]
    overdue = AS_OF - timedelta(hours=30)
    return "\n".join([*lines, f"W,received,{overdue.isoformat()}", ""])


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main([*words, "--as-of", AS_OF.isoformat()]) == 0
    return capsys.readouterr().out


def displayed_options(percent: str, replies: int, days_ago: int) -> list[str]:
    day = (AS_OF - timedelta(days=days_ago)).date().isoformat()
    return ["--displayed", percent, "--displayed-replies", str(replies), "--displayed-on", day]


@given(
    st.lists(st.tuples(st.integers(0, 420), st.booleans()), max_size=12),
    st.integers(1, 120),
    st.integers(0, 120),
    st.sampled_from([0, 1, 5, 90, 366, 400]),
    st.booleans(),
)
@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_two_figures_disagree(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    replies: Replies,
    count: int,
    on_time: int,
    days_ago: int,
    whole: bool,  # noqa: FBT001
) -> None:
    path = tmp_path / "history.csv"
    path.write_text(history(replies), encoding="utf-8")
    permille = min(on_time, count) * 1000 // count
    typed = str(permille // 10) if whole else f"{permille / 10}"
    options = [str(path), *displayed_options(typed, count, days_ago)]
    found: dict[str, Any] = json.loads(printed(capsys, "standing", *options, "--json"))
    rate, estimated = found["reply_rate"], found["reply_rate"]["estimated"]
    assert (rate["basis"] == "estimated") == (estimated is not None)
    assert rate["replies"] == rate["on_time"] + rate["late"] == len(found["exchanges"])
    counted = estimated or rate
    assert counted["replies"] == counted["on_time"] + counted["late"]
    if counted["replies"]:
        floored = counted["on_time"] * 1000 // counted["replies"] / 10
        assert rate["percent"] in {floored, float(typed)}
        assert rate["worst"] <= rate["percent"] <= rate["best"]
        if not estimated:
            assert rate["percent"] == floored
        elif days_ago == 0:
            assert (rate["percent"], counted["replies"]) == (float(typed), count)
    assert next(each for each in found["criteria"] if each["id"] == "reply_rate")["value"] == rate["percent"]
    likely_met = counted["replies"] >= 5 and 5 * counted["on_time"] >= 4 * counted["replies"]
    assert (rate["needed"] == 0) == likely_met
    assert counted["replies"] < 5 or (rate["percent"] >= 80) == likely_met
    if rate["status"] != "not_judged":
        assert (rate["status"] == "met") == likely_met
    checked = json.loads(printed(capsys, "check", *options, "--thread", "W", "--json"))
    assert (checked["percent_now"], checked["slack_now"]) == (rate["percent"], rate["slack"])
    later = counted["replies"] + 1
    assert checked["percent_if_reply_now"] == counted["on_time"] * 1000 // later / 10
    shown = printed(capsys, "standing", *options).split("\n\n")[1]
    without_bounds = re.sub(r" \(estimated[^)]*\)", "", shown)
    assert set(re.findall(r"([\d.]+) %", without_bounds)) <= {typed, f"{rate['percent']}"}
    assert set(re.findall(r"\((\d+/\d+)\)", shown)) <= {f"{counted['on_time']}/{counted['replies']}"}
    reviews = json.loads(printed(capsys, "forecast", *options, "--json"))
    for review in reviews:
        if review["replies"] and review["percent"] != float(typed):
            assert review["percent"] == review["on_time"] * 1000 // review["replies"] / 10


def test_it_is_the_typed_figure_until_a_reply_enters_or_leaves(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "history.csv"
    path.write_text(history([(3, True)]), encoding="utf-8")
    options = [str(path), *displayed_options("66.7", 3, 0)]
    rate = json.loads(printed(capsys, "standing", *options, "--json"))["reply_rate"]
    assert (rate["percent"], rate["worst"], rate["best"], rate["estimated"]["on_time"]) == (66.7, 66.7, 66.7, 2)
    path.write_text(history([(3, True), (1, False)]), encoding="utf-8")
    options = [str(path), *displayed_options("66.7", 3, 2)]
    rate = json.loads(printed(capsys, "standing", *options, "--json"))["reply_rate"]
    assert rate["percent"] == 50.0


def test_replies_that_have_left_the_year_are_not_counted_as_zero(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "history.csv"
    path.write_text(history([(370, True), (3, True)]), encoding="utf-8")
    found = json.loads(printed(capsys, "standing", str(path), *displayed_options("90", 40, 100), "--json"))
    assert (found["reply_rate"]["basis"], found["reply_rate"]["estimated"]["replies"]) == ("estimated", 1)
    assert found["notes"] == [EN("displayed-estimate", unseen=0)]
    assert not any("0 replies" in note for note in found["notes"])


@pytest.mark.parametrize(
    ("options", "text_id"),
    [
        (["--displayed", "92.3"], "cli-displayed-incomplete"),
        (["--displayed-replies", "39", "--displayed-on", "2026-11-20"], "cli-displayed-incomplete"),
        (displayed_options("92.3", 40, 0), "calibrate-impossible"),
        (displayed_options("92.3", 39, -1), "cli-displayed-future"),
        (displayed_options("101", 39, 0), "percent-unreadable"),
        (displayed_options("92.3", 0, 0), "cli-whole"),
    ],
)
def test_what_is_wrong_is_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, options: list[str], text_id: str
) -> None:
    path = tmp_path / "history.csv"
    path.write_text(history([]), encoding="utf-8")
    for command in (["standing"], ["forecast"], ["check", "--thread", "W"]):
        assert main([*command, str(path), *options, "--as-of", AS_OF.isoformat()]) == 2
        error = capsys.readouterr().err
        assert shows(error, text_id, "en"), error
        if text_id == "calibrate-impossible":
            assert "92.5 % of 40 and 92.3 % of 39" in error


def test_a_figure_of_more_than_a_year_ago_is_a_note(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    path.write_text(history([(3, True)]), encoding="utf-8")
    found = json.loads(printed(capsys, "standing", str(path), *displayed_options("92.3", 39, 366), "--json"))
    assert (found["reply_rate"]["basis"], found["reply_rate"]["percent"]) == ("recorded", 100.0)
    assert found["notes"] == [EN("displayed-too-old", day="2025-11-23")]


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_every_example_of_a_displayed_rate_is_possible(locale: str) -> None:
    """Wherever the bot's own texts name a rate and its replies, they go together."""
    texts = catalogue(locale)
    rates = re.findall(r"\d+\.\d", words(texts["option-reply-rate-about"]))
    counts = re.findall(r": (\d+)$", words(texts["option-replies-about"]))
    pairs = [(rates[0], counts[0]), *re.findall(r":([\d.]+) \w+:(\d+)", words(texts["calibrate-none"]))]
    pairs += [(rate, counts[0]) for rate in re.findall(r"\d+\.\d", words(texts["percent-unreadable"]))]
    assert len(pairs) == 3
    for rate, count in pairs:
        permille = round(float(rate) * 10)
        ensure_rate_is_possible(
            DisplayedFigures(on=AS_OF.date(), reply_rate=permille, reply_rate_unit=1, replies=int(count))
        )
