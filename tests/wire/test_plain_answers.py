"""Short answers that a reasonable reader understands: a part of the day, a day alone, a name beside a moment."""

from datetime import timedelta

import pytest

from tests.helpers.scenarios import stamp
from tests.helpers.stage import Stage
from tests.helpers.wording import shows
from tests.wire.written_lines import answer, messages


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("lines", "hour"),
    [
        (("田中さん 昨日の夜", "9時"), 21),
        (("田中さん 昨晩", "8時"), 20),
        (("田中さん 昨日の夕方", "5時"), 17),
        (("田中さん 昨日の午後", "3時"), 15),
        (("田中さん 昨日の夜", "21時"), 21),
        (("田中さん 昨日の朝", "9時"), 9),
        (("田中さん 昨日", "9時"), 9),
        (("田中さん 昨日の夜", "朝9時"), 9),
        (("田中さん", "昨日の夜", "9時"), 21),
        (("Tanaka-san yesterday evening", "at 7"), 19),
    ],
)
async def test_a_time_is_of_the_part_of_the_day_that_was_named(up: Stage, lines: tuple[str, ...], hour: int) -> None:
    for line in lines[:-1]:
        await answer(up, line)
    asked = await answer(up, lines[-1])
    assert shows(asked, "question-new-client-moment") or shows(asked, "question-moment"), asked
    assert stamp(up, hour, 0, days=-1) in asked
    assert await messages(up) == []
    assert stamp(up, hour, 0, days=-1) in await answer(up, "はい")


@pytest.mark.parametrize(
    ("line", "day", "days", "hour"),
    [
        ("田中さん 11/25 9:00", "昨日", -1, 9),
        ("田中さん 11/25 9:00", "一昨日", -2, 9),
        ("田中さん 11/25 9:00", "昨日の夜", -1, 21),
        ("田中さん 11/25 9:00", "yesterday", -1, 9),
    ],
)
async def test_a_day_alone_corrects_a_proposed_moment(up: Stage, line: str, day: str, days: int, hour: int) -> None:
    await answer(up, line)
    assert stamp(up, hour, 0, days=days) in await answer(up, day)
    assert await messages(up) == []
    assert stamp(up, hour, 0, days=days) in await answer(up, "はい")
    assert await messages(up) == [("田中", "received")]


async def test_the_day_of_a_proposed_moment_confirms_it(up: Stage) -> None:
    await answer(up, "田中さん 11/25 9:00")
    assert stamp(up, 9, 0) in await answer(up, "今日")
    assert await messages(up) == [("田中", "received")]


async def test_a_name_beside_a_proposed_moment_is_whose_it_is(up: Stage) -> None:
    """It opens no second question."""
    await answer(up, "11/25 9:00")
    asked = await answer(up, "高橋さん")
    assert "高橋" in asked
    assert stamp(up, 9, 0) in asked
    assert len(await up.rows("SELECT 1 FROM drafts")) == 1
    assert stamp(up, 9, 0) in await answer(up, "はい")
    assert await messages(up) == [("高橋", "received")]


@pytest.mark.parametrize("line", ["9時かな", "9時だったと思う", "9am I think", "9:00 maybe"])
async def test_a_doubted_time_is_proposed_and_no_name_made_of_the_doubt(up: Stage, line: str) -> None:
    asked = await answer(up, line)
    assert stamp(up, 9, 0) in asked
    assert await up.rows("SELECT client FROM drafts") == [(None,)]
    assert shows(await answer(up, "はい"), "question-client")
    assert await messages(up) == []


async def test_a_doubted_time_answers_when(up: Stage) -> None:
    await answer(up, "田中さん")
    assert stamp(up, 9, 0) in await answer(up, "9時かな")
    assert await messages(up) == []
    await answer(up, "はい")
    assert await messages(up) == [("田中", "received")]


@pytest.mark.parametrize("line", ["9じ", "9じはん"])
async def test_kana_are_read_as_their_kanji(up: Stage, line: str) -> None:
    assert shows(await answer(up, line), "question-client")
    await answer(up, "田中さん")
    assert await messages(up) == [("田中", "received")]


@pytest.mark.parametrize("line", ["田中さんと高橋さん", "田中さん、高橋さん"])
async def test_two_names_answer_who(up: Stage, line: str) -> None:
    await answer(up, "9:00")
    await answer(up, line)
    await up.handlers_done()
    assert await messages(up) == [("田中", "received"), ("高橋", "received")]
    assert await up.rows("SELECT 1 FROM drafts") == []


async def test_names_after_something_else_was_recorded_are_asked_about(up: Stage) -> None:
    await answer(up, "9:00")
    up.clock.advance(timedelta(minutes=1))
    await answer(up, "鈴木さん 9:30")
    await answer(up, "田中さんと高橋さん")
    assert await messages(up) == [("鈴木", "received")]
